"""A plan's question in terms of a world: members as nodes, markets, cases, costs; and its problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from friendshore.answers.plan_limits import bounds_of, cases_of, limits_of, most_capacity, standards_of
from friendshore.answers.plan_names import named
from friendshore.answers.settings import Nodes, refuse_without_tons, stocks_of
from friendshore.disruption.feeds import feed_steps
from friendshore.disruption.market import Market, default_base_years, market_of
from friendshore.disruption.plan_schema import PlanEntry
from friendshore.disruption.scenario_files import Scenario
from friendshore.errors import ArgumentError, MissingDataError
from friendshore.parameters import Parameters
from friendshore.planning.alike import one_of_alike
from friendshore.planning.assembling import Assembled, assemble
from friendshore.planning.costs import CostBook, End
from friendshore.planning.plant_feeds import feeds_of_plants
from friendshore.planning.pricing import priced
from friendshore.planning.problem import Objective, Problem
from friendshore.planning.setting import Setting
from friendshore.planning.tracing import traced_shares
from friendshore.planning.variations import Variation, variations
from friendshore.tables.trade import Floats
from friendshore.tables.world import World

__all__ = ["PlanCase", "plan_case"]


@dataclass(frozen=True, eq=False)
class PlanCase:
    """Everything that a plan is made from. Markets and problems are built when they are asked for, once each."""

    scenario: Scenario
    plan: PlanEntry
    world: World
    nodes: Nodes
    setting: Setting
    book: CostBook
    chances: Mapping[str, tuple[float, float]]
    """By case, the range of its probability."""
    most_t: Floats
    """(H, K) most new capacity that is stated."""
    left_out: tuple[str, ...]
    """Products of the groups and materials that no member buys in known tons."""

    @property
    def objective(self) -> Objective:
        """What is minimised."""
        return Objective(kind=self.plan.objective, tail=self.plan.tail)

    @cached_property
    def _markets(self) -> dict[str, Market]:
        return {}

    def market(self, quantities: str = "") -> Market:
        """Return the market of the plan's products and what feeds their makers; ``cleaned`` or ``raw`` tons."""
        chosen = quantities or self.scenario.file.quantities
        if chosen not in self._markets:
            codes = self.setting.products
            self._markets[chosen] = _market(self.world, self.nodes, codes, self.years, chosen)
        return self._markets[chosen]

    @property
    def years(self) -> tuple[int, ...]:
        """Base years."""
        return self.scenario.file.base_years or default_base_years(self.world)

    def assembled(
        self,
        *,
        rule: str = "",
        quantities: str = "",
        ends: Mapping[str, End] | None = None,
        parameters: Parameters | None = None,
    ) -> Assembled:
        """Build a problem, by default the one that the plan states.

        Parameters
        ----------
        rule
            How outside spare capacity is shared out.
        quantities
            ``cleaned`` or ``raw`` tons.
        ends
            By cost, the end of its range to take.
        parameters
            Of the path.
        """
        setting = self.setting
        setting = replace(setting, rule=rule or setting.rule, parameters=parameters or setting.parameters)
        table = priced(self.book, setting.products, setting.hosts, most_t=self.most_t, ends=ends)
        made = assemble(self.market(quantities), setting, table, self.traced)
        return replace(made, problem=one_of_alike(made.problem))

    @cached_property
    def base(self) -> Assembled:
        """The problem that the plan states, and what went into it."""
        return self.assembled()

    @property
    def problem(self) -> Problem:
        """The problem that the plan states."""
        return self.base.problem

    def variations(self) -> tuple[Variation, ...]:
        """Return the problems over which a decision must survive, the stated one first."""
        other = "raw" if self.problem.quantities == "cleaned" else "cleaned"
        return variations(self.base, self.assembled(quantities=other), self.book, self.chances)

    @cached_property
    def traced(self) -> Floats:
        """By product and node, what of its exports passed through suppliers of concern."""
        inside = list(self.nodes.joined.values())
        return traced_shares(self.market(), self.setting.products, self.setting.concern, inside)


