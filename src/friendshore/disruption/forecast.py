"""The statistical forecast: supplier shares and total tons after a shock, from before it and its severity.

Nine numbers, eight of them fitted, on development events and their products' earlier years
(``data/forecast.json``; ``recency_tons`` is one half, set beforehand).

**Ordinary churn.** A supplier's weight is ``b^sharpness · exp(constancy · presence) · size^w``: ``b`` blends its
share in the last base year with that over all base years, ``presence`` is the share of the last five years in
which it sold, ``size`` its share of what everybody else buys. Shares under churn are asked to be right in the
middle, not on average (total variation is an absolute error), which is what these weights were fitted to.

**Who is hit how much.** The stated severity is a mean over the importers in reach, weighted by what they
bought. Each keeps ``(1 - severity)^e`` with ``e`` proportional to ``distance^nearness``, scaled so that the mean
is as stated: neighbours keep more. At severity 0 or 1, or with one importer in reach, all lose the same.

**What replaces it.** By shares, the lost part is filled in full where the stop is (nearly) complete, and hardly
where it is partial: ``filled · severity^12``, at most 1. The others' mix is that of ordinary churn.

**Total tons.** A blend of last and mean base tons, less the part of the loss that is not replaced; who stopped
decides: where buyers or third parties did, more comes from elsewhere than where supply failed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from friendshore.disruption.baselines import shares
from friendshore.disruption.eligible import USUAL_KM, Cases, Reach
from friendshore.disruption.events import Event
from friendshore.records import Record
from friendshore.tables.trade import Floats

__all__ = [
    "Calibration",
    "Fit",
    "Fitted",
    "Forecast",
    "fitted",
    "forecast",
    "left_out",
    "retained",
    "weights",
]

STEEPNESS = 12.0
"""Power of the severity in the part filled by shares: half of ``filled`` at a severity of .94."""
SMALLEST = 1e-3
"""Share of the world below which a supplier's size counts no less."""
BY_DEMAND = ("buyer", "third_party")
HALVINGS = 60


class Fit(Record):
    """The fitted numbers."""

    recency: Annotated[float, Field(ge=0, le=1)]
    """Weight of the last base year in a supplier's share."""
    sharpness: Annotated[float, Field(gt=0)]
    constancy: float
    size: float
    nearness: float
    filled: Annotated[float, Field(ge=0)]
    recency_tons: Annotated[float, Field(ge=0, le=1)]
    """Weight of the last base year in total tons (of logs)."""
    replaced_supply: Annotated[float, Field(ge=0, le=1)]
    """Part of the lost tons that returns where supply failed or the seller stopped, and where it is unknown
    who did."""
    replaced_demand: Annotated[float, Field(ge=0, le=1)]
    """The same where buyers or third parties stopped."""


class Calibration(Record):
    """The errors of one development row, each forecast by a fit without its cluster."""

    event: str
    cluster: str
    importer: str
    exposure: float
    world_share: float
    actor: str
    share: float
    """Error of the shocked supplier's share, over its scale."""
    tons: float
    """Log error of total tons, over its scale."""


class Fitted(Record):
    """What comes with the package: the fit, the fits without each cluster, and the errors that calibrate."""

    fit: Fit
    without: dict[str, Fit]
    """Cluster -> fit on the other clusters, for the events of the catalogue it was tuned on."""
    calibration: tuple[Calibration, ...]
    churn_width_share: tuple[float, float, float]
    """Width of the central 80 % of a supplier's change of share in ordinary times, by exposure class."""
    churn_width_tons: float
    """The same of total tons, over the forecast."""


@dataclass(frozen=True, eq=False)
class Forecast:
    """Forecasts by row of the cases."""

    shares: Floats
    """By supplier, the shocked exporters as one at the end."""
    total: Floats
    """Tons a year."""

    @property
    def shocked(self) -> Floats:
        """Share of the shocked supplier."""
        last: Floats = self.shares[:, -1]
        return last


@cache
def fitted() -> Fitted:
    """Return the fit that comes with the package."""
    text = files("friendshore").joinpath("data/forecast.json").read_text(encoding="utf-8")
    return Fitted.model_validate(json.loads(text))


def left_out(event: Event, known: tuple[Event, ...], of: Fitted) -> str:
    """Return the cluster whose events a fit has to forget before it may forecast this event; empty for none.

    An event is recognised by its products, exporters and first year too, whatever it is called.
    """
    if event.cluster in of.without:
        return event.cluster
    for other in known:
        same = (
            other.first_year == event.first_year
            and set(other.products_hs92) & set(event.products_hs92)
            and set(other.exporters) & set(event.exporters)
        )
        if same and other.cluster in of.without:
            return other.cluster
    return ""


