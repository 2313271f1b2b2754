"""The three numbers of a page: large for all together, small for each, with their range and how they moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from friendshore.charts.wording import Words
from friendshore.records import KeyNumber, KeyValue, Note
from friendshore.report.words import number, scale_of, significant, span

__all__ = ["OPEN", "card", "label", "line", "since"]


def card(key: KeyNumber, anchor: str, year_before: int | None, words: Words) -> Mapping[str, Any]:
    """One of the three numbers; ``anchor`` is the part of the page that it comes from."""
    lines = [line(value, key.unit, words) for value in key.values]
    before, _, after = label(key, OPEN, words).partition(OPEN)
    return {
        "before": before,
        "after": after,
        "note": words.tell(key.note),
        "large": lines[-1],
        "each": lines[:-1],
        "anchor": anchor,
        "range_head": words.say("range") if any(told["range"] for told in lines) else "",
        "change_head": since(year_before, words) if any(told["change"] for told in lines) else "",
    }


OPEN = "\x1f"
"""Stands for the number in its sentence until the page sets it in large type."""


def label(key: KeyNumber, value: str, words: Words) -> str:
    """Write the sentence of a number."""
    filled = Note(template=key.label.template, values={**key.label.values, "total": str(key.values[-1].of)})
    told = {name: words.value(part) for name, part in filled.values.items()}
    return words.say(filled.template, value=value, **told)


def since(year_before: int | None, words: Words) -> str:
    """Head the column of changes."""
    return words.say("since {year}", year=str(year_before)) if year_before else words.say("change")


def line(value: KeyValue, unit: str, words: Words) -> Mapping[str, str]:
    """Finish a number with its range and how it moved."""
    bounds = span(value.low, value.high, "" if unit == "count" else unit, words.lang)
    shown = number(value.value, "" if unit == "count" else unit, words.lang)
    if value.value is None:
        shown, bounds = bounds, ""
    elif value.low is None or value.low == value.high == value.value:
        bounds = ""
    elif unit == "USD":
        bounds = money_span(value, words)
    return {
        "name": words.say("jointly") if "+" in value.importer else words.name(value.importer),
        "value": shown,
        "of": words.say("of {total}", total=str(value.of)) if value.of is not None else "",
        "range": bounds.removesuffix(" %") if value.value is not None else bounds,
        "change": change(value, unit, words),
    }


def money_span(value: KeyValue, words: Words) -> str:
    """Write a range of dollars in the size of the number it belongs to."""
    size, _ = scale_of([float(f"{value.value:.2e}")], "USD", words.lang)
    to = "～" if words.lang == "ja" else " to "
    return to.join(significant(end / size) for end in (value.low, value.high) if end is not None)


def change(value: KeyValue, unit: str, words: Words) -> str:
    """Say how far it moved; a range moved by as much at least and at most."""
    if value.before is None:
        return ""
    if value.value is not None:
        return moved(value.value, value.before, unit)
    if value.low is None or value.high is None:
        return ""
    highest = value.before if value.before_high is None else value.before_high
    ends = (moved(value.low, highest, unit), moved(value.high, value.before, unit))
    return ("～" if words.lang == "ja" else " to ").join(dict.fromkeys(ends))


def moved(now: float, before: float, unit: str) -> str:
    """Write a difference with its sign."""
    difference = now - before
    if unit == "USD":
        told = f"{difference / before * 100:+.0f} %" if before else ""
    elif unit == "share":
        told = f"{difference * 100:+.1f}" if abs(difference) < 0.0995 else f"{difference * 100:+.0f}"
    else:
        told = f"{difference:+d}" if difference else "0"
    return told.replace("-", "\N{MINUS SIGN}")
