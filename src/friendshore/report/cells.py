"""What a reader meets in a table: which columns, in which size, written how. Shared by terminal and page."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from friendshore.records import Column, Finding, Note
from friendshore.report.words import (
    AMOUNTS,
    BARE,
    heading,
    number,
    percent,
    say,
    scale_of,
    significant,
    term,
    translate,
)
from friendshore.tables.schemas import schema, tables

__all__ = [
    "Shown",
    "constants",
    "joined",
    "printable",
    "qualifications",
    "shown_columns",
    "summary_lines",
    "unit_of",
]

_NUMERIC = (int, float)
_TERMS = frozenset(("action", "objective", "part", "reaction", "sharing", "status", "type"))
"""Columns and figures whose words are a closed list, translated under the column's name."""
MOST_LISTED = 40
MOST_MAPPED = 3
"""Entries of a list in a figure and of a map in a cell that are shown to people."""


def printable(text: object) -> str:
    r"""Make control characters visible, so that no name in the data can steer a terminal or hide itself.

    >>> printable("CHN\x1b[31m"), printable("a\u202eb"), printable("中国 🇯🇵")
    ('CHN\\x1b[31m', 'a\\u202eb', '中国 🇯🇵')
    """
    return "".join(
        character
        # Cc controls, Cf direction marks and other invisibles, Cs surrogates, Zl and Zp line separators;
        # the joiner and the selectors that hold emoji together may stay.
        if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} or character == "\u200d"
        else character.encode("unicode_escape").decode("ascii")
        for character in str(text)
    )


LISTED = frozenset(("measures", "read"))
"""Questions whose cells hold lists of words, joined for people and for CSV."""


def joined(finding: Finding) -> Finding:
    """Join the lists in the cells of a finding; JSON keeps them."""
    if finding.question not in LISTED:
        return finding
    rows = tuple(
        {
            key: ("; ".join(map(str, value)) or None) if isinstance(value, list | tuple) else value
            for key, value in row.items()
        }
        for row in finding.rows
    )
    return finding.model_copy(update={"rows": rows})


@dataclass(frozen=True)
class Shown:
    """One column as people see it: a header with its unit, and finished cells."""

    names: tuple[str, ...]
    """The columns of the finding that it shows: one, both ends of an interval, or a code and its name."""
    head: str
    unit: str
    cells: tuple[str, ...]
    numeric: bool


def unit_of(column: Column) -> str:
    """Return the unit by which a column's values are written; years are written without separators."""
    return "year" if column.name == "year" else column.unit


def constants(finding: Finding) -> dict[str, Any]:
    """Find the words and codes that are the same in every row; they are said once, above the table."""
    if len(finding.rows) < 2:
        return {}
    same = {}
    for column in finding.columns:
        first = finding.rows[0][column.name]
        if not isinstance(first, float) and all(row[column.name] == first for row in finding.rows):
            same[column.name] = first
    return same


def shown_columns(finding: Finding, lang: str, *, skip: Mapping[str, Any] | None = None) -> list[Shown]:
    """Turn a finding's rows into columns of finished text.

    ``*_low`` and ``*_high`` side by side become one interval; ``product`` and ``product_name`` become one
    column, ``supplier`` and ``host`` of a decision too; sizes of dollars and tons are chosen for a whole
    column, so that the unit stands in the header.
    """
    left = [column for column in finding.columns if column.name not in (skip or {})]
    names = [column.name for column in left]
    shown: list[Shown] = []
    taken: set[str] = set()
    for column in left:
        if column.name in taken:
            continue
        stem = column.name.removesuffix("_low")
        if column.name.endswith("_low") and f"{stem}_high" in names:
            taken.add(f"{stem}_high")
            shown.append(_interval_column(finding, stem, column.unit, lang))
        elif column.name == "supplier" and "host" in names:
            taken.add("host")
            shown.append(_place_column(finding, lang))
        elif column.name == "name_en" and "name_ja" in names:
            taken.add("name_ja")
            shown.append(
                replace(_plain_column(finding, f"name_{lang}", "", lang), head=heading("name", lang))
            )
        elif f"{column.name}_name" in names and column.unit != "share":
            taken.add(f"{column.name}_name")
            shown.append(_named_column(finding, column.name, lang))
        else:
            shown.append(_plain_column(finding, column.name, unit_of(column), lang))
    return shown


