"""Every indicator of a whole trade table in one compiled pass over the sorted rows.

The same definitions as :mod:`friendshore.exposure.concentration` and :mod:`friendshore.exposure.rules`, which
serve questions about a few rows without compiling anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from friendshore.exposure.concentration import Concentration, WorldExports, group_starts, over, share_of
from friendshore.exposure.rules import CONCENTRATED, MAINLY_FROM_OUTSIDE, Commission, exceeds
from friendshore.tables.trade import Floats, Trade

__all__ = ["Indicators", "every_indicator"]


@dataclass(frozen=True, eq=False)
class Indicators:
    """All indicators of a table."""

    concentration: Concentration
    """By (year, product, importer). Its HHI is also the Commission's CDI1 of a single country (whose CDI2
    is 1)."""
    import_export_ratio: Floats
    """By (year, product, importer): imports over the importer's own exports in the basis, the Commission's
    CDI3 of a single country; NaN where it exports nothing."""
    row_share: Floats
    """By row: the exporter's share of the importer's imports in the basis; NaN where unknown."""
    world: WorldExports
    """By (year, product)."""
    bloc: Commission
    """By (year, product), of the members given, by value; entries without any trade of theirs have NaN."""


def every_indicator(
    trade: Trade, *, basis: str = "value", suppliers: Sequence[int] = (), members: Sequence[int] = ()
) -> Indicators:
    """Measure all importers, products and years at once.

    Parameters
    ----------
    trade
        Sorted rows by country.
    basis
        ``value`` or ``quantity`` of shares, HHI and ratio.
    suppliers
        Positions whose joint share is wanted.
    members
        Positions of a bloc for the Commission's indicators.
    """
    from friendshore.exposure.kernels import count_groups, measure_blocks

    wanted, inside = np.zeros(len(trade.countries), bool), np.zeros(len(trade.countries))
    wanted[list(suppliers)] = True
    inside[list(members)] = 1.0
    groups, blocks = count_groups(trade.year, trade.product, trade.importer)
    share = np.empty(len(trade))
    keys, group = np.empty((3, groups), np.int16), np.empty((groups, 6))
    top, unknown = np.empty(groups, np.int16), np.empty(groups, np.int32)
    block_keys, block = np.empty((2, blocks), np.int16), np.empty((8, blocks))
    block_top = np.empty(blocks, np.int64)
    amounts, other = trade.value_usd, trade.quantity_t
    measure_blocks(
        trade.year,
        trade.product,
        trade.importer.view(np.uint16),
        trade.exporter.view(np.uint16),
        trade.value_usd,
        *((amounts, other) if basis == "value" else (other, amounts)),
        wanted,
        inside,
        share,
        keys,
        group,
        top,
        unknown,
        block_keys,
        block,
        block_top,
    )
    dollars, tons, hhi, top_share, chosen, ratio = group.T
    if basis != "value":
        dollars, tons = tons, dollars
    if not len(suppliers):
        chosen[:] = np.nan
    if groups and (trade.left_out_usd is not None or (basis != "value" and len(suppliers))):
        # What the compiled pass does not weigh: sums that leave out a member's flow, shares with a small gap.
        starts = group_starts(trade.year, trade.product, trade.importer)
        partly = trade.unknown_tons & ~np.isnan(trade.quantity_t)
        unknown += np.add.reduceat(partly.astype(np.int32), starts)
        if basis != "value" and len(suppliers):
            chosen[:] = share_of(trade, suppliers, starts, tons, basis)
    return Indicators(
        Concentration(keys[0], keys[1], keys[2], dollars, tons, hhi, top, top_share, chosen, unknown),
        ratio,
        share,
        WorldExports(block_keys[0], block_keys[1], block[0], block[1], block_top, block[2]),
        _bloc(block_keys, block[3:]),
    )


def _bloc(keys: NDArray[np.int16], sums: Floats) -> Commission:
    outer, inner, sold, sold_outside, cdi1 = sums
    cdi2 = over(outer, outer + inner)
    concentrated = (cdi1 > CONCENTRATED) & (cdi2 > MAINLY_FROM_OUTSIDE)
    return Commission(
        keys[0],
        keys[1],
        outer,
        inner,
        sold,
        sold_outside,
        cdi1,
        cdi2,
        over(outer, sold),
        over(outer, sold_outside),
        concentrated & exceeds(outer, sold),
        concentrated & exceeds(outer, sold_outside),
    )
