"""Naive forecasts that a model has to beat. Each gives tons by supplier, from base means and the severity.

The severity is the event's, the same for every importer; persistence does not get it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from friendshore.disruption.eligible import Cases
from friendshore.tables.trade import Floats

__all__ = ["BASELINES", "absolute_percentage_error", "baselines", "shares", "total_variation"]

BASELINES = ("persistence", "own_mix", "world_exports", "no_replacement")


def shares(tons: Floats) -> Floats:
    """Turn tons by supplier into shares; nothing at all gives zeros."""
    total = tons.sum(-1, keepdims=True)
    parts: Floats = np.divide(tons, total, out=np.zeros_like(tons), where=total > 0)
    return parts


def total_variation(first: Floats, second: Floats) -> Floats:
    """Half the summed absolute difference of two vectors of shares: 0 the same, 1 nothing in common."""
    distance: Floats = 0.5 * np.abs(first - second).sum(-1)
    return distance


def absolute_percentage_error(predicted: Floats, actual: Floats) -> Floats:
    """Absolute error over the actual."""
    error: Floats = np.abs(predicted - actual) / actual
    return error


def baselines(rows: Cases) -> Mapping[str, Floats]:
    """Forecast tons by supplier.

    ``persistence``
        As before.
    ``own_mix``
        The lost tons go to the importer's other suppliers in proportion to what they sell it; where it has
        none, as in ``world_exports``.
    ``world_exports``
        They go to all other exporters in proportion to what they sell to everybody else.
    ``no_replacement``
        They vanish.
    """
    lost = rows.severity * rows.base[:, -1]
    cut = rows.base.copy()
    cut[:, -1] -= lost
    world = rows.elsewhere.copy()
    world[:, -1] = 0.0
    world[np.arange(len(rows)), rows.importer] = 0.0
    anywhere = cut + lost[:, None] * shares(world)
    own = rows.base.copy()
    own[:, -1] = 0.0
    alone = own.sum(1) <= 0
    mixed = cut + lost[:, None] * shares(own)
    mixed[alone] = anywhere[alone]
    return dict(zip(BASELINES, (rows.base, mixed, anywhere, cut), strict=True))
