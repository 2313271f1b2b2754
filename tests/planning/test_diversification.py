"""One product, several suppliers: published fixtures, and independent methods on drawn cases."""

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

from friendshore.errors import ArgumentError
from friendshore.planning.diversification import Offers, Portion, Risk, diversify, share_cap_of

PRICE = np.array([1, 1.15, 1.25, 1.40, 1.6])
CAPACITY = np.array([100.0, 40, 30, 25, 20])
FIVE = Offers(("a", "b", "c", "d", "e"), PRICE, CAPACITY)
FRIENDS = np.array([0.0, 0, 1, 1, 1])


def marginal(found, limit):
    return next(each.usd for each in found.marginal if each.limit == limit)


@pytest.mark.parametrize(
    ("cap", "cost", "bought"),
    [(0.65, 105.25, [65, 35, 0, 0, 0]), (0.5, 108.5, [50, 40, 10, 0, 0]), (0.4, 111.0, [40, 40, 20, 0, 0])],
)
def test_a_share_cap_costs_what_the_fixture_says(cap, cost, bought):
    found = diversify(FIVE, 100, share_cap=cap)
    assert found.cost_usd == pytest.approx(cost, abs=1e-9)
    assert found.bought_t == pytest.approx(bought, abs=1e-9)
    assert found.cheapest_usd == pytest.approx(100)


def test_a_floor_for_friends_beside_a_cap():
    found = diversify(FIVE, 100, share_cap=0.5, portions=[Portion("friends", FRIENDS, least=0.5)])
    assert found.cost_usd == pytest.approx(115.5, abs=1e-9)
    assert found.bought_t == pytest.approx([50, 0, 30, 20, 0], abs=1e-9)


@pytest.mark.parametrize(
    ("cap", "cost", "bought"), [(0.5, 106.068502, [63.922, 29.510, 6.568, 0, 0]), (0.4, 108.738651, None)]
)
def test_an_hhi_cap_costs_what_the_fixture_says(cap, cost, bought):
    found = diversify(FIVE, 100, hhi_cap=cap)
    # The second was published as 108.738651; by the conditions of the optimum it is 108.7386504.
    assert found.cost_usd == pytest.approx(cost, abs=1e-6)
    assert found.cost_usd == pytest.approx(water_filling(PRICE, CAPACITY, 100, cap) @ PRICE, abs=1e-9)
    assert found.hhi == pytest.approx(cap, abs=1e-9)
    if bought:
        assert found.bought_t == pytest.approx(bought, abs=5e-4)


@pytest.mark.parametrize(("limit", "cap"), [("share_cap", 0.45), ("hhi_cap", 0.45), ("hhi_cap", 0.3)])
def test_the_marginal_cost_is_the_slope_of_the_cost(limit, cap):
    step = 1e-4
    lower, upper = (diversify(FIVE, 100, **{limit: cap + d}).cost_usd for d in (-step, step))
    here = marginal(diversify(FIVE, 100, **{limit: cap}), limit)
    assert here == pytest.approx((lower - upper) / (2 * step) * 0.01, rel=1e-4)


def test_a_limit_that_does_not_bind_costs_nothing():
    found = diversify(FIVE, 100, share_cap=1.0, hhi_cap=1.0)
    assert found.bought_t == pytest.approx([100, 0, 0, 0, 0])
    assert marginal(found, "hhi_cap") == 0


def water_filling(price, most, demand, cap):
    """Exact conditions of the optimum by two bisections: bought = clip((level - price) / weight, 0, most)."""

    def bought(weight):
        low, high = price.min(), price.max() + weight * demand
        for _ in range(200):
            level = (low + high) / 2
            if np.clip((level - price) / weight, 0, most).sum() < demand:
                low = level
            else:
                high = level
        return np.clip((level - price) / weight, 0, most)

    low, high = 1e-12, 1e12
    for _ in range(200):
        weight = np.sqrt(low * high)
        if (bought(weight) ** 2).sum() > cap * demand**2:
            low = weight
        else:
            high = weight
    return bought(high)


@pytest.mark.parametrize("seed", range(12))
def test_an_hhi_cap_agrees_with_water_filling(seed):
    draw = np.random.default_rng(seed)
    n = int(draw.integers(3, 120))
    price, capacity = draw.lognormal(3, 1, n), draw.lognormal(0, 1, n)
    demand = capacity.sum() * draw.uniform(0.2, 0.7)
    offers = Offers(tuple(map(str, range(n))), price, capacity)
    free, tight = diversify(offers, demand).hhi, diversify(offers, demand, share_cap=1).hhi
    assert free == tight
    least = (water_filling(np.zeros(n), capacity, demand, 1e-9) ** 2).sum() / demand**2
    cap = least + (free - least) * draw.uniform(0.1, 0.9)
    found = diversify(offers, demand, hhi_cap=cap)
    expected = water_filling(price, capacity, demand, cap)
    assert found.cost_usd == pytest.approx(expected @ price, rel=1e-10)
    assert found.bought_t == pytest.approx(expected, abs=1e-8 * demand)


