"""Shadow prices: what they add up to, whom they belong to, and what a limit is worth."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_solving import CASES, NUMBERS
from toys import case, toy_problem, with_changes

from friendshore.planning.duals import binding, relaxation
from friendshore.planning.problem import ALONE, Objective
from friendshore.planning.solving import KINDS, solve

THREE = ("USA", "JPN", "KOR")
CASES_OF_THREE = (
    case("all", 12, 0.05, THREE),
    case("usa", 12, 0.1, ("USA",)),
    case("kor", 24, 0.05, ("KOR", "JPN")),
)


def test_parts_of_alike_members_are_alike_and_sum_to_the_value():
    relaxed = relaxation(toy_problem(), Objective())
    assert relaxed.value_usd == pytest.approx(11000)
    assert relaxed.parts_usd == pytest.approx([5500, 5500])
    assert relaxed.rows["demand"].shape == (2,)


def test_who_brings_the_stock_is_paid_for_it():
    # Japan holds 30 t: they save a plant of 30 t at 200 and are worth it at the shadow price.
    relaxed = relaxation(toy_problem(stock_held_t=[[0.0], [20.0]]), Objective())
    assert relaxed.value_usd == pytest.approx(11000 - 20 * 200)
    assert relaxed.parts_usd == pytest.approx([5500, 5500 - 20 * 200])


@settings(max_examples=25, deadline=None)
@given(
    NUMBERS.filter(lambda n: n["claim"] <= 30),
    st.sampled_from([k for k in KINDS if k != "least_shortage"]),
    st.lists(st.integers(0, 3), min_size=3, max_size=3),
)
def test_parts_sum_to_the_value_and_no_coalition_of_the_relaxed_game_does_better_alone(numbers, kind, scale):
    objective = Objective(kind=kind)
    size = np.array(scale, float)[:, None] + 0.5
    problem = toy_problem(members=THREE, cases=CASES_OF_THREE, bounds=(0, 6, 36), **numbers)
    links = size[problem.link_member, 0]
    problem = with_changes(
        problem, demand_t=problem.demand_t * size, link_t=problem.link_t * links,
        stock_held_t=problem.stock_held_t * size[::-1],
    )  # fmt: skip
    whole = relaxation(problem, objective)
    if whole.status != "optimal":
        return
    assert whole.parts_usd.sum() == pytest.approx(whole.value_usd, rel=1e-9, abs=1e-6)
    for count in (1, 2):
        for some in itertools.combinations(range(3), count):
            alone = relaxation(problem, objective, coalition=some)
            if np.isfinite(alone.value_usd):
                assert whole.parts_usd[list(some)].sum() <= alone.value_usd + 1e-5 * max(
                    1.0, abs(alone.value_usd)
                )


@settings(max_examples=15, deadline=None)
@given(NUMBERS)
def test_the_relaxation_is_no_dearer_than_the_plan(numbers):
    problem = toy_problem(cases=CASES, bounds=(0, 6, 36), **numbers)
    plan, relaxed = solve(problem, Objective(), gap=1e-7), relaxation(problem, Objective())
    if plan.status == "optimal":
        assert relaxed.value_usd <= plan.cost_usd + 1e-5 * max(1.0, plan.cost_usd)
        if not problem.lump_t.any():
            assert relaxed.value_usd == pytest.approx(plan.cost_usd, rel=1e-5, abs=1e-3)


def test_shortage_first_has_parts_too():
    relaxed = relaxation(toy_problem(budgets_usd=10000.0), Objective(kind="least_shortage"))
    assert relaxed.status == "optimal"
    assert relaxed.parts_usd.sum() == pytest.approx(relaxed.value_usd, rel=1e-9)
    assert relaxed.value_usd == pytest.approx(2 * (20 * 50 + 10 * 100), rel=1e-3)


def found(problem, objective=None, **options):
    objective = objective or Objective()
    plan = solve(problem, objective, **options)
    return {(b.constraint, b.member, b.supplier): b for b in binding(problem, objective, plan)}


def test_a_limit_is_worth_what_one_more_of_it_saves():
    limits = found(toy_problem(), sharing=ALONE)
    # A ton more that may be missing saves a ton of plant; one more of stock saves 200 and costs 100; of claims 150.
    assert limits["shortage", "JPN", ""].dual == pytest.approx(-200)
    assert limits["stock_most", "JPN", ""].dual == pytest.approx(-100)
    assert limits["stock_most", "JPN", ""].amount == pytest.approx(15)
    claim = limits["emergency_claims", "USA", "BRA"]
    assert (claim.dual, claim.case, claim.period) == (pytest.approx(-150), "cut", 0)
    assert not [key for key in limits if key[0] == "budget"]


def test_a_dual_is_what_solving_again_gives():
    tight = toy_problem(budgets_usd=25000.0)
    expected = Objective(kind="expected_cost")
    budget = found(tight, expected)["budget", "", ""]
    more, less = (solve(toy_problem(budgets_usd=25000.0 + step), expected).cost_usd for step in (50.0, -50.0))
    assert budget.dual == pytest.approx((more - less) / 200)
    assert budget.amount == pytest.approx(50000)
    shortage = Objective(kind="least_shortage")
    assert found(tight, shortage)["budget", "", ""].dual == pytest.approx(
        -0.1
    )  # of missing value, 0.1 * 1,000 / 1,000


def test_where_several_prices_are_right_the_range_says_so():
    # The stock limit is exactly what is needed: one less costs a plant, one more is worth nothing.
    exact = toy_problem(stock_most_t=30.0)
    limit = found(exact, sharing=ALONE)["shortage", "USA", ""]
    assert (limit.low, limit.high) == (pytest.approx(-200), pytest.approx(-100))
