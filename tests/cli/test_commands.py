"""Every command on a folder of toy tables: the JSON contract, the files, and what stands on stdout."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from rich.cells import cell_len

from friendshore import answers
from friendshore.report.envelope import envelope
from friendshore.report.table_files import csv_text

ENVELOPE = ["ok", "question", "arguments", "columns", "answer", "rows", "sources", "assumptions", "caveats"]
REQUIRED = {
    "exposure": "year product importer imports_usd imports_t supplier_share supplier_share_traced_low "
    "supplier_share_traced_high import_hhi world_export_hhi top_supplier top_supplier_share net_import_reliance",
    "rules": "year product importer rule dependent cdi1 cdi2 cdi3_total cdi3_extra import_hhi world_export_hhi "
    "import_export_ratio years_met material hhi import_risk score characterisation_factor",
    "trace": "origin face_value_share traced_share_low traced_share_high traced_t",
    "leverage": "year product importer supplier",
    "blocs": "bloc country since until source",
    "products": "kind code name_en name_ja in_data note",
    "data list": "name hs years sources",
    "data check": "table line field got expected",
}
QUESTIONS = {
    "exposure": ("exposure", "USA", "JPN", "--on", "CHN", "--product", "284690", "280530"),
    "rules": ("rules", "JPN", "--year", "2022"),
    "trace": ("trace", "JPN", "--product", "284690", "--year", "2022"),
    "leverage": ("leverage", "JPN", "CHN", "--year", "2022"),
    "blocs": ("blocs", "EU", "--on", "2019-12-31"),
    "products": ("products", "rare", "earth"),
    "data list": ("data", "list"),
    "data check": ("data", "check"),
}


@pytest.fixture(params=QUESTIONS)
def asked(request, run, toy):
    return request.param, run(*QUESTIONS[request.param], "--data", toy, "--json")


def test_success_is_one_json_object_with_the_agreed_keys(asked):
    name, told = asked
    assert told.code == 0
    assert [key for key in told.json if key not in ("summary", "tables")] == ENVELOPE
    assert set(told.json.get("tables", ())) == ({"links"} if name == "trace" else set())
    assert told.json["ok"] is True
    columns = [column["name"] for column in told.json["columns"]]
    assert set(REQUIRED[name].split()) <= set(columns)
    assert all(list(row) == columns for row in told.json["rows"])
    assert all(column["description"] for column in told.json["columns"])
    assert isinstance(told.json["answer"], str)
    assert all(isinstance(text, str) for text in told.json["caveats"])
    assert all(source["title"] for source in told.json["sources"])
    assert told.json["sources"] or name == "data check"


def test_no_number_is_nan_or_infinite(asked):
    def numbers(value):
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            for part in value:
                yield from numbers(part)
        elif isinstance(value, float):
            yield value

    assert all(map(math.isfinite, numbers(asked[1].json)))


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_table_says_the_answer_first_and_fits_a_hundred_columns(name, lang, run, toy):
    told = run(*QUESTIONS[name], "--data", toy, "--lang", lang)
    answer = run(*QUESTIONS[name], "--data", toy, "--lang", lang, "--json").json["answer"]
    assert told.code == 0
    assert "".join(told.out.split()).startswith("".join(answer.split()))
    assert max(map(cell_len, told.out.splitlines())) <= 100


def test_command_line_and_python_give_the_same(run, toy):
    told = run(*QUESTIONS["exposure"], "--data", toy, "--json").json
    finding = answers.exposure(["USA", "JPN"], on=["CHN"], products=["284690", "280530"], world=str(toy))
    assert told == json.loads(json.dumps(envelope(finding)))
    assert run(*QUESTIONS["exposure"], "--data", toy, "--csv").out == csv_text(finding)


@pytest.mark.parametrize(
    "argv",
    [
        ("exposure", "JPN", "USA", "--on", "CHN", "VNM"),
        ("exposure", "JPN", "USA", "--on", "CHN", "--on", "VNM"),
        ("exposure", "--on", "CHN", "VNM", "--", "JPN", "USA"),
        ("exposure", "--on=CHN", "JPN", "--on=VNM", "USA"),
        ("exposure", "JPN", "--on", "CHN", "VNM", "--as-bloc", "USA"),
    ],
)
def test_importers_and_suppliers_are_told_apart_however_they_are_written(argv, run, toy):
    told = run(*argv[:1], "--data", toy, "--json", *argv[1:])
    assert told.json["arguments"]["on"] == ["CHN", "VNM"]
    assert told.json["arguments"]["importers"] == (["JPN+USA"] if "--as-bloc" in argv else ["JPN", "USA"])


def test_every_option_of_exposure_reaches_the_answer(run, toy):
    told = run(
        "exposure", "JPN", "--on", "CHN", "--years", "2020-2022", "--basis", "quantity", "--quantities", "raw",
        "--product", "284690", "--data", toy, "--json",
    ).json  # fmt: skip
    assert [row["year"] for row in told["rows"]] == [2020, 2021, 2022]
    assert told["arguments"]["basis"] == "quantity"
    assert told["arguments"]["years"] == [2020, 2021, 2022]
    by_material = run("exposure", "JPN", "--on", "CHN", "--by", "material", "--data", toy, "--json").json
    assert {"material", "stage", "stages_not_measurable"} <= {c["name"] for c in by_material["columns"]}


def test_trace_tells_the_routes_of_a_supplier(run, toy):
    told = run("trace", "JPN", "--product", "284690", "--on", "CHN", "--data", toy, "--json").json
    assert [r["via"] for r in told["summary"]["routes"] if r["direct"]] == ["CHN"]
    share = sum(r["share_low"] for r in told["summary"]["routes"])
    assert share == pytest.approx(told["summary"]["supplier_share_traced_low"], abs=1e-12)
    assert "--on CHN" in run("trace", "JPN", "--product", "284690", "--on", "CHN", "--data", toy).out


def test_a_row_of_one_rule_shows_nothing_of_the_others(run, toy):
    told = run("rules", "JPN", "--product", "284690", "--data", toy).out
    of_commission, of_geodep = told.split("ec2021\n", 1)[1].split("geodep\n")[:2]
    assert "CDI1" in of_commission
    assert "years met" not in of_commission
    assert "years met" in of_geodep
    assert "CDI1" not in of_geodep


@pytest.mark.parametrize(
    ("argv", "hint"),
    [
        (("JPN,USA", "--on", "CHN"), "JPN USA"),
        (("JPN", "--on", "CHN;VNM"), "CHN VNM"),
        (("JPN", "--on", "CHN", "--product", "284690,280530"), "284690 280530"),
    ],
)
def test_names_joined_by_commas_are_told_apart_in_the_hint(argv, hint, run, toy):
    told = run("exposure", *argv, "--data", toy, "--json")
    assert told.code == 2
    assert hint in told.json["error"]["hint"]


@pytest.mark.parametrize(("lang", "words"), [("en", "the European Union"), ("ja", "欧州連合")])
def test_a_bloc_has_its_name_in_both_languages(lang, words, run):
    assert words in run("blocs", "EU", "--on", "2019", "--lang", lang).out.splitlines()[0]


def test_one_rule_can_be_chosen(run, toy):
    told = run("rules", "JPN", "--rule", "geodep", "--product", "284690", "--data", toy, "--json").json
    assert [row["rule"] for row in told["rows"]] == ["geodep"]


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (("exposure", "XXX", "--on", "CHN"), "unknown_country"),
        (("exposure", "JPN", "--on", "JPN"), "importer_is_supplier"),
        (("exposure", "JPN"), "no_supplier"),
        (("exposure", "JPN", "--on", "CHN", "--product", "999999"), "unknown_product"),
        (("exposure", "JPN", "--on", "CHN", "--year", "1990"), "year_without_data"),
        (("exposure", "JPN", "--on", "CHN", "--basis", "weight"), "unknown_choice"),
        (("exposure", "JPN", "--on", "CHN", "--group", "nogroup"), "unknown_group"),
        (("trace", "JPN", "--product", "28469"), "unknown_product"),
        (("leverage", "JPN", "JPN"), None),
    ],
)
def test_a_question_that_cannot_be_asked_fails_with_its_code(argv, code, run, toy):
    told = run(*argv, "--data", toy, "--json")
    assert (told.code, told.json["ok"]) == (2, False)
    assert code is None or told.json["error"]["code"] == code
    assert told.json["error"]["code"] != "internal_error"
    assert told.json["error"]["hint"]


def test_a_folder_that_is_not_there_is_a_failure_of_ours(run, tmp_path):
    told = run("exposure", "JPN", "--on", "CHN", "--data", tmp_path / "no", "--json")
    assert told.code == 2
    assert told.json["error"]["code"] != "internal_error"


def test_a_file_takes_the_place_of_the_table_and_is_named_on_stderr(run, toy):
    told = run(*QUESTIONS["exposure"], "--data", toy, "--out", "a.json", "--xlsx", "b.xlsx")
    assert told.out.startswith("Products of which")
    assert told.out.count("\n") == 1
    assert told.err == "Written: b.xlsx\nWritten: a.json\n"
    assert json.loads(Path("a.json").read_text("utf-8"))["ok"] is True
    assert openpyxl.load_workbook("b.xlsx").sheetnames == ["data", "columns", "sources", "notes"]
    assert run(*QUESTIONS["exposure"], "--data", toy, "--out", "a.json", "--quiet").err == ""


def test_json_and_a_file_go_together(run, toy):
    told = run(*QUESTIONS["trace"], "--data", toy, "--out", "a.csv", "--json")
    assert told.json["ok"] is True
    assert [path.name for path in Path().iterdir()] == ["a.csv"]


def test_csv_on_stdout_is_rows_alone_and_the_caveats_stand_on_stderr(run, toy):
    told = run(*QUESTIONS["exposure"], "--data", toy, "--csv")
    lines = list(csv.DictReader(io.StringIO(told.out)))
    assert len(lines) == 4
    assert "Caveats" in told.err
    assert run(*QUESTIONS["exposure"], "--data", toy, "--csv", "--quiet").err == ""
    assert run(*QUESTIONS["exposure"], "--csv", "--json").json["error"]["code"] == "conflicting_options"


def test_a_bloc_is_listed_as_it_was_on_a_day(run):
    before = run("blocs", "EU", "--on", "2019", "--json").json
    after = run("blocs", "eu", "--on", "2020-12-31", "--json").json
    assert {row["country"] for row in before["rows"]} - {row["country"] for row in after["rows"]} == {"GBR"}
    assert len(after["rows"]) == 27
    everyone = run("blocs", "EU", "--json").json
    assert [row["until"] for row in everyone["rows"] if row["country"] == "GBR"] == ["2020-01-31"]


def test_products_are_found_in_both_languages_with_what_is_not_in_the_box(run):
    english = run("products", "nickel", "--json").json["rows"]
    japanese = run("products", "ニッケル", "--json").json["rows"]
    assert {"260400"} <= {row["code"] for row in english} & {row["code"] for row in japanese}
    assert {row["kind"] for row in english} >= {"product", "material"}
    absent = [row for row in run("products", "magnet", "--json").json["rows"] if row["kind"] == "absent"]
    assert absent
    assert all(row["note"] and not row["in_data"] for row in absent)


def test_products_of_a_folder_are_those_of_its_trade(run, toy):
    told = run("products", "--data", toy, "--json").json
    assert {row["code"] for row in told["rows"] if row["kind"] == "product"} == {"284690", "280530"}


def test_the_module_runs_as_a_program_and_pipes_close_quietly(toy):
    command = [sys.executable, "-m", "friendshore", *QUESTIONS["exposure"], "--data", str(toy)]
    told = subprocess.run(
        [*command, "--json"], capture_output=True, check=True, env=os.environ | {"LC_ALL": "C"}
    )
    assert json.loads(told.stdout.decode("utf-8"))["ok"] is True
    reading, writing = os.pipe()
    os.close(reading)
    closed = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (closed.returncode, closed.stderr) == (0, b"")


@pytest.mark.parametrize("how", ["--json", "--csv", "--quiet"])
def test_a_full_disk_behind_stdout_is_a_failure(how, toy):
    command = [sys.executable, "-m", "friendshore", *QUESTIONS["exposure"], "--data", str(toy), how]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        told = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert told.returncode == 2
    assert b"Traceback" not in told.stderr
