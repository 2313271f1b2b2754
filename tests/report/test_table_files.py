from __future__ import annotations

import csv
import io
import re
import zipfile

import openpyxl
import pytest

import findings
from friendshore.records import Column
from friendshore.report.table_files import csv_text, workbook_bytes


def sheet(finding, name="data", *, values=False, lang="en"):
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(finding, lang)), data_only=values)
    return [[cell.value for cell in line] for line in book[name].iter_rows()]


def test_csv_holds_every_row_with_numbers_to_the_last_bit(exposure_finding):
    lines = list(csv.DictReader(io.StringIO(csv_text(exposure_finding))))
    assert len(lines) == len(exposure_finding.rows)
    for line, row in zip(lines, exposure_finding.rows, strict=True):
        for name, value in row.items():
            assert line[name] == "" if value is None else type(value)(line[name]) == value


def test_csv_text_that_looks_like_a_formula_gets_an_apostrophe_and_numbers_do_not():
    row = findings.row("JPN", "=1+1", "  @x", -5.0, 1e-7, -0.5, None, None, "+A", -0.2)
    (line,) = csv.DictReader(io.StringIO(csv_text(findings.finding([row]))))
    assert (line["product"], line["product_name"], line["top_supplier"]) == ("'=1+1", "'  @x", "'+A")
    assert (line["imports_usd"], line["imports_t"], line["net_import_reliance"]) == ("-5.0", "1e-07", "-0.2")


def test_csv_text_comes_back_as_it_was(hostile_finding):
    lines = list(csv.reader(io.StringIO(csv_text(hostile_finding), newline="")))[1:]
    assert len(lines) == len(findings.HOSTILE)
    for line, name in zip(lines, findings.HOSTILE, strict=True):
        assert line[1].removeprefix("'") == name.replace("\udcff", "\\udcff")


def test_no_csv_cell_of_hostile_text_starts_a_formula(hostile_finding):
    text = csv_text(hostile_finding)
    text.encode("utf-8")
    for line in csv.reader(io.StringIO(text, newline="")):
        for cell in line:
            assert not re.match(r"[\s\ufeff]*[=+\-@]", cell)
            assert not cell.startswith(("\t", "\r"))


def test_csv_knows_true_and_false(exposure_finding):
    columns = (Column(name="dependent", unit="", description=""),)
    finding = exposure_finding.model_copy(
        update={"columns": columns, "rows": ({"dependent": True}, {"dependent": None}, {"dependent": False})}
    )
    assert csv_text(finding) == 'dependent\ntrue\n""\nfalse\n'


def test_a_workbook_has_data_columns_sources_and_notes(exposure_finding):
    data = sheet(exposure_finding)
    names = [c.name for c in exposure_finding.columns]
    assert data[0][: len(names)] == names
    assert data[1][names.index("imports_usd")] == "USD"
    for line, row in zip(data[2:], exposure_finding.rows, strict=True):
        assert line[: len(names)] == list(row.values())
    assert [line[0] for line in sheet(exposure_finding, "columns")[1:]][: len(names)] == names
    (source,) = sheet(exposure_finding, "sources")[1:]
    assert source[0] == "baci"
    assert any("Etalab" in str(cell) for cell in source)
    assert source[-1].startswith("@misc{baci,")
    notes = sheet(exposure_finding, "notes")
    assert [
        "answer",
        "Products of which more than half came from CHN in 2024: USA 1/3, JPN 2/3.",
        None,
    ] in notes
    assert ["caveat", "3 links have unknown tons.", None] in notes
    assert ["assumption", "Every ton is alike.", "Kastner and others 2011"] in notes
    assert ["command", "friendshore exposure USA JPN --on CHN", None] in notes


def test_derived_columns_are_formulas_whose_stored_value_is_what_they_compute(exposure_finding):
    formulas, values = sheet(exposure_finding), sheet(exposure_finding, values=True)
    place = formulas[0].index("supplier_usd")
    seen = 0
    for formula, value, row in zip(formulas[2:], values[2:], exposure_finding.rows, strict=True):
        if row["supplier_share"] is None:
            assert formula[place] is None
            continue
        cells = re.fullmatch(r"=([A-Z]+)(\d+)\*([A-Z]+)(\d+)", formula[place])
        factors = [
            values[int(cells[n + 1]) - 1][openpyxl.utils.column_index_from_string(cells[n]) - 1]
            for n in (1, 3)
        ]
        assert factors == [row["imports_usd"], row["supplier_share"]]
        assert value[place] == pytest.approx(factors[0] * factors[1])
        seen += 1
    assert seen == 6


def test_a_derived_column_of_the_finding_keeps_its_own_value():
    names = ("supplied_usd", "imports_usd", "supplier_share")
    finding = findings.exposure().model_copy(
        update={
            "question": "leverage",
            "columns": tuple(Column(name=n, unit="", description="") for n in names),
            "rows": tuple(dict(zip(names, v, strict=True)) for v in ((1.0, 4.0, 0.25), (None, 4.0, None))),
        }
    )
    assert sheet(finding)[2:] == [[1, 4, "=A3/B3"], [None, 4, None]]
    assert sheet(finding, values=True)[2:] == [[1, 4, 0.25], [None, 4, None]]


def test_by_quantity_the_supplier_is_given_in_tons(exposure_finding):
    finding = exposure_finding.model_copy(update={"arguments": {"basis": "quantity"}})
    assert sheet(finding)[0][-1] == "supplier_t"


def test_hostile_text_in_a_workbook_is_text(hostile_finding):
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(hostile_finding)))
    first = book["data"]["B"]
    assert [cell.data_type for cell in first] == ["s", "n", *["s"] * len(findings.HOSTILE)]
    assert first[4].value == findings.HOSTILE[2]
    assert all(cell.hyperlink is None for line in book["data"].iter_rows() for cell in line)
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(hostile_finding))) as parts:
        formulas = re.findall(rb"<f>(.*?)</f>", parts.read("xl/worksheets/sheet1.xml"))
    assert formulas
    assert all(re.fullmatch(rb"[A-Z]+\d+\*[A-Z]+\d+", formula) for formula in formulas)


def test_a_text_longer_than_a_cell_is_cut_with_an_ellipsis(hostile_finding):
    longest = max(str(line[1]) for line in sheet(hostile_finding)[2:] if str(line[1]).startswith("long"))
    assert longest.endswith("…")


def test_the_same_finding_gives_the_same_bytes(exposure_finding, monkeypatch):
    once = workbook_bytes(exposure_finding)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert workbook_bytes(exposure_finding) == once
    with zipfile.ZipFile(io.BytesIO(once)) as parts:
        assert {part.date_time[0] for part in parts.infolist()} == {1980}
        assert b"1980-01-01T00:00:00Z" in parts.read("docProps/core.xml")


def test_notes_follow_the_language(exposure_finding):
    texts = [line[1] for line in sheet(exposure_finding, "notes", lang="ja")]
    assert "空欄は不明を示す。ゼロではない。" in texts
