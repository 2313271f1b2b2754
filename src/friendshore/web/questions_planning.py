"""Questions of planning: what to buy elsewhere, build and hold, alone and together."""

from __future__ import annotations

from typing import Any

from friendshore.web.fields import Field, Question, always

__all__ = ["PLANNING"]


def _tried(arguments: dict[str, Any]) -> dict[str, Any]:
    """``quick`` leaves out what makes a plan robust."""
    return {name: value for name, value in arguments.items() if name != "quick"} | {
        "robust": not arguments["quick"]
    }


PLANNING: tuple[Question, ...] = (
    Question(
        "plan",
        "What should we buy elsewhere, build and hold?",
        (
            Field(
                "scenario",
                "scenario",
                "scenario",
                "Scenario",
                "One of type plan or response: it says who plans against what, with what money.",
                required=True,
                default="",
                example="economic-2plus2",
            ),
            Field(
                "frontier",
                "frontier",
                "flag",
                "Also: budget against months covered",
                "What more or less money would buy.",
                default=False,
            ),
            Field(
                "why",
                "why",
                "flag",
                "Also: why this plan",
                "What binds, the next-best plan, and where each decision flips.",
                default=False,
            ),
            Field("alone", "alone", "flag", "Each member plans for itself", default=False),
            Field(
                "together",
                "together",
                "flag",
                "Members plan as one",
                "The default where there are several.",
                default=False,
            ),
            Field(
                "compare",
                "compare",
                "flag",
                "Also: alone against together",
                "And how the gain may be shared.",
                default=False,
            ),
            Field(
                "quick",
                "quick",
                "flag",
                "Do not try other assumptions",
                "Faster; no decision is recommended then.",
                default=False,
            ),
            Field(
                "seconds",
                "seconds",
                "number",
                "Most seconds for each solve",
                "After that the best plan found so far is shown.",
                default=60.0,
                least=1,
                most=600,
            ),
        ),
        "plan",
        long=always,
        adapted=_tried,
        example=(("scenario", "economic-2plus2"), ("quick", "true")),
        tables=("plan", "response"),
    ),
    Question(
        "summary",
        "What does an ally need to know to plan with us?",
        (
            Field(
                "scenario",
                "scenario",
                "scenario",
                "Scenario",
                "The agreed one of type plan, with your own stocks, budget and plants.",
                required=True,
                default="",
                example="economic-2plus2",
            ),
            Field(
                "member",
                "member",
                "member",
                "Member",
                "Whose summary it is: one of those who plan together.",
                required=True,
                default="",
                example="JPN",
            ),
            Field(
                "lend-days",
                "lend_days",
                "number",
                "Days of stock to lend",
                "As far as you hold them.",
                default=0.0,
                least=0,
                most=3650,
            ),
            Field(
                "without-stock",
                "without_stock",
                "flag",
                "Write it as if no stock were held",
                "Then nothing can be inferred of it.",
                default=False,
            ),
            Field(
                "explain",
                "explain",
                "flag",
                "Say what each part reveals",
                "The file stays the same.",
                default=False,
            ),
        ),
        "summary",
        long=always,
        example=(("scenario", "economic-2plus2"), ("member", "JPN")),
        tables=("summary",),
    ),
)