def weights(fit: Fit, base: Floats, last: Floats, presence: Floats, size: Floats) -> Floats:
    """Weight suppliers by ordinary churn, not yet adding up to 1. All arguments but presence are shares."""
    blend = fit.recency * last + (1 - fit.recency) * base
    weighed: Floats = blend**fit.sharpness * np.exp(fit.constancy * presence) * (size + SMALLEST) ** fit.size
    return weighed


def expected_mix(fit: Fit, rows: Cases) -> Floats:
    """Supplier shares that ordinary churn would lead to."""
    base, last = shares(rows.base), shares(rows.last)
    last = np.where(last.sum(1, keepdims=True) > 0, last, base)
    return shares(weights(fit, base, last, rows.presence, shares(rows.elsewhere)))


def retained(severity: float, reach: Reach, nearness: float) -> Floats:
    """Spread a stated severity over the importers in reach: what part of its purchases each one keeps."""
    kept = 1.0 - min(max(severity, 0.0), 1.0)
    if kept in (0.0, 1.0) or len(reach.tons) == 1:
        return np.full(len(reach.tons), kept)
    part = reach.tons / reach.tons.sum()
    far = (np.maximum(reach.km, 1.0) / USUAL_KM) ** nearness
    # At the ends all keep at least, and at most, the stated part: between them lies where they keep it on the whole.
    low, high = min(-10.0, -np.log(far.max())), max(10.0, -np.log(far.min()))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if (part * kept ** (np.exp(middle) * far)).sum() > kept:
            low = middle
        else:
            high = middle
    spread: Floats = kept ** (np.exp(middle) * far)
    return spread


def retained_by_row(fit: Fit, rows: Cases) -> Floats:
    """Return what part of its purchases from the shocked supplier each row's importer is to keep."""
    kept = np.empty(len(rows))
    done: dict[str, dict[int, float]] = {}
    for n, (event, reach) in enumerate(zip(rows.events, rows.reaches, strict=True)):
        if event.id not in done:
            spread = retained(event.severity or 0.0, reach, fit.nearness)
            done[event.id] = dict(zip(reach.importers.tolist(), spread.tolist(), strict=True))
        kept[n] = done[event.id][int(rows.importer[n])]
    return kept


def by_demand(rows: Cases) -> NDArray[np.bool_]:
    """Tell where buyers or third parties stopped."""
    return np.array([event.actor in BY_DEMAND for event in rows.events], bool)


def forecast(fit: Fit, rows: Cases) -> Forecast:
    """Forecast supplier shares and total tons. Nothing of the outcome is read but the stated severity."""
    mix, kept = expected_mix(fit, rows), retained_by_row(fit, rows)
    severity = np.clip(rows.severity, 0.0, 1.0)
    return Forecast(
        _after(mix, kept, np.minimum(fit.filled * severity**STEEPNESS, 1.0)),
        _total(fit, rows, kept),
    )


def _after(mix: Floats, kept: Floats, filled: Floats) -> Floats:
    """Shares after the shocked supplier (last column) keeps a part and the others fill a part of the loss."""
    exposed, others = mix[:, -1], shares(mix[:, :-1])
    lost = exposed * (1 - kept)
    left = 1 - (1 - filled) * lost
    share = np.divide(exposed * kept, left, out=np.zeros_like(left), where=left > 1e-12)
    share = np.where(
        others.sum(1) > 0, share, 1.0
    )  # nobody else is known to sell: what remains comes from it
    return np.column_stack([others * (1 - share)[:, None], share])


def _total(fit: Fit, rows: Cases, kept: Floats) -> Floats:
    mean, last = rows.base.sum(1), rows.last.sum(1)
    last = np.where(last > 0, last, mean)
    usual = mean ** (1 - fit.recency_tons) * last**fit.recency_tons
    replaced = np.where(by_demand(rows), fit.replaced_demand, fit.replaced_supply)
    total: Floats = usual * (1 - (1 - replaced) * rows.exposure * (1 - kept))
    return total


def dump(of: Fitted) -> dict[str, Any]:
    """Return the fit as plain values, rounded as it is stored."""
    return json.loads(of.model_dump_json(), parse_float=lambda text: float(f"{float(text):.6g}"))  # type: ignore[no-any-return]  # a dump is a map
