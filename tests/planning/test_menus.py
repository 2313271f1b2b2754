"""Menus of parts and the split of a budget, against what can be worked out by hand and against whole solves."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from toys import case, toy_problem, with_changes

from friendshore.planning.formulation import build
from friendshore.planning.knapsack import Dish, knapsack, mixed, value_of
from friendshore.planning.menus import Menus, one_purse
from friendshore.planning.problem import ALONE, TOGETHER, Objective, Sharing
from friendshore.planning.solving import solve
from friendshore.planning.warm import Warm

SHORTAGE = Objective(kind="least_shortage")
EXPECTED = Objective(kind="expected_cost")


def missing(plan):
    chance = np.array([each.probability for each in plan.problem.cases])
    return float((plan.shortage_t * plan.problem.price).sum(axis=(1, 2, 3)) @ chance)


def spent(plan):
    return float((plan.stock_t * plan.problem.price).sum() + plan.support_usd.sum())


def test_a_thousand_dollars_make_one_ton_less_missing_until_nothing_is():
    # 60 t are cut, 20 t can be claimed for nothing; stock and plants cost a thousand dollars a ton at once
    menus = Menus(toy_problem(members=("JPN",)), SHORTAGE)
    assert menus.enough_usd == pytest.approx(40_000.0)
    for budget in (0.0, 10_000.0, 25_000.0, 40_000.0, 1e9):
        plan = menus.at(budget)
        assert plan.shortage_t.sum() == pytest.approx(max(0.0, 40.0 - budget / 1000), abs=1e-4)
        assert spent(plan) <= budget * (1 + 1e-6) + 1e-3
        assert plan.gap < 5e-3


def test_whole_plants_are_bought_where_the_money_suffices_for_them():
    problem = toy_problem(members=("JPN",), lump_t=20.0, stock_most_t=0.0)
    menus = Menus(problem, SHORTAGE)
    left = [menus.at(budget).shortage_t.sum() for budget in (0.0, 19_000.0, 20_000.0, 39_000.0, 40_000.0)]
    assert left == pytest.approx([40.0, 40.0, 20.0, 20.0, 0.0], abs=1e-4)


def lumpy(**changed):
    """Three products that differ in what is cut, what it costs and how large a plant is."""
    return toy_problem(
        products=("P", "Q", "R"),
        cases=(case("cut"), case("aimed", struck=("JPN",))),
        price=np.array([[1000.0, 400.0, 2500.0]] * 2),
        capital_usd_per_t=np.array([[2000.0, 700.0, 9000.0]]),
        lump_t=np.array([30.0, 0.0, 25.0]),
        stock_most_t=np.array([[15.0, 5.0, 8.0]] * 2),
        value_factor=np.array([6.0, 30.0, 12.0]),
        **changed,
    )


@pytest.mark.parametrize("objective", [SHORTAGE, EXPECTED], ids=lambda each: each.kind)
def test_a_split_budget_is_as_good_as_the_whole_program(objective):
    menus = Menus(lumpy(), objective, gap=1e-4)
    for budget in np.linspace(0.0, 1.1 * menus.enough_usd, 8).tolist():
        whole = solve(with_changes(lumpy(), budgets_usd=budget / 2), objective, gap=1e-6)
        apart = menus.at(budget)
        measure = missing if objective is SHORTAGE else (lambda plan: plan.objective_value)
        assert spent(apart) <= budget + 1e-3
        assert measure(apart) == pytest.approx(measure(whole), rel=5e-3, abs=5.0)
        assert menus.bound(budget) <= measure(whole) + 1.0


def test_members_alone_have_menus_of_their_own():
    menus = [Menus(lumpy(), SHORTAGE, sharing=ALONE, coalition=(m,)) for m in (0, 1)]
    for m, each in enumerate(menus):
        own = solve(
            with_changes(lumpy(), budgets_usd=50_000.0), SHORTAGE, sharing=ALONE, coalition=(m,), gap=1e-6
        )
        assert missing(each.at(50_000.0)) == pytest.approx(missing(own), rel=5e-3)


def test_nothing_is_bought_beyond_what_helps():
    menus = Menus(lumpy(), SHORTAGE)
    assert spent(menus.at(1e12)) == pytest.approx(menus.enough_usd, rel=1e-6)
    assert missing(menus.at(menus.enough_usd)) == pytest.approx(missing(menus.at(1e12)), abs=1.0)
    assert missing(menus.at(0.9 * menus.enough_usd)) > missing(menus.at(1e12)) + 1.0


def test_a_budget_below_what_the_limits_need_has_no_plan():
    # At most 30 t may come from China in normal times; 20 t can be claimed, so that 10 t have to be made.
    problem = toy_problem(members=("JPN",), concern_share=0.3)
    menus = Menus(problem, SHORTAGE)
    assert menus.least_usd == pytest.approx(10_000.0, rel=1e-6)
    assert menus.at(9_000.0).status == "infeasible"
    assert menus.at(10_001.0).status == "optimal"


def test_one_purse_is_a_single_member_or_pooled_budgets():
    assert one_purse(ALONE, (1,))
    assert one_purse(TOGETHER, (0, 1))
    assert not one_purse(Sharing(lumps=True), (0, 1))


def test_a_warm_solver_gives_what_a_new_one_does():
    built = build(with_changes(lumpy(), budgets_usd=40_000.0), EXPECTED)
    warm = Warm(built.program.arrays())
    cost = built.program.arrays().cost
    for factor in (1.0, 5.0, 0.2, 1.0):
        asked = cost.copy()
        asked[built.columns["shortage"].block.at] *= factor
        found = warm.minimise(asked, relative=1e-9)
        new = built.program.minimise(cost=asked, gap=1e-9)
        assert found.objective == pytest.approx(new.objective, rel=1e-6)
        assert found.bound <= found.objective + 1e-6 * abs(found.objective)
        numbers = found.values[warm.whole]
        assert numbers == pytest.approx(np.round(numbers), abs=1e-5)


def test_a_warm_solver_says_where_there_is_nothing():
    built = build(with_changes(toy_problem(members=("JPN",), concern_share=0.3), budgets_usd=1.0), SHORTAGE)
    assert not Warm(built.program.arrays()).minimise(built.program.arrays().cost)


def test_the_knapsack_is_as_good_as_trying_all():
    rng = np.random.default_rng(7)
    for _ in range(20):
        menus = [
            [Dish(0.0, 0.0, np.zeros(0))]
            + [Dish(float(s), float(-v), np.zeros(0)) for s, v in rng.integers(1, 100, (4, 2))]
            for _ in range(4)
        ]
        best = min(
            (value_of(each) for each in itertools.product(*menus) if sum(d.spent for d in each) <= 150.0),
        )
        chosen = knapsack(menus, 150.0)
        assert sum(dish.spent for dish in chosen) <= 150.0
        assert value_of(chosen) <= best * 0.98


def test_mixtures_lie_on_the_line_between_two_plans():
    a, b = Dish(0.0, 10.0, np.array([0.0])), Dish(100.0, 2.0, np.array([1.0]))
    found = mixed([a, b], 25.0)
    assert [dish.spent for dish in found] == pytest.approx([0.0, 25.0, 50.0, 75.0, 100.0])
    assert [dish.value for dish in found] == pytest.approx([10.0, 8.0, 6.0, 4.0, 2.0])
    assert [dish.values[0] for dish in found] == pytest.approx([0.0, 0.25, 0.5, 0.75, 1.0])
