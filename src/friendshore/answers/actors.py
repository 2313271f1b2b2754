"""Who asks and whom it is about: country codes and bloc names turned into members in a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from friendshore.errors import ArgumentError, FriendshoreError, MissingDataError
from friendshore.tables.blocs import blocs, find_bloc, members
from friendshore.tables.countries import countries
from friendshore.tables.world import World

__all__ = ["Actor", "importers_of", "supplier_set"]


@dataclass(frozen=True)
class Actor:
    """One importer as asked for: a country, a bloc by name, or several joined by ``--as-bloc``."""

    name: str
    parts: tuple[tuple[str, str], ...]
    """(kind, id) of what was named: ("country", "JPN") or ("bloc", "EU")."""

    @property
    def is_country(self) -> bool:
        """True for a single country, whose flows need no joining."""
        return len(self.parts) == 1 and self.parts[0][0] == "country"

    def existed(self, year: int) -> bool:
        """Tell whether every named bloc had members at the end of the year."""
        return all(kind == "country" or members(key, date(year, 12, 31)) for kind, key in self.parts)

    def members(self, year: int) -> tuple[str, ...]:
        """ISO3 codes as of 31 December of the year, sorted.

        Raises
        ------
        ArgumentError
            ``bloc_without_members`` where a named bloc did not exist yet.
        """
        found: set[str] = set()
        for kind, key in self.parts:
            if kind == "country":
                found.add(key)
                continue
            at_year_end = members(key, date(year, 12, 31))
            if not at_year_end:
                raise ArgumentError(
                    f"{key} has no members on 31 December {year}.",
                    code="bloc_without_members",
                    hint=f"See when they joined: friendshore blocs {key}",
                )
            found.update(at_year_end)
        return tuple(sorted(found))


def named(text: str, world: World) -> tuple[str, str]:
    """Resolve one name to ("country", ISO3) or ("bloc", id); codes win over bloc aliases."""
    code = text.strip().upper()
    if code in world.position or code in countries():
        return "country", code
    bloc = find_bloc(text.strip())
    if bloc is not None:
        return "bloc", bloc.id
    raise unknown_name(text)


def unknown_name(text: str) -> ArgumentError:
    """Say what was probably meant by a name that is neither a country code nor a bloc."""
    wanted = text.strip()
    by_name = {c.name_en.casefold(): c.iso3 for c in countries().values()}
    by_name |= {c.name_ja: c.iso3 for c in countries().values()}
    if wanted.casefold() in by_name:
        code = by_name[wanted.casefold()]
        return ArgumentError(
            f"{wanted!r} is a name; countries are given by their ISO 3166 alpha-3 code.",
            code="unknown_country",
            hint=f"Write {code}.",
        )
    if parts := apart(wanted):
        return ArgumentError(
            f"{wanted!r} is neither an ISO 3166 alpha-3 country code nor the name of a bloc.",
            code="unknown_country",
            hint=f"Put blanks between names: {parts}",
        )
    near = get_close_matches(wanted.upper(), [*countries(), *(b.upper() for b in blocs())], n=3, cutoff=0.6)
    near += [by_name[n] for n in get_close_matches(wanted.casefold(), by_name, n=2, cutoff=0.8)]
    choices = f"Did you mean {', '.join(dict.fromkeys(near))}? " if near else ""
    kind = "country" if len(wanted) == 3 and wanted.isascii() else "bloc"
    return ArgumentError(
        f"{wanted!r} is neither an ISO 3166 alpha-3 country code nor the name of a bloc.",
        code=f"unknown_{kind}",
        hint=f"{choices}List the blocs: friendshore blocs",
    )


def one_or_more(names: str | Sequence[str]) -> Sequence[str]:
    """Take one name given as plain text for what it is, not for its letters."""
    return (names,) if isinstance(names, str) else names


def apart(text: str) -> str:
    """Write what was joined by commas or semicolons with blanks; empty where nothing was."""
    parts = text.replace(";", ",").split(",")
    return " ".join(part.strip() for part in parts if part.strip()) if len(parts) > 1 else ""


def collect(names: Sequence[str], world: World) -> list[tuple[str, str]]:
    """Resolve all names, reporting every unknown one at once."""
    found, problems = [], []
    for name in names:
        try:
            found.append(named(name, world))
        except ArgumentError as problem:
            problems.append(problem)
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise ArgumentError(
            " ".join(p.message for p in problems),
            code=problems[0].code,
            hint=" ".join(dict.fromkeys(p.hint for p in problems)),
        )
    return list(dict.fromkeys(found))


def importers_of(names: Sequence[str], world: World, *, as_bloc: bool) -> tuple[Actor, ...]:
    """Resolve the importers of a question.

    Parameters
    ----------
    names
        ISO3 codes or bloc names, at least one; repeated names count once.
    as_bloc
        Join all into one importer named ``A+B`` in the order given.
    """
    if not names:
        raise ArgumentError(
            "No importer was named.", code="no_importer", hint="Name at least one, as JPN or EU."
        )
    parts = collect(names, world)
    if as_bloc and len(parts) > 1:
        return (Actor("+".join(key for _, key in parts), tuple(parts)),)
    return tuple(Actor(key, ((kind, key),)) for kind, key in parts)


def supplier_set(names: Sequence[str], world: World, year: int) -> tuple[str, ...]:
    """Members of the suppliers of concern in a year, as one set, in order of naming."""
    codes: dict[str, None] = {}
    for kind, key in collect(names, world):
        actor = Actor(key, ((kind, key),))
        codes.update(dict.fromkeys(actor.members(year)))
    return tuple(codes)


def refuse_overlap(actor: Actor, suppliers: Sequence[str], year: int) -> None:
    """Refuse a question in which the supplier of concern is the importer or one of its members."""
    both = sorted(set(actor.members(year)) & set(suppliers))
    if both:
        raise ArgumentError(
            f"{', '.join(both)} is both importer ({actor.name}) and supplier of concern.",
            code="importer_is_supplier",
            hint="Name a supplier outside the importer.",
        )


def positions(codes: Sequence[str], world: World) -> list[int]:
    """Positions of the codes that trade in this world (others have no flows in it)."""
    return [world.position[c] for c in codes if c in world.position]


def refuse_absent(actor: Actor, world: World, year: int) -> None:
    """Refuse an importer none of whose members appears in this world's tables."""
    if not positions(actor.members(year), world):
        raise no_imports(actor, f"it does not appear in {world.name} at all")


def no_imports(actor: Actor, why: str) -> FriendshoreError:
    """Build the error for an importer without imports."""
    return MissingDataError(
        f"{actor.name} has no imports to measure: {why}.",
        code="no_imports",
        hint="See what is loaded: friendshore data list",
    )
