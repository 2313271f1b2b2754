"""A market with the importers of a question as its nodes, and shocks and stocks in its terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from friendshore.answers.actors import Actor, collect, refuse_absent
from friendshore.answers.framing import chosen_products
from friendshore.disruption.market import Market, default_base_years, market_of
from friendshore.disruption.passages import covered, routes_by
from friendshore.disruption.scenario_files import Scenario
from friendshore.disruption.scenario_schema import ShockEntry
from friendshore.errors import ArgumentError, FriendshoreError, MissingDataError
from friendshore.shocks import Profile, Shock, StockCover, Stopper
from friendshore.tables.blocs import members
from friendshore.tables.materials import materials
from friendshore.tables.world import World

__all__ = [
    "Nodes",
    "codes_of",
    "largest_buyers",
    "market_for",
    "nodes_of",
    "refuse_without_tons",
    "shocks_of",
    "stocks_of",
]

BY_BUYER = {"import_ban", "sanction"}
SHAPES: Mapping[str, Literal["quota", "licensing"]] = {"quota": "quota", "licensing": "licensing"}


@dataclass(frozen=True)
class Nodes:
    """Who is one importer and exporter: a country, or a bloc whose members are joined."""

    actors: tuple[Actor, ...]
    joined: Mapping[str, tuple[str, ...]]
    """Name -> members, of the importers that are no single country."""
    day: date
    """Day of membership."""

    def expand(self, names: Sequence[str], world: World, what: str) -> tuple[str, ...]:
        """Turn ISO3 codes and blocs into nodes; countries that trade nothing in this world are left out.

        Raises
        ------
        ArgumentError
            ``part_of_importer`` where some members of a joined importer are named, and not all.
        """
        node = {code: name for name, codes in self.joined.items() for code in codes}
        codes: dict[str, None] = {}
        for kind, key in collect(names, world):
            inside = (key,) if kind == "country" else members(key, self.day)
            codes.update(dict.fromkeys(inside))
        found: dict[str, None] = {}
        for code in codes:
            whole = self.joined.get(node.get(code, ""), ())
            absent = [member for member in whole if member not in codes]
            if absent:
                raise ArgumentError(
                    f"{what.capitalize()} {code} is a member of {node[code]}, which is one importer here, and "
                    f"{', '.join(absent[:5])} is not named with it.",
                    code="part_of_importer",
                    hint=f"Ask about the members of {node[code]} one by one, or name all of it.",
                )
            if whole or code in world.position:
                found[node.get(code, code)] = None
        if not found:
            raise MissingDataError(
                f"{', '.join(names)}: no such {what} trades in {world.name}.",
                code="no_such_trade",
                hint="See what is loaded: friendshore data list",
            )
        return tuple(found)


def nodes_of(actors: Sequence[Actor], world: World, base_years: Sequence[int]) -> Nodes:
    """Join the importers that are no single country; members as of 31 December of the last base year.

    Raises
    ------
    ArgumentError
        ``overlapping_importers`` where a country would be in two of them.
    """
    year = max(base_years)
    holder: dict[str, str] = {}
    joined: dict[str, tuple[str, ...]] = {}
    for actor in actors:
        refuse_absent(actor, world, year)
        inside = actor.members(year)
        both = [code for code in inside if code in holder]
        if both:
            raise ArgumentError(
                f"{both[0]} belongs to {holder[both[0]]} and to {actor.name}, and can only buy once.",
                code="overlapping_importers",
                hint="Ask about one of them at a time.",
            )
        holder |= dict.fromkeys(inside, actor.name)
        if not actor.is_country:
            joined[actor.name] = tuple(code for code in inside if code in world.position)
    return Nodes(tuple(actors), joined, date(year, 12, 31))


def market_for(world: World, nodes: Nodes, base_years: Sequence[int], quantities: str) -> Market:
    """Build the market of all products, since a feed limits only what is in it."""
    return market_of(world, base_years=base_years, quantities=quantities, joined=nodes.joined)


def shocks_of(scenario: Scenario, nodes: Nodes, world: World) -> tuple[Shock, ...]:
    """Turn a scenario's entries into shocks between nodes; all that cannot be are told at once, with lines."""
    found: list[Shock] = []
    problems: list[FriendshoreError] = []
    for n, (entry, line) in enumerate(zip(scenario.file.shocks, scenario.lines, strict=True)):
        try:
            found.append(_shock(entry, n, nodes, world))
        except FriendshoreError as problem:
            problems.append(problem)
            problem.message = f"Line {line}, shocks[{n}]: {problem.message}"
    if problems:
        first, codes = problems[0], {problem.code for problem in problems}
        raise type(first)(
            f"{scenario.chain[0]}: {' '.join(problem.message for problem in problems)}",
            code=first.code if len(codes) == 1 else "bad_scenario",
            hint=" ".join(dict.fromkeys(problem.hint for problem in problems if problem.hint)),
            rows=[row for problem in problems for row in problem.rows],
        )
    return tuple(found)


