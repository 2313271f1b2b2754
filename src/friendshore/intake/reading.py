"""Reading a document from beginning to end: open, look up, extract."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TypeAlias

from friendshore.intake.document import document_of, participants_of
from friendshore.intake.extraction import events_of
from friendshore.intake.opening import Opened, open_bytes, open_document, opened_text
from friendshore.intake.records import Event, Reading

__all__ = ["Extractor", "read", "read_bytes", "read_text"]

Extractor: TypeAlias = Callable[[str, date | None], Sequence[Event]]
"""A model of the user's own: cleaned text and date of the document -> events whose quotes are exact slices."""


def read(
    source: str | Path,
    *,
    on: date | None = None,
    rates: Mapping[str, float] | None = None,
    extractor: Extractor | None = None,
) -> tuple[Reading, Opened]:
    """Read a file.

    Parameters
    ----------
    source
        A file: .txt, .md, .html, .pdf or .docx.
    on
        Date of the document; that which it states by default. Without either, relative dates stay unresolved.
    rates
        Dollars for one unit of a currency (``{"JPY": 0.0065}``); sums in other currencies stay unconverted.
    extractor
        Reads events in place of the table of rules; none is called unless it is given.
    """
    opened = open_document(source)
    return _read(opened, on, rates, extractor), opened


def read_bytes(
    raw: bytes,
    name: str,
    *,
    on: date | None = None,
    rates: Mapping[str, float] | None = None,
    extractor: Extractor | None = None,
) -> tuple[Reading, Opened]:
    """Read a document that is at hand, by the suffix of its name; parameters as of :func:`read`."""
    opened = open_bytes(raw, name)
    return _read(opened, on, rates, extractor), opened


def read_text(
    text: str,
    *,
    on: date | None = None,
    rates: Mapping[str, float] | None = None,
    extractor: Extractor | None = None,
) -> Reading:
    """Read a text that is at hand; parameters as of :func:`read`."""
    return _read(opened_text(text), on, rates, extractor)


def _read(
    opened: Opened, on: date | None, rates: Mapping[str, float] | None, extractor: Extractor | None
) -> Reading:
    day = on or opened.on
    document = document_of(opened.text, day, rates)
    if extractor is not None:
        events = tuple(
            event
            for event in extractor(opened.text, day)
            if opened.text[event.start : event.end] == event.quote
        )
    else:
        events = events_of(document) if opened.language in {"en", "ja"} else ()
    return Reading(
        date=day.isoformat() if day else None,
        outlet=opened.outlet,
        title=opened.title,
        language=opened.language,
        participants=participants_of(document, events),
        events=events,
        noise=opened.noise,
    )
