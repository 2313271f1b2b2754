"""The part of a market that some products depend on: many runs of one product need not carry the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friendshore.disruption.feeds import Feeds
from friendshore.disruption.links import Links
from friendshore.disruption.market import Market
from friendshore.disruption.striking import strikes, struck_links
from friendshore.shocks import Shock
from friendshore.tables.trade import Indices

__all__ = ["affected", "narrowed"]


def affected(market: Market, shocks: Sequence[Shock]) -> tuple[str, ...]:
    """Return the products that are struck, and those whose makers live on them, in the market's order."""
    found = {code for shock in shocks for code in shock.products if code in market.place}
    steps = _steps(market)
    while more := {after for before, after in steps if before in found} - found:
        found |= more
    return tuple(code for code in market.products if code in found)


def narrowed(
    market: Market, shocks: Sequence[Shock], products: Sequence[str]
) -> tuple[Market, tuple[Shock, ...]]:
    """Return the market of some products and all that feeds them, and the shocks that strike it.

    A run of it gives the same months for these products as a run of the whole.

    Raises
    ------
    MissingDataError
        ``supplier_sells_none``, where a shock strikes nothing in the whole market.
    """
    strikes(market, shocks)
    wanted = set(products)
    steps = _steps(market)
    while more := {before for before, after in steps if after in wanted} - wanted:
        wanted |= more
    if len(wanted) == len(market.products):
        return market, tuple(shocks)
    kept = tuple(code for code in market.products if code in wanted)
    part = _taken(market, kept)
    felt = (shock for shock in shocks if (part.links.tons[struck_links(part, shock)] > 0).any())
    return part, tuple(felt)


def _steps(market: Market) -> set[tuple[str, str]]:
    """Return (feed, product) wherever a maker of the product lives on the feed."""
    feeds, links = market.feeds, market.links
    after = np.repeat(links.seller_product, np.diff(feeds.fed_by))
    pairs = np.unique(np.stack([links.buyer_product[feeds.feeders], after]), axis=1)
    return {(market.products[a], market.products[b]) for a, b in pairs.T.tolist()}


def _taken(market: Market, kept: Sequence[str]) -> Market:
    links = market.links
    product = np.full(len(market.products), -1)
    product[[market.place[code] for code in kept]] = np.arange(len(kept))
    rows, buyers, sellers = (
        product[each] >= 0 for each in (links.product, links.buyer_product, links.seller_product)
    )
    buyer, seller = _numbers(buyers), _numbers(sellers)
    columns: dict[str, NDArray[Any]] = {}
    for each in fields(Links):
        keep = (
            buyers if each.name.startswith("buyer_") else sellers if each.name.startswith("seller_") else rows
        )
        columns[each.name] = getattr(links, each.name)[keep]
    for name in ("product", "buyer_product", "seller_product"):
        columns[name] = product[columns[name]]
    columns |= {"buyer": buyer[columns["buyer"]], "seller": seller[columns["seller"]]}
    feeds = market.feeds
    sizes = np.diff(feeds.fed_by)
    order = product[feeds.order]
    return replace(
        market,
        products=tuple(kept),
        links=Links(**columns),
        spare=market.spare[sellers],
        by_product=market.by_product[sellers],
        extra=None if market.extra is None else market.extra[rows],
        feeds=Feeds(
            share=feeds.share[sellers],
            fed_by=np.concatenate([[0], np.cumsum(sizes[sellers])]).astype(np.int64),
            feeders=buyer[feeds.feeders[np.repeat(sellers, sizes)]],
            order=order[order >= 0],
            limited=int((feeds.share[sellers] > 0).sum()),
            unknown=feeds.unknown,
        ),
    )


def _numbers(keep: NDArray[np.bool_]) -> Indices:
    return np.where(keep, np.cumsum(keep) - 1, -1).astype(np.int64)
