"""Papers for the table, made of a plan: the ask-and-offer sheet, and the list of wanted capability."""

from __future__ import annotations

from typing import Any

from friendshore.records import Note
from friendshore.report.words import say
from friendshore.web.pages.plan_asking import Asking, address_of
from friendshore.web.records import JobAsked
from friendshore.web.sections import Section

__all__ = ["papers_section"]

ABOUT = Note(
    template="A page a member: what it commits, what it gives and gets in each case, and what it could walk away with."
)


def papers_section(asking: Asking) -> Section:
    """Offer the papers: at once where their plan is there, else as work that can be begun."""
    flags = {"compare": not asking.wants("alone")}
    title = Note(template="For the table")
    values: dict[str, Any] = {}
    told = asking.found("papers", **flags)
    if isinstance(told, JobAsked):
        if asking.says("papers") == "true":
            return Section("papers", title, ABOUT, job=told)
        values = {"begin": asking.link("papers", papers=True), "files": ()}
    else:
        language = [("lang", asking.lang)]
        query = [*asking.query(**flags), *language]
        values = {
            "begin": "",
            "files": (
                (say("Ask-and-offer sheet", asking.lang), "HTML", address_of("/file/sheet.html", query)),
                (say("Ask-and-offer sheet", asking.lang), "XLSX", address_of("/file/sheet.xlsx", query)),
                (
                    say("List of wanted capability", asking.lang),
                    "CSV",
                    address_of("/file/wanted.csv", [*asking.query(), *language]),
                ),
            ),
        }
    names = [("scenario", asking.name)] + (
        [("data", asking.given.data)] if asking.given.data != "raw-materials" else []
    )
    values |= {"summary": address_of("/summary", names), "join": "/join"}
    return Section("papers", title, ABOUT, template="plan_papers.html.j2", values=values)
