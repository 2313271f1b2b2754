"""What a plan rests on, and what it does not know."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from friendshore.answers.plan_cases import PlanCase
from friendshore.answers.plan_solving import Solved
from friendshore.parameters import assumptions_of
from friendshore.planning.problem import Plan
from friendshore.planning.simulating import difference
from friendshore.records import Amount, Assumption, Listing, Name, Note
from friendshore.tables.products import groups

__all__ = ["assumptions", "unknowns"]

MOST_NAMED = 12


def assumptions(case: PlanCase) -> tuple[Assumption, ...]:
    """List what the data do not give: cases, limits and budgets as stated, costs, the parameters of the path."""
    setting, problem = case.setting, case.problem
    stated = {entry.member: entry.source for entry in case.plan.budgets}
    found = [
        Assumption(
            text=Note(
                template="Case {case}: supply to {struck} falls for {months} months; chance {chance} a year.",
                values={
                    "case": one.name,
                    "struck": Listing(items=tuple(Name(key=name) for name in one.struck)),
                    "months": str(one.months),
                    "chance": Amount(value=one.probability, unit="share"),
                },
            )
        )
        for one in problem.cases
    ]
    found += [
        Assumption(
            text=Note(
                template="Budget of {member}: {usd}, once.",
                values={"member": Name(key=name), "usd": Amount(value=float(usd), unit="USD")},
            ),
            source=_source(stated.get(name, "none")),
        )
        for name, usd in zip(problem.members, problem.limits.budgets_usd, strict=False)
        if np.isfinite(usd)
    ]
    return (
        *found,
        *case.book.assumptions(setting.products, setting.hosts),
        *assumptions_of(setting.parameters),
    )


def _source(stated: str) -> str:
    return "none" if stated == "assumption" else stated


def unknowns(case: PlanCase, found: Solved) -> tuple[Note, ...]:
    """Say what the plan does not know."""
    return (
        difference(found.simulation, found.plans),
        *_hosts(found.plans),
        *_stocks(case),
        *_feeds(case),
        *_left_out(case),
        *_negligible(case),
        *_without_ore(case),
        *_absent(case),
    )


def _stocks(case: PlanCase) -> list[Note]:
    problem = case.problem
    needed = problem.demand_t > 0
    unknown = [
        name
        for name, known, need in zip(problem.members, case.base.stock_known, needed, strict=True)
        if (need & ~known).any()
    ]
    if not unknown:
        return []
    return [
        Note(
            template="Stocks that {members} hold already are not known, for some products or all: they are counted as "
            "none, so the plan may hold more than is needed.",
            values={"members": _names(unknown)},
        )
    ]


def _hosts(plans: Sequence[Plan]) -> list[Note]:
    """Tell where a plant may as well stand: nothing that is known tells the hosts apart."""
    built: dict[tuple[str, ...], list[str]] = {}
    for plan in plans:
        problem = plan.problem
        for host, product, others in problem.elsewhere:
            if plan.capacity_t[host, product] > 0.5:
                built.setdefault((problem.hosts[host], *others), []).append(problem.products[product])
    return [
        Note(
            template="Nothing that is known tells {hosts} apart as places for a plant, so it may stand in any of them: "
            "{products}.",
            values={"hosts": _names(hosts), "products": _products(sorted(set(codes)))},
        )
        for hosts, codes in built.items()
    ]


def _names(names: Sequence[str]) -> Listing:
    return Listing(items=tuple(Name(key=name) for name in names))


def _products(codes: Sequence[str]) -> Listing:
    named = tuple(Name(key=code, kind="product") for code in codes[:MOST_NAMED])
    return Listing(items=(*named, *(["..."] if len(codes) > MOST_NAMED else [])))


def _feeds(case: PlanCase) -> list[Note]:
    """Name the plants whose feed cannot be followed."""
    codes = list(dict.fromkeys(code for _, code in case.base.unknown_feeds))
    if not codes:
        return []
    return [
        Note(
            template="The stage before is not in these data, so new plants are counted as fed: {products}.",
            values={"products": _products(codes)},
        )
    ]


def _left_out(case: PlanCase) -> list[Note]:
    if not case.left_out:
        return []
    return [
        Note(
            template="Asked for but left out, since no member buys known tons of it: {products}.",
            values={"products": _products(case.left_out)},
        )
    ]


def _negligible(case: PlanCase) -> list[Note]:
    """Name what is bought for too little to be planned for."""
    members = list(dict.fromkeys(member for member, _, _ in case.base.negligible))
    return [
        Note(
            template="Bought by {member} for less than {least} a year, so not planned for: {products}.",
            values={
                "member": Name(key=member),
                "least": Amount(value=case.plan.negligible_usd, unit="USD"),
                "products": _products([code for each, code, _ in case.base.negligible if each == member]),
            },
        )
        for member in members
    ]


def _without_ore(case: PlanCase) -> list[Note]:
    """Name the hosts where nothing is mined, so that no mine is planned there."""
    hosts = list(dict.fromkeys(host for host, _ in case.base.without_ore))
    return [
        Note(
            template="No mine is planned in {host}, which is known to mine none today: {products}. One can be stated "
            "under capacity:.",
            values={
                "host": Name(key=host),
                "products": _products([code for each, code in case.base.without_ore if each == host]),
            },
        )
        for host in hosts
    ]


def _absent(case: PlanCase) -> list[Note]:
    """Name what belongs to the groups and is not in the data: never guessed, planned with one's own data."""
    held = set(case.world.products)
    absent = {
        item.label_en: item
        for name in case.plan.groups
        if name in groups()
        for item in groups()[name].absent
        if not held & set(item.codes)
    }
    if not absent:
        return []
    names = [Name(key=label, kind="absent") for label in [*absent][:MOST_NAMED]]
    return [
        Note(
            template="Not in these data, so not planned for: {goods}. Your own trade data make the same plan of them "
            "(--data FOLDER).",
            values={"goods": Listing(items=tuple(names))},
        )
    ]
