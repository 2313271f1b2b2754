"""Shares and concentration of imports and of world exports: one pass over the groups of the sorted rows.

Every function takes a :class:`~friendshore.tables.trade.Trade` and returns parallel arrays, an entry a group.
NaN means unknown and is never zero: a group without known imports has no share and no concentration. The
Herfindahl-Hirschman index (HHI) is the sum of squared shares on the scale 0 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from friendshore.tables.trade import Floats, Indices, Trade

__all__ = [
    "COMPILED_FROM",
    "TOLERATED_GAP",
    "Concentration",
    "ExportTotals",
    "WorldExports",
    "export_totals",
    "group_starts",
    "import_concentration",
    "over",
    "share_of",
    "unweighed",
    "world_export_hhi",
]

COMPILED_FROM = 2_000_000
"""Rows from which the compiled pass repays the half second that loading it costs. Fixed by size alone, since
the two passes may differ in the last bit and the same question must give the same bytes."""


TOLERATED_GAP = 0.05
"""Share of the chosen suppliers' dollars that may have no tons beside them before their share in tons counts
as unknown: a small gap in one member's customs must not hide a bloc's dependence. Assumption."""


@dataclass(frozen=True, eq=False)
class Concentration:
    """Who each importer buys from, one entry a (year, product, importer) that has at least one flow."""

    year: NDArray[np.int16]
    product: NDArray[np.int16]
    """Positions in ``Trade.products``."""
    importer: NDArray[np.int16]
    """Positions in ``Trade.countries``."""
    imports_usd: Floats
    """Sum of all flows, current dollars."""
    imports_t: Floats
    """Sum of the flows of known tons; NaN where none is known."""
    hhi: Floats
    """Concentration over suppliers in the chosen basis, 0 to 1; NaN without known imports."""
    top_supplier: NDArray[np.int16]
    """Position of the largest supplier (the first by position where equal); -1 where unknown."""
    top_supplier_share: Floats
    supplier_share: Floats
    """Share of the chosen suppliers together; 0 where they sell nothing, NaN where no supplier was chosen or,
    by quantity, where more than ``TOLERATED_GAP`` of their dollars have no tons."""
    unknown_links: NDArray[np.int32]
    """Number of flows whose tons are unknown, or known only in part, in either basis."""


@dataclass(frozen=True, eq=False)
class WorldExports:
    """Concentration of the world's exports over exporting countries, one entry a (year, product)."""

    year: NDArray[np.int16]
    product: NDArray[np.int16]
    hhi: Floats
    """0 to 1; NaN without known exports."""
    total: Floats
    """World exports in the unit of the basis (dollars or tons)."""
    top_exporter: Indices
    """Position of the largest exporter; -1 where unknown."""
    top_exporter_share: Floats


@dataclass(frozen=True, eq=False)
class ExportTotals:
    """What each country sells to all others, one entry a (year, product, exporter) that has a flow."""

    year: NDArray[np.int16]
    product: NDArray[np.int16]
    exporter: NDArray[np.int16]
    exports_usd: Floats
    exports_t: Floats
    """Sum of the flows of known tons; NaN where none is known."""


