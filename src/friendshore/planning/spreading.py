"""Purchases whose squared shares add up to no more than a cap: tangents first, then the conditions of the optimum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from friendshore.errors import ArgumentError
from friendshore.planning.program import Answer, Block
from friendshore.planning.sourcing import Found, Sourcing
from friendshore.tables.trade import Floats

__all__ = ["within_hhi"]

FIRST = (0.05, 0.15, 0.35, 0.7)
"""Shares at which each square gets a tangent before anything is solved."""
ROUNDS = 60
CLOSE = 1e-10
"""A sum of squares that far above its tangents counts as met."""


def within_hhi(sourcing: Sourcing, hhi_cap: float) -> tuple[Found, float]:
    """Make cost least with an HHI of at most ``hhi_cap``.

    Returns
    -------
    Found
        The purchases.
    float
        What the yearly cost falls by for each unit of the cap.

    Raises
    ------
    ArgumentError
        ``no_such_sourcing`` where no purchases are spread that far, with the least HHI that there is.
    """
    squares = _Squares(sourcing)
    answer = squares.solved(hhi_cap)
    if answer.status != "optimal":
        least = squares.least()
        raise ArgumentError(
            f"No purchases of {sourcing.demand_t:,.6g} t within these limits have an HHI of {hhi_cap:.4g}: the least "
            f"is {least:.4g}.",
            code="no_such_sourcing",
            hint="Raise the HHI cap, or add suppliers or capacity.",
        )
    slope = float(-answer.dual(squares.sum)[0])
    values, polished = _polished(sourcing, answer.values[: squares.width], hhi_cap)
    return sourcing.read(values, answer), slope if polished is None else polished


class _Squares:
    """Squares of shares in the program of a product, held from below by tangents."""

    def __init__(self, sourcing: Sourcing) -> None:
        self.sourcing, self.program = sourcing, sourcing.program
        self.base = sourcing.program.arrays()
        self.width = sourcing.program.width
        n = len(sourcing.offers.suppliers)
        self.square = self.program.variables("square", (n,))
        self.sum: Block = self.program.rows("hhi_cap", (1,), (0, self.square.at, 1.0))
        for share in FIRST:
            self.touch(np.arange(n), np.full(n, share))

    def touch(self, suppliers: NDArray[np.integer], shares: Floats) -> None:
        """Add tangents: square >= 2 a x - a a at a share a."""
        at = np.asarray(suppliers, np.int64)
        each = np.arange(len(at))
        self.program.rows(
            "tangent", (len(at),), (each, self.square.at[at], 1.0),
            (each, self.sourcing.bought.at[at], -2 * shares / self.sourcing.demand_t), lower=-(shares**2),
        )  # fmt: skip

    def solved(self, hhi_cap: float, cost: Floats | None = None) -> Answer:
        """Add tangents until the squares are met."""
        for _ in range(ROUNDS):
            upper = self.program.arrays().row_upper.copy()
            upper[self.sum.at] = hhi_cap
            answer = self.program.minimise(cost=cost, row_upper=upper)
            if answer.status != "optimal":
                return answer
            share = answer.of(self.sourcing.bought) / self.sourcing.demand_t
            short = share**2 - answer.of(self.square)
            missing = np.flatnonzero(short > CLOSE / len(share))
            if not len(missing):
                break
            self.touch(missing, share[missing])
        return answer

    def least(self) -> float:
        """Return the least HHI that the other limits allow."""
        cost = np.zeros(self.program.width)
        cost[self.square.at] = 1.0
        answer = self.solved(np.inf, cost)
        share = answer.of(self.sourcing.bought) / self.sourcing.demand_t
        return float(share @ share)


def _polished(sourcing: Sourcing, values: Floats, hhi_cap: float) -> tuple[Floats, float | None]:
    """Solve the conditions of the optimum for the limits that bind; what was found is kept where that fails."""
    program, demand = sourcing.program, sourcing.demand_t
    arrays, width = program.arrays(), len(values)
    height = next(block.start for block in program.constraints if block.name == "hhi_cap")
    inside = (arrays.columns < width) & (arrays.rows < height)
    matrix = np.zeros((height, width))
    unit = arrays.unit[:width]
    matrix[arrays.rows[inside], arrays.columns[inside]] = arrays.coefficients[inside]
    matrix *= unit
    scale = np.maximum(np.abs(matrix).max(axis=1), 1e-300)
    matrix /= scale[:, None]
    low, high = arrays.row_lower[:height] / scale, arrays.row_upper[:height] / scale
    point, floor, ceiling = values / unit, arrays.lower[:width] / unit, arrays.upper[:width] / unit
    cost = arrays.cost[:width] * unit / sourcing.money
    square = np.zeros(width)
    square[sourcing.bought.at] = (unit[sourcing.bought.at] / demand) ** 2
    free = (point > floor + 1e-7) & (point < ceiling - 1e-7)
    side = np.where(matrix @ point > high - 1e-7, high, np.where(matrix @ point < low + 1e-7, low, np.nan))
    tight = np.isfinite(side)
    point = np.where(free, point, np.where(point < floor + 1e-7, floor, ceiling))
    found, weight = _newton(point, cost, square, free, matrix[tight], side[tight], hhi_cap)
    kept = (
        (found >= floor - 1e-11).all()
        and (found <= ceiling + 1e-11).all()
        and (matrix @ found >= low - 1e-10).all()
        and (matrix @ found <= high + 1e-10).all()
        and abs(square @ found**2 - hhi_cap) <= 1e-11
        and abs(cost @ found - cost @ (values / unit)) <= 1e-5
        and weight >= 0
    )
    if not kept:
        return values, None
    return np.clip(found, floor, ceiling) * unit, weight * sourcing.money


def _newton(
    point: Floats,
    cost: Floats,
    square: Floats,
    free: NDArray[np.bool_],
    rows: Floats,
    side: Floats,
    hhi_cap: float,
) -> tuple[Floats, float]:
    """Zero of: cost + 2 w q x - A' l on free variables, A x - b, q x x - cap. Returns x and w."""
    c, q, a = cost[free], square[free], rows[:, free]
    x = point.copy()
    n, m = len(c), len(side)
    start = np.linalg.lstsq(np.column_stack([a.T, -2 * q * x[free]]), c, rcond=None)[0]
    multiplier, weight = start[:m], float(start[m])
    for _ in range(50):
        residual = np.concatenate(
            [c + 2 * weight * q * x[free] - a.T @ multiplier, rows @ x - side, [square @ x**2 - hhi_cap]]
        )
        if np.abs(residual).max() < 1e-14:
            break
        slope = np.zeros((n + m + 1, n + m + 1))
        slope[:n, :n] = np.diag(2 * weight * q)
        slope[:n, n : n + m], slope[n : n + m, :n] = -a.T, a
        slope[:n, -1] = slope[-1, :n] = 2 * q * x[free]
        step = np.linalg.lstsq(slope, -residual, rcond=None)[0]
        x[free] += step[:n]
        multiplier, weight = multiplier + step[n : n + m], weight + float(step[-1])
    return x, weight
