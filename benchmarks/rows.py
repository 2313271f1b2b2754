"""The rows that benchmarks run on, by the name of a size."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from friendshore.tables.box import open_box
from friendshore.tables.trade import Trade

__all__ = ["EU27", "rows_of"]

EU27 = (
    "AUT", "BEL", "BGR", "CYP", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GRC", "HRV", "HUN", "IRL",
    "ITA", "LTU", "LUX", "LVA", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "SWE",
)  # fmt: skip
TINY = ("260300", "284690")


@cache
def rows_of(size: str) -> tuple[Trade, Mapping[str, int]]:
    """Return the rows and the position of each country.

    ``tiny`` is two products in one year, ``box`` the whole box, ``box x N`` the box N times over (the years
    moved on, so that groups stay as they are), ``A-B`` a run of years.
    """
    box = open_box()
    if size == "tiny":
        return box.trade([box.default_year], TINY), box.position
    if size.startswith("box"):
        copies = int(size.partition(" x ")[2] or 1)
        return _repeated(box.trade(), copies), box.position
    first, _, last = size.partition("-")
    return box.trade(range(int(first), int(last) + 1)), box.position


def _repeated(trade: Trade, copies: int) -> Trade:
    span = int(trade.year[-1] - trade.year[0]) + 1
    years = np.concatenate([trade.year + copy * span for copy in range(copies)]).astype(np.int16)
    columns = (trade.product, trade.importer, trade.exporter, trade.value_usd, trade.quantity_t)
    return Trade(trade.countries, trade.products, years, *(np.tile(column, copies) for column in columns))
