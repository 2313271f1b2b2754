"""Sentences of a text with their places in it. Hard-wrapped lines, lists and headings are understood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Sentence", "flat", "sentences_of"]

_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Jr|Sr|St|No|Gov|Sen|Rep|Gen|Lt|Col|Adm|Amb|Prof|Inc|Corp|Ltd|Co|vs|etc|Jan|Feb|"
    r"Mar|Apr"
    r"|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|approx|est|Art|Sec)|\b[A-Z]|\b[ap]\.m|e\.g|i\.e|\b[A-Z](?:\.[A-Z])+)\.$"
)
_END = re.compile(r"[.!?][\"”’')\]*]*(?=\s)|[。！？]+[」』）]*")
_BREAK = re.compile(r"\n[ \t]*\n+|\n(?=[ \t]*(?:[-*•‣▪·–]|\d{1,2}[.)])[ \t\u00a0])|\n(?=[ \t]*#{1,6} )")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a document."""

    start: int
    end: int
    text: str
    """As it stands in the document."""
    paragraph: int


def flat(text: str) -> str:
    """Collapse white space, so that a hard-wrapped line reads as one."""
    return " ".join(text.split())


def sentences_of(text: str) -> list[Sentence]:
    """Split a text; every sentence is ``text[start:end]``, without white space around it.

    A paragraph ends at an empty line, before a list item and before a heading.
    """
    found: list[Sentence] = []
    edges = [0, *[m.end() for m in _BREAK.finditer(text)], len(text)]
    for number, (left, right) in enumerate(pairwise(edges)):
        start = left
        for end in [*_ends(text, left, right), right]:
            piece = text[start:end]
            stripped = piece.strip()
            if stripped:
                at = start + len(piece) - len(piece.lstrip())
                found.append(Sentence(at, at + len(stripped), stripped, number))
            start = end
    return found


def _ends(text: str, left: int, right: int) -> list[int]:
    ends = []
    for match in _END.finditer(text, left, right):
        dot = match.start() + 1
        if text[match.start()] == "." and _ABBREVIATION.search(text, max(left, dot - 12), dot):
            continue
        after = text[match.end() : min(right, match.end() + 12)].lstrip()
        if text[match.start()] in ".!?" and after and after[0].islower():
            continue
        ends.append(match.end())
    return ends
