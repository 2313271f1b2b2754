"""``serve``: the same answers in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from friendshore.errors import ArgumentError

__all__ = ["serve"]

MOST_PROCESSES = 64


def serve(
    host: Annotated[
        str,
        typer.Option(
            "--host",
            metavar="H",
            help="Address to listen on. On any but this machine's own, a token is made and printed.",
        ),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="P", help="Port; 0 finds a free one.")] = 8765,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the start page in the browser.")] = False,
    lang: Annotated[
        str,
        typer.Option("--lang", metavar="en|ja", help="Language of visitors whose browser asks for neither."),
    ] = "en",
    processes: Annotated[
        int,
        typer.Option(
            "--processes", metavar="N", help="Processes that answer (0: one a core, four at most).", min=0
        ),
    ] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the address and nothing else.")] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="One line for each request, without what was asked.")
    ] = False,
) -> None:
    """Open the desk: every question as a page of forms, pictures and tables, and as JSON under /api.

    Only this machine reaches it unless --host says otherwise. Ctrl-C ends it; long work under way is begun anew
    the next time.
    """
    _check(port, processes)
    from friendshore.report.words import check_language
    from friendshore.web.serving import secured
    from friendshore.web.serving import serve as served
    from friendshore.web.settings import Settings

    check_language(lang)
    settings = secured(
        Settings(host=host, port=port, lang=lang, processes=processes or _processes(), debug=debug)
    )
    served(
        settings, said=lambda address: _say(address, settings.token, lang, quiet=quiet), opened=open_browser
    )


def _check(port: int, processes: int) -> None:
    if not 0 <= port <= 65535:
        raise ArgumentError(
            f"--port is {port}; expected 0 to 65535.", code="bad_value", hint="Let one be found: --port 0"
        )
    if processes > MOST_PROCESSES:
        raise ArgumentError(
            f"--processes is {processes}; expected {MOST_PROCESSES} at most.",
            code="bad_value",
            hint="Leave it out: there is then one a core.",
        )


def _processes() -> int:
    """Return how many answer by default: each holds its own data in memory."""
    import os

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return max(2, min(cores, 4))


def _say(address: str, token: str, lang: str, *, quiet: bool) -> None:
    """Say where it listens, on stdout and at once: a script waits for this line."""
    import sys

    from friendshore.cli.delivery import emit
    from friendshore.report.words import say

    emit(f"friendshore listens on {address}\n")
    if not quiet:
        if token:
            emit(say("Whoever has this address can ask and save; it holds the token.", lang) + "\n")
        emit(say("Ctrl-C ends it.", lang) + "\n")
    sys.stdout.flush()
