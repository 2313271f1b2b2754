"""What a summary gives away, in words: field by field, what can be inferred, and what stays at home."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from friendshore.planning.comparison import Comparison
from friendshore.planning.exchange import Summary
from friendshore.planning.problem import Plan, Problem
from friendshore.records import Amount, Name, Note

__all__ = ["kept", "lending_notes", "reveals", "told_apart"]

CLOSE = 2e-3
"""Relative difference of two solves up to which they are the same: twice the solver's gap."""


def reveals(content: Summary) -> Iterator[dict[str, Any]]:
    """Give a row for each field of the file: how much stands there, and what a reader learns from it."""
    told = {
        "member": Note(template="Who wrote it."),
        "members": Note(template="Who plans together, as agreed."),
        "data": Note(template="Name of your data set."),
        "data_sha256": Note(template="Whether the reader has the same flows; nothing of their content."),
        "price_basis": Note(template="How prices are counted."),
        "price_years": Note(template="The base years, as agreed."),
        "rule": Note(template="How outside spare capacity is shared out, as agreed."),
        "periods": Note(template="The periods of a case, as agreed."),
        "cases": Note(template="Names of the cases, as agreed."),
        "products": Note(template="What is planned for, as agreed."),
        "budget_usd": Note(template="Most that you would pay for plants and stock."),
        "needs": Note(
            template="Per product your demand and price, which the data give anyway; the gap by case after "
            "the stock that you keep at home; how much stock you may add; what your own plan costs and "
            "leaves missing: your walk-away value."
        ),
        "capacity": Note(
            template="Plants at home and at third hosts: size, capital, running cost, support that they "
            "need, and time."
        ),
        "stock": Note(template="Stock that you would lend, in days and tons; at most what you hold."),
        "agreed": Note(
            template="The scenario without your stocks, budgets, support and costs of plants; it must be "
            "the same in all files, its suppliers of concern and its other costs included."
        ),
    }
    fields = content.model_dump(mode="json")
    return (
        {"field": field, "entries": _count(fields[field]), "reveals": note} for field, note in told.items()
    )


def _count(value: object) -> int:
    """Count the numbers and words of a part."""
    if isinstance(value, dict):
        return sum(map(_count, value.values()))
    if isinstance(value, list):
        return sum(map(_count, value))
    return 0 if value is None else 1


def kept(*, without_stock: bool) -> Iterator[dict[str, Any]]:
    """Give a row for each matter that is not in the file, and what of it can be inferred all the same."""
    nothing = Note(template="Nothing.")
    drawn = Note(
        template="What you draw of it in each case: a reader with the same data knows the gap without it. "
        "--without-stock hides that."
    )
    room = Note(template="From the stock that you may still add, if that lies below the agreed limit.")
    told = {
        "drawn": (
            Note(template="Stock that you hold and do not lend"),
            nothing if without_stock else drawn,
        ),
        "room": (Note(template="All of your stock"), nothing if without_stock else room),
        "plan": (
            Note(template="Your own plan: what you would buy, build and hold"),
            Note(template="Its cost by product, which bounds it; not where or from whom."),
        ),
        "support": (
            Note(template="Support programmes and their payers"),
            Note(template="The part of a plant's capital that has to be paid by somebody."),
        ),
        "sources": (Note(template="Sources and ranges of your figures"), nothing),
        "data": (
            Note(template="Your trade data"),
            Note(template="Your demand and price; that the flows are those of the reader's data."),
        ),
        "paths": (Note(template="File names, paths, machine, time, user"), nothing),
    }
    return ({"matter": matter, "inferred": inferred} for matter, inferred in told.values())


def lending_notes(problem: Problem, member: int, plan: Plan) -> tuple[Note, ...]:
    """Say what a reader has to know of the summary."""
    notes = [
        Note(
            template="The checksum shows whether the file was damaged or changed, not who wrote it: send "
            "it on a way that you trust."
        )
    ]
    if not np.isfinite(plan.cost_usd):
        notes.append(
            Note(
                template="No plan of {member} alone keeps the limits: the file states no cost alone, and a "
                "gain cannot be shared in money.",
                values={"member": Name(key=problem.members[member])},
            )
        )
    return tuple(notes)


def told_apart(found: Comparison, stated: Mapping[str, Summary]) -> tuple[Note, ...]:
    """Say where a member's own statement of its cost alone is not what the joint numbers give."""
    notes = [
        Note(
            template="Numbers in the files are rounded to nine digits, and stock that stays at home is "
            "drawn as its owner's own plan draws it: the cost together is at most that much too high, "
            "never too low."
        )
    ]
    for name, usd in zip(found.game.names, found.alone_usd.tolist(), strict=True):
        claim = stated[name].cost_alone()
        if claim is None or not np.isfinite(usd) or abs(claim - usd) <= CLOSE * max(abs(claim), abs(usd)):
            continue
        notes.append(
            Note(
                template="{member} states that its own plan costs {claim} a year; with what the others "
                "state of their plants it would cost {here}.",
                values={
                    "member": Name(key=name),
                    "claim": Amount(value=claim, unit="USD"),
                    "here": Amount(value=usd, unit="USD"),
                },
            )
        )
    return tuple(notes)
