"""Register of measures, pacts and formats: dated, and each with the text that states it. And the user's own."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from pydantic import ValidationError

from friendshore.errors import DataError, OutputError
from friendshore.records import Record
from friendshore.tables.blocs import Precision, Verification, find_bloc, members
from friendshore.tables.csv_text import read_file
from friendshore.tables.products import read_yaml
from friendshore.tables.versions import data_home

__all__ = ["Accepted", "Measure", "accept", "accepted", "forget", "last_day", "measures", "parties"]

Kind = Literal["support", "pact", "format"]
FILE = "accepted.jsonl"


class Measure(Record):
    """One entry of the register."""

    id: str
    kind: str
    """``support``, ``pact``, ``format``; of the catalogue of events and of the user also types of events."""
    name_en: str
    name_ja: str = ""
    field: str = ""
    """What it is about, in words."""
    since: date | None
    """First day; None where it is not known."""
    until: date | None = None
    """Last day; None while it lasts, or where its end is not recorded."""
    precision: Precision | Literal["year"] = "day"
    actors: tuple[str, ...]
    targets: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()
    """Labels of goods, or product codes."""
    source: str
    url: str = ""
    verification: Verification | str
    note: str = ""
    owner: Literal["friendshore", "user"] = "friendshore"

    def holds(self, on: date) -> bool:
        """Whether it was in force on a day, as far as its dates are known."""
        return self.since is not None and self.since <= on and (self.until is None or on <= self.until)

    def name(self, lang: str = "en") -> str:
        """Name in a language."""
        return self.name_ja if lang == "ja" and self.name_ja else self.name_en


class Accepted(Record):
    """An event that the user confirmed, with where it was read."""

    id: str
    type: str
    status: str
    date: str | None
    actors: tuple[str, ...]
    targets: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    amount_usd: float | None = None
    quote: str
    start: int
    end: int
    document: str
    """Name of the file."""
    document_date: str | None
    sha256: str
    """Hash of the file."""


@cache
def measures() -> Mapping[str, Measure]:
    """Return all shipped measures, pacts and formats by id, in the order of the file."""
    raw = read_yaml("measures.yaml")
    return MappingProxyType({name: Measure(id=name, **about) for name, about in raw.items()})


def parties(codes: Sequence[str], on: date | None) -> frozenset[str]:
    """Return the countries behind codes: blocs by their members on a day (by default, all that ever were)."""
    found: set[str] = set()
    for code in codes:
        bloc = find_bloc(code)
        if bloc is not None and bloc.id == code:
            found |= set(members(code, on)) if on else {stay.country for stay in bloc.members}
        else:
            found.add(code)
    return frozenset(found)


def last_day(text: str) -> tuple[date | None, date | None]:
    """Return the first and the last day of a stated date: a year, a month or a day."""
    numbers = [int(part) for part in text.split("-")] if text else []
    try:
        if len(numbers) == 1:
            return date(numbers[0], 1, 1), date(numbers[0], 12, 31)
        if len(numbers) == 2:
            year, month = numbers
            after = date(year + month // 12, month % 12 + 1, 1)
            return date(year, month, 1), after - timedelta(1)
        return (date(*numbers), date(*numbers)) if len(numbers) == 3 else (None, None)
    except ValueError:
        return None, None


def accepted_path() -> Path:
    """Return the file of the user's own events, beside the data sets."""
    return data_home() / FILE


def accepted() -> tuple[Accepted, ...]:
    """Read the events that the user accepted; none where there is no file.

    Raises
    ------
    DataError
        ``bad_accepted`` with the line.
    """
    path = accepted_path()
    if not path.exists():
        return ()
    found = []
    for number, line in enumerate(read_file(path).decode("utf-8", "replace").split("\n"), 1):
        if not line.strip():
            continue
        try:
            found.append(Accepted.model_validate(json.loads(line)))
        except (ValueError, ValidationError, RecursionError) as problem:
            raise DataError(
                f"{path} line {number} is no accepted event.",
                code="bad_accepted",
                hint="Mend or remove that line; nothing else is lost.",
                rows=[{"line": number, "got": line[:80]}],
            ) from problem
    return tuple(found)


def accept(
    events: Sequence[Mapping[str, Any]], document: str, on: str | None, sha256: str
) -> tuple[int, int]:
    """Store events as the user's own, once each; the file holds the old or the new, never half of it.

    Returns
    -------
    tuple
        How many were added, and how many were there already.

    Raises
    ------
    OutputError
        ``cannot_write``.
    """
    known = list(accepted())
    ids = {one.id for one in known}
    added = 0
    for event in events:
        key = "|".join([sha256, str(event["type"]), str(event["start"]), ",".join(event["targets"])])
        name = "user-" + hashlib.sha256(key.encode()).hexdigest()[:12]
        if name in ids:
            continue
        fields = {name: event[name] for name in Accepted.model_fields if name in event}
        known.append(Accepted(id=name, document=document, document_date=on, sha256=sha256, **fields))
        ids.add(name)
        added += 1
    if added:
        _write("".join(json.dumps(one.model_dump(), ensure_ascii=False) + "\n" for one in known))
    return added, len(events) - added


def forget(ids: Sequence[str]) -> int:
    """Remove events of the user's own; what is not there is passed over.

    Returns
    -------
    int
        How many were removed.

    Raises
    ------
    OutputError
        ``cannot_write``.
    """
    known = accepted()
    left = [one for one in known if one.id not in set(ids)]
    if len(left) < len(known):
        _write("".join(json.dumps(one.model_dump(), ensure_ascii=False) + "\n" for one in left))
    return len(known) - len(left)


def _write(text: str) -> None:
    path = accepted_path()
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as stream:
            stream.write(text.encode("utf-8", "backslashreplace"))
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as problem:
        raise OutputError(
            f"{path} could not be written: {problem.strerror or problem}.",
            code="cannot_write",
            hint="Check the free space and the rights of its folder, or choose another with FRIENDSHORE_DATA.",
        ) from problem
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
