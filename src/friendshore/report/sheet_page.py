"""A member's page of the ask-and-offer sheet: every cell as text, a side of A4 when printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from friendshore.charts.wording import Words, visible
from friendshore.planning.sheet_records import Commitment, Sheet, SheetCase, SheetPage
from friendshore.records import Listing, Note
from friendshore.report.brief import asset, environment, unbroken
from friendshore.report.words import check_language, say, translate, words_in

__all__ = ["hinge", "money", "render", "shares"]

MOST_PRODUCTS, MOST_SUPPLIERS, MOST_HINGES, MOST_SAID, MOST_CASES, MOST_UNKNOWN = 14, 2, 4, 5, 10, 9
"""What fits on a side of A4; what is left out is counted, and stands in the workbook and the file for programs."""
RULES: Mapping[str, str] = {
    "shapley": "Shapley (what each adds)",
    "owen": "Owen (shadow prices)",
    "proportional": "in proportion to need",
}


def hinge(one: Commitment, lang: str) -> str | None:
    """Write what a commitment hinges on."""
    return translate(one.hinges_on, lang) if isinstance(one.hinges_on, Note) else one.hinges_on


def render(sheet: Sheet, lang: str = "en") -> str:
    """Write the page: no script, nothing loaded, a side of A4 a member when printed."""
    check_language(lang)
    words = words_in(lang)
    page: str = (
        environment()
        .get_template("sheet.html.j2")
        .render(
            lang=lang,
            t=partial(say, lang=lang),
            style=asset("sheet.css"),
            sheet=sheet,
            pages=[told(page, sheet, words) for page in sheet.pages],
        )
    )
    return page


def told(page: SheetPage, sheet: Sheet, words: Words) -> dict[str, Any]:
    """Finish a member's page: every cell as text."""
    products = list(dict.fromkeys(one.product for one in page.commitments))
    once = {
        code: sum(one.once_usd or 0.0 for one in page.commitments if one.product == code) for code in products
    }
    # Nothing that is paid for at once may fall off the page.
    shown = sorted(products, key=lambda code: -once[code])[:MOST_PRODUCTS]
    finished = {
        "member": page.member,
        "name": words.name(page.member),
        "lead": _lead(sheet, words),
        "rows": [
            {
                "product": words.product(code),
                "cells": _cells([one for one in page.commitments if one.product == code], words),
                "once": words.number(once[code], "USD") if once[code] > 0 else "–",
            }
            for code in shown
        ],
        "robust": _robust(page, len(products) - len(shown), words),
        "money": money(page, sheet, words),
        "payers": _payers(page, words),
        "alone": _alone(page, sheet, words),
        "shares": shares(page, words),
        "settled": bool(page.settled_usd),
        "core": _core(sheet, words),
        "cases": [_case(case, words) for case in page.cases[:MOST_CASES]],
        "gets": _said(page.gets, words),
        "unknown": [unbroken(words.tell(note)) for note in page.unknown[:MOST_UNKNOWN]],
        "footer": _footer(sheet, words),
    }
    return finished | {"density": _density(finished)}


LINE, HALF = 128, 62
COMMITMENT, CASE = (36, 15, 28, 33), (20, 20, 42, 44)
"""Signs that fit on a line, in print: across the page, in half of it, in the columns of the two tables."""
FULL = (42, 56)
"""Lines that a side of A4 holds in the usual size, and in the next smaller one."""


def _density(page: Mapping[str, Any]) -> int:
    """Tell how crowded a page is: 0 as usual, 1 and 2 for smaller print, so that it stays on one side."""
    lines = _lines(page["payers"], HALF) + _lines(page["robust"], LINE)
    for row in page["rows"]:
        cells = [row["product"], *("; ".join(part["text"] for part in cell) for cell in row["cells"])]
        lines += max(_lines(text, width) for text, width in zip(cells, COMMITMENT, strict=True))
    for case in page["cases"]:
        lines += max(_lines(text, width) for text, width in zip(case.values(), CASE, strict=True))
    lines += sum(_lines(text, LINE) for text in (*page["gets"], *page["unknown"]))
    return sum(lines > most for most in FULL)


