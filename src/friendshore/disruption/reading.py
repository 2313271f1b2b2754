"""What is read off a path: how long it covers, what is missing, who replaces it, what it costs.

Nothing here divides a stock by a loss: cover is the first month of the path in which something is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from friendshore.disruption.path import Path
from friendshore.shocks import DAYS_PER_MONTH
from friendshore.tables.trade import Floats, Indices

__all__ = ["SHORT", "Replacement", "Summary", "balance", "months_until", "replacement", "summary"]

SHORT = 0.01
"""A month is short where more than this part of demand is missing."""
TEN_PERCENT = 0.10


@dataclass(frozen=True, eq=False)
class Summary:
    """Arrays (draw, buyer watched). NaN: it does not happen within the run, or cannot be told."""

    cover_days: Floats
    """From the first month struck until more than 1 % of demand is missing."""
    months_to_10pct: Floats
    months_short: Floats
    """Number of months with more than 1 % missing."""
    peak_shortage_share: Floats
    total_shortage_t: Floats
    replaced_share: Floats
    """Of what the struck suppliers no longer deliver, the part that others deliver more; NaN where nothing is
    lost, and for many draws at once."""
    import_bill_usd: Floats
    """Over all months."""
    import_bill_rise: Floats
    """Over what base demand costs at base prices, less 1: can be negative where little arrives."""
    outsiders_shortage_t: Floats
    """Missing for all importers that are not watched."""


@dataclass(frozen=True, eq=False)
class Replacement:
    """By whom one buyer's losses were replaced; tons over all months."""

    exporter: Indices
    """Positions in the market's countries, largest first."""
    more_t: Floats
    """Above 0: delivers more than at base."""
    lost_t: float
    """What the struck suppliers no longer deliver, net of what leaks around."""
    replaced_share: float


def months_until(
    shortage: Floats, demand: Floats, drawn: Floats, threshold: float, start: Indices, *, evenly: bool = False
) -> Floats:
    """Return the time from the first month struck until more than a part of demand is missing, in months.

    Parameters
    ----------
    shortage, demand, drawn
        (..., month, buyer), tons.
    threshold
        Part of a month's demand.
    start
        By buyer, first month struck; -1 gives NaN.
    evenly
        True where stock is spread over a month (rule ``stretch``); else what stock there is goes first, so that
        the shortage begins when it has run dry: that part of the month is counted as covered.
    """
    months = shortage.shape[-2]
    share = np.divide(shortage, demand, out=np.zeros_like(shortage), where=demand > 0)
    bad = (share > threshold) & (np.arange(months)[:, None] >= start)
    at = bad.argmax(axis=-2)[..., None, :]
    dry = np.take_along_axis(shortage, at, axis=-2)
    wet = np.take_along_axis(drawn, at, axis=-2)
    covered = np.divide(wet, wet + dry, out=np.zeros_like(wet), where=(wet + dry > 0) & (not evenly))
    found = (at + covered)[..., 0, :] - start
    return np.where(bad.any(axis=-2) & (start >= 0), found, np.nan)


def summary(path: Path) -> Summary:
    """Read a path."""
    shortage, demand, drawn = path.shortage_t, path.demand_t, path.drawn_t
    evenly = path.parameters.stock_rule == "stretch"
    until = [
        months_until(shortage, demand, drawn, share, path.first_month, evenly=evenly)
        for share in (SHORT, TEN_PERCENT)
    ]
    share = path.shortage_share
    links = path.market.links
    product = links.buyer_product[path.buyers]
    total = shortage.sum(axis=1)
    watched = np.equal.outer(product, np.arange(len(path.market.products))).astype(np.float64)
    everybody = path.world_shortage_t.sum(axis=1)
    others = everybody - total @ watched
    bill = path.import_bill_usd.sum(axis=1)
    base_bill = links.buyer_tons[path.buyers] / 12 * path.months * links.buyer_unit_value[path.buyers]
    replaced = np.full(total.shape, np.nan)
    if path.delivered_t.size:
        lost, more = balance(path)
        shares = np.divide(more, lost, out=np.full(len(lost), np.nan), where=lost > 0)
        replaced[0] = np.clip(shares, 0, 1)[path.buyers]
    return Summary(
        cover_days=until[0] * DAYS_PER_MONTH,
        months_to_10pct=until[1],
        months_short=(share > SHORT).sum(axis=1).astype(np.float64),
        peak_shortage_share=share.max(axis=1),
        total_shortage_t=total,
        replaced_share=replaced,
        import_bill_usd=bill,
        import_bill_rise=bill / base_bill - 1,
        outsiders_shortage_t=np.where(others > 1e-12 * everybody, others, 0.0)[:, product],
    )


def balance(path: Path) -> tuple[Floats, Floats]:
    """Return by buyer what the struck suppliers deliver less and the others more than at base, net."""
    links = path.market.links
    change = path.delivered_t[0] - links.tons / 12 * path.months
    buyers = len(links.buyer_tons)
    lost = np.bincount(links.buyer, np.where(path.struck_link, -change, 0.0), buyers)
    more = np.bincount(links.buyer, np.where(path.struck_link, 0.0, change), buyers)
    tiny = 1e-9 * links.buyer_tons
    return np.where(lost > tiny, lost, 0.0), np.maximum(0.0, more)


def replacement(path: Path, buyer: int) -> Replacement:
    """Return who delivers more to a buyer (position in the market's buyers) than at base. One draw only."""
    links = path.market.links
    rows = np.flatnonzero(links.buyer == buyer)
    change = path.delivered_t[0, rows] - links.tons[rows] / 12 * path.months
    more = np.flatnonzero((change > 1e-9 * links.buyer_tons[buyer]) & ~path.struck_link[rows])
    order = more[np.argsort(-change[more], kind="stable")]
    lost, gained = (float(each[buyer]) for each in balance(path))
    return Replacement(
        exporter=links.exporter[rows[order]],
        more_t=change[order],
        lost_t=lost,
        replaced_share=min(1.0, gained / lost) if lost > 0 else float("nan"),
    )
