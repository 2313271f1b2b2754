"""What matters most: one assumption at a time to either end of its range, all else as it was.

Two readings of each run: what is missing in all, and the order in which materials are missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friendshore.disruption.market import Market
from friendshore.disruption.narrowing import affected, narrowed
from friendshore.disruption.path import MONTHS, run_path
from friendshore.disruption.ranges import Range, ranges_of
from friendshore.disruption.ranking import Measure, goods_of, kendall_distance, missing, scores, swaps
from friendshore.disruption.striking import target_of
from friendshore.disruption.sweeps import Workers, done, light, pieces_of
from friendshore.errors import MissingDataError
from friendshore.parameters import Parameters
from friendshore.records import Note
from friendshore.shocks import Shock, StockCover
from friendshore.tables.trade import Floats, Indices

__all__ = ["Swap", "Tornado", "purchases", "tornado"]

RUNS_PER_PIECE = 8
CHOICES: tuple[tuple[str, tuple[Any, Any, Any]], ...] = (
    ("grades", (True, True, False)),
    ("rationing", ("equal", "equal", "pay")),
    ("stock_rule", ("stretch", "use-it", "floor")),
)
"""Rules that are no numbers: low, usual and high."""


@dataclass(frozen=True)
class Swap:
    """Two materials that change places."""

    parameter: str
    end: str
    """``low`` or ``high``."""
    importer: str
    before: str
    """Worse off with the central values."""
    now: str
    """Worse off at this end."""


@dataclass(frozen=True, eq=False)
class Tornado:
    """Arrays (range, end, importer, product) with ends low, high; NaN where the importer buys no known tons."""

    ranges: tuple[Range, ...]
    importers: tuple[str, ...]
    products: tuple[str, ...]
    months: int
    measure: Measure
    total_t: Floats
    """Missing over the whole run."""
    share: Floats
    """The part of base demand that is missing, by ``measure``."""
    central_total_t: Floats
    """(importer, product). So is the next."""
    central_share: Floats
    goods: tuple[str, ...]
    """What is ranked: materials, and products that belong to none."""
    central_scores: Floats
    """(importer, good): share missing at the worst stage; NaN where none is bought."""
    distance: Floats
    """(range, end, importer): Kendall distance of the ranking to the central one; NaN with fewer than two."""
    swaps: tuple[Swap, ...]

    @property
    def swing_t(self) -> Floats:
        """(range, importer, product): the widest distance between low, central and high."""
        every = np.concatenate(
            [self.total_t, np.broadcast_to(self.central_total_t, self.total_t[:, :1].shape)], axis=1
        )
        return np.asarray(every.max(axis=1) - every.min(axis=1), np.float64)


@dataclass(frozen=True, eq=False)
class _Piece:
    market: Market
    shocks: tuple[Shock, ...]
    stocks: tuple[StockCover, ...]
    parameters: Parameters
    months: int
    draws: Mapping[str, Floats]
    watch: Indices


def purchases(market: Market, importers: Sequence[str], products: Sequence[str]) -> NDArray[np.int64]:
    """Return the positions in the market's buyers by (importer, product); -1 where none is bought.

    Raises
    ------
    MissingDataError
        ``no_imports``: no importer buys known tons of any.
    """
    at = np.array([[market.buyer(code, name) for code in products] for name in importers], np.int64)
    if not (at >= 0).any():
        raise MissingDataError(
            f"{', '.join(importers[:5])} bought no known tons of {', '.join(products[:5])} in "
            f"{market.base_years[0]}-{market.base_years[-1]}, so nothing can be missing there",
            code="no_imports",
            hint="See what it buys with: friendshore exposure",
        )
    return at


def tornado(
    market: Market,
    shocks: Sequence[Shock],
    stocks: Sequence[StockCover],
    importers: Sequence[str],
    products: Sequence[str] = (),
    *,
    parameters: Parameters | None = None,
    months: int = MONTHS,
    measure: Measure = "total",
    ranges: Mapping[str, tuple[float, float]] | None = None,
    executor: Workers = None,
) -> Tornado:
    """Vary one assumption at a time.

    Parameters
    ----------
    market
        Base of the run. What is ranked is everything that is struck, or whose makers live on it.
    shocks, stocks, parameters, months
        As for :func:`~friendshore.disruption.path.run_path`.
    importers, products
        Whose shortage is read; the products that are struck by default.
    measure
        What ranks and what ``share`` is: missing over the whole run, or in the worst month.
    ranges
        Name -> lowest and highest, in place of the usual range.
    executor
        Where the runs go; this process by default.
    """
    given = parameters or Parameters()
    struck = [code for code in market.products if any(code in shock.products for shock in shocks)]
    products = tuple(dict.fromkeys(products)) or tuple(struck)
    market, shocks = narrowed(market, shocks, (*affected(market, shocks), *products))
    asked = purchases(market, importers, products)
    every = purchases(market, importers, market.products)
    watch = np.unique(every[every >= 0])
    known = target_of(market, stocks)[1][watch]
    varied = ranges_of(
        given, shocks, stated_stock=bool(known.any()), unknown_stock=not known.all(), own=ranges
    )
    task = _Piece(light(market), tuple(shocks), tuple(stocks), given, months, {}, watch)
    chosen = tuple(_choice(name, values, given) for name, values in CHOICES)
    shortage = _runs(task, varied, chosen, executor)
    # base demand: what gives way to price would else shrink what the share is of
    demand = np.broadcast_to(market.links.buyer_tons[watch] / 12, (1, months, len(watch)))
    columns = np.searchsorted(watch, asked)
    total = np.where(asked >= 0, shortage.sum(axis=1)[:, columns % len(watch)], np.nan)
    share = np.where(asked >= 0, missing(shortage, demand, measure)[:, columns % len(watch)], np.nan)
    goods = goods_of(market)
    by_importer = [scores(shortage, demand, _columns(row, market, watch), goods, measure) for row in every]
    names = tuple(goods)
    count = len(varied) + len(chosen)
    return Tornado(
        ranges=(*varied, *chosen),
        importers=tuple(importers),
        products=products,
        months=months,
        measure=measure,
        total_t=total[1:].reshape(count, 2, *asked.shape),
        share=share[1:].reshape(count, 2, *asked.shape),
        central_total_t=total[0],
        central_share=share[0],
        goods=names,
        central_scores=np.array([each[0] for each in by_importer]),
        distance=_distances(by_importer).reshape(count, 2, len(importers)),
        swaps=_swaps(by_importer, (*varied, *chosen), importers, names),
    )


def _choice(name: str, values: tuple[Any, Any, Any], given: Parameters) -> Range:
    central = getattr(given, name)
    # what is not chosen is an end; the rest of the ends stay central
    others = [value for value in dict.fromkeys(values) if value != central]
    low, high = others if len(others) == 2 else (central, others[0])
    words = tuple(str(value).lower() for value in (low, central, high))
    nothing = float("nan")
    return Range(name, nothing, nothing, nothing, "", (words[0], words[1], words[2]))


def _columns(row: Indices, market: Market, watch: Indices) -> Mapping[str, int]:
    return {
        code: int(np.searchsorted(watch, at))
        for code, at in zip(market.products, row, strict=True)
        if at >= 0
    }


def _runs(task: _Piece, varied: Sequence[Range], chosen: Sequence[Range], executor: Workers) -> Floats:
    """Run the central case, both ends of each range and the choices; return what is missing by (run, month, buyer)."""
    from dataclasses import replace

    count = 1 + 2 * len(varied)
    draws = {each.name: np.full(count, each.central) for each in varied}
    for n, each in enumerate(varied):
        draws[each.name][1 + 2 * n : 3 + 2 * n] = each.low, each.high
    spans = pieces_of(count, RUNS_PER_PIECE)
    pieces = [replace(task, draws={name: values[a:b] for name, values in draws.items()}) for a, b in spans]
    central = {name: values[:1] for name, values in draws.items()}
    pieces += [
        replace(task, draws=central, parameters=_with(task.parameters, each.name, each.shown[end]))
        for each in chosen
        for end in (0, 2)
    ]
    results = dict(done(_run, pieces, executor, Note(template="Moving each assumption to its ends")))
    return np.concatenate([results[n] for n in range(len(pieces))])


def _with(parameters: Parameters, name: str, word: float | str) -> Parameters:
    value = word == "true" if name == "grades" else word
    return parameters.model_copy(update={name: value})


def _run(piece: _Piece) -> Floats:
    path = run_path(
        piece.market,
        piece.shocks,
        months=piece.months,
        stocks=piece.stocks,
        parameters=piece.parameters,
        draws=piece.draws,
        watch=piece.watch.tolist(),
    )
    return path.shortage_t


def _bought(values: Floats) -> Floats:
    return np.asarray(values[:, ~np.isnan(values[0])], np.float64)


def _distances(by_importer: Sequence[Floats]) -> Floats:
    """Return (run but the central one, importer)."""
    found = [
        [kendall_distance(values[0], other) for other in values[1:]]
        for values in (_bought(each) for each in by_importer)
    ]
    return np.array(found, np.float64).T


def _swaps(
    by_importer: Sequence[Floats], ranges: Sequence[Range], importers: Sequence[str], names: Sequence[str]
) -> tuple[Swap, ...]:
    found = []
    for importer, values in zip(importers, by_importer, strict=True):
        bought = np.flatnonzero(~np.isnan(values[0]))
        for n, other in enumerate(values[1:]):
            for above, below in swaps(values[0][bought], other[bought]):
                before, now = names[bought[above]], names[bought[below]]
                found.append(Swap(ranges[n // 2].name, ("low", "high")[n % 2], importer, before, now))
    return tuple(found)
