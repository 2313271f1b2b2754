"""Hosts that are alike: of several where a plant costs and yields the same, one stands for all.

Else every split of the plants among them would be another plan of the same worth, and the search would try them all.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from friendshore.planning.problem import Problem

__all__ = ["alike", "one_of_alike"]


def alike(problem: Problem) -> dict[tuple[int, int], tuple[int, ...]]:
    """Group the hosts that nothing tells apart for a product.

    Returns
    -------
    dict
        (first host, product) -> all hosts of the group, members of the plan first. A host with a limit of its own on
        capacity is alone.
    """
    costs, members = problem.costs, set(problem.members)
    order = sorted(range(len(problem.hosts)), key=lambda h: (problem.hosts[h] not in members, h))
    found: dict[tuple[object, ...], list[int]] = {}
    for k in range(len(problem.products)):
        for h in order:
            if problem.buildable[h, k]:
                key = (
                    k,
                    float(costs.capital_usd_per_t[h, k]),
                    float(costs.gap_usd_per_t[h, k]),
                    float(costs.support_share[h, k]),
                    problem.feed_open[:, :, h, k].tobytes(),
                    None if np.isinf(problem.capacity_most_t[h, k]) else h,
                )
                found.setdefault(key, []).append(h)
    return {(hosts[0], int(str(key[0]))): tuple(hosts) for key, hosts in found.items()}


def one_of_alike(problem: Problem) -> Problem:
    """Let plants be built at one host of each group; the least cost is the same."""
    buildable = np.zeros_like(problem.buildable)
    elsewhere = []
    for (first, product), hosts in alike(problem).items():
        buildable[first, product] = True
        if len(hosts) > 1:
            elsewhere.append((first, product, tuple(problem.hosts[h] for h in hosts[1:])))
    return replace(problem, buildable=buildable, elsewhere=tuple(elsewhere))
