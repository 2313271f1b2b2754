"""From the names and values of an address to the arguments of a question; every problem is told at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

from friendshore.answers.framing import refuse_unknown_choice
from friendshore.answers.spans import chosen_day, chosen_years, given_day, one_year
from friendshore.errors import ArgumentError
from friendshore.web.questions import Field, Question
from friendshore.web.records import Given

__all__ = ["LONGEST", "MOST_VALUES", "given", "pairs_of"]

LONGEST, MOST_VALUES = 200, 400
"""Longest value, and most values in one address."""
DATA = "data"
TRUE, FALSE = ("true", "1", "yes", "on"), ("false", "0", "no", "off", "")


def given(question: Question, query: Sequence[tuple[str, str]], *, others: Iterable[str] = ()) -> Given:
    """Read the arguments of a question.

    Parameters
    ----------
    question
        Which one.
    query
        Names and values of the address, in order. A field that takes several is repeated, or its values are
        separated by spaces or commas, as people type them.
    others
        Names that belong to the page around the question and are passed over.

    Raises
    ------
    ArgumentError
        ``bad_arguments`` with one row a problem (``field``, ``code``, ``message``, ``hint``).
    """
    problems: list[dict[str, str]] = []
    fields = {field.name: field for field in question.fields}
    told: dict[str, list[str]] = {}
    for name, value in query:
        if name in fields or (name == DATA and question.takes_data):
            told.setdefault(name, []).append(value)
        elif name not in others:
            problems.append(_unknown(name, [*fields, DATA]))
    if len(query) > MOST_VALUES or any(len(value) > LONGEST for _, value in query):
        raise ArgumentError(
            f"The address holds more than {MOST_VALUES} values, or one longer than {LONGEST} signs.",
            code="too_much",
            hint="Ask for fewer at once, or name a group.",
        )
    arguments: dict[str, Any] = {}
    for field in question.fields:
        try:
            arguments[field.keyword] = _value(field, told.get(field.name, []))
        except ArgumentError as error:
            problems.append(_problem(field.name, error))
    if "years" in fields and "year" in fields:
        _join_years(arguments, told, problems)
    if problems:
        raise ArgumentError(
            " ".join(problem["message"] for problem in problems),
            code=problems[0]["code"] if len(problems) == 1 else "bad_arguments",
            hint=problems[0]["hint"],
            rows=problems,
        )
    data = next((value for value in told.get(DATA, ()) if value), "raw-materials")
    return Given(question.name, arguments, data)


def pairs_of(
    question: Question, arguments: Mapping[str, Any], data: str = "raw-materials"
) -> list[tuple[str, str]]:
    """Write arguments as an address asks with them; defaults are left out."""
    pairs: list[tuple[str, str]] = []
    for field in question.fields:
        value = arguments.get(field.keyword, field.default)
        if value == field.default or value in (None, ()):
            continue
        if field.kind == "years":
            pairs.append((field.name, f"{value[0]}-{value[-1]}"))
        elif field.several:
            pairs += [(field.name, str(one)) for one in value]
        else:
            pairs.append(
                (
                    field.name,
                    {True: "true", False: "false"}.get(value, str(value))
                    if field.kind == "flag"
                    else str(value),
                )
            )
    if data != "raw-materials":
        pairs.append((DATA, data))
    return pairs


def _unknown(name: str, known: list[str]) -> dict[str, str]:
    near = get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(known)}."
    return {
        "field": name,
        "code": "unknown_parameter",
        "message": f"There is no parameter {name!r}.",
        "hint": hint,
    }


def _problem(name: str, error: ArgumentError) -> dict[str, str]:
    return {"field": name, "code": error.code, "message": error.message, "hint": error.hint}


def _join_years(
    arguments: dict[str, Any], told: Mapping[str, list[str]], problems: list[dict[str, str]]
) -> None:
    """One year and a span are one argument of the function."""
    arguments.pop("year", None)
    try:
        arguments["years"] = chosen_years(_one(told.get("year", [])), _one(told.get("years", [])))
    except ArgumentError as error:
        problems[:] = [p for p in problems if p["field"] not in ("year", "years")]
        problems.append(_problem("years" if _one(told.get("years", [])) else "year", error))


def _one(values: Sequence[str]) -> str:
    return values[-1].strip() if values else ""


def _value(field: Field, values: list[str]) -> Any:  # noqa: ANN401  a value of any kind
    split = [word for value in values for word in _words(field, value)]
    if field.required and not split:
        raise ArgumentError(
            f"{field.name} is missing.", code="missing_argument", hint=f"Add {field.name}=... to the address."
        )
    if field.several:
        return tuple(dict.fromkeys(split))
    if len(split) > 1:
        raise ArgumentError(
            f"{field.name} was given {len(split)} times.", code="repeated_option", hint="Give it once."
        )
    if not split:
        return field.default
    return _READ.get(field.kind, _text)(field, split[0])


def _words(field: Field, value: str) -> list[str]:
    """Cut what was typed: several codes stand apart by spaces and commas; a name is taken whole."""
    if field.several and field.kind in ("actor", "product"):
        return value.replace(",", " ").replace("、", " ").split()
    return [value.strip()] if value.strip() else []


def _text(field: Field, value: str) -> str:
    return value


def _choice(field: Field, value: str) -> str:
    refuse_unknown_choice(field.name, value, [choice for choice in field.choices if choice])
    return value


def _flag(field: Field, value: str) -> bool:
    if value.lower() not in TRUE + FALSE:
        raise ArgumentError(
            f"{field.name} is {value!r}; expected true or false.",
            code="bad_value",
            hint=f"Write {field.name}=true, or leave it out.",
        )
    return value.lower() in TRUE


def _number(field: Field, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    least = -math.inf if field.least is None else field.least
    most = math.inf if field.most is None else field.most
    if not (math.isfinite(number) and least <= number <= most):
        raise ArgumentError(
            f"{field.name} is {value!r}; expected a number from {least:g} to {most:g}.",
            code="bad_value",
            hint=f"Write {field.name}={field.default if field.default is not None else field.most:g}.",
        )
    return number


def _whole(field: Field, value: str) -> int:
    number = _number(field, value)
    if number != int(number):
        raise ArgumentError(
            f"{field.name} is {value!r}; expected a whole number.",
            code="bad_value",
            hint=f"Write {field.name}={int(number)}.",
        )
    return int(number)


def _year(field: Field, value: str) -> int:
    return one_year(value)


def _day(field: Field, value: str) -> date | None:
    return chosen_day(value)


def _date(field: Field, value: str) -> date | None:
    return given_day(value)


def _later(field: Field, value: str) -> str:
    """Years are read together with the year."""
    return value


_READ: Mapping[str, Callable[[Field, str], Any]] = {
    "choice": _choice,
    "flag": _flag,
    "number": _number,
    "whole": _whole,
    "year": _year,
    "years": _later,
    "day": _day,
    "date": _date,
}
