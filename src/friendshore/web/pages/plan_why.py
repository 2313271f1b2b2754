"""Why this plan: which limits bind, what comes next, and where each decision flips."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from friendshore.charts.flips import assumed_of, flipped
from friendshore.charts.flips import measure_of as flips_measure
from friendshore.charts.wording import Words
from friendshore.records import Finding, Note
from friendshore.report.further import as_finding
from friendshore.report.words import words_in
from friendshore.web.pages.plain import plain
from friendshore.web.pages.plan_asking import Asking, new_notes, unknown
from friendshore.web.pages.plan_tables import named_grid
from friendshore.web.records import JobAsked
from friendshore.web.sections import Grid, Section

__all__ = ["why_sections"]


def why_sections(asking: Asking, told: Finding) -> Iterator[Section]:
    """Explain a plan where that is asked."""
    if not asking.wants("why"):
        return
    found = asking.found("why", quick=True, why=True)
    if isinstance(found, JobAsked):
        yield Section("why", Note(template="Why this plan"), job=found)
        return
    words = words_in(asking.lang)
    rows = as_finding(found, "flips").rows
    if rows:
        yield Section(
            "why",
            Note(template="From which stakes on each decision is worth it"),
            plain(flips_measure(words)),
            draw=lambda words, width: flipped(rows, words, width=width, assumed=assumed_of(rows)),
            finding=as_finding(found, "flips"),
            table=_writer(
                as_finding(found, "flips"),
                ("in_plan", "enters", *unknown(as_finding(found, "flips"))),
                asking.most(10),
            ),
            opened=False,
            template="plan_words.html.j2",
            values={"lines": [words.tell(note) for note in new_notes(found, told)]},
        )
    yield from _tables(asking, found)


def _tables(asking: Asking, found: Finding) -> Iterator[Section]:
    """Limits and other plans as tables, each with its sentence first."""
    told = (
        ("binding", "Limits that bind", "What one more unit of a limit would save, dollars a year, dearest first",
         ("constraint",), 10),
        ("alternatives", "Against simpler plans", "", ("alternative",), 12),
        ("neighbours", "The next-best plans", "", ("change", "action", "member", "product", "supplier", "host"), 8),
        ("regret", "What the plan regrets, case by case",
         "If one case were certain: what this plan costs, and what the plan made for it", (), 20),
    )  # fmt: skip
    for name, title, about, skip, most in told:
        table = as_finding(found, name)
        if not table.rows:
            continue
        yield Section(
            name,
            Note(template=title),
            Note(template=about) if about else None,
            finding=table,
            table=_writer(table, (*skip, *unknown(table), *_same(table)), asking.most(most)),
        )


def _writer(table: Finding, skip: tuple[str, ...], most: int) -> Callable[[Words], Grid]:
    """Write a table with names."""
    return lambda words: named_grid(table, words, skip=skip, most=most, first="sentence")


def _same(table: Finding) -> tuple[str, ...]:
    """Leave out who plans where that is everybody together in every row."""
    return ("member",) if len({row.get("member") for row in table.rows}) == 1 else ()
