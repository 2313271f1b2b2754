"""Blocs and formats that a document names, with who was in them on its day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from friendshore.records import Listing, Name, Note
from friendshore.tables.blocs import blocs, members

__all__ = ["contexts_of"]

FORMATS = {"ECONOMIC_TWO_PLUS_TWO": "ECONOMIC-2+2"}
"""Formats of the reader that the table of blocs holds."""


def contexts_of(participants: Sequence[str], on: date | None) -> tuple[Note, ...]:
    """Tell who was in each bloc or format on a day; without a day, who is."""
    found = dict.fromkeys(FORMATS.get(code, code) for code in participants)
    notes = []
    for code in found:
        if code not in blocs():
            continue
        inside = members(code, on or date.max)
        if inside:
            notes.append(
                Note(
                    template="{bloc}: {members}",
                    values={
                        "bloc": Name(key=code, kind="bloc"),
                        "members": Listing(items=tuple(Name(key=m) for m in inside)),
                    },
                )
            )
    return tuple(notes)
