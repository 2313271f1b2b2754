"""The next-best plan: what it costs to have other plants, or to go without one of the large decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from friendshore.planning.prescribing import SOLVED, Solve, missing_usd
from friendshore.planning.problem import Corridor, Plan, Problem

__all__ = ["Choice", "Neighbour", "any_size", "choices", "next_best", "without"]

DUST = 1e-4
"""Part of demand below which an amount is no decision."""


@dataclass(frozen=True)
class Choice:
    """One thing that is decided."""

    action: str
    """``hold``, ``build`` or ``buy``."""
    member: str
    """Who decides: a member, or several joined by ``+`` for a plant."""
    product: str
    place: str
    """Supplier or host; empty for stock."""
    at: tuple[int, ...]
    """Position in the arrays of the plan."""
    tons: float
    cost_usd: float
    """A year."""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is, without how much."""
        return self.action, self.member, self.product, self.place


@dataclass(frozen=True, eq=False)
class Neighbour:
    """The best plan that is other in one respect."""

    change: str
    """``plants``: with other plants, the next-best plan; ``without``: without one decision."""
    choice: Choice | None
    """What is forbidden; None for the next-best plan."""
    status: str
    cost_usd: float | None
    """Yearly cost; None where there is no such plan."""
    distance_usd: float | None
    """What it costs more a year."""
    missing_usd: float | None
    """What is missing more, a year at today's prices."""
    lost_usd: float | None
    """Part of the distance that is lost supply at its value, by the objectives that price it."""
    within_gap: bool
    """Whether the distance is less than can be told apart, so that either may be the better one."""
    moved: tuple[tuple[str, str, float], ...] = ()
    """(host, product, tons) by which plants differ."""
    plan: Plan | None = None


def choices(plan: Plan) -> tuple[Choice, ...]:
    """Return what a plan decides beyond today, dearest first."""
    problem, costs = plan.problem, plan.problem.costs
    price, owner = problem.price, "+".join(problem.members[m] for m in plan.coalition)
    found = []
    held = (costs.carrying_share + costs.annuity * costs.filling_share) * price * plan.stock_t
    for m, k in np.argwhere(plan.stock_t > DUST * problem.demand_t).tolist():
        found.append(
            Choice("hold", problem.members[m], problem.products[k], "", (m, k), float(plan.stock_t[m, k]),
                   float(held[m, k]))
        )  # fmt: skip
    built = costs.annuity * costs.capital_usd_per_t * plan.capacity_t
    built = built + costs.gap_usd_per_t * plan.output_t.sum(axis=1)
    for h, k in np.argwhere(
        plan.capacity_t > DUST * problem.demand_t[list(plan.coalition)].sum(axis=0)
    ).tolist():
        found.append(
            Choice("build", owner, problem.products[k], problem.hosts[h], (h, k), float(plan.capacity_t[h, k]),
                   float(built[h, k]))
        )  # fmt: skip
    of = problem.link_member, problem.link_product
    dearer = np.maximum(0.0, problem.link_price / np.where(price[of] > 0, price[of], 1.0) - 1.0)
    bought = plan.new_t * price[of] * (costs.switching_share[of[1]] + dearer)
    found += [
        Choice("buy", problem.members[of[0][n]], problem.products[of[1][n]],
               problem.suppliers[problem.link_supplier[n]], (n,), float(plan.new_t[n]), float(bought[n]))
        for n in np.flatnonzero(plan.new_t > DUST * problem.demand_t[of]).tolist()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.cost_usd, one.key)))


def next_best(plan: Plan, *, solve: Solve, gap: float = 1e-3, seconds: float = 20.0) -> Neighbour | None:
    """Return the best plan that does not build exactly the same plants; None where none is built in steps.

    Plants of any size have no next size and may be as they like.
    """
    problem = plan.problem
    wanted = problem.demand_t[list(plan.coalition)].sum(axis=0)
    if not (problem.buildable & (problem.lump_t > 0)[None, :] & (wanted > 0)[None, :]).any():
        return None
    return _neighbour(
        plan, _other(plan, Corridor(other_than=plan.capacity_t), solve, gap, seconds), "plants", None, gap
    )


