"""Exposure of a material is that of its worst known stage; stages that cannot be measured are named."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from friendshore.answers.measuring import MEASURES, Row
from friendshore.tables.materials import materials
from friendshore.tables.world import World

__all__ = ["by_material"]


def by_material(rows: Sequence[Row], world: World, limited: Collection[str]) -> list[Row]:
    """Keep, for each year, importer and material, the row of its worst known stage.

    ``limited`` are the product codes that were asked for; empty means all materials, those without any
    product in the data included.
    """
    by_key: dict[tuple[int, str], dict[str, Row]] = {}
    for row in rows:
        by_key.setdefault((row["year"], row["importer"]), {})[row["product"]] = row
    result: list[Row] = []
    for (year, importer), of_product in by_key.items():
        for key, material in materials().items():
            codes = {code for stage in material.stages for code in stage.codes}
            if limited and not codes & set(limited):
                continue
            result.append(worst_stage(key, year, importer, of_product, world))
    return result


def worst_stage(key: str, year: int, importer: str, of_product: Mapping[str, Row], world: World) -> Row:
    """Build one row of a material from the product with the highest share of the supplier."""
    best: tuple[float, str, str] | None = None
    seen: list[str] = []
    unseen: list[str] = []
    for stage in materials()[key].stages:
        codes = [c for c in stage.codes if c in world.products and stage.measurable_in(year)]
        (seen if codes else unseen).append(f"{stage.name} ({stage.label_en})")
        for code in codes:
            row = of_product.get(code)
            if row is None:
                continue
            share = row["supplier_share"] if row["supplier_share"] is not None else -1.0
            if best is None or (share, code) > best[:2]:
                best = (share, code, stage.name)
    result: Row = dict.fromkeys(("product", "product_name", *MEASURES))
    if best:
        result.update(of_product[best[1]])
    return result | {
        "year": year,
        "importer": importer,
        "material": key,
        "stage": best[2] if best else None,
        "stages_measured": "; ".join(seen) or None,
        "stages_not_measurable": "; ".join(unseen) or None,
    }
