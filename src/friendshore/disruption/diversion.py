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
        seller = w.seller[i]
        seller.offer = max(0.0, seller.left - seller.held) if seller.struck > 0.0 else 0.0
        seller.tally = 0.0
        seller.tally_2 = 0.0
        total += seller.offer
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
        link = w.link[n]
        i = link.seller
        seller = w.seller[i]
        g = link.pattern
        link.request = 0.0
        if event.lost[d, g, t] > 0.0:
            link.request = min(event.leak[d, g, t] * link.base, w.buyer[link.buyer].rest)
            seller.tally += link.request
        elif seller.struck > 0.0:
            seller.tally_2 += link.base
    for n in range(w.links[k], w.links[k + 1]):
        link = w.link[n]
        if link.request <= 0.0:
            continue
        i = link.seller
        seller = w.seller[i]
        j = link.buyer
        buyer = w.buyer[j]
        part = min(1.0, min(seller.offer, seller.tally_2) / seller.tally)
        give = min(link.request * part, buyer.rest)
        link.flow += give
        seller.left = max(0.0, seller.left - give)
        buyer.arrived += give
        buyer.rest -= give
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
        buyer = w.buyer[j]
        buyer.tally = buyer.rest
        buyer.tally_2 = 0.0
    for n in range(w.links[k], w.links[k + 1]):
        link = w.link[n]
        w.buyer[link.buyer].tally -= link.regular
    short = 0.0
    for j in range(w.buyers[k], w.buyers[k + 1]):
        buyer = w.buyer[j]
        if buyer.tally <= NEARLY * buyer.demand:
            buyer.tally = 0.0
        short += buyer.tally
    return short


@inner
def _freed(k: int, t: int, d: int, short: float, event: Event, w: Work) -> bool:
    """Write by seller which part of its other sales may be freed, and by buyer what it can take over.

    A seller is freed at most of what those who are short can take from it and it has not got left, all
    sellers together at most of what is missing.
    """
    for n in range(w.links[k], w.links[k + 1]):
        link = w.link[n]
        i = link.seller
        seller = w.seller[i]
        j = link.buyer
        buyer = w.buyer[j]
        free = max(0.0, link.room - link.regular)
        if seller.struck == 0.0:
            seller.tally += min(free, buyer.tally)
        elif event.lost[d, link.pattern, t] == 0.0 and buyer.tally == 0.0:
            buyer.tally_2 += min(free, seller.offer)
    wanted = 0.0
    for i in range(w.sellers[k], w.sellers[k + 1]):
        seller = w.seller[i]
        seller.tally = max(0.0, seller.tally - max(0.0, seller.left - seller.held))
        wanted += seller.tally
    for n in range(w.links[k], w.links[k + 1]):
        link = w.link[n]
        if w.buyer[link.buyer].tally_2 > 0.0:
            w.seller[link.seller].tally_2 += link.flow + link.regular
    scale = min(1.0, short / wanted) if wanted > 0.0 else 0.0
    for i in range(w.sellers[k], w.sellers[k + 1]):
        seller = w.seller[i]
        sold = seller.tally_2
        seller.tally = 0.0 if seller.struck or sold <= 0.0 else min(1.0, scale * seller.tally / sold)
        seller.tally_2 = 0.0
    return wanted > 0.0


@inner
def _take_over(k: int, t: int, d: int, event: Event, w: Work) -> None:
    """Sell the surplus: each buyer takes at most what its links carry and what it can leave behind."""
    for n in range(w.links[k], w.links[k + 1]):
        link = w.link[n]
        if w.buyer[link.buyer].tally_2 > 0.0:
            w.buyer[link.buyer].tally += w.seller[link.seller].tally * (link.flow + link.regular)
    for n in range(w.links[k], w.links[k + 1]):
        link = w.link[n]
        i = link.seller
        seller = w.seller[i]
        j = link.buyer
        buyer = w.buyer[j]
        link.request = 0.0
        if seller.struck > 0.0 and buyer.tally_2 > 0.0 and event.lost[d, link.pattern, t] == 0.0:
            free = min(max(0.0, link.room - link.regular), seller.offer)
            link.request = free * min(1.0, buyer.tally / buyer.tally_2)
            seller.tally_2 += link.request
    for j in range(w.buyers[k], w.buyers[k + 1]):
        w.buyer[j].tally_2 = 0.0
    for n in range(w.links[k], w.links[k + 1]):
        link = w.link[n]
        if link.request > 0.0:
            i = link.seller
            j = link.buyer
            take = link.request * min(1.0, w.seller[i].offer / w.seller[i].tally_2)
            link.flow += take
            link.room -= take
            w.seller[i].left = max(0.0, w.seller[i].left - take)
            w.buyer[j].arrived += take
            w.buyer[j].tally_2 += take


@inner
def _leave_behind(k: int, w: Work) -> None:
    """Free at other sellers what the buyers took over."""
    for n in range(w.links[k], w.links[k + 1]):
        link = w.link[n]
        i = link.seller
        seller = w.seller[i]
        j = link.buyer
        buyer = w.buyer[j]
        if seller.struck or buyer.tally_2 <= 0.0 or buyer.tally <= 0.0:
            continue
        part = seller.tally * min(1.0, buyer.tally_2 / buyer.tally)
        freed = link.flow * part
        ordered = link.regular * part
        link.flow -= freed
        link.room += freed
        link.regular -= ordered
        seller.left += freed
        seller.held = max(0.0, seller.held - ordered)
        buyer.arrived -= freed
    for j in range(w.buyers[k], w.buyers[k + 1]):
        buyer = w.buyer[j]
        if buyer.tally_2 > 0.0:
            buyer.rest = max(0.0, buyer.wanted - buyer.arrived)
