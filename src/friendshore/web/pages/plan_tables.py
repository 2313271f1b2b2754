"""Tables of a plan with names instead of codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from friendshore.charts.wording import Words
from friendshore.records import Finding
from friendshore.web.sections import Cell, Grid, Link, grid

__all__ = ["named_grid"]

NAMED = ("member", "to", "supplier", "host", "product", "country", "coalition")
"""Columns that hold codes."""


def named_grid(
    finding: Finding,
    words: Words,
    *,
    links: Mapping[str, Link] | None = None,
    skip: Sequence[str] = (),
    most: int = 40,
    heads: Mapping[str, str] | None = None,
) -> Grid:
    """Write rows with the names of countries, blocs and products; supplier or host stand in one column."""
    made = grid(finding, words.lang, links=links, most=most, skip=skip, heads=heads, named=NAMED)
    names = [column.name for column in finding.columns if column.name not in skip]
    if not {"supplier", "host"} <= set(names):
        return made
    rows = tuple(
        tuple(_placed(cell, row.get("supplier") or row.get("host"), words) for cell in cells)
        for cells, row in zip(made.rows, finding.rows, strict=False)
    )
    return replace(made, rows=rows)


def _placed(cell: Cell, place: str | None, words: Words) -> Cell:
    """Name a host, whose code stands in the column of the suppliers."""
    if place is None or cell.text != place:
        return cell
    return replace(cell, text=words.name(place), key=words.name(place))
