"""The network of one product in one year: flows in tons, and production as an interval.

Notation as in :mod:`friendshore.exposure.lookthrough`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from friendshore.tables.trade import Floats, Indices, Trade

__all__ = ["EXACT", "ROUNDING", "Bound", "System", "inverse_of_flows", "system"]

ROUNDING = 1e-12
"""A difference of exports and imports up to this fraction may be the rounding of two equal sums."""


EXACT = 1e-13
"""Relative error of the balance above which a system is solved again without subtractions."""


@dataclass(frozen=True, eq=False)
class Bound:
    """The network with every production at one end of its interval."""

    output: Floats
    """Tons by position."""
    supply: Floats
    """Production plus imports by position, never below exports."""
    loops: Indices
    """Rows of ``System.exporters`` that lie in closed loops without any source: they buy and sell among
    themselves alone, as much in as out, and nobody is known to produce."""


@dataclass(frozen=True, eq=False)
class System:
    """One product in one year, ready to be traced. Positions refer to ``trade.countries``."""

    trade: Trade
    tons: Floats
    """Tons of each row of ``trade``; 0 where unknown (left out)."""
    exporters: Indices
    """Positions that export any known tons, ascending."""
    flows: Floats
    """Tons from each of ``exporters`` (column) to each position (row)."""
    imports: Floats
    exports: Floats
    low: Bound
    high: Bound
    raised: Indices
    """Positions whose known production was below exports less imports and was raised to it."""
    raised_by: Floats
    """By how many tons, in the order of ``raised``."""
    unknown_links: int
    """Rows whose tons are unknown, or known only in part."""

    def bound(self, name: str) -> Bound:
        """Return the ``low`` or the ``high`` end of production."""
        return self.low if name == "low" else self.high

    @cached_property
    def row(self) -> Indices:
        """Position -> row in ``exporters``, -1 for the others."""
        rows = np.full(len(self.imports), -1)
        rows[self.exporters] = np.arange(len(self.exporters))
        return rows

    @cached_property
    def inverse_low(self) -> Floats:
        """``L`` over the exporters with every production at its lower end."""
        return _inverse(self, self.low)

    @cached_property
    def inverse_high(self) -> Floats:
        """``L`` over the exporters with every production at its upper end."""
        return self.inverse_low if self.high is self.low else _inverse(self, self.high)


def system(trade: Trade, output: Floats | None = None, joined: Sequence[int] | None = None) -> System:
    """Prepare one product in one year for tracing.

    Parameters
    ----------
    trade
        Rows of one product in one year. Unknown tons are left out and counted.
    output
        Production by position in the product's own gross tons, NaN where unknown; None: unknown everywhere.
    joined
        Positions of the members where ``trade`` was joined and ``output`` is by country: the joined node then
        produces what its members do, known where every member's production is known.

    Notes
    -----
    A known production below exports less imports is raised to it. An unknown one lies between
    max(exports - imports, 0) and exports.
    """
    places = len(trade.countries)
    tons = np.where(np.isnan(trade.quantity_t), 0.0, trade.quantity_t)
    imports = np.bincount(trade.importer, tons, places).astype(np.float64)
    exports = np.bincount(trade.exporter, tons, places).astype(np.float64)
    exporters = np.flatnonzero(exports)
    row = np.full(places, -1)
    row[exporters] = np.arange(len(exporters))
    flows = np.zeros((places, len(exporters)))
    real = tons > 0
    flows[trade.importer[real], row[trade.exporter[real]]] = tons[real]
    known = np.full(places, np.nan)
    if output is not None:
        known[: len(output)] = output
        if joined is not None:
            known[-1] = output[list(joined)].sum()
    least = np.maximum(exports - imports, 0.0)
    unknown = np.isnan(known)
    lower = np.where(unknown, least, np.fmax(known, least))
    upper = np.where(unknown, exports, lower)
    raised = np.flatnonzero(~unknown & (known < least - ROUNDING * exports))
    low = _bound(lower, flows, exporters, imports, exports)
    return System(
        trade,
        tons,
        exporters,
        flows,
        imports,
        exports,
        low,
        low if np.array_equal(lower, upper) else _bound(upper, flows, exporters, imports, exports),
        raised,
        least[raised] - known[raised],
        int(trade.unknown_tons.sum()),
    )


def _bound(output: Floats, flows: Floats, exporters: Indices, imports: Floats, exports: Floats) -> Bound:
    """Fix production and find the closed loops that no source feeds (they make ``I - A`` singular)."""
    supply = np.maximum(output + imports, exports)
    sold = exports[exporters]
    closed = (output[exporters] <= ROUNDING * sold) & (supply[exporters] - sold <= ROUNDING * sold)
    while closed.any():
        inside = np.zeros(len(imports), bool)
        inside[exporters[closed]] = True
        leaks = (flows[~inside] > 0).any(axis=0) | (flows[exporters][:, ~closed] > 0).any(axis=1)
        if not (closed & leaks).any():
            break
        closed &= ~leaks
    return Bound(output, supply, np.flatnonzero(closed))


def _inverse(network: System, bound: Bound) -> Floats:
    """Invert ``I - A`` over the exporters; closed loops, which touch nobody else, are cut out."""
    at = network.exporters
    among, supply = network.flows[at], bound.supply[at]
    among[bound.loops] = 0.0
    inverse = np.asarray(np.linalg.inv(np.eye(len(at)) - among / supply), np.float64)
    # What is traced must add up to what there is. Where goods all but circulate it may not.
    if (np.abs(inverse @ bound.output[at] - supply) > EXACT * supply)[_all_but(bound.loops, len(at))].any():
        leak = (supply - network.exports[at]) + (network.flows.sum(axis=0) - network.flows[at].sum(axis=0))
        leak[bound.loops] = supply[bound.loops]
        inverse = supply[:, None] * inverse_of_flows(among, leak)
    return inverse


def _all_but(rows: Indices, size: int) -> np.ndarray:
    kept = np.ones(size, bool)
    kept[rows] = False
    return kept


def inverse_of_flows(flows: Floats, leak: Floats) -> Floats:
    """Invert ``diag(flows.sum(axis=0) + leak) - flows`` without a subtraction, so that no digit is lost.

    Parameters
    ----------
    flows
        Non-negative square matrix; its diagonal is ignored.
    leak
        Non-negative: what of each column goes elsewhere.

    References
    ----------
    After Grassmann, Taksar and Heyman 1985, Operations Research 33, 1107-1116. Slower than
    ``np.linalg.inv``; exact to rounding however nearly singular the matrix is.
    """
    flows, leak, size = flows.copy(), leak.copy(), len(leak)
    result, pivot = np.eye(size), np.zeros(size)
    for k in range(size):
        after = slice(k + 1, None)
        pivot[k] = flows[after, k].sum() + leak[k]
        handed_on = flows[k, after] / pivot[k]
        flows[after, after] += np.outer(flows[after, k], handed_on)
        leak[after] += leak[k] * handed_on
        result[after] += np.outer(flows[after, k] / pivot[k], result[k])
    for k in range(size - 1, -1, -1):
        result[k] = (result[k] + flows[k, k + 1 :] @ result[k + 1 :]) / pivot[k]
    return result
