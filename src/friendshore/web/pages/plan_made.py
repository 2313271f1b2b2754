"""A plan on its page: what to do, what is still missing, what it costs whom, and what can be asked further."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from friendshore.charts.bars import bars
from friendshore.charts.decisions import decided, decisions_title
from friendshore.charts.decisions import measure_of as decisions_measure
from friendshore.charts.gaps import gap_map
from friendshore.charts.look import MEMBER
from friendshore.charts.picture import Drawing
from friendshore.charts.wording import Words
from friendshore.records import Amount, Finding, Note
from friendshore.report.further import as_finding
from friendshore.report.words import say, term, words_in
from friendshore.web.pages.plain import plain
from friendshore.web.pages.plan_asking import Asking, address_of, unknown
from friendshore.web.pages.plan_frontier import frontier_sections
from friendshore.web.pages.plan_numbers import numbers
from friendshore.web.pages.plan_papers import papers_section
from friendshore.web.pages.plan_tables import named_grid
from friendshore.web.pages.plan_together import together_sections
from friendshore.web.pages.plan_why import why_sections
from friendshore.web.records import JobAsked
from friendshore.web.sections import Section, View

__all__ = ["made"]

Trail = tuple[tuple[Note, str], ...]


def made(asking: Asking, trail: Trail) -> View:
    """Lay out a plan: the quick one as soon as it is there, then whether it survives other assumptions."""
    question = Note(template="What should we buy elsewhere, build and hold?")
    full = asking.found("decisions")
    told = full
    if isinstance(full, JobAsked) and not asking.wants("quick"):
        told = asking.found("decisions", quick=True)
    if isinstance(told, JobAsked):
        waiting = [Section("decisions", Note(template="What to do"), job=told)]
        if told is not full and isinstance(full, JobAsked):
            waiting.append(_trying(full))
        return View(question, sections=tuple(waiting), trail=trail)
    sections = [*_plan_sections(asking, told)]
    trying = _trying(full) if told.rows and isinstance(full, JobAsked) else None
    sections[1:1] = [section for section in (trying, _further(asking, told)) if section]
    sections += together_sections(asking, told)
    sections += frontier_sections(asking)
    sections += why_sections(asking, told)
    sections += [papers_section(asking), _rests(asking)]
    return View(
        question,
        answer=headline(told),
        sections=tuple(sections),
        finding=_with_commands(told, sections),
        numbers=numbers(told),
        anchors=("costs", "missing", "members" if any(one.id == "members" for one in sections) else "costs"),
        trail=trail,
    )


def headline(finding: Finding) -> Note:
    """Say in one short sentence what the plan comes to; the whole answer stands below it."""
    figures: Any = finding.summary
    if not finding.rows:
        return finding.answer
    return Note(
        template="{count} steps for {cost} a year: in a cut {missing} of what is needed is missing, {before} without "
        "them",
        values={
            "count": str(len(finding.rows)),
            "cost": Amount(value=figures["cost_usd"], unit="USD"),
            "missing": Amount(value=figures["missing_share"], unit="share"),
            "before": Amount(value=figures["without_missing_share"], unit="share"),
        },
    )


def _trying(job: JobAsked) -> Section:
    return Section(
        "assumptions",
        Note(template="Does it survive other assumptions?"),
        Note(template="The plan is solved anew under each; what follows is the plan under those stated."),
        job=job,
    )


def _with_commands(told: Finding, sections: Sequence[Section]) -> Finding:
    """Let the page's end give the command of every question that it asked."""
    commands = [told.command, *(one.finding.command for one in sections if one.finding is not None)]
    return told.model_copy(update={"command": "\n".join(dict.fromkeys(commands))})


def _plan_sections(asking: Asking, told: Finding) -> Iterator[Section]:
    """Sections of the plan itself."""
    words = words_in(asking.lang)
    if told.rows:
        yield Section(
            "decisions",
            plain(decisions_title(told, words)),
            plain(decisions_measure(told.rows, words)),
            draw=lambda words, width: decided(told.rows, words, width=width),
            finding=told,
            table=lambda words: named_grid(
                told,
                words,
                links={"product": lambda row: asking.exposure(row, told)},
                skip=unknown(told),
                most=asking.most(16),
            ),
            template="plan_words.html.j2",
            values={"lines": [words.tell(told.answer)]},
        )
    yield from _missing(asking, told)
    yield from _money(told, words)
    if "variations" in told.tables:
        yield Section(
            "variations",
            Note(template="The same plan under other assumptions"),
            Note(template="Each row: one assumption changed, all else as it was."),
            finding=as_finding(told, "variations"),
            skip=("variation", "status"),
            opened=False,
        )


