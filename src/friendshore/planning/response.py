"""The answer to pressure: what members do when a cut comes, run month by month, with and without each other.

A release or a redirected export that serves its owner is its own answer; one that serves others is the joint one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from friendshore.disruption.market import Market
from friendshore.disruption.path import Path, run_path
from friendshore.disruption.reading import months_until
from friendshore.disruption.striking import struck_links, target_of
from friendshore.parameters import Parameters
from friendshore.planning.assembling import prices_of
from friendshore.planning.carried_out import Changes, turn_round
from friendshore.planning.own_supply import own_exports
from friendshore.planning.problem import Limits
from friendshore.planning.setting import Setting
from friendshore.shocks import DAYS_PER_MONTH, Shock, StockCover
from friendshore.tables.trade import Floats

__all__ = ["EXPORTS", "STOCK", "Act", "Pressure", "Reaction", "react", "struck_by"]

STOCK, EXPORTS = "stock", "exports"


@dataclass(frozen=True)
class Act:
    """One thing that a member does when pressure comes."""

    kind: str
    """``stock`` or ``exports``."""
    member: str
    products: tuple[str, ...]
    share: float | None = None
    """Of its stock, or of its usable exports to outsiders."""
    days: float | None = None
    """Of stock: days of its base demand instead of a share."""
    to: tuple[str, ...] = ()
    """Who gets it; without it, whoever is struck, by what is missing."""
    over_months: int | None = None
    """Of stock: months over which it is released; without it, as needed."""


@dataclass(frozen=True, eq=False)
class Pressure:
    """What comes, and what is stated about the answer."""

    market: Market
    members: tuple[str, ...]
    products: tuple[str, ...]
    """That the trigger strikes."""
    shocks: tuple[Shock, ...]
    struck: tuple[str, ...]
    """Members whom the trigger strikes."""
    concern: tuple[str, ...]
    """Suppliers of the trigger."""
    first_month: int
    """In which the trigger begins."""
    months: int
    """Length of the run: until the trigger ends."""
    acts: tuple[Act, ...]
    stocks: tuple[StockCover, ...] = ()
    parameters: Parameters = field(default_factory=Parameters)


@dataclass(frozen=True, eq=False)
class Reaction:
    """What happens under one answer. Arrays (member, product)."""

    path: Path
    demand_t: Floats
    """Of the months from the trigger on."""
    shortage_t: Floats
    months: Floats
    """From the first month struck until more than a tenth of demand is missing; the whole run where that never
    happens, NaN where nothing is bought or struck."""
    released_t: Floats
    """From the member's stock: tons that were taken, or moved to another's stock."""
    redirected_t: Floats
    """Of the member's exports: tons that were taken."""
    lost_t: Mapping[tuple[str, str], float]
    """By (country, product), tons of redirected exports that a customer does not get."""
    acting: tuple[str, ...]
    """Members that did anything."""


def struck_by(market: Market, trigger: Sequence[Shock], members: Iterable[str]) -> tuple[str, ...]:
    """Return the members that lose something by a trigger."""
    links = market.links
    hit = np.zeros(len(links.tons), bool)
    for shock in trigger:
        hit |= struck_links(market, shock) & (links.tons > 0)
    named = set(links.importer[hit].tolist())
    return tuple(member for member in members if market.position[member] in named)


def react(
    pressure: Pressure, acting: Sequence[str], *, joint: bool, before: Reaction | None = None
) -> Reaction:
    """Run an answer.

    Parameters
    ----------
    pressure
        What comes.
    acting
        Members that answer. Without any: no reaction, and stock that its owner would release for itself stays shut.
    joint
        Whether they act for each other; else each for itself alone.
    before
        The run without a reaction, which says what is missing; needed where an act names nobody who gets it.
    """
    changes = Changes.of(pressure.market)
    stock = _stocks(pressure)
    held = stock.copy()
    moved = np.zeros_like(held)
    lost: dict[tuple[str, str], float] = {}
    exports = _exports(pressure)
    did: dict[str, None] = {}
    for act in pressure.acts:
        m = pressure.members.index(act.member)
        for k in (pressure.products.index(code) for code in act.products if code in pressure.products):
            parts = _parts(pressure, act, k, acting, joint, before)
            most = _wanted(pressure, parts, k, before)
            if act.kind == EXPORTS:
                done = _redirect(pressure, changes, act, k, parts, exports, lost, most)
            else:
                done = _release(pressure, changes, act, (m, k), parts, stock, held, moved, most)
            if done:
                did[act.member] = None
    return _run(pressure, changes, (stock, held, moved), lost, tuple(did))


