"""Which decisions survive: the plan solved anew under every other assumption, decision by decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from friendshore.planning.problem import Objective, Plan, Problem, Sharing
from friendshore.planning.variations import Variation
from friendshore.progress import Count
from friendshore.records import Note

__all__ = ["SURVIVES", "Key", "Robustness", "Survival", "Tried", "robust", "tons_of"]

SURVIVES = 0.1
"""Part of its tons in the stated plan that a decision must keep in a variation to survive it."""
DUST = 1e-4
"""Part of demand below which tons are no decision."""
WORKERS = 2
UNPRICED = frozenset({"least_cost", "least_shortage"})
"""Objectives for which the value of a missing ton does not matter."""

Key = tuple[str, str, str, str]
"""(``hold``, member, product, nothing); (``build``, owners joined by +, product, host); (``buy``, member, product,
supplier)."""
Solver = Callable[[Problem, Objective, Sharing, tuple[int, ...]], Plan]


@dataclass(frozen=True, eq=False)
class Tried:
    """One variation, and the plans under it."""

    variation: Variation
    plans: tuple[Plan, ...]

    @property
    def status(self) -> str:
        """``optimal`` and the like; that of the first coalition that has no plan, where one has none."""
        found = [plan.status for plan in self.plans]
        return next((status for status in found if status not in ("optimal", "time_limit")), max(found))

    @property
    def solved(self) -> bool:
        """Whether every coalition has a plan."""
        return self.status in ("optimal", "time_limit")


@dataclass(frozen=True)
class Survival:
    """How a decision fared."""

    recommended: bool
    """Whether it survives every middle variation that has a plan."""
    hinges_on: tuple[str, ...]
    """Names of the variations, not bounds, in which it goes."""
    low_t: float
    high_t: float
    """Over all middle variations, the stated one included."""


@dataclass(frozen=True, eq=False)
class Robustness:
    """What became of each decision of the stated plan."""

    survivals: Mapping[Key, Survival]
    tried: tuple[Tried, ...]
    """The stated problem first; the two bounds last."""
    without_plan: tuple[str, ...]
    """Names of the middle variations in which the limits cannot be kept: they decide nothing."""

    @property
    def bounds(self) -> tuple[Tried, ...]:
        """First come and last come, which are told and decide nothing."""
        return tuple(each for each in self.tried if each.variation.bound)


def tons_of(plan: Plan, least: float = DUST) -> dict[Key, float]:
    """Return what a plan does beyond today, in tons, where it is more than a part of the members' demand."""
    problem = plan.problem
    found: dict[Key, float] = {}
    for m, k in np.argwhere(plan.stock_t > least * problem.demand_t).tolist():
        found["hold", problem.members[m], problem.products[k], ""] = float(plan.stock_t[m, k])
    owners = "+".join(problem.members[m] for m in plan.coalition)
    needed = problem.demand_t[list(plan.coalition)].sum(axis=0)
    for h, k in np.argwhere(plan.capacity_t > least * needed).tolist():
        found["build", owners, problem.products[k], problem.hosts[h]] = float(plan.capacity_t[h, k])
    of = (problem.link_member, problem.link_product)
    for n in np.flatnonzero(plan.new_t > least * problem.demand_t[of]).tolist():
        supplier = problem.suppliers[int(problem.link_supplier[n])]
        found["buy", problem.members[int(of[0][n])], problem.products[int(of[1][n])], supplier] = float(
            plan.new_t[n]
        )
    return found


def robust(
    variations: Sequence[Variation],
    plans: Sequence[Plan],
    solver: Solver,
    *,
    workers: int = WORKERS,
) -> Robustness:
    """Solve all variations and see which decisions of the stated plans survive.

    Parameters
    ----------
    variations
        The stated problem first, then all that differ from it.
    plans
        Of the stated problem, for disjoint coalitions; objective and sharing are taken from them.
    solver
        Solves a problem for a coalition: ``(problem, objective, sharing, coalition)``.
    workers
        Threads.
    """
    objective = plans[0].objective
    tasks: dict[int, list[int]] = {}
    for n in range(len(variations)):
        tasks.setdefault(_alike(variations, n, objective), []).append(n)

    count = Count(Note(template="Trying the plan under other assumptions"), len(tasks))

    def solved(n: int) -> tuple[Plan, ...]:
        if n == 0:
            count.step()
            return tuple(plans)
        each = partial(solver, variations[n].problem, objective)
        answers = tuple(each(plan.sharing, plan.coalition) for plan in plans)
        count.step()
        return answers

    with ThreadPoolExecutor(max(1, workers)) as pool:
        found = dict(zip(tasks, pool.map(solved, tasks), strict=True))
    of = {n: found[first] for first, same in tasks.items() for n in same}
    tried = [Tried(variation, of[n]) for n, variation in enumerate(variations)]
    return _read(tried, plans)


def _alike(variations: Sequence[Variation], n: int, objective: Objective) -> int:
    """Return the first variation with the same plan: the value of a missing ton does not move every objective."""
    here = variations[n]
    if here.changed != "value" or objective.kind not in UNPRICED:
        return n
    same = (i for i, each in enumerate(variations) if not each.changed and each.rule == here.rule)
    return next(same, n)


def _read(tried: Sequence[Tried], plans: Sequence[Plan]) -> Robustness:
    middle = [each for each in tried if not each.variation.bound]
    counted = [each for each in middle if each.solved]
    tons = [{key: t for plan in each.plans for key, t in tons_of(plan, 0.0).items()} for each in counted]
    stated = {key: t for plan in plans for key, t in tons_of(plan).items()}
    survivals = {}
    for key, most in stated.items():
        here = [each.get(key, 0.0) for each in tons]
        goes = tuple(
            each.variation.name for each, t in zip(counted, here, strict=True) if t < SURVIVES * most
        )
        survivals[key] = Survival(not goes, goes, min([most, *here]), max([most, *here]))
    without = tuple(each.variation.name for each in middle if not each.solved)
    ordered = [*middle, *(each for each in tried if each.variation.bound)]
    return Robustness(survivals, tuple(ordered), without)
