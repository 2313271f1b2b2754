"""Addresses for programs: every question with its parameters and an example, readable without scripts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from friendshore.records import Note
from friendshore.web.desk import Desk
from friendshore.web.fields import Field, Question
from friendshore.web.questions import QUESTIONS
from friendshore.web.records import Asked
from friendshore.web.sections import View

__all__ = ["view"]

EVERYWHERE = (
    ("lang", "en or ja", "Language of the sentences; names, units and descriptions of columns are English."),
    ("data", "a name", "Name of a data set, where the question takes one; the box by default."),
    ("wait", "a number", "Seconds to wait for long work, up to 60, before its job is told instead."),
)
"""Parameters of every question: name, what it takes, what it does; message ids."""
WORK = (
    ("GET", "/api/jobs", "What was asked lately."),
    ("POST", "/api/jobs", "Begin a question that takes long; the same question is begun once."),
    ("GET", "/api/jobs/ID", "How far it is."),
    ("GET", "/api/jobs/ID/events", "Follow it: server-sent events, until it ends."),
    ("GET", "/api/jobs/ID/result", "What it found."),
    ("DELETE", "/api/jobs/ID", "Cancel it."),
    ("POST", "/api/read", "Send a document and read it."),
    ("POST", "/api/join", "Send the summaries of allies and join them."),
    ("GET", "/healthz", "Whether the server is there."),
    ("GET", "/openapi.json", "All of this for programs (OpenAPI 3.1)."),
)
"""Addresses that are no question: method, path, what it does; message ids."""
_TAKES = {
    "actor": "a code",
    "bloc": "a code",
    "product": "a code of six digits",
    "member": "a code",
    "scenario": "a name",
    "group": "a name",
    "year": "a year",
    "number": "a number",
    "whole": "a whole number",
}
"""Kind of field -> what it takes, in a word; message ids."""
_WRITTEN = {"flag": "true, false", "years": "2015-2024", "day": "2022-01-21", "date": "2022-01-21"}
"""Kind of field -> how its value is written."""


def view(desk: Desk, asked: Asked) -> View:
    """Lay out the page."""
    return View(
        Note(template="Addresses for programs"),
        template="api.html.j2",
        values={
            "questions": [_question(question) for question in QUESTIONS.values()],
            "everywhere": EVERYWHERE,
            "work": WORK,
        },
    )


def _question(question: Question) -> dict[str, Any]:
    query = urlencode(question.example)
    address = f"/api/{question.name}" + (f"?{query}" if query else "")
    return {
        "name": question.name,
        "title": question.title,
        "address": address,
        "file": f"/file/{question.name}.csv" + (f"?{query}" if query else ""),
        "long": question.long is not Question.long,
        "fields": [_field(field) for field in question.fields],
    }


def _field(field: Field) -> dict[str, Any]:
    choices = [choice for choice in field.choices if choice]
    limits = f"{field.least:g} – {field.most:g}" if field.least is not None and field.most is not None else ""
    default = "" if field.default in (None, (), "", 0, False) else str(field.default)
    return {
        "name": field.name,
        "takes": _TAKES.get(field.kind, "words"),
        "written": ", ".join(choices) or _WRITTEN.get(field.kind, ""),
        "limits": limits,
        "default": default,
        "required": field.required,
        "several": field.several,
        "label": field.label,
        "help": field.help,
    }
