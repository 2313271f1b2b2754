"""What a budget buys: what is still missing and how long supply lasts, alone and together, against money."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from friendshore.charts import look
from friendshore.charts.marks import Plain, beside, curve, dots, layered, lines, words_at
from friendshore.charts.picture import Drawing
from friendshore.charts.wording import Words
from friendshore.records import Finding

__all__ = ["SHARING", "frontier", "frontier_title", "frontiers"]

WIDTH, NARROW = 760, 600
TALL, ABOVE, BELOW = 150, 18, 34
"""Height in pixels of the panel, of what stands above it for marks, and of the figures below it."""
AXIS, GAP = 44, 30
STYLES: Mapping[str, tuple[str, list[int], float]] = {
    "together": ("#00395C", [1, 0], 2.4),
    "alone": (look.MEMBER, [5, 3], 1.8),
}
"""How a line looks that was planned together or alone: colour, dash, thickness."""
SHARING: Mapping[str, str] = {"together": "together", "alone": "alone"}
"""Who plans, in words."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Scale:
    """Places of figures in pixels."""

    room: float
    most_usd: float
    most: float
    """Largest value of the upright axis."""

    def x(self, usd: float) -> float:
        """Place of a budget."""
        return usd / self.most_usd * self.room

    def y(self, value: float) -> float:
        """Place of a value."""
        return ABOVE + (1 - min(value, self.most) / self.most) * TALL


def frontier(finding: Finding, words: Words, *, width: int = WIDTH) -> tuple[Drawing, str]:
    """Draw the frontier of a finding.

    Its table ``frontier`` has, by row, ``sharing`` (``together`` or ``alone``), ``budget_usd`` of all members,
    ``shortage_share`` still missing, ``months_covered``, and whether the point is the ``recommended`` one
    or the one from which another dollar buys nothing (``enough``).
    """
    table = finding.tables.get("frontier")
    rows = table.rows if table is not None else finding.rows
    return frontiers(rows, words, width=width), measure_of(words)


def frontier_title(rows: Sequence[Row], words: Words) -> str:
    """Say what the recommended budget buys, and from where another dollar buys nothing."""
    chosen = next((row for row in rows if row["recommended"] and row["sharing"] == "together"), None)
    chosen = chosen or next((row for row in rows if row["recommended"]), None)
    enough = next((row for row in rows if row["enough"] and row["sharing"] == "together"), None)
    told = []
    if chosen is not None:
        told.append(
            words.say(
                "With {budget} paid once, {share} of what is needed is still missing.",
                budget=words.number(chosen["budget_usd"], "USD"),
                share=words.number(chosen["shortage_share"], "share"),
            )
        )
    if enough is not None:
        told.append(
            words.say("Beyond {budget} money buys nothing.", budget=words.number(enough["budget_usd"], "USD"))
        )
    return words.sentences(told) if told else words.say("What a budget buys")


def measure_of(words: Words) -> str:
    """Say what is measured."""
    return words.say(
        "Part of what is needed that is missing, by value, mean over the cases, and months until more than the limit "
        "is missing, mean over members and products, by the budget of all members, dollars paid once"
    )


def frontiers(rows: Sequence[Row], words: Words, *, width: int) -> Drawing:
    """Draw two panels over one axis of money: what is missing, and the months covered."""
    side = width >= NARROW
    end = look.widest([words.say(SHARING[name]) for name in STYLES]) + 10
    room = (width - 2 * AXIS - 2 * end - GAP) / 2 if side else width - AXIS - end
    most_usd = max((row["budget_usd"] for row in rows), default=0.0) or 1.0
    shares = [row["shortage_share"] for row in rows if row["shortage_share"] is not None]
    months = [row["months_covered"] for row in rows if row["months_covered"] is not None]
    parts = []
    for name, values, heading, told in (
        ("shortage_share", shares, words.say("Still missing"), lambda v: f"{100 * v:g} %"),
        ("months_covered", months, words.say("Months covered"), lambda v: f"{v:g}"),
    ):
        scale = Scale(room, most_usd, rounded_up(max(values, default=0.0)))
        parts.append(panel(rows, name, heading, scale, told, words))
    if side:
        return Drawing(beside(*parts, gap=AXIS + end + GAP - 10))
    return Drawing(beside(*parts, gap=40, below=True))


def step_of(value: float, most: int = 4) -> float:
    """Return a round step of which few reach a value."""
    if value <= 0:
        return 1.0
    least = value / most
    size = 10 ** math.floor(math.log10(least))
    return float(next(step for step in (1, 2, 2.5, 5, 10) if step * size >= least * (1 - 1e-9)) * size)


def rounded_up(value: float) -> float:
    """Return the round figure at the end of an axis."""
    step = step_of(value)
    return step * max(1, math.ceil(value / step - 1e-9))


