"""What was sent, checked before anything is read: every problem beside the field that it belongs to."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from friendshore import __version__
from friendshore.errors import ArgumentError, FriendshoreError
from friendshore.web.sending import Sent

__all__ = ["MOST_ALLIES", "Joining", "Reading", "joining_of", "reading_of"]

PASTED = "pasted.txt"
MOST_ALLIES = 8
READ_FIELDS = ("file", "text", "date", "rate", "data", "name", "lang")
JOIN_FIELDS = ("file", "lang")


@dataclass(frozen=True)
class Reading:
    """What was sent to be read, checked."""

    name: str
    raw: bytes
    day: str
    rates: dict[str, float]
    data: str

    def key(self) -> str:
        """Hash of everything that the answer depends on."""
        from friendshore.web.desk import version_of

        told = [
            __version__,
            "read",
            self.name,
            sha256(self.raw).hexdigest(),
            self.day,
            sorted(self.rates.items()),
        ]
        return _hashed([*told, self.data, version_of(self.data)])


@dataclass(frozen=True)
class Joining:
    """Summaries that were sent to be joined."""

    files: tuple[tuple[str, bytes], ...]
    """Name and content, no name twice."""

    def key(self) -> str:
        """Hash of everything that the answer depends on."""
        return _hashed([__version__, "join", *((name, sha256(raw).hexdigest()) for name, raw in self.files)])


def joining_of(sent: Sent) -> Joining:
    """Check what was sent to be joined.

    Raises
    ------
    FriendshoreError
        ``nobody_to_join``, ``unknown_parameter``.
    """
    _refuse_fields(sent, JOIN_FIELDS)
    if len(sent.files) < 2:
        count = len(sent.files)
        raise _problem(
            "file",
            ArgumentError(
                f"{count} {'summary was' if count == 1 else 'summaries were'} sent, expected two to {MOST_ALLIES}.",
                code="nobody_to_join",
                hint="Choose the files of all allies, your own among them.",
            ),
        )
    names = _told_apart([name for name, _ in sent.files])
    return Joining(tuple(zip(names, (raw for _, raw in sent.files), strict=True)))


def reading_of(sent: Sent) -> Reading:
    """Check what was sent to be read; everything that is wrong is told at once."""
    from friendshore.intake.opening import refuse_suffix
    from friendshore.web.desk import refuse_path

    _refuse_fields(sent, READ_FIELDS)
    problems: list[FriendshoreError] = []

    def checked(field: str, check: Callable[[], Any]) -> Any:  # noqa: ANN401  what is checked
        try:
            return check()
        except FriendshoreError as error:
            problems.append(_problem(field, error))
            return None

    text = [value for value in sent.values("text") if value.strip()]
    document = checked("file", lambda: _document(sent, text))
    if document is not None:
        checked("file", lambda: refuse_suffix(document[0]))
    day = checked("date", lambda: _day(sent.values("date")))
    rates = checked("rate", lambda: _rates(sent.values("rate")))
    data = checked("data", lambda: refuse_path((sent.values("data") or ["raw-materials"])[-1]))
    if problems:
        if len(problems) == 1:
            raise problems[0]
        raise ArgumentError(
            " ".join(problem.message for problem in problems),
            code="bad_arguments",
            hint=problems[0].hint,
            rows=[row for problem in problems for row in problem.rows],
        )
    return Reading(document[0], document[1], day, rates, data)


def _document(sent: Sent, text: Sequence[str]) -> tuple[str, bytes]:
    """Return the one document of a form: a file, or a text that was pasted."""
    if len(sent.files) + len(text) > 1:
        raise ArgumentError(
            "A file and a text were sent, expected one document.",
            code="conflicting_options",
            hint="Leave one of them empty.",
        )
    if sent.files:
        return sent.files[0]
    if not text:
        raise ArgumentError(
            "No document was sent.", code="missing_argument", hint="Choose a file, or paste its text."
        )
    return PASTED, text[0].replace("\r\n", "\n").encode("utf-8", "replace")


def _day(values: Sequence[str]) -> str:
    if not values:
        return ""
    try:
        return date.fromisoformat(values[-1].strip()).isoformat()
    except ValueError as error:
        raise ArgumentError(
            f"The date is {values[-1][:40]!r}; expected a day that exists, as 2022-01-21.",
            code="bad_date",
            hint="Write the day as YYYY-MM-DD.",
        ) from error


def _rates(values: Sequence[str]) -> dict[str, float]:
    """Read rates as ``JPY=0.0065``, several apart by spaces or commas."""
    found: dict[str, float] = {}
    for word in " ".join(values).replace(",", " ").split():
        currency, equals, rate = word.partition("=")
        try:
            number = float(rate)
        except ValueError:
            number = 0.0
        code = currency.strip().upper()
        if not (equals and len(code) == 3 and code.isascii() and code.isalpha() and 0 < number < 1e6):
            raise ArgumentError(
                f"The rate {word[:40]!r} is none; expected dollars for one unit, as JPY=0.0065.",
                code="bad_rate",
                hint="Write JPY=0.0065, the dollars that one yen was worth on the day of the document.",
            )
        found[code] = number
    return found


def _problem(field: str, error: FriendshoreError) -> FriendshoreError:
    """Say beside which field it belongs."""
    row = {"field": field, "code": error.code, "message": error.message, "hint": error.hint}
    return type(error)(error.message, code=error.code, hint=error.hint, rows=[row])


def _refuse_fields(sent: Sent, known: Sequence[str]) -> None:
    strange = [name for name, _ in sent.fields if name not in known]
    if strange:
        raise ArgumentError(
            f"There is no field {strange[0][:40]!r}.",
            code="unknown_parameter",
            hint=f"Known are {', '.join(known)}.",
        )


def _hashed(told: Sequence[Any]) -> str:
    return sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()[:24]


def _told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """Give files of one name a number: messages go by it."""
    told: list[str] = []
    for name in names:
        stem, dot, suffix = name.rpartition(".")
        counted, n = name, 1
        while counted in told:
            n += 1
            counted = f"{stem}-{n}.{suffix}" if dot else f"{name}-{n}"
        told.append(counted)
    return tuple(told)
