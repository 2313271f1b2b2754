"""A scenario's values, checked as a whole: what cannot stand alone, and what no single key can say."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from copy import deepcopy
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import ValidationError

from friendshore.disruption.plan_checks import plan_problems
from friendshore.disruption.scenario_problems import Problem, dotted, problem_of, shown
from friendshore.disruption.scenario_schema import ParameterEntry, ScenarioFile, ShockEntry
from friendshore.disruption.scenario_text import Marked
from friendshore.parameters import PARAMETERS, Parameters

__all__ = ["checked"]


def checked(marked: Marked) -> tuple[ScenarioFile | None, Parameters, list[Problem]]:
    """Return the file (None where it cannot stand), its parameters, and all that is wrong with it."""
    problems: list[Problem] = []
    file, rest, wrong = _validated(marked, problems)
    parameters = _parameters(_settings_of(marked), marked, problems)
    if rest is not None:
        more = [*_shock_problems(rest, marked), *plan_problems(rest, marked)]
        # Of an entry in which a value cannot stand, nothing else is said: it may follow from that.
        inside = tuple(f"{dotted(path[:-1])}." for path in wrong if len(path) > 2)
        told = {each.key for each in problems}
        problems += [each for each in more if each.key not in told and not each.key.startswith(inside)]
    return file, parameters, problems


def _validated(
    marked: Marked, problems: list[Problem]
) -> tuple[ScenarioFile | None, ScenarioFile | None, list[tuple[Any, ...]]]:
    """Return the file, what is left of it where some values cannot stand, and where those are."""
    try:
        file = ScenarioFile.model_validate(marked.data)
    except ValidationError as failed:
        errors = failed.errors(include_url=False)
        # Shocks that are wrong are left out, and then there seem to be none.
        inner = any(len(error["loc"]) > 1 and error["loc"][0] == "shocks" for error in errors)
        problems += [
            problem_of(marked, error)
            for error in errors
            if not (inner and error["loc"] == ("shocks",) and error["type"] == "too_short")
        ]
        wrong = [error["loc"] for error in errors]
        return None, _rest(marked, wrong), wrong
    return file, file, []


def _rest(marked: Marked, wrong: list[tuple[Any, ...]]) -> ScenarioFile | None:
    """Return the file without the values that cannot stand; None where it cannot stand without them either."""
    data = deepcopy(marked.data)
    for path in wrong:
        at: Any = data
        for step in path[:-1]:
            try:
                at = at[step]
            except (KeyError, IndexError, TypeError):
                at = None
                break
        # A list keeps its length, or lines would no longer fit.
        if isinstance(at, dict):
            at.pop(path[-1], None)
    try:
        return ScenarioFile.model_validate(data)
    except ValidationError:
        return None


def _settings_of(marked: Marked) -> dict[str, ParameterEntry]:
    """Return the entries of the parameters that can be read, whatever else is wrong with the file."""
    given = marked.data.get("parameters")
    found: dict[str, ParameterEntry] = {}
    for name, value in given.items() if isinstance(given, dict) else ():
        with contextlib.suppress(ValidationError):
            found[name] = ParameterEntry.model_validate(
                value if isinstance(value, dict) else {"value": value}
            )
    return found


def _parameters(given: Mapping[str, ParameterEntry], marked: Marked, problems: list[Problem]) -> Parameters:
    """Turn the entries into parameters, one problem each where they cannot be."""
    known = tuple(name for name in Parameters.model_fields if name != "sources")
    values: dict[str, Any] = {}
    for name, entry in given.items():
        file, line = marked.place(("parameters", name))
        key, got, near = f"parameters.{name}", shown(entry.value), get_close_matches(name, known, n=1)
        if name not in known:
            expected = f"{near[0]}, or no such parameter" if near else f"one of {', '.join(known)}"
            problems.append(
                Problem(
                    file=file, line=line, key=key, got=repr(name), code="unknown_key", expected=expected,
                    hint=f"Did you mean {near[0]}?" if near else "",
                )
            )  # fmt: skip
            continue
        expected, code = _mismatch(name, entry.value)
        if expected:
            problems.append(Problem(file=file, line=line, key=key, got=got, expected=expected, code=code))
        else:
            values[name] = entry.value
    sources = tuple((name, given[name].source) for name in values if given[name].source != "none")
    return Parameters(**values, sources=sources)


def _mismatch(name: str, value: object) -> tuple[str, str]:
    """Return what a parameter should be, and the code of the problem; empty where it is that."""
    if name not in PARAMETERS:
        annotation = Parameters.model_fields[name].annotation
        if annotation is bool:
            return ("", "") if isinstance(value, bool) else ("true or false", "bad_scenario")
        choices = get_args(annotation)
        return ("", "") if value in choices else (", ".join(choices), "unknown_choice")
    about = PARAMETERS[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "a number", "bad_scenario"
    inside = about.least <= value <= about.most
    return ("", "") if inside else (f"{about.least:g} to {about.most:g}", "parameter_out_of_range")


def _shock_problems(file: ScenarioFile, marked: Marked) -> list[Problem]:
    """Check what no single key can say: something to stop, ids that differ, words that belong together."""
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for n, entry in enumerate(file.shocks):
        where, line = marked.place(("shocks", n))

        def wrong(
            key: str, got: str, expected: str, code: str, n: int = n, where: str = where, line: int = line
        ) -> None:
            problems.append(
                Problem(
                    file=where, line=line, key=f"shocks[{n}].{key}", got=got, expected=expected, code=code
                )
            )

        if not entry.suppliers and not entry.passage:
            wrong("suppliers", "nothing", "at least one supplier", "incomplete_shock")
        if not (entry.products or entry.materials or entry.group):
            wrong("products", "nothing", "products, materials or a group", "incomplete_shock")
        if entry.passage and entry.kind != "passage_closure":
            wrong("passage", entry.passage, f"none with kind {entry.kind}", "contradictory_shock")
        if entry.start_month > file.months:
            wrong("start_month", str(entry.start_month), f"at most months, {file.months}", "never_strikes")
        licences = {"delay_months", "back_share", "back_months"}
        if entry.profile and licences & entry.profile.model_fields_set and not _licensed(entry):
            wrong("profile", "licences let back", "shape licensing, or none of that", "contradictory_shock")
        if entry.kind == "outage" and entry.importers:
            wrong(
                "importers",
                ", ".join(entry.importers),
                "none: an outage strikes all who buy",
                "outage_is_aimed",
            )
        both = sorted(set(entry.suppliers) & set(entry.importers)) if not entry.passage else []
        if both:
            wrong("importers", ", ".join(both), "nobody who is a supplier too", "importer_is_supplier")
        if entry.id and entry.id in seen:
            wrong("id", repr(entry.id), f"another than that of shocks[{seen[entry.id]}]", "repeated_id")
        seen.setdefault(entry.id, n)
    return problems


def _licensed(entry: ShockEntry) -> bool:
    shape = entry.profile.shape if entry.profile else None
    return (shape or entry.kind) == "licensing"
