"""``plan`` on the command line: the JSON contract, the papers, both languages, and every way out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

CONTRACT = {
    "sourcing": ["member", "product", "supplier", "normal_t"],
    "capacity": [
        "host", "product", "new_t", "capex_usd", "support_usd", "payer", "recommended", "hinges_on",
    ],
    "stock": ["member", "product", "stock_t", "cover_days", "recommended", "hinges_on"],
    "scenarios": ["name", "period", "planned_shortage_t", "simulated_shortage_t"],
    "binding": ["constraint", "sentence", "shadow_price", "low", "high"],
}  # fmt: skip
SPLITS = ("gain_by_mechanism_usd", "shapley_usd", "owen_usd", "proportional_usd")
PLAN = """
version: 1
type: plan
name: Two buyers, one seller
source: none
months: 12
shocks:
  - {id: usa, case: usa-12, kind: export_ban, suppliers: CHN, importers: USA, products: ["284690"], duration_months: 12}
  - id: both
    case: both-12
    kind: export_ban
    suppliers: CHN
    importers: [USA, JPN]
    products: ["284690"]
    duration_months: 12
plan:
  members: [USA, JPN]
  concern: CHN
  hosts: [USA, JPN]
  products: ["284690"]
  objective: expected_cost
  stock: {most_days: 60}
  budgets:
    - {member: USA, usd: 200000, source: assumption}
    - {member: JPN, usd: 200000, source: assumption}
  capacity:
    - products: ["284690"]
      capital_usd_per_t: 5000
      gap_usd_per_t: 100
      build_months: 12
      lump_t: 5
      support_share: 0.5
