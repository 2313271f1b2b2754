"""The path: a market struck by shocks, month by month, for all importers and exporters at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from friendshore.disruption.market import Market
from friendshore.disruption.state import OUTPUTS, SETTINGS, Event, Work
from friendshore.disruption.striking import event_of, strikes, target_of, work_of
from friendshore.errors import ArgumentError
from friendshore.parameters import Parameters
from friendshore.shocks import DAYS_PER_MONTH, Shock, StockCover, check_shocks
from friendshore.tables.trade import Floats, Indices

__all__ = ["Path", "run_path"]

MONTHS = 24


@dataclass(frozen=True, eq=False)
class Path:
    """What happened: arrays (draw, month, buyer) over the buyers that were watched."""

    market: Market
    shocks: tuple[Shock, ...]
    parameters: Parameters
    months: int
    buyers: Indices
    """Positions in the market's buyers."""
    out: Floats
    """(draw, output, month, buyer), outputs in the order of ``OUTPUTS``."""
    world_shortage_t: Floats
    """(draw, month, product): missing for all importers together."""
    leaked_t: Floats
    """(draw, month, product): came around through third countries."""
    residual: Floats
    """(draw, month, product): error of the mass balance over base demand."""
    delivered_t: Floats
    """(draw, link): tons over all months; no links where not kept."""
    flows_t: Floats
    """(draw, month, link); no months where not kept."""
    stock_known: NDArray[np.bool_]
    """By buyer watched: whether its stock was stated. Where not, the run holds none beyond hoarding."""
    first_month: Indices
    """By buyer watched, the month in which its product is first struck; -1 where it is not."""
    struck_link: NDArray[np.bool_]
    """By link, whether a shock closes it or strikes its producer."""

    def _output(self, name: str) -> Floats:
        return np.asarray(self.out[:, OUTPUTS.index(name)], np.float64)

    @property
    def supply_t(self) -> Floats:
        """Tons that arrived in the month."""
        return self._output("supply_t")

    @property
    def demand_t(self) -> Floats:
        """Tons wanted in the month, after demand gave way to price."""
        return self._output("demand_t")

    @property
    def stock_t(self) -> Floats:
        """Tons in stock at the end of the month; where the stock is unknown, only what was hoarded."""
        return self._output("stock_t")

    @property
    def shortage_t(self) -> Floats:
        """Tons missing: demand less arrivals used and less what was drawn."""
        return self._output("shortage_t")

    @property
    def drawn_t(self) -> Floats:
        """Tons taken from stock."""
        return self._output("drawn_t")

    @property
    def built_t(self) -> Floats:
        """Tons of the arrivals that went into stock."""
        return self._output("built_t")

    @property
    def rationed(self) -> NDArray[np.bool_]:
        """Whether no finite price clears the market."""
        return self._output("rationed") > 0

    @property
    def price_factor(self) -> Floats:
        """Price over base; NaN where rationed."""
        return np.where(self.rationed, np.nan, self._output("price_factor"))

    @property
    def shortage_share(self) -> Floats:
        """Part of demand that is missing."""
        return self.shortage_t / self.demand_t

    @property
    def import_bill_usd(self) -> Floats:
        """Dollars paid in the month at the base unit value times the price factor, at most the cap."""
        paid = self.market.links.buyer_unit_value[self.buyers]
        return np.asarray(self.supply_t * self._output("price_factor") * paid, np.float64)


