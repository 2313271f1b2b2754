"""Quantities cleaned by unit value: gaps filled, outliers replaced, everything else left as published.

Dollars are recorded better than tons: customs forms confuse kilograms, pieces and tons, and some flows have
no tons at all. The unit value (dollars a ton) of a flow is therefore compared with that of comparable
flows.

**References.** For every row three unit values are formed from the *other* rows of the same product in the
years t-1, t and t+1: those of the same exporter, those of the same importer, and all (the world). Each is
the median weighted by dollars, so that neither a few huge wrong tonnages nor many small wrong ones move it.
A reference without any other row does not exist.

**The rule**, in this order:

1. A row is an *outlier* where its unit value is more than 15 times above or below the world's reference,
   and also more than 15 times off the exporter's and the importer's (one that does not exist cannot acquit
   it).
2. The references are formed again without the outliers. A row is an *absurd tonnage* where its tons are at
   least 5 % of the world's in that product and year (outliers left out) and its unit value is more than 15
   times *below* both the world's and the exporter's reference.
3. The references are formed once more without the rows of steps 1 and 2. Outliers, and rows whose tons are
   missing, get dollars over the unit value of the exporter; where there is none, of the importer; where
   there is none, of the world. Absurd tonnages get dollars over the unit value of the world. Where no
   reference exists a missing quantity stays missing and a published one stays as it is.

Rows without dollars are never touched. Grades differ: a low-grade ore of a dear metal is rightly far below
the world's unit value, which is why an exporter whose flows agree with each other is believed. A trader who
repeats the same mistake in every row is believed too, and so is a flow that is most of its product's trade:
the rule finds contradictions, not truth. The published tons are the default everywhere.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from friendshore.tables.trade import Floats, Indices, Trade

__all__ = ["EXPORTER", "FACTOR", "IMPORTER", "LARGE", "REACH", "WORLD", "clean"]

FACTOR = 15.0
"""How many times off a reference a unit value must be to count as wrong."""
LARGE = 0.05
"""Share of the world's tons from which a tonnage can count as absurd."""
REACH = 3
"""Years around a changed row whose cleaned tons can change with it: references span one year each way and are
formed three times."""
EXPORTER = "unit value of exporter"
IMPORTER = "unit value of importer"
WORLD = "unit value of world"


def clean(trade: Trade) -> tuple[Floats, NDArray[np.object_]]:
    """Fill missing tons and replace wrong ones; the rule is told at the top of this module.

    Parameters
    ----------
    trade
        Rows of any years and products. References reach over the years given, so pass all years of a product
        together.

    Returns
    -------
    tuple
        Tons in the order of the rows (NaN where still unknown), and the method a row: an empty string where
        the published figure stands, else :data:`EXPORTER`, :data:`IMPORTER` or :data:`WORLD`.
    """
    tons = trade.quantity_t.astype(np.float64, copy=True)
    methods = np.full(len(trade), "", dtype=object)
    order = np.argsort(trade.product, kind="stable")
    bounds = np.flatnonzero(np.diff(trade.product[order], prepend=-1, append=-1))
    for start, stop in pairwise(bounds):
        rows = order[start:stop]
        tons[rows], methods[rows] = _one_product(
            trade.year[rows].astype(np.int64),
            trade.exporter[rows].astype(np.int64),
            trade.importer[rows].astype(np.int64),
            trade.value_usd[rows],
            trade.quantity_t[rows],
        )
    return tons, methods


