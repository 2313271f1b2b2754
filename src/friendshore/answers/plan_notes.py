"""What a plan says in words: what to do, what it costs, what is still missing, and what is sure of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from friendshore.answers.plan_rows import Decision, Readings
from friendshore.planning.problem import Plan
from friendshore.records import Amount, Listing, Name, Note

__all__ = ["caveats", "counting", "done", "sentence"]

MOST_NAMED = 3
"""Decisions of a kind that a sentence names; the others it counts."""


def sentence(
    found: Sequence[Decision], figures: Mapping[str, Any], plans: Sequence[Plan], readings: Readings
) -> Note:
    """Answer in plain words.

    Parameters
    ----------
    found
        All decisions.
    figures
        Figures of the plan: ``cost_usd missing_share worst_shortage_share`` and the same without the plan.
    plans
        One plan of all members, or one of each.
    readings
        How the decisions fared in the variations.
    """
    if not found:
        return Note(
            template="Nothing has to be done: at worst {short} of a product is missing within {months} months.",
            values=_short(figures, plans),
        )
    sure = [one for one in found if one.key in readings and readings[one.key].recommended]
    rest = [one for one in found if one not in sure]
    parts = {
        "todo": _todo(sure or found, plans, sure=bool(sure)),
        "open": _open(found, rest, plans) if sure else _unsure(found, readings),
        "cost": _cost(figures, plans),
    }
    return Note(template="{todo} {open} {cost}", values=parts)


def _short(figures: Mapping[str, Any], plans: Sequence[Plan]) -> dict[str, Any]:
    return {
        "short": Amount(value=figures["worst_shortage_share"], unit="share"),
        "months": str(plans[0].problem.limits.months),
    }


def _todo(found: Sequence[Decision], plans: Sequence[Plan], *, sure: bool) -> Note:
    problem = plans[0].problem
    everybody = "+".join(problem.members[n] for plan in plans for n in plan.coalition)
    values = {"members": _planning(Name(key=everybody), plans), "steps": done(found, plans)}
    if sure:
        return Note(template="To do for {members}, whatever is assumed: {steps}.", values=values)
    return Note(template="To do for {members}: {steps}.", values=values)


def _planning(members: Name, plans: Sequence[Plan]) -> Note:
    """Name the members, and whether they plan as one."""
    if len(plans) > 1:
        return Note(template="{members}, each alone", values={"members": members})
    if len(plans[0].coalition) > 1:
        return Note(template="{members} together", values={"members": members})
    return Note(template="{members}", values={"members": members})


def done(found: Sequence[Decision], plans: Sequence[Plan], most: int = MOST_NAMED) -> Listing:
    """Write decisions as what to hold, build and buy, naming the costliest of each."""
    clauses = []
    held, built, bought = (
        [one for one in found if one.action == action] for action in ("hold", "build", "buy")
    )
    if held:
        days = max(_days(one, plans) for one in held)
        clauses.append(
            Note(
                template="hold stock for up to {days} days ({goods})",
                values={"days": f"{days:.0f}", "goods": _goods(held, most)},
            )
        )
    if built:
        clauses.append(Note(template="build plants ({plants})", values={"plants": _plants(built, most)}))
    if bought:
        clauses.append(
            Note(template="buy elsewhere ({purchases})", values={"purchases": _purchases(bought, most)})
        )
    return Listing(items=tuple(clauses))


def _days(one: Decision, plans: Sequence[Plan]) -> float:
    problem = plans[0].problem
    needed = problem.demand_t[problem.members.index(one.member), problem.products.index(one.product)]
    return one.quantity_t / float(needed) * 365


def _by_cost(found: Sequence[Decision]) -> list[Decision]:
    return sorted(found, key=lambda one: (-one.cost_usd, one.key))


def _goods(held: Sequence[Decision], most: int) -> Note:
    """Name the goods of the costliest stocks, and count the others."""
    codes = list(dict.fromkeys(one.product for one in _by_cost(held)))
    named = Listing(items=tuple(Name(key=code, kind="product") for code in codes[:most]))
    return _and_more(named, len(codes) - most)


def _and_more(named: Listing, more: int) -> Note:
    if more > 0:
        return Note(template="{named} and {count} more", values={"named": named, "count": str(more)})
    return Note(template="{named}", values={"named": named})


MOST_PLACES = 2
"""Hosts or suppliers of one product that a sentence names."""


def _by_product(found: Sequence[Decision], most: int) -> tuple[list[dict[str, Any]], int]:
    """Name the costliest products with the costliest places of each; count the decisions that are left out."""
    places: dict[str, list[str]] = {}
    for one in _by_cost(found):
        held = places.setdefault(one.product, [])
        if one.place not in held:
            held.append(one.place)
    named = [
        {
            "product": Name(key=code, kind="product"),
            "places": Listing(items=tuple(Name(key=place) for place in places[code][:MOST_PLACES])),
        }
        for code in [*places][:most]
    ]
    shown = sum(min(len(places[code]), MOST_PLACES) for code in [*places][:most])
    return named, sum(map(len, places.values())) - shown


def _plants(built: Sequence[Decision], most: int) -> Note:
    named, more = _by_product(built, most)
    told = [Note(template="{product} in {places}", values=values) for values in named]
    return _and_more(Listing(items=tuple(told)), more)


def _purchases(bought: Sequence[Decision], most: int) -> Note:
    named, more = _by_product(bought, most)
    told = [Note(template="{product} from {places}", values=values) for values in named]
    return _and_more(Listing(items=tuple(told)), more)


def _open(found: Sequence[Decision], rest: Sequence[Decision], plans: Sequence[Plan]) -> Note:
    """Name what hinges on an assumption; on which stands in the rows."""
    if not rest:
        return Note(
            template="All of the {count} decisions survive every assumption tried.",
            values={"count": str(len(found))},
        )
    return Note(
        template="Beside that {more} of {count} decisions hinge on an assumption: {steps}.",
        values={"more": str(len(rest)), "count": str(len(found)), "steps": done(rest, plans, most=2)},
    )


def _unsure(found: Sequence[Decision], readings: Readings) -> Note:
    if not any(one.key in readings for one in found):
        return Note(template="Whether that survives other assumptions was not tried.")
    return Note(
        template="None of the {count} decisions survives every assumption tried.",
        values={"count": str(len(found))},
    )


def _cost(figures: Mapping[str, Any], plans: Sequence[Plan]) -> Note:
    """Say what it costs, and what is missing with the plan and without: at worst, and of everything by value."""
    values = {
        "cost": Amount(value=figures["cost_usd"], unit="USD"),
        **_short(figures, plans),
        "missing": Amount(value=figures["missing_share"], unit="share"),
        "before": Amount(value=figures["without_missing_share"], unit="share"),
        "without": Amount(value=figures["without_shortage_share"], unit="share"),
    }
    return Note(
        template="All of it costs {cost} a year; of what is needed in a cut {missing} is then missing by value, "
        "against {before} without the plan, and at worst {short} of a product within {months} months, against "
        "{without}.",
        values=values,
    )


def caveats(plans: Sequence[Plan], figures: Mapping[str, Any]) -> tuple[Note, ...]:
    """Say what the plan does not promise."""
    notes = []
    if figures["status"] == "time_limit" and figures["gap"] is None:
        notes.append(
            Note(
                template="The time ran out: this is the best plan found; how far it is from the best is not known."
            )
        )
    elif figures["status"] == "time_limit":
        notes.append(
            Note(
                template="The time ran out: this is the best plan found, at most {gap} dearer than the best there is.",
                values={"gap": Amount(value=figures["gap"], unit="share")},
            )
        )
    limit = plans[0].problem.limits
    if (figures.get("later_shortage_share") or 0.0) > limit.shortage_share:
        notes.append(
            Note(
                template="The limit holds for {months} months; later up to {share} of a product is missing.",
                values={
                    "months": str(limit.months),
                    "share": Amount(value=figures["later_shortage_share"], unit="share"),
                },
            )
        )
    short = figures["worst_shortage_share"]
    if short > limit.shortage_share + 1e-4:
        notes.append(
            Note(
                template="At worst {share} is missing within {months} months, more than the {limit} that was wished: "
                "with this objective that is no limit.",
                values={
                    "share": Amount(value=short, unit="share"),
                    "months": str(limit.months),
                    "limit": Amount(value=limit.shortage_share, unit="share"),
                },
            )
        )
    if (lost := figures.get("lost_usd") or 0.0) > 0:
        notes.append(
            Note(
                template="What is still missing is worth {lost} a year at the value assumed; that is weighed in the "
                "plan, and is no part of its cost.",
                values={"lost": Amount(value=lost, unit="USD")},
            )
        )
    return tuple(notes)


def counting() -> Note:
    """Say what is counted as cost."""
    return Note(
        template="Costs are what is paid beyond today, in current dollars; a plan is never counted cheaper than "
        "today, and what it replaces is not sold."
    )
