"""Options that every command has, options that take several values, and years."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from friendshore.errors import ArgumentError

__all__ = [
    "AsBloc",
    "Common",
    "Group",
    "Importers",
    "On",
    "Products",
    "SeveralValues",
    "Year",
    "Years",
    "question",
    "spread",
]

Importers = Annotated[
    list[str],
    typer.Argument(
        metavar="IMPORTER", help="Who imports: ISO3 codes (JPN) or bloc names (EU).", show_default=False
    ),
]
On = Annotated[
    list[str],
    typer.Option(
        "--on",
        metavar="SUPPLIER...",
        help="Supplier of concern: one or more ISO3 codes or bloc names, together one supplier. Takes every "
        "word up to the next option.",
        show_default=False,
    ),
]
AsBloc = Annotated[
    bool, typer.Option("--as-bloc", help="Join the importers into one; flows among them are dropped.")
]
Products = Annotated[
    list[str],
    typer.Option(
        "--product",
        metavar="HS6...",
        help="One or more product codes of six digits (all by default). Takes every word up to the next "
        "option.",
        show_default=False,
    ),
]
Group = Annotated[
    str, typer.Option("--group", metavar="NAME", help="Products of a named group.", show_default=False)
]
Year = Annotated[
    str,
    typer.Option(
        "--year", metavar="Y", help="Year (default: the newest with full data).", show_default=False
    ),
]
Years = Annotated[
    str, typer.Option("--years", metavar="A-B", help="Every year from A to B.", show_default=False)
]


@dataclass(frozen=True)
class Common:
    """What every command can be told: which data, and where and how the answer goes."""

    data: Annotated[
        str,
        typer.Option(
            "--data", metavar="NAME|FOLDER", help="Data set by name, or a folder of your own tables."
        ),
    ] = "raw-materials"
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False
    csv: Annotated[bool, typer.Option("--csv", help="Print the rows as CSV.")] = False
    xlsx: Annotated[
        str, typer.Option("--xlsx", metavar="FILE", help="Write a workbook with sources.", show_default=False)
    ] = ""
    out: Annotated[
        str,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Write a file; its suffix says how: .csv .html .json .png .svg .xlsx",
            show_default=False,
        ),
    ] = ""
    lang: Annotated[
        str, typer.Option("--lang", metavar="en|ja", help="Language of sentences and labels.")
    ] = "en"
    quiet: Annotated[bool, typer.Option("--quiet", help="No notes and no progress on stderr.")] = False
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a failure.")] = False


def question(function: Callable[..., None], suffixes: tuple[str, ...] = ()) -> Callable[..., None]:
    """Give a command the common options: it declares its own, and receives the rest as ``options``.

    ``suffixes`` are those of --out, where they are others than a finding's.
    """
    own = inspect.signature(function, eval_str=True)
    shared = dict(inspect.signature(Common, eval_str=True).parameters)
    if suffixes:
        told = typer.Option("--out", metavar=f"FILE{suffixes[0]}", help="Write it there.", show_default=False)
        shared["out"] = shared["out"].replace(annotation=Annotated[str, told])

    @functools.wraps(function)
    def asked(**given: Any) -> None:  # noqa: ANN401  every option has its own type
        from friendshore.cli.delivery import check_destination

        options = Common(**{name: given.pop(name) for name in shared})
        check_destination(options, suffixes)
        function(**given, options=options)

    kept = [parameter for name, parameter in own.parameters.items() if name != "options"]
    together = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in (*kept, *shared.values())]
    asked.__signature__ = inspect.Signature(together)  # type: ignore[attr-defined]  # functions may carry one
    asked.__annotations__ = {p.name: p.annotation for p in together}
    return asked


class SeveralValues(TyperCommand):
    """A command whose repeatable options also take several values: ``--on CHN RUS``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  the parser's own context
        """Write repeatable options out before the parser reads them."""
        takers = [parameter for parameter in self.params if not getattr(parameter, "is_flag", True)]
        several = {name for p in takers if getattr(p, "multiple", False) for name in p.opts}
        single = {name for p in takers if not getattr(p, "multiple", False) for name in p.opts}
        return super().parse_args(ctx, spread(args, several, single))


def spread(args: Sequence[str], several: set[str], single: set[str]) -> list[str]:
    """Repeat an option before each of its values.

    Parameters
    ----------
    args
        Words after the command's name.
    several
        Options that take every word up to the next option or ``--``. With ``=`` they take that one value.
    single
        Options that take exactly one word.

    Returns
    -------
    list of str
        ``--on CHN RUS`` as ``--on CHN --on RUS``.

    Raises
    ------
    ArgumentError
        ``missing_value`` where another option or nothing follows; ``repeated_option`` where one that takes
        one word comes twice, of which the parser would forget the first.
    """
    told: list[str] = []
    seen: set[str] = set()
    place = 0
    while place < len(args):
        word = args[place]
        place += 1
        if word == "--":
            return [*told, *args[place - 1 :]]
        name = word.partition("=")[0]
        if name in single and name in seen:
            raise ArgumentError(f"{name} was given twice.", code="repeated_option", hint="Give it once.")
        seen.add(name)
        if word not in several and word not in single:
            told.append(word)
            continue
        values: list[str] = []
        while place < len(args) and _is_value(args[place], word in several, values):
            values.append(args[place])
            place += 1
        if not values:
            got = f"{args[place]!r} follows it" if place < len(args) else "nothing follows it"
            raise ArgumentError(
                f"{word} needs a value, but {got}.",
                code="missing_value",
                hint=f"Write the value after it, as {word} VALUE.",
            )
        for value in values:
            told += [word, value]
    return told


def _is_value(word: str, several: bool, values: Sequence[str]) -> bool:
    """Tell whether a word belongs to the option before it; a single value can be a negative number."""
    if several:
        return not word.startswith("-")
    return not values and (not word.startswith("-") or re.match(r"-\.?\d", word) is not None)
