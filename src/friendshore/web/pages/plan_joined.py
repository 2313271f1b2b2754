"""What allies found together: the answer to summaries that were uploaded."""

from __future__ import annotations

from friendshore.records import Note
from friendshore.report.further import as_finding
from friendshore.web.desk import Desk, NotYet
from friendshore.web.pages.plan_tables import named_grid
from friendshore.web.pages.plan_together import compared
from friendshore.web.records import Asked
from friendshore.web.sections import Section, View

__all__ = ["joined"]


def joined(desk: Desk, asked: Asked, key: str) -> View:
    """Lay out what allies found together.

    Parameters
    ----------
    desk
        Where the answer is kept.
    asked
        The request.
    key
        Under which the uploaded summaries are kept.
    """
    question = Note(template="What do allies gain by acting together?")
    trail = ((Note(template="Plan"), "/plan"), (Note(template="Plan with an ally"), "/join"), (question, ""))
    try:
        found = desk.ask("join", {"document": key})
    except NotYet as waiting:
        return View(question, sections=(Section("together", question, job=waiting.job),), trail=trail)
    stated = found.model_copy(update={"tables": {}})
    sections = [*compared(found, stated, found.caveats, asked.lang)]
    if "together" in found.tables:
        done = as_finding(found, "together")
        sections.insert(
            1,
            Section(
                "decisions",
                Note(template="What they would do together"),
                finding=done,
                table=lambda words: named_grid(done, words),
            ),
        )
    return View(question, answer=found.answer, sections=tuple(sections), finding=found, trail=trail)
