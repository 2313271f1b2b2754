"""The example of two allies on the real data: run month by month, and traced over budgets."""

from __future__ import annotations

import numpy as np
import pytest

from friendshore.answers.plan_cases import plan_case
from friendshore.disruption.path import run_path
from friendshore.disruption.scenario_files import load_scenario
from friendshore.planning.frontier import frontier
from friendshore.planning.simulating import simulate
from friendshore.planning.solving import solve
from friendshore.tables.opening import open_world
from toy_settings import plan_of

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def case():
    return plan_case(load_scenario("economic-2plus2"), open_world("raw-materials"))


def test_a_plan_that_changes_nothing_leaves_every_month_as_it_was(case):
    made = case.base
    ran = simulate(made, [plan_of(made)])
    assert ran.residual < 1e-9
    for s, path in enumerate(ran.paths):
        market = path.market
        watch = path.buyers.tolist()
        plain = run_path(
            made.market, made.setting.shocks[s], months=path.months, stocks=made.setting.stocks,
            parameters=made.setting.parameters,
        )  # fmt: skip
        at = [
            made.market.buyer(
                market.products[market.links.buyer_product[n]],
                market.countries[market.links.buyer_country[n]],
            )
            for n in watch
        ]
        assert np.array_equal(plain.shortage_t[0][:, at], path.shortage_t[0])


def test_a_plan_leaves_less_missing_month_by_month_too(case):
    plan = solve(case.problem, case.objective)
    ran, before = simulate(case.base, [plan]), simulate(case.base)
    price = case.problem.price
    assert ran.residual < 1e-9
    for s in range(len(case.problem.cases)):
        assert (ran.shortage_t[s] * price).sum() < 0.8 * (before.shortage_t[s] * price).sum()


def test_the_frontier_agrees_with_a_solve_at_the_stated_budget(case):
    found = frontier(case.problem, case.objective, points=6)
    for sharing in ("together", "alone"):
        points = found.of(sharing)
        assert (np.diff([p.months_covered for p in points]) >= 0).all()
        assert (np.diff([p.shortage_share for p in points]) <= 0).all()
    whole = solve(case.problem, case.objective)
    [stated] = [p for p in found.of("together") if p.stated]
    assert stated.plans[0].objective_value == pytest.approx(whole.objective_value, rel=0.01)
    assert found.enough_usd["together"] <= found.enough_usd["alone"]
