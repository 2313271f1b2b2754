"""``brief``: the one-file page that a minister can read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from friendshore.answers.spans import given_day, one_year
from friendshore.cli.arguments import AsBloc, Common, Group, Importers, On, Year, question
from friendshore.cli.delivery import deliver, emit, note
from friendshore.cli.waiting import patience
from friendshore.errors import ArgumentError

__all__ = ["brief"]

DEFAULT_FILE = "brief.html"
Budget = Annotated[
    float | None,
    typer.Option(
        "--budget",
        metavar="USD",
        help="Most that each importer pays at once for stock and new capacity (no limit by default).",
        show_default=False,
    ),
]
Scenario = Annotated[
    str,
    typer.Option(
        "--scenario",
        metavar="FILE.yaml",
        help="Plan of the part on what could be done (by default for what the importers miss most).",
        show_default=False,
    ),
]


@question
def brief(
    importers: Importers = [],  # noqa: B006  the parser's notation for "none given"
    on: On = [],  # noqa: B006  the parser's notation for "none given"
    as_bloc: AsBloc = False,
    group: Group = "",
    year: Year = "",
    budget: Budget = None,
    scenario: Scenario = "",
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Read the question from a document: who is concerned about whom. Named importers and --on go first.",
            show_default=False,
        ),
    ] = "",
    day: Annotated[
        str,
        typer.Option(
            "--date",
            metavar="YYYY-MM-DD",
            help="With --from: date of the document (default: that which it states).",
            show_default=False,
        ),
    ] = "",
    *,
    options: Common,
) -> None:
    """Write a brief for a minister: one offline page.

    It holds the answer, charts with their tables, what is not known, and every source. Without --out the page
    is brief.html.
    """
    from friendshore.report.words import say
    from friendshore.report.writing import refuse_place, refuse_suffix, write_bytes

    path = Path(options.out or DEFAULT_FILE)
    refuse_suffix(path, (".html",))
    refuse_place(path)
    wanted = one_year(year)
    _refuse_nobody(importers, source, day)
    written = given_day(day)
    from friendshore.disruption.compiling import is_kept

    if not options.quiet and not is_kept():
        note(say("Compiling the path once ...", options.lang))
    with patience("Writing the brief ...", quiet=options.quiet, lang=options.lang):
        from friendshore.answers.brief import brief as answered
        from friendshore.answers.brief_said import brief_from
        from friendshore.report.brief import render, summary
        from friendshore.report.brief_rows import key_numbers

        chosen: dict[str, Any] = {
            "on": on,
            "world": options.data,
            "as_bloc": as_bloc,
            "group": group,
            "year": wanted,
            "budget_usd": budget,
            "scenario": scenario,
        }
        told = (
            brief_from(source, day=written, importers=importers, **chosen)
            if source
            else answered(importers, **chosen)
        )
        write_bytes(render(told, options.lang).encode(), path)
    numbers = key_numbers(told, options.lang, out=str(path))
    if options.json or options.csv or options.xlsx:
        deliver(numbers, replace(options, out=""))
    else:
        emit(summary(told, options.lang) + "\n")
    if not options.quiet:
        note(say("Written: {path}", options.lang, path=path))


def _refuse_nobody(importers: list[str], source: str, day: str) -> None:
    """Refuse a brief about nobody, and a date without its document."""
    if not importers and not source:
        raise ArgumentError(
            "Missing argument 'IMPORTER...': nobody was named, and no document with --from.",
            code="missing_argument",
            hint="Name importers, as friendshore brief USA JPN --on CHN, or a document: --from article.txt",
        )
    if day and not source:
        raise ArgumentError(
            "--date is the date of the document that --from names.",
            code="conflicting_options",
            hint="Add --from FILE, or leave --date out.",
        )
