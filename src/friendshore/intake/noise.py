"""Blocks of a page that are no part of its text: captions, advertisements, links to other articles, source tags."""

from __future__ import annotations

import re
from dataclasses import dataclass

from friendshore.intake.records import Noise

__all__ = ["noise_of", "without"]

_BLOCK = re.compile(r"\S(?:.|\n(?![ \t]*\n))*")
_CREDIT = re.compile(
    r"^\(?(?:Photo|Image|Picture|Foto|Photograph|Credit|Illustration|Graphic|写真|画像|提供)\s?(?:by|credit)?\s?[:：/]"
    r"|^\(?(?:Getty Images|Reuters/|AFP/|AP Photo|imago images|dpa/|Kyodo/)|^[©＠(]?(?:Getty|AFP|Reuters|"
    r"imago|共同)\b.{0,40}$",
    re.IGNORECASE,
)
_ADVERT = re.compile(
    r"\b(?:top jobs|best jobs|job (?:offers|market|alerts?)|notified by e-?mail|newsletter|subscribe|"
    r"sign up|sign in|log ?in|advertisement|sponsored|"
    r"cookies?|accept all|download (?:the|our) app|follow us|share (?:this|on|via)|create an account|"
    r"free trial|click here|"
    r"e-?mail (?:address|alerts?)|terms of use|privacy policy|all rights reserved|unlimited access|"
    r"already a subscriber)\b"
    r"|広告|購読|会員登録|ログイン|メールマガジン|無断転載|続きを読む|アプリをダウンロード|シェアする",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"^(?:more|read (?:more|also|next)|see also|also (?:read|interesting|on)|related(?: articles?|"
    r" stories)?|more on this(?: topic)?|further reading|"
    r"don[’']t miss|recommended|most (?:read|popular)|trending|watch|listen"
    r"|関連記事|あわせて読みたい|こちらも)\s*[:：–—-]",
    re.IGNORECASE,
)
_LINK_HEAD = re.compile(
    r"^(?:related (?:articles|stories|content)|most (?:read|popular)|trending(?: now)?|関連記事|人気記事|おすすめ)\s*$",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"^(?:\.\s*\n?)?\s*(?:source(?: site)?\s*[-:]?\s*\w*[-\w]*|via .{2,40}|tags?: .*|topics?: .*|©.*|"
    r"\\?#{3,}|-?30-|\.)\s*$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?。][\"”’')]?$")
MOST_WORDS = 40


@dataclass(frozen=True)
class _Piece:
    start: int
    end: int
    text: str

    @property
    def words(self) -> int:
        return len(self.text.split()) if self.text.isascii() or " " in self.text else len(self.text) // 3


def noise_of(text: str) -> tuple[Noise, ...]:
    """Find the blocks that are noise, by a published list of rules; the first block is the title and stays.

    Parameters
    ----------
    text
        The document; a block ends at an empty line.
    """
    pieces = [_Piece(m.start(), m.end(), m.group().strip()) for m in _BLOCK.finditer(text)]
    reasons: dict[int, str] = {}
    for n, piece in enumerate(pieces):
        reason = _reason(piece)
        if not reason:
            continue
        reasons[n] = reason
        if reason == "photo credit":
            for before in _caption(pieces, n, reasons):
                reasons[before] = "caption"
    for n, piece in enumerate(pieces):
        # a headless run of short lines after "Related articles", and the head of an advertisement before it
        if (
            n not in reasons
            and n + 1 in reasons
            and reasons[n + 1] == "advertisement"
            and _heading(piece)
            and n > 0
        ):
            reasons[n] = "advertisement"
        if (
            n not in reasons
            and reasons.get(n - 1) == "link to other articles"
            and _LINK_HEAD.match(pieces[n - 1].text)
            and _heading(piece)
        ):
            reasons[n] = "link to other articles"
    return _merged(text, pieces, reasons)


def _reason(piece: _Piece) -> str:
    if piece.words > MOST_WORDS:
        return ""
    if _CREDIT.search(piece.text):
        return "photo credit"
    if _LINK.match(piece.text) or _LINK_HEAD.match(piece.text):
        return "link to other articles"
    if _TAG.match(piece.text):
        return "source tag"
    return "advertisement" if _ADVERT.search(piece.text) else ""


def _heading(piece: _Piece) -> bool:
    return piece.words <= 8 and not _SENTENCE.search(piece.text)


def _caption(pieces: list[_Piece], credit: int, reasons: dict[int, str]) -> list[int]:
    """Return the blocks above a photo credit that caption it: at most two short ones, never the title."""
    found: list[int] = []
    for n in range(credit - 1, max(0, credit - 3), -1):
        if n in reasons or pieces[n].words > 24 or (found and not _heading(pieces[n])):
            break
        found.append(n)
    return found


def _merged(text: str, pieces: list[_Piece], reasons: dict[int, str]) -> tuple[Noise, ...]:
    """Join neighbouring blocks of one kind; a caption goes with its credit."""
    found: list[Noise] = []
    last = -2
    for n in sorted(reasons):
        start, end = pieces[n].start, pieces[n].start + len(text[pieces[n].start : pieces[n].end].rstrip())
        kind = reasons[n]
        goes_on = (
            n == last + 1
            and found
            and (found[-1].reason == kind or (found[-1].reason == "caption" and kind == "photo credit"))
        )
        if goes_on:
            kind = "caption" if kind == "photo credit" else kind
            start = found.pop().start
        found.append(Noise(start=start, end=end, text=text[start:end], reason=kind))
        last = n
    return tuple(found)


def without(text: str, noise: tuple[Noise, ...]) -> str:
    """Blank the noise out, so that every place in the rest stays what it was."""
    out = text
    for block in noise:
        gap = "".join(char if char == "\n" else " " for char in text[block.start : block.end])
        out = out[: block.start] + gap + out[block.end :]
    return out
