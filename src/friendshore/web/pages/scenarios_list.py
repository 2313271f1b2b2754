"""The list of scenarios: saved ones first, then those that come with the package; and a form to compare two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from friendshore.answers.scenarios import scenarios
from friendshore.records import Finding, Note
from friendshore.report.words import words_in
from friendshore.web.pages.scenarios_words import Row, type_told, ways, what_stops
from friendshore.web.records import Asked
from friendshore.web.sections import Section, View
from friendshore.web.writing import address

__all__ = ["list_view"]


def list_view(asked: Asked) -> View:
    """Lay out the list."""
    found = scenarios()
    told = dict(asked.query)
    own = [row for row in found.rows if row["saved"]]
    shipped = [row for row in found.rows if not row["saved"]]
    sections = [
        Section(
            "own",
            Note(template="Saved by you"),
            Note(
                template="They are kept on the computer where this runs, and can be named on the command line too."
            ),
            template="scenarios_list.html.j2",
            values={**_values(own, asked.lang), "notices": _notices(told, found, asked.lang)},
        ),
        Section(
            "shipped",
            Note(template="Come with the program"),
            Note(template="Copy one and change it: that is the quickest way to one of your own."),
            template="scenarios_list.html.j2",
            values={**_values(shipped, asked.lang), "notices": [], "new": ""},
        ),
        Section(
            "compare",
            Note(template="Compare two"),
            Note(template="What they say differently, and what follows from each."),
            template="scenarios_pick.html.j2",
            values={
                "names": [(row["name"], row["title"]) for row in (*own, *shipped)],
                "first": told.get("compare", ""),
                "second": told.get("with", ""),
                "lang": asked.lang,
            },
        ),
    ]
    return View(Note(template="Scenarios: what could stop, for whom, for how long"), sections=tuple(sections))


def _values(rows: Sequence[Row], lang: str) -> dict[str, Any]:
    words = words_in(lang)
    return {
        "rows": [
            {
                **row,
                "what": what_stops(row, words),
                "type_told": type_told(row, words),
                "ways": ways(row),
                "show": address("/scenarios", [("show", row["name"])]),
            }
            for row in rows
        ],
        "new": address("/scenarios", [("edit", "new")]),
        "remove": address("/scenarios/remove", [("lang", lang)]),
    }


def _notices(told: dict[str, str], found: Finding, lang: str) -> list[str]:
    """Say what was just done, and which saved ones cannot be read."""
    words = words_in(lang)
    names = {row["name"] for row in found.rows}
    notices = []
    if told.get("saved") in names:
        notices.append(
            words.say(
                "Saved as {name}. On the command line: friendshore stress --scenario {name}",
                name=told["saved"],
            )
        )
    if told.get("removed") and told["removed"] not in names:
        notices.append(words.say("{name} is removed.", name=words.value(told["removed"][:64])))
    return [*notices, *(words.tell(note) for note in found.caveats)]
