"""What was agreed or decided when: a line a measure, pact or format, from its first day to its last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from friendshore.charts import look
from friendshore.charts.marks import dots, layered, lines, words_at
from friendshore.charts.picture import Drawing
from friendshore.charts.wording import Words, visible
from friendshore.records import Finding

__all__ = ["timeline"]

WIDTH = 760
ROW, BELOW, LEGEND = 20, 26, 26
"""Height of a line, of the years below, and of the key above."""
MOST = 60
WIDEST = 330
"""Room for names."""
KINDS: Mapping[str, str] = {
    "format": look.MEMBER,
    "pact": look.PARTNER,
    "support": look.DOMESTIC,
    "control": look.CONCERN,
    "other": look.OTHERS,
}
"""Colour by kind; controls, sanctions and bans share the colour of a supplier that stops."""
NAMES: Mapping[str, str] = {
    "format": "format",
    "pact": "pact",
    "support": "state support",
    "control": "control, sanction or ban",
    "other": "other",
}
DAYS = 365.25

Row = Mapping[str, Any]


def timeline(finding: Finding, words: Words) -> tuple[Drawing, str]:
    """Draw the dated rows of a register: ``since until kind name_en name_ja owner``, newest at the bottom."""
    rows = [row for row in finding.rows if row["since"]][-MOST:]
    names = [cut(visible(row["name_ja" if words.lang == "ja" else "name_en"])) for row in rows]
    left = min(look.widest(names) + 14, WIDEST + 14) if names else 0.0
    first, last = span(rows, finding.arguments.get("on"))
    room = WIDTH - left - 24

    def place(day: date) -> float:
        return left + (day - first).days / max((last - first).days, 1) * room

    height = LEGEND + ROW * len(rows) + BELOW
    texts = [{"x": left - 10, "y": middle(n), "text": name, "align": "right"} for n, name in enumerate(names)]
    layers = [*years(first, last, place, height, texts), *courses(rows, last, place, words)]
    layers += key(sorted({kind(row) for row in rows}, key=list(KINDS).index), words, left)
    measure = words.say(
        "From the first day on record (dot) to the last one; a line that ends in an arrow has no end on record; "
        "records of your own are hollow"
    )
    return Drawing(layered(*layers, words_at(texts), width=WIDTH, height=height)), measure


def kind(row: Row) -> str:
    """Return the kind by which a row is coloured; those of your own are types of events."""
    return row["kind"] if row["kind"] in KINDS else COLOURED.get(row["kind"], "other")


COLOURED: Mapping[str, str] = {
    **dict.fromkeys(
        ("agreement", "dialogue", "membership", "military_cooperation", "standard", "summit"), "pact"
    ),
    **dict.fromkeys(("subsidy", "investment", "stockpile"), "support"),
    **dict.fromkeys(("export_control", "sanction", "import_restriction", "tariff"), "control"),
}


def middle(place: int) -> float:
    """Height of a row's line."""
    return LEGEND + ROW * (place + 0.5)


def cut(name: str) -> str:
    """Shorten a name that has no room."""
    if look.text_width(name) <= WIDEST:
        return name
    while name and look.text_width(name + "…") > WIDEST:
        name = name[:-1]
    return name.rstrip() + "…"


def span(rows: Sequence[Row], on: str | None) -> tuple[date, date]:
    """Return the first and last day shown: whole years."""
    days = [date.fromisoformat(row[name]) for row in rows for name in ("since", "until") if row[name]]
    days += [date.fromisoformat(on)] if on else []
    if not days:
        return date(2000, 1, 1), date(2001, 1, 1)
    return date(min(days).year, 1, 1), date(min(max(days).year + 2, date.max.year), 1, 1)


def years(first: date, last: date, place: Any, height: float, texts: list[dict[str, Any]]) -> list[Any]:  # noqa: ANN401  a function of a day
    """Rule whole years, few enough to be read."""
    count = last.year - first.year
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if count / step <= 9)
    marks = [date(year, 1, 1) for year in range(first.year, last.year + 1) if year % step == 0]
    texts += [
        {
            "x": place(day),
            "y": height - BELOW + 14,
            "text": str(day.year),
            "align": "center",
            "colour": look.QUIET,
        }
        for day in marks
    ]
    ruled = [{"x": place(day), "x2": place(day), "y": LEGEND, "y2": height - BELOW} for day in marks]
    return [lines(ruled, colour=look.GRID)]


def courses(rows: Sequence[Row], last: date, place: Any, words: Words) -> list[Any]:  # noqa: ANN401  a function of a day
    """Draw each row: a dot at its first day, a line to its last, an arrow where none is on record."""
    layers = []
    for n, row in enumerate(rows):
        colour, y = KINDS[kind(row)], middle(n)
        start = place(date.fromisoformat(row["since"]))
        end = place(date.fromisoformat(row["until"])) if row["until"] else place(last)
        layers.append(lines([{"x": start, "x2": end, "y": y, "y2": y}], colour=colour, thick=2.4))
        if not row["until"]:
            tips = [{"x": end - 5, "x2": end, "y": y + side, "y2": y} for side in (-4, 4)]
            layers.append(lines(tips, colour=colour, thick=1.6))
        fill = look.GROUND if row["owner"] == "user" else colour
        spoken = f"{visible(row['name_ja' if words.lang == 'ja' else 'name_en'])}, {row['since']}"
        layers.append(dots([{"x": start, "y": y, "fill": fill, "edge": colour, "spoken": spoken}], radius=4))
    return layers


def key(kinds: Sequence[str], words: Words, left: float) -> list[Any]:
    """Name the colours."""
    x, layers, texts = left, [], []
    for name in kinds:
        told = words.say(NAMES[name])
        layers.append(
            dots([{"x": x + 4, "y": 8, "fill": KINDS[name], "edge": KINDS[name], "spoken": told}], radius=4)
        )
        texts.append({"x": x + 13, "y": 8, "text": told})
        x += look.text_width(told) + 34
    return [*layers, words_at(texts)]
