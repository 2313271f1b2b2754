"""Two allies at a table: what one tells the other in a small file, and what both gain by acting together."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from friendshore.answers.exchange_notes import kept, lending_notes, reveals, told_apart
from friendshore.answers.framing import command_line, data_option, known, opened, sources_of
from friendshore.answers.plan_cases import PlanCase, plan_case
from friendshore.answers.plan_rows import decisions
from friendshore.answers.together import figures, gain_sentence, shares, tables, warnings
from friendshore.disruption.scenario_files import Scenario, load_scenario, parse_scenario
from friendshore.errors import ArgumentError, DataError
from friendshore.planning.comparison import RULES, Comparison, compare
from friendshore.planning.cost_parts import cost_by_product
from friendshore.planning.exchange import Summary, parse_summary, read_summary, rounded
from friendshore.planning.joining import joined, refuse_differences
from friendshore.planning.problem import Plan, Problem
from friendshore.planning.solving import solve
from friendshore.planning.summarising import DAYS_A_YEAR, capacity_offers, needs_of, stock_offers
from friendshore.records import Amount, Finding, Listing, Name, Note, Table
from friendshore.tables.schemas import columns
from friendshore.tables.trade import Floats
from friendshore.tables.world import World

__all__ = ["join", "summary"]

PRICE_BASIS = "current US dollars a ton, free on board, mean of the base years"
OWN_KEYS = ("stock_cover", "extends", "description", "source")
"""Keys of a scenario that stay with the ally that wrote them."""
OWN_PLAN_KEYS = ("budgets", "support", "capacity")


def summary(
    scenario: str | Path,
    *,
    member: str = "",
    lend_days: float = 0.0,
    without_stock: bool = False,
    explain: bool = False,
    world: World | str | Path = "raw-materials",
) -> Finding:
    """Write down for an ally what one needs, offers and would pay alone.

    Parameters
    ----------
    scenario
        A scenario of type plan (a YAML file, or the name of a shipped one) that names all who plan together.
    member
        Whose summary it is.
    lend_days
        Days of its demand, as far as it holds them, of stock that serves whoever is hit. What is left stays at home and
        shows only in the gap.
    without_stock
        Write it as if no stock were held, so that nothing can be inferred of it.
    explain
        Say field by field what the summary reveals, and what it does not.
    world
        An opened world, or the name or folder of a data set.

    Returns
    -------
    Finding
        One row a product; ``summary`` holds the content of the file, every key of it.

    Raises
    ------
    ArgumentError
        ``nobody_to_join`` where the scenario names one member; ``unknown_member``; ``bad_lend_days``.
    """
    opened_world = opened(world)
    loaded = load_scenario(scenario)
    if without_stock:
        loaded = loaded.model_copy(update={"file": loaded.file.model_copy(update={"stock_cover": ()})})
    case = plan_case(loaded, opened_world)
    place = _place_of(member, case.problem)
    content, plan = _summarised(case, place, _lent(case.problem, place, lend_days))
    extra = {"reveals": reveals(content), "kept": kept(without_stock=without_stock)} if explain else {}
    return Finding(
        question="summary",
        arguments={
            "scenario": str(scenario), "member": content.member, "lend_days": lend_days, "without_stock": without_stock,
            "explain": explain, "data": opened_world.name,
        },
        columns=columns("summary"),
        rows=tuple(_row(need, content) for need in content.needs),
        answer=_told(content),
        summary=content.model_dump(mode="json"),
        tables={name: Table(columns=columns(f"summary_{name}"), rows=tuple(rows)) for name, rows in extra.items()},
        sources=sources_of(opened_world, "trade"),
        caveats=lending_notes(case.problem, place, plan),
        command=command_line(
            "summary",
            [],
            {
                "scenario": str(scenario), "member": content.member,
                "lend_days": f"{lend_days:g}" if lend_days else None, "without_stock": without_stock,
                "explain": explain, "data": data_option(world),
            },
        ),
    )  # fmt: skip


def _place_of(member: str, problem: Problem) -> int:
    """Find whose summary it is."""
    names = ", ".join(problem.members)
    if len(problem.members) < 2:
        raise ArgumentError(
            f"The scenario plans for {names} alone: there is nobody to join.",
            code="nobody_to_join",
            hint="Name all who plan together under plan.members, as both allies agreed.",
        )
    wanted = [place for place, name in enumerate(problem.members) if name.casefold() == member.casefold()]
    if not wanted:
        got = f"{member} is none of its members" if member else "whose summary is not said"
        raise ArgumentError(
            f"The scenario plans for {names}, and {got}.",
            code="unknown_member",
            hint=f"Write --member {problem.members[0]}.",
        )
    return wanted[0]


def _lent(problem: Problem, member: int, days: float) -> Floats:
    """Tons of stock that are lent, as far as they are held."""
    if not 0 <= days <= 3653:
        raise ArgumentError(
            f"--lend-days is {days:g}, expected 0 to 3653.",
            code="bad_lend_days",
            hint="Write --lend-days 30.",
        )
    return np.asarray(np.minimum(problem.stock_held_t[member], problem.demand_t[member] * days / DAYS_A_YEAR))


def _summarised(case: PlanCase, member: int, lent: Floats) -> tuple[Summary, Plan]:
    """Solve the member's own plan and write the summary."""
    problem = case.problem
    plan = solve(problem, case.objective, coalition=(member,))
    budget = float(problem.limits.budgets_usd[member])
    content = Summary(
        member=problem.members[member],
        members=problem.members,
        data=case.world.name,
        data_sha256=data_hash(case),
        price_basis=PRICE_BASIS,
        price_years=tuple(case.market().base_years),
        rule=problem.rule,
        periods=tuple(problem.bounds.tolist()),
        cases=tuple(each.name for each in problem.cases),
        products=problem.products,
        budget_usd=None if np.isinf(budget) else rounded(budget),
        needs=needs_of(plan, member, lent, cost_by_product(plan)),
        capacity=capacity_offers(problem, member),
        stock=stock_offers(problem, member, lent),
        agreed=agreed_part(case),
    )
    return content, plan