def _missing(asking: Asking, told: Finding) -> Iterator[Section]:
    """Show what is still missing, by case and product and in tons."""
    figures: Any = told.summary
    gaps, tons = as_finding(told, "gaps"), as_finding(told, "shortages")
    values = {
        "share": Amount(value=figures["worst_shortage_share"], unit="share"),
        "without": Amount(value=figures["without_shortage_share"], unit="share"),
        "months": str(told.arguments["limit"]["months"]),
    }
    title = Note(
        template="At worst {share} of a product is missing within {months} months, instead of {without}.",
        values=values,
    )
    if not any(row["planned_share"] > 0 for row in gaps.rows):
        yield Section("missing", title)
        return
    yield Section(
        "missing",
        title,
        Note(
            template="Largest part of a period's demand that is missing by the plan, percent, by case; no figure: "
            "nothing is missing"
        ),
        draw=lambda words, width: gap_map(gaps.rows, words, width=width),
        finding=tons,
        table=lambda words: named_grid(
            tons, words, links={"product": lambda row: asking.exposure(row, told)}, most=asking.most(12)
        ),
        opened=False,
    )


def _money(told: Finding, words: Words) -> Iterator[Section]:
    """Show what the cost is made of, and who pays."""
    figures: Any = told.summary
    costs, members = as_finding(told, "costs"), as_finding(told, "members")
    yield Section(
        "costs",
        Note(
            template="It costs {cost} a year, and {once} at once",
            values={
                "cost": Amount(value=figures["cost_usd"], unit="USD"),
                "once": Amount(value=figures["once_usd"], unit="USD"),
            },
        ),
        Note(template="Dollars a year beyond today, by what is paid for"),
        draw=lambda words, width: _cost_bars(costs, words, width),
        finding=costs,
        opened=False,
    )
    if len(members.rows) > 1:
        yield Section(
            "members",
            Note(template="Member by member"),
            finding=members,
            table=lambda words: named_grid(members, words, skip=unknown(members)),
        )


def _cost_bars(costs: Finding, words: Words, width: int) -> Drawing:
    """Draw the parts of the cost; the value of what is missing is no bill and would dwarf them."""
    rows = sorted(costs.rows, key=lambda row: -row["cost_usd"])
    return bars(
        [
            {
                "label": term(row["part"], "part", words.lang),
                "value": max(row["cost_usd"], 0.0),
                "told": words.number(row["cost_usd"], "USD"),
                "fill": MEMBER,
            }
            for row in rows
            if row["part"] != "lost" and abs(row["cost_usd"]) > 0.5
        ],
        width=width,
    )


def _further(asking: Asking, told: Finding) -> Section | None:
    """Lead to what can be asked beyond the plan."""
    several = len(told.arguments["members"]) > 1 and not asking.wants("alone")
    offered = (
        (
            asking.wants("quick"),
            "Try it under other assumptions",
            "Which steps survive, and on what the others hinge.",
            asking.link("decisions", quick=None),
        ),
        (
            several and not asking.wants("compare"),
            "Alone or together",
            "What acting together saves, how to share it, and who would rather leave.",
            asking.link("together", compare=True),
        ),
        (
            not asking.wants("frontier"),
            "With more or less money",
            "What each budget buys, and from where more buys nothing.",
            asking.link("frontier", frontier=True),
        ),
        (
            not asking.wants("why"),
            "Why this plan",
            "What binds, the next-best plans, and at which stakes each step flips.",
            asking.link("why", why=True),
        ),
    )
    steps = [
        {"title": say(title, asking.lang), "about": say(about, asking.lang), "address": address}
        for wanted, title, about, address in offered
        if wanted
    ]
    if not steps:
        return None
    return Section(
        "further", Note(template="Ask further"), template="plan_steps.html.j2", values={"steps": steps}
    )


def _rests(asking: Asking) -> Section:
    """Lead to what the plan rests on."""
    name, cases = asking.name, asking.scenario.cases
    steps = [
        {
            "title": say("Change the scenario", asking.lang),
            "about": say("A copy of your own, with other members, money, stocks or costs.", asking.lang),
            "address": address_of("/scenarios", [("from", name)]),
        },
        {
            "title": say("If it stops and nothing is done", asking.lang),
            "about": say("What is missing, when, and for whom, month by month.", asking.lang),
            "address": "" if cases else address_of("/disruption", [("scenario", name)]),
            "links": [
                (case, address_of("/disruption", [("scenario", name), ("case", case)])) for case in cases
            ],
        },
    ]
    return Section(
        "rests",
        Note(template="What it rests on"),
        Note(
            template="Everything that is assumed stands at the end of this page, with the range that was tried."
        ),
        template="plan_steps.html.j2",
        values={"steps": steps},
    )