"""


@pytest.fixture
def scenario():
    def write(*changes: tuple[str, str], name: str = "mine.yaml") -> str:
        text = PLAN
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        Path(name).write_text(text, encoding="utf-8")
        return name

    return write


@pytest.fixture
def plan(run, toy, scenario):
    def asked(*options: str, changes=()):
        return run("plan", "--scenario", scenario(*changes), "--data", toy, *options)

    return asked


def test_plan_prints_the_contract(plan):
    told = plan("--json")
    assert told.code == 0
    assert told.json["status"] == "optimal"
    assert told.json["objective"] == "expected_cost"
    for key in ("cost_usd", "worst_shortage_share", "months_covered"):
        assert isinstance(told.json[key], float)
    for name, keys in CONTRACT.items():
        assert told.json[name], name
        assert all(list(row) == keys for row in told.json[name]), name
    assert {row["name"] for row in told.json["scenarios"]} == {"usa-12", "both-12"}
    assert told.json["assumptions"]
    assert all(isinstance(row["recommended"], bool) for row in told.json["rows"])
    assert all((row["hinges_on"] is None) == row["recommended"] for row in told.json["rows"])


def test_what_is_bought_and_built_covers_what_is_needed(plan):
    told = plan("--json", "--quick").json
    # The members' demand of 20 t from China and 20 t from Viet Nam, 10, 30 and 4 t.
    for member, needed in (("USA", 40.0), ("JPN", 44.0)):
        bought = sum(row["normal_t"] for row in told["sourcing"] if row["member"] == member)
        made = sum(row["normal_t"] for row in told["output"] if row["member"] == member)
        assert bought + made == pytest.approx(needed)
    assert {row["recommended"] for row in told["rows"]} == {None}


def test_compare_adds_what_is_gained_and_every_split_sums_to_it(plan):
    told = plan("--compare", "--quick", "--json").json
    assert set(told["alone_usd"]) == {"USA", "JPN"}
    assert told["total_gain_usd"] == pytest.approx(sum(told["alone_usd"].values()) - told["together_usd"])
    for split in SPLITS:
        assert sum(told[split].values()) == pytest.approx(told["total_gain_usd"], rel=1e-6, abs=0.01), split
    assert set(told["in_core"]) == {"shapley", "owen", "proportional"}
    assert isinstance(told["leavers"], list)
    assert all({"country", "product", "loss_t"} <= set(row) for row in told["outsiders"])


def test_together_costs_no_more_than_alone(plan):
    alone = plan("--alone", "--quick", "--json").json
    together = plan("--together", "--quick", "--json").json
    assert (alone["sharing"], together["sharing"]) == ("alone", "together")
    assert together["objective_value"] <= alone["objective_value"] * (1 + 1e-6)


def test_why_and_frontier_add_their_tables(plan):
    told = plan("--why", "--frontier", "--quick", "--json").json
    assert {row["alternative"] for row in told["alternatives"]} >= {"plan", "nothing", "stock_only"}
    assert {row["sharing"] for row in told["frontier"]} == {"together", "alone"}
    covered = [row["months_covered"] for row in told["frontier"] if row["sharing"] == "together"]
    assert covered == sorted(covered)
    assert any(row["enough"] for row in told["frontier"])
    assert {"flips", "regret", "neighbours"} <= set(told)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_table_says_what_is_sure_what_is_missing_and_how_to_ask_again(plan, lang):
    told = plan("--lang", lang)
    assert told.code == 0
    words = (
        ("What is still missing", "Limits that bind") if lang == "en" else ("なお残る不足", "効いている制約")
    )
    assert all(word in told.out for word in words)
    assert "friendshore plan --scenario mine.yaml --data" in " ".join(told.out.split())


def test_the_sheet_is_written_with_its_twin_and_the_list_beside_it(plan):
    told = plan("--quick", "--sheet", "talks.html", "--wanted", "wanted.csv", "--xlsx", "plan.xlsx")
    assert told.code == 0
    for path in ("talks.html", "talks.json", "wanted.csv", "plan.xlsx"):
        assert f"Written: {path}" in told.err
    assert Path("talks.html").read_text("utf-8").count("<article") == 2
    twin = json.loads(Path("talks.json").read_text("utf-8"))
    assert [page["member"] for page in twin["pages"]] == ["USA", "JPN"]
    assert all(page["walk_away"]["alone_usd"] is not None for page in twin["pages"])
    rows = list(csv.DictReader(io.StringIO(Path("wanted.csv").read_text("utf-8"))))
    assert all(row["product"] == "284690" and row["not_from"] == "CHN" for row in rows)
    assert {"sourcing", "capacity", "stock", "binding"} <= set(openpyxl.load_workbook("plan.xlsx").sheetnames)


def test_the_same_plan_gives_the_same_papers(plan):
    plan("--quick", "--sheet", "a.xlsx", "--wanted", "a.csv", "--quiet")
    plan("--quick", "--sheet", "b.xlsx", "--wanted", "b.csv", "--quiet")
    for suffix in ("xlsx", "json", "csv"):
        assert Path(f"a.{suffix}").read_bytes() == Path(f"b.{suffix}").read_bytes()


def test_a_sheet_of_members_alone_or_of_one_has_no_walk_away_value(plan):
    assert plan("--alone", "--quick", "--sheet", "a.html").code == 0
    one = (
        ("members: [USA, JPN]", "members: [USA]"),
        ("    - {member: JPN, usd: 200000, source: assumption}\n", ""),
    )
    told = plan("--quick", "--sheet", "b.html", "--json", changes=one)
    assert told.code == 0
    assert "alone_usd" not in told.json
    assert "nothing to walk away from" in Path("b.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--alone", "--compare"), "conflicting_options"),
        (("--alone", "--together"), "conflicting_options"),
        (("--seconds", "0"), "bad_seconds"),
        (("--sheet", "talks.pdf"), "unknown_suffix"),
        (("--wanted", "list.xlsx"), "unknown_suffix"),
        (("--sheet", "no/such/folder.html"), "cannot_write"),
        (("--sheet", "same.html", "--out", "same.json"), "conflicting_options"),
        (("--wanted", "same.csv", "--out", "same.csv"), "conflicting_options"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_written(plan, options, code):
    told = plan(*options, "--json")
    assert (told.code, told.json["ok"], told.json["error"]["code"]) == (2, False, code)
    assert {path.name for path in Path().iterdir()} <= {"mine.yaml", "friendshore-store"}


def test_without_a_scenario_the_error_names_one(run):
    told = run("plan", "--json")
    assert (told.code, told.json["error"]["code"]) == (2, "missing_scenario")
    assert "economic-2plus2" in told.json["error"]["hint"]


def test_limits_that_clash_are_named_with_what_frees_them(plan):
    told = plan(
        "--json",
        changes=(
            ("objective: expected_cost", "limit: {shortage_share: 0.001, months: 12}"),
            ("usd: 200000", "usd: 1"),
        ),
    )
    assert (told.code, told.json["ok"], told.json["error"]["code"]) == (2, False, "infeasible_plan")
    assert "budget" in told.json["error"]["message"]
    assert told.json["error"]["rows"]
    assert told.json["error"]["hint"]


def test_a_member_twice_is_refused(plan):
    told = plan("--json", changes=(("members: [USA, JPN]", "members: [USA, JPN, USA]"),))
    assert (told.code, told.json["ok"]) == (2, False)


def test_a_scenario_without_a_plan_is_refused_with_the_way_to_one(run, toy):
    told = run("plan", "--scenario", "graphite-aimed", "--data", toy, "--json")
    assert (told.code, told.json["error"]["code"]) == (2, "no_plan")


def test_a_response_is_judged_and_takes_no_option_of_a_plan(run):
    told = run("plan", "--scenario", "pressure-response", "--why", "--json")
    assert (told.code, told.json["error"]["code"]) == (2, "no_plan")
    told = run("plan", "--scenario", "pressure-response", "--sheet", "a.html", "--json")
    assert (told.code, told.json["error"]["code"]) == (2, "no_sheet")
