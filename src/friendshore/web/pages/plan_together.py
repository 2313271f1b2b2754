"""Alone or together on the page of a plan, and of summaries that were joined."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from friendshore.charts.together import costs_of, staircase, together_title
from friendshore.charts.together import measure_of as together_measure
from friendshore.charts.wording import Words
from friendshore.records import Finding, Note
from friendshore.report.further import as_finding
from friendshore.report.words import words_in
from friendshore.web.pages.plain import plain
from friendshore.web.pages.plan_asking import Asking, new_notes, unknown
from friendshore.web.pages.plan_tables import named_grid
from friendshore.web.records import JobAsked
from friendshore.web.sections import Grid, Section

__all__ = ["compared", "together_sections"]

TABLES = {
    "coalitions": "What each group of members would pay",
    "mechanisms": "What each way of working together is worth",
    "leavers": "Who would rather leave",
    "outsiders": "What outsiders lose",
}


def together_sections(asking: Asking, told: Finding) -> Iterator[Section]:
    """Compare alone with together where that is asked."""
    if not asking.wants("compare"):
        return
    found = asking.found("together", quick=True, compare=True)
    if isinstance(found, JobAsked):
        yield Section("together", Note(template="Alone or together"), job=found)
    elif "alone_usd" not in found.summary:
        yield Section(
            "together",
            Note(template="There is one member, so there is nothing to compare it with."),
        )
    else:
        yield from compared(found, as_finding(found, "shares"), new_notes(found, told), asking.lang)


def compared(
    found: Finding, shares: Finding, notes: Sequence[Note], lang: str, most: int = 12
) -> Iterator[Section]:
    """Lay out a comparison: the staircase, who gets which part, and what each group could do by itself."""
    words = words_in(lang)
    yield Section(
        "together",
        plain(together_title(found, words)),
        plain(together_measure(words)),
        draw=lambda words, width: staircase(costs_of(found), words, width=width),
        finding=shares,
        table=lambda words: named_grid(shares, words, skip=unknown(shares)),
        template="plan_words.html.j2",
        values={"lines": [words.tell(note) for note in notes]},
    )
    for name, title in TABLES.items():
        table = as_finding(found, name) if name in found.tables else None
        if table is None or not table.rows:
            continue
        yield Section(
            name,
            Note(template=title),
            finding=table,
            table=_writer(table, most),
            opened=name != "outsiders",
        )


def _writer(table: Finding, most: int) -> Callable[[Words], Grid]:
    """Write a table with names; of a closed list of ways, only their words."""
    skip = ("mechanism",) if table.question == "mechanisms" else unknown(table)
    return lambda words: named_grid(table, words, skip=skip, most=most)