def _plain_column(finding: Finding, name: str, unit: str, lang: str) -> Shown:
    values = [translate(v, lang) if isinstance(v, Note) else v for v in (row[name] for row in finding.rows)]
    numeric = any(isinstance(v, _NUMERIC) and not isinstance(v, bool) for v in values)
    if not numeric or unit == "year":
        words = not unit and all(v is None or isinstance(v, str) for v in values)
        # Words that are not there (a note, a last day) are no unknown number.
        told = tuple(
            "–" if v is None and words else printable(number(_word(name, v, lang), unit, lang))
            for v in values
        )
        return Shown((name,), heading(name, lang), "", told, numeric)
    size, word = scale_of([v for v in values if isinstance(v, _NUMERIC)], unit, lang)
    word = "" if word in BARE else word
    cells = tuple(_scaled(v, size, word, lang) for v in values)
    return Shown((name,), heading(name, lang), word, cells, numeric=True)


def _scaled(value: Any, size: float, word: str, lang: str) -> str:  # noqa: ANN401  a cell has every type
    if not isinstance(value, _NUMERIC) or isinstance(value, bool):
        return printable(number(value, "", lang))
    if word == "%":
        return percent(value)
    if isinstance(value, int) and size == 1.0:
        return f"{value:,}"
    # In a column whose unit is millions, a hundred dollars are "less than 0.01" and not six decimals.
    if word in AMOUNTS and 0 < abs(value) < 0.01 * size:
        return "<0.01" if value > 0 else ">-0.01"
    return significant(value / size)


def _interval_column(finding: Finding, stem: str, unit: str, lang: str) -> Shown:
    low, high = f"{stem}_low", f"{stem}_high"
    every = [row[name] for row in finding.rows for name in (low, high) if row[name] is not None]
    size, word = scale_of(every, unit, lang)
    to = "～" if lang == "ja" else " to "
    cells = []
    for row in finding.rows:
        ends = [_scaled(row[name], size, word, lang) for name in (low, high)]
        cells.append(ends[0] if ends[0] == ends[1] else to.join(ends))
    head = say("{column} (low to high)", lang, column=heading(stem, lang))
    return Shown((low, high), head, "" if word in BARE else word, tuple(cells), numeric=True)


def _named_column(finding: Finding, name: str, lang: str) -> Shown:
    cells = []
    for row in finding.rows:
        code = row[name]
        label = _label(name, code, row[f"{name}_name"], lang)
        told = number(code, "", lang) if code is None or not label or label == code else f"{code} {label}"
        cells.append(printable(told))
    return Shown((name, f"{name}_name"), heading(name, lang), "", tuple(cells), numeric=False)


def _place_column(finding: Finding, lang: str) -> Shown:
    """Join from whom and where: a decision has one of them."""
    cells = tuple(printable(row["supplier"] or row["host"] or "–") for row in finding.rows)
    return Shown(("supplier", "host"), say("supplier or host", lang), "", cells, numeric=False)


def _word(name: str, value: Any, lang: str) -> Any:  # noqa: ANN401  a cell
    """Materials and stages in the reader's language; other words are codes and stay as they are."""
    if isinstance(value, Mapping):
        return _map(value)
    if lang == "en" or not isinstance(value, str):
        return value
    if name == "material":
        from friendshore.tables.materials import materials

        return materials()[value].label_ja if value in materials() else value
    if name in {"stage", "stages_measured", "stages_not_measurable"}:
        return "、".join(term(part, "stage", lang) for part in value.split("; "))
    return term(value, name, lang) if name in _TERMS else value


