"""The sheet as page, workbook and file for programs: safe, in both languages, and all numbers in each."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest

import toy_plans
from friendshore.answers.sheet import sheet
from friendshore.errors import ArgumentError, OutputError
from friendshore.records import Note
from friendshore.report.sheet import SCHEMA_VERSION, render, twin, write_sheet
from friendshore.report.sheet_book import book_bytes


@pytest.fixture
def made():
    finding = toy_plans.finding()
    return sheet(finding.model_copy(update={"summary": {**finding.summary, **toy_plans.compared()}}))


def test_the_page_loads_and_runs_nothing(made):
    html = render(made)
    assert "default-src 'none'" in html
    for sign in ("<script", "http://", "https://", "src=", "@import", "url("):
        assert sign not in html


def test_a_page_a_member_with_what_goes_to_the_table(made):
    html = render(made)
    assert html.count("<article") == 2
    for told in (
        "What it commits", "Trigger", "Walk-away value", "What it gets", "What is not known", "receives USD 35,000",
        "200 t, 61 days", "50.0 t in Australia", "100 t from Australia", "Japan USD 600,000",
        "2 of 3 commitments survive",
    ):  # fmt: skip
        assert told in html
    assert made.scenario_sha256[:16] in html


def test_the_japanese_page_has_no_english_sentence(made):
    html = render(made, "ja")
    body = html[html.index("<body>") : html.index("<footer>")]
    for told in ("約束すること", "備蓄", "離脱", "発動条件", "日本"):
        assert told in body
    assert not [word for word in ("What ", " year", "gives", "months", " the ") if word in body]


def test_names_from_outside_cannot_become_markup(made):
    hostile = made.model_copy(update={"title": "<script>alert(1)</script>", "scenario": "\u202ex"})
    html = render(hostile)
    assert "<script" not in html
    assert "\u202e" not in html


def test_the_file_for_programs_holds_every_number_and_the_scenarios_hash(made):
    told = json.loads(json.dumps(twin(made), allow_nan=False))
    assert (told["schema_version"], told["scenario"]["sha256"]) == (SCHEMA_VERSION, "ab" * 32)
    usa, japan = told["pages"]
    assert [one["quantity_t"] for one in japan["commitments"]] == [200.0, 50.0, 100.0]
    assert japan["commitments"][1]["payers"] == {"JPN": 600_000.0, "USA": 400_000.0}
    assert japan["commitments"][2]["hinges_on"] == "rule"
    assert usa["walk_away"]["settled_usd"]["owen"] == 35_000.0
    assert usa["triggers"][0]["gives"] == ["60.0 t of natural graphite, powder or flakes from stock to Japan"]
    assert (usa["triggers"][0]["struck"], usa["triggers"][0]["months"]) == (["JPN"], 12)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_workbook_has_a_sheet_a_member_with_numbers_as_numbers(made, lang):
    book = openpyxl.load_workbook(io.BytesIO(book_bytes(made, lang)))
    assert book.sheetnames == ["USA", "JPN", "sources"]
    cells = [[cell.value for cell in line] for line in book["JPN"].iter_rows()]
    assert 200 in [value for line in cells for value in line]
    assert any(line[6] == 600_000 for line in cells)
    assert book_bytes(made, lang) == book_bytes(made, lang)


def test_a_sheet_is_written_with_its_twin(made, tmp_path):
    page, beside = write_sheet(made, tmp_path / "talks.html", "ja")
    assert (page.name, beside.name) == ("talks.html", "talks.json")
    assert page.read_text("utf-8") == render(made, "ja")
    assert json.loads(beside.read_text("utf-8"))["kind"] == "friendshore sheet"
    write_sheet(made, tmp_path / "talks.xlsx")
    with pytest.raises(ArgumentError, match="ends in"):
        write_sheet(made, tmp_path / "talks.pdf")


def test_where_the_twin_cannot_go_nothing_is_written(made, tmp_path):
    (tmp_path / "talks.json").mkdir()
    with pytest.raises(OutputError):
        write_sheet(made, tmp_path / "talks.html")
    assert not (tmp_path / "talks.html").exists()


def test_what_does_not_fit_on_a_side_is_counted(made):
    page = made.pages[1]
    one = page.commitments[2]
    many = tuple(one.model_copy(update={"product": f"{n:06d}", "recommended": False}) for n in range(30))
    unknown = (Note(template="{named}", values={"named": "?"}),) * 9
    long = page.model_copy(update={"commitments": many, "gets": page.gets * 4, "unknown": unknown})
    html = render(made.model_copy(update={"pages": (long,)}))
    assert "Not shown, bought only: 16 products." in html
    assert "... and 3 more in the workbook." in html
