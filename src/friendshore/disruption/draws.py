"""Many draws over the stated ranges: how wide the answer is where nobody knows the assumptions.

The band is one of assumptions, not of forecasts: it says what the path gives over the stated ranges, and nothing
about how often reality falls into it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from friendshore.disruption.market import Market
from friendshore.disruption.narrowing import narrowed
from friendshore.disruption.path import MONTHS, run_path
from friendshore.disruption.ranges import Range, ranges_of
from friendshore.disruption.reading import SHORT, months_until
from friendshore.disruption.sensitivity import purchases
from friendshore.disruption.striking import target_of
from friendshore.disruption.sweeps import Workers, done, light, pieces_of
from friendshore.errors import ArgumentError
from friendshore.parameters import Parameters
from friendshore.records import Note
from friendshore.shocks import DAYS_PER_MONTH, Shock, StockCover
from friendshore.tables.trade import Floats, Indices

__all__ = ["PIECE", "QUANTILES", "Drawn", "draws", "latin_hypercube"]

QUANTILES = (0.1, 0.5, 0.9)
PIECE = 250
"""Draws a piece. Part of what a seed means: each piece has random numbers of its own."""
BINS = 2000
"""Steps into which shares are counted; a quantile is good to half a step, 0.025 percentage points."""
DAY_BINS = 2
"""Steps a day of cover."""
MOST = 1_000_000


@dataclass(frozen=True, eq=False)
class Drawn:
    """Quantiles over the draws, in the order of ``QUANTILES``."""

    ranges: tuple[Range, ...]
    n: int
    seed: int
    months: int
    buyers: Indices
    """Positions in the market's buyers."""
    importers: tuple[str, ...]
    """By buyer. So is the next."""
    products: tuple[str, ...]
    shortage_share: Floats
    """(quantile, month, buyer)."""
    total_shortage_share: Floats
    """(quantile, buyer): of the demand of the whole run."""
    total_shortage_t: Floats
    """(quantile, buyer): that share times base demand."""
    cover_days: Floats
    """(quantile, buyer): NaN where more than 1 % is not missing within the run."""
    short_share: Floats
    """By buyer, the part of the draws in which more than 1 % is missing in some month."""


@dataclass(frozen=True, eq=False)
class _Piece:
    market: Market
    shocks: tuple[Shock, ...]
    stocks: tuple[StockCover, ...]
    parameters: Parameters
    months: int
    watch: Indices
    ranges: tuple[Range, ...]
    count: int
    seed: np.random.SeedSequence
    threads: int


def latin_hypercube(
    ranges: Sequence[Range], count: int, seed: np.random.SeedSequence
) -> Mapping[str, Floats]:
    """Draw each range evenly: one value in each of ``count`` equal parts of it, in an order of its own."""
    numbers = np.random.default_rng(seed)
    found = {}
    for each in ranges:
        place = (numbers.permutation(count) + numbers.random(count)) / count
        found[each.name] = each.low + (each.high - each.low) * place
    return found


