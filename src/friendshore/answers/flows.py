"""Flows behind a brief: who supplies the importers, by which route, and who else buys from the same supplier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from friendshore.answers.actors import Actor, positions
from friendshore.exposure.concentration import import_concentration, world_export_hhi
from friendshore.exposure.lookthrough import routes, system
from friendshore.tables.blocs import members as bloc_members
from friendshore.tables.trade import Trade
from friendshore.tables.world import World

__all__ = [
    "History",
    "OtherBuyer",
    "Supply",
    "concentration_history",
    "main_route",
    "other_buyers",
    "suppliers_of",
]


@dataclass(frozen=True)
class Supply:
    """What one country supplies to the importer over all products asked about."""

    supplier: str
    share: float
    """Mean over the products of its share by value, each product counting the same."""
    led: int
    """Products of which it is the largest supplier."""
    imports_usd: float


@dataclass(frozen=True)
class OtherBuyer:
    """Another importer of the products at issue."""

    importer: str
    share: float
    """Share of its imports of these products, by value, that comes from the suppliers."""
    imports_usd: float
    supplied_usd: float
    above_half: int
    """Products of which more than half comes from the suppliers."""


@dataclass(frozen=True)
class History:
    """Concentration of imports (or of world exports) of one product by year; None where there are none."""

    importer: str
    """Name of the actor, or empty for the world's exporters."""
    product: str
    hhi: dict[int, float | None]


def node(trade: Trade, actor: Actor, year: int, world: World) -> tuple[Trade, int, list[int] | None]:
    """Return the trade with the actor as one node, its position, and its members' positions if joined."""
    if actor.is_country:
        return trade, world.position[actor.name], None
    inside = positions(actor.members(year), world)
    return trade.joined(inside, actor.name), len(trade.countries), inside


def suppliers_of(world: World, actor: Actor, year: int, products: Sequence[str]) -> list[Supply]:
    """List the countries that supply an importer, largest mean share first."""
    trade, place, _ = node(world.trade((year,), products), actor, year, world)
    mine = trade.take(trade.importer == place)
    bought = np.bincount(mine.product, mine.value_usd, len(trade.products))
    count = int((bought > 0).sum())
    share = np.divide(
        mine.value_usd, bought[mine.product], out=np.zeros(len(mine)), where=bought[mine.product] > 0
    )
    at = import_concentration(mine)
    led = np.bincount(at.top_supplier[at.top_supplier >= 0], minlength=len(trade.countries))
    mean = np.bincount(mine.exporter, share, len(trade.countries)) / max(count, 1)
    value = np.bincount(mine.exporter, mine.value_usd, len(trade.countries))
    found = [
        Supply(trade.countries[n], float(mean[n]), int(led[n]), float(value[n]))
        for n in np.flatnonzero(value > 0)
    ]
    return sorted(found, key=lambda s: (-s.share, s.supplier))


def main_route(
    world: World, actor: Actor, year: int, product: str, suppliers: Sequence[str]
) -> tuple[str, float, float] | None:
    """Name the third country that carries most of the hidden part, with its low and high share of imports."""
    trade, place, inside = node(world.trade((year,), (product,)), actor, year, world)
    output = world.product_output.get(product)
    tons = None if output is None else output.in_year(year, len(world.countries))
    network = system(trade, tons, joined=inside)
    found = routes(network, place, positions(suppliers, world))
    for n, via in enumerate(found.via):
        if not found.direct[n] and found.share_high[n] > 0:
            return trade.countries[int(via)], float(found.share_low[n]), float(found.share_high[n])
    return None


def concentration_history(world: World, actors: Sequence[Actor], products: Sequence[str]) -> list[History]:
    """Measure the concentration of each importer's purchases, and of world exports, in every year, by value."""
    trade = world.trade(None, products)
    found: dict[tuple[str, str], dict[int, float | None]] = {}
    for actor in actors:
        for year in world.years:
            if actor.is_country:
                continue
            if not has_members(actor, year):
                continue
            joined, place, _ = node(trade.of(year=year), actor, year, world)
            record(found, joined.take(joined.importer == place), actor.name)
        if actor.is_country:
            record(found, trade.take(trade.importer == world.position[actor.name]), actor.name)
    exports = world_export_hhi(trade)
    for n in range(len(exports.hhi)):
        key = ("", world.products[int(exports.product[n])])
        found.setdefault(key, {})[int(exports.year[n])] = known(float(exports.hhi[n]))
    return [
        History(name, code, {year: found.get((name, code), {}).get(year) for year in world.years})
        for code in products
        for name in (*(actor.name for actor in actors), "")
    ]


def record(found: dict[tuple[str, str], dict[int, float | None]], mine: Trade, name: str) -> None:
    """Add the concentration of one importer's flows, by product and year."""
    at = import_concentration(mine)
    for n in range(len(at.hhi)):
        key = (name, mine.products[int(at.product[n])])
        found.setdefault(key, {})[int(at.year[n])] = known(float(at.hhi[n]))


def has_members(actor: Actor, year: int) -> bool:
    """Tell whether every bloc in the actor had members at the end of that year."""
    from datetime import date

    return all(kind == "country" or bloc_members(key, date(year, 12, 31)) for kind, key in actor.parts)


def known(number: float) -> float | None:
    """NaN is unknown."""
    return number if np.isfinite(number) else None


def other_buyers(
    world: World,
    year: int,
    products: Sequence[str],
    *,
    suppliers: Sequence[str],
    members: Sequence[str],
    most: int,
) -> list[OtherBuyer]:
    """List the largest other importers of some products, the most dependent on the suppliers first."""
    trade = world.trade((year,), products)
    places = len(trade.countries)
    sells = np.zeros(places, bool)
    sells[positions(suppliers, world)] = True
    bought = np.bincount(trade.importer, trade.value_usd, places)
    supplied = np.bincount(trade.importer, np.where(sells[trade.exporter], trade.value_usd, 0.0), places)
    at = import_concentration(trade, suppliers=positions(suppliers, world))
    above = np.bincount(at.importer[at.supplier_share > 0.5], minlength=places)
    outside = np.ones(places, bool)
    outside[positions([*suppliers, *members], world)] = False
    largest = [int(n) for n in np.lexsort((np.arange(places), -bought)) if outside[n] and bought[n] > 0][
        :most
    ]
    found = [
        OtherBuyer(
            trade.countries[n],
            float(supplied[n] / bought[n]),
            float(bought[n]),
            float(supplied[n]),
            int(above[n]),
        )
        for n in largest
    ]
    return sorted(found, key=lambda b: (-b.share, b.importer))


def basket_share(
    world: World, actor: Actor, year: int, products: Sequence[str], suppliers: Sequence[str]
) -> OtherBuyer | None:
    """Measure the same for one of the importers asked about."""
    trade, place, _ = node(world.trade((year,), products), actor, year, world)
    mine = trade.take(trade.importer == place)
    total = float(mine.value_usd.sum())
    if total <= 0:
        return None
    sells = np.isin(mine.exporter, positions(suppliers, world))
    supplied = float(mine.value_usd[sells].sum())
    at = import_concentration(mine, suppliers=positions(suppliers, world))
    return OtherBuyer(actor.name, supplied / total, total, supplied, int((at.supplier_share > 0.5).sum()))
