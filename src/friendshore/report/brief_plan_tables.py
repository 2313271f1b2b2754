"""The tables under the pictures of what could be done: decisions, what budgets buy, alone or together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from friendshore.charts.frontier import SHARING
from friendshore.charts.wording import Words
from friendshore.records import Brief, Note, Panel
from friendshore.report.brief_tables import Cell, Head, Table, dollars, label, share, text, tons
from friendshore.report.words import significant

__all__ = ["PLAN_TABLES"]

DONE: Mapping[str, str] = {"hold": "hold", "build": "build", "buy": "buy"}
"""What is done in the words of a table, message ids."""


def _decisions(panel: Panel, brief: Brief, words: Words) -> Table:
    rows = panel.finding.rows
    unit, cost = dollars([row["cost_usd"] for row in rows], words)
    once_unit, once = dollars([row["once_usd"] for row in rows], words)
    heads = [
        Head(words.say("Product")),
        Head(words.say("What")),
        Head(words.say("Who")),
        Head(words.say("Where, from whom")),
        Head(words.say("Tons"), "t", number=True),
        Head(words.say("lowest"), "t", number=True),
        Head(words.say("highest"), "t", number=True),
        Head(words.say("Cost a year"), unit, number=True),
        Head(words.say("Paid at once"), once_unit, number=True),
        Head(words.say("Recommended")),
        Head(words.say("Hinges on")),
    ]
    made = [
        [
            text(words.product(row["product"])),
            text(words.say(DONE[row["action"]])),
            text(label(row["member"], words)),
            text(words.name(row["supplier"] or row["host"]) if row["supplier"] or row["host"] else ""),
            tons(row["quantity_t"], words),
            tons(row["quantity_t_low"], words),
            tons(row["quantity_t_high"], words),
            cost[n],
            once[n],
            text("" if row["recommended"] is None else words.say("yes" if row["recommended"] else "no")),
            text(_hinge(row["hinges_on"], words)),
        ]
        for n, row in enumerate(rows)
    ]
    own = frozenset(n for n, row in enumerate(rows) if row["recommended"])
    return Table(heads, made, own, on_screen_only=True)


def _hinge(told: Any, words: Words) -> str:  # noqa: ANN401  a note, or nothing
    return words.tell(told) if isinstance(told, Note) else ""


def _frontier(panel: Panel, brief: Brief, words: Words) -> Table:
    rows = panel.finding.rows
    unit, budget = dollars([row["budget_usd"] for row in rows], words)
    cost_unit, cost = dollars([row["cost_usd"] for row in rows], words)
    heads = [
        Head(words.say("Planned")),
        Head(words.say("Budget"), unit, number=True),
        Head(words.say("Still missing"), "%", number=True),
        Head(words.say("Months covered"), words.say("months"), number=True),
        Head(words.say("Cost a year"), cost_unit, number=True),
    ]
    made = [
        [
            text(words.say(SHARING[row["sharing"]])),
            budget[n],
            share(row["shortage_share"], words),
            Cell(significant(row["months_covered"]), f"{row['months_covered']:.4f}", number=True),
            cost[n],
        ]
        for n, row in enumerate(rows)
    ]
    own = frozenset(n for n, row in enumerate(rows) if row["recommended"])
    return Table(heads, made, own, on_screen_only=True)


def _together(panel: Panel, brief: Brief, words: Words) -> Table:
    rows = panel.finding.rows
    columns = {
        name: dollars([row[name] for row in rows], words) for name in ("alone_usd", "gain_usd", "pays_usd")
    }
    heads = [
        Head(words.say("Importer")),
        Head(words.say("Alone, a year"), columns["alone_usd"][0], number=True),
        Head(words.say("Its part of the gain"), columns["gain_usd"][0], number=True),
        Head(words.say("Together, a year"), columns["pays_usd"][0], number=True),
    ]
    made = [
        [text(label(row["member"], words)), *(cells[n] for _, cells in columns.values())]
        for n, row in enumerate(rows)
    ]
    return Table(heads, made, on_screen_only=True)


PLAN_TABLES: Mapping[str, Callable[[Panel, Brief, Words], Table]] = {
    "decisions": _decisions,
    "frontier": _frontier,
    "together": _together,
}
