"""What a scenario file says about costs goes before the table, in dollars of one year, within the law."""

from __future__ import annotations

import pytest

from friendshore.disruption.plan_schema import PlanEntry
from friendshore.disruption.scenario_files import load_scenario
from friendshore.errors import ArgumentError, DataError
from friendshore.planning.costs import CostBook
from friendshore.planning.stated_costs import book_of, price_year_of


def plan(**said) -> PlanEntry:
    return PlanEntry(members=("JPN",), concern=("CHN",), **said)


def test_without_a_word_the_table_of_the_package_holds():
    assert book_of(plan()) == CostBook()


def test_the_months_of_notice_are_the_same_in_the_schema_and_in_the_table():
    ours, theirs = CostBook().figure("notice_months"), plan().notice_months
    assert (theirs.value, theirs.low, theirs.high) == (ours.value, ours.low, ours.high)


def test_a_bare_cost_goes_before_the_table_and_has_no_range():
    found = book_of(plan(costs={"value_factor": 100})).figure("value_factor", "250410")
    assert (found.value, found.low, found.high, found.source) == (100.0, 100.0, 100.0, "the scenario")


def test_a_stated_cost_keeps_its_range_and_source():
    stated = {"value": 0.1, "low": 0.05, "high": 0.3, "source": "survey of 2025"}
    found = book_of(plan(costs={"switching_share": stated})).figure("switching_share")
    assert (found.low, found.high, found.source) == (0.05, 0.3, "survey of 2025")


def test_capacity_is_converted_by_its_rate_and_holds_at_its_hosts_alone():
    capital = {"value": 3000, "low": 2000, "high": 4000}
    entry = {"materials": ["Graphite"], "hosts": ["AUS"], "capital_usd_per_t": capital,
             "build_months": 18, "currency": "AUD", "rate_usd": 0.5, "source": "feasibility study"}  # fmt: skip
    book = book_of(plan(capacity=[entry]))
    found = book.figure("capital_usd_per_t", "250410", "AUS")
    assert (found.value, found.low, found.high, found.source) == (1500.0, 1000.0, 2000.0, "feasibility study")
    assert book.figure("build_months", "250490", "AUS").value == 18.0
    assert book.figure("capital_usd_per_t", "250410", "JPN").value == 2000.0


def test_a_bloc_stands_for_its_hosts():
    entry = {"products": ["250410"], "hosts": ["Quad"], "lump_t": 5}
    book = book_of(plan(capacity=[entry]), members_of={"Quad": ("AUS", "IND")})
    assert book.figure("lump_t", "250410", "IND").value == 5.0


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"capital_usd_per_t": 5, "currency": "JPY"}, "unlike_currencies"),
        ({"capital_usd_per_t": 5, "year": 2010}, "unlike_years"),
        ({"gap_usd_per_t": -5}, "negative_cost"),
        ({"support_share": 2}, "cost_out_of_range"),
    ],
)
def test_unlike_money_and_negative_costs_are_refused(entry, code):
    with pytest.raises(ArgumentError) as caught:
        book_of(plan(capacity=[{"products": ["250410"], **entry}]))
    assert caught.value.code == code


def test_what_is_no_money_needs_no_rate():
    book = book_of(plan(capacity=[{"products": ["250410"], "build_months": 5, "currency": "JPY"}]))
    assert book.figure("build_months", "250410").value == 5.0


def test_the_price_year_is_that_of_the_budgets_unless_stated():
    budgets = [{"member": "JPN", "usd": 1.0, "year": 2023}]
    assert price_year_of(plan(budgets=budgets)) == 2023
    assert price_year_of(plan(budgets=budgets, price_year=2022)) == 2022
    assert price_year_of(plan()) == 2024
    with pytest.raises(ArgumentError, match="do not add up"):
        price_year_of(plan(budgets=[*budgets, {"member": "USA", "usd": 1.0, "year": 2021}]))


def test_a_programme_gives_its_rate_where_it_pays():
    book = book_of(plan(support=[{"member": "JPN", "programme": "japan-2020-sme"}]))
    assert book.figure("support_share", "250410", "JPN").value == pytest.approx(2 / 3)
    assert book.figure("support_share", "250410", "AUS").value == 0.5


def test_support_above_the_legal_maximum_is_refused_and_its_range_ends_there():
    with pytest.raises(ArgumentError, match="the law allows") as caught:
        book_of(plan(support=[{"member": "JPN", "programme": "japan-2020-large", "share": 0.6}]))
    assert caught.value.code == "support_above_maximum"
    said = {"member": "JPN", "share": {"value": 0.3, "low": 0.2, "high": 0.9}, "most_share": 0.4}
    assert book_of(plan(support=[said])).figure("support_share", "250410", "JPN").high == 0.4


def test_a_premium_may_be_more_than_the_price_a_share_may_not(tmp_path):
    text = """
version: 1
type: plan
name: t
source: none
shocks:
  - {id: a, case: a, kind: export_ban, suppliers: CHN, importers: JPN, group: magnet-inputs, duration_months: 12}
plan: {members: JPN, concern: CHN, groups: magnet-inputs, costs: {COST: 2}}
"""
    path = tmp_path / "t.yaml"
    path.write_text(text.replace("COST", "emergency_share"), encoding="utf-8")
    assert book_of(load_scenario(path).file.plan).figure("emergency_share").value == 2.0
    path.write_text(text.replace("COST", "least_use_share"), encoding="utf-8")
    with pytest.raises(DataError, match="expected 0 to 1"):
        load_scenario(path)
