"""What the data of a brief cannot say: missing stages, absent codes, raw against cleaned tons, unknown production."""

from __future__ import annotations

from collections.abc import Sequence

from friendshore.answers.brief_numbers import suppliers_named
from friendshore.answers.brief_setting import Setting
from friendshore.answers.exposure import exposure
from friendshore.answers.readings import BY_TONS, BY_VALUE, CLEANED, Readings
from friendshore.records import Amount, Column, Finding, Listing, Name, Note, Panel
from friendshore.tables.materials import Material, materials
from friendshore.tables.products import Absent, groups, products

__all__ = ["concerned", "limits", "materials_panel"]

SHIFT = 0.05
"""A share that cleaning moves by more than this is reported."""
NAMED = 6
"""Most names in one sentence."""


def limits(setting: Setting, group: str) -> tuple[Note, ...]:
    """Everything a reader must know before quoting a number, the widest gaps first."""
    notes = [
        stages_note(setting),
        absent_note(setting, group),
        tons_note(setting.readings, setting.on),
        production_note(setting),
        cleaned_note(setting.readings),
        unbought_note(setting),
        year_note(setting),
        Note(
            template="Customs record countries, not firms: who owns the mine, the plant or the cargo is not in the "
            "data, nor are stocks, contracts and what is made at home."
        ),
    ]
    return tuple(note for note in notes if note is not None)


def measurable(material: Material, setting: Setting) -> tuple[list[str], list[str]]:
    """Stages with and without a code that the data hold, as names."""
    held = [s.name for s in material.stages if set(s.codes) & set(setting.world.products)]
    absent = [s.name for s in material.stages if s.name not in held]
    return list(dict.fromkeys(held)), list(dict.fromkeys(absent))


def concerned(setting: Setting) -> list[Material]:
    """Materials of which the products asked about are a stage, or all where nearly everything was asked about."""
    asked = set(setting.readings.products)
    everything = covers_most(setting)
    return [
        m for m in materials().values() if everything or asked & {code for s in m.stages for code in s.codes}
    ]


def covers_most(setting: Setting) -> bool:
    """Tell whether the question is about most of what is a stage of some material in the box."""
    measured = {c for c in known_codes() if c in products()}
    return len(measured & set(setting.readings.products)) > len(measured) / 2


def known_codes() -> set[str]:
    """Codes that are a stage of some material."""
    return {code for m in materials().values() for s in m.stages for code in s.codes}


def stages_note(setting: Setting) -> Note | None:
    """Materials with stages that cannot be measured."""
    chosen = concerned(setting)
    blind = [m for m in chosen if measurable(m, setting)[1]]
    if not blind:
        return None
    wholly = [m for m in blind if not measurable(m, setting)[0]]
    values = {
        "count": str(len(blind)),
        "total": str(len(chosen)),
        **shortlist([m.id for m in wholly], "material", NAMED * 2),
    }
    if wholly:
        return Note(
            template="Stages not measured: {count} of {total} materials have at least one stage that the data do not "
            "hold (named in the table of materials); of {names}{more} they hold none.",
            values=values,
        )
    return Note(
        template="Stages not measured: {count} of {total} materials have at least one stage that the data do not "
        "hold (named in the table of materials).",
        values=values,
    )


def absent_note(setting: Setting, group: str) -> Note | None:
    """Goods that were asked for, or that belong to the lists in the box, and have no code in the data."""
    if not group and not covers_most(setting):
        return None
    chosen = [groups()[group]] if group else list(groups().values())
    absent: dict[str, Absent] = {}
    for one in chosen:
        for item in one.absent:
            absent.setdefault(item.label_en, item)
    if not absent:
        return None
    return Note(
        template="Not in the data at all: {names}{more}.",
        values={
            **shortlist(list(absent), "absent", NAMED * 2),
        },
    )


def shortlist(keys: Sequence[str], kind: str, most: int = NAMED) -> dict[str, object]:
    """Values of a note that name some things, and count the rest."""
    left = len(keys) - most
    return {
        "names": Listing(items=tuple(Name(key=key, kind=kind) for key in keys[:most])),
        "more": Note(template=" (and {count} more)", values={"count": str(left)}) if left > 0 else "",
    }


def tons_note(readings: Readings, on: Sequence[str]) -> Note | None:
    """Products whose share by tons is not known though they are bought."""
    lead = readings.lead.name
    bought = readings.bought(lead)
    unknown = [product for product in bought if readings.share(BY_TONS, lead, product) is None]
    if not unknown:
        return None
    worth = sum(readings.figure(BY_VALUE, lead, product, "imports_usd") for product in unknown)
    return Note(
        template="Tons from {supplier} are not known for {count} of the {total} products bought by {importer} "
        "(imports worth {worth}): {names}{more}. They are n/a wherever tons are used.",
        values={
            "supplier": suppliers_named(on),
            "count": str(len(unknown)),
            "total": str(len(bought)),
            "importer": Name(key=lead),
            "worth": Amount(value=worth, unit="USD"),
            **shortlist(unknown, "product"),
        },
    )


