"""A finding as CSV and as a workbook.

CSV holds the rows and nothing else, in UTF-8 without a byte-order mark; an empty cell is unknown. A cell of
text that a spreadsheet would take for a formula (it starts with ``= + - @``, a tab or a line break) is
written with an apostrophe before it; numbers are never touched. A workbook needs no such mark: its texts are
stored as texts, and its only formulas are those listed here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from friendshore.errors import OutputError
from friendshore.records import Column, Finding, Note, Table
from friendshore.report.cells import joined
from friendshore.report.words import check_language, say, translate
from friendshore.tables.sources import bibtex

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["any_cell", "csv_text", "text_cell", "workbook_bytes"]

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
_LONGEST = 32_767
"""Characters in a cell of a workbook."""
_MOST_ROWS = 1_048_576 - 3
_FIRST_ROW = 2
"""Rows above the data: names, units."""

_FORMULAS: Mapping[str, Mapping[str, str]] = {
    "leverage": {"supplier_share": "{supplied_usd}/{imports_usd}"},
    "rules": {"score": "{hhi}*{import_risk}"},
}
"""Question -> column of the finding that follows from others in its row -> how."""

_ADDED: Mapping[str, tuple[tuple[str, str, str, str, str], ...]] = {
    "exposure": (
        (
            "value",
            "supplier_usd",
            "USD",
            "{imports_usd}*{supplier_share}",
            "Imports directly from the chosen suppliers.",
        ),
        (
            "quantity",
            "supplier_t",
            "t",
            "{imports_t}*{supplier_share}",
            "Imports directly from the chosen suppliers.",
        ),
    )
}
"""Question -> (basis, name, unit, formula, description) of columns that only the workbook has."""


def csv_text(finding: Finding) -> str:
    """Write the rows as CSV (RFC 4180, lines end in a line feed)."""
    finding = joined(finding)
    names = [column.name for column in finding.columns]
    lines = [names, *([_csv_cell(row[name]) for name in names] for row in finding.rows)]
    # A line of one empty cell would be no line at all.
    return "".join((",".join(map(_quoted, line)) or '""') + "\n" for line in lines)


def _quoted(cell: str) -> str:
    """Quote a cell that holds a separator, a quotation mark or any line break, carriage returns included."""
    return '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in ',"\r\n') else cell


def _csv_cell(value: Any) -> str:  # noqa: ANN401  a cell has every type
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(float(value))
    text = _text_of(value)
    # Lone surrogates cannot be written in UTF-8; a byte-order mark or blanks before "=" do not save a sheet.
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    risky = isinstance(value, str) and text.lstrip(" \ufeff").startswith(_RISKY)
    return f"'{text}" if risky else text


def workbook_bytes(finding: Finding, lang: str = "en") -> bytes:
    """Write a workbook with the sheets ``data``, one for each further table, ``columns``, ``sources`` and ``notes``.

    Parameters
    ----------
    finding
        The answer.
    lang
        Language of the sentences.

    Returns
    -------
    bytes
        An XLSX file; the same finding gives the same bytes.

    Raises
    ------
    OutputError
        ``too_many_rows`` above what a sheet can hold.
    """
    from xlsxwriter.workbook import Workbook

    check_language(lang)
    finding = joined(finding)
    most = max(len(rows) for rows in (finding.rows, *(table.rows for table in finding.tables.values())))
    if most > _MOST_ROWS:
        raise OutputError(
            f"A sheet holds {_MOST_ROWS:,} rows and the answer has {most:,}.",
            code="too_many_rows",
            hint="Write .csv, or ask for fewer years or products.",
        )
    out = BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    # A clock in the file would make the same answer differ from day to day.
    book.set_properties({"title": "friendshore", "author": "", "created": datetime(1980, 1, 1, tzinfo=UTC)})
    bold = book.add_format({"bold": True, "bottom": 1})
    columns = [*finding.columns, *_added(finding)]
    rules = dict(_formulas(finding))
    _data_sheet(book.add_worksheet("data"), book, finding.rows, columns, rules, lang)
    for name, table in finding.tables.items():
        _data_sheet(book.add_worksheet(name), book, table.rows, table.columns, {}, lang)
    _columns_sheet(book, columns, finding.tables, rules, bold)
    _sources_sheet(book, finding, bold)
    _notes_sheet(book, finding, bold, lang)
    book.close()
    return out.getvalue()


def _formulas(finding: Finding) -> list[tuple[str, str]]:
    """Columns of the finding and of the workbook that follow from others, with their formulas."""
    names = {column.name for column in finding.columns}
    own = list(_FORMULAS.get(finding.question, {}).items())
    basis = finding.arguments.get("basis", "value")
    added = [(name, rule) for b, name, _, rule, _ in _ADDED.get(finding.question, ()) if b == basis]
    return [(name, rule) for name, rule in own + added if set(re.findall(r"{(\w+)}", rule)) <= names]


def _added(finding: Finding) -> list[Column]:
    rules = dict(_formulas(finding))
    return [
        Column(name=name, unit=unit, description=description)
        for _, name, unit, _, description in _ADDED.get(finding.question, ())
        if name in rules
    ]


def _data_sheet(
    sheet: Worksheet,
    book: Workbook,
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[Column],
    rules: Mapping[str, str],
    lang: str,
) -> None:
    """Write rows, with names and units above them."""
    bold = book.add_format({"bold": True, "bottom": 1})
    unit = book.add_format({"italic": True, "font_color": "#5B6268"})
    shown_as = {"share": "0.0%", "USD": "#,##0", "t": "#,##0.###"}
    formats = {name: book.add_format({"num_format": shape}) for name, shape in shown_as.items()}
    place = {column.name: number for number, column in enumerate(columns)}
    for number, column in enumerate(columns):
        text_cell(sheet, 0, number, column.name, bold)
        text_cell(sheet, 1, number, column.unit, unit)
        sheet.write_comment(0, number, column.description, {"author": ""})
        sheet.set_column(number, number, max(10, min(24, len(column.name) + 2)))
        for line, row in enumerate(rows, start=_FIRST_ROW):
            style = formats.get(column.unit)
            if column.name in rules:
                _formula(sheet, (line, number), rules[column.name], row, place, style, column.name)
            else:
                value = row[column.name]
                any_cell(
                    sheet, line, number, translate(value, lang) if isinstance(value, Note) else value, style
                )
    sheet.freeze_panes(_FIRST_ROW, 0)
    if rows:
        sheet.autofilter(1, 0, len(rows) + 1, len(columns) - 1)


def _formula(
    sheet: Worksheet,
    at: tuple[int, int],
    rule: str,
    row: Mapping[str, Any],
    place: Mapping[str, int],
    style: Format | None,
    name: str,
) -> None:
    """Write a formula with the value it has; where the value is unknown, the cell stays empty."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    inputs = {field: row[field] for field in re.findall(r"{(\w+)}", rule)}
    value = row[name] if name in row else _product(inputs.values())
    if value is None or None in inputs.values():
        any_cell(sheet, *at, value, style)
        return
    cells = {field: xl_rowcol_to_cell(at[0], place[field]) for field in inputs}
    sheet.write_formula(*at, "=" + rule.format(**cells), style, value)


