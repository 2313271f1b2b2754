"""Scenarios in words: what stops for whom, and where to go with one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from friendshore.charts.wording import Words
from friendshore.tables.materials import materials
from friendshore.tables.products import groups, products
from friendshore.web.writing import address

__all__ = ["run_address", "type_told", "ways", "what_stops"]

KINDS: Mapping[str, str] = {
    "export_ban": "export ban",
    "quota": "export quota",
    "licensing": "export licences",
    "import_ban": "import ban",
    "sanction": "sanctions",
    "outage": "outage",
    "passage_closure": "closure of a passage",
}
TYPES: Mapping[str, str] = {"stress": "stress", "plan": "plan", "response": "response"}
MOST = 3
"""Names that are shown of each list."""

Row = Mapping[str, Any]


def what_stops(row: Row, words: Words) -> str:
    """Say what stops, whose, for whom, in one line."""
    kinds = words.listed([words.say(KINDS[kind]) if kind in KINDS else kind for kind in _parts(row, "kinds")])
    told = words.listed(_few([_goods(code, words) for code in _parts(row, "products")]))
    suppliers = words.listed(_few([words.name(code) for code in _parts(row, "suppliers")]))
    aims = [
        words.say("the world") if code == "world" else words.name(code) for code in _parts(row, "importers")
    ]
    whom = words.listed(_few(aims))
    if words.lang == "ja":
        return f"{kinds}: {told}({suppliers} → {whom})" if suppliers else f"{kinds}: {told}(→ {whom})"
    return f"{kinds}: {told}, {suppliers} → {whom}" if suppliers else f"{kinds}: {told} → {whom}"


def type_told(row: Row, words: Words) -> str:
    """Say what a scenario is for."""
    return words.say(TYPES[row["type"]])


def _parts(row: Row, name: str) -> list[str]:
    return [part for part in str(row[name] or "").split("; ") if part]


def _few(names: list[str]) -> list[str]:
    """Keep the first names, and count the rest."""
    left = len(names) - MOST
    return names if left <= 1 else [*names[:MOST], f"+{left}"]


def _goods(code: str, words: Words) -> str:
    if code in groups():
        return words.within(groups()[code].label(words.lang))
    if code in materials():
        return words.within(words.material(code))
    return words.within(words.product(code)) if code in products() else code


def run_address(row: Row) -> str:
    """Return the page that answers a scenario."""
    if row["type"] != "stress":
        return address("/plan", [("scenario", str(row["name"]))])
    first = _parts(row, "cases")[:1]
    pairs = [("scenario", str(row["name"])), *(("case", case) for case in first)]
    return address("/disruption", pairs)


def ways(row: Row) -> list[tuple[str, str]]:
    """List what can be done with a scenario: key of the words, and address."""
    name = str(row["name"])
    own = [("edit", address("/scenarios", [("edit", name)]))] if row["saved"] else []
    return [
        ("run", run_address(row)),
        *own,
        ("copy", address("/scenarios", [("from", name)])),
        ("yaml", f"/scenarios/{name}.yaml"),
    ]
