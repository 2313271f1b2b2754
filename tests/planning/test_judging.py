"""Regret by case and the plan against simple rules, against sums made by hand."""

from __future__ import annotations

import pytest

from friendshore.planning.judging import against, regrets
from friendshore.planning.problem import Objective
from friendshore.planning.solving import solve
from toy_reasons import HALF, WORLD, choice

COST = 24 * 50 + 9000 + 24 * 100


def test_regret_is_nothing_in_the_case_that_shapes_the_plan_and_the_plant_in_the_other():
    plan = solve(choice(WORLD, HALF), Objective(), gap=1e-9)
    assert plan.cost_usd == pytest.approx(COST, rel=1e-4)
    found = {one.case: one for one in regrets(plan, solve=solve, gap=1e-9)}
    assert found["all"].regret_usd == pytest.approx(0.0, abs=1.0)
    # Against the half: 30 t of stock, 12 t bought anew (of which 6 help) and 12 t in the crisis, no plant.
    assert found["half"].best_usd == pytest.approx(30 * 100 + 12 * 50 + 12 * 200)
    assert found["half"].regret_usd == pytest.approx(COST - 6000)
    assert [one.case for one in regrets(plan, solve=solve, gap=1e-9)] == ["half", "all"]


def test_a_case_that_strikes_nobody_who_plans_has_no_regret():
    stranger = HALF.model_copy(update={"struck": ("Z",)})
    plan = solve(choice(WORLD, stranger), Objective())
    assert [one.case for one in regrets(plan, solve=solve)] == ["all"]


def test_the_plan_against_simple_rules():
    plan = solve(choice(), Objective(), gap=1e-9)
    found = {one.name: one for one in against(plan, solve=solve, gap=1e-9)}
    assert list(found) == ["plan", "nothing", "proportional", "stock_only"]
    assert found["plan"].missing_usd == pytest.approx(0.1 * 12 * 1000, rel=1e-5)
    assert found["plan"].cost_usd == pytest.approx(COST, rel=1e-4)
    assert found["plan"].keeps_limit
    assert found["plan"].capex_usd == pytest.approx(90_000)
    assert found["nothing"].missing_usd == pytest.approx(0.1 * 96 * 1000, rel=1e-5)
    assert found["nothing"].cost_usd == pytest.approx(24 * 200, rel=1e-4)
    assert found["proportional"].cost_usd == pytest.approx(24 * 50, rel=1e-4)
    assert found["proportional"].worst_shortage_share == pytest.approx(0.8, rel=1e-4)
    # Stock alone cannot keep the limit: all that fits, and the spare capacity in the crisis.
    assert found["stock_only"].stock_usd == pytest.approx(30_000, rel=1e-5)
    assert found["stock_only"].missing_usd == pytest.approx(0.1 * 66 * 1000, rel=1e-5)
    assert not any(found[name].keeps_limit for name in ("nothing", "proportional", "stock_only"))
    assert found["nothing"].lost_usd == pytest.approx(20 * 0.1 * 96 * 1000, rel=1e-5)


def test_the_value_from_which_the_plan_is_better_is_what_it_costs_more_over_what_it_saves():
    plan = solve(choice(), Objective(), gap=1e-9)
    found = {one.name: one for one in against(plan, solve=solve, gap=1e-9)}
    assert found["plan"].breakeven_factor is None
    assert found["nothing"].breakeven_factor == pytest.approx((COST - 4800) / (9600 - 1200), rel=1e-4)
    assert found["proportional"].breakeven_factor == pytest.approx((COST - 1200) / (9600 - 1200), rel=1e-4)


def test_stock_alone_that_keeps_the_limit_is_priced_by_the_plans_objective():
    plan = solve(choice(most_stock=500.0), Objective(), gap=1e-9)
    found = {one.name: one for one in against(plan, solve=solve, gap=1e-9)}
    assert found["stock_only"].keeps_limit
    # 108 t are needed; bought in the crisis they cost 200, from stock 100.
    assert found["stock_only"].stock_usd == pytest.approx(108_000, rel=1e-5)
