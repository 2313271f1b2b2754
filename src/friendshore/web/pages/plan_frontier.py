"""What more or less money buys: the frontier of a plan, and a slider over its solved points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from friendshore.charts.frontier import SHARING, frontier_title, frontiers
from friendshore.charts.frontier import measure_of as frontier_measure
from friendshore.charts.wording import Words
from friendshore.records import Finding, Note
from friendshore.report.further import as_finding
from friendshore.report.words import term, words_in
from friendshore.web.assets import asset_address
from friendshore.web.pages.plain import plain
from friendshore.web.pages.plan_asking import Asking
from friendshore.web.pages.plan_tables import named_grid
from friendshore.web.records import JobAsked
from friendshore.web.sections import Section

__all__ = ["chosen_point", "frontier_sections", "slider"]

MEASURES: Mapping[str, tuple[str, str]] = {
    "shortage_share": ("Still missing", "share"),
    "months_covered": ("Months covered", "months"),
    "months_covered_worst": ("The same of what is short first", "months"),
    "cost_usd": ("Cost a year", "USD"),
    "spent_usd": ("Paid at once", "USD"),
}
"""Column of the frontier -> its words and its unit."""
MOST_STEPS = 24
"""Decisions that stand under the slider; the file has all."""
Row = Mapping[str, Any]
Key = tuple[str, str, str, str]


def frontier_sections(asking: Asking) -> Iterator[Section]:
    """Show what each budget buys where that is asked."""
    if not asking.wants("frontier"):
        return
    found = asking.found("frontier", quick=True, frontier=True)
    if isinstance(found, JobAsked):
        yield Section("frontier", Note(template="With more or less money"), job=found)
        return
    words = words_in(asking.lang)
    rows = found.tables["frontier"].rows
    yield Section(
        "frontier",
        plain(frontier_title(rows, words)),
        plain(frontier_measure(words)),
        draw=lambda words, width: frontiers(rows, words, width=width),
        finding=as_finding(found, "frontier"),
        most=10,
        opened=False,
        template="plan_slider.html.j2",
        values=slider(asking, found, words),
    )
    done = as_finding(found, "frontier_decisions")
    if done.rows:
        yield Section(
            "budgets",
            Note(template="What each budget would do"),
            Note(template="Every step at every budget that was solved; the file holds all"),
            finding=done,
            table=lambda words: named_grid(done, words, most=asking.most(5)),
            opened=False,
        )


def chosen_point(budgets: Sequence[float], rows: Sequence[Row], wanted: str) -> int:
    """Choose a point: the solved one nearest to what the address names, else the recommended one."""
    try:
        near = float(wanted)
    except ValueError:
        near = next((row["budget_usd"] for row in rows if row["recommended"]), budgets[-1])
    if near != near:
        near = budgets[-1]
    return min(range(len(budgets)), key=lambda place: abs(budgets[place] - near))


def slider(asking: Asking, found: Finding, words: Words) -> Mapping[str, Any]:
    """Write down every solved point: what it buys, together and alone, and what is then done."""
    rows = found.tables["frontier"].rows
    budgets = sorted({row["budget_usd"] for row in rows})
    at = chosen_point(budgets, rows, asking.says("budget"))
    sharings = [name for name in SHARING if any(row["sharing"] == name for row in rows)]
    by_point = {(row["sharing"], row["budget_usd"]): row for row in rows}
    points = [
        {
            "text": words.number(budget, "USD"),
            "address": asking.link("frontier", budget=f"{budget:.0f}"),
            "recommended": any(
                by_point[name, budget]["recommended"] for name in sharings if (name, budget) in by_point
            ),
        }
        for budget in budgets
    ]
    measures = [
        {
            "name": words.say(told),
            "cells": [
                [_told(by_point.get((name, budget), {}).get(column), unit, words) for budget in budgets]
                for name in sharings
            ],
        }
        for column, (told, unit) in MEASURES.items()
    ]
    steps = list(_steps(found.tables["frontier_decisions"].rows, budgets, words))
    return {
        "at": at,
        "points": points,
        "heads": [words.say(SHARING[name]) for name in sharings] if len(sharings) > 1 else [],
        "measures": measures,
        "steps": steps,
        "something": any(step["tons"][at] for step in steps),
        "script": asset_address("plan.js"),
    }


def _told(value: float | None, unit: str, words: Words) -> str:
    """Write a figure; months are rounded as everywhere."""
    return words.number(value, words.say("months") if unit == "months" else unit)


def _steps(rows: Sequence[Row], budgets: Sequence[float], words: Words) -> Iterator[Mapping[str, Any]]:
    """List the costliest decisions that any budget brings, with tons at each; nothing where one is not taken."""
    place = {budget: n for n, budget in enumerate(budgets)}
    tons: dict[Key, list[str]] = {}
    cost: dict[Key, float] = {}
    first = next((row["sharing"] for row in rows), "")
    for row in rows:
        if row["sharing"] != first:
            continue
        key = (row["action"], row["product"], row["member"], row["supplier"] or row["host"] or "")
        tons.setdefault(key, [""] * len(budgets))[place[row["budget_usd"]]] = words.number(
            row["quantity_t"], "t"
        )
        cost[key] = max(cost.get(key, 0.0), row["cost_usd"])
    actions = ("hold", "build", "buy")
    costliest = sorted(tons, key=lambda key: (-cost[key], key))[:MOST_STEPS]
    for key in sorted(costliest, key=lambda key: (actions.index(key[0]), -cost[key], key)):
        action, product, member, where = key
        yield {
            "action": term(action, "action", words.lang),
            "product": words.product(product),
            "member": words.name(member),
            "place": words.name(where) if where else "–",
            "tons": tons[key],
        }
