"""The page that writes down what an ally needs to know: the file word for word, and what it reveals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from friendshore.records import Finding, Note
from friendshore.report.further import as_finding
from friendshore.web.desk import Desk, NotYet
from friendshore.web.pages.plan_asking import address_of
from friendshore.web.pages.plan_choosing import members_of, planned_scenarios
from friendshore.web.pages.plan_tables import named_grid
from friendshore.web.papers import summary_text_of
from friendshore.web.parameters import given
from friendshore.web.questions import QUESTIONS
from friendshore.web.records import Asked
from friendshore.web.scenario_titles import shown_title
from friendshore.web.sections import Section, View

__all__ = ["view"]

TITLE = Note(template="What an ally needs to know")


def view(desk: Desk, asked: Asked) -> View:
    """Lay out the page: choose a scenario, then a member, then the file."""
    told = {name: value.strip() for name, value in asked.query if value.strip()}
    trail = ((Note(template="Plan"), "/plan"), (Note(template="Plan with an ally"), "/join"), (TITLE, ""))
    if not told.get("scenario"):
        choices = [
            (shown_title(name, asked.lang), address_of("/summary", [("scenario", name)]))
            for name, file in planned_scenarios()
            if file.type == "plan" and len(file.plan.members) > 1
        ]
        return _choose(trail, Note(template="Choose the scenario that both of you agreed on"), choices)
    if not told.get("member"):
        choices = [
            (name, address_of("/summary", [*told.items(), ("member", code), ("explain", "true")]))
            for code, name in members_of(told["scenario"], asked.lang)
        ]
        return _choose(trail, Note(template="Choose whose summary it is"), choices)
    wanted = given(QUESTIONS["summary"], asked.query, others=("rows",))
    # What is revealed is always told here; the file is the same.
    wanted = replace(wanted, arguments={**wanted.arguments, "explain": True})
    try:
        found: Finding = desk.answer(wanted)
    except NotYet as waiting:
        return View(TITLE, sections=(Section("file", TITLE, job=waiting.job),), trail=trail)
    return View(
        TITLE,
        answer=found.answer,
        sections=tuple(_sections(found, asked)),
        finding=found.model_copy(update={"summary": {}}),
        trail=trail,
    )


def _choose(trail: tuple[tuple[Note, str], ...], title: Note, choices: list[tuple[str, str]]) -> View:
    """Let people choose by links."""
    chosen = Section("choose", title, template="plan_choices.html.j2", values={"choices": choices})
    return View(TITLE, sections=(chosen,), trail=trail)


def _sections(found: Finding, asked: Asked) -> Iterator[Section]:
    """Show the file, what each part reveals, what it does not, and its needs as a table."""
    pairs = [(name, value) for name, value in asked.query if name != "rows"]
    yield Section(
        "file",
        Note(template="The file, word for word"),
        Note(template="Nothing else leaves. Changed by hand it is refused."),
        template="plan_file.html.j2",
        values={
            "text": summary_text_of(found),
            "link": address_of("/file/summary.yaml", pairs),
            "join": "/join",
        },
    )
    for name, title in (("reveals", "What the file reveals"), ("kept", "What it does not reveal")):
        yield Section(name, Note(template=title), finding=as_finding(found, name))
    yield Section(
        "needs",
        Note(template="What is needed and offered, product by product"),
        finding=found,
        table=lambda words: named_grid(found, words),
    )
