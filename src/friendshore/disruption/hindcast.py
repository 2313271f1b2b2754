"""The hindcast: real shocks forecast from before them, and scored against what happened.

Beside the model stand four naive forecasts and ordinary churn, which is the floor for anything that cannot
foresee churn. Two errors are shown: the total variation between forecast and actual supplier shares, and the
absolute percentage error of total tons (its mean capped at 100 %, because of importers whose trade all but
vanishes).

An event of the catalogue that the model was tuned on is forecast by a fit that never saw its cluster; any other
event by the fit that comes with the package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friendshore.disruption.baselines import (
    BASELINES,
    absolute_percentage_error,
    baselines,
    shares,
    total_variation,
)
from friendshore.disruption.churn import Churn, ordinary_churn
from friendshore.disruption.eligible import Cases, cases
from friendshore.disruption.events import Event, events
from friendshore.disruption.forecast import Fitted, Forecast, fitted, forecast, left_out
from friendshore.disruption.intervals import CLASSES, Intervals, intervals
from friendshore.errors import ArgumentError, MissingDataError
from friendshore.progress import Count, tell
from friendshore.records import Note
from friendshore.tables.trade import Floats
from friendshore.tables.world import World

__all__ = ["Hindcast", "hindcast", "tons_errors"]

METHODS = ("model", *BASELINES, "churn")
NEGLIGIBLE = 1e-9
"""Shares below this are left out of the maps."""


@dataclass(frozen=True, eq=False)
class Hindcast:
    """Forecasts, what happened, and errors by importer-event."""

    cases: Cases
    model: Forecast
    intervals: Intervals
    baselines: Mapping[str, Floats]
    """Name -> tons by supplier."""
    churn: Churn
    cross_fitted: tuple[str, ...]
    """By row, the cluster that the fit had to forget; empty where the shipped fit was used."""
    bounds: Mapping[str, tuple[float, float]]
    """95 % bootstrap intervals over clusters: of the mean total variation of each method, and of
    ``model_minus_best``, the model's less that of the best naive forecast."""
    churn_width: Mapping[str, float]
    """Mean width of the central 80 % of ordinary changes on these rows: ``share`` and ``tons``."""

    @property
    def actual_shares(self) -> Floats:
        """Supplier shares of the outcome, the shocked exporters as one at the end."""
        return shares(self.cases.outcome)

    @property
    def actual_total(self) -> Floats:
        """Tons a year of the outcome."""
        total: Floats = self.cases.outcome.sum(1)
        return total

    @property
    def errors(self) -> Mapping[str, tuple[Floats, Floats]]:
        """By method: total variation and absolute percentage error by row (NaN: no ordinary window)."""
        actual, total = self.actual_shares, self.actual_total
        found = {
            "model": (
                total_variation(self.model.shares, actual),
                absolute_percentage_error(self.model.total, total),
            )
        }
        for name, tons in self.baselines.items():
            found[name] = (
                total_variation(shares(tons), actual),
                absolute_percentage_error(tons.sum(1), total),
            )
        found["churn"] = (self.churn.total_variation, self.churn.percentage_error)
        return found

    @property
    def rows(self) -> tuple[dict[str, Any], ...]:
        """One plain dictionary an importer-event; None where there is no interval or no forecast.

        ``churn`` forecasts nothing: it is the error of persistence in other years.
        """
        actual, total, inside = self.actual_shares, self.actual_total, self.intervals
        mixes = {name: shares(tons) for name, tons in self.baselines.items()}
        found = []
        for n, event in enumerate(self.cases.events):
            naive: dict[str, Any] = {
                name: {
                    "predicted_t": float(tons[n].sum()),
                    "predicted_shares": self._by_name(mixes[name][n], event),
                }
                for name, tons in self.baselines.items()
            }
            naive["churn"] = {"predicted_t": None, "predicted_shares": None}
            found.append(
                {
                    "event": event.id,
                    "importer": self.cases.countries[self.cases.importer[n]],
                    "exposure": float(self.cases.exposure[n]),
                    "predicted_t": float(self.model.total[n]),
                    "actual_t": float(total[n]),
                    "predicted_t_low": _known(inside.total_low[n]),
                    "predicted_t_high": _known(inside.total_high[n]),
                    "predicted_shares": self._by_name(self.model.shares[n], event),
                    "actual_shares": self._by_name(actual[n], event),
                    "baselines": naive,
                }
            )
        return tuple(found)

    def _by_name(self, mix: Floats, event: Event) -> dict[str, float]:
        names = (*self.cases.countries, event.supplier)
        return {names[i]: float(mix[i]) for i in np.flatnonzero(mix > NEGLIGIBLE)}

    @property
    def summary(self) -> dict[str, dict[str, Any]]:
        """Figures by method; the model's with coverage and width of the intervals where there are any."""
        found: dict[str, dict[str, Any]] = {
            name: _figures(distance, miss, self.cases) for name, (distance, miss) in self.errors.items()
        }
        covered, width = self.coverage(), self.width()
        found["model"] |= {"coverage_80": covered, "interval_width": width}
        return {name: found[name] for name in METHODS}

    def coverage(self) -> dict[str, float | None]:
        """Part of the rows with an interval whose outcome lies inside it, by ``share`` and ``tons``."""
        inside, known = self.intervals, self.intervals.known
        share, total = self.actual_shares[:, -1], self.actual_total
        within = {
            "share": (inside.share_low - 1e-9 <= share) & (share <= inside.share_high + 1e-9),
            "tons": (inside.total_low <= total) & (total <= inside.total_high),
        }
        return {name: _mean(hit[known].astype(np.float64)) for name, hit in within.items()}

    def width(self) -> dict[str, float | None]:
        """Mean width: of the share as it is, of tons over the forecast."""
        inside, known = self.intervals, self.intervals.known
        return {
            "share": _mean((inside.share_high - inside.share_low)[known]),
            "tons": _mean(((inside.total_high - inside.total_low) / self.model.total)[known]),
        }


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if len(values) else None