def _shock(entry: ShockEntry, number: int, nodes: Nodes, world: World) -> Shock:
    name = entry.id or f"shocks[{number}]"
    suppliers = nodes.expand(entry.suppliers, world, "supplier") if entry.suppliers else ()
    importers = nodes.expand(entry.importers, world, "importer") if entry.importers else ()
    pairs = _pairs(entry, suppliers, importers, nodes, world) if entry.passage else ()
    stopper: Stopper = entry.who_stops or ("buyer" if entry.kind in BY_BUYER else "seller")
    given = entry.profile.model_dump(exclude={"shape"}) if entry.profile else {}
    shape = entry.profile.shape if entry.profile else None
    profile = Profile(shape=shape or SHAPES.get(entry.kind, "full_stop"), **given)
    return Shock(
        id=name,
        kind=entry.kind,
        who_stops=stopper,
        suppliers=tuple(dict.fromkeys(a for a, _ in pairs)) or suppliers,
        importers=() if pairs else importers,
        products=codes_of(entry.products, entry.group, entry.materials, world),
        routes=pairs,
        lost_share=entry.lost_share,
        profile=profile,
        start_month=entry.start_month - 1,
        duration_months=entry.duration_months,
        ramp_months=entry.ramp_months,
        source=entry.source,
    )


def _pairs(
    entry: ShockEntry, suppliers: tuple[str, ...], importers: tuple[str, ...], nodes: Nodes, world: World
) -> tuple[tuple[str, str], ...]:
    """Find the pairs that go by a passage; a joined importer's links do where most of its covered members' do."""
    inside = {code for codes in nodes.joined.values() for code in codes}
    known = covered().intersection(world.position)
    everybody = [*sorted(known - inside), *nodes.joined]
    by = set(routes_by(str(entry.passage)))
    found = []
    for seller in suppliers or everybody:
        for buyer in importers or everybody:
            ways = [
                (a, b)
                for a in known.intersection(nodes.joined.get(seller, (seller,)))
                for b in known.intersection(nodes.joined.get(buyer, (buyer,)))
                if seller != buyer
            ]
            if ways and 2 * len(by.intersection(ways)) > len(ways):
                found.append((seller, buyer))
    if not found:
        raise MissingDataError(
            f"No route between its suppliers and importers leads through {entry.passage}.",
            code="no_such_route",
            hint="Countries outside the 67 areas of the table are not covered: name them in a shock without passage.",
        )
    return tuple(found)


def codes_of(
    products: Sequence[str], groups: Sequence[str], named_materials: Sequence[str], world: World
) -> tuple[str, ...]:
    """Return the codes of products, groups and materials that a world holds, each once.

    Raises
    ------
    ArgumentError
        Names that nobody bears.
    MissingDataError
        ``not_measurable`` where the world holds no stage of the materials.
    """
    codes = list(chosen_products(products, "", world)) if products else []
    for name in named_materials:
        if name not in materials():
            near = [key for key in materials() if key.casefold() == name.casefold()]
            raise ArgumentError(
                f"There is no material {name!r}.",
                code="unknown_material",
                hint=f"Write {near[0]}." if near else "Search for it: friendshore products",
            )
        stages = [stage for stage in materials()[name].stages if stage.measurable]
        codes += [code for stage in stages for code in stage.codes if code in world.products]
    for group in groups:
        codes += chosen_products((), group, world)
    if not codes:
        raise MissingDataError(
            f"{world.name} holds no stage of {', '.join(named_materials)}.",
            code="not_measurable",
            hint="See which stages there are: friendshore products",
        )
    return tuple(dict.fromkeys(codes))


def stocks_of(scenario: Scenario, nodes: Nodes, world: World) -> tuple[StockCover, ...]:
    """Turn a scenario's stocks into those of nodes; of a bloc that is not joined, each member holds them."""
    return tuple(
        StockCover(importer=node, product=product, days=entry.days, source=entry.source)
        for entry in scenario.file.stock_cover
        for node in (
            (entry.importer,)
            if entry.importer in nodes.joined
            else nodes.expand((entry.importer,), world, "importer")
        )
        for product in (chosen_products(entry.products, "", world) if entry.products else ("",))
    )


def refuse_without_tons(market: Market, named: Sequence[str], products: Sequence[str]) -> None:
    """Refuse products without known tons in the base where they were named, or where there are no others."""
    without = [code for code in named if code not in market.place]
    if not without and products and not any(code in market.place for code in products):
        without = list(products)
    if without:
        years = f"{market.base_years[0]}-{market.base_years[-1]}"
        raise MissingDataError(
            f"{', '.join(without[:5])}: no known tons in {years}, so no path can be run.",
            code="product_without_tons",
            hint="Choose other base years, or another product.",
            rows=[{"product": code} for code in without[:5]],
        )


def largest_buyers(
    world: World, shocks: Sequence[tuple[Sequence[str], Sequence[str]]], base_years: Sequence[int], count: int
) -> tuple[str, ...]:
    """Return the countries that buy most, in dollars, of what (suppliers, products) sell; none of the suppliers."""
    years = tuple(base_years) or default_base_years(world)
    codes = sorted({code for _, products in shocks for code in products})
    trade = world.trade(years, codes)
    spent = np.zeros(len(world.countries))
    stopped: set[str] = set()
    for suppliers, products in shocks:
        sellers = [world.position[code] for code in suppliers if code in world.position]
        goods = [trade.products.index(code) for code in products]
        rows = np.isin(trade.exporter, sellers) & np.isin(trade.product, goods)
        spent += np.bincount(trade.importer[rows], trade.value_usd[rows], len(spent))
        stopped |= set(suppliers)
    order = sorted(range(len(spent)), key=lambda n: (-spent[n], world.countries[n]))
    return tuple(world.countries[n] for n in order if spent[n] > 0 and world.countries[n] not in stopped)[
        :count
    ]
