"""The table of questions: what each is asked with, under the names of the command line, and how long it takes.

A question added here has an address under /api, a place in /openapi.json, a form and a page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from friendshore.errors import ArgumentError

__all__ = ["QUESTIONS", "Field", "Question", "question_named"]


@dataclass(frozen=True)
class Field:
    """One argument of a question."""

    name: str
    """As on the command line, without dashes before it: ``importer``, ``as-bloc``."""
    keyword: str
    """Of the function that answers."""
    kind: str = "text"
    """``text``, ``actor``, ``product``, ``group``, ``scenario``, ``member``, ``choice``, ``flag``, ``number``,
    ``whole``, ``year``, ``years``, ``day``."""
    label: str = ""
    """For people; a message id."""
    help: str = ""
    """One sentence beside the field; a message id."""
    several: bool = False
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Question:
    """One question that can be asked over the network."""

    name: str
    """Of the command, words joined by hyphens: ``exposure``, ``scenario-list``."""
    title: str
    """What it asks; a message id."""
    fields: tuple[Field, ...]
    function: str
    """Name in :mod:`friendshore.answers`."""
    takes_data: bool = True
    long: Callable[[Mapping[str, Any]], bool] = lambda arguments: False
    """Whether these arguments take longer than a reader waits; such an answer is a job."""
    adapted: Callable[[dict[str, Any]], dict[str, Any]] = dict
    """From the fields' keywords to those of the function, where they differ."""


IMPORTERS = Field(
    "importer", "importers", "actor", "Importers", "Who buys: ISO codes or blocs.", True, True, ()
)
ON = Field("on", "on", "actor", "Suppliers of concern", "Taken together as one supplier.", True, False, ())
AS_BLOC = Field("as-bloc", "as_bloc", "flag", "Join the importers into one", default=False)
PRODUCTS = Field(
    "product", "products", "product", "Products", "Codes of six digits; all by default.", True, False, ()
)
GROUP = Field("group", "group", "group", "Group of products", default="")
YEAR = Field("year", "year", "year", "Year", "The newest with full data by default.", default=0)
QUANTITIES = Field("quantities", "quantities", "choice", "Tons", default="raw", choices=("raw", "cleaned"))
SCENARIO = Field(
    "scenario", "scenario", "scenario", "Scenario", "A shipped one, or one that you saved.", default=""
)


def _always(arguments: Mapping[str, Any]) -> bool:
    return True


def _tried(arguments: dict[str, Any]) -> dict[str, Any]:
    """``quick`` leaves out what makes a plan robust."""
    return {name: value for name, value in arguments.items() if name != "quick"} | {
        "robust": not arguments["quick"]
    }


def _swept(arguments: Mapping[str, Any]) -> bool:
    return bool(arguments.get("tornado") or arguments.get("draws"))


QUESTIONS: Mapping[str, Question] = {
    question.name: question
    for question in (
        Question(
            "exposure",
            "What do we depend on, and on whom?",
            (
                IMPORTERS,
                ON,
                AS_BLOC,
                PRODUCTS,
                GROUP,
                Field(
                    "by",
                    "by",
                    "choice",
                    "One row for each",
                    default="product",
                    choices=("product", "material"),
                ),
                YEAR,
                Field("years", "years", "years", "Years", "From and to, as 2015-2024.", default=()),
                Field(
                    "basis", "basis", "choice", "Shares by", default="value", choices=("value", "quantity")
                ),
                QUANTITIES,
            ),
            "exposure",
        ),
        Question(
            "rules",
            "What do the published rules say?",
            (
                IMPORTERS,
                AS_BLOC,
                PRODUCTS,
                Field(
                    "rule",
                    "rule",
                    "choice",
                    "Rule",
                    default="",
                    choices=("", "ec2021", "geodep", "governance", "governance-compat"),
                ),
                YEAR,
            ),
            "rules",
        ),
        Question(
            "trace",
            "Where does it really come from?",
            (
                Field("importer", "importer", "actor", "Importer", required=True),
                Field("product", "product", "product", "Product", required=True),
                ON,
                YEAR,
            ),
            "trace",
        ),
        Question(
            "leverage",
            "Who depends on whom?",
            (
                Field("a", "a", "actor", "One side", required=True),
                Field("b", "b", "actor", "The other side", required=True),
                YEAR,
            ),
            "leverage",
        ),
        Question(
            "stress",
            "If it stops, what is missing, when, for whom?",
            (
                Field(
                    "importer", "importers", "actor", "Importers", "Whose months are shown.", True, False, ()
                ),
                SCENARIO,
                Field("case", "case", "text", "Case", "Of a scenario with alternative futures.", default=""),
                ON,
                PRODUCTS,
                GROUP,
                Field("lost-share", "lost_share", "number", "Part that stops", default=1.0, least=0, most=1),
                Field("months", "months", "whole", "Months", default=12, least=1, most=120),
                Field(
                    "cover-days",
                    "cover_days",
                    "number",
                    "Days of stock",
                    "Without it the stock is unknown, not zero.",
                    least=0,
                    most=3650,
                ),
                Field("world", "world_cut", "flag", "Cut off the whole world", default=False),
                AS_BLOC,
                Field(
                    "quantities",
                    "quantities",
                    "choice",
                    "Tons",
                    default="cleaned",
                    choices=("cleaned", "raw"),
                ),
                Field("tornado", "tornado", "flag", "Instead: which assumption matters most", default=False),
                Field(
                    "draws",
                    "draws",
                    "whole",
                    "Instead: draws from all ranges",
                    default=0,
                    least=0,
                    most=10_000,
                ),
                Field("seed", "seed", "whole", "Seed of the draws", default=0, least=0, most=2**31 - 1),
            ),
            "stress",
            long=_swept,
        ),
        Question(
            "hindcast",
            "How good are such forecasts on real events?",
            (
                Field(
                    "grade",
                    "grade",
                    "choice",
                    "Quality of the events",
                    default="A",
                    choices=("A", "AB", "ABC"),
                ),
            ),
            "hindcast",
            long=_always,
        ),
        Question(
            "plan",
            "What should we buy elsewhere, build and hold?",
            (
                Field(
                    "scenario", "scenario", "scenario", "Scenario", "Of type plan or response.", required=True
                ),
                Field("frontier", "frontier", "flag", "Also: budget against months covered", default=False),
                Field("why", "why", "flag", "Also: why this plan", default=False),
                Field("alone", "alone", "flag", "Each member plans for itself", default=False),
                Field("together", "together", "flag", "Members plan as one", default=False),
                Field("compare", "compare", "flag", "Also: alone against together", default=False),
                Field("quick", "quick", "flag", "Do not try other assumptions", default=False),
                Field(
                    "seconds",
                    "seconds",
                    "number",
                    "Most seconds for each solve",
                    default=60.0,
                    least=1,
                    most=600,
                ),
            ),
            "plan",
            long=_always,
            adapted=_tried,
        ),
        Question("scenario-list", "Which scenarios are there?", (), "scenarios", takes_data=False),
    )
}
"""By name, in the order of the pages."""


def question_named(name: str) -> Question:
    """Return a question.

    Raises
    ------
    ArgumentError
        ``unknown_question``.
    """
    if name not in QUESTIONS:
        raise ArgumentError(
            f"There is no question {name!r}.",
            code="unknown_question",
            hint=f"Questions are {', '.join(QUESTIONS)}.",
        )
    return QUESTIONS[name]
