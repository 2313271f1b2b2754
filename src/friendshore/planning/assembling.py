"""From a market and what is stated to a problem: every array that a plan is made from.

Nothing is decided here. What the arrays mean stands at :class:`~friendshore.planning.problem.Problem`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friendshore.disruption.market import Market
from friendshore.disruption.striking import target_of
from friendshore.errors import MissingDataError
from friendshore.planning.arrivals import Arrivals, arrivals_of
from friendshore.planning.claims import claims, spare_of
from friendshore.planning.freed import freed_supply
from friendshore.planning.own_supply import own_exports
from friendshore.planning.periods import growth_share, online_share, ramp_share
from friendshore.planning.plant_feeds import feed_open, minable
from friendshore.planning.pricing import Priced
from friendshore.planning.problem import Case, Problem
from friendshore.planning.setting import Setting
from friendshore.tables.trade import Floats, Indices

__all__ = ["Assembled", "assemble", "known_costs", "prices_of"]

DAYS_A_YEAR = 365.25
DUST = 1e-6
"""A link that brings less than this part of what a member buys of a product is none."""


@dataclass(frozen=True, eq=False)
class Assembled:
    """A problem, and what went into it that its arrays no longer tell."""

    problem: Problem
    market: Market
    setting: Setting
    rows: Indices
    """By link of the problem, the link of the market."""
    arrivals: tuple[Arrivals, ...]
    """By case."""
    stock_known: NDArray[np.bool_]
    """(M, K) whether the stock held is stated."""
    negligible: tuple[tuple[str, str, float], ...]
    """(member, product, dollars a year) that is bought and not planned for, since it is too little."""
    unknown_feeds: tuple[tuple[str, str], ...]
    """(host, product) whose plant is counted as fed although the data lack the stage before."""
    without_ore: tuple[tuple[str, str], ...]
    """(host, product) that is mined, where the host is known to mine none of it: no plant, unless one is stated."""


def prices_of(market: Market, setting: Setting) -> tuple[Floats, Floats]:
    """Return demand in tons a year and price in dollars a ton, by (member, product); no price where none is bought."""
    shape = (len(setting.members), len(setting.products))
    demand, price = np.zeros(shape), np.full(shape, np.nan)
    for m, member in enumerate(setting.members):
        for k, code in enumerate(setting.products):
            buyer = market.buyer(code, member)
            if buyer >= 0:
                demand[m, k] = market.links.buyer_tons[buyer]
                price[m, k] = market.links.buyer_unit_value[buyer]
    missing = [
        (setting.members[m], setting.products[k])
        for m, k in np.argwhere((demand > 0) & ~(price > 0)).tolist()
    ]
    if missing:
        raise MissingDataError(
            f"{missing[0][0]} buys {missing[0][1]} at no known price ({len(missing)} such members and products).",
            code="missing_price",
            hint="Leave the product out, or bring data with values.",
            rows=[{"member": member, "product": code} for member, code in missing[:5]],
        )
    return demand, price


def known_costs(market: Market, setting: Setting, price: Floats) -> Floats:
    """Return what a ton costs by product for want of anything nearer: the members' mean, else the world's."""
    links = market.links
    place = np.array([market.place.get(code, -1) for code in setting.products])
    spent = np.where(np.isfinite(links.buyer_unit_value), links.buyer_unit_value * links.buyer_tons, 0.0)
    count = len(market.products)
    tons = np.bincount(links.buyer_product, np.where(spent > 0, links.buyer_tons, 0.0), count)
    world = np.bincount(links.buyer_product, spent, count) / np.maximum(tons, 1e-300)
    known = np.isfinite(price)
    mean = np.where(known, price, 0.0).sum(axis=0) / np.maximum(1, known.sum(axis=0))
    # Of a product that these data do not hold, nobody buys any, and no price matters.
    elsewhere = np.where(place >= 0, world[place], 1.0)
    return np.asarray(np.where(known.any(axis=0), mean, elsewhere), np.float64)


def assemble(market: Market, setting: Setting, priced: Priced, traced: Floats | None = None) -> Assembled:
    """Build the problem.

    Parameters
    ----------
    market
        Links of all importers, with members that are blocs joined.
    setting
        Who plans against whom, what is cut, what must hold.
    priced
        Costs, and what limits plants and stocks.
    traced
        From :func:`~friendshore.planning.tracing.traced_shares`; unknown without it.

    Raises
    ------
    MissingDataError
        ``missing_price`` where a member buys at no known price; ``supplier_sells_none`` where a shock stops nothing.
    """
    bounds = np.array(setting.bounds, np.float64)
    bought, price = prices_of(market, setting)
    spent = np.where(bought > 0, bought * price, 0.0)
    little = (bought > 0) & (spent < setting.negligible_usd)
    demand = np.where(little, 0.0, bought)
    filled = np.where(np.isfinite(price), price, known_costs(market, setting, price)[None, :])
    rows, product, member = _rows(market, setting)
    tons = market.links.tons[rows]
    planned = (demand[member, product] > 0) & ((tons == 0) | (tons >= DUST * demand[member, product]))
    at = (rows[planned], product[planned], member[planned])
    # What is bought is what the links that count bring, to the last digit: all of it may have to be kept.
    demand = np.zeros_like(demand)
    np.add.at(demand, (at[2], at[1]), market.links.tons[at[0]])
    arrivals = tuple(
        arrivals_of(market, shocks, case.months, bounds)
        for case, shocks in zip(setting.cases, setting.shocks, strict=True)
    )
    fed, unknown = feed_open(market, setting, arrivals)
    held, known = _stock_held(market, setting)
    ground = minable(market, setting) | priced.stated
    exports, customers = own_exports(market, setting, price)
    problem = Problem(
        members=setting.members,
        products=setting.products,
        hosts=setting.hosts,
        bounds=bounds,
        demand_t=demand,
        price=filled,
        own_exports_t=exports,
        export_customers=customers,
        feed_open=fed,
        stock_held_t=held,
        stock_most_t=_stock_most(priced, demand, held),
        buildable=ground & (priced.most_t > 0),
        capacity_most_t=np.where(ground, priced.most_t, 0.0),
        limits=setting.limits,
        rule=setting.rule,
        quantities=market.quantities,
        **_links(market, setting, at, filled, traced),
        **_in_cases(market, setting, at[0], arrivals),
        **_plants(priced, bounds),
    )
    return Assembled(
        problem,
        market,
        setting,
        at[0],
        arrivals,
        known,
        tuple((setting.members[m], setting.products[k], float(spent[m, k])) for m, k in np.argwhere(little)),
        unknown,
        tuple((setting.hosts[h], setting.products[k]) for h, k in np.argwhere(~ground & (priced.most_t > 0))),
    )


def _in_cases(
    market: Market, setting: Setting, rows: Indices, arrivals: tuple[Arrivals, ...]
) -> dict[str, Any]:
    """Return what happens to links in each case: what arrives, what is freed, how fast others step in."""
    bounds, parameters = np.array(setting.bounds, np.float64), setting.parameters
    freed = [
        freed_supply(market, each, parameters, case.months, bounds, rows)
        for each, case in zip(arrivals, setting.cases, strict=True)
    ]
    return {
        "cases": _struck(market, setting, arrivals),
        "open_share": np.array([each.open_share[:, rows] for each in arrivals]),
        "freed_t": np.array(freed),
        "growth_share": growth_share(parameters, bounds),
        "headroom_share": parameters.link_headroom,
        "ramp_share": ramp_share(parameters, bounds),
    }


def _plants(priced: Priced, bounds: Floats) -> dict[str, Any]:
    return {
        "lump_t": priced.lump_t,
        "online_share": online_share(priced.build_months, priced.notice_months, bounds),
        "least_use_share": priced.least_use_share,
        "costs": priced.costs,
    }


def _struck(market: Market, setting: Setting, arrivals: tuple[Arrivals, ...]) -> tuple[Case, ...]:
    """Tell of each case which members lose any of what they buy."""
    links = market.links
    places = np.array([market.place.get(code, -1) for code in setting.products])
    bought = (links.tons > 0) & np.isin(links.product, places)
    found = []
    for case, each in zip(setting.cases, arrivals, strict=True):
        short = bought & (each.open_share < 1.0 - 1e-12).any(axis=0)
        hit = set(links.importer[short].tolist())
        names = tuple(name for name in setting.members if market.position[name] in hit)
        found.append(case.model_copy(update={"struck": names}))
    return tuple(found)


def _rows(market: Market, setting: Setting) -> tuple[Indices, Indices, Indices]:
    """Return the members' links, sorted by product, member and supplier, with product and member of each."""
    links = market.links
    product = np.full(len(market.products), -1)
    for k, code in enumerate(setting.products):
        if code in market.place:
            product[market.place[code]] = k
    member = np.full(len(market.countries), -1)
    member[[market.position[code] for code in setting.members]] = np.arange(len(setting.members))
    rows = np.flatnonzero((product[links.product] >= 0) & (member[links.importer] >= 0))
    order = np.lexsort((links.exporter[rows], member[links.importer[rows]], product[links.product[rows]]))
    rows = rows[order]
    return rows, product[links.product[rows]], member[links.importer[rows]]


