"""Scenarios: which ones there are, what is in one, whether a file is sound, and keeping those of one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from friendshore.answers.framing import command_line, data_option, opened, sources_of
from friendshore.answers.plan_cases import plan_case
from friendshore.answers.stress_cases import case_of_scenario
from friendshore.disruption.saved import check_scenario_name, remove, save, saved_names
from friendshore.disruption.scenario_files import Scenario, load_scenario, parse_named, shipped
from friendshore.disruption.scenario_schema import json_schema
from friendshore.disruption.striking import strikes
from friendshore.errors import FriendshoreError
from friendshore.records import Finding, Note
from friendshore.shocks import check_shocks
from friendshore.tables.schemas import columns
from friendshore.tables.world import World

__all__ = ["check_text", "removed", "row_of", "saved", "scenario", "scenario_schema", "scenarios"]


def scenarios() -> Finding:
    """List the scenarios: those that come with the package, and those that were saved.

    Returns
    -------
    Finding
        One row a scenario: name, saved, title, type, kinds, suppliers, importers, products, cases, months, source.
        A saved one that cannot be read is named in the caveats.
    """
    rows = [row_of(name, load_scenario(name)) for name in shipped()]
    mine: list[dict[str, Any]] = []
    broken: list[Note] = []
    for name in saved_names():
        try:
            mine.append(row_of(name, load_scenario(name), kept=True))
        except FriendshoreError as problem:
            broken.append(
                Note(
                    template="The saved scenario {name} cannot be read: {problem}",
                    values={"name": name, "problem": problem.message},
                )
            )
    answer = Note(
        template="{count} scenarios come with the package; friendshore scenario show NAME prints one to be copied.",
        values={"count": len(rows)},
    )
    if mine:
        answer = Note(
            template="{count} scenarios come with the package and {mine} are your own; friendshore scenario show NAME "
            "prints one to be copied.",
            values={"count": len(rows), "mine": len(mine)},
        )
    return Finding(
        question="scenario list",
        arguments={},
        columns=columns("scenarios"),
        rows=(*mine, *rows),
        answer=answer,
        caveats=tuple(broken),
        command="friendshore scenario list",
    )


def scenario(
    source: str | Path, *, world: World | str | Path = "raw-materials", question: str = "scenario check"
) -> Finding:
    """Check a scenario: its form, its names, and that there is something to stop in these data.

    Parameters
    ----------
    source
        A YAML file, or the name of a shipped or saved scenario.
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
    told = _checked(load_scenario(source), str(source), world, question)
    return told.model_copy(
        update={"command": command_line(question, [str(source)], {"data": data_option(world)})}
    )


def scenario_schema() -> Finding:
    """Tell what a scenario file may say, as a JSON Schema, for editors that check while one types.

    Returns
    -------
    Finding
        ``summary`` holds the schema.
    """
    return Finding(
        question="scenario schema",
        arguments={},
        columns=(),
        rows=(),
        answer=Note(template="The JSON Schema of scenario files stands under summary."),
        summary=json_schema(),
        command="friendshore scenario schema",
    )


def check_text(text: bytes, name: str, *, world: World | str | Path = "raw-materials") -> Finding:
    """Check the text of a scenario before it is saved under a name; see :func:`scenario`."""
    check_scenario_name(name)
    return _checked(parse_named(text, name), name, world, "scenario check")


def saved(name: str, text: bytes, *, replace: bool = False) -> Finding:
    """Save a scenario under a name; see :func:`friendshore.disruption.saved.save`."""
    kept = save(name, text, replace=replace)
    return _kept("scenario save", name, kept, Note(template="Saved as {name}.", values={"name": name}))


def removed(name: str) -> Finding:
    """Remove a saved scenario; see :func:`friendshore.disruption.saved.remove`."""
    remove(name)
    return _kept("scenario remove", name, None, Note(template="{name} is removed.", values={"name": name}))


def _kept(question: str, name: str, loaded: Scenario | None, answer: Note) -> Finding:
    words = [question, *(["FILE.yaml", "--name"] if loaded else []), name]
    return Finding(
        question=question,
        arguments={"name": name},
        columns=columns("scenarios"),
        rows=(row_of(name, loaded, kept=True),) if loaded else (),
        answer=answer,
        command=" ".join(["friendshore", *words]),
    )


def _checked(loaded: Scenario, source: str, world: World | str | Path, question: str) -> Finding:
    opened_world = opened(world)
    count, months, years = _sound(loaded, opened_world)
    chain = " < ".join(loaded.chain)
    return Finding(
        question=question,
        arguments={"file": source, "data": opened_world.name},
        columns=columns("scenarios"),
        rows=(row_of(loaded.chain[0], loaded, kept=source in saved_names()),),
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


def row_of(name: str, loaded: Scenario, *, kept: bool = False) -> dict[str, Any]:
    """Describe one scenario as a row."""
    file = loaded.file

    def joined(words: Sequence[str]) -> str:
        return "; ".join(dict.fromkeys(words))

    return {
        "name": name,
        "saved": kept,
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
