"""The page disruption: if it stops, what is missing, when, for whom; how far to trust that, and what to do next."""

from __future__ import annotations

from functools import cache

from friendshore.errors import ArgumentError
from friendshore.records import Finding, Note
from friendshore.web.desk import Desk
from friendshore.web.pages.disruption_further import brief_address, further, leads
from friendshore.web.pages.disruption_parts import parts
from friendshore.web.pages.disruption_sweeps import SWEPT, sweeps
from friendshore.web.pages.plain import plain
from friendshore.web.parameters import given as read
from friendshore.web.questions import QUESTIONS
from friendshore.web.records import Asked, Given, Pairs
from friendshore.web.scenario_titles import shown_title
from friendshore.web.sections import Section, View

__all__ = ["OTHERS", "view"]

OTHERS = ("also", "rows")
"""Names in the address that belong to the page and not to the question."""
CASE_HEADS = {
    "case": "Case",
    "suppliers": "Who stops",
    "importers": "Whom it strikes",
    "products": "What stops",
    "months": "Lasts",
}
TITLE = "If it stops, what is missing, when, for whom?"


def view(desk: Desk, asked: Asked) -> View:
    """Lay out the page."""
    told = question_told(asked.query)
    if not any(value for _, value in told):
        return opening(asked.lang)
    wanted = read(QUESTIONS["stress"], told, others=OTHERS)
    scenario = str(wanted.arguments["scenario"])
    if scenario and not wanted.arguments["case"]:
        cases = futures_of(scenario)
        if cases is not None:
            return choosing(cases, told, asked.lang)
    if not scenario:
        refuse_half(wanted)
    return answered(desk, asked, wanted)


def refuse_half(wanted: Given) -> None:
    """Refuse half a question, and say beside each field what is needed."""
    given = wanted.arguments
    named = {
        "importer": given["importers"],
        "on": given["on"],
        "product": given["products"] or given["group"],
    }
    rows = [
        {"field": name, "code": "missing_argument", "message": f"{name} is missing.", "hint": ""}
        for name, value in named.items()
        if not value
    ]
    if rows:
        raise ArgumentError(
            " ".join(row["message"] for row in rows),
            code="missing_argument",
            hint="Say who stops what for whom, or follow a scenario.",
            rows=rows,
        )


def question_told(query: Pairs) -> Pairs:
    """Leave out of the address what is asked besides the months themselves, and blanks."""
    return tuple(
        (name, value.strip()) for name, value in query if name not in (*SWEPT, *OTHERS) and value.strip()
    )


def answered(desk: Desk, asked: Asked, wanted: Given) -> View:
    """Lay out the answer."""
    from friendshore.answers.stress_told import key_numbers, question_of

    finding: Finding = desk.answer(wanted)
    scenario = str(wanted.arguments["scenario"])
    return View(
        question_of(finding, shown_title(scenario, asked.lang) if scenario else ""),
        answer=finding.answer,
        numbers=key_numbers(finding),
        anchors=("path", "outcomes", "outcomes"),
        sections=(
            *parts(finding, asked.lang),
            *further(desk, wanted, finding, asked.lang),
            *sweeps(desk, wanted, asked),
            leads(wanted, finding, asked.lang),
        ),
        # the figures of the summary stand in tables of the page
        finding=finding.model_copy(update={"summary": {}}),
        values={"brief": brief_address(wanted, finding)},
    )


def opening(lang: str) -> View:
    """Lay out the page before anything is asked: worked examples to follow."""
    from friendshore.web.writing import address

    told = [
        {
            "title": shown_title(row["name"], lang),
            "link": address("/disruption", [("scenario", row["name"])]),
            "cases": len((row["cases"] or "").split("; ")) if row["cases"] else 0,
            "months": row["months"],
        }
        for row in listed().rows
    ]
    return View(
        Note(template=TITLE),
        sections=(
            Section(
                "examples",
                Note(template="Worked examples"),
                subtitle=Note(
                    template="Scenarios that come with the package: events that happened, and questions. Each is "
                    "answered at a click and can be copied and changed."
                ),
                template="disruption_examples.html.j2",
                values={"told": told},
            ),
        ),
    )


def choosing(cases: Finding, told: Pairs, lang: str) -> View:
    """Lay out the alternative futures of a scenario, of which the reader chooses one."""
    from friendshore.web.writing import address

    scenario = next(value for name, value in told if name == "scenario")
    others = [pair for pair in told if pair[0] != "case"]
    return View(
        plain(shown_title(scenario, lang)),
        sections=(
            Section(
                "cases",
                Note(
                    template="This scenario holds {count} alternative futures, of which only one happens. Choose one.",
                    values={"count": str(len(cases.rows))},
                ),
                finding=cases,
                named=("suppliers", "importers", "products"),
                heads=CASE_HEADS,
                links={"case": lambda row: address("/disruption", [*others, ("case", str(row["case"]))])},
            ),
        ),
    )


def futures_of(name: str) -> Finding | None:
    """List the alternative futures of a shipped or saved scenario; None where there is but one."""
    from friendshore.answers.stress_futures import futures
    from friendshore.disruption.scenario_files import load_scenario
    from friendshore.disruption.scenario_names import named_text

    named_text(name)  # a name and never a file: refused before anything is opened
    scenario = load_scenario(name)
    return futures(scenario, name) if len(scenario.cases) > 1 else None


@cache
def listed() -> Finding:
    """List the scenarios that come with the package."""
    from friendshore.answers.scenarios import scenarios
    from friendshore.disruption.scenario_files import shipped

    found = scenarios()
    return found.model_copy(update={"rows": tuple(row for row in found.rows if row["name"] in shipped())})
