"""Look-through: where supply was produced, and what of it originated in or passed through a supplier.

One product in one year is a network of flows in tons. A country's production and imports are taken as one
homogeneous pool: whatever it exports carries the same mix (proportional mixing, after Kastner, Kastner and
Nonhebel 2011, doi 10.1016/j.ecolecon.2011.01.012). Notation: ``Z[j, i]`` tons from i to j, ``p`` production,
``x = p + imports`` supply, ``A = Z / x`` by column, ``L`` the inverse of ``I - A``.

Production that is not known in the product's own gross tons is an interval, and so is every answer. Only
exporters can hand anything on, so every system is solved over its exporters; the others follow from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from friendshore.exposure.concentration import group_starts, unweighed
from friendshore.exposure.network import EXACT, ROUNDING, Bound, System, inverse_of_flows, system
from friendshore.tables.trade import Floats, Indices

__all__ = ["Origins", "Routes", "System", "carried_share", "origins", "passing_through", "routes", "system"]


@dataclass(frozen=True, eq=False)
class Origins:
    """Where one importer's supply was produced, as fractions of the supply (production plus imports)."""

    origin: Indices
    """Positions, ascending; the importer itself is always among them."""
    face_value_share: Floats
    """As customs wrote it: the importer's own production at its lower end, and its direct purchases."""
    traced_share_low: Floats
    traced_share_high: Floats
    """NaN inside a closed loop in which nobody is known to produce."""
    traced_t: Floats
    """Tons at the low end."""


@dataclass(frozen=True, eq=False)
class Routes:
    """Direct sellers to one importer that carry a supplier's goods."""

    via: Indices
    """Positions of direct sellers, largest carried tons (low, then high) first."""
    direct: np.ndarray
    """True where the seller is one of the suppliers; False for the hidden part."""
    tons_low: Floats
    tons_high: Floats
    share_low: Floats
    """Fraction of the importer's imports in tons. Over all rows they add up to the passing-through share."""
    share_high: Floats


def _one_moved(
    network: System, importer: int, base: Bound, inverse: Floats, moved: Bound
) -> tuple[Floats, Floats]:
    """Trace with all productions as in ``base`` but each origin's own, in turn, as in ``moved``.

    Moving one production changes one column of ``A``: a rank-one update, so that one inverse serves every
    origin exactly. Returns (tons, share) of the importer's supply by exporter.
    """
    at = network.exporters
    before, after = base.supply[at], moved.supply[at]
    reach = (network.flows[importer] / before) @ inverse
    if network.row[importer] >= 0:
        reach[network.row[importer]] += 1.0
    shrunk = before / after
    update = 1.0 + (1.0 - shrunk) * (np.diagonal(inverse) - 1.0)
    # A larger pool sends a smaller part of itself to others; what stays at home is not scaled.
    reach *= np.where(at == importer, 1.0, shrunk)
    tons = np.zeros(len(at))
    np.divide(reach * moved.output[at], update, out=tons, where=reach > 0)
    supply = np.full(len(at), base.supply[importer])
    supply[at == importer] = moved.supply[importer]
    return tons, np.minimum(tons / supply, 1.0)


def _in_a_loop(network: System, importer: int) -> tuple[Floats, Floats, Floats]:
    """Trace inside a closed loop that has no source when every production is at its lower end.

    Somebody must have produced what circulates. A member that may have done so can account for all of it, and
    must where it is the only one; where nobody may have, the origin is unknown.
    """
    reached = network.exporters == importer
    members = np.zeros(len(network.exporters), bool)
    members[network.low.loops] = True
    within = (network.flows[network.exporters] > 0) & members
    while True:
        more = reached | (within[reached].any(axis=0))
        if (more == reached).all():
            break
        reached = more
    at = network.exporters
    able = reached & (network.high.output[at] > ROUNDING * network.exports[at])
    if not able.any():
        unknown = np.where(reached, np.nan, 0.0)
        return unknown, unknown, unknown
    high = able.astype(float)
    low = high if able.sum() == 1 else np.zeros(len(high))
    return low * network.imports[importer], low, high


def origins(network: System, importer: int) -> Origins:
    """Trace one importer's supply to where it was produced.

    Parameters
    ----------
    network
        From :func:`system`.
    importer
        Position of a country, or of the joined bloc.

    Returns
    -------
    Origins
        For origin o the high share has o's production at its upper end and all others at their lower end, the
        low share the reverse: exact, since a share rises with its own production and falls with the others'.
        Empty where the importer has no supply in known tons.
    """
    supply = network.low.supply[importer]
    places = len(network.imports)
    face = np.zeros(places)
    tons, low, high = np.zeros(places), np.zeros(places), np.zeros(places)
    if supply <= 0:
        return Origins(np.zeros(0, np.int64), face[:0], low[:0], high[:0], tons[:0])
    at = network.exporters
    face[at] = network.flows[importer] / supply
    face[importer] = network.low.output[importer] / supply
    row = network.row[importer]
    if row >= 0 and row in network.low.loops:
        tons[at], low[at], high[at] = _in_a_loop(network, importer)
    else:
        tons[at], low[at] = _one_moved(network, importer, network.high, network.inverse_high, network.low)
        _, high[at] = _one_moved(network, importer, network.low, network.inverse_low, network.high)
        if row < 0:
            # An importer that exports nothing: its production, then known, stays at home.
            tons[importer] = network.low.output[importer]
            low[importer] = high[importer] = tons[importer] / supply
    low = np.fmin(low, high)
    here = (face > 0) | (high > 0) | np.isnan(high)
    here[importer] = True
    found = np.flatnonzero(here)
    return Origins(found, face[found], low[found], high[found], tons[found])