def plan_case(scenario: Scenario, world: World, *, members: Sequence[str] = ()) -> PlanCase:
    """Build the case of a plan.

    Parameters
    ----------
    scenario
        A scenario of type plan.
    world
        The opened tables.
    members
        Members that plan instead of those that it names.

    Raises
    ------
    ArgumentError
        No plan; unknown names, costs or programmes, each with its line.
    MissingDataError
        Products without tons, without price or without buyers among the members; a case that stops nothing.
    """
    plan = scenario.file.plan
    if plan is None:
        raise ArgumentError(
            f"{scenario.chain[0]} is of type {scenario.file.type}, expected a plan.",
            code="no_plan",
            hint="See one: friendshore scenario show economic-2plus2",
        )
    years = scenario.file.base_years or default_base_years(world)
    absent = sorted(set(years) - set(world.years))
    if absent:
        raise MissingDataError(
            f"{scenario.chain[0]}: no trade in base year {absent[0]}; the data cover {world.years[0]} to "
            f"{world.years[-1]}.",
            code="no_such_year",
            hint="Choose base_years within the data.",
        )
    about = named(scenario, plan, world, years, members)
    market = _market(world, about.nodes, about.codes, years, scenario.file.quantities)
    products, left_out = _bought(market, about.codes, about.members, plan.products)
    cases, shocks, chances = cases_of(scenario, about, market, world)
    setting = Setting(
        members=about.members,
        concern=about.concern,
        partners=about.partners,
        hosts=about.hosts,
        products=products,
        cases=cases,
        shocks=shocks,
        bounds=bounds_of(about.plan, max(case.months for case in cases)),
        limits=limits_of(about, world),
        parameters=scenario.parameters,
        stocks=stocks_of(scenario, about.nodes, world),
        standards=standards_of(about, products, world),
        avoid=about.avoid,
        negligible_usd=plan.negligible_usd,
        rule=plan.rule,
        joined=about.nodes.joined,
    )
    most = most_capacity(about, products, world)
    case = PlanCase(scenario, about.plan, world, about.nodes, setting, about.book, chances, most, left_out)
    if set(products) == set(about.codes):
        case._markets[market.quantities] = market
    return case


def _market(
    world: World, nodes: Nodes, codes: Sequence[str], years: Sequence[int], quantities: str
) -> Market:
    """Build the market of some products and of what their makers, old and new, are fed with."""
    wanted = dict.fromkeys(codes)
    steps = feed_steps(world.products)
    while more := [
        feed for step in steps if step.product in wanted for feed in step.feeds if feed not in wanted
    ]:
        wanted |= dict.fromkeys(more)
    wanted |= dict.fromkeys(feeds_of_plants(codes, world.products))
    trade = world.trade(years, tuple(wanted), quantities=quantities)
    weighed = trade.product[trade.quantity_t > 0]
    held = {trade.products[n] for n in np.unique(weighed).tolist()}
    kept = [code for code in wanted if code in held]
    if not kept:
        raise MissingDataError(
            f"{', '.join(list(codes)[:5])}: no known tons in {years[0]}-{years[-1]}, so nothing can be planned.",
            code="product_without_tons",
            hint="Choose other base years, or another product.",
        )
    return market_of(world, kept, base_years=years, quantities=quantities, joined=nodes.joined)


def _bought(
    market: Market, codes: Sequence[str], members: Sequence[str], wanted: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the products that some member buys, and those that none does; refused where they were named."""
    refuse_without_tons(market, wanted, codes)
    bought = [code for code in codes if any(market.buyer(code, member) >= 0 for member in members)]
    none = tuple(code for code in codes if code not in bought)
    named_none = [code for code in wanted if code in none]
    if named_none or not bought:
        raise MissingDataError(
            f"{', '.join(members)} buy no known tons of {', '.join((named_none or codes)[:5])} in "
            f"{market.base_years[0]}-{market.base_years[-1]}: there is no demand to plan for.",
            code="no_demand",
            hint="Leave the product out, or choose other base years.",
        )
    return tuple(bought), none
