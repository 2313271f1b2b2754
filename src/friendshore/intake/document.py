"""A text with what the tables know in it: sentences, mentions, whose document it is and of what day."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from friendshore.intake.actors import principals, states
from friendshore.intake.dates import dates_in
from friendshore.intake.mentions import Mention, mentions_of
from friendshore.intake.records import Event
from friendshore.intake.sentences import Sentence, sentences_of

__all__ = ["BLOCS", "FORMATS", "Document", "document_of", "participants_of"]

FORMATS = frozenset({"TWO_PLUS_TWO", "ECONOMIC_TWO_PLUS_TWO"})
BLOCS = frozenset(
    {"QUAD", "AUKUS", "IPEF", "EU", "G7", "G20", "NATO", "ASEAN", "OECD", "CPTPP", "BRICS", "MSP"}
)
_SUPPORT = re.compile(r"\b(?:expressed support|joined by|together with|alongside|endorsed by)\b")


@dataclass(frozen=True)
class Document:
    """A text with what the tables know in it."""

    text: str
    on: date | None
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    own: tuple[str, ...]
    """The parties whose document it is; empty where it says so nowhere."""
    issuer: str
    """The one government that speaks, or empty."""
    day: str | None
    """Date of the document's own news: that of its headline act."""
    rates: Mapping[str, float] = field(default_factory=dict)


def document_of(text: str, on: date | None = None, rates: Mapping[str, float] | None = None) -> Document:
    """Look a text up in the tables."""
    sentences, mentions = tuple(sentences_of(text)), tuple(mentions_of(text))
    own = principals(text, sentences, mentions, BLOCS)
    counted = [
        m.code for m in mentions if m.kind in {"name", "leader", "office", "people"} and m.code not in BLOCS
    ]
    issuer = ""
    if any(m.code == "USA" and m.kind in {"leader", "office"} for m in mentions):
        issuer = "USA"
    elif counted:
        issuer = max(dict.fromkeys(counted), key=counted.count)
    day = on.isoformat() if on else None
    for sentence in sentences[:2]:
        dated = [d for d in dates_in(sentence.text, on) if not d.since]
        near = [
            d
            for d in dated
            if d.word in {"Yesterday", "yesterday"} or d.word.casefold().endswith(("this week", "day"))
        ]
        if near:
            day = near[0].value
            break
    return Document(
        text, on, sentences, mentions, own or ((issuer,) if issuer else ()), issuer, day, rates or {}
    )


def participants_of(document: Document, events: Sequence[Event]) -> tuple[str, ...]:
    """States and blocs that act, meet or are named as parties; those only spoken about are left out."""
    found: dict[str, None] = {}
    if document.issuer and any(
        m.code == document.issuer and m.kind in {"leader", "office"} for m in document.mentions
    ):
        found[document.issuer] = None
    for code in document.own:
        found[code] = None
    starts = [mention.start for mention in document.mentions]
    for sentence in document.sentences:
        if _SUPPORT.search(sentence.text):
            near = document.mentions[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
            found |= dict.fromkeys(states(document.text, near, sentence.start, sentence.end))
    for event in events:
        if event.type == "dispute":
            continue
        for code in (*event.actors, *(t for t in event.targets if t in FORMATS)):
            found[code] = None
        if event.status == "proposed":
            found |= dict.fromkeys(event.targets)
    return tuple(found)
