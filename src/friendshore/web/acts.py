"""What a form changes, inside a worker: saved scenarios and records of one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from friendshore.errors import ArgumentError, FriendshoreError
from friendshore.web.desk import Desk
from friendshore.web.records import Asked, Reply
from friendshore.web.sections import View

__all__ = ["ACTS", "act"]

LONGEST = 2_000
"""Signs of a value that is no text of a scenario."""
YAML = "application/yaml; charset=utf-8"


def act(asked: Asked, desk: Desk) -> Reply:
    """Do what a form asks for; a refusal is shown on the page that the form stands on."""
    from friendshore.web.writing import failure_page

    page = replace(asked, kind="page", name=asked.name.partition("/")[0], query=())
    try:
        long = [name for name, value in asked.query if name != "text" and len(value) > LONGEST]
        if asked.name not in ACTS or long:
            raise ArgumentError(
                f"{long[0][:80]} is longer than {LONGEST} signs."
                if long
                else "There is nothing of this name.",
                code="too_much" if long else "unknown_page",
                hint="Go back and try again.",
            )
        return ACTS[asked.name](asked, desk)
    except FriendshoreError as error:
        from friendshore.web.replying import status_of

        absent = asked.name == "scenarios/download" and error.code == "unknown_scenario"
        return Reply(failure_page(error, page).encode(), status=404 if absent else status_of(error))


def value_of(asked: Asked, name: str) -> str:
    """Return a value of a form, "" where it is missing."""
    return next((value for given, value in reversed(asked.query) if given == name), "")


def led_to(path: str, pairs: Mapping[str, str], asked: Asked, anchor: str = "") -> Reply:
    """Answer with where to look now: a page of ours, in the language of the form."""
    from friendshore.web.writing import address

    told = address(path, [*pairs.items(), ("lang", asked.lang)])
    return Reply(b"", status=303, headers={"location": told + anchor})


def shown(view: View, page: str, asked: Asked, desk: Desk, status: int) -> Reply:
    """Write a page in place of the one that the form stood on."""
    from friendshore.web.pages import page_named
    from friendshore.web.writing import write_page

    told = replace(asked, kind="page", name=page, query=())
    jobs = tuple(section.job for section in view.sections if section.job is not None)
    return Reply(write_page(page_named(page), view, told).encode(), status=status, jobs=jobs)


def save(asked: Asked, desk: Desk) -> Reply:
    """Save a scenario as typed."""
    from friendshore.disruption.saved import save as kept

    name, text = value_of(asked, "name").strip(), value_of(asked, "text")
    try:
        kept(name, text, replace=bool(value_of(asked, "replace")))
    except FriendshoreError as error:
        return draft(asked, desk, error)
    return led_to("/scenarios", {"saved": name}, asked)


def check(asked: Asked, desk: Desk) -> Reply:
    """Say whether a scenario as typed is sound."""
    from friendshore.answers.scenarios import check_text
    from friendshore.disruption.saved import as_bytes

    name = value_of(asked, "name").strip() or "my-scenario"
    try:
        told = check_text(as_bytes(value_of(asked, "text"), name), name, world=desk.world("raw-materials"))
    except FriendshoreError as error:
        return draft(asked, desk, error)
    return draft(asked, desk, sound=told)


def draft(asked: Asked, desk: Desk, problem: FriendshoreError | None = None, sound: Any = None) -> Reply:  # noqa: ANN401  a finding
    """Show the form again with what was typed, and what is wrong with it."""
    from friendshore.web.pages.scenarios_edit import Draft, edited

    told = Draft(
        name=value_of(asked, "name").strip(),
        text=value_of(asked, "text").replace("\r\n", "\n"),
        replaces=bool(value_of(asked, "replace")),
        problem=problem,
        sound=sound,
    )
    return shown(edited(told, asked.lang), "scenarios", asked, desk, 422 if problem else 200)


def remove(asked: Asked, desk: Desk) -> Reply:
    """Remove a saved scenario."""
    from friendshore.disruption.saved import remove as removed

    name = value_of(asked, "name")
    removed(name)
    return led_to("/scenarios", {"removed": name}, asked)


def download(asked: Asked, desk: Desk) -> Reply:
    """Hand out the text of a scenario, as ``friendshore scenario show`` prints it."""
    from friendshore.disruption.saved import named_text

    name = value_of(asked, "name")
    text = named_text(name)
    return Reply(text, YAML, headers={"content-disposition": f'attachment; filename="{name}.yaml"'})


def accept(asked: Asked, desk: Desk) -> Reply:
    """Keep events of a document as records of one's own, as read or as changed."""
    from friendshore.answers.read_accept import EDITABLE, accepted_finding, changed
    from friendshore.web.pages.read_document import document_view, kept_reading

    key = value_of(asked, "document")
    finding = kept_reading(desk, key)
    chosen = {value for name, value in asked.query if name == "keep"}
    numbers = [number for number in range(1, len(finding.rows) + 1) if str(number) in chosen]
    if not numbers:
        problem = ArgumentError(
            "No event was chosen.", code="nothing_chosen", hint="Tick the events that you confirm."
        )
        return shown(document_view(finding, key, asked, problem), "read", asked, desk, 422)
    typed = dict(asked.query)
    changes = {
        number: {field: typed[f"{field}-{number}"] for field in EDITABLE if f"{field}-{number}" in typed}
        for number in numbers
    }
    try:
        told = accepted_finding(changed(finding, changes), numbers)
    except ArgumentError as error:
        return shown(document_view(finding, key, asked, error), "read", asked, desk, 422)
    del told
    return led_to("/read", {"document": key, "kept": str(len(numbers))}, asked, "#own")


def forget(asked: Asked, desk: Desk) -> Reply:
    """Remove a record of one's own."""
    from friendshore.tables.measures import forget as forgotten

    key = value_of(asked, "document")
    forgotten([value_of(asked, "id")])
    return led_to("/read", {"document": key} if key.isalnum() else {}, asked, "#own")


ACTS: Mapping[str, Callable[[Asked, Desk], Reply]] = {
    "read/accept": accept,
    "read/forget": forget,
    "scenarios/check": check,
    "scenarios/download": download,
    "scenarios/remove": remove,
    "scenarios/save": save,
}
"""By name, what is done."""
