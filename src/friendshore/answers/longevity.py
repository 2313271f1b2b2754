"""How long we last: months until a tenth is missing, cut off alone and with the world."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from friendshore.answers.actors import importers_of, refuse_overlap, supplier_set
from friendshore.answers.framing import (
    chosen_products,
    command_line,
    data_option,
    known,
    opened,
    refuse_unknown_choice,
    sources_of,
)
from friendshore.answers.settings import market_for, nodes_of, refuse_without_tons
from friendshore.disruption.longevity import Endurance, MaterialEndurance, longevity_of_materials
from friendshore.disruption.longevity import longevity as of_products
from friendshore.disruption.market import default_base_years
from friendshore.errors import ArgumentError
from friendshore.parameters import Parameters, assumptions_of
from friendshore.records import Finding, Listing, Name, Note
from friendshore.shocks import StockCover
from friendshore.tables.schemas import columns
from friendshore.tables.world import World

__all__ = ["longevity"]

MEASURED = (
    "supplier_share", "stock_known", "cover_days", "months_to_10pct", "missing_3_months_t", "missing_12_months_t",
    "peak_shortage_share", "demand_t", "replaced_share", "replaced_share_any_grade", "usable_suppliers",
    "usable_exports_t", "import_bill_rise_usd", "rationed_months",
)  # fmt: skip
BY_PRODUCT = ("importer", "cut", "product", *MEASURED)
BY_MATERIAL = ("importer", "cut", "material", "stage", "product", *MEASURED, "stages_not_measurable")


def longevity(
    importers: Sequence[str],
    *,
    on: Sequence[str],
    by: str = "material",
    products: Sequence[str] = (),
    materials: Sequence[str] = (),
    cover_days: float | None = None,
    lost_share: float = 1.0,
    months: int = 24,
    as_bloc: bool = False,
    quantities: str = "cleaned",
    any_grade: bool = True,
    world: World | str | Path = "raw-materials",
) -> Finding:
    """Tell how long importers last without some suppliers, cut off alone and with the world.

    All products stop at once, from the first month to the end of the run.

    Parameters
    ----------
    importers
        ISO3 codes or bloc names; a bloc is one importer.
    on
        Suppliers that stop, ISO3 codes or bloc names.
    by
        ``material``: one row a material, that of its worst measured stage; or ``product``.
    products, materials
        Which to report; all by default.
    cover_days
        Stock of each importer in days of base demand; None is unknown, which is not zero.
    lost_share
        Part of the flow that stops, 0 to 1.
    months
        Length of the run, at least 12.
    as_bloc
        Join all importers into one, named ``A+B``.
    quantities
        ``cleaned`` tons (without outliers), or ``raw``.
    any_grade
        Whether to run each cut a second time for ``replaced_share_any_grade``; without it that column is None.
    world
        An opened world, or the name or folder of a data set.

    Returns
    -------
    Finding
        Columns of ``longevity`` in the data dictionary, two rows (``aimed`` and ``world``) for each importer and
        material or product. ``months_to_10pct`` is None where a tenth is never missing within the run.
    """
    refuse_unknown_choice("by", by, ("material", "product"))
    refuse_unknown_choice("quantities", quantities, ("cleaned", "raw"))
    if not on:
        raise ArgumentError("Nobody was named who stops.", code="no_supplier", hint="Add it, as --on AUS.")
    opened_world = opened(world)
    years = default_base_years(opened_world)
    actors = importers_of(importers, opened_world, as_bloc=as_bloc)
    suppliers = supplier_set(on, opened_world, max(years))
    for actor in actors:
        refuse_overlap(actor, suppliers, max(years))
    codes = chosen_products(products, "", opened_world) if products else ()
    nodes = nodes_of(actors, opened_world, years)
    market = market_for(opened_world, nodes, years, quantities)
    refuse_without_tons(market, codes, codes)
    stocks = tuple(StockCover(importer=actor.name, days=cover_days) for actor in actors)
    names = [actor.name for actor in actors]
    sellers = nodes.expand(on, opened_world, "supplier")
    run: dict[str, Any] = {
        "stocks": stocks,
        "months": months,
        "lost_share": lost_share,
        "any_grade": any_grade,
    }
    rows = (
        [
            {"importer": row.importer, "cut": row.cut, "product": row.product, **_measured(row)}
            for row in of_products(market, names, sellers, products=codes, **run)
        ]
        if by == "product"
        else [
            _material(row)
            for row in longevity_of_materials(market, names, sellers, materials=materials, **run)
        ]
    )
    chosen = BY_PRODUCT if by == "product" else BY_MATERIAL
    order = {name: place for place, name in enumerate(names)}
    rows.sort(key=lambda r: (order[r["importer"]], r["cut"], _first(r), r.get("material") or r["product"]))
    return Finding(
        question="longevity",
        arguments={
            "importers": names, "on": list(on), "by": by, "products": list(products), "materials": list(materials),
            "cover_days": cover_days, "lost_share": lost_share, "months": months, "quantities": quantities,
            "base_years": list(years), "data": opened_world.name,
        },
        columns=columns("longevity", chosen),
        rows=tuple({name: row[name] for name in chosen} for row in rows),
        answer=_sentence(rows, names, on, by),
        sources=sources_of(opened_world, "trade", "production"),
        assumptions=assumptions_of(Parameters()),
        caveats=_caveats(names if cover_days is None else []),
        command=command_line(
            "stress",
            importers,
            {
                "on": list(on), "product": list(codes or market.products), "months": months, "as_bloc": as_bloc,
                "cover_days": f"{cover_days:g}" if cover_days is not None else "", "data": data_option(world),
            },
        ),
    )  # fmt: skip


def _measured(row: Endurance | None) -> dict[str, Any]:
    return {name: None if row is None else known(getattr(row, name)) for name in MEASURED}


def _material(row: MaterialEndurance) -> dict[str, Any]:
    absent = dict.fromkeys(stage for stage, *_ in row.not_measurable)
    return {
        "importer": row.importer,
        "cut": row.cut,
        "material": row.material,
        "stage": row.stage or None,
        "product": row.worst.product if row.worst else None,
        **_measured(row.worst),
        "stages_not_measurable": "; ".join(absent) or None,
    }


def _first(row: dict[str, Any]) -> tuple[float, float]:
    """Sort what runs out first to the top, then what misses most, then what is not known."""
    if row["demand_t"] is None:
        return float("inf"), 1.0
    until = row["months_to_10pct"]
    return (1e9 if until is None else until), -row["missing_12_months_t"] / row["demand_t"]


def _sentence(rows: Sequence[dict[str, Any]], names: Sequence[str], on: Sequence[str], by: str) -> Note:
    counts = []
    for name in names:
        own = [r for r in rows if r["importer"] == name and r["cut"] == "aimed" and r["demand_t"] is not None]
        short = sum(r["months_to_10pct"] is not None and r["months_to_10pct"] <= 3 for r in own)
        values = {"importer": Name(key=name), "part": short, "whole": len(own)}
        counts.append(Note(template="{importer} {part} of {whole}", values=values))
    template = (
        "Materials of which a tenth is missing within three months if {supplier} cuts this importer off alone, at "
        "the worst measured stage: {counts}."
        if by == "material"
        else "Products of which a tenth is missing within three months if {supplier} cuts this importer off alone: "
        "{counts}."
    )
    supplier = Listing(items=tuple(Name(key=key) for key in on))
    return Note(template=template, values={"supplier": supplier, "counts": Listing(items=tuple(counts))})


def _caveats(unknown: Sequence[str]) -> tuple[Note, ...]:
    notes = [
        Note(
            template="Not measurable is not safe: of a material the worst stage that the data hold is shown; the "
            "others are named."
        )
    ]
    if unknown:
        notes.append(
            Note(
                template="Stock of {importers} is unknown, which is not zero: the run holds none, so they last at "
                "least as long as it says.",
                values={"importers": Listing(items=tuple(Name(key=name) for name in unknown))},
            )
        )
    return tuple(notes)
