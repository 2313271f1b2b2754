"""How the page of a plan asks: each section its own question, with no more than it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from friendshore.disruption.saved import named_text
from friendshore.disruption.scenario_files import Scenario, load_scenario
from friendshore.records import Finding, Note
from friendshore.web.desk import Desk, NotYet
from friendshore.web.parameters import given, pairs_of
from friendshore.web.questions import QUESTIONS
from friendshore.web.records import Asked, Given, JobAsked

__all__ = ["Asking", "address_of", "asking_of", "new_notes", "scenario_named", "unknown"]

OTHERS = ("budget", "papers", "rows", "joined")
"""Names of the address that belong to the page and not to the question."""
STEPS = ("frontier", "why", "compare")
"""Flags of the question that are sections of their own."""


@dataclass(frozen=True)
class Asking:
    """What an address asks of the page."""

    desk: Desk
    asked: Asked
    given: Given
    scenario: Scenario

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return str(self.given.arguments["scenario"])

    @property
    def lang(self) -> str:
        """Language of the page."""
        return self.asked.lang

    def wants(self, flag: str) -> bool:
        """Tell whether a flag of the question is set."""
        return bool(self.given.arguments.get(flag))

    def says(self, name: str) -> str:
        """Return what the address says under a name of the page; empty where it says nothing."""
        return next((value for key, value in reversed(self.asked.query) if key == name), "")

    def found(self, part: str, **flags: bool) -> Finding | JobAsked:
        """Answer the question of a section, or return the job that it waits for."""
        arguments = {**self.given.arguments, **dict.fromkeys(STEPS, False), **flags}
        wanted = replace(self.given, arguments=arguments)
        try:
            finding: Finding = self.desk.answer(wanted)
        except NotYet as waiting:
            return replace(waiting.job, address=self.link(part))
        return finding

    def most(self, rows: int) -> int:
        """Return how many rows a table shows at once."""
        return 10**9 if self.says("rows") == "all" else rows

    def query(self, **flags: bool) -> tuple[tuple[str, str], ...]:
        """Write the question with other flags as an address does."""
        arguments = {**self.given.arguments, **dict.fromkeys(STEPS, False), **flags}
        return tuple(pairs_of(QUESTIONS["plan"], arguments, self.given.data))

    def link(self, part: str = "", **changes: bool | str | None) -> str:
        """Return the address of this page with changes; None and False leave a name out."""
        told = [(key, value) for key, value in self.asked.query if key not in changes and key != "rows"]
        told += [
            (key, "true" if value is True else str(value))
            for key, value in changes.items()
            if value not in (None, False, "")
        ]
        return address_of("/plan", told) + (f"#{part}" if part else "")

    def exposure(self, row: Mapping[str, Any], finding: Finding) -> str:
        """Return the address of what a decision or gap is about: who supplies these goods to the members."""
        if not row.get("product"):
            return ""
        about = finding.arguments
        pairs = [("importer", member) for member in (row.get("member") or "").split("+") if member]
        pairs += [("on", name) for name in about["on"]] + [("product", row["product"])]
        pairs += [("data", self.given.data)] if self.given.data != "raw-materials" else []
        return address_of("/exposure", pairs)


def address_of(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Write an address of this server."""
    query = urlencode(list(pairs))
    return f"{path}?{query}" if query else path


def asking_of(desk: Desk, asked: Asked) -> Asking:
    """Read the address.

    Raises
    ------
    ArgumentError
        What cannot be asked; ``unknown_scenario``.
    DataError
        A scenario file that breaks a rule.
    """
    wanted = given(QUESTIONS["plan"], asked.query, others=OTHERS)
    return Asking(desk, asked, wanted, scenario_named(str(wanted.arguments["scenario"])))


def scenario_named(name: str) -> Scenario:
    """Read a scenario by its name; a path is none.

    Raises
    ------
    ArgumentError
        ``unknown_scenario``.
    DataError
        A scenario file that breaks a rule.
    """
    named_text(name)
    return load_scenario(name)


def unknown(finding: Finding) -> tuple[str, ...]:
    """Name the columns of which nothing is known in any row."""
    return tuple(
        column.name for column in finding.columns if all(row[column.name] is None for row in finding.rows)
    )


def new_notes(finding: Finding, known: Finding | None) -> Sequence[Note]:
    """Return what a finding cautions of beyond another one."""
    said = {note.template for note in known.caveats} if known is not None else set()
    return [note for note in finding.caveats if note.template not in said]