def run_path(
    market: Market,
    shocks: Sequence[Shock],
    *,
    months: int = MONTHS,
    stocks: Sequence[StockCover] = (),
    parameters: Parameters | None = None,
    draws: Mapping[str, Floats] | None = None,
    watch: Sequence[int] | None = None,
    keep_flows: bool = False,
    workers: int = 1,
) -> Path:
    """Run the path.

    Parameters
    ----------
    market
        Base of the run, from :func:`~friendshore.disruption.market.market_of`.
    shocks
        At most one on a link in a month. None: nothing happens, and nothing drifts.
    months
        Horizon, 1 to 600.
    stocks
        Stated stocks; of everybody else the stock is unknown.
    parameters
        What the data do not give; the defaults are assumptions.
    draws
        Name of a setting, or ``lost_share``, ``duration``, ``elasticity``, ``stock_factor`` (factors on what was
        stated), or ``cover_days`` (stock of the buyers watched whose stock is not known) -> one value a draw.
        Makes one run a draw.
    watch
        Positions of the buyers whose months are kept; all by default.
    keep_flows
        Whether to keep the flow of each link and month (large).
    workers
        Threads over the draws.
    """
    if not 1 <= months <= 600:
        raise ArgumentError(f"Got {months} months, expected 1 to 600", code="months_out_of_range")
    shocks = check_shocks(shocks)
    parameters = parameters or Parameters()
    (by_link, link_sets), (by_seller, seller_sets) = strikes(market, shocks)
    target, known = target_of(market, stocks)
    event = event_of(shocks, link_sets, seller_sets, parameters, months, draws or {})
    work = work_of(market, by_link, by_seller, shocks, target, parameters, months)
    buyers = np.arange(len(target)) if watch is None else np.asarray(watch, np.int64)
    extra = _stock_drawn(work, buyers[~known[buyers]], event, draws or {})
    out, worlds, sums, flows = _run(work, event, months, buyers, keep_flows, workers, extra)
    first = np.full(len(market.products), -1)
    for shock in shocks:
        for k in (market.place[code] for code in shock.products if code in market.place):
            first[k] = shock.start_month if first[k] < 0 else min(first[k], shock.start_month)
    return Path(
        market=market,
        shocks=shocks,
        parameters=parameters,
        months=months,
        buyers=buyers,
        out=out,
        world_shortage_t=worlds[:, 0],
        leaked_t=worlds[:, 1],
        residual=worlds[:, 2],
        delivered_t=sums,
        flows_t=flows,
        stock_known=known[buyers],
        first_month=first[market.links.buyer_product[buyers]],
        struck_link=(by_link > 0) | (by_seller[market.links.seller] > 0),
    )


def _stock_drawn(
    work: Work, unknown: Indices, event: Event, draws: Mapping[str, Floats]
) -> tuple[Indices, Floats]:
    """Return which buyers hold a stock that differs by draw, and how much of it in tons by (draw, buyer)."""
    if "cover_days" not in draws:
        return unknown[:0], np.zeros((len(event.settings), 0))
    months = draws["cover_days"] / DAYS_PER_MONTH
    # the months multiply every stock by the factor on what was stated, which this is not
    factor = np.maximum(event.settings[:, SETTINGS.index("stock_factor")], 1e-9)
    return unknown, np.outer(months / factor, work.buyer["demand"][unknown])


def _run(
    work: Work,
    event: Event,
    months: int,
    buyers: Indices,
    keep_flows: bool,
    workers: int,
    extra: tuple[Indices, Floats],
) -> tuple[Floats, Floats, Floats, Floats]:
    """Run all draws; sums by link are kept for a single draw only."""
    from friendshore.disruption.month import run_draw

    count, links = len(event.settings), len(work.link)
    work.buyer["slot"] = -1
    work.buyer["slot"][buyers] = np.arange(len(buyers))
    out = np.zeros((count, len(OUTPUTS), months, len(buyers)))
    worlds = np.zeros((count, 3, months, len(work.links) - 1))
    sums = np.zeros((count, links if count == 1 else 0))
    flows = np.zeros((count, months if keep_flows else 0, links if keep_flows else 0))

    def run(draws: range) -> None:
        for d in draws:
            own = work.fresh()
            own.buyer["target"][extra[0]] = extra[1][d]
            run_draw(d, months, event, out[d], worlds[d], sums[d], flows[d], own)

    if workers <= 1 or count == 1:
        run(range(count))
    else:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(run, [range(n, count, workers) for n in range(workers)]))
    return out, worlds, sums, flows
