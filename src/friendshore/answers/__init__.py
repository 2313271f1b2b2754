"""The questions users ask, one function each; every one returns a Finding.

Each is imported when it is first asked: measuring does not wait for the planner.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from friendshore.answers.blocs import blocs as blocs
    from friendshore.answers.brief import brief as brief
    from friendshore.answers.comparing import compare as compare
    from friendshore.answers.data_sets import data_check as data_check
    from friendshore.answers.data_sets import data_sets as data_sets
    from friendshore.answers.diversification import diversification as diversification
    from friendshore.answers.exchange import join as join
    from friendshore.answers.exchange import summary as summary
    from friendshore.answers.exposure import exposure as exposure
    from friendshore.answers.hindcasting import hindcast as hindcast
    from friendshore.answers.leverage import leverage as leverage
    from friendshore.answers.longevity import longevity as longevity
    from friendshore.answers.measures import measures as measures
    from friendshore.answers.plan import plan as plan
    from friendshore.answers.products import products as products
    from friendshore.answers.read import read as read
    from friendshore.answers.read_evaluation import read_evaluation as read_evaluation
    from friendshore.answers.rules import rules as rules
    from friendshore.answers.scenarios import scenario as scenario
    from friendshore.answers.scenarios import scenario_schema as scenario_schema
    from friendshore.answers.scenarios import scenarios as scenarios
    from friendshore.answers.sheet import sheet as sheet
    from friendshore.answers.stress import stress as stress
    from friendshore.answers.suppliers import suppliers as suppliers
    from friendshore.answers.trace import trace as trace
    from friendshore.answers.wanted import wanted as wanted

__all__ = [
    "blocs",
    "brief",
    "compare",
    "data_check",
    "data_sets",
    "diversification",
    "exposure",
    "hindcast",
    "join",
    "leverage",
    "longevity",
    "measures",
    "plan",
    "products",
    "read",
    "read_evaluation",
    "rules",
    "scenario",
    "scenario_schema",
    "scenarios",
    "sheet",
    "stress",
    "summary",
    "suppliers",
    "trace",
    "wanted",
]

_HOME = {
    "blocs": "blocs",
    "brief": "brief",
    "compare": "comparing",
    "data_check": "data_sets",
    "data_sets": "data_sets",
    "diversification": "diversification",
    "exposure": "exposure",
    "hindcast": "hindcasting",
    "join": "exchange",
    "leverage": "leverage",
    "longevity": "longevity",
    "measures": "measures",
    "plan": "plan",
    "products": "products",
    "read": "read",
    "read_evaluation": "read_evaluation",
    "rules": "rules",
    "scenario": "scenarios",
    "scenario_schema": "scenarios",
    "scenarios": "scenarios",
    "sheet": "sheet",
    "stress": "stress",
    "summary": "exchange",
    "suppliers": "suppliers",
    "trace": "trace",
    "wanted": "wanted",
}
"""By question, the module that answers it."""


class _Answers(ModuleType):
    """A package in which a question keeps its name where a module is called the same."""

    def __setattr__(self, name: str, value: object) -> None:
        # importing the module `exposure` would put it where the question `exposure` belongs
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  any of the questions
        if name not in _HOME:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f"{self.__name__}.{_HOME[name]}"), name)
        super().__setattr__(name, found)
        return found

    def __dir__(self) -> list[str]:
        return sorted({*self.__dict__, *_HOME})


sys.modules[__name__].__class__ = _Answers