def group_starts(*keys: NDArray[np.integer]) -> Indices:
    """Return the first row of each run of equal keys in sorted columns."""
    rows = len(keys[0])
    if rows == 0:
        return np.zeros(0, np.int64)
    first = np.ones(rows, bool)
    np.not_equal(keys[-1][1:], keys[-1][:-1], out=first[1:])
    for key in keys[:-1]:
        first[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(first)


def over(part: Floats, whole: Floats) -> Floats:
    """Divide; NaN where the whole is zero or unknown."""
    result = np.full(len(whole), np.nan)
    np.divide(part, whole, out=result, where=whole > 0)
    return result


def _known_sums(amounts: Floats, starts: Indices, rows: int) -> Floats:
    """Return the sum of the known amounts by group; NaN where none is known."""
    if len(starts) == 0:
        return np.zeros(0)
    unknown = np.isnan(amounts)
    if not unknown.any():
        return np.add.reduceat(amounts, starts)
    sums = np.add.reduceat(np.where(unknown, 0.0, amounts), starts)
    missing = np.add.reduceat(unknown.astype(np.int64), starts)
    sums[missing == np.diff(starts, append=rows)] = np.nan
    return sums


def _spread(
    known: Floats, total: Floats, starts: Indices, names: NDArray[np.integer]
) -> tuple[Floats, Indices, Floats]:
    """Return HHI, the name of the largest and its share, by group of rows.

    ``known`` has 0 where the amount is unknown; ``total`` is the group's sum.
    """
    if len(starts) == 0:
        return np.zeros(0), np.zeros(0, np.int64), np.zeros(0)
    size = np.diff(starts, append=len(known))
    share = known / np.repeat(np.where(total > 0, total, np.nan), size)
    hhi = np.add.reduceat(share * share, starts)
    largest = np.maximum.reduceat(known, starts)
    # The first row that reaches the maximum of its group; rows are in the order of suppliers.
    reached = np.where(known == np.repeat(largest, size), np.arange(len(known)), len(known))
    first = np.minimum.reduceat(reached, starts)
    top = np.where(total > 0, names[first], -1)
    return hhi, top.astype(np.int64), over(largest, total)


def import_concentration(
    trade: Trade,
    *,
    basis: str = "value",
    suppliers: Sequence[int] = (),
    compiled: bool | None = None,
) -> Concentration:
    """Measure every (year, product, importer) of the rows.

    Parameters
    ----------
    trade
        Sorted rows; for a bloc as one importer pass ``Trade.joined``.
    basis
        ``value`` or ``quantity``. By quantity, links of unknown tons are left out of shares and HHI.
    suppliers
        Positions whose joint share is wanted.
    compiled
        Whether to use the compiled pass; by default from ``COMPILED_FROM`` rows. Same result to rounding.

    Returns
    -------
    Concentration
        Groups in the order of the rows. HHI after methods 1.4 (CEPII GeoDep, Lefebvre and Wibaux 2024).
    """
    if len(trade) >= COMPILED_FROM if compiled is None else compiled:
        from friendshore.exposure.indicators import every_indicator

        return every_indicator(trade, basis=basis, suppliers=suppliers).concentration
    starts = group_starts(trade.year, trade.product, trade.importer)
    rows = len(trade)
    dollars, tons = _known_sums(trade.value_usd, starts, rows), _known_sums(trade.quantity_t, starts, rows)
    unknown = trade.unknown_tons
    amounts = trade.amounts(basis)
    total = dollars if basis == "value" else tons
    known = np.where(np.isnan(amounts), 0.0, amounts)
    hhi, top, top_share = _spread(known, total, starts, trade.exporter)
    chosen = np.full(len(starts), np.nan)
    if len(suppliers) and len(starts):
        chosen = share_of(trade, suppliers, starts, total, basis)
    return Concentration(
        trade.year[starts],
        trade.product[starts],
        trade.importer[starts],
        dollars,
        tons,
        hhi,
        top.astype(np.int16),
        top_share,
        chosen,
        np.add.reduceat(unknown.astype(np.int32), starts) if len(starts) else np.zeros(0, np.int32),
    )


def share_of(trade: Trade, suppliers: Sequence[int], starts: Indices, total: Floats, basis: str) -> Floats:
    """Share of the suppliers together in each group of rows; by quantity NaN where too little of it is known."""
    wanted = np.zeros(len(trade.countries), bool)
    wanted[list(suppliers)] = True
    chosen = wanted[trade.exporter]
    amounts = trade.amounts(basis)
    sold = np.add.reduceat(np.where(chosen & ~np.isnan(amounts), amounts, 0.0), starts)
    if basis != "value":
        sold[unweighed(trade, chosen, starts)] = np.nan
    return over(sold, total)


def unweighed(trade: Trade, chosen: NDArray[np.bool_], starts: Indices) -> NDArray[np.bool_]:
    """Tell for each group whether the tons of its chosen rows are unknown, or known too thinly to stand for all."""
    dollars = np.add.reduceat(np.where(chosen, trade.value_usd, 0.0), starts)
    without = np.add.reduceat(np.where(chosen, trade.unweighed_usd, 0.0), starts)
    none = np.add.reduceat(chosen & ~np.isnan(trade.quantity_t), starts, dtype=np.int64) == 0
    some = np.logical_or.reduceat(chosen, starts)
    result: NDArray[np.bool_] = (without > TOLERATED_GAP * dollars) | (some & none)
    return result


def _by_exporter(trade: Trade) -> Trade:
    """Sort the rows by year, product, exporter (a stable sort by block, cheaper than a full sort)."""
    block = group_starts(trade.year, trade.product)
    number = np.zeros(len(trade), np.int64)
    number[block[1:]] = 1
    key = np.cumsum(number) * len(trade.countries) + trade.exporter
    return trade.take(np.argsort(key, kind="stable"))


def export_totals(trade: Trade) -> ExportTotals:
    """Sum what each country sells, by year and product: dollars, and tons of the known rows."""
    rows = _by_exporter(trade)
    starts = group_starts(rows.year, rows.product, rows.exporter)
    dollars = _known_sums(rows.value_usd, starts, len(rows))
    tons = _known_sums(rows.quantity_t, starts, len(rows))
    return ExportTotals(rows.year[starts], rows.product[starts], rows.exporter[starts], dollars, tons)


def world_export_hhi(trade: Trade, *, basis: str = "value") -> WorldExports:
    """Measure how concentrated the world's exports of each product are, over exporting countries.

    Parameters
    ----------
    trade
        All flows of the years and products wanted. Never pass ``Trade.joined``: the world's exporters are
        countries, whichever bloc asks (methods 1.4, criterion 2).
    basis
        ``value`` or ``quantity`` (unknown tons left out).
    """
    totals = export_totals(trade)
    starts = group_starts(totals.year, totals.product)
    amounts = totals.exports_usd if basis == "value" else totals.exports_t
    total = _known_sums(amounts, starts, len(amounts))
    known = np.where(np.isnan(amounts), 0.0, amounts)
    hhi, top, top_share = _spread(known, total, starts, totals.exporter)
    return WorldExports(totals.year[starts], totals.product[starts], hhi, total, top, top_share)
