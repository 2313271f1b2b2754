"""The ask-and-offer sheet as a page that prints on one side of A4 a member, a workbook, and a file for programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from friendshore.planning.sheet_records import Sheet, SheetPage
from friendshore.report.envelope import dump
from friendshore.report.sheet_page import hinge, render
from friendshore.report.words import translate
from friendshore.report.writing import refuse_place, refuse_suffix, write_bytes

__all__ = ["SCHEMA_VERSION", "SUFFIXES", "render", "twin", "twin_path", "write_sheet"]

SCHEMA_VERSION = 1
"""Of the file for programs; it grows when a key changes its meaning or goes."""
SUFFIXES = (".html", ".xlsx")


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
        "triggers": [
            {
                **case.model_dump(exclude={"gives", "gets"}),
                "gives": [translate(note) for note in case.gives],
                "gets": [translate(note) for note in case.gets],
            }
            for case in page.cases
        ],
        "gets": [translate(note) for note in page.gets],
        "unknown": [translate(note) for note in page.unknown],
    }
