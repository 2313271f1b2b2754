"""Stress: what is missing, month by month, when somebody stops; what replaces it, what it costs, who else is hurt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from friendshore.answers.framing import (
    command_line,
    data_option,
    opened,
    refuse_unknown_choice,
    sources_of,
)
from friendshore.answers.settings import refuse_without_tons
from friendshore.answers.stress_cases import Case, Cut, case_asked
from friendshore.answers.stress_notes import assumptions, caveats, sentence
from friendshore.answers.stress_rows import COLUMNS, Expected, monthly, pairs_of, records
from friendshore.answers.stress_sweeps import Sweep, swept
from friendshore.disruption.comparable import expectations
from friendshore.disruption.path import run_path
from friendshore.records import Finding, Source
from friendshore.tables.schemas import columns
from friendshore.tables.sources import sources
from friendshore.tables.world import World

__all__ = ["stress"]


def stress(
    importers: Sequence[str] = (),
    *,
    on: Sequence[str] = (),
    products: Sequence[str] = (),
    group: str = "",
    scenario: str | Path = "",
    case: str = "",
    lost_share: float = 1.0,
    months: int = 12,
    cover_days: float | None = None,
    world_cut: bool = False,
    as_bloc: bool = False,
    quantities: str = "cleaned",
    tornado: bool = False,
    draws: int = 0,
    seed: int = 0,
    scheduler: str = "",
    world: World | str | Path = "raw-materials",
) -> Finding:
    """Follow what happens, month by month, when suppliers stop.

    Either a scenario says what stops, or ``on``, ``products`` and what follows do.

    Parameters
    ----------
    importers
        ISO3 codes or bloc names whose months are shown, and at whom the cut is aimed; a bloc is one importer.
        With a scenario they replace those that it shows.
    on
        Suppliers that stop, ISO3 codes or bloc names.
    products, group
        Product codes, or the name of a product group: what stops.
    scenario
        A scenario file (YAML), or the name of a shipped one.
    case
        Of a scenario with alternative futures, the one to follow.
    lost_share
        Part of the flow that stops, 0 to 1.
    months
        How long it lasts, which is also the length of the run.
    cover_days
        Stock of each importer in days of base demand; None is unknown, which is not zero.
    world_cut
        Cut off the whole world rather than ``importers`` alone.
    as_bloc
        Join all importers into one, named ``A+B``.
    quantities
        ``cleaned`` tons (without outliers), or ``raw``.
    tornado
        Answer instead which assumption moves the shortage and the ranking of materials most, one at a time.
    draws, seed
        Answer instead how wide the shortage is over so many draws from all ranges at once. The same seed gives
        the same draws. With ``tornado``, what is read off whole runs stands in the summary beside its own.
    scheduler
        Address of a Dask scheduler, ``tcp://HOST:PORT``, whose workers do the runs; this process by default.
    world
        An opened world, or the name or folder of a data set.

    Returns
    -------
    Finding
        Columns of ``stress`` in the data dictionary, one row a month, product and importer; ``summary`` holds a
        record for each product and importer. The months come from the path, ``shortage_share_low`` and
        ``_high`` from statistics over comparable events; they are None where there is none.

    Raises
    ------
    ArgumentError
        Unknown names, numbers out of range, an importer that is (or holds) the supplier.
    DataError
        A scenario file that breaks a rule; all its problems at once.
    MissingDataError
        A supplier that sells none, a product without quantity, importers that buy none of it.
    """
    refuse_unknown_choice("quantities", quantities, ("cleaned", "raw"))
    cut = Cut(tuple(on), tuple(products), group, lost_share, months, cover_days, world_cut, quantities)
    opened_world = opened(world)
    built = case_asked(cut, importers, (scenario, case), opened_world, as_bloc=as_bloc)
    refuse_without_tons(built.market, built.named, built.products)
    command = _command(importers, cut, (str(scenario), case), as_bloc, data_option(world))
    if tornado or draws or scheduler:
        return swept(built, Sweep(tornado, draws, seed, scheduler), command)
    pairs = pairs_of(built.market, built.nodes.actors, built.products)
    watch = sorted({buyer for *_, buyer in pairs})
    run = run_path(
        built.market,
        built.shocks,
        months=built.months,
        stocks=built.stocks,
        parameters=built.parameters,
        watch=watch,
    )
    asked = [(name, code) for code, name, _ in pairs]
    expected = expectations(opened_world, built.shocks, asked, built.market.base_years, built.months)
    told = records(run, pairs, expected)
    return Finding(
        question="stress",
        arguments=_arguments(built, (scenario, case), cut, opened_world.name),
        columns=columns("stress", COLUMNS),
        rows=monthly(run, pairs, expected),
        answer=sentence(told, built.months),
        summary=told,
        sources=(*sources_of(opened_world, "trade", "production"), *_compiled(built, expected)),
        assumptions=assumptions(built),
        caveats=caveats(built, run, pairs, expected),
        command=command,
    )


def _arguments(case: Case, followed: tuple[str | Path, str], cut: Cut, data: str) -> dict[str, Any]:
    scenario, scenario_case = followed
    return {
        "importers": [actor.name for actor in case.nodes.actors],
        "on": list(dict.fromkeys(code for shock in case.shocks for code in shock.suppliers)),
        "products": list(case.products),
        "scenario": str(scenario) or None,
        "case": scenario_case or None,
        "shocks": [shock.model_dump(exclude={"routes"}) for shock in case.shocks],
        "months": case.months,
        "cover_days": cut.cover_days,
        "stock_cover": [stock.model_dump() for stock in case.stocks],
        "base_years": list(case.market.base_years),
        "quantities": case.market.quantities,
        "data": data,
    }


def _compiled(case: Case, expected: Expected) -> tuple[Source, ...]:
    """Tables of ours that the answer used."""
    used = [*(["friendshore_events"] if expected else [])]
    used += ["friendshore_passages"] if any(shock.routes for shock in case.shocks) else []
    return tuple(sources()[name] for name in used)


def _command(importers: Sequence[str], cut: Cut, followed: tuple[str, str], as_bloc: bool, data: str) -> str:
    scenario, scenario_case = followed
    return command_line(
        "stress",
        importers,
        {
            "scenario": scenario,
            "case": scenario_case,
            "on": list(cut.on),
            "product": list(cut.products),
            "group": cut.group,
            "lost_share": f"{cut.lost_share:g}" if cut.lost_share != 1.0 else "",
            "months": cut.months if not scenario and cut.months != 12 else None,
            "cover_days": f"{cut.cover_days:g}" if cut.cover_days is not None else "",
            "world": cut.world_cut,
            "as_bloc": as_bloc,
            "quantities": cut.quantities if cut.quantities != "cleaned" else "",
            "data": data,
        },
    )
