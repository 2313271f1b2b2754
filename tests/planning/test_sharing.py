"""Parts of a gain: axioms, textbook games, and games solved by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from friendshore.planning.sharing import (
    alone_costs,
    covariance_parts,
    least_core,
    leavers,
    members_of,
    newsvendor_costs,
    owen_parts,
    proportional,
    sampled_shapley,
    savings,
    shapley,
    size_of,
)

LUMP = np.array([0, 2, 2, 3, 2, 3, 3, 5.0])
"""Three members need one unit each: a lump of 2 units for 3, or buying a unit for 2."""
GLOVES = np.array([0, 0, 0, 0, 0, 1, 1, 1.0])
"""Members 0 and 1 hold a left glove, 2 the right one."""
LEMAIRE = np.array([0, 46125, 17437.5, 69187.5, 5812.5, 53812.5, 30750, 90000])
"""Lemaire's three investors of 1.8, 0.9 and 0.3 million: interest of three months at 7.75, 10.25, 12 % a year."""
AIRPORT = np.array([0, 1, 2, 2, 3, 3, 3, 3.0])
"""Littlechild and Owen's runway: as long as the largest aeroplane of the coalition needs."""


def deviations():
    sigma = np.array([30.0, 20.0, 10.0])
    return np.outer(sigma, sigma) * (0.7 * np.eye(3) + 0.3)


def orders_counted_out(worth):
    """Shapley by its definition: over all orders."""
    members = size_of(worth)
    found = np.zeros(members)
    orders = list(itertools.permutations(range(members)))
    for order in orders:
        coalition = 0
        for member in order:
            found[member] += worth[coalition | 1 << member] - worth[coalition]
            coalition |= 1 << member
    return found / len(orders)


games = st.integers(1, 5).flatmap(
    lambda n: st.lists(
        st.floats(-100, 100, allow_subnormal=False).map(lambda x: round(x, 3)),
        min_size=(1 << n) - 1,
        max_size=(1 << n) - 1,
    ).map(lambda values: np.array([0.0, *values]))
)


@given(games)
def test_shapley_is_the_mean_over_all_orders_and_efficient(worth):
    assert shapley(worth) == pytest.approx(orders_counted_out(worth), abs=1e-9)
    assert shapley(worth).sum() == pytest.approx(worth[-1], abs=1e-9)


@given(games, st.integers(0, 4), st.integers(0, 4))
def test_members_who_add_alike_get_alike(worth, first, second):
    members = size_of(worth)
    first, second = first % members, second % members
    swapped = np.array([worth[swap(mask, first, second)] for mask in range(1 << members)])
    alike = (worth + swapped) / 2
    assert shapley(alike)[first] == pytest.approx(shapley(alike)[second], abs=1e-9)


def swap(mask, first, second):
    bits = [mask >> place & 1 for place in range(8)]
    bits[first], bits[second] = bits[second], bits[first]
    return sum(bit << place for place, bit in enumerate(bits))


@given(games, st.floats(-50, 50))
def test_who_adds_the_same_to_everyone_gets_just_that(worth, adds):
    with_one_more = np.concatenate([worth, worth + adds])
    assert shapley(with_one_more)[-1] == pytest.approx(adds, abs=1e-9)
    assert shapley(with_one_more)[:-1] == pytest.approx(shapley(worth), abs=1e-9)


@given(st.data())
def test_parts_of_two_games_add_up(data):
    one = data.draw(games)
    other = np.array(
        [0.0, *data.draw(st.lists(st.floats(-9, 9), min_size=len(one) - 1, max_size=len(one) - 1))]
    )
    assert shapley(one + 2 * other) == pytest.approx(shapley(one) + 2 * shapley(other), abs=1e-8)


def test_textbook_games():
    assert shapley(GLOVES) == pytest.approx([1 / 6, 1 / 6, 4 / 6])
    assert shapley(LEMAIRE) == pytest.approx([51750, 25875, 12375])
    assert shapley(AIRPORT) == pytest.approx([1 / 3, 1 / 3 + 1 / 2, 1 / 3 + 1 / 2 + 1])


def test_the_core_of_the_gloves_gives_all_to_the_scarce_one():
    # Profits are negative costs: the two left gloves compete their part away.
    costs = -GLOVES
    assert least_core(costs).excess_usd == pytest.approx(0.0, abs=1e-9)
    assert least_core(costs).parts_usd == pytest.approx((0, 0, -1), abs=1e-9)
    assert leavers(costs, np.array([0, 0, -1.0])) == ()
    # By Shapley either left glove would rather deal with the right one alone: 1 against 1/6 + 4/6.
    found = leavers(costs, -shapley(GLOVES))
    assert [members_of(each.coalition) for each in found] == [(0, 2), (1, 2)]
    assert [each.gain_usd for each in found] == pytest.approx([1 / 6, 1 / 6])


def test_an_empty_core_is_seen_in_the_least_core():
    # Each pair pays at most 3, so that all three pay at most 4.5, but cost 5.
    found = least_core(LUMP)
    assert found.excess_usd == pytest.approx(1 / 3)
    assert found.parts_usd == pytest.approx((5 / 3,) * 3)
    for parts in (shapley(LUMP), proportional(5.0, alone_costs(LUMP))):
        assert [members_of(each.coalition) for each in leavers(LUMP, parts)] == [(0, 1), (0, 2), (1, 2)]
    assert shapley(savings(LUMP)) == pytest.approx([1 / 3] * 3)


