"""A plan told in rows: every figure is checked against the plan made by hand."""

from __future__ import annotations

import numpy as np
import pytest

import toy_plans
from friendshore.answers.plan_calls import calls
from friendshore.answers.plan_rows import Reading, capacity, decisions, sourcing, stock, support, told
from friendshore.answers.plan_shortages import (
    costs,
    lasting_months,
    members,
    scenarios,
    shortages,
    worst_share,
)


def test_decisions_are_what_is_beyond_today_stock_first_each_with_its_yearly_cost():
    found = decisions([toy_plans.plan()])
    assert [one.key for one in found] == [
        ("hold", "JPN", "250410", ""),
        ("build", "USA+JPN", "284690", "AUS"),
        ("buy", "JPN", "250410", "AUS"),
    ]
    assert [one.quantity_t for one in found] == [200.0, 50.0, 100.0]
    # 8 % carrying and a tenth of a 20 % premium on 200,000 dollars; a tenth of 2.5 million and 1,000 dollars a ton;
    # 5 % for switching and 10 % since Australia is dearer, on 100,000 dollars.
    assert [one.cost_usd for one in found] == pytest.approx([20_000, 300_000, 15_000])


def test_what_the_solver_rounds_is_no_decision():
    plan = toy_plans.plan()
    dust = plan.stock_t + 1e-5
    assert len(decisions([toy_plans.plan(stock_t=dust)])) == 3


def test_a_row_names_supplier_or_host_and_what_it_hinges_on():
    found = decisions([toy_plans.plan()])
    readings = {found[0].key: Reading(recommended=False, hinges_on="capital", low_t=0.0, high_t=200.0)}
    build, buy, hold = told(found, readings)
    assert (hold["supplier"], hold["host"], build["host"], buy["supplier"]) == (None, None, "AUS", "AUS")
    assert (hold["recommended"], hold["hinges_on"], hold["quantity_t_low"]) == (False, "capital", 0.0)
    assert (build["recommended"], build["hinges_on"], build["quantity_t_low"]) == (None, None, None)


def test_the_tables_have_the_agreed_keys():
    plans = [toy_plans.plan()]
    (built,) = capacity(plans, {}).rows
    assert built == {
        "host": "AUS", "product": "284690", "new_t": 50.0, "capex_usd": 2_500_000.0, "support_usd": 1_000_000.0,
        "payer": "JPN+USA", "recommended": None, "hinges_on": None,
    }  # fmt: skip
    (held,) = stock(plans, {}).rows
    assert held["cover_days"] == pytest.approx(200 / 1200 * 365)
    assert list(held) == ["member", "product", "stock_t", "cover_days", "recommended", "hinges_on"]
    assert [row["support_usd"] for row in support(plans).rows] == [600_000.0, 400_000.0]
    assert {(row["member"], row["product"], row["supplier"]): row["normal_t"] for row in sourcing(plans).rows} == {
        ("USA", "250410", "CHN"): 1000.0, ("USA", "250410", "AUS"): 200.0, ("JPN", "250410", "CHN"): 1100.0,
        ("JPN", "250410", "AUS"): 100.0, ("USA", "284690", "CHN"): 100.0, ("USA", "284690", "AUS"): 20.0,
        ("JPN", "284690", "CHN"): 70.0,
    }  # fmt: skip


def test_a_scenario_has_a_row_a_period_up_to_its_end():
    plans = [toy_plans.plan()]
    assert [(row["name"], row["period"], row["planned_shortage_t"]) for row in scenarios(plans).rows] == [
        ("aimed-12", "0-3", 0.0),
        ("aimed-12", "3-12", 72.0),
        ("world-36", "0-3", 0.0),
        ("world-36", "3-12", 0.0),
        ("world-36", "12-36", 120.0),
    ]
    assert {row["simulated_shortage_t"] for row in scenarios(plans).rows} == {None}
    ran = scenarios(plans, [np.full((2, 3, 2, 2), 1.0)]).rows
    assert {row["simulated_shortage_t"] for row in ran} == {4.0}
    short = shortages(plans).rows
    assert [(row["member"], row["product"], row["demand_t"]) for row in short] == [
        ("JPN", "250410", 900.0),
        ("JPN", "284690", 240.0),
    ]


def test_the_worst_share_is_read_within_the_months_of_the_limit_and_after_them():
    plans = [toy_plans.plan()]
    assert worst_share(plans) == pytest.approx(0.08)
    assert worst_share(plans, later=True) == pytest.approx(0.5)
    assert worst_share(plans, member=0) == 0.0


def test_months_are_covered_until_more_than_the_limit_is_missing():
    # Japan's rare earths run short after a year, all else lasts: 1.2 of 4.8 million dollars of imports.
    assert lasting_months([toy_plans.plan()]) == (pytest.approx((3 * 36 + 12) / 4), 12.0)
    shortage = toy_plans.plan().shortage_t.copy()
    assert lasting_months([toy_plans.plan(shortage_t=np.zeros_like(shortage))]) == (36.0, 36.0)
    shortage[0, 0, 0, 0] = 0.11 * 300
    assert lasting_months([toy_plans.plan(shortage_t=shortage)])[1] == 0.0


def test_members_pay_and_miss_each_their_own():
    usa, japan = members([toy_plans.plan()]).rows
    assert (usa["cost_usd"], usa["stock_usd"], usa["support_usd"]) == (100_000.0, 0.0, 400_000.0)
    assert (japan["stock_usd"], japan["budget_usd"]) == (200_000.0, 2e6)
    assert japan["worst_shortage_share"] == pytest.approx(0.08)
    assert sum(row["cost_usd"] for row in costs([toy_plans.plan()]).rows) == 335_000.0


def test_plans_of_members_alone_are_told_side_by_side():
    both = toy_plans.plan()
    usa = toy_plans.plan(coalition=(0,), stock_t=np.zeros((2, 2)), new_t=np.zeros(8))
    japan = toy_plans.plan(coalition=(1,), capacity_t=np.zeros((2, 2)))
    assert [one.member for one in decisions([usa, japan])] == ["JPN", "USA", "JPN"]
    assert [row["member"] for row in members([usa, japan]).rows] == ["USA", "JPN"]
    assert worst_share([usa]) == 0.0
    assert worst_share([usa, japan]) == worst_share([both])


def test_who_has_stock_left_lends_it_to_who_is_short():
    plan = toy_plans.lending()
    rows = calls([plan]).rows
    # Japan draws 260 t and holds 200; the United States hold 150 and draw 40.
    assert [(r["name"], r["member"], r["to"], r["lent_stock_t"], r["redirected_t"]) for r in rows] == [
        ("aimed-12", "USA", "JPN", 60.0, 0.0),
        ("world-36", "USA", "USA", 0.0, 1.0),
        ("world-36", "USA", "JPN", 0.0, 5.0),
    ]
