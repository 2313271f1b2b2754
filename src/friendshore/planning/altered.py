"""A market altered: other tons on its links, and sellers that are not in the data. Nothing here is run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from friendshore.disruption.feeds import Feeds
from friendshore.disruption.links import Links
from friendshore.disruption.market import Market
from friendshore.parameters import Parameters
from friendshore.tables.trade import Floats, Indices

__all__ = ["Outlet", "Seller", "altered", "with_sellers", "with_tons"]


@dataclass(frozen=True)
class Outlet:
    """To whom an added seller sells."""

    importer: int
    """Position in the market's countries."""
    tons: float
    """In normal times, a year."""
    most_t: float
    """At most, a year; from the first month."""


@dataclass(frozen=True)
class Seller:
    """A seller that is not in the data: a plant that was built, or exports that are kept for somebody."""

    name: str
    """As a node of the market; none that is there."""
    product: int
    """Position in the market's products."""
    tons: float
    """What it has, a year."""
    outlets: tuple[Outlet, ...]


def altered(
    market: Market,
    tons: Floats,
    parameters: Parameters,
    *,
    sellers: Sequence[Seller] = (),
    withdrawn: Floats | None = None,
) -> Market:
    """Return the market with other tons on its links, and with further sellers.

    Parameters
    ----------
    market
        Links of all importers.
    tons
        By link, tons a year.
    parameters
        Which part of spare capacity can be mobilised.
    sellers
        To be added.
    withdrawn
        By seller, tons a year that it no longer has since an added seller has them.

    Notes
    -----
    Demand stays: what an importer's links no longer bring, added sellers do, or it is missing. A seller that sells
    more than before has drawn on its spare capacity, which shrinks by what had to be mobilised. One that sells
    less still has the goods: they are there for whoever asks. With the tons of the market itself and nothing
    added, every number stays as it is.
    """
    return with_sellers(with_tons(market, tons, parameters, withdrawn), sellers)


def with_tons(
    market: Market, tons: Floats, parameters: Parameters, withdrawn: Floats | None = None
) -> Market:
    """Return the market with other tons on its links; supply and spare capacity follow."""
    links = market.links
    count = len(links.seller_tons)
    gone = np.zeros(count) if withdrawn is None else withdrawn
    change = np.bincount(links.seller, tons - links.tons, count)
    more = np.maximum(0.0, change)
    # Of what is won beside another material only a part answers to price, and only that part was there to be sold.
    answers = parameters.spare_share * (1.0 - market.by_product * (1.0 - parameters.by_product_share))
    mobilised = np.divide(more, answers, out=more.copy(), where=answers > 0)
    return replace(
        market,
        links=replace(links, tons=tons, seller_tons=np.maximum(0.0, links.seller_tons + more - gone)),
        spare=np.maximum(0.0, market.spare - mobilised),
    )


def with_sellers(market: Market, sellers: Sequence[Seller]) -> Market:
    """Return the market with sellers added, each a node of its own.

    Their links have neither headroom nor growth: they carry what is stated, from the first month.
    """
    if not sellers:
        return market
    names = tuple(seller.name for seller in sellers)
    nodes = {name: len(market.countries) + n for n, name in enumerate(dict.fromkeys(names))}
    countries = (*market.countries, *nodes)
    links, places = market.links, len(countries)
    rows = [(seller, outlet) for seller in sellers for outlet in seller.outlets]
    product = np.concatenate([links.product, [seller.product for seller, _ in rows]]).astype(np.int64)
    importer = np.concatenate([links.importer, [outlet.importer for _, outlet in rows]]).astype(np.int64)
    exporter = np.concatenate([links.exporter, [nodes[seller.name] for seller, _ in rows]]).astype(np.int64)
    order = np.lexsort((exporter, importer, product))
    product, importer, exporter = product[order], importer[order], exporter[order]

    def joined(old: Floats, new: list[float]) -> Floats:
        return np.asarray(np.concatenate([old, new])[order], np.float64)

    old_sellers = links.seller_product * places + links.seller_country
    own = np.array([seller.product * places + nodes[seller.name] for seller in sellers], np.int64)
    all_sellers = np.unique(np.concatenate([old_sellers, own]))
    at, there = np.searchsorted(all_sellers, own), np.searchsorted(all_sellers, old_sellers)
    buyers = links.buyer_product * places + links.buyer_country
    tons = np.array([outlet.tons for _, outlet in rows])
    extra = np.zeros(len(links.tons)) if market.extra is None else market.extra
    unknown = [float("nan")] * len(rows)
    remade = Links(
        product=product,
        importer=importer,
        exporter=exporter,
        tons=joined(links.tons, tons.tolist()),
        unit_value=joined(links.unit_value, unknown),
        buyer=np.searchsorted(buyers, product * places + importer).astype(np.int64),
        seller=np.searchsorted(all_sellers, product * places + exporter).astype(np.int64),
        usable=np.concatenate([links.usable, np.zeros(len(rows), bool)])[order],
        buyer_product=links.buyer_product,
        buyer_country=links.buyer_country,
        buyer_tons=links.buyer_tons,
        buyer_unit_value=links.buyer_unit_value,
        seller_product=all_sellers // places,
        seller_country=all_sellers % places,
        seller_tons=_spread(links.seller_tons, there, at, [seller.tons for seller in sellers]),
        seller_unit_value=_spread(links.seller_unit_value, there, at, [float("nan")] * len(sellers)),
    )
    nothing = [0.0] * len(sellers)
    return replace(
        market,
        countries=countries,
        links=remade,
        spare=_spread(market.spare, there, at, nothing),
        by_product=_spread(market.by_product, there, at, nothing),
        feeds=_fed(market.feeds, there, at),
        extra=joined(extra, [max(0.0, outlet.most_t - outlet.tons) for _, outlet in rows]),
    )


def _spread(old: Floats, there: Indices, at: Indices, new: Sequence[float]) -> Floats:
    """Return the values of old and added sellers in their new places."""
    found = np.zeros(len(old) + len(new))
    found[there], found[at] = old, new
    return found


def _fed(feeds: Feeds, there: Indices, at: Indices) -> Feeds:
    """Return the feeds with added sellers that none limits."""
    sizes = np.zeros(len(there) + len(at), np.int64)
    sizes[there] = np.diff(feeds.fed_by)
    return replace(
        feeds,
        share=_spread(feeds.share, there, at, [0.0] * len(at)),
        fed_by=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
    )
