"""Map of suppliers: equal-area, turned to the Pacific where those concerned lie around it."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from friendshore.charts import look
from friendshore.charts.flow_arcs import Flow, arcs
from friendshore.charts.marks import Plain, layered, text_of, words_at
from friendshore.charts.outlines import FINENESS, Frame, on_map, outlines
from friendshore.charts.picture import Drawing
from friendshore.charts.wording import Words
from friendshore.tables.countries import countries

__all__ = ["CLASSES", "supplier_map"]

CLASSES = (0.01, 0.03, 0.10)
"""Shares of supply at which the grey of a country becomes one step darker."""


def meridian(codes: Collection[str]) -> float:
    """Central meridian: 150 degrees east where the countries concerned lie around the Pacific, else 11."""
    known = [countries()[c].longitude for c in codes if c in countries()]
    angles = [math.radians(place) for place in known if place is not None]
    if not angles:
        return 11.0
    middle = math.degrees(math.atan2(sum(map(math.sin, angles)), sum(map(math.cos, angles))))
    return 150.0 if abs(middle) > 85 else 11.0


def supplier_map(
    rows: Sequence[Mapping[str, Any]],
    *,
    members: Sequence[str],
    suppliers: Sequence[str],
    words: Words,
    width: int,
    flows: Sequence[Flow] = (),
) -> Drawing:
    """Draw where imports come from.

    Parameters
    ----------
    rows
        ``supplier`` (ISO3) and ``share`` of supply, largest first; an unknown share is hatched.
    members
        ISO3 codes of the importers, coloured as such and without a figure.
    suppliers
        ISO3 codes of the suppliers of concern.
    words, width
        Language, and width in pixels.
    flows
        Arcs from suppliers to importers; none unless they answer the question.
    """
    frame = Frame(width, meridian([*members, *suppliers]))
    fills = colours(rows, members, suppliers, words)
    texts = labels(rows, members, suppliers, words, frame, most=7 if width >= 600 else 4)
    parts = [land(fills, frame), circles(bubbles(fills, frame, width))]
    parts += [arcs(flows, frame, suppliers, words), words_at(texts, halo=True)]
    return Drawing(layered(*parts, width=width, height=frame.height))


def land(fills: Mapping[str, Mapping[str, Any]], frame: Frame) -> Plain:
    """Fill the countries; those of which there is nothing to say are one shape."""
    paths = outlines(frame)
    style = {
        "stroke": look.COAST, "stroke-width": f"{0.5 * FINENESS:g}", "transform": f"scale({1 / FINENESS:g})",
    }  # fmt: skip
    rest = "".join(path for code, path in paths.items() if silent(fills.get(code)))
    found = [("path", {"d": rest, "fill": look.LAND[0], **style}, "")] if rest else []
    for code, path in paths.items():
        one = fills.get(code)
        if one is not None and not silent(one) and path:
            found.append(("path", {"d": path, "fill": one["fill"], **style, "aria-label": one["told"]}, ""))
    return Plain(tuple(found), (0.0, 0.0, frame.width, frame.height))


def silent(one: Mapping[str, Any] | None) -> bool:
    """Tell whether a country is drawn as the rest of the land: nothing comes from it, or next to nothing."""
    return one is None or one["fill"] == look.LAND[0]


def circles(found: Sequence[Mapping[str, Any]]) -> Plain:
    """Draw the places too small to see."""
    marks = tuple(
        (
            "circle",
            {
                "cx": text_of(one["x"]), "cy": text_of(one["y"]), "r": text_of(math.sqrt(one["size"] / math.pi)),
                "fill": one["fill"], "stroke": look.COAST, "stroke-width": "1", "aria-label": one["told"],
            },
            "",
        )
        for one in found
    )  # fmt: skip
    return Plain(marks)


def colours(
    rows: Sequence[Mapping[str, Any]], members: Sequence[str], suppliers: Sequence[str], words: Words
) -> dict[str, dict[str, Any]]:
    """Fill and spoken label of every country that has either."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        code, share = row["supplier"], row["share"]
        grey = look.MISSING if share is None else look.LAND[sum(share >= bound for bound in CLASSES)]
        told = f"{words.name(code)}: {words.number(share, 'share')}"
        found[code] = {"iso3": code, "fill": grey, "told": told, "share": share}
    for code in members:
        found[code] = {"iso3": code, "fill": look.MEMBER, "told": words.name(code), "share": None}
    for code in suppliers:
        one = found.setdefault(code, {"iso3": code, "told": words.name(code), "share": 0.0})
        one["fill"] = look.CONCERN
    return found


