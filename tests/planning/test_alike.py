"""Hosts that nothing tells apart."""

from dataclasses import replace

import numpy as np
from toys import toy_problem

from friendshore.planning.alike import alike, one_of_alike
from friendshore.planning.problem import Objective
from friendshore.planning.solving import solve

HOSTS = ("AUS", "JPN", "USA")


def test_hosts_of_the_same_cost_and_feed_are_one_and_a_member_stands_for_the_others():
    problem = toy_problem(hosts=HOSTS)
    assert alike(problem) == {(1, 0): (1, 2, 0)}
    merged = one_of_alike(problem)
    assert merged.buildable.tolist() == [[False], [True], [False]]
    assert merged.elsewhere == ((1, 0, ("USA", "AUS")),)


def test_a_dearer_host_is_alone():
    problem = toy_problem(hosts=HOSTS)
    capital = problem.costs.capital_usd_per_t.copy()
    capital[1] += 1
    dearer = replace(problem, costs=replace(problem.costs, capital_usd_per_t=capital))
    assert alike(dearer) == {(1, 0): (1,), (2, 0): (2, 0)}


def test_hosts_with_a_limit_of_their_own_are_told_apart_even_if_it_is_the_same():
    problem = toy_problem(hosts=HOSTS, capacity_most_t=15.0)
    assert len(alike(problem)) == 3


def test_the_least_cost_is_the_same():
    problem = toy_problem(hosts=HOSTS, lump_t=10.0)
    whole, merged = solve(problem, Objective()), solve(one_of_alike(problem), Objective())
    assert whole.status == merged.status == "optimal"
    np.testing.assert_allclose(merged.cost_usd, whole.cost_usd, rtol=1e-3)
    assert np.flatnonzero(merged.capacity_t[:, 0]).tolist() == [1]