def _lines(text: str, width: int) -> int:
    from rich.cells import cell_len

    return -(-cell_len(text) // width)


def _lead(sheet: Sheet, words: Words) -> str:
    members = words.listed([words.name(name) for name in sheet.members])
    return words.say(
        "Draft for talks: {members}, against a cut of supply from {concern}.",
        members=members,
        concern=words.listed([words.name(name) for name in sheet.concern]),
    )


def _cells(found: Sequence[Commitment], words: Words) -> list[list[dict[str, Any]]]:
    """Write what is held, built and bought of one product; purchases of the same product as one."""
    held = [
        {
            "text": words.say(
                "{tons}, {days} days",
                tons=words.number(one.quantity_t, "t"),
                days=f"{one.cover_days or 0:.0f}",
            ),
            "sure": bool(one.recommended),
        }
        for one in found
        if one.action == "hold"
    ]
    built = [
        {
            "text": words.say(
                "{tons} in {host}",
                tons=words.number(one.quantity_t, "t"),
                host=words.name(one.place or ""),
            ),
            "sure": bool(one.recommended),
        }
        for one in found
        if one.action == "build"
    ]
    return [held, built, _bought([one for one in found if one.action == "buy"], words)]


def _bought(found: Sequence[Commitment], words: Words) -> list[dict[str, Any]]:
    """Write the largest purchases of one product, and the others as one where there are several."""
    ranked = sorted(found, key=lambda one: -one.quantity_t)
    shown = len(ranked) if len(ranked) <= MOST_SUPPLIERS + 1 else MOST_SUPPLIERS
    parts = [
        {
            "text": words.say(
                "{tons} from {supplier}",
                tons=words.number(one.quantity_t, "t"),
                supplier=words.name(one.place or ""),
            ),
            "sure": bool(one.recommended),
        }
        for one in ranked[:shown]
    ]
    if rest := ranked[shown:]:
        tons = words.number(sum(one.quantity_t for one in rest), "t")
        parts.append(
            {
                "text": words.say("{tons} from {count} others", tons=tons, count=str(len(rest))),
                "sure": all(one.recommended for one in rest),
            }
        )
    return parts


def _robust(page: SheetPage, hidden: int, words: Words) -> str:
    """Say what the mark means, what the others hinge on, and what is not shown."""
    lines = []
    if any(one.recommended is not None for one in page.commitments):
        lines.append(
            words.say(
                "✓ {sure} of {count} commitments survive every assumption tried.",
                sure=str(page.sure),
                count=str(len(page.commitments)),
            )
        )
        if named := _hinges(page, words):
            lines.append(words.say("The others hinge on: {what}.", what=words.listed(named)))
    elif page.commitments:
        lines.append(words.say("Whether that survives other assumptions was not tried."))
    if hidden > 0:
        lines.append(words.say("Not shown, bought only: {count} products.", count=str(hidden)))
    return words.sentences(lines)


def _hinges(page: SheetPage, words: Words) -> list[str]:
    """Name what most of the other commitments hinge on, each with how many do."""
    counted: dict[str, int] = {}
    for one in page.commitments:
        if one.recommended is not False or one.hinges_on is None:
            continue
        parts = (one.hinges_on,)
        if isinstance(one.hinges_on, Note) and isinstance(one.hinges_on.values.get("named"), Listing):
            parts = one.hinges_on.values["named"].items
        for part in parts:
            text = words.tell(part) if isinstance(part, Note) else str(part)
            counted[text] = counted.get(text, 0) + 1
    ranked = sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))
    named = [f"{text} ({count})" for text, count in ranked[:MOST_HINGES]]
    return [*named, *(["..."] if len(ranked) > MOST_HINGES else [])]


