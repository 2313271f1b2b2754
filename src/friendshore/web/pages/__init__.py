"""The table of pages. A question without a page of its own gets the plain one by its entry in the questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module

from friendshore.errors import ArgumentError
from friendshore.web.desk import Desk
from friendshore.web.questions import QUESTIONS, Question
from friendshore.web.records import Asked
from friendshore.web.sections import View

__all__ = ["Page", "menu", "page_named"]


@dataclass(frozen=True)
class Page:
    """One page."""

    name: str
    """Its address: ``/name``; the start page is ``start`` and stands at ``/``."""
    title: str
    """In the menu and as its headline; a message id."""
    view: Callable[[Desk, Asked], View]
    question: Question | None = None
    """Whose fields the form shows."""
    lasting: bool = True
    """False where it shows what people keep, and so may differ the next time."""


_OWN = {
    # page -> (title, question of its form, whether the same address shows the same as long as the server runs)
    "start": ("Start", "", False),
    "exposure": ("Exposure", "exposure", True),
    "disruption": ("Disruption", "stress", True),
    "plan": ("Plan", "plan", True),
    "read": ("Read", "", False),
    "scenarios": ("Scenarios", "", False),
    "methods": ("Sources and methods", "", True),
}
"""Pages of their own, in the order of the menu; each is a module of this package with a function ``view``."""
_ASIDE = {
    "api": ("Addresses for programs", "", True),
    "brief": ("Brief for a minister", "brief", True),
    "join": ("Plan with an ally", "", False),
    "summary": ("What an ally needs to know", "summary", True),
}
"""Pages of their own that others lead to; they are not in the menu."""


def menu() -> tuple[tuple[str, str], ...]:
    """Addresses and titles of the menu."""
    return tuple(("/" if name == "start" else f"/{name}", title) for name, (title, _, _) in _OWN.items())


@cache
def page_named(name: str) -> Page:
    """Return a page: one of its own, or the plain page of a question.

    Raises
    ------
    ArgumentError
        ``unknown_page``.
    """
    if name in _OWN or name in _ASIDE:
        title, asks, lasting = {**_OWN, **_ASIDE}[name]
        module = import_module(f"{__name__}.{name}")
        return Page(name, title, module.view, QUESTIONS.get(asks), lasting)
    if name in QUESTIONS:
        from friendshore.web.pages.plain import view

        question = QUESTIONS[name]
        return Page(name, question.title, partial(view, question), question)
    raise ArgumentError(
        f"There is no page {name!r}.",
        code="unknown_page",
        hint="Begin at the start page, which links to all.",
    )
