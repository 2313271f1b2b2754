"""Scenarios: which ones come with the package, what is in one, and whether a file is sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from friendshore.answers.framing import command_line, data_option, opened, sources_of
from friendshore.answers.plan_cases import plan_case
from friendshore.answers.stress_cases import case_of_scenario
from friendshore.disruption.scenario_files import Scenario, load_scenario, shipped
from friendshore.disruption.striking import strikes
from friendshore.records import Finding, Note
from friendshore.shocks import check_shocks
from friendshore.tables.schemas import columns
from friendshore.tables.world import World

__all__ = ["scenario", "scenarios"]


def scenarios() -> Finding:
    """List the scenarios that come with the package.

    Returns
    -------
    Finding
        One row a scenario: name, title, type, kinds, suppliers, importers, products, cases, months, source.
    """
    rows = [_row(name, load_scenario(name)) for name in shipped()]
    return Finding(
        question="scenario list",
        arguments={},
        columns=columns("scenarios"),
        rows=tuple(rows),
        answer=Note(
            template="{count} scenarios come with the package; friendshore scenario show NAME prints one to be copied.",
            values={"count": len(rows)},
        ),
        command="friendshore scenario list",
    )


def scenario(
    source: str | Path, *, world: World | str | Path = "raw-materials", question: str = "scenario check"
) -> Finding:
    """Check a scenario: its form, its names, and that there is something to stop in these data.

    Parameters
    ----------
    source
        A YAML file, or the name of a shipped scenario.
    world
        An opened world, or the name or folder of a data set.
    question
        Name of the command that asks.

    Returns
    -------
    Finding
        One row; ``summary`` holds the scenario as it is understood, with what it extends filled in.

    Raises
    ------
    DataError
        All problems of the file at once, each with its line.
    ArgumentError
        Names that nobody bears, shocks that overlap.
    MissingDataError
        Where these data hold nothing of what it stops.
    """
    loaded = load_scenario(source)
    opened_world = opened(world)
    count, months, years = _sound(loaded, opened_world)
    chain = " < ".join(loaded.chain)
    return Finding(
        question=question,
        arguments={"file": str(source), "data": opened_world.name},
        columns=columns("scenarios"),
        rows=(_row(loaded.chain[0], loaded),),
        answer=Note(
            template="{file} is sound: {count} shocks, {months} months, base {first} to {last}.",
            values={
                "file": chain,
                "count": count,
                "months": str(months),
                "first": str(min(years)),
                "last": str(max(years)),
            },
        ),
        summary=_understood(loaded),
        sources=sources_of(opened_world, "trade"),
        command=command_line(question, [str(source)], {"data": data_option(world)}),
    )


def _sound(loaded: Scenario, world: World) -> tuple[int, int, tuple[int, ...]]:
    """Try everything that a run would do before it begins; return its shocks, months and base years."""
    if loaded.file.plan is not None:
        plan = plan_case(loaded, world)
        plan.base  # noqa: B018  what cannot be assembled is refused
        shocks = {shock.id for case in plan.setting.shocks for shock in case}
        return len(shocks), max(case.months for case in plan.setting.cases), plan.market().base_years
    count = 0
    for name in loaded.cases or ("",):
        case = case_of_scenario(loaded.of_case(name) if name else loaded, (), world, as_bloc=False)
        strikes(case.market, check_shocks(case.shocks))
        count = max(count, len(loaded.file.shocks))
    return count, case.months, case.market.base_years


def _understood(loaded: Scenario) -> Mapping[str, Any]:
    """Return the scenario as plain values, without keys that hold their default."""
    return loaded.file.model_dump(mode="json", exclude_defaults=True)


def _row(name: str, loaded: Scenario) -> dict[str, Any]:
    file = loaded.file

    def joined(words: Sequence[str]) -> str:
        return "; ".join(dict.fromkeys(words))

    return {
        "name": name,
        "title": file.name,
        "type": file.type,
        "kinds": joined([entry.kind for entry in file.shocks]),
        "suppliers": joined([code for entry in file.shocks for code in entry.suppliers]) or None,
        "importers": joined([code for entry in file.shocks for code in entry.importers or ("world",)]),
        "products": joined([code for e in file.shocks for code in (*e.products, *e.materials, *e.group)]),
        "cases": joined(loaded.cases) or None,
        "months": file.months,
        "source": file.source or None,
    }
