"""The next-best plan: what it costs to have other plants, or to go without one of the large decisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from friendshore.planning.prescribing import SOLVED, Solve, missing_usd
from friendshore.planning.problem import Corridor, Plan, Problem
from friendshore.tables.trade import Floats

__all__ = ["Choice", "Neighbour", "choices", "neighbours"]

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
    """The best plan with one thing changed."""

    choice: Choice
    change: str
    """``without``: none of it; ``less``: a step of a plant less; ``more``: a step more."""
    status: str
    cost_usd: float | None
    """Yearly cost; None where there is no such plan."""
    distance_usd: float | None
    """What it costs more by the plan's objective (where shortage comes first: yearly cost)."""
    missing_usd: float | None
    """What is missing more, a year at today's prices."""
    within_gap: bool
    """Whether the distance is less than what the solver left open."""
    plan: Plan | None = None

    @property
    def other_plants(self) -> bool:
        """Whether its plants differ by a step, as those of the next-best plan must."""
        return self.change != "without"


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


def neighbours(
    plan: Plan, *, solve: Solve, most: int = 8, gap: float = 1e-3, seconds: float = 10.0
) -> tuple[Neighbour, ...]:
    """Return the best plans with one thing changed, nearest first, those that cannot be last.

    Parameters
    ----------
    plan
        A plan that was found.
    solve
        As :func:`friendshore.planning.solving.solve`.
    most
        How many of the dearest decisions are forbidden in turn.
    gap, seconds
        Of each search.

    Notes
    -----
    A plan with other plants has a step less of some plant or a step more of some: the nearest of all these is the
    next-best plan. Steps are tried at every host where the product may be built in steps; a plant of any size has no
    next one, and is forbidden as a whole.
    """
    found = []
    for choice, change, corridor in _changes(plan, most):
        changed = replace(plan.problem, corridor=corridor)
        other = solve(
            changed, plan.objective, sharing=plan.sharing, coalition=plan.coalition, gap=gap, seconds=seconds
        )
        found.append(_neighbour(plan, other, choice, change, gap))
    unknown = float("inf")
    return tuple(
        sorted(
            found,
            key=lambda one: (_or(one.missing_usd, unknown), _or(one.distance_usd, unknown), one.choice.key),
        )
        if plan.objective.kind == "least_shortage"
        else sorted(found, key=lambda one: (_or(one.distance_usd, unknown), one.choice.key))
    )


def _or(value: float | None, other: float) -> float:
    return other if value is None else value


def _changes(plan: Plan, most: int) -> Iterator[tuple[Choice, str, Corridor]]:
    decisions = choices(plan)
    built = {one.at: one for one in decisions if one.action == "build"}
    shape = plan.capacity_t.shape
    none, any_size = np.zeros(shape), np.full(shape, np.inf)
    for at, lump in _steps(plan):
        one = built.get(at) or _possible(plan, at)
        tons = float(plan.capacity_t[at])
        if tons > 0 and tons - lump > 0:
            yield one, "less", Corridor(capacity_t=(none, _with(any_size, at, tons - lump)))
        if tons + lump <= plan.problem.capacity_most_t[at] * (1 + 1e-9):
            yield one, "more", Corridor(capacity_t=(_with(none, at, tons + lump), any_size))
    for one in decisions[:most]:
        yield one, "without", _forbidden(plan.problem, one)
    for one in decisions[most:]:
        if one.action == "build":
            yield one, "without", _forbidden(plan.problem, one)


def _steps(plan: Plan) -> list[tuple[tuple[int, int], float]]:
    """Places where a plant can be built in steps for somebody who plans, with the step."""
    problem = plan.problem
    wanted = problem.demand_t[list(plan.coalition)].sum(axis=0)
    may = problem.buildable & (problem.lump_t > 0)[None, :] & (wanted > 0)[None, :]
    return [((h, k), float(problem.lump_t[k])) for h, k in np.argwhere(may).tolist()]


def _possible(plan: Plan, at: tuple[int, int]) -> Choice:
    problem = plan.problem
    owner = "+".join(problem.members[m] for m in plan.coalition)
    return Choice("build", owner, problem.products[at[1]], problem.hosts[at[0]], at, 0.0, 0.0)


def _forbidden(problem: Problem, one: Choice) -> Corridor:
    shapes = {"build": problem.buildable.shape, "hold": problem.demand_t.shape, "buy": problem.link_t.shape}
    shape = shapes[one.action]
    pair = (np.zeros(shape), _with(np.full(shape, np.inf), one.at, 0.0))
    names = {"build": "capacity_t", "hold": "stock_t", "buy": "new_t"}
    return Corridor(**{names[one.action]: pair})


def _with(amounts: Floats, at: Sequence[int], value: float) -> Floats:
    found = amounts.copy()
    found[tuple(at)] = value
    return found


def _neighbour(plan: Plan, other: Plan, choice: Choice, change: str, gap: float) -> Neighbour:
    if other.status not in SOLVED:
        return Neighbour(choice, change, other.status, None, None, None, within_gap=False)
    distance = other.cost_usd - plan.cost_usd
    missing = missing_usd(other) - missing_usd(plan)
    close = distance <= gap * max(abs(plan.cost_usd), abs(other.cost_usd))
    if plan.objective.kind == "least_shortage":
        close = close and missing <= gap * max(missing_usd(plan), missing_usd(other))
    return Neighbour(choice, change, other.status, other.cost_usd, distance, missing, bool(close), other)
