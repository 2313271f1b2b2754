"""A plan for two allies and for four: one solve, comparison, frontier, every coalition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from friendshore.answers.plan_cases import PlanCase, plan_case
from friendshore.disruption.scenario_files import load_scenario
from friendshore.planning.coalition import game
from friendshore.planning.comparison import compare
from friendshore.planning.frontier import frontier
from friendshore.planning.solving import solve
from friendshore.tables.box import open_box
from friendshore.tables.products import read_text

__all__ = ["coalition_jobs", "plan_jobs", "plan_seconds"]

EXAMPLE = "economic-2plus2"
FOUR = {
    "members: [USA, JPN]": "members: [USA, JPN, KOR, DEU]",
    "hosts: [USA, JPN, AUS, CAN]": "hosts: [USA, JPN, KOR, DEU, AUS, CAN]",
    "importers: [JPN, USA]": "importers: [JPN, USA, KOR, DEU]",
    "    - {member: JPN, usd: 250000000, year: 2024, source: assumption}\n": "".join(
        f"    - {{member: {code}, usd: 250000000, year: 2024, source: assumption}}\n"
        for code in ("JPN", "KOR", "DEU")
    ),
}
TINY = {
    "groups: [battery-inputs, magnet-inputs]": 'products: ["250410", "280530"]',
    "group: [battery-inputs, magnet-inputs]": 'products: ["250410", "280530"]',
}


def case_of(changes: Mapping[str, str]) -> PlanCase:
    """Return the example with some of its text changed."""
    text = read_text(f"scenarios/{EXAMPLE}.yaml")
    for old, new in changes.items():
        text = text.replace(old, new)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "changed.yaml"
        path.write_text(text, encoding="utf-8")
        return plan_case(load_scenario(path), open_box())


def plan_jobs(size: str) -> Mapping[str, Callable[[], Any]]:
    """Return what else is asked of two allies, against one solve."""
    case = case_of(TINY if size == "tiny" else {})
    problem, objective = case.problem, case.objective
    return {
        "one solve": lambda: solve(problem, objective),
        "compare, with mechanisms": lambda: compare(problem, objective),
        "frontier of 20 points": lambda: frontier(problem, objective, 20),
    }


def coalition_jobs(size: str) -> Mapping[str, Callable[[], Any]]:
    """Return all fifteen coalitions of four allies, against one solve of all four."""
    case = case_of(FOUR | (TINY if size == "tiny" else {}))
    problem, objective = case.problem, case.objective
    return {
        "one solve of four": lambda: solve(problem, objective),
        "all 15 coalitions": lambda: game(problem, objective),
    }


def plan_seconds(size: str) -> Mapping[str, Callable[[], Any]]:
    """Return the example from the scenario to the plan, without variations."""
    changes = TINY if size == "tiny" else {}

    def whole() -> None:
        case = case_of(changes)
        solve(case.problem, case.objective)

    return {"the example, scenario to plan": whole}
