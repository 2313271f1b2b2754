"""Blocs: named sets of countries whose members are dated and sourced. None is a default anywhere."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Literal, TypeAlias

from friendshore.errors import ArgumentError
from friendshore.records import Record
from friendshore.tables.products import read_yaml, search_key

__all__ = ["Bloc", "Change", "Membership", "Verification", "bloc_history", "blocs", "find_bloc", "members"]

Verification: TypeAlias = Literal["stored text read", "general knowledge, official list"]
Precision: TypeAlias = Literal["day", "month", "no later than"]


class BlocSource(Record):
    """Where a membership is stated."""

    text: str
    url: str = ""
    verification: Verification


class Membership(Record):
    """One country's stay in a bloc."""

    country: str
    since: date
    until: date | None
    """Last day of membership, None while it lasts."""
    precision: Precision
    """How well ``since`` is known: the day, the month (then its first day), or only that it was not later."""
    source: str
    url: str
    verification: Verification

    def holds(self, on: date) -> bool:
        """Whether the country was a member on a day."""
        return self.since <= on and (self.until is None or on <= self.until)


class Bloc(Record):
    """A bloc, forum or pact between countries."""

    id: str
    name_en: str
    name_ja: str
    kind: str
    aliases: tuple[str, ...]
    members: tuple[Membership, ...]
    note: str

    def name(self, lang: str = "en") -> str:
        """Name in a language."""
        return self.name_ja if lang == "ja" else self.name_en


class Change(Record):
    """What a day changed in a bloc's membership."""

    day: date
    joined: tuple[str, ...]
    left: tuple[str, ...]
    """Countries whose last day of membership was the day before."""
    members: int
    """Number of members from this day on."""


class _Stay(Record):
    """Countries that joined together, as the file writes them."""

    since: date
    until: date | None = None
    precision: Precision = "day"
    source: str
    countries: tuple[str, ...]


class _Entry(Record):
    """A bloc as the file writes it."""

    name_en: str
    name_ja: str
    kind: str
    aliases: tuple[str, ...]
    sources: Mapping[str, BlocSource]
    members: tuple[_Stay, ...]
    note: str = ""


def _bloc(name: str, entry: _Entry) -> Bloc:
    stays = [
        Membership(
            country=country,
            since=stay.since,
            until=stay.until,
            precision=stay.precision,
            source=entry.sources[stay.source].text,
            url=entry.sources[stay.source].url,
            verification=entry.sources[stay.source].verification,
        )
        for stay in entry.members
        for country in stay.countries
    ]
    return Bloc(
        id=name,
        name_en=entry.name_en,
        name_ja=entry.name_ja,
        kind=entry.kind,
        aliases=entry.aliases,
        members=tuple(sorted(stays, key=lambda stay: (stay.since, stay.country))),
        note=entry.note,
    )


@cache
def blocs() -> Mapping[str, Bloc]:
    """All blocs by id, in the order of the file."""
    raw = read_yaml("blocs.yaml")
    return MappingProxyType({name: _bloc(name, _Entry.model_validate(body)) for name, body in raw.items()})


def _key(text: str) -> str:
    return re.sub(r"[\s_・·-]+", "", search_key(text))


@cache
def _by_name() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for bloc in blocs().values():
        for name in (bloc.id, bloc.name_en, bloc.name_ja, *bloc.aliases):
            names.setdefault(_key(name), bloc.id)
    return MappingProxyType(names)


def find_bloc(text: str) -> Bloc | None:
    """Return the bloc of this id, name or alias in either language.

    Case, width, blanks and hyphens do not matter.
    """
    name = _by_name().get(_key(text))
    return blocs()[name] if name else None


def _known(text: str) -> Bloc:
    bloc = find_bloc(text)
    if bloc is None:
        near = difflib.get_close_matches(_key(text), list(_by_name()), n=1, cutoff=0.6)
        hint = f"Did you mean {_by_name()[near[0]]}? " if near else ""
        raise ArgumentError(
            f"Unknown bloc {text!r}: expected one of {', '.join(blocs())}",
            code="unknown_bloc",
            hint=f"{hint}List them with: friendshore blocs",
        )
    return bloc


def members(bloc_id: str, on: date) -> tuple[str, ...]:
    """Return the ISO3 codes of a bloc's members on a day, sorted.

    Parameters
    ----------
    bloc_id
        Id, name or alias.
    on
        The day; a first and a last day of membership both count. Before the bloc began there are no members.
    """
    return tuple(sorted({stay.country for stay in _known(bloc_id).members if stay.holds(on)}))


def bloc_history(bloc_id: str) -> tuple[Change, ...]:
    """Return every change of a bloc's membership, oldest first."""
    bloc = _known(bloc_id)
    joined: dict[date, list[str]] = {}
    left: dict[date, list[str]] = {}
    for stay in bloc.members:
        joined.setdefault(stay.since, []).append(stay.country)
        if stay.until is not None:
            left.setdefault(stay.until + timedelta(days=1), []).append(stay.country)
    return tuple(
        Change(
            day=day,
            joined=tuple(sorted(joined.get(day, []))),
            left=tuple(sorted(left.get(day, []))),
            members=len(members(bloc.id, day)),
        )
        for day in sorted(joined.keys() | left.keys())
    )
