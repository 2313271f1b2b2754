"""What a plan says in words: what to do, what it costs, what is still missing, and what is sure of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from friendshore.answers.plan_rows import Decision, Readings
from friendshore.planning.problem import Plan
from friendshore.records import Amount, Listing, Name, Note

__all__ = ["caveats", "done", "sentence"]

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
        Figures of the plan: ``cost_usd worst_shortage_share without_shortage_share``.
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
    parts = {
        "todo": _todo(sure or found, plans),
        "cost": _cost(figures, plans),
        "robust": _robust(found, readings),
    }
    return Note(template="{todo} {cost} {robust}", values=parts)


def _short(figures: Mapping[str, Any], plans: Sequence[Plan]) -> dict[str, Any]:
    return {
        "short": Amount(value=figures["worst_shortage_share"], unit="share"),
        "months": str(plans[0].problem.limits.months),
    }


def _todo(found: Sequence[Decision], plans: Sequence[Plan]) -> Note:
    problem = plans[0].problem
    everybody = "+".join(problem.members[n] for plan in plans for n in plan.coalition)
    values = {"members": Name(key=everybody), "steps": done(found, plans)}
    if len(plans) > 1:
        return Note(template="To do for {members}, each alone: {steps}.", values=values)
    if len(plans[0].coalition) > 1:
        return Note(template="To do for {members} together: {steps}.", values=values)
    return Note(template="To do for {members}: {steps}.", values=values)


def done(found: Sequence[Decision], plans: Sequence[Plan]) -> Listing:
    """Write decisions as what to hold, build and buy."""
    clauses = []
    held, built, bought = (
        [one for one in found if one.action == action] for action in ("hold", "build", "buy")
    )
    if held:
        days = max(_days(one, plans) for one in held)
        clauses.append(
            Note(
                template="hold stock for up to {days} days ({goods})",
                values={"days": f"{days:.0f}", "goods": _goods(held)},
            )
        )
    if built:
        clauses.append(Note(template="build plants ({plants})", values={"plants": _plants(built)}))
    if bought:
        clauses.append(Note(template="buy elsewhere ({purchases})", values={"purchases": _purchases(bought)}))
    return Listing(items=tuple(clauses))


def _days(one: Decision, plans: Sequence[Plan]) -> float:
    problem = plans[0].problem
    needed = problem.demand_t[problem.members.index(one.member), problem.products.index(one.product)]
    return one.quantity_t / float(needed) * 365


def _by_cost(found: Sequence[Decision]) -> list[Decision]:
    return sorted(found, key=lambda one: (-one.cost_usd, one.key))


def _goods(held: Sequence[Decision]) -> Note:
    """Name the goods of the costliest stocks, and count the others."""
    codes = list(dict.fromkeys(one.product for one in _by_cost(held)))
    named = Listing(items=tuple(Name(key=code, kind="product") for code in codes[:MOST_NAMED]))
    return _and_more(named, len(codes) - MOST_NAMED)


def _and_more(named: Listing, more: int) -> Note:
    if more > 0:
        return Note(template="{named} and {count} more", values={"named": named, "count": str(more)})
    return Note(template="{named}", values={"named": named})


def _plants(built: Sequence[Decision]) -> Note:
    places = list(dict.fromkeys((one.product, one.place) for one in _by_cost(built)))
    named = [
        Note(
            template="{product} in {host}",
            values={"product": Name(key=product, kind="product"), "host": Name(key=host)},
        )
        for product, host in places[:MOST_NAMED]
    ]
    return _and_more(Listing(items=tuple(named)), len(places) - MOST_NAMED)


def _purchases(bought: Sequence[Decision]) -> Note:
    places = list(dict.fromkeys((one.product, one.place) for one in _by_cost(bought)))
    named = [
        Note(
            template="{product} from {supplier}",
            values={"product": Name(key=product, kind="product"), "supplier": Name(key=supplier)},
        )
        for product, supplier in places[:MOST_NAMED]
    ]
    return _and_more(Listing(items=tuple(named)), len(places) - MOST_NAMED)


def _cost(figures: Mapping[str, Any], plans: Sequence[Plan]) -> Note:
    values = {"cost": Amount(value=figures["cost_usd"], unit="USD"), **_short(figures, plans)}
    without = figures.get("without_shortage_share")
    if without is None:
        return Note(
            template="That costs {cost} a year; at worst {short} of a product is then missing within {months} months.",
            values=values,
        )
    return Note(
        template="That costs {cost} a year; at worst {short} of a product is then missing within {months} months, "
        "against {without} without the plan.",
        values=values | {"without": Amount(value=without, unit="share")},
    )


def _robust(found: Sequence[Decision], readings: Readings) -> Note:
    """Say how many decisions survive, and what the others hinge on is in the rows."""
    tried = [one for one in found if one.key in readings]
    values = {"count": str(len(found)), "sure": str(sum(readings[one.key].recommended for one in tried))}
    if not tried:
        return Note(template="Whether that survives other assumptions was not tried.")
    if values["sure"] == "0":
        return Note(
            template="None of the {count} decisions survives every assumption tried.",
            values={"count": values["count"]},
        )
    return Note(
        template="These are {sure} of {count} decisions, and survive every assumption tried; the others hinge on one.",
        values=values,
    )


def caveats(plans: Sequence[Plan], figures: Mapping[str, Any]) -> tuple[Note, ...]:
    """Say what the plan does not promise."""
    notes = []
    if figures["status"] == "time_limit":
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
                template="What is still missing is worth {lost} a year at the value assumed; that is weighed in the plan, "
                "and is no part of its cost.",
                values={"lost": Amount(value=lost, unit="USD")},
            )
        )
    notes.append(
        Note(
            template="Costs are what is paid beyond today, in current dollars; a plan is never counted cheaper than "
            "today, and what it replaces is not sold."
        )
    )
    return tuple(notes)
