"""Prices: a factor over the base price from how tight the market is. Compiled."""

from __future__ import annotations

from friendshore.disruption.compiling import inner

__all__ = ["price_factor"]


@inner
def price_factor(tight: float, elasticity: float, cap: float) -> float:
    """Price over base where a part of demand finds no goods: ``(1 - tight) ** (-1 / elasticity)``.

    The inverse of a demand of constant elasticity. Above ``cap`` the market is rationed, and the number
    returned (twice the cap) only says so: with next to nothing left no finite price clears it.
    """
    if tight <= 1e-12:
        return 1.0
    if tight >= 0.999:
        return 2.0 * cap
    return float(min(2.0 * cap, (1.0 - tight) ** (-1.0 / elasticity)))
