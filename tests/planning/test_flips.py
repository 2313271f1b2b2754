"""The stakes from which each decision is worth it, against those worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from friendshore.planning.flips import flips, stakes_of
from friendshore.planning.problem import Objective
from friendshore.planning.solving import solve
from toy_reasons import HALF, WORLD, choice


@pytest.fixture(scope="module")
def read():
    plan = solve(choice(), Objective(), gap=1e-9)
    found, plans = flips(plan, solve=solve, points=13, rounds=6, low=0.01, high=10.0, relaxed=False, gap=1e-9)
    return {one.choice.action: one for one in found}, plans


def test_stakes_are_mean_probability_times_value():
    assert stakes_of(choice(WORLD, HALF)) == pytest.approx(0.1 * 20)


@pytest.mark.parametrize(
    ("action", "by_hand"),
    [("buy", 50 / 1000), ("hold", 100 / 1000), ("build", 150 / 1000)],
)
def test_each_decision_flips_where_a_missing_ton_costs_what_it_does(read, action, by_hand):
    flip = read[0][action]
    assert flip.in_plan
    assert flip.never_below == pytest.approx(by_hand, rel=0.02)
    assert flip.never_below <= by_hand * (1 + 1e-6)


def test_a_plant_stays_worth_it_and_drives_out_the_others(read):
    """From 0.8 on the 6 t that one plant leaves missing pay for a second, beside which nothing else is needed."""
    by_action = read[0]
    assert by_action["build"].steady
    assert by_action["build"].always_above == pytest.approx(0.15, rel=0.02)
    assert by_action["build"].gone_above is None
    for action in ("buy", "hold"):
        assert not by_action[action].steady
        assert by_action[action].always_above is None
        assert by_action[action].gone_above == pytest.approx(0.8, rel=0.02)
        assert by_action[action].gone_above >= 0.8 * (1 - 1e-6)


def test_plans_are_kept_by_stakes_and_miss_less_as_these_rise(read):
    plans = read[1]
    missing = [plans[stakes].shortage_t.sum() for stakes in sorted(plans)]
    assert missing == sorted(missing, reverse=True)
    assert stakes_of(choice()) in plans


def test_a_decision_that_is_never_worth_it_is_told_as_such():
    plan = solve(choice(), Objective(), gap=1e-9)
    found, _ = flips(plan, solve=solve, points=3, rounds=0, low=0.001, high=0.002, relaxed=False, gap=1e-9)
    hold = next(one for one in found if one.choice.action == "hold")
    # Today's stakes, 0.1 x 20, are always on the axis: there two plants do it all.
    assert hold.never_below == pytest.approx(2.0)
    assert hold.always_above is None
    assert hold.gone_above is None


def test_without_a_chance_there_is_no_axis():
    plan = solve(choice(), Objective())
    never = choice(WORLD.model_copy(update={"probability": 0.0}))
    still = solve(never, Objective())
    assert flips(still, solve=solve) == ((), {})
    assert plan.cost_usd > 0


def test_with_plants_of_any_size_each_decision_flips_once_where_its_ton_pays():
    plan = solve(choice(), Objective(), gap=1e-9)
    found, _ = flips(plan, solve=solve, points=13, rounds=6, low=0.01, high=10.0)
    by_action = {one.choice.action: one for one in found}
    for action, by_hand in (("buy", 0.05), ("hold", 0.1), ("build", 0.15)):
        assert by_action[action].steady
        assert (
            by_action[action].never_below
            <= by_hand * (1 + 1e-6)
            <= by_action[action].always_above * (1 + 2e-6)
        )
        assert by_action[action].always_above == pytest.approx(by_hand, rel=0.02)


def test_hosts_that_cost_the_same_are_one_decision():
    twins = choice(
        hosts=("B", "D"), buildable=np.ones((2, 1), bool), capacity_most_t=np.full((2, 1), 60.0),
        feed_open=np.ones((1, 1, 2, 1)), lump_t=np.array([30.0]),
    )  # fmt: skip
    costs = replace(
        twins.costs, capital_usd_per_t=np.full((2, 1), 1500.0), gap_usd_per_t=np.zeros((2, 1)),
        support_share=np.full((2, 1), 0.5),
    )  # fmt: skip
    plan = solve(replace(twins, costs=costs, stock_most_t=np.zeros((1, 1))), Objective(), gap=1e-9)
    build = [one for one in flips(plan, solve=solve, points=5, rounds=0)[0] if one.choice.action == "build"]
    assert len(build) == 1
    assert set(build[0].places) == {"B", "D"}
    assert build[0].choice.tons == pytest.approx(90.0)
