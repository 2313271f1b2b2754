"""Stocks and the books of a month: what is drawn, what is missing, what it costs. Compiled, a product at a time."""

from __future__ import annotations

from friendshore.disruption.compiling import inner
from friendshore.disruption.prices import price_factor
from friendshore.disruption.state import ALARM, CAP, FLOOR, HOARDING, REFILL, STOCK, Event, Work
from friendshore.tables.trade import Floats

__all__ = ["FLOOR_RULE", "STRETCH", "USE_IT", "close_books", "order_stock"]

USE_IT, STRETCH, FLOOR_RULE = 0, 1, 2


@inner
def order_stock(k: int, d: int, event: Event, w: Work) -> None:
    """Ask for what brings a stock to its target, which an alarm has raised, a part each month."""
    days_to_months = 12.0 / 365.25
    for j in range(w.buyers[k], w.buyers[k + 1]):
        target = w.buyer[j].target * event.settings[d, STOCK]
        if w.buyer[j].alarmed > 0.0:
            target += event.settings[d, HOARDING] * days_to_months * w.buyer[j].demand
        missing = target - w.buyer[j].stock
        if missing > 1e-12 * w.buyer[j].demand:
            w.buyer[j].rest += missing / max(1.0, event.settings[d, REFILL])


@inner
def _drawn(gap: float, j: int, t: int, d: int, event: Event, w: Work) -> float:
    """Return what is drawn against a gap by the rule of the run."""
    stock = w.buyer[j].stock
    if event.stock_rule == 1:
        return float(min(gap, stock / max(1.0, w.buyer[j].expected_end - t)))
    if event.stock_rule == 2:
        kept = event.settings[d, FLOOR] * w.buyer[j].target * event.settings[d, STOCK]
        return float(min(gap, max(0.0, stock - kept)))
    return float(min(gap, stock))


@inner
def close_books(k: int, t: int, d: int, event: Event, out: Floats, w: Work) -> float:
    """Draw on stocks, set prices and alarms, write what is watched; return the shortage of all buyers."""
    gaps = 0.0
    demand = 0.0
    for j in range(w.buyers[k], w.buyers[k + 1]):
        gaps += max(0.0, w.buyer[j].wanted - w.buyer[j].arrived)
        demand += w.buyer[j].wanted
    world = gaps / demand if demand > 0.0 else 0.0
    alarm = event.settings[d, ALARM]
    total = 0.0
    for j in range(w.buyers[k], w.buyers[k + 1]):
        wanted = w.buyer[j].wanted
        built = max(0.0, w.buyer[j].arrived - wanted)
        gap = max(0.0, wanted - w.buyer[j].arrived)
        if gap <= 1e-12 * wanted:
            gap = 0.0
        drawn = _drawn(gap, j, t, d, event, w)
        shortage = gap - drawn
        w.buyer[j].stock = max(0.0, w.buyer[j].stock + built - drawn)
        w.buyer[j].met = min(1.0, (wanted - shortage) / w.buyer[j].demand)
        tight = max(gap / wanted, world)
        cap = event.settings[d, CAP]
        price = price_factor(tight, event.elasticity[d, t], cap)
        w.buyer[j].price = min(price, cap)
        w.buyer[j].alarmed = 1.0 if tight > alarm else 0.0
        if tight > alarm and w.buyer[j].clock < 0.0:
            w.buyer[j].clock = t
        total += shortage
        at = w.buyer[j].slot
        if at >= 0:
            out[0, t, at] = w.buyer[j].arrived
            out[1, t, at] = wanted
            out[2, t, at] = w.buyer[j].stock
            out[3, t, at] = shortage
            out[4, t, at] = w.buyer[j].price
            out[5, t, at] = drawn
            out[6, t, at] = built
            out[7, t, at] = price > cap
    return total
