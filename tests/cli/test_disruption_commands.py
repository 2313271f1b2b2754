"""``stress``, ``hindcast`` and ``scenario`` on the command line: the JSON contract, files, and what goes wrong."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest
import yaml

ENVELOPE = [
    *("ok", "question", "arguments", "columns", "answer", "rows", "summary", "sources", "assumptions"),
    "caveats",
]
MONTHS = [
    "month",
    "product",
    "importer",
    "supply_t",
    "demand_t",
    "stock_t",
    "shortage_t",
    "shortage_share",
    "shortage_share_low",
    "shortage_share_high",
    "price_factor",
]
SUMMARY = [
    "cover_days",
    "months_to_10pct",
    "months_short",
    "peak_shortage_share",
    "total_shortage_t",
    "replaced_share",
    "import_bill_usd",
    "outsiders_shortage_t",
]
HINDCAST = [
    "event",
    "importer",
    "exposure",
    "predicted_t",
    "actual_t",
    "predicted_t_low",
    "predicted_t_high",
    "predicted_shares",
    "actual_shares",
    "baselines",
]
CUT = ("stress", "JPN", "--on", "CHN", "--product", "284690")


def test_stress_prints_the_contract(run, toy):
    told = run(*CUT, "--cover-days", "60", "--data", toy, "--json")
    assert told.code == 0
    assert list(told.json) == ENVELOPE
    assert list(told.json["rows"][0]) == MONTHS
    assert [row["month"] for row in told.json["rows"]] == list(range(1, 13))
    assert set(SUMMARY) <= set(told.json["summary"][0])
    assert told.json["summary"][0]["stock_known"] is True
    assert all(about["text"] for about in told.json["assumptions"])


def test_the_table_names_what_replaces_and_how_to_ask_again(run, toy):
    told = run(*CUT, "--months", "3", "--lost-share", "0.5", "--world", "--data", toy)
    assert told.code == 0
    assert "replaced by" in told.out
    assert "--lost-share 0.5 --months 3 --world" in " ".join(told.out.split())


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_workbook_and_a_table_hold_every_month(lang, run, toy):
    told = run(*CUT, "--data", toy, "--csv", "--xlsx", "a.xlsx", "--lang", lang)
    assert told.code == 0
    assert len(list(csv.DictReader(io.StringIO(told.out)))) == 12
    assert openpyxl.load_workbook("a.xlsx")["data"].max_row == 14


def test_a_scenario_file_runs(run, toy, tmp_path):
    (tmp_path / "mine.yaml").write_text(
        "version: 1\nname: x\nmonths: 4\nshocks:\n- {kind: quota, suppliers: CHN, products: ['284690'], "
        "lost_share: 0.4}\nimporters: [JPN, USA]\n",
        encoding="utf-8",
    )
    told = run("stress", "--scenario", "mine.yaml", "--data", toy, "--json")
    assert told.code == 0
    assert {row["importer"] for row in told.json["rows"]} == {"JPN", "USA"}
    assert len(told.json["rows"]) == 8
    checked = run("scenario", "check", "mine.yaml", "--data", toy, "--json")
    assert checked.code == 0
    assert checked.json["rows"][0]["kinds"] == "quota"


def test_one_case_of_a_scenario_is_followed(run, toy, tmp_path):
    (tmp_path / "mine.yaml").write_text(
        "version: 1\ntype: plan\nname: x\nmonths: 4\nshocks:\n"
        "- {case: half, kind: quota, suppliers: CHN, products: ['284690'], lost_share: 0.5}\n"
        "- {case: all, kind: export_ban, suppliers: CHN, products: ['284690']}\n"
        "plan: {members: [JPN, USA], concern: CHN}\n",
        encoding="utf-8",
    )
    asked = ("stress", "--scenario", "mine.yaml", "--data", toy, "--json")
    found = {case: run(*asked, "--case", case).json for case in ("half", "all")}
    assert found["half"]["arguments"]["case"] == "half"
    missing = {case: sum(row["shortage_t"] for row in told["rows"]) for case, told in found.items()}
    assert 0 < missing["half"] < missing["all"]
    # Who plans is whose months are shown.
    assert {row["importer"] for row in found["all"]["rows"]} == {"JPN", "USA"}
    none = run(*asked)
    assert (none.code, none.json["error"]["code"]) == (2, "no_case")
    assert "half, all" in none.json["error"]["message"]
    checked = run("scenario", "check", "mine.yaml", "--data", toy, "--json")
    assert (checked.code, checked.json["rows"][0]["cases"]) == (0, "half; all")


def test_a_bad_scenario_is_one_json_object_with_lines(run, toy, tmp_path):
    (tmp_path / "bad.yaml").write_text(
        "version: 1\nname: x\nshocks:\n- kind: quota\n  suppliers: CHN\n  products: ['284690']\n  lost_share: 4\n"
        "  sorce: me\n",
        encoding="utf-8",
    )
    for asked in (("scenario", "check", "bad.yaml"), ("stress", "--scenario", "bad.yaml")):
        told = run(*asked, "--data", toy, "--json")
        assert told.code == 2
        assert [row["line"] for row in told.json["error"]["rows"]] == [7, 8]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--lost-share", "1.5"), "share_out_of_range"),
        (("--lost-share", "-0.5"), "share_out_of_range"),
        (("--lost-share", "half"), "bad_value"),
        (("--months", "-3"), "negative_months"),
        (("--cover-days", "-1"), "negative_stock"),
        (("--cover-days", "1e6"), "stock_too_large"),
        (("--scenario", "graphite-aimed"), "conflicting_options"),
        (("--on", "JPN"), "importer_is_supplier"),
    ],
)
def test_bad_options_are_clear_failures(more, code, run, toy):
    told = run(*CUT, *more, "--data", toy, "--json")
    assert told.code == 2
    assert told.json["error"]["code"] == code
    assert told.json["error"]["message"]


def test_without_anything_to_stop_it_says_what_to_add(run, toy):
    told = run("stress", "JPN", "--product", "284690", "--data", toy, "--json")
    assert told.json["error"]["code"] == "no_supplier"
    assert "--on" in told.json["error"]["hint"]


def test_the_schema_is_printed_as_it_is(run):
    told = json.loads(run("scenario", "schema").out)
    assert told["properties"]["shocks"]
    assert (
        run("scenario", "schema", "--json").json["summary"]["properties"].keys() == told["properties"].keys()
    )


def test_a_shipped_scenario_is_printed_to_be_copied(run, tmp_path):
    told = run("scenario", "show", "graphite-aimed")
    assert yaml.safe_load(told.out)["version"] == 1
    (tmp_path / "copy.yaml").write_text(told.out, encoding="utf-8")
    assert run("scenario", "check", "copy.yaml").code == 0
    names = {row["name"] for row in run("scenario", "list", "--json").json["rows"]}
    assert "graphite-aimed" in names


def test_an_unknown_scenario_names_the_nearest(run):
    told = run("scenario", "show", "graphite-aimd", "--json")
    assert told.code == 2
    assert "graphite-aimed" in told.json["error"]["hint"]


def test_the_hindcast_prints_the_contract(run):
    told = run("hindcast", "--json")
    assert list(told.json) == ENVELOPE
    assert all(list(row) == HINDCAST for row in told.json["rows"])
    assert list(told.json["summary"]) == [
        *("model", "persistence", "own_mix", "world_exports", "no_replacement", "churn")
    ]
    assert isinstance(told.json["rows"][0]["predicted_shares"], dict)


def test_maps_of_shares_are_short_for_people_and_whole_in_files(run):
    told = run("hindcast", "--csv", "--quiet")
    row = next(csv.DictReader(io.StringIO(told.out)))
    assert sum(json.loads(row["predicted_shares"]).values()) == pytest.approx(1, abs=1e-4)
    assert "{" not in run("hindcast").out


def test_a_catalogue_that_is_not_there_is_a_failure(run):
    assert run("hindcast", "--events", "none.csv", "--json").json["error"]["code"] == "cannot_read"
