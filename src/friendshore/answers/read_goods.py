"""Goods of an event as product codes of the data, and what the data do not hold of them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from friendshore.intake.goods import goods
from friendshore.intake.records import Event
from friendshore.records import Name, Note
from friendshore.tables.materials import Material, materials
from friendshore.tables.products import groups

__all__ = ["Held", "held_goods"]

DOUBTFUL = frozenset({"Lead", "Salt", "Iron", "Silicon"})
"""Materials whose English name is another word, or part of other goods."""
INPUTS = "-inputs"
"""End of the names of groups that hold what goods are made from, not the goods themselves."""


@dataclass(frozen=True)
class Held:
    """What the data hold of the goods of an event."""

    products: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    """Groups whose products are all among ``products``, where nothing more exact was named."""
    inputs: tuple[str, ...] = ()
    """Groups of what the goods are made from."""
    unheld: tuple[Note, ...] = ()
    """What the data do not hold, each with its reason."""


@cache
def _patterns() -> tuple[tuple[Material, re.Pattern[str]], ...]:
    found = []
    for material in materials().values():
        if material.id in DOUBTFUL:
            continue
        stem = re.sub(r"s$", "s?", re.escape(material.label_en).replace(r"\ ", r"[\s-]+"))
        japanese = re.escape(re.split(r"[(（]", material.label_ja)[0])
        also = f"|{japanese}" if len(japanese) > 1 else ""
        found.append((material, re.compile(rf"(?<!\w){stem}(?!\w){also}", re.IGNORECASE)))
    return tuple(found)


def held_goods(event: Event, held: Collection[str]) -> Held:
    """Map the goods of an event to products of the data.

    A material that the quote names goes before the label it falls under; a label that only follows from another one
    adds nothing. What is made from the data's goods (chips, batteries, steel) is not in the data: its inputs are named.

    Parameters
    ----------
    event
        What was read.
    held
        Product codes of the data.
    """
    labels = [label for label in event.products if label in goods()]
    if not labels:
        return Held()
    codes: dict[str, None] = {}
    chosen: list[str] = []
    inputs: list[str] = []
    unheld: dict[str, Note] = {}
    named = [material for material, pattern in _patterns() if pattern.search(event.quote)]
    covered: set[str] = set()
    for material in named:
        found = [
            code for stage in material.stages if stage.measurable for code in stage.codes if code in held
        ]
        codes |= dict.fromkeys(found)
        if not found:
            unheld[material.id] = _absent(Name(key=material.id, kind="material"), material)
        covered |= _labels_of(material)
    implied = {other for label in labels for other in goods()[label].implies}
    for label in labels:
        good = goods()[label]
        if label in covered or (label in implied and not _said(label, event.quote)):
            continue
        if good.group.endswith(INPUTS):
            inputs.append(good.group)
        group = good.group and not good.group.endswith(INPUTS)
        found = [code for code in (groups()[good.group].products if group else good.products) if code in held]
        codes |= dict.fromkeys(found)
        if found and group:
            chosen.append(good.group)
        if not found:
            unheld[label] = Note(
                template="the data hold no {good}", values={"good": Note(template=GOODS[label])}
            )
    return Held(tuple(codes), tuple(chosen) if not named else (), tuple(inputs), tuple(unheld.values()))


def _absent(name: Name, material: Material) -> Note:
    why = next((stage.why for stage in material.stages if stage.why is not None), None)
    if why is None:
        return Note(template="the data hold no {good}", values={"good": name})
    return Note(template="the data hold no {good} ({why})", values={"good": name, "why": why})


def _labels_of(material: Material) -> set[str]:
    """Return the labels under which a material falls by name."""
    found = {label for label, good in goods().items() if good.words.search(material.label_en)}
    return found | {other for label in found for other in goods()[label].implies}


def _said(label: str, quote: str) -> bool:
    """Tell whether a text names a label beyond the materials that fall under it."""
    if label == "critical_minerals":
        return re.search(r"critical|strategic|minerals", quote, re.IGNORECASE) is not None
    return False


GOODS = {
    "semiconductors": "chips",
    "critical_minerals": "critical minerals",
    "rare_earths": "rare earths",
    "batteries": "batteries",
    "steel": "steel",
    "aluminium": "aluminium",
    "copper": "copper",
    "timber": "timber",
    "energy": "energy",
    "gas": "natural gas",
    "pharmaceuticals": "medicines",
    "ai": "artificial intelligence",
    "quantum": "quantum technology",
    "telecom": "telecommunications equipment",
    "biotechnology": "biotechnology",
    "space": "space technology",
    "aircraft": "aircraft",
    "ships": "ships",
    "vehicles": "vehicles",
    "food": "food",
    "textiles": "textiles",
    "weapons": "weapons",
}
"""Labels in words."""
