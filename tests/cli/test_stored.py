"""``data list | check | add`` on files as users bring them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

BAD = """year,exporter,importer,product,value_usd,quantity_t
2022,CHN,JPN,284690,10,5
2022,CHN,JPN,284690,10,5
2022,XXZ,JPN,284690,10,5
2022,CHN,USA,28469,10,5
2022,CHN,USA,284690,-10,5
2022,VNM,USA,284690,10,
"""


@pytest.fixture
def bad(tmp_path):
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "trade.csv").write_text(BAD, encoding="utf-8")
    return folder


def test_adding_tells_rows_read_refused_and_kept(run, bad):
    told = run("data", "add", bad / "trade.csv", "--name", "mine", "--hs", "HS17", "--json").json
    assert {name: told["summary"][name] for name in ("read", "kept", "refused")} == {
        "read": 6, "kept": 1, "refused": 5,
    }  # fmt: skip
    assert {row["reason"]: row["refused_rows"] for row in told["rows"]} == {
        "duplicate_rows": 2, "unknown_country": 1, "lost_zero": 1, "negative_value": 1,
    }  # fmt: skip
    with Path(told["summary"]["refused_file"]).open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == 5
    listed = run("data", "list", "--json").json["rows"]
    assert [(row["name"], row["hs"]) for row in listed][1:] == [("mine", "HS17")]
    asked = run("exposure", "USA", "--on", "VNM", "--data", "mine", "--json").json
    assert [row["supplier_share"] for row in asked["rows"]] == [1.0]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_adding_is_told_in_words_too(lang, run, bad):
    told = run("data", "add", bad / "trade.csv", "--name", "mine", "--lang", lang)
    assert told.code == 0
    assert "refused-trade.csv" in told.out.replace("\n", "").replace(" ", "")
    assert ("6 rows read, 1 kept, 5 refused" in told.out) == (lang == "en")


def test_checking_a_bad_folder_fails_with_every_bad_row(run, bad):
    told = run("data", "check", "--data", bad, "--json")
    assert told.code == 2
    assert told.json["error"]["code"] == "rules_broken"
    assert [row["line"] for row in told.json["error"]["rows"]] == [2, 3, 4, 5, 6]
    table = run("data", "check", "--data", bad)
    assert table.code == 2
    assert "XXZ" in table.out
    assert table.err.startswith("Error: 5 rows")
    rows = run("data", "check", "--data", bad, "--csv")
    assert rows.code == 2
    assert len(rows.out.splitlines()) == 6


def test_checking_a_good_folder_succeeds_without_rows(run, toy):
    told = run("data", "check", "--data", toy, "--json")
    assert (told.code, told.json["rows"]) == (0, [])


def test_what_to_check_may_be_said_without_an_option(run, toy, bad):
    assert run("data", "check", toy, "--json").code == 0
    told = run("data", "check", bad, "--json")
    assert told.json["error"]["code"] == "rules_broken"
    assert told.json == run("data", "check", "--data", bad, "--json").json


@pytest.mark.parametrize("name", ["no.csv", "no.zip", "no"])
def test_adding_what_is_not_there_is_a_failure_of_ours(name, run):
    told = run("data", "add", name, "--json")
    assert told.code == 2
    assert told.json["error"]["code"] != "internal_error"
    assert told.json["error"]["hint"]


def test_progress_off_a_terminal_is_a_line_now_and_then(capsys):
    from friendshore.cli.stored import _lines
    from friendshore.records import Note

    shown = _lines("en", every_seconds=0.0)
    shown(0.5, Note(template="reading {file}", values={"file": "a\x1b.csv"}))
    _lines("en", every_seconds=60.0)(0.5, Note(template="sorting"))
    assert capsys.readouterr().err == "50 % reading a\\x1b.csv\n"
