"""Which decisions survive other assumptions, in the words of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from friendshore.answers.plan_cases import PlanCase
from friendshore.answers.plan_rows import Reading, Readings, table
from friendshore.answers.plan_shortages import once_usd, paid_usd
from friendshore.answers.plan_solving import Solved
from friendshore.planning.frontier import missing_share
from friendshore.planning.problem import Objective, Plan, Problem, Sharing
from friendshore.planning.robust import Robustness, Survival, Tried, robust
from friendshore.planning.solving import solve
from friendshore.planning.variations import CHANGES, RULES, Variation
from friendshore.records import Amount, Listing, Note, Table

__all__ = ["Robust", "robustness"]

GAP = 5e-3
"""Distance to the best that is good enough to see whether a decision is still there."""
MOST_SECONDS = 20.0
RANGED = ("cost_usd", "once_usd", "missing_share")
"""Figures of a plan that are told with their range."""
FIGURES = ("cost_usd", "capex_usd", "stock_usd", "once_usd", "missing_share")


@dataclass(frozen=True)
class Robust:
    """How the decisions fared, the plans under other assumptions, their ends, and what is to be said of them."""

    readings: Readings
    variations: Table
    ranges: Mapping[str, float | None]
    """Lowest and highest figures of the plan, as ``cost_usd_low``; None where no variation has a plan."""
    notes: tuple[Note, ...]


def robustness(case: PlanCase, found: Solved, *, seconds: float) -> Robust:
    """Solve the plan anew under all variations.

    Parameters
    ----------
    case, found
        What was planned, and the plans.
    seconds
        Most time for each solve.
    """

    def again(problem: Problem, objective: Objective, sharing: Sharing, coalition: tuple[int, ...]) -> Plan:
        return solve(
            problem,
            objective,
            sharing=sharing,
            coalition=coalition,
            gap=GAP,
            seconds=min(seconds, MOST_SECONDS),
        )

    result = robust(case.variations(), found.plans, again)
    tried = {each.variation.name: each.variation for each in result.tried}
    readings = {
        key: Reading(
            recommended=survival.recommended,
            hinges_on=None if survival.recommended else hinge(survival, tried),
            low_t=survival.low_t,
            high_t=survival.high_t,
        )
        for key, survival in result.survivals.items()
    }
    rows = [_row(each) for each in result.tried]
    return Robust(readings, table("variations", rows), ranges(result), tuple(_notes(result)))


def hinge(survival: Survival, tried: Mapping[str, Variation]) -> Note:
    """Write what a decision hinges on: the rule where it falls with it alone, and every other change once."""
    gone = [tried[name] for name in survival.hinges_on]
    rules = {each.rule for each in gone if not each.changed}
    words = [RULES[rule] for rule in RULES if rule in rules]
    words += [CHANGES[each.changed, each.end] for each in gone if each.changed and each.rule not in rules]
    once = {note.template: note for note in words}
    return Note(template="{named}", values={"named": Listing(items=tuple(once.values()))})


def _row(each: Tried) -> dict[str, Any]:
    told: dict[str, Any] = {
        "variation": each.variation.name,
        "note": each.variation.note,
        "status": each.status,
    }
    if not each.solved:
        return told | dict.fromkeys(FIGURES)
    plans = each.plans
    return told | {
        "cost_usd": sum(float(paid_usd(plan).sum()) for plan in plans),
        "capex_usd": sum(capex_usd(plan) for plan in plans),
        "stock_usd": sum(float((plan.stock_t * plan.problem.price).sum()) for plan in plans),
        "once_usd": sum(float(once_usd(plan).sum()) for plan in plans),
        "missing_share": missing_share(plans),
    }


def ranges(result: Robustness) -> dict[str, float | None]:
    """Return the ends of cost, money at once and what is missing over the variations that are no bounds."""
    rows = [_row(each) for each in result.tried if each.solved and not each.variation.bound]
    told: dict[str, float | None] = {}
    for name in RANGED:
        values = [row[name] for row in rows]
        told |= {f"{name}_low": min(values, default=None), f"{name}_high": max(values, default=None)}
    return told


def capex_usd(plan: Plan) -> float:
    """Capital of a plan's plants."""
    return float(np.nansum(plan.capacity_t * plan.problem.costs.capital_usd_per_t))


def _notes(result: Robustness) -> list[Note]:
    """Tell the two bounds, and which variations have no plan."""
    notes = []
    ends = {each.variation.rule: each for each in result.bounds}
    if {"first", "last"} <= set(ends):
        told = {rule: _bound(ends[rule]) for rule in ("first", "last")}
        notes.append(
            Note(
                template="The two bounds: if members could claim all outside spare capacity, {first}; if none, {last}.",
                values=told,
            )
        )
    if result.without_plan:
        notes.append(
            Note(
                template="Under {count} of {all} variations no plan keeps the limits, so they decide nothing: {names}.",
                values={
                    "count": str(len(result.without_plan)),
                    "all": str(len(result.tried) - len(result.bounds)),
                    "names": ", ".join(result.without_plan),
                },
            )
        )
    return notes


def _bound(each: Tried) -> Note:
    if not each.solved:
        return Note(template="no plan keeps the limits")
    row = _row(each)
    return Note(
        template="the plan costs {cost} a year and {capital} of plants",
        values={
            "cost": Amount(value=row["cost_usd"], unit="USD"),
            "capital": Amount(value=row["capex_usd"], unit="USD"),
        },
    )