def _map(value: Mapping[str, Any]) -> str:
    """Write a map of shares by its largest entries, another one by its keys; files hold all of it."""
    if not all(isinstance(part, int | float) for part in value.values()):
        return ", ".join(map(str, value))
    ranked = sorted(value.items(), key=lambda entry: (-entry[1], entry[0]))
    shown = [f"{key} {percent(part)} %" for key, part in ranked[:MOST_MAPPED]]
    return ", ".join([*shown, *(["..."] if len(ranked) > MOST_MAPPED else [])])


def _label(name: str, code: Any, label: Any, lang: str) -> Any:  # noqa: ANN401  cells
    """Name of a code in the reader's language; findings carry the English one."""
    if lang == "en" or not isinstance(code, str):
        return label
    from friendshore.tables.countries import country_name
    from friendshore.tables.products import product_name, products

    if name == "product":
        return product_name(code, lang) if code in products() else label
    return country_name(code, lang) if name in {"origin", "country", "supplier"} else label


def summary_lines(
    summary: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    lang: str,
    units: Mapping[str, str] | None = None,
) -> list[str]:
    """Write the figures that belong to no row, one a line; nested ones are joined."""
    if not isinstance(summary, Mapping):
        return [_summary_value(record, lang, "", units or {}) for record in summary]
    lines = []
    for name, value in summary.items():
        parts = (
            value if isinstance(value, list | tuple) and value and isinstance(value[0], Mapping) else [value]
        )
        lines += [f"{heading(name, lang)}: {_summary_value(part, lang, name, units or {})}" for part in parts]
    return lines


def _summary_value(value: Any, lang: str, name: str, units: Mapping[str, str]) -> str:  # noqa: ANN401  any JSON
    if isinstance(value, Mapping):
        if len(value) == 2 and isinstance(next(iter(value.values())), str):
            # Who, and how much.
            return " ".join(_summary_value(v, lang, str(k), units) for k, v in value.items())
        # What is told by member or by mechanism bears the unit of the whole.
        inner = {str(k): units.get(str(k), units.get(name, "")) for k in value}
        return "; ".join(
            f"{heading(str(k), lang)} {_summary_value(v, lang, str(k), {**units, **inner})}"
            for k, v in value.items()
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        shown = [_summary_value(v, lang, name, units) for v in value[:MOST_LISTED]]
        return ", ".join([*shown, *(["..."] if len(value) > MOST_LISTED else [])]) or say("none", lang)
    unit = "year" if name in {"year", "years", "replaced"} else units.get(name, "")
    return printable(number(_word(name, value, lang), unit, lang))


def qualifications(finding: Finding, lang: str) -> list[tuple[str, list[str]]]:
    """Everything that qualifies the rows, in the order in which it matters: title and lines of each block."""
    assumed = [
        say(
            "{text} (source: {source})",
            lang,
            text=a.text,
            source=say("none", lang) if a.source == "none" else a.source,
        )
        for a in finding.assumptions
    ]
    cited = [
        say(
            "{citation} Licence: {licence}.",
            lang,
            citation=_sentence(s.citation or s.title),
            licence=s.licence or "n/a",
        )
        for s in finding.sources
    ]
    blocks = [
        (say("Figures", lang), summary_lines(finding.summary, lang, _units(finding.question))),
        (say("Caveats", lang), [translate(note, lang) for note in finding.caveats]),
        (say("Assumptions", lang), assumed),
        (say("Sources", lang), cited),
    ]
    return [(title, lines) for title, lines in blocks if lines]


def _units(question: str) -> Mapping[str, str]:
    """Units of the figures of a question's summary, where the dictionary describes them."""
    table = f"{question}_summary"
    return {rule.name: rule.unit for rule in schema(table)} if table in tables() else {}


def _sentence(text: str) -> str:
    return text if text.endswith((".", "。")) else f"{text}."
