"""What is to be run: a market, its shocks and stocks, from a scenario or from the options of a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from friendshore.answers.actors import importers_of, refuse_overlap, supplier_set
from friendshore.answers.framing import chosen_products
from friendshore.answers.settings import Nodes, largest_buyers, market_for, nodes_of, shocks_of, stocks_of
from friendshore.disruption.market import Market, default_base_years
from friendshore.disruption.scenario_files import Scenario, load_scenario
from friendshore.errors import ArgumentError, MissingDataError
from friendshore.parameters import Parameters
from friendshore.shocks import Shock, StockCover
from friendshore.tables.world import World

__all__ = ["Case", "Cut", "case_asked", "case_of_cut", "case_of_scenario", "refuse_both"]

MOST_SHOWN = 10
"""Importers that are shown where a scenario strikes the world and nobody was asked about."""


@dataclass(frozen=True)
class Cut:
    """The options of a question without a scenario."""

    on: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    group: str = ""
    lost_share: float = 1.0
    months: int = 12
    cover_days: float | None = None
    world_cut: bool = False
    quantities: str = "cleaned"


@dataclass(frozen=True)
class Case:
    """Everything that a run needs."""

    market: Market
    nodes: Nodes
    shocks: tuple[Shock, ...]
    stocks: tuple[StockCover, ...]
    parameters: Parameters
    months: int
    named: tuple[str, ...] = ()
    """Products that were named one by one, not as part of a group or material."""
    chosen: bool = True
    """False where the importers shown were picked by what they buy."""

    @property
    def products(self) -> tuple[str, ...]:
        """Codes that any shock strikes, in order."""
        return tuple(dict.fromkeys(code for shock in self.shocks for code in shock.products))


def case_asked(
    cut: Cut, importers: Sequence[str], followed: tuple[str | Path, str], world: World, *, as_bloc: bool
) -> Case:
    """Build the run of what was asked: of a scenario and its case where one is named, else of the cut."""
    scenario, case = followed
    if str(scenario):
        refuse_both(cut)
        return case_of_scenario(load_scenario(scenario).of_case(case), importers, world, as_bloc=as_bloc)
    if case:
        raise ArgumentError(
            f"The case {case!r} was named without a scenario.",
            code="no_case",
            hint="Name the scenario that it belongs to: --scenario FILE.yaml",
        )
    return case_of_cut(cut, importers, world, as_bloc=as_bloc)


def refuse_both(cut: Cut) -> None:
    """Refuse options beside a scenario, which says all of that itself."""
    plain = Cut()
    names = {
        "on": "--on", "products": "--product", "group": "--group", "lost_share": "--lost-share", "months": "--months",
        "cover_days": "--cover-days", "world_cut": "--world", "quantities": "--quantities",
    }  # fmt: skip
    both = [option for name, option in names.items() if getattr(cut, name) != getattr(plain, name)]
    if both:
        raise ArgumentError(
            f"--scenario was given together with {', '.join(both)}, which the scenario says itself.",
            code="conflicting_options",
            hint="Write it into a scenario of your own that extends the other one: extends: NAME",
        )


def case_of_scenario(scenario: Scenario, importers: Sequence[str], world: World, *, as_bloc: bool) -> Case:
    """Build the run of a scenario; importers replace those that it shows."""
    file = scenario.file
    years = file.base_years or default_base_years(world)
    absent = sorted(set(years) - set(world.years))
    if absent:
        raise MissingDataError(
            f"{scenario.chain[0]}: no trade in base year {absent[0]}; the data cover {world.years[0]} to "
            f"{world.years[-1]}.",
            code="no_such_year",
            hint="Choose base_years within the data.",
        )
    # Before anything is joined: tells the names that nobody bears, with their lines.
    alone = shocks_of(scenario, Nodes((), {}, date(max(years), 12, 31)), world)
    named = list(importers or file.importers or (file.plan.members if file.plan else ()))
    named = named or list(dict.fromkeys(name for entry in file.shocks for name in entry.importers))
    stopped = [(shock.suppliers, shock.products) for shock in alone]
    names = named or largest_buyers(world, stopped, years, MOST_SHOWN)
    if not names:
        raise MissingDataError(
            f"{scenario.chain[0]}: nobody bought what it stops in {years[0]}-{years[-1]}.",
            code="supplier_sells_none",
            hint="See who sells with: friendshore exposure",
        )
    actors = importers_of(names, world, as_bloc=as_bloc or (file.as_bloc and not importers))
    nodes = nodes_of(actors, world, years)
    shocks = shocks_of(scenario, nodes, world)
    for actor in actors:
        if any(actor.name in shock.suppliers for shock in shocks if not shock.routes):
            refuse_overlap(actor, actor.members(max(years)), max(years))
    market = market_for(world, nodes, years, file.quantities)
    stocks = stocks_of(scenario, nodes, world)
    products = tuple(dict.fromkeys(code for entry in file.shocks for code in entry.products))
    return Case(market, nodes, shocks, stocks, scenario.parameters, file.months, products, bool(named))


def case_of_cut(cut: Cut, importers: Sequence[str], world: World, *, as_bloc: bool) -> Case:
    """Build the run of one cut, aimed at the importers or at the world."""
    if not cut.on:
        raise ArgumentError(
            "Nobody was named who stops.",
            code="no_supplier",
            hint="Add it, as --on AUS, or give a scenario: --scenario FILE.yaml",
        )
    if not cut.products and not cut.group:
        raise ArgumentError(
            "No product was named.", code="no_product", hint="Add it, as --product 250410, or --group NAME."
        )
    years = default_base_years(world)
    actors = importers_of(importers, world, as_bloc=as_bloc)
    codes = chosen_products(cut.products, cut.group, world)
    suppliers = supplier_set(cut.on, world, max(years))
    for actor in actors:
        refuse_overlap(actor, suppliers, max(years))
    nodes = nodes_of(actors, world, years)
    shock = Shock(
        id="cut",
        suppliers=nodes.expand(cut.on, world, "supplier"),
        importers=() if cut.world_cut else tuple(actor.name for actor in actors),
        products=codes,
        lost_share=cut.lost_share,
        duration_months=cut.months,
    )
    stocks = tuple(StockCover(importer=actor.name, days=cut.cover_days) for actor in actors)
    market = market_for(world, nodes, years, cut.quantities)
    return Case(market, nodes, (shock,), stocks, Parameters(), cut.months, cut.products)
