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
        out = event.outage[d, w.seller[i].outage, t]
        feed = feed_left(i, w)
        ready = w.seller[i].supply * (1.0 - out) + w.seller[i].mobilised
        w.seller[i].ready = ready if feed >= 1.0 - NEARLY else min(ready, w.seller[i].supply * feed)
        w.seller[i].struck = 1.0 if out > 0.0 else 0.0
        w.seller[i].tally = 0.0
        w.seller[i].held = 0.0


@inner
def deliver_contracts(k: int, t: int, d: int, event: Event, w: Work) -> None:
    """Deliver what is under contract, pro rata where a seller is short; the rest is ordered anew."""
    offer_supply(k, t, d, event, w)
    held = max(0.0, 1.0 - t / event.settings[d, TERM])
    for j in range(w.buyers[k], w.buyers[k + 1]):
        w.buyer[j].wanted = w.buyer[j].demand * w.buyer[j].price ** (-event.settings[d, GIVES_WAY])
        w.buyer[j].arrived = 0.0
    for n in range(w.links[k], w.links[k + 1]):
        i = w.link[n].seller
        lost = event.lost[d, w.link[n].pattern, t]
        if lost > 0.0:
            w.seller[i].struck = 1.0
        j = w.link[n].buyer
        open_flow = w.link[n].base * (1.0 - lost) * (w.buyer[j].wanted / w.buyer[j].demand)
        w.link[n].flow = held * open_flow
        w.link[n].regular = open_flow - w.link[n].flow
        w.seller[i].tally += w.link[n].flow
        w.seller[i].held += w.link[n].regular
    for i in range(w.sellers[k], w.sellers[k + 1]):
        sold = w.seller[i].tally
        share = 1.0
        if w.seller[i].ready < sold * (1.0 - NEARLY):
            share = w.seller[i].ready / sold * (1.0 - event.settings[d, FORCE_MAJEURE])
        w.seller[i].tally = share
        w.seller[i].left = max(0.0, w.seller[i].ready - sold * share)
        w.seller[i].held = min(w.seller[i].held, w.seller[i].left)
        if w.seller[i].struck > 0.0 and w.seller[i].surplus_clock < 0.0:
            w.seller[i].surplus_clock = t
    for n in range(w.links[k], w.links[k + 1]):
        w.link[n].flow *= w.seller[w.link[n].seller].tally
        w.buyer[w.link[n].buyer].arrived += w.link[n].flow
    for j in range(w.buyers[k], w.buyers[k + 1]):
        w.buyer[j].rest = max(0.0, w.buyer[j].wanted - w.buyer[j].arrived)
