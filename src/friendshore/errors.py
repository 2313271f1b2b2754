"""One tree of errors.

Every message says what failed, where, got against expected; ``hint`` says what to type next.
The command line prints message and hint; ``--json`` prints ``code``, ``message``, ``hint`` and ``rows``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = [
    "ArgumentError",
    "DataError",
    "FriendshoreError",
    "MissingDataError",
    "OutputError",
    "PlanError",
    "WorkerError",
]


class FriendshoreError(Exception):
    """Base of all errors that friendshore raises on purpose.

    Parameters
    ----------
    message
        What failed, where, got against expected. One paragraph.
    code
        Stable name in snake_case, for programs (``unknown_country``, ``duplicate_rows``, ...).
    hint
        The next command to type, or how to mend the input. May be empty.
    rows
        The offending rows of a table (the first five; ``message`` gives the total).
    """

    def __init__(
        self, message: str, *, code: str, hint: str = "", rows: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint
        self.rows = tuple(dict(row) for row in rows)

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it come back from another process: an error that cannot be read there kills the pool."""
        return _again, (type(self), self.message, self.code, self.hint, self.rows)


def _again(
    kind: type[FriendshoreError], message: str, code: str, hint: str, rows: Sequence[Mapping[str, Any]]
) -> FriendshoreError:
    return kind(message, code=code, hint=hint, rows=rows)


class ArgumentError(FriendshoreError):
    """A question that cannot be asked: unknown name, years reversed, importer equal to supplier."""


class DataError(FriendshoreError):
    """A file or table that breaks the rules of ``columns.csv``; ``rows`` holds the first offending rows."""


class MissingDataError(FriendshoreError):
    """The question is well put but the opened world holds no data for it."""


class OutputError(FriendshoreError):
    """An output file could not be written; nothing was left half-written."""


class PlanError(FriendshoreError):
    """No plan is to be had: what must be kept clashes, costs have no lower bound, or the time was too short.

    ``rows`` holds the limits that clash.
    """


class WorkerError(FriendshoreError):
    """Processes or machines that were to share the work were lost, more often than they are replaced."""
