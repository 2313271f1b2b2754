"""Events that the user confirms: stored as the user's own records, what they contradict shown beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from friendshore.answers.measures import conflicts_of
from friendshore.errors import ArgumentError
from friendshore.intake.records import STATUSES, TYPES
from friendshore.records import Finding, Listing, Note, Table
from friendshore.tables.blocs import find_bloc
from friendshore.tables.countries import countries
from friendshore.tables.measures import accept, accepted, last_day
from friendshore.tables.schemas import columns

__all__ = ["EDITABLE", "accepted_finding", "changed", "own_records"]

EDITABLE = ("type", "status", "date", "actors", "targets")
"""What of an event can be put right; the sentence stays as it stands, since it is the evidence."""
DAY = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


def accepted_finding(finding: Finding, numbers: Sequence[int]) -> Finding:
    """Store events of a finding of ``read``, and say what was stored and what it contradicts.

    Parameters
    ----------
    finding
        What was read.
    numbers
        Which events, counted from 1.

    Raises
    ------
    DataError
        ``bad_accepted``.
    OutputError
        ``cannot_write``.
    """
    chosen = [finding.rows[number - 1] for number in numbers]
    document = finding.sources[0]
    day = str(finding.summary["date"] or "") or None  # type: ignore[call-overload]  # the summary of a reading is a mapping
    added, known = accept(chosen, str(finding.arguments["document"]), day, document.sha256)
    rows, contradicted = own_records(document.sha256)
    notes = [
        Note(
            template="{added} events are now records of your own, {known} were already; friendshore measures lists "
            "them.",
            values={"added": added, "known": known},
        )
    ]
    if contradicted:
        notes.append(
            Note(
                template="Both are kept where your records state something else than shipped ones: {names}.",
                values={"names": Listing(items=contradicted)},
            )
        )
    return finding.model_copy(
        update={
            "tables": {**finding.tables, "accepted": Table(columns=columns("accepted"), rows=rows)},
            "caveats": (*notes, *finding.caveats),
            "command": f"{finding.command} --accept",
        }
    )


def own_records(sha256: str) -> tuple[tuple[dict[str, Any], ...], tuple[str, ...]]:
    """List the records of the user's own that were read from a document, and the shipped ones that they contradict.

    Raises
    ------
    DataError
        ``bad_accepted``.
    """
    own = [event for event in accepted() if event.sha256 == sha256]
    clashes = [(event, conflicts_of(event)) for event in own]
    rows = tuple(
        {
            "id": event.id, "type": event.type, "date": event.date, "actors": "; ".join(event.actors),
            "targets": "; ".join(event.targets), "conflict": "; ".join(found) or None,
        }
        for event, found in clashes
    )  # fmt: skip
    return rows, tuple(dict.fromkeys(name for _, found in clashes for name in found))


def changed(finding: Finding, changes: Mapping[int, Mapping[str, str]]) -> Finding:
    """Put events of a finding of ``read`` right.

    Parameters
    ----------
    finding
        What was read.
    changes
        Number of an event, counted from 1, to what it should say by field of :data:`EDITABLE`.

    Raises
    ------
    ArgumentError
        ``bad_event`` with one row a problem: ``field`` (as ``date-3``), ``message``, ``hint``.
    """
    known = {code for row in finding.rows for name in ("actors", "targets") for code in row[name]}
    rows, problems = [], []
    for number, row in enumerate(finding.rows, 1):
        told = dict(row)
        for name, typed in changes.get(number, {}).items():
            try:
                told[name] = _read_field(name, typed, known)
            except ArgumentError as error:
                problems.append({"field": f"{name}-{number}", "message": error.message, "hint": error.hint})
        rows.append(told)
    if problems:
        raise ArgumentError(
            " ".join(problem["message"] for problem in problems),
            code="bad_event",
            hint=problems[0]["hint"],
            rows=problems,
        )
    return finding.model_copy(update={"rows": tuple(rows)})


def _read_field(name: str, typed: str, known: set[str]) -> Any:  # noqa: ANN401  a word, or several
    """Read one field of an event as a person types it."""
    if name in {"type", "status"}:
        allowed = TYPES if name == "type" else STATUSES
        if typed not in allowed:
            raise ArgumentError(
                f"{name} is {typed[:40]!r}; expected one of {', '.join(allowed)}.",
                code="bad_event",
                hint="Choose one of the list.",
            )
        return typed
    if name == "date":
        day = typed.strip()
        if day and (not DAY.fullmatch(day) or last_day(day)[0] is None):
            raise ArgumentError(
                f"The date is {day[:40]!r}; expected a year, a month or a day that exists, as 2022-01-21.",
                code="bad_event",
                hint="Leave it empty where the text does not say.",
            )
        return day or None
    codes = [_actor(word, known) for word in re.split(r"[\s,;、]+", typed.strip()) if word]
    return tuple(dict.fromkeys(codes))


def _actor(word: str, known: set[str]) -> str:
    """Return the code of a country or bloc; what the reader itself named may stay."""
    if word in known:
        return word
    if word.upper() in countries():
        return word.upper()
    bloc = find_bloc(word)
    if bloc is None:
        raise ArgumentError(
            f"{word[:40]!r} is neither an ISO 3166 alpha-3 country code nor the name of a bloc.",
            code="bad_event",
            hint="Write codes with blanks between them, as USA JPN.",
        )
    return bloc.id
