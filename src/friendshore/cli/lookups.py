"""``blocs``, ``measures`` and ``products``: what can be named in a question, and what is in force between whom."""

from __future__ import annotations

from typing import Annotated

import typer

from friendshore.answers.spans import chosen_day
from friendshore.cli.arguments import Common, question
from friendshore.cli.delivery import deliver

__all__ = ["blocs", "measures", "products"]


@question
def blocs(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A bloc: lists its members.", show_default=False)
    ] = "",
    on: Annotated[
        str,
        typer.Option(
            "--on",
            metavar="DATE",
            help="Members on this day (YYYY-MM-DD, or YYYY for its last day).",
            show_default=False,
        ),
    ] = "",
    tied: Annotated[
        bool,
        typer.Option("--ties", help="Who is tied to whom by how many; with NAME, the ties of a country."),
    ] = False,
    *,
    options: Common,
) -> None:
    """List the blocs, formats and pacts, or the members of one with dates."""
    day = chosen_day(on)
    from friendshore import answers

    deliver(answers.blocs(name, on=day, ties=tied), options)


@question
def measures(
    on: Annotated[
        str,
        typer.Option(
            "--on",
            metavar="DATE",
            help="What was in force on this day (YYYY-MM-DD, or YYYY for its last day).",
            show_default=False,
        ),
    ] = "",
    of: Annotated[
        str,
        typer.Option("--of", metavar="COUNTRY", help="Only with this country or bloc.", show_default=False),
    ] = "",
    *,
    options: Common,
) -> None:
    """List measures, pacts and formats with their sources.

    Your own accepted events are among them, marked as yours. With --out FILE.svg a timeline is drawn.
    """
    day = chosen_day(on)
    from friendshore import answers

    deliver(answers.measures(on=day, of=of), options)


@question
def products(
    text: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TEXT",
            help="Words in English or Japanese, or first digits of a code.",
            show_default=False,
        ),
    ] = None,
    *,
    options: Common,
) -> None:
    """Search products, groups and materials.

    Also says what the data do not hold, and why.
    """
    from friendshore import answers

    deliver(answers.products(" ".join(text or ()), world=options.data), options)
