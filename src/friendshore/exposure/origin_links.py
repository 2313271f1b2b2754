"""From where through whom: an importer's supply by origin and by direct seller, in tons that add up.

Notation as in :mod:`friendshore.exposure.lookthrough`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from friendshore.exposure.lookthrough import origins
from friendshore.exposure.network import System
from friendshore.tables.trade import Floats, Indices

__all__ = ["OriginLinks", "origin_links"]


@dataclass(frozen=True, eq=False)
class OriginLinks:
    """What one importer uses, by origin and direct seller; only what is not zero."""

    origin: Indices
    """Position; -1 where the origin is not known (a seller in a closed loop without a source)."""
    via: Indices
    """Position of the direct seller; the importer itself for its own production."""
    tons: Floats
    """The mean of two worlds: all productions at their lower ends, and all at their upper ends. In both, all that a
    seller ships adds up over its origins, and so it does here."""
    low: Floats
    high: Floats
    """Ends of the tons, each link for itself, exact as those of :func:`~friendshore.exposure.lookthrough.origins`;
    NaN where the origin is not known."""


def origin_links(network: System, importer: int) -> OriginLinks:
    """Split an importer's supply by origin and direct seller.

    Parameters
    ----------
    network
        From :func:`~friendshore.exposure.network.system`.
    importer
        Position of a country, or of the joined bloc.
    """
    at = network.exporters
    sold = network.flows[importer]
    mixes = [
        inverse * bound.output[at] / bound.supply[at][:, None]
        for bound, inverse in ((network.low, network.inverse_low), (network.high, network.inverse_high))
    ]
    parts = [own_production(network, importer)]
    for row in np.flatnonzero(sold > 0):
        via, tons = int(at[row]), float(sold[row])
        if row in network.low.loops or row in network.high.loops:
            parts.append((np.array([-1]), via, np.array([tons]), np.array([np.nan]), np.array([np.nan])))
            continue
        middle = (mixes[0][row] + mixes[1][row]) / 2
        ends = origins(network, via)
        here = np.flatnonzero(middle > 0)
        low, high = np.zeros(len(network.imports)), np.zeros(len(network.imports))
        low[ends.origin], high[ends.origin] = ends.traced_share_low, ends.traced_share_high
        # Rounding may put the middle a hair outside of ends that are the same.
        part = tons * middle[here]
        parts.append(
            (
                at[here],
                via,
                part,
                np.minimum(tons * low[at[here]], part),
                np.maximum(tons * high[at[here]], part),
            )
        )
    return OriginLinks(
        np.concatenate([origin for origin, *_ in parts]),
        np.concatenate([np.full(len(origin), via) for origin, via, *_ in parts]),
        *(np.concatenate([part[n] for part in parts]) for n in (2, 3, 4)),
    )


def own_production(network: System, importer: int) -> tuple[Indices, int, Floats, Floats, Floats]:
    """Return what the importer makes itself, as a link from itself through nobody."""
    low, high = float(network.low.output[importer]), float(network.high.output[importer])
    if high <= 0:
        nothing = np.zeros(0)
        return np.zeros(0, np.int64), importer, nothing, nothing, nothing
    return np.array([importer]), importer, np.array([(low + high) / 2]), np.array([low]), np.array([high])
