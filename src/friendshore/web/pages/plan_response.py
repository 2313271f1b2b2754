"""An answer to pressure on its page: what it spares whom, what it costs, and what members risk by it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from friendshore.charts.bars import bars
from friendshore.charts.look import CONCERN
from friendshore.charts.picture import Drawing
from friendshore.charts.wording import Words
from friendshore.records import Amount, Finding, KeyNumber, KeyValue, Note
from friendshore.report.further import as_finding
from friendshore.report.words import say, term
from friendshore.web.pages.plan_asking import Asking, address_of
from friendshore.web.pages.plan_tables import named_grid
from friendshore.web.records import JobAsked
from friendshore.web.sections import Section, View

__all__ = ["response"]

FIRST = (
    "member",
    "reaction",
    "acting",
    "shortage_usd",
    "shortage_share",
    "worst_shortage_share",
    "months_covered",
)
"""Columns of what is missing; the others are what it costs and risks."""
TABLES = (
    (
        "products",
        "Product by product",
        "What is missing, released and redirected, tons over the time of the run",
        18,
    ),
    ("outsiders", "What outsiders lose", "Tons of redirected exports that they do not get", 12),
    ("at_risk", "What each has at risk", "Largest trades with who presses, dollars a year", 12),
)
Trail = tuple[tuple[Note, str], ...]


def response(asking: Asking, trail: Trail) -> View:
    """Lay out a response."""
    question = Note(template="What does an answer to pressure spare, cost and risk?")
    found = asking.found("reactions", quick=False, alone=False, together=False)
    if isinstance(found, JobAsked):
        waiting = Section(
            "reactions", Note(template="Nobody reacts, each for itself, or all together"), job=found
        )
        return View(question, sections=(waiting,), trail=trail)
    return View(
        question,
        answer=found.answer,
        sections=tuple(_sections(asking, found)),
        finding=found,
        numbers=_numbers(found),
        trail=trail,
    )


def _numbers(found: Finding) -> tuple[KeyNumber, ...]:
    """Arrange the figures at the head of the page."""
    figures: Any = found.summary
    everybody = "+".join(found.arguments["members"])
    told = (
        ("avoided_usd", "{value} of shortage is avoided by acting together", "At today's prices, over the run."),
        ("cost_usd", "{value} is what acting together costs", "Stock to fill again, and exports that are turned."),
        ("at_risk_usd", "{value} of trade a year is at risk", "What they buy from and sell to who presses."),
    )  # fmt: skip
    return tuple(
        KeyNumber(
            label=Note(template=label),
            measure=Note(template=note),
            unit="USD",
            values=(KeyValue(importer=everybody, value=figures[name]),),
            note=Note(template=note),
        )
        for name, label, note in told
    )


def _sections(asking: Asking, found: Finding) -> Iterator[Section]:
    figures: Any = found.summary
    yield Section(
        "reactions",
        Note(
            template="Acting together spares {avoided} of {none} that is missing if nobody reacts",
            values={
                "avoided": Amount(value=figures["avoided_usd"], unit="USD"),
                "none": Amount(value=figures["shortage_usd"]["none"], unit="USD"),
            },
        ),
        Note(
            template="Part of what is needed that is missing, by value, percent, from the trigger to the end"
        ),
        draw=lambda words, width: _reaction_bars(found, words, width),
        finding=found,
        table=lambda words: named_grid(
            found, words, skip=[column.name for column in found.columns if column.name not in FIRST]
        ),
    )
    yield Section(
        "price",
        Note(template="What it costs and risks"),
        Note(template="Who acts, what that costs it, and what who presses could stop in return, dollars"),
        finding=found,
        table=lambda words: named_grid(found, words, skip=FIRST[2:]),
    )
    for name, title, about, most in TABLES:
        table = as_finding(found, name)
        if table.rows:
            yield _table(asking, table, title, about, most)
    name = asking.name
    yield Section(
        "rests",
        Note(template="What it rests on"),
        template="plan_steps.html.j2",
        values={
            "steps": [
                {
                    "title": say("Change the scenario", asking.lang),
                    "about": say(
                        "A copy of your own, with other members, money, stocks or costs.", asking.lang
                    ),
                    "address": address_of("/scenarios", [("from", name)]),
                }
            ]
        },
    )


def _table(asking: Asking, table: Finding, title: str, about: str, most: int) -> Section:
    """Show one further table."""
    return Section(
        table.question,
        Note(template=title),
        Note(template=about),
        finding=table,
        table=lambda words: named_grid(
            table, words, links={"product": lambda row: asking.exposure(row, table)}, most=asking.most(most)
        ),
        opened=False,
    )


def _reaction_bars(found: Finding, words: Words, width: int) -> Drawing:
    """Draw what each misses by reaction; members that miss nothing in any are left out."""
    short = {row["member"] for row in found.rows if row["shortage_share"]}
    return bars(
        [
            {
                "label": f"{words.name(row['member'])}: {term(row['reaction'], 'reaction', words.lang)}",
                "value": row["shortage_share"],
                "told": f"{words.number(row['shortage_share'], 'share')} · {words.number(row['shortage_usd'], 'USD')}",
                "fill": CONCERN,
                "strong": row["reaction"] == "joint",
            }
            for row in found.rows
            if row["member"] in short or not short
        ],
        width=width,
    )
