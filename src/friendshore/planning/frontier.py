"""What a budget buys: months covered and what is still missing, from nothing to what buys everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np

from friendshore.planning.menus import Menus
from friendshore.planning.problem import ALONE, TOGETHER, Objective, Plan, Problem
from friendshore.progress import Count, tell
from friendshore.records import Note
from friendshore.tables.trade import Floats

__all__ = ["Frontier", "Point", "frontier", "frontier_objective", "missing_share", "months_covered"]

SEPARABLE = ("least_shortage", "expected_cost")
FURTHEST = 4.0
"""The axis of money ends there, in units of what buys everything together, although single budgets may not suffice."""


@dataclass(frozen=True, eq=False)
class Point:
    """What a budget buys."""

    sharing: str
    """``together`` or ``alone``."""
    budget_usd: float
    """Of all members."""
    spent_usd: float
    """By its plan."""
    months_covered: float
    """Mean over members and products, by import value, of :func:`months_covered`."""
    months_worst: float
    """The least of them."""
    shortage_share: float
    """See :func:`missing_share`."""
    cost_usd: float
    """Of its plan a year, beyond today, without what is lost."""
    gap: float
    """Distance of its plan to the bound that was proven, over the objective where nothing is spent."""
    enough: bool
    """Whether from this budget on another dollar buys nothing."""
    stated: bool
    """Whether it is the budget that the members have."""
    plans: tuple[Plan, ...]
    """One of all members, or one of each."""


@dataclass(frozen=True, eq=False)
class Frontier:
    """Points by rising budget, together first."""

    points: tuple[Point, ...]
    objective: Objective
    """By which plans were chosen."""
    enough_usd: dict[str, float]
    """By sharing, the least budget of all from which another dollar buys nothing."""
    parts: Floats
    """(M,) of a budget alone, which part each member has."""
    seconds: float

    def of(self, sharing: str) -> tuple[Point, ...]:
        """Points of one way of planning."""
        return tuple(point for point in self.points if point.sharing == sharing)


def frontier_objective(objective: Objective) -> Objective:
    """Return the objective by which a frontier is drawn.

    A limit that must be kept has no plan for small budgets, and the worst case does not fall apart by product: for
    these as little as possible is missing first, then cost.
    """
    return objective if objective.kind in SEPARABLE else Objective(kind="least_shortage")


def frontier(
    problem: Problem, objective: Objective, points: int = 20, *, gap: float = 5e-3, alone: bool = True
) -> Frontier:
    """Trace what budgets buy, together and alone.

    Parameters
    ----------
    problem, objective
        What is planned, and what is minimised; see :func:`frontier_objective`.
    points
        Budgets, evenly spaced from nothing to what buys everything. What is stated, and where another dollar buys
        nothing, comes on top of them.
    gap
        Relative distance to the best that is good enough.
    alone
        Whether members are also traced each by itself, with its part of the budget: as the stated budgets are to one
        another, else as what buys everything for each.

    Notes
    -----
    More never hurts. A plan makes one objective as good as can be, and what it leaves of the others may be worse than
    by a smaller budget's plan, which the larger one can pay as well: each measure is the best so far, so that two of
    them need not be of one plan.
    """
    begun = monotonic()
    tell(Note(template="Tracing what budgets buy"))
    chosen = frontier_objective(objective)
    members = len(problem.members)
    joint = Menus(problem, chosen, sharing=TOGETHER, gap=gap)
    own = (
        [Menus(problem, chosen, sharing=ALONE, coalition=(m,), gap=gap) for m in range(members)]
        if alone and members > 1
        else []
    )
    parts = _parts(problem, own) if own else np.ones(members) / max(1, members)
    enough = {"together": joint.enough_usd}
    if own:
        needs = np.array([each.enough_usd for each in own])
        enough["alone"] = float(np.divide(needs, parts, out=np.zeros(members), where=needs > 0).max())
    furthest = max(FURTHEST * enough["together"], *(float(each.enough_usd) for each in own), 1.0)
    top = max(min(max(enough.values()), furthest), 1.0)
    stated = float(problem.limits.budgets_usd.sum()) if len(problem.limits.budgets_usd) else np.inf
    marks = [usd for usd in (*enough.values(), stated) if usd <= top]
    budgets = sorted({*np.linspace(0.0, top, max(2, points)).tolist(), *marks})
    count = Count(Note(template="Tracing what budgets buy"), len(budgets) * (2 if own else 1))
    found = _traced("together", [joint], np.ones(1), budgets, enough["together"], stated, count)
    if own:
        found += _traced("alone", own, parts, budgets, enough["alone"], stated, count)
    return Frontier(tuple(found), chosen, enough, parts, monotonic() - begun)


def _parts(problem: Problem, own: Sequence[Menus]) -> Floats:
    """Return which part of a budget each member has."""
    stated = problem.limits.budgets_usd
    if len(stated) and np.isfinite(stated).all() and stated.sum() > 0:
        return np.asarray(stated / stated.sum(), np.float64)
    needs = np.array([each.enough_usd for each in own])
    return np.asarray(needs / needs.sum() if needs.sum() > 0 else np.ones(len(own)) / len(own), np.float64)


def _traced(
    sharing: str,
    menus: Sequence[Menus],
    parts: Floats,
    budgets: Sequence[float],
    enough: float,
    stated: float,
    count: Count,
) -> list[Point]:
    """Go along the budgets; each measure is the best so far."""
    points: list[Point] = []
    for budget in budgets:
        plans = tuple(each.at(budget * float(part)) for each, part in zip(menus, parts, strict=True))
        count.step()
        if any(plan.status != "optimal" for plan in plans):
            continue
        point = _point(sharing, budget, plans)
        before = points[-1] if points else None
        if before is not None:
            point = replace(
                point,
                months_covered=max(point.months_covered, before.months_covered),
                months_worst=max(point.months_worst, before.months_worst),
                shortage_share=min(point.shortage_share, before.shortage_share),
            )
        close = 1e-9 * max(1.0, enough)
        points.append(
            replace(
                point, enough=budget >= enough - close, stated=bool(np.isclose(budget, stated, rtol=1e-12))
            )
        )
    return points


def _point(sharing: str, budget: float, plans: tuple[Plan, ...]) -> Point:
    problem = plans[0].problem
    lasting = np.full(problem.demand_t.shape, np.nan)
    for plan in plans:
        own = list(plan.coalition)
        lasting[own] = months_covered(plan)[own]
    weight = np.where(np.isnan(lasting), 0.0, problem.demand_t * problem.price)
    total = float(weight.sum())
    return Point(
        sharing=sharing,
        budget_usd=budget,
        spent_usd=float(sum((p.stock_t * problem.price).sum() + p.support_usd.sum() for p in plans)),
        months_covered=float((np.nan_to_num(lasting) * weight).sum() / total) if total > 0 else 0.0,
        months_worst=float(np.nanmin(lasting)) if total > 0 else 0.0,
        shortage_share=missing_share(plans),
        cost_usd=float(sum(p.cost_usd - p.cost_parts_usd.get("lost", 0.0) for p in plans)),
        gap=max(plan.gap for plan in plans),
        enough=False,
        stated=False,
        plans=plans,
    )


def months_covered(plan: Plan) -> Floats:
    """Return by (member, product) the months until more than the limit is missing in the worst case.

    What a plan draws in a case is taken as it is needed to stay within the limit, from the first month on: a plan says
    how much is drawn in a period, not when. The length of the longest case where the limit is never passed;
    NaN where a member has no demand or does not plan.
    """
    problem = plan.problem
    months = problem.period_months
    monthly = problem.demand_t / 12
    drawn = plan.drawn_t.sum(axis=1)
    lasting = np.zeros(drawn.shape)
    going = np.ones(drawn.shape, bool)
    for r in range(months.shape[1]):
        span = months[:, r, None, None]
        unmet = plan.shortage_t[:, r] + plan.drawn_t[:, r]
        rate = np.divide(unmet, span, out=np.zeros_like(unmet), where=span > 0)
        # a solver keeps a limit up to its tolerance
        excess = np.where(
            rate > monthly * (problem.limits.shortage_share + 1e-6),
            rate - monthly * problem.limits.shortage_share, 0.0,
        )  # fmt: skip
        most = np.divide(drawn, excess, out=np.full(drawn.shape, np.inf), where=excess > 0)
        held = np.minimum(span, most)
        lasting += np.where(going, held, 0.0)
        drawn = np.where(going, np.maximum(0.0, drawn - excess * held), drawn)
        going &= most >= span * (1 - 1e-9)
    longest = float(max((case.months for case in problem.cases), default=0))
    lasting = np.where(going, longest, lasting)
    found = lasting.min(axis=0, initial=longest)
    counted = np.isin(np.arange(len(problem.members)), plan.coalition)[:, None] & (problem.demand_t > 0)
    return np.asarray(np.where(counted, found, np.nan), np.float64)


def missing_share(plans: Sequence[Plan]) -> float:
    """Return the part of what is needed, by value, that is missing over all cases, weighed by probability."""
    problem = plans[0].problem
    chance = np.array([case.probability for case in problem.cases])
    if not chance.any():
        chance = np.ones(len(chance))
    years = problem.period_months.sum(axis=1) / 12
    planning = np.zeros(len(problem.members), bool)
    planning[[m for plan in plans for m in plan.coalition]] = True
    needed = float((problem.demand_t * problem.price)[planning].sum() * (chance @ years))
    missing = sum(float((plan.shortage_t * problem.price).sum(axis=(1, 2, 3)) @ chance) for plan in plans)
    return missing / needed if needed > 0 else 0.0
