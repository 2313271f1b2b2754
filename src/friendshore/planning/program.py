"""The one door to the solver: named variables and constraints in, status, values and duals out.

A program stays in its own units (tons, dollars). The solver sees it scaled: each variable in its ``unit``, each row
by its largest coefficient, the objective by its largest. So its tolerances mean the same for 10 tons of germanium
and a million tons of magnesite, and a change of currency or of weights changes no decision.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friendshore.tables.trade import Floats, Indices

__all__ = ["Answer", "Arrays", "Block", "Program", "minimise"]

Labels = Callable[[], Sequence[str]]


@dataclass(frozen=True, eq=False)
class Block:
    """A run of variables or rows under one name, shaped; ``at[index]`` gives their numbers in the program."""

    name: str
    shape: tuple[int, ...]
    start: int
    labels: Labels | None = None
    """Asked only when somebody reads: one label by variable or row, in order."""

    @property
    def size(self) -> int:
        """How many variables or rows."""
        return int(np.prod(self.shape))

    @property
    def at(self) -> Indices:
        """Numbers of its variables or rows, in its shape."""
        return np.arange(self.start, self.start + self.size, dtype=np.int64).reshape(self.shape)

    def names(self) -> list[str]:
        """Name each variable or row: the block's name and its label, or its index."""
        if self.labels is not None:
            return [f"{self.name}({label})" for label in self.labels()]
        if self.shape == (1,):
            return [self.name]
        return [f"{self.name}({','.join(map(str, index))})" for index in np.ndindex(*self.shape)]


@dataclass(frozen=True, eq=False)
class Answer:
    """What the solver found."""

    status: str
    """``optimal``, ``time_limit`` (best solution found if ``values`` has any, not proven), ``infeasible``,
    ``unbounded``, ``failed``."""
    objective: float
    gap: float
    values: Floats
    """By variable; empty where there is no solution."""
    duals: Floats
    """By row; empty for a program with integers. Sign: change of the objective for one more on the right side."""
    reduced: Floats
    """By variable, the same for its binding bound; empty for a program with integers."""
    bound: float = -np.inf
    """No solution is better than this."""

    def of(self, block: Block) -> Floats:
        """Values of a block of variables, in its shape."""
        return self.values[block.start : block.start + block.size].reshape(block.shape)

    def dual(self, block: Block) -> Floats:
        """Duals of a block of rows, in its shape."""
        return self.duals[block.start : block.start + block.size].reshape(block.shape)


