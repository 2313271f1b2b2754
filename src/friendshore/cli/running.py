"""Run the command line and turn whatever goes wrong into one clear failure."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import traceback
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import typer

from friendshore.errors import ArgumentError, FriendshoreError, OutputError

__all__ = ["FAILED", "run"]

FAILED = 2
"""Exit code of every failure."""

_CODES = {
    "NoSuchOption": "unknown_option",
    "MissingParameter": "missing_argument",
    "BadOptionUsage": "missing_value",
    "BadParameter": "bad_value",
}
"""Class of the parser's complaint -> our code; by name, as the parser keeps its classes to itself."""


def run(argv: Sequence[str]) -> int:
    """Run one command and return its exit code; whatever happens, it is said and not raised."""
    options = list(argv[: argv.index("--")]) if "--" in argv else list(argv)
    try:
        _dispatch(argv)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (head, less) has seen enough, which is no failure.
        _abandon_stdout()
    except (Exception, KeyboardInterrupt) as problem:  # noqa: BLE001  the last door: nothing may pass it
        if "--debug" in options:
            traceback.print_exc(file=sys.stderr)
        error = _failure(problem, argv)
        try:
            _tell(error, as_json="--json" in options)
            sys.stdout.flush()
        except OSError:
            # Not even the failure can be printed: stdout itself is full or gone.
            _abandon_stdout()
            _tell(error, as_json=False)
        return FAILED
    return 0


def _abandon_stdout() -> None:
    """Send what is still buffered nowhere, or the interpreter would fail once more on its way out."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _dispatch(argv: Sequence[str]) -> None:
    from friendshore.cli.application import command

    try:
        with command().make_context("friendshore", list(argv)) as context:
            context.command.invoke(context)
    except typer.Exit:
        # --help and --version have said what they had to say.
        return


def _failure(problem: BaseException, argv: Sequence[str]) -> FriendshoreError:
    """Translate any exception into one of ours."""
    if isinstance(problem, FriendshoreError):
        return problem
    if hasattr(problem, "format_message"):
        return _usage(problem, argv)
    if isinstance(problem, KeyboardInterrupt | typer.Abort):
        return FriendshoreError("Interrupted.", code="interrupted")
    if isinstance(problem, MemoryError):
        return FriendshoreError(
            "Memory ran out.",
            code="out_of_memory",
            hint="Ask for fewer years (--years) or products (--product).",
        )
    if isinstance(problem, OSError):
        return OutputError(
            f"{problem.filename or 'Reading or writing'}: {problem.strerror or problem}.",
            code="system_error",
            hint="Check that the path exists, may be used, and that there is space left.",
        )
    return FriendshoreError(
        f"An unexpected {type(problem).__name__} in friendshore: {problem}",
        code="internal_error",
        hint="This is a fault of the program. Run the command again with --debug and report what it prints.",
    )


def _usage(problem: Any, argv: Sequence[str]) -> ArgumentError:  # noqa: ANN401  the parser's own exceptions
    """Translate a complaint of the argument parser; name the nearest right word."""
    context = getattr(problem, "ctx", None)
    path = context.command_path if context is not None else "friendshore"
    code = _CODES.get(type(problem).__name__, "usage")
    message, hint = problem.format_message(), f"See how it is written: {path} --help"
    if code == "unknown_option" and context is not None:
        message, hint = _unknown_option(problem, context, path)
    elif code == "missing_argument" and any(name in argv for name in ("--on", "--product")):
        hint = (
            "Everything after --on and --product belongs to them up to the next option: "
            "name the importers first, or put -- before them."
        )
    elif message.startswith(("No such command", "Missing command")):
        code = "unknown_command" if message.startswith("No such") else "missing_command"
        # What the parser adds to its first sentence differs between its versions.
        message = message.partition(". ")[0].rstrip(".") + "."
        named = re.search(r"'(.*)'", message)
        near = (
            get_close_matches(named[1], getattr(context.command, "commands", ())) if named and context else []
        )
        meant = f"Did you mean {' or '.join(near)}? " if near else ""
        hint = f"{meant}List the commands: {path} --help"
    return ArgumentError(message, code=code, hint=hint)


def _unknown_option(problem: Any, context: Any, path: str) -> tuple[str, str]:  # noqa: ANN401  as above
    name = str(problem.option_name)
    known = [option for parameter in context.command.params for option in getattr(parameter, "opts", ())]
    near = get_close_matches(name, [option for option in known if option.startswith("-")], n=2, cutoff=0.7)
    if hasattr(context.command, "commands") and not near:
        return (
            f"There is no option {name} before the command.",
            f"Write options after it: {path} COMMAND {name}",
        )
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    return f"There is no option {name}.", f"{meant}List the options: {path} --help"


def _tell(error: FriendshoreError, *, as_json: bool) -> None:
    """Print a failure: one JSON object on stdout, or a paragraph on stderr."""
    from friendshore.cli.delivery import emit, note

    if as_json:
        from friendshore.report.envelope import dump, failure

        emit(dump(failure(error)), exact=True)
        return
    note(f"Error: {error.message}")
    for row in error.rows[:5]:
        # Most messages quote the rows already.
        if not all(str(value) in error.message for value in row.values()):
            note("  " + ", ".join(f"{name}={value}" for name, value in row.items()))
    if error.hint:
        note(error.hint)
