"""What a document says, as records: events with the sentence that proves each, and the noise that was removed."""

from __future__ import annotations

from typing import Literal, TypeAlias

from friendshore.records import Record

__all__ = ["STATUSES", "TYPES", "Event", "Noise", "Reading"]

Type: TypeAlias = Literal[
    "summit", "dialogue", "agreement", "membership", "tariff", "import_restriction", "export_control", "sanction",
    "subsidy", "investment", "stockpile", "standard", "military_cooperation", "dispute",
]  # fmt: skip
Status: TypeAlias = Literal["decided", "announced", "in_force", "proposed", "ended", "reported_concern"]

TYPES: tuple[str, ...] = Type.__args__  # type: ignore[attr-defined]  # the names of a Literal
STATUSES: tuple[str, ...] = Status.__args__  # type: ignore[attr-defined]  # the names of a Literal


class Event(Record):
    """A distinct act of a state or bloc that a text asserts."""

    type: Type
    status: Status
    date: str | None
    """Of the act: year, year and month, or day; None where the text does not say."""
    actors: tuple[str, ...]
    """ISO3 codes, blocs or formats that act."""
    targets: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    """Labels of ``data/goods.yaml``, or ``general``."""
    amount_usd: float | None = None
    """Stated sum of the act in dollars; None where none is stated, or no rate was given for its currency."""
    amount: float | None = None
    """The sum in its own currency."""
    currency: str | None = None
    quote: str
    """Exactly ``text[start:end]`` of the document."""
    start: int
    end: int
    confidence: float
    """0 to 1: how often the rule was right on the development documents, less for what was only inferred."""
    rule: str
    """Which rule of ``data/triggers.yaml`` fired."""


class Noise(Record):
    """A block that is no part of the text: a caption, an advertisement, a link to another article."""

    start: int
    end: int
    text: str
    reason: str


class Reading(Record):
    """What was read of a document."""

    date: str | None
    """Of the document."""
    outlet: str | None = None
    title: str | None = None
    language: str
    participants: tuple[str, ...]
    events: tuple[Event, ...]
    noise: tuple[Noise, ...] = ()
