"""The page disruption."""

from __future__ import annotations

from friendshore.web.desk import Desk
from friendshore.web.pages import plain
from friendshore.web.questions import QUESTIONS
from friendshore.web.records import Asked
from friendshore.web.sections import View

__all__ = ["view"]


def view(desk: Desk, asked: Asked) -> View:
    """Lay out the page."""
    return plain.view(QUESTIONS["stress"], desk, asked)
