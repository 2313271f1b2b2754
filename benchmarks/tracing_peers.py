"""Origin tracing as it is usually written: one dense inverse over all countries for each product and year."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from friendshore.exposure.concentration import group_starts
from friendshore.tables.trade import Floats, Trade

__all__ = ["dense_inverses"]


def dense_inverses(trade: Trade) -> Callable[[], Floats]:
    """Return a loop of ``np.linalg.inv`` over the countries that trade anything at all in these rows.

    It returns the last product's matrix, importer by origin.
    """
    active = np.unique(np.concatenate([trade.importer, trade.exporter]))
    importer, exporter = np.searchsorted(active, trade.importer), np.searchsorted(active, trade.exporter)
    tons = np.where(np.isnan(trade.quantity_t), 0.0, trade.quantity_t)
    size, starts = len(active), [*group_starts(trade.year, trade.product), len(trade)]

    def run() -> Floats:
        identity = traced = np.eye(size)
        for start, stop in pairwise(starts):
            flows = np.zeros((size, size))
            flows[importer[start:stop], exporter[start:stop]] = tons[start:stop]
            imports, exports = flows.sum(axis=1), flows.sum(axis=0)
            # A little more production than the lower end, so that closed loops do not stop the loop.
            output = np.maximum(exports - imports, 1e-9 * exports)
            supply = output + imports
            traced = np.linalg.inv(identity - flows / np.where(supply > 0, supply, 1.0)) * output
        return traced

    return run
