"""Outlines of the world on the page: Equal Earth, cut at the far side of its meridian, no finer than can be seen."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType
from typing import Any, TypeAlias

__all__ = ["FINENESS", "Frame", "on_map", "outlines", "raw", "topology"]

Point: TypeAlias = tuple[float, float]
"""Longitude and latitude, or x and y in pixels."""
NORTH, SOUTH = 83.7, -56.5
HALF_WIDTH = 2.7066
"""Half the width of the projection at scale 1."""
FINENESS = 5
"""Outlines are written in whole parts of a pixel, so many to one; its inverse has one decimal, as all places."""
TOLERANCE, TOLERANCE_NARROW = 0.3, 0.4
"""A point of an outline that lies nearer than this to the line without it is left out, in pixels; on a map for a phone
a little farther."""
LEAST_AREA = 1.2
"""Islands and lakes of fewer square pixels are left out, unless a country is nothing else."""
STEP = 3.0
"""Degrees between the points along the cut, which is curved on the page."""


@dataclass(frozen=True)
class Frame:
    """The projection: Equal Earth after Savric, Patterson and Jenny 2018, cut off below Cape Horn."""

    width: float
    meridian: float
    """Longitude at the centre."""

    @property
    def scale(self) -> float:
        """Pixels for each unit of the projection."""
        return self.width / (2 * HALF_WIDTH)

    @property
    def height(self) -> float:
        """Pixels from the northern end to the southern."""
        return round(self.scale * (raw(0, NORTH)[1] - raw(0, SOUTH)[1]))

    def place(self, longitude: float, latitude: float) -> Point:
        """Pixel position of a point."""
        return self.turned((longitude - self.meridian + 180) % 360 - 180, latitude)

    def turned(self, east: float, latitude: float) -> Point:
        """Pixel position of a point ``east`` degrees from the centre, beyond the edge too."""
        x, y = raw(east, latitude)
        return self.width / 2 + self.scale * x, self.scale * (raw(0, NORTH)[1] - y)


def raw(longitude: float, latitude: float) -> Point:
    """Equal Earth coordinates at scale 1."""
    wide, high = along(latitude)
    return longitude * wide, high


@lru_cache(maxsize=20_000)
def along(latitude: float) -> Point:
    """Width of a degree of longitude at a latitude, and its distance from the equator."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    m = math.sqrt(3) / 2
    t = math.asin(m * math.sin(math.radians(latitude)))
    x = math.radians(1) * math.cos(t) / (m * (a1 + 3 * a2 * t**2 + t**6 * (7 * a3 + 9 * a4 * t**2)))
    return x, t * (a1 + a2 * t**2 + t**6 * (a3 + a4 * t**2))


@cache
def topology() -> dict[str, Any]:
    """Outlines of the world's countries, without Antarctica."""
    text = files("friendshore").joinpath("data/world_110m.json").read_text(encoding="utf-8")
    topo: dict[str, Any] = json.loads(text)
    shapes = topo["objects"]["countries"]
    shapes["geometries"] = [g for g in shapes["geometries"] if g.get("properties", {}).get("iso3") != "ATA"]
    return topo


@cache
def on_map() -> frozenset[str]:
    """Codes that the outlines hold."""
    shapes = topology()["objects"]["countries"]["geometries"]
    codes = (g.get("properties", {}).get("iso3") for g in shapes)
    return frozenset(code for code in codes if code)


