"""Limits that bind, in sentences: what one more unit of each would save."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from friendshore.planning.duals import Binding
from friendshore.planning.problem import Plan
from friendshore.records import Amount, Name, Note

__all__ = ["binding_rows"]

SAME = 0.01
"""Part by which the ends of a range must differ to be told."""


def binding_rows(found: Iterable[Binding], plan: Plan) -> tuple[dict[str, Any], ...]:
    """Return a row a limit: in words, what one more unit of it would save, and between what that lies.

    Parameters
    ----------
    found
        From :func:`friendshore.planning.duals.binding`.
    plan
        The plan that they bind.
    """
    return tuple(
        {
            "constraint": one.constraint,
            "member": one.member or None,
            "product": one.product or None,
            "supplier": one.supplier or None,
            "host": one.host or None,
            "case": one.case or None,
            "sentence": _sentence(one, plan),
            "shadow_price": abs(one.dual),
            "low": min(abs(end) for end in (one.low, one.dual, one.high)),
            "high": max(abs(end) for end in (one.low, one.dual, one.high)),
        }
        for one in found
    )


def _sentence(one: Binding, plan: Plan) -> Note:
    template = {
        "budget": "One more dollar in the budget of {who} {saved}",
        "concern_cap": "One more ton of {good} a year that {who} may buy from suppliers of concern {saved}",
        "any_cap": "One more ton of {good} a year that {who} may buy from {supplier} {saved}",
        "traced_cap": "One more ton of {good} a year that may reach {who} from or through suppliers of concern {saved}",
        "partner_floor": "One ton of {good} a year less that {who} must buy from partners {saved}",
        "claims": "One more ton of {good} a year that {who} may claim of {supplier} {saved}",
        "emergency_claims": "One more ton of {good} from {supplier} for {who} in months {months} of {case} {saved}",
        "own_supply": "One more ton of {good} that {who} exports in months {months} of {case} {saved}",
        "capacity_most": "One more ton of {good} a year that may be built at {host} {saved}",
        "stock_most": "One more ton of {good} that {who} may hold {saved}",
        "stock_held": "One more ton of {good} in the stock of {who} when {case} begins {saved}",
        "shortage": "One more ton of {good} that {who} may miss in months {months} of {case} {saved}",
        "link_room": "One more ton of {good} that {who} can take from {supplier} in months {months} of {case} {saved}",
    }
    whole = "+".join(plan.problem.members[position] for position in plan.coalition)
    values = {
        "who": Name(key=one.member or whole),
        "good": Name(key=one.product, kind="product"),
        "supplier": Name(key=one.supplier),
        "host": Name(key=one.host),
        "case": one.case,
        "months": _months(one, plan),
        "saved": _saved(one, plan),
    }
    return Note(template=template[one.constraint], values=values)


def _months(one: Binding, plan: Plan) -> Amount:
    if one.period < 0:
        return Amount(value=0, unit="", high=float(plan.problem.bounds[-1]))
    begin, end = plan.problem.bounds[one.period : one.period + 2].tolist()
    return Amount(value=begin, unit="", high=end)


def _saved(one: Binding, plan: Plan) -> Note:
    ends = sorted((abs(one.low), abs(one.high)))
    wide = ends[1] - ends[0] > SAME * max(abs(one.dual), 1e-12)
    price = (
        Amount(value=ends[0], unit="USD", high=ends[1]) if wide else Amount(value=abs(one.dual), unit="USD")
    )
    if plan.objective.kind == "least_shortage":
        return Note(template="lets goods for {price} a year less be missing", values={"price": price})
    return Note(template="saves {price} a year", values={"price": price})
