"""Sites under a budget: the published fixture, and every choice counted out."""

from itertools import product

import numpy as np
import pytest

from friendshore.errors import ArgumentError
from friendshore.planning.location import Sites, frontier, locate

FIXED = np.array([10.0, 18, 25])
THREE = Sites(
    ("one", "two", "three"), FIXED, np.array([15.0, 25, 40]), FIXED / 2, np.full(3, 0.5), np.zeros(3)
)


def test_the_frontier_is_the_published_one():
    found = frontier(THREE, 100, [0, 5, 10, 20, 26.5])
    assert [each.dependence for each in found] == pytest.approx([1, 0.85, 0.75, 0.45, 0.2], abs=1e-8)
    assert [each.built for each in found] == [
        (), ("one",), ("two",), ("one", "three"), ("one", "two", "three")
    ]  # fmt: skip


def test_a_larger_budget_may_drop_a_site():
    ten, twenty = frontier(THREE, 100, [10, 20])
    assert "two" in ten.built
    assert "two" not in twenty.built


def test_no_legal_support_makes_a_firm_build_at_a_loss():
    poor = Sites(("a",), np.array([10.0]), np.array([50.0]), np.array([3.0]), np.array([0.5]), np.zeros(1))
    assert locate(poor, 100, 1e6).built == ()
    willing = Sites(
        ("a",), np.array([10.0]), np.array([50.0]), np.array([12.0]), np.array([0.5]), np.zeros(1)
    )
    found = locate(willing, 100, 0)
    assert found.built == ("a",)
    assert found.support_usd == (0.0,)


def counted_out(sites, demand, budget):
    """Least imports, then least cost, over every subset, filling the cheapest sites first."""
    best = None
    for chosen in product((0, 1), repeat=len(sites.names)):
        at = [n for n, yes in enumerate(chosen) if yes]
        needed = [max(0, sites.fixed_usd[n] - sites.worth_usd[n]) for n in at]
        if any(need > sites.rate[n] * sites.fixed_usd[n] + 1e-9 for need, n in zip(needed, at, strict=True)):
            continue
        if sum(needed) > budget:
            continue
        left, cost = demand, sum(needed)
        for n in sorted(at, key=lambda n: sites.gap_usd[n]):
            made = min(left, sites.capacity_t[n])
            left, cost = left - made, cost + made * sites.gap_usd[n]
        if best is None or (round(left, 6), round(cost, 6)) < best:
            best = (round(left, 6), round(cost, 6))
    return best


@pytest.mark.parametrize("seed", range(15))
def test_every_choice_counted_out_finds_nothing_better(seed):
    draw = np.random.default_rng(seed)
    n = 7
    fixed = draw.uniform(5, 40, n)
    sites = Sites(
        tuple(map(str, range(n))), fixed, draw.uniform(5, 40, n), fixed * draw.uniform(0.3, 1.1, n),
        draw.uniform(0.3, 0.8, n), draw.uniform(0, 2, n),
    )  # fmt: skip
    budget = draw.uniform(5, 60)
    found = locate(sites, 100, budget)
    left, cost = counted_out(sites, 100, budget)
    assert found.imports_t == pytest.approx(left, abs=1e-5)
    assert found.cost_usd == pytest.approx(cost, abs=1e-4)
    assert sum(found.support_usd) <= budget + 1e-6


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"fixed_usd": np.array([-1.0, 1, 1])}, "fixed_usd below 0"),
        ({"worth_usd": np.array([np.nan, 1, 1])}, "worth_usd that is missing"),
        ({"rate": np.array([2.0, 0, 0])}, "rate above 1"),
        ({"gap_usd": np.zeros(2)}, "gap_usd of 2 sites"),
        ({"names": ("a", "a", "b")}, "named twice"),
    ],
)
def test_figures_that_mean_nothing_are_refused(change, words):
    with pytest.raises(ArgumentError, match=words) as refused:
        locate(Sites(**({f: getattr(THREE, f) for f in THREE.__dataclass_fields__} | change)), 100, 10)
    assert refused.value.code == "bad_sites"


def test_a_demand_of_nothing_is_refused():
    with pytest.raises(ArgumentError, match="demand of 0 t"):
        locate(THREE, 0, 10)
