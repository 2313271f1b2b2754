"""An answer to pressure in terms of a world: who does what with which goods, and who presses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from friendshore.answers.framing import chosen_products
from friendshore.answers.stress_cases import Case, case_of_scenario
from friendshore.disruption.narrowing import narrowed
from friendshore.disruption.plan_schema import RedirectEntry, ReleaseEntry, ResponseEntry
from friendshore.disruption.scenario_files import Scenario
from friendshore.errors import ArgumentError
from friendshore.planning.response import EXPORTS, STOCK, Act, Pressure, struck_by
from friendshore.shocks import Shock
from friendshore.tables.world import World

__all__ = ["ResponseCase", "response_case"]


@dataclass(frozen=True, eq=False)
class ResponseCase:
    """What an answer to pressure is run on."""

    case: Case
    trigger: tuple[Shock, ...]
    pressure: Pressure
    pressing: tuple[str, ...]
    """Who may retaliate."""


def response_case(scenario: Scenario, world: World) -> ResponseCase:
    """Build the case.

    Raises
    ------
    ArgumentError
        ``no_response``; ``nobody_struck`` where the trigger takes nothing from any member; unknown names.
    """
    response = scenario.file.response
    if response is None:
        raise ArgumentError(
            f"{scenario.chain[0]} is of type {scenario.file.type}, expected a response.",
            code="no_response",
            hint="See one: friendshore scenario show pressure-response",
        )
    named = next((entry.case for entry in scenario.file.shocks if entry.id == response.trigger), "")
    chosen = scenario.of_case(response.trigger if response.trigger in scenario.cases else named)
    case = case_of_scenario(chosen, response.members, world, as_bloc=False)
    trigger = tuple(
        shock
        for entry, shock in zip(chosen.file.shocks, case.shocks, strict=True)
        if response.trigger in (entry.id, entry.case)
    )
    products = tuple(
        dict.fromkeys(code for shock in trigger for code in shock.products if code in case.market.place)
    )
    members = tuple(actor.name for actor in case.nodes.actors)
    struck = struck_by(case.market, trigger, members)
    if not struck:
        raise ArgumentError(
            f"{response.trigger} takes nothing from {', '.join(members)}, so there is nothing to answer.",
            code="nobody_struck",
            hint="Name members whom it strikes.",
        )
    first = min(shock.start_month for shock in trigger)
    last = int(min(case.months, max(shock.end_month for shock in trigger)))
    market, shocks = narrowed(case.market, case.shocks, products)
    concern = tuple(dict.fromkeys(code for shock in trigger for code in shock.suppliers))
    pressure = Pressure(
        market=market,
        members=members,
        products=products,
        shocks=shocks,
        struck=struck,
        concern=concern,
        first_month=first,
        months=max(first + 1, last),
        acts=_acts(response, case, products, world),
        stocks=case.stocks,
        parameters=case.parameters,
    )
    pressing = (
        case.nodes.expand(response.retaliation_by, world, "supplier") if response.retaliation_by else concern
    )
    return ResponseCase(case, trigger, pressure, pressing)


def _acts(response: ResponseEntry, case: Case, products: Sequence[str], world: World) -> tuple[Act, ...]:
    found = []
    for release in response.releases:
        act = _act(STOCK, release, case, products, world)
        found.append(replace(act, share=release.share, days=release.days, over_months=release.over_months))
    found += [
        replace(_act(EXPORTS, redirect, case, products, world), share=redirect.share)
        for redirect in response.redirect
    ]
    return tuple(found)


def _act(
    kind: str, entry: ReleaseEntry | RedirectEntry, case: Case, products: Sequence[str], world: World
) -> Act:
    named = chosen_products(entry.products, "", world) if entry.products else products
    return Act(
        kind=kind,
        member=case.nodes.expand((entry.member,), world, "importer")[0],
        products=tuple(named),
        to=case.nodes.expand(entry.to, world, "importer") if entry.to else (),
    )
