"""Form fields as a page shows them: what was given, what can be chosen, what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from friendshore.errors import FriendshoreError
from friendshore.report.words import say
from friendshore.web.fields import Field, Question
from friendshore.web.records import Asked
from friendshore.web.scenario_titles import cases_of, shown_title
from friendshore.web.understanding import named_as

__all__ = ["Shown", "form_fields", "suggestions"]

LATER = frozenset(
    (
        "as-bloc", "basis", "by", "case", "data", "draws", "lost-share", "quantities", "quick", "seconds", "seed",
        "tornado", "world", "years",
    )
)  # fmt: skip
"""Fields that most people leave alone; they stand folded under the others."""
BOX = "raw-materials"
SUGGESTED: Mapping[str, str] = {"actor": "actors", "bloc": "actors", "product": "products"}
"""Kind of field -> list of what it may hold; the page writes each list once."""
NUMBERS = ("number", "whole")
PLANNED = ("plan", "summary")
"""Pages that take only scenarios with a plan or a response."""


@dataclass(frozen=True)
class Shown:
    """One field of a form."""

    name: str
    kind: str
    control: str
    """``text``, ``number``, ``select``, ``check`` or ``date``."""
    label: str
    help: str
    value: str
    """As typed; several values are separated by spaces."""
    default: str
    """What an empty field means; such a value is left out of the address."""
    choices: tuple[tuple[str, str], ...]
    """Value and words of what can be chosen; empty where anything can be typed."""
    required: bool
    several: bool
    checked: bool
    least: float | None
    most: float | None
    step: str
    suggest: str
    """Id of the list of suggestions; "" for none."""
    understood: str
    """Names of the codes that were typed."""
    later: bool
    """Whether it stands folded under the others."""
    told: bool
    """Whether it says anything, or has a problem: then it must be seen."""
    example: str
    problem: str = ""
    hint: str = ""
    offered: tuple[tuple[str, str], ...] = ()
    """Words and address of what may have been meant."""
    first: bool = False
    """The first with a problem, where the reader is put."""


def form_fields(
    question: Question, asked: Asked, problems: Mapping[str, Mapping[str, Any]]
) -> tuple[Shown, ...]:
    """Finish the fields of a question's form."""
    fields = list(question.fields)
    if question.takes_data:
        fields += _data_field(asked)
    shown = [_shown(field, asked, problems.get(field.name, {})) for field in fields]
    wrong = next((place for place, one in enumerate(shown) if one.problem), None)
    if wrong is not None:
        shown[wrong] = replace(shown[wrong], first=True)
    return tuple(shown)


def _data_field(asked: Asked) -> list[Field]:
    """Let people choose among data sets, where there are any beside the one that comes with the program."""
    from friendshore.tables.versions import store_names

    named = store_names()
    if not named and not any(name == "data" for name, _ in asked.query):
        return []
    return [
        Field(
            "data",
            "data",
            "choice",
            "Data",
            "Whose trade is asked about.",
            default=BOX,
            choices=(BOX, *named),
        )
    ]


def _shown(field: Field, asked: Asked, problem: Mapping[str, Any]) -> Shown:
    lang = asked.lang
    typed = [value for name, value in asked.query if name == field.name]
    default = _default(field)
    value = " ".join(typed) if any(typed) else default
    choices = _choices(field, value, asked)
    control = _control(field, choices)
    return Shown(
        name=field.name,
        kind=field.kind,
        control=control,
        label=say(field.label, lang) if field.label else field.name,
        help=say(field.help, lang) if field.help else "",
        value=value,
        default=default,
        choices=choices,
        required=field.required,
        several=field.several,
        checked=field.kind == "flag" and value.lower() in ("true", "1", "yes", "on"),
        least=field.least,
        most=field.most,
        step="1" if field.kind == "whole" else "any",
        suggest="" if control != "text" else SUGGESTED.get(field.kind, ""),
        understood=named_as(field, value, lang) if value and not problem else "",
        later=field.name in LATER and not field.required,
        told=bool(problem) or (any(typed) and value != default),
        example=field.example,
        problem=str(problem.get("message", "")),
        hint=str(problem.get("hint", "")),
        offered=tuple(problem.get("offered", ())),
    )


