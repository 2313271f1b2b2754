"""The ends of traced intervals against a dense inverse in which one production is moved at a time."""

from __future__ import annotations

import numpy as np
import pytest

from friendshore.exposure.lookthrough import origins, system
from worlds import one_product


def dense_share(flows, output, importer, origin):
    """Share of the importer's supply that the origin produced, by the textbook formula."""
    supply = output + flows.sum(axis=1)
    passed = flows / np.where(supply > 0, supply, 1.0)
    made = np.linalg.inv(np.eye(len(supply)) - passed) * output
    return made[importer, origin] / supply[importer]


@pytest.mark.parametrize("seed", range(8))
def test_each_end_has_one_production_moved_and_all_others_at_the_opposite_end(seed):
    random = np.random.default_rng(seed)
    names = ["AUS", "CHN", "JPN", "MMR", "MYS", "VNM"]
    flows = {
        (a, b): float(random.integers(1, 100))
        for a in names
        for b in names
        if a != b and random.random() < 0.6
    }
    world = one_product(flows)
    trade = world.trade((2022,))
    places = len(world.countries)
    dense = np.zeros((places, places))
    dense[trade.importer, trade.exporter] = trade.quantity_t
    bought, sold = dense.sum(axis=1), dense.sum(axis=0)
    low, high = np.maximum(sold - bought, 0), sold
    network = system(trade)
    for importer in range(places):
        if bought[importer] == 0:
            continue
        traced = origins(network, importer)
        found = {int(o): n for n, o in enumerate(traced.origin)}
        for origin in range(places):
            most, least = low.copy(), high.copy()
            most[origin], least[origin] = high[origin], low[origin]
            expected = [dense_share(dense, output, importer, origin) for output in (least, most)]
            n = found.get(origin)
            got = [0.0, 0.0] if n is None else [traced.traced_share_low[n], traced.traced_share_high[n]]
            assert got == pytest.approx(expected, abs=1e-12)
