"""Which decisions survive: read off plans that are given, and solved on a toy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from toys import toy_problem, with_changes

from friendshore.planning.problem import TOGETHER, Objective
from friendshore.planning.robust import SURVIVES, robust, tons_of
from friendshore.planning.solving import solve
from friendshore.planning.variations import Variation
from friendshore.records import Note


def variation(name, problem, rule="link", changed="", end=""):
    return Variation(name, Note(template=name), problem, rule, changed, end)


def solver(problem, objective, sharing, coalition):
    return solve(problem, objective, sharing=sharing, coalition=coalition)


def bought(survivals, action, place=""):
    return {key: each for key, each in survivals.items() if key[0] == action and key[3] == place}


def test_a_decision_is_recommended_where_it_survives_every_middle_variation():
    # a ton bought elsewhere in normal times costs less than by chance in a crisis
    stated = toy_problem(members=("JPN",), switching_share=0.01)
    # with claims enough for all that is short nothing has to be held or built; dear plants change nothing here
    tried = [
        variation("link", stated),
        variation(
            "imports",
            with_changes(stated, link_claim_t=stated.link_claim_t * 2.5, link_spare_t=100.0),
            "imports",
        ),
        variation(
            "link-capital-high", with_changes(stated, capital_usd_per_t=2500.0), "link", "capital", "high"
        ),
        variation(
            "first", with_changes(stated, link_claim_t=stated.link_claim_t * 10, link_spare_t=100.0), "first"
        ),
        variation("last", with_changes(stated, link_claim_t=0.0), "last"),
    ]
    plan = solve(stated, Objective())
    found = robust(tried, [plan], solver)
    [hold] = bought(found.survivals, "hold").values()
    assert not hold.recommended
    assert hold.hinges_on == ("imports",)
    assert (hold.low_t, hold.high_t) == pytest.approx((0.0, 15.0))
    for supplier in ("AUS", "BRA"):
        [buy] = bought(found.survivals, "buy", supplier).values()
        assert buy.recommended
        assert buy.hinges_on == ()
        assert (buy.low_t, buy.high_t) == pytest.approx((10.0, 25.0))
    [build] = bought(found.survivals, "build", "USA").values()
    assert build.hinges_on == ("imports",)
    assert [each.variation.name for each in found.bounds] == ["first", "last"]
    # with nothing to claim the limit is kept by stock and plant alone
    last = found.bounds[1].plans[0]
    assert last.status == "optimal"
    assert last.capacity_t.sum() == pytest.approx(35.0)


def test_bounds_are_told_and_decide_nothing():
    stated = toy_problem(members=("JPN",))
    plan = solve(stated, Objective())
    tried = [
        variation("link", stated),
        variation(
            "first", with_changes(stated, link_claim_t=stated.link_claim_t * 10, link_spare_t=100.0), "first"
        ),
    ]
    found = robust(tried, [plan], solver)
    assert all(each.recommended for each in found.survivals.values())
    assert found.bounds[0].plans[0].stock_t.sum() == pytest.approx(0.0)


def test_a_variation_without_a_plan_decides_nothing_and_is_named():
    stated = toy_problem(members=("JPN",))
    hopeless = with_changes(stated, link_claim_t=0.0, stock_most_t=0.0, buildable=False)
    found = robust(
        [variation("link", stated), variation("imports", hopeless, "imports")],
        [solve(stated, Objective())],
        solver,
    )
    assert found.without_plan == ("imports",)
    assert all(each.recommended for each in found.survivals.values())
    assert [each.status for each in found.tried] == ["optimal", "infeasible"]


def test_what_a_missing_ton_is_worth_does_not_move_a_limit_so_that_is_not_solved_again():
    stated = toy_problem(members=("JPN",))
    asked = []

    def counting(problem, objective, sharing, coalition):
        asked.append(problem)
        return solver(problem, objective, sharing, coalition)

    ends = [
        variation(f"link-value-{end}", with_changes(stated, value_factor=v), "link", "value", end)
        for end, v in (("low", 1.0), ("high", 99.0))
    ]
    for objective, solves in ((Objective(), 0), (Objective(kind="expected_cost"), 2)):
        asked.clear()
        plan = solve(stated, objective)
        found = robust([variation("link", stated), *ends], [plan], counting)
        assert len(asked) == solves
        assert len(found.tried) == 3


def test_a_tenth_of_its_tons_is_what_a_decision_must_keep():
    stated = toy_problem(members=("JPN",))
    plan = solve(stated, Objective())
    key = ("hold", "JPN", "P", "")
    for part, stays in ((SURVIVES * 1.01, True), (SURVIVES * 0.99, False)):
        less = replace(plan, stock_t=plan.stock_t * part)
        found = robust(
            [variation("link", stated), variation("imports", stated, "imports")],
            [plan],
            lambda *_, less=less: less,
        )
        assert found.survivals[key].recommended is stays


def test_links_are_compared_by_name_since_other_quantities_have_other_links():
    stated = toy_problem(members=("JPN",))
    other = toy_problem(members=("JPN",), suppliers=("AUS", "BRA", "CHN"), flows=(40.0, 0.0, 60.0))
    found = robust(
        [variation("link", stated), variation("link-raw", other, "link", "quantities", "raw")],
        [solve(stated, Objective())],
        solver,
    )
    assert all(each.recommended for each in found.survivals.values())


def test_plans_of_members_alone_are_read_together():
    stated = toy_problem()
    plans = [solve(stated, Objective(), sharing=TOGETHER, coalition=(m,)) for m in (0, 1)]
    found = robust([variation("link", stated), variation("imports", stated, "imports")], plans, solver)
    assert {key[1] for key in found.survivals} == {"USA", "JPN"}
    assert all(len(each.plans) == 2 for each in found.tried)
    assert all(each.recommended for each in found.survivals.values())


def test_dust_is_no_decision():
    stated = toy_problem(members=("JPN",))
    plan = solve(stated, Objective())
    assert tons_of(replace(plan, stock_t=np.array([[0.001]]))).keys() & {("hold", "JPN", "P", "")} == set()
    assert ("hold", "JPN", "P", "") in tons_of(plan)
