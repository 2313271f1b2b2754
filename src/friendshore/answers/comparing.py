"""Two scenarios side by side: what the files say differently, and what follows from each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from friendshore.answers.framing import command_line, data_option, opened
from friendshore.disruption.scenario_files import Scenario, load_scenario
from friendshore.records import Amount, Finding, Name, Note, Source, Table
from friendshore.tables.schemas import columns
from friendshore.tables.world import World

__all__ = ["DIFFERENCE", "compare", "compared", "differences", "followed_case"]

DIFFERENCE = "difference"
STRESS = ("peak_shortage_share", "total_shortage_t", "months_short", "months_to_10pct", "cover_days")
PLAN = (
    "cost_usd", "worst_shortage_share", "missing_share", "without_missing_share", "months_covered",
    "months_covered_worst", "decisions",
)  # fmt: skip
DECISION = ("action", "member", "product", "supplier", "host")
"""What makes two decisions the same one."""
MONTHS = (
    "month", "product", "importer", "supply_t", "demand_t", "stock_t", "shortage_t", "shortage_share",
    "shortage_share_low", "shortage_share_high",
)  # fmt: skip
TINY = 1e-9
LONGEST = 300
"""Signs of a value that are shown."""

Row = dict[str, Any]


def compare(
    first: str | Path, second: str | Path, *, case: str = "", world: World | str | Path = "raw-materials"
) -> Finding:
    """Compare two scenarios: key by key what they say, and what follows from each.

    Parameters
    ----------
    first, second
        YAML files, or names of shipped or saved scenarios.
    case
        Of scenarios with alternative futures, the one to follow.
    world
        An opened world, or the name or folder of a data set.

    Returns
    -------
    Finding
        One row a key that differs. Of type stress the tables ``figures`` (a row an importer, product and scenario,
        and their difference) and ``months``; of type plan ``figures`` and ``decisions``, without trying other
        assumptions. Of two types only the files are compared.

    Raises
    ------
    ArgumentError, DataError, MissingDataError, PlanError
        As of :func:`friendshore.answers.stress.stress` and :func:`friendshore.answers.plan.plan`.
    """
    place = opened(world)
    both = load_scenario(first), load_scenario(second)
    found: list[Finding] = []
    if _kinds(both) == {"stress"} and all(followed_case(one, case) is not None for one in both):
        from friendshore.answers.stress import stress

        found = [
            stress(scenario=source, case=followed_case(one, case) or "", world=place)
            for source, one in zip((first, second), both, strict=True)
        ]
    elif _kinds(both) == {"plan"}:
        from friendshore.answers.plan import plan

        found = [plan(source, robust=False, world=place) for source in (first, second)]
    told = compared(first, second, found)
    options = {"case": case, "data": data_option(world)}
    return told.model_copy(
        update={
            "arguments": {
                "first": str(first),
                "second": str(second),
                "case": case or None,
                "data": place.name,
            },
            "command": command_line("scenario compare", [str(first), str(second)], options),
        }
    )


def compared(first: str | Path, second: str | Path, found: Sequence[Finding]) -> Finding:
    """Compare two scenarios of which the answers are known already; with none, the files alone."""
    both = load_scenario(first), load_scenario(second)
    names = _names(str(first), str(second))
    rows = differences(*both)
    tables = _tables(names, found) if len(found) == 2 else {}
    return Finding(
        question="scenario compare",
        arguments={"first": str(first), "second": str(second), "case": None, "data": "raw-materials"},
        columns=columns("scenario_compare"),
        rows=rows,
        answer=_answer(names, rows, tables),
        tables=tables,
        sources=_sources(found),
        caveats=tuple(_caveats(both, found)),
        command=command_line("scenario compare", [str(first), str(second)], {}),
    )


def followed_case(scenario: Scenario, case: str) -> str | None:
    """Return the alternative future to follow; None where there are several and none of them was named."""
    if case in scenario.cases or len(scenario.cases) < 2:
        return case if case in scenario.cases else ""
    return None


def differences(first: Scenario, second: Scenario) -> tuple[Row, ...]:
    """Return the keys under which two scenarios say something else, with what they extend filled in.

    A key that one of them leaves out stands with its default, as long as that around it is there.
    """
    said, whole = [], []
    for one in (first, second):
        said.append(dict(_flat(one.file.model_dump(mode="json", exclude_defaults=True))))
        whole.append(dict(_flat(one.file.model_dump(mode="json"))))
    rows = []
    for key in dict.fromkeys((*said[0], *said[1])):
        told = [_written(flat.get(key)) for flat in whole]
        if told[0] != told[1] and key != "extends":
            rows.append({"key": key, "first": told[0], "second": told[1]})
    return tuple(rows)


def _flat(value: Any, path: str = "") -> Iterable[tuple[str, Any]]:  # noqa: ANN401  every plain type
    """Write nested values as dotted keys: shocks by their id, plain lists as one value."""
    if isinstance(value, Mapping) and value:
        for name, part in value.items():
            yield from _flat(part, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list) and value and all(isinstance(part, Mapping) for part in value):
        for name, part in _labelled(value):
            yield from _flat(part, f"{path}[{name}]")
    else:
        yield path, value


def _labelled(entries: Sequence[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    """Label entries by what names them where that names one alone, else by their place."""
    for field in ("id", "name", "member", "importer"):
        names = [str(entry.get(field) or "") for entry in entries]
        if all(names) and len(set(names)) == len(names):
            return list(zip(names, entries, strict=True))
    return [(str(place), entry) for place, entry in enumerate(entries)]


def _written(value: Any) -> str | None:  # noqa: ANN401  every plain type
    if value is None or value in ("", [], {}):
        return None
    if isinstance(value, list):
        told = ", ".join(map(str, value))
    elif isinstance(value, bool):
        told = str(value).lower()
    else:
        told = f"{value:.15g}" if isinstance(value, float) else str(value)
    return told if len(told) <= LONGEST else told[: LONGEST - 1] + "…"


def _names(first: str, second: str) -> tuple[str, str]:
    """Name both, apart even where one is compared with itself."""
    one, other = Path(first).name, Path(second).name
    return (one, other) if one != other else (first, f"{second} (2)")


def _kinds(both: Sequence[Scenario]) -> set[str]:
    return {one.file.type for one in both}


def _tables(names: tuple[str, str], found: Sequence[Finding]) -> dict[str, Table]:
    if found[0].question == "stress":
        return {
            "figures": Table(columns=columns("compared_stress"), rows=_stress_figures(names, found)),
            "months": Table(
                columns=columns("compared_months"),
                rows=tuple(
                    {"scenario": name, **{field: row[field] for field in MONTHS}}
                    for name, one in zip(names, found, strict=True)
                    for row in one.rows
                ),
            ),
        }
    return {
        "figures": Table(columns=columns("compared_plan"), rows=_plan_figures(names, found)),
        "decisions": Table(columns=columns("compared_decisions"), rows=_decisions(found)),
    }


def _records(run: Finding) -> list[Mapping[str, Any]]:
    """Return the records of a run, one a product and importer."""
    return [each for each in run.summary if isinstance(each, Mapping)]


def _less(first: Any, second: Any) -> Any:  # noqa: ANN401  a number or None
    """Second less first; unknown where either is."""
    return None if first is None or second is None else second - first


def _stress_figures(names: tuple[str, str], found: Sequence[Finding]) -> tuple[Row, ...]:
    read = [{(each["product"], each["importer"]): each for each in _records(one)} for one in found]
    rows = []
    for product, importer in dict.fromkeys((*read[0], *read[1])):
        told = [flat.get((product, importer), {}) for flat in read]
        at = {"product": product, "importer": importer}
        values = [{name: record.get(name) for name in STRESS} for record in told]
        rows += [
            {**at, "scenario": name, **value} for name, value in zip(names, values, strict=True) if any(told)
        ]
        change = {name: _less(values[0][name], values[1][name]) for name in STRESS}
        rows.append({**at, "scenario": DIFFERENCE, **change})
    return tuple(rows)


def _plan_figures(names: tuple[str, str], found: Sequence[Finding]) -> tuple[Row, ...]:
    values = [{name: one.summary.get(name) for name in PLAN} for one in found]  # type: ignore[union-attr]  # the summary of a plan is a mapping
    change = {name: _less(values[0][name], values[1][name]) for name in PLAN}
    return tuple(
        {"scenario": name, **told} for name, told in zip((*names, DIFFERENCE), (*values, change), strict=True)
    )


def _decisions(found: Sequence[Finding]) -> tuple[Row, ...]:
    """Return the decisions that differ, the largest difference first within each kind."""
    tons: list[dict[tuple[Any, ...], float]] = []
    for one in found:
        added: dict[tuple[Any, ...], float] = {}
        for row in one.rows:
            key = tuple(row[name] for name in DECISION)
            added[key] = added.get(key, 0.0) + float(row["quantity_t"])
        tons.append(added)
    rows = []
    for key in dict.fromkeys((*tons[0], *tons[1])):
        first, second = (flat.get(key, 0.0) for flat in tons)
        # what the solver's tolerance moves is no difference
        if abs(second - first) > 1e-4 * max(first, second) + TINY:
            named = dict(zip(DECISION, key, strict=True))
            rows.append({**named, "first_t": first, "second_t": second, "difference_t": second - first})
    return tuple(sorted(rows, key=lambda row: (row["action"], -abs(row["difference_t"]))))


def _answer(names: tuple[str, str], rows: Sequence[Row], tables: Mapping[str, Table]) -> Note:
    said: dict[str, Any] = {"first": names[0], "second": names[1], "count": len(rows)}
    figures = tables["figures"].rows if "figures" in tables else ()
    if figures and "product" in figures[0]:
        changed = [
            row for row in figures if row["scenario"] == DIFFERENCE and row["peak_shortage_share"] is not None
        ]
        largest = max(changed, key=lambda row: abs(row["peak_shortage_share"]), default=None)
        if largest is not None and abs(largest["peak_shortage_share"]) > TINY:
            return Note(
                template="{second} differs from {first} in {count} keys; of the {product} of {importer}, {peak} is "
                "missing at most in a month instead of {before}.",
                values={
                    **said,
                    "product": Name(key=largest["product"], kind="product"),
                    "importer": Name(key=largest["importer"]),
                    "peak": Amount(value=_peak(figures, largest, names[1]), unit="share"),
                    "before": Amount(value=_peak(figures, largest, names[0]), unit="share"),
                },
            )
        return Note(
            template="{second} differs from {first} in {count} keys; the most that is missing in a month is the same.",
            values=said,
        )
    if figures:
        return Note(
            template="{second} differs from {first} in {count} keys; its plan costs {cost} a year instead of {before} "
            "and leaves {missing} of what is needed missing instead of {missing_before}.",
            values={
                **said,
                "cost": Amount(value=figures[1]["cost_usd"], unit="USD"),
                "before": Amount(value=figures[0]["cost_usd"], unit="USD"),
                "missing": Amount(value=figures[1]["missing_share"], unit="share"),
                "missing_before": Amount(value=figures[0]["missing_share"], unit="share"),
            },
        )
    if not rows:
        return Note(template="{first} and {second} say the same.", values=said)
    return Note(template="{second} differs from {first} in {count} keys.", values=said)


def _peak(figures: Sequence[Mapping[str, Any]], pair: Mapping[str, Any], name: str) -> float | None:
    at = ("product", "importer")
    return next(
        (
            row["peak_shortage_share"]
            for row in figures
            if row["scenario"] == name and all(row[key] == pair[key] for key in at)
        ),
        None,
    )


def _sources(found: Sequence[Finding]) -> tuple[Source, ...]:
    return tuple({source.id: source for one in found for source in one.sources}.values())


def _caveats(both: Sequence[Scenario], found: Sequence[Finding]) -> list[Note]:
    kinds = _kinds(both)
    if not found and len(kinds) > 1:
        return [Note(template="One is of type {first} and one of type {second}: only the files are compared.",
                     values={"first": both[0].file.type, "second": both[1].file.type})]  # fmt: skip
    if not found and kinds == {"response"}:
        return [Note(template="Of responses only the files are compared.")]
    if not found and kinds == {"stress"}:
        several = next((one for one in both if len(one.cases) > 1), None)
        if several is not None:
            return [
                Note(
                    template="{name} holds alternative futures of which only one happens; name one to compare the "
                    "months: {cases}.",
                    values={"name": several.chain[0], "cases": ", ".join(several.cases)},
                )
            ]
    if (
        found
        and found[0].question == "stress"
        and any(row["stock_t"] is None for one in found for row in one.rows)
    ):
        return [Note(template="Where a stock is unknown, which is not zero, the months hold none.")]
    if found and found[0].question == "plan":
        return [Note(template="Neither plan was tried under other assumptions: friendshore plan does that.")]
    return []
