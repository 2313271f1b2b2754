"""``plan``: what to buy elsewhere, build and hold, alone and together, and the papers that go to the table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from friendshore.cli.arguments import Common, question
from friendshore.cli.delivery import deliver, note
from friendshore.cli.waiting import patience
from friendshore.errors import ArgumentError

if TYPE_CHECKING:
    from friendshore.records import Finding

__all__ = ["plan"]


@question
def plan(
    scenario: Annotated[
        str,
        typer.Option(
            "--scenario",
            metavar="FILE.yaml|NAME",
            help="A scenario file with a plan (or a response), or a shipped one by name.",
            show_default=False,
        ),
    ] = "",
    frontier: Annotated[
        bool, typer.Option("--frontier", help="Also: budget against months covered, alone and together.")
    ] = False,
    why: Annotated[
        bool,
        typer.Option("--why", help="Also: what binds, the next-best plan, and where each decision flips."),
    ] = False,
    alone: Annotated[bool, typer.Option("--alone", help="Each member plans for itself.")] = False,
    together: Annotated[
        bool, typer.Option("--together", help="Members plan as one (the default where there are several).")
    ] = False,
    compare: Annotated[
        bool, typer.Option("--compare", help="Also: alone against together, and how the gain may be shared.")
    ] = False,
    sheet: Annotated[
        str,
        typer.Option(
            "--sheet",
            metavar="FILE.html|.xlsx",
            help="Write the ask-and-offer sheet, a page a member, and beside it the same as .json.",
            show_default=False,
        ),
    ] = "",
    wanted: Annotated[
        str,
        typer.Option(
            "--wanted",
            metavar="FILE.csv",
            help="Write the list of wanted capability: product, tons a month, by when, where.",
            show_default=False,
        ),
    ] = "",
    quick: Annotated[
        bool, typer.Option("--quick", help="Do not try other assumptions: no decision is recommended then.")
    ] = False,
    seconds: Annotated[
        float,
        typer.Option("--seconds", metavar="S", help="Most time for each solve; then the best plan found."),
    ] = 60.0,
    *,
    options: Common,
) -> None:
    """Plan what to buy elsewhere, what to build and where, what to hold.

    Least cost, alone or together, with what is sure of it and what is still missing. A scenario of type response is
    judged instead.
    """
    if not scenario:
        raise ArgumentError(
            "No scenario was named, and a plan is made from one.",
            code="missing_scenario",
            hint="Try the one that comes with the package: friendshore plan --scenario economic-2plus2",
        )
    _refuse_papers(sheet, wanted, options)
    with patience("Planning ...", quiet=options.quiet, lang=options.lang):
        from friendshore import answers

        if sheet or wanted:
            _refuse_response(scenario)

        finding = answers.plan(
            scenario,
            frontier=frontier,
            why=why,
            alone=alone,
            together=together,
            compare=compare or (bool(sheet) and not alone),
            robust=not quick,
            world=options.data,
            seconds=seconds,
        )
    papers = _papers(finding, sheet, wanted, options.lang)
    deliver(finding, options)
    if not options.quiet:
        from friendshore.report.words import say

        for path in papers:
            note(say("Written: {path}", options.lang, path=path))


def _refuse_papers(sheet: str, wanted: str, options: Common) -> None:
    """Refuse files that cannot be written, or that would overwrite each other, before anything is computed."""
    from friendshore.report.sheet import SUFFIXES, twin_path
    from friendshore.report.writing import refuse_place, refuse_suffix

    named = [Path(given) for given in (options.out, options.xlsx) if given]
    if sheet:
        refuse_suffix(Path(sheet), SUFFIXES)
        named += [Path(sheet), twin_path(sheet)]
    if wanted:
        refuse_suffix(Path(wanted), (".csv",))
        named.append(Path(wanted))
    for path in named:
        refuse_place(path)
    twice = [
        path for place, path in enumerate(named) if path.absolute() in {p.absolute() for p in named[:place]}
    ]
    if twice:
        raise ArgumentError(
            f"{twice[0]} would be written twice; a sheet also writes its twin {twin_path(sheet or 'sheet').name}.",
            code="conflicting_options",
            hint="Give each file its own name.",
        )


def _refuse_response(scenario: str) -> None:
    """Refuse papers that are made of a plan alone."""
    from friendshore.disruption.scenario_files import load_scenario

    kind = load_scenario(scenario).file.type
    if kind != "plan":
        raise ArgumentError(
            f"--sheet and --wanted are made of a plan, and {scenario} is a {kind}.",
            code="no_sheet",
            hint="Name a scenario of type plan: friendshore plan --scenario economic-2plus2 --sheet FILE.html",
        )


def _papers(finding: Finding, sheet: str, wanted: str, lang: str) -> list[Path]:
    """Write the sheet with its twin, and the list."""
    written: list[Path] = []
    if sheet:
        from friendshore.answers.sheet import sheet as made
        from friendshore.report.sheet import write_sheet

        written += write_sheet(made(finding), sheet, lang)
    if wanted:
        from friendshore.answers.wanted import wanted as listed
        from friendshore.report.writing import write

        write(listed(finding), wanted, lang)
        written.append(Path(wanted))
    return written