def _parts(
    pressure: Pressure, act: Act, k: int, acting: Sequence[str], joint: bool, before: Reaction | None
) -> dict[str, float]:
    """Return who gets what part of what an act gives; nobody where its owner does not act."""
    if act.member not in acting:
        return {}
    if joint:
        return _receivers(pressure, act, k, before)
    return {act.member: 1.0} if act.member in (act.to or pressure.struck) else {}


def _wanted(pressure: Pressure, parts: Mapping[str, float], k: int, before: Reaction | None) -> float:
    """Return the tons that those who get something miss without a reaction: nobody gives more than that."""
    if before is None or any(name not in pressure.members for name in parts):
        return np.inf
    return float(sum(before.shortage_t[pressure.members.index(name), k] for name in parts))


def _stocks(pressure: Pressure) -> Floats:
    """Return stated stocks in tons by (member, product); 0 where none is stated."""
    target, _ = target_of(pressure.market, pressure.stocks)
    buyers = _buyers(pressure)
    return np.asarray(np.where(buyers >= 0, target[buyers], 0.0), np.float64)


def _buyers(pressure: Pressure) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    market = pressure.market
    found = [[market.buyer(code, name) for code in pressure.products] for name in pressure.members]
    return np.array(found, np.int64).reshape(len(pressure.members), len(pressure.products))


def _receivers(pressure: Pressure, act: Act, k: int, before: Reaction | None) -> dict[str, float]:
    """Return who gets what part: by what each misses without a reaction, in equal parts where it is named alone."""
    names = act.to or pressure.struck
    buying = [name for name in names if pressure.market.buyer(pressure.products[k], name) >= 0]
    missing = {
        name: float(before.shortage_t[pressure.members.index(name), k])
        if before is not None and name in pressure.members
        else 0.0
        for name in buying
    }
    total = sum(missing.values())
    if total > 0.0:
        return {name: tons / total for name, tons in missing.items() if tons > 0.0}
    return {name: 1.0 / len(buying) for name in buying} if act.to else {}


def _release(
    pressure: Pressure, changes: Changes, act: Act, at: tuple[int, int], parts: Mapping[str, float],
    stock: Floats, held: Floats, moved: Floats, most: float,
) -> bool:  # fmt: skip
    """Take a release from its owner's stock and give it to those who get it; return whether anything is given."""
    code = pressure.products[at[1]]
    tons = min(_released(pressure, act, at, stock), float(held[at]))
    if tons <= 0.0:
        return False
    if not parts:
        # What its owner would release for itself is a reserve: without a reaction nobody touches it.
        if act.member in (act.to or pressure.struck):
            held[at] -= tons
        return False
    tons = min(tons, most)
    if tons <= 0.0:
        return False
    held[at] -= tons
    if act.over_months is not None:
        last = min(pressure.months, pressure.first_month + act.over_months)
        yearly = tons * 12 / act.over_months
        there = np.zeros(pressure.months)
        there[pressure.first_month : last] = 1.0
        outlets = [(name, 0.0, yearly * part) for name, part in parts.items()]
        changes.add(f"{act.member}: stock released", code, yearly, outlets, there)
        return True
    moved[at] += tons
    for name, part in parts.items():
        if name in pressure.members:
            held[pressure.members.index(name), at[1]] += tons * part
    return True


def _released(pressure: Pressure, act: Act, at: tuple[int, int], stock: Floats) -> float:
    """Return the tons that a release names, at most what its owner holds."""
    if act.share is not None:
        return float(stock[at]) * act.share
    buyer = pressure.market.buyer(pressure.products[at[1]], act.member)
    if buyer < 0:
        return 0.0
    monthly = float(pressure.market.links.buyer_tons[buyer]) / 12
    return min(float(stock[at]), monthly * (act.days or 0.0) / DAYS_PER_MONTH)


def _exports(pressure: Pressure) -> tuple[Floats, tuple[tuple[tuple[str, float], ...], ...]]:
    """Return the members' usable exports to outsiders, and whose they are today."""
    setting = Setting(
        members=pressure.members, concern=pressure.concern, partners=(), hosts=(), products=pressure.products,
        cases=(), shocks=(), bounds=(0.0, float(pressure.months)), limits=Limits(),
    )  # fmt: skip
    demand, price = prices_of(pressure.market, setting)
    return own_exports(pressure.market, setting, np.where(demand > 0, price, np.nan))


