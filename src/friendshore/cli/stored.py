"""``data list | check | add``: what is loaded, whether it is sound, and loading more."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from friendshore.cli.arguments import Common, question
from friendshore.cli.delivery import deliver, note
from friendshore.cli.waiting import patience
from friendshore.errors import DataError

if TYPE_CHECKING:
    from friendshore.records import Note

__all__ = ["add", "check", "show"]


@question
def show(*, options: Common) -> None:
    """List the data sets, their years, sizes and sources."""
    from friendshore import answers

    deliver(answers.data_sets(), options)


@question
def check(
    what: Annotated[
        str,
        typer.Argument(metavar="NAME|FOLDER", help="What to check; the same as --data.", show_default=False),
    ] = "",
    *,
    options: Common,
) -> None:
    """Check every rule of the data dictionary; show failing rows.

    Exits with 2 where a row breaks a rule.
    """
    data = what or options.data
    with patience("Checking every row ...", quiet=options.quiet, lang=options.lang):
        from friendshore import answers

        finding = answers.data_check(data)
    if not finding.rows:
        deliver(finding, options)
        return
    # With --json the failing rows stand in the one object that tells the failure.
    deliver(finding, options, silent=options.json)
    raise DataError(
        f"{len(finding.rows):,} rows of {data} break a rule of the data dictionary.",
        code="rules_broken",
        hint="Mend the rows, or import the file with friendshore data add, which leaves them out and lists them.",
        rows=finding.rows if options.json else (),
    )


@question
def add(
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH",
            help="BACI CSV or zip (any HS revision), or your own CSV, Parquet or XLSX table.",
            show_default=False,
        ),
    ],
    name: Annotated[
        str,
        typer.Option(
            "--name", metavar="NAME", help="Name for --data (default: from the file).", show_default=False
        ),
    ] = "",
    hs: Annotated[
        str,
        typer.Option("--hs", metavar="HS17", help="HS revision of the product codes.", show_default=False),
    ] = "",
    *,
    options: Common,
) -> None:
    """Add a file to the store, all of it or nothing.

    Says how many rows were read, kept and refused, and why.
    """
    from friendshore.tables.adding import add as added

    with progress_bar(options) as progress:
        report = added(path, name=name, hs=hs, progress=progress)
    from friendshore.answers.data_sets import data_added

    deliver(data_added(report, path), options)


@contextmanager
def progress_bar(options: Common) -> Iterator[Callable[[float, Note], None]]:
    """Show how far a long task is, on stderr: a bar on a terminal, a line every few seconds elsewhere."""
    if options.quiet:
        yield lambda _part, _text: None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.markup import escape
        from rich.progress import Progress

        from friendshore.report.cells import printable
        from friendshore.report.words import translate

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=1.0)
            yield lambda part, text: bar.update(
                task, completed=part, description=escape(printable(translate(text, options.lang)))
            )
    else:
        yield _lines(options.lang)


def _lines(lang: str, every_seconds: float = 2.0) -> Callable[[float, Note], None]:
    last = time.monotonic()

    def shown(part: float, text: Note) -> None:
        from friendshore.report.words import translate

        nonlocal last
        if time.monotonic() - last >= every_seconds:
            last = time.monotonic()
            note(f"{part * 100:.0f} % {translate(text, lang)}")

    return shown
