"""The page that every question has: its form, its answer, its picture and its tables."""

from __future__ import annotations

from friendshore.charts import composed
from friendshore.errors import ArgumentError
from friendshore.records import Finding, Note
from friendshore.report.further import further
from friendshore.report.words import words_in
from friendshore.web.desk import Desk, NotYet
from friendshore.web.parameters import given
from friendshore.web.questions import Question
from friendshore.web.records import Asked
from friendshore.web.sections import Section, View

__all__ = ["asked_anything", "plain", "sections_of", "view"]


def asked_anything(question: Question, asked: Asked) -> bool:
    """Tell whether the address asks something yet, or shows the empty form."""
    return any(value.strip() for _, value in asked.query) or not any(f.required for f in question.fields)


def view(question: Question, desk: Desk, asked: Asked) -> View:
    """Lay out any question."""
    title = Note(template=question.title)
    if not asked_anything(question, asked):
        return View(title)
    try:
        finding = desk.answer(given(question, asked.query))
    except NotYet as waiting:
        return View(title, sections=(Section("answer", title, job=waiting.job),))
    return View(title, answer=finding.answer, finding=finding, sections=sections_of(finding, asked.lang))


def sections_of(finding: Finding, lang: str) -> tuple[Section, ...]:
    """One section for the rows with the picture of the question, one for each further table."""
    try:
        drawing, told, measure = composed(finding, words_in(lang))
        first = Section(
            "answer",
            plain(told),
            subtitle=plain(measure),
            draw=lambda words, width: drawing,
            narrow=False,
            finding=finding,
        )
    except ArgumentError:
        # no picture for this question, or nothing to draw
        first = Section("answer", finding.answer, finding=finding)
    tables = enumerate(further(finding, lang, everything=True), start=1)
    return (first, *(Section(f"table-{n}", plain(head), finding=part) for n, (head, part) in tables))


def plain(text: str) -> Note:
    """Put finished text where a note stands."""
    return Note(template="{text}", values={"text": text})
