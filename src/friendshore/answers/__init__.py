"""The questions users ask, one function each; every one returns a Finding."""

from friendshore.answers.exposure import exposure
from friendshore.answers.leverage import leverage
from friendshore.answers.rules import rules
from friendshore.answers.trace import trace

__all__ = ["exposure", "leverage", "rules", "trace"]
