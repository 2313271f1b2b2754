"""Map of suppliers: equal-area, turned to the Pacific where those concerned lie around it."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from friendshore.charts import look
from friendshore.charts.combine import layer
from friendshore.charts.picture import Drawing, library
from friendshore.charts.wording import Words
from friendshore.tables.countries import countries

__all__ = ["CLASSES", "supplier_map"]

CLASSES = (0.01, 0.03, 0.10)
"""Shares of supply at which the grey of a country becomes one step darker."""
NORTH, SOUTH = 83.7, -56.5
HALF_WIDTH = 2.7066
"""Half the width of the projection at scale 1."""


@dataclass(frozen=True)
class Frame:
    """The projection: Equal Earth after Savric, Patterson and Jenny 2018, cut off below Cape Horn."""

    width: float
    meridian: float
    """Longitude at the centre."""

    @property
    def scale(self) -> float:
        return self.width / (2 * HALF_WIDTH)

    @property
    def height(self) -> float:
        return round(self.scale * (raw(0, NORTH)[1] - raw(0, SOUTH)[1]))

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Pixel position of a point."""
        turned = (longitude - self.meridian + 180) % 360 - 180
        x, y = raw(turned, latitude)
        return self.width / 2 + self.scale * x, self.scale * (raw(0, NORTH)[1] - y)


def raw(longitude: float, latitude: float) -> tuple[float, float]:
    """Equal Earth coordinates at scale 1."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    m = math.sqrt(3) / 2
    t = math.asin(m * math.sin(math.radians(latitude)))
    x = math.radians(longitude) * math.cos(t) / (m * (a1 + 3 * a2 * t**2 + t**6 * (7 * a3 + 9 * a4 * t**2)))
    return x, t * (a1 + a2 * t**2 + t**6 * (a3 + a4 * t**2))


@cache
def topology() -> dict[str, Any]:
    """Outlines of the world's countries, without Antarctica."""
    text = files("friendshore").joinpath("data/world_110m.json").read_text(encoding="utf-8")
    topo: dict[str, Any] = json.loads(text)
    shapes = topo["objects"]["countries"]
    shapes["geometries"] = [g for g in shapes["geometries"] if g.get("properties", {}).get("iso3") != "ATA"]
    return topo


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
) -> Drawing:
    """Draw where imports come from.

    Parameters
    ----------
    rows
        ``supplier`` (ISO3) and ``share`` of supply, largest first.
    members
        ISO3 codes of the importers, coloured as such and without a figure.
    suppliers
        ISO3 codes of the suppliers of concern.
    words, width
        Language, and width in pixels.
    """
    alt = library()

    frame = Frame(width, meridian([*members, *suppliers]))
    fills = colours(rows, members, suppliers, words)
    shapes = (
        alt.Chart(
            alt.NamedData(name="world", format=alt.TopoDataFormat(type="topojson", feature="countries"))
        )
        .transform_lookup(
            lookup="properties.iso3",
            from_=alt.LookupData(alt.Data(values=tuple(fills.values())), key="iso3", fields=["fill", "told"]),
        )
        .transform_calculate(
            fill=f"isValid(datum.fill) ? datum.fill : '{look.LAND[0]}'",
            told="isValid(datum.told) ? datum.told : '-'",
        )
        .mark_geoshape(stroke=look.COAST, strokeWidth=0.5)
        .encode(fill=alt.Fill("fill:N", scale=None, legend=None), description=alt.Description("told:N"))
        .project(
            type="equalEarth",
            rotate=[-frame.meridian, 0, 0],
            scale=frame.scale,
            translate=[frame.width / 2, frame.scale * raw(0, NORTH)[1]],
        )
    )
    small = bubbles(fills, frame, width)
    texts = labels(rows, members, suppliers, words, frame, most=7 if width >= 600 else 4)
    layers = [shapes]
    if small:
        layers.append(
            alt.Chart(alt.Data(values=tuple(small)))
            .mark_circle(stroke=look.COAST, strokeWidth=1, opacity=1)
            .encode(
                x=alt.X("x:Q", scale=None),
                y=alt.Y("y:Q", scale=None),
                size=alt.Size("size:Q", scale=None),
                fill=alt.Fill("fill:N", scale=None),
                description=alt.Description("told:N"),
            )
        )
    if texts:
        layers += [halo_text(texts)]
    chart = layer(*layers).properties(width=width, height=frame.height)
    return Drawing(chart, {"world": topology()})


def colours(
    rows: Sequence[Mapping[str, Any]], members: Sequence[str], suppliers: Sequence[str], words: Words
) -> dict[str, dict[str, Any]]:
    """Fill and spoken label of every country that has either."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        code, share = row["supplier"], row["share"]
        grey = look.LAND[sum(share >= bound for bound in CLASSES)]
        told = f"{words.name(code)}: {words.number(share, 'share')}"
        found[code] = {"iso3": code, "fill": grey, "told": told, "share": share}
    for code in members:
        found[code] = {"iso3": code, "fill": look.MEMBER, "told": words.name(code), "share": None}
    for code in suppliers:
        one = found.setdefault(code, {"iso3": code, "told": words.name(code), "share": 0.0})
        one["fill"] = look.CONCERN
    return found


@cache
def on_map() -> frozenset[str]:
    """Codes that the outlines hold."""
    shapes = topology()["objects"]["countries"]["geometries"]
    codes = (g.get("properties", {}).get("iso3") for g in shapes)
    return frozenset(code for code in codes if code)


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
    wanted += [row["supplier"] for row in rows if row["share"] >= CLASSES[0]][:most]
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
        placed.append({"x": at[0], "y": at[1], "text": text, "weight": 600 if strong else 400})
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


def halo_text(texts: Sequence[Mapping[str, Any]]) -> Any:  # noqa: ANN401  parts of a chart share no type
    """Text with a halo in the ground's colour, so that it reads on any fill."""
    alt = library()

    base = alt.Chart(alt.Data(values=tuple(texts))).encode(
        x=alt.X("x:Q", scale=None),
        y=alt.Y("y:Q", scale=None),
        text=alt.Text("text:N"),
        description=alt.DescriptionValue("-"),
    )
    parts = []
    for weight in (400, 600):
        chosen = base.transform_filter(f"datum.weight == {weight}")
        parts += [chosen.mark_text(fontWeight=weight, **look.HALO), chosen.mark_text(fontWeight=weight)]
    return layer(*parts)
