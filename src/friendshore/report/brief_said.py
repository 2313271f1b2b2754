"""What a document says, as the first section of its brief."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from friendshore.charts.wording import Words, visible
from friendshore.records import Said
from friendshore.report.words import term
from friendshore.tables.blocs import blocs
from friendshore.tables.countries import countries

__all__ = ["said_section"]

FORMATS: Mapping[str, str] = {"ECONOMIC_TWO_PLUS_TWO": "ECONOMIC-2+2", "TWO_PLUS_TWO": "2+2"}
"""Formats of the reader by the name under which the register or people know them."""


def said_section(said: Said, words: Words) -> Mapping[str, Any]:
    """Finish the section: a line an event with its quote, groups, what is on record."""
    return {
        "head": words.say(
            "{document}, {day}. Quotes are exact; who, what and when were read by rules and can be wrong.",
            document=visible(said.document),
            day=said.day or words.say("no date"),
        ),
        "events": merged(said.events, words),
        "contexts": [words.tell(note) for note in said.contexts],
        "measures": [words.tell(note) for note in said.measures],
        "choice": words.tell(said.choice),
    }


def merged(events: Sequence[Mapping[str, Any]], words: Words) -> list[Mapping[str, str]]:
    """Write a sentence once, with everything that was read from it."""
    found: dict[str, list[str]] = {}
    for event in events:
        found.setdefault(visible(" ".join(str(event["quote"]).split())), []).append(told(event, words))
    return [{"told": "; ".join(acts), "quote": quote} for quote, acts in found.items()]


def told(event: Mapping[str, Any], words: Words) -> str:
    """Say type, status, date, who and whom."""
    kind, status = (term(str(event[name]), name, words.lang).replace("_", " ") for name in ("type", "status"))
    who = named(event["actors"], words) or "–"
    whom = named(event["targets"], words)
    when = event["date"] or words.say("no date")
    return f"{kind} ({status}), {when}, {who}" + (f" → {whom}" if whom else "")


def named(codes: Sequence[str], words: Words) -> str:
    """Name states, blocs and formats."""
    return words.listed([one(FORMATS.get(code, code), words) for code in codes])


def one(code: str, words: Words) -> str:
    """Name one of them; blocs by the table, in which a plus sign joins nobody."""
    if code in blocs():
        return visible(blocs()[code].name(words.lang))
    return words.name(code) if code in countries() else code
