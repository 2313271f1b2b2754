"""What a seller that is cut off may still sell elsewhere. Compiled, a product at a time.

It leaks around through third countries, and it is offered to buyers that are not cut off: these leave other
suppliers behind, whose goods are free for those who are short.
"""

from __future__ import annotations

from friendshore.disruption.compiling import inner
from friendshore.disruption.contracts import NEARLY
from friendshore.disruption.state import Event, Work

__all__ = ["divert", "leak"]


@inner
def _surplus(k: int, w: Work) -> float:
    """Write what each struck seller has left beyond the orders of its own open buyers; 0 for the others."""
    total = 0.0
    for i in range(w.sellers[k], w.sellers[k + 1]):
        w.seller[i].offer = max(0.0, w.seller[i].left - w.seller[i].held) if w.seller[i].struck > 0.0 else 0.0
        w.seller[i].tally = 0.0
        w.seller[i].tally_2 = 0.0
        total += w.seller[i].offer
    return total


@inner
def leak(k: int, t: int, d: int, event: Event, w: Work) -> float:
    """Let a part of what is cut come around through third countries, at most what those buy of the seller.

    The goods count as sold by the seller and as delivered on the link that is cut. Returns the tons.
    """
    total = 0.0
    if _surplus(k, w) <= 0.0:
        return total
    for n in range(w.links[k], w.links[k + 1]):
        i = w.link[n].seller
        g = w.link[n].pattern
        w.link[n].request = 0.0
        if event.lost[d, g, t] > 0.0:
            w.link[n].request = min(event.leak[d, g, t] * w.link[n].base, w.buyer[w.link[n].buyer].rest)
            w.seller[i].tally += w.link[n].request
        elif w.seller[i].struck > 0.0:
            w.seller[i].tally_2 += w.link[n].base
    for n in range(w.links[k], w.links[k + 1]):
        if w.link[n].request <= 0.0:
            continue
        i = w.link[n].seller
        j = w.link[n].buyer
        part = min(1.0, min(w.seller[i].offer, w.seller[i].tally_2) / w.seller[i].tally)
        give = min(w.link[n].request * part, w.buyer[j].rest)
        w.link[n].flow += give
        w.seller[i].left = max(0.0, w.seller[i].left - give)
        w.buyer[j].arrived += give
        w.buyer[j].rest -= give
        total += give
    return total


@inner
def divert(k: int, t: int, d: int, total: float, event: Event, w: Work) -> None:
    """Offer surplus to buyers that are not short, as far as what they leave behind is wanted."""
    if _surplus(k, w) <= NEARLY * total:
        return
    short = _short(k, w)
    if short > NEARLY * total and _freed(k, t, d, short, event, w):
        _take_over(k, t, d, event, w)
        _leave_behind(k, w)


@inner
def _short(k: int, w: Work) -> float:
    """Write what each buyer misses beyond its regular orders; return the sum."""
    for j in range(w.buyers[k], w.buyers[k + 1]):
        w.buyer[j].tally = w.buyer[j].rest
        w.buyer[j].tally_2 = 0.0
    for n in range(w.links[k], w.links[k + 1]):
        w.buyer[w.link[n].buyer].tally -= w.link[n].regular
    short = 0.0
    for j in range(w.buyers[k], w.buyers[k + 1]):
        if w.buyer[j].tally <= NEARLY * w.buyer[j].demand:
            w.buyer[j].tally = 0.0
        short += w.buyer[j].tally
    return short


