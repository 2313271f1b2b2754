"""The page scenarios."""

from __future__ import annotations

from friendshore.records import Note
from friendshore.web.desk import Desk
from friendshore.web.records import Asked
from friendshore.web.sections import View

__all__ = ["view"]


def view(desk: Desk, asked: Asked) -> View:
    """Lay out the page."""
    return View(Note(template="scenarios"))
