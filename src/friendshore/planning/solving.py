"""Solve a plan: by product where no budget binds, else as a whole; lexicographically where shortage comes first.

What no objective settles (how much is missing within the limit, or in a case that is not the worst) is settled at the
end: with all purchases, plants and stocks as decided, as little is missing as can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friendshore.errors import ArgumentError
from friendshore.planning.first_solution import union
from friendshore.planning.formulation import Built, build
from friendshore.planning.formulation_weights import case_prices, missing_weights
from friendshore.planning.plan_reading import empty_plan, read_plan
from friendshore.planning.problem import TOGETHER, Objective, Plan, Problem, Sharing
from friendshore.planning.program import Answer
from friendshore.planning.splitting import Known, Part, grouped, minimise_parts, parts_of
from friendshore.tables.trade import Floats, Indices

__all__ = ["KINDS", "refuse_nonsense", "solve"]

KINDS = ("least_cost", "least_shortage", "expected_cost", "worst_case", "cvar")
_KEPT = 1e-6
"""Part by which the second phase may miss what the first one reached."""


def solve(
    problem: Problem,
    objective: Objective,
    *,
    sharing: Sharing = TOGETHER,
    coalition: Sequence[int] | None = None,
    gap: float = 1e-3,
    seconds: float = 60.0,
    start: Sequence[Plan] = (),
    relaxed: bool = False,
    split: bool = True,
) -> Plan:
    """Find the best plan of a coalition.

    Parameters
    ----------
    problem, objective
        What is planned, and what is minimised.
    sharing
        What the members do together.
    coalition
        Positions of the members that plan; None: all.
    gap
        Relative distance to the proven bound at which a plan with lumps counts as best.
    seconds
        Time after which the best plan found is returned, status ``time_limit``.
    start
        Plans of parts of the coalition: never worse than all of them at once, where that is possible.
    relaxed
        Whether plants may have any size.
    split
        Whether products may be solved one by one where no budget binds; the plan is as good either way.

    Returns
    -------
    Plan
        Its status tells whether there is one; see :func:`friendshore.planning.clash.refuse`.

    Raises
    ------
    ArgumentError
        ``unknown_objective``, ``probability_above_one``, ``negative_cost``, ``empty_coalition``.
    """
    begun = monotonic()
    refuse_nonsense(problem, objective, coalition)
    built = build(problem, objective, sharing, coalition)
    answer = _Search(built, gap, seconds, relaxed, split).run(start)
    if not len(answer.values) and built.program.width:
        return replace(empty_plan(built, answer.status), seconds=monotonic() - begun)
    values = _settled(built, answer.values, relaxed)
    plan = read_plan(built, values, status=answer.status, gap=answer.gap, objective=answer.objective)
    return replace(plan, seconds=monotonic() - begun)


def refuse_nonsense(problem: Problem, objective: Objective, coalition: Sequence[int] | None = None) -> None:
    """Refuse what no plan can be made from; see :func:`solve`."""
    if objective.kind not in KINDS:
        raise ArgumentError(
            f"Objective {objective.kind!r} is unknown, expected one of {', '.join(KINDS)}.",
            code="unknown_objective",
            hint="Write objective: least_cost",
        )
    if coalition is not None and not len(coalition):
        raise ArgumentError(
            "Nobody plans: the coalition is empty.", code="empty_coalition", hint="Name at least one member."
        )
    chances = np.array([case.probability for case in problem.cases])
    if (chances < 0).any() or chances.sum() > 1 + 1e-9:
        told = ", ".join(f"{case.name} {case.probability:g}" for case in problem.cases)
        raise ArgumentError(
            f"Probabilities of the cases add up to {chances.sum():g} ({told}), expected 0 to 1: cases exclude each "
            "other.",
            code="probability_above_one",
            hint="Lower the probabilities, or leave cases out.",
        )
    costs = problem.costs
    for name in ("switching_share", "emergency_share", "capital_usd_per_t", "carrying_share", "filling_share",
                 "value_factor", "outsider_share", "support_share"):  # fmt: skip
        least = float(np.min(getattr(costs, name), initial=0.0))
        if least < 0 or np.isnan(getattr(costs, name)).any():
            raise ArgumentError(
                f"Cost {name} is {least:g}, expected 0 or more.",
                code="negative_cost",
                hint="Only gap_usd_per_t may be below 0: a new plant may be cheaper than what is bought.",
            )
    if not np.isfinite(problem.price[problem.demand_t > 0]).all():
        m, k = np.argwhere((problem.demand_t > 0) & ~np.isfinite(problem.price))[0].tolist()
        raise ArgumentError(
            f"{problem.members[m]} has no price for {problem.products[k]}, expected dollars a ton.",
            code="missing_price",
            hint="Leave the product out, or bring a value for it.",
        )


class _Search:
    """One search: the program, and how long and how exactly it is solved."""

    def __init__(self, built: Built, gap: float, seconds: float, relaxed: bool, split: bool) -> None:
        self.built, self.gap, self.relaxed, self.split = built, gap, relaxed, split
        self.end = monotonic() + seconds
        self.arrays = built.program.arrays()
        self.kind = built.frame.objective.kind

    @property
    def left(self) -> float:
        return max(0.01, self.end - monotonic())

    def run(self, start: Sequence[Plan]) -> Answer:
        """Solve, from the union of other plans where there are any."""
        first = self._first(union(self.built, start)) if start else None
        answer = self._parts(first) if self.split and self.kind not in ("worst_case", "cvar") else None
        if answer is None:
            answer = self._whole(first)
        if first is not None and self._worse(answer, first):
            distance = max(0.0, first.objective - answer.bound)
            gap = distance / abs(first.objective) if first.objective else 0.0
            return replace(
                first, status="time_limit" if gap > self.gap else "optimal", gap=gap, bound=answer.bound
            )
        return answer

    def _worse(self, answer: Answer, first: Answer) -> bool:
        if not len(first.values):
            return False
        if not len(answer.values):
            return answer.status in ("time_limit", "failed")
        if self.kind == "least_shortage":
            column = self.built.columns["shortage"].block.at
            weights = missing_weights(self.built)
            mine, theirs = answer.values[column] @ weights, first.values[column] @ weights
            if not np.isclose(mine, theirs, rtol=_KEPT, atol=0.0):
                return bool(theirs < mine)
        return first.objective < answer.objective

    def _first(self, values: Floats | None) -> Answer | None:
        """Complete a first solution: its integers, and the best that goes with them."""
        if values is None or self.relaxed or not self.arrays.integer.any():
            return None
        if self.kind == "least_shortage":
            shortest = self.built.program.minimise(cost=self._missing(), fixed=values, seconds=self.left)
            if shortest.status != "optimal":
                return None
            kept = self.built.program.minimise(
                fixed=values, seconds=self.left, row_upper=self._upper(shortest.objective)
            )
            return kept if kept.status == "optimal" else shortest
        found = self.built.program.minimise(fixed=values, seconds=self.left)
        return found if found.status == "optimal" else None

    def _missing(self) -> Floats:
        cost = np.zeros(len(self.arrays.cost))
        cost[self.built.columns["shortage"].block.at] = missing_weights(self.built)
        return cost

    def _upper(self, most: float) -> Floats:
        upper = self.arrays.row_upper.copy()
        upper[self.built.rows["missing"][0].at] = most * (1 + _KEPT) + self._dust()
        return upper

    def _dust(self) -> float:
        """Return what is missing by the solver's tolerance alone: below it, it takes a plan that is one for none."""
        column = self.built.columns["shortage"].block.at
        return 3e-7 * float((missing_weights(self.built) * self.arrays.unit[column]).max(initial=0.0))

    def _whole(self, first: Answer | None) -> Answer:
        program = self.built.program
        begin = first.values if first is not None and len(first.values) else None
        if self.kind != "least_shortage":
            return program.minimise(gap=self.gap, seconds=self.left, start=begin, relaxed=self.relaxed)
        shortest = program.minimise(
            cost=self._missing(), gap=self.gap, seconds=self.left, start=begin, relaxed=self.relaxed
        )
        if not len(shortest.values):
            return shortest
        answer = program.minimise(
            gap=self.gap, seconds=self.left, start=shortest.values, relaxed=self.relaxed,
            row_upper=self._upper(shortest.objective),
        )  # fmt: skip
        return _of_two(shortest, answer)

    def _parts(self, first: Answer | None) -> Answer | None:
        """Solve apart what hangs together by no budget that binds; None where nothing is won by it."""
        built = self.built
        budgets, kept = np.zeros(built.program.height, bool), np.zeros(built.program.height, bool)
        for name, rows in (("budget", budgets), ("missing", kept)):
            if name in built.rows:
                rows[built.rows[name][0].at] = True
        begin = first.values if first is not None and len(first.values) else None
        label, apart, known = label_of(built), budgets.copy(), Known()
        while True:
            parts = parts_of(self.arrays, grouped(self.arrays, label, apart | kept), apart, kept)
            if len(parts) < 2:
                return None
            answer = self._by_parts(parts, begin, known)
            if not len(answer.values):
                # Without some of its rows a program is infeasible only if it is so with them.
                return answer if answer.status == "infeasible" or not apart.any() else None
            broken = self._broken(answer.values, apart)
            if not broken.any():
                return answer
            apart &= ~broken

    def _by_parts(self, parts: list[Part], begin: Floats | None, known: Known) -> Answer:
        one: dict[str, Any] = {"gap": self.gap, "relaxed": self.relaxed, "known": known}
        if self.kind != "least_shortage":
            return minimise_parts(parts, self.arrays, seconds=self.left, start=begin, **one)
        cost = self._missing()
        shortest = minimise_parts(parts, self.arrays, seconds=self.left, start=begin, cost=cost, **one)
        if not len(shortest.values):
            return shortest
        upper = []
        number = self.built.rows["missing"][0].start
        for part in parts:
            limit = part.arrays.row_upper.copy()
            reached = float(shortest.values[part.columns] @ cost[part.columns])
            limit[np.searchsorted(part.rows, number)] = reached * (1 + _KEPT) + self._dust() / len(parts)
            upper.append(limit)
        answer = minimise_parts(
            parts,
            self.arrays,
            seconds=self.left,
            start=shortest.values,
            row_upper=upper,
            **one,
        )
        return _of_two(shortest, answer)

    def _broken(self, values: Floats, apart: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """By row, budgets that were left out and do not hold."""
        arrays = self.arrays
        if self.built.frame.sharing.lumps and not self.built.frame.sharing.budgets and apart.any():
            return apart & (not self._payable(values))
        activity = np.bincount(
            arrays.rows, arrays.coefficients * values[arrays.columns], self.built.program.height
        )
        return np.asarray(apart & (activity > arrays.row_upper * (1 + 1e-9)), bool)

    def _payable(self, values: Floats) -> bool:
        """Whether purses that are kept apart can pay for plants owned together, however they split it."""
        from friendshore.planning.formulation_normal import budgets_of

        built, problem = self.built, self.built.frame.problem
        stock = (built.columns["stock"].spread(values) * problem.price).sum(axis=1)
        left = np.where(built.frame.inside, budgets_of(problem) - stock, 0.0)
        rate = problem.costs.support_share * problem.costs.capital_usd_per_t
        plants = sum(built.columns[name].spread(values).sum(axis=2) for name in ("plant", "lumps"))
        due = float((rate * plants).sum())
        return bool((left >= -1e-9 * np.abs(stock)).all() and due <= left.sum() * (1 + 1e-9))


def label_of(built: Built) -> Indices:
    """By variable, a number of its member and product; of the first owner for a plant that several own."""
    frame, problem = built.frame, built.frame.problem
    found = np.zeros(built.program.width, dtype=np.int64)
    products = len(problem.products)
    for name, column in built.columns.items():
        at = column.where
        if name in ("kept", "new", "qualified", "emergency"):
            member, product = problem.link_member[at[-1]], problem.link_product[at[-1]]
        elif name in ("plant", "lumps"):
            member, product = frame.members[at[2]], at[1]
        elif name == "support":
            member, product = frame.members[np.zeros(len(at[0]), np.int64)], at[2]
        elif name in ("worst", "beyond"):
            continue
        else:
            member, product = at[-2], at[-1]
        found[column.block.at] = member * products + product
    return found


def _of_two(shortest: Answer, answer: Answer) -> Answer:
    """Join the answers of two phases: marked if either ran out of time."""
    if not len(answer.values):
        return replace(shortest, status="time_limit", gap=np.inf)
    status = "time_limit" if "time_limit" in (shortest.status, answer.status) else answer.status
    return replace(answer, status=status, gap=max(shortest.gap, answer.gap))


def _settled(built: Built, values: Floats, relaxed: bool) -> Floats:
    """Let as little be missing as goes with what was decided."""
    kind = built.frame.objective.kind
    if kind in ("least_shortage", "expected_cost") or not built.columns["shortage"].block.size:
        return values
    free = np.zeros(len(values), bool)
    cost = np.zeros(len(values))
    names = ["delivered", "drawn", "shortage"] + (["emergency", "redirected"] if kind != "least_cost" else [])
    for name in names:
        free[built.columns[name].block.at] = True
    for name, price in case_prices(built):
        if name in names:
            cost[built.columns[name].block.at] = price
    if kind == "least_cost":
        _, _, m, k = built.columns["shortage"].where
        cost[built.columns["shortage"].block.at] = built.frame.problem.price[m, k]
    answer = built.program.minimise(cost=cost, fixed=values, keep=~free, relaxed=relaxed)
    return answer.values if answer.status == "optimal" else values
