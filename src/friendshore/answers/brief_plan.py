"""What could be done, for a brief: decisions, what money buys, alone or together, why, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from friendshore.answers.brief_endurance import Endured
from friendshore.answers.brief_question import case_of_brief, case_of_file
from friendshore.answers.brief_setting import Setting
from friendshore.answers.brief_solved import (
    BriefPlans,
    Split,
    frontier_rows,
    planned,
    readings_of,
    split_of,
)
from friendshore.answers.brief_why import changes, reasons
from friendshore.answers.plan_cases import PlanCase
from friendshore.answers.plan_known import assumptions
from friendshore.answers.plan_rows import Decision, Readings, decisions, told
from friendshore.errors import FriendshoreError
from friendshore.records import Amount, Assumption, Column, Finding, Listing, Name, Note, Panel
from friendshore.tables.schemas import columns

__all__ = ["Possible", "possible"]

LITTLE = 0.002
"""Part of the goods by which less is missing, below which money changes little."""
LEAST_GAIN = 0.005
"""Part of the cost alone below which acting together saves next to nothing."""
STEPS: Mapping[str, str] = {
    "hold": "{product}",
    "build": "{product} in {place}",
    "buy": "{product} from {place}",
}
KINDS: Mapping[str, str] = {
    "hold": "hold {what}",
    "build": "build plants for {what}",
    "buy": "buy more {what}",
}
"""What is done by action, in the words of a title."""
SHARES = (
    Column(name="member", unit="", description="Importer."),
    Column(
        name="alone_usd", unit="USD", description="What its plan alone costs a year, lost supply included."
    ),
    Column(name="gain_usd", unit="USD", description="Its part of what acting together saves a year."),
    Column(name="pays_usd", unit="USD", description="What it bears a year together, lost supply included."),
)


@dataclass(frozen=True, eq=False)
class Possible:
    """The second part of a brief."""

    panels: tuple[Panel, ...] = ()
    why: tuple[Note, ...] = ()
    changes: tuple[Note, ...] = ()
    gaps: tuple[Note, ...] = ()
    assumptions: tuple[Assumption, ...] = ()


def possible(
    setting: Setting,
    importers: Sequence[str],
    known: Endured | None,
    budget_usd: float | None,
    scenario: str | Path = "",
) -> Possible:
    """Plan with nothing but defaults, or as a scenario states; where that cannot be done, say so.

    Parameters
    ----------
    setting
        What the brief is about.
    importers
        As named; each is a member.
    known
        How long they last, from which the products most at issue are taken.
    budget_usd
        Most that each importer pays at once; None: no limit.
    scenario
        A scenario of type plan that is taken instead.
    """
    if scenario:
        case: PlanCase | None = case_of_file(setting, scenario)
    else:
        case = case_of_brief(setting, importers, known, budget_usd) if known is not None else None
    try:
        found = planned(case, alone=not setting.as_bloc) if case is not None else None
    except FriendshoreError:
        found = None
    if case is None or found is None:
        return Possible(gaps=(no_plan_note(setting),))
    listed = decisions((found.together,))
    if not listed:
        return Possible(gaps=(nothing_note(setting),), assumptions=assumptions(case))
    readings = readings_of(found)
    made = (
        decisions_panel(setting, found, listed, readings),
        frontier_panel(setting, found),
        together_panel(setting, found, split_of(found)) if found.alone else None,
    )
    return Possible(
        tuple(panel for panel in made if panel is not None),
        reasons(found),
        changes(listed, readings, found),
        assumptions=assumptions(case),
    )


def no_plan_note(setting: Setting) -> Note:
    """Say that there is no plan."""
    return Note(
        template="What {importer} could do cannot be planned: these data hold too few tons and prices of what comes "
        "from {supplier}.",
        values={"importer": Name(key=setting.lead), "supplier": setting.supplier},
    )


def nothing_note(setting: Setting) -> Note:
    """Say that nothing would help, or has to be done."""
    return Note(
        template="No stock, plant or other source is worth its cost to {importer} against a cut by {supplier}, as far "
        "as these data and assumptions go.",
        values={"importer": Name(key=setting.lead), "supplier": setting.supplier},
    )


def about(setting: Setting, found: BriefPlans) -> dict[str, Any]:
    """Values that the notes share."""
    problem = found.problem
    goods = Listing(items=tuple(Name(key=code, kind="product") for code in problem.products))
    return {
        "members": Listing(items=tuple(Name(key=name) for name in problem.members)),
        "supplier": setting.supplier,
        "goods": goods,
        "count": str(len(problem.products)),
        "months": str(max(one.months for one in problem.cases)),
        "once": Amount(value=found.once_usd, unit="USD"),
    }


def panel_finding(
    setting: Setting, question: str, described: Sequence[Column], rows: Sequence[Any], answer: Note, summary: Any = ()  # noqa: ANN401  numbers or arrays of any shape
) -> Finding:  # fmt: skip
    """Make a finding of rows under columns."""
    return Finding(
        question=question,
        arguments={"importers": list(setting.readings.names), "on": list(setting.on)},
        columns=tuple(described),
        rows=tuple({column.name: row[column.name] for column in described} for row in rows),
        answer=answer,
        summary=summary or {},
    )


def decisions_panel(
    setting: Setting, found: BriefPlans, listed: Sequence[Decision], readings: Readings
) -> Panel:
    """Draw up what to do."""
    sure = [one for one in listed if one.key in readings and readings[one.key].recommended]
    values = about(setting, found) | {"steps": steps(sure or listed, found)}
    title = Note(
        template="Worth its cost under every assumption tried: {steps}"
        if sure
        else "Nothing is worth its cost under every assumption tried; under those stated: {steps}",
        values=values,
    )
    return Panel(
        id="decisions",
        title=title,
        subtitle=Note(
            template="What {members} could do against a cut by {supplier} of up to {months} months, {count} products. "
            "Bars: cost a year beyond today, dollars, thin line its range; right: tons. Filled: recommended; hollow: "
            "hinges on an assumption",
            values=values,
        ),
        alt=Note(template="Bars by decision. {title}.", values={"title": title}),
        finding=panel_finding(setting, "brief-decisions", columns("plan"), told(listed, readings), title),
        notes=(
            Note(
                template="Planned for: {goods}. All that is assumed stands at the end; {once} is paid at once.",
                values=values,
            ),
        ),
    )


def steps(chosen: Sequence[Decision], found: BriefPlans) -> Listing:
    """Write decisions in a few words: of each kind the costliest, and how many more."""
    clauses = []
    problem = found.problem
    for action in STEPS:
        mine = [one for one in chosen if one.action == action]
        if not mine:
            continue
        mine.sort(key=lambda one: (-one.cost_usd - one.once_usd, one.key))
        first = mine[0]
        goods = len({(one.product, one.place) for one in mine}) - 1
        named = {
            "product": Name(key=first.product, kind="product"),
            "place": Name(key=first.place),
        }
        what = Note(template=STEPS[action], values=named)
        if goods:
            what = Note(template="{first} and {count} more", values={"first": what, "count": str(goods)})
        if action == "hold":
            at = [(problem.members.index(one.member), problem.products.index(one.product)) for one in mine]
            days = max(one.quantity_t / problem.demand_t[k] for one, k in zip(mine, at, strict=True)) * 365
            what = Note(
                template="up to {days} days of {goods}", values={"days": f"{days:.0f}", "goods": what}
            )
        clauses.append(Note(template=KINDS[action], values={"what": what}))
    return Listing(items=tuple(clauses))


def frontier_panel(setting: Setting, found: BriefPlans) -> Panel | None:
    """Draw up what money buys; nothing where nothing has to be paid at once."""
    rows = frontier_rows(found)
    course = [row for row in rows if row["sharing"] == "together"]
    chosen = next((row for row in course if row["recommended"]), course[-1])
    enough = next(row for row in course if row["enough"])
    if not enough["budget_usd"] > 0:
        return None
    values = about(setting, found) | {
        "budget": Amount(value=chosen["budget_usd"], unit="USD"),
        "less": Amount(value=chosen["shortage_share"], unit="share"),
        "more": Amount(value=course[0]["shortage_share"], unit="share"),
        "enough": Amount(value=enough["budget_usd"], unit="USD"),
    }
    title = Note(
        template="With {budget} paid at once {less} instead of {more} of these goods is missing in the cases planned "
        "for; beyond {enough} money buys nothing"
        if course[0]["shortage_share"] - chosen["shortage_share"] > LITTLE
        else "Money changes little here: with {budget} paid at once {less} of these goods is missing in the cases "
        "planned for, without it {more}",
        values=values,
    )
    return Panel(
        id="frontier",
        title=title,
        subtitle=Note(
            template="Part of the goods planned for that is missing, by value, mean over the cases, and months until "
            "more than 10 % is missing, mean over goods, by what all pay at once for stock and plants",
            values=values,
        ),
        alt=Note(template="Lines by budget. {title}.", values={"title": title}),
        finding=panel_finding(setting, "brief-frontier", columns("plan_frontier"), rows, title),
    )


def together_panel(setting: Setting, found: BriefPlans, split: Split) -> Panel:
    """Draw up what acting together saves, and who bears what."""
    alone = sum(split.alone_usd.values())
    gain = alone - split.together_usd
    values = about(setting, found) | {
        "together": Amount(value=split.together_usd, unit="USD"),
        "alone": Amount(value=alone, unit="USD"),
        "share": Amount(value=gain / alone if alone else 0.0, unit="share"),
    }
    title = Note(
        template="Together {members} bear {together} a year instead of {alone}: {share} less"
        if gain > LEAST_GAIN * alone
        else "Acting together saves {members} next to nothing: {together} a year instead of {alone}",
        values=values,
    )
    rows = [
        {
            "member": name,
            "alone_usd": usd,
            "gain_usd": split.part_usd[name],
            "pays_usd": usd - split.part_usd[name],
        }
        for name, usd in split.alone_usd.items()
    ]
    shared = (
        Note(template="Who bears what together: the gain is shared by what each adds (Shapley).")
        if split.rule == "shapley"
        else Note(
            template="Who bears what together: the gain is shared in proportion to what each would miss."
        )
    )
    return Panel(
        id="together",
        title=title,
        subtitle=Note(
            template="What is paid and expected to be lost a year, dollars: each alone, what acting together saves, "
            "and who bears what together"
        ),
        alt=Note(template="Bars from alone to together. {title}.", values={"title": title}),
        finding=panel_finding(
            setting, "brief-together", SHARES, rows, title, {"together_usd": split.together_usd}
        ),
        notes=(shared,),
    )
