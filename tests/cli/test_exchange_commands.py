"""``summary`` and ``join`` on the command line: files, the JSON contract, and what goes wrong."""

from __future__ import annotations

import json

import pytest
import yaml

AGREED = """\
version: 1
type: plan
name: For two
months: 12
shocks:
  - {id: a, case: aimed, kind: export_ban, suppliers: CHN, importers: JPN, products: "284690", duration_months: 12}
  - {id: b, case: both, kind: export_ban, suppliers: CHN, products: "284690", duration_months: 12}
plan:
  members: [USA, JPN]
  concern: CHN
  objective: expected_cost
  periods: [12]
  capacity:
    - {products: "284690", hosts: [USA, JPN], capital_usd_per_t: 3000, gap_usd_per_t: 50, lump_t: 10, build_months: 12}
"""
EACH = ("alone_usd", "shapley_usd", "owen_usd", "proportional_usd")


@pytest.fixture
def exchange(run, toy, tmp_path):
    """Ask with the toy data; both allies' files are there."""
    (tmp_path / "agreed.yaml").write_text(AGREED, encoding="utf-8")

    def ask(*argv, data=toy):
        return run(*argv, "--data", data)

    for member in ("USA", "JPN"):
        done = ask("summary", "--scenario", "agreed.yaml", "--member", member, "--out", f"{member}.yaml")
        assert done.code == 0, done.err
        assert f"Written: {member}.yaml" in done.err
        assert done.out.startswith("What ")
    return ask


def test_join_prints_the_contract(exchange):
    told = exchange("join", "USA.yaml", "JPN.yaml", "--json").json
    assert told["ok"] is True
    assert told["question"] == "join"
    for name in EACH:
        assert set(told[name]) == {"USA", "JPN"}
    gain = sum(told["alone_usd"].values()) - told["together_usd"]
    assert told["total_gain_usd"] == pytest.approx(gain)
    assert gain > 0
    for name in (*EACH[1:], "gain_by_mechanism_usd"):
        assert sum(told[name].values()) == pytest.approx(gain)
    assert set(told["in_core"]) == {"shapley", "owen", "proportional"}
    assert told["leavers"] == []
    assert [set(row) for row in told["outsiders"]] in ([], [{"country", "product", "loss_t", "case"}])
    assert "columns" in told


def test_the_order_of_the_files_does_not_matter(exchange):
    one, two = (
        exchange("join", *files, "--json").json
        for files in (("USA.yaml", "JPN.yaml"), ("JPN.yaml", "USA.yaml"))
    )
    assert one["shapley_usd"] == two["shapley_usd"]


def test_join_reads_for_people_in_two_languages(exchange):
    english = exchange("join", "USA.yaml", "JPN.yaml")
    assert english.code == 0
    assert "What each way of working together is worth" in english.out
    japanese = exchange("join", "USA.yaml", "JPN.yaml", "--lang", "ja")
    assert "協力の方法別の価値" in japanese.out


def test_a_summary_can_be_looked_at_without_being_written(exchange, tmp_path):
    before = sorted(tmp_path.iterdir())
    told = exchange("summary", "--scenario", "agreed.yaml", "--member", "jpn", "--json").json
    assert told["member"] == "JPN"
    assert told["needs"][0]["product"] == "284690"
    assert sorted(tmp_path.iterdir()) == before


def test_explain_prints_the_file_word_for_word(exchange, tmp_path):
    told = exchange("summary", "--scenario", "agreed.yaml", "--member", "JPN", "--explain")
    assert "What the file reveals" in told.out
    assert "What it does not reveal" in told.out
    assert (tmp_path / "JPN.yaml").read_text(encoding="utf-8") in told.out
    plain = exchange("summary", "--scenario", "agreed.yaml", "--member", "JPN")
    assert "What the file reveals" not in plain.out


def test_ones_own_file_is_renewed_and_no_other_is_overwritten(exchange, tmp_path):
    ask = ("summary", "--scenario", "agreed.yaml", "--member", "JPN", "--out")
    assert exchange(*ask, "JPN.yaml").code == 0
    (tmp_path / "notes.yaml").write_text("a: 1\n", encoding="utf-8")
    for name in ("USA.yaml", "notes.yaml", "agreed.yaml"):
        before = (tmp_path / name).read_bytes()
        done = exchange(*ask, name)
        assert done.code == 2
        assert "it was left as it is" in done.err
        assert (tmp_path / name).read_bytes() == before
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (("summary",), "missing_scenario"),
        (("summary", "--scenario", "agreed.yaml"), "unknown_member"),
        (("summary", "--scenario", "agreed.yaml", "--member", "JPN", "--out", "mine.csv"), "unknown_suffix"),
        (
            ("summary", "--scenario", "agreed.yaml", "--member", "JPN", "--out", "no/mine.yaml"),
            "cannot_write",
        ),
        (("summary", "--scenario", "agreed.yaml", "--member", "JPN", "--lend-days", "-3"), "bad_lend_days"),
        (("summary", "--scenario", "graphite-aimed", "--member", "JPN"), "no_plan"),
        (("join", "USA.yaml"), "nobody_to_join"),
        (("join", "USA.yaml", "USA.yaml"), "summary_repeated"),
        (("join", "USA.yaml", "agreed.yaml"), "not_a_summary"),
        (("join", "USA.yaml", "absent.yaml"), "cannot_read"),
        (("join", "USA.yaml", "JPN.yaml", "--out", "x.yaml"), "unknown_suffix"),
    ],
)
def test_what_goes_wrong_says_what_to_do(exchange, argv, code):
    told = exchange(*argv, "--json")
    assert told.code == 2
    assert told.json["error"]["code"] == code
    assert told.json["error"]["hint"]


def test_a_file_that_was_altered_or_is_huge_is_refused(exchange, tmp_path):
    path = tmp_path / "JPN.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["budget_usd"] = 1e6
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    assert exchange("join", "USA.yaml", "JPN.yaml", "--json").json["error"]["code"] == "summary_altered"
    with path.open("wb") as stream:
        stream.truncate(1 << 30)
    assert exchange("join", "USA.yaml", "JPN.yaml", "--json").json["error"]["code"] == "summary_too_large"


def test_what_a_file_says_cannot_steer_a_terminal(exchange, tmp_path):
    path = tmp_path / "agreed.yaml"
    text = path.read_text(encoding="utf-8").replace("{id: a,", '{id: "a\\e[31m",')
    path.write_text(text, encoding="utf-8")
    told = exchange("summary", "--scenario", "agreed.yaml", "--member", "JPN", "--explain")
    assert told.code == 0
    assert "\x1b" not in told.out


def test_the_tables_go_into_a_workbook(exchange, tmp_path):
    import openpyxl

    assert exchange("join", "USA.yaml", "JPN.yaml", "--xlsx", "both.xlsx").code == 0
    sheets = openpyxl.load_workbook(tmp_path / "both.xlsx").sheetnames
    assert {"coalitions", "mechanisms"} <= {name.lower() for name in sheets}
    assert json.dumps(sheets)
