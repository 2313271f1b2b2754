"""``data list | check | add``: what is loaded, whether it is sound, and loading more."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from friendshore.cli.arguments import Common, question
from friendshore.cli.delivery import deliver, note, patience
from friendshore.errors import DataError

if TYPE_CHECKING:
    from friendshore.records import Finding, Note, Source
    from friendshore.tables.adding import AddReport
    from friendshore.tables.violations import Failure

__all__ = ["add", "check", "show"]


@question
def show(*, options: Common) -> None:
    """List the data sets, their years, sizes and sources."""
    from friendshore.records import Finding, Note
    from friendshore.tables.checking import list_data
    from friendshore.tables.schemas import columns

    rows = list_data()
    finding = Finding(
        question="data list",
        arguments={},
        columns=columns("data"),
        rows=rows,
        answer=Note(
            template="{count} data sets can be named with --data; a folder of your own tables can too.",
            values={"count": len(rows)},
        ),
        sources=sources_of_box(),
        command="friendshore data list",
    )
    deliver(finding, options)


def sources_of_box() -> tuple[Source, ...]:
    """Name the sources of the data that come with the package."""
    from friendshore.tables.sources import sources

    return tuple(sources().values())


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
    with patience("Checking every row ...", quiet=options.quiet):
        from friendshore.tables.checking import check as failing

        failures = failing(data)
    finding = checked(failures, data)
    if not failures:
        deliver(finding, options)
        return
    # With --json the failing rows stand in the one object that tells the failure.
    deliver(finding, options, silent=options.json)
    raise DataError(
        f"{len(failures):,} rows of {data} break a rule of the data dictionary.",
        code="rules_broken",
        hint="Mend the rows, or import the file with friendshore data add, which leaves them out and lists them.",
        rows=finding.rows if options.json else (),
    )


def checked(failures: Sequence[Failure], data: str) -> Finding:
    """Put failing rows into a finding."""
    from friendshore.records import Finding, Note
    from friendshore.tables.schemas import columns

    return Finding(
        question="data check",
        arguments={"data": data},
        columns=columns("failures"),
        rows=tuple(failure.as_row() for failure in failures),
        answer=Note(
            template="{count} rows of {data} break a rule of the data dictionary."
            if failures
            else "No row of {data} breaks a rule of the data dictionary.",
            values={"count": len(failures), "data": data},
        ),
        command=shlex.join(["friendshore", "data", "check", "--data", data]),
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
    deliver(told(report, path), options)


def told(report: AddReport, path: str) -> Finding:
    """Put what an import did into a finding: one row a reason for refusing rows."""
    from friendshore.records import Finding, Note
    from friendshore.tables.schemas import columns

    caveats = list(report.notes)
    if report.refused_file:
        listed = Note(
            template="The refused rows are listed with their reasons in {file}.",
            values={"file": report.refused_file},
        )
        caveats.append(listed)
    if report.replaced:
        years = Note(
            template="Rows of {years} that the data set held before were replaced.",
            values={"years": ", ".join(map(str, report.replaced))},
        )
        caveats.append(years)
    return Finding(
        question="data add",
        arguments={"path": path, "name": report.name, "hs": report.hs},
        columns=columns("refusals"),
        rows=tuple(
            {"reason": r.code, "field": r.field, "refused_rows": r.count, "text": str(r.text)}
            for r in report.reasons
        ),
        answer=Note(
            template="Added to {name}: {read} rows read, {kept} kept, {refused} refused.",
            values={
                "name": report.name,
                "read": f"{report.read:,}",
                "kept": f"{report.kept:,}",
                "refused": f"{report.refused:,}",
            },
        ),
        summary={
            "read": report.read,
            "kept": report.kept,
            "refused": report.refused,
            "refused_file": report.refused_file or None,
            "years": list(report.years),
            "replaced": list(report.replaced),
            "where": report.where,
        },
        caveats=tuple(caveats),
        command=shlex.join(["friendshore", "data", "add", path, "--name", report.name, "--hs", report.hs]),
    )


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
