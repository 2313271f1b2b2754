"""Known programmes and laws: rates of support, caps on shares, days of stock, each with source and certainty."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

from friendshore.errors import ArgumentError
from friendshore.records import Record
from friendshore.tables.products import read_text, read_yaml

__all__ = ["Money", "Programme", "StandardExample", "caps_of", "programme", "programmes", "standard_examples"]


class Money(Record):
    """An amount in the currency in which it was announced."""

    amount: float
    currency: str
    year: int


class Programme(Record):
    """One call, law or norm."""

    name: str
    kind: Literal["support", "caps", "targets", "stock"]
    label_en: str
    label_ja: str
    source: str
    certainty: Literal["verified", "memory"]
    """``verified``: read in a stored page or document; ``memory``: from general knowledge, to be checked."""
    note: str = ""
    payer: str = ""
    """Whose programme, ISO 3166 alpha-3; empty where it is no single country's."""
    where: Literal["home", "abroad", "anywhere"] = "anywhere"
    """Where the supported plant stands."""
    share: float | None = None
    """Part of the cost that is paid."""
    most_share: float | None = None
    """Most that may be paid."""
    most_project: Money | None = None
    """Most for one project."""
    total: Money | None = None
    """Of the whole call."""
    years: float | None = None
    """Time in which a project has to stand."""
    caps: Mapping[str, float] = {}
    """By name in ``caps:`` of a plan, the most that may come from somebody."""
    targets: Mapping[str, float] = {}
    """Shares to be reached that a plan does not keep, since the data do not measure them."""
    days: float | None = None
    """Days of stock."""

    def label(self, lang: str = "en") -> str:
        """Name in a language."""
        return self.label_ja if lang == "ja" else self.label_en


@cache
def programmes() -> Mapping[str, Programme]:
    """All programmes by name."""
    return MappingProxyType(
        {name: Programme(name=name, **about) for name, about in read_yaml("programmes.yaml").items()}
    )


def programme(name: str) -> Programme:
    """Return a programme by name, or list those that are known."""
    found = programmes().get(name)
    if found is None:
        raise ArgumentError(
            f"{name} is no programme that we know; known: {', '.join(sorted(programmes()))}.",
            code="unknown_programme",
            hint="State share: and most_share: yourself, with their source.",
        )
    return found


def caps_of(name: str) -> Mapping[str, float]:
    """Return the caps of a preset, by their names in ``caps:`` of a plan."""
    found = programme(name)
    if not found.caps:
        names = sorted(each for each, about in programmes().items() if about.caps)
        raise ArgumentError(
            f"{name} caps no share; presets that do: {', '.join(names)}.",
            code="unknown_programme",
            hint="State concern_share:, any_share: or traced_share: yourself.",
        )
    return found.caps


class StandardExample(Record):
    """A line of the shipped table of standards, which is invented to show the form and never applied by itself."""

    supplier: str
    group: str
    member: str = ""
    """Empty: all members."""
    shared: bool
    fee_usd: float
    source: str


@cache
def standard_examples() -> tuple[StandardExample, ...]:
    """Return the illustration of a table of standards."""
    rows = csv.DictReader(io.StringIO(read_text("standards.csv")))
    return tuple(StandardExample.model_validate(row) for row in rows)
