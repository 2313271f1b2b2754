"""Frozen, validated records that pass between the layers: Source, Column, Note, Table, Finding.

A :class:`Finding` is the answer to one question, complete with units, sources, assumptions and caveats. It is
printed, drawn, written or served without computing anything again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

__all__ = [
    "Amount",
    "Assumption",
    "Brief",
    "Column",
    "Finding",
    "KeyNumber",
    "KeyValue",
    "Listing",
    "Name",
    "Note",
    "Panel",
    "Record",
    "Said",
    "Source",
    "Table",
]


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
    tables: tuple[str, ...] = ()
    """Tables that hold its numbers (``trade``, ``production``, ``governance``); empty where it is all of them."""


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


class Table(Record):
    """A table beside the rows of a finding, with columns of its own.

    Cells are those of a finding's rows; a sentence for people may stand in one as a :class:`Note`.
    """

    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]


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
    summary: Mapping[str, Any] | tuple[Mapping[str, Any], ...] = {}
    """Figures that belong to no single row: of the whole answer by name, or one record for each part of it."""
    tables: Mapping[str, Table] = {}
    """Further tables by name, where one list of rows cannot hold the answer."""
    sources: tuple[Source, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    caveats: tuple[Note, ...] = ()
    command: str = ""
    """The command line that reproduces the answer."""


class Name(Record):
    """A value of a note that a page writes in the reader's language: ``actor``, ``product``, ``assumption``, ..."""

    key: str
    kind: str = "actor"

    def __str__(self) -> str:
        return self.key


class Amount(Record):
    """A value of a note: a number with its unit, or a range where ``high`` is given."""

    value: float | int | None
    unit: str
    high: float | int | None = None

    def __str__(self) -> str:
        if self.value is None:
            return "n/a"
        scale, tail = (100, " %") if self.unit == "share" else (1, f" {self.unit}".rstrip())
        ends = [f"{end * scale:,.3g}" for end in (self.value, self.high) if end is not None]
        return " to ".join(dict.fromkeys(ends)) + tail


class Listing(Record):
    """A value of a note: several values, joined as the language joins them."""

    items: tuple[Any, ...]

    def __str__(self) -> str:
        return ", ".join(map(str, self.items))


class KeyValue(Record):
    """A key number for one importer, with its interval and what it was before."""

    importer: str
    value: float | int | None
    low: float | int | None = None
    high: float | int | None = None
    before: float | int | None = None
    before_high: float | int | None = None
    """Upper end, where the earlier number is a range."""
    of: int | None = None
    """Where the value is a count: of how many."""


class KeyNumber(Record):
    """One of the three numbers of a brief."""

    label: Note
    """Sentence with the fields ``value`` and, for a count, ``total`` left open, which the page fills in."""
    measure: Note
    """What it measures, for tables."""
    unit: str
    """``count``, ``share`` or ``USD``."""
    values: tuple[KeyValue, ...]
    """One an importer, the joined one last."""
    note: Note
    """What the interval is made of."""


class Panel(Record):
    """One picture of a brief with its words; ``finding`` is both drawn and tabulated."""

    id: str
    """Which picture: ``endurance``, ``path``, ``replaced``, ``tornado``, ``decisions``,
    ``frontier``, ``together``, ``suppliers``, ``traced``, ``concentration``,
    ``heat``, ``others``, ``materials``."""
    title: Note
    """States the finding."""
    subtitle: Note
    """Measure, unit, period."""
    alt: Note
    """What somebody who cannot see the picture needs to know of it."""
    finding: Finding
    notes: tuple[Note, ...] = ()


class Entry(Record):
    """A field of a notice: what the data know of it, and whether the sender has to add to it."""

    head: Note
    told: tuple[Note, ...] = ()
    blank: bool = True
    """True where a line is left for the sender."""


class Said(Record):
    """What the document says from which a brief was asked."""

    document: str
    """Name of the file."""
    day: str | None
    """Its date."""
    events: tuple[Mapping[str, Any], ...]
    """``type status date actors targets quote``, in the order of the text."""
    contexts: tuple[Note, ...] = ()
    """Blocs and formats that it names, with who was in them on its day."""
    measures: tuple[Note, ...] = ()
    """What the register knows to be in force between those it is about, on its day."""
    choice: Note
    """Whose question was read from it, and who else could have been meant."""


class Brief(Record):
    """Everything a brief says, computed once; a page only writes it down."""

    question: Note
    answer: Note
    importers: tuple[str, ...]
    """Actors in order; the last one is all of them together where several were asked about."""
    joint: bool
    """True where the last importer is the others joined."""
    members: tuple[str, ...]
    """ISO3 codes of all importers' members in the year."""
    suppliers: tuple[str, ...]
    """Suppliers of concern as named."""
    supplier_members: tuple[str, ...]
    year: int
    year_before: int | None
    """Year of comparison, None where the data do not reach back."""
    numbers: tuple[KeyNumber, ...]
    panels: tuple[Panel, ...]
    limits: tuple[Note, ...]
    """What the data cannot say."""
    materials: Panel | None
    """Worst known stage by material and the stages that cannot be measured; None where no material is known."""
    record: Note | None
    """How forecasts like these did on real events; None where the data allow no such trial."""
    notice: tuple[Entry, ...]
    """The fields of a notice to partners; empty where how long the importers last is not known."""
    why: tuple[Note, ...] = ()
    """Which limits the plan runs into; empty where there is no plan."""
    changes: tuple[Note, ...] = ()
    """On what its other decisions hinge."""
    sources: tuple[Source, ...]
    assumptions: tuple[Assumption, ...]
    command: str
    """The command that writes the brief, without language and output file."""
    data: str
    hs: str
    said: Said | None = None
    """What the document says that the brief was asked from; None where there is none."""