@lru_cache(maxsize=12)
def outlines(frame: Frame) -> Mapping[str, str]:
    """Write the outline of every country as a path in parts of a pixel (see ``FINENESS``), by its code.

    Land without a code of its own is under the empty code. Neighbours share their border point by point.
    """
    arcs = [thinned(arc, frame) for arc in unpacked()]
    found: dict[str, str] = {}
    for shape in topology()["objects"]["countries"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings = [
            part
            for polygon in polygons
            for ring in polygon
            for part in cut(stitched(ring, arcs), frame.meridian)
        ]
        placed = [[frame.turned(*point) for point in ring] for ring in rings]
        largest = max((area(ring) for ring in placed), default=0.0)
        seen = [ring for ring in placed if area(ring) >= min(LEAST_AREA, largest)]
        code = shape.get("properties", {}).get("iso3") or ""
        found[code] = found.get(code, "") + "".join(map(written, seen))
    return MappingProxyType(found)


@cache
def unpacked() -> list[list[Point]]:
    """Longitudes and latitudes of every arc, longitudes going on across the date line."""
    topo = topology()
    (wide, high), (west, south) = topo["transform"]["scale"], topo["transform"]["translate"]
    found = []
    for arc in topo["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * wide + west, y * high + south))
        found.append(unbroken(points))
    return found


def unbroken(points: Sequence[Point]) -> list[Point]:
    """Let no two neighbours lie more than half a turn apart."""
    found = [points[0]]
    for longitude, latitude in points[1:]:
        before = found[-1][0]
        found.append((longitude - 360 * round((longitude - before) / 360), latitude))
    return found


def thinned(arc: Sequence[Point], frame: Frame) -> list[Point]:
    """Leave out the points of an arc that nobody would miss (after Douglas and Peucker 1973)."""
    placed = [frame.turned(*point) for point in arc]
    kept = {0, len(arc) - 1}
    open_runs = [(0, len(arc) - 1)]
    while open_runs:
        first, last = open_runs.pop()
        (ax, ay), (bx, by) = placed[first], placed[last]
        dx, dy = bx - ax, by - ay
        length = math.hypot(dx, dy)
        worst, at = TOLERANCE if frame.width >= 600 else TOLERANCE_NARROW, -1
        for n in range(first + 1, last):
            x, y = placed[n]
            # An arc that ends where it began is an island: its far side is what counts.
            far = abs(dx * (y - ay) - dy * (x - ax)) / length if length > 1e-9 else math.hypot(x - ax, y - ay)
            if far > worst:
                worst, at = far, n
        if at >= 0:
            kept.add(at)
            open_runs += [(first, at), (at, last)]
    return [arc[n] for n in sorted(kept)]


def stitched(ring: Sequence[int], arcs: Sequence[Sequence[Point]]) -> list[Point]:
    """Join arcs into a ring; a negative one runs backwards."""
    points: list[Point] = []
    for n in ring:
        arc = arcs[n] if n >= 0 else arcs[~n][::-1]
        points += arc[1:] if points else arc
    return unbroken(points)


def cut(ring: Sequence[Point], meridian: float) -> Iterator[list[Point]]:
    """Cut a ring at the far side of a meridian; its points come back as degrees east of it, and latitude."""
    east = [(longitude - meridian, latitude) for longitude, latitude in ring]
    least, most = min(x for x, _ in east), max(x for x, _ in east)
    for turn in range(math.floor((least + 180) / 360), math.floor((most + 180) / 360) + 1):
        shifted = [(x - 360 * turn, y) for x, y in east]
        part = clipped(clipped(shifted, 180, 1), -180, -1)
        if len(part) > 3:
            yield part


def clipped(ring: Sequence[Point], edge: float, side: int) -> list[Point]:
    """Keep what lies within an edge (after Sutherland and Hodgman 1974), the edge itself in small steps."""
    if all(side * x <= side * edge for x, _ in ring):
        return list(ring)
    found: list[Point] = []
    for (ax, ay), (bx, by) in pairwise(ring):
        within, after = side * ax <= side * edge, side * bx <= side * edge
        if within:
            found.append((ax, ay))
        if within != after:
            found.append((edge, ay + (by - ay) * (edge - ax) / (bx - ax)))
    closed = [*found, found[0]] if found else []
    stepped: list[Point] = []
    for (ax, ay), (bx, by) in pairwise(closed):
        steps = max(1, math.ceil(abs(by - ay) / STEP)) if ax == bx == edge else 1
        stepped += [(ax + (bx - ax) * n / steps, ay + (by - ay) * n / steps) for n in range(steps)]
    return [*stepped, closed[-1]] if closed else []


def area(ring: Sequence[Point]) -> float:
    """Area within a closed ring."""
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(ring))) / 2


def written(ring: Sequence[Point]) -> str:
    """Write a ring as steps from point to point, in whole parts of a pixel."""
    x, y = round(ring[0][0] * FINENESS), round(ring[0][1] * FINENESS)
    told, steps = f"M{x},{y}l", []
    for right, down in ring[1:-1]:
        to = round(right * FINENESS), round(down * FINENESS)
        if to != (x, y):
            steps.append(f"{to[0] - x}{'' if to[1] < y else ','}{to[1] - y}")
            x, y = to
    joined = ""
    for step in steps:
        joined += step if not joined or step[0] == "-" else " " + step
    return f"{told}{joined}z" if len(steps) > 1 else ""
