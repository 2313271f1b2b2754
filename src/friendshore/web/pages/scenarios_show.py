"""One scenario: what stops, its text, and what can be done with it."""

from __future__ import annotations

from friendshore.answers.scenarios import row_of
from friendshore.disruption.saved import named_text, saved_names
from friendshore.disruption.scenario_files import load_scenario
from friendshore.records import Note
from friendshore.report.words import words_in
from friendshore.web.pages.plain import plain
from friendshore.web.pages.scenarios_words import ways, what_stops
from friendshore.web.sections import Section, View

__all__ = ["show_view"]


def show_view(name: str, lang: str) -> View:
    """Lay out one scenario.

    Raises
    ------
    ArgumentError
        ``unknown_scenario``.
    """
    text = named_text(name)
    loaded = load_scenario(name)
    row = row_of(name, loaded, kept=name in saved_names())
    words = words_in(lang)
    section = Section(
        "scenario",
        plain(what_stops(row, words)),
        Note(
            template="{months} months; it changes {chain}.",
            values={"months": row["months"], "chain": " < ".join(loaded.chain[1:])},
        )
        if len(loaded.chain) > 1
        else Note(template="{months} months.", values={"months": row["months"]}),
        template="scenarios_show.html.j2",
        values={
            "row": row,
            "ways": ways(row),
            "text": text.decode("utf-8", "replace"),
            "description": loaded.file.description,
            "source": loaded.file.source,
        },
    )
    trail = ((Note(template="Scenarios"), "/scenarios"), (plain(name), ""))
    return View(plain(loaded.file.name), sections=(section,), trail=trail)
