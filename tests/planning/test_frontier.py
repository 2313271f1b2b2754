"""What a budget buys, against numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from toys import case, toy_problem, with_changes

from friendshore.planning.frontier import frontier, frontier_objective, missing_share, months_covered
from friendshore.planning.problem import ALONE, Objective
from friendshore.planning.solving import solve

SHORTAGE = Objective(kind="least_shortage")


def test_the_frontier_ends_where_another_dollar_buys_nothing():
    # each member lacks 40 t that a thousand dollars a ton can make up for; alone and together alike
    found = frontier(toy_problem(), SHORTAGE, points=5)
    assert found.enough_usd["together"] == pytest.approx(80_000.0)
    assert found.enough_usd["alone"] == pytest.approx(80_000.0)
    for sharing in ("together", "alone"):
        points = found.of(sharing)
        assert [p.budget_usd for p in points] == pytest.approx([0.0, 20_000.0, 40_000.0, 60_000.0, 80_000.0])
        # 80 t of the 200 t that both need in the year of the cut, a ton less for each thousand dollars
        assert [p.shortage_share for p in points] == pytest.approx([0.4, 0.3, 0.2, 0.1, 0.0], abs=1e-5)
        assert [p.enough for p in points] == [False, False, False, False, True]
    assert found.parts == pytest.approx([0.5, 0.5])


def test_together_a_dollar_goes_to_who_is_hit_and_alone_each_needs_its_own():
    # cuts aimed at one member at a time: stock and plant that both share serve either
    cases = (case("usa", struck=("USA",), probability=0.05), case("jpn", struck=("JPN",), probability=0.05))
    found = frontier(toy_problem(cases=cases), SHORTAGE, points=3)
    # together 20 t of the ally's claims help as well: 60 t are cut, 40 t claimed
    assert found.enough_usd["together"] == pytest.approx(20_000.0)
    assert found.enough_usd["alone"] == pytest.approx(80_000.0)
    for joint, alone in zip(found.of("together"), found.of("alone"), strict=True):
        assert joint.budget_usd == alone.budget_usd
        assert joint.shortage_share <= alone.shortage_share + 1e-6
        assert joint.months_covered >= alone.months_covered - 1e-6


def test_more_money_never_hurts():
    rng = np.random.default_rng(3)
    for lump in (0.0, 25.0):
        problem = toy_problem(
            products=("P", "Q", "R"),
            price=rng.uniform(200, 3000, (2, 3)),
            stock_most_t=rng.uniform(0, 30, (2, 3)),
            capital_usd_per_t=rng.uniform(500, 9000, (1, 3)),
            lump_t=np.array([lump, 0.0, lump]),
            value_factor=rng.uniform(2, 60, 3),
        )
        for kind in ("least_shortage", "expected_cost"):
            found = frontier(problem, Objective(kind=kind), points=12)
            for sharing in ("together", "alone"):
                points = found.of(sharing)
                assert (np.diff([p.months_covered for p in points]) >= 0).all()
                assert (np.diff([p.shortage_share for p in points]) <= 0).all()
                assert all(p.spent_usd <= p.budget_usd * (1 + 1e-6) + 1e-2 for p in points)


def test_a_stated_budget_is_a_point_of_the_frontier_and_says_who_has_which_part():
    problem = with_changes(toy_problem(), budgets_usd=np.array([30_000.0, 10_000.0]))
    found = frontier(problem, SHORTAGE, points=4)
    assert found.parts == pytest.approx([0.75, 0.25])
    stated = [p for p in found.of("together") if p.stated]
    assert [p.budget_usd for p in stated] == pytest.approx([40_000.0])
    whole = solve(problem, SHORTAGE)
    assert stated[0].shortage_share == pytest.approx(missing_share([whole]), abs=1e-5)


def test_a_single_member_plans_for_itself_alone():
    found = frontier(toy_problem(members=("JPN",)), SHORTAGE, points=3)
    assert {p.sharing for p in found.points} == {"together"}
    assert found.enough_usd == {"together": pytest.approx(40_000.0)}


def test_a_limit_that_small_budgets_cannot_keep_is_replaced_by_shortage_first():
    assert frontier_objective(Objective(kind="least_cost")).kind == "least_shortage"
    assert frontier_objective(Objective(kind="cvar")).kind == "least_shortage"
    assert frontier_objective(Objective(kind="expected_cost")).kind == "expected_cost"
    found = frontier(toy_problem(), Objective(), points=3)
    assert found.objective.kind == "least_shortage"


def plan_with(shortage, drawn, **changed):
    problem = toy_problem(
        members=("JPN",), cases=(case(months=36, struck=("JPN",)),), bounds=(0.0, 3.0, 12.0, 36.0)
    )
    plan = solve(problem, SHORTAGE, sharing=ALONE)
    arrays = {"shortage_t": shortage, "drawn_t": drawn}
    return replace(plan, **{n: np.array(v, float).reshape(1, 3, 1, 1) for n, v in arrays.items()}, **changed)


def test_months_covered_are_read_off_what_is_drawn_as_it_is_needed():
    # 100 t a year; 5 t a month do not arrive, of which 0.8333 may be missing: 4.1667 t a month are drawn
    assert months_covered(plan_with([0.0, 45.0, 120.0], [15.0, 0.0, 0.0]))[0, 0] == pytest.approx(3.6)
    # the same stock, drawn late by the plan
    assert months_covered(plan_with([15.0, 30.0, 120.0], [0.0, 15.0, 0.0]))[0, 0] == pytest.approx(3.6)
    # nothing is short in the first quarter, so that the stock waits
    assert months_covered(plan_with([0.0, 30.0, 120.0], [0.0, 15.0, 0.0]))[0, 0] == pytest.approx(3 + 3.6)
    # within the limit for ever
    assert months_covered(plan_with([2.5, 7.5, 20.0], [0.0, 0.0, 0.0]))[0, 0] == pytest.approx(36.0)
    # more than the limit at once, and no stock
    assert months_covered(plan_with([15.0, 0.0, 0.0], [0.0, 0.0, 0.0]))[0, 0] == pytest.approx(0.0)


def test_months_are_unknown_for_who_does_not_plan_or_needs_nothing():
    problem = toy_problem()
    plan = solve(problem, SHORTAGE, sharing=ALONE, coalition=(1,))
    found = months_covered(plan)
    assert np.isnan(found[0, 0])
    assert np.isfinite(found[1, 0])
