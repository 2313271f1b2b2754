"""Published rules that call a product dependent: the Commission's three indicators and CEPII's GeoDep.

Thresholds are strict: a value equal to its threshold does not meet the criterion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from friendshore.exposure.concentration import (
    export_totals,
    group_starts,
    import_concentration,
    over,
    world_export_hhi,
)
from friendshore.tables.trade import Floats, Indices, Trade

__all__ = [
    "CONCENTRATED",
    "MAINLY_FROM_OUTSIDE",
    "MORE_BOUGHT_THAN_SOLD",
    "WINDOW_YEARS",
    "YEARS_NEEDED",
    "Commission",
    "GeoDep",
    "Members",
    "commission_2021",
    "geodep",
]

CONCENTRATED = 0.4
"""CDI1, and both HHI of GeoDep: SWD(2021)352 final; Lefebvre and Wibaux, CEPII Policy Brief 2024-47."""
MAINLY_FROM_OUTSIDE = 0.5
"""CDI2: SWD(2021)352 final."""
MORE_BOUGHT_THAN_SOLD = 1.0
"""CDI3 ("any net deficit qualifies", MERICS 2024 on SWD(2021)352) and GeoDep's third criterion."""
WINDOW_YEARS = 3
"""GeoDep looks at the year asked for and the two before it (CEPII Policy Brief 2024-47)."""
YEARS_NEEDED = 2
"""GeoDep's fourth criterion: the other three met in at least so many years of the window."""

Members: TypeAlias = int | Sequence[int] | Mapping[int, Sequence[int]]
"""One position, the positions of a bloc, or year -> positions where the bloc changed."""


@dataclass(frozen=True, eq=False)
class Commission:
    """The Commission's rule of 2021, one entry a (year, product) that the importer buys or sells."""

    year: NDArray[np.int16]
    product: NDArray[np.int16]
    imports_extra_usd: Floats
    """Bought by members from outside."""
    imports_intra_usd: Floats
    """Bought by members from each other; 0 for a single country."""
    exports_total_usd: Floats
    """All that members sell, to each other too."""
    exports_extra_usd: Floats
    """What members sell to outside."""
    cdi1: Floats
    """HHI of purchases from outside over supplying countries; NaN without any."""
    cdi2: Floats
    """Purchases from outside over all purchases of members (1 for a single country); NaN without any."""
    cdi3_total: Floats
    """Purchases from outside over all exports of members; NaN where nothing is exported."""
    cdi3_extra: Floats
    """Purchases from outside over exports to outside; NaN where nothing is exported."""
    dependent: NDArray[np.bool_]
    """All three thresholds passed, with total exports. Exports of zero count as a ratio above 1."""
    dependent_extra: NDArray[np.bool_]
    """The same with exports to outside alone."""


@dataclass(frozen=True, eq=False)
class GeoDep:
    """GeoDep's four criteria for one importer, one entry a product bought or sold in the window."""

    product: Indices
    import_hhi: Floats
    """In the year asked for, like the two that follow; NaN without known imports."""
    world_export_hhi: Floats
    import_export_ratio: Floats
    """NaN where nothing is exported; it then counts as above 1 if anything is imported."""
    years: tuple[int, ...]
    """The window, oldest first."""
    present: tuple[bool, ...]
    """Whether the rows hold that year at all; an absent year counts as not met."""
    met: NDArray[np.bool_]
    """First three criteria together, shape (years, products)."""
    years_met: Indices
    dependent: NDArray[np.bool_]


def exceeds(bought: Floats, sold: Floats) -> NDArray[np.bool_]:
    """Tell where more is bought than sold; buying anything and selling nothing is more."""
    result: NDArray[np.bool_] = bought > MORE_BOUGHT_THAN_SOLD * sold
    return result


