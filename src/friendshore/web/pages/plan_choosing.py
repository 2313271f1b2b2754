"""Before anything is asked: the scenarios that can be planned for, and the way to an ally."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from friendshore.charts.wording import Words
from friendshore.disruption.saved import saved_names
from friendshore.disruption.scenario_files import load_scenario, shipped
from friendshore.errors import FriendshoreError
from friendshore.records import Listing, Name, Note
from friendshore.report.words import words_in
from friendshore.web.pages.plan_asking import address_of, scenario_named
from friendshore.web.scenario_titles import shown_title
from friendshore.web.sections import Section, View

__all__ = ["choosing", "members_of", "planned_scenarios"]

TYPES = ("plan", "response")


def choosing(lang: str) -> View:
    """Lay out the page before a scenario is chosen."""
    return View(
        Note(template="What should we buy elsewhere, build and hold?"),
        sections=(
            Section(
                "scenarios",
                Note(template="Choose a scenario"),
                Note(
                    template="A scenario says who plans against what, with what money. Each can be copied and changed."
                ),
                template="plan_choosing.html.j2",
                values={"listed": list(_listed(words_in(lang)))},
            ),
        ),
    )


def planned_scenarios() -> Iterator[tuple[str, Any]]:
    """Go through the scenarios that can be planned for, saved ones first; one that cannot be read is passed over."""
    for name in (*saved_names(), *shipped()):
        try:
            file = load_scenario(name).file
        except FriendshoreError:
            continue
        if file.type in TYPES:
            yield name, file


def _listed(words: Words) -> Iterator[Mapping[str, Any]]:
    own = saved_names()
    for name, file in planned_scenarios():
        told = file.plan or file.response
        pairs = [("scenario", name), *([("quick", "true")] if file.type == "plan" else [])]
        yield {
            "title": shown_title(name, words.lang),
            "about": words.say(
                "Plan of {members}" if file.type == "plan" else "Response of {members}",
                members=Listing(items=tuple(Name(key=member) for member in told.members)),
            ),
            "address": address_of("/plan", pairs),
            "edit": address_of("/scenarios", [("from", name)]),
            "own": name in own,
            "name": name,
        }


def members_of(name: str, lang: str) -> list[tuple[str, str]]:
    """List the members of a plan, code and name.

    Raises
    ------
    ArgumentError
        ``unknown_scenario``.
    DataError
        A scenario file that breaks a rule.
    """
    plan = scenario_named(name).file.plan
    words = words_in(lang)
    return [(member, words.name(member)) for member in plan.members] if plan else []
