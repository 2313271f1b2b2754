"""Decisions that are prescribed: least and most of purchases, plants and stock, beside all other limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friendshore.planning.formulation_frame import Built
from friendshore.planning.formulation_normal import plant_terms
from friendshore.tables.trade import Floats

__all__ = ["prescribe"]


def prescribe(built: Built) -> None:
    """Add the rows of the problem's corridor, where it has one; what cannot be decided counts as 0."""
    frame, corridor = built.frame, built.frame.problem.corridor
    if corridor is None:
        return
    if corridor.new_t is not None:
        low, high = corridor.new_t
        inside = np.isin(np.arange(len(low)), frame.links)
        (link,) = _places(low, high, inside)
        here = np.arange(len(link))
        terms: list[tuple[Any, Any, Any]] = [(here, built.number("new")[link], 1.0)]
        _rows(built, "prescribed_new", (link,), "L", terms, low[link], high[link])
    if corridor.stock_t is not None:
        low, high = corridor.stock_t
        m, k = _places(low, high, frame.demand > 0)
        terms = [(np.arange(len(m)), built.number("stock")[m, k], 1.0)]
        _rows(built, "prescribed_stock", (m, k), "MK", terms, low[m, k], high[m, k])
    if corridor.capacity_t is not None:
        low, high = corridor.capacity_t
        h, k = _places(low, high, np.broadcast_to(frame.demand.sum(axis=0) > 0, low.shape))
        here = np.arange(len(h))
        terms = [
            (here, numbers, tons)
            for o in range(frame.groups)
            for numbers, tons in plant_terms(built, h, k, np.full(len(h), o))
        ]
        _rows(built, "prescribed_capacity", (h, k), "HK", terms, low[h, k], high[h, k])


def _places(low: Floats, high: Floats, inside: NDArray[np.bool_]) -> tuple[NDArray[np.int64], ...]:
    return np.nonzero(inside & ((low > 0) | np.isfinite(high)))


def _rows(
    built: Built, name: str, where: tuple[NDArray[np.int64], ...], axes: str,
    terms: Sequence[tuple[Any, Any, Any]], low: Floats, high: Floats,
) -> None:  # fmt: skip
    if len(where[0]):
        nobody = np.zeros((len(where[0]), len(built.frame.inside)))
        built.limit(name, where, axes, *terms, by=nobody, lower=low, upper=high)
