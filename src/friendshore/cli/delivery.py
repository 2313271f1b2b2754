"""Where an answer goes: stdout as table, JSON or CSV, or a file. Notes and progress go to stderr."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from friendshore.errors import ArgumentError

if TYPE_CHECKING:
    from friendshore.cli.arguments import Common
    from friendshore.records import Finding

__all__ = ["check_destination", "deliver", "emit", "note"]


def check_destination(options: Common, suffixes: tuple[str, ...] = ()) -> None:
    """Refuse where the answer cannot go before anything is computed for it."""
    from friendshore.report.words import check_language
    from friendshore.report.writing import SUFFIXES, refuse_place, refuse_suffix

    check_language(options.lang)
    if options.json and options.csv:
        raise ArgumentError(
            "--json and --csv were both given, and stdout takes one of them.",
            code="conflicting_options",
            hint="Keep one, and write the other to a file: --out answer.csv",
        )
    if options.xlsx:
        refuse_suffix(Path(options.xlsx), (".xlsx",))
    if options.out:
        refuse_suffix(Path(options.out), suffixes or SUFFIXES)
    for path in _paths(options):
        refuse_place(path)


def _paths(options: Common) -> list[Path]:
    return [Path(path) for path in (options.xlsx, options.out) if path]


def deliver(finding: Finding, options: Common, *, silent: bool = False) -> None:
    """Write the files that were asked for, then print the answer (or, when ``silent``, write the files alone).

    With ``--json`` stdout holds one object and nothing else; with ``--csv`` the rows and nothing else, and
    what qualifies them goes to stderr; with a file the answer in one sentence; otherwise the table.
    """
    from friendshore.report.words import say
    from friendshore.report.writing import write

    for path in _paths(options):
        write(finding, path, options.lang)
    if not silent:
        _print(finding, options)
    if not options.quiet and not silent:
        for path in _paths(options):
            note(say("Written: {path}", options.lang, path=path))


def _print(finding: Finding, options: Common) -> None:
    from friendshore.report.words import translate

    if options.json:
        from friendshore.report.envelope import dump, envelope

        emit(dump(envelope(finding, options.lang)), exact=True)
    elif options.csv:
        from friendshore.report.table_files import csv_text

        emit(csv_text(finding), exact=True)
        if not options.quiet:
            _qualify(finding, options.lang)
    elif _paths(options):
        emit(translate(finding.answer, options.lang) + "\n")
    else:
        from friendshore.report.terminal import render

        emit(render(finding, lang=options.lang, width=_width(), colour=_colour()))


def _qualify(finding: Finding, lang: str) -> None:
    """Say on stderr what rows alone cannot: the answer, caveats, assumptions and sources."""
    from friendshore.report.cells import qualifications
    from friendshore.report.words import translate

    note(translate(finding.answer, lang))
    for title, lines in qualifications(finding, lang):
        note(title)
        for line in lines:
            note(f"- {line}")


def emit(text: str, *, exact: bool = False) -> None:
    """Print to stdout; ``exact`` text is UTF-8 whatever the locale is."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        if exact:
            reconfigure(encoding="utf-8", errors="backslashreplace")
        else:
            reconfigure(errors="backslashreplace")
    sys.stdout.write(text)


def note(text: str) -> None:
    """Print a line to stderr with control characters made visible."""
    from friendshore.report.cells import printable

    reconfigure = getattr(sys.stderr, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
    sys.stderr.write(printable(text) + "\n")


def _width() -> int:
    from friendshore.report.terminal import PLAIN_WIDTH

    return shutil.get_terminal_size().columns if sys.stdout.isatty() else PLAIN_WIDTH


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
