"""The brief for a document: who asks and about whom is read from it, and what it says stands first."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from friendshore.answers.brief import brief
from friendshore.answers.framing import opened
from friendshore.answers.measures import CONTROLS, register
from friendshore.answers.read import Document, document_of
from friendshore.answers.read_contexts import contexts_of
from friendshore.answers.read_next import importers_of, suppliers_of
from friendshore.errors import ArgumentError
from friendshore.intake.records import Event
from friendshore.records import Brief, Listing, Name, Note, Said
from friendshore.tables.measures import parties
from friendshore.tables.world import World

__all__ = ["brief_from", "said_of"]

SHOWN = 8
RECENT_DAYS = 1100
"""Of controls no end is on record; those that began longer ago are left out."""


def brief_from(
    source: str | Path,
    *,
    day: date | None = None,
    importers: Sequence[str] = (),
    on: Sequence[str] = (),
    world: World | str | Path = "raw-materials",
    **more: Any,  # noqa: ANN401  the further arguments of brief
) -> Brief:
    """Write the brief that a document calls for.

    Parameters
    ----------
    source
        The document, as of :func:`friendshore.answers.read.read`.
    day
        Its date; that which it states by default.
    importers, on
        Who asks and about whom; by default who voices concern in the document, and the state it is most about.
    world, **more
        As of :func:`friendshore.answers.brief.brief`.

    Raises
    ------
    ArgumentError
        ``no_supplier``, ``no_importer`` where the document names none; as :func:`friendshore.answers.brief.brief`.
    DataError
        As :func:`friendshore.answers.read.read`.
    """
    document = document_of(source, day=day)
    place = opened(world)
    voiced = tuple(code for code in suppliers_of(document.reading) if code in place.position)
    concern = tuple(on) or voiced[:1]
    if not concern:
        raise ArgumentError(
            f"{document.path.name} voices no concern about a state, so that no supplier of concern is known.",
            code="no_supplier",
            hint="Add it, as --on CHN.",
        )
    read = tuple(code for code in importers_of(document.reading, voiced) if code in place.position)
    asking = tuple(importers) or tuple(code for code in read if code not in concern)
    if not asking:
        raise ArgumentError(
            f"{document.path.name} names no state that asks.",
            code="no_importer",
            hint=f"Name importers: friendshore brief JPN --from {shlex.quote(document.path.name)}",
        )
    told = brief(asking, on=concern, world=place if isinstance(world, World) else world, **more)
    others = tuple(code for code in voiced if code not in concern)
    command = shlex.join(
        ["friendshore", "brief", *importers, *(("--on", *on) if on else ()), "--from", str(source)]
    )
    command += f" --date {day.isoformat()}" if day else ""
    asked = {
        "as_bloc": "--as-bloc",
        "group": "--group",
        "year": "--year",
        "budget_usd": "--budget",
        "scenario": "--scenario",
    }
    for name, option in asked.items():
        value = more.get(name)
        if value:
            command += f" {option}" + (
                ""
                if value is True
                else f" {shlex.quote(f'{value:.15g}' if isinstance(value, float) else str(value))}"
            )
    return told.model_copy(update={"said": said_of(document, asking, concern, others), "command": command})


def said_of(
    document: Document, importers: Sequence[str], concern: Sequence[str], others: Sequence[str] = ()
) -> Said:
    """Collect what a document says, and what the register knows of its day."""
    reading = document.reading
    on = date.fromisoformat(reading.date) if reading.date else None
    keys = ("type", "status", "date", "actors", "targets", "quote")
    return Said(
        document=document.path.name,
        day=reading.date,
        events=tuple(
            {key: getattr(event, key) for key in keys}
            for event in _ranked(reading.events, importers, concern)
        ),
        contexts=contexts_of(reading.participants, on),
        measures=tuple(_measures(importers, concern, on)),
        choice=_choice(importers, concern, others),
    )


def _ranked(events: Sequence[Event], importers: Sequence[str], concern: Sequence[str]) -> list[Event]:
    """Put first what is aimed at the concern, then what the importers do together; one sentence stays together."""

    def weight(event: Event) -> int:
        if set(concern) & set(event.targets):
            return 0
        return 1 if set(importers) <= set(event.actors) else 2

    least: dict[str, int] = {}
    for event in events:
        least[event.quote] = min(weight(event), least.get(event.quote, 2))
    return sorted(events, key=lambda event: (least[event.quote], event.start))


def _measures(importers: Sequence[str], concern: Sequence[str], on: date | None) -> list[Note]:
    """Return support that importers pay and controls between them and the concern, then what ties them."""
    if on is None:
        return []
    mine, theirs = parties(importers, on), parties(concern, on)
    chosen = []
    for one in register():
        acting, aimed = parties(one.actors, on), parties(one.targets, on)
        paid = one.kind == "support" and mine & acting
        between = one.kind in CONTROLS.values() and (
            (theirs & acting and (mine & aimed or not aimed)) or (mine & acting and theirs & aimed)
        )
        tied = one.kind in {"pact", "format"} and len(mine & acting) > 1
        between = between and one.since is not None and (on - one.since).days <= RECENT_DAYS
        if one.holds(on) and (paid or between or tied):
            chosen.append((not paid, not between, one.since, one))
    return [
        Note(
            template="{measure}, since {since}",
            values={
                "measure": Name(key=one.id, kind="measure")
                if not one.kind.endswith(("control", "sanction", "restriction"))
                else one.name_en,
                "since": one.since.isoformat() if one.since else "",
                "source": one.source,
            },
        )
        for *_, one in sorted(chosen, key=lambda found: found[:3])[:SHOWN]
    ]


def _choice(importers: Sequence[str], concern: Sequence[str], others: Sequence[str]) -> Note:
    values = {
        "importers": Listing(items=tuple(Name(key=code) for code in importers)),
        "concern": Listing(items=tuple(Name(key=code) for code in concern)),
    }
    if others:
        return Note(
            template="What follows is asked for {importers} about {concern}; the text also voices concern about "
            "{others}.",
            values={**values, "others": Listing(items=tuple(Name(key=code) for code in others))},
        )
    return Note(template="What follows is asked for {importers} about {concern}.", values=values)
