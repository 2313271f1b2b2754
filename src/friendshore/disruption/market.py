"""The market before anything happens: links, spare capacity, feeds, by-products, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from friendshore.disruption.feeds import Feeds, FeedStep, feed_steps, feeds_of
from friendshore.disruption.links import NEW_LINKS, Base, Links, base_of, links_of, peaks
from friendshore.errors import ArgumentError, MissingDataError
from friendshore.tables.trade import Floats, Indices, Trade
from friendshore.tables.world import World

__all__ = ["Market", "default_base_years", "market_of"]

BASE_YEARS = 3
PEAK_YEARS = 7
"""How many years back, the newest full one included, an exporter's own peak is looked for."""
KEPT_SELLERS = 100_000
"""Most sellers of a market that is kept with its world, so that a page builds it once."""


@dataclass(frozen=True, eq=False)
class Market:
    """Everything that a path starts from. Tons here are a year's."""

    world: World
    countries: tuple[str, ...]
    """ISO3 codes and joined blocs; positions of ``links``."""
    products: tuple[str, ...]
    base_years: tuple[int, ...]
    peak_years: tuple[int, ...]
    quantities: str
    links: Links
    base: Base
    spare: Floats
    """By seller, own peak less base, tons a year."""
    by_product: Floats
    """By seller, 1 where the product is won beside another, 0.5 where in part."""
    feeds: Feeds
    extra: Floats | None = None
    """By link, tons a year that it carries at once beyond its base, whatever its grade and headroom (a plant of its
    own, exports kept for it); None where no link does, as in the data."""

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Country code -> position in ``countries``."""
        return {code: n for n, code in enumerate(self.countries)}

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Product code -> position in ``products``."""
        return {code: n for n, code in enumerate(self.products)}

    def buyer(self, product: str, importer: str) -> int:
        """Position of a buyer, or -1 where the importer buys no known tons of the product."""
        found = np.flatnonzero(
            (self.links.buyer_product == self.place.get(product, -1))
            & (self.links.buyer_country == self.position.get(importer, -1))
        )
        return int(found[0]) if len(found) else -1


def default_base_years(world: World) -> tuple[int, ...]:
    """Return the newest three full years of a world."""
    return tuple(year for year in world.years if year <= world.default_year)[-BASE_YEARS:]


def market_of(
    world: World,
    products: Sequence[str] = (),
    *,
    base_years: Sequence[int] = (),
    quantities: str = "cleaned",
    joined: Mapping[str, Sequence[str]] | None = None,
    steps: Sequence[FeedStep] | None = None,
    new_links: int = NEW_LINKS,
) -> Market:
    """Build the base of a run.

    Parameters
    ----------
    world
        The opened tables.
    products
        Codes of the run; all by default. Codes without known tons are refused where they were named.
    base_years
        Years whose mean is the base; the newest three full ones by default.
    quantities
        ``cleaned`` (default: one absurd row would make an absurd peak) or ``raw``.
    joined
        Blocs as one importer and exporter: name -> members' codes.
    steps
        Feed steps; by default those of the stage table.
    new_links
        With how many of the largest exporters new links may be opened.
    """
    years = tuple(base_years) or default_base_years(world)
    together = tuple((name, tuple(members)) for name, members in (joined or {}).items())

    def build() -> Market:
        return _market_of(world, products, years, quantities, together, steps, new_links)

    if steps is not None:
        return build()
    key = ("market", tuple(products), years, quantities, together, new_links)
    return world.once(key, build, lambda market: len(market.spare) <= KEPT_SELLERS)


def _market_of(
    world: World,
    products: Sequence[str],
    years: tuple[int, ...],
    quantities: str,
    joined: Sequence[tuple[str, tuple[str, ...]]],
    steps: Sequence[FeedStep] | None,
    new_links: int,
) -> Market:
    absent = [year for year in years if year not in world.years]
    if absent:
        raise MissingDataError(
            f"No trade in base year {absent[0]}: the data cover {world.years[0]} to {world.years[-1]}",
            code="no_such_year",
            hint="Choose base years within the data",
        )
    peak_years = tuple(range(max(years) - PEAK_YEARS + 1, max(years) + 1))
    codes = _codes(world, products)
    trade = world.trade(tuple(sorted({*years, *peak_years})), codes, quantities=quantities)
    for name, members in joined:
        trade = trade.joined([world.position[code] for code in members], name)
    base = base_of(trade, years)
    place = {code: n for n, code in enumerate(trade.products)}
    codes = _with_tons(codes, base, place, named=bool(products))
    positions = np.array([place[code] for code in codes], np.int64)
    links = links_of(base, positions, len(trade.countries), new_links)
    steps = feed_steps(codes) if steps is None else steps
    return Market(
        world=world,
        countries=trade.countries,
        products=codes,
        base_years=years,
        peak_years=peak_years,
        quantities=quantities,
        links=links,
        base=base,
        spare=_spare(trade, links, positions),
        by_product=np.array([_by_product(code) for code in codes])[links.seller_product],
        feeds=feeds_of(world, links, codes, years, steps),
    )


def _codes(world: World, products: Sequence[str]) -> tuple[str, ...]:
    unknown = [code for code in products if code not in world.products]
    if unknown:
        raise ArgumentError(
            f"Unknown product {unknown[0]}: not among the {len(world.products)} codes of {world.name}",
            code="unknown_product",
            hint="List them with: friendshore products",
        )
    return tuple(dict.fromkeys(products)) or world.products


def _with_tons(
    codes: tuple[str, ...], base: Base, place: Mapping[str, int], *, named: bool
) -> tuple[str, ...]:
    """Return the codes that have known tons in the base; refuse a code that was named and has none."""
    having = set(base.product.tolist())
    without = [code for code in codes if place[code] not in having]
    if without and named:
        raise MissingDataError(
            f"Product {without[0]} has no known tons in the base years, so no path can be run "
            f"({len(without)} such products)",
            code="product_without_tons",
            hint="Choose other base years, or quantities cleaned",
            rows=[{"product": code} for code in without[:5]],
        )
    return tuple(code for code in codes if place[code] in having)


def _spare(trade: Trade, links: Links, positions: Indices) -> Floats:
    most = peaks(trade)[positions]
    beyond: Floats = most[links.seller_product, links.seller_country] - links.seller_tons
    return np.maximum(0.0, beyond)


def _by_product(code: str) -> float:
    """Return 1 where the product's own material is won beside another, 0.5 where in part, else 0."""
    from friendshore.tables.materials import materials
    from friendshore.tables.products import products

    known = products().get(code)
    material = materials().get(known.materials[0]) if known and known.materials else None
    if material is None or not material.by_product_of:
        return 0.0
    return 0.5 if "in part" in material.by_product_of else 1.0