def _redirect(
    pressure: Pressure, changes: Changes, act: Act, k: int, parts: Mapping[str, float],
    exports: tuple[Floats, tuple[tuple[tuple[str, float], ...], ...]], lost: dict[tuple[str, str], float],
    most: float,
) -> bool:  # fmt: skip
    """Turn a member's exports round from the month of the trigger on; return whether anything is turned."""
    m, code = pressure.members.index(act.member), pressure.products[k]
    yearly = float(exports[0][m, k]) * (act.share or 0.0)
    yearly = min(yearly, most * 12 / max(1, pressure.months - pressure.first_month))
    if yearly <= 0.0 or not parts:
        return False
    since = (np.arange(pressure.months) >= pressure.first_month).astype(np.float64)
    customers = exports[1][m * len(pressure.products) + k]
    before = changes.tons.copy()
    takers = {name: yearly * part * since for name, part in parts.items()}
    turn_round(changes, act.member, code, customers, takers)
    links = pressure.market.links
    gone = before - changes.tons
    for row in np.flatnonzero(gone > 0.0).tolist():
        key = (pressure.market.countries[int(links.importer[row])], code)
        lost[key] = lost.get(key, 0.0) + float(gone[row]) * pressure.months / 12
    return bool((gone > 0.0).any())


def _run(
    pressure: Pressure, changes: Changes, stocks: tuple[Floats, Floats, Floats],
    lost: Mapping[tuple[str, str], float], acting: tuple[str, ...],
) -> Reaction:  # fmt: skip
    """Run the months and read them."""
    stock, held, moved = stocks
    buyers = _buyers(pressure)
    tons = pressure.market.links.buyer_tons
    covers = tuple(
        StockCover(
            importer=pressure.members[m], product=pressure.products[k],
            days=max(0.0, float(held[m, k])) / (float(tons[buyers[m, k]]) / 12) * DAYS_PER_MONTH,
        )
        for m, k in np.argwhere((held != stock) & (buyers >= 0)).tolist()
    )  # fmt: skip
    market = changes.done(pressure.parameters)
    path = run_path(
        market,
        (*pressure.shocks, *changes.comings),
        months=pressure.months,
        stocks=(*pressure.stocks, *covers),
        parameters=pressure.parameters,
        watch=np.unique(buyers[buyers >= 0]).tolist(),
    )
    first = pressure.first_month
    short, wanted, drawn = (
        _watched(path, buyers, each[0]) for each in (path.shortage_t, path.demand_t, path.drawn_t)
    )
    start = np.full(buyers.size, first)
    evenly = pressure.parameters.stock_rule == "stretch"
    flat = [each.reshape(pressure.months, -1) for each in (short, wanted, drawn)]
    until = months_until(flat[0], flat[1], flat[2], 0.1, start, evenly=evenly).reshape(buyers.shape)
    lasting = np.where(np.isnan(until), float(pressure.months - first), until)
    return Reaction(
        path=path,
        demand_t=wanted[first:].sum(axis=0),
        shortage_t=short[first:].sum(axis=0),
        months=np.where(buyers >= 0, lasting, np.nan),
        released_t=moved + _sold(pressure, path, "stock released"),
        redirected_t=_sold(pressure, path, "exports kept"),
        lost_t=dict(lost),
        acting=acting,
    )


def _watched(path: Path, buyers: np.ndarray[tuple[int, int], np.dtype[np.int64]], months: Floats) -> Floats:
    """Return (month, member, product) of an output; 0 where the member does not buy the product."""
    at = np.minimum(np.searchsorted(path.buyers, np.maximum(buyers, 0)), len(path.buyers) - 1)
    return np.asarray(np.where(buyers >= 0, months[:, at], 0.0), np.float64)


def _sold(pressure: Pressure, path: Path, what: str) -> Floats:
    """Return by (member, product) the tons that an added seller sold in the run."""
    found = np.zeros((len(pressure.members), len(pressure.products)))
    links, market = path.market.links, path.market
    for m, member in enumerate(pressure.members):
        nodes = [n for name, n in market.position.items() if name.startswith(f"{member}: {what}")]
        own = np.isin(links.exporter, nodes)
        for k, code in enumerate(pressure.products):
            found[m, k] = path.delivered_t[0, own & (links.product == market.place[code])].sum()
    return found
