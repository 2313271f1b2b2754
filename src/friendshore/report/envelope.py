"""The one JSON object that every command prints, in success and in failure. Other programs rely on it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from friendshore.errors import FriendshoreError
from friendshore.records import Amount, Finding, Listing, Name, Note
from friendshore.report.words import check_language, translate, words_in

__all__ = ["dump", "envelope", "failure"]

SPREAD = frozenset(("plan", "response", "summary", "join", "read"))
"""Questions whose tables and figures stand at the top level, each under its own name."""


def envelope(finding: Finding, lang: str = "en") -> dict[str, Any]:
    """Turn a finding into the object of ``--json``.

    Parameters
    ----------
    finding
        The answer.
    lang
        Language of the sentences (``answer``, ``assumptions``, ``caveats``); names, units and descriptions
        are English whatever it is.

    Returns
    -------
    dict
        Keys ``ok question arguments columns answer rows summary sources assumptions caveats``; ``summary``
        only where there is one. Further tables are ``tables``, name to rows; in a plan and what belongs to it
        they and the figures of the summary stand beside ``rows`` instead, each under its own name.
    """
    check_language(lang)
    told: dict[str, Any] = {
        "ok": True,
        "question": finding.question,
        "arguments": _plain(finding.arguments),
        "columns": [{"name": c.name, "unit": c.unit, "description": c.description} for c in finding.columns],
        "answer": translate(finding.answer, lang),
        "rows": [_plain(row, lang) for row in finding.rows],
    }
    if finding.summary:
        told["summary"] = _plain(finding.summary, lang)
    told |= _further(finding, lang, told)
    return told | {
        "sources": [source.model_dump() for source in finding.sources],
        "assumptions": [{"text": translate(a.text, lang), "source": a.source} for a in finding.assumptions],
        "caveats": [translate(note, lang) for note in finding.caveats],
    }


def _further(finding: Finding, lang: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Write what stands beside the rows: tables by name, and in a plan the figures of its summary too."""
    tables = {name: _plain(table.rows, lang) for name, table in finding.tables.items()}
    if finding.question not in SPREAD:
        return {"tables": tables} if tables else {}
    figures = _plain(finding.summary, lang) if isinstance(finding.summary, Mapping) else {}
    taken = [name for name in (*figures, *tables) if name in told or name in _LAST]
    taken += [name for name in figures if name in tables]
    if taken:
        raise ValueError(f"names of the envelope used twice: {', '.join(taken)}")
    return figures | tables


_LAST = ("sources", "assumptions", "caveats")


def failure(error: FriendshoreError) -> dict[str, Any]:
    """Turn an error into the object of ``--json``."""
    return {
        "ok": False,
        "error": {
            "code": error.code,
            "message": error.message,
            "hint": error.hint,
            "rows": [_told(row) for row in error.rows],
        },
    }


def dump(told: Mapping[str, Any]) -> str:
    r"""Write an object as JSON text: indented, in UTF-8 as it is, ending in a line feed.

    Half characters (lone surrogates, as in a file name that is not UTF-8) are written as ``\udcXX``.

    Raises
    ------
    ValueError
        For NaN or infinity: an unknown is null, and anything else is a fault of the program.
    """
    text = json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1)
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def _plain(value: Any, lang: str = "en") -> Any:  # noqa: ANN401  every JSON type
    """Turn tuples to lists, mappings to dictionaries and notes to sentences; json accepts or refuses the rest."""
    if isinstance(value, Note):
        return translate(value, lang)
    if isinstance(value, Amount | Listing | Name):
        return words_in(lang).value(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(part, lang) for key, part in value.items()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes):
        return [_plain(part, lang) for part in value]
    return value


def _told(value: Any) -> Any:  # noqa: ANN401  offending rows hold whatever a file held
    """Like :func:`_plain`, but never refuses: an error must reach its reader even about NaN or bytes."""
    if isinstance(value, Mapping):
        return {str(key): _told(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_told(part) for part in value]
    finite = isinstance(value, float) and value - value == 0
    return value if value is None or isinstance(value, bool | int | str) or finite else str(value)
