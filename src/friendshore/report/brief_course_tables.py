"""The tables under the pictures of how long the importers last, of the path, of who replaces and what matters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from friendshore.charts.endurance import months_told
from friendshore.charts.tornado import label_of, range_of
from friendshore.charts.wording import Words
from friendshore.records import Brief, Panel
from friendshore.report.brief_tables import (
    Cell,
    Head,
    Table,
    band,
    count,
    dollars,
    label,
    share,
    text,
    tons,
)
from friendshore.report.words import significant

__all__ = ["COURSE_TABLES"]

Row = Mapping[str, Any]


def _endurance(panel: Panel, brief: Brief, words: Words) -> Table:
    by: dict[tuple[str, str], dict[str, Row]] = {}
    for row in panel.finding.rows:
        by.setdefault((row["material"] or row["product"], row["importer"]), {})[row["cut"]] = row
    pairs = [(cuts.get("aimed") or cuts["world"], cuts.get("world")) for cuts in by.values()]
    unit, bill = dollars([aimed["import_bill_rise_usd"] for aimed, _ in pairs], words)
    heads = [
        Head(words.say("Material") if pairs[0][0]["material"] else words.say("Product")),
        Head(words.say("Importer")),
        Head(words.say("From there"), "%", number=True),
        Head(words.say("10 % missing"), words.say("months"), number=True),
        Head(words.say("the same, world cut"), words.say("months"), number=True),
        Head(words.say("Missing, 3 months"), "t", number=True),
        Head(words.say("12 months"), "t", number=True),
        Head(words.say("12 months, world cut"), "t", number=True),
        Head(words.say("Other suppliers of the same grade"), number=True),
        Head(words.say("They export a year"), "t", number=True),
        Head(words.say("Import bill"), unit, number=True),
        Head(words.say("Comparable events"), number=True),
        Head(words.say("Stages not measurable")),
    ]
    rows = [_endurance_row(aimed, world, bill[n], words) for n, (aimed, world) in enumerate(pairs)]
    lead = brief.importers[-1]
    own = frozenset(n for n, (aimed, _) in enumerate(pairs) if aimed["importer"] == lead)
    others = frozenset(range(len(rows))) - own
    return Table(heads, rows, own if others else frozenset(), lesser=others)


def _endurance_row(aimed: Row, world: Row | None, bill: Cell, words: Words) -> list[Cell]:
    goods = words.listed([words.product(code) for code in aimed["product"].split("+")])
    if aimed["material"]:
        goods = f"{words.material(aimed['material'])} ({words.say(aimed['stage'])})"
    events = aimed["comparable_events"]
    absent = [words.say(name) for name in (aimed["stages_not_measurable"] or "").split("; ") if name]
    return [
        text(goods),
        text(label(aimed["importer"], words)),
        share(aimed["supplier_share"], words),
        _months(aimed),
        _months(world) if world else text(""),
        tons(aimed["missing_3_months_t"], words),
        tons(aimed["missing_12_months_t"], words),
        tons(world["missing_12_months_t"] if world and world["product"] == aimed["product"] else None, words),
        count(aimed["usable_suppliers"], words),
        tons(aimed["usable_exports_t"], words),
        bill,
        Cell(words.say("none"), "0", number=True) if events == 0 else count(events, words),
        text(words.listed(absent)),
    ]


def _months(row: Row) -> Cell:
    months = row["months_to_10pct"]
    return Cell(months_told(row), "" if months is None else f"{months:.4f}", number=True)


def _path(panel: Panel, brief: Brief, words: Words) -> Table:
    heads = [
        Head(words.say("Month")),
        Head(words.say("Importer")),
        Head(words.say("Arrives"), "t", number=True),
        Head(words.say("Missing"), "t", number=True),
        Head(words.say("Missing"), "%", number=True),
        Head(words.say("Interval of 80 %"), "%", number=True),
        Head(words.say("Price, times"), number=True),
    ]
    rows = [
        [
            Cell(str(row["month"]), str(row["month"])),
            text(label(row["importer"], words)),
            tons(row["supply_t"], words),
            tons(row["shortage_t"], words),
            share(row["shortage_share"], words),
            band(row["shortage_share_low"], row["shortage_share_high"], words),
            Cell(words.say("rationed"), "", number=True)
            if row["price_factor"] is None
            else Cell(significant(row["price_factor"]), f"{row['price_factor']:.6f}", number=True),
        ]
        for row in panel.finding.rows
    ]
    return Table(heads, rows, on_screen_only=True)


def _replaced(panel: Panel, brief: Brief, words: Words) -> Table:
    heads = [
        Head(words.say("Importer")),
        Head(words.say("Supplier")),
        Head(words.say("More than before"), "t", number=True),
    ]
    rows = [
        [text(label(row["importer"], words)), text(words.name(row["exporter"])), tons(row["more_t"], words)]
        for row in panel.finding.rows
    ]
    return Table(heads, rows, on_screen_only=True)


def _tornado(panel: Panel, brief: Brief, words: Words) -> Table:
    heads = [
        Head(words.say("Assumption")),
        Head(words.say("Range")),
        Head(words.say("Missing at the lower end"), "%", number=True),
        Head(words.say("Central run"), "%", number=True),
        Head(words.say("Missing at the upper end"), "%", number=True),
    ]
    names = ("low_shortage_share", "shortage_share", "high_shortage_share")
    rows = [
        [
            text(label_of(row, words)),
            text(range_of(row, words)),
            *(share(row[name], words) for name in names),
        ]
        for row in panel.finding.rows
    ]
    return Table(heads, rows, on_screen_only=True)


COURSE_TABLES: Mapping[str, Callable[[Panel, Brief, Words], Table]] = {
    "endurance": _endurance,
    "path": _path,
    "replaced": _replaced,
    "tornado": _tornado,
}
