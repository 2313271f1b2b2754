"""Who buys from whom before anything happens: the base, as one sparse list of links.

Links are sorted by product, importer, exporter. A buyer is a (product, importer), a seller a (product,
exporter); each product's links, buyers and sellers lie together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friendshore.disruption.grades import same_grade, unit_values
from friendshore.tables.trade import Floats, Indices, Trade

__all__ = ["Base", "Links", "base_of", "links_of", "peaks"]

NEW_LINKS = 10
"""With how many of the largest exporters an importer that does not buy there may open a link."""


@dataclass(frozen=True, eq=False)
class Base:
    """Mean flows of the base years."""

    product: Indices
    """Positions in ``Trade.products``."""
    importer: Indices
    exporter: Indices
    tons: Floats
    """Tons a year, above 0: the mean over the base years in which they are not unknown; no flow counts as 0."""
    unit_value: Floats
    """Dollars a ton, over the rows of known tons."""
    left_out: int
    """Links that have flows in the base years but no tons in any."""
    left_out_usd: float
    """Their dollars a year."""


@dataclass(frozen=True, eq=False)
class Links:
    """The base with the new links that may be opened, and its buyers and sellers."""

    product: Indices
    """By link, positions in the list of the products of the run."""
    importer: Indices
    exporter: Indices
    tons: Floats
    """Tons a year; 0 for a link that may be opened."""
    unit_value: Floats
    """Dollars a ton of the link; of a link that may be opened, what the exporter takes elsewhere."""
    buyer: Indices
    """By link, positions in the buyers."""
    seller: Indices
    usable: NDArray[np.bool_]
    """Whether the exporter sells the grade that the importer buys."""
    buyer_product: Indices
    buyer_country: Indices
    buyer_tons: Floats
    buyer_unit_value: Floats
    seller_product: Indices
    seller_country: Indices
    seller_tons: Floats
    seller_unit_value: Floats


def _sums(at: Indices, amounts: NDArray[Any], cells: int = 0) -> Floats:
    return np.asarray(np.bincount(at, amounts, cells), np.float64)


def base_of(trade: Trade, years: Sequence[int]) -> Base:
    """Average the flows of the base years, link by link.

    Parameters
    ----------
    trade
        Rows of the base years at least; others are ignored.
    years
        The base years. A year without a row counts as no flow; a row of unknown tons takes its year out of
        the link's mean.
    """
    rows = trade.take(np.isin(trade.year, list(years)))
    places = len(trade.countries)
    key = (rows.product.astype(np.int64) * places + rows.importer) * places + rows.exporter
    keys, at = np.unique(key, return_inverse=True)
    unknown = rows.unknown_tons
    tons = _sums(at, np.where(unknown, 0.0, rows.quantity_t), len(keys))
    dollars = _sums(at, np.where(unknown, 0.0, rows.value_usd), len(keys))
    gaps = _sums(at, unknown, len(keys))
    known_years = len(years) - gaps
    keep = (tons > 0) & (known_years > 0)
    lost = ~keep
    usd = float(_sums(at, rows.value_usd, len(keys))[lost].sum()) / len(years)
    keys = keys[keep]
    return Base(
        product=keys // (places * places),
        importer=keys // places % places,
        exporter=keys % places,
        tons=tons[keep] / known_years[keep],
        unit_value=unit_values(dollars[keep], tons[keep]),
        left_out=int(lost.sum()),
        left_out_usd=usd,
    )


def peaks(trade: Trade) -> Floats:
    """Return the largest yearly export of each product and country, of all years in the rows; tons."""
    shape = (len(trade.products), len(trade.countries))
    most = np.zeros(shape[0] * shape[1])
    cell = trade.product.astype(np.int64) * shape[1] + trade.exporter
    tons = np.where(np.isnan(trade.quantity_t), 0.0, trade.quantity_t)
    for year in np.unique(trade.year):
        rows = trade.year == year
        most = np.maximum(most, _sums(cell[rows], tons[rows], len(most)))
    return most.reshape(shape)


def links_of(base: Base, products: Indices, places: int, new_links: int = NEW_LINKS) -> Links:
    """Add the links that may be opened, and sum up buyers and sellers."""
    number = np.full(int(max(products.max(initial=0), base.product.max(initial=0))) + 1, -1)
    number[products] = np.arange(len(products))
    keep = number[base.product] >= 0
    product, importer, exporter = number[base.product[keep]], base.importer[keep], base.exporter[keep]
    tons, unit_value = base.tons[keep], base.unit_value[keep]
    opened = _openable(product, importer, exporter, tons, places, new_links)
    product = np.concatenate([product, opened[0]])
    importer, exporter = np.concatenate([importer, opened[1]]), np.concatenate([exporter, opened[2]])
    fresh = np.zeros(len(opened[0]))
    tons, unit_value = np.concatenate([tons, fresh]), np.concatenate([unit_value, fresh * np.nan])
    order = np.lexsort((exporter, importer, product))
    product, importer, exporter = product[order], importer[order], exporter[order]
    tons, unit_value = tons[order], unit_value[order]
    spent = np.where(tons > 0, tons * unit_value, 0.0)
    buyers, buyer = np.unique(product * places + importer, return_inverse=True)
    sellers, seller = np.unique(product * places + exporter, return_inverse=True)
    buyer_tons, seller_tons = _sums(buyer, tons), _sums(seller, tons)
    paid = unit_values(_sums(buyer, spent), buyer_tons)
    taken = unit_values(_sums(seller, spent), seller_tons)
    unit_value = np.where(tons > 0, unit_value, taken[seller])
    return Links(
        product, importer, exporter, tons, unit_value, buyer, seller,
        same_grade(unit_value, paid[buyer]),
        buyers // places, buyers % places, buyer_tons, paid,
        sellers // places, sellers % places, seller_tons, taken,
    )  # fmt: skip


def _openable(
    product: Indices, importer: Indices, exporter: Indices, tons: Floats, places: int, new_links: int
) -> tuple[Indices, Indices, Indices]:
    """Return the pairs of an importer and one of the largest exporters of a product that have no link yet."""
    sums = _sums(product * places + exporter, tons)
    sellers = np.flatnonzero(sums)
    order = np.lexsort((sellers, -sums[sellers], sellers // places))
    sellers = sellers[order]
    starts = np.searchsorted(sellers // places, np.arange(int(product.max(initial=-1)) + 2))
    rank = np.arange(len(sellers)) - starts[sellers // places]
    sellers = sellers[rank < new_links]
    buyers = np.unique(product * places + importer)
    # each buyer beside each of the largest sellers of its product
    count = np.bincount(sellers // places, minlength=len(starts))
    first = np.concatenate([[0], np.cumsum(count)])[buyers // places]
    times = count[buyers // places]
    left = np.repeat(buyers, times)
    right = sellers[np.repeat(first - np.cumsum(times) + times, times) + np.arange(int(times.sum()))]
    there = (product * places + importer) * places + exporter
    pair = left * places + right % places
    new = (left % places != right % places) & ~np.isin(pair, there)
    return left[new] // places, left[new] % places, right[new] % places
