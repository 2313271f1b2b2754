"""Trace whole tables: every product and year at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from friendshore.exposure.concentration import group_starts
from friendshore.exposure.lookthrough import passing_through
from friendshore.exposure.network import System, system
from friendshore.tables.trade import Floats, Trade
from friendshore.tables.world import Output

__all__ = ["PassingThrough", "supply_by_origin", "systems", "trace_all"]


@dataclass(frozen=True, eq=False)
class PassingThrough:
    """What originates in or passed through a set of suppliers, one row a (year, product)."""

    year: NDArray[np.int16]
    product: NDArray[np.int16]
    low: Floats
    """Share of imports in known tons, shape (rows, importers); NaN as in :func:`passing_through`."""
    high: Floats
    unknown_links: NDArray[np.int64]
    """Flows left out because their tons are unknown, by row."""
    raised: NDArray[np.int64]
    """Countries whose known production was raised to exports less imports, by row."""


def systems(trade: Trade, outputs: Mapping[str, Output]) -> Iterator[tuple[int, int, System]]:
    """Yield (year, position of the product, system) for each block of the rows.

    Parameters
    ----------
    trade
        Rows by country (not joined).
    outputs
        Product code -> production in the product's own gross tons, as ``World.product_output``.
    """
    starts = group_starts(trade.year, trade.product)
    places = len(trade.countries)
    for start, stop in zip(starts, [*starts[1:], len(trade)], strict=True):
        year, product = int(trade.year[start]), int(trade.product[start])
        output = outputs.get(trade.products[product])
        known = None if output is None else output.in_year(year, places)
        yield year, product, system(trade.take(slice(int(start), int(stop))), known)


def trace_all(
    trade: Trade, outputs: Mapping[str, Output], importers: Sequence[int], suppliers: Sequence[int]
) -> PassingThrough:
    """Measure the passing-through share of every product and year of the rows.

    Parameters
    ----------
    trade, outputs
        As in :func:`systems`.
    importers
        Positions, one column each.
    suppliers
        Positions, taken together.
    """
    rows = []
    for year, product, network in systems(trade, outputs):
        low, high = passing_through(network, suppliers, importers)
        rows.append((year, product, low, high, network.unknown_links, len(network.raised)))
    shape = (len(rows), len(importers))
    return PassingThrough(
        np.array([row[0] for row in rows], np.int16),
        np.array([row[1] for row in rows], np.int16),
        np.array([row[2] for row in rows], np.float64).reshape(shape),
        np.array([row[3] for row in rows], np.float64).reshape(shape),
        np.array([row[4] for row in rows], np.int64),
        np.array([row[5] for row in rows], np.int64),
    )


def supply_by_origin(network: System, bound: str = "low") -> Floats:
    """Trace every country's supply to every origin, with all productions at one end of their intervals.

    Parameters
    ----------
    network
        From :func:`system`.
    bound
        ``low`` or ``high`` end of production; the same where it is known.

    Returns
    -------
    Floats
        ``R[j, o]``: tons of j's supply that were produced in o. Rows add up to supply (production plus
        imports) except inside closed loops without a source, which have none; ``R * c / x`` by row, with
        consumption ``c = x - exports``, adds up to production by column.
    """
    at = network.exporters
    end = network.bound(bound)
    inverse = network.inverse_low if bound == "low" else network.inverse_high
    places = len(network.imports)
    result = np.zeros((places, places))
    result[:, at] = (network.flows / end.supply[at]) @ (inverse * end.output[at])
    result[np.arange(places), np.arange(places)] += end.output
    return result
