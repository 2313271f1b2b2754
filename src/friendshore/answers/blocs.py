"""Which blocs, formats and pacts can be named, and who was in them when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from friendshore.answers.framing import command_line
from friendshore.records import Finding, Name, Note, Table
from friendshore.tables.blocs import Bloc, find_bloc, members
from friendshore.tables.blocs import blocs as known
from friendshore.tables.countries import country_name
from friendshore.tables.measures import Measure, measures
from friendshore.tables.schemas import columns
from friendshore.tables.sources import sources

__all__ = ["blocs"]


def blocs(name: str = "", *, on: date | None = None, ties: bool = False) -> Finding:
    """List the blocs, formats and pacts, or the members of one with dates.

    Parameters
    ----------
    name
        A bloc, format or pact whose members are listed; with ``ties`` a country.
    on
        Members on this day; by default all who ever were.
    ties
        Answer instead who is tied to whom by how many.

    Returns
    -------
    Finding
        A row a bloc, a member or a pair; beside the blocs the tables ``formats`` and ``pacts``.

    Raises
    ------
    ArgumentError
        ``unknown_bloc``, with the nearest name; with ``ties`` ``unknown_country``.
    """
    if ties:
        from friendshore.answers.measures import ties as tied

        return tied(on=on, of=name)
    return _members(name, on) if name else _all_blocs(on)


def _all_blocs(day: date | None) -> Finding:
    rows = [
        {
            "bloc": bloc.id,
            "name_en": bloc.name_en,
            "name_ja": bloc.name_ja,
            "kind": bloc.kind,
            "members": len(_holding(bloc, day)),
            "aliases": "; ".join(bloc.aliases) or None,
            "note": bloc.note or None,
        }
        for bloc in known().values()
    ]
    answer = Note(
        template="{count} blocs can be named; friendshore blocs NAME lists the members of one.",
        values={"count": len(rows)},
    )
    found = _found("blocs", {"on": day.isoformat() if day else None}, rows, answer)
    return found.model_copy(update={"tables": _formats_and_pacts(day)})


def _holding(bloc: Bloc, day: date | None) -> list[str]:
    """Members on a day; without one, those that have not left."""
    return sorted({stay.country for stay in bloc.members if (stay.holds(day) if day else stay.until is None)})


def _members(name: str, day: date | None) -> Finding:
    bloc = find_bloc(name)
    if bloc is None and (pact := _pact_named(name)) is not None:
        rows, answer = _parties_of(pact, day)
        arguments = {"name": pact.id, "on": day.isoformat() if day else None}
        return _found("members", arguments, rows, answer)
    if bloc is None:
        members(name, date.max)  # raises the error that names the nearest bloc
        raise AssertionError
    rows = [
        {
            "bloc": bloc.id,
            "country": stay.country,
            "country_name": country_name(stay.country),
            "since": stay.since.isoformat(),
            "until": stay.until.isoformat() if stay.until else None,
            "precision": stay.precision,
            "source": stay.source,
            "url": stay.url or None,
            "verification": stay.verification,
        }
        for stay in bloc.members
        if day is None or stay.holds(day)
    ]
    count = len(_holding(bloc, day))
    answer = (
        Note(
            template="On {day} {name} had {count} members.",
            values={"name": Name(key=bloc.id), "count": count, "day": day.isoformat()},
        )
        if day
        else Note(
            template="Members of {name}: {count}; former members are listed with their last day.",
            values={"name": Name(key=bloc.id), "count": count},
        )
    )
    arguments = {"name": bloc.id, "on": day.isoformat() if day else None}
    return _found("members", arguments, rows, answer)


def _formats_and_pacts(day: date | None) -> dict[str, Table]:
    """List formats and pacts in force on a day; their names are no importers."""
    told = {
        kind: tuple(
            {
                "id": one.id,
                "kind": one.kind,
                "name_en": one.name_en,
                "name_ja": one.name(lang="ja"),
                "field": one.field or None,
                "since": one.since.isoformat() if one.since else None,
                "members": "; ".join(one.actors),
                "source": one.source,
                "verification": one.verification,
            }
            for one in measures().values()
            if one.kind == kind and (day is None or one.holds(day))
        )
        for kind in ("format", "pact")
    }
    return {f"{kind}s": Table(columns=columns("pacts"), rows=rows) for kind, rows in told.items()}


def _pact_named(name: str) -> Measure | None:
    """Return the format or pact of this id, whatever its case."""
    return next((one for key, one in measures().items() if key.casefold() == name.strip().casefold()), None)


def _parties_of(pact: Measure, day: date | None) -> tuple[list[dict[str, Any]], Note]:
    """List who takes part in a pact or format."""
    rows = [
        {
            "bloc": pact.id,
            "country": code,
            "country_name": country_name(code),
            "since": pact.since.isoformat() if pact.since else None,
            "until": pact.until.isoformat() if pact.until else None,
            "precision": pact.precision,
            "source": pact.source,
            "url": pact.url or None,
            "verification": pact.verification,
        }
        for code in pact.actors
        if day is None or pact.holds(day)
    ]
    answer = Note(template="{count} take part in {name}.", values={"count": len(rows), "name": pact.name_en})
    return rows, answer


def _found(
    table: str, arguments: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], answer: Note
) -> Finding:
    named = str(arguments.get("name") or "").split()
    return Finding(
        question="blocs",
        arguments=dict(arguments),
        columns=columns(table),
        rows=tuple(rows),
        answer=answer,
        sources=tuple(sources()[name] for name in ("friendshore_blocs", "friendshore_measures")),
        command=command_line("blocs", named, {"on": arguments["on"]}),
    )
