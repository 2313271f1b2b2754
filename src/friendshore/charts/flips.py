"""Where a decision flips: one axis for probability times value of what is lost, a mark a decision."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from friendshore.charts import look
from friendshore.charts.decisions import LINE, NARROW, label_of
from friendshore.charts.marks import Plain, boxes, dots, layered, lines, words_at
from friendshore.charts.picture import Drawing
from friendshore.charts.wording import Words
from friendshore.records import Finding

__all__ = ["flipped", "flips"]

WIDTH = 760
STEP, BELOW = 22, 34
MOST_ROWS = 14
FEW = (0.1, 1.0, 10.0)
"""Stakes that the axis always holds."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Axis:
    """Stakes in pixels, ten times as much a step."""

    first: int
    last: int
    """Powers of ten at the ends."""
    room: float

    def x(self, stakes: float) -> float:
        """Place of a value."""
        return (math.log10(stakes) - self.first) / (self.last - self.first) * self.room


def flips(finding: Finding, words: Words, *, width: int = WIDTH) -> tuple[Drawing, str]:
    """Draw the table ``flips`` of a plan that was asked why.

    By row: the decision (``action member product supplier host``) and ``never_below``, ``always_above``,
    ``gone_above`` (the stakes at which it comes in and goes), ``flip_factor`` (where it flips over what is assumed).
    """
    table = finding.tables.get("flips")
    rows = table.rows if table is not None else ()
    return flipped(rows, words, width=width, assumed=assumed_of(rows)), measure_of(words)


def assumed_of(rows: Sequence[Row]) -> float | None:
    """Read the assumed stakes off a decision that flips once: the middle of where it comes in, over its multiple."""
    for row in rows:
        if row["never_below"] and row["always_above"] and row.get("flip_factor"):
            return float(math.sqrt(row["never_below"] * row["always_above"]) / row["flip_factor"])
    return None


def measure_of(words: Words) -> str:
    """Say what is measured."""
    return words.say(
        "Stakes from which each decision is worth it: chance a year of a cut, times the value of a missing ton in "
        "prices; each step of the axis is ten times as much. Pale: somewhere here it comes in."
    )


def flipped(
    rows: Sequence[Row], words: Words, *, width: int, assumed: float | None, most_rows: int = MOST_ROWS
) -> Drawing:
    """Draw a bar a decision over the stakes at which it is wanted, and a mark where it comes in."""
    shown = sorted(rows, key=lambda row: (row["always_above"] or math.inf, row["never_below"] or 0.0))[
        :most_rows
    ]
    wide = width >= NARROW
    left = min(look.widest([label_of(row, words) for row in shown]) + 12, width * 0.5) if wide else 16.0
    right = look.widest([told(row, words) for row in shown]) + 12
    high = STEP if wide else STEP + LINE
    ends = [row[name] for row in shown for name in ("never_below", "always_above", "gone_above") if row[name]]
    ends += [*FEW, *([assumed] if assumed else [])]
    axis = Axis(
        math.floor(math.log10(min(ends)) - 0.05),
        math.ceil(math.log10(max(ends)) + 0.05),
        max(width - left - right, 80.0),
    )
    shapes, spots, texts = [], [], []
    for n, row in enumerate(shown):
        y = (n + 1) * high - STEP
        label, amount = label_of(row, words), told(row, words)
        shapes += spans(row, axis, y, f"{label}: {amount}")
        if row["always_above"]:
            spots.append(
                {
                    "x": axis.x(row["always_above"]), "y": y + STEP / 2, "fill": look.INK, "edge": look.GROUND,
                    "spoken": f"{label}: {amount}",
                }
            )  # fmt: skip
        name = (
            {"x": -8, "y": y + STEP / 2, "text": look.shortened(label, left - 10), "align": "right"}
            if wide
            else {"x": -12, "y": y - LINE / 2 + 4, "text": look.shortened(label, width)}
        )
        texts += [name, {"x": axis.room + 8, "y": y + STEP / 2, "text": amount, "colour": look.QUIET}]
    tall = max(len(shown), 1) * high
    under, ruled = decades(axis, tall, words, assumed)
    drawn = layered(
        *ruled, boxes(shapes), dots(spots, diamond=True, radius=5), words_at([*texts, *under], halo=not wide),
        width=axis.room, height=tall + BELOW,
    )  # fmt: skip
    return Drawing(drawn)


def spans(row: Row, axis: Axis, y: float, spoken: str) -> list[dict[str, Any]]:
    """Bars over which a decision is wanted (filled) and over which it may be (pale)."""
    start, sure, gone = row["never_below"], row["always_above"], row["gone_above"]
    stop = axis.x(gone) if gone else axis.room
    place = {"y": y + 7, "y2": y + STEP - 7, "edge": look.MEMBER, "spoken": spoken}
    begin = axis.x(start) if start else 0.0
    if not sure:
        return [{**place, "x": begin, "x2": stop, "fill": look.tint(look.MEMBER, 0.2)}]
    pale = {**place, "x": begin, "x2": axis.x(sure), "fill": look.tint(look.MEMBER, 0.2)}
    filled = {**place, "x": axis.x(sure), "x2": stop, "fill": look.MEMBER}
    return [pale, filled] if axis.x(sure) - begin > 0.5 else [filled]


def decades(
    axis: Axis, tall: float, words: Words, assumed: float | None
) -> tuple[list[dict[str, Any]], list[Plain]]:
    """Lines at the powers of ten with their figures, and the assumed stakes as a dashed line."""
    powers = [10.0**n for n in range(axis.first, axis.last + 1)]
    grid = [{"x": axis.x(each), "x2": axis.x(each), "y": 0, "y2": tall} for each in powers]
    texts: list[dict[str, Any]] = [
        {"x": axis.x(each), "y": tall + 12, "text": f"{each:g}", "align": "center", "colour": look.QUIET}
        for each in powers
    ]
    ruled = [lines(grid, colour=look.GRID)]
    if assumed:
        x = axis.x(assumed)
        ruled.append(lines([{"x": x, "x2": x, "y": -6, "y2": tall}], colour=look.RULE, dash=(4, 3)))
        text = words.say("assumed: {stakes}", stakes=f"{assumed:.3g}")
        texts.append({"x": x, "y": -14, "text": text, "align": "center", "colour": look.RULE})
    return texts, ruled


def told(row: Row, words: Words) -> str:
    """Write from which stakes on a decision is worth it."""
    start, sure, gone = row["never_below"], row["always_above"], row["gone_above"]
    if gone and not sure:
        return words.say("up to {stakes}", stakes=f"{gone:.2g}")
    if not sure:
        return words.say("not steadily")
    if not start:
        return words.say("always")
    return words.say("from {stakes}", stakes=f"{sure:.2g}")
