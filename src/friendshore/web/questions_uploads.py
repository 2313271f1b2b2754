"""Questions about what somebody sent: the answer is asked for by the key under which it was kept."""

from __future__ import annotations

import re
from typing import Any

from friendshore.errors import ArgumentError
from friendshore.web.fields import Field, Question, always

__all__ = ["KEY", "UPLOADED", "unknown_document"]

KEY = re.compile(r"[0-9a-f]{24}")


def unknown_document() -> ArgumentError:
    """Say that nothing is kept under a key."""
    return ArgumentError(
        "No document is kept under this key.",
        code="unknown_document",
        hint="Send it again: the key is in the address that answers. The oldest are dropped after a while.",
    )


def _reading(arguments: dict[str, Any]) -> dict[str, Any]:
    """Refuse to read a document anew: nothing of it was kept."""
    raise unknown_document()


def _files(arguments: dict[str, Any]) -> dict[str, Any]:
    """Fetch the summaries that were sent, in the process that joins them."""
    from friendshore.web.keeping import Database, Kept

    key = str(arguments["document"])
    found = Kept(Database()).finding(key) if KEY.fullmatch(key) else None
    if not isinstance(found, tuple):
        raise unknown_document()
    kept = {name: value for name, value in arguments.items() if name != "document"}
    return kept | {"files": [(name, text.encode()) for name, text in found]}


def _document(label: str) -> Field:
    return Field(
        "document",
        "document",
        "text",
        label,
        "The key that was told when it was sent.",
        required=True,
        default="",
    )


UPLOADED: tuple[Question, ...] = (
    Question(
        "read",
        "What does a document say, and which question follows?",
        (_document("Document"),),
        "read",
        takes_data=False,
        adapted=_reading,
        uploaded=True,
    ),
    Question(
        "join",
        "What do allies gain by acting together?",
        (_document("Summaries"),),
        "join",
        long=always,
        adapted=_files,
        uploaded=True,
    ),
)
