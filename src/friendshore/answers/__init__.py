"""The questions users ask, one function each; every one returns a Finding."""

from friendshore.answers.diversification import diversification
from friendshore.answers.exchange import join, summary
from friendshore.answers.exposure import exposure
from friendshore.answers.hindcasting import hindcast
from friendshore.answers.leverage import leverage
from friendshore.answers.longevity import longevity
from friendshore.answers.measures import measures
from friendshore.answers.plan import plan
from friendshore.answers.read import read
from friendshore.answers.read_evaluation import read_evaluation
from friendshore.answers.rules import rules
from friendshore.answers.scenarios import scenario, scenarios
from friendshore.answers.sheet import sheet
from friendshore.answers.stress import stress
from friendshore.answers.trace import trace
from friendshore.answers.wanted import wanted

__all__ = [
    "diversification",
    "exposure",
    "hindcast",
    "join",
    "leverage",
    "longevity",
    "measures",
    "plan",
    "read",
    "read_evaluation",
    "rules",
    "scenario",
    "scenarios",
    "sheet",
    "stress",
    "summary",
    "trace",
    "wanted",
]