def data_hash(case: PlanCase) -> str:
    """SHA-256 of the flows that the problem was made from, whatever the data set is called."""
    trade = case.world.trade(
        case.years, tuple(case.market().products), quantities=case.scenario.file.quantities
    )
    told = hashlib.sha256()
    told.update("\n".join([*trade.countries, "", *trade.products]).encode())
    for column in (
        trade.year,
        trade.product,
        trade.importer,
        trade.exporter,
        trade.value_usd,
        trade.quantity_t,
    ):
        told.update(np.ascontiguousarray(column).astype("<f8").tobytes())
    return told.hexdigest()


def agreed_part(case: PlanCase) -> Mapping[str, Any]:
    """Return the scenario without what is one ally's own, so that both parts of an agreement are alike."""
    file = case.scenario.file.model_dump(mode="json", exclude_defaults=True)
    told = {key: value for key, value in file.items() if key not in OWN_KEYS}
    told["plan"] = {key: value for key, value in file["plan"].items() if key not in OWN_PLAN_KEYS}
    told["plan"] |= {"price_year": case.book.price_year}
    return told | {"version": file["version"], "type": "plan", "name": "agreed"}


def _row(need: Any, content: Summary) -> dict[str, Any]:  # noqa: ANN401  a need
    stock = {offer.product: offer.days for offer in content.stock}
    hosts = [offer.host for offer in content.capacity if offer.product == need.product]
    return {
        "product": need.product,
        "demand_t": need.demand_t,
        "price_usd_per_t": need.price_usd_per_t,
        "gap_t": max((sum(gap.gap_t) for gap in need.gaps), default=0.0),
        "stock_days": stock.get(need.product, 0.0),
        "stock_most_t": need.stock_most_t,
        "plants": "; ".join(hosts) or None,
        "alone_usd": need.alone_usd,
        "alone_shortage_share": need.alone_shortage_share,
    }


def _told(content: Summary) -> Note:
    values = {
        "member": Name(key=content.member),
        "count": str(len(content.needs)),
        "plants": str(len(content.capacity)),
        "others": Listing(items=tuple(Name(key=name) for name in content.members if name != content.member)),
    }
    alone = content.cost_alone()
    if alone is None:
        return Note(
            template="What {member} tells {others}: needs of {count} products, plants on offer {plants}; "
            "no plan of its own keeps the limits.",
            values=values,
        )
    return Note(
        template="What {member} tells {others}: needs of {count} products, plants on offer {plants}; "
        "alone it would pay {alone} a year.",
        values=values | {"alone": Amount(value=alone, unit="USD")},
    )


