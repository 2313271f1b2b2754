"""The sheet that goes to the table: what each commits, gives, gets and could walk away with."""

from __future__ import annotations

import pytest

import toy_plans
from friendshore.answers.sheet import sheet
from friendshore.answers.wanted import wanted
from friendshore.errors import ArgumentError


def compared():
    finding = toy_plans.finding()
    return finding.model_copy(update={"summary": {**finding.summary, **toy_plans.compared()}})


def test_each_member_has_a_page_with_its_own_commitments():
    usa, japan = sheet(compared()).pages
    assert [(one.action, one.product) for one in usa.commitments] == [("build", "284690")]
    assert [(one.action, one.product) for one in japan.commitments] == [
        ("hold", "250410"), ("build", "284690"), ("buy", "250410"),
    ]  # fmt: skip
    plant = usa.commitments[0]
    assert (plant.once_usd, plant.payers) == (400_000.0, (("JPN", 600_000.0), ("USA", 400_000.0)))
    assert (plant.output_t, japan.commitments[1].output_t) == (None, 50.0)
    assert (usa.sure, japan.sure) == (1, 2)


def test_what_is_paid_once_is_stock_and_support():
    usa, japan = sheet(compared()).pages
    assert (usa.once_usd, japan.once_usd) == (400_000.0, 800_000.0)
    for page in (usa, japan):
        assert page.once_usd == sum(one.once_usd or 0.0 for one in page.commitments)
    assert (usa.budget_usd, japan.budget_usd) == (5e6, 2e6)


def test_the_walk_away_value_is_the_cost_alone_less_the_members_share():
    figures = toy_plans.compared()
    for page in sheet(compared()).pages:
        for rule, part in page.parts_usd.items():
            share = page.cost_usd + page.settled_usd[rule]
            assert part == figures[f"{rule}_usd"][page.member] == pytest.approx(page.alone_usd - share)
    settled = [page.settled_usd["owen"] for page in sheet(compared()).pages]
    assert settled == [35_000.0, -35_000.0]


def test_without_a_comparison_there_is_no_walk_away_value():
    for page in sheet(toy_plans.finding()).pages:
        assert (page.alone_usd, page.parts_usd, page.settled_usd) == (None, {}, {})


def test_where_missing_supply_is_priced_in_nobody_is_asked_to_settle_it():
    finding = compared()
    told = finding.model_copy(update={"summary": {**finding.summary, "objective": "expected_cost"}})
    page = sheet(told).pages[0]
    assert page.parts_usd
    assert page.settled_usd == {}


def test_triggers_say_what_is_then_given_and_what_comes():
    usa, japan = sheet(compared()).pages
    assert [(case.name, [str(note) for note in case.gives]) for case in usa.cases] == [
        ("aimed-12", ["60 t of 250410 from stock to JPN"]),
        ("world-36", ["5 t of 284690 out of exports to JPN"]),
    ]
    assert [[str(note) for note in case.gets] for case in japan.cases] == [
        ["60 t of 250410 from stock of USA"],
        ["5 t of 284690 from exports of USA"],
    ]
    assert (usa.cases[0].struck, usa.cases[0].months, japan.cases[0].gives) == (("JPN",), 12, ())
    assert "50 t of 284690 a year from the new plant in AUS." in [str(note) for note in japan.gets]


def test_a_plant_that_others_pay_elsewhere_is_no_commitment():
    finding = compared()
    table = finding.tables["support"]
    rows = [row for row in table.rows if row["member"] == "JPN"]
    tables = {**finding.tables, "support": table.model_copy(update={"rows": tuple(rows)})}
    usa, japan = sheet(finding.model_copy(update={"tables": tables})).pages
    assert usa.commitments == ()
    assert japan.commitments[1].payers == (("JPN", 600_000.0),)


def test_one_purse_is_the_sum_of_the_budgets():
    assert sheet(compared()).pooled_usd == 7e6
    finding = compared()
    alone = finding.model_copy(update={"arguments": {**finding.arguments, "sharing": "alone"}})
    assert sheet(alone).pooled_usd is None


def test_a_sheet_of_anything_but_a_plan_is_refused():
    with pytest.raises(ArgumentError, match="response"):
        sheet(toy_plans.finding(question="response"))


def test_wanted_capability_names_where_how_much_and_from_whom_not():
    plant, purchase = sorted(wanted(toy_plans.finding()).rows, key=lambda row: row["kind"])
    assert (plant["country"], plant["monthly_t"], plant["kind"]) == ("AUS", 50 / 12, "plant")
    assert (purchase["country"], purchase["monthly_t"], purchase["not_from"]) == ("AUS", 100 / 12, "CHN")
    assert purchase["within_months"] == 24
    assert list(purchase) == [column.name for column in wanted(toy_plans.finding()).columns]
