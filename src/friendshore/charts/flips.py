"""Where a decision flips: one axis for probability times value of what is lost, a mark a decision."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from friendshore.charts import look
from friendshore.charts.combine import layer
from friendshore.charts.decisions import LINE, NARROW, label_of
from friendshore.charts.marks import boxes, dots, lines, titled, words_at
from friendshore.charts.picture import Drawing
from friendshore.charts.wording import Words
from friendshore.records import Finding

__all__ = ["flipped", "flips"]

WIDTH = 760
STEP, BELOW = 22, 34
MOST_ROWS = 14

Row = Mapping[str, Any]


def flips(finding: Finding, words: Words, *, width: int = WIDTH) -> tuple[Drawing, str]:
    """Draw the table ``flips`` of a plan that was asked why.

    By row: the decision (``action member product supplier host``), ``flip_factor`` (times the assumed probability
    and value at which it comes in; None where it stands over the whole range) and ``enters`` (whether it is wanted
    above, or only below).
    """
    table = finding.tables.get("flips")
    rows = table.rows if table is not None else ()
    return flipped(rows, words, width=width), measure_of(words)


def measure_of(words: Words) -> str:
    """Say what is measured."""
    return words.say(
        "Probability times value of what is lost at which a decision comes in, as a multiple of what is assumed (1); "
        "each step of the axis multiplies by ten. The bar is where it is wanted."
    )


def flipped(rows: Sequence[Row], words: Words, *, width: int, most_rows: int = MOST_ROWS) -> Drawing:
    """Draw a bar a decision over the part of the axis where it is wanted, and a mark where it flips."""
    known = [row for row in rows if row["flip_factor"]]
    shown = sorted(known, key=lambda row: row["flip_factor"])[:most_rows]
    wide = width >= NARROW
    left = min(look.widest([label_of(row, words) for row in shown]) + 12, width * 0.5) if wide else 16.0
    high = STEP if wide else STEP + LINE
    right = look.widest([factor(row["flip_factor"], words) for row in shown]) + 12
    room = max(width - left - right, 80.0)
    exponents = [math.log10(row["flip_factor"]) for row in shown] or [0.0]
    first, last = math.floor(min(*exponents, -1.0)), math.ceil(max(*exponents, 1.0))

    def x(value: float) -> float:
        return (math.log10(value) - first) / (last - first) * room

    shapes, spots, texts = [], [], []
    for n, row in enumerate(shown):
        y, at = (n + 1) * high - STEP, x(row["flip_factor"])
        above = bool(row.get("enters", True))
        label = label_of(row, words)
        told = factor(row["flip_factor"], words)
        ends = (at, room) if above else (0.0, at)
        held = row["flip_factor"] <= 1.0 if above else row["flip_factor"] >= 1.0
        fill = look.MEMBER if held else look.tint(look.MEMBER, 0.12)
        spoken = f"{label}: {told}"
        shapes.append(
            {
                "x": ends[0],
                "x2": ends[1],
                "y": y + 7,
                "y2": y + STEP - 7,
                "fill": fill,
                "edge": look.MEMBER,
                "spoken": spoken,
            }
        )
        spots.append({"x": at, "y": y + STEP / 2, "fill": look.INK, "edge": look.GROUND, "spoken": spoken})
        if wide:
            name = {"x": -8, "y": y + STEP / 2, "text": look.shortened(label, left - 10), "align": "right"}
        else:
            name = {"x": -12, "y": y - LINE / 2 + 4, "text": look.shortened(label, width)}
        texts.append(name)
        texts.append({"x": room + 8, "y": y + STEP / 2, "text": told, "colour": look.QUIET})
    tall = max(len(shown), 1) * high
    decades = [10.0**n for n in range(first, last + 1)]
    grid = [{"x": x(each), "x2": x(each), "y": 0, "y2": tall} for each in decades]
    texts += [
        {"x": x(each), "y": tall + 12, "text": factor(each, words), "align": "center", "colour": look.QUIET}
        for each in decades
    ]
    now = [{"x": x(1.0), "x2": x(1.0), "y": -6, "y2": tall}]
    texts.append(
        {"x": x(1.0), "y": -14, "text": words.say("assumed"), "align": "center", "colour": look.RULE}
    )
    drawn = layer(
        lines(grid, colour=look.GRID), boxes(shapes), lines(now, colour=look.RULE, dash=(4, 3)),
        dots(spots, shape="diamond", size=54), *words_at(texts, halo=not wide),
    )  # fmt: skip
    return Drawing(titled(drawn, "", width=room, height=tall + BELOW))


def factor(value: float, words: Words) -> str:
    """Write a multiple."""
    return words.say("×{times}", times=f"{value:,.3g}")
