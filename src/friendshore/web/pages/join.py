"""The page on which allies plan together: each uploads the small file that it wrote down, nothing else."""

from __future__ import annotations

from friendshore.records import Note
from friendshore.web.desk import Desk
from friendshore.web.records import Asked
from friendshore.web.sections import Section, View

__all__ = ["view"]


def view(desk: Desk, asked: Asked) -> View:
    """Lay out the page, or, of summaries that were sent, the answer."""
    key = next((value for name, value in asked.query if name == "document"), "")
    if key:
        from friendshore.web.pages.plan_joined import joined

        return joined(desk, asked, key)
    return View(
        Note(template="Plan with an ally"),
        sections=(
            Section(
                "upload",
                Note(template="What do allies gain by acting together?"),
                Note(
                    template="Each ally writes a small file down, a summary; two to eight of them are joined here. "
                    "They stay on this machine."
                ),
                template="plan_join.html.j2",
                values={"write": "/summary"},
            ),
        ),
        trail=((Note(template="Plan"), "/plan"), (Note(template="Plan with an ally"), "")),
    )
