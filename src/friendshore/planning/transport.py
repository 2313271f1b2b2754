"""Who buys how much of a product from whom at least cost, as arrays: the program behind :mod:`diversify_all`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from friendshore.planning.program import Arrays, minimise
from friendshore.tables.trade import Floats, Indices

__all__ = ["Shipped", "Transport", "arrays_of", "cost_of", "shipped"]


@dataclass(frozen=True, eq=False)
class Transport:
    """Sellers with capacities, buyers with demands, ways between them; tons a year.

    Of two ways between the same seller and buyer the first is what is bought today and costs nothing more.
    """

    demand_t: Floats
    """By buyer."""
    capacity_t: Floats
    """By seller."""
    seller: Indices
    """By way, sorted by nothing."""
    buyer: Indices
    cost_usd: Floats
    """By way, a ton, beyond what is paid today."""
    most_t: Floats
    """By way."""
    missing_usd: Floats
    """By buyer, what a ton counts that it goes without."""


@dataclass(frozen=True, eq=False)
class Shipped:
    """The cheapest purchases."""

    tons: Floats
    """By way."""
    missing_t: Floats
    """By buyer."""
    cost_usd: float
    """Of the ways, and of what is missing."""
    bound_usd: Floats | None
    """By way, what one more ton allowed on it would save; None where the solver does not tell."""


def arrays_of(transport: Transport) -> Arrays:
    """Write the program down: a row a buyer (demand), a row a seller (capacity)."""
    ways, buyers, sellers = len(transport.cost_usd), len(transport.demand_t), len(transport.capacity_t)
    rows = np.empty(2 * ways + buyers, np.int32)
    rows[0 : 2 * ways : 2], rows[1 : 2 * ways : 2] = transport.buyer, buyers + transport.seller
    rows[2 * ways :] = np.arange(buyers)
    starts = np.concatenate([np.arange(0, 2 * ways, 2), np.arange(2 * ways, 2 * ways + buyers + 1)])
    width = ways + buyers
    return Arrays(
        cost=np.concatenate([transport.cost_usd, transport.missing_usd]),
        lower=np.zeros(width),
        upper=np.concatenate([transport.most_t, transport.demand_t]),
        integer=np.zeros(width, bool),
        unit=np.full(width, float(transport.demand_t.mean())),
        row_lower=np.concatenate([transport.demand_t, np.full(sellers, -np.inf)]),
        row_upper=np.concatenate([transport.demand_t, transport.capacity_t]),
        starts=starts.astype(np.int32),
        rows=rows,
        coefficients=np.ones(len(rows)),
    )


def shipped(transport: Transport) -> Shipped:
    """Solve it by the linear program."""
    arrays = arrays_of(transport)
    answer = minimise(arrays, usd=float(np.median(transport.missing_usd)) or 1.0)
    if answer.status != "optimal":
        msg = f"a transport that can leave everything missing came back {answer.status}"
        raise RuntimeError(msg)
    ways = len(transport.cost_usd)
    return Shipped(
        answer.values[:ways], answer.values[ways:], answer.objective, np.maximum(0.0, -answer.reduced[:ways])
    )


def cost_of(transport: Transport, tons: Floats, missing_t: Floats) -> float:
    """Cost of purchases, and of what is missing."""
    return float(tons @ transport.cost_usd + missing_t @ transport.missing_usd)
