"""What of a supplier's goods comes from suppliers of concern: the look-through, once for a plan."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from friendshore.disruption.market import Market
from friendshore.exposure.lookthrough import carried_share, system
from friendshore.tables.trade import Floats

__all__ = ["traced_shares"]


def traced_shares(
    market: Market, codes: Sequence[str], concern: Sequence[str], joined: Sequence[Sequence[str]] = ()
) -> Floats:
    """Return by (product, node of the market) the part of its exports that passed through suppliers of concern.

    Middle of the range that unknown production leaves, in the newest base year; 1 for those themselves, NaN for who
    exports nothing.
    """
    world, year = market.world, max(market.base_years)
    trade = world.trade((year,), codes, quantities=market.quantities)
    inside = [[world.position[code] for code in members] for members in joined]
    for name, members in zip(market.countries[len(world.countries) :], inside, strict=True):
        trade = trade.joined(members, name)
    sellers = [market.position[code] for code in concern if code in market.position]
    found = np.full((len(codes), len(market.countries)), np.nan)
    for n, code in enumerate(codes):
        output = None
        if code in world.product_output:
            tons = world.product_output[code].in_year(year, len(world.countries))
            output = np.append(tons, [tons[members].sum() for members in inside])
        network = system(trade.of(year=year, product=world.products.index(code)), output)
        low, high = carried_share(network, sellers)
        found[n, network.exporters] = ((low + high) / 2)[network.exporters]
        found[n, sellers] = 1.0
    return found
