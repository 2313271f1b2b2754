"""The table ``links`` of a trace: from where, through whom, how many tons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from friendshore.answers.framing import known
from friendshore.exposure.lookthrough import System
from friendshore.exposure.origin_links import origin_links
from friendshore.records import Table
from friendshore.tables.schemas import columns

__all__ = ["OTHERS", "links_table"]

COLUMNS = ("origin", "via", "importer", "quantity_t", "quantity_t_low", "quantity_t_high")
OTHERS = "others"
"""Stands for all origins, or sellers, that are too small for a row of their own."""
LEAST = 0.005
"""Part of the supply from which on an origin or a seller has rows of its own."""
Key: TypeAlias = tuple[str | None, str]


def links_table(network: System, names: Sequence[str], place: int) -> Table:
    """Split the supply of one importer by origin and direct seller; the tons add up to the supply."""
    found = origin_links(network, place)
    supply = float(found.tons.sum())
    by_origin = np.bincount(found.origin + 1, found.tons, len(names) + 1)[1:]
    by_via = np.bincount(found.via, found.tons, len(names))
    sums: dict[Key, np.ndarray] = {}
    for origin, via, *tons in zip(found.origin, found.via, found.tons, found.low, found.high, strict=True):
        through = names[via] if by_via[via] >= LEAST * supply else OTHERS
        source = None if origin < 0 else names[origin] if by_origin[origin] >= LEAST * supply else OTHERS
        sums[source, through] = sums.get((source, through), np.zeros(3)) + np.array(tons)
    rows = [
        {
            "origin": source,
            "via": through,
            "importer": names[place],
            "quantity_t": known(tons[0]),
            "quantity_t_low": known(tons[1]),
            "quantity_t_high": known(tons[2]),
        }
        for (source, through), tons in sums.items()
    ]
    rows.sort(key=order)
    return Table(columns=columns("trace_links", COLUMNS), rows=tuple(rows))


def order(row: dict[str, Any]) -> tuple[float, str, str]:
    """Put the largest first."""
    return -row["quantity_t"], row["via"], row["origin"] or "~"
