"""Bars placed by us, for pages that are waited for; :mod:`friendshore.charts.bars` are those that join other charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from friendshore.charts import look
from friendshore.charts.bars import STEP
from friendshore.charts.marks import Plain, boxes, layered, lines, words_at
from friendshore.charts.picture import Drawing

__all__ = ["bar_marks"]


def bar_marks(rows: Sequence[Mapping[str, Any]], *, width: int, most: float = 0.0) -> Drawing:
    """Draw horizontal bars.

    Parameters
    ----------
    rows
        ``label``, ``value`` (None is drawn as a hatched stub), ``told`` (text at the end of the bar),
        ``fill`` and ``strong`` (label in semi-bold), in the order they are to be shown.
    width
        Of the whole picture, pixels.
    most
        Right end of the scale; the largest value by default.
    """
    # Semi-bold labels are a little wider.
    left = round(min(look.widest([str(r["label"]) for r in rows]) * 1.1 + 12, width * 0.42))
    right = round(look.widest([str(r["told"]) for r in rows]) * 1.05 + 8)
    room = max(width - left - right, 60)
    longest = most or max((r["value"] or 0.0 for r in rows), default=0.0) or 1.0
    drawn, texts = [], []
    for n, row in enumerate(rows):
        y, end = n * STEP + STEP / 2, 14 if row["value"] is None else row["value"] / longest * room
        fill = look.MISSING if row["value"] is None else row["fill"]
        spoken = f"{row['label']}: {row['told']}"
        drawn.append(
            {"x": 0, "x2": end, "y": y - STEP / 2 + 4, "y2": y + STEP / 2 - 4, "fill": fill, "spoken": spoken}
        )
        strong = bool(row.get("strong"))
        name = look.shortened(str(row["label"]), left - 10)
        texts += [
            {"x": -8, "y": y, "text": name, "align": "right", "strong": strong},
            {"x": end + 6, "y": y, "text": str(row["told"]), "strong": strong},
        ]
    height = max(len(rows), 1) * STEP
    axis = lines([{"x": 0, "x2": 0, "y": 0, "y2": height}], colour=look.OTHERS)
    inner = layered(boxes(drawn), words_at(texts), axis, width=room, height=height)
    placed = inner.moved(left, 0)
    return Drawing(Plain(placed.elements, placed.box, left + room + right, height))