def without(
    plan: Plan,
    *,
    solve: Solve,
    most: int = 12,
    relaxed: bool = True,
    gap: float = 1e-3,
    seconds: float = 10.0,
) -> tuple[Neighbour, ...]:
    """Return the best plans without one of the dearest decisions each, those that cost most more first.

    Parameters
    ----------
    plan
        A plan that was found.
    solve
        As :func:`friendshore.planning.solving.solve`.
    most
        How many of the dearest decisions are forbidden in turn.
    relaxed
        Whether plants may have any size, here and in the plan that the others are compared with: then distances are
        exact, and each search takes a tenth of the time. In steps, small distances drown in the solver's gap.
    gap, seconds
        Of each search.
    """
    base = replace(plan, problem=any_size(plan.problem, plan.coalition)) if relaxed else plan
    mine = _other(base, None, solve, gap, seconds) if relaxed else plan
    if mine.status not in SOLVED:
        return ()
    close = 1e-7 if relaxed else gap
    found = [
        _neighbour(
            mine, _other(base, _forbidden(plan.problem, one), solve, gap, seconds), "without", one, close
        )
        for one in choices(plan)[:most]
    ]
    shortage_first = plan.objective.kind == "least_shortage"

    def order(one: Neighbour) -> tuple[float, float, tuple[str, ...]]:
        distance = np.inf if one.distance_usd is None else one.distance_usd
        missing = np.inf if one.missing_usd is None else one.missing_usd
        assert one.choice is not None
        return (-missing if shortage_first else 0.0, -distance, one.choice.key)

    return tuple(sorted(found, key=order))


def any_size(problem: Problem, coalition: Sequence[int]) -> Problem:
    """Return the problem with plants of any size, but none of which the coalition could not pay a single step."""
    costs, budgets = problem.costs, problem.limits.budgets_usd
    purse = float(budgets[list(coalition)].sum()) if len(budgets) else np.inf
    step = costs.support_share * costs.capital_usd_per_t * problem.lump_t[None, :]
    return replace(
        problem,
        lump_t=np.zeros_like(problem.lump_t),
        buildable=problem.buildable & (step <= purse * (1 + 1e-9)),
    )


def _other(plan: Plan, corridor: Corridor | None, solve: Solve, gap: float, seconds: float) -> Plan:
    changed = replace(plan.problem, corridor=corridor)
    return solve(
        changed, plan.objective, sharing=plan.sharing, coalition=plan.coalition, gap=gap, seconds=seconds
    )


def _forbidden(problem: Problem, one: Choice) -> Corridor:
    shapes = {"build": problem.buildable.shape, "hold": problem.demand_t.shape, "buy": problem.link_t.shape}
    shape = shapes[one.action]
    most = np.full(shape, np.inf, np.float64)
    most[one.at] = 0.0
    pair = np.zeros(shape), most
    if one.action == "build":
        return Corridor(capacity_t=pair)
    return Corridor(stock_t=pair) if one.action == "hold" else Corridor(new_t=pair)


def _neighbour(plan: Plan, other: Plan, change: str, choice: Choice | None, gap: float) -> Neighbour:
    if other.status not in SOLVED:
        return Neighbour(change, choice, other.status, None, None, None, None, within_gap=False)
    distance = other.cost_usd - plan.cost_usd
    missing = missing_usd(other) - missing_usd(plan)
    lost = other.cost_parts_usd["lost"] - plan.cost_parts_usd["lost"]
    close = distance <= gap * max(abs(plan.cost_usd), abs(other.cost_usd))
    if plan.objective.kind == "least_shortage":
        close = missing <= gap * max(missing_usd(plan), missing_usd(other))
    moved = other.capacity_t - plan.capacity_t
    scale = 1e-6 * plan.problem.demand_t.sum(axis=0)
    places = tuple(
        (plan.problem.hosts[h], plan.problem.products[k], float(moved[h, k]))
        for h, k in np.argwhere(np.abs(moved) > scale).tolist()
    )
    return Neighbour(
        change=change, choice=choice, status=other.status, cost_usd=other.cost_usd, distance_usd=distance,
        missing_usd=missing, lost_usd=lost, within_gap=bool(close), moved=places, plan=other,
    )  # fmt: skip
