"""Form fields as a page shows them: what was given, what can be chosen, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from friendshore.report.words import say
from friendshore.web.questions import Field, Question
from friendshore.web.records import Asked

__all__ = ["Shown", "form_fields"]


@dataclass(frozen=True)
class Shown:
    """One field of a form."""

    name: str
    kind: str
    label: str
    help: str
    value: str
    """As typed; several values are separated by spaces."""
    choices: tuple[tuple[str, str], ...]
    """Value and words of what can be chosen; empty where anything can be typed."""
    required: bool
    several: bool
    checked: bool
    least: float | None
    most: float | None
    problem: str = ""
    hint: str = ""


def form_fields(
    question: Question, asked: Asked, problems: Mapping[str, Mapping[str, Any]]
) -> tuple[Shown, ...]:
    """Finish the fields of a question's form."""
    return tuple(_shown(field, asked, problems.get(field.name, {})) for field in question.fields)


def _shown(field: Field, asked: Asked, problem: Mapping[str, Any]) -> Shown:
    typed = [value for name, value in asked.query if name == field.name]
    value = " ".join(typed) if typed else _default(field)
    return Shown(
        name=field.name,
        kind=field.kind,
        label=say(field.label, asked.lang) if field.label else field.name,
        help=say(field.help, asked.lang) if field.help else "",
        value=value,
        choices=tuple(
            (choice, say(choice, asked.lang) if choice else say("all", asked.lang))
            for choice in choices_of(field)
        ),
        required=field.required,
        several=field.several,
        checked=field.kind == "flag" and value.lower() in ("true", "1", "yes", "on"),
        least=field.least,
        most=field.most,
        problem=str(problem.get("message", "")),
        hint=str(problem.get("hint", "")),
    )


def _default(field: Field) -> str:
    if field.default in (None, (), "", 0, False) and field.kind != "whole":
        return ""
    return str(field.default)


def choices_of(field: Field) -> tuple[str, ...]:
    """List what can be chosen."""
    if field.kind == "scenario":
        from friendshore.disruption.saved import saved_names
        from friendshore.disruption.scenario_files import shipped

        named = (*shipped(), *saved_names())
        return named if field.required else ("", *named)
    if field.kind == "group":
        from friendshore.tables.products import groups

        return ("", *groups())
    return field.choices