def _case(case: SheetCase, words: Words) -> dict[str, str]:
    """Write one trigger, what is then given and what comes."""
    return {
        "name": words.say("{case}, {months} months", case=visible(case.name), months=str(case.months)),
        "struck": words.listed([words.name(name) for name in case.struck]),
        "gives": "; ".join(unbroken(words.tell(note)) for note in case.gives) or "–",
        "gets": "; ".join(unbroken(words.tell(note)) for note in case.gets) or "–",
    }


def money(page: SheetPage, sheet: Sheet, words: Words) -> list[tuple[str, str]]:
    """List what it pays: at once, of which budget, and a year."""
    budget = page.budget_usd
    purse = []
    if sheet.pooled_usd is not None:
        purse = [(words.say("All budgets, one purse"), words.number(sheet.pooled_usd, "USD"))]
    return [
        (words.say("Pays once, for stock and support"), words.number(page.once_usd, "USD")),
        (words.say("Its budget"), words.say("no limit") if budget is None else words.number(budget, "USD")),
        *purse,
        (words.say("Costs it a year, beyond today"), words.number(page.cost_usd, "USD")),
    ]


def _payers(page: SheetPage, words: Words) -> str:
    plants = [
        words.say(
            "{product} in {host}: {payers}",
            product=words.within(words.product(one.product)),
            host=words.name(one.place or ""),
            payers=words.listed(
                [f"{words.name(name)} {words.number(usd, 'USD')}" for name, usd in one.payers]
            ),
        )
        for one in page.commitments
        if one.action == "build" and one.payers
    ]
    return "; ".join(plants)


def _alone(page: SheetPage, sheet: Sheet, words: Words) -> str:
    if len(sheet.members) < 2:
        return words.say("Nobody else takes part, so there is nothing to walk away from.")
    if page.alone_usd is None:
        return words.say(
            "Alone no plan of it keeps the limits, or it was not compared: there is no such value."
        )
    return words.say("Alone it would pay {cost} a year.", cost=words.number(page.alone_usd, "USD"))


def shares(page: SheetPage, words: Words) -> list[dict[str, str]]:
    """List by way of sharing what it would lose by leaving, and what it pays or receives to settle."""
    rows = []
    for rule, part in page.parts_usd.items():
        settled = page.settled_usd.get(rule)
        told_as = words.number(None, "USD")
        if settled is not None:
            amount = words.number(abs(settled), "USD")
            told_as = (
                words.say("pays {usd}", usd=amount)
                if settled > 0
                else words.say("receives {usd}", usd=amount)
            )
        rows.append({"rule": words.say(RULES[rule]), "part": words.number(part, "USD"), "settled": told_as})
    return rows


def _core(sheet: Sheet, words: Words) -> str:
    lines = []
    out = [
        words.say(RULES[rule]) for rule, inside in sheet.in_core.items() if inside is False and rule in RULES
    ]
    if out:
        lines.append(
            words.say("Some members would gain by leaving if shared by: {rules}.", rules=words.listed(out))
        )
    elif any(sheet.in_core.values()):
        lines.append(words.say("Nobody gains by leaving under these ways of sharing."))
    if sheet.lost_gain_usd > 0:
        lost = words.number(sheet.lost_gain_usd, "USD")
        lines.append(
            words.say(
                "Of the gain of all, {lost} is supply that is not lost, at its value: no money to settle.",
                lost=lost,
            )
        )
    return words.sentences(lines)


def _said(notes: Sequence[Note], words: Words) -> list[str]:
    lines = [unbroken(words.tell(note)) for note in notes[:MOST_SAID]]
    if len(notes) > MOST_SAID:
        lines.append(words.say("... and {count} more in the workbook.", count=str(len(notes) - MOST_SAID)))
    return lines


def _footer(sheet: Sheet, words: Words) -> str:
    from friendshore import __version__

    return words.say(
        "Scenario {scenario}, SHA-256 {hash}. Data: {sources}. Computed by friendshore {version}: {command}",
        scenario=visible(sheet.scenario),
        hash=sheet.scenario_sha256[:16],
        sources=words.listed([visible(s.title.split(":")[0]) for s in sheet.sources]),
        version=__version__,
        command=visible(sheet.command),
    )
