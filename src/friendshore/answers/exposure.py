"""Exposure: what importers depend on, on whom, directly and through third countries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from friendshore.answers.actors import (
    Actor,
    importers_of,
    no_imports,
    one_or_more,
    refuse_absent,
    refuse_overlap,
    supplier_set,
)
from friendshore.answers.framing import (
    chosen_products,
    chosen_years,
    command_line,
    data_option,
    opened,
    refuse_unknown_choice,
    revision_notes,
    sources_of,
    spans,
)
from friendshore.answers.measuring import MEASURES, Row, rows_of_year
from friendshore.answers.stages import by_material
from friendshore.errors import ArgumentError, MissingDataError
from friendshore.records import Amount, Assumption, Finding, Listing, Name, Note
from friendshore.tables.schemas import columns
from friendshore.tables.world import World

__all__ = ["exposure"]

COLUMNS = ("year", "importer", "product", "product_name", *MEASURES)
MATERIAL_COLUMNS = (
    "year", "importer", "material", "stage", "product", "product_name", *MEASURES, "stages_measured",
    "stages_not_measurable",
)  # fmt: skip


def exposure(
    importers: str | Sequence[str],
    *,
    on: str | Sequence[str],
    world: World | str | Path = "raw-materials",
    as_bloc: bool = False,
    products: str | Sequence[str] = (),
    group: str = "",
    by: str = "product",
    years: Sequence[int] = (),
    basis: str = "value",
    quantities: str = "raw",
) -> Finding:
    """Measure what importers buy, how concentrated it is, and how much of it one supplier holds.

    Parameters
    ----------
    importers
        ISO3 codes or bloc names, listed one by one; a bloc is one importer with its members as of 31
        December of the year, flows among them dropped.
    on
        Suppliers of concern, ISO3 codes or bloc names; together they count as one supplier.
    world
        An opened world, or the name or folder of a data set.
    as_bloc
        Join all importers into one, named ``A+B``.
    products, group
        Product codes, or the name of a product group; all products by default.
    by
        ``product``, or ``material``: one row a material, that of its worst known stage (the product
        with the highest share of the supplier), beside the stages that cannot be measured.
    years
        One row a year; the newest year with full data by default.
    basis
        ``value`` (current US dollars) or ``quantity`` (tons) for shares and concentration.
    quantities
        ``raw`` tons as published, or ``cleaned``.

    Returns
    -------
    Finding
        Columns of ``exposure`` in the data dictionary. Shares and indices lie between 0 and 1 and are
        None without (known) imports. ``supplier_share_traced_low`` and ``_high`` bound the share of
        import tons that originates in or passed through the supplier.

    Raises
    ------
    ArgumentError
        Unknown names, years without data, an importer that is (or holds) the supplier.
    MissingDataError
        ``no_imports`` where an importer buys nothing at all in any of the years.
    """
    importers, on, products = one_or_more(importers), one_or_more(on), one_or_more(products)
    refuse_unknown_choice("by", by, ("product", "material"))
    refuse_unknown_choice("basis", basis, ("value", "quantity"))
    refuse_unknown_choice("quantities", quantities, ("raw", "cleaned"))
    if not on:
        raise ArgumentError(
            "No supplier of concern was named.", code="no_supplier", hint="Add it, as --on AUS."
        )
    opened_world = opened(world)
    chosen = chosen_years(years, opened_world)
    codes = chosen_products(products, group, opened_world)
    actors = importers_of(importers, opened_world, as_bloc=as_bloc)
    explicit = bool(products)
    rows: list[Row] = []
    doubts: Counter[str] = Counter()
    # In a run of years an importer may be missing from some of them, as a country younger than the run is.
    without: list[tuple[str, int]] = []
    for year in chosen:
        suppliers = supplier_set(on, opened_world, year)
        for actor in actors:
            refuse_absent(actor, opened_world, year)
            refuse_overlap(actor, suppliers, year)
        rows += rows_of_year(
            opened_world, year, actors, suppliers, codes, basis, quantities, doubts, explicit,
            without if len(chosen) > 1 else None,
        )  # fmt: skip
    gaps = {a: [year for name, year in without if name == a.name] for a in actors}
    for actor, years_without in gaps.items():
        if len(years_without) == len(chosen):
            raise no_imports(actor, f"no row of {opened_world.name} in {spans(chosen)} names it as importer")
    if by == "material":
        rows = by_material(rows, opened_world, codes if products or group else ())
        if not rows:
            raise MissingDataError(
                f"No material holds any of {', '.join(codes[:5])}.",
                code="no_material",
                hint="Ask by product instead: leave --by material out.",
            )
    order = {actor.name: place for place, actor in enumerate(actors)}
    rows.sort(
        key=lambda r: (r["year"], order[r["importer"]], -(r["supplier_share"] or -1), r["product"] or "~")
    )
    names = COLUMNS if by == "product" else MATERIAL_COLUMNS
    arguments = {
        "importers": [a.name for a in actors],
        "on": list(on),
        "as_bloc": as_bloc,
        "products": list(codes),
        "group": group or None,
        "by": by,
        "years": list(chosen),
        "basis": basis,
        "quantities": quantities,
        "data": opened_world.name,
    }
    return Finding(
        question="exposure",
        arguments=arguments,
        columns=columns("exposure", names),
        rows=tuple({name: row[name] for name in names} for row in rows),
        answer=sentence(rows, chosen[-1], actors, on, basis, by),
        sources=sources_of(opened_world, "trade", "production"),
        assumptions=assumptions(),
        caveats=(
            *caveats(doubts, opened_world),
            *(
                Note(
                    template="{importer} bought nothing in {years}.",
                    values={"importer": Name(key=actor.name), "years": spans(years_without)},
                )
                for actor, years_without in gaps.items()
                if years_without
            ),
            *(revision_notes(opened_world) if group or by == "material" else ()),
        ),
        command=command_line(
            "exposure",
            importers,
            {
                "on": list(on),
                "as_bloc": as_bloc,
                "product": list(products),
                "group": group,
                "by": by if by != "product" else "",
                "year": chosen[0] if len(chosen) == 1 else None,
                "years": f"{chosen[0]}-{chosen[-1]}" if len(chosen) > 1 else None,
                "basis": basis if basis != "value" else "",
                "quantities": quantities if quantities != "raw" else "",
                "data": data_option(world),
            },
        ),
    )


def sentence(
    rows: Sequence[Row], year: int, actors: Sequence[Actor], on: Sequence[str], basis: str, by: str
) -> Note:
    """Answer in one sentence, about the last year."""
    last = [r for r in rows if r["year"] == year and r["supplier_share"] is not None]
    supplier = Listing(items=tuple(Name(key=name) for name in on))
    if len(actors) == 1 and len(last) == 1:
        row = last[0]
        values = {
            "importer": Name(key=row["importer"]),
            "share": Amount(value=row["supplier_share"], unit="share"),
            "product": Name(key=row["product"], kind="product"),
            "supplier": supplier,
            "year": str(year),
            "traced": Amount(
                value=row["supplier_share_traced_low"], high=row["supplier_share_traced_high"], unit="share"
            ),
        }
        return Note(
            template="{importer} bought {share} of its {product} from {supplier} in {year}, by value; in tons, "
            "{traced} of what it bought originated in or passed through {supplier}."
            if basis == "value"
            else "{importer} bought {share} of its {product} from {supplier} in {year}, by tons; {traced} of what "
            "it bought originated in or passed through {supplier}.",
            values=values,
        )
    counts = []
    for actor in actors:
        own = [r for r in last if r["importer"] == actor.name]
        over = sum(r["supplier_share"] > 0.5 for r in own)
        count = {"importer": Name(key=actor.name), "part": over, "whole": len(own)}
        counts.append(Note(template="{importer} {part} of {whole}", values=count))
    template = (
        "Materials of which more than half came from {supplier} in {year} at the worst known stage: {counts}."
        if by == "material"
        else "Products of which more than half came from {supplier} in {year}: {counts}."
    )
    return Note(
        template=template,
        values={"supplier": supplier, "year": str(year), "counts": Listing(items=tuple(counts))},
    )


def assumptions() -> tuple[Assumption, ...]:
    """Assumptions behind the traced shares."""
    return (
        Assumption(
            text=Note(
                template="Look-through: what a country makes and what it buys form one pool, and its exports "
                "and its own use draw on that pool in proportion."
            ),
            source="after Kastner, Kastner and Nonhebel 2011, Ecological Economics 70, 1032-1040",
        ),
        Assumption(
            text=Note(
                template="Shares in tons stand where at most 5 % of what the supplier ships, in dollars, has no "
                "tons beside it; beyond that they are not known."
            )
        ),
        Assumption(
            text=Note(
                template="Where production in a product's own gross tons is not known, it lies between "
                "exports less imports and exports; the two ends give the interval."
            )
        ),
    )


def caveats(doubts: Mapping[str, int], world: World) -> tuple[Note, ...]:
    """Turn the counted doubts into sentences."""
    notes = []
    if doubts["unknown links"]:
        notes.append(
            Note(
                template="Links whose tons the source does not give: {count}; tons, traced shares and figures "
                "by quantity rest on the others.",
                values={"count": str(doubts["unknown links"])},
            )
        )
    if doubts["raised production"]:
        notes.append(
            Note(
                template="Reported production below exports less imports, raised to it: {count} times.",
                values={"count": str(doubts["raised production"])},
            )
        )
    if not world.product_output:
        notes.append(
            Note(
                template="No production table: net import reliance is not known and traced shares are wider."
            )
        )
    return tuple(notes)
