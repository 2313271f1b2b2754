"""From allies' summaries to the problem that they have together.

What is public (trade, prices, claims, what a case cuts) both allies compute from the same data and the same agreed
scenario. What is one ally's own (stocks, budget, offers of capacity) comes from its summary. So the problem that is
joined from summaries is the problem of the combined scenario, number by number, but for two things: numbers are
rounded to nine digits, and a stock that stays at home is drawn in each case as its owner's own plan draws it. The
second can only raise the joint cost, never above the sum of the costs alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from friendshore.errors import ArgumentError, DataError
from friendshore.planning.exchange import CapacityOffer, Summary
from friendshore.planning.problem import Problem
from friendshore.planning.summarising import CLOSE, gap_today

__all__ = ["joined", "refuse_differences", "without_own"]


def refuse_differences(summaries: Sequence[Summary], files: Sequence[str]) -> None:
    """Refuse summaries that do not speak of the same thing, saying of what they differ.

    Raises
    ------
    ArgumentError
        ``nobody_to_join``, ``summary_repeated``, ``member_twice``.
    DataError
        ``data_differs``, ``summaries_differ``.
    """
    if len(summaries) < 2:
        raise ArgumentError(
            "One summary was given, and joining takes two or more.",
            code="nobody_to_join",
            hint="friendshore join MINE.yaml THEIRS.yaml",
        )
    for place, (summary, file) in enumerate(zip(summaries, files, strict=True)):
        for other, other_file in zip(summaries[:place], files[:place], strict=True):
            if summary == other:
                raise ArgumentError(
                    f"{file} says the same as {other_file}: the file of {summary.member} was given twice.",
                    code="summary_repeated",
                    hint="Name one file of each ally.",
                )
            if summary.member == other.member:
                raise ArgumentError(
                    f"{other_file} and {file} are both of {summary.member}, and they differ.",
                    code="member_twice",
                    hint="Name one file of each ally, its newest.",
                )
    first = summaries[0]
    for summary, file in zip(summaries[1:], files[1:], strict=True):
        if summary.data_sha256 != first.data_sha256:
            raise DataError(
                f"{file} was made from {summary.data} ({summary.data_sha256[:12]}), {files[0]} from {first.data} "
                f"({first.data_sha256[:12]}): not the same data.",
                code="data_differs",
                hint="Both allies need the same data set; compare: friendshore data list",
            )
        rows = _differences(first, summary)
        if rows:
            told = "; ".join(f"{row['what']}: {row['first']} against {row['other']}" for row in rows[:5])
            raise DataError(
                f"{files[0]} and {file} speak of different things. {told}.",
                code="summaries_differ",
                hint="Agree on one scenario, which may differ in stock_cover, plan.budgets, plan.support and "
                "plan.capacity alone, and write both summaries again.",
                rows=rows,
            )


def _differences(first: Summary, other: Summary) -> list[dict[str, str]]:
    """Name what two summaries do not agree on: names first, then the keys of the agreed scenario."""
    told = []
    for name in ("members", "cases", "products", "periods", "rule", "price_basis", "price_years"):
        pair = getattr(first, name), getattr(other, name)
        if pair[0] != pair[1]:
            told.append((name, *pair))
    told += _unlike("agreed", first.agreed, other.agreed)
    return [{"what": name, "first": _short(one), "other": _short(two)} for name, one, two in told]


def _unlike(name: str, first: object, other: object) -> list[tuple[str, object, object]]:
    """Go down two plain values to the keys in which they differ."""
    if isinstance(first, dict) and isinstance(other, dict):
        return [
            each
            for key in sorted({*first, *other}, key=str)
            for each in _unlike(f"{name}.{key}", first.get(key), other.get(key))
        ]
    if isinstance(first, list) and isinstance(other, list) and len(first) == len(other):
        return [
            each
            for place, (one, two) in enumerate(zip(first, other, strict=True))
            for each in _unlike(f"{name}[{place}]", one, two)
        ]
    return [] if first == other else [(name, first, other)]


def _short(value: object) -> str:
    if value is None:
        return "nothing"
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def without_own(problem: Problem) -> Problem:
    """Blank what is one ally's own: stocks, budgets and offers of capacity."""
    members, products = len(problem.members), len(problem.products)
    return replace(
        problem,
        stock_held_t=np.zeros((members, products)),
        buildable=np.zeros((len(problem.hosts), products), np.bool_),
        limits=replace(problem.limits, budgets_usd=np.full(members, np.inf)),
        relief_t=None,
    )


