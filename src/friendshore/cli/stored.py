"""``data list | check | add``: what is loaded, whether it is sound, and loading more."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from friendshore.cli.arguments import Common, question
from friendshore.cli.delivery import deliver, note, patience

__all__ = ["add", "check", "show"]


@question
def show(*, options: Common) -> None:
    """List the data sets, their years, sizes and sources."""
    from friendshore.tables.checking import list_data

    deliver(list_data(), options)


@question
def check(*, options: Common) -> None:
    """Check every rule of the data dictionary; show failing rows."""
    with patience("Checking every row ...", quiet=options.quiet):
        from friendshore.tables.checking import check as checked

        finding = checked(options.data)
    deliver(finding, options)


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

    with progress_bar(quiet=options.quiet) as progress:
        finding = added(path, name=name, hs=hs, progress=progress)
    deliver(finding, options)


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show how far a long task is, on stderr: a bar on a terminal, a line every few seconds elsewhere."""
    if quiet:
        yield lambda done, total: None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Reading", total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total or None)
    else:
        yield _lines()


def _lines(every_seconds: float = 2.0) -> Callable[[int, int], None]:
    last = time.monotonic()

    def told(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= every_seconds:
            last = time.monotonic()
            note(f"{done:,} of {total:,}" if total else f"{done:,}")

    return told
