"""The page of scenarios: those there are, one of them, writing one, and two side by side."""

from __future__ import annotations

from collections.abc import Mapping

from friendshore.web.desk import Desk
from friendshore.web.pages.scenarios_compare import compare_view
from friendshore.web.pages.scenarios_edit import draft_of, edited
from friendshore.web.pages.scenarios_list import list_view
from friendshore.web.pages.scenarios_show import show_view
from friendshore.web.records import Asked
from friendshore.web.sections import View

__all__ = ["view"]


def view(desk: Desk, asked: Asked) -> View:
    """Lay out what the address asks for."""
    told: Mapping[str, str] = dict(asked.query)
    if told.get("compare") and told.get("with"):
        return compare_view(desk, asked, told)
    if told.get("show"):
        return show_view(told["show"], asked.lang)
    draft = draft_of(desk, asked.query)
    return edited(draft, asked.lang) if draft is not None else list_view(asked)
