"""Events and what follows from them as lines for a terminal, where a sentence matters more than a column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from friendshore.records import Finding
from friendshore.report.words import heading, number, say, term, translate

__all__ = ["event_lines", "next_lines"]

MOST_TEXT = 12
"""Lines of a scenario or of a plan that a terminal shows; --json holds all."""


def event_lines(finding: Finding, lang: str) -> Iterator[tuple[int, str]]:
    """Tell each event in a line, and below it the sentence that says so.

    Yields
    ------
    tuple
        How far a line is set in, and its text.
    """
    for place, row in enumerate(finding.rows, 1):
        yield 0, f"{place}. {told(row, lang)}"
        yield 3, " ".join(str(row["quote"]).split())


def told(row: Mapping[str, Any], lang: str) -> str:
    """Say type, status, date, who and whom, goods and sum."""
    words = {name: term(str(row[name]), name, lang).replace("_", " ") for name in ("type", "status")}
    parts = [f"{words['type']} ({words['status']})", str(row["date"] or say("no date", lang))]
    who = ", ".join(row["actors"]) or "–"
    parts.append(f"{who} → {', '.join(row['targets'])}" if row["targets"] else who)
    if row["products"]:
        parts.append(f"{heading('products', lang)}: {', '.join(row['products'])}")
    if row["amount_usd"] is not None:
        parts.append(number(row["amount_usd"], "USD", lang))
    return "; ".join(parts)


def next_lines(finding: Finding, lang: str) -> Iterator[tuple[int, str]]:
    """Write each command on a line of its own, with what to know about it and the text that goes into a file."""
    for row in finding.rows:
        note = translate(row["note"], lang) if row["note"] is not None else ""
        yield 0, f"{row['event']}: " + (row["command"] or note)
        if row["command"] and note:
            yield 3, note
        lines = str(row["text"] or "").splitlines()
        for line in lines[:MOST_TEXT]:
            yield 5, line
        if len(lines) > MOST_TEXT:
            yield 5, "..."
