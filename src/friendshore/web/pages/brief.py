"""The page brief: what a minister's page says, with the page itself to be saved as one file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from friendshore.charts.panels import draw_panel
from friendshore.charts.wording import Words
from friendshore.records import Brief, Note, Panel
from friendshore.report.brief import PLAN, anchor_of, capital, sources_of_panel, table_of_panel
from friendshore.report.brief_rows import key_numbers
from friendshore.report.words import words_in
from friendshore.web.desk import Desk, NotYet
from friendshore.web.pages.plain import asked_anything, plain
from friendshore.web.parameters import given
from friendshore.web.questions import QUESTIONS
from friendshore.web.records import Asked
from friendshore.web.sections import Cell, Grid, Head, Section, View

__all__ = ["view"]

MOST_OPEN = 16
"""Rows up to which a table stands open."""
BEFORE_CHANGES = "suppliers"
"""The picture before which it is said what limits a plan, and what would change it."""


def view(desk: Desk, asked: Asked) -> View:
    """Lay out the page."""
    question = QUESTIONS["brief"]
    title = Note(template=question.title)
    if not asked_anything(question, asked):
        return View(title, sections=(promised(),))
    try:
        brief: Brief = desk.answer(given(question, asked.query, others=("rows",)))
    except NotYet as waiting:
        return View(title, sections=(Section("answer", Note(template="The brief"), job=waiting.job),))
    return answered(brief, asked)


def promised() -> Section:
    """Say what a brief holds, before one is asked for."""
    return Section(
        "holds",
        Note(template="What it holds"),
        template="brief_holds.html.j2",
    )


def answered(brief: Brief, asked: Asked) -> View:
    """Lay out the brief as a page of the desk: the same pictures, tables and sentences as in its file."""
    from friendshore.web.writing import address

    words = words_in(asked.lang)
    query = [pair for pair in asked.query if pair[0] != "rows"]
    return View(
        brief.question,
        answer=brief.answer,
        numbers=brief.numbers,
        anchors=tuple(anchor_of(place, brief) for place in range(len(brief.numbers))),
        since=brief.year_before,
        sections=tuple(sections_of(brief, words)),
        finding=key_numbers(brief, asked.lang),
        values={"save": address("/file/brief.html", [*query, ("lang", asked.lang)])},
    )


def sections_of(brief: Brief, words: Words) -> Iterator[Section]:
    """Lay out the pictures in their order, and between them what is told in words."""
    ids = [panel.id for panel in brief.panels]
    record_before = PLAN if PLAN in ids else BEFORE_CHANGES
    for panel in brief.panels:
        if panel.id == record_before and brief.record is not None:
            yield Section(
                "record",
                Note(template="How far to trust it"),
                template="disruption_trust.html.j2",
                values={"record": words.tell(brief.record), "events": ()},
            )
        if panel.id == BEFORE_CHANGES and (brief.why or brief.changes):
            yield reasons(brief, words)
        yield section_of(panel, brief, words)
    if brief.materials is not None:
        yield replace(section_of(brief.materials, brief, words), draw=None, opened=False)
    if brief.notice:
        yield notice(brief, words)


def section_of(panel: Panel, brief: Brief, words: Words) -> Section:
    """Lay out one picture with its words and its table."""
    told = table_of_panel(panel, brief, words)
    grid = Grid(
        tuple(Head(head.text, head.unit, head.number) for head in told.heads),
        tuple(tuple(Cell(cell.text, cell.key, cell.number) for cell in row) for row in told.rows),
    )
    return Section(
        panel.id,
        plain(capital(words.tell(panel.title))),
        subtitle=plain(capital(words.tell(panel.subtitle))),
        draw=lambda spoken, width: draw_panel(panel, brief, spoken, width=width),
        alt=panel.alt,
        finding=panel.finding.model_copy(
            update={"sources": sources_of_panel(panel, brief), "command": brief.command}
        ),
        table=lambda spoken: grid,
        notes=panel.notes,
        opened=not told.on_screen_only and len(told.rows) <= MOST_OPEN,
    )


def reasons(brief: Brief, words: Words) -> Section:
    """Say which limits the plan runs into, and on what its other decisions hinge."""
    return Section(
        "why",
        Note(template="Why, and what would change it")
        if brief.why
        else Note(template="What would change it"),
        template="brief_reasons.html.j2",
        values={
            "why": [capital(words.tell(note)) for note in brief.why],
            "changes": [capital(words.tell(note)) for note in brief.changes],
        },
    )


def notice(brief: Brief, words: Words) -> Section:
    """Draft a notice to partners."""
    return Section(
        "notice",
        Note(template="A notice to partners"),
        subtitle=Note(template="Draft in the fields that supply chain crisis networks ask for"),
        template="brief_notice.html.j2",
        values={
            "entries": [
                (words.tell(entry.head), [words.tell(note) for note in entry.told], entry.blank)
                for entry in brief.notice
            ]
        },
    )