def draws(
    market: Market,
    shocks: Sequence[Shock],
    stocks: Sequence[StockCover],
    importers: Sequence[str],
    products: Sequence[str] = (),
    *,
    n: int,
    seed: int,
    parameters: Parameters | None = None,
    months: int = MONTHS,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    executor: Workers = None,
    threads: int = 1,
) -> Drawn:
    """Run the path many times and return quantiles.

    The result depends on ``n`` and ``seed`` alone, not on where the pieces run or in which order they end. Values
    are counted into steps as they come, so that memory does not grow with ``n``.

    Parameters
    ----------
    market, shocks, stocks, parameters, months
        As for :func:`~friendshore.disruption.path.run_path`.
    importers, products
        Whose shortage is read; the products that are struck by default.
    n, seed
        Number of draws, 1 to a million, and what the random numbers start from.
    ranges
        Name -> lowest and highest, in place of the usual range.
    executor
        Where the pieces run; this process by default.
    threads
        Threads within a piece.
    """
    if not 1 <= n <= MOST:
        raise ArgumentError(f"Got {n} draws, expected 1 to {MOST:,}", code="draws_out_of_range")
    if seed < 0:
        raise ArgumentError(f"Seed is {seed}, expected 0 or more", code="seed_out_of_range")
    given = parameters or Parameters()
    struck = [code for code in market.products if any(code in shock.products for shock in shocks)]
    codes = tuple(dict.fromkeys(products)) or tuple(struck)
    asked = purchases(market, importers, codes)
    buyers = np.unique(asked[asked >= 0])
    known = target_of(market, stocks)[1][buyers]
    varied = ranges_of(
        given, shocks, stated_stock=bool(known.any()), unknown_stock=not known.all(), own=ranges
    )
    part, felt = narrowed(market, shocks, codes)
    # buyers stand in the same order in the part
    watch = np.sort([part.buyer(market.products[k], market.countries[c]) for k, c in _names(market, buyers)])
    spans = pieces_of(n, PIECE)
    seeds = np.random.SeedSequence(seed).spawn(len(spans))
    pieces = [
        _Piece(light(part), felt, tuple(stocks), given, months, watch, varied, b - a, own, threads)
        for (a, b), own in zip(spans, seeds, strict=True)
    ]
    shares, cover = _Counts((months + 1, len(watch)), BINS + 1), _Counts((1, len(watch)), _cover_bins(months))
    for _, (share, days) in done(_run, pieces, executor, Note(template="Drawing from all ranges")):
        shares.add(np.where(share > 1e-9, 1 + np.minimum(share * BINS, BINS - 1), 0).astype(np.int64))
        cover.add(np.where(np.isnan(days), cover.bins - 1, days * DAY_BINS).astype(np.int64))
    places = np.array([shares.quantile(q) for q in QUANTILES])
    share = np.where(places > 0, (places - 0.5) / BINS, 0.0)
    at = np.array([cover.quantile(q)[0] for q in QUANTILES])
    base = market.links.buyer_tons[buyers]
    return Drawn(
        ranges=varied,
        n=n,
        seed=seed,
        months=months,
        buyers=buyers,
        importers=tuple(market.countries[country] for _, country in _names(market, buyers)),
        products=tuple(market.products[product] for product, _ in _names(market, buyers)),
        shortage_share=share[:, :months],
        total_shortage_share=share[:, months],
        total_shortage_t=share[:, months] * base / 12 * months,
        cover_days=np.where(at < cover.bins - 1, (at + 0.5) / DAY_BINS, np.nan),
        short_share=1 - cover.counts[0, :, -1] / n,
    )


def _names(market: Market, buyers: Indices) -> list[tuple[int, int]]:
    links = market.links
    return list(zip(links.buyer_product[buyers].tolist(), links.buyer_country[buyers].tolist(), strict=True))


def _cover_bins(months: int) -> int:
    """Return the steps of cover that a run can tell apart, and one for "not within the run"."""
    return int(months * DAYS_PER_MONTH * DAY_BINS) + 2


def _run(piece: _Piece) -> tuple[Floats, Floats]:
    """Run a piece; return shares missing by (draw, month and then the whole run, buyer), and days of cover."""
    path = run_path(
        piece.market,
        piece.shocks,
        months=piece.months,
        stocks=piece.stocks,
        parameters=piece.parameters,
        draws=latin_hypercube(piece.ranges, piece.count, piece.seed),
        watch=piece.watch.tolist(),
        workers=piece.threads,
    )
    shortage, demand = path.shortage_t, path.demand_t
    total = shortage.sum(axis=1, keepdims=True) / demand.sum(axis=1, keepdims=True)
    evenly = piece.parameters.stock_rule == "stretch"
    until = months_until(shortage, demand, path.drawn_t, SHORT, path.first_month, evenly=evenly)
    return np.concatenate([path.shortage_share, total], axis=1), (until * DAYS_PER_MONTH)[:, None]


class _Counts:
    """Values counted into steps, by place: the sum does not depend on the order in which they come."""

    def __init__(self, shape: tuple[int, int], bins: int) -> None:
        self.bins = bins
        self.counts: NDArray[np.int64] = np.zeros((*shape, bins), np.int64)

    def add(self, steps: NDArray[np.int64]) -> None:
        """Count steps of (value, *shape)."""
        rows, columns, _ = self.counts.shape
        start = np.arange(rows * columns).reshape(rows, columns) * self.bins
        found = np.bincount((steps + start).ravel(), minlength=self.counts.size)
        self.counts += found.reshape(self.counts.shape)

    def quantile(self, q: float) -> NDArray[np.int64]:
        """Return by place the first step up to which at least this part of the values lies."""
        total = self.counts.sum(axis=-1, keepdims=True)
        reached = self.counts.cumsum(axis=-1) >= q * total - 1e-9
        return np.asarray(reached.argmax(axis=-1), np.int64)
