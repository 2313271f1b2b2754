"""The ask-and-offer sheet as a workbook: a sheet a member, every commitment a line with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from friendshore.planning.sheet_records import Commitment, Sheet, SheetPage
from friendshore.report.cells import printable
from friendshore.report.sheet_page import hinge, money, shares
from friendshore.report.table_files import any_cell, text_cell
from friendshore.report.words import heading, say, term, translate, words_in

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["book_bytes"]

COLUMNS = (
    "action", "product", "product_name", "supplier", "quantity_t", "cover_days", "once_usd", "cost_usd",
    "recommended", "hinges_on",
)  # fmt: skip
WIDTHS = (10, 10, 34, 16, 14, 12, 14, 14, 12, 40)


def book_bytes(sheet: Sheet, lang: str = "en") -> bytes:
    """Write the workbook; the same sheet gives the same bytes."""
    from xlsxwriter.workbook import Workbook

    out = BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "friendshore", "author": "", "created": datetime(1980, 1, 1, tzinfo=UTC)})
    for page in sheet.pages:
        _page(book, page, sheet, lang)
    _about(book, sheet, lang)
    book.close()
    return out.getvalue()


def _page(book: Workbook, page: SheetPage, sheet: Sheet, lang: str) -> None:
    words = words_in(lang)
    bold = book.add_format({"bold": True, "bottom": 1})
    large = book.add_format({"bold": True, "font_size": 14})
    # A sheet's name may hold 31 characters, and none of these.
    target = book.add_worksheet("".join("_" if sign in "[]:*?/\\'" else sign for sign in page.member)[:31])
    for number, width in enumerate(WIDTHS):
        target.set_column(number, number, width)
    text_cell(target, 0, 0, words.name(page.member), large)
    text_cell(target, 1, 0, f"{say('Ask and offer', lang)}: {printable(sheet.title)}")
    line = _commitments(target, book, page, lang, 3, bold)
    line = _pairs(target, line + 1, say("Money", lang), money(page, sheet, words), bold)
    told = [(row["rule"], row["part"], row["settled"]) for row in shares(page, words)]
    if told:
        heads = (
            say("Gain shared by", lang),
            say("It loses by leaving, a year", lang),
            say("To settle, a year", lang),
        )
        line = _pairs(target, line + 1, say("Walk-away value", lang), [heads, *told], bold)
    line = _triggers(target, line + 1, page, lang, bold)
    for head, notes in (
        (say("What it gets", lang), page.gets),
        (say("What is not known", lang), page.unknown),
    ):
        line = _pairs(target, line + 1, head, [(translate(note, lang),) for note in notes], bold)
    target.set_landscape()
    target.set_paper(9)
    target.fit_to_pages(1, 0)


def _commitments(
    target: Worksheet, book: Workbook, page: SheetPage, lang: str, line: int, bold: Format
) -> int:
    """Write the commitments and return the line after them."""
    shape = {"t": "#,##0.#", "usd": "#,##0", "days": "0"}
    formats = {name: book.add_format({"num_format": told}) for name, told in shape.items()}
    for number, name in enumerate(COLUMNS):
        unit = {"t": " (t)", "usd": " (USD)"}.get(name.split("_")[-1], "")
        head = say("supplier or host", lang) if name == "supplier" else heading(name, lang) + unit
        text_cell(target, line, number, head, bold)
    for one in page.commitments:
        line += 1
        for number, (name, value) in enumerate(zip(COLUMNS, _cells(one, lang), strict=True)):
            any_cell(target, line, number, value, formats.get(name.split("_")[-1]))
    return line + 1


def _cells(one: Commitment, lang: str) -> list[Any]:
    action = one.action if lang == "en" else term(one.action, "action", lang)
    return [
        action, one.product, words_in(lang).product(one.product), one.place, one.quantity_t, one.cover_days,
        one.once_usd, one.yearly_usd, one.recommended, hinge(one, lang),
    ]  # fmt: skip


def _pairs(target: Worksheet, line: int, head: str, rows: Sequence[Sequence[str]], bold: Format) -> int:
    """Write lines of text under a head; the first cell of several leaves room for its words."""
    text_cell(target, line, 0, head, bold)
    for row in rows:
        line += 1
        for number, text in enumerate(row):
            text_cell(target, line, (0, 3, 5)[number], printable(text))
    return line + 1


def _triggers(target: Worksheet, line: int, page: SheetPage, lang: str, bold: Format) -> int:
    """Write the cases, what is then given and what comes."""
    words = words_in(lang)
    heads = (say("Trigger", lang), say("Supply falls for", lang), say("It gives", lang), say("It gets", lang))
    for number, head in zip((0, 3, 4, 9), heads, strict=True):
        text_cell(target, line, number, head, bold)
    for case in page.cases:
        line += 1
        told = (
            words.say("{case}, {months} months", case=printable(case.name), months=str(case.months)),
            words.listed([words.name(name) for name in case.struck]),
            *("; ".join(translate(note, lang) for note in notes) for notes in (case.gives, case.gets)),
        )
        for number, text in zip((0, 3, 4, 9), told, strict=True):
            text_cell(target, line, number, printable(text))
    return line + 1


def _about(book: Workbook, sheet: Sheet, lang: str) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    target = book.add_worksheet("sources")
    target.set_column(0, 0, 18)
    target.set_column(1, 1, 110)
    rows = [
        ("answer", translate(sheet.answer, lang)), ("scenario", sheet.scenario), ("sha256", sheet.scenario_sha256),
        ("data", sheet.data), ("objective", sheet.objective), ("status", sheet.status), ("command", sheet.command),
        *((source.id, f"{source.citation or source.title} {source.licence}") for source in sheet.sources),
    ]  # fmt: skip
    for line, (name, text) in enumerate(rows):
        text_cell(target, line, 0, name, bold)
        text_cell(target, line, 1, printable(text))