def _product(values: Any) -> float | None:  # noqa: ANN401  an iterable of cells
    """Value of an added column, stored beside its formula for programs that do not calculate."""
    result = 1.0
    for value in values:
        if value is None:
            return None
        result *= value
    return result


def any_cell(sheet: Worksheet, line: int, number: int, value: Any, style: Format | None) -> None:  # noqa: ANN401  cells have every type
    """Write a cell by its type; an unknown one stays empty."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, number, value, style)
    elif isinstance(value, int | float):
        sheet.write_number(line, number, value, style)
    else:
        text_cell(sheet, line, number, _text_of(value))


def _text_of(value: Any) -> str:  # noqa: ANN401  a cell
    """Write a map or list as JSON, which other programs read; words stay words."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping | list | tuple) else str(value)


def text_cell(sheet: Worksheet, line: int, number: int, text: str, style: Format | None = None) -> None:
    """Write text as text, whatever it looks like; what is longer than a cell ends in an ellipsis."""
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    if len(text.encode("utf-16-le")) // 2 > _LONGEST:
        text = text[: _LONGEST // 2] + "…"
    if text:
        sheet.write_string(line, number, text, style)


def _columns_sheet(
    book: Workbook,
    columns: Sequence[Column],
    tables: Mapping[str, Table],
    rules: Mapping[str, str],
    bold: Format,
) -> None:
    sheet = book.add_worksheet("columns")
    lines = [
        (c.name, c.unit, c.description, re.sub(r"[{}]", "", rules[c.name]) if c.name in rules else "")
        for c in columns
    ]
    lines += [
        (f"{name}: {c.name}", c.unit, c.description, "") for name, t in tables.items() for c in t.columns
    ]
    _table(sheet, ("name", "unit", "description", "formula"), lines, bold, (28, 10, 90, 34))


def _sources_sheet(book: Workbook, finding: Finding, bold: Format) -> None:
    sheet = book.add_worksheet("sources")
    names = ("id", "producer", "title", "version", "accessed", "licence", "citation", "url", "sha256", "note")
    lines = [(*(getattr(source, name) for name in names), bibtex([source])) for source in finding.sources]
    _table(sheet, (*names, "bibtex"), lines, bold, (14, 16, 40, 12, 12, 26, 60, 30, 20, 40, 60))


def _notes_sheet(book: Workbook, finding: Finding, bold: Format, lang: str) -> None:
    sheet = book.add_worksheet("notes")
    lines = [("answer", translate(finding.answer, lang), "")]
    if isinstance(finding.summary, Mapping):
        lines += [("summary", str(key), str(value)) for key, value in finding.summary.items()]
    else:
        lines += [("summary", "", json.dumps(dict(record), ensure_ascii=False)) for record in finding.summary]
    lines += [("caveat", translate(note, lang), "") for note in finding.caveats]
    lines += [("assumption", translate(a.text, lang), a.source) for a in finding.assumptions]
    lines += [("argument", str(key), str(value)) for key, value in finding.arguments.items()]
    lines += [("command", finding.command, "")] if finding.command else []
    lines += [("reading", say("An empty cell is unknown, which is never zero.", lang), "")]
    _table(sheet, ("kind", "text", "source or value"), lines, bold, (12, 100, 60))


def _table(
    sheet: Worksheet,
    names: Sequence[str],
    lines: Sequence[Sequence[str]],
    bold: Format,
    widths: Sequence[int],
) -> None:
    for number, (name, width) in enumerate(zip(names, widths, strict=True)):
        sheet.set_column(number, number, width)
        text_cell(sheet, 0, number, name, bold)
        for line, cells in enumerate(lines, start=1):
            text_cell(sheet, line, number, cells[number])
    sheet.freeze_panes(1, 0)
