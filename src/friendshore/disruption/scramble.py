"""The scramble: what contracts leave open is asked for and served in sweeps, until nothing more can be served.

Compiled; see :mod:`friendshore.disruption.compiling`. All functions work on the links, buyers and sellers of
one product.
"""

from __future__ import annotations

from friendshore.disruption.compiling import inner
from friendshore.disruption.state import (
    BY_PRODUCT,
    HEADROOM,
    LEAD,
    LINK_RAMP,
    SPARE,
    SPARE_RAMP,
    Event,
    Work,
)

__all__ = ["call_spare", "measure_room", "scramble"]

SWEEPS = 40
TINY = 1e-13
"""Of a buyer's demand, a seller's supply or, after the first sweep, the world's demand: nothing to speak of."""


@inner
def grown(t: int, since: float, lead: float, ramp: float) -> float:
    """Part of a buyer's demand that new links can carry, so long after the alarm."""
    if since < 0:
        return 0.0
    return min(1.0, max(0.0, (t - since - lead) / ramp))


@inner
def measure_room(k: int, t: int, d: int, event: Event, w: Work) -> None:
    """Measure what each link can still carry: links that are struck nothing beyond what they are left."""
    headroom, lead = event.settings[d, HEADROOM], event.settings[d, LEAD]
    ramp = event.settings[d, LINK_RAMP]
    for n in range(w.links[k], w.links[k + 1]):
        link = w.link[n]
        lost = event.lost[d, link.pattern, t]
        base = link.base
        if lost > 0.0:
            room = base * (1.0 - lost) - link.flow
        else:
            room = base * (1.0 + headroom * link.usable) + link.extra - link.flow
            if link.weight > 0.0:
                since = w.buyer[link.buyer].clock
                struck = w.seller[link.seller].surplus_clock
                if struck >= 0.0 and (since < 0.0 or struck < since):
                    since = struck
                room += link.weight * w.buyer[link.buyer].demand * grown(t, since, lead, ramp)
        link.room = max(0.0, room)


@inner
def has_left(i: int, w: Work) -> bool:
    """Whether a seller still has anything to sell."""
    return bool(w.seller[i].left > TINY * w.seller[i].supply)


@inner
def _ask(k: int, first: bool, w: Work) -> float:
    """Write every buyer's requests: the regular ones first, the rest in proportion to free room."""
    for j in range(w.buyers[k], w.buyers[k + 1]):
        buyer = w.buyer[j]
        buyer.tally = 0.0
        buyer.tally_2 = 0.0
    for n in range(w.links[k], w.links[k + 1]):
        link = w.link[n]
        if has_left(link.seller, w):
            regular = min(link.regular, link.room) if first else 0.0
            w.buyer[link.buyer].tally_2 += regular
            w.buyer[link.buyer].tally += link.room - regular
    asked = 0.0
    for n in range(w.links[k], w.links[k + 1]):
        link = w.link[n]
        j = link.buyer
        buyer = w.buyer[j]
        link.request = 0.0
        if link.room <= 0.0 or buyer.rest <= TINY * buyer.demand:
            continue
        if not has_left(link.seller, w):
            continue
        regular = min(link.regular, link.room) if first else 0.0
        part = min(1.0, buyer.rest / buyer.tally_2) if buyer.tally_2 > 0.0 else 0.0
        beyond = buyer.rest - buyer.tally_2
        if beyond > 0.0 and buyer.tally > 0.0:
            free = link.room - regular
            link.request = regular + min(free, beyond * free / buyer.tally)
        else:
            link.request = regular * part
        asked += link.request
    return asked


@inner
def _serve(k: int, by_pay: bool, w: Work) -> float:
    """Serve the requests, each seller pro rata up to what it has left (or by what the buyers pay)."""
    for i in range(w.sellers[k], w.sellers[k + 1]):
        seller = w.seller[i]
        seller.tally = 0.0
        seller.tally_2 = 0.0
    for n in range(w.links[k], w.links[k + 1]):
        link = w.link[n]
        w.seller[link.seller].tally += link.request
        w.seller[link.seller].tally_2 += link.request * w.buyer[link.buyer].pays
    for i in range(w.sellers[k], w.sellers[k + 1]):
        seller = w.seller[i]
        seller.offer = seller.left  # kept apart, since ``left`` shrinks while it is shared out
    served = 0.0
    for n in range(w.links[k], w.links[k + 1]):
        link = w.link[n]
        give = link.request
        if give <= 0.0:
            continue
        i = link.seller
        seller = w.seller[i]
        j = link.buyer
        buyer = w.buyer[j]
        if seller.tally > seller.offer:
            if by_pay:
                give = min(give, seller.offer * give * buyer.pays / seller.tally_2)
            else:
                give *= seller.offer / seller.tally
        # to the last rounding: cutting at what is left would fall on whoever comes last
        seller.left = max(0.0, seller.left - give)
        link.flow += give
        link.room -= give
        buyer.arrived += give
        buyer.rest = max(0.0, buyer.rest - give)
        served += give
    return served


@inner
def scramble(k: int, total: float, by_pay: bool, w: Work) -> None:
    """Sweep until no request can be served: each sweep exhausts a seller, fills a link or fills a gap."""
    for sweep in range(SWEEPS):
        if _ask(k, sweep == 0, w) <= 0.0:
            break
        if _serve(k, by_pay, w) <= TINY * total:
            break


@inner
def call_spare(k: int, d: int, event: Event, w: Work) -> None:
    """Let sellers that were asked for more than they had mobilise spare capacity for the next month."""
    for i in range(w.sellers[k], w.sellers[k + 1]):
        w.seller[i].tally = 0.0
    for n in range(w.links[k], w.links[k + 1]):
        link = w.link[n]
        i = link.seller
        seller = w.seller[i]
        if seller.struck == 0.0 and not has_left(i, w):
            seller.tally += min(link.room, w.buyer[link.buyer].rest)
    for i in range(w.sellers[k], w.sellers[k + 1]):
        seller = w.seller[i]
        if seller.tally > TINY * seller.supply:
            answers = 1.0 - seller.by_product * (1.0 - event.settings[d, BY_PRODUCT])
            most = seller.spare * event.settings[d, SPARE] * answers
            step = min(most / event.settings[d, SPARE_RAMP], seller.tally)
            seller.mobilised = max(seller.mobilised, min(most, seller.mobilised + step))
