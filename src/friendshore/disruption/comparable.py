"""Intervals for shocks that have not happened: what comparable events say about a year's imports.

The statistical forecast is made for each importer and product as if the shock were an event of the catalogue
with the base years of the run; its interval is calibrated by exposure class and by who stopped. It speaks of
tons a year in the first years after, not of months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from friendshore.disruption.eligible import cases
from friendshore.disruption.events import Event
from friendshore.disruption.forecast import fitted, forecast
from friendshore.disruption.intervals import intervals
from friendshore.shocks import Shock
from friendshore.tables.world import World

__all__ = ["Expectation", "expectations"]

LEAST_MONTHS = 12
"""A shorter shock leaves no trace in a year's trade that events could be compared with."""


@dataclass(frozen=True)
class Expectation:
    """What statistics expect of one importer's imports of one product in the first years after."""

    missing: float
    """Part of base imports that is missing; 0 where none is. The ends are those of the 80 % interval."""
    missing_low: float
    missing_high: float
    share: float
    """The struck suppliers' share of imports."""
    share_low: float
    share_high: float
    events: tuple[str, ...]
    """The events whose errors say how wide the interval is."""


def expectations(
    world: World,
    shocks: Sequence[Shock],
    pairs: Sequence[tuple[str, str]],
    base_years: Sequence[int],
    months: int,
) -> dict[tuple[str, str], Expectation]:
    """Return the expectation by (importer, product); pairs without comparable events are left out.

    Parameters
    ----------
    world
        The opened tables.
    shocks
        Those of the run. A pair that none of them strikes for a year, or more than one, has no comparable event.
    pairs
        (importer, product); only single countries can be compared with the catalogue's importers.
    base_years
        Years whose mean is the base.
    months
        Length of the run.
    """
    asked = [
        _as_event(shock, importer, product, base_years, months)
        for importer, product in pairs
        if importer in world.position and (shock := _only(shocks, importer, product, months)) is not None
    ]
    rows = cases(world, asked)
    if not len(rows):
        return {}
    fits = fitted()
    predicted = forecast(fits.fit, rows)
    found = intervals(rows, predicted, fits.calibration, [""] * len(rows))
    base = rows.base.sum(1)
    missing, low, high = (
        np.clip(1 - tons / base, 0.0, 1.0) for tons in (predicted.total, found.total_high, found.total_low)
    )
    return {
        (world.countries[rows.importer[n]], event.products_hs92[0]): Expectation(
            float(missing[n]),
            float(low[n]),
            float(high[n]),
            float(predicted.shocked[n]),
            float(found.share_low[n]),
            float(found.share_high[n]),
            found.comparable[n],
        )
        for n, event in enumerate(rows.events)
        if found.known[n]
    }


def _only(shocks: Sequence[Shock], importer: str, product: str, months: int) -> Shock | None:
    """Return the one shock that strikes a pair for at least a year; None where there is none, or several."""
    striking = [
        shock
        for shock in shocks
        if product in shock.products and (not shock.importers or importer in shock.importers)
    ]
    if len(striking) != 1 or striking[0].kind == "passage_closure":
        return None
    lasting = min(striking[0].end_month, months) - striking[0].start_month
    return striking[0] if lasting >= LEAST_MONTHS else None


def _as_event(shock: Shock, importer: str, product: str, base_years: Sequence[int], months: int) -> Event:
    """Write a shock as an event that has no outcome yet.

    It is not validated: an event of the catalogue has outcome years after its base, and here the base stands in
    their place, which no forecast reads.
    """
    lost = shock.lost(months)
    severity = float(lost[lost > 0].mean()) if (lost > 0).any() else 0.0
    fields: dict[str, Any] = dict(  # noqa: C408  names of fields
        id=f"{shock.id}:{importer}:{product}",
        products_hs92=(product,),
        exporters=shock.suppliers,
        importers=(importer,),
        type=shock.kind,
        actor="accident" if shock.kind == "outage" else shock.who_stops,
        first_year=max(base_years) + 1,
        base_years=tuple(base_years),
        outcome_years=tuple(base_years),
        severity_tons=severity,
        severity_value=None,
        quality="A",
        cluster=shock.id,
    )
    return Event.model_construct(**fields)