def panel(
    rows: Sequence[Row], name: str, heading: str, scale: Scale, told: Callable[[float], str], words: Words
) -> Plain:
    """One panel: a line for each way of planning."""
    layers = [*axes(scale, told, words)]
    texts: list[dict[str, Any]] = []
    for sharing, (colour, dash, thick) in STYLES.items():
        course = [row for row in rows if row["sharing"] == sharing and row[name] is not None]
        if not course:
            continue
        spots = [{"x": scale.x(row["budget_usd"]), "y": scale.y(row[name])} for row in course]
        layers.append(curve(spots, colour=colour, dash=dash, thick=thick))
        layers.append(dots([dot(row, name, scale, colour, words) for row in course], radius=2.6))
        texts.append(
            {
                "x": spots[-1]["x"] + 8,
                "y": spots[-1]["y"],
                "text": words.say(SHARING[sharing]),
                "colour": colour,
            }
        )
    marked, labels = marks(rows, name, scale, words)
    layers += [*marked, words_at(apart(texts)), words_at(labels, halo=True)]
    return layered(*layers, width=scale.room, height=ABOVE + TALL + BELOW, heading=heading)


def dot(row: Row, name: str, scale: Scale, colour: str, words: Words) -> dict[str, Any]:
    """One point of a line, hollow when planned alone."""
    value = words.number(row[name], "share" if name == "shortage_share" else words.say("months"))
    spoken = f"{words.say(SHARING[row['sharing']])}, {words.number(row['budget_usd'], 'USD')}: {value}"
    fill = colour if row["sharing"] == "together" else look.GROUND
    return {
        "x": scale.x(row["budget_usd"]),
        "y": scale.y(row[name]),
        "fill": fill,
        "edge": colour,
        "spoken": spoken,
    }


def axes(scale: Scale, told: Callable[[float], str], words: Words) -> list[Plain]:
    """Lines at round values with their figures, and budgets below."""
    step = step_of(scale.most)
    levels = [n * step for n in range(round(scale.most / step) + 1)]
    ruled = [{"x": 0, "x2": scale.room, "y": scale.y(level), "y2": scale.y(level)} for level in levels]
    texts = [
        {"x": -8, "y": scale.y(level), "text": told(level), "align": "right", "colour": look.QUIET}
        for level in levels
    ]
    step = step_of(scale.most_usd, max(2, int(scale.room // 80)))
    ticks = [n * step for n in range(int(scale.most_usd / step + 1e-9) + 1)]
    texts += [
        {
            "x": scale.x(usd), "y": ABOVE + TALL + 14, "align": "center", "colour": look.QUIET,
            "text": "0" if usd == 0 else words.number(usd, "USD"),
        }
        for usd in ticks
    ]  # fmt: skip
    small = [
        {"x": scale.x(usd), "x2": scale.x(usd), "y": ABOVE + TALL, "y2": ABOVE + TALL + 4} for usd in ticks
    ]
    return [
        lines(ruled[1:], colour=look.GRID),
        lines([ruled[0], *small], colour=look.OTHERS),
        words_at(texts),
    ]


def marks(
    rows: Sequence[Row], name: str, scale: Scale, words: Words
) -> tuple[list[Plain], list[dict[str, Any]]]:
    """Mark the recommended point with a diamond, and that from which another dollar buys nothing with a line."""
    layers, labels = [], []
    first = name == "shortage_share"
    enough = next((row for row in rows if row.get("enough") and row["sharing"] == "together"), None)
    enough = enough or next((row for row in rows if row.get("enough")), None)
    if enough is not None and enough[name] is not None:
        x = scale.x(enough["budget_usd"])
        layers.append(
            lines([{"x": x, "x2": x, "y": ABOVE - 4, "y2": ABOVE + TALL}], colour=look.RULE, dash=(4, 3))
        )
        if first:
            text = words.say(
                "beyond {budget} money buys nothing", budget=words.number(enough["budget_usd"], "USD")
            )
            labels.append(placed(text, x, ABOVE - 11, scale.room, look.RULE))
    chosen = [row for row in rows if row.get("recommended") and row[name] is not None]
    for row in [row for row in chosen if row["sharing"] == "together"] or chosen:
        x, y = scale.x(row["budget_usd"]), scale.y(row[name])
        spoken = words.say("recommended") + f": {words.number(row['budget_usd'], 'USD')}"
        spot = {"x": x, "y": y, "fill": look.INK, "edge": look.GROUND, "spoken": spoken}
        layers.append(dots([spot], diamond=True, radius=7))
        if first:
            below = y < ABOVE + TALL - 24
            labels.append(
                placed(words.say("recommended"), x, y + (16 if below else -16), scale.room, look.INK)
            )
    return layers, labels


def placed(text: str, x: float, y: float, room: float, colour: str) -> dict[str, Any]:
    """Put a label at a point, within the panel."""
    half = look.text_width(text) / 2
    return {
        "x": min(max(x, half), max(room - half, half)),
        "y": y,
        "text": text,
        "align": "center",
        "colour": colour,
    }


def apart(texts: Sequence[dict[str, Any]], least: float = 14.0) -> list[dict[str, Any]]:
    """Move labels at the ends of lines apart."""
    found = sorted((dict(text) for text in texts), key=lambda text: text["y"])
    for upper, lower in pairwise(found):
        if lower["y"] - upper["y"] < least:
            middle = (lower["y"] + upper["y"]) / 2
            upper["y"], lower["y"] = middle - least / 2, middle + least / 2
    return found