def commission_2021(trade: Trade, members: Sequence[int]) -> Commission:
    """Compute CDI1 to CDI3 of a country or bloc, by value.

    Parameters
    ----------
    trade
        Rows by country (not joined), any years and products.
    members
        Positions; one for a single country.

    References
    ----------
    European Commission, SWD(2021)352 final, 5.5.2021. The denominator of CDI3 is remembered as total exports
    of the members; both are given.
    """
    inside = np.zeros(len(trade.countries), bool)
    inside[list(members)] = True
    rows = trade.take(inside[trade.importer] | inside[trade.exporter])
    starts = group_starts(rows.year, rows.product)
    if not len(starts):
        none, no = np.zeros(0), np.zeros(0, bool)
        return Commission(rows.year, rows.product, none, none, none, none, none, none, none, none, no, no)
    buys, sells = inside[rows.importer], inside[rows.exporter]

    def total(which: NDArray[np.bool_]) -> Floats:
        return np.add.reduceat(np.where(which, rows.value_usd, 0.0), starts)

    extra, intra = total(buys & ~sells), total(buys & sells)
    sold, sold_outside = total(sells), total(sells & ~buys)
    # Purchases of all members from one outside country are one supplier's share.
    block = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(rows)))
    outside = buys & ~sells
    places = len(trade.countries)
    cell = block[outside] * places + rows.exporter[outside]
    bought = np.bincount(cell, rows.value_usd[outside], len(starts) * places).reshape(-1, places)
    share = bought / np.where(extra > 0, extra, np.nan)[:, None]
    cdi1 = (share * share).sum(axis=1)
    cdi2 = over(extra, extra + intra)
    concentrated = (cdi1 > CONCENTRATED) & (cdi2 > MAINLY_FROM_OUTSIDE)
    return Commission(
        rows.year[starts],
        rows.product[starts],
        extra,
        intra,
        sold,
        sold_outside,
        cdi1,
        cdi2,
        over(extra, sold),
        over(extra, sold_outside),
        concentrated & exceeds(extra, sold),
        concentrated & exceeds(extra, sold_outside),
    )


def members_in(members: Members, year: int) -> list[int]:
    """Return the positions that form the importer in a year."""
    if isinstance(members, Mapping):
        return list(members[year])
    return [int(members)] if isinstance(members, int | np.integer) else list(members)


def geodep(trade: Trade, importer: Members, year: int, *, basis: str = "value") -> GeoDep:
    """Apply GeoDep's criteria to one importer.

    Parameters
    ----------
    trade
        All flows by country (not joined) of the window's years and the products wanted: the third criterion
        needs the world's exports.
    importer
        Position of a country; positions of a bloc (one importer, flows among members dropped); or those by
        year where membership changed within the window.
    year
        Last year of the window.
    basis
        ``value`` as published, or ``quantity`` (unknown tons left out).

    Returns
    -------
    GeoDep
        Criteria: import HHI > 0.4; world export HHI > 0.4 (over exporting countries, whoever asks); imports
        above exports; all three in at least two of the three years.

    References
    ----------
    Lefebvre and Wibaux 2024, CEPII Policy Brief 2024-47.
    """
    years = tuple(range(year - WINDOW_YEARS + 1, year + 1))
    products = len(trade.products)
    met = np.zeros((WINDOW_YEARS, products), bool)
    traded = np.zeros(products, bool)
    present = []
    for n, then in enumerate(years):
        rows = trade.of(year=then)
        present.append(len(rows) > 0)
        bought, sold, hhi = _one_importer(rows, members_in(importer, then) if len(rows) else [], basis)
        exports = world_export_hhi(rows, basis=basis)
        world = np.full(products, np.nan)
        world[exports.product] = exports.hhi
        met[n] = (hhi > CONCENTRATED) & (world > CONCENTRATED) & exceeds(bought, sold)
        traded |= (bought != 0) | (sold != 0)
    found = np.flatnonzero(traded)
    years_met = met[:, found].sum(axis=0)
    return GeoDep(
        found,
        hhi[found],
        world[found],
        over(bought[found], sold[found]),
        years,
        tuple(present),
        met[:, found],
        years_met,
        years_met >= YEARS_NEEDED,
    )


def _one_importer(rows: Trade, members: Sequence[int], basis: str) -> tuple[Floats, Floats, Floats]:
    """Return imports, exports and import HHI by product of one year's rows, members taken as one.

    Imports and exports are 0 where there is no row and NaN where rows exist but no amount is known.
    """
    products = len(rows.products)
    bought, sold, hhi = np.zeros(products), np.zeros(products), np.full(products, np.nan)
    if len(members) == 1:
        node = members[0]
    else:
        node, rows = len(rows.countries), rows.joined(members, "+")
    imports = import_concentration(rows.take(rows.importer == node), basis=basis)
    exports = export_totals(rows.take(rows.exporter == node))
    bought[imports.product] = imports.imports_usd if basis == "value" else imports.imports_t
    sold[exports.product] = exports.exports_usd if basis == "value" else exports.exports_t
    hhi[imports.product] = imports.hhi
    return bought, sold, hhi