def joined(problem: Problem, summaries: Sequence[Summary]) -> Problem:
    """Lay allies' summaries over the problem that both know.

    Parameters
    ----------
    problem
        Of the agreed scenario on these data; whatever it holds of stocks, budgets and plants is left aside.
    summaries
        One an ally, checked by :func:`refuse_differences`.

    Raises
    ------
    DataError
        ``needs_differ`` where a summary's demand is not that of these data; ``offers_differ`` where two allies
        state different plants at one host; ``bad_summary`` for a host that the scenario does not name.
    """
    public = without_own(problem)
    relief = np.zeros((*problem.period_months.shape, *problem.demand_t.shape))
    before = gap_today(problem)
    held, most = public.stock_held_t.copy(), public.stock_most_t.copy()
    budgets = public.limits.budgets_usd.copy()
    place = {product: k for k, product in enumerate(problem.products)}
    for summary in summaries:
        member = problem.members.index(summary.member)
        _check_needs(problem, member, summary)
        for need in summary.needs:
            k = place[need.product]
            stated = np.array([gap.gap_t for gap in need.gaps]).reshape(before.shape[:2])
            spared = before[:, :, member, k] - stated
            most[member, k] = need.stock_most_t
            relief[:, :, member, k] = np.where(spared > CLOSE * problem.demand_t[member, k], spared, 0.0)
        for offer in summary.stock:
            held[member, place[offer.product]] = offer.stock_t
        budgets[member] = np.inf if summary.budget_usd is None else summary.budget_usd
    return replace(
        _offered(public, summaries),
        stock_held_t=held,
        stock_most_t=most,
        relief_t=relief if relief.any() else None,
        limits=replace(problem.limits, budgets_usd=budgets),
    )


def _check_needs(problem: Problem, member: int, summary: Summary) -> None:
    rows = []
    for need in summary.needs:
        here = float(problem.demand_t[member, problem.products.index(need.product)])
        if abs(here - need.demand_t) > CLOSE * max(here, need.demand_t):
            rows.append({"product": need.product, "stated_t": need.demand_t, "here_t": here})
    if rows:
        first = rows[0]
        raise DataError(
            f"{summary.member} states a need of {first['stated_t']:,.6g} t of {first['product']}, and these data give "
            f"{first['here_t']:,.6g} t; {len(rows)} needs differ.",
            code="needs_differ",
            hint="Both allies need the same data and the same version of friendshore.",
            rows=rows[:5],
        )


def _offered(problem: Problem, summaries: Sequence[Summary]) -> Problem:
    """Put the offers of capacity into a problem."""
    costs = problem.costs
    arrays = {
        "most": problem.capacity_most_t.copy(), "capital": costs.capital_usd_per_t.copy(),
        "gap": costs.gap_usd_per_t.copy(), "support": costs.support_share.copy(),
    }  # fmt: skip
    buildable, lump, online = problem.buildable.copy(), problem.lump_t.copy(), problem.online_share.copy()
    seen: dict[tuple[str, str], tuple[str, CapacityOffer]] = {}
    sized: dict[str, tuple[str, CapacityOffer]] = {}
    for summary in summaries:
        for offer in summary.capacity:
            _refuse_strange(offer, summary, problem)
            _refuse_unlike(
                seen.setdefault((offer.host, offer.product), (summary.member, offer)), summary, offer
            )
            _refuse_unlike(
                sized.setdefault(offer.product, (summary.member, offer)), summary, offer, size=True
            )
            h, k = problem.hosts.index(offer.host), problem.products.index(offer.product)
            buildable[h, k] = True
            arrays["most"][h, k] = np.inf if offer.most_t is None else offer.most_t
            arrays["capital"][h, k], arrays["gap"][h, k] = offer.capital_usd_per_t, offer.gap_usd_per_t
            arrays["support"][h, k] = offer.support_share
            lump[k], online[:, k] = offer.lump_t, offer.online_share
    return replace(
        problem,
        buildable=buildable,
        capacity_most_t=arrays["most"],
        lump_t=lump,
        online_share=online,
        elsewhere=(),  # an offer names one host; where else the plant may stand is not in the files
        costs=replace(
            costs,
            capital_usd_per_t=arrays["capital"],
            gap_usd_per_t=arrays["gap"],
            support_share=arrays["support"],
        ),
    )


def _refuse_strange(offer: CapacityOffer, summary: Summary, problem: Problem) -> None:
    others = set(problem.members) - {summary.member}
    if offer.host in problem.hosts and offer.host not in others:
        return
    raise DataError(
        f"{summary.member} offers a plant for {offer.product} at {offer.host}, "
        + ("which is another ally." if offer.host in others else "which the agreed scenario does not name."),
        code="bad_summary",
        hint="Ask your ally to write it again: friendshore summary --scenario FILE --out MINE.yaml",
    )


def _refuse_unlike(
    other: tuple[str, CapacityOffer], summary: Summary, offer: CapacityOffer, *, size: bool = False
) -> None:
    """Refuse two statements on one plant that differ; of plants at two hosts, size and time must be alike."""
    stated = ("lump_t", "online_share") if size else tuple(CapacityOffer.model_fields)
    unlike = [name for name in stated if getattr(other[1], name) != getattr(offer, name)]
    if unlike:
        name = unlike[0]
        raise DataError(
            f"{other[0]} and {summary.member} state different plants for {offer.product}: {name} "
            f"{getattr(other[1], name)} at {other[1].host} against {getattr(offer, name)} at {offer.host}.",
            code="offers_differ",
            hint="Agree on one figure, and write both summaries again.",
        )
