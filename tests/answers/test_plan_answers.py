"""``plan`` from Python on a toy world: what is told agrees with what was solved, and time limits are marked."""

from __future__ import annotations

from dataclasses import replace

import pytest

import worlds
from friendshore.answers import plan, plan_solving, sheet, wanted
from friendshore.errors import ArgumentError, PlanError
from friendshore.planning.solving import solve
from friendshore.report.envelope import dump, envelope

YEARS = (2019, 2020, 2021, 2022)
TEXT = """
version: 1
type: plan
name: A toy
source: none
months: 24
shocks:
  - {id: a, case: aimed, kind: export_ban, suppliers: CHN, importers: JPN, products: ["284690"], duration_months: 12}
  - {id: w, case: world, kind: export_ban, suppliers: CHN, importers: world, products: ["284690"], duration_months: 24}
plan:
  members: [USA, JPN]
  concern: CHN
  hosts: [USA, JPN]
  products: ["284690"]
  objective: expected_cost
  stock: {most_days: 60}
  capacity:
    - products: ["284690"]
      capital_usd_per_t: 5000
      gap_usd_per_t: 100
      build_months: 12
      lump_t: 5
      support_share: 0.5
"""


@pytest.fixture(scope="module")
def world():
    flows = (
        ("CHN", "JPN", 60), ("MYS", "JPN", 40), ("CHN", "USA", 50), ("MYS", "USA", 30), ("MYS", "KOR", 50),
        ("USA", "KOR", 10),
    )  # fmt: skip
    return worlds.world(
        [(year, a, b, "284690", 10_000.0 * tons, float(tons)) for year in YEARS for a, b, tons in flows]
    )


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def asked(scenario, world):
    def ask(**options):
        return plan(scenario, world=world, **{"robust": False, **options})

    return ask


def test_costs_add_up_over_parts_and_members(asked):
    told = asked()
    assert sum(row["cost_usd"] for row in told.tables["members"].rows) == pytest.approx(
        told.summary["cost_usd"]
    )
    parts = {row["part"]: row["cost_usd"] for row in told.tables["costs"].rows}
    assert parts["lost"] == pytest.approx(told.summary["lost_usd"])
    assert sum(parts.values()) - parts["lost"] == pytest.approx(told.summary["cost_usd"])
    assert told.summary["objective_value"] == pytest.approx(sum(parts.values()), rel=1e-3)


def test_each_member_has_what_it_needs_and_support_is_part_of_the_capital(asked):
    told = asked()
    for member, needed in (("JPN", 100.0), ("USA", 80.0)):
        bought = sum(r["normal_t"] for r in told.tables["sourcing"].rows if r["member"] == member)
        made = sum(r["normal_t"] for r in told.tables["output"].rows if r["member"] == member)
        assert bought + made == pytest.approx(needed)
    assert told.tables["capacity"].rows
    for row in told.tables["capacity"].rows:
        assert row["capex_usd"] == pytest.approx(5000 * row["new_t"])
        assert row["support_usd"] == pytest.approx(row["capex_usd"] / 2)
    paid = sum(row["support_usd"] for row in told.tables["support"].rows)
    assert paid == pytest.approx(sum(row["support_usd"] for row in told.tables["capacity"].rows))


def test_what_is_missing_is_no_more_than_without_a_plan(asked):
    figures = asked().summary
    assert figures["missing_share"] <= figures["without_missing_share"]
    assert figures["months_covered"] >= figures["without_months_covered"]


def test_every_decision_is_judged_and_hinges_on_something_where_it_is_not_recommended(asked):
    told = asked(robust=True)
    assert len(told.rows) == told.summary["decisions"]
    assert told.summary["recommended_decisions"] == sum(row["recommended"] for row in told.rows)
    for row in told.rows:
        assert (row["hinges_on"] is None) == row["recommended"]
        assert row["quantity_t_low"] <= row["quantity_t"] * (1 + 1e-9)
        assert row["quantity_t_high"] >= row["quantity_t"] * (1 - 1e-9)
    names = [row["variation"] for row in told.tables["variations"].rows]
    assert names[0] == "link"
    assert {"imports", "first", "last"} <= set(names)