@inner
def _freed(k: int, t: int, d: int, short: float, event: Event, w: Work) -> bool:
    """Write by seller which part of its other sales may be freed, and by buyer what it can take over.

    A seller is freed at most of what those who are short can take from it and it has not got left, all
    sellers together at most of what is missing.
    """
    for n in range(w.links[k], w.links[k + 1]):
        i = w.link[n].seller
        j = w.link[n].buyer
        free = max(0.0, w.link[n].room - w.link[n].regular)
        if w.seller[i].struck == 0.0:
            w.seller[i].tally += min(free, w.buyer[j].tally)
        elif event.lost[d, w.link[n].pattern, t] == 0.0 and w.buyer[j].tally == 0.0:
            w.buyer[j].tally_2 += min(free, w.seller[i].offer)
    wanted = 0.0
    for i in range(w.sellers[k], w.sellers[k + 1]):
        w.seller[i].tally = max(0.0, w.seller[i].tally - max(0.0, w.seller[i].left - w.seller[i].held))
        wanted += w.seller[i].tally
    for n in range(w.links[k], w.links[k + 1]):
        if w.buyer[w.link[n].buyer].tally_2 > 0.0:
            w.seller[w.link[n].seller].tally_2 += w.link[n].flow + w.link[n].regular
    scale = min(1.0, short / wanted) if wanted > 0.0 else 0.0
    for i in range(w.sellers[k], w.sellers[k + 1]):
        sold = w.seller[i].tally_2
        w.seller[i].tally = (
            0.0 if w.seller[i].struck or sold <= 0.0 else min(1.0, scale * w.seller[i].tally / sold)
        )
        w.seller[i].tally_2 = 0.0
    return wanted > 0.0


@inner
def _take_over(k: int, t: int, d: int, event: Event, w: Work) -> None:
    """Sell the surplus: each buyer takes at most what its links carry and what it can leave behind."""
    for n in range(w.links[k], w.links[k + 1]):
        if w.buyer[w.link[n].buyer].tally_2 > 0.0:
            w.buyer[w.link[n].buyer].tally += w.seller[w.link[n].seller].tally * (
                w.link[n].flow + w.link[n].regular
            )
    for n in range(w.links[k], w.links[k + 1]):
        i = w.link[n].seller
        j = w.link[n].buyer
        w.link[n].request = 0.0
        if (
            w.seller[i].struck > 0.0
            and w.buyer[j].tally_2 > 0.0
            and event.lost[d, w.link[n].pattern, t] == 0.0
        ):
            free = min(max(0.0, w.link[n].room - w.link[n].regular), w.seller[i].offer)
            w.link[n].request = free * min(1.0, w.buyer[j].tally / w.buyer[j].tally_2)
            w.seller[i].tally_2 += w.link[n].request
    for j in range(w.buyers[k], w.buyers[k + 1]):
        w.buyer[j].tally_2 = 0.0
    for n in range(w.links[k], w.links[k + 1]):
        if w.link[n].request > 0.0:
            i = w.link[n].seller
            j = w.link[n].buyer
            take = w.link[n].request * min(1.0, w.seller[i].offer / w.seller[i].tally_2)
            w.link[n].flow += take
            w.link[n].room -= take
            w.seller[i].left = max(0.0, w.seller[i].left - take)
            w.buyer[j].arrived += take
            w.buyer[j].tally_2 += take


@inner
def _leave_behind(k: int, w: Work) -> None:
    """Free at other sellers what the buyers took over."""
    for n in range(w.links[k], w.links[k + 1]):
        i = w.link[n].seller
        j = w.link[n].buyer
        if w.seller[i].struck or w.buyer[j].tally_2 <= 0.0 or w.buyer[j].tally <= 0.0:
            continue
        part = w.seller[i].tally * min(1.0, w.buyer[j].tally_2 / w.buyer[j].tally)
        freed = w.link[n].flow * part
        ordered = w.link[n].regular * part
        w.link[n].flow -= freed
        w.link[n].room += freed
        w.link[n].regular -= ordered
        w.seller[i].left += freed
        w.seller[i].held = max(0.0, w.seller[i].held - ordered)
        w.buyer[j].arrived -= freed
    for j in range(w.buyers[k], w.buyers[k + 1]):
        if w.buyer[j].tally_2 > 0.0:
            w.buyer[j].rest = max(0.0, w.buyer[j].wanted - w.buyer[j].arrived)
