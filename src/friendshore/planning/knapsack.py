"""Choosing one dish of each menu for a sum of money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from friendshore.tables.trade import Floats

__all__ = ["FINE", "Dish", "knapsack", "mixed", "value_of"]

BINS = 2000
"""Into how many parts a budget is cut when it is shared out."""
FINE = 100
"""Into how many parts at most the way between two dishes is cut."""


@dataclass(frozen=True, eq=False)
class Dish:
    """What a part does for some money."""

    spent: float
    value: float
    values: Floats
    """Of the part's variables."""


def mixed(corners: Sequence[Dish], unit: float) -> list[Dish]:
    """Return corners, which may be mixed, with mixtures of neighbours in steps of about so many dollars."""
    found = list(corners[:1])
    for a, b in pairwise(corners):
        count = int(min(FINE, np.ceil((b.spent - a.spent) / unit)))
        found += [
            Dish(
                a.spent + part * (b.spent - a.spent),
                a.value + part * (b.value - a.value),
                a.values + part * (b.values - a.values),
            )
            for part in np.linspace(0.0, 1.0, count + 1)[1:].tolist()
        ]
    return found


def value_of(chosen: Sequence[Dish]) -> float:
    """Add up the objective."""
    return sum(dish.value for dish in chosen)


def knapsack(menus: Sequence[Sequence[Dish]], budget_usd: float) -> list[Dish]:
    """Choose one dish of each menu, best in sum, for at most a budget; money is counted in bins, rounded up."""
    least = sum(min(dish.spent for dish in menu) for menu in menus)
    free = max(0.0, budget_usd - least)
    unit = free / BINS if free > 0 else 1.0
    best = np.zeros(BINS + 1)
    taken: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
    sizes: list[list[int]] = []
    for menu in menus:
        low = min(dish.spent for dish in menu)
        size = [int(np.ceil((dish.spent - low) / unit - 1e-9)) for dish in menu]
        options = np.full((len(menu), BINS + 1), np.inf)
        for n, dish in enumerate(menu):
            if size[n] <= BINS:
                options[n, size[n] :] = best[: BINS + 1 - size[n]] + dish.value
        pick = options.argmin(axis=0)
        best = np.take_along_axis(options, pick[None], axis=0)[0]
        taken.append(pick)
        sizes.append(size)
    at, chosen = BINS, []
    for menu, pick, size in zip(reversed(menus), reversed(taken), reversed(sizes), strict=True):
        n = int(pick[at])
        chosen.append(menu[n])
        at -= size[n]
    return chosen[::-1]
