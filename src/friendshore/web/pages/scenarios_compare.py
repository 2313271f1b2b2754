"""Two scenarios side by side: what they say differently, and what follows from each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from friendshore.answers.comparing import DIFFERENCE, compared, followed_case
from friendshore.charts.compared import compared as drawn
from friendshore.charts.picture import Drawing
from friendshore.charts.wording import Words
from friendshore.disruption.saved import named_text
from friendshore.disruption.scenario_files import load_scenario
from friendshore.records import Finding, Note
from friendshore.report.further import as_finding
from friendshore.report.words import words_in
from friendshore.web.desk import Desk, NotYet
from friendshore.web.pages.plain import plain
from friendshore.web.records import Asked, JobAsked
from friendshore.web.sections import Grid, Section, View, grid

__all__ = ["compare_view"]

HEADS: Mapping[str, str] = {
    "peak_shortage_share": "missing at most in a month",
    "total_shortage_t": "missing over all months",
    "months_short": "short",
    "months_to_10pct": "until a tenth is missing",
    "cover_days": "until anything is missing",
    "cost_usd": "cost a year",
    "worst_shortage_share": "missing at most",
    "missing_share": "missing of what is needed",
    "without_missing_share": "missing without the plan",
    "months_covered": "covered",
    "months_covered_worst": "covered at least",
}
NEVER = ("months_to_10pct", "cover_days")
"""Figures that are empty where what they wait for does not happen."""
DECIDED: Mapping[str, str] = {"first_t": "first", "second_t": "second", "difference_t": "difference"}


def compare_view(desk: Desk, asked: Asked, told: Mapping[str, str]) -> View:
    """Lay out the comparison.

    Raises
    ------
    ArgumentError
        ``unknown_scenario``.
    """
    first, second, case = told["compare"], told["with"], told.get("case", "")
    for name in (first, second):
        # Nothing is opened that is not the name of a scenario.
        named_text(name)
    finding, jobs = _found(desk, first, second, case)
    trail = ((Note(template="Scenarios"), "/scenarios"), (Note(template="Compare two"), ""))
    question = Note(
        template="{first} and {second}: what differs, and what follows?",
        values={"first": first, "second": second},
    )
    sections = [
        *_followed(finding, words_in(asked.lang)),
        *(
            Section(f"plan-{place}", Note(template="The plan for {name}", values={"name": name}), job=job)
            for place, (name, job) in enumerate(jobs.items(), 1)
        ),
        *_said(finding),
        Section(
            "compare",
            Note(template="Compare others"),
            template="scenarios_pick.html.j2",
            values={"names": _names(), "first": first, "second": second, "lang": asked.lang},
        ),
    ]
    return View(question, answer=finding.answer, sections=tuple(sections), finding=finding, trail=trail)


def _names() -> list[tuple[str, str]]:
    from friendshore.answers.scenarios import scenarios

    return [(row["name"], row["title"]) for row in scenarios().rows]


def _found(desk: Desk, first: str, second: str, case: str) -> tuple[Finding, dict[str, JobAsked]]:
    """Return the comparison, and the plans that have to be worked out first."""
    both = load_scenario(first), load_scenario(second)
    kinds = {one.file.type for one in both}
    if kinds == {"stress"} and all(followed_case(one, case) is not None for one in both):
        asked = {"first": first, "second": second, "case": case}
        return desk.ask("scenario-compare", asked), {}
    if kinds != {"plan"}:
        return compared(first, second, ()), {}
    found, jobs = [], {}
    for name in (first, second):
        try:
            found.append(desk.ask("plan", {"scenario": name, "quick": True}))
        except NotYet as waiting:
            jobs[name] = waiting.job
    return compared(first, second, () if jobs else found), jobs


def _followed(finding: Finding, words: Words) -> list[Section]:
    """Show what follows: figures, months, decisions."""
    if "figures" not in finding.tables:
        return []
    figures = as_finding(finding, "figures")
    if "months" not in finding.tables:
        parts = [_figures(figures)]
        decisions = as_finding(finding, "decisions")
        if decisions.rows:
            parts.append(
                Section(
                    "decisions",
                    Note(template="Decisions that differ"),
                    Note(
                        template="Tons a year bought or built, or tons held: by the first plan and by the second."
                    ),
                    finding=decisions,
                    named=("product", "supplier", "host"),
                    heads=DECIDED,
                )
            )
        return parts
    told = drawn(finding, words)[1]
    return [
        Section(
            "months",
            Note(template="Month by month: {first} left, {second} right", values=_both(finding)),
            plain(told),
            draw=partial(_drawing, finding),
            alt=finding.answer,
            finding=as_finding(finding, "months"),
            named=("product", "importer"),
            opened=False,
        ),
        _figures(figures),
    ]


def _figures(figures: Finding) -> Section:
    """Show both and their difference, which is told in the reader's language."""

    def table(words: Words) -> Grid:
        spoken = figures.model_copy(update={"rows": tuple(_spoken(row, words) for row in figures.rows)})
        return grid(spoken, words.lang, most=200, heads=HEADS, named=("product", "importer"))

    return Section(
        "figures",
        Note(template="What follows from each"),
        Note(template="The difference is the second less the first, of shares in percentage points."),
        finding=figures,
        table=table,
    )


def _spoken(row: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """Say in words what is no number: the difference, and what never happens."""
    told = dict(row)
    apart = row["scenario"] == DIFFERENCE
    if apart:
        told["scenario"] = words.say("difference")
    for name in NEVER:
        if name in told and told[name] is None:
            told[name] = "–" if apart else words.say("never")
    return told


def _drawing(finding: Finding, words: Words, width: int) -> Drawing:
    return drawn(finding, words, width=width)[0]


def _both(finding: Finding) -> dict[str, str]:
    return {name: str(finding.arguments[name]) for name in ("first", "second")}


def _said(finding: Finding) -> list[Section]:
    """Show the keys that differ."""
    if not finding.rows:
        return []
    return [
        Section(
            "keys",
            Note(template="What they say differently"),
            Note(
                template="Key by key, with what they extend filled in: {first}, then {second}.",
                values=_both(finding),
            ),
            finding=finding.model_copy(update={"tables": {}}),
        )
    ]