def join(
    files: Sequence[str | Path | tuple[str, bytes]], *, world: World | str | Path = "raw-materials"
) -> Finding:
    """Join the summaries of allies: what they gain by acting together, how to share it, who would rather leave.

    Parameters
    ----------
    files
        One summary an ally, two or more: a file, or its name and what it holds.
    world
        An opened world, or the name or folder of a data set: the one that all of them used.

    Returns
    -------
    Finding
        One row an ally; further tables as in a plan's comparison, and what they would do together.

    Raises
    ------
    ArgumentError
        ``nobody_to_join``, ``summary_repeated``, ``member_twice``.
    DataError
        A file that is damaged, altered, too large or of another version; summaries that speak of different things
        (``summaries_differ``, ``data_differs``, ``needs_differ``, ``offers_differ``).
    """
    paths = [file[0] if isinstance(file, tuple) else str(file) for file in files]
    names = [Path(path).name for path in paths]
    summaries = [
        parse_summary(file[1], file[0]) if isinstance(file, tuple) else read_summary(file) for file in files
    ]
    refuse_differences(summaries, names)
    opened_world = opened(world)
    case = plan_case(_scenario_of(summaries[0]), opened_world)
    _refuse_other_reading(case, summaries[0])
    problem = joined(case.problem, summaries)
    places = sorted(problem.members.index(each.member) for each in summaries)
    found = compare(problem, case.objective, players=places)
    by_member = {each.member: each for each in summaries}
    return Finding(
        question="join",
        arguments={"files": paths, "data": opened_world.name},
        columns=columns("join"),
        rows=tuple(_member_row(row, by_member[row["member"]]) for row in shares(found)),
        answer=gain_sentence(found),
        summary=figures(found),
        tables={name: each for name, each in tables(found).items() if name != "shares"} | _todo(found),
        sources=sources_of(opened_world, "trade"),
        caveats=(*warnings(found), *told_apart(found, by_member)),
        command=command_line("join", paths, {"data": data_option(world)}),
    )


def _scenario_of(content: Summary) -> Scenario:
    """Read the agreed scenario as if it lay in a file, with every check that one passes."""
    text = yaml.safe_dump(dict(content.agreed), sort_keys=False, allow_unicode=True)
    return parse_scenario(text.encode("utf-8"), "the agreed scenario")


def _refuse_other_reading(case: PlanCase, content: Summary) -> None:
    """Refuse where these data are others than the allies', or the agreed scenario means something else here."""
    here = data_hash(case)
    if here != content.data_sha256:
        raise DataError(
            f"The summaries were made from {content.data} ({content.data_sha256[:12]}), and {case.world.name} "
            f"({here[:12]}) holds other flows.",
            code="data_differs",
            hint="Name the data set that all of you used: --data NAME",
        )
    problem = case.problem
    pairs = {
        "members": (content.members, problem.members),
        "cases": (content.cases, tuple(each.name for each in problem.cases)),
        "products": (content.products, problem.products),
        "periods": (content.periods, tuple(problem.bounds.tolist())),
        "rule": (content.rule, problem.rule),
    }
    unlike = [name for name, (theirs, ours) in pairs.items() if theirs != ours]
    if unlike:
        raise DataError(
            f"The agreed scenario gives other {', '.join(unlike)} here than the summaries state.",
            code="summaries_differ",
            hint="Both allies need the same version of friendshore.",
            rows=[
                {"what": name, "first": str(pairs[name][0]), "other": str(pairs[name][1])} for name in unlike
            ],
        )


def _member_row(row: Mapping[str, Any], content: Summary) -> dict[str, Any]:
    """Put what a member states beside what was found, and what it would gain by leaving."""
    stated = content.cost_alone()
    leaving = {
        f"defect_{rule}_usd": None if row[f"{rule}_usd"] is None else -row[f"{rule}_usd"] for rule in RULES
    }
    told = {**row, "stated_usd": None if stated is None else known(stated), **leaving}
    return {column.name: told[column.name] for column in columns("join")}


def _todo(found: Comparison) -> dict[str, Table]:
    """List what all of them together would do."""
    whole = found.game.plans[len(found.game.costs) - 1]
    if not np.isfinite(found.together_usd):
        return {}
    described = columns("plan", ("action", "member", "product", "supplier", "host", "quantity_t", "cost_usd"))
    rows = tuple(
        {
            "action": one.action,
            "member": one.member,
            "product": one.product,
            "supplier": one.place if one.action == "buy" else None,
            "host": one.place if one.action == "build" else None,
            "quantity_t": known(one.quantity_t),
            "cost_usd": known(one.cost_usd),
        }
        for one in decisions([whole])
    )
    return {"together": Table(columns=described, rows=rows)}
