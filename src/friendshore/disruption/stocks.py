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
        buyer = w.buyer[j]
        target = buyer.target * event.settings[d, STOCK]
        if buyer.alarmed > 0.0:
            target += event.settings[d, HOARDING] * days_to_months * buyer.demand
        missing = target - buyer.stock
        if missing > 1e-12 * buyer.demand:
            buyer.rest += missing / max(1.0, event.settings[d, REFILL])


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
        buyer = w.buyer[j]
        gaps += max(0.0, buyer.wanted - buyer.arrived)
        demand += buyer.wanted
    world = gaps / demand if demand > 0.0 else 0.0
    alarm = event.settings[d, ALARM]
    total = 0.0
    for j in range(w.buyers[k], w.buyers[k + 1]):
        buyer = w.buyer[j]
        wanted = buyer.wanted
        built = max(0.0, buyer.arrived - wanted)
        gap = max(0.0, wanted - buyer.arrived)
        if gap <= 1e-12 * wanted:
            gap = 0.0
        drawn = _drawn(gap, j, t, d, event, w)
        shortage = gap - drawn
        buyer.stock = max(0.0, buyer.stock + built - drawn)
        buyer.met = min(1.0, (wanted - shortage) / buyer.demand)
        tight = max(gap / wanted, world)
        cap = event.settings[d, CAP]
        price = price_factor(tight, event.elasticity[d, t], cap)
        buyer.price = min(price, cap)
        buyer.alarmed = 1.0 if tight > alarm else 0.0
        if tight > alarm and buyer.clock < 0.0:
            buyer.clock = t
        total += shortage
        at = buyer.slot
        if at >= 0:
            out[0, t, at] = buyer.arrived
            out[1, t, at] = wanted
            out[2, t, at] = buyer.stock
            out[3, t, at] = shortage
            out[4, t, at] = buyer.price
            out[5, t, at] = drawn
            out[6, t, at] = built
            out[7, t, at] = price > cap
    return total
