"""The page plan: what to buy elsewhere, build and hold; alone or together; what money buys; why; with whom."""

from __future__ import annotations

from friendshore.records import Note
from friendshore.web.desk import Desk
from friendshore.web.pages.plan_asking import asking_of
from friendshore.web.records import Asked
from friendshore.web.scenario_titles import shown_title
from friendshore.web.sections import View

__all__ = ["view"]


def view(desk: Desk, asked: Asked) -> View:
    """Lay out the page: what can be planned, a plan, a response, or what allies found together."""
    told = dict(asked.query)
    if told.get("joined"):
        from friendshore.web.pages.plan_joined import joined

        return joined(desk, asked, told["joined"])
    if not any(value.strip() for name, value in asked.query if name != "rows"):
        from friendshore.web.pages.plan_choosing import choosing

        return choosing(asked.lang)
    asking = asking_of(desk, asked)
    trail = ((Note(template="Plan"), "/plan"), (titled(shown_title(asking.name, asked.lang)), ""))
    if asking.scenario.file.type == "response":
        from friendshore.web.pages.plan_response import response

        return response(asking, trail)
    from friendshore.web.pages.plan_made import made

    return made(asking, trail)


def titled(text: str) -> Note:
    """Put the name of a scenario where a note stands."""
    return Note(template="{text}", values={"text": text})
