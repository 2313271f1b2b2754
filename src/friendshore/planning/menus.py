"""One purse over many products: what each could do with how much, and the best split of a budget over them.

Only the budget joins what is planned for one product with another's plan. So each part gets a menu: its best plans
at every price of a dollar, which are the corners of the convex hull of (money, objective). For a budget, the steepest
steps of all menus are taken first; the step at which the money runs out is solved again with what is left. Where
plants come in lumps that need not be the best split; how far off it can be at most is known, and told as the gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from time import monotonic

import numpy as np

from friendshore.planning.formulation import build
from friendshore.planning.formulation_weights import missing_weights
from friendshore.planning.knapsack import FINE, Dish, knapsack, mixed, value_of
from friendshore.planning.plan_reading import empty_plan, read_plan
from friendshore.planning.problem import TOGETHER, Objective, Plan, Problem, Sharing
from friendshore.planning.solving import label_of
from friendshore.planning.splitting import grouped, parts_of
from friendshore.planning.warm import Found, Warm
from friendshore.tables.trade import Floats

__all__ = ["Menus", "one_purse"]

UNLIMITED = 1e15
"""Dollars: a budget that nobody reaches, so that the program has a row for it."""
IDLE = 1e-6
"""A dollar that improves the objective by less than this part of a dollar buys nothing."""
KEPT = 1e-8
NEAR = 3
"""Steps on either side of the one at which the money runs out that are looked at more closely."""
DEAR = 1e6
"""A price of a dollar at which as few as possible are spent."""
WORKERS = 2


def one_purse(sharing: Sharing, coalition: Sequence[int]) -> bool:
    """Whether a coalition pays from one purse."""
    return len(coalition) == 1 or sharing.budgets


class Menus:
    """The menus of a coalition with one purse, from which its plan for any budget is read."""

    def __init__(
        self, problem: Problem, objective: Objective, *, sharing: Sharing = TOGETHER,
        coalition: Sequence[int] | None = None, gap: float = 1e-3,
    ) -> None:  # fmt: skip
        begun = monotonic()
        members = tuple(range(len(problem.members))) if coalition is None else tuple(coalition)
        budgets = np.full(len(problem.members), UNLIMITED)
        endless = replace(problem, limits=replace(problem.limits, budgets_usd=budgets))
        self.problem, self.gap = problem, gap
        self.built = build(endless, objective, sharing, members)
        arrays = self.built.program.arrays()
        height = self.built.program.height
        self.budget = self._row("budget")
        self.missing = self._row("missing")
        self.cost = arrays.cost
        self.first = self._first_objective()
        self.spend = np.zeros(len(arrays.cost))
        apart = np.zeros(height, bool)
        if self.budget >= 0:
            here = arrays.rows == self.budget
            self.spend[arrays.columns[here]] = arrays.coefficients[here]
            apart[self.budget] = True
        if self.missing >= 0:
            apart[self.missing] = True
        labels = grouped(arrays, label_of(self.built), apart)
        self.parts = parts_of(arrays, labels, np.zeros(height, bool), apart)
        self.warm = [Warm(part.arrays) for part in self.parts]
        self.known: dict[tuple[int, float, float], Found] = {}
        self.halves: dict[tuple[int, float], Dish] = {}
        self.corners: dict[tuple[int, bytes], list[Dish]] = {}
        self.status = "optimal"
        self.menus = self._menus()
        self.seconds = monotonic() - begun

    def _row(self, name: str) -> int:
        return self.built.rows[name][0].start if name in self.built.rows else -1

    def _first_objective(self) -> Floats:
        """Return what is minimised first: what is missing, or the cost."""
        if self.built.frame.objective.kind != "least_shortage":
            return self.cost
        found = np.zeros(len(self.cost))
        found[self.built.columns["shortage"].block.at] = missing_weights(self.built)
        return found

    def _menus(self) -> list[list[Dish]]:
        count = range(len(self.parts))
        with ThreadPoolExecutor(WORKERS) as pool:
            ends = list(pool.map(self._ends, count))
            if any(end is None for end in ends):
                self.status = "infeasible"
                return []
            known = [end for end in ends if end is not None]
            low = sum(last.value for _, last in known)
            high = sum(first.value for first, _ in known)
            self.within = self.gap * max(abs(low), 0.05 * abs(high)) / (4 * max(1, len(known)))
            return list(pool.map(lambda k: self._menu(k, *known[k]), count))

    def _ends(self, k: int) -> tuple[Dish, Dish] | None:
        """Return what a part does with the least money, and with all that helps."""
        part = self.parts[k]
        first, spend = self.first[part.columns], self.spend[part.columns]
        most = self._try(k, IDLE)
        if most is None:
            return None
        least = self._solve(k, first + IDLE * spend, 0.0)
        if not least:
            shut = self.warm[k].minimise(spend)
            least = self._solve(k, first + IDLE * spend, float(shut.values @ spend) * (1 + 1e-9))
        begin = self._dish(k, least)
        return (begin, most) if most.spent > begin.spent else (begin, begin)

    def _try(self, k: int, price: float, within: float = -1.0) -> Dish | None:
        """Return the best of a part where a dollar costs so much of the objective."""
        part = self.parts[k]
        cost = self.first[part.columns] + price * self.spend[part.columns]
        found = self.warm[k].minimise(cost, within=within, relative=1e-4)
        return self._dish(k, found) if found else None

    def _solve(self, k: int, cost: Floats, most: float) -> Found:
        """Minimise a cost of a part that may spend so much."""
        upper = {} if self.budget < 0 else {self._at(k, self.budget): most}
        return self.warm[k].minimise(cost, upper=upper, relative=1e-4)

    def _at(self, k: int, row: int) -> int:
        """Return where a row of the whole stands in a part."""
        return int(np.searchsorted(self.parts[k].rows, row))

    def _dish(self, k: int, found: Found) -> Dish:
        part = self.parts[k]
        spent = float(found.values @ self.spend[part.columns])
        return Dish(max(0.0, spent), float(found.values @ self.first[part.columns]), found.values)

    def _menu(self, k: int, first: Dish, last: Dish) -> list[Dish]:
        """Return the corners between two ends, least money first."""
        return [first, *self._between(k, first, last), last] if last.spent > first.spent else [first]

    def _between(self, k: int, a: Dish, b: Dish) -> list[Dish]:
        if b.spent - a.spent <= 1e-9 * max(1.0, b.spent) or a.value - b.value <= self.within:
            return []
        price = (a.value - b.value) / (b.spent - a.spent)
        found = self._try(k, price, self.within)
        if found is None or found.value + price * found.spent >= a.value + price * a.spent - self.within:
            return []
        return [*self._between(k, a, found), found, *self._between(k, found, b)]

    @property
    def enough_usd(self) -> float:
        """The budget from which another dollar buys nothing."""
        return float(sum(menu[-1].spent for menu in self.menus))

    @property
    def least_usd(self) -> float:
        """The budget below which the limits cannot be kept."""
        return float(sum(menu[0].spent for menu in self.menus))

    def at(self, budget_usd: float) -> Plan:
        """Return the plan for a budget.

        Its ``gap`` is the distance to the bound that was proven over what the objective is where least is spent: over
        the objective itself it would mean nothing where little is left to be won.
        """
        begun = monotonic()
        if (not self.menus and self.parts) or budget_usd < self.least_usd * (1 - 1e-9):
            return replace(empty_plan(self.built, "infeasible"), problem=self.problem)
        chosen, bound = self._greedy(budget_usd), self.bound(budget_usd)
        idle = abs(sum(menu[0].value for menu in self.menus))
        if value_of(chosen) - bound > self.gap * max(abs(value_of(chosen)), 0.05 * idle):
            chosen = min(chosen, self._refined(budget_usd), key=value_of)
        values = np.zeros(len(self.cost))
        for k, dish in enumerate(chosen):
            values[self.parts[k].columns] = self._settled(k, dish)
        distance = max(0.0, value_of(chosen) - bound)
        gap = distance / idle if idle > 0 else 0.0
        plan = read_plan(self.built, values, status="optimal", gap=gap, objective=float(values @ self.cost))
        return replace(plan, problem=self.problem, seconds=monotonic() - begun)

    def bound(self, budget_usd: float) -> float:
        """Return what no plan for a budget can be below."""
        value = sum(menu[0].value for menu in self.menus)
        left = budget_usd - self.least_usd
        for slope, _, a, b in self._steps():
            taken = min(left, b.spent - a.spent)
            value -= slope * taken
            left -= taken
        return float(value - 2 * len(self.menus) * self.within)

    def _steps(self) -> list[tuple[float, int, Dish, Dish]]:
        """All steps of all menus, the steepest first."""
        steps = [
            ((a.value - b.value) / (b.spent - a.spent), k, a, b)
            for k, menu in enumerate(self.menus)
            for a, b in pairwise(menu)
            if b.spent > a.spent
        ]
        return sorted(steps, key=lambda step: -step[0])

    def _greedy(self, budget_usd: float) -> list[Dish]:
        """Take the steepest steps; where the money runs out, the part does what it can with what is left."""
        chosen = [menu[0] for menu in self.menus]
        left = max(0.0, budget_usd - sum(dish.spent for dish in chosen))
        closed: set[int] = set()
        for _, k, a, b in self._steps():
            step = b.spent - a.spent
            if k in closed:
                continue
            if step <= left * (1 + 1e-12):
                chosen[k], left = b, left - step
                continue
            closed.add(k)
            left = self._filled(chosen, k, left)
        return chosen

    def _filled(self, chosen: list[Dish], k: int, left: float) -> float:
        """Let a part do what it can with what is left; return what is left then."""
        if left <= 1e-9 * max(1.0, self.enough_usd):
            return left
        better = self._with(k, chosen[k].spent + left)
        if better is None or better.value >= chosen[k].value:
            return left
        left -= max(0.0, better.spent - chosen[k].spent)
        chosen[k] = better
        return max(0.0, left)

    def _with(self, k: int, most: float) -> Dish | None:
        """Return the best of a part that may spend so much."""
        part = self.parts[k]
        found = self._solve(k, self.first[part.columns] + IDLE * self.spend[part.columns], most)
        return self._dish(k, found) if found else None

    def _refined(self, budget_usd: float) -> list[Dish]:
        """Split a budget over all dishes at once, those halfway between corners near the margin included."""
        steps = self._steps()
        passed = np.cumsum([b.spent - a.spent for _, _, a, b in steps])
        margin = int(np.searchsorted(passed, budget_usd - self.least_usd))
        near = steps[max(0, margin - NEAR) : margin + NEAR + 1]
        for _, k, a, b in near:
            self._look_between(k, a, b)
        menus = [list(menu) for menu in self.menus]
        for k in {k for _, k, _, _ in near}:
            seen = [*self.menus[k], *(dish for (of, _), dish in self.halves.items() if of == k)]
            menus[k] = [*seen, *(dish for each in seen for dish in self._alike(k, each, budget_usd / FINE))]
        chosen = knapsack(menus, budget_usd)
        left = budget_usd - sum(dish.spent for dish in chosen)
        nexts = [k for _, k, _, b in steps if b.spent > chosen[k].spent * (1 + 1e-9)]
        for k in list(dict.fromkeys(nexts))[:NEAR]:
            left = self._filled(chosen, k, left)
        return chosen

    def _look_between(self, k: int, a: Dish, b: Dish) -> None:
        """Add dishes between two corners: the middle, and more where lumps leave it above the line."""
        for n in (4, 1, 2, 3, 5, 6, 7):
            most = a.spent + (b.spent - a.spent) * n / 8
            if (k, most) in self.halves:
                return
            found = self._with(k, most)
            if found is None:
                return
            self.halves[k, most] = found
            if n == 4 and found.value <= (a.value + b.value) / 2 + self.within:
                return

    def _alike(self, k: int, dish: Dish, unit: float) -> list[Dish]:
        """Return what a part can do with the lumps of a dish: any mix of two such plans is one."""
        lumps = np.round(dish.values[self.warm[k].whole])
        key = (k, lumps.tobytes())
        if key not in self.corners:
            self.corners[key] = self._corners(k, dish)
        return mixed(self.corners[key], unit)

    def _corners(self, k: int, dish: Dish) -> list[Dish]:
        """Return the corners with the lumps of a dish, least money first."""
        first, spend = self.first[self.parts[k].columns], self.spend[self.parts[k].columns]

        def priced(price: float) -> Dish | None:
            found = self.warm[k].minimise(first + price * spend, lumps=dish.values)
            return self._dish(k, found) if found else None

        def between(a: Dish, b: Dish, deep: int) -> list[Dish]:
            if deep == 0 or b.spent - a.spent <= 1e-9 * max(1.0, b.spent) or a.value - b.value <= self.within:
                return []
            price = (a.value - b.value) / (b.spent - a.spent)
            found = priced(price)
            if found is None or found.value + price * found.spent >= a.value + price * a.spent - self.within:
                return []
            return [*between(a, found, deep - 1), found, *between(found, b, deep - 1)]

        low, high = priced(DEAR), priced(IDLE)
        if low is None or high is None:
            return [dish]
        return [low, *between(low, high, 5), high] if high.spent > low.spent else [low]

    def _settled(self, k: int, dish: Dish) -> Floats:
        """Return a part's variables at least cost, with no more missing and no more spent."""
        if self.missing < 0:
            return dish.values
        key = (k, round(dish.spent, 2), round(dish.value, 2))
        if key not in self.known:
            part = self.parts[k]
            scale = float((self.problem.demand_t * self.problem.price).sum())
            upper = {self._at(k, self.missing): dish.value * (1 + KEPT) + 1e-9 * scale / len(self.parts)}
            if self.budget >= 0:
                upper[self._at(k, self.budget)] = dish.spent * (1 + KEPT) + 1e-6
            found = self.warm[k].minimise(self.cost[part.columns], upper=upper, relative=1e-3)
            self.known[key] = found if found else Found(dish.values, 0.0, 0.0)
        return self.known[key].values
