"""The ask-and-offer sheet as a page that prints on one side of A4 a member, a workbook, and a file for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from friendshore.charts.wording import Words, visible
from friendshore.records import Commitment, Note, Sheet, SheetPage
from friendshore.report.brief import asset, environment, unbroken
from friendshore.report.envelope import dump
from friendshore.report.words import check_language, say, translate, words_in
from friendshore.report.writing import refuse_place, refuse_suffix, write_bytes

__all__ = [
    "SCHEMA_VERSION",
    "SUFFIXES",
    "hinge",
    "money",
    "render",
    "shares",
    "twin",
    "twin_path",
    "write_sheet",
]

SCHEMA_VERSION = 1
"""Of the file for programs; it grows when a key changes its meaning or goes."""
SUFFIXES = (".html", ".xlsx")
MOST_PRODUCTS, MOST_SUPPLIERS, MOST_SAID, MOST_UNKNOWN = 18, 3, 7, 6
"""What fits on a side of A4; what is left out is counted, and stands in the workbook and the file for programs."""
RULES: Mapping[str, str] = {
    "shapley": "Shapley (what each adds)",
    "owen": "Owen (shadow prices)",
    "proportional": "in proportion to need",
}


def write_sheet(sheet: Sheet, path: str | Path, lang: str = "en") -> tuple[Path, Path]:
    """Write the sheet and, beside it, its twin for programs.

    Parameters
    ----------
    sheet
        From :func:`friendshore.answers.sheet.sheet`.
    path
        Ending in ``.html`` or ``.xlsx``.
    lang
        ``en`` or ``ja``; the twin is English.

    Returns
    -------
    tuple of Path
        The sheet, and its twin: the same name ending in ``.json``.
    """
    path = Path(path)
    suffix = refuse_suffix(path, SUFFIXES)
    twin_file = twin_path(path)
    for target in (path, twin_file):
        refuse_place(target)
    if suffix == ".html":
        content = render(sheet, lang).encode()
    else:
        from friendshore.report.sheet_book import book_bytes

        content = book_bytes(sheet, lang)
    write_bytes(content, path)
    write_bytes(dump(twin(sheet)).encode(), twin_file)
    return path, twin_file


def twin_path(path: str | Path) -> Path:
    """Name the file for programs: the same name ending in ``.json``."""
    return Path(path).with_suffix(".json")


def twin(sheet: Sheet) -> dict[str, Any]:
    """Turn the sheet into an object for programs: every commitment with its numbers, sentences in English."""
    return {
        "kind": "friendshore sheet",
        "schema_version": SCHEMA_VERSION,
        "scenario": {"name": sheet.scenario, "title": sheet.title, "sha256": sheet.scenario_sha256},
        "data": sheet.data,
        "objective": sheet.objective,
        "status": sheet.status,
        "members": list(sheet.members),
        "concern": list(sheet.concern),
        "answer": translate(sheet.answer),
        "in_core": dict(sheet.in_core),
        "pages": [_twin_page(page) for page in sheet.pages],
        "sources": [source.model_dump(exclude={"tables"}) for source in sheet.sources],
        "command": sheet.command,
    }


def _twin_page(page: SheetPage) -> dict[str, Any]:
    commitments = []
    for one in page.commitments:
        told = one.model_dump(exclude={"hinges_on", "payers"})
        told["payers"] = dict(one.payers)
        told["hinges_on"] = hinge(one, "en")
        commitments.append(told)
    return {
        "member": page.member,
        "commitments": commitments,
        "money": {"once_usd": page.once_usd, "budget_usd": page.budget_usd, "cost_usd": page.cost_usd},
        "walk_away": {
            "alone_usd": page.alone_usd,
            "parts_usd": dict(page.parts_usd),
            "settled_usd": dict(page.settled_usd),
        },
        **{
            name: [translate(note) for note in getattr(page, name)]
            for name in ("triggers", "gets", "unknown")
        },
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
    return {
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
        "money": money(page, words),
        "payers": _payers(page, words),
        "alone": _alone(page, sheet, words),
        "shares": shares(page, words),
        "core": _core(sheet, words),
        "triggers": _said(page.triggers, words),
        "gets": _said(page.gets, words),
        "unknown": [unbroken(words.tell(note)) for note in page.unknown[:MOST_UNKNOWN]],
        "footer": _footer(sheet, words),
    }


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
                "{tons} a year in {host}",
                tons=words.number(one.quantity_t, "t"),
                host=words.name(one.place or ""),
            ),
            "sure": bool(one.recommended),
        }
        for one in found
        if one.action == "build"
    ]
    bought = sorted((one for one in found if one.action == "buy"), key=lambda one: -one.quantity_t)
    parts = [
        {
            "text": words.say(
                "{tons} from {supplier}",
                tons=words.number(one.quantity_t, "t"),
                supplier=words.name(one.place or ""),
            ),
            "sure": bool(one.recommended),
        }
        for one in bought[:MOST_SUPPLIERS]
    ]
    rest = bought[MOST_SUPPLIERS:]
    if rest:
        tons = words.number(sum(one.quantity_t for one in rest), "t")
        parts.append(
            {
                "text": words.say("{tons} from {count} others", tons=tons, count=str(len(rest))),
                "sure": all(one.recommended for one in rest),
            }
        )
    return [held, built, parts]


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
        hinges = dict.fromkeys(
            text for one in page.commitments if not one.recommended and (text := hinge(one, words.lang))
        )
        if hinges:
            named = [*hinges][:MOST_SUPPLIERS]
            more = ["..."] if len(hinges) > len(named) else []
            lines.append(words.say("The others hinge on: {what}.", what="; ".join([*named, *more])))
    elif page.commitments:
        lines.append(words.say("Whether that survives other assumptions was not tried."))
    if hidden > 0:
        lines.append(words.say("Not shown, bought only: {count} products.", count=str(hidden)))
    return words.sentences(lines)


def money(page: SheetPage, words: Words) -> list[tuple[str, str]]:
    """List what it pays: at once, of which budget, and a year."""
    budget = page.budget_usd
    return [
        (words.say("Pays once, for stock and support"), words.number(page.once_usd, "USD")),
        (words.say("Its budget"), words.say("no limit") if budget is None else words.number(budget, "USD")),
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
    out = [
        words.say(RULES[rule]) for rule, inside in sheet.in_core.items() if inside is False and rule in RULES
    ]
    if out:
        return words.say("Some members would gain by leaving if shared by: {rules}.", rules=words.listed(out))
    if any(sheet.in_core.values()):
        return words.say("Nobody gains by leaving under these ways of sharing.")
    return ""


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
