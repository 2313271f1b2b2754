"""Leverage: who depends on whom, product by product, between two countries or blocs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from friendshore.exposure.concentration import group_starts, import_concentration, over
from friendshore.tables.trade import Floats, Trade

__all__ = ["Dependence", "dependence", "leverage"]


@dataclass(frozen=True, eq=False)
class Dependence:
    """What a buyer depends on a seller for: one entry a (year, product) that the seller sells to the buyer.

    Shares are 0 to 1 in the chosen basis, and NaN where the tons between the two are unknown.
    """

    year: NDArray[np.int16]
    product: NDArray[np.int16]
    imports_usd: Floats
    """The buyer's imports from everyone outside, current dollars."""
    imports_t: Floats
    """The same in known tons; NaN where none is known."""
    supplied_usd: Floats
    """What the seller ships to the buyer."""
    supplied_t: Floats
    """NaN where any part is unknown."""
    supplier_share: Floats
    """The seller's share of the buyer's imports."""
    import_hhi: Floats
    """Concentration of the buyer's imports over supplying countries."""
    top_supplier: NDArray[np.int16]
    """Position of the buyer's largest supplying country; -1 where unknown."""
    buyer_share: Floats
    """The buyer's share of the seller's exports (flows among its members dropped)."""
    world_export_share: Floats
    """The seller's share of the world's exports: its exports to outside over all flows but its own inner
    ones."""
    balance: Floats
    """``supplier_share - buyer_share``: above 0 the buyer needs the seller more than the seller needs this
    customer; below 0 the reverse."""


def dependence(
    trade: Trade, buyers: Sequence[int], sellers: Sequence[int], *, basis: str = "value"
) -> Dependence:
    """Measure one direction.

    Parameters
    ----------
    trade
        All flows by country (not joined) of the years and products wanted.
    buyers, sellers
        Positions; each set is taken as one, and they have no member in common.
    basis
        ``value`` or ``quantity``.
    """
    places, products = len(trade.countries), len(trade.products)
    buying, selling = np.zeros(places, bool), np.zeros(places, bool)
    buying[list(buyers)] = True
    selling[list(sellers)] = True
    starts = group_starts(trade.year, trade.product)
    between = buying[trade.importer] & selling[trade.exporter]
    here = np.logical_or.reduceat(between, starts) if len(starts) else np.zeros(0, bool)
    unknown, amounts = trade.unknown_tons, trade.amounts(basis)
    amounts_known = np.where(np.isnan(amounts), 0.0, amounts)

    def total(column: Floats, rows: NDArray[np.bool_]) -> Floats:
        return np.add.reduceat(np.where(rows, column, 0.0), starts)[here] if len(starts) else np.zeros(0)

    tons = np.where(unknown, np.nan, trade.quantity_t)
    supplied_usd, supplied_t = total(trade.value_usd, between), total(tons, between)
    flow = supplied_usd if basis == "value" else supplied_t
    sold = total(amounts_known, selling[trade.exporter] & ~selling[trade.importer])
    world = total(amounts_known, ~(selling[trade.exporter] & selling[trade.importer]))
    node, rows = buyers[0], trade
    if len(buyers) > 1:
        node, rows = places, trade.joined(buyers, "+")
    bought = import_concentration(rows.take(rows.importer == node), basis=basis)
    year, product = trade.year[starts][here], trade.product[starts][here]
    # Every block in which the seller sells to the buyer has a group of the buyer's imports.
    at = np.searchsorted(
        bought.year.astype(np.int64) * products + bought.product, year.astype(np.int64) * products + product
    )
    imports = bought.imports_usd if basis == "value" else bought.imports_t
    supplier_share, buyer_share = over(flow, imports[at]), over(flow, sold)
    return Dependence(
        year,
        product,
        bought.imports_usd[at],
        bought.imports_t[at],
        supplied_usd,
        supplied_t,
        supplier_share,
        bought.hhi[at],
        bought.top_supplier[at],
        buyer_share,
        over(sold, world),
        supplier_share - buyer_share,
    )


def leverage(
    trade: Trade, a: Sequence[int], b: Sequence[int], *, basis: str = "value"
) -> tuple[Dependence, Dependence]:
    """Measure both directions between two countries or blocs.

    Parameters
    ----------
    trade
        All flows by country (not joined) of the years and products wanted.
    a, b
        Positions of two countries or blocs without a common member.
    basis
        ``value`` or ``quantity``.

    Returns
    -------
    tuple of Dependence
        What A depends on B for (A buys), then what B depends on A for.
    """
    return dependence(trade, a, b, basis=basis), dependence(trade, b, a, basis=basis)
