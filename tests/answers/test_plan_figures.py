"""Figures that a plan tells beside its rows: gaps, money at once, ranges, and what each budget would do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import toy_plans
from friendshore.answers.plan_robust import ranges
from friendshore.answers.plan_shortages import budget_usd, gaps, members, once_usd
from friendshore.planning.problem import Limits
from friendshore.planning.robust import Robustness, Tried
from friendshore.planning.variations import Variation
from friendshore.records import Note


def test_a_gap_is_the_worst_period_of_a_case():
    rows = gaps([toy_plans.plan()]).rows
    # 72 of 900 t of graphite in nine months of the first case; half of 240 t of rare earths late in the second.
    assert {(row["name"], row["member"], row["product"]): round(row["planned_share"], 6) for row in rows} == {
        ("aimed-12", "JPN", "250410"): 0.08,
        ("world-36", "JPN", "284690"): 0.5,
    }
    assert all(row["simulated_share"] is None for row in rows)


def test_money_at_once_is_stock_and_support():
    plan = toy_plans.plan()
    # Japan: 200 t of graphite at 1,000 dollars, and 600,000 for the plant; the United States 400,000 for the plant.
    assert once_usd(plan).tolist() == [400_000.0, 800_000.0]
    assert [row["once_usd"] for row in members([plan]).rows] == [400_000.0, 800_000.0]


def test_a_budget_is_known_where_every_member_has_one():
    problem = toy_plans.problem()
    assert budget_usd(problem) == 7e6
    for stated in (np.zeros(0), np.array([5e6, np.inf])):
        assert budget_usd(replace(problem, limits=Limits(budgets_usd=stated))) is None


def tried(*, stock: float, rule: str = "link", status: str = "optimal") -> Tried:
    held = np.zeros((2, 2))
    held[1, 0] = stock
    plan = toy_plans.plan(stock_t=held, status=status)
    return Tried(Variation("toy", Note(template="toy"), toy_plans.problem(), rule), (plan,))


def test_ranges_span_what_was_tried_but_neither_bounds_nor_what_has_no_plan():
    found = (
        tried(stock=200.0), tried(stock=500.0), tried(stock=0.0, status="infeasible"), tried(stock=900.0, rule="first"),
    )  # fmt: skip
    told = ranges(Robustness({}, found, ()))
    # The plant takes a million; a ton of graphite in stock a thousand.
    assert (told["once_usd_low"], told["once_usd_high"]) == (1_200_000.0, 1_500_000.0)


def test_ranges_are_unknown_where_nothing_has_a_plan():
    told = ranges(Robustness({}, (tried(stock=0.0, status="infeasible"),), ()))
    assert set(told.values()) == {None}