SMALL = frozenset({"BRN", "CYP", "JAM", "KWT", "LBN", "LUX", "MNE", "PRI", "QAT", "SLB", "TTO", "TWN", "VUT"})
"""On the outlines, but only a few pixels wide."""


def bubbles(fills: Mapping[str, Mapping[str, Any]], frame: Frame, width: int) -> list[dict[str, Any]]:
    """Circles for places too small to see, in the fill of their class."""
    drawn = on_map()
    found = []
    for code, one in fills.items():
        country = countries().get(code)
        if country is None or country.longitude is None or country.latitude is None:
            continue
        if code in drawn and code not in SMALL:
            continue
        if one["fill"] == look.LAND[0]:
            continue
        x, y = frame.place(country.longitude, country.latitude)
        found.append(
            {"x": x, "y": y, "size": 50 if width >= 600 else 26, "fill": one["fill"], "told": one["told"]}
        )
    return found


def labels(
    rows: Sequence[Mapping[str, Any]],
    members: Sequence[str],
    suppliers: Sequence[str],
    words: Words,
    frame: Frame,
    most: int,
) -> list[dict[str, Any]]:
    """Place the labels of those concerned and of the largest suppliers where none overlaps another."""
    shares = {row["supplier"]: row["share"] for row in rows}
    wanted = [*suppliers[:3], *(members if len(members) <= 4 else ())]
    wanted += [row["supplier"] for row in rows if (row["share"] or 0.0) >= CLASSES[0]][:most]
    placed: list[dict[str, Any]] = []
    taken: list[tuple[float, float, float, float]] = []
    for code in dict.fromkeys(wanted):
        country = countries().get(code)
        if country is None or country.longitude is None or country.latitude is None:
            continue
        share = shares.get(code)
        text = words.name(code) + (
            f" {words.number(share, 'share')}" if share is not None and code not in members else ""
        )
        x, y = frame.place(country.longitude, country.latitude)
        spot = free_spot(x, y, text, taken, frame, beside=code in SMALL or code not in on_map())
        if spot is None:
            continue
        box, at = spot
        taken.append(box)
        strong = code in suppliers or code in members
        placed.append({"x": at[0], "y": at[1], "text": text, "align": "center", "strong": strong})
    return placed


def free_spot(
    x: float,
    y: float,
    text: str,
    taken: Sequence[tuple[float, float, float, float]],
    frame: Frame,
    *,
    beside: bool,
) -> tuple[tuple[float, float, float, float], tuple[float, float]] | None:
    """Find the first free place for a label: on its point, or beside one that is a small circle, else around."""
    half, tall = look.text_width(text) / 2 + 3, 8.0
    near = ((half + 6, 0), (0, 15), (0, -15), (-half - 6, 0), (half, 8), (half, -8), (half, 15), (-half, 15),
            (half, -15), (-half, -15), (0, 30), (0, -30))  # fmt: skip
    for dx, dy in near if beside else ((0, 0), *near):
        centre = min(max(x + dx, half), frame.width - half), min(max(y + dy, tall), frame.height - tall)
        box = (centre[0] - half, centre[1] - tall, centre[0] + half, centre[1] + tall)
        if all(box[2] < b[0] or box[0] > b[2] or box[3] < b[1] or box[1] > b[3] for b in taken):
            return box, centre
    return None
