"""From shocks to arrays: which links and producers are struck, in which month, and by how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friendshore.disruption.market import Market
from friendshore.disruption.state import BUYER, LINK, SELLER, SETTINGS, Event, Work, rows, settings_of
from friendshore.errors import ArgumentError, MissingDataError
from friendshore.parameters import Parameters
from friendshore.shocks import DAYS_PER_MONTH, Shock, StockCover
from friendshore.tables.trade import Floats, Indices

__all__ = ["Strike", "event_of", "strikes", "struck_links", "target_of", "work_of"]

RULES = {"use-it": 0, "stretch": 1, "floor": 2}
ELASTICITIES = ("elasticity_1y", "elasticity_3y", "elasticity_10y")
DRAWN = (
    *SETTINGS, "lost_share", "duration", "elasticity", "cover_days", "leakage_share", "leakage_delay_months",
    *ELASTICITIES,
)  # fmt: skip
"""What may differ between draws; ``lost_share``, ``duration``, ``elasticity`` and ``stock_factor`` are factors on
what was stated, ``cover_days`` is the stock of the buyers watched whose stock is not known."""

Strike = tuple[Indices, tuple[tuple[int, ...], ...]]
"""By link or seller the number of a pattern, and by pattern the shocks in it (pattern 0: none)."""


def _positions(market: Market, codes: Sequence[str], what: str) -> list[int]:
    unknown = [code for code in codes if code not in market.position]
    if unknown:
        raise ArgumentError(
            f"Unknown {what} {unknown[0]}: not among the {len(market.countries)} countries of the data",
            code=f"unknown_{what}",
            hint="Use ISO3 codes, or join a bloc first",
        )
    return [market.position[code] for code in codes]


def struck_links(market: Market, shock: Shock) -> NDArray[np.bool_]:
    """Return the links that a shock strikes; the whole of a producer's links for an outage."""
    links = market.links
    places = len(market.countries)
    named = np.zeros(len(market.products), bool)
    named[[market.place[code] for code in shock.products if code in market.place]] = True
    hit = named[links.product]
    if shock.routes:
        pairs = [
            a * places + b
            for a, b in zip(
                _positions(market, [a for a, _ in shock.routes], "supplier"),
                _positions(market, [b for _, b in shock.routes], "importer"),
                strict=True,
            )
        ]
        return np.asarray(hit & np.isin(links.exporter * places + links.importer, pairs))
    hit &= np.isin(links.exporter, _positions(market, shock.suppliers, "supplier"))
    if shock.importers:
        hit &= np.isin(links.importer, _positions(market, shock.importers, "importer"))
    return np.asarray(hit)


def strikes(market: Market, shocks: Sequence[Shock]) -> tuple[Strike, Strike]:
    """Return which links and which sellers are struck by which shocks.

    Raises
    ------
    MissingDataError
        Where a shock strikes no flow at all: its suppliers sell none of its products to its importers.
    """
    links = market.links
    by_link = np.zeros((len(shocks), len(links.tons)), bool)
    by_seller = np.zeros((len(shocks), len(links.seller_tons)), bool)
    for n, shock in enumerate(shocks):
        hit = struck_links(market, shock)
        if not (links.tons[hit] > 0).any():
            raise MissingDataError(
                f"Shock {shock.id}: {', '.join(shock.suppliers)} sold none of "
                f"{', '.join(shock.products[:5])} to {', '.join(shock.importers) or 'anybody'} in "
                f"{market.base_years[0]}-{market.base_years[-1]}, so there is nothing to stop",
                code="supplier_sells_none",
                hint="See who sells with: friendshore exposure",
            )
        if shock.kind == "outage":
            by_seller[n, links.seller[hit]] = True
        else:
            by_link[n] = hit
    return _patterns(by_link), _patterns(by_seller)


