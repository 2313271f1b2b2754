"""Dividing what a group saves: Shapley, Owen, proportional and covariance parts, and tests of who would leave.

A cost game is an array by coalition: the position is a bitmask (bit ``i`` set: member ``i`` is in), the entry the
yearly cost of acting together, entry 0 is 0. Parts are costs by member unless a name says gain.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import numpy as np

from friendshore.planning.program import Program
from friendshore.records import Record
from friendshore.tables.trade import Floats, Indices

__all__ = [
    "MOST_EXACT",
    "LeastCore",
    "Leaving",
    "alone_costs",
    "covariance_parts",
    "least_core",
    "leavers",
    "members_of",
    "newsvendor_costs",
    "owen_parts",
    "proportional",
    "sampled_shapley",
    "savings",
    "shapley",
    "size_of",
]

MOST_EXACT = 15
"""Members up to whom Shapley values are counted over all coalitions; above, over drawn orders."""


class Leaving(Record):
    """A coalition that its members' parts ask more of than it would cost by itself."""

    coalition: int
    """Bitmask of its members."""
    gain_usd: float
    """What it saves by leaving, in the unit of the costs."""


class LeastCore(Record):
    """The split with which the most discontented coalition is least so."""

    excess_usd: float
    """By how much that coalition pays more than it would cost by itself. Above 0: the core is empty."""
    parts_usd: tuple[float, ...]


def size_of(costs: Floats) -> int:
    """Count the members of a game from the length of its array.

    >>> size_of(np.zeros(8))
    3
    """
    size = len(costs).bit_length() - 1
    if len(costs) != 1 << size:
        msg = f"a game has a power of two of entries, not {len(costs)}"
        raise ValueError(msg)
    return size


def members_of(coalition: int) -> tuple[int, ...]:
    """List the members of a bitmask.

    >>> members_of(0b101)
    (0, 2)
    """
    return tuple(place for place in range(coalition.bit_length()) if coalition >> place & 1)


def alone_costs(costs: Floats) -> Floats:
    """Cost of each member by itself."""
    return np.asarray(costs[1 << np.arange(size_of(costs))], np.float64)


def savings(costs: Floats) -> Floats:
    """Worth of each coalition: what its members pay alone less what they pay together.

    >>> savings(np.array([0.0, 2.0, 2.0, 3.0])).tolist()
    [0.0, 0.0, 0.0, 1.0]
    """
    return np.asarray(_within(size_of(costs)) @ alone_costs(costs) - costs, np.float64)


def _within(members: int) -> Floats:
    """(2**members, members) whether a member is in a coalition, as 0 and 1."""
    return np.asarray(np.arange(1 << members)[:, None] >> np.arange(members) & 1, np.float64)


def shapley(worth: Floats) -> Floats:
    """Shapley values: what each adds to those who came before, mean over all orders. Costs or savings alike.

    Parameters
    ----------
    worth
        By bitmask, entry 0 is 0; at most ``MOST_EXACT`` members.

    Returns
    -------
    array
        By member; sums to the last entry.

    >>> shapley(np.array([0, 0, 0, 0, 0, 1, 1, 1.0])).round(6).tolist()  # two left gloves, one right
    [0.166667, 0.166667, 0.666667]
    """
    members = size_of(worth)
    if members > MOST_EXACT:
        msg = f"{members} members: draw orders above {MOST_EXACT}"
        raise ValueError(msg)
    masks = np.arange(1 << members)
    size = np.bitwise_count(masks).astype(np.int64)
    weight = np.ones(members)
    for before in range(members):
        # before! (members - before - 1)! / members!, without the large factorials
        weight[before] = 1.0 / (members * _choose(members - 1, before))
    found = np.empty(members)
    for member in range(members):
        without = masks[masks >> member & 1 == 0]
        found[member] = weight[size[without]] @ (worth[without | 1 << member] - worth[without])
    return found


def _choose(of: int, some: int) -> float:
    found = 1.0
    for place in range(some):
        found = found * (of - place) / (place + 1)
    return found


def sampled_shapley(
    worth: Callable[[int], float], members: int, *, orders: int = 1000, seed: int = 0
) -> tuple[Floats, Floats]:
    """Shapley values as a mean over drawn orders, for games too large to be counted out.

    Parameters
    ----------
    worth
        Of a coalition by its bitmask; asked once for each that is met.
    members
        How many.
    orders
        How many orders are drawn, at least two; each is taken forwards and backwards, which narrows the error.
    seed
        Of the draws.

    Returns
    -------
    tuple
        Values and their standard errors, by member. The values sum to the worth of all in any case.
    """
    rng = np.random.default_rng(seed)
    known: dict[int, float] = {0: 0.0}

    def met(coalition: int) -> float:
        if coalition not in known:
            known[coalition] = worth(coalition)
        return known[coalition]

    added = np.zeros((orders, members))
    for turn in range(orders):
        drawn = rng.permutation(members)
        for order in (drawn, drawn[::-1]):
            coalition = 0
            for member in order.tolist():
                larger = coalition | 1 << member
                added[turn, member] += (met(larger) - met(coalition)) / 2
                coalition = larger
    return added.mean(axis=0), added.std(axis=0, ddof=1) / np.sqrt(orders)


