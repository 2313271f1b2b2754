"""Means over the periods of a case: of what grows, of what is mobilised, of what stands by then."""

from __future__ import annotations

import numpy as np

from friendshore.parameters import Parameters
from friendshore.tables.trade import Floats

__all__ = ["grown_by_month", "growth_share", "online_share", "over_periods", "ramp_share"]


def over_periods(monthly: Floats, bounds: Floats, months: int) -> Floats:
    """Average months, the last axis, over the periods; 0 for a period that begins after the last month.

    Parameters
    ----------
    monthly
        One value a month, at least ``months`` of them.
    bounds
        Months where periods begin and end.
    months
        Length of the case: what lies behind is not counted.
    """
    sums = np.concatenate(
        [np.zeros((*monthly.shape[:-1], 1)), np.cumsum(monthly[..., :months], axis=-1)], axis=-1
    )
    ends = np.minimum(bounds, months).astype(np.int64)
    sizes = np.diff(ends)
    found = np.diff(sums[..., ends], axis=-1)
    return np.asarray(np.divide(found, sizes, out=np.zeros_like(found), where=sizes > 0), np.float64)


def grown_by_month(parameters: Parameters, months: int) -> Floats:
    """Return the part of a buyer's demand that new links can carry in each month of a cut, as in the path."""
    since = np.arange(months, dtype=np.float64)
    return np.clip((since - parameters.lead_months) / parameters.link_ramp_months, 0.0, 1.0)


def growth_share(parameters: Parameters, bounds: Floats) -> Floats:
    """Return the part of a member's demand that newly qualified links may carry, mean over each period."""
    months = int(bounds[-1])
    return over_periods(grown_by_month(parameters, months), bounds, months)


def ramp_share(parameters: Parameters, bounds: Floats) -> Floats:
    """Return the part of a claim on spare capacity that is mobilised, mean over each period.

    As in the path: suppliers are called in the first month, and what they mobilise is there from the next one.
    """
    months = int(bounds[-1])
    since = np.arange(months, dtype=np.float64)
    return over_periods(np.clip(since / parameters.spare_ramp_months, 0.0, 1.0), bounds, months)


def online_share(build_months: Floats, notice_months: float, bounds: Floats) -> Floats:
    """Return by period and product the part of the period in which a plant begun with the plan stands."""
    ready = np.maximum(0.0, build_months - notice_months)[None, :]
    begin, end = bounds[:-1, None], bounds[1:, None]
    return np.asarray(np.clip((end - np.maximum(begin, ready)) / (end - begin), 0.0, 1.0), np.float64)
