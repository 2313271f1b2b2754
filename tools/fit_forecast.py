"""Fit the statistical forecast of the hindcast and write ``src/friendshore/data/forecast.json``.

    python tools/fit_forecast.py

Only the package's own (development) catalogue and the years before its events are read:

1. ordinary churn (recency, sharpness, constancy, size) on windows of two base and two outcome
   years of the catalogue's products, all importers above 5 million dollars, every window ending before the
   first catalogued event of its products;
2. what a shock does (nearness, filled; what is replaced) on the importer-events of grades A and B.

Everything is fitted again without each cluster (its events, and the windows of their products), for the
cross-fitted figures and for the calibration of the intervals. Losses are absolute errors; the search is a plain
pattern search and has no chance in it. About two minutes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from friendshore.disruption.baselines import shares, total_variation
from friendshore.disruption.eligible import (
    LARGEST_BREAK,
    LEAST_EXPOSURE,
    LEAST_USD,
    MEMORY,
    MOST_IMPUTED,
    Cases,
    Ledger,
    cases,
    ledgers,
    means,
)
from friendshore.disruption.events import Event, events
from friendshore.disruption.forecast import Calibration, Fit, Fitted, dump, forecast, weights
from friendshore.disruption.intervals import CLASSES, scores
from friendshore.tables.box import open_box

TARGET = Path(__file__).parents[1] / "src" / "friendshore" / "data" / "forecast.json"
GRADES = ("A", "B")
TYPICAL = 0.3
"""Log error of tons above which a row counts no more: the typical importer decides, not trade that vanished."""
START = Fit(
    recency=0.6, sharpness=0.95, constancy=0.6, size=0.05, nearness=0.4, filled=1.0, recency_tons=0.5,
    replaced_supply=0.7, replaced_demand=1.0,
)  # fmt: skip
STEPS = {
    "recency": 0.2, "sharpness": 0.1, "constancy": 0.4, "size": 0.04, "nearness": 0.2, "filled": 0.5,
    "replaced_supply": 0.2, "replaced_demand": 0.2,
}  # fmt: skip
BOUNDS = {"recency": 1.0, "replaced_supply": 1.0, "replaced_demand": 1.0, "filled": 3.0}


class Windows:
    """Ordinary windows: suppliers as flat columns, windows as segments of them."""

    def __init__(self) -> None:
        self.columns: list[np.ndarray] = []
        self.total: list[tuple[float, float, float]] = []
        self.products: list[tuple[str, ...]] = []
        self.outside: list[float] = []

    def add(
        self, ledger: Ledger, group: tuple[str, ...], base: Sequence[int], outcome: Sequence[int]
    ) -> None:
        """Add every importer that can be read in the window."""
        tons, usd, filled = means(ledger, base)
        after, usd_after, filled_after = means(ledger, outcome)
        last = ledger.years.index(base[-1])
        with np.errstate(divide="ignore", invalid="ignore"):
            change = (usd_after.sum(1) / after.sum(1)) / (usd.sum(1) / tons.sum(1))
            breaks = np.abs(np.log(change / ((usd_after.sum() / after.sum()) / (usd.sum() / tons.sum()))))
        clean = (breaks <= np.log(LARGEST_BREAK)) & (np.maximum(filled, filled_after) <= MOST_IMPUTED)
        for j in np.flatnonzero((usd.sum(1) > LEAST_USD) & (tons.sum(1) > 0) & (after.sum(1) > 0) & clean):
            recent = ledger.tons[max(0, last - MEMORY + 1) : last + 1, j]
            known = recent.sum(0) > 0
            actual, now = shares(after[j]), shares(recent[-1])
            rows = [shares(tons[j]), now if now.sum() else shares(tons[j]), (recent > 0).mean(0)]
            size = shares(tons.sum(0) - tons[j])
            self.columns.append(np.array([*rows, size, actual])[:, known])
            self.outside.append(actual[~known].sum())
            self.total.append((tons[j].sum(), recent[-1].sum() or tons[j].sum(), after[j].sum()))
            self.products.append(group)

    def chosen(self, forget: set[tuple[str, ...]]) -> Flat:
        """Return the windows of all products but some."""
        keep = [n for n, group in enumerate(self.products) if group not in forget]
        return Flat(
            [self.columns[n] for n in keep], [self.outside[n] for n in keep], [self.total[n] for n in keep]
        )


class Flat:
    """Chosen windows as one set of columns, and the error of a fit on them."""

    def __init__(
        self, columns: list[np.ndarray], outside: list[float], total: list[tuple[float, ...]]
    ) -> None:
        sizes = np.array([column.shape[1] for column in columns])
        self.starts = np.r_[0, np.cumsum(sizes)[:-1]]
        self.row = np.repeat(np.arange(len(sizes)), sizes)
        self.base, self.last, self.presence, self.size, self.actual = np.concatenate(columns, axis=1)
        self.outside = np.array(outside)
        self.total = np.array(total)

    def error(self, fit: Fit) -> float:
        """Mean total variation."""
        weight = weights(fit, self.base, self.last, self.presence, self.size)
        predicted = weight / np.add.reduceat(weight, self.starts)[self.row]
        distance = np.add.reduceat(np.abs(predicted - self.actual), self.starts) + self.outside
        return float(0.5 * distance.mean())


def descend(loss: Callable[[Fit], float], fit: Fit, names: Sequence[str], halvings: int = 5) -> Fit:
    """Pattern search over some of the numbers: try a step each way, keep what is better, then halve the steps."""
    best = loss(fit)
    for level in range(halvings):
        moved = True
        while moved:
            moved = False
            for name in names:
                for sign in (1, -1):
                    value = getattr(fit, name) + sign * STEPS[name] * 0.5**level
                    value = min(max(value, 0.0 if name in BOUNDS else -5.0), BOUNDS.get(name, 5.0))
                    other = fit.model_copy(update={name: value})
                    error = loss(other)
                    if error < best - 1e-7:
                        fit, best, moved = other, error, True
    return fit


def fitted_on(windows: Flat, rows: Cases) -> Fit:
    """Fit churn on the windows, then the shock on the importer-events."""
    fit = descend(windows.error, START, ("recency", "sharpness", "constancy", "size"), halvings=4)
    actual, total = shares(rows.outcome), rows.outcome.sum(1)
    fit = descend(
        lambda one: float(total_variation(forecast(one, rows).shares, actual).mean()),
        fit,
        ("nearness", "filled"),
    )
    return descend(
        lambda one: float(np.abs(np.log(forecast(one, rows).total / total)).clip(max=TYPICAL).mean()),
        fit,
        ("replaced_supply", "replaced_demand"),
    )


def ordinary(catalogue: Sequence[Event]) -> Windows:
    """Collect the windows that end before the first catalogued event of their products."""
    world = open_box()
    groups = {event.products_hs92 for event in catalogue if event.quality in GRADES}
    windows = Windows()
    for group, ledger in ledgers(world, sorted(groups)):
        until = min(event.first_year for event in catalogue if set(event.products_hs92) & set(group))
        for year in world.years[2:]:
            for late in (0, 1):
                if year + late + 1 < until:
                    windows.add(ledger, group, (year - 2, year - 1), (year + late, year + late + 1))
    return windows


def churn_widths(windows: Flat) -> tuple[tuple[float, float, float], float]:
    """Width of the central 80 % of changes in ordinary times: of shares by class, of total tons over the base."""
    change = windows.actual - windows.base
    at = np.digitize(windows.base, CLASSES)
    seen = windows.base >= LEAST_EXPOSURE
    widths = [float(np.ptp(np.quantile(change[seen & (at == n)], (0.1, 0.9)))) for n in range(3)]
    ratio = windows.total[:, 2] / windows.total[:, 0]
    return (widths[0], widths[1], widths[2]), float(np.ptp(np.quantile(ratio, (0.1, 0.9))))


def main() -> None:
    """Fit, fit without each cluster, collect the errors, write."""
    catalogue = events()
    windows = ordinary(catalogue)
    rows = cases(open_box(), [event for event in catalogue if event.quality in GRADES])
    cluster = np.array([event.cluster for event in rows.events])
    whole = windows.chosen(set())
    fit = fitted_on(whole, rows)
    print(f"{len(whole.total)} windows, {len(rows)} importer-events: {fit}", flush=True)
    without: dict[str, Fit] = {}
    known: list[Calibration] = []
    for name in sorted({event.cluster for event in catalogue}):
        forget = {event.products_hs92 for event in catalogue if event.cluster == name}
        codes = {code for group in forget for code in group}
        near = {group for group in windows.products if set(group) & codes}
        without[name] = fitted_on(windows.chosen(near), rows.take(cluster != name))
        mine = rows.take(cluster == name)
        if not len(mine):
            continue
        share, tons = scores(mine, forecast(without[name], mine))
        known += [
            Calibration(
                event=event.id,
                cluster=name,
                importer=mine.countries[mine.importer[n]],
                exposure=mine.exposure[n],
                world_share=mine.world_share[n],
                actor=event.actor,
                share=share[n],
                tons=tons[n],
            )
            for n, event in enumerate(mine.events)
        ]
    widths, tons_width = churn_widths(whole)
    found = Fitted(
        fit=fit,
        without=without,
        calibration=tuple(known),
        churn_width_share=widths,
        churn_width_tons=tons_width,
    )
    TARGET.write_text(json.dumps(dump(found), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