@pytest.mark.parametrize("seed", range(4))
def test_all_limits_together_agree_with_a_general_method(seed):
    draw = np.random.default_rng(seed)
    n, demand = 8, 100.0
    price, capacity, part = draw.uniform(1, 3, n), draw.uniform(20, 60, n), draw.uniform(0, 1, n)
    offers = Offers(tuple("abcdefgh"), price, capacity)
    floor = float(np.sort(part)[-4:].mean() * 0.8)
    keys = {"share_cap": 0.45, "portions": [Portion("traced", part, least=floor)]}
    free = diversify(offers, demand, **keys)
    cap = free.hhi * 0.75
    found = diversify(offers, demand, hhi_cap=cap, **keys)
    other = minimize(
        lambda x: x @ price, np.full(n, 1 / n), jac=lambda x: price, method="SLSQP",
        bounds=[(0, most) for most in np.minimum(capacity / demand, 0.45)],
        constraints=[
            {"type": "eq", "fun": lambda x: x.sum() - 1, "jac": lambda x: np.ones(n)},
            {"type": "ineq", "fun": lambda x: x @ part - floor, "jac": lambda x: part},
            {"type": "ineq", "fun": lambda x: cap - x @ x, "jac": lambda x: -2 * x},
        ],
        options={"ftol": 1e-14, "maxiter": 500},
    )  # fmt: skip
    assert other.success
    assert found.cost_usd == pytest.approx(other.fun * demand, rel=1e-6)
    assert found.bought_t @ part >= floor * demand * (1 - 1e-7)
    assert found.bought_t.max() <= 45 * (1 + 1e-7)


def test_traced_origins_undo_a_floor_that_looks_kept():
    looked_through = np.array([0, 0, 0.1, 0.5, 1.0])  # supplier c mostly passes on what others made
    found = diversify(FIVE, 100, portions=[Portion("friends", looked_through, least=0.3)])
    assert found.bought_t @ looked_through == pytest.approx(30)
    plain = diversify(FIVE, 100, portions=[Portion("friends", FRIENDS, least=0.3)])
    assert plain.cost_usd < found.cost_usd


def test_the_worst_cases_are_weighed_by_hand():
    # Two suppliers at 1 and 1.2; the first fails in one case of ten and a ton is then worth 5.
    two = Offers(("a", "b"), np.array([1.0, 1.2]), np.array([100.0, 100.0]))
    risk = Risk(np.array([[5.0, 0.0], [0.0, 0.0]]), np.array([0.1, 0.9]), tail=0.8, weight=0.05)
    found = diversify(two, 100, risk=risk)  # the worst fifth loses 2.5 a ton on average: 0.125 < 0.2, keep a
    assert found.bought_t == pytest.approx([100, 0])
    assert found.risk_usd == pytest.approx(250)
    heavier = Risk(risk.loss_usd, risk.probability, tail=0.8, weight=0.1)  # 0.25 > 0.2: buy b
    assert diversify(two, 100, risk=heavier).bought_t == pytest.approx([0, 100])


@pytest.mark.parametrize("seed", range(3))
def test_the_worst_cases_agree_with_the_written_out_program(seed):
    draw = np.random.default_rng(seed)
    cases, n = 20, 5
    loss, chance = (
        draw.exponential(2, (cases, n)) * (draw.uniform(size=(cases, n)) < 0.3),
        np.full(cases, 0.05),
    )
    risk = Risk(loss, chance, tail=0.85, weight=0.7)
    found = diversify(FIVE, 100, share_cap=0.5, risk=risk)
    cost = np.concatenate([PRICE, [0.7], 0.7 * chance / 0.15])
    a_ub = np.hstack([loss, -np.ones((cases, 1)), -np.eye(cases)])
    bounds = [(0, min(most, 50)) for most in CAPACITY] + [(None, None)] + [(0, None)] * cases
    other = linprog(
        cost, a_ub, np.zeros(cases), [[1] * n + [0] * (cases + 1)], [100], bounds=bounds, method="highs"
    )
    assert found.cost_usd + 0.7 * found.risk_usd == pytest.approx(other.fun, rel=1e-8)
    spread = diversify(FIVE, 100, share_cap=0.5, hhi_cap=found.hhi * 0.9, risk=risk)
    assert spread.hhi == pytest.approx(found.hhi * 0.9, rel=1e-6)
    assert spread.cost_usd + 0.7 * spread.risk_usd >= other.fun


def test_limits_that_cannot_be_kept_say_what_is_short():
    with pytest.raises(ArgumentError, match="at most 75 t of the 100 t") as short:
        diversify(FIVE, 100, share_cap=0.15)
    assert short.value.code == "no_such_sourcing"
    with pytest.raises(ArgumentError, match="the least is") as spread:
        diversify(FIVE, 100, hhi_cap=0.19)
    assert spread.value.code == "no_such_sourcing"
    with pytest.raises(ArgumentError, match="friends"):
        diversify(FIVE, 100, portions=[Portion("friends", FRIENDS, least=0.9)])


@pytest.mark.parametrize(
    "keys",
    [{"demand_t": 0.0}, {"demand_t": float("nan")}, {"share_cap": 0.0}, {"hhi_cap": -1.0}],
)
def test_figures_that_mean_nothing_are_refused(keys):
    with pytest.raises(ArgumentError) as refused:
        diversify(FIVE, **({"demand_t": 100.0} | keys))
    assert refused.value.code == "bad_offers"
    with pytest.raises(ArgumentError, match="price"):
        diversify(Offers(("a",), np.array([-1.0]), np.array([1.0])), 1)


def test_presets_give_their_cap():
    assert share_cap_of("crma-2030") == 0.65
    assert share_cap_of("nzia-50") == 0.5
    with pytest.raises(ArgumentError):
        share_cap_of("japan-60-days")
