"""Ordinary churn: how far an importer's suppliers move over the same gap when no catalogued shock is there.

It is the error of persistence in earlier windows of the same importer and product: base and outcome years
moved back together, up to eight times, as long as the outcome ends before the event and no documented event of
the product (grade A or B) touches the window. The median over the windows is the row's churn; a row without a
window has none. Windows can hold shocks that nobody catalogued, so it leans high.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from friendshore.disruption.baselines import shares, total_variation
from friendshore.disruption.eligible import LEAST_USD, Cases, Ledger, ledgers, means
from friendshore.disruption.events import Event
from friendshore.tables.trade import Floats, Indices
from friendshore.tables.world import World

__all__ = ["Churn", "ordinary_churn", "windows"]

MOST_WINDOWS = 8
DOCUMENTED = ("A", "B")


@dataclass(frozen=True, eq=False)
class Churn:
    """Median error of persistence in ordinary times, by row; NaN where there is no window."""

    total_variation: Floats
    percentage_error: Floats
    count: Floats
    """Windows behind the row's figure."""


def windows(
    event: Event, catalogue: Sequence[Event], years: Sequence[int]
) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Return the earlier windows of an event, the nearest first: (base years, outcome years)."""
    others = [
        (other.first_year, max(other.outcome_years))
        for other in catalogue
        if other.quality in DOCUMENTED and set(other.products_hs92) & set(event.products_hs92)
    ]
    last = max(event.outcome_years)
    found: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    for back in range(last - event.first_year + 1, len(years)):
        base = tuple(year - back for year in event.base_years)
        outcome = tuple(year - back for year in event.outcome_years)
        if not set(base + outcome) <= set(years) or len(found) == MOST_WINDOWS:
            break
        if not any(start <= max(outcome) and end >= min(base) for start, end in others):
            found.append((base, outcome))
    return found


def ordinary_churn(world: World, rows: Cases, catalogue: Sequence[Event]) -> Churn:
    """Measure the churn of each row; ``catalogue`` is used to keep documented shocks out of the windows."""
    moved, missed = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    count = np.zeros(len(rows))
    at: dict[str, list[int]] = {}
    for n, event in enumerate(rows.events):
        at.setdefault(event.id, []).append(n)
    by_id: Mapping[str, Event] = {event.id: event for event in rows.events}
    for group, ledger in ledgers(world, [event.products_hs92 for event in by_id.values()]):
        for event in by_id.values():
            if event.products_hs92 == group:
                mine = np.array(at[event.id])
                spans = windows(event, catalogue, world.years)
                moved[mine], missed[mine], count[mine] = _medians(ledger, rows.importer[mine], spans)
    return Churn(moved, missed, count)


def _medians(
    ledger: Ledger, importers: Indices, spans: Sequence[tuple[tuple[int, ...], tuple[int, ...]]]
) -> tuple[Floats, Floats, Floats]:
    moved = np.full((len(spans) + 1, len(importers)), np.nan)
    missed = moved.copy()
    for n, (base, outcome) in enumerate(spans):
        tons, usd, _ = means(ledger, base)
        before, after = tons[importers], means(ledger, outcome)[0][importers]
        old, new = before.sum(1), after.sum(1)
        there = (usd[importers].sum(1) > LEAST_USD) & (old > 0) & (new > 0)
        moved[n, there] = total_variation(shares(before[there]), shares(after[there]))
        missed[n, there] = np.abs(old[there] / new[there] - 1)
    counted = np.isfinite(moved).sum(0)
    some = counted > 0
    medians = np.full((2, len(importers)), np.nan)
    medians[0, some] = np.nanmedian(moved[:, some], axis=0)
    medians[1, some] = np.nanmedian(missed[:, some], axis=0)
    return medians[0], medians[1], counted.astype(np.float64)
