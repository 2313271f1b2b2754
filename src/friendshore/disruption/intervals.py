"""Eighty-per-cent intervals earned on real events: conformal, by exposure class and by who stopped.

Every development row (grades A and B) was forecast by a fit that never saw its cluster; the errors of these
forecasts, over a scale that is known beforehand, say how wide an interval must be. For a new row they are
weighted: 1 from an event of the same exposure class where the same kind of party stopped, times .05 where the
class differs, times .35 where the party does. The quantile is that of weighted conformal prediction (after
Tibshirani, Barber, Candès and Ramdas 2019), in which the row itself counts as one error of unknown size.

**No comparable event, no interval.** At least three independent clusters must be of the same party and of the
same or the next exposure class and, where the shocked supplier sells half of the world's exports or more, be as
large. Where it is mixed or unknown who stopped, anybody is comparable. The calibration events are named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from friendshore.disruption.eligible import Cases
from friendshore.disruption.forecast import Calibration, Forecast
from friendshore.tables.trade import Floats

__all__ = ["CLASSES", "Intervals", "class_of", "intervals", "scores", "stopped_by"]

CLASSES = (0.2, 0.4)
"""Bounds of the exposure classes: 5 to 20 %, 20 to 40 %, 40 % and more."""
LARGE = 0.5
"""Share of the world's exports from which a supplier is compared with its like only."""
COVERAGE = 0.8
OTHER_PARTY = 0.35
"""Weight of an error where another kind of party stopped."""
OTHER_CLASS = 0.05
"""Weight of an error from another exposure class: errors of a share grow with exposure."""
FEWEST_CLUSTERS = 3
PARTIES = {
    "seller": "seller",
    "buyer": "buyer",
    "third_party": "buyer",
    "accident": "failure",
    "closure": "failure",
    "labour": "failure",
    "war": "failure",
}
"""Who stopped, as kinds: actors that are none of these are unknown."""


@dataclass(frozen=True, eq=False)
class Intervals:
    """Interval ends by row, NaN where no comparable event exists, and the events they were calibrated on."""

    share_low: Floats
    share_high: Floats
    total_low: Floats
    total_high: Floats
    comparable: tuple[tuple[str, ...], ...]

    @property
    def known(self) -> NDArray[np.bool_]:
        """True where there is an interval."""
        return np.isfinite(self.share_low)


def class_of(exposure: float) -> int:
    """Exposure class: 0, 1 or 2."""
    return int(np.digitize(exposure, CLASSES))


def stopped_by(actor: str) -> str:
    """Kind of party that stopped; empty where it is mixed or unknown."""
    return PARTIES.get(actor, "")


def _scales(rows: Cases, predicted: Forecast) -> tuple[Floats, Floats]:
    """Sizes of error that are known beforehand: of a share near 0 or 1 small, of unsteady imports large."""
    share = predicted.shocked
    return np.sqrt((share + 0.02) * (1.02 - share)), rows.volatility + 0.3


def scores(rows: Cases, predicted: Forecast) -> tuple[Floats, Floats]:
    """Errors of the shocked supplier's share and of log total tons, each over its scale."""
    share_scale, total_scale = _scales(rows, predicted)
    actual, total = rows.outcome[:, -1] / rows.outcome.sum(1), rows.outcome.sum(1)
    return (actual - predicted.shocked) / share_scale, np.log(total / predicted.total) / total_scale


def intervals(
    rows: Cases, predicted: Forecast, known: tuple[Calibration, ...], forget: Sequence[str]
) -> Intervals:
    """Form the intervals of forecasts.

    Parameters
    ----------
    rows, predicted
        The cases and their forecasts.
    known
        Errors to calibrate on.
    forget
        By row, the cluster whose errors must not be used; empty for none.
    """
    ends = np.full((4, len(rows)), np.nan)
    share_scale, total_scale = _scales(rows, predicted)
    of = _Errors(known)
    comparable: list[tuple[str, ...]] = []
    for n, event in enumerate(rows.events):
        weight, same = of.weigh(rows.exposure[n], event.actor, rows.world_share[n], forget[n])
        comparable.append(tuple(dict.fromkeys(of.events[same].tolist())))
        if len(set(of.clusters[same].tolist())) < FEWEST_CLUSTERS:
            comparable[n] = ()
            continue
        low, high = _ends(of.share, weight)
        ends[0, n] = predicted.shocked[n] + low * share_scale[n]
        ends[1, n] = predicted.shocked[n] + high * share_scale[n]
        low, high = _ends(of.tons, weight)
        ends[2, n] = predicted.total[n] * np.exp(low * total_scale[n])
        ends[3, n] = predicted.total[n] * np.exp(high * total_scale[n])
    ends[:2] = np.clip(ends[:2], 0.0, 1.0)
    return Intervals(ends[0], ends[1], ends[2], ends[3], tuple(comparable))


class _Errors:
    """Calibration errors as columns."""

    def __init__(self, known: tuple[Calibration, ...]) -> None:
        self.events = np.array([one.event for one in known])
        self.clusters = np.array([one.cluster for one in known])
        self.exposure = np.array([class_of(one.exposure) for one in known])
        self.party = np.array([stopped_by(one.actor) for one in known])
        self.large = np.array([one.world_share >= LARGE for one in known], bool)
        self.share = np.array([one.share for one in known])
        self.tons = np.array([one.tons for one in known])

    def weigh(
        self, exposure: float, actor: str, world_share: float, forget: str
    ) -> tuple[Floats, NDArray[np.bool_]]:
        """Return the weight of each error for a row, and which errors are of comparable events."""
        party = stopped_by(actor)
        alike = (self.party == party) if party else np.ones(len(self.party), bool)
        apart = np.abs(self.exposure - class_of(exposure))
        allowed = self.clusters != forget
        same = alike & (apart <= 1) & allowed
        if world_share >= LARGE:
            same &= self.large
        weight = np.where(alike, 1.0, OTHER_PARTY) * np.where(apart == 0, 1.0, OTHER_CLASS) * allowed
        return weight, same


def _ends(errors: Floats, weight: Floats) -> tuple[float, float]:
    """Lower and upper quantile of weighted errors, the row's own unknown error counted at either end."""
    order = np.argsort(errors)
    ordered, share = errors[order], weight[order] / (weight.sum() + 1.0)
    tail = (1 - COVERAGE) / 2
    up = int(np.searchsorted(np.cumsum(share), 1 - tail - 1e-12))
    down = int(np.searchsorted(np.cumsum(share[::-1]), 1 - tail - 1e-12))
    return float(ordered[::-1][min(down, len(ordered) - 1)]), float(ordered[min(up, len(ordered) - 1)])
