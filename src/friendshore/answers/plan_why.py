"""Why this plan: limits that bind, in words; the next-best plan, simpler plans, flip points and regret as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from friendshore.answers.framing import known
from friendshore.answers.plan_rows import owner, table
from friendshore.answers.plan_shortages import period_of, worst_share
from friendshore.planning.duals import Binding, binding
from friendshore.planning.explain import alternative_rows, flip_rows, neighbour_rows, regret_rows, why
from friendshore.planning.problem import Plan
from friendshore.progress import tell
from friendshore.records import Amount, Name, Note, Table

__all__ = ["Reasons", "binding_of", "reasons"]

MOST_LIMITS = 100
KEEPING = ("plan", "next_best")
"""Plans that keep the limit where there is one."""
ROUNDING = 1e-6
"""Part of a shadow price below which the ends of its range are the solver's rounding."""
RANGE = 0.01
"""Part of a shadow price by which the ends of its range differ where both are told."""
LIMITS: Mapping[str, str] = {
    "budget": "The budget of {member} is spent: one more dollar would save {price} a year.",
    "concern_cap": "{member} may buy no more {product} from suppliers of concern: one more ton a year would save "
    "{price} a year.",
    "any_cap": "{member} may buy no more {product} from {supplier}, by the cap on any one supplier: one more ton"
    " a year would save {price} a year.",
    "traced_cap": "No more of the {product} of {member} may come through suppliers of concern: one more ton a year "
    "would save {price} a year.",
    "partner_floor": "So much {product} of {member} has to come from partners: one ton a year less would save {price} "
    "a year.",
    "claims": "{member} can claim no more {product} from {supplier}: one more ton a year would save {price} a "
    "year.",
    "emergency_claims": "In {case}, months {period}, {supplier} can send {member} no more {product}: one more ton"
    " would save {price} a year.",
    "own_supply": "In {case}, months {period}, no more exports of {product} by {member} can be turned: one more ton"
    " would save {price} a year.",
    "capacity_most": "No more capacity for {product} may be built in {host}: one more ton a year would save {price} a "
    "year.",
    "stock_most": "{member} may add no more stock of {product}: one more ton would save {price} a year.",
    "shortage": "In {case}, months {period}, {member} may miss no more {product}: one more ton missing would save"
    " {price} a year.",
    "stock_held": "In {case} the stock of {product} of {member} is used up: one more ton would save {price} a year.",
    "link_room": "In {case}, months {period}, the link from {supplier} can carry {member} no more {product}: one "
    "more ton would save {price} a year.",
}
"""By name of the limit."""


@dataclass(frozen=True)
class Reasons:
    """Tables and sentences of why."""

    tables: Mapping[str, Table]
    notes: tuple[Note, ...]


def binding_of(plans: Sequence[Plan]) -> Table:
    """List the limits that bind, each in words with its shadow price and range, dearest first, up to ``MOST_LIMITS``.

    A shadow price is what one more unit of the limit saves; below 0 it is what it costs.
    """
    found = [(plan, each) for plan in plans for each in binding(plan.problem, plan.objective, plan)]
    found.sort(key=lambda pair: -abs(pair[1].dual * pair[1].amount))
    return table("binding", [_row(plan, each) for plan, each in found[:MOST_LIMITS]])


def _row(plan: Plan, limit: Binding) -> dict[str, Any]:
    # The dual is what the cost changes by for one more: what is saved has the other sign.
    price = -limit.dual
    low, high = (
        price if abs(end - price) <= ROUNDING * abs(price) else end for end in (-limit.high, -limit.low)
    )
    return {
        "constraint": limit.constraint,
        "sentence": _sentence(plan, limit, _worth(plan, price, low, high)),
        "shadow_price": known(price),
        "low": known(low),
        "high": known(high),
    }


def _worth(plan: Plan, price: float, low: float, high: float) -> Amount | Note:
    """Say what one more unit saves, with its range; where shortage comes first, that is goods and no bill."""
    ends = sorted((abs(low), abs(high)))
    wide = ends[1] - ends[0] > RANGE * abs(price)
    usd = Amount(value=ends[0], unit="USD", high=ends[1]) if wide else Amount(value=abs(price), unit="USD")
    if plan.objective.kind == "least_shortage":
        return Note(template="missing goods for {usd}", values={"usd": usd})
    return usd


def _sentence(plan: Plan, limit: Binding, price: Amount | Note) -> Note:
    problem = plan.problem
    everybody = "+".join(problem.members[member] for member in plan.coalition)
    period = ""
    if limit.period >= 0 and limit.case:
        case = [one.name for one in problem.cases].index(limit.case)
        period = period_of(problem, case, limit.period)
    return Note(
        template=LIMITS[limit.constraint],
        values={
            "member": Name(key=limit.member or everybody),
            "product": Name(key=limit.product, kind="product"),
            "supplier": Name(key=limit.supplier),
            "host": Name(key=limit.host),
            "case": limit.case,
            "period": period,
            "price": price,
        },
    )


def _as_planned(row: Mapping[str, Any], plans: Sequence[Plan]) -> Mapping[str, Any]:
    """Tell of the plan itself, and the next best that obeys the same limit, what the limit leaves missing.

    All are priced with as little missing by value as can be, which may leave more of one product missing than a limit
    that the plan keeps.
    """
    if row["alternative"] not in KEEPING:
        return row
    (plan,) = (each for each in plans if owner(each) == row["member"])
    if plan.objective.kind != "least_cost":
        return row
    limit = plan.problem.limits.shortage_share
    share = worst_share([plan]) if row["alternative"] == "plan" else min(row["worst_shortage_share"], limit)
    return {**row, "worst_shortage_share": share, "keeps_limit": True}


def reasons(plans: Sequence[Plan], *, seconds: float) -> Reasons:
    """Find the next-best plan, price simpler ones, and see where each decision flips and what is regretted."""
    tell(Note(template="Looking for what the plan hinges on"))
    found = [why(plan, seconds=min(seconds, 20.0)) for plan in plans]
    tables = {
        "alternatives": table("alternatives", [_as_planned(row, plans) for row in alternative_rows(found)]),
        "neighbours": table("neighbours", neighbour_rows(found)),
        "flips": table("flips", flip_rows(found)),
        "regret": table("regret", regret_rows(found)),
    }
    stakes = [each.stakes for each in found]
    note = Note(
        template="Decisions flip on one axis: the chance of a case a year times the value of a missing ton over its "
        "price; assumed is {stakes}.",
        values={"stakes": f"{max(stakes):.3g}"},
    )
    return Reasons(tables, (note,))