def _patterns(hit: NDArray[np.bool_]) -> Strike:
    """Count off the different sets of shocks; 0 is the empty one."""
    number = np.zeros(hit.shape[1], np.int64)
    any_hit = np.flatnonzero(hit.any(axis=0))
    sets, at = np.unique(hit[:, any_hit], axis=1, return_inverse=True)
    number[any_hit] = at.ravel() + 1
    return number, ((), *(tuple(np.flatnonzero(column).tolist()) for column in sets.T))


def target_of(market: Market, stocks: Sequence[StockCover]) -> tuple[Floats, NDArray[np.bool_]]:
    """Return by buyer the stock at base in tons (0 where unknown) and whether it is known.

    A stated product goes before a statement about all products.
    """
    links = market.links
    tons = np.zeros(len(links.buyer_tons))
    known = np.zeros(len(tons), bool)
    for cover in sorted(stocks, key=lambda each: bool(each.product)):
        rows = links.buyer_country == _positions(market, [cover.importer], "importer")[0]
        if cover.product:
            if cover.product not in market.place:
                continue
            rows = rows & (links.buyer_product == market.place[cover.product])
        months = 0.0 if cover.days is None else cover.days / DAYS_PER_MONTH
        tons[rows] = links.buyer_tons[rows] / 12 * months
        known[rows] = cover.days is not None
    return tons, known


def event_of(
    shocks: Sequence[Shock],
    link_sets: Sequence[tuple[int, ...]],
    seller_sets: Sequence[tuple[int, ...]],
    parameters: Parameters,
    months: int,
    draws: Mapping[str, Floats],
) -> Event:
    """Return lost shares, leaks and settings by draw."""
    unknown = sorted(set(draws) - set(DRAWN))
    if unknown:
        raise ArgumentError(
            f"Cannot draw {unknown[0]}: expected one of {', '.join(DRAWN)}", code="unknown_parameter"
        )
    count = len(next(iter(draws.values()))) if draws else 1
    settings = np.tile(settings_of(parameters), (count, 1))
    for n, name in enumerate(SETTINGS):
        if name in draws:
            settings[:, n] = draws[name]
    one = np.ones(count)
    severity, duration = draws.get("lost_share", one), draws.get("duration", one)
    lost_by_shock = _lost(shocks, months, severity, duration)
    leaking = draws.get("leakage_share", parameters.leakage_share * one)
    delay = draws.get("leakage_delay_months", parameters.leakage_delay_months * one)
    leak_by_shock = lost_by_shock * _leaks(shocks, months, delay) * leaking[:, None, None]
    return Event(
        lost=_most(lost_by_shock, link_sets),
        leak=_most(leak_by_shock, link_sets),
        outage=_most(lost_by_shock, seller_sets),
        elasticity=_elasticity(parameters, months, draws, one),
        settings=settings,
        stock_rule=RULES[parameters.stock_rule],
        by_pay=parameters.rationing == "pay",
    )


def _lost(shocks: Sequence[Shock], months: int, severity: Floats, duration: Floats) -> Floats:
    """Return the lost share by draw, shock and month."""
    factors, at = np.unique(duration, return_inverse=True)
    found = np.zeros((len(severity), len(shocks), months))
    for n, shock in enumerate(shocks):
        paths = np.array([shock.lost(months, duration_factor=factor) for factor in factors.tolist()])
        found[:, n] = np.clip(paths[at] * severity[:, None], 0, 1)
    return found


def _leaks(shocks: Sequence[Shock], months: int, delay: Floats) -> NDArray[np.bool_]:
    """Return by draw, shock and month whether goods come around."""
    delays, at = np.unique(delay, return_inverse=True)
    found = np.zeros((len(delay), len(shocks), months), bool)
    for n, shock in enumerate(shocks):
        found[:, n] = np.array([shock.leaks(months, each) for each in delays.tolist()])[at]
    return found


