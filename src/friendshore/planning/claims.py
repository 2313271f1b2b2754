"""Outside spare capacity, and which part of it a member may count on: by one of four rules."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from friendshore.disruption.market import Market
from friendshore.parameters import Parameters
from friendshore.tables.trade import Floats, Indices

__all__ = ["BOUNDS", "MIDDLE_RULES", "RULES", "claims", "spare_of"]

MIDDLE_RULES = ("link", "imports")
BOUNDS = ("first", "last")
RULES = (*MIDDLE_RULES, *BOUNDS)


def spare_of(market: Market, parameters: Parameters) -> Floats:
    """Return by seller the tons a year that it can make beyond the base and that answer to price.

    Its own peak of the past years less base, times the part of it that can be mobilised. What is won beside another
    material follows that one, not its own price.
    """
    answers = 1.0 - market.by_product * (1.0 - parameters.by_product_share)
    return np.asarray(market.spare * parameters.spare_share * answers, np.float64)


def claims(market: Market, rows: Indices, spare: Floats, may: NDArray[np.bool_], rule: str) -> Floats:
    """Return what the importer of each link may claim of its supplier's spare capacity, tons a year.

    Parameters
    ----------
    market
        All links of all importers.
    rows
        Links of the members.
    spare
        By seller of the market.
    may
        By row: whether more may be bought there at all (same grade, no supplier of concern).
    rule
        ``link``: by what the importer buys of the supplier today; ``imports``: by its share of the world's imports
        of the product; ``last``: nothing; ``first``: all of it, to each importer. By the first two the claims on a
        supplier, of all importers in the world, add up to at most its spare capacity.
    """
    links = market.links
    seller, buyer = links.seller[rows], links.buyer[rows]
    if rule == "last":
        part = np.zeros(len(rows))
    elif rule == "first":
        part = np.ones(len(rows))
    elif rule == "imports":
        world = np.bincount(links.buyer_product, links.buyer_tons, len(market.products))
        part = links.buyer_tons[buyer] / world[links.product[rows]]
    else:
        part = np.divide(
            links.tons[rows], links.seller_tons[seller], out=np.zeros(len(rows)), where=links.tons[rows] > 0
        )
    return np.where(may, spare[seller] * part, 0.0)
