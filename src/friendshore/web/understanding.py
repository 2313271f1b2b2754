"""What people type into a form, as the codes that a question takes: Japan is JPN, graphite is 250410 or 250490.

Programs give codes; only pages read words. Nothing is guessed: a word that fits several things is asked back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from friendshore.errors import ArgumentError, FriendshoreError
from friendshore.report.words import say
from friendshore.web.fields import Field, Question

__all__ = ["in_codes", "named_as", "problem_rows"]

APART = re.compile(r"[,;、，；]+")
CODE = re.compile(r"\d{1,6}")
MOST_OFFERED = 12
Pairs = Sequence[tuple[str, str]]

SAID: Mapping[str, str] = {
    "missing_argument": "This is needed.",
    "bad_value": "{value} does not fit here.",
    "bad_choice": "{value} is none of the choices.",
    "bad_years": "{value} is no year; write 2024, or 2015-2024 for a span.",
    "years_reversed": "The years run backwards.",
    "conflicting_options": "Give one year or a span of years, not both.",
    "bad_date": "{value} is no day; write it as 2022-01-21.",
    "repeated_option": "Only one can be given here.",
    "unknown_country": "{value} is no country or bloc that is known here.",
    "unknown_bloc": "{value} is no country or bloc that is known here.",
    "unknown_product": "{value} is no product of these data.",
    "unknown_group": "There is no group {value}.",
    "unknown_scenario": "There is no scenario {value}.",
    "unknown_data": "There is no data set {value}.",
    "several_meant": "{value} can mean several; choose one.",
}
"""What people read beside a field, by the code of the failure."""
KINDS: Mapping[str, tuple[str, ...]] = {
    "unknown_country": ("actor", "bloc"),
    "unknown_bloc": ("bloc", "actor"),
    "bloc_without_members": ("actor", "bloc"),
    "unknown_product": ("product",),
    "unknown_group": ("group",),
    "group_not_in_data": ("group",),
    "unknown_scenario": ("scenario",),
}
"""Code of a failure that names no field -> kinds of field that it can be about."""


def in_codes(question: Question, query: Pairs) -> tuple[tuple[str, str], ...]:
    """Turn names into codes and leave out what says nothing: blanks, and what holds anyway.

    Raises
    ------
    ArgumentError
        ``several_meant`` with one row a field, whose ``found`` lists value and code of all that fit.
    """
    fields = {field.name: field for field in question.fields}
    told: list[tuple[str, str]] = []
    meant: list[tuple[str, str, list[str]]] = []
    for name, value in query:
        field = fields.get(name)
        if not value.strip() or (field is not None and value.strip() == _unsaid(field)):
            continue
        if field is None or field.kind not in _READ:
            told.append((name, value.strip()))
            continue
        codes, several = _READ[field.kind](value)
        told += [(name, code) for code in (codes if field.several else [" ".join(codes)])]
        meant += [(name, phrase, found) for phrase, found in several]
    if meant:
        problems = [_asked_back(name, phrase, found, told) for name, phrase, found in meant]
        problems += _other_problems(question, told, meant)
        raise ArgumentError(
            " ".join(problem["message"] for problem in problems),
            code="several_meant",
            hint="Choose one, or write its code.",
            rows=problems,
        )
    return tuple(told)


def _unsaid(field: Field) -> str:
    if field.default is None or isinstance(field.default, tuple):
        return ""
    if isinstance(field.default, bool):
        return str(field.default).lower()
    return f"{field.default:g}" if isinstance(field.default, float) else str(field.default)


def _asked_back(name: str, phrase: str, found: Sequence[str], told: Pairs) -> dict[str, Any]:
    """Offer each thing that may have been meant, with the address that then asks for it."""
    return {
        "field": name,
        "code": "several_meant",
        "message": f"{phrase!r} can mean {', '.join(found)}.",
        "hint": "Choose one, or write its code.",
        "value": phrase,
        "found": [
            (code, [(n, code if (n, value) == (name, phrase) else value) for n, value in told])
            for code in found
        ],
    }


def _other_problems(
    question: Question, told: Pairs, meant: Sequence[tuple[str, str, list[str]]]
) -> list[dict[str, Any]]:
    """Find what else is wrong, as if the first that fits had been meant: all is told at once."""
    from friendshore.web.parameters import given

    chosen = {(name, phrase): found[0] for name, phrase, found in meant}
    try:
        given(question, [(name, chosen.get((name, value), value)) for name, value in told])
    except ArgumentError as error:
        own = {field.name for field in question.fields}
        return [dict(row) for row in error.rows if row.get("field") in own]
    return []


Read = tuple[list[str], list[tuple[str, list[str]]]]
"""Codes in order (a word that was not understood stays as it is), and words that fit several."""


def _actors(value: str) -> Read:
    codes: list[str] = []
    for part in APART.split(value):
        codes += _longest_names(part.split())
    return codes, []


def _longest_names(words: Sequence[str]) -> Iterator[str]:
    """Read names of one word or several, the longest first: United States Japan are two."""
    start = 0
    while start < len(words):
        for end in range(len(words), start, -1):
            code = _actor(" ".join(words[start:end]))
            if code or end == start + 1:
                yield code or words[start]
                start = end
                break


def _actor(text: str) -> str:
    from friendshore.tables.blocs import find_bloc
    from friendshore.tables.countries import countries, find_country

    if text.upper() in countries():
        return text.upper()
    bloc = find_bloc(text)
    if bloc is not None:
        return bloc.id
    country = find_country(text)
    return country.iso3 if country is not None else ""


def _products(value: str) -> Read:
    from friendshore.tables.products import find_products

    codes: list[str] = []
    several: list[tuple[str, list[str]]] = []
    for phrase in _phrases(value):
        found = [] if CODE.fullmatch(phrase) else [product.code for product in find_products(phrase)]
        codes.append(found[0] if len(found) == 1 else phrase)
        if len(found) > 1:
            several.append((phrase, found[:MOST_OFFERED]))
    return codes, several


def _phrases(value: str) -> Iterator[str]:
    """Cut into codes and the words between them, which together name one product."""
    for part in APART.split(value):
        held: list[str] = []
        for word in part.split():
            if CODE.fullmatch(word):
                if held:
                    yield " ".join(held)
                held = []
                yield word
            else:
                held.append(word)
        if held:
            yield " ".join(held)


_READ = {"actor": _actors, "bloc": _actors, "product": _products}


def named_as(field: Field, value: str, lang: str) -> str:
    """Write the names of codes in a field, for the reader to see what was understood."""
    from friendshore.tables.blocs import blocs
    from friendshore.tables.countries import countries, country_name
    from friendshore.tables.products import product_name, products

    names = []
    for word in value.replace(",", " ").split():
        if field.kind == "product" and word in products():
            names.append(product_name(word, lang))
        elif field.kind in ("actor", "bloc") and word in countries():
            names.append(country_name(word, lang))
        elif field.kind in ("actor", "bloc") and word in blocs():
            names.append(blocs()[word].name(lang))
    return ("、" if lang == "ja" else ", ").join(names)


def problem_rows(
    question: Question | None, query: Pairs, error: FriendshoreError, lang: str
) -> dict[str, dict[str, Any]]:
    """Say beside each field what is wrong with it, in the reader's language.

    A failure that names no field is put beside the one whose value it quotes.
    """
    rows = [dict(row) for row in error.rows if row.get("field") and row.get("message")]
    if not rows and question is not None:
        rows = [
            {"field": name, "code": error.code, "message": error.message, "hint": error.hint, "value": value}
            for name, value in _blamed(question, query, error)
        ]
    given = {name: value for name, value in query if value.strip()}
    for row in rows:
        value = str(row.get("value") or given.get(row["field"], ""))
        row["value"] = value
        template = SAID.get(str(row.get("code")))
        if template:
            row["hint"] = _hint(row, question, lang)
            row["message"] = say(template, lang, value=value)
    return {str(row["field"]): row for row in rows}


def _blamed(question: Question, query: Pairs, error: FriendshoreError) -> Iterator[tuple[str, str]]:
    kinds = KINDS.get(error.code, ())
    fields = {field.name: field for field in question.fields if field.kind in kinds}
    for name, value in query:
        if name not in fields:
            continue
        words = [value] if fields[name].kind not in _READ else value.replace(",", " ").split()
        wrong = [word for word in words if repr(word) in error.message or f" {word} " in f" {error.message} "]
        if wrong:
            yield name, ", ".join(wrong)


def _hint(row: Mapping[str, Any], question: Question | None, lang: str) -> str:
    """Say how to mend it: the limits of a number, or what was probably meant."""
    field = next((one for one in question.fields if one.name == row["field"]), None) if question else None
    if (
        row["code"] == "bad_value"
        and field is not None
        and field.least is not None
        and field.most is not None
    ):
        return say("A number from {least} to {most}.", lang, least=f"{field.least:g}", most=f"{field.most:g}")
    if row["code"] in (
        "unknown_country",
        "unknown_bloc",
        "unknown_product",
        "unknown_scenario",
        "unknown_group",
    ):
        near = re.search(r"Did you mean ([^?]+)\?|Write (\w+)\.", str(row.get("hint", "")))
        if near:
            return say("Perhaps {near}?", lang, near=near[1] or near[2])
        return str(row.get("hint", "")) if lang == "en" and row["code"] == "unknown_product" else ""
    return ""
