"""Two scenarios side by side: the months of each pair of importer and product, the first left and the second right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from friendshore.charts.combine import vconcat
from friendshore.charts.path import Course, paths
from friendshore.charts.picture import Drawing
from friendshore.charts.wording import Words, visible
from friendshore.errors import ArgumentError
from friendshore.records import Finding

__all__ = ["compared"]

WIDTH = 760
MOST_PAIRS = 4
DIFFERENCE = "difference"

Row = Mapping[str, Any]
Key = tuple[str, str]


def compared(finding: Finding, words: Words, *, width: int = WIDTH) -> tuple[Drawing, str]:
    """Draw the pairs that differ most.

    Raises
    ------
    ArgumentError
        ``no_chart`` where no months were compared.
    """
    if "months" not in finding.tables:
        raise ArgumentError(
            "There is no chart of two scenarios whose months were not compared.",
            code="no_chart",
            hint="Write a table instead: --csv, --xlsx or --out FILE.html",
        )
    months: dict[Key, dict[str, list[Row]]] = {}
    for row in finding.tables["months"].rows:
        key = (row["product"], row["importer"])
        months.setdefault(key, {}).setdefault(row["scenario"], []).append(row)
    figures = {(r["product"], r["importer"], r["scenario"]): r for r in finding.tables["figures"].rows}

    def apart(key: Key) -> float:
        return -abs(float(figures[(*key, DIFFERENCE)]["total_shortage_t"] or 0.0))

    parts = []
    for key in sorted(months, key=apart)[:MOST_PAIRS]:
        stocked = any(row["stock_t"] is not None for rows in months[key].values() for row in rows)
        named = f"{words.name(key[1])}: {words.within(words.product(key[0]))}"
        courses = [
            Course(visible(name), rows, figures[(*key, name)], named, has_stock=stocked)
            for name, rows in months[key].items()
        ]
        parts.append(paths(courses, words, width=width).chart)
    measure = words.sentences(
        [
            words.say("Stock above the line, part of demand that is missing below it, by month."),
            words.say("Band: interval of 80 %."),
        ]
    )
    return Drawing(vconcat(*parts, spacing=34) if len(parts) > 1 else parts[0]), measure
