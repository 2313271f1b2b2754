"""The question that compares two scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from friendshore.web.fields import Field, Question

__all__ = ["COMPARING"]


def _planned(arguments: Mapping[str, Any]) -> bool:
    """Tell whether two plans have to be solved."""
    from friendshore.disruption.saved import named_text
    from friendshore.disruption.scenario_files import load_scenario

    names = [str(arguments.get(name) or "") for name in ("first", "second")]
    for name in names:
        # Refuses what is no name before anything is opened.
        named_text(name)
    return {load_scenario(name).file.type for name in names} == {"plan"}


COMPARING: tuple[Question, ...] = (
    Question(
        "scenario-compare",
        "What do two scenarios say differently, and what follows?",
        (
            Field(
                "first",
                "first",
                "scenario",
                "First scenario",
                required=True,
                default="",
                example="nickel-ore-2014",
            ),
            Field(
                "second",
                "second",
                "scenario",
                "Second scenario",
                required=True,
                default="",
                example="nickel-ore-2020",
            ),
            Field(
                "case",
                "case",
                "text",
                "Case",
                "Of scenarios with alternative futures, the one to follow.",
                default="",
            ),
        ),
        "compare",
        long=_planned,
        example=(("first", "nickel-ore-2014"), ("second", "nickel-ore-2020")),
        tables=("scenario_compare",),
    ),
)
