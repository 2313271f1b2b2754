"""Frozen, validated records that pass between the layers: Source, Column, Note, Finding.

A :class:`Finding` is the answer to one question, complete with units, sources, assumptions and caveats. It is
printed, drawn, written or served without computing anything again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

__all__ = ["Assumption", "Column", "Finding", "Note", "Record", "Source"]


class Record(BaseModel):
    """Base of all records: immutable, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Record):
    """Where numbers come from. Travels with the table into every finding and every output."""

    id: str
    """Stable key, also the BibTeX key."""
    title: str
    producer: str
    version: str
    accessed: str
    """ISO date on which the files were taken, or empty for a user's own file."""
    licence: str
    citation: str
    """Full citation, as the producer asks for it."""
    url: str = ""
    sha256: str = ""
    """Hash of the file the numbers were read from, or empty for tables compiled by us."""
    note: str = ""


class Note(Record):
    """A sentence for people, kept as an English template and its values so that it can be translated.

    ``str(note)`` is the English sentence. Templates use ``str.format`` fields and are the message ids of the
    catalogue in ``data/locale``.
    """

    template: str
    values: Mapping[str, Any] = {}

    def __str__(self) -> str:
        return self.template.format(**self.values)


class Assumption(Record):
    """A parameter that the data do not give, with its source or "none"."""

    text: Note
    source: str = "none"

    def __str__(self) -> str:
        return f"{self.text} (source: {self.source})"


class Column(Record):
    """One column of a finding: name, unit and description, taken from ``data/columns.csv``."""

    name: str
    unit: str
    description: str


class Finding(Record):
    """The answer to one question.

    ``rows`` are plain dictionaries of str, int, float, bool or None; None is "unknown" and never zero, and no
    value is NaN or infinite. Every row has exactly the keys of ``columns``, in that order.
    """

    question: str
    """Name of the command that asks it: ``exposure``, ``rules``, ``trace``, ``leverage``, ..."""
    arguments: Mapping[str, Any]
    """The arguments as understood (defaults filled in), enough to ask again."""
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]
    answer: Note
    """The answer in one sentence."""
    summary: Mapping[str, Any] = {}
    """Figures about the whole answer that belong to no single row (churn, counts)."""
    sources: tuple[Source, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    caveats: tuple[Note, ...] = ()
    command: str = ""
    """The command line that reproduces the answer."""
