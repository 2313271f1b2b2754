"""Tables beside the rows of a plan: shown in order, in both languages, at every width, and all of them in files."""

from __future__ import annotations

import io

import openpyxl
import pytest
from rich.cells import cell_len

import toy_plans
from friendshore.report.page import render as page
from friendshore.report.table_files import workbook_bytes
from friendshore.report.terminal import render


@pytest.fixture
def plan():
    return toy_plans.finding()


def test_decisions_come_first_then_what_is_missing_then_what_binds(plan):
    text = render(plan)
    places = [
        text.index(title) for title in ("hinges", "What is still missing", "Limits that bind", "Figures")
    ]
    assert places == sorted(places)
    assert "0-3" in text


def test_tables_left_to_files_are_named(plan):
    text = " ".join(render(plan).split())
    assert "more tables are not shown (sourcing, capacity" in text


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("width", [40, 60, 80, 100, 120])
def test_no_line_of_a_plan_is_wider_than_the_terminal(plan, width, lang):
    assert max(cell_len(line) for line in render(plan, lang=lang, width=width).splitlines()) <= width


def test_sentences_in_cells_are_in_the_readers_language(plan):
    assert "Japan" in render(plan)
    assert "日本" in render(plan, lang="ja")
    assert "備蓄" in render(plan, lang="ja")


def test_a_workbook_has_a_sheet_a_table(plan):
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(plan, "ja")))
    assert book.sheetnames == ["data", *plan.tables, "columns", "sources", "notes"]
    for name, table in plan.tables.items():
        lines = [[cell.value for cell in line] for line in book[name].iter_rows()]
        assert lines[0] == [column.name for column in table.columns]
        assert len(lines) == 2 + len(table.rows)
    assert book["capacity"]["C3"].value == 50
    assert "日本" in str(book["binding"]["B3"].value)


def test_the_page_of_a_plan_holds_all_tables(plan):
    html = page(plan)
    for title in ("Stock", "New capacity", "Limits that bind", "What is still missing"):
        assert f"<h2>{title}</h2>" in html
