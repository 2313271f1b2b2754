"""Writing a scenario: its text in a form, what is wrong with it by line, and saving it under a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from friendshore.answers.scenario_writing import scenario_text
from friendshore.disruption.saved import named_text, saved_names
from friendshore.errors import ArgumentError, FriendshoreError
from friendshore.records import Finding, Note
from friendshore.report.words import words_in
from friendshore.web.desk import Desk
from friendshore.web.pages.plain import plain
from friendshore.web.parameters import given
from friendshore.web.questions import QUESTIONS
from friendshore.web.records import Pairs
from friendshore.web.sections import Section, View
from friendshore.web.writing import address

__all__ = ["Draft", "draft_of", "edited"]

MOST_LINES = 40
"""Lines of the field that are shown at once."""


@dataclass(frozen=True)
class Draft:
    """A scenario while it is written."""

    name: str = ""
    text: str = ""
    replaces: bool = False
    """Whether it takes the place of the saved one of its name."""
    problem: FriendshoreError | None = None
    sound: Finding | None = None
    """What the check says where nothing is wrong."""


def draft_of(desk: Desk, query: Pairs) -> Draft | None:
    """Begin a text: from a saved scenario, a copy of one, a question, or an event of a document.

    None where the address asks for none of these.
    """
    told = dict(query)
    if told.get("edit") == "new":
        return Draft(text=scenario_text(["JPN"], on=["CHN"], products=["250410"], cover_days=60))
    if told.get("edit"):
        name = told["edit"]
        return Draft(name, _text(name), replaces=name in saved_names())
    if told.get("from"):
        return Draft(_free(f"my-{told['from']}"), _text(told["from"]))
    if told.get("document"):
        return _of_document(desk, told["document"], told.get("step", ""))
    fields = {field.name for field in QUESTIONS["stress"].fields}
    asked = tuple(pair for pair in query if pair[0] in fields and pair[1].strip())
    return _of_question(asked) if asked else None


def _text(name: str) -> str:
    return named_text(name).decode("utf-8", "replace")


def _free(name: str) -> str:
    """Return a name that is not taken yet."""
    taken = {other.casefold() for other in saved_names()}
    numbered = (name[:60] if n == 1 else f"{name[:60]}-{n}" for n in range(1, len(taken) + 2))
    return next(one for one in numbered if one.casefold() not in taken)


def _of_question(pairs: Pairs) -> Draft:
    """Write the scenario of a question; one that names a scenario is a copy of that."""
    told = dict(given(QUESTIONS["stress"], pairs).arguments)
    if told.get("scenario"):
        return Draft(_free(f"my-{told['scenario']}"), _text(str(told["scenario"])))
    names = (
        "on", "products", "group", "lost_share", "months", "cover_days", "world_cut", "as_bloc", "quantities",
    )  # fmt: skip
    chosen = {name: told[name] for name in names if name in told}
    return Draft(_free("my-scenario"), scenario_text(told.get("importers", ()), **chosen))


def _of_document(desk: Desk, key: str, step: str) -> Draft:
    from friendshore.web.pages.read_document import kept_reading

    steps = kept_reading(desk, key).tables["next"].rows
    if not (
        step.isascii() and step.isdigit() and 1 <= int(step) <= len(steps) and steps[int(step) - 1]["text"]
    ):
        raise ArgumentError(
            "There is no scenario of this number in the document.",
            code="unknown_document",
            hint="Go back to the document and choose one.",
        )
    return Draft(_free("my-scenario"), str(steps[int(step) - 1]["text"]))


def edited(draft: Draft, lang: str) -> View:
    """Lay out the form."""
    words = words_in(lang)
    section = Section(
        "text",
        Note(template="Its text"),
        Note(
            template="Keys and values, as YAML. Check tells all problems with their lines; saving changes nothing else."
        ),
        template="scenarios_edit.html.j2",
        values={
            "draft": draft,
            "rows": min(max(draft.text.count("\n") + 3, 16), MOST_LINES),
            "save": address("/scenarios/save", [("lang", lang)]),
            "check": address("/scenarios/check", [("lang", lang)]),
            "problems": _problems(draft),
            "hint": draft.problem.hint if draft.problem else "",
            "sound": words.tell(draft.sound.answer) if draft.sound else "",
            "taken": draft.problem is not None and draft.problem.code == "name_taken",
            "lang": lang,
        },
    )
    trail = (
        (Note(template="Scenarios"), "/scenarios"),
        (plain(draft.name) if draft.name else Note(template="A new one"), ""),
    )
    return View(Note(template="Write a scenario"), sections=(section,), trail=trail)


def _problems(draft: Draft) -> Sequence[dict[str, Any]]:
    """List what is wrong, each with the line that it stands in."""
    if draft.problem is None:
        return ()
    lines = draft.text.splitlines()
    found = []
    for row in draft.problem.rows:
        line = row.get("line")
        if not isinstance(line, int):
            continue
        own = row.get("file") in ("", draft.name, "my-scenario")
        found.append(
            {
                "line": line,
                "written": lines[line - 1].strip() if own and 1 <= line <= len(lines) else "",
                "told": f"{row['key']}: got {row['got']}, expected {row['expected']}."
                if "expected" in row
                else str(row.get("got", "")),
                "file": "" if own else row.get("file", ""),
            }
        )
    return found or [{"line": 0, "written": "", "told": draft.problem.message, "file": ""}]
