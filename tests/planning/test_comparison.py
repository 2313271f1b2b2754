"""The gain of acting together: what it is, how it is shared, who would rather leave."""

from __future__ import annotations

import numpy as np
import pytest
from test_coalition import one_at_a_time, unit_each
from toys import case, toy_problem

from friendshore.planning.comparison import RULES, compare
from friendshore.planning.problem import Objective

LEAST = Objective()
PRICED = Objective(kind="expected_cost")


def test_a_gain_of_two_is_halved_by_shapley_and_no_part_leaves():
    found = compare(one_at_a_time(), LEAST)
    assert found.alone_usd.tolist() == pytest.approx([5000, 5000])
    assert found.together_usd == pytest.approx(5000)
    assert found.total_gain_usd == pytest.approx(5000)
    assert found.gains_usd["shapley"] == pytest.approx([2500, 2500])
    assert found.gains_usd["proportional"] == pytest.approx([2500, 2500])
    assert found.leaving_usd["shapley"] == pytest.approx([-2500, -2500])
    assert found.missed_usd == pytest.approx([5000, 5000])
    assert all(not found.leaving[rule] for rule in RULES)
    assert found.least.excess_usd == pytest.approx(-2500)
    assert found.lost_gain_usd == 0


def test_a_shared_lump_is_reported_as_an_empty_core():
    found = compare(unit_each(), LEAST)
    assert found.total_gain_usd == pytest.approx(1000)
    assert found.least.excess_usd == pytest.approx(1000 / 3)
    for rule in RULES:
        assert found.gains_usd[rule].sum() == pytest.approx(1000)
        assert len(found.leaving[rule]) == 3
    assert found.gain_by_mechanism_usd["lumps"] == pytest.approx(1000)


def test_the_parts_by_every_rule_and_the_worth_of_all_mechanisms_sum_to_the_gain():
    problem = toy_problem(
        members=("USA", "JPN", "KOR"), lump_t=20.0, own_exports_t=[[8.0], [0.0], [2.0]], outsider_share=1.0,
        budgets_usd=[20_000.0, 14_000.0, 9_000.0], cases=(case(struck=("USA",)), case("all")),
    )  # fmt: skip
    for objective in (PRICED, Objective(kind="worst_case"), Objective(kind="least_shortage")):
        found = compare(problem, objective, gap=1e-6)
        total = found.alone_usd.sum() - found.together_usd
        assert found.total_gain_usd == pytest.approx(total)
        for rule in RULES:
            assert found.gains_usd[rule].sum() == pytest.approx(total)
        assert sum(found.gain_by_mechanism_usd.values()) == pytest.approx(total)
        assert found.missed_usd.min() >= -1e-6 * found.together_usd


def test_owen_is_in_the_core_where_plants_may_have_any_size():
    rng = np.random.default_rng(11)
    for _ in range(6):
        problem = toy_problem(
            members=("USA", "JPN", "KOR"), hosts=("USA", "AUS"), own_exports_t=rng.uniform(0, 30, (3, 1)),
            claim=rng.uniform(2, 15), budgets_usd=rng.uniform(5_000, 40_000, 3),
            stock_most_t=rng.uniform(2, 30, (3, 1)), stock_held_t=rng.uniform(0, 10, (3, 1)),
            cases=(case(struck=("USA", "JPN")), case("all", struck=("USA", "JPN", "KOR"))),
        )  # fmt: skip
        found = compare(problem, PRICED, mechanisms=False)
        assert found.leaving["owen"] == ()
        assert found.least.excess_usd <= 1e-6 * found.together_usd
        assert found.mechanisms is None
        assert found.gain_by_mechanism_usd == {}


def test_what_of_a_gain_is_supply_that_is_not_lost_is_told_apart():
    # Each may pay for 20 t of stock of the 60 that it lacks; one stock for both serves 40.
    found = compare(one_at_a_time(budgets_usd=20_000.0), PRICED)
    assert found.alone_usd == pytest.approx([2000 + 40 * 500] * 2)
    assert found.together_usd == pytest.approx(4000 + 2 * 20 * 500)
    assert found.lost_gain_usd == pytest.approx(40 * 500)
    first = compare(one_at_a_time(budgets_usd=20_000.0), Objective(kind="least_shortage"))
    assert first.lost_gain_usd == pytest.approx(40 * 500, rel=1e-5)


def test_where_somebody_has_no_plan_alone_nothing_is_shared_in_money():
    found = compare(one_at_a_time(stock_held_t=[[0.0], [50.0]], stock_most_t=15.0), LEAST)
    assert np.isnan(found.alone_usd[0])
    assert found.together_usd == 0
    assert found.gains_usd == {}
    assert found.least is None
    assert found.leaving == {}
