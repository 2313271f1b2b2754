"""The brief: everything a minister's page says, computed once and left to the page to write down."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from friendshore.answers.actors import supplier_set
from friendshore.answers.brief_course import course_of, course_panels
from friendshore.answers.brief_endurance import (
    Endured,
    comparable_events,
    endurance_panel,
    endured,
    no_endurance_note,
)
from friendshore.answers.brief_limits import limits, materials_panel
from friendshore.answers.brief_numbers import answer_of, key_numbers, question_of
from friendshore.answers.brief_panels import panels
from friendshore.answers.brief_plan import possible
from friendshore.answers.brief_record import notice_of, record_of
from friendshore.answers.brief_setting import Setting
from friendshore.answers.framing import chosen_products, chosen_years, command_line, data_option, opened
from friendshore.answers.readings import read_exposure
from friendshore.errors import ArgumentError
from friendshore.progress import tell
from friendshore.records import Assumption, Brief, Entry, Finding, Note, Panel, Source
from friendshore.tables.world import World

__all__ = ["brief"]

STEPS = 4
"""Parts of which a brief tells that it is at them; the plan within it counts its own."""


def brief(
    importers: Sequence[str],
    *,
    on: Sequence[str],
    world: World | str | Path = "raw-materials",
    as_bloc: bool = False,
    group: str = "",
    year: int = 0,
    budget_usd: float | None = None,
    scenario: str | Path = "",
) -> Brief:
    """Answer what importers, each and together, depend on from a supplier, directly and through third countries.

    Parameters
    ----------
    importers
        ISO3 codes or bloc names; where there are several, all of them joined are measured too.
    on
        Suppliers of concern, ISO3 codes or bloc names; together they count as one supplier.
    world
        An opened world, or the name or folder of a data set.
    as_bloc
        Measure only all importers joined into one.
    group
        Name of a product group; all products by default.
    year
        The newest year with full data by default.
    budget_usd
        Most that each importer pays at once for stock and new capacity; no limit by default.
    scenario
        A scenario of type plan from which the part on what could be done is taken; by default the importers plan for
        what they miss most.

    Returns
    -------
    Brief
        The answer in one sentence, three numbers with their ranges, the pictures with their tables, what the
        data cannot say, sources and the command.

    Raises
    ------
    ArgumentError, MissingDataError
        As :func:`friendshore.answers.exposure.exposure`.
    """
    if not on:
        raise ArgumentError(
            "No supplier of concern was named.", code="no_supplier", hint="Add it, as --on AUS."
        )
    refuse_money(budget_usd, scenario)
    tell(Note(template="Measuring exposure"), 0, STEPS)
    opened_world = opened(world)
    when = chosen_years((year,) if year else (), opened_world)[0]
    asked = chosen_products((), group, opened_world)
    readings = read_exposure(importers, on, opened_world, products=asked, year=when, as_bloc=as_bloc)
    setting = Setting(
        world=opened_world,
        readings=readings,
        on=tuple(on),
        suppliers=supplier_set(on, opened_world, when),
        members=readings.lead.members(when),
        asked=asked,
        as_bloc=as_bloc,
    )
    tell(Note(template="Running the months of the disruption"), 1, STEPS)
    lasting = how_long(setting, importers)
    plan = possible(setting, importers, lasting.known, budget_usd, scenario)
    tell(Note(template="Drawing up the pictures"), STEPS - 1, STEPS)
    findings = (*readings.findings, *lasting.findings)
    return Brief(
        question=question_of(readings, on, group, opened_world.name),
        answer=answer_of(readings, on),
        importers=readings.names,
        joint=readings.joint,
        members=setting.members,
        suppliers=setting.on,
        supplier_members=setting.suppliers,
        year=when,
        year_before=readings.year_before,
        numbers=key_numbers(readings, on),
        panels=(*lasting.panels, *plan.panels, *panels(setting)),
        limits=(*lasting.gaps, *plan.gaps, *limits(setting, group)),
        materials=materials_panel(setting, importers),
        record=lasting.record,
        notice=lasting.notice,
        why=plan.why,
        changes=plan.changes,
        sources=every_source(findings),
        assumptions=every_assumption((*(a for f in findings for a in f.assumptions), *plan.assumptions)),
        command=command_line(
            "brief",
            importers,
            {
                "on": list(on),
                "as_bloc": as_bloc,
                "group": group,
                "year": when,
                "budget": "" if budget_usd is None else f"{budget_usd:.15g}",
                "scenario": str(scenario),
                "data": data_option(world),
            },
        ),
        data=opened_world.name,
        hs=opened_world.hs,
    )


def refuse_money(budget_usd: float | None, scenario: str | Path) -> None:
    """Refuse a budget that is none, and one beside a scenario that states its own."""
    if budget_usd is None:
        return
    if scenario:
        raise ArgumentError(
            f"A budget of {budget_usd:g} dollars was given beside {scenario}, which states its own.",
            code="conflicting_options",
            hint="Write budgets: into the scenario, or leave --scenario out.",
        )
    if not (math.isfinite(budget_usd) and budget_usd >= 0):
        raise ArgumentError(
            f"The budget is {budget_usd:g} dollars, expected 0 or more.",
            code="negative_cost",
            hint="Write --budget 250e6.",
        )


@dataclass(frozen=True, eq=False)
class Lasting:
    """How long the importers last, and what follows from it."""

    panels: tuple[Panel, ...] = ()
    record: Note | None = None
    notice: tuple[Entry, ...] = ()
    findings: tuple[Finding, ...] = ()
    gaps: tuple[Note, ...] = ()
    known: Endured | None = None


def how_long(setting: Setting, importers: Sequence[str]) -> Lasting:
    """Tell how long the importers last, as far as the data go."""
    known = endured(setting, importers)
    if known is None:
        return Lasting(gaps=(no_endurance_note(setting),))
    events = comparable_events(setting, known)
    first = endurance_panel(setting, known, events)
    course = course_of(setting, importers, known, events)
    if course is None:
        return Lasting(
            (first,), None, notice_of(setting, known, None, first.title), known.findings, known=known
        )
    alike = {
        event: None
        for (_, codes), found in sorted(events.items())
        if course.product in codes.split("+")
        for event in found
    }
    return Lasting(
        (first, *course_panels(setting, course)),
        record_of(setting, tuple(alike)),
        notice_of(setting, known, course, first.title),
        (*known.findings, course.stressed),
        known=known,
    )


def every_source(findings: Sequence[Finding]) -> tuple[Source, ...]:
    """Collect the sources of everything asked of the world, each once."""
    return tuple({source.id: source for finding in findings for source in finding.sources}.values())


def every_assumption(found: Iterable[Assumption]) -> tuple[Assumption, ...]:
    """Keep each assumption once."""
    return tuple({str(a): a for a in found}.values())
