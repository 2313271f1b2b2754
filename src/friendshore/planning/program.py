"""The one door to the solver: named variables and constraints in, status, values and duals out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friendshore.tables.trade import Floats, Indices

__all__ = ["Answer", "Block", "Program"]


@dataclass(frozen=True, eq=False)
class Block:
    """A run of variables or rows under one name, shaped; ``at[index]`` gives their numbers in the program."""

    name: str
    shape: tuple[int, ...]
    start: int

    @property
    def at(self) -> Indices:
        """Numbers of its variables or rows, in its shape."""
        size = int(np.prod(self.shape))
        return np.arange(self.start, self.start + size, dtype=np.int64).reshape(self.shape)


@dataclass(frozen=True, eq=False)
class Answer:
    """What the solver found."""

    status: str
    """``optimal``, ``time_limit`` (a solution, not proven), ``infeasible``, ``unbounded``, ``failed``."""
    objective: float
    gap: float
    values: Floats
    duals: Floats
    """By row; empty for a program with integers. Sign: change of the objective for one more on the right side."""
    reduced: Floats
    """By variable; empty for a program with integers."""

    def of(self, block: Block) -> Floats:
        """Values of a block of variables, in its shape."""
        return self.values[block.start : block.start + int(np.prod(block.shape))].reshape(block.shape)

    def dual(self, block: Block) -> Floats:
        """Duals of a block of rows, in its shape."""
        return self.duals[block.start : block.start + int(np.prod(block.shape))].reshape(block.shape)


@dataclass(eq=False)
class Program:
    """A linear program, with integers where asked for, built block by block from arrays."""

    columns: list[Block] = field(default_factory=list)
    constraints: list[Block] = field(default_factory=list)
    _lower: list[Floats] = field(default_factory=list)
    _upper: list[Floats] = field(default_factory=list)
    _cost: list[Floats] = field(default_factory=list)
    _integer: list[NDArray[np.bool_]] = field(default_factory=list)
    _row_lower: list[Floats] = field(default_factory=list)
    _row_upper: list[Floats] = field(default_factory=list)
    _entries: list[tuple[Indices, Indices, Floats]] = field(default_factory=list)

    def variables(
        self, name: str, shape: tuple[int, ...], *, lower: Any = 0.0, upper: Any = np.inf, cost: Any = 0.0,  # noqa: ANN401
        integer: bool = False,
    ) -> Block:  # fmt: skip
        """Add a block of variables; bounds and costs are broadcast to its shape."""
        block = Block(name, shape, sum(int(np.prod(b.shape)) for b in self.columns))
        self.columns.append(block)
        for into, values in ((self._lower, lower), (self._upper, upper), (self._cost, cost)):
            into.append(np.broadcast_to(np.asarray(values, np.float64), shape).ravel())
        self._integer.append(np.full(int(np.prod(shape)), integer))
        return block

    def rows(
        self, name: str, shape: tuple[int, ...], *terms: tuple[Any, Any, Any], lower: Any = -np.inf,  # noqa: ANN401
        upper: Any = np.inf,  # noqa: ANN401
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
        """
        block = Block(name, shape, sum(int(np.prod(b.shape)) for b in self.constraints))
        self.constraints.append(block)
        for into, values in ((self._row_lower, lower), (self._row_upper, upper)):
            into.append(np.broadcast_to(np.asarray(values, np.float64), shape).ravel())
        for row, variable, coefficient in terms:
            r, v, c = np.broadcast_arrays(row, variable, np.asarray(coefficient, np.float64))
            keep = c.ravel() != 0
            self._entries.append((r.ravel()[keep] + block.start, v.ravel()[keep], c.ravel()[keep]))
        return block
