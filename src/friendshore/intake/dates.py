"""Dates as a text states them, absolute or relative to its own date."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

__all__ = ["Dated", "dates_in", "parse_day", "published"]

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_SHORT = {name[:3]: n + 1 for n, name in enumerate(_MONTHS)} | {"Sept": 9}
_MONTH = "(?:" + "|".join([*_MONTHS, *(f"{short}\\.?" for short in _SHORT)]) + ")"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s?(?:-|–|—|and|to)\s?\d{1,2}(?:st|nd|rd|th)?)?"

_ABSOLUTE = [
    re.compile(rf"\b(?P<month>{_MONTH})\s+{_DAY}(?:,?\s+(?P<year>(?:19|20)\d\d))?(?![\d%])"),
    re.compile(rf"\b(?:the\s+)?{_DAY}\s+(?:of\s+)?(?P<month>{_MONTH})(?:,?\s+(?P<year>(?:19|20)\d\d))?\b"),
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)\b"),
    re.compile(r"(?P<year>(?:19|20)\d\d)年(?:(?P<number>\d{1,2})月(?:(?P<day>\d{1,2})日)?)?"),
    re.compile(rf"\b(?:mid-|early\s+|late\s+)?(?P<month>{_MONTH}),?\s+(?:of\s+)?(?P<year>(?:19|20)\d\d)\b"),
    re.compile(
        rf"\b(?:in|since|last|this|next|by|until|from|mid-|early|late|of)\s?(?P<month>{_MONTH})\b(?!\s+\d)"
    ),
    re.compile(
        r"\b(?:in|since|during|by|from|until|for|starting in|as of|of|the)\s+(?:early\s+|late\s+|"
        r"mid-)?(?P<year>(?:19|20)\d\d)\b"
    ),
]
_RELATIVE = re.compile(
    r"\b(?P<day>[Tt]oday|[Yy]esterday|[Tt]onight|[Tt]omorrow|[Tt]his (?:morning|afternoon|evening))\b"
    r"|\b(?P<last>[Ll]ast|[Tt]his|[Nn]ext|[Ee]arlier this|[Ll]ater this)\s+(?P<unit>week|weekend|month|"
    r"year|spring|summer|fall|autumn|winter)\b"
    rf"|\b(?:(?P<which>[Ll]ast|[Nn]ext|[Tt]his|on|On)\s+)?(?P<weekday>{'|'.join(_DAYS)})\b"
    r"|(?P<ja>本日|今日|昨日|今月|先月|今年|昨年|来年|今週)"
)


@dataclass(frozen=True)
class Dated:
    """A stated date: ISO, as exact as the text is (year, month or day)."""

    start: int
    end: int
    value: str
    since: bool = False
    """True for ``since``, ``by`` and ``until``: a bound rather than the day of an act."""
    word: str = ""


def _month_of(word: str) -> int:
    return _SHORT[word[:3]]


def dates_in(text: str, on: date | None) -> Iterator[Dated]:
    """Yield the dates of a text in no order of exactness, overlaps removed.

    Parameters
    ----------
    text
        A sentence.
    on
        Date of the document; without it, relative dates and months without a year stay unresolved.
    """
    taken = bytearray(len(text))
    for pattern in _ABSOLUTE:
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            value = _absolute(match.groupdict(), on)
            if value:
                _take(taken, match)
                word = match.group().split()[0].casefold()
                yield Dated(*match.span(), value, word in {"since", "by", "until", "from"}, match.group())
            elif match.groupdict().get("day") and match.groupdict().get("year"):
                _take(taken, match)  # a day that cannot exist leaves no month behind either
    for match in _RELATIVE.finditer(text):
        if on is None or any(taken[match.start() : match.end()]):
            continue
        value = _relative(match, on)
        if value:
            yield Dated(*match.span(), value, False, match.group())


def _take(taken: bytearray, match: re.Match[str]) -> None:
    """Mark the signs of a date, so that no other is read from them."""
    taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())


def _absolute(parts: dict[str, str | None], on: date | None) -> str:
    name = parts.get("month")
    month = _month_of(name) if name else int(parts.get("number") or 0)
    year = int(parts.get("year") or 0)
    day = int(parts.get("day") or 0)
    if not year:
        if on is None:
            return ""
        year = _nearest_year(month, on)
    if month > 12 or (month and day > monthrange(year, month)[1]):
        return ""  # a date that cannot exist is no date
    if not month:
        return f"{year}"
    return f"{year}-{month:02}-{day:02}" if day else f"{year}-{month:02}"


def _nearest_year(month: int, on: date) -> int:
    """Take the year in which a month without one lies closest to the document."""
    return min((on.year - 1, on.year, on.year + 1), key=lambda y: abs((y - on.year) * 12 + month - on.month))


def _relative(match: re.Match[str], on: date) -> str:
    word = match.group().casefold()
    if match["day"]:
        shift = {"yesterday": -1, "tomorrow": 1}.get(word, 0)
        return (on + timedelta(shift)).isoformat()
    if match["weekday"]:
        gap = (on.weekday() - _DAYS.index(match["weekday"])) % 7
        ahead = (match["which"] or "").casefold() == "next"
        return (on + timedelta(7 - gap if ahead else -gap)).isoformat()
    if match["ja"]:
        return _japanese(match["ja"], on)
    unit, which = match["unit"], match["last"].casefold()
    step = {"last": -1, "next": 1}.get(which, 0)
    if unit in {"week", "weekend"}:
        return (on + timedelta(7 * step)).strftime("%Y-%m")
    if unit == "month":
        month = on.year * 12 + on.month - 1 + step
        return f"{month // 12}-{month % 12 + 1:02}"
    return str(on.year + step)


def _japanese(word: str, on: date) -> str:
    if word in {"本日", "今日", "昨日"}:
        return (on - timedelta(word == "昨日")).isoformat()
    if word in {"今月", "今週"}:
        return on.strftime("%Y-%m")
    if word == "先月":
        return (on.replace(day=1) - timedelta(1)).strftime("%Y-%m")
    return str(on.year + {"昨年": -1, "来年": 1}.get(word, 0))


def parse_day(text: str) -> date | None:
    """Read an ISO day, or None."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


_STATED = re.compile(r"(?:Published|Updated|Date|Released|発表日|公開日|更新日)\s*:?\s*(?P<rest>.{6,40})")


def published(head: str) -> date | None:
    """Find the publication date that the head of a page states as such, or None."""
    match = _STATED.search(head)
    for dated in dates_in(match["rest"], None) if match else ():
        if len(dated.value) == 10:
            return parse_day(dated.value)
    line = next((line.strip() for line in head.splitlines() if line.strip()), "")
    for candidate in head.splitlines()[:12]:
        stripped = candidate.strip()
        for dated in dates_in(stripped, None):
            # a line that is nothing but a date
            if (
                len(dated.value) == 10
                and len(stripped) - (dated.end - dated.start) <= 12
                and stripped != line[:0]
            ):
                return parse_day(dated.value)
    return None