def test_everything_that_is_told_can_be_written_down(asked):
    told = asked(frontier=True, why=True, compare=True)
    for lang in ("en", "ja"):
        dump(envelope(told, lang))
    assert [page.member for page in sheet(told).pages] == ["USA", "JPN"]
    assert {row["not_from"] for row in wanted(told).rows} == {"CHN"}


def test_the_fingerprint_is_that_of_the_scenario_and_not_of_its_comments(asked, scenario):
    first = asked().arguments["scenario_sha256"]
    scenario.write_text(TEXT + "\n# a comment\n", encoding="utf-8")
    assert asked().arguments["scenario_sha256"] == first
    scenario.write_text(TEXT.replace("most_days: 60", "most_days: 90"), encoding="utf-8")
    assert asked().arguments["scenario_sha256"] != first


@pytest.mark.parametrize(("gap", "told_gap"), [(0.07, 0.07), (float("inf"), None)])
def test_a_plan_that_ran_out_of_time_is_marked_with_its_gap(asked, monkeypatch, gap, told_gap):
    def slow(*given, **options):
        return replace(solve(*given, **options), status="time_limit", gap=gap)

    monkeypatch.setattr(plan_solving, "solve", slow)
    told = asked()
    assert (told.summary["status"], told.summary["gap"]) == ("time_limit", told_gap)
    assert any("The time ran out" in str(note) for note in told.caveats)
    dump(envelope(told))


def test_no_plan_in_the_time_given_is_an_error_and_no_infinite_plan(asked, monkeypatch):
    def hasty(*given, **options):
        return replace(solve(*given, **options), status="time_limit", cost_usd=float("nan"), gap=float("inf"))

    monkeypatch.setattr(plan_solving, "solve", hasty)
    with pytest.raises(PlanError) as refused:
        asked()
    assert refused.value.code == "no_plan_in_time"


@pytest.mark.parametrize("status", ["infeasible", "unbounded"])
def test_no_plan_is_an_error_and_never_an_empty_answer(asked, monkeypatch, status):
    def none(*given, **options):
        found = solve(*given, **options)
        return replace(found, status=status, cost_usd=float("inf"))

    monkeypatch.setattr(plan_solving, "solve", none)
    with pytest.raises(PlanError):
        asked()


def test_options_that_exclude_each_other_are_refused(asked):
    with pytest.raises(ArgumentError, match="both asked for"):
        asked(alone=True, compare=True)
    with pytest.raises(ArgumentError, match="more than 0"):
        asked(seconds=-1)


def test_lost_supply_is_no_part_of_what_members_pay(asked, scenario):
    poor = TEXT.replace("support_share: 0.5", "most_t: 0").replace("most_days: 60", "most_days: 1")
    scenario.write_text(poor, encoding="utf-8")
    told = asked()
    figures = told.summary
    assert figures["lost_usd"] > 0
    assert figures["cost_usd"] + figures["lost_usd"] == pytest.approx(figures["objective_value"], rel=1e-3)
    assert sum(row["lost_usd"] for row in told.tables["members"].rows) == pytest.approx(figures["lost_usd"])
    assert any("is no part of its cost" in str(note) for note in told.caveats)


def test_the_shipped_example_runs_as_it_stands_within_its_budgets_and_limits():
    told = envelope(plan("economic-2plus2", robust=False))
    dump(told)
    assert told["status"] == "optimal"
    assert told["gap"] <= 1e-3
    assert [row["budget_usd"] for row in told["members"]] == [250e6, 250e6]
    assert sum(row["stock_usd"] + row["support_usd"] for row in told["members"]) <= 500e6 * (1 + 1e-6)
    assert max(row["cover_days"] for row in told["stock"]) <= 60.1
    assert {row["product"] for row in told["sourcing"]} >= {"250410", "284690"}
    assert told["missing_share"] < told["without_missing_share"]


def test_a_plan_that_keeps_a_limit_is_not_said_to_break_it(asked, scenario):
    kept = TEXT.replace("objective: expected_cost", "limit: {shortage_share: 0.2, months: 12}")
    scenario.write_text(kept, encoding="utf-8")
    told = asked(why=True)
    rows = {row["alternative"]: row for row in told.tables["alternatives"].rows}
    assert rows["plan"]["keeps_limit"]
    assert rows["plan"]["worst_shortage_share"] == told.summary["worst_shortage_share"] <= 0.2 + 1e-6
    assert not rows["nothing"]["keeps_limit"]
