"""A labelled corpus read from files, and a reader scored on it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from friendshore.errors import DataError
from friendshore.intake.dates import parse_day
from friendshore.intake.opening import opened_text
from friendshore.intake.reading import Extractor, read_text
from friendshore.intake.records import STATUSES, TYPES
from friendshore.intake.scoring import Judged, judged
from friendshore.tables.csv_text import read_file

__all__ = ["Labelled", "Trial", "load_corpus", "tried"]

LARGEST_LINE = 2_000_000


@dataclass(frozen=True)
class Labelled:
    """A document with its labels."""

    id: str
    text: str
    date: str
    participants: tuple[str, ...]
    events: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Trial:
    """What a reader did on a corpus."""

    documents: tuple[Judged, ...]
    by_type: Mapping[str, Judged]

    @property
    def total(self) -> Judged:
        """Counts of all documents."""
        return sum(self.documents, Judged())


def load_corpus(labels: str | Path, documents: str | Path) -> tuple[tuple[Labelled, ...], tuple[str, ...]]:
    """Read labels and documents, one JSON object a line, and join them by id.

    Returns
    -------
    tuple
        The documents that have labels and a text, and the ids of labels without a text.

    Raises
    ------
    DataError
        ``bad_labels`` with line and field, ``repeated_label``, ``no_labelled_document``.
    """
    texts = {
        str(row.get("id", row.get("doc_id", ""))): str(row["text"]) for row in _rows(documents, ("text",))
    }
    found: list[Labelled] = []
    absent: list[str] = []
    seen: set[str] = set()
    for number, row in enumerate(_rows(labels, ("doc_id", "events")), 1):
        key = str(row["doc_id"])
        if key in seen:
            raise _bad(labels, number, "doc_id", f"{key!r} again", "each document once", "repeated_label")
        seen.add(key)
        events = tuple(_checked(event, labels, number) for event in row["events"])
        if key in texts:
            parties = tuple(map(str, row.get("participants", ())))
            found.append(Labelled(key, texts[key], str(row.get("date") or ""), parties, events))
        else:
            absent.append(key)
    if not found:
        raise DataError(
            f"No document of {Path(labels).name} has its text in {Path(documents).name}.",
            code="no_labelled_document",
            hint="Ids are compared: doc_id of the labels, id (or doc_id) of the documents.",
        )
    return tuple(found), tuple(absent)


def _rows(source: str | Path, needed: Sequence[str]) -> Iterator[dict[str, Any]]:
    lines = read_file(Path(source)).decode("utf-8", "replace").split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if len(line) > LARGEST_LINE:
            raise _bad(source, number, "line", f"{len(line):,} characters", f"at most {LARGEST_LINE:,}")
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise _bad(source, number, "line", line[:40], "one JSON object") from None
        for name in needed:
            if not isinstance(row, dict) or name not in row:
                raise _bad(source, number, name, "nothing", "a value")
        yield row


def _checked(event: object, source: str | Path, number: int) -> Mapping[str, Any]:
    if not isinstance(event, dict):
        raise _bad(source, number, "events", repr(event)[:40], "objects")
    if event.get("type") not in TYPES:
        raise _bad(source, number, "type", repr(event.get("type")), ", ".join(TYPES))
    if event.get("status") not in STATUSES:
        raise _bad(source, number, "status", repr(event.get("status")), ", ".join(STATUSES))
    plain: dict[str, Any] = {
        "date": None,
        "actors": [],
        "targets": [],
        "products": [],
        "amount_usd": None,
        "quote": "",
    }
    return {**plain, **event}


def _bad(
    source: str | Path, line: int, field: str, got: str, expected: str, code: str = "bad_labels"
) -> DataError:
    return DataError(
        f"{Path(source).name} line {line}, {field}: got {got}, expected {expected}.",
        code=code,
        hint="The label scheme stands in docs/explanation/reading.md.",
        rows=[{"line": line, "field": field, "got": got}],
    )


def tried(corpus: Sequence[Labelled], extractor: Extractor | None = None) -> Trial:
    """Read every document and count."""
    documents: list[Judged] = []
    by_type: dict[str, Judged] = dict.fromkeys(TYPES, Judged())
    for document in corpus:
        reading = read_text(document.text, on=parse_day(document.date), extractor=extractor)
        found = [event.model_dump() for event in reading.events]
        text = opened_text(document.text).whole
        documents.append(judged(document.events, found, text))
        for kind in TYPES:
            by_type[kind] += judged(document.events, found, text, kind)
    return Trial(tuple(documents), by_type)
