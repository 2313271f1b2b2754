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
        lost = event.lost[d, w.link[n].pattern, t]
        base = w.link[n].base
        if lost > 0.0:
            room = base * (1.0 - lost) - w.link[n].flow
        else:
            room = base * (1.0 + headroom * w.link[n].usable) - w.link[n].flow
            if w.link[n].weight > 0.0:
                since = w.buyer[w.link[n].buyer].clock
                struck = w.seller[w.link[n].seller].surplus_clock
                if struck >= 0.0 and (since < 0.0 or struck < since):
                    since = struck
                room += w.link[n].weight * w.buyer[w.link[n].buyer].demand * grown(t, since, lead, ramp)
        w.link[n].room = max(0.0, room)


@inner
def has_left(i: int, w: Work) -> bool:
    """Whether a seller still has anything to sell."""
    return bool(w.seller[i].left > TINY * w.seller[i].supply)


@inner
def _ask(k: int, first: bool, w: Work) -> float:
    """Write every buyer's requests: the regular ones first, the rest in proportion to free room."""
    for j in range(w.buyers[k], w.buyers[k + 1]):
        w.buyer[j].tally = 0.0
        w.buyer[j].tally_2 = 0.0
    for n in range(w.links[k], w.links[k + 1]):
        if has_left(w.link[n].seller, w):
            regular = min(w.link[n].regular, w.link[n].room) if first else 0.0
            w.buyer[w.link[n].buyer].tally_2 += regular
            w.buyer[w.link[n].buyer].tally += w.link[n].room - regular
    asked = 0.0
    for n in range(w.links[k], w.links[k + 1]):
        j = w.link[n].buyer
        w.link[n].request = 0.0
        if w.link[n].room <= 0.0 or w.buyer[j].rest <= TINY * w.buyer[j].demand:
            continue
        if not has_left(w.link[n].seller, w):
            continue
        regular = min(w.link[n].regular, w.link[n].room) if first else 0.0
        part = min(1.0, w.buyer[j].rest / w.buyer[j].tally_2) if w.buyer[j].tally_2 > 0.0 else 0.0
        beyond = w.buyer[j].rest - w.buyer[j].tally_2
        if beyond > 0.0 and w.buyer[j].tally > 0.0:
            free = w.link[n].room - regular
            w.link[n].request = regular + min(free, beyond * free / w.buyer[j].tally)
        else:
            w.link[n].request = regular * part
        asked += w.link[n].request
    return asked


@inner
def _serve(k: int, by_pay: bool, w: Work) -> float:
    """Serve the requests, each seller pro rata up to what it has left (or by what the buyers pay)."""
    for i in range(w.sellers[k], w.sellers[k + 1]):
        w.seller[i].tally = 0.0
        w.seller[i].tally_2 = 0.0
    for n in range(w.links[k], w.links[k + 1]):
        w.seller[w.link[n].seller].tally += w.link[n].request
        w.seller[w.link[n].seller].tally_2 += w.link[n].request * w.buyer[w.link[n].buyer].pays
    for i in range(w.sellers[k], w.sellers[k + 1]):
        w.seller[i].offer = w.seller[i].left  # kept apart, since ``left`` shrinks while it is shared out
    served = 0.0
    for n in range(w.links[k], w.links[k + 1]):
        give = w.link[n].request
        if give <= 0.0:
            continue
        i = w.link[n].seller
        j = w.link[n].buyer
        if w.seller[i].tally > w.seller[i].offer:
            if by_pay:
                give = min(give, w.seller[i].offer * give * w.buyer[j].pays / w.seller[i].tally_2)
            else:
                give *= w.seller[i].offer / w.seller[i].tally
        # to the last rounding: cutting at what is left would fall on whoever comes last
        w.seller[i].left = max(0.0, w.seller[i].left - give)
        w.link[n].flow += give
        w.link[n].room -= give
        w.buyer[j].arrived += give
        w.buyer[j].rest = max(0.0, w.buyer[j].rest - give)
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
        i = w.link[n].seller
        if w.seller[i].struck == 0.0 and not has_left(i, w):
            w.seller[i].tally += min(w.link[n].room, w.buyer[w.link[n].buyer].rest)
    for i in range(w.sellers[k], w.sellers[k + 1]):
        if w.seller[i].tally > TINY * w.seller[i].supply:
            answers = 1.0 - w.seller[i].by_product * (1.0 - event.settings[d, BY_PRODUCT])
            most = w.seller[i].spare * event.settings[d, SPARE] * answers
            step = min(most / event.settings[d, SPARE_RAMP], w.seller[i].tally)
            w.seller[i].mobilised = max(w.seller[i].mobilised, min(most, w.seller[i].mobilised + step))
