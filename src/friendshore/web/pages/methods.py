"""Sources and methods: what the numbers rest on, how each is made, and what is assumed where the data are silent."""

from __future__ import annotations

from typing import Any

from friendshore.parameters import PARAMETERS, Parameters, assumptions_of
from friendshore.records import Note, Source
from friendshore.report.words import words_in
from friendshore.tables.sources import sources
from friendshore.web.commands import path_of
from friendshore.web.desk import Desk
from friendshore.web.documents import EXPLANATION, REFERENCE, document, pages, title_of
from friendshore.web.questions import QUESTIONS
from friendshore.web.records import Asked
from friendshore.web.sections import Section, View

__all__ = ["view"]

OURS = "friendshore"
"""Who compiled a table, where nobody else did."""


def view(desk: Desk, asked: Asked) -> View:
    """Lay out the page, or one of the explanations that it leads to."""
    if asked.part:
        return _explained(asked)
    return View(
        Note(template="Sources and methods"),
        sections=(
            _data(desk),
            Section(
                "sources",
                Note(template="What the numbers come from"),
                Note(template="Each source with its licence, and the hash of the file it was read from."),
                template="methods_sources.html.j2",
                values={
                    "lang": asked.lang,
                    "sources": [_source(one) for one in sources().values() if one.producer != OURS],
                    "ours": [one for one in sources().values() if one.producer == OURS],
                },
            ),
            _formulas(asked.lang),
            _assumed(asked.lang),
            _questions(),
            Section(
                "lookup",
                Note(template="To look something up"),
                Note(template="Every column, cost, error and code, in tables that the browser can search."),
                template="methods_pages.html.j2",
                values={"lang": asked.lang, "pages": _listed(REFERENCE)},
            ),
        ),
    )


def _explained(asked: Asked) -> View:
    """Show an explanation."""
    page = document(asked.part)
    return View(
        Note(template="{text}", values={"text": page.title}),
        trail=((Note(template="Sources and methods"), "/methods"), (_plain(page.title), "")),
        template="document.html.j2",
        values={"page": page, "table": len(page.contents) > 3},
    )


def _plain(text: str) -> Note:
    return Note(template="{text}", values={"text": text})


def _data(desk: Desk) -> Section:
    """Show the data sets that are loaded."""
    finding = desk.ask("data-list", {})
    return Section(
        "data",
        Note(template="What is loaded"),
        Note(template="Data sets that a question can name; the first is used where none is named."),
        finding=finding,
        skip=("sources", "where"),
    )


def _source(source: Source) -> dict[str, Any]:
    """Put a source into lines: a word for what it is, and what it says."""
    told = {
        "Producer": source.producer,
        "Version": source.version,
        "Accessed": source.accessed,
        "Licence": source.licence,
        "To be cited as": source.citation,
        "Note": source.note,
    }
    return {
        "id": source.id,
        "title": source.title,
        "lines": [(word, text) for word, text in told.items() if text],
        "url": source.url if source.url.startswith(("https://", "http://")) else "",
        "sha256": source.sha256,
    }


def _formulas(lang: str) -> Section:
    return Section(
        "formulas",
        Note(template="How each number is made"),
        Note(template="Formulas with their sources, and what could not be confirmed."),
        template="methods_pages.html.j2",
        values={"lang": lang, "pages": _listed(EXPLANATION)},
    )


def _listed(names: tuple[str, ...]) -> list[dict[str, str]]:
    """List pages with their first sentence."""
    there = [name for name in names if name in pages()]
    return [
        dict(zip(("link", "title", "told"), (f"/methods/{name}", *title_of(name)), strict=True))
        for name in there
    ]


def _assumed(lang: str) -> Section:
    """Show what the months assume: each number with its range and where it is stated."""
    words = words_in(lang)
    told = zip(PARAMETERS.items(), assumptions_of(Parameters()), strict=True)
    rows = [
        {
            "name": name,
            "text": words.tell(_rounded(assumption.text)),
            "range": words.span(
                _whole(about.low), _whole(about.high), "" if about.unit == "1" else about.unit
            ),
            "source": "" if about.source == "none" else about.source,
        }
        for (name, about), assumption in told
    ]
    return Section(
        "assumptions",
        Note(template="What is assumed month by month"),
        Note(
            template="The data do not give these numbers. A scenario may state others, each within its range."
        ),
        template="methods_assumptions.html.j2",
        values={"rows": rows},
    )


def _rounded(text: Note) -> Note:
    """Write whole numbers as such."""
    return text.model_copy(update={"values": {name: _whole(value) for name, value in text.values.items()}})


def _whole(value: Any) -> Any:  # noqa: ANN401  a number or a finished share
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _questions() -> Section:
    """List everything that can be asked."""
    asked = [
        {
            "name": question.name,
            "title": question.title,
            "link": path_of(question.name),
            "command": f"friendshore {question.name.replace('-', ' ')}",
        }
        for question in QUESTIONS.values()
    ]
    return Section(
        "questions",
        Note(template="What can be asked"),
        Note(template="The same questions on a page, on the command line and by a program."),
        template="methods_questions.html.j2",
        values={"questions": asked},
    )
