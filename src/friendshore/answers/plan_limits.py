"""Limits, cases and standards of a plan, in the terms of its problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from friendshore.answers.actors import collect
from friendshore.answers.plan_names import Named
from friendshore.answers.settings import codes_of, shocks_of
from friendshore.disruption.market import Market
from friendshore.disruption.plan_schema import PlanEntry
from friendshore.disruption.scenario_files import Scenario
from friendshore.errors import MissingDataError
from friendshore.planning.arrivals import felt
from friendshore.planning.costs import values_of
from friendshore.planning.problem import Case, Limits
from friendshore.planning.programmes import caps_of
from friendshore.planning.setting import Standard
from friendshore.planning.stated_costs import dollars
from friendshore.shocks import Shock, check_shocks
from friendshore.tables.trade import Floats
from friendshore.tables.world import World

__all__ = ["bounds_of", "cases_of", "limits_of", "most_capacity", "standards_of"]

ONLY = "cut"
"""Name of the one case where shocks name none."""


def cases_of(
    scenario: Scenario, about: Named, market: Market, world: World
) -> tuple[tuple[Case, ...], tuple[tuple[Shock, ...], ...], dict[str, tuple[float, float]]]:
    """Return cases, the shocks of each, and the range of each case's probability.

    A case begins with its first shock. Shocks that stop nothing of what is planned for are left out. Cases whose
    probability is not stated share the one that the table of costs assumes for any cut.

    Raises
    ------
    MissingDataError
        ``case_strikes_nothing``.
    """
    stated = {entry.name: entry.probability for entry in about.plan.cases}
    assumed = about.book.figure("probability")
    unstated = max(1, sum(stated.get(name) is None for name in scenario.cases or ("",)))
    cases: list[Case] = []
    shocks: list[tuple[Shock, ...]] = []
    ranges: dict[str, tuple[float, float]] = {}
    for name in scenario.cases or ("",):
        struck = felt(
            market, check_shocks(shocks_of(scenario.of_case(name) if name else scenario, about.nodes, world))
        )
        called = name or ONLY
        if not struck:
            raise MissingDataError(
                f"{scenario.chain[0]}: case {called} stops nothing of what is planned for.",
                code="case_strikes_nothing",
                hint="Let its shocks name products of the plan that their suppliers sell.",
            )
        first = min(shock.start_month for shock in struck)
        struck = tuple(
            shock.model_copy(update={"start_month": shock.start_month - first}) for shock in struck
        )
        months = int(min(scenario.file.months - first, max(shock.end_month for shock in struck)))
        chance = stated.get(name)
        value, low, high = (end / unstated for end in (assumed.value, assumed.low, assumed.high))
        if chance is not None:
            value = chance.value
            low = value if chance.low is None else chance.low
            high = value if chance.high is None else chance.high
        ids = tuple(shock.id for shock in struck)
        cases.append(Case(name=called, months=months, probability=value, struck=(), shocks=ids))
        shocks.append(struck)
        ranges[called] = (low, high)
    return tuple(cases), tuple(shocks), ranges


def bounds_of(plan: PlanEntry, months: int) -> tuple[float, ...]:
    """Return where periods begin and end: as stated, and where the limit ends; up to the longest case."""
    ends = {*plan.periods, plan.limit.months, months}
    return (0.0, *(float(end) for end in sorted(ends) if end <= months))


def limits_of(about: Named, world: World) -> Limits:
    """Return the limits of a plan; what it states goes before its preset."""
    plan = about.plan
    preset = caps_of(plan.caps.preset) if plan.caps.preset else {}
    shares = {
        name: stated if (stated := getattr(plan.caps, name)) is not None else preset.get(name, np.inf)
        for name in ("concern_share", "any_share", "traced_share")
    }
    budgets = np.full(len(about.members), np.inf)
    for n, budget in enumerate(plan.budgets):
        ((_, name),) = collect((budget.member,), world)
        if name in about.members:
            amount = budget.usd if budget.usd is not None else budget.amount or 0.0
            where = f"budgets, entry {n + 1}"
            budgets[about.members.index(name)] = dollars(amount, budget, about.book.price_year, where)
    return Limits(
        shortage_share=plan.limit.shortage_share,
        months=plan.limit.months,
        partner_share=plan.floors.partner_share,
        budgets_usd=budgets,
        **shares,
    )


def standards_of(about: Named, products: Sequence[str], world: World) -> tuple[Standard, ...]:
    """Return the links that no shared standard covers, with what it costs to qualify one."""
    found = []
    for n, entry in enumerate(about.plan.standards):
        if entry.shared:
            continue
        codes = products
        if entry.products or entry.groups:
            codes = [k for k in codes_of(entry.products, entry.groups, (), world) if k in products]
        where = f"standards, entry {n + 1}"
        members = about.nodes.expand(entry.members, world, "member") if entry.members else about.members
        suppliers = about.nodes.expand(entry.suppliers, world, "supplier")
        for code in codes:
            if entry.fee_usd is not None:
                fee = dollars(entry.fee_usd.value, entry, about.book.price_year, where)
            else:
                fee = float(values_of(about.book, "fee_usd", (code,))[0])
            found.append(Standard(members, suppliers, (code,), fee))
    return tuple(found)


def most_capacity(about: Named, products: Sequence[str], world: World) -> Floats:
    """Return the most new capacity that is stated by (host, product), tons a year; infinite elsewhere."""
    most = np.full((len(about.hosts), len(products)), np.inf)
    spelled: Mapping[str, tuple[str, ...]] = about.spelled
    for entry in about.plan.capacity:
        if entry.most_t is None:
            continue
        where = [host for name in entry.hosts for host in spelled[name]] or about.hosts
        codes = codes_of(entry.products, (), entry.materials, world)
        rows = [about.hosts.index(host) for host in where if host in about.hosts]
        columns = [products.index(code) for code in codes if code in products]
        most[np.ix_(rows, columns)] = entry.most_t.value
    return most
