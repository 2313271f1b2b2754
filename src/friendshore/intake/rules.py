"""The published table of trigger patterns, ``data/triggers.yaml``, compiled once."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import ConfigDict, Field

from friendshore.intake.records import Status, Type
from friendshore.records import Record

__all__ = ["Rule", "rules"]


class Rule(Record):
    """One pattern and what it asserts; the keys are explained at the head of the table."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, populate_by_name=True
    )

    id: str
    type: Type
    status: Status
    find: re.Pattern[str]
    actors: str = "subject"
    targets: str = "none"
    needs: tuple[str, ...] = ()
    date: str = "own"
    unless: re.Pattern[str] | None = None
    doubt: bool = False
    tense: str = ""
    fallback: str = ""
    when: str = ""
    when_text: re.Pattern[str] | None = Field(None, alias="when-text")
    meeting: bool = False


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules in the order in which they are tried."""
    raw: dict[str, Any] = yaml.safe_load(
        files("friendshore").joinpath("data/triggers.yaml").read_text("utf-8")
    )
    found = []
    for entry in raw["rules"]:
        for name in ("find", "unless", "when-text"):
            if name in entry:
                entry[name] = re.compile(entry[name])
        found.append(Rule.model_validate(entry))
    return tuple(found)
