"""Whether a sentence asserts what a pattern found: negation, doubt, calls on others and topics are no events."""

from __future__ import annotations

import re

__all__ = ["asserted", "perfect"]

_DOUBT = re.compile(
    r"\b(?:would|could|may|might|should|must|can|cannot|if|unless|whether|hope[sd]?|hoping|wish(?:es)?|"
    r"need(?:s|ed)? to|want(?:s|ed)? to|"
    r"aims? to|aimed at|seeks? to|sought to|(?:call|calls|called|calling) (?:on|for)|urg(?:e|es|ed|ing)|"
    r"consider\w*|explor\w+|"
    r"look(?:s|ed|ing)? forward|discuss\w*|stress\w*|underscor\w*|emphasi[sz]\w*|highlight\w*|"
    r"importance of|opportunit\w+ (?:to|for)|"
    r"potential\w*|possib\w+|in order to|efforts? to|work(?:ing)? to(?:wards?)?|ways to|plan(?:s|ned|"
    r"ning)? to|intend(?:s|ed)? to|"
    r"propos\w+|recommend\w*|thank\w*|laud\w*|applaud\w*|commend\w*|welcom(?:es|ed|ing) the|"
    r"authori[sz]es? \w+ to|had (?:they|he|she|it)|"
    r"expect(?:s|ed)? to|is set to|ready to|likely|threaten\w*|in the event|so that|avoid\w*|prevent\w*|"
    r"refrain\w*|"
    r"bipartisan|[Pp]redecessor|would-be|helps? (?:to )?|encourag\w+)\b"
)
_JAPANESE_DOUBT = re.compile(
    r"ない|なかった|ません|ず、|検討|可能性|すべき|べきだ|求め|要求|促し|期待|目指|見通し|かもしれ|恐れ|だろう|見込み|議論"
)
_SOFT = re.compile(r"\b(?:will|shall)\b")
_NOT = re.compile(
    r"\b(?:not|never|no longer|n[’']t|without|neither|nor|fail(?:s|ed)? to|refus\w+ to|rather than|"
    r"instead of|no)\b|n[’']t\b"
)
_PERFECT = re.compile(r"\b(?:has|have|had)(?: \w+ly)?(?: \w+)?$")


def _clause(before: str) -> str:
    """Return the part of a sentence before a verb that speaks about it: back to the last break."""
    parts = re.split(r"[;:—]|,? ?[”\"]|, (?:and|but|while|which|as|where)\b|\. |\n", before)
    return parts[-1][-110:]


def asserted(sentence: str, at: int, end: int, *, future: bool) -> bool:
    """Whether what stands at a place is said to have happened, or (``future``) is promised.

    Parameters
    ----------
    sentence
        With white space collapsed.
    at, end
        Where the words of the pattern stand.
    future
        Whether ``will`` before them is as good as done.
    """
    if not sentence.isascii() and _JAPANESE_DOUBT.search(sentence, at):
        return False
    before = _clause(sentence[:at])
    words = sentence[at:end]
    near = before[-60:]
    if _NOT.search(near[-30:]) or _NOT.search(words[:14]):
        return False
    if _DOUBT.search(near) or (not future and _DOUBT.match(words)):
        return False
    if re.search(r"\bto (?:\w+ly )?$", before) and not re.search(
        r"\b(?:agree[ds]?|pledge[ds]?|commit(?:s|ted)?|decide[ds]?|require[ds]?|order(?:ed)?|"
        r"proclamations?|began) to (?:\w+ly )?$",
        before,
    ):
        return False
    return future or not _SOFT.search(near)


def perfect(sentence: str, at: int) -> bool:
    """Whether has or have stands before the words: done at a time that is not told."""
    return bool(_PERFECT.search(sentence[:at].rstrip()[-24:].strip()))
