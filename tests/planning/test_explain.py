"""Reasons for a plan as rows with sentences, on a toy whose reasons were worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from friendshore.planning.duals import binding
from friendshore.planning.explain import (
    alternative_rows,
    flip_rows,
    neighbour_rows,
    regret_rows,
    why,
)
from friendshore.planning.problem import Objective
from friendshore.planning.solving import solve
from toy_reasons import HALF, WORLD, choice

BEST = 24 * 50 + 9000 + 24 * 100


@pytest.fixture(scope="module")
def found():
    return why(solve(choice(WORLD, HALF), Objective(), gap=1e-9), gap=1e-9)


def test_what_binds_is_worth_what_was_worked_out_by_hand(found):
    """A ton more that may be missing saves a ton of stock (100), one more of spare what stock costs above it (50)."""
    prices = {
        one.constraint: -one.dual for one in binding(found.plan.problem, found.plan.objective, found.plan)
    }
    assert prices["shortage"] == pytest.approx(100.0)
    assert prices["claims"] == pytest.approx(50.0)


def test_where_shortage_comes_first_a_dollar_is_worth_what_would_be_there():
    """It buys a thousandth of a ton of stock, which is there in one year of ten."""
    poor = choice()
    poor = replace(poor, limits=replace(poor.limits, budgets_usd=np.array([10_000.0])))
    plan = solve(poor, Objective(kind="least_shortage"), gap=1e-9)
    prices = {one.constraint: -one.dual for one in binding(poor, plan.objective, plan)}
    assert prices["budget"] == pytest.approx(0.1)


def test_flips_are_multiples_of_what_is_assumed(found):
    rows = {row["action"]: row for row in flip_rows(found)}
    assert found.stakes == pytest.approx(2.0)
    for action, by_hand in (("buy", 0.05), ("hold", 0.1), ("build", 0.15)):
        row = rows[action]
        assert row["in_plan"]
        assert row["enters"]
        # Half of what is bought anew helps in the milder case as well, and a step of the axis is wide.
        assert row["never_below"] < row["always_above"] <= by_hand * 1.3
        assert row["flip_factor"] == pytest.approx(np.sqrt(row["never_below"] * row["always_above"]) / 2.0)
        assert str(row["sentence"]).startswith("never below ")
    assert rows["build"]["host"] == "B"
    assert rows["buy"]["supplier"] == "B"
    assert rows["hold"]["supplier"] is rows["hold"]["host"] is None


def test_the_next_best_plan_comes_before_what_each_decision_is_worth(found):
    rows = neighbour_rows(found)
    assert rows[0]["change"] == "plants"
    assert rows[0]["distance_usd"] == pytest.approx(18_000 - BEST)
    assert str(rows[0]["sentence"]) == "Other plants (60 t more of 250410 at B): 5.4e+03 USD a year more"
    told = {row["action"]: str(row["sentence"]) for row in rows[1:]}
    assert told["build"] == "Without the plant for 250410 at B: there is no such plan"
    assert told["hold"].startswith("Without the stock of 250410 of A: 1.5e+03 USD a year more")
    assert told["buy"].startswith("Without new purchases of 250410 by A from B: ")


def test_regret_and_simple_rules_are_rows(found):
    regrets = {row["case"]: row for row in regret_rows(found)}
    assert regrets["half"]["regret_usd"] == pytest.approx(BEST - 6000)
    rules = {row["alternative"]: row for row in alternative_rows(found)}
    assert list(rules) == ["plan", "next_best", "nothing", "proportional", "stock_only"]
    assert rules["next_best"]["cost_usd"] == pytest.approx(18_000)
    assert rules["plan"]["breakeven_factor"] is None
    # Two steps leave nothing missing in either case: 12 t more in the graver one, at a chance of a tenth.
    assert rules["next_best"]["missing_usd"] == pytest.approx(0.0, abs=1e-3)


def test_several_plans_stand_below_each_other(found):
    assert len(regret_rows([found, found])) == 2 * len(regret_rows(found))


def test_lost_supply_is_told_apart_where_it_is_priced():
    cheap = choice()
    plan = solve(cheap, Objective(kind="expected_cost"), gap=1e-9)
    row = next(row for row in neighbour_rows(why(plan, points=3, gap=1e-9)) if row["change"] == "plants")
    assert row["distance_usd"] > 0
    assert " in bills and " in str(row["sentence"])
    assert row["lost_usd"] == pytest.approx(20 * row["missing_usd"])


def test_what_is_cheaper_and_leaves_more_missing_is_told_as_such():
    poor = choice()
    poor = replace(poor, limits=replace(poor.limits, budgets_usd=np.array([10_000.0])))
    plan = solve(poor, Objective(kind="least_shortage"), gap=1e-9)
    told = [str(row["sentence"]) for row in neighbour_rows(why(plan, points=3, gap=1e-9))]
    assert (
        "Without the stock of 250410 of A: 1e+03 USD a year less, but goods for 1e+03 USD a year more are missing"
        in told
    )