def _links(
    market: Market,
    setting: Setting,
    at: tuple[Indices, Indices, Indices],
    price: Floats,
    traced: Floats | None,
) -> dict[str, Any]:
    """Return the arrays of links, and the names of suppliers."""
    links = market.links
    rows, product, member = at
    exporters, supplier = np.unique(links.exporter[rows], return_inverse=True)
    concern = np.isin(links.exporter[rows], _positions(market, setting.concern))
    usable = links.usable[rows] if setting.parameters.grades else np.ones(len(rows), bool)
    value = links.unit_value[rows]
    usable = usable & np.isfinite(value) & (value > 0)
    usable &= ~np.isin(links.exporter[rows], _positions(market, setting.avoid))
    spare = spare_of(market, setting.parameters)
    shares = np.full(len(rows), np.nan) if traced is None else traced[product, links.exporter[rows]]
    return {
        "suppliers": tuple(market.countries[n] for n in exporters.tolist()),
        "link_product": product,
        "link_member": member,
        "link_supplier": supplier.astype(np.int64),
        "link_t": links.tons[rows],
        "link_price": np.where(np.isfinite(value) & (value > 0), value, price[member, product]),
        "link_usable": usable,
        "link_concern": concern,
        # A fellow member is a friend too.
        "link_partner": np.isin(
            links.exporter[rows], _positions(market, (*setting.partners, *setting.members))
        ),
        "link_traced": np.where(concern, 1.0, shares),
        "link_claim_t": claims(market, rows, spare, usable & ~concern, setting.rule),
        "link_spare_t": np.where(concern, 0.0, spare[links.seller[rows]]),
        "link_fee_usd": _fees(market, setting, rows),
    }