def _figures(distance: Floats, miss: Floats, rows: Cases) -> dict[str, Any]:
    there = np.isfinite(distance)
    clusters = {event.cluster for event, counted in zip(rows.events, there, strict=True) if counted}
    distance, miss = distance[there], miss[there]
    some = len(distance) > 0
    return {
        "tv_mean": float(distance.mean()) if some else None,
        "tv_median": float(np.median(distance)) if some else None,
        "ape_median": float(np.median(miss)) if some else None,
        "ape_capped_mean": float(np.minimum(miss, 1.0).mean()) if some else None,
        "n_rows": len(distance),
        "n_clusters": len(clusters),
    }


def hindcast(
    world: World,
    catalogue: Sequence[Event] | None = None,
    *,
    grade: str = "A",
    model: Fitted | None = None,
    draws: int = 2000,
    seed: int = 0,
) -> Hindcast:
    """Forecast the events of a catalogue and score the forecasts.

    Parameters
    ----------
    world
        The opened tables.
    catalogue
        Events; the package's own by default.
    grade
        Letters of the quality grades to take, as ``A`` or ``AB``.
    model
        Another fit than the one that comes with the package.
    draws, seed
        Bootstrap over clusters.

    Raises
    ------
    ArgumentError
        Where the catalogue has no event of the grade.
    MissingDataError
        Where none of them can be scored on these data.
    """
    everything = events() if catalogue is None else tuple(catalogue)
    chosen = [event for event in everything if event.quality in grade]
    if not chosen:
        there = ", ".join(sorted({event.quality for event in everything})) or "none"
        raise ArgumentError(
            f"The catalogue has no event of grade {grade!r}; it has {there}.",
            code="unknown_grade",
            hint="Choose with --grade, for example --grade A or --grade AB.",
        )
    tell(Note(template="Reading the years around the events"))
    rows = cases(world, chosen)
    if not len(rows):
        reasons = sorted({reason for _, _, reason in rows.dropped}) or ["no importer is exposed enough"]
        raise MissingDataError(
            f"None of the {len(chosen)} events can be scored on {world.name}: {'; '.join(reasons)}.",
            code="nothing_to_score",
            hint="Try another grade, or data that hold the products and years of the events.",
        )
    fits = model or fitted()
    by_event = {event.id: left_out(event, events(), fits) for event in chosen}
    forget = tuple(by_event[event.id] for event in rows.events)
    predicted = _forecasts(fits, rows, forget)
    naive = baselines(rows)
    return Hindcast(
        rows,
        predicted,
        intervals(rows, predicted, fits.calibration, forget),
        naive,
        ordinary_churn(world, rows, (*everything, *events())),
        forget,
        _bounds(rows, predicted, naive, draws, seed),
        {
            "share": float(np.array(fits.churn_width_share)[np.digitize(rows.exposure, CLASSES)].mean()),
            "tons": fits.churn_width_tons,
        },
    )


def tons_errors(world: World, grade: str = "AB") -> list[tuple[str, float]]:
    """Return (event, absolute percentage error of a year's tons) by importer-event of the package's catalogue.

    The same forecasts as those of :func:`hindcast`, without what they are compared with there.
    """
    known = events()
    rows = cases(world, [event for event in known if event.quality in grade])
    if not len(rows):
        return []
    fits = fitted()
    by_event = {event.id: left_out(event, known, fits) for event in rows.events}
    predicted = _forecasts(fits, rows, tuple(by_event[event.id] for event in rows.events))
    missed = absolute_percentage_error(predicted.total, rows.outcome.sum(1))
    return [(event.id, float(error)) for event, error in zip(rows.events, missed, strict=True)]


def _forecasts(fits: Fitted, rows: Cases, forget: Sequence[str]) -> Forecast:
    """Forecast each row by the fit that may forecast it."""
    mixes, total = np.empty_like(rows.base), np.empty(len(rows))
    names = np.array(forget)
    count = Count(Note(template="Forecasting the events"), len(set(forget)))
    for name in sorted(set(forget)):
        mine: NDArray[np.bool_] = names == name
        part = forecast(fits.without[name] if name else fits.fit, rows.take(mine))
        mixes[mine], total[mine] = part.shares, part.total
        count.step()
    return Forecast(mixes, total)


def _bounds(
    rows: Cases, predicted: Forecast, naive: Mapping[str, Floats], draws: int, seed: int
) -> dict[str, tuple[float, float]]:
    """Resample clusters with replacement; the mean is over rows, so that a large cluster stays large."""
    actual = shares(rows.outcome)
    errors = {"model": total_variation(predicted.shares, actual)}
    errors |= {name: total_variation(shares(tons), actual) for name, tons in naive.items()}
    best = min(naive, key=lambda name: float(errors[name].mean()))
    errors["model_minus_best"] = errors["model"] - errors[best]
    _, at = np.unique([event.cluster for event in rows.events], return_inverse=True)
    size = np.bincount(at).astype(np.float64)
    drawn = np.random.default_rng(seed).integers(0, len(size), (draws, len(size)))
    return {
        name: _ends(np.bincount(at, error)[drawn].sum(1) / size[drawn].sum(1))
        for name, error in errors.items()
    }


def _ends(means: Floats) -> tuple[float, float]:
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)
