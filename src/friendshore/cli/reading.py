"""``read``: a document as events, each with its sentence; and how well the reader reads labelled ones."""

from __future__ import annotations

from typing import Annotated

import typer

from friendshore.answers.spans import given_day
from friendshore.cli.arguments import Common, question
from friendshore.cli.delivery import deliver
from friendshore.cli.waiting import patience
from friendshore.errors import ArgumentError

__all__ = ["read"]


@question
def read(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="A document: .txt .md .html .pdf .docx", show_default=False),
    ] = "",
    day: Annotated[
        str,
        typer.Option(
            "--date",
            metavar="YYYY-MM-DD",
            help="Date of the document (default: that which it states).",
            show_default=False,
        ),
    ] = "",
    rate: Annotated[
        list[str],
        typer.Option(
            "--rate",
            metavar="CUR=USD...",
            help="Dollars for one unit of a currency on that day, as JPY=0.0065.",
            show_default=False,
        ),
    ] = [],  # noqa: B006  Typer reads it and never changes it
    accept: Annotated[
        bool, typer.Option("--accept", help="Keep the events as your own records, shown by measures.")
    ] = False,
    only: Annotated[
        list[str],
        typer.Option(
            "--only",
            metavar="N...",
            help="With --accept: which events, by their number (all by default).",
            show_default=False,
        ),
    ] = [],  # noqa: B006  Typer reads it and never changes it
    evaluate: Annotated[
        list[str],
        typer.Option(
            "--evaluate",
            metavar="LABELS.jsonl DOCS.jsonl",
            help="Score the reader on labelled documents instead of reading one.",
            show_default=False,
        ),
    ] = [],  # noqa: B006  Typer reads it and never changes it
    *,
    options: Common,
) -> None:
    """Read an article, a communique or a notice.

    Who did what to whom and when, each with the sentence that says so, and the question that follows.
    """
    if evaluate:
        _refuse_mixture(file, day, rate, accept=accept)
        _evaluated(evaluate, options)
        return
    if not file:
        raise ArgumentError(
            "No document was named.", code="missing_argument", hint="Name it: friendshore read article.txt"
        )
    on, rates = given_day(day), given_rates(rate)
    with patience("Reading ...", quiet=options.quiet, lang=options.lang):
        from friendshore import answers

        finding = answers.read(file, day=on, rates=rates, world=options.data)
    if accept:
        from friendshore.answers.read_accept import accepted_finding

        finding = accepted_finding(finding, _numbers(only, len(finding.rows)))
    elif only:
        raise ArgumentError(
            "--only says which events are kept, and nothing is kept without --accept.",
            code="conflicting_options",
            hint="Add --accept.",
        )
    deliver(finding, options)


def _numbers(only: list[str], count: int) -> tuple[int, ...]:
    """Read the numbers of events."""
    wrong = [text for text in only if not (text.isascii() and text.isdigit() and 1 <= int(text) <= count)]
    if wrong:
        raise ArgumentError(
            f"--only is {wrong[0]!r}; expected numbers of events from 1 to {count}.",
            code="bad_value",
            hint="Events are numbered as read prints them.",
        )
    return tuple(int(text) for text in only) or tuple(range(1, count + 1))


def _refuse_mixture(file: str, day: str, rate: list[str], *, accept: bool) -> None:
    if file or day or rate or accept:
        raise ArgumentError(
            "--evaluate scores labelled documents and goes with no other document, date, rate or --accept.",
            code="conflicting_options",
            hint="Write: friendshore read --evaluate LABELS.jsonl DOCS.jsonl",
        )


def _evaluated(evaluate: list[str], options: Common) -> None:
    if len(evaluate) != 2:
        raise ArgumentError(
            f"--evaluate got {len(evaluate)} files, expected two: labels and documents.",
            code="missing_value",
            hint="Write: friendshore read --evaluate LABELS.jsonl DOCS.jsonl",
        )
    with patience("Reading the documents ...", quiet=options.quiet, lang=options.lang):
        from friendshore.answers.read_evaluation import read_evaluation

        finding = read_evaluation(*evaluate)
    deliver(finding, options)


def given_rates(texts: list[str]) -> dict[str, float]:
    """Read ``--rate``.

    Raises
    ------
    ArgumentError
        ``bad_rate``.
    """
    rates: dict[str, float] = {}
    for text in texts:
        currency, _, figure = text.partition("=")
        try:
            rates[currency.strip().upper()] = float(figure)
        except ValueError as error:
            raise ArgumentError(
                f"--rate is {text!r}; expected a currency and its dollars, as JPY=0.0065.",
                code="bad_rate",
                hint="Write --rate JPY=0.0065, the dollars that one yen was worth on the day of the document.",
            ) from error
    return rates
