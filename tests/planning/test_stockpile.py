"""Stocks: published fixtures, sums by hand, and a chain that is solved on paper."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from friendshore.errors import ArgumentError
from friendshore.planning.stockpile import Chain, dynamic_stock, lost_supply, newsvendor, outage_stock


def test_a_newsvendor_holds_what_the_fixture_says():
    held = newsvendor(shortage_usd=4, holding_usd=1, mean=100, sd=30)
    assert held.stock == pytest.approx(125.248637, abs=5e-7)
    assert held.cost_usd == pytest.approx(41.994288, abs=5e-7)


def test_the_newsvendor_pays_the_integral_over_demand():
    held = newsvendor(shortage_usd=7, holding_usd=2, mean=50, sd=8)

    def cost(stock):
        density = norm(50, 8).pdf
        return (
            quad(lambda d: 7 * (d - stock) * density(d), stock, 130)[0]
            + quad(lambda d: 2 * (stock - d) * density(d), -30, stock)[0]
        )

    assert held.cost_usd == pytest.approx(cost(held.stock), rel=1e-8)
    assert cost(held.stock) < min(cost(held.stock - 0.5), cost(held.stock + 0.5))


def test_an_outage_stock_is_what_the_fixture_says():
    stock = outage_stock(rate=0.1, mean_days=90, value_usd=10, holding_usd=0.5)
    assert stock == pytest.approx(62.383246, abs=5e-7)
    assert outage_stock(rate=0.1, mean_days=90, value_usd=10, holding_usd=0.5, a_day=3) == 3 * stock


def test_a_stock_that_is_not_worth_its_keep_is_nothing():
    assert outage_stock(rate=0.1, mean_days=90, value_usd=5, holding_usd=0.5) == 0
    assert outage_stock(rate=0, mean_days=90, value_usd=5, holding_usd=0.5) == 0


def test_two_periods_are_solved_on_paper():
    # Supply 2 in state 0 and 0 in state 1, demand 1, a missing unit is worth 10, putting one in costs 1, holding 1.
    # Last period: state 0 V = -S; state 1 V = -10 + 9 min(S, 1) - (S - min(S, 1)) = -10 at S = 0, -1 at 1, -2 at 2.
    chain = Chain(np.array([2.0, 0.0]), np.array([1.0, 1.0]), np.array([[0.5, 0.5], [0.5, 0.5]]))
    last, two = (
        dynamic_stock(chain, lost_supply(1, 10), most=2, step=1, holding_usd=1, discount=1, periods=n)
        for n in (1, 2)
    )
    assert last.value_usd.tolist() == [[0, -1, -2], [-10, -1, -2]]
    # From nothing in state 0: keep nothing and expect -5, or put one in for 1 and expect -1: -2.
    # In state 0 with one: keep it: -1 + (-1 - 1) / 2 = -2. With two: take one out or not: -2 - 1 or -2 - 2.
    # In state 1 with one: use it now: -1 - 5 = -6, or keep it: -10 - 1 - 1 = -12. With two: use one: -2 - 1.
    assert two.value_usd.tolist() == [[-2, -2, -3], [-15, -6, -3]]
    assert two.release.tolist() == [[-1, 0, 1], [0, 1, 1]]


def test_without_end_is_where_many_periods_lead():
    chain = Chain(np.array([3.0, 0.5]), np.array([0.2, 0.2]), np.array([[0.9, 0.1], [0.4, 0.6]]))
    keys = {"most": 4.0, "step": 0.5, "holding_usd": 0.1, "discount": 0.9, "most_in": 1.0}
    forever = dynamic_stock(chain, lost_supply(1.5, 8), **keys)
    long = dynamic_stock(chain, lost_supply(1.5, 8), **keys, periods=400)
    assert forever.value_usd == pytest.approx(long.value_usd, abs=1e-9)
    assert (forever.release == long.release).all()
    assert forever.release.min() >= -1.0
    assert forever.held(0) > 0


def test_day_by_day_the_stock_against_outages_is_the_closed_form():
    rate, days, value, holding = 0.1, 90, 10, 0.5
    begins, goes_on = rate / 365, 1 - 1 / days
    chain = Chain(np.array([1e6, 0.0]), np.zeros(2), np.array([[1 - begins, begins], [1 - goes_on, goes_on]]))
    policy = dynamic_stock(
        chain, lost_supply(1, value), most=120, step=1, holding_usd=holding / 365, discount=1 - 1e-6
    )
    # The closed form charges for the full stock all the time; day by day it is charged for while it lasts.
    assert policy.held(0) == pytest.approx(
        outage_stock(rate=rate, mean_days=days, value_usd=value, holding_usd=holding), abs=2.5
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda: newsvendor(shortage_usd=0, holding_usd=1, mean=1, sd=1),
        lambda: newsvendor(shortage_usd=1, holding_usd=1, mean=1, sd=-1),
        lambda: outage_stock(rate=-1, mean_days=1, value_usd=1, holding_usd=1),
        lambda: outage_stock(rate=1, mean_days=1, value_usd=1, holding_usd=0),
        lambda: dynamic_stock(
            Chain(np.ones(1), np.ones(1), np.full((1, 1), 0.5)), lost_supply(1, 1), most=1, step=1, holding_usd=1,
            discount=0.9,
        ),
        lambda: dynamic_stock(
            Chain(np.ones(1), np.ones(1), np.ones((1, 1))), lost_supply(1, 1), most=1, step=1, holding_usd=1,
            discount=1,
        ),
    ],
)  # fmt: skip
def test_figures_that_mean_nothing_are_refused(call):
    with pytest.raises(ArgumentError) as refused:
        call()
    assert refused.value.code == "bad_stock"