def _default(field: Field) -> str:
    if field.default in (None, (), "", False) or (field.default == 0 and field.kind not in NUMBERS):
        return ""
    return f"{field.default:g}" if isinstance(field.default, float) else str(field.default)


def _control(field: Field, choices: tuple[tuple[str, str], ...]) -> str:
    if field.kind == "flag":
        return "check"
    if choices:
        return "select"
    if field.kind in NUMBERS:
        return "number"
    return "date" if field.kind == "date" else "text"


def _choices(field: Field, value: str, asked: Asked) -> tuple[tuple[str, str], ...]:
    """List value and words of what can be chosen; what was typed stays in the list even where it is wrong."""
    found = _known(field, asked)
    if found and value and value not in {one for one, _ in found}:
        return ((value, value), *found)
    return found


def _known(field: Field, asked: Asked) -> tuple[tuple[str, str], ...]:
    lang = asked.lang
    none = (("", say("none chosen", lang)),)
    if field.kind == "scenario":
        names = _planned() if asked.name in PLANNED else _scenarios()
        return none + tuple((name, shown_title(name, lang)) for name in names)
    if field.kind == "member":
        members = tuple(_members(asked))
        return none + members if members else ()
    if field.name == "case":
        named = next((told for name, told in reversed(asked.query) if name == "scenario"), "")
        cases = cases_of(named) if named else ()
        return none + tuple((case, case) for case in cases) if cases else ()
    if field.kind == "group":
        from friendshore.tables.products import groups

        labelled = ((g.name, g.label_ja if lang == "ja" else g.label_en) for g in groups().values())
        return none + tuple(labelled)
    if field.kind == "year":
        data = next((value for name, value in reversed(asked.query) if name == "data" and value), BOX)
        years = tuple((str(year), str(year)) for year in _years(data))
        return (("", say("newest", lang)), *years) if years else ()
    words = field.words or field.choices
    return tuple(
        (choice, say(word, lang) if word else say("all", lang))
        for choice, word in zip(field.choices, words, strict=False)
    )


def _planned() -> tuple[str, ...]:
    """Name the scenarios that can be planned for."""
    from friendshore.web.pages.plan_choosing import planned_scenarios

    return tuple(name for name, _ in planned_scenarios())


def _members(asked: Asked) -> list[tuple[str, str]]:
    """List who plans together in the scenario that was named; nobody where none can be read."""
    from friendshore.web.pages.plan_choosing import members_of

    named = next((value for name, value in reversed(asked.query) if name == "scenario"), "")
    try:
        return members_of(named, asked.lang) if named else []
    except FriendshoreError:
        return []


def _scenarios() -> tuple[str, ...]:
    from friendshore.disruption.scenario_names import saved_names, shipped

    return (*saved_names(), *shipped())


def _years(data: str) -> tuple[int, ...]:
    """Years of a data set, newest first; nothing where it cannot be read, which the answer then tells."""
    from friendshore.tables.opening import located
    from friendshore.tables.versions import store_names

    if data != BOX and data not in store_names():
        return ()
    try:
        return _years_in(located(data)[1])
    except FriendshoreError:
        return ()


@lru_cache(maxsize=16)
def _years_in(folder: Path) -> tuple[int, ...]:
    """Years of one version of a data set, which never changes."""
    from friendshore.tables.store import manifest

    return tuple(sorted(manifest(folder)["years"], reverse=True))


@lru_cache(maxsize=4)
def suggestions(lang: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """List what people may type, code and name, by the id of the list."""
    from friendshore.tables.blocs import blocs
    from friendshore.tables.countries import countries, country_name
    from friendshore.tables.products import product_name, products

    return {
        "actors": (
            *((bloc.id, bloc.name(lang)) for bloc in blocs().values()),
            *((code, country_name(code, lang)) for code in countries()),
        ),
        "products": tuple((code, product_name(code, lang)) for code in products()),
    }
