"""Plan: what to buy elsewhere, what to build and where, what to hold; at what cost, how sure, and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from friendshore.answers import together as joint
from friendshore.answers.framing import command_line, data_option, known, opened, sources_of
from friendshore.answers.plan_calls import calls
from friendshore.answers.plan_cases import PlanCase, plan_case
from friendshore.answers.plan_frontier import traced_frontier
from friendshore.answers.plan_known import assumptions, unknowns
from friendshore.answers.plan_notes import caveats, counting, sentence
from friendshore.answers.plan_robust import robustness
from friendshore.answers.plan_rows import (
    Decision,
    Readings,
    capacity,
    decisions,
    output,
    sourcing,
    stock,
    support,
    told,
)
from friendshore.answers.plan_shortages import (
    budget_usd,
    costs,
    gaps,
    lasting_months,
    members,
    once_usd,
    paid_usd,
    scenarios,
    shortages,
    worst_share,
)
from friendshore.answers.plan_solving import Solved, solved
from friendshore.answers.plan_why import binding_of, reasons
from friendshore.disruption.scenario_files import Scenario, load_scenario
from friendshore.errors import ArgumentError
from friendshore.planning.frontier import missing_share
from friendshore.progress import tell
from friendshore.records import Finding, Note, Table
from friendshore.tables.schemas import columns
from friendshore.tables.world import World

__all__ = ["plan"]

DEFAULT_SECONDS = 60.0


@dataclass(frozen=True)
class Wish:
    """What was asked for beside the plan."""

    frontier: bool = False
    why: bool = False
    alone: bool = False
    together: bool = False
    compare: bool = False
    robust: bool = True
    seconds: float = DEFAULT_SECONDS


@dataclass
class Parts:
    """What is added to the finding, part by part."""

    figures: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    readings: Readings = field(default_factory=dict)


def plan(
    scenario: str | Path,
    *,
    frontier: bool = False,
    why: bool = False,
    alone: bool = False,
    together: bool = False,
    compare: bool = False,
    robust: bool = True,
    world: World | str | Path = "raw-materials",
    seconds: float = DEFAULT_SECONDS,
) -> Finding:
    """Plan what to buy elsewhere, what to build and where, and what to hold.

    Parameters
    ----------
    scenario
        A scenario file (YAML) with a ``plan`` section, or the name of a shipped one. One with a ``response`` section
        is judged by :func:`friendshore.answers.response.response`.
    frontier
        Also: budget against months covered, alone and together.
    why
        Also: what binds, the next-best plan, simpler plans, flip points, regret.
    alone
        Each member plans for itself.
    together
        Members plan as one; the default where there are several.
    compare
        Also: alone against together, and how the gain may be shared.
    robust
        Solve under all variations of the assumptions, and say which decisions survive.
    world
        An opened world, or the name or folder of a data set.
    seconds
        Most time for each solve; then the best plan found, marked.

    Returns
    -------
    Finding
        One row a decision. ``tables`` holds ``sourcing capacity stock scenarios binding`` and more; ``summary`` the
        figures ``status objective cost_usd worst_shortage_share months_covered`` and more.

    Raises
    ------
    ArgumentError
        Options that exclude each other, unknown names.
    DataError
        A scenario file that breaks a rule.
    MissingDataError
        Products without tons or price.
    PlanError
        Limits that clash, with what would free them; a cost without lower bound; no plan in the time given.
    """
    wish = Wish(frontier, why, alone, together, compare, robust, seconds)
    _refuse(wish)
    loaded = load_scenario(scenario)
    if loaded.file.type == "response":
        return _response(scenario, wish, world)
    tell(Note(template="Reading the scenario and the data"))
    case = plan_case(loaded, opened(world))
    found = solved(case, alone=wish.alone, compared=wish.compare, seconds=seconds)
    parts = _parts(case, found, wish)
    return _finding(
        case, found, parts, _arguments(case, scenario, found), _command(wish, scenario, data_option(world))
    )


def _response(scenario: str | Path, wish: Wish, world: World | str | Path) -> Finding:
    asked = [name for name in ("frontier", "why", "alone", "together", "compare") if getattr(wish, name)]
    if asked:
        raise ArgumentError(
            f"{scenario} is a response, which is judged as it stands; {asked[0]} belongs to a plan.",
            code="no_plan",
            hint=f"Leave --{asked[0]} out.",
        )
    from friendshore.answers.response import response

    return response(scenario, world=world)


def _refuse(wish: Wish) -> None:
    if wish.alone and (wish.together or wish.compare):
        raise ArgumentError(
            f"alone and {'together' if wish.together else 'compare'} were both asked for.",
            code="conflicting_options",
            hint="Ask for one of them; --compare shows both.",
        )
    if not wish.seconds > 0:
        raise ArgumentError(
            f"The time for a solve is {wish.seconds:g} seconds, expected more than 0.",
            code="bad_seconds",
            hint="Write --seconds 60.",
        )


def _parts(case: PlanCase, found: Solved, wish: Wish) -> Parts:
    """Compute what was asked for beside the plan."""
    parts = Parts()
    if wish.robust:
        tried = robustness(case, found, seconds=wish.seconds)
        parts.readings, parts.tables["variations"] = tried.readings, tried.variations
        parts.notes += tried.notes
        parts.figures |= tried.ranges
    if wish.frontier:
        traced = traced_frontier(case)
        parts.tables |= {"frontier": traced.table, "frontier_decisions": traced.decisions}
        parts.notes += traced.notes
    if wish.why:
        said = reasons(found.plans, seconds=wish.seconds)
        parts.tables |= said.tables
        parts.notes += said.notes
    if found.comparison is not None:
        parts.figures |= joint.figures(found.comparison)
        parts.tables |= joint.tables(found.comparison)
        parts.notes += [joint.gain_sentence(found.comparison), *joint.warnings(found.comparison)]
    elif wish.compare:
        parts.notes.append(Note(template="There is one member, so there is nothing to compare it with."))
    return parts


def _figures(found: Solved) -> dict[str, Any]:
    """Figures of the plan as a whole."""
    plans = found.plans
    ran = found.simulation.by_plan(plans)
    return {
        "status": "time_limit" if any(plan.status == "time_limit" for plan in plans) else "optimal",
        "objective": plans[0].objective.kind,
        "objective_value": sum(plan.objective_value for plan in plans),
        "gap": known(max(plan.gap for plan in plans)),
        "sharing": "alone" if found.alone else "together",
        "cost_usd": sum(float(paid_usd(plan).sum()) for plan in plans),
        "lost_usd": sum(plan.cost_parts_usd.get("lost", 0.0) for plan in plans),
        "once_usd": sum(float(once_usd(plan).sum()) for plan in plans),
        "budget_usd": budget_usd(plans[0].problem),
        "worst_shortage_share": worst_share(plans),
        "simulated_shortage_share": worst_share(plans, tons=ran),
        "later_shortage_share": worst_share(plans, later=True),
        "without_shortage_share": worst_share(found.idle),
        "without_by_member": {
            plan.problem.members[member]: worst_share([plan], member=member)
            for plan in found.idle
            for member in plan.coalition
        },
        "missing_share": missing_share(plans),
        "without_missing_share": missing_share(found.idle),
        "months_covered": lasting_months(plans)[0],
        "months_covered_worst": lasting_months(plans)[1],
        "without_months_covered": lasting_months(found.idle)[0],
    }


def _counted(listed: Sequence[Decision], readings: Readings) -> dict[str, Any]:
    """Count the decisions, and those that survive; None where that was not tried."""
    tried = [readings[one.key].recommended for one in listed if one.key in readings]
    return {"decisions": len(listed), "recommended_decisions": sum(tried) if readings or not listed else None}


def _finding(case: PlanCase, found: Solved, parts: Parts, asked: dict[str, Any], command: str) -> Finding:
    plans, readings = found.plans, parts.readings
    listed = decisions(plans)
    ran = found.simulation.by_plan(plans)
    figures = _figures(found) | _counted(listed, readings)
    return Finding(
        question="plan",
        arguments=asked,
        columns=columns("plan"),
        rows=told(listed, readings),
        answer=sentence(listed, figures, plans, readings),
        summary=figures | parts.figures,
        tables={
            "sourcing": sourcing(plans),
            "capacity": capacity(plans, readings),
            "stock": stock(plans, readings),
            "scenarios": scenarios(plans, ran),
            "binding": binding_of(plans),
            "members": members(plans),
            "shortages": shortages(plans, ran),
            "gaps": gaps(plans, ran),
            "support": support(plans),
            "output": output(plans),
            "calls": calls(plans),
            "costs": costs(plans),
            **parts.tables,
        },
        sources=sources_of(case.world, "trade", "production"),
        assumptions=assumptions(case),
        caveats=(*caveats(plans, figures), *unknowns(case, found), counting(), *parts.notes),
        command=command,
    )


def _arguments(case: PlanCase, scenario: str | Path, found: Solved) -> dict[str, Any]:
    problem, setting = case.problem, case.setting
    return {
        "scenario": str(scenario),
        "title": case.scenario.file.name,
        "scenario_sha256": fingerprint(case.scenario),
        "members": list(setting.members),
        "on": list(setting.concern),
        "partners": list(setting.partners),
        "hosts": list(setting.hosts),
        "products": list(setting.products),
        "objective": found.plans[0].objective.model_dump(),
        "sharing": "alone" if found.alone else "together",
        "rule": setting.rule,
        "limit": {"shortage_share": problem.limits.shortage_share, "months": problem.limits.months},
        "cases": [
            {"name": c.name, "months": c.months, "probability": c.probability, "struck": list(c.struck)}
            for c in problem.cases
        ],
        "budgets_usd": {
            name: known(usd) for name, usd in zip(problem.members, problem.limits.budgets_usd, strict=False)
        },
        "notice_months": float(case.plan.notice_months.value),
        "standards": _standards(case),
        "base_years": list(case.years),
        "quantities": problem.quantities,
        "data": case.world.name,
    }


def _standards(case: PlanCase) -> dict[str, str]:
    """By supplier and product, what the scenario says of qualifying it."""
    return {
        f"{supplier} {code}": f"qualification needed, {standard.fee_usd:,.0f} USD"
        for standard in case.setting.standards
        for supplier in standard.suppliers
        for code in standard.products
    }


def fingerprint(scenario: Scenario) -> str:
    """Hash the scenario as it is understood, with what it extends filled in."""
    understood = scenario.file.model_dump(mode="json")
    return hashlib.sha256(json.dumps(understood, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _command(wish: Wish, scenario: str | Path, data: str) -> str:
    return command_line(
        "plan",
        (),
        {
            "scenario": str(scenario),
            **{name: getattr(wish, name) for name in ("frontier", "why", "alone", "together", "compare")},
            "quick": not wish.robust,
            "seconds": f"{wish.seconds:g}" if wish.seconds != DEFAULT_SECONDS else "",
            "data": data,
        },
    )