def production_note(setting: Setting) -> Note:
    """Where production narrows the interval, and where it does not."""
    known = [
        p
        for p in setting.readings.products
        if p in setting.world.product_output
        and setting.readings.year in setting.world.product_output[p].years
    ]
    return Note(
        template="Production in a product's own gross tons is known for {count} of {total} products; for the others "
        "it lies between exports less imports and exports, which gives the ranges.",
        values={"count": str(len(known)), "total": str(len(setting.readings.products))},
    )


def cleaned_note(readings: Readings) -> Note:
    """Say what cleaned tons change against tons as published."""
    moves = []
    for importer in readings.names:
        for product in readings.bought(importer):
            raw, cleaned = (
                readings.share(BY_TONS, importer, product),
                readings.share(CLEANED, importer, product),
            )
            if raw is not None and cleaned is not None and abs(raw - cleaned) > SHIFT:
                moves.append((abs(raw - cleaned), importer, product, raw, cleaned))
    if not moves:
        return Note(
            template="Raw against cleaned tons: no share by tons moves by more than 5 points. Raw tons are shown."
        )
    _, importer, product, raw, cleaned = max(moves)
    return Note(
        template="Raw against cleaned tons: {count} shares by tons move by more than 5 points; most that of {product} "
        "for {importer}, from {raw} to {cleaned}. Raw tons are shown.",
        values={
            "count": str(len(moves)),
            "product": Name(key=product, kind="product"),
            "importer": Name(key=importer),
            "raw": Amount(value=raw, unit="share"),
            "cleaned": Amount(value=cleaned, unit="share"),
        },
    )


def unbought_note(setting: Setting) -> Note | None:
    """Products of the question that nobody among the importers bought."""
    lead = setting.readings.lead.name
    bought = set(setting.readings.bought(lead))
    absent = [p for p in setting.asked if p not in bought]
    if not absent:
        return None
    return Note(
        template="{count} of the {total} products asked about were not imported in {year} by {importer}: "
        "{names}{more}. Some codes have ended in the data.",
        values={
            "count": str(len(absent)),
            "total": str(len(setting.asked)),
            "year": str(setting.readings.year),
            "importer": Name(key=lead),
            **shortlist(absent, "product"),
        },
    )


def year_note(setting: Setting) -> Note | None:
    """Newer years that are not complete, and comparison that is not possible."""
    if setting.readings.year_before is None:
        return Note(
            template="The data do not hold the year five years earlier for all importers: changes are not shown."
        )
    return None


def materials_panel(setting: Setting, names: Sequence[str]) -> Panel | None:
    """Worst known stage by material for all importers together."""
    chosen = {m.id: m for m in concerned(setting)}
    if not chosen:
        return None
    asked = setting.readings.products
    told = exposure(
        names,
        on=setting.on,
        world=setting.world,
        as_bloc=setting.readings.joint or setting.as_bloc,
        products=() if len(asked) > len(setting.world.products) * 0.9 else asked,
        by="material",
        years=(setting.readings.year,),
    )
    lead = setting.lead
    rows = []
    for row in told.rows:
        if row["importer"] != lead or row["material"] not in chosen:
            continue
        absent = measurable(chosen[row["material"]], setting)[1]
        rows.append(
            {name: row[name] for name in MATERIAL_COLUMNS[:-1]}
            | {"stages_not_measurable": "; ".join(absent) or None}
        )
    rows.sort(key=lambda r: (-(r["supplier_share"] or -1.0), r["material"]))
    values = {"importer": Name(key=lead), "supplier": setting.supplier, "year": str(setting.readings.year)}
    title = Note(
        template="Worst known stage of each material, and the stages that cannot be measured", values={}
    )
    units = {c.name: c for c in told.columns}
    return Panel(
        id="materials",
        title=title,
        subtitle=Note(
            template="The stage of which {importer} gets the highest share from {supplier}, by value, {year}",
            values=values,
        ),
        alt=title,
        finding=Finding(
            question="brief-materials",
            arguments={"importer": lead, "year": setting.readings.year},
            columns=tuple(
                Column(name=n, unit=units[n].unit, description=units[n].description) for n in MATERIAL_COLUMNS
            ),
            rows=tuple(rows),
            answer=title,
        ),
    )


MATERIAL_COLUMNS = ("material", "stage", "product", "supplier_share", "stages_not_measurable")
