"""How much to hold: against uncertain demand, against outages, and from year to year."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from friendshore.errors import ArgumentError
from friendshore.tables.trade import Floats, Indices

__all__ = ["Chain", "Holding", "Policy", "dynamic_stock", "lost_supply", "newsvendor", "outage_stock"]

SWEEPS = 200_000


@dataclass(frozen=True)
class Holding:
    """A stock, and what it is expected to cost."""

    stock: float
    cost_usd: float


def newsvendor(*, shortage_usd: float, holding_usd: float, mean: float, sd: float) -> Holding:
    """Hold against demand that is normally distributed, for one season.

    Parameters
    ----------
    shortage_usd, holding_usd
        Of a unit missing, and of a unit left over.
    mean, sd
        Of demand, in units.

    Returns
    -------
    Holding
        ``F^-1(shortage / (shortage + holding))`` and its expected cost of units missing and left over.

    Examples
    --------
    >>> held = newsvendor(shortage_usd=4, holding_usd=1, mean=100, sd=30)
    >>> round(held.stock, 6), round(held.cost_usd, 6)
    (125.248637, 41.994288)
    """
    _refuse_below(shortage_usd=shortage_usd, holding_usd=holding_usd)
    if not sd >= 0 or not math.isfinite(sd) or not math.isfinite(mean):
        raise _nonsense(f"a demand of mean {mean:g} and standard deviation {sd:g}")
    standard = NormalDist()
    z = standard.inv_cdf(shortage_usd / (shortage_usd + holding_usd))
    return Holding(mean + z * sd, (shortage_usd + holding_usd) * standard.pdf(z) * sd)


def outage_stock(
    *, rate: float, mean_days: float, value_usd: float, holding_usd: float, a_day: float = 1.0
) -> float:
    """Hold against outages that come at random and last exponentially long.

    The stock that makes ``rate * value * E[min(length * a_day, stock)] - holding * stock`` largest.

    Parameters
    ----------
    rate
        Outages a year.
    mean_days
        Of an outage.
    value_usd
        Of a unit that is missing.
    holding_usd
        Of a unit for a year.
    a_day
        Units missing on a day of outage; 1 counts the stock in days.

    Examples
    --------
    >>> round(outage_stock(rate=0.1, mean_days=90, value_usd=10, holding_usd=0.5), 6)
    62.383246
    """
    _refuse_below(holding_usd=holding_usd, mean_days=mean_days)
    if not (rate >= 0 and value_usd >= 0 and a_day >= 0):
        raise _nonsense("a rate, a value or a shortfall below 0")
    gain = rate * value_usd / holding_usd
    return a_day * mean_days * math.log(gain) if gain > 1 else 0.0


@dataclass(frozen=True, eq=False)
class Chain:
    """States of supply that follow each other at random."""

    supply: Floats
    """By state, units that come in a period."""
    price_usd: Floats
    """By state, of a unit bought for the stock, beyond what taking it from supply does."""
    follows: Floats
    """``follows[a, b]``: probability that b is next after a."""


@dataclass(frozen=True, eq=False)
class Policy:
    """What to do with each stock in each state, in the first period."""

    stocks: Floats
    """Grid of stocks, in units."""
    value_usd: Floats
    """``(states, stocks)`` value of all that follows."""
    release: Floats
    """``(states, stocks)`` units taken out; below 0 put in."""

    def held(self, state: int) -> float:
        """Return the stock at which a state neither adds nor takes: where filling up from nothing ends."""
        at = 0
        step = self.stocks[1] - self.stocks[0]
        for _ in self.stocks:
            to = at - round(self.release[state, at] / step)
            if to == at:
                break
            at = int(to)
        return float(self.stocks[at])


def lost_supply(demand: float, value_usd: float) -> Callable[[Floats], Floats]:
    """Return a benefit that falls by ``value_usd`` for each unit that demand misses."""
    return lambda units: -value_usd * np.maximum(0.0, demand - units)


def dynamic_stock(
    chain: Chain,
    benefit: Callable[[Floats], Floats],
    *,
    most: float,
    step: float,
    holding_usd: float,
    discount: float,
    periods: int | None = None,
    most_in: float = math.inf,
    most_out: float = math.inf,
) -> Policy:
    """Decide period by period what to put in and what to take out.

    ``V(S, w) = max over a of benefit(supply(w) + a) - price(w) max(0, -a) - holding S + discount E V(S - a, w')``.

    Parameters
    ----------
    chain
        States of supply.
    benefit
        Of the units used in a period, vectorised.
    most, step
        Largest stock and distance of the grid.
    holding_usd
        Of a unit for a period, on what is there at its beginning.
    discount
        Of the next period.
    periods
        How many are left; None: without end.
    most_in, most_out
        Units that can be put in, and taken out, in a period.
    """
    _refuse_chain(chain, most, step, holding_usd, discount, periods)
    stocks = np.arange(round(most / step) + 1) * step
    release = stocks[:, None] - stocks[None, :]  # [from, to]
    used = chain.supply[:, None, None] + release
    allowed = (used >= -1e-12) & (-release <= most_in + 1e-12) & (release <= most_out + 1e-12)
    reward = np.where(
        allowed,
        benefit(used)
        - chain.price_usd[:, None, None] * np.maximum(0.0, -release)
        - holding_usd * stocks[:, None],
        -np.inf,
    )
    value: Floats = np.zeros((len(chain.supply), len(stocks)))
    if periods is None:
        value, choice = _without_end(reward, chain.follows, discount)
    else:
        choice = np.zeros(value.shape, np.int64)
        for _ in range(periods):
            total = reward + discount * (chain.follows @ value)[:, None, :]
            choice = np.argmax(total, axis=2)
            value = np.take_along_axis(total, choice[:, :, None], axis=2)[:, :, 0]
    return Policy(
        np.asarray(stocks, np.float64),
        np.asarray(value, np.float64),
        np.asarray(stocks[None, :] - stocks[choice], np.float64),
    )


def _without_end(reward: Floats, follows: Floats, discount: float) -> tuple[Floats, Indices]:
    """Improve a policy until it stands: each is worth what a linear system says (Howard)."""
    states, size = reward.shape[:2]
    value = np.zeros((states, size))
    choice = np.full((states, size), -1, np.int64)
    for _ in range(SWEEPS):
        total = reward + discount * (follows @ value)[:, None, :]
        best = np.argmax(total, axis=2)
        if (best == choice).all():
            break
        if (choice >= 0).all():  # change only what gains, so that equals do not take turns
            gain = np.take_along_axis(total, best[:, :, None], 2) - np.take_along_axis(
                total, choice[:, :, None], 2
            )
            worth = gain[:, :, 0] > 1e-12 * (1 + np.abs(value))
            if not worth.any():
                break
            best = np.where(worth, best, choice)
        choice = best
        value = _worth(reward, follows, discount, choice)
    return value, choice


def _worth(reward: Floats, follows: Floats, discount: float, choice: Indices) -> Floats:
    """Value of keeping to a choice for ever."""
    states, size = choice.shape
    now = np.take_along_axis(reward, choice[:, :, None], axis=2)[:, :, 0].ravel()
    system = np.eye(states * size)
    here = np.arange(states * size)
    for then in range(states):
        column = then * size + choice.ravel()
        np.subtract.at(system, (here, column), discount * np.repeat(follows[:, then], size))
    return np.asarray(np.linalg.solve(system, now).reshape(states, size), np.float64)


def _refuse_chain(
    chain: Chain, most: float, step: float, holding_usd: float, discount: float, periods: int | None
) -> None:
    n = len(chain.supply)
    if chain.follows.shape != (n, n) or chain.price_usd.shape != (n,):
        raise _nonsense(f"{n} states with prices or probabilities of another number")
    if (chain.follows < 0).any() or not np.allclose(chain.follows.sum(axis=1), 1):
        raise _nonsense("probabilities of what follows that are below 0 or do not add up to 1")
    if not (most > 0 and 0 < step <= most and holding_usd >= 0):
        raise _nonsense("a largest stock, a step or a cost of holding that is not above 0")
    if not (0 < discount < 1 or (periods is not None and discount == 1)):
        raise _nonsense(f"a discount factor of {discount:g}")


def _refuse_below(**figures: float) -> None:
    for name, value in figures.items():
        if not (math.isfinite(value) and value > 0):
            raise _nonsense(f"{name} of {value:g}")


def _nonsense(what: str) -> ArgumentError:
    return ArgumentError(
        f"A stock cannot be planned with {what}.",
        code="bad_stock",
        hint="Costs, values and lengths are numbers above 0; a discount factor lies between 0 and 1.",
    )
