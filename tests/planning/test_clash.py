"""Limits that clash: who, what and where, and what would free them, found by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from toys import toy_problem, with_changes

from friendshore.errors import PlanError
from friendshore.planning.clash import clash, refuse
from friendshore.planning.problem import ALONE, Objective
from friendshore.planning.solving import solve


def refused(problem, objective=None, **options):
    with pytest.raises(PlanError) as raised:
        refuse(solve(problem, objective or Objective(), **options))
    return raised.value


def amounts(found):
    return {remedy.kind: remedy.amount for remedy in found.remedies}


def test_a_budget_that_is_too_small_is_named_with_the_one_that_frees_it():
    # Of 60 t, 10 may be missing and 20 are claims; 30 t cost 1,000 a ton, held or built.
    error = refused(toy_problem(budgets_usd=10000.0), coalition=(1,))
    assert error.code == "infeasible_plan"
    assert error.message.startswith(
        "No plan keeps the shortage of JPN in P within 10 % for 12 months in case cut: budget of JPN (10,000 USD)"
    )
    assert "stock limit of 55 days" in error.message
    assert "a budget of 30,000 USD or a shortage of up to 30 % would free it." in error.message
    assert {"limit": "budget", "where": "JPN"} in error.rows
    assert "plan.budgets" in error.hint


@pytest.mark.parametrize("kind", ["budget", "shortage", "stock"])
def test_what_is_said_to_free_it_does_and_a_little_less_does_not(kind):
    problem = toy_problem(budgets_usd=20000.0) if kind != "stock" else toy_problem(buildable=False)
    remedy = amounts(clash(problem, Objective(), sharing=ALONE))[kind]
    given = {
        "budget": lambda amount: {"budgets_usd": amount / 2},
        "shortage": lambda amount: {"shortage_share": amount},
        "stock": lambda amount: {"stock_most_t": 15.0 + amount / 365 * 100},
    }[kind]
    enough, short = (
        solve(with_changes(problem, **given(remedy * f)), Objective(), sharing=ALONE) for f in (1.0001, 0.999)
    )
    assert (enough.status, short.status) == ("optimal", "infeasible")


def test_plants_that_are_limited_are_freed_by_more_of_them():
    found = clash(toy_problem(capacity_most_t=10.0), Objective())
    assert amounts(found)["plants"] == pytest.approx(20)
    assert "budget" not in amounts(found)


def test_whole_plants_that_do_not_fit_are_seen_though_no_set_of_limits_is_irreducible():
    # Each needs 25 t of plant beside 5 t of stock; a lump is 20, and two of them are more than 32,000 pay for.
    problem = toy_problem(lump_t=20.0, budgets_usd=32000.0, stock_most_t=5.0)
    assert solve(with_changes(problem, lump_t=0.0), Objective(), sharing=ALONE).status == "optimal"
    error = refused(problem, sharing=ALONE)
    assert error.code == "infeasible_plan"
    assert error.rows == ()
    assert "budget of USA (32,000 USD) and JPN (32,000 USD)" in error.message


def test_a_cap_that_leaves_too_little_to_buy_is_no_matter_of_cases():
    error = refused(toy_problem(concern_share=0.1, buildable=False), Objective(kind="expected_cost"))
    assert "No plan meets the demand" in error.message
    assert "cap of 10 % on suppliers of concern" in error.message
    # 10 + 40 + 20 t of claims are there: 30 t of 100 are missing.
    assert "caps and floors looser by 30 % of demand" in error.message


def test_only_the_member_and_product_that_clash_are_named():
    problem = toy_problem(
        products=("P", "Q"), buildable=[[True, False]], stock_most_t=[[15.0, 50.0], [15.0, 5.0]]
    )
    found = clash(problem, Objective(), sharing=ALONE)
    assert (found.members, found.products, found.cases) == (("JPN",), ("Q",), ("cut",))


def test_a_plan_that_exists_is_not_refused():
    assert clash(toy_problem(), Objective()) is None
    refuse(solve(toy_problem(), Objective()))


@pytest.mark.parametrize(
    ("status", "code"),
    [("time_limit", "no_plan_in_time"), ("unbounded", "unbounded_plan"), ("failed", "solver_failed")],
)
def test_other_reasons_for_no_plan_have_names_of_their_own(status, code):
    none = replace(solve(toy_problem(budgets_usd=10000.0), Objective()), status=status)
    with pytest.raises(PlanError) as raised:
        refuse(none)
    assert raised.value.code == code
    assert raised.value.hint
