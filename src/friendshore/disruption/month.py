"""One draw of the path: months outside, products inside, feeds before what is made of them. Compiled."""

from __future__ import annotations

from collections.abc import Callable

from friendshore.disruption.compiling import compiled, inner, source_stamp
from friendshore.disruption.contracts import deliver_contracts
from friendshore.disruption.diversion import divert, leak
from friendshore.disruption.scramble import call_spare, measure_room, scramble
from friendshore.disruption.state import STOCK, Event, Work
from friendshore.disruption.stocks import close_books, order_stock
from friendshore.tables.trade import Floats

__all__ = ["run_draw"]


@inner
def residual_of(k: int, w: Work) -> float:
    """Return by how much what was sold and what was delivered differ, over base demand."""
    sold = 0.0
    delivered = 0.0
    for i in range(w.sellers[k], w.sellers[k + 1]):
        seller = w.seller[i]
        sold += seller.ready - seller.left
    for n in range(w.links[k], w.links[k + 1]):
        delivered += w.link[n].flow
    arrived = 0.0
    demand = 0.0
    for j in range(w.buyers[k], w.buyers[k + 1]):
        buyer = w.buyer[j]
        arrived += buyer.arrived
        demand += buyer.demand
    if demand <= 0.0:
        return 0.0
    return max(abs(sold - delivered), abs(arrived - delivered)) / demand


@inner
def run_product(k: int, t: int, d: int, event: Event, out: Floats, w: Work) -> tuple[float, float, float]:
    """One product in one month: shortage of all its buyers, tons that leaked, error of the books."""
    total = 0.0
    for j in range(w.buyers[k], w.buyers[k + 1]):
        total += w.buyer[j].demand
    deliver_contracts(k, t, d, event, w)
    leaked = leak(k, t, d, event, w)
    measure_room(k, t, d, event, w)
    divert(k, t, d, total, event, w)
    order_stock(k, d, event, w)
    asked = 0.0
    for j in range(w.buyers[k], w.buyers[k + 1]):
        asked += w.buyer[j].rest
    if asked > 0.0:
        scramble(k, total, event.by_pay, w)
        call_spare(k, d, event, w)
    error = residual_of(k, w)
    return close_books(k, t, d, event, out, w), leaked, error


def _draw_runner(stamp: int) -> Callable[..., int]:
    """Return the compiled months; see :mod:`friendshore.disruption.compiling` for the stamp."""

    @compiled
    def run_draw(
        d: int, months: int, event: Event, out: Floats, worlds: Floats, sums: Floats, flows: Floats, w: Work
    ) -> int:
        for j in range(len(w.buyer)):
            w.buyer[j].stock = w.buyer[j].target * event.settings[d, STOCK]
        for t in range(months):
            for k in w.order:
                shortage, leaked, error = run_product(k, t, d, event, out, w)
                worlds[0, t, k] = shortage
                worlds[1, t, k] = leaked
                worlds[2, t, k] = error
            for n in range(len(sums)):
                sums[n] += w.link[n].flow
            if len(flows):
                for n in range(len(w.link)):
                    flows[t, n] = w.link[n].flow
        return stamp

    return run_draw


run_draw = _draw_runner(source_stamp())
"""Run all months of draw ``d`` on ``w``, which it uses up; returns the stamp of the text it was compiled from.

``out`` takes (output, month, watched buyer), ``worlds`` (shortage, leaked, error; month; product), ``sums`` the tons
of each link over all months and ``flows`` those of each month, where they have room.
"""
