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
    if corridor.other_than is not None:
        _differ(built, corridor.other_than)


def _differ(built: Built, capacity: Floats) -> None:
    """Let at least one plant differ by a step: more of it (``more`` is 1) or less (``less`` is 1)."""
    frame, problem = built.frame, built.frame.problem
    numbers, column = built.number("lumps"), built.columns["lumps"]
    h, k = np.nonzero((numbers >= 0).any(axis=2))
    steps = np.round(capacity[h, k] / problem.lump_t[k])
    most = np.zeros(numbers.shape)
    first = column.block.start
    most[column.where] = built.program.arrays().upper[first : first + column.block.size]
    room = most[h, k].sum(axis=1)
    shape, here = problem.buildable.shape, np.arange(len(h))
    more = built.add("more", (h, k), shape, "HK", upper=(room > steps).astype(np.float64), integer=True)
    less = built.add("less", (h, k), shape, "HK", upper=(steps > 0).astype(np.float64), integer=True)
    owned = (here[:, None], numbers[h, k], 1.0)
    nobody = np.zeros((len(h), len(frame.inside)))
    built.limit("at_least", (h, k), "HK", owned, (here, more.block.at, -(steps + 1.0)), lower=0.0, by=nobody)
    built.limit(
        "at_most", (h, k), "HK", owned, (here, less.block.at, room - steps + 1.0), upper=room, by=nobody
    )
    built.limit(
        "differ", (np.zeros(1, np.int64),), "C", (0, more.block.at, 1.0), (0, less.block.at, 1.0), lower=1.0,
        by=nobody[:1] if len(h) else np.zeros((1, len(frame.inside))),
    )  # fmt: skip


def _places(low: Floats, high: Floats, inside: NDArray[np.bool_]) -> tuple[NDArray[np.int64], ...]:
    return np.nonzero(inside & ((low > 0) | np.isfinite(high)))


def _rows(
    built: Built, name: str, where: tuple[NDArray[np.int64], ...], axes: str,
    terms: Sequence[tuple[Any, Any, Any]], low: Floats, high: Floats,
) -> None:  # fmt: skip
    if len(where[0]):
        nobody = np.zeros((len(where[0]), len(built.frame.inside)))
        built.limit(name, where, axes, *terms, by=nobody, lower=low, upper=high)
