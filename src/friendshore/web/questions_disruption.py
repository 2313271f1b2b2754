"""Questions of disruption: what is missing when somebody stops, how good such forecasts are, and the brief of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from friendshore.web.fields import (
    AS_BLOC,
    GROUP,
    IMPORTERS,
    ON,
    PRODUCTS,
    SCENARIO,
    YEAR,
    Field,
    Question,
    always,
)

__all__ = ["DISRUPTION"]


def _swept(arguments: Mapping[str, Any]) -> bool:
    return bool(arguments.get("tornado") or arguments.get("draws"))


DISRUPTION: tuple[Question, ...] = (
    Question(
        "stress",
        "If it stops, what is missing, when, for whom?",
        (
            Field(
                "importer",
                "importers",
                "actor",
                "Importers",
                "Whose months are shown: country codes or blocs. A scenario names its own.",
                several=True,
                default=(),
                example="JPN",
            ),
            SCENARIO,
            Field(
                "case",
                "case",
                "text",
                "Case of the scenario",
                "Where a scenario holds alternative futures, the one to follow.",
                default="",
            ),
            ON,
            replace(PRODUCTS, help="What stops: customs codes of six digits, as 250410; or choose a group."),
            GROUP,
            Field(
                "lost-share",
                "lost_share",
                "number",
                "Part that stops",
                "From 0 to 1; 1 is all of it.",
                default=1.0,
                least=0,
                most=1,
            ),
            Field(
                "months",
                "months",
                "whole",
                "Months",
                "How long it lasts.",
                default=12,
                least=1,
                most=120,
            ),
            Field(
                "cover-days",
                "cover_days",
                "number",
                "Days of stock",
                "What each importer holds, in days of use. Without it the stock is unknown, which is not zero.",
                least=0,
                most=3650,
                example="60",
            ),
            Field(
                "world",
                "world_cut",
                "flag",
                "Cut off the whole world",
                "Not the importers alone.",
                default=False,
            ),
            AS_BLOC,
            Field(
                "quantities",
                "quantities",
                "choice",
                "Tons",
                "Some published tons contradict their value; cleaned tons replace those.",
                default="cleaned",
                choices=("cleaned", "raw"),
                words=("cleaned of outliers", "as published"),
            ),
            Field(
                "tornado",
                "tornado",
                "flag",
                "Instead: which assumption matters most",
                "One assumption at a time; takes a while.",
                default=False,
            ),
            Field(
                "draws",
                "draws",
                "whole",
                "Instead: draws from all ranges",
                "How wide the answer is when all assumptions vary at once; 1000 is a good number.",
                default=0,
                least=0,
                most=10_000,
            ),
            Field(
                "seed",
                "seed",
                "whole",
                "Seed of the draws",
                "The same seed gives the same draws.",
                default=0,
                least=0,
                most=2**31 - 1,
            ),
        ),
        "stress",
        long=_swept,
        example=(("importer", "JPN"), ("on", "AUS"), ("product", "260111"), ("cover-days", "60")),
        tables=("stress", "tornado", "draws"),
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
                "A: clear and documented. B: weaker. C: only a drop in the data.",
                default="A",
                choices=("A", "AB", "ABC"),
                words=("A: clear and documented", "A and B", "A, B and C"),
            ),
        ),
        "hindcast",
        long=always,
        example=(("grade", "AB"),),
    ),
    Question(
        "brief",
        "What does a minister need to know?",
        (
            IMPORTERS,
            replace(ON, required=True),
            AS_BLOC,
            GROUP,
            YEAR,
            Field(
                "budget",
                "budget_usd",
                "number",
                "Budget",
                "Most that each importer pays at once for stock and new capacity, in dollars; no limit by default.",
                least=0,
                most=1e15,
                example="250000000",
            ),
            replace(
                SCENARIO,
                label="Plan",
                help="A scenario of type plan for the part on what could be done; by default what the importers miss "
                "most.",
                example="economic-2plus2",
            ),
        ),
        "brief",
        long=always,
        example=(("importer", "USA"), ("importer", "JPN"), ("on", "CHN")),
    ),
)
