"""Make data/world_110m.json from the npm package world-atlas 2.0.2 (Natural Earth 1:110m, public domain).

    npm pack world-atlas@2.0.2
    python tools/build_world_map.py world-atlas-2.0.2.tgz

Keeps the countries (no coast-only layer, no Antarctica) and their ISO numbers as feature ids, and puts the
ISO3 code in ``properties.iso3`` so that a chart can join either. Three features have no number: Kosovo gets
XKX, Northern Cyprus and Somaliland get an empty code (statistics do not tell them apart). Same input, same
bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from friendshore.tables.countries import countries

Arcs: TypeAlias = "list[int | Arcs]"
"""Arc numbers as a geometry nests them."""

SHA256 = "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97"
MEMBER = "package/countries-110m.json"
TARGET = Path(__file__).parents[1] / "src/friendshore/data/world_110m.json"
BY_NAME = {"Kosovo": "XKX", "N. Cyprus": "", "Somaliland": ""}
DROPPED = {"Antarctica"}


def read(package: Path) -> dict[str, Any]:
    """Read the topology from the package, refusing any other file than the one this was written for."""
    found = hashlib.sha256(package.read_bytes()).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{package}: sha256 is {found}, expected {SHA256}")
    with tarfile.open(package) as archive:
        member = archive.extractfile(MEMBER)
        if member is None:
            raise SystemExit(f"{package}: no file {MEMBER}")
        topology: dict[str, Any] = json.load(member)
    return topology


def arc_numbers(nested: Arcs) -> Iterator[int]:
    """Yield the arc numbers of a geometry, however deep they lie."""
    for item in nested:
        if isinstance(item, list):
            yield from arc_numbers(item)
        else:
            yield item


def renumbered(nested: Arcs, place: dict[int, int]) -> Arcs:
    """Return the arcs of a geometry under their new numbers (``~n`` is arc n backwards)."""
    return [
        renumbered(item, place) if isinstance(item, list) else (place[item] if item >= 0 else ~place[~item])
        for item in nested
    ]


def slimmed(topology: dict[str, Any]) -> dict[str, Any]:
    """Keep what the charts need."""
    iso3 = {c.iso_numeric: c.iso3 for c in countries().values() if c.iso_numeric}
    shapes = [
        shape
        for shape in topology["objects"]["countries"]["geometries"]
        if shape["properties"]["name"] not in DROPPED
    ]
    used = sorted({n if n >= 0 else ~n for shape in shapes for n in arc_numbers(shape["arcs"])})
    place = {old: new for new, old in enumerate(used)}
    geometries = []
    for shape in shapes:
        code = iso3[shape["id"]] if "id" in shape else BY_NAME[shape["properties"]["name"]]
        slim = {"type": shape["type"], "arcs": renumbered(shape["arcs"], place), "properties": {"iso3": code}}
        if "id" in shape:
            slim["id"] = shape["id"]
        geometries.append(slim)
    return {
        "type": "Topology",
        "objects": {"countries": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": [topology["arcs"][old] for old in used],
        "transform": topology["transform"],
    }


def main() -> None:
    """Write the map."""
    parser = argparse.ArgumentParser(description="Make the world map of the charts.")
    parser.add_argument("package", type=Path, help="world-atlas-2.0.2.tgz")
    text = json.dumps(slimmed(read(parser.parse_args().package)), separators=(",", ":"), sort_keys=True)
    TARGET.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"{TARGET.name}: {len(text)} bytes\n")


if __name__ == "__main__":
    main()
