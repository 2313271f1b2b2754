"""Materials ranked by what is missing of them, and how far two rankings are apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np

from friendshore.disruption.market import Market
from friendshore.tables.trade import Floats, Indices

__all__ = ["Measure", "goods_of", "kendall_distance", "scores", "swaps"]

Measure: TypeAlias = Literal["total", "peak"]
"""Shortage over demand of the whole run, or of the worst month."""
TIED = 1e-6
"""Shares closer than this rank alike."""


def goods_of(market: Market) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Return by material the codes of each of its stages in the market; a product of none stands for itself."""
    from friendshore.tables.materials import materials

    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    taken: set[str] = set()
    for material in materials().values():
        stages = [
            tuple(code for code in stage.codes if code in market.place)
            for stage in material.stages
            if stage.measurable
        ]
        held = tuple(codes for codes in stages if codes)
        if held:
            found[material.id] = held
            taken.update(code for codes in held for code in codes)
    return {**found, **{code: ((code,),) for code in market.products if code not in taken}}


def scores(
    shortage: Floats,
    demand: Floats,
    columns: Mapping[str, int],
    goods: Mapping[str, Sequence[Sequence[str]]],
    measure: Measure,
) -> Floats:
    """Return by (draw, good) the share that is missing at the worst stage; NaN where none of it is bought.

    Parameters
    ----------
    shortage, demand
        (draw, month, buyer), tons; of the demand a single draw will do.
    columns
        Product -> column of the importer's purchase of it.
    goods
        By good its stages' codes; the codes of a stage are added up.
    """
    found = np.full((len(shortage), len(goods)), np.nan)
    for n, stages in enumerate(goods.values()):
        for codes in stages:
            at = [columns[code] for code in codes if code in columns]
            if at:
                share = missing(shortage[:, :, at].sum(axis=2), demand[:, :, at].sum(axis=2), measure)
                found[:, n] = np.fmax(found[:, n], share)
    return found


def missing(shortage: Floats, demand: Floats, measure: Measure) -> Floats:
    """Return the share missing by draw; arrays (draw, month) or with more axes behind."""
    if measure == "peak":
        return np.asarray((shortage / demand).max(axis=1), np.float64)
    return np.asarray(shortage.sum(axis=1) / demand.sum(axis=1), np.float64)


def kendall_distance(one: Floats, other: Floats) -> float:
    """Return the part of all pairs that two rankings order differently: 0 the same, 1 reversed.

    A pair that only one of them ties counts half (Fagin and others 2004). NaN with fewer than two goods.
    """
    count = len(one)
    if count < 2:
        return float("nan")
    first, second = _order(one), _order(other)
    apart: float = np.abs(first - second)[np.triu_indices(count, 1)].sum() / 2
    return apart / (count * (count - 1) / 2)


def _order(values: Floats) -> Indices:
    """Return by pair 1 where the first is worse off, -1 where the second is, 0 where they tie."""
    gap = values[:, None] - values[None, :]
    return np.where(np.abs(gap) <= TIED, 0, np.sign(gap)).astype(np.int64)


def swaps(central: Floats, other: Floats) -> tuple[tuple[int, int], ...]:
    """Return the pairs (worse off before, worse off now) whose order turns round, the widest apart first."""
    first, second = _order(central), _order(other)
    found = []
    for a, b in combinations(range(len(central)), 2):
        if first[a, b] * second[a, b] < 0:
            above, below = (a, b) if first[a, b] > 0 else (b, a)
            found.append((min(central[above] - central[below], other[below] - other[above]), above, below))
    return tuple((above, below) for _, above, below in sorted(found, key=lambda each: -each[0]))
