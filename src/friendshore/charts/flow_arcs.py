"""Arcs on a map from those who sell to those who buy, as wide as what flows."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from friendshore.charts import look
from friendshore.charts.marks import Attributes, Plain, text_of
from friendshore.charts.outlines import Frame
from friendshore.charts.wording import Words
from friendshore.tables.countries import countries

__all__ = ["MOST_FLOWS", "Flow", "arcs"]

MOST_FLOWS = 12
"""Most arcs; more hide the land and each other."""
BEND = 0.16
"""How far an arc bows out, as a part of the distance it spans."""
THIN, THICK = 0.9, 4.2
"""Widths of an arc that carries next to nothing and of the largest, in pixels; areas go with the value."""
LEAST = 0.002
"""An arc of less than this part of the largest is left out."""
NEAR = 6.0
"""Places nearer than this are not joined."""


@dataclass(frozen=True)
class Flow:
    """What one country sells to importers, drawn as one arc to the middle of them."""

    supplier: str
    importers: tuple[str, ...]
    """ISO3 codes."""
    value: float
    unit: str


def arcs(flows: Sequence[Flow], frame: Frame, suppliers: Collection[str], words: Words) -> Plain:
    """Draw the largest flows, the smaller ones below; those from the suppliers of concern on top of all.

    An arc of a supplier of concern begins with a dot: colour is not the only difference.
    """
    chosen = sorted((f for f in flows if f.value > 0), key=lambda f: -f.value)[:MOST_FLOWS]
    if not chosen:
        return Plain(())
    most = chosen[0].value
    drawn = sorted(
        (f for f in chosen if f.value >= LEAST * most), key=lambda f: (f.supplier in suppliers, f.value)
    )
    return Plain(
        tuple(
            element
            for flow in drawn
            for element in arc(flow, most, frame, words, concern=flow.supplier in suppliers)
        )
    )


def arc(
    flow: Flow, most: float, frame: Frame, words: Words, *, concern: bool
) -> list[tuple[str, Attributes, str]]:
    """One arc with a light edge, so that it reads on any land."""
    start, end = middle((flow.supplier,), frame), middle(flow.importers, frame)
    if start is None or end is None or math.dist(start, end) < NEAR:
        return []
    thick = (THIN + (THICK - THIN) * math.sqrt(flow.value / most)) * (1.0 if frame.width >= 600 else 0.65)
    colour = look.CONCERN if concern else look.FLOW
    told = f"{words.name(flow.supplier)}: {words.number(flow.value, flow.unit)}"
    line = f"M{spot(start)}Q{spot(bow(start, end, frame))} {spot(end)}"
    style = {"d": line, "fill": "none", "stroke-linecap": "round"}
    edge = {"stroke": look.GROUND, "stroke-width": text_of(thick + 1.4), "stroke-opacity": "0.75"}
    inner = {"stroke": colour, "stroke-width": text_of(thick), "aria-label": told}
    found = [("path", {**style, **edge}, ""), ("path", {**style, **inner}, "")]
    if concern:
        place = {"cx": text_of(start[0]), "cy": text_of(start[1]), "r": text_of(thick / 2 + 1.6)}
        dot = {**place, "fill": colour, "stroke": look.GROUND, "stroke-width": "1", "aria-label": told}
        found.append(("circle", dot, ""))
    return found


def bow(start: tuple[float, float], end: tuple[float, float], frame: Frame) -> tuple[float, float]:
    """Place the point that pulls an arc towards the nearer pole, as the shortest way over the globe runs."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    north = y < frame.turned(0, 0)[1]
    side = 1 if (dx >= 0) == north else -1
    return x + side * dy * BEND, min(max(y - side * dx * BEND, 2.0), frame.height - 2.0)


def middle(codes: Sequence[str], frame: Frame) -> tuple[float, float] | None:
    """Place the middle of some countries; None where none is known."""
    known = [countries()[code] for code in codes if code in countries()]
    spots = [
        frame.place(one.longitude, one.latitude)
        for one in known
        if one.longitude is not None and one.latitude is not None
    ]
    if not spots:
        return None
    return sum(x for x, _ in spots) / len(spots), sum(y for _, y in spots) / len(spots)


def spot(point: tuple[float, float]) -> str:
    """Write a place."""
    return f"{text_of(point[0])},{text_of(point[1])}"