def proportional(amount: float, weights: Floats) -> Floats:
    """Split an amount in proportion to weights; in equal parts where all are 0.

    >>> proportional(6.0, np.array([1.0, 2.0])).tolist()
    [2.0, 4.0]
    """
    total = float(np.sum(weights))
    even = np.full(len(weights), 1.0 / len(weights)) if total <= 0 else np.asarray(weights) / total
    return np.asarray(amount * even, np.float64)


def owen_parts(relaxed_parts: Floats, cost: float, alone: Floats) -> Floats:
    """Owen's split: each pays for its needs and is paid for its means at the shadow prices of the relaxation.

    Parameters
    ----------
    relaxed_parts
        By member, from the duals of the relaxation of the joint plan; in the core of the relaxed game.
    cost
        Of the joint plan with its lumps whole.
    alone
        Cost of each by itself: what the lumps add is shared in proportion to it.

    Returns
    -------
    array
        Costs by member; sums to ``cost``.
    """
    return np.asarray(relaxed_parts + proportional(cost - float(np.sum(relaxed_parts)), alone), np.float64)


def covariance_parts(rate: float, covariance: Floats) -> Floats:
    """Split of a pooled stock by what each adds to the uncertainty of all; always in the core.

    Parameters
    ----------
    rate
        Cost of a unit of standard deviation.
    covariance
        Of the members' demands.

    Returns
    -------
    array
        ``rate * cov(member, all) / sd(all)``.
    """
    with_all = covariance.sum(axis=1)
    spread = float(np.sqrt(with_all.sum()))
    return np.asarray(rate * with_all / spread if spread > 0 else np.zeros(len(with_all)), np.float64)


def newsvendor_costs(missing: float, holding: float, covariance: Floats) -> tuple[Floats, float]:
    """Cost game of members with normal demands who keep one stock.

    Parameters
    ----------
    missing, holding
        Cost of a unit that is missing, and of one that is left over.
    covariance
        Of their demands.

    Returns
    -------
    tuple
        Costs by bitmask, and the cost of a unit of standard deviation.
    """
    normal = NormalDist()
    rate = (missing + holding) * normal.pdf(normal.inv_cdf(missing / (missing + holding)))
    within = _within(len(covariance))
    variance = np.einsum("si,ij,sj->s", within, covariance, within)
    return np.asarray(rate * np.sqrt(np.maximum(0.0, variance)), np.float64), rate


def leavers(costs: Floats, parts: Floats, *, tolerance: float = 1e-9) -> tuple[Leaving, ...]:
    """Find the coalitions that would pay less by themselves than their members' parts; none: the split is stable.

    Parameters
    ----------
    costs
        By bitmask.
    parts
        Costs by member.
    tolerance
        Gains up to this do not count; what the solver left open belongs here.

    Returns
    -------
    tuple
        Those that gain most by leaving first.
    """
    members = size_of(costs)
    gain = _within(members) @ parts - costs
    inside = np.arange(1, (1 << members) - 1)
    found = inside[gain[inside] > tolerance]
    order = found[np.argsort(-gain[found], kind="stable")]
    return tuple(Leaving(coalition=int(mask), gain_usd=float(gain[mask])) for mask in order)


def least_core(costs: Floats) -> LeastCore:
    """Find the split whose most discontented coalition pays least above its own cost.

    Parameters
    ----------
    costs
        By bitmask, all finite.

    Returns
    -------
    LeastCore
        Its excess is above 0 where the core is empty; at or below, the split lies in the core.
    """
    members = size_of(costs)
    whole = float(costs[-1])
    if members == 1:
        return LeastCore(excess_usd=0.0, parts_usd=(whole,))
    scale = float(np.max(np.abs(costs))) or 1.0
    inside: Indices = np.arange(1, (1 << members) - 1, dtype=np.int64)
    program = Program()
    part = program.variables("part", (members,), lower=-np.inf)
    excess = program.variables("excess", (1,), lower=-np.inf, cost=1.0)
    program.rows("shares", (1,), (0, part.at, 1.0), lower=whole / scale, upper=whole / scale)
    row = np.arange(len(inside))
    program.rows(
        "discontent", (len(inside),), (row[:, None], part.at[None, :], _within(members)[inside]),
        (row, excess.at, -1.0), upper=costs[inside] / scale,
    )  # fmt: skip
    answer = program.minimise()
    found = answer.of(part) * scale
    # What the solver's tolerance leaves is put right, so that nobody pays for rounding.
    found += (whole - found.sum()) / members
    within = _within(members)[inside] @ found - costs[inside]
    return LeastCore(excess_usd=float(within.max()), parts_usd=tuple(found.tolist()))
