"""Where decisions flip: from which stakes on each is worth it, on one axis for probability times value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from friendshore.planning.neighbours import Choice, any_size, choices
from friendshore.planning.prescribing import SOLVED, Solve
from friendshore.planning.problem import Objective, Plan, Problem

__all__ = ["Flip", "flips", "stakes_of"]

Key = tuple[str, str, str]
LOW, HIGH = 0.001, 0.2 * 500.0
"""Ends of the axis: far below the least likely and least grave of what the table of costs tries (0.01 x 8), and the
most of it."""
EXPECTED = Objective(kind="expected_cost")


@dataclass(frozen=True)
class Flip:
    """From which stakes on a decision is worth it.

    Stakes are the probability of a case (their mean) times the value of a missing ton in prices: what a ton missing in
    the case costs a year in expectation, over its price.
    """

    choice: Choice
    """What is decided on a product, wherever: its suppliers and hosts are taken together, since those that cost the
    same take turns. With the tons of the plan, where it has it, else those at the highest stakes that have it."""
    places: tuple[str, ...]
    """Suppliers or hosts, largest first."""
    in_plan: bool
    never_below: float | None
    """At these and all lower stakes that were tried it is never there; None where it is there at the lowest."""
    always_above: float | None
    """At these and all higher stakes that were tried it is always there; None where it is not at the highest."""
    gone_above: float | None
    """Where it comes and then goes again: at these and all higher stakes it is not there."""

    @property
    def steady(self) -> bool:
        """Whether it has one flip at most: once worth it, worth it at all higher stakes."""
        return self.always_above is not None


def stakes_of(problem: Problem) -> float:
    """Return mean probability of the cases times the mean value of a missing ton, weighed by demand at its price."""
    weight = (problem.demand_t * problem.price).sum(axis=0)
    value = np.average(problem.costs.value_factor, weights=weight) if weight.sum() > 0 else 0.0
    chance = np.mean([case.probability for case in problem.cases]) if problem.cases else 0.0
    return float(value * chance)


def flips(
    plan: Plan,
    *,
    solve: Solve,
    points: int = 17,
    rounds: int = 2,
    low: float = LOW,
    high: float = HIGH,
    relaxed: bool = True,
    gap: float = 1e-3,
    seconds: float = 10.0,
) -> tuple[tuple[Flip, ...], Mapping[float, Plan]]:
    """Return where each decision flips, and the plans by stakes from which that was read.

    Parameters
    ----------
    plan
        A plan that was found; its own decisions come first.
    solve
        As :func:`friendshore.planning.solving.solve`.
    points
        Stakes tried first, spread evenly by ratio from ``low`` to ``high``, with today's among them.
    rounds
        How often each stretch of the axis in which something changes is halved.
    low, high
        Ends of the axis.
    relaxed
        Whether plants may have any size on the axis. In steps, what a step happens to leave over makes small
        decisions come and go, and each search takes ten times as long.
    gap, seconds
        Of each search.

    Notes
    -----
    What is solved is the problem by expected cost, within the same budgets, caps and floors, with the value of a
    missing ton scaled; each search begins from the plan at the next lower stakes.
    """
    problem = plan.problem
    base = stakes_of(problem)
    if base <= 0:
        return (), {}
    ends = min(low, base), max(high, base)
    axis = sorted({*np.geomspace(*ends, points).tolist(), base})
    found: dict[float, Plan] = {}
    one_more = _Axis(plan, solve, base, relaxed, gap, seconds)
    for stakes in axis:
        one_more.add(found, stakes)
    for _ in range(rounds):
        tried = sorted(found)
        for one, other in pairwise(tried):
            if _keys(found[one]) != _keys(found[other]):
                one_more.add(found, float(np.sqrt(one * other)))
    return _read(plan, found), found


@dataclass(frozen=True, eq=False)
class _Axis:
    """How plans on the axis are found."""

    plan: Plan
    solve: Solve
    base: float
    relaxed: bool
    gap: float
    seconds: float

    def add(self, found: dict[float, Plan], stakes: float) -> None:
        """Find the plan at some stakes, from the one at the next lower ones."""
        plan, problem = self.plan, self.plan.problem
        value = problem.costs.value_factor * (stakes / self.base)
        scaled = replace(problem, costs=replace(problem.costs, value_factor=value))
        scaled = any_size(scaled, plan.coalition) if self.relaxed else scaled
        before = [at for at in found if at < stakes]
        start = (found[max(before)],) if before and not self.relaxed else ()
        made = self.solve(
            scaled, EXPECTED, sharing=plan.sharing, coalition=plan.coalition, gap=self.gap, seconds=self.seconds,
            start=start, relaxed=self.relaxed,
        )  # fmt: skip
        if made.status in SOLVED:
            found[stakes] = made


def _together(plan: Plan) -> dict[Key, tuple[Choice, tuple[str, ...]]]:
    """Decisions on a product, whatever the place: sums, and the places, largest first."""
    parts: dict[Key, list[Choice]] = {}
    for one in choices(plan):
        parts.setdefault(one.key[:3], []).append(one)
    found = {}
    for key, each in parts.items():
        each.sort(key=lambda one: (-one.tons, one.place))
        tons, usd = sum(one.tons for one in each), sum(one.cost_usd for one in each)
        whole = replace(each[0], place="", at=(), tons=tons, cost_usd=usd)
        found[key] = whole, tuple(one.place for one in each if one.place)
    return found


def _keys(plan: Plan) -> frozenset[Key]:
    return frozenset(_together(plan))


def _read(plan: Plan, found: Mapping[float, Plan]) -> tuple[Flip, ...]:
    axis = sorted(found)
    known: dict[Key, tuple[Choice, tuple[str, ...]]] = {}
    there: dict[Key, set[float]] = {}
    for stakes in reversed(axis):
        for key, one in _together(found[stakes]).items():
            known.setdefault(key, one)
            there.setdefault(key, set()).add(stakes)
    mine = _together(plan)
    order = [*mine, *(key for key in known if key not in mine)]
    return tuple(
        _flip(*(mine.get(key) or known[key]), key in mine, axis, there.get(key, set())) for key in order
    )


def _flip(
    choice: Choice, places: tuple[str, ...], in_plan: bool, axis: list[float], there: set[float]
) -> Flip:
    present = [stakes for stakes in axis if stakes in there]
    absent = [stakes for stakes in axis if stakes not in there]
    below = [stakes for stakes in absent if not present or stakes < present[0]]
    above = [stakes for stakes in present if not absent or stakes > absent[-1]]
    gone = [stakes for stakes in absent if present and stakes > present[-1]]
    return Flip(
        choice,
        places,
        in_plan,
        never_below=below[-1] if below else None,
        always_above=above[0] if above else None,
        gone_above=gone[0] if gone else None,
    )
