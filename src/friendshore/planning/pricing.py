"""Stand-in for the table of costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from friendshore.planning.problem import Costs
from friendshore.tables.trade import Floats

__all__ = ["Priced", "stand_in"]


@dataclass(frozen=True, eq=False)
class Priced:
    """Costs as a problem takes them, and what limits plants and stocks."""

    costs: Costs
    lump_t: Floats
    """(K,)"""
    build_months: Floats
    """(K,)"""
    most_t: Floats
    """(H, K) most new capacity in tons a year; infinite where nothing limits it."""
    shelf_months: Floats
    """(K,)"""
    most_days: Floats
    """(K,)"""
    fill_share: Floats
    """(K,) part of a month's imports that can go into stock in a month."""
    least_use_share: float


def stand_in(hosts: int, price: Floats) -> Priced:
    k = len(price)
    hk = (hosts, k)
    one = np.ones(k)
    return Priced(
        Costs(0.05 * one, 0.5 * one, np.broadcast_to(2.0 * price, hk).copy(), np.broadcast_to(0.2 * price, hk).copy(),
              np.full(hk, 0.5), 0.1, 0.08 * one, 0.05 * one, 8.0 * one, 0.2 * one),
        np.zeros(k), 36 * one, np.full(hk, np.inf), 36 * one, 60 * one, 0.1 * one, 0.5)