@dataclass(frozen=True, eq=False)
class Arrays:
    """A program as plain arrays: minimise ``cost @ x`` with ``row_lower <= A x <= row_upper`` and bounds.

    ``A`` is held by columns: those of column j stand at ``starts[j]:starts[j + 1]``.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    unit: Floats
    row_lower: Floats
    row_upper: Floats
    starts: NDArray[np.int32]
    rows: NDArray[np.int32]
    coefficients: Floats

    @property
    def columns(self) -> Indices:
        """Column of each coefficient."""
        return np.repeat(np.arange(len(self.cost), dtype=np.int64), np.diff(self.starts))


@dataclass(eq=False)
class Program:
    """A linear program, with integers where asked for, built block by block from arrays."""

    columns: list[Block] = field(default_factory=list)
    constraints: list[Block] = field(default_factory=list)
    _lower: list[Floats] = field(default_factory=list)
    _upper: list[Floats] = field(default_factory=list)
    _cost: list[Floats] = field(default_factory=list)
    _unit: list[Floats] = field(default_factory=list)
    _integer: list[NDArray[np.bool_]] = field(default_factory=list)
    _row_lower: list[Floats] = field(default_factory=list)
    _row_upper: list[Floats] = field(default_factory=list)
    _entries: list[tuple[Indices, Indices, Floats]] = field(default_factory=list)
    _arrays: Arrays | None = None

    @property
    def width(self) -> int:
        """How many variables."""
        return self.columns[-1].start + self.columns[-1].size if self.columns else 0

    @property
    def height(self) -> int:
        """How many rows."""
        return self.constraints[-1].start + self.constraints[-1].size if self.constraints else 0

    def variables(
        self, name: str, shape: tuple[int, ...], *, lower: Any = 0.0, upper: Any = np.inf, cost: Any = 0.0,  # noqa: ANN401  numbers or arrays of any shape
        integer: bool = False, unit: Any = 1.0, labels: Labels | None = None,  # noqa: ANN401  numbers or arrays of any shape
    ) -> Block:  # fmt: skip
        """Add a block of variables; bounds, costs and units are broadcast to its shape."""
        block = Block(name, shape, self.width, labels)
        self.columns.append(block)
        given = ((self._lower, lower), (self._upper, upper), (self._cost, cost), (self._unit, unit))
        for into, values in given:
            into.append(np.broadcast_to(np.asarray(values, np.float64), shape).ravel())
        self._integer.append(np.full(block.size, integer))
        self._arrays = None
        return block

    def rows(
        self, name: str, shape: tuple[int, ...], *terms: tuple[Any, Any, Any], lower: Any = -np.inf,  # noqa: ANN401  numbers or arrays of any shape
        upper: Any = np.inf, labels: Labels | None = None,  # noqa: ANN401  numbers or arrays of any shape
    ) -> Block:  # fmt: skip
        """Add a block of rows ``lower <= sum of terms <= upper``.

        Parameters
        ----------
        name, shape
            Of the block.
        terms
            Each ``(row, variable, coefficient)``: arrays that broadcast together; ``row`` counts within the block
            (its shape ravelled), ``variable`` is a number of the program (from ``Block.at``).
        lower, upper
            Broadcast to the shape.
        labels
            Of its rows, asked only when somebody reads.
        """
        block = Block(name, shape, self.height, labels)
        self.constraints.append(block)
        for into, values in ((self._row_lower, lower), (self._row_upper, upper)):
            into.append(np.broadcast_to(np.asarray(values, np.float64), shape).ravel())
        for row, variable, coefficient in terms:
            r, v, c = np.broadcast_arrays(row, variable, np.asarray(coefficient, np.float64))
            keep = c.ravel() != 0
            self._entries.append((r.ravel()[keep] + block.start, v.ravel()[keep], c.ravel()[keep]))
        self._arrays = None
        return block

    def extend(self, block: Block, row: Any, variable: Any, coefficient: Any) -> None:  # noqa: ANN401  numbers or arrays of any shape
        """Add a term to rows that are there already; as in :meth:`rows`."""
        r, v, c = np.broadcast_arrays(row, variable, np.asarray(coefficient, np.float64))
        self._entries.append((r.ravel() + block.start, v.ravel(), c.ravel()))
        self._arrays = None

    def arrays(self) -> Arrays:
        """Put the blocks together; entries at the same place add up."""
        if self._arrays is None:
            whole, width = _joined, self.width
            row, column, value = (
                np.concatenate([entry[n] for entry in self._entries] or [np.zeros(0, np.int64)])
                for n in range(3)
            )
            key = column.astype(np.int64) * max(1, self.height) + row
            order = np.argsort(key, kind="stable")
            key = key[order]
            first = np.flatnonzero(np.diff(key, prepend=-1))
            place = order[first]
            starts = np.searchsorted(column[place], np.arange(width + 1))
            self._arrays = Arrays(
                whole(self._cost), whole(self._lower), whole(self._upper),
                np.concatenate([*self._integer, np.zeros(0, bool)]), whole(self._unit),
                whole(self._row_lower), whole(self._row_upper),
                starts.astype(np.int32), row[place].astype(np.int32),
                np.add.reduceat(value[order], first) if len(first) else np.zeros(0),
            )  # fmt: skip
        return self._arrays

    def minimise(
        self,
        *,
        gap: float = 1e-6,
        seconds: float = np.inf,
        start: Floats | None = None,
        relaxed: bool = False,
        fixed: Floats | None = None,
        keep: NDArray[np.bool_] | None = None,
        cost: Floats | None = None,
        row_upper: Floats | None = None,
        row_lower: Floats | None = None,
    ) -> Answer:
        """Solve it.

        Parameters
        ----------
        gap
            Relative distance to the bound at which a program with integers counts as solved.
        seconds
            Time after which the best solution found is returned, status ``time_limit``.
        start
            Values of all variables to begin from; those that break a limit are ignored.
        relaxed
            Whether integers may be broken.
        fixed
            Values of all variables, of which the integers are kept: what is left is linear and has duals.
        keep
            By variable, whether it is kept at its value in ``fixed``; without it the integers are.
        cost, row_upper, row_lower
            In place of its own.
        """
        from friendshore.planning import solver

        return solver.minimise(
            self.arrays(), gap=gap, seconds=seconds, start=start, relaxed=relaxed, fixed=fixed, keep=keep,
            cost=cost, row_upper=row_upper, row_lower=row_lower,
        )  # fmt: skip

    def lp_text(self, blocks: Sequence[str]) -> str:
        """Write the rows of some blocks as people read them, one a line, with the bounds of what stands in them."""
        arrays = self.arrays()
        names = np.array([name for block in self.columns for name in block.names()], object)
        column, lines, met = arrays.columns, [], np.zeros(self.width, bool)
        order = np.lexsort((column, arrays.rows))
        row, column, value = arrays.rows[order], column[order], arrays.coefficients[order]
        for block in self.constraints:
            if block.name not in blocks:
                continue
            for number, name in zip(range(block.start, block.start + block.size), block.names(), strict=True):
                here = slice(*np.searchsorted(row, [number, number + 1]))
                met[column[here]] = True
                terms = _terms(names[column[here]], value[here])
                lines.append(f"{name}: " + _limits(terms, arrays.row_lower[number], arrays.row_upper[number]))
        bounds = [
            _limits(names[n], arrays.lower[n], arrays.upper[n]) + (" integer" if arrays.integer[n] else "")
            for n in np.flatnonzero(met).tolist()
        ]
        return "\n".join(
            ["rows", *(f"  {line}" for line in lines), "bounds", *(f"  {b}" for b in bounds), ""]
        )


def minimise(arrays: Arrays, *, usd: float) -> Answer:
    """Solve a linear program of ones and minus ones that is already put together.

    Parameters
    ----------
    arrays
        The program; its variables share one unit.
    usd
        A usual cost: costs that differ by a tenth of a millionth of it are alike.
    """
    from friendshore.planning import solver

    return solver.minimise_ones(arrays, usd)


def _joined(parts: list[Floats]) -> Floats:
    return np.concatenate([*parts, np.zeros(0)])


def _terms(names: NDArray[np.object_], values: Floats) -> str:
    text = " ".join(
        f"{'-' if value < 0 else '+'} {'' if abs(value) == 1 else f'{abs(value):.9g} '}{name}"
        for name, value in zip(names.tolist(), values.tolist(), strict=True)
    )
    return text.removeprefix("+ ") or "0"


def _limits(terms: str, low: float, high: float) -> str:
    if low == high:
        return f"{terms} = {low:.9g}"
    if np.isinf(low):
        return f"{terms} <= {high:.9g}" if np.isfinite(high) else f"{terms} free"
    return f"{terms} >= {low:.9g}" if np.isinf(high) else f"{low:.9g} <= {terms} <= {high:.9g}"
