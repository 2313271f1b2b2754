"""``summary`` and ``join``: what two allies exchange, and what they gain by acting together."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from friendshore.cli.arguments import Common, question
from friendshore.cli.delivery import deliver, emit, note
from friendshore.cli.waiting import patience

__all__ = ["join", "summary"]

SUFFIXES = (".yaml", ".yml")


@partial(question, suffixes=SUFFIXES)
def summary(
    scenario: Annotated[
        str,
        typer.Option(
            "--scenario",
            metavar="FILE.yaml|NAME",
            help="The agreed scenario with your own stocks, budget and plants, or a shipped one by name.",
            show_default=False,
        ),
    ] = "",
    member: Annotated[
        str,
        typer.Option(
            "--member", metavar="NAME", help="Whose summary it is: one of its members.", show_default=False
        ),
    ] = "",
    lend_days: Annotated[
        float,
        typer.Option(
            "--lend-days", metavar="DAYS", help="Days of stock that you would lend, as far as you hold them."
        ),
    ] = 0.0,
    without_stock: Annotated[
        bool,
        typer.Option(
            "--without-stock", help="Write it as if you held no stock: nothing can be inferred of it."
        ),
    ] = False,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Say field by field what the file reveals, and what it does not."),
    ] = False,
    *,
    options: Common,
) -> None:
    """Write the small file that an ally needs to plan with you.

    It holds needs, offers of capacity and stock, your budget and what you would pay alone; nothing else leaves. With
    --out MINE.yaml it is written; without, only shown.
    """
    from friendshore.errors import ArgumentError

    if not scenario:
        raise ArgumentError(
            "No scenario was named, and a summary is made from one.",
            code="missing_scenario",
            hint="friendshore summary --scenario FILE.yaml --member JPN --out MINE.yaml",
        )
    with patience("Planning alone ...", quiet=options.quiet, lang=options.lang):
        from friendshore import answers

        finding = answers.summary(
            scenario,
            member=member,
            lend_days=lend_days,
            without_stock=without_stock,
            explain=explain,
            world=options.data,
        )
    from friendshore.report.words import say, translate

    if options.out:
        _write(finding.summary, Path(options.out))
    if options.json or options.csv or options.xlsx:
        deliver(finding, replace(options, out=""))
    elif explain or not options.out:
        # The content of the file stands below the tables as it is, not a second time as figures.
        deliver(finding.model_copy(update={"summary": {}}), options=replace(options, out=""))
        if explain:
            emit(say("The file, word for word:", options.lang) + "\n" + _text(finding.summary))
    else:
        emit(translate(finding.answer, options.lang) + "\n")
    if options.out and not options.quiet:
        note(say("Written: {path}", options.lang, path=options.out))


def _text(content: object) -> str:
    from friendshore.planning.exchange import Summary, summary_text
    from friendshore.report.cells import printable

    return "".join(
        printable(line) + "\n" for line in summary_text(Summary.model_validate(content)).splitlines()
    )


def _write(content: object, path: Path) -> None:
    """Write the file in one step; another's file of that name is left alone."""
    from friendshore.errors import DataError, OutputError
    from friendshore.planning.exchange import Summary, read_summary, summary_text
    from friendshore.report.writing import write_bytes

    made = Summary.model_validate(content)
    if path.exists():
        try:
            owner = f"the summary of {read_summary(path).member}"
        except DataError:
            owner = "no summary that can be read"
        if owner != f"the summary of {made.member}":
            raise OutputError(
                f"{path} is there already and is {owner}; it was left as it is.",
                code="would_overwrite",
                hint="Choose another name with --out, or move the file away.",
            )
    write_bytes(summary_text(made).encode("utf-8"), path)


@question
def join(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="MINE.yaml THEIRS.yaml...", help="Summaries, one an ally.", show_default=False
        ),
    ],
    *,
    options: Common,
) -> None:
    """Join allies' summaries: the gain of acting together, fair shares of it, and who would rather leave."""
    with patience("Planning together ...", quiet=options.quiet, lang=options.lang):
        from friendshore import answers

        finding = answers.join(files, world=options.data)
    deliver(finding, options)
