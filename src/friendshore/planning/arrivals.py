"""What still arrives on each link while a case lasts, feeds of processors counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from friendshore.disruption.market import Market
from friendshore.disruption.striking import strikes, struck_links
from friendshore.planning.periods import over_periods
from friendshore.shocks import Shock
from friendshore.tables.trade import Floats, Indices

__all__ = ["Arrivals", "arrivals_of", "felt"]


@dataclass(frozen=True, eq=False)
class Arrivals:
    """One case on a whole market."""

    lost: Floats
    """(pattern, month): part of a link's flow that is stopped; pattern 0 is untouched."""
    pattern: Indices
    """(link,)"""
    out: Floats
    """(pattern, month): part of a producer's output that is out; pattern 0 is untouched."""
    seller_pattern: Indices
    """(seller,)"""
    open_share: Floats
    """(R, link) part of a link's contracts that still arrives, mean over the period."""


def felt(market: Market, shocks: Sequence[Shock]) -> tuple[Shock, ...]:
    """Return the shocks that stop something in a market that may hold a part of their products only."""
    links = market.links
    return tuple(shock for shock in shocks if (links.tons[struck_links(market, shock)] > 0).any())


def arrivals_of(market: Market, shocks: Sequence[Shock], months: int, bounds: Floats) -> Arrivals:
    """Work out what still arrives.

    Parameters
    ----------
    market
        Links of all importers: a processor's feed is read off its own.
    shocks
        Of one case; each must stop something in this market.
    months
        Length of the case.
    bounds
        Months where periods begin and end.

    Notes
    -----
    A processor delivers at most what its feed allows, and its feed counts as it still arrives on today's links:
    what it may buy elsewhere in the crisis is left out, which is on the safe side.
    """
    (by_link, link_sets), (by_seller, seller_sets) = strikes(market, shocks)
    share = np.array([shock.lost(months) for shock in shocks]).reshape(len(shocks), months)
    lost, out = _most(share, link_sets, months), _most(share, seller_sets, months)
    link_open = 1.0 - over_periods(lost, bounds, months).T[:, by_link]
    seller_open = 1.0 - over_periods(out, bounds, months).T[:, by_seller]
    links, feeds = market.links, market.feeds
    limited = np.flatnonzero(feeds.share > 0)
    for k in feeds.order.tolist():
        for i in limited[links.seller_product[limited] == k].tolist():
            feeders = feeds.feeders[feeds.fed_by[i] : feeds.fed_by[i + 1]]
            rows = np.isin(links.buyer, feeders)
            still = (links.tons[rows] * link_open[:, rows] * seller_open[:, links.seller[rows]]).sum(axis=1)
            arrived = still / links.buyer_tons[feeders].sum()
            seller_open[:, i] = np.minimum(seller_open[:, i], 1.0 - feeds.share[i] * (1.0 - arrived))
    return Arrivals(lost, by_link, out, by_seller, link_open * seller_open[:, links.seller])


def _most(share: Floats, sets: Sequence[tuple[int, ...]], months: int) -> Floats:
    found = np.zeros((len(sets), months))
    for n, together in enumerate(sets):
        if together:
            found[n] = share[list(together)].max(axis=0)
    return found
