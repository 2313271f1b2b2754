"""The pictures of a brief: each a finding with its title, what it measures, and words for those who cannot see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from friendshore.answers.brief_setting import Setting, finding
from friendshore.answers.brief_traced import traced_panel
from friendshore.answers.flows import (
    OtherBuyer,
    Supply,
    basket_share,
    concentration_history,
    other_buyers,
    suppliers_of,
)
from friendshore.answers.readings import BEFORE, BY_VALUE, Readings
from friendshore.records import Amount, Listing, Name, Note, Panel

__all__ = ["panels"]

THRESHOLD = 0.4
"""Concentration above which the Commission's indicator 1 and GeoDep's criteria 1 and 2 call imports concentrated
(methods 1.1 and 1.4)."""
SERIES, BUYERS = 6, 10
"""Most panels of the picture over time, and most other buyers."""


def panels(setting: Setting) -> tuple[Panel, ...]:
    """Draw up all pictures that the data allow."""
    made = (suppliers_panel, traced_panel, concentration_panel, heat_panel, others_panel)
    return tuple(panel for make in made if (panel := make(setting)) is not None)


def suppliers_panel(setting: Setting) -> Panel:
    """Map of suppliers."""
    supplies = suppliers_of(
        setting.world, setting.readings.lead, setting.readings.year, setting.readings.products
    )
    title = suppliers_title(setting, supplies)
    rows = [
        {"supplier": s.supplier, "share": s.share, "products_led": s.led, "imports_usd": s.imports_usd}
        for s in supplies
    ]
    return Panel(
        id="suppliers",
        title=title,
        subtitle=Note(
            template="Share of the imports of {importer} by country of supply, by value, mean over {count} products "
            "each counting the same, {year}",
            values=title.values,
        ),
        alt=Note(template="Map of the world. {title}.", values={"title": title}),
        finding=finding(
            setting, "brief-suppliers", ("supplier", "share", "products_led", "imports_usd"), rows, title
        ),
        notes=(
            Note(
                template="Grey: darker where more is supplied (from 1, 3 and 10 %). Boundaries are those of the map's "
                "source (Natural Earth, 1:110m) and imply no position."
            ),
        ),
    )


def suppliers_title(setting: Setting, supplies: Sequence[Supply]) -> Note:
    """Say how much the suppliers of concern supply, and who is next or ahead."""
    concern = sum(s.share for s in supplies if s.supplier in setting.suppliers)
    others = [s for s in supplies if s.supplier not in setting.suppliers]
    values: dict[str, Any] = {
        "supplier": setting.supplier,
        "share": Amount(value=concern, unit="share"),
        "count": str(len(setting.readings.bought(setting.lead))),
        "importer": Name(key=setting.lead),
        "year": str(setting.readings.year),
    }
    if not others:
        return Note(
            template="{supplier} supplies {share} of the average product; nobody else supplies any",
            values=values,
        )
    values |= {
        "other": Name(key=others[0].supplier),
        "other_share": Amount(value=others[0].share, unit="share"),
    }
    return Note(
        template="{supplier} supplies {share} of the average product, more than anyone else; next is {other} "
        "with {other_share}"
        if concern >= others[0].share
        else "{supplier} supplies {share} of the average product; the largest supplier is {other} with "
        "{other_share}",
        values=values,
    )


def concentration_panel(setting: Setting) -> Panel:
    """Concentration over time."""
    readings, lead = setting.readings, setting.lead
    chosen = sorted(
        setting.at_issue(), key=lambda p: (-(readings.figure(BY_VALUE, lead, p, "imports_usd") or 0.0), p)
    )[:SERIES]
    history = concentration_history(setting.world, readings.actors, chosen)
    rows = [
        {"product": h.product, "importer": h.importer or None, "year": year, "import_hhi": hhi}
        for h in history
        for year, hhi in h.hhi.items()
    ]
    above = over_threshold(readings, BY_VALUE)
    values = {
        "importer": Name(key=lead),
        "above": str(above),
        "total": str(len(readings.bought(lead))),
        "threshold": f"{THRESHOLD:g}",
        "before": str(over_threshold(readings, BEFORE)),
        "total_before": str(len(readings.bought(lead, BEFORE))),
        "year": str(readings.year),
        "year_before": str(readings.year_before),
        "period": period(setting.world.years),
        "count": str(len(chosen)),
        "supplier": setting.supplier,
    }
    title = Note(
        template="For {importer}, {above} of {total} products lie above the rules' threshold of {threshold}; in "
        "{year_before} it was {before} of {total_before}"
        if readings.year_before
        else "For {importer}, {above} of {total} products lie above the rules' threshold of {threshold}",
        values=values,
    )
    return Panel(
        id="concentration",
        title=title,
        subtitle=Note(
            template="Concentration of suppliers (Herfindahl-Hirschman index, by value, 0 many to 1 one), {period}; "
            "the products most at issue with the largest imports",
            values=values,
        ),
        alt=Note(
            template="Lines over years in {count} small charts. {title}.", values={"title": title, **values}
        ),
        finding=finding(
            setting, "brief-concentration", ("product", "importer", "year", "import_hhi"), rows, title
        ),
        notes=(
            Note(
                template="Dashed: the threshold of 0.4 in the European Commission's indicator 1 (2021) and in CEPII "
                "GeoDep's criteria 1 and 2. Dotted grey: the world's exporters."
            ),
        ),
    )


def period(years: Sequence[int]) -> Note | str:
    """Write the first and last year, or the only one."""
    if len(years) == 1:
        return str(years[0])
    return Note(template="{first} to {last}", values={"first": str(years[0]), "last": str(years[-1])})


def over_threshold(readings: Readings, reading: str) -> int:
    """Count the products whose imports are more concentrated than the rules' threshold."""
    lead = readings.lead.name
    return sum(
        (readings.figure(reading, lead, product, "import_hhi") or 0.0) > THRESHOLD
        for product in readings.bought(lead, reading)
    )