def _elasticity(parameters: Parameters, months: int, draws: Mapping[str, Floats], one: Floats) -> Floats:
    """Return the price elasticity by draw and month: even between the end of the first, third and tenth year."""
    nodes = np.array([draws.get(name, getattr(parameters, name) * one) for name in ELASTICITIES])
    sets, at = np.unique(nodes, axis=1, return_inverse=True)
    when = np.arange(1, months + 1)
    schedules = np.array([np.interp(when, [12, 36, 120], each) for each in sets.T])
    return np.asarray(schedules[at.ravel()] * draws.get("elasticity", one)[:, None], np.float64)


def _most(by_shock: Floats, sets: Sequence[tuple[int, ...]]) -> Floats:
    found = np.zeros((by_shock.shape[0], len(sets), by_shock.shape[2]))
    for g, members in enumerate(sets):
        if members:
            found[:, g] = by_shock[:, list(members)].max(axis=1)
    return found


def work_of(
    market: Market,
    links_struck: Indices,
    sellers_struck: Indices,
    shocks: Sequence[Shock],
    target: Floats,
    parameters: Parameters,
    months: int,
) -> Work:
    """Return the market as the months' arrays, with what depends on the shocks filled in."""
    links = market.links
    ends: list[Any] = np.zeros(len(market.products)).tolist()
    for shock in shocks:
        for code in shock.products:
            if code in market.place:
                ends[market.place[code]] = max(ends[market.place[code]], min(months, shock.end_month))
    usable = links.usable if parameters.grades else np.ones(len(links.tons), bool)
    extra = np.zeros(len(links.tons)) if market.extra is None else market.extra
    size = np.arange(len(market.products) + 1)
    feeds = market.feeds
    buyers = {"expected_end": np.array(ends)[links.buyer_product], "pays": _pays(market)}
    quiet = {"price": np.ones(len(target)), "met": np.ones(len(target)), "clock": np.full(len(target), -1.0)}
    return Work(
        order=feeds.order,
        links=np.searchsorted(links.product, size),
        buyers=np.searchsorted(links.buyer_product, size),
        sellers=np.searchsorted(links.seller_product, size),
        feeders=feeds.feeders,
        link=rows(
            LINK, len(links.tons), buyer=links.buyer, seller=links.seller, pattern=links_struck,
            base=links.tons / 12, usable=usable, extra=extra / 12,
            weight=_weights(market, usable & (links_struck == 0) & (sellers_struck[links.seller] == 0)),
        ),
        buyer=rows(BUYER, len(target), demand=links.buyer_tons / 12, target=target, **buyers, **quiet),
        seller=rows(
            SELLER, len(links.seller_tons), outage=sellers_struck, supply=links.seller_tons / 12,
            spare=market.spare / 12, by_product=market.by_product, feed=feeds.share,
            fed_from=feeds.fed_by[:-1], fed_to=feeds.fed_by[1:],
            surplus_clock=np.full(len(links.seller_tons), -1.0),
        ),
    )  # fmt: skip


def _weights(market: Market, open_links: NDArray[np.bool_]) -> Floats:
    """Return by link the part of a buyer's new demand that may be qualified there: as its supplier exports."""
    links = market.links
    size = np.where(open_links, links.seller_tons[links.seller], 0.0)
    total = np.bincount(links.buyer, size, len(links.buyer_tons))
    return np.asarray(
        np.divide(size, total[links.buyer], out=np.zeros(len(size)), where=size > 0), np.float64
    )


def _pays(market: Market) -> Floats:
    """Return what each buyer pays over the mean of its product; 1 where not known."""
    links = market.links
    known = np.isfinite(links.buyer_unit_value) & (links.buyer_unit_value > 0)
    spent = np.where(known, links.buyer_unit_value * links.buyer_tons, 0.0)
    count = len(market.products)
    spending = np.bincount(links.buyer_product, spent, count)
    mean = spending / np.maximum(
        np.bincount(links.buyer_product, np.where(known, links.buyer_tons, 0.0), count), 1e-300
    )
    ratio = np.ones(len(known))
    ratio[known] = links.buyer_unit_value[known] / mean[links.buyer_product][known]
    return ratio