def _positions(market: Market, names: tuple[str, ...]) -> list[int]:
    return [market.position[name] for name in names if name in market.position]


def _fees(market: Market, setting: Setting, rows: Indices) -> Floats:
    """Return what it costs to qualify each link; 0 where a shared standard covers it or nothing is said of it."""
    links = market.links
    fees = np.zeros(len(rows))
    for standard in setting.standards:
        hit = np.isin(links.importer[rows], _positions(market, standard.members))
        hit &= np.isin(links.exporter[rows], _positions(market, standard.suppliers))
        hit &= np.isin(links.product[rows], [market.place.get(code, -1) for code in standard.products])
        fees[hit] = np.maximum(fees[hit], standard.fee_usd)
    return fees


def _stock_held(market: Market, setting: Setting) -> tuple[Floats, NDArray[np.bool_]]:
    """Return stated stocks in tons by (member, product), 0 where unknown, and whether they are known."""
    target, known = target_of(market, setting.stocks)
    shape = (len(setting.members), len(setting.products))
    tons, told = np.zeros(shape), np.zeros(shape, bool)
    for m, member in enumerate(setting.members):
        for k, code in enumerate(setting.products):
            buyer = market.buyer(code, member)
            if buyer >= 0:
                tons[m, k], told[m, k] = target[buyer], known[buyer]
    return tons, told


def _stock_most(priced: Priced, demand: Floats, held: Floats) -> Floats:
    """Return the most that may be added: by policy, by what keeps, by what can be filled before the cut."""
    policy = demand * priced.most_days / DAYS_A_YEAR - held
    keeps = demand * priced.keeps_months / 12 - held
    filled = demand / 12 * priced.fill_share * priced.notice_months
    return np.maximum(0.0, np.minimum(np.minimum(policy, keeps), filled))
