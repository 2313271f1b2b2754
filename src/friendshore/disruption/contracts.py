"""What sellers have, and contracts. Compiled, a product at a time."""

from __future__ import annotations

from friendshore.disruption.compiling import inner
from friendshore.disruption.state import FORCE_MAJEURE, GIVES_WAY, TERM, Event, Work

__all__ = ["NEARLY", "deliver_contracts"]

NEARLY = 1e-12


@inner
def feed_left(i: int, w: Work) -> float:
    """Part of a seller's base output that its feed still allows: 1 where none is known to limit it."""
    if w.seller[i].feed <= 0.0:
        return 1.0
    met = 0.0
    base = 0.0
    for n in range(w.seller[i].fed_from, w.seller[i].fed_to):
        j = w.feeders[n]
        met += w.buyer[j].met * w.buyer[j].demand
        base += w.buyer[j].demand
    return min(1.0, 1.0 - w.seller[i].feed * (1.0 - met / base)) if base > 0.0 else 1.0


@inner
def offer_supply(k: int, t: int, d: int, event: Event, w: Work) -> None:
    """Work out what each seller has to sell this month, and forget last month's sums."""
    for i in range(w.sellers[k], w.sellers[k + 1]):
        seller = w.seller[i]
        out = event.outage[d, seller.outage, t]
        feed = feed_left(i, w)
        ready = seller.supply * (1.0 - out) + seller.mobilised
        seller.ready = ready if feed >= 1.0 - NEARLY else min(ready, seller.supply * feed)
        seller.struck = 1.0 if out > 0.0 else 0.0
        seller.tally = 0.0
        seller.held = 0.0


@inner
def deliver_contracts(k: int, t: int, d: int, event: Event, w: Work) -> None:
    """Deliver what is under contract, pro rata where a seller is short; the rest is ordered anew."""
    offer_supply(k, t, d, event, w)
    held = max(0.0, 1.0 - t / event.settings[d, TERM])
    for j in range(w.buyers[k], w.buyers[k + 1]):
        buyer = w.buyer[j]
        buyer.wanted = buyer.demand * buyer.price ** (-event.settings[d, GIVES_WAY])
        buyer.arrived = 0.0
    for n in range(w.links[k], w.links[k + 1]):
        link = w.link[n]
        i = link.seller
        seller = w.seller[i]
        lost = event.lost[d, link.pattern, t]
        if lost > 0.0:
            seller.struck = 1.0
        j = link.buyer
        buyer = w.buyer[j]
        open_flow = link.base * (1.0 - lost) * (buyer.wanted / buyer.demand)
        link.flow = held * open_flow
        link.regular = open_flow - link.flow
        seller.tally += link.flow
        seller.held += link.regular
    for i in range(w.sellers[k], w.sellers[k + 1]):
        seller = w.seller[i]
        sold = seller.tally
        share = 1.0
        if seller.ready < sold * (1.0 - NEARLY):
            share = seller.ready / sold * (1.0 - event.settings[d, FORCE_MAJEURE])
        seller.tally = share
        seller.left = max(0.0, seller.ready - sold * share)
        seller.held = min(seller.held, seller.left)
        if seller.struck > 0.0 and seller.surplus_clock < 0.0:
            seller.surplus_clock = t
    for n in range(w.links[k], w.links[k + 1]):
        link = w.link[n]
        link.flow *= w.seller[link.seller].tally
        w.buyer[link.buyer].arrived += link.flow
    for j in range(w.buyers[k], w.buyers[k + 1]):
        buyer = w.buyer[j]
        buyer.rest = max(0.0, buyer.wanted - buyer.arrived)
