"""Freed supply: what an aimed cut leaves its supplier to sell elsewhere lets others' goods go to those who are short.

The term of the path (see :mod:`friendshore.disruption.diversion`) in closed form, month by month: buyers that are not
cut take over what is blocked, at most as their links with the blocked supplier grow, and leave other suppliers
behind, at most what those who are short can take from these.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from friendshore.disruption.market import Market
from friendshore.parameters import Parameters
from friendshore.planning.arrivals import Arrivals
from friendshore.planning.periods import grown_by_month
from friendshore.tables.trade import Floats, Indices

__all__ = ["freed_supply"]


def freed_supply(
    market: Market, arrivals: Arrivals, parameters: Parameters, months: int, bounds: Floats, rows: Indices
) -> Floats:
    """Return the tons in each period that each link's supplier can sell beyond today, since others left it.

    Parameters
    ----------
    market
        All links of all importers.
    arrivals
        What the case stops.
    parameters
        Of the path: headroom, lead time and growth of links.
    months
        Length of the case.
    bounds
        Months where periods begin and end.
    rows
        Links of the members, whose part is returned.

    Returns
    -------
    Floats
        (R, row). Over all links of the world, members' or not, at most what is blocked.
    """
    periods = len(bounds) - 1
    found = np.zeros((periods, len(rows)))
    if not len(arrivals.lost[1:]):
        return found
    links = market.links
    hit = arrivals.pattern > 0
    touched = np.unique(links.product[hit])
    struck_seller = np.zeros(len(links.seller_tons), bool)
    struck_seller[links.seller[hit]] = True
    struck_seller |= arrivals.seller_pattern > 0
    here = np.flatnonzero(np.isin(links.product, touched))
    weight = _weights(market, arrivals, here, parameters)
    grown = grown_by_month(parameters, months)
    place = np.full(len(links.tons), -1)
    place[here] = np.arange(len(here))
    wanted = place[rows]
    known: dict[tuple[bytes, float], Floats] = {}
    for t in range(months):
        lost = arrivals.lost[:, t]
        if not lost.any():
            continue
        key = (lost.tobytes(), float(grown[t]))
        if key not in known:
            month = _month(market, here, lost[arrivals.pattern[here]], struck_seller, weight, grown[t])
            known[key] = np.where(wanted >= 0, month[wanted], 0.0)
        r = int(np.searchsorted(bounds, t, side="right")) - 1
        if r < periods:
            found[r] += known[key]
    return found


def _weights(
    market: Market, arrivals: Arrivals, here: Indices, parameters: Parameters
) -> tuple[Floats, Floats]:
    """Return by link the part of a buyer's new demand that may be qualified there, and the headroom of its base."""
    links = market.links
    usable = links.usable[here] if parameters.grades else np.ones(len(here), bool)
    buyer, seller = links.buyer[here], links.seller[here]
    calm = usable & (arrivals.pattern[here] == 0) & (arrivals.seller_pattern[seller] == 0)
    size = np.where(calm, links.seller_tons[seller], 0.0)
    total = np.bincount(buyer, size, len(links.buyer_tons))
    weight = np.divide(size, total[buyer], out=np.zeros(len(here)), where=size > 0)
    return np.asarray(weight, np.float64), np.where(usable, parameters.link_headroom, 0.0)


def _month(
    market: Market,
    here: Indices,
    lost: Floats,
    struck_seller: NDArray[np.bool_],
    weight: tuple[Floats, Floats],
    grown: float,
) -> Floats:
    """Return by link the tons of one month that its supplier can sell to a buyer that is short."""
    links = market.links
    buyer, seller = links.buyer[here], links.seller[here]
    buyers, sellers = len(links.buyer_tons), len(links.seller_tons)
    base = links.tons[here] / 12
    demand = links.buyer_tons[buyer] / 12
    share, headroom = weight
    short = np.bincount(buyer, base * lost, buyers)
    offer = np.bincount(seller, base * lost, sellers)
    room = headroom * base + share * demand * grown
    struck = struck_seller[seller]
    asks = np.where(struck, 0.0, np.minimum(room, short[buyer]))
    asked = np.bincount(seller, asks, sellers)
    total = asked.sum()
    if total <= 0.0:
        return np.zeros(len(here))
    calm = short[buyer] == 0.0
    free = np.where(calm & struck & (lost == 0.0), np.minimum(room, offer[seller]), 0.0)
    able = np.bincount(buyer, free, buyers)
    left = np.where(able[buyer] > 0.0, base, 0.0) * ~struck
    sold = np.bincount(seller, left, sellers)
    product = links.seller_product
    gap = np.bincount(links.buyer_product, short, len(market.products))
    every = np.bincount(product, asked, len(market.products))
    scale = np.minimum(1.0, np.divide(gap, every, out=np.zeros(len(gap)), where=every > 0))[product]
    part = np.minimum(1.0, np.divide(scale * asked, sold, out=np.zeros(sellers), where=sold > 0))
    leaves = np.bincount(buyer, part[seller] * left, buyers)
    request = free * np.minimum(1.0, np.divide(leaves, able, out=np.zeros(buyers), where=able > 0))[buyer]
    requested = np.bincount(seller, request, sellers)
    served = np.minimum(1.0, np.divide(offer, requested, out=np.zeros(sellers), where=requested > 0))
    taken = np.bincount(buyer, request * served[seller], buyers)
    gone = np.minimum(1.0, np.divide(taken, leaves, out=np.zeros(buyers), where=leaves > 0))
    freed = np.bincount(seller, part[seller] * left * gone[buyer], sellers)
    to = np.divide(freed, asked, out=np.zeros(sellers), where=asked > 0)
    return np.asarray(asks * to[seller], np.float64)
