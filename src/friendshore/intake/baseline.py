"""The plain keyword reader that any other has to beat: a word of the type and the countries beside it."""

from __future__ import annotations

import re
from datetime import date

from friendshore.intake.actors import states
from friendshore.intake.amounts import amounts_in
from friendshore.intake.dates import dates_in
from friendshore.intake.goods import goods_in
from friendshore.intake.mentions import mentions_of
from friendshore.intake.records import Event
from friendshore.intake.sentences import sentences_of

__all__ = ["KEYWORDS", "keyword_events"]

KEYWORDS = {
    "summit": r"summit|met with|state visit",
    "dialogue": r"dialogue|talks|working group|task ?force",
    "agreement": r"agreement|treaty|memorandum|framework|deal\b",
    "membership": r"\bjoin(?:ed|s)?\b|accession",
    "tariff": r"tariffs?|dut(?:y|ies)\b",
    "import_restriction": r"import ban|section 232|quota",
    "export_control": r"export controls?|export restrictions?|entity list",
    "sanction": r"sanction",
    "subsidy": r"subsid|grants?\b|award",
    "investment": r"invest",
    "stockpile": r"stockpil|reserve",
    "standard": r"standards?\b",
    "military_cooperation": r"military|defen[cs]e",
    "dispute": r"concern|condemn|threat",
}
_PATTERNS = {kind: re.compile(words, re.IGNORECASE) for kind, words in KEYWORDS.items()}


def keyword_events(text: str, on: date | None) -> tuple[Event, ...]:
    """Read an event wherever a sentence holds a keyword; an :data:`~friendshore.intake.reading.Extractor`."""
    mentions = mentions_of(text)
    found = []
    for sentence in sentences_of(text):
        for kind, pattern in _PATTERNS.items():
            if not pattern.search(sentence.text):
                continue
            sums = amounts_in(sentence.text)
            days = [dated.value for dated in dates_in(sentence.text, on)]
            day = days[0] if days else on.isoformat() if on else None
            found.append(
                Event.model_validate(
                    {
                        "type": kind, "status": "reported_concern" if kind == "dispute" else "decided", "date": day,
                        "actors": states(text, mentions, sentence.start, sentence.end), "quote": sentence.text,
                        "products": goods_in(sentence.text), "amount_usd": sums[0].in_usd({}) if sums else None,
                        "start": sentence.start, "end": sentence.end, "confidence": 0.2, "rule": "keyword",
                    }
                )
            )  # fmt: skip
    return tuple(found)