def heat_panel(setting: Setting) -> Panel:
    """Products by member."""
    readings = setting.readings
    ranked = sorted(
        readings.products,
        key=lambda p: (-max(readings.share(BY_VALUE, i, p) or 0.0 for i in readings.names), p),
    )
    rows = [
        {
            "product": product,
            "importer": importer,
            "supplier_share": readings.share(BY_VALUE, importer, product),
            "imports_usd": readings.figure(BY_VALUE, importer, product, "imports_usd"),
            "import_hhi": readings.figure(BY_VALUE, importer, product, "import_hhi"),
            "top_supplier": readings.figure(BY_VALUE, importer, product, "top_supplier"),
        }
        for product in ranked
        for importer in readings.names
    ]
    title = heat_title(setting)
    values = {"supplier": setting.supplier, "year": str(readings.year)}
    return Panel(
        id="heat",
        title=title,
        subtitle=Note(
            template="Share of imports that comes directly from {supplier}, percent, by value, {year}",
            values=values,
        ),
        alt=Note(
            template="Table of shares by product and importer, shaded. {title}. Highest: {product} for {importer}, "
            "{share}.",
            values={"title": title, **highest(rows)},
        ),
        finding=finding(
            setting,
            "brief-heat",
            ("product", "importer", "supplier_share", "imports_usd", "import_hhi", "top_supplier"),
            rows,
            title,
        ),
        notes=(Note(template="Hatched: no imports in the year, or a share that is not known."),),
    )


def highest(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Values of a note about the row with the highest share."""
    top = max(rows, key=lambda row: -1.0 if row["supplier_share"] is None else row["supplier_share"])
    return {
        "product": Name(key=top["product"], kind="product"),
        "importer": Name(key=top["importer"]),
        "share": Amount(value=top["supplier_share"], unit="share"),
    }


def heat_title(setting: Setting) -> Note:
    """Say which products are at issue for every importer."""
    readings = setting.readings
    alone = readings.names[:-1] if readings.joint else readings.names
    common = [
        product
        for product in readings.above_half(BY_VALUE, alone[0])
        if all((readings.share(BY_VALUE, name, product) or 0.0) > 0.5 for name in alone)
    ]
    named = Listing(items=tuple(Name(key=product, kind="product") for product in common[:3]))
    values = {
        "count": str(len(common)),
        "names": named,
        "supplier": setting.supplier,
        "more": str(len(common) - 3),
    }
    if len(alone) == 1:
        template = (
            "More than half comes from {supplier} in {names} and {more} more"
            if len(common) > 3
            else "More than half comes from {supplier} in {names}"
        )
        return Note(
            template=template if common else "No product comes from {supplier} by more than half",
            values=values,
        )
    if not common:
        return Note(
            template="No product comes from {supplier} by more than half for every importer", values=values
        )
    return Note(
        template="More than half comes from {supplier} for every importer in {names} and {more} more"
        if len(common) > 3
        else "More than half comes from {supplier} for every importer in {names}",
        values=values,
    )


def others_panel(setting: Setting) -> Panel | None:
    """Who else depends on the same supplier."""
    readings, basket = setting.readings, setting.at_issue()
    others = other_buyers(
        setting.world,
        readings.year,
        basket,
        suppliers=setting.suppliers,
        members=setting.members,
        most=BUYERS,
    )
    own = [basket_share(setting.world, a, readings.year, basket, setting.suppliers) for a in readings.actors]
    if not others:
        return None
    rows = [
        {
            "importer": o.importer,
            "supplier_share": o.share,
            "imports_usd": o.imports_usd,
            "supplied_usd": o.supplied_usd,
            "products_above_half": o.above_half,
        }
        for o in sorted((*others, *(o for o in own if o is not None)), key=lambda o: (-o.share, o.importer))
    ]
    title = others_title(setting, others, own[-1])
    return Panel(
        id="others",
        title=title,
        subtitle=Note(
            template="Share of imports of {products} products that comes directly from {supplier}, by value, {year}; "
            "the products of which {importer} gets more than half from {supplier}"
            if readings.above_half(BY_VALUE, setting.lead)
            else "Share of imports of {products} products that comes directly from {supplier}, by value, {year}; the "
            "products of which {importer} gets most from {supplier}",
            values=title.values,
        ),
        alt=Note(template="Bars by importer. {title}.", values={"title": title}),
        finding=finding(
            setting,
            "brief-others",
            ("importer", "supplier_share", "imports_usd", "supplied_usd", "products_above_half"),
            rows,
            title,
        ),
    )


def others_title(setting: Setting, others: Sequence[OtherBuyer], lead: OtherBuyer | None) -> Note:
    """Say who among the other buyers depends most."""
    return Note(
        template="Of the {count} largest other buyers, {first} depends most on {supplier}: {first_share} of the same "
        "goods, against {share} for {importer}"
        if len(others) > 1
        else "The only other buyer, {first}, gets {first_share} of the same goods from {supplier}, against {share} "
        "for {importer}",
        values={
            "count": str(len(others)),
            "supplier": setting.supplier,
            "importer": Name(key=setting.lead),
            "share": Amount(value=lead.share if lead else None, unit="share"),
            "products": str(len(setting.at_issue())),
            "year": str(setting.readings.year),
            "first": Name(key=others[0].importer),
            "first_share": Amount(value=others[0].share, unit="share"),
        },
    )
