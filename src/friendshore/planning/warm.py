"""One part of a program solved again and again: with other costs and other limits, from where it stood.

Its few whole numbers are branched on here. Each step starts from the last one's basis, which a solver that is asked
anew each time cannot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from friendshore.planning.program import Arrays
from friendshore.planning.solver import _Task
from friendshore.tables.trade import Floats

__all__ = ["Found", "Warm"]

WHOLE = 1e-6
"""Distance at which a number counts as whole."""
MOST_NODES = 400


@dataclass(frozen=True, eq=False)
class Found:
    """What a search found; no values where there is nothing to be found."""

    values: Floats
    objective: float
    bound: float
    """No solution is below it."""

    def __bool__(self) -> bool:
        return bool(len(self.values))


class Warm:
    """A program that stays in the solver between solves."""

    def __init__(self, arrays: Arrays, seconds: float = 60.0) -> None:
        self.arrays = arrays
        self.task = _Task(arrays, None, None, None)
        self.whole = np.flatnonzero(arrays.integer).astype(np.int32)
        self.solver: Any = self.task.opened(np.zeros(len(arrays.cost), bool), 0.0, seconds)
        self.solver.setOptionValue("presolve", "off")
        self.columns = np.arange(len(arrays.cost), dtype=np.int32)
        self.limits = arrays.row_upper.copy()
        self.usd = 1.0
        self.lower, self.upper = self.task.lower[self.whole].copy(), self.task.upper[self.whole].copy()

    def minimise(
        self, cost: Floats, *, upper: Mapping[int, float] | None = None, within: float = 0.0, relative: float = 0.0,
        lumps: Floats | None = None,
    ) -> Found:  # fmt: skip
        """Minimise a cost.

        Parameters
        ----------
        cost
            By variable.
        upper
            By row, its most in this solve; as built elsewhere.
        within, relative
            How far from the best a solution may be: in units of the cost, and as a part of it.
        lumps
            A solution whose whole numbers are kept.
        """
        self._charge(cost)
        self._limit(upper or {})
        best, value = np.zeros(0), np.inf
        bound = np.inf
        least, top = self.lower, self.upper
        if lumps is not None:
            least = top = np.clip(np.round(lumps[self.whole]), self.lower, self.upper)
        open_nodes: list[tuple[Floats, Floats, float]] = [(least, top, -np.inf)]
        nodes = 0
        while open_nodes:
            lower, most, known = open_nodes.pop()
            near = value - max(within, relative * abs(value)) if len(best) else np.inf
            if known >= near:
                bound = min(bound, known)
                continue
            if nodes >= MOST_NODES and len(best):
                bound = min(bound, known)
                continue
            nodes += 1
            found, objective = self._relaxed(lower, most)
            if found is None:
                continue
            if objective >= near:
                bound = min(bound, objective)
                continue
            numbers = found[self.whole]
            off = np.abs(numbers - np.round(numbers))
            if not len(off) or off.max() <= WHOLE:
                best, value = found, objective
                continue
            at = int(np.argmax(off))
            down, up = most.copy(), lower.copy()
            down[at], up[at] = np.floor(numbers[at]), np.ceil(numbers[at])
            # the nearer whole number is tried first: the last one in is the next one out
            halves = [(lower, down, objective), (up, most, objective)]
            open_nodes += halves if numbers[at] - down[at] > 0.5 else halves[::-1]
        self._bounds(self.lower, self.upper)
        bound = min(bound, value)
        if not len(best):
            return Found(best, np.inf, np.inf)
        return Found(best, value, bound)

    def _charge(self, cost: Floats) -> None:
        priced = cost * self.task.unit
        self.usd = float(np.abs(priced).max(initial=0.0)) or 1.0
        self.solver.changeColsCost(len(self.columns), self.columns, priced / self.usd)

    def _limit(self, upper: Mapping[int, float]) -> None:
        wanted = self.arrays.row_upper.copy()
        for row, most in upper.items():
            wanted[row] = most
        for row in np.flatnonzero(wanted != self.limits).tolist():
            unit = self.task.row_unit[row]
            self.solver.changeRowBounds(row, self.task.row_lower[row], wanted[row] / unit)
        self.limits = wanted

    def _bounds(self, lower: Floats, upper: Floats) -> None:
        if len(self.whole):
            self.solver.changeColsBounds(len(self.whole), self.whole, lower, upper)

    def _relaxed(self, lower: Floats, upper: Floats) -> tuple[Floats | None, float]:
        """Solve with the whole numbers between bounds, anywhere between them."""
        if (lower > upper).any():
            return None, np.inf
        self._bounds(lower, upper)
        self.solver.run()
        if self.solver.modelStatusToString(self.solver.getModelStatus()) != "Optimal":
            return None, np.inf
        values = np.array(self.solver.getSolution().col_value)
        values = np.clip(values, self.task.lower, self.task.upper)
        values[self.whole] = np.clip(values[self.whole], lower, upper)
        objective = float(self.solver.getInfo().objective_function_value) * self.usd
        return values * self.task.unit, objective