def _carried(network: System, bound: Bound, suppliers: Sequence[int]) -> Floats:
    """Fraction of each position's exports that originates in or passed through the suppliers.

    ``h = 1`` for a supplier; elsewhere the import-weighted mean of the sellers' h, own production counting 0.
    """
    carried = np.zeros(len(network.imports))
    carried[list(suppliers)] = 1.0
    at = network.exporters
    chosen = carried[at] == 1.0
    free = ~chosen
    free[bound.loops] = False
    # A closed loop around a supplier is no longer one without a source; only loops without any are cut out.
    if len(bound.loops) and chosen[bound.loops].any():
        free[bound.loops] = _touched(network, bound.loops, chosen)
    rows = at[free]
    if not len(rows) or not chosen.any():
        return carried
    supply, among = bound.supply[rows], network.flows[rows][:, free]
    direct = network.flows[rows][:, chosen].sum(axis=1)
    # A share for the suppliers and one for all sources together, which must be 1.
    sources = direct + bound.output[rows]
    rest = np.eye(len(rows)) - among / supply[:, None]
    share, whole = np.linalg.solve(rest, np.column_stack([direct, sources]) / supply[:, None]).T
    if (np.abs(whole - 1.0) > EXACT).any():
        share = inverse_of_flows(among.T, sources).T @ direct
    carried[rows] = np.clip(share, 0.0, 1.0)
    return carried


def _touched(network: System, loops: Indices, chosen: np.ndarray) -> np.ndarray:
    """Tell for each member of the closed loops, itself not chosen, whether a chosen one is in its loop."""
    inside = network.flows[network.exporters[loops]][:, loops] > 0
    reached = chosen[loops].copy()
    while True:
        more = reached | (inside[:, reached]).any(axis=1)
        if (more == reached).all():
            return np.asarray(reached & ~chosen[loops])
        reached = more


def carried_share(network: System, suppliers: Sequence[int]) -> tuple[Floats, Floats]:
    """Measure what of each position's exports originates in or passed through the suppliers.

    Parameters
    ----------
    network
        From :func:`system`.
    suppliers
        Positions, taken together as one set.

    Returns
    -------
    tuple of Floats
        Low (all productions at their upper end) and high (lower end) share by position; 1 for the suppliers, 0 for
        who exports nothing.
    """
    low, high = _carried(network, network.high, suppliers), _carried(network, network.low, suppliers)
    return np.fmin(low, high), high


def passing_through(
    network: System, suppliers: Sequence[int], importers: Sequence[int]
) -> tuple[Floats, Floats]:
    """Measure what of each importer's tons originates in or passed through the suppliers.

    Parameters
    ----------
    network
        From :func:`system`.
    suppliers
        Positions, taken together as one set.
    importers
        Positions.

    Returns
    -------
    tuple of Floats
        Low (all productions at their upper end) and high (lower end) share of imports in known tons, by
        importer. Never below the direct share. NaN without known imports, and where more than
        ``TOLERATED_GAP`` of what the suppliers ship to the importer, in dollars, has no tons.

    References
    ----------
    methods.md 3.1, "Origin is not the whole question".
    """
    trade = network.trade
    starts = group_starts(trade.importer)
    result = np.full((2, len(network.imports)), np.nan)
    if len(starts):
        buyers = trade.importer[starts]
        total = np.add.reduceat(network.tons, starts)
        chosen = np.zeros(len(network.imports), bool)
        chosen[list(suppliers)] = True
        fine = (total > 0) & ~unweighed(trade, chosen[trade.exporter], starts)
        for n, bound in enumerate((network.high, network.low)):
            carried = _carried(network, bound, suppliers)
            # The same rows in the same order as the direct share, so that rounding cannot put it above.
            part = np.add.reduceat(network.tons * carried[trade.exporter], starts)
            result[n, buyers[fine]] = part[fine] / total[fine]
    wanted = result[:, list(importers)]
    return np.fmin(wanted[0], wanted[1]), wanted[1]


def routes(network: System, importer: int, suppliers: Sequence[int]) -> Routes:
    """List the direct sellers that carry the suppliers' goods to an importer, and how much.

    Parameters
    ----------
    network
        From :func:`system`.
    importer
        Position.
    suppliers
        Positions, taken together.
    """
    at = network.exporters
    sold = network.flows[importer]
    low = sold * _carried(network, network.high, suppliers)[at]
    high = sold * _carried(network, network.low, suppliers)[at]
    low = np.fmin(low, high)
    here = np.flatnonzero(high > 0)
    here = here[np.lexsort((at[here], -high[here], -low[here]))]
    total = sold.sum()
    direct = np.isin(at[here], list(suppliers))
    return Routes(at[here], direct, low[here], high[here], low[here] / total, high[here] / total)