def test_nobody_is_left_with_less_room_than_the_least_core_leaves():
    # Scipy solves the same program.
    linprog = pytest.importorskip("scipy.optimize").linprog
    rng = np.random.default_rng(4)
    for members in (2, 3, 4, 5):
        costs = np.array([0.0, *(1 + rng.random((1 << members) - 1))])
        within = np.arange(1, (1 << members) - 1)[:, None] >> np.arange(members) & 1
        oracle = linprog(
            [*[0] * members, 1],
            A_ub=np.hstack([within, -np.ones((len(within), 1))]), b_ub=costs[1:-1],
            A_eq=[[*[1] * members, 0]], b_eq=[costs[-1]], bounds=[(None, None)] * (members + 1),
        )  # fmt: skip
        found = least_core(costs)
        assert found.excess_usd == pytest.approx(oracle.fun, abs=1e-7)
        assert sum(found.parts_usd) == pytest.approx(costs[-1])


def test_a_pooled_stock_costs_less_and_its_covariance_split_is_stable():
    costs, rate = newsvendor_costs(4.0, 1.0, deviations())
    assert costs[-1] == pytest.approx(63.533470, abs=5e-7)
    assert alone_costs(costs).sum() == pytest.approx(83.988576, abs=5e-7)
    parts = covariance_parts(rate, deviations())
    assert parts == pytest.approx([36.084544, 19.738554, 7.710373], abs=5e-7)
    assert leavers(costs, parts) == ()
    assert leavers(costs, shapley(costs)) == ()
    assert least_core(costs).excess_usd < 0


@settings(max_examples=50)
@given(st.integers(2, 6), st.integers(0, 10_000))
def test_the_covariance_split_is_in_the_core_whatever_the_demands(members, seed):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(members, members))
    costs, rate = newsvendor_costs(4.0, 1.0, root @ root.T)
    assert leavers(costs, covariance_parts(rate, root @ root.T), tolerance=1e-9) == ()


def test_owen_shares_what_lumps_add_in_proportion_to_alone_cost():
    assert owen_parts(np.array([3.0, 1.0]), 7.0, np.array([4.0, 2.0])) == pytest.approx([5.0, 2.0])


def test_owen_of_a_production_game_is_in_the_core():
    # A linear production game: needs are pooled, each owns capacity at its own cost; the split is by shadow prices.
    need, capacity, price, market = np.array([4.0, 2, 3]), np.array([6.0, 1, 4]), np.array([1.0, 3, 2]), 5.0

    def cost(mask):
        inside = [i for i in range(3) if mask >> i & 1]
        left, total = sum(need[i] for i in inside), 0.0
        for i in sorted(inside, key=lambda i: price[i]):
            used = min(left, capacity[i])
            left, total = left - used, total + used * price[i]
        return total + left * market

    costs = np.array([cost(mask) for mask in range(8)])
    # All need 9: 6 at price 1, the last of 4 at price 2, which is the shadow price of a unit.
    assert costs[-1] == 12
    shadow = 2.0
    parts = shadow * need - np.maximum(0, shadow - price) * capacity
    assert parts.sum() == pytest.approx(costs[-1])
    assert leavers(costs, owen_parts(parts, costs[-1], alone_costs(costs))) == ()


def test_drawn_orders_agree_with_the_count_within_their_error():
    rng = np.random.default_rng(8)
    costs = np.array([0.0, *rng.random(255)])
    found, error = sampled_shapley(lambda mask: float(costs[mask]), 8, orders=4000, seed=1)
    assert found.sum() == pytest.approx(costs[-1])
    assert np.all(error < 0.01)
    assert np.all(np.abs(found - shapley(costs)) < 4 * error)
    again, _ = sampled_shapley(lambda mask: float(costs[mask]), 8, orders=4000, seed=1)
    assert again.tolist() == found.tolist()


def test_more_than_fifteen_members_are_drawn_and_not_counted():
    weights = np.arange(1.0, 21)
    # Worth is the square of the weights' sum: member i gets weight_i times the sum of all weights.
    found, error = sampled_shapley(
        lambda mask: float(sum(weights[list(members_of(mask))])) ** 2, 20, orders=50
    )
    assert found == pytest.approx(weights * weights.sum())
    assert np.all(error < 1e-9)
    with pytest.raises(ValueError, match="16 members"):
        shapley(np.zeros(1 << 16))


def test_fifteen_members_are_counted_exactly():
    weights = np.arange(1.0, 16)
    sums = (np.arange(1 << 15)[:, None] >> np.arange(15) & 1) @ weights
    assert shapley(sums**2) == pytest.approx(weights * weights.sum())


def test_one_member_has_nothing_to_share():
    costs = np.array([0.0, 7.0])
    assert least_core(costs).parts_usd == (7.0,)
    assert leavers(costs, np.array([7.0])) == ()
    assert savings(costs).tolist() == [0.0, 0.0]


def test_equal_parts_where_nobody_has_a_weight():
    assert proportional(3.0, np.zeros(3)).tolist() == [1.0, 1.0, 1.0]
