"""What the entries of a scenario file are built from: their base, numbers, names, and stated numbers with a range."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from friendshore.records import Record

__all__ = [
    "Entry",
    "Months",
    "Names",
    "Number",
    "Share",
    "Stated",
    "StatedEntry",
    "Whole",
    "Word",
    "listed",
    "stated",
    "words",
]


class Entry(Record):
    """Base: unknown keys are refused; the docstrings of fields are their descriptions in the schema."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def listed(value: object) -> object:
    """Take one word for a list of one; a number is a code that lost its quotes."""
    if isinstance(value, str | int) and not isinstance(value, bool):
        value = [value]
    if isinstance(value, list | tuple):
        return tuple(
            str(each).strip() if isinstance(each, str | int) and not isinstance(each, bool) else each
            for each in value
        )
    return value


def words(what: str, example: str) -> dict[str, Any]:
    """Return the JSON Schema of one word or several."""
    word = {"type": "string", "minLength": 1, "examples": [example]}
    return {"description": what, "anyOf": [word, {"type": "array", "items": word}]}


def _powers(value: object) -> object:
    """Read ``250e6``, which YAML takes for a word."""
    if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?[eE]\+?\d{1,2}", value, re.ASCII):
        return float(value)
    return value


Word = Annotated[str, Field(min_length=1)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]
Share = Annotated[Number, Field(ge=0, le=1)]
Months = Annotated[Number, Field(ge=0, le=1200)]
Names = Annotated[tuple[Word, ...], BeforeValidator(listed)]
Amount = Annotated[Number, BeforeValidator(_powers), Field(le=1e15)]


class StatedEntry(Entry):
    """A number with the range over which it is tried, and where it is stated."""

    value: Amount
    """The number that is used."""
    low: Amount | None = None
    """Lower end of its range."""
    high: Amount | None = None
    """Upper end of its range."""
    source: str = "none"
    """Where it is stated; none is an assumption."""


def stated(value: object) -> object:
    """Let a stated number be bare."""
    bare = isinstance(value, int | float) and not isinstance(value, bool)
    return {"value": value} if bare or isinstance(_powers(value), float) else value


def _bare_or_full() -> dict[str, Any]:
    ends = {"type": "number"}
    full = {
        "type": "object",
        "properties": {"value": ends, "low": ends, "high": ends, "source": {"type": "string"}},
        "required": ["value"],
        "additionalProperties": False,
    }
    return {"anyOf": [ends, full]}


Stated = Annotated[StatedEntry, BeforeValidator(stated), WithJsonSchema(_bare_or_full())]
