"""Budget against months covered, and what each budget would do, as tables and in words."""

from __future__ import annotations

from dataclasses import dataclass

from friendshore.answers.plan_cases import PlanCase
from friendshore.answers.plan_rows import decisions, table
from friendshore.planning.frontier import Frontier, Point, frontier
from friendshore.records import Amount, Note, Table
from friendshore.tables.products import product_name

__all__ = ["TracedFrontier", "traced_frontier"]

POINTS = 20


@dataclass(frozen=True)
class TracedFrontier:
    """What budgets buy."""

    table: Table
    decisions: Table
    """By point, what its plan does."""
    notes: tuple[Note, ...]


def traced_frontier(case: PlanCase) -> TracedFrontier:
    """Trace what budgets buy, together and, where there are several members, alone."""
    found = frontier(case.problem, case.objective, POINTS)
    chosen = {id(point) for sharing in ("together", "alone") for point in _own(found.of(sharing))}
    rows = [
        {
            "sharing": point.sharing,
            "budget_usd": point.budget_usd,
            "months_covered": point.months_covered,
            "months_covered_worst": point.months_worst,
            "shortage_share": point.shortage_share,
            "spent_usd": point.spent_usd,
            "cost_usd": point.cost_usd,
            "recommended": id(point) in chosen,
            "enough": point.enough,
        }
        for point in found.points
    ]
    return TracedFrontier(table("frontier", rows), _decided(found), tuple(_notes(case, found)))


def _decided(found: Frontier) -> Table:
    """List by budget what its plan does, in the order of the plan's own rows."""
    rows = [
        {
            "sharing": point.sharing,
            "budget_usd": point.budget_usd,
            "action": one.action,
            "member": one.member,
            "product": one.product,
            "product_name": product_name(one.product) or one.product,
            "supplier": one.place if one.action == "buy" else None,
            "host": one.place if one.action == "build" else None,
            "quantity_t": one.quantity_t,
            "cost_usd": one.cost_usd,
        }
        for point in found.points
        for one in decisions(point.plans)
    ]
    return table("frontier_decisions", rows)


def _own(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Find the point of the stated budgets, else the first from which another dollar buys nothing."""
    for point in points:
        if point.stated:
            return (point,)
    return tuple(point for point in points if point.enough)[:1]


def _notes(case: PlanCase, found: Frontier) -> list[Note]:
    notes = []
    for sharing, enough in found.enough_usd.items():
        at = next((point for point in found.of(sharing) if point.enough), None)
        if at is None:
            continue
        values = {
            "usd": Amount(value=enough, unit="USD"),
            "months": Amount(value=round(at.months_covered, 1), unit="months"),
        }
        notes.append(
            Note(
                template="Together another dollar buys nothing above {usd}, which covers {months} on average.",
                values=values,
            )
            if sharing == "together"
            else Note(
                template="Alone another dollar buys nothing above {usd} in all, which covers {months} on average.",
                values=values,
            )
        )
    if found.objective.kind != case.objective.kind:
        notes.append(
            Note(
                template="The frontier asks for as little missing as each budget can do, since the plan's own "
                "objective has no plan for small ones."
            )
        )
    return notes
