"""Which products, groups and materials can be named, and what the data do not hold, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from friendshore.answers.framing import command_line, opened
from friendshore.records import Finding, Note
from friendshore.tables.materials import materials
from friendshore.tables.products import Absent, find_products, groups, search_key
from friendshore.tables.products import products as labelled
from friendshore.tables.schemas import columns
from friendshore.tables.sources import sources
from friendshore.tables.world import World

__all__ = ["products"]

_SOURCES = ("friendshore_products", "friendshore_materials", "friendshore_groups")


def products(text: str = "", *, world: World | str | Path = "raw-materials") -> Finding:
    """Search products, groups and materials, and what is absent.

    Parameters
    ----------
    text
        Words in English or Japanese, or the first digits of a code; everything in the data by default.
    world
        An opened world, or the name or folder of a data set.

    Returns
    -------
    Finding
        A row a product, group, material or absent product; ``in_data`` tells whether these data hold it.
    """
    opened_world = opened(world)
    wanted = " ".join(text.split())
    held = set(opened_world.products)
    rows = [*_product_rows(wanted, held), *_group_rows(wanted, held), *_material_rows(wanted, held)]
    rows += _absent_rows(wanted)
    answer = (
        Note(
            template="{count} entries match {text}; {held} of them are in {data}.",
            values={
                "count": len(rows),
                "text": wanted,
                "held": sum(row["in_data"] for row in rows),
                "data": opened_world.name,
            },
        )
        if wanted
        else Note(
            template="{data} holds {count} products, coded in {hs}.",
            values={"data": opened_world.name, "count": len(held), "hs": opened_world.hs},
        )
    )
    return Finding(
        question="products",
        arguments={"text": wanted, "data": opened_world.name},
        columns=columns("products"),
        rows=tuple(rows),
        answer=answer,
        sources=tuple(sources()[name] for name in _SOURCES),
        command=command_line("products", wanted.split(), {}),
    )


def _matches(wanted: str, names: Iterable[str]) -> bool:
    keys = [search_key(name) for name in names if name]
    return all(any(word in key for key in keys) for word in search_key(wanted).split())


def _row(
    kind: str, code: str | None, names: tuple[str, str | None], in_data: bool, **more: str
) -> dict[str, Any]:
    return {
        "kind": kind,
        "code": code,
        "name_en": names[0],
        "name_ja": names[1],
        "stage": more.get("stage") or None,
        "in_data": in_data,
        "products": more.get("products") or None,
        "note": more.get("note") or None,
    }


def _product_rows(wanted: str, held: set[str]) -> list[dict[str, Any]]:
    """Products with a label of ours, and codes of the opened data that have none."""
    rows = [
        _row("product", p.code, (p.label_en, p.label_ja), p.code in held, stage=p.stage, note=p.note)
        for p in find_products(wanted)
        if wanted or p.code in held
    ]
    return rows + [
        _row("product", code, (code, None), True)
        for code in sorted(held - set(labelled()))
        if code.startswith(wanted)
    ]


def _group_rows(wanted: str, held: set[str]) -> list[dict[str, Any]]:
    return [
        _row(
            "group", g.name, (g.label_en, g.label_ja), bool(held & set(g.products)), products="; ".join(g.products),
            note=g.note,
        )
        for g in groups().values()
        if _matches(wanted, (g.name, g.label_en, g.label_ja))
    ]  # fmt: skip


def _material_rows(wanted: str, held: set[str]) -> list[dict[str, Any]]:
    rows = []
    for m in materials().values():
        if _matches(wanted, (m.id, m.label_en, m.label_ja, m.symbol)):
            codes = list(dict.fromkeys(code for stage in m.stages for code in stage.codes))
            rows.append(
                _row(
                    "material",
                    m.id,
                    (m.label_en, m.label_ja),
                    bool(held & set(codes)),
                    products="; ".join(codes),
                )
            )
    return rows


def _absent_rows(wanted: str) -> list[dict[str, Any]]:
    """List what a search finds that no data of ours can show, with the reason."""
    if not wanted:
        return []
    found: Mapping[str, Absent] = {
        absent.label_en: absent
        for group in groups().values()
        for absent in group.absent
        if _matches(wanted, (absent.label_en, absent.label_ja, *absent.keywords, *absent.codes))
    }
    return [
        _row(
            "absent", "; ".join(a.codes) or None, (a.label_en, a.label_ja), False,
            note=f"{a.why}; {a.note}" if a.note else str(a.why),
        )
        for a in found.values()
    ]  # fmt: skip
