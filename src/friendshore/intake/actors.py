"""Who acts and on whom: parties in a clause, and the document's own parties where it says "we" or nobody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from friendshore.intake.mentions import Mention
from friendshore.intake.sentences import Sentence

__all__ = ["Parties", "parties_of", "principals", "states"]

_US_PLACES = re.compile(
    r"\b(?:Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Idaho|Illinois|"
    r"Indiana|Iowa|Kansas|Kentucky|"
    r"Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|"
    r"Nevada|New Hampshire|New Jersey|"
    r"New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|"
    r"South Carolina|South Dakota|Tennessee|"
    r"Texas|Utah|Vermont|Virginia|Washington State|West Virginia|Wisconsin|Wyoming|Philly|Philadelphia|"
    r"Phoenix|Detroit|Houston)\b"
)
_ACTOR_PEOPLE = re.compile(
    r"\s*(?:President|Prime|Premier|Minister|[Gg]overnment|[Oo]fficials|[Aa]uthorities|Foreign|Defen[cs]e|"
    r"Navy|Air Force|Army|Ministry|"
    r"[Ll]eaders?|Vice|Secretary|Ambassador|counterparts?|Chancellor|[Dd]elegation|National Security|"
    r"side\b|Trade)"
)


@dataclass(frozen=True)
class Parties:
    """Parties of a clause in the order in which they stand."""

    before: tuple[str, ...]
    within: tuple[str, ...]
    """Named in the words of the pattern themselves: the India-US Initiative."""
    after: tuple[str, ...]
    subject: tuple[str, ...] = ()
    """Those before that stand behind no preposition: not "on the United States"."""

    @property
    def all(self) -> tuple[str, ...]:
        """Everybody, in order."""
        return tuple(dict.fromkeys((*self.before, *self.within, *self.after)))


_CAPITALS = frozenset(
    {"Tokyo", "Beijing", "Seoul", "London", "Berlin", "Ottawa", "Canberra", "New Delhi", "Hanoi", "Manila", "Moscow",
     "Kyiv", "Ankara",
     "Riyadh", "Abu Dhabi", "Tehran", "Caracas", "Taipei", "Pyongyang", "Tbilisi", "The Hague"}
)  # fmt: skip
_IN_CITY = re.compile(r"\b(?:in|at|to|from)\s+[A-Z][\w-]+(?:\s+[A-Z][\w-]+)*,\s+$")
_PLACED = re.compile(r"\b(?:in|to|at|from|near)\s+$|,\s*$")


def _acts(text: str, mention: Mention) -> bool:
    """Whether a mention can be somebody who acts; of a people only with an office beside it."""
    if mention.kind == "format":
        return False
    if text[mention.start : mention.end] in _CAPITALS and _PLACED.search(
        text[max(0, mention.start - 8) : mention.start]
    ):
        return False
    if mention.kind == "name" and _IN_CITY.search(text[max(0, mention.start - 60) : mention.start]):
        return False  # a place: in Pittsburgh, Pennsylvania; in Tokyo, Japan
    return mention.kind != "people" or bool(_ACTOR_PEOPLE.match(text[mention.end : mention.end + 24]))


def states(text: str, mentions: Sequence[Mention], start: int, end: int) -> tuple[str, ...]:
    """Codes of the parties that a stretch of text names and that can act."""
    inside = [m for m in mentions if start <= m.start and m.end <= end and _acts(text, m)]
    return tuple(dict.fromkeys(m.code for m in inside))


_LEAD = re.compile(
    r"[\s*•-]*(?:\*\*[^*]+\*\*:?)?\s*(?:Today, )?(?:on the heels of|[Ff]ollowing|[Bb]uilding on|[Aa]s part of|"
    r"[Ii]n addition to|"
    r"[Aa]fter|[Tt]ogether with|[Ii]n reaching)\b[^,]*,"
)
_BEHIND = re.compile(r"\b(?:on|from|against|to|with|in|for|toward)\s+(?:the\s+)?$")
_BREAK = re.compile(r"[;—]|,\s+(?:which|while|whereas|where|who)\b|,?[”\"]\s")


def parties_of(text: str, mentions: Sequence[Mention], sentence: Sentence, at: int, end: int) -> Parties:
    """Split the parties of a clause at the words of a pattern (offsets in the document)."""
    left = max((m.end() for m in _BREAK.finditer(text, sentence.start, at)), default=sentence.start)
    right = min((m.start() for m in _BREAK.finditer(text, end, sentence.end)), default=sentence.end)
    lead = _LEAD.match(text, left, at)
    if lead and states(text, mentions, lead.end(), at):
        left = lead.end()  # what an adverbial phrase at the head names does not act
    free = [m for m in mentions if not _BEHIND.search(text[max(0, m.start - 12) : m.start])]
    return Parties(
        states(text, mentions, left, at),
        states(text, mentions, at, end),
        states(text, mentions, end, right),
        states(text, free, left, at),
    )


def host_of(text: str, mentions: Sequence[Mention], sentence: Sentence) -> str:
    """Country in which a firm builds: one that is named with ``in``, an American state, else any other."""
    inside = [
        m
        for m in mentions
        if sentence.start <= m.start and m.end <= sentence.end and m.kind in {"name", "people"}
    ]
    for m in inside:
        if re.search(
            r"\b(?:in|across|throughout|build|modernizing|of)\s+(?:the\s+)?$",
            text[max(0, m.start - 24) : m.start],
        ):
            return m.code
    if _US_PLACES.search(sentence.text):
        return "USA"
    return inside[0].code if inside else ""


def principals(
    text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention], blocs: frozenset[str]
) -> tuple[str, ...]:
    """Find the parties whose document it is: those that act together in its first sentences.

    A readout, a joint statement and a communiqué name them at once; a notice of one government names it alone.
    """
    for sentence in sentences[:10]:
        named = states(text, mentions, sentence.start, sentence.end)
        bloc = [code for code in named if code in blocs]
        if bloc and re.search(
            r"\b(?:Quad|IPEF|G7|AUKUS|[Ll]eaders of the|[Mm]embers of|NATO)\b", sentence.text
        ):
            return (bloc[0],)
        joint = re.search(
            r"\b(?:met\b|spoke\b|hosted\b|welcomed\b|together|joint(?:ly)?\b|bilateral|between|agreed|"
            r"and the Government|held|decided|both|signed|"
            r"reached|visit|summit|working closely|announced by|intend|commit)",
            sentence.text,
        )
        pair = _side_by_side(text, mentions, sentence)
        if pair and not joint:
            return pair
        if len(named) >= 2 and joint:
            return _without_topics(text, sentence, mentions, named)
    return ()


def _side_by_side(text: str, mentions: Sequence[Mention], sentence: Sentence) -> tuple[str, ...]:
    """Return two parties joined by ``and`` at the head of a sentence: Mexico and Canada are taking measures."""
    inside = [m for m in mentions if sentence.start <= m.start < sentence.start + 60 and _acts(text, m)]
    for one, two in pairwise(inside):
        if re.fullmatch(r"\s+and\s+(?:the\s+)?", text[one.end : two.start]) and re.match(
            r"\s+(?:are|have|will|today)\b", text[two.end : two.end + 8]
        ):
            return (one.code, two.code)
    return ()


def _without_topics(
    text: str, sentence: Sentence, mentions: Sequence[Mention], named: tuple[str, ...]
) -> tuple[str, ...]:
    """Leave out those that are spoken about: after ``concern about``, ``against`` and the like."""
    spoken = re.search(
        r"\b(?:concern\w*|against|threat\w*|invasion|condemn\w*|counter|sanctions|regarding|imports from)\b",
        sentence.text,
    )
    if not spoken:
        return named
    early = states(text, mentions, sentence.start, sentence.start + spoken.start())
    return early or named
