"""Questions of what there is: blocs, products, measures in force, data sets and scenarios."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from friendshore.web.fields import Field, Question

__all__ = ["LOOKUPS"]


def _by_name(question: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Ask about a scenario by its name, as the command of this name does."""

    def adapted(arguments: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in arguments.items() if name != "scenario"}
        return kept | {"source": arguments["scenario"], "question": question}

    return adapted


def _without_places(arguments: dict[str, Any]) -> dict[str, Any]:
    """Leave out where on the server's disk a data set lies."""
    return arguments | {"places": False}


NAMED_SCENARIO = Field(
    "name",
    "scenario",
    "scenario",
    "Scenario",
    "One that comes with the program, or one that you saved.",
    required=True,
    default="",
    example="hormuz-closure",
)
DAY = Field(
    "on",
    "on",
    "day",
    "On the day",
    "As 2022-01-21; a year alone means its last day.",
    example="2022-01-21",
)

LOOKUPS: tuple[Question, ...] = (
    Question(
        "blocs",
        "Who belongs to which bloc, and since when?",
        (
            Field(
                "name",
                "name",
                "bloc",
                "Bloc",
                "Lists its members. With ties: a country, whose ties are listed.",
                default="",
                example="EU",
            ),
            DAY,
            Field(
                "ties",
                "ties",
                "flag",
                "Instead: who is tied to whom by how many",
                default=False,
            ),
        ),
        "blocs",
        takes_data=False,
        example=(("name", "EU"), ("on", "2019")),
        tables=("blocs", "members", "ties"),
    ),
    Question(
        "measures",
        "What is in force between whom?",
        (
            DAY,
            Field(
                "of",
                "of",
                "actor",
                "Only with",
                "A country or bloc that takes part or is the aim.",
                default="",
                example="JPN",
            ),
        ),
        "measures",
        takes_data=False,
        lasting=False,
        example=(("of", "JPN"), ("on", "2022")),
    ),
    Question(
        "products",
        "Which products are there, and which are missing?",
        (
            Field(
                "text",
                "text",
                "text",
                "Search",
                "Words in English or Japanese, or the first digits of a customs code.",
                default="",
                example="nickel",
            ),
        ),
        "products",
        example=(("text", "nickel"),),
    ),
    Question(
        "data-list",
        "Which data are loaded?",
        (),
        "data_sets",
        takes_data=False,
        adapted=_without_places,
        lasting=False,
        tables=("data",),
    ),
    Question(
        "scenario-list",
        "Which scenarios are there?",
        (),
        "scenarios",
        takes_data=False,
        lasting=False,
        tables=("scenarios",),
    ),
    Question(
        "scenario-show",
        "What does a scenario say?",
        (NAMED_SCENARIO,),
        "scenario",
        adapted=_by_name("scenario show"),
        example=(("name", "hormuz-closure"),),
        tables=("scenarios",),
    ),
    Question(
        "scenario-check",
        "Is a scenario sound with these data?",
        (NAMED_SCENARIO,),
        "scenario",
        adapted=_by_name("scenario check"),
        example=(("name", "graphite-aimed"),),
        tables=("scenarios",),
    ),
    Question(
        "scenario-schema",
        "What may stand in a scenario?",
        (),
        "scenario_schema",
        takes_data=False,
        tables=("scenarios",),
    ),
)
