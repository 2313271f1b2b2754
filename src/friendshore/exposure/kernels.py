"""The compiled pass over a whole trade table. Imported only where it pays: loading numba costs half a second.

One pass over (year, product) blocks of the sorted rows. A block fits in the fast caches, so that reading its
rows three times costs once. Functions are called once a block, never once a group: passing arrays is not free.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Keys = NDArray[np.uint16]
    """Unsigned, so that the compiler need not provide for negative positions."""
    Column = NDArray[np.float64]

__all__ = ["count_groups", "measure_blocks"]


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile and keep the result on disk; where no folder can be written, compile anew in each process."""
    try:
        kept: Callable[..., Any] = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:
        kept = numba.njit(nogil=True, error_model="numpy")(function)
    return kept


@_compiled
def count_groups(
    year: NDArray[np.int16], product: NDArray[np.int16], importer: NDArray[np.int16]
) -> tuple[int, int]:
    """Count (year, product, importer) groups and (year, product) blocks of sorted rows."""
    groups = 0
    blocks = 0
    for n in range(len(year)):
        if n == 0 or year[n] != year[n - 1] or product[n] != product[n - 1]:
            blocks += 1
            groups += 1
        elif importer[n] != importer[n - 1]:
            groups += 1
    return groups, blocks


@_compiled
def _measure_groups(
    start: int,
    stop: int,
    g: int,
    importer: Keys,
    exporter: Keys,
    amounts: Column,
    other: Column,
    wanted: NDArray[np.bool_],
    exports: Column,
    scales: Column,
    group: Column,
    group_importer: NDArray[np.int16],
    top: NDArray[np.int16],
    unknown: NDArray[np.int32],
) -> tuple[int, int]:
    """Measure each importer of a block from group ``g`` on; returns the next group and the known amounts."""
    total = rest = squares = chosen = 0.0
    best = -1.0
    leader = -1
    known = rest_known = 0
    size = 0
    block_known = 0
    first = g
    for n in range(start, stop):
        seller = exporter[n]
        raw = amounts[n]
        amount = raw if raw == raw else 0.0
        known += raw == raw
        total += amount
        squares += amount * amount
        # Not the cleaned amount: an unknown one of a chosen supplier makes its share unknown.
        chosen += raw if wanted[seller] else 0.0
        exports[seller] += amount
        if amount > best:
            best = amount
            leader = seller
        rest += other[n] if other[n] == other[n] else 0.0
        rest_known += other[n] == other[n]
        size += 1
        if n + 1 == stop or importer[n + 1] != importer[n]:
            scale = 1.0 / total if total > 0 else np.nan
            scales[g - first] = scale
            group_importer[g] = importer[n]
            group[g, 0] = total if known > 0 else np.nan
            group[g, 1] = rest if rest_known > 0 else np.nan
            group[g, 2] = squares * scale * scale
            group[g, 3] = best * scale
            group[g, 4] = chosen * scale
            group[g, 5] = total if known > 0 else np.nan
            top[g] = leader if total > 0 else -1
            unknown[g] = 2 * size - known - rest_known
            block_known += known
            g += 1
            total = rest = squares = chosen = 0.0
            best = -1.0
            leader = -1
            known = rest_known = size = 0
    return g, block_known


@_compiled
def _share_rows(
    start: int, stop: int, importer: Keys, amounts: Column, scales: Column, row_share: Column
) -> None:
    """Divide each row by its importer's total."""
    group = 0
    before = importer[start]
    for n in range(start, stop):
        group += importer[n] != before
        before = importer[n]
        row_share[n] = amounts[n] * scales[group]


@_compiled
def _add_bloc(
    start: int, stop: int, importer: Keys, exporter: Keys, value: Column, inside: Column, bought: Column
) -> tuple[float, float, float, float]:
    """Add up what a bloc buys by outside seller; return bought outside, inside, sold, sold outside."""
    inner = outer = sold = sold_outside = 0.0
    for n in range(start, stop):
        buys = value[n] * inside[importer[n]]
        sells = inside[exporter[n]]
        inner += buys * sells
        outside = buys * (1.0 - sells)
        outer += outside
        bought[exporter[n]] += outside
        sold += value[n] * sells
        sold_outside += value[n] * sells * (1.0 - inside[importer[n]])
    return outer, inner, sold, sold_outside


@_compiled
def _spread(amounts: Column) -> tuple[float, float, float, int]:
    """Return total, sum of squares, largest and its position."""
    total = squares = 0.0
    best = -1.0
    leader = -1
    for c in range(len(amounts)):
        total += amounts[c]
        squares += amounts[c] * amounts[c]
        if amounts[c] > best:
            best = amounts[c]
            leader = c
    return total, squares, best, leader


@_compiled
def measure_blocks(
    year: NDArray[np.int16],
    product: NDArray[np.int16],
    importer: Keys,
    exporter: Keys,
    value: Column,
    amounts: Column,
    other: Column,
    wanted: NDArray[np.bool_],
    inside: Column,
    row_share: Column,
    group_keys: NDArray[np.int16],
    group: Column,
    top: NDArray[np.int16],
    unknown: NDArray[np.int32],
    block_keys: NDArray[np.int16],
    block: Column,
    block_top: NDArray[np.int64],
) -> None:
    """Fill the outputs; see :func:`friendshore.exposure.indicators.every_indicator` for their meaning.

    ``amounts`` is the column of the basis (dollars or tons) and ``other`` the other one; ``inside`` is 1 or 0
    by country. ``group`` columns: sum of amounts, of the other, hhi, top share, chosen share, imports over own
    exports. ``block`` rows: world hhi, world total, top share, and of the bloc, in dollars: bought outside and
    inside, sold, sold outside, cdi1.
    """
    exports, bought, scales = np.zeros(len(wanted)), np.zeros(len(wanted)), np.zeros(len(wanted))
    start = g = b = 0
    while start < len(year):
        stop = start + 1
        while stop < len(year) and product[stop] == product[start] and year[stop] == year[start]:
            stop += 1
        exports[:] = 0.0
        bought[:] = 0.0
        first = g
        g, known = _measure_groups(
            start, stop, g, importer, exporter, amounts, other, wanted, exports, scales,
            group, group_keys[2], top, unknown,
        )  # fmt: skip
        for k in range(first, g):
            group_keys[0, k] = year[start]
            group_keys[1, k] = product[start]
            own = exports[group_keys[2, k]]
            group[k, 5] = group[k, 5] / own if own > 0 else np.nan
        _share_rows(start, stop, importer, amounts, scales, row_share)
        outer, inner, sold, sold_outside = _add_bloc(start, stop, importer, exporter, value, inside, bought)
        total, squares, best, leader = _spread(exports)
        block_keys[0, b] = year[start]
        block_keys[1, b] = product[start]
        block[0, b] = squares / (total * total) if total > 0 else np.nan
        block[1, b] = total if known > 0 else np.nan
        block[2, b] = best / total if total > 0 else np.nan
        block_top[b] = leader if total > 0 else -1
        block[3, b] = outer
        block[4, b] = inner
        block[5, b] = sold
        block[6, b] = sold_outside
        block[7, b] = _spread(bought)[1] / (outer * outer) if outer > 0 else np.nan
        b += 1
        start = stop
