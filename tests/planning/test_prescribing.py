"""Decisions made already are kept by the program, and priced as they stand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from friendshore.planning.prescribing import (
    decided,
    evaluate,
    missing_usd,
    nothing,
    only_case,
    proportional,
    unbound,
    worst_share,
)
from friendshore.planning.problem import Corridor, Objective
from friendshore.planning.solving import solve
from toy_reasons import HALF, WORLD, choice

LEAST_COST = Objective()


def test_the_best_plan_is_the_one_worked_out_by_hand():
    plan = solve(choice(), LEAST_COST, gap=1e-9)
    assert plan.status == "optimal"
    assert plan.new_t.tolist() == pytest.approx([0.0, 24.0])
    assert plan.capacity_t.item() == pytest.approx(60.0)
    assert plan.stock_t.item() == pytest.approx(24.0)
    assert plan.cost_usd == pytest.approx(24 * 50 + 9000 + 24 * 100)


def test_least_and_most_of_each_kind_of_decision_are_kept():
    none, much = np.zeros((1, 1)), np.full((1, 1), np.inf)
    two_steps = replace(choice(), corridor=Corridor(capacity_t=(none + 120.0, much)))
    assert solve(two_steps, LEAST_COST).capacity_t.item() == pytest.approx(120.0)
    little_stock = replace(choice(), corridor=Corridor(stock_t=(none, none + 6.0)))
    assert solve(little_stock, LEAST_COST).capacity_t.item() == pytest.approx(120.0)
    some = np.array([0.0, 10.0])
    ten = solve(replace(choice(), corridor=Corridor(new_t=(some, some))), LEAST_COST)
    assert ten.new_t.tolist() == pytest.approx([0.0, 10.0])
    # The 14 t of spare that are left are bought in the crisis instead, where the stock does not reach.
    assert ten.cost_usd == pytest.approx(10 * 50 + 9000 + 30 * 100 + 8 * 200)


def test_what_cannot_be_decided_cannot_be_prescribed():
    wrong = replace(choice(), corridor=Corridor(new_t=(np.array([5.0, 0.0]), np.full(2, np.inf))))
    assert solve(wrong, LEAST_COST).status == "infeasible"


def test_a_plan_priced_as_decided_costs_what_it_cost():
    plan = solve(choice(), LEAST_COST, gap=1e-9)
    again = evaluate(choice(), decided(plan), solve=solve, objective=LEAST_COST)
    assert again.cost_usd == pytest.approx(plan.cost_usd, rel=1e-6)
    assert again.capacity_t.item() == pytest.approx(60.0)


def test_doing_nothing_leaves_all_but_the_spare_capacity_missing():
    made = evaluate(choice(), nothing(choice()), solve=solve)
    assert made.new_t.tolist() == [0.0, 0.0]
    assert made.shortage_t.item() == pytest.approx(96.0, rel=1e-5)
    assert worst_share(made) == pytest.approx(0.8, rel=1e-5)
    assert missing_usd(made) == pytest.approx(0.1 * 96 * 1000, rel=1e-5)
    assert made.cost_usd == pytest.approx(24 * 200, rel=1e-5)


def test_proportional_purchases_reach_as_far_as_claims():
    problem = choice(link_claim_t=np.array([0.0, 24.0]))
    low, high = proportional(problem).new_t
    assert (low[1], high[1]) == pytest.approx((24.0, 24.0))
    plenty = choice(link_claim_t=np.array([0.0, 500.0]), link_spare_t=np.array([0.0, 500.0]))
    assert proportional(plenty).new_t[0].tolist() == pytest.approx([0.0, 120.0])
    # Claims beyond what the supplier has shrink to it.
    scarce = choice(link_claim_t=np.array([0.0, 24.0]), link_spare_t=np.array([0.0, 10.0]))
    assert proportional(scarce).new_t[1].tolist() == pytest.approx([0.0, 10.0])


def test_one_case_alone_has_all_arrays_of_that_case():
    both = choice(WORLD, HALF, relief_t=np.array([[[[1.0]]], [[[2.0]]]]))
    alone = only_case(both, 1)
    assert [case.name for case in alone.cases] == ["half"]
    assert alone.open_share.tolist() == [[[0.5, 1.0]]]
    assert alone.relief_t.item() == 2.0
    assert alone.feed_open.shape == (1, 1, 1, 1)


def test_budgets_and_caps_do_not_count_when_a_plan_is_priced():
    poor = choice()
    poor = replace(poor, limits=replace(poor.limits, budgets_usd=np.array([1.0]), concern_share=0.01))
    plan = solve(choice(), LEAST_COST)
    assert evaluate(poor, decided(plan), solve=solve).status == "optimal"
    assert unbound(poor).limits.shortage_share == poor.limits.shortage_share


def test_the_worst_share_counts_only_the_months_of_the_limit():
    plan = evaluate(choice(), nothing(choice()), solve=solve)
    later = replace(plan.problem, bounds=np.array([0.0, 3.0, 12.0]))
    short = np.array([[[[3.0]], [[90.0]]]])
    early = replace(later, limits=replace(later.limits, months=3))
    assert worst_share(replace(plan, problem=early, shortage_t=short)) == pytest.approx(0.1)
    assert worst_share(replace(plan, problem=later, shortage_t=short)) == pytest.approx(1.0)
