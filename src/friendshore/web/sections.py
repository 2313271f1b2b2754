"""Parts of a page: each a picture with its words and the rows under it, finished for one language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from friendshore.charts.endurance import CUTS
from friendshore.charts.panels import NARROW, WIDE, unchecked
from friendshore.charts.picture import Drawing, inline_svg
from friendshore.charts.wording import Words
from friendshore.records import Finding, Note
from friendshore.report.cells import shown_columns
from friendshore.report.words import words_in
from friendshore.tables.materials import materials
from friendshore.tables.products import groups
from friendshore.web.records import JobAsked

__all__ = ["Cell", "Grid", "Head", "Link", "Section", "View", "grid", "pictures"]


SPOKEN = frozenset(("days", "months"))
"""Units that are words of a language."""


@dataclass(frozen=True)
class Section:
    """One part of a page."""

    id: str
    """Stable: it is the anchor, and the name of the picture's file."""
    title: Note
    """States the finding."""
    subtitle: Note | None = None
    """Measure, unit, period."""
    draw: Callable[[Words, int], Drawing] | None = None
    """Draws the picture at a width in pixels; below 600 for a phone."""
    narrow: bool = True
    """Whether it is drawn a second time for a phone; a drawing of one size is scrolled there."""
    alt: Note | None = None
    """What somebody who cannot see the picture needs to know of it."""
    finding: Finding | None = None
    """What the table shows and the CSV holds; its sources stand under the picture."""
    links: Mapping[str, Callable[[Mapping[str, Any]], str]] = field(default_factory=dict)
    """Column -> where its cell leads (an address, or "" for nowhere): the way from a bloc to a route."""
    heads: Mapping[str, str] = field(default_factory=dict)
    """Column -> words for its head, a message id, where the column's own name says too little to people."""
    skip: tuple[str, ...] = ()
    """Columns that the table leaves out; the CSV holds them."""
    named: tuple[str, ...] = ()
    """Columns whose codes (countries, blocs, products) are written as names."""
    table: Callable[[Words], Grid] | None = None
    """Writes the table where it is not simply the rows of the finding."""
    notes: tuple[Note, ...] = ()
    most: int = 40
    """Most rows shown at once; ``?rows=all`` shows the rest."""
    opened: bool = True
    """Whether the table stands open."""
    job: JobAsked | None = None
    """What it waits for; picture and table come when it is done."""
    template: str = ""
    """A template of its own for what is neither picture nor table, written with ``values``."""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class View:
    """A page, before it is written in a language."""

    question: Note
    """The question as asked, or the page's title."""
    answer: Note | None = None
    """In one sentence; None where nothing was asked yet."""
    sections: tuple[Section, ...] = ()
    finding: Finding | None = None
    """Whose sources, assumptions, caveats and command close the page, and whose files are offered."""
    numbers: tuple[Any, ...] = ()
    """Up to three :class:`friendshore.records.KeyNumber`."""
    anchors: tuple[str, ...] = ()
    """Id of the section that each number comes from; the first where none is named."""
    since: int | None = None
    """Year from which the numbers tell how far they moved."""
    trail: tuple[tuple[Note, str], ...] = ()
    """Where this stands: words and addresses from the whole to the part."""
    template: str = "question.html.j2"
    values: Mapping[str, Any] = field(default_factory=dict)
    """For templates of its own."""


@dataclass(frozen=True)
class Head:
    """Head of a column."""

    text: str
    unit: str
    number: bool


@dataclass(frozen=True)
class Cell:
    """One finished cell."""

    text: str
    key: Any
    """What it is sorted by; "" for unknown."""
    number: bool
    address: str = ""


Link = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class Grid:
    """A table as it is written."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    left_out: int = 0
    """Rows that are not shown."""


def grid(
    finding: Finding,
    lang: str,
    *,
    links: Mapping[str, Link] | None = None,
    most: int = 40,
    skip: Sequence[str] = (),
    heads: Mapping[str, str] | None = None,
    named: Sequence[str] = (),
) -> Grid:
    """Turn rows into finished cells: the columns, units and words of the command line's table.

    Parameters
    ----------
    finding
        Whose rows.
    lang
        ``en`` or ``ja``.
    links
        Column -> where a cell leads, given its row.
    most
        Most rows.
    skip
        Columns that are left out.
    heads
        Column -> words for its head, a message id.
    named
        Columns whose codes are written as names.
    """
    words = words_in(lang)
    columns = shown_columns(finding, lang, skip=dict.fromkeys(skip))
    rows = []
    for place, row in enumerate(finding.rows[:most]):
        cells = []
        for column in columns:
            leads = next((links[name] for name in column.names if name in links), None) if links else None
            raw = row.get(column.names[0])
            text = column.cells[place]
            if column.names[0] in named and isinstance(raw, str):
                text = names_in(column.names[0], raw, words)
            key = "" if raw is None else raw if isinstance(raw, int | float) else text
            cells.append(Cell(text, key, column.numeric, leads(row) if leads else ""))
        rows.append(tuple(cells))
    told = [words.say(heads[c.names[0]]) if heads and c.names[0] in heads else c.head for c in columns]
    return Grid(
        tuple(
            Head(head, words.say(c.unit) if c.unit in SPOKEN else c.unit, c.numeric)
            for head, c in zip(told, columns, strict=True)
        ),
        tuple(rows),
        max(len(finding.rows) - most, 0),
    )


def names_in(column: str, codes: str, words: Words) -> str:
    """Write the names of codes that a cell joins by semicolons."""
    if column == "cut":
        return words.say(CUTS[codes])
    kind = "product" if column in ("product", "products") else "actor"
    return words.listed([name_of(code, kind, words) for code in codes.split("; ")])


def name_of(code: str, kind: str, words: Words) -> str:
    """Write one name; groups and materials stand among products, and everybody among importers."""
    if kind == "product":
        if code in groups():
            return groups()[code].label(words.lang)
        return words.material(code) if code in materials() else words.product(code)
    return words.say("everybody") if code == "world" else words.name(code)


def pictures(section: Section, words: Words) -> list[str]:
    """Draw a section for the page: wide for desk and paper, narrow for a phone."""
    if section.draw is None:
        return []
    alt = words.tell(section.alt or section.title)
    kinds = (("wide", WIDE), ("narrow", NARROW)) if section.narrow else (("wide", WIDE),)
    with unchecked():
        return [
            inline_svg(section.draw(words, width), key=f"{section.id}-{kind[0]}", alt=alt, css_class=kind)
            for kind, width in kinds
        ]
