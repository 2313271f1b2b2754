"""``measures``: what was agreed or decided, by whom, since when."""

from __future__ import annotations

from typing import Annotated

import typer

from friendshore.cli.arguments import Common, question
from friendshore.cli.delivery import deliver
from friendshore.cli.lookups import chosen_day

__all__ = ["measures"]


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
    from friendshore.answers.measures import measures as answered

    deliver(answered(on=chosen_day(on), of=of), options)
