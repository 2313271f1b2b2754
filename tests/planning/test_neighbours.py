"""The next-best plan and what each large decision is worth, against distances worked out by hand."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from friendshore.planning.neighbours import choices, next_best, without
from friendshore.planning.problem import Corridor, Objective
from friendshore.planning.solving import solve
from toy_reasons import choice

BEST = 24 * 50 + 9000 + 24 * 100


@pytest.fixture(scope="module")
def plan():
    return solve(choice(), Objective(), gap=1e-9)


def test_decisions_are_listed_dearest_first(plan):
    assert [(one.key, one.tons, one.cost_usd) for one in choices(plan)] == [
        (("build", "A", "250410", "B"), pytest.approx(60.0), pytest.approx(9000.0)),
        (("hold", "A", "250410", ""), pytest.approx(24.0), pytest.approx(2400.0)),
        (("buy", "A", "250410", "B"), pytest.approx(24.0), pytest.approx(1200.0)),
    ]


def test_what_each_decision_is_worth_is_what_was_worked_out_by_hand(plan):
    found = {one.choice.action: one for one in without(plan, solve=solve, relaxed=False, gap=1e-9)}
    # Not buying in normal times: 18 t in the crisis instead, and all of the stock.
    assert found["buy"].distance_usd == pytest.approx(30 * 100 + 18 * 200 + 9000 - BEST)
    # No stock: nothing but a second step covers the rest, which then makes all else idle.
    assert found["hold"].distance_usd == pytest.approx(18_000 - BEST)
    # No plant at all: 24 t of spare and 30 t of stock are not 108 t.
    assert found["build"].status == "infeasible"
    assert found["build"].distance_usd is None


def test_what_cannot_be_left_out_comes_first(plan):
    found = without(plan, solve=solve, relaxed=False, gap=1e-9)
    assert [one.choice.action for one in found] == ["build", "hold", "buy"]
    assert not any(one.within_gap for one in found)
    assert len(without(plan, solve=solve, most=1)) == 1


def test_the_next_best_plan_has_a_second_step(plan):
    found = next_best(plan, solve=solve, gap=1e-9)
    assert found.distance_usd == pytest.approx(18_000 - BEST)
    assert found.moved == (("B", "250410", pytest.approx(60.0)),)


def test_without_steps_there_is_no_next_best():
    any_size = choice(lump_t=np.zeros(1))
    assert next_best(solve(any_size, Objective()), solve=solve) is None


def test_the_next_best_plants_are_the_best_of_all_other_plants_tried_one_by_one():
    """Two hosts, small steps: every pair of plants is priced by brute force."""
    base = choice(
        hosts=("B", "D"), buildable=np.ones((2, 1), bool), capacity_most_t=np.full((2, 1), np.inf),
        feed_open=np.ones((1, 1, 2, 1)), lump_t=np.array([30.0]),
    )  # fmt: skip
    costs = replace(
        base.costs, capital_usd_per_t=np.array([[1500.0], [1480.0]]), gap_usd_per_t=np.array([[0.0], [9.0]]),
        support_share=np.full((2, 1), 0.5),
    )  # fmt: skip
    base = replace(base, costs=costs)
    plan = solve(base, Objective(), gap=1e-9)
    priced = {}
    for one, other in itertools.product(range(5), repeat=2):
        tons = np.array([[30.0 * one], [30.0 * other]])
        made = solve(replace(base, corridor=Corridor(capacity_t=(tons, tons))), Objective(), gap=1e-9)
        if made.status == "optimal":
            priced[one, other] = made.cost_usd
    ordered = sorted(priced.values())
    assert plan.cost_usd == pytest.approx(ordered[0])
    found = next_best(plan, solve=solve, gap=1e-9)
    assert found.cost_usd == pytest.approx(ordered[1])
    assert found.cost_usd > plan.cost_usd + 1.0


def test_a_distance_within_the_solvers_gap_is_told(plan):
    twins = choice(
        hosts=("B", "D"), buildable=np.ones((2, 1), bool), capacity_most_t=np.full((2, 1), np.inf),
        feed_open=np.ones((1, 1, 2, 1)),
    )  # fmt: skip
    costs = replace(
        twins.costs, capital_usd_per_t=np.full((2, 1), 1500.0), gap_usd_per_t=np.zeros((2, 1)),
        support_share=np.full((2, 1), 0.5),
    )  # fmt: skip
    made = solve(replace(twins, costs=costs), Objective())
    nearest = next_best(made, solve=solve)
    assert nearest.distance_usd == pytest.approx(0.0, abs=1.0)
    assert nearest.within_gap


def test_where_shortage_comes_first_the_distance_is_what_is_missing(plan):
    poor = choice()
    poor = replace(poor, limits=replace(poor.limits, budgets_usd=np.array([30_000.0])))
    made = solve(poor, Objective(kind="least_shortage"), gap=1e-9)
    assert made.capacity_t.item() == 0.0
    found = {one.choice.action: one for one in without(made, solve=solve, relaxed=False, gap=1e-9)}
    assert found["hold"].missing_usd == pytest.approx(0.1 * 30 * 1000, rel=1e-5)
    assert next_best(made, solve=solve, gap=1e-9).status == "infeasible"


def test_with_plants_of_any_size_what_a_decision_is_worth_is_exact(plan):
    """108 t: 24 bought, 30 held, 54 built at 150. Without the stock 30 t more are built, 50 dearer each."""
    found = {one.choice.action: one for one in without(plan, solve=solve)}
    assert found["hold"].distance_usd == pytest.approx(30 * 50)
    # Without new purchases the next cheapest is 24 t more of plant (150), not the crisis (200).
    assert found["buy"].distance_usd == pytest.approx(24 * (150 - 50))
    assert found["build"].status == "infeasible"
