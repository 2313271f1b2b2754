"""Which assumption matters most, and how wide the answer is: long work that the reader starts."""

from __future__ import annotations

from friendshore.charts.path import drawn
from friendshore.charts.tornado import tornado
from friendshore.records import Finding, Note
from friendshore.report.words import words_in
from friendshore.web.desk import Desk, NotYet
from friendshore.web.pages.disruption_parts import HEADS, same_in_all
from friendshore.web.pages.plain import plain
from friendshore.web.records import Asked, Given
from friendshore.web.sections import Section

__all__ = ["DRAWS", "SWEPT", "sweeps"]

SWEPT = ("tornado", "draws", "seed")
"""Fields of the question whose answer stands beside the months on this page."""
DRAWS = 1000
"""Draws that a link asks for."""
TITLES = {"tornado": "Which assumption matters most", "draws": "How wide is it"}
SAID = {
    "tornado": "Moves one assumption at a time from end to end of its range.",
    "draws": "Draws all assumptions from their ranges at once, a thousand times.",
}
SWEPT_HEADS = {
    **HEADS,
    "parameter": "Assumption",
    "low_shortage_t": "Missing at the lower end",
    "shortage_t": "Central run",
    "high_shortage_t": "Missing at the upper end",
    "swing_t": "Moves it by",
    "central": "Central value",
    "low": "Range",
    "shortage_share_p10": "A tenth of draws miss less than",
    "shortage_share_p50": "Half of draws miss less than",
    "shortage_share_p90": "Nine tenths miss less than",
}
SKIPPED = (
    "product_name", "low_shortage_share", "shortage_share", "high_shortage_share", "low_ranking_distance",
    "high_ranking_distance", "source",
)  # fmt: skip


def sweeps(desk: Desk, wanted: Given, asked: Asked) -> tuple[Section, ...]:
    """Lay out both: a link that starts it, a place that waits for it, or the answer."""
    told = dict(asked.query)
    wished = [value for name, value in asked.query if name == "also"]
    count, seed = number_of(told.get("draws", "")), number_of(told.get("seed", ""))
    asks: dict[str, dict[str, bool | int]] = {
        "tornado": {"tornado": True},
        "draws": {"draws": count or DRAWS, "seed": seed},
    }
    found = []
    for name, more in asks.items():
        wish = name in wished or (told.get(name, "").lower() not in ("", "0", "false", "no", "off"))
        try:
            answer = desk.answer(Given(wanted.question, {**wanted.arguments, **more}, wanted.data))
        except NotYet as waiting:
            title = Note(template=TITLES[name])
            found.append(Section(name, title, job=waiting.job) if wish else start(name, asked))
        else:
            found.append(matters(answer, asked.lang) if name == "tornado" else width_of(answer, asked.lang))
    return tuple(found)


def number_of(text: str) -> int:
    """Read a whole number that the question has checked where it is its own; else none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def start(name: str, asked: Asked) -> Section:
    """Offer to work it out."""
    from friendshore.web.writing import address

    pairs = [pair for pair in asked.query if pair != ("also", name)]
    return Section(
        name,
        Note(template=TITLES[name]),
        subtitle=Note(template=SAID[name]),
        template="disruption_start.html.j2",
        values={"link": address("/disruption", [*pairs, ("also", name)]) + f"#{name}"},
    )


def matters(finding: Finding, lang: str) -> Section:
    """Draw which assumption moves the answer most."""
    return Section(
        "tornado",
        finding.answer,
        subtitle=plain(tornado(finding, words_in(lang))[1]),
        draw=lambda words, width: tornado(finding, words, width=width)[0],
        alt=finding.answer,
        finding=finding,
        heads=SWEPT_HEADS,
        skip=(*SKIPPED, *same_in_all(finding, "product", "importer")),
        named=("importer",),
        notes=finding.caveats,
        most=30,
        opened=False,
    )


def width_of(finding: Finding, lang: str) -> Section:
    """Draw the band over all draws."""
    return Section(
        "draws",
        finding.answer,
        subtitle=plain(drawn(finding, words_in(lang))[1]),
        draw=lambda words, width: drawn(finding, words, width=width)[0],
        alt=finding.answer,
        finding=finding,
        heads=SWEPT_HEADS,
        skip=same_in_all(finding, "product", "importer"),
        named=("importer", "product"),
        notes=finding.caveats,
        opened=False,
    )
