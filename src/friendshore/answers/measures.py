"""What is in force between whom: measures, pacts and formats on a day, the user's own records marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import Any

from friendshore.answers.framing import command_line
from friendshore.disruption.events import events
from friendshore.errors import ArgumentError
from friendshore.records import Finding, Name, Note
from friendshore.tables.blocs import blocs, find_bloc
from friendshore.tables.countries import countries
from friendshore.tables.measures import Accepted, Measure, accepted, last_day, parties
from friendshore.tables.measures import measures as shipped
from friendshore.tables.schemas import columns
from friendshore.tables.sources import sources

__all__ = ["conflicts_of", "measures", "register", "ties"]

CONTROLS: Mapping[str, str] = {
    "export_ban": "export_control",
    "quota": "export_control",
    "sanction": "sanction",
    "import_ban": "import_restriction",
}
"""Type of an event of the catalogue -> kind of a measure; failures and wars are none."""
PACTS = frozenset({"agreement", "membership", "dialogue", "military_cooperation"})
NEAR_DAYS = 366
"""Records of one kind and the same parties this far apart are compared."""


def register() -> tuple[Measure, ...]:
    """Everything that comes with the package: measures.yaml and the controls of the catalogue of events."""
    return (*shipped().values(), *_controls())


def _controls() -> Iterator[Measure]:
    for event in events():
        kind = CONTROLS.get(event.type)
        if kind is None:
            continue
        since, _ = last_day(event.event_date)
        if event.actor == "buyer":
            actors, targets = event.importers, event.exporters
        elif event.actor == "third_party" or (kind == "sanction" and event.actor != "seller"):
            # Buyers who stop for fear of somebody else's sanctions do not act; who does is in the documentation.
            actors, targets = (), event.exporters
        else:
            actors, targets = event.exporters, event.importers
        precision: Any = {1: "year", 2: "month"}.get(len(event.event_date.split("-")), "day")
        yield Measure(
            id=event.id,
            kind=kind,
            name_en=event.name,
            field=event.subtype.replace("_", " "),
            since=since,
            precision=precision,
            actors=actors,
            targets=targets,
            goods=event.products_hs92,
            source=event.documentation,
            url=event.source_url,
            verification={"yes": "source checked", "partial": "partly checked"}.get(
                event.doc_verified, "not checked"
            ),
            note=event.notes,
        )


def _own(event: Accepted) -> Measure:
    since, _ = last_day(event.date or "")
    precision: Any = {1: "year", 2: "month"}.get(len((event.date or "").split("-")), "day")
    return Measure(
        id=event.id,
        kind=event.type,
        name_en=" ".join(event.quote.split()),
        field=event.status.replace("_", " "),
        since=since,
        precision=precision,
        actors=event.actors,
        targets=event.targets,
        goods=event.products,
        source=f"{event.document}, {event.document_date or 'no date'}, sha256 {event.sha256}",
        verification="accepted by the user",
        owner="user",
    )


def conflicts_of(event: Accepted) -> tuple[str, ...]:
    """Name the shipped records of the same kind and parties, near in time, that state another day or aim."""
    mine = _own(event)
    first, last = last_day(event.date or "")
    found = []
    for other in register():
        same_kind = other.kind == mine.kind or (other.kind in {"pact", "format"} and mine.kind in PACTS)
        if not same_kind or set(other.actors) != set(mine.actors) or first is None or last is None:
            continue
        if other.since is None or abs((other.since - first).days) > NEAR_DAYS:
            continue
        other_day = not first <= other.since <= last
        other_aim = bool(mine.targets and other.targets and set(mine.targets) != set(other.targets))
        if other_day or other_aim:
            found.append(other.id)
    return tuple(found)


def measures(*, on: date | None = None, of: str = "") -> Finding:
    """List what is in force: support, controls, sanctions, pacts and formats, each with its source.

    Parameters
    ----------
    on
        Only what had begun and had not ended on this day.
    of
        Only what a country or bloc takes part in or is the aim of.

    Returns
    -------
    Finding
        A row a record, the oldest first; ``owner`` is ``user`` for accepted events, ``conflict`` names the shipped
        records that state something else.

    Raises
    ------
    ArgumentError
        ``unknown_country``.
    DataError
        ``bad_accepted``.
    """
    own = accepted()
    clashes = {event.id: conflicts_of(event) for event in own}
    every = [*register(), *(_own(event) for event in own)]
    wanted = _wanted(of)
    chosen = [
        one
        for one in every
        if (on is None or one.holds(on))
        and (
            not wanted
            or wanted & (parties(one.actors, on or one.since) | parties(one.targets, on or one.since))
        )
    ]
    chosen.sort(key=lambda one: (one.since or date.min, one.id))
    mine = sum(one.owner == "user" for one in chosen)
    open_end = sum(one.until is None and one.kind in CONTROLS.values() for one in chosen)
    notes = [
        Note(
            template="Of {count} measures no end is recorded: that they are listed does not say that they last.",
            values={"count": open_end},
        )
    ]
    if any(clashes[one.id] for one in chosen if one.owner == "user"):
        notes.append(
            Note(
                template="Records of your own state something else than shipped ones: see the column conflict."
            )
        )
    return Finding(
        question="measures",
        arguments={"on": on.isoformat() if on else None, "of": of or None},
        columns=columns("measures"),
        rows=tuple(_row(one, clashes.get(one.id, ())) for one in chosen),
        answer=_answer(len(chosen), mine, on, of),
        sources=tuple(sources()[name] for name in ("friendshore_measures", "friendshore_events")),
        caveats=tuple(notes if open_end else notes[1:]),
        command=command_line("measures", [], {"on": on.isoformat() if on else "", "of": of}),
    )


def _wanted(of: str) -> frozenset[str]:
    if not of:
        return frozenset()
    code = of.strip().upper()
    if code in countries():
        return frozenset({code})
    bloc = find_bloc(of)
    if bloc is None:
        raise ArgumentError(
            f"{of!r} is neither an ISO 3166 alpha-3 country code nor the name of a bloc.",
            code="unknown_country",
            hint="Write the code, as JPN, or list the blocs: friendshore blocs",
        )
    return frozenset({bloc.id}) | frozenset(stay.country for stay in bloc.members if stay.until is None)


def _row(one: Measure, conflict: tuple[str, ...]) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "name_en": one.name_en,
        "name_ja": one.name_ja or one.name_en,
        "field": one.field or None,
        "since": one.since.isoformat() if one.since else None,
        "until": one.until.isoformat() if one.until else None,
        "precision": one.precision,
        "actors": one.actors,
        "targets": one.targets,
        "goods": one.goods,
        "owner": one.owner,
        "conflict": conflict or None,
        "source": one.source,
        "url": one.url or None,
        "verification": one.verification,
        "note": one.note or None,
    }


def _answer(count: int, mine: int, on: date | None, of: str) -> Note:
    values = {"count": count, "mine": mine, "day": on.isoformat() if on else "", "name": Name(key=of.upper())}
    if on and of:
        return Note(
            template="On {day} {count} measures, pacts and formats with {name} are on record, {mine} of them your own.",
            values=values,
        )
    if on:
        return Note(
            template="On {day} {count} measures, pacts and formats are on record, {mine} of them your own.",
            values=values,
        )
    if of:
        return Note(
            template="{count} measures, pacts and formats with {name} are on record, {mine} of them your own.",
            values=values,
        )
    return Note(
        template="{count} measures, pacts and formats are on record, {mine} of them your own.", values=values
    )


def ties(*, on: date | None = None, of: str = "") -> Finding:
    """Tell who is tied to whom by how many blocs, pacts and formats.

    Parameters
    ----------
    on
        The day; by default everything that has not ended.
    of
        Only the ties of a country.

    Returns
    -------
    Finding
        A row a pair of countries, the closest tied first.

    Raises
    ------
    ArgumentError
        ``unknown_country``.
    """
    day = on or date.max
    groups = {name: parties([name], day) for name in blocs()}
    for one in shipped().values():
        if one.kind in {"pact", "format"} and one.holds(day):
            groups[one.id] = parties(one.actors, day)
    wanted = _wanted(of)
    found: dict[tuple[str, str], list[str]] = {}
    for name, inside in groups.items():
        for pair in combinations(sorted(code for code in inside if code in countries()), 2):
            if not wanted or wanted & set(pair):
                found.setdefault(pair, []).append(name)
    rows = [
        {"country_a": a, "country_b": b, "ties": len(names), "pacts": "; ".join(names)}
        for (a, b), names in sorted(found.items(), key=lambda one: (-len(one[1]), one[0]))
    ]
    return Finding(
        question="ties",
        arguments={"on": on.isoformat() if on else None, "of": of or None},
        columns=columns("ties"),
        rows=tuple(rows),
        answer=_tied(rows),
        sources=tuple(sources()[name] for name in ("friendshore_blocs", "friendshore_measures")),
        caveats=(
            Note(
                template="A tie is counted, not weighed: a forum of many counts as much as an alliance of two."
            ),
        ),
        command=command_line("blocs", [of] if of else [], {"ties": True, "on": on.isoformat() if on else ""}),
    )


def _tied(rows: list[dict[str, Any]]) -> Note:
    if not rows:
        return Note(template="Nobody is tied to anybody on that day.")
    first = rows[0]
    return Note(
        template="The most ties are between {a} and {b}: {count}; {pairs} pairs of countries have one or more.",
        values={
            "a": Name(key=first["country_a"]),
            "b": Name(key=first["country_b"]),
            "count": first["ties"],
            "pairs": len(rows),
        },
    )
