"""Countries and territories: codes, names in two languages, a point on the map."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from friendshore.records import Record

__all__ = [
    "Country",
    "countries",
    "country_name",
    "find_country",
    "iso3_of_baci",
    "merged_codes",
]

_MERGED = {"S19": "TWN", "ZA1": "ZAF", "SCG": "SRB", "DDR": "DEU", "PUS": "UMI"}
"""Letter codes of BACI's own country table that are not in use here, and where their flows go."""


class Country(Record):
    """A country or territory that statistics tell apart. Names and places imply no position on status."""

    iso3: str
    """ISO 3166-1 alpha-3; ``XKX`` (Kosovo), ``R20`` (Europe EFTA, nes), ``ANT``, ``CSK``, ``SUN`` besides."""
    iso2: str
    iso_numeric: str
    """Three digits, the feature id on the world map; empty where there is none."""
    baci: tuple[int, ...]
    """Numbers in BACI's country table, today's first, then the merged historic ones."""
    name_en: str
    name_ja: str
    latitude: float | None
    """Centroid of the largest polygon on the 1:110m map, or the capital where the map lacks the place."""
    longitude: float | None
    note: str


def _number(text: str) -> float | None:
    return float(text) if text else None


@cache
def countries() -> Mapping[str, Country]:
    """All known countries by ISO3 code, in order of code."""
    text = files("friendshore").joinpath("data/countries.csv").read_text(encoding="utf-8")
    table = {
        row["iso3"]: Country(
            iso3=row["iso3"],
            iso2=row["iso2"],
            iso_numeric=row["iso_numeric"],
            baci=tuple(int(number) for number in row["baci"].split(";") if number),
            name_en=row["name_en"],
            name_ja=row["name_ja"],
            latitude=_number(row["latitude"]),
            longitude=_number(row["longitude"]),
            note=row["note"],
        )
        for row in csv.DictReader(io.StringIO(text))
    }
    return MappingProxyType(table)


def country_name(iso3: str, lang: str = "en") -> str:
    """Return the name of a country, or the code itself where it is not known (joined blocs, user codes)."""
    country = countries().get(iso3)
    if country is None:
        return iso3
    return country.name_ja if lang == "ja" else country.name_en


@cache
def iso3_of_baci() -> Mapping[int, str]:
    """BACI's country numbers, historic ones included, to ISO3 codes."""
    return MappingProxyType(
        {number: country.iso3 for country in countries().values() for number in country.baci}
    )


def merged_codes() -> Mapping[str, str]:
    """Letter codes found in BACI files that are not used here (``S19``), to the code that is (``TWN``)."""
    return MappingProxyType(_MERGED)


@cache
def _by_name() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for country in countries().values():
        for name in (country.iso3, country.iso2, country.name_en, country.name_ja):
            if name:
                names.setdefault(name.casefold(), country.iso3)
    for code, iso3 in _MERGED.items():
        names.setdefault(code.casefold(), iso3)
    return MappingProxyType(names)


def find_country(text: str) -> Country | None:
    """Return the country whose code (ISO3, ISO2, merged) or name in either language is exactly this text.

    Case and outer blanks do not matter; nothing else is guessed.
    """
    iso3 = _by_name().get(text.strip().casefold())
    return countries()[iso3] if iso3 else None