def _one_product(
    year: Indices, exporter: Indices, importer: Indices, value: Floats, tons: Floats
) -> tuple[Floats, NDArray[np.object_]]:
    """Apply the rule to the rows of one product."""
    published = np.isfinite(tons)
    judged = published & (value > 0)
    usable = judged & (tons > 0)
    unit = np.full(len(tons), np.nan)
    unit[judged] = np.inf
    unit[usable] = value[usable] / tons[usable]
    groups = (exporter, importer, np.zeros_like(year))

    def references(trusted: NDArray[np.bool_]) -> list[Floats]:
        return [_reference(group, year, unit, value, trusted) for group in groups]

    of_exporter, of_importer, of_world = references(usable)
    outlier = judged & _off(unit, of_world)
    for reference in (of_exporter, of_importer):
        outlier &= _off(unit, reference) | np.isnan(reference)
    trusted = usable & ~outlier
    of_exporter, _, of_world = references(trusted)
    with np.errstate(invalid="ignore"):
        cheap = (unit * FACTOR < of_world) & (unit * FACTOR < of_exporter)
    absurd = trusted & cheap & (tons >= LARGE * _world_tons(year, tons, trusted))
    of_exporter, of_importer, of_world = references(trusted & ~absurd)
    replaced = outlier | (~published & (value > 0))
    found, methods = tons.copy(), np.full(len(tons), "", dtype=object)
    for rows, reference, method in (
        (replaced | absurd, of_world, WORLD),
        (replaced, of_importer, IMPORTER),
        (replaced, of_exporter, EXPORTER),
    ):
        known = rows & np.isfinite(reference)
        found[known] = value[known] / reference[known]
        methods[known] = method
    return found, methods


def _off(unit: Floats, reference: Floats) -> NDArray[np.bool_]:
    """Tell where a unit value is more than FACTOR times above or below its reference."""
    with np.errstate(invalid="ignore"):
        far: NDArray[np.bool_] = (unit > FACTOR * reference) | (unit * FACTOR < reference)
    return far


def _world_tons(year: Indices, tons: Floats, counted: NDArray[np.bool_]) -> Floats:
    """Sum the counted tons of each row's year."""
    years, place = np.unique(year, return_inverse=True)
    total = np.bincount(place, np.where(counted, tons, 0.0), len(years)).astype(np.float64)
    found: Floats = total[place]
    return found


def _reference(
    group: Indices, year: Indices, unit: Floats, value: Floats, usable: NDArray[np.bool_]
) -> Floats:
    """Median unit value, weighted by dollars, of the other usable rows of the group in t-1..t+1.

    Every usable row is laid into three windows (its own year and both neighbours), the windows are sorted
    by unit value, and the median is read from running sums of dollars with the row's own dollars taken out.
    """
    rows = np.flatnonzero(usable)
    if not len(rows):
        return np.full(len(unit), np.nan)
    window = group * 10_000 + year
    laid = np.concatenate([window[rows] - 1, window[rows], window[rows] + 1])
    order = np.lexsort((np.tile(unit[rows], 3), laid))
    dollars = np.tile(value[rows], 3)[order]
    running = np.cumsum(dollars)
    windows, first = np.unique(laid[order], return_index=True)
    last = np.append(first[1:], len(order)) - 1
    own = np.full(len(unit), -1)
    middle = (order >= len(rows)) & (order < 2 * len(rows))
    own[rows[order[middle] - len(rows)]] = np.flatnonzero(middle)
    inside = own >= 0
    mine = np.where(inside, dollars[own], 0.0)
    place = np.minimum(np.searchsorted(windows, window), len(windows) - 1)
    before = running[first[place]] - dollars[first[place]]
    half = before + (running[last[place]] - before - mine) / 2
    middle_row = np.searchsorted(running, half).astype(np.int64)
    passed = inside & (middle_row >= own)
    middle_row = np.where(passed, np.searchsorted(running, half + mine), middle_row)
    middle_row = np.clip(middle_row, first[place], last[place])
    # rounding of the running sums may land on the row itself: step to a neighbour of the same window
    middle_row = np.where(
        inside & (middle_row == own), np.where(own < last[place], own + 1, own - 1), middle_row
    )
    others = last[place] - first[place] + 1 - inside
    exists = (windows[place] == window) & (others > 0)
    found: Floats = np.where(exists, unit[rows][order[middle_row] % len(rows)], np.nan)
    return found
