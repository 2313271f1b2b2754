"""What follows from what was read: ready commands, scenarios that run, and lines of a plan."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from friendshore.answers.read_goods import Held, held_goods
from friendshore.intake.records import Event, Reading
from friendshore.records import Listing, Name, Note
from friendshore.tables.blocs import find_bloc
from friendshore.tables.countries import countries

__all__ = ["importers_of", "next_steps", "suppliers_of"]

MONTHS = 12
"""Months for which a scenario closes what a measure concerns: an assumption, written into the file."""
MEASURES: Mapping[str, str] = {
    "export_control": "export_ban",
    "sanction": "sanction",
    "import_restriction": "import_ban",
}
PACTS = frozenset({"summit", "dialogue", "agreement", "membership", "military_cooperation"})
SUPPORT = frozenset({"subsidy", "investment"})

Row = dict[str, Any]


@dataclass(frozen=True)
class Given:
    """What all steps of a document share."""

    reading: Reading
    document: str
    held: Collection[str]
    concern: tuple[str, ...]
    importers: tuple[str, ...]


def next_steps(
    reading: Reading, document: str, held: Collection[str], concern: Sequence[str] = ()
) -> tuple[Row, ...]:
    """Say what can be asked about each event.

    Parameters
    ----------
    reading
        What was read.
    document
        Name of the file.
    held
        Product codes of the data.
    concern
        Suppliers of concern in order of weight; those of :func:`suppliers_of` by default.

    Returns
    -------
    tuple of dict
        ``event`` (number of its row, from 1), ``kind``, ``command``, ``text`` (a scenario or lines of one), ``note``.
    """
    suppliers = tuple(concern) or suppliers_of(reading)
    given = Given(reading, document, held, suppliers, importers_of(reading, suppliers))
    rows: dict[tuple[Any, ...], Row] = {}
    for number, event in enumerate(reading.events, 1):
        for row in _steps(event, number, given):
            rows.setdefault((row["kind"], row["command"], row["text"], str(row["note"])), row)
    return tuple(rows.values())


def suppliers_of(reading: Reading) -> tuple[str, ...]:
    """Return those about whose conduct there is concern, the most often named first."""
    counts: dict[str, int] = {}
    text = [event.quote for event in reading.events]
    for event in reading.events:
        if event.type == "dispute":
            for code in event.targets:
                counts[code] = counts.get(code, 0)
    for code in counts:
        names = [countries()[code].name_en, countries()[code].name_ja] if code in countries() else [code]
        counts[code] = sum(quote.count(name) for quote in text for name in names)
        counts[code] += sum(code in event.targets for event in reading.events)
    return tuple(sorted(counts, key=lambda code: (-counts[code], list(counts).index(code))))


def importers_of(reading: Reading, concern: Sequence[str]) -> tuple[str, ...]:
    """Return whose question the document raises: who voices concern, else the participants that are states."""
    voiced = {code for event in reading.events if event.type == "dispute" for code in event.actors}
    states = [code for code in reading.participants if code in countries() and code not in concern]
    chosen = [code for code in states if code in voiced]
    return tuple(chosen or states)


def _row(event: int, kind: str, words: Sequence[str] = (), text: str = "", note: Note | None = None) -> Row:
    return {
        "event": event,
        "kind": kind,
        "command": shlex.join(["friendshore", *words]) if words else None,
        "text": text or None,
        "note": note,
    }


def _known(codes: Sequence[str]) -> tuple[str, ...]:
    """Keep those that a question can name: countries, and blocs under their own id."""
    found: dict[str, None] = {}
    for code in codes:
        bloc = None if code in countries() else find_bloc(code)
        if code in countries() or (bloc is not None and bloc.id == code):
            found[code] = None
    return tuple(found)


def _steps(event: Event, number: int, given: Given) -> Iterator[Row]:
    if event.type in MEASURES:
        yield from _measure(event, number, given)
    elif event.type in PACTS:
        yield from _pact(event, number, given)
    elif event.type == "dispute":
        yield from _dispute(event, number, given)
    elif event.type in SUPPORT:
        yield from _support(event, number, given)


def _measure(event: Event, number: int, given: Given) -> Iterator[Row]:
    if event.status == "ended":
        yield _row(number, "none", note=Note(template="What is eased or lifted cuts nothing off."))
        return
    seller = event.type == "export_control"
    suppliers = _known(event.actors if seller else event.targets)
    buyers = _known(event.targets if seller else event.actors)
    goods = held_goods(event, given.held)
    yield from _unheld(goods, number, buyers or given.importers, suppliers)
    if not goods.products:
        return
    if not suppliers:
        yield _row(
            number, "none", note=Note(template="The text does not say whose goods are meant: add --on.")
        )
        return
    asked = buyers or tuple(code for code in given.importers if code not in suppliers)
    asked = asked or tuple(code for code in _known(given.reading.participants) if code not in suppliers)
    text = _scenario(event, number, given, suppliers, buyers, asked, goods)
    if not asked:
        yield _row(
            number, "scenario", text=text,
            note=Note(template="The text names nobody who buys: add importers to the scenario."),
        )  # fmt: skip
        return
    words = ["stress", *asked, "--on", *suppliers, "--product", *goods.products, "--months", str(MONTHS)]
    yield _row(
        number, "stress", [*words, *(() if buyers else ("--world",))], text,
        Note(
            template="All of the flow for {months} months is an assumption; the text states neither.",
            values={"months": MONTHS},
        ),
    )  # fmt: skip


def _scenario(
    event: Event, number: int, given: Given, suppliers: Sequence[str], buyers: Sequence[str], asked: Sequence[str],
    goods: Held,
) -> str:  # fmt: skip
    """Write a scenario file; whatever the quote holds stays a quoted string in it."""
    told: dict[str, Any] = {
        "version": 1,
        "name": f"{event.type.replace('_', ' ')} by {', '.join(event.actors) or 'unnamed'}, {event.date or 'no date'}",
        "description": " ".join(event.quote.split()),
        "source": f"{given.document}, {given.reading.date or 'no date'}",
        "months": 2 * MONTHS,
    }
    if asked:
        told["importers"] = list(asked)
    told["shocks"] = [
        {
            "id": f"event-{number}",
            "kind": MEASURES[event.type],
            "suppliers": list(suppliers),
            "importers": list(buyers) or "world",
            "products": list(goods.products),
            "lost_share": 1.0,
            "duration_months": MONTHS,
            "source": "assumption: all of the flow for a year",
        }
    ]
    return _dumped(told)


def _dumped(told: Mapping[str, Any]) -> str:
    import yaml

    return yaml.safe_dump(dict(told), sort_keys=False, allow_unicode=True, width=100)


def _unheld(goods: Held, number: int, importers: Sequence[str], suppliers: Sequence[str]) -> Iterator[Row]:
    """Say what the data lack, and offer what it is made from."""
    for note in goods.unheld:
        yield _row(number, "none", note=note)
    for group in goods.inputs:
        asked = [code for code in importers if code not in suppliers]
        if asked and suppliers:
            words = ["exposure", *asked, "--on", *suppliers, "--group", group]
            told = Note(
                template="Not the goods themselves but what they are made from: {group}.",
                values={"group": Name(key=group, kind="group")},
            )
            yield _row(number, "exposure", words, note=told)


def _pact(event: Event, number: int, given: Given) -> Iterator[Row]:
    parties = _known((*event.actors, *event.targets))
    if len(parties) < 2 and all(code in countries() for code in parties):
        return
    concern = tuple(code for code in given.concern if code not in parties)[:1]
    if not concern:
        told = Note(template="The text names no supplier of concern: add --on.")
        yield _row(number, "members", text=_dumped({"plan": {"members": list(parties)}}), note=told)
        return
    yield _row(number, "exposure", ["exposure", *parties, "--as-bloc", "--on", *concern])
    lines = {"plan": {"members": list(parties), "concern": list(concern)}}
    yield _row(
        number, "members", text=_dumped(lines),
        note=Note(template="Lines of a plan: {command}", values={"command": "friendshore plan --scenario FILE.yaml"}),
    )  # fmt: skip


def _dispute(event: Event, number: int, given: Given) -> Iterator[Row]:
    concern = _known(event.targets)
    order = given.reading.participants
    actors = sorted(_known(event.actors), key=lambda code: order.index(code) if code in order else len(order))
    asked = tuple(code for code in actors if code not in concern) or given.importers
    if not concern or not asked:
        return
    yield _row(number, "exposure", ["exposure", *asked, "--on", *concern])
    yield _row(number, "brief", ["brief", *asked, "--on", *concern, "--out", "brief.html"])


def _support(event: Event, number: int, given: Given) -> Iterator[Row]:
    goods = held_goods(event, given.held)
    hosts = _known(event.actors or event.targets)
    concern = _known(event.targets if event.type == "subsidy" else given.concern[:1])
    yield from _unheld(goods, number, hosts, concern or given.concern[:1])
    programmes = _programmes(event)
    if programmes:
        told = Note(
            template="Programmes of this payer and year, of which the text need not mean any: {names}.",
            values={"names": Listing(items=tuple(programmes))},
        )
        lines = {"support": [{"member": event.actors[0], "programme": name} for name in programmes[:1]]}
        yield _row(number, "support", text=_dumped({"plan": lines}), note=told)
    if not goods.products or not hosts:
        return
    line: dict[str, Any] = {"products": list(goods.products), "hosts": list(hosts)}
    line["source"] = f"{given.document}, {given.reading.date or 'no date'}"
    told = Note(
        template="What a plant costs is not in the text: the table of costs is used until you state it."
    )
    yield _row(number, "capacity", text=_dumped({"plan": {"capacity": [line]}}), note=told)


def _programmes(event: Event) -> list[str]:
    """Name the known programmes of who pays, from the year on which the text dates the aid."""
    from friendshore.planning.programmes import programmes

    if event.type != "subsidy" or not event.date or len(event.actors) != 1:
        return []
    return [
        name
        for name, programme in programmes().items()
        if programme.kind == "support" and programme.payer == event.actors[0] and event.date[:4] in name
    ]
