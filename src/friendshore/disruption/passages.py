"""Which links go by a passage: sea routes between the main ports of 67 areas, from ``data/passages.csv``.

A route is the shortest one between one port of either side. The United States have two, on either coast: the
shorter of their routes counts. Countries outside the table are not covered; nothing is said about their links.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, TypeAlias, get_args

__all__ = ["PASSAGES", "Passage", "Route", "covered", "routes", "routes_by"]

Passage: TypeAlias = Literal[
    "bab_el_mandeb", "bosporus", "cape", "gibraltar", "hormuz", "magellan", "malacca", "panama", "suez", "sunda",
]  # fmt: skip
PASSAGES: tuple[str, ...] = get_args(Passage)
TWO_COASTS = {"USA_E": "USA"}


@dataclass(frozen=True)
class Route:
    """The way by sea between two countries."""

    km: float
    passages: tuple[str, ...]
    around_km: Mapping[str, float | None]
    """Passage -> kilometres where it is closed, None where there is no other way; only those that were
    computed (Suez with Bab el-Mandeb, Malacca, Panama, Hormuz)."""


@cache
def routes() -> Mapping[tuple[str, str], Route]:
    """Return the routes by pair of countries, each pair in both orders."""
    found: dict[tuple[str, str], Route] = {}
    text = files("friendshore").joinpath("data/passages.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        one, two = (TWO_COASTS.get(row[side], row[side]) for side in ("area_a", "area_b"))
        around = {
            name.removeprefix("km_without_"): float(km) if km else None
            for name, km in row.items()
            if name.startswith("km_without_")
        }
        route = Route(float(row["km"]), tuple(filter(None, row["passages"].split(";"))), around)
        known = found.get((one, two))
        if one != two and (known is None or route.km < known.km):
            found[one, two] = found[two, one] = route
    return MappingProxyType(found)


@cache
def covered() -> frozenset[str]:
    """Countries that the table covers."""
    return frozenset(country for pair in routes() for country in pair)


def routes_by(
    passage: str, suppliers: tuple[str, ...] = (), importers: tuple[str, ...] = ()
) -> tuple[tuple[str, str], ...]:
    """Return the (exporter, importer) pairs whose route leads through a passage.

    Parameters
    ----------
    passage
        One of ``PASSAGES``.
    suppliers, importers
        ISO3 codes; empty means everybody whom the table covers.
    """
    return tuple(
        pair
        for pair, route in sorted(routes().items())
        if passage in route.passages
        and (not suppliers or pair[0] in suppliers)
        and (not importers or pair[1] in importers)
    )
