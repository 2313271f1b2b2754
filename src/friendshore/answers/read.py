"""What a document says: its events with the sentence that proves each, and what to ask next."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from friendshore.answers.framing import command_line, data_option, opened
from friendshore.answers.read_next import next_steps
from friendshore.errors import ArgumentError
from friendshore.intake.dates import dates_in
from friendshore.intake.opening import Opened
from friendshore.intake.reading import Extractor
from friendshore.intake.reading import read as intake
from friendshore.intake.reading import read_bytes as intake_bytes
from friendshore.intake.records import Event, Reading
from friendshore.records import Amount, Assumption, Finding, Listing, Note, Source, Table
from friendshore.tables.schemas import columns
from friendshore.tables.world import World

__all__ = ["TYPES", "Document", "document_of", "read", "read_bytes"]

TYPES: Mapping[str, str] = {
    "summit": "summit",
    "dialogue": "dialogue",
    "agreement": "agreement",
    "membership": "membership",
    "tariff": "tariff",
    "import_restriction": "import restriction",
    "export_control": "export control",
    "sanction": "sanction",
    "subsidy": "subsidy",
    "investment": "investment",
    "stockpile": "stockpile",
    "standard": "standard",
    "military_cooperation": "military cooperation",
    "dispute": "dispute",
}
"""Types of events in words."""
SHOWN = 5
"""Examples that a caveat names."""


@dataclass(frozen=True)
class Document:
    """A document that was read, and what the answers need of its file."""

    path: Path
    reading: Reading
    opened: Opened
    sha256: str

    @property
    def source(self) -> Source:
        """The document as a source."""
        return Source(
            id="document",
            title=self.reading.title or self.path.name,
            producer=self.reading.outlet or "",
            version=self.reading.date or "",
            accessed="",
            licence="",
            citation=f"{self.path.name}, {self.reading.date or 'no date'}.",
            sha256=self.sha256,
        )


def read(
    source: str | Path,
    *,
    day: date | None = None,
    rates: Mapping[str, float] | None = None,
    world: World | str | Path = "raw-materials",
    extractor: Extractor | None = None,
) -> Finding:
    """Read an article, a communiqué or a notice: who did what to whom and when, each with its sentence.

    Parameters
    ----------
    source
        A file: .txt, .md, .html, .pdf or .docx.
    day
        Date of the document; that which it states by default.
    rates
        Dollars for one unit of a currency (``{"JPY": 0.0065}``), of the day of the document; sums in other currencies
        stay unknown in dollars.
    world
        An opened world, or the name or folder of a data set: which products a ready command can name.
    extractor
        A model of your own in place of the rules: cleaned text and date to events whose quotes are exact slices.

    Returns
    -------
    Finding
        A row an event, in the order of the text; the tables ``noise`` (what was set apart) and ``next`` (ready
        commands); participants, date and language in the summary.

    Raises
    ------
    ArgumentError
        ``unknown_suffix``, ``bad_rate``.
    DataError
        ``cannot_read``, ``empty_file``, ``binary_document``, ``encrypted_document``, ``broken_document``,
        ``document_too_large``.
    """
    checked = _rates(rates)
    document = document_of(source, day=day, rates=checked, extractor=extractor)
    return _answered(document, str(source), day, checked, world)


def read_bytes(
    raw: bytes,
    name: str,
    *,
    day: date | None = None,
    rates: Mapping[str, float] | None = None,
    world: World | str | Path = "raw-materials",
) -> Finding:
    """Read a document that is at hand as :func:`read` reads the file ``name``; nothing is opened.

    Raises
    ------
    ArgumentError, DataError
        As of :func:`read`.
    """
    checked = _rates(rates)
    reading, found = intake_bytes(raw, name, on=day, rates=checked)
    document = Document(Path(name), reading, found, hashlib.sha256(raw).hexdigest())
    return _answered(document, name, day, checked, world)


def _answered(
    document: Document, source: str, day: date | None, rates: Mapping[str, float], world: World | str | Path
) -> Finding:
    held = set(opened(world).products)
    reading = document.reading
    return Finding(
        question="read",
        arguments={
            "document": document.path.name,
            "day": day.isoformat() if day else None,
            "rates": dict(rates),
            "data": data_option(world) or "raw-materials",
        },
        columns=columns("read"),
        rows=tuple(_row(event, document.opened) for event in reading.events),
        answer=_answer(document),
        summary={
            "participants": reading.participants,
            "date": reading.date,
            "language": reading.language,
            "outlet": reading.outlet,
            "title": reading.title,
        },
        tables={
            "next": Table(columns=columns("read_next"), rows=next_steps(reading, document.path.name, held)),
            "noise": Table(columns=columns("read_noise"), rows=_noise(document)),
        },
        sources=(document.source,),
        assumptions=_assumptions(rates),
        caveats=tuple(_caveats(document)),
        command=command_line(
            "read",
            [source],
            {
                "date": day.isoformat() if day else "",
                "rate": [f"{currency}={rate:.15g}" for currency, rate in rates.items()],
                "data": data_option(world),
            },
        ),
    )


def document_of(
    source: str | Path,
    *,
    day: date | None = None,
    rates: Mapping[str, float] | None = None,
    extractor: Extractor | None = None,
) -> Document:
    """Open and read a document; parameters as of :func:`read`."""
    path = Path(source)
    reading, found = intake(path, on=day, rates=rates, extractor=extractor)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Document(path, reading, found, digest)


def _rates(rates: Mapping[str, float] | None) -> dict[str, float]:
    for currency, rate in (rates or {}).items():
        well = len(currency) == 3 and currency.isascii() and currency.isupper() and currency.isalpha()
        if not well or not 0 < rate < 1e6:
            raise ArgumentError(
                f"The rate {currency}={rate} is none; expected dollars for one unit, as JPY=0.0065.",
                code="bad_rate",
                hint="Write --rate JPY=0.0065, the dollars that one yen was worth on the day of the document.",
            )
    return dict(rates or {})


def _row(event: Event, found: Opened) -> dict[str, Any]:
    start, end = _place(event.start, event.end, found)
    return {
        "type": event.type,
        "status": event.status,
        "date": event.date,
        "actors": event.actors,
        "targets": event.targets,
        "products": event.products,
        "amount_usd": event.amount_usd,
        "quote": event.quote,
        "start": start,
        "end": end,
        "confidence": event.confidence,
    }


def _place(start: int, end: int, found: Opened) -> tuple[int, int]:
    """Lead places back to the source of a page."""
    places = found.places
    if places is None or not 0 <= start < end <= len(places):
        return start, end
    return places[start], places[end - 1] + 1


def _noise(document: Document) -> tuple[dict[str, Any], ...]:
    rows = []
    for block in document.opened.noise:
        start, end = _place(block.start, block.end, document.opened)
        rows.append({"start": start, "end": end, "text": block.text, "reason": block.reason})
    return tuple(rows)


def _answer(document: Document) -> Note:
    events = document.reading.events
    if not events:
        return Note(template="No event was found in {document}.", values={"document": document.path.name})
    counts: dict[str, int] = {}
    for event in events:
        counts[event.type] = counts.get(event.type, 0) + 1
    told = tuple(
        Note(template="{count} × {type}", values={"count": count, "type": Note(template=TYPES[kind])})
        for kind, count in sorted(counts.items(), key=lambda one: -one[1])
    )
    return Note(
        template="{document} states {count} events: {types}.",
        values={"document": document.path.name, "count": len(events), "types": Listing(items=told)},
    )


def _assumptions(rates: Mapping[str, float]) -> tuple[Assumption, ...]:
    return tuple(
        Assumption(
            text=Note(
                template="One {currency} was worth {rate} dollars on the day of the document.",
                values={"currency": currency, "rate": f"{rate:.15g}"},
            ),
            source="the user",
        )
        for currency, rate in rates.items()
    )


def _caveats(document: Document) -> list[Note]:
    reading = document.reading
    notes: list[Note] = []
    if reading.language == "other":
        notes.append(
            Note(
                template="The document is in neither English nor Japanese: its events are not read by the rules."
            )
        )
    if reading.language == "ja":
        notes.append(
            Note(
                template="The rules read English: of a Japanese document states, formats, dates and sums are known, "
                "but hardly any events are found.",
            )
        )
    if document.opened.disguised:
        told = Note(
            template="Words that mix alphabets and may not be what they look like: {words}.",
            values={"words": Listing(items=document.opened.disguised[:SHOWN])},
        )
        notes.append(told)
    if reading.date is None:
        notes.append(_undated(reading))
    notes += [
        Note(
            template="{amount} is not converted, since no rate was given: --rate {currency}=DOLLARS.",
            values={
                "amount": Amount(value=event.amount, unit=event.currency or ""),
                "currency": event.currency,
            },
        )
        for event in reading.events
        if event.amount is not None and event.amount_usd is None
    ]
    if reading.events:
        notes.append(
            Note(
                template="Events are read by a table of rules: the quote is exact, what is read from it can be wrong, "
                "and events can be missed. How often: friendshore read --evaluate LABELS.jsonl DOCS.jsonl",
            )
        )
    return list({str(note): note for note in notes}.values())


def _undated(reading: Reading) -> Note:
    """Say what a document without a date leaves open."""
    today = date(2000, 1, 1)
    open_words = [
        dated.word.strip()
        for event in reading.events
        for dated in dates_in(event.quote, today)
        if dated.value not in {known.value for known in dates_in(event.quote, None)}
    ]
    if not open_words:
        return Note(template="The document states no date of its own: give it with --date YYYY-MM-DD.")
    return Note(
        template="The document states no date of its own, so that {words} stay open: give it with --date YYYY-MM-DD.",
        values={"words": Listing(items=tuple(f'"{word}"' for word in dict.fromkeys(open_words))[:SHOWN])},
    )
