"""Face value against traced: a dot for what customs wrote, a band for what look-through adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from friendshore.charts import look
from friendshore.charts.marks import Plain, boxes, dots, gridded, layered, lines, words_at
from friendshore.charts.picture import Drawing

__all__ = ["Pair", "dumbbells"]

STEP = 21
HEAD, FOOT = 30, 18


@dataclass(frozen=True)
class Pair:
    """One row of one panel; None is unknown and drawn hatched."""

    face: float | None
    low: float | None
    high: float | None
    told: str
    """Finished text, as ``23 → 41 to 55``."""
    spoken: str


def dumbbells(
    labels: Sequence[str],
    panels: Mapping[str, Sequence[Pair]],
    *,
    colour: str,
    width: int,
    ticks: Mapping[float, str],
    stacked: bool = False,
) -> Drawing:
    """Draw one panel an importer, the same rows in each.

    Parameters
    ----------
    labels
        Names of the rows, in order.
    panels
        Heading -> one pair a row.
    colour
        Of the role whose share it is.
    width
        Of the whole picture, pixels.
    ticks
        Share -> text below it.
    stacked
        Panels below each other (narrow screens) instead of side by side.
    """
    count = 1 if stacked else len(panels)
    left = round(min(look.widest(labels) + 12, width * (0.36 if stacked else 0.26)))
    note = round(look.widest([p.told for pairs in panels.values() for p in pairs]) + 12)
    gap = 14
    room = (width - left - (count - 1) * gap) // count - note
    names = [look.shortened(label, left - 12) for label in labels]
    charts = []
    for n, (heading, pairs) in enumerate(panels.items()):
        charts.append(
            panel(
                heading,
                pairs,
                names if stacked or n == 0 else None,
                colour=colour,
                room=room,
                note=note,
                ticks=ticks,
            )
        )
    if stacked:
        return Drawing(gridded(charts, 1, across=0, down=18 + FOOT))
    return Drawing(gridded(charts, count, across=gap, down=0))


def panel(
    heading: str,
    pairs: Sequence[Pair],
    names: Sequence[str] | None,
    *,
    colour: str,
    room: int,
    note: int,
    ticks: Mapping[float, str],
) -> Plain:
    """One panel with its heading, grid, bands, dots and figures."""
    height = len(pairs) * STEP + HEAD
    data = [cell(n, pair, room) for n, pair in enumerate(pairs)]
    known = [row for row in data if row["low"] is not None]
    faces = [row for row in data if row["face"] is not None]
    grid = [{"x": share * room, "x2": share * room, "y": HEAD - 4, "y2": height} for share in ticks]
    marks = [{"x": share * room, "y": height + 11, "text": text, "align": "center", "colour": look.QUIET}
             for share, text in ticks.items()]  # fmt: skip
    links = [{"x": row["face"], "x2": row["low"], "y": row["y"], "y2": row["y"]}
             for row in known if row["face"] is not None]  # fmt: skip
    ends = [{"x": row[end], "x2": row[end], "y": row["y"] - 5.5, "y2": row["y"] + 5.5}
            for row in known for end in ("low", "high")]  # fmt: skip
    spots = [{"x": row["face"], "y": row["y"], "fill": colour, "edge": look.COAST, "spoken": row["spoken"]}
             for row in faces]  # fmt: skip
    texts = [{"x": room + 10, "y": row["y"], "text": row["told"], "colour": look.QUIET} for row in data]
    texts += [{"x": 0, "y": 10, "text": heading, "strong": True}, *marks]
    texts += [
        {"x": -10, "y": HEAD + (n + 0.5) * STEP, "text": name, "align": "right"}
        for n, name in enumerate(names or ())
    ]
    return layered(
        lines(grid, colour=look.GRID), lines(links, colour=look.tint(colour, 0.55), thick=1.5),
        boxes(bands(data, colour)), lines(ends, colour=colour, thick=1.5), dots(spots, radius=4.5),
        words_at(texts), width=room + note, height=height,
    )  # fmt: skip


def bands(data: Sequence[Mapping[str, Any]], colour: str) -> list[dict[str, Any]]:
    """Bars from the low end to the high one; a hatched stub where nothing is known."""
    found = []
    for row in data:
        place = {"y": row["y"] - 5.5, "y2": row["y"] + 5.5, "edge": "", "spoken": row["spoken"]}
        if row["low"] is not None:
            found.append({**place, "x": row["low"], "x2": row["high"], "fill": look.tint(colour, 0.3)})
        elif row["face"] is None:
            found.append({**place, "x": 0, "x2": 18, "fill": look.MISSING})
    return found


def cell(place: int, pair: Pair, room: float) -> dict[str, Any]:
    """Turn a pair into pixels."""
    spots = {
        name: None if share is None else share * room
        for name, share in (("face", pair.face), ("low", pair.low), ("high", pair.high))
    }
    return {"y": HEAD + (place + 0.5) * STEP, "told": pair.told, "spoken": pair.spoken, **spots}
