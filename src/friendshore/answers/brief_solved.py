"""The plans behind a brief: together, each alone, under other assumptions, and with less money. Sized for seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from friendshore.answers.framing import known
from friendshore.answers.plan_cases import PlanCase
from friendshore.answers.plan_robust import hinge
from friendshore.answers.plan_rows import Reading, Readings
from friendshore.planning.coalition import need_usd
from friendshore.planning.frontier import frontier
from friendshore.planning.problem import ALONE, TOGETHER, Objective, Plan, Problem, Sharing
from friendshore.planning.robust import robust
from friendshore.planning.sharing import proportional, savings, shapley
from friendshore.planning.solving import solve

__all__ = ["SOLVED", "BriefPlans", "Split", "frontier_rows", "planned", "readings_of", "split_of"]

SOLVED = ("optimal", "time_limit")
GAP, SECONDS = 1e-2, 3.0
"""Distance to the best that is good enough on a page, and most time for one plan."""
POINTS = 6
"""Budgets at which the frontier is read."""
MOST_EXACT = 3
"""Up to so many members the gain is shared by what each adds; among more, by need."""
LEFT_OUT = frozenset({"probability"})
"""Of an expected cost it acts as the value of a missing ton does, which is tried."""


@dataclass(frozen=True, eq=False)
class BriefPlans:
    """The plan of all members, and that of each alone where there are several."""

    case: PlanCase
    together: Plan
    alone: tuple[Plan, ...]

    @property
    def problem(self) -> Problem:
        """What is planned."""
        return self.together.problem

    @property
    def once_usd(self) -> float:
        """What all pay at once for stock and support."""
        return once_usd(self.together)


@dataclass(frozen=True)
class Split:
    """Costs a year with what is expected to be lost, alone and together, and who pays."""

    alone_usd: Mapping[str, float]
    together_usd: float
    part_usd: Mapping[str, float]
    """By member, its part of the gain."""
    rule: str
    """``shapley`` or ``proportional``."""


def planned(case: PlanCase, *, alone: bool) -> BriefPlans | None:
    """Solve; None where there is no plan."""
    problem, objective = case.problem, case.objective
    parts: list[Plan] = []
    if alone and len(problem.members) > 1:
        parts = [solved(problem, objective, ALONE, (member,)) for member in range(len(problem.members))]
    whole = tuple(range(len(problem.members)))
    start = parts if all(part.status in SOLVED for part in parts) else []
    plan = solve(problem, objective, sharing=TOGETHER, coalition=whole, gap=GAP, seconds=SECONDS, start=start)
    if plan.status not in SOLVED or not all(part.status in SOLVED for part in parts):
        return None
    return BriefPlans(case, plan, tuple(parts))


def solved(problem: Problem, objective: Objective, sharing: Sharing, coalition: tuple[int, ...]) -> Plan:
    """Solve well enough for a page."""
    return solve(problem, objective, sharing=sharing, coalition=coalition, gap=GAP, seconds=SECONDS)


def once_usd(plan: Plan) -> float:
    """Return what members pay at once: stock at base prices, and support of plants."""
    return float((plan.stock_t * plan.problem.price).sum() + plan.support_usd.sum())


def readings_of(found: BriefPlans) -> Readings:
    """Say which decisions survive both middle rules, raw tons, and the ends of each range under the stated rule."""
    every = found.case.variations()
    stated = every[0].rule
    chosen = [
        each
        for n, each in enumerate(every)
        if n == 0 or not (each.bound or each.changed in LEFT_OUT or (each.changed and each.rule != stated))
    ]
    result = robust(chosen, (found.together,), solved, workers=1)
    tried = {each.variation.name: each.variation for each in result.tried}
    return {
        key: Reading(
            recommended=survival.recommended,
            hinges_on=None if survival.recommended else hinge(survival, tried),
            low_t=survival.low_t,
            high_t=survival.high_t,
        )
        for key, survival in result.survivals.items()
    }


def split_of(found: BriefPlans) -> Split:
    """Share what acting together saves."""
    problem = found.problem
    count = len(problem.members)
    alone = np.array([plan.cost_usd for plan in found.alone])
    # A solver's gap must not make acting together dearer than acting alone.
    together = min(found.together.cost_usd, float(alone.sum()))
    if count <= MOST_EXACT:
        rule, parts = "shapley", shapley(savings(_costs(found, alone, together)))
    else:
        everybody = tuple(range(count))
        rule, parts = (
            "proportional",
            proportional(float(alone.sum()) - together, need_usd(problem, everybody)),
        )
    return Split(
        dict(zip(problem.members, alone.tolist(), strict=True)),
        together,
        dict(zip(problem.members, np.asarray(parts, np.float64).tolist(), strict=True)),
        rule,
    )


def _costs(found: BriefPlans, alone: Any, together: float) -> Any:  # noqa: ANN401  arrays
    """Return costs by bitmask of members; pairs of three are solved."""
    count = len(alone)
    costs = np.zeros(1 << count)
    for mask in range(1, 1 << count):
        inside = tuple(n for n in range(count) if mask >> n & 1)
        if len(inside) == 1:
            costs[mask] = alone[inside[0]]
        elif len(inside) == count:
            costs[mask] = together
        else:
            plan = solved(found.problem, found.case.objective, TOGETHER, inside)
            costs[mask] = min(plan.cost_usd, float(alone[list(inside)].sum()))
    return costs


def frontier_rows(found: BriefPlans) -> tuple[dict[str, Any], ...]:
    """Read what budgets buy, together and alone; without a stated budget the point that buys everything is chosen."""
    traced = frontier(found.problem, found.case.objective, points=POINTS, gap=GAP, alone=bool(found.alone))
    stated = any(point.stated for point in traced.points)
    return tuple(
        {
            "sharing": point.sharing,
            "budget_usd": point.budget_usd,
            "months_covered": point.months_covered,
            "months_covered_worst": point.months_worst,
            "shortage_share": point.shortage_share,
            "spent_usd": point.spent_usd,
            "cost_usd": known(point.cost_usd),
            "recommended": point.sharing == "together"
            and (point.stated if stated else point.budget_usd == traced.enough_usd["together"]),
            "enough": point.budget_usd == traced.enough_usd[point.sharing],
        }
        for point in traced.points
    )
