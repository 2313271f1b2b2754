"""How long the importers of a brief last: months, tons, substitutes and comparable events, by material."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from friendshore.answers.brief_limits import concerned
from friendshore.answers.brief_setting import Setting, finding
from friendshore.answers.framing import spans
from friendshore.answers.longevity import longevity
from friendshore.answers.readings import BY_VALUE
from friendshore.disruption.comparable import expectations
from friendshore.disruption.market import default_base_years
from friendshore.errors import FriendshoreError
from friendshore.records import Amount, Finding, Listing, Name, Note, Panel
from friendshore.shocks import Shock
from friendshore.tables.materials import materials

__all__ = [
    "MONTHS",
    "Endured",
    "comparable_events",
    "endurance_panel",
    "endured",
    "goods_named",
    "no_endurance_note",
    "worth",
]

MONTHS = 12
SHOWN, FEW = 10, 5
"""Most goods shown, and how many where none of them ever misses a tenth."""
NAMED = 6
COLUMNS = (
    "material", "stage", "product", "importer", "cut", "supplier_share", "stock_known", "months_to_10pct",
    "missing_3_months_t", "missing_12_months_t", "demand_t", "usable_suppliers", "usable_exports_t",
    "import_bill_rise_usd", "comparable_events", "stages_not_measurable",
)  # fmt: skip

Row = Mapping[str, Any]
Pair = tuple[str, str]
"""(importer, product, or several joined by ``+``)."""


@dataclass(frozen=True, eq=False)
class Endured:
    """Rows of ``longevity`` for each importer alone and all together, and which of the goods are shown."""

    findings: tuple[Finding, ...]
    rows: Mapping[tuple[str, str, str], Row]
    """(goods, importer, cut) -> row; goods are a material, or products."""
    goods: tuple[str, ...]
    """What the importers buy in known tons and what cannot be measured."""
    shown: tuple[str, ...]
    by: str
    lead: str
    years: tuple[int, ...]

    def row(self, goods: str, importer: str = "", cut: str = "aimed") -> Row | None:
        """Return one row, of the lead by default; None where it buys none in known tons."""
        found = self.rows.get((goods, importer or self.lead, cut))
        return None if found is None or found["demand_t"] is None else found

    def missing(self, goods: str) -> float:
        """Part of a year's demand of the lead that is missing under an aimed cut."""
        row = self.row(goods)
        return 0.0 if row is None else row["missing_12_months_t"] / row["demand_t"]

    def short(self, goods: str) -> bool:
        """Tell whether the lead misses a tenth within the run under an aimed cut."""
        row = self.row(goods)
        return row is not None and row["months_to_10pct"] is not None


def endured(setting: Setting, importers: Sequence[str]) -> Endured | None:
    """Ask how long each importer lasts, and all together; None where the data cannot tell."""
    by = kind_of_goods(setting)
    options: dict[str, Any] = {
        "on": setting.on,
        "by": by,
        "months": MONTHS,
        "any_grade": False,
        "world": setting.world,
    }
    found = []
    for names, join in groups_asked(setting, importers):
        found += answers_for(names, options, as_bloc=join)
    rows = {
        (row["material"] if by == "material" else row["product"], row["importer"], row["cut"]): row
        for one in found
        for row in one.rows
        if by == "material" or row["product"] in setting.readings.products
    }
    goods = tuple(dict.fromkeys(key[0] for key in rows))
    known = Endured(tuple(found), rows, goods, (), by, setting.lead, tuple(default_base_years(setting.world)))
    ranked = sorted((g for g in goods if known.row(g)), key=lambda g: (-known.missing(g), g))
    shown = [g for g in ranked if known.short(g)][:SHOWN] or ranked[:FEW]
    if not shown:
        return None
    return Endured(known.findings, known.rows, goods, tuple(shown), by, setting.lead, known.years)


def kind_of_goods(setting: Setting) -> str:
    """Compare materials where all products are asked about and most are a stage of one, else products."""
    stages = {code for m in materials().values() for stage in m.stages for code in stage.codes}
    everything = len(setting.asked) == len(setting.world.products)
    return (
        "material" if everything and 2 * len(stages & set(setting.asked)) > len(setting.asked) else "product"
    )


def groups_asked(setting: Setting, importers: Sequence[str]) -> list[tuple[tuple[str, ...], bool]]:
    """List what to ask: all importers as named, and joined where the brief joins them."""
    if setting.as_bloc:
        return [(tuple(importers), True)]
    return [(tuple(importers), False), *([(tuple(importers), True)] if setting.readings.joint else [])]


def answers_for(names: Sequence[str], options: Mapping[str, Any], *, as_bloc: bool) -> list[Finding]:
    """Ask about all names at once, or one by one where they overlap; what cannot be told is left out."""
    try:
        return [longevity(names, as_bloc=as_bloc, **options)]
    except FriendshoreError:
        if as_bloc or len(names) == 1:
            return []
    return [one for name in names for one in answers_for((name,), options, as_bloc=False)]


def goods_named(known: Endured, goods: Sequence[str]) -> Listing:
    """Goods as a value of a note."""
    return Listing(items=tuple(Name(key=each, kind=known.by) for each in goods))


def endurance_panel(setting: Setting, known: Endured, events: Mapping[Pair, tuple[str, ...]]) -> Panel:
    """Draw up how long the importers last without what matters most."""
    names = setting.readings.names
    rows = []
    for goods in known.shown:
        for importer in names:
            for cut in ("aimed", "world"):
                row = known.rows.get((goods, importer, cut))
                if row is None or row["demand_t"] is None:
                    continue
                told = {"material": None, "stage": None, "stages_not_measurable": None, **row}
                alike = events.get((importer, row["product"]))
                rows.append(told | {"comparable_events": None if alike is None else len(alike)})
    title = title_of(setting, known)
    return Panel(
        id="endurance",
        title=title,
        subtitle=Note(
            template="Months until 10 % is missing · percent of a year's demand missing within twelve months, if all "
            "deliveries from {supplier} stop from the first day: aimed at one importer, or at the world; base "
            "{years}",
            values={"supplier": setting.supplier, "years": spans(known.years)},
        ),
        alt=Note(template="Table of goods by importer and cut, shaded. {title}.", values={"title": title}),
        finding=finding(setting, "brief-endurance", COLUMNS, rows, title),
        notes=tuple(notes(setting, known)),
    )


def title_of(setting: Setting, known: Endured) -> Note:
    """Say how much runs short, and what is missing most."""
    short = [g for g in known.goods if known.short(g)]
    first = known.shown[0]
    row = known.row(first) or {}
    values = {
        "supplier": setting.supplier,
        "importer": Name(key=setting.lead),
        "short": str(len(short)),
        "total": str(sum(known.row(g) is not None for g in known.goods)),
        "goods": Name(key=first, kind=known.by),
        "share": Amount(value=known.missing(first), unit="share"),
        "tons": Amount(value=row.get("missing_12_months_t"), unit="t"),
    }
    if not short:
        return Note(
            template="Without {supplier}, a tenth is missing of none of {total} goods for {importer} within twelve "
            "months",
            values=values,
        )
    if known.by == "product":
        return Note(
            template="Without {supplier}, a tenth and more is missing of {short} of {total} products for {importer}; "
            "most "
            "of {goods}: {tons}, {share} of a year's demand",
            values=values,
        )
    return Note(
        template="Without {supplier}, a tenth and more is missing of {short} of {total} materials for "
        "{importer}; most of "
        "{goods}: {tons}, {share} of a year's demand",
        values=values,
    )


def notes(setting: Setting, known: Endured) -> list[Note]:
    """Say what the figures leave out, and count what is not shown."""
    told = [
        Note(
            template="Stocks are unknown, which is not zero: each lasts at least so long (≥); goods at sea are not "
            "modelled. –: a tenth is never missing in twelve months. Hatched: cannot be measured.",
        )
    ]
    if known.by == "material":
        told.append(
            Note(
                template="● the stage of the material that is shown, its worst measured one; ○ other stages measured."
            )
        )
    short = [g for g in known.goods if known.short(g) and g not in known.shown]
    rest = [g for g in known.goods if known.row(g) and not known.short(g) and g not in known.shown]
    if short:
        told.append(
            Note(
                template="Short by a tenth as well, but not shown: {names}.",
                values={"names": goods_named(known, short)},
            )
        )
    if rest:
        told.append(
            Note(
                template="Others of which a tenth is never missing for {importer} in twelve months: {count}.",
                values={"count": str(len(rest)), "importer": Name(key=setting.lead)},
            )
        )
    asked = {material.id for material in concerned(setting)}
    blind = [g for g in known.goods if known.row(g) is None and (known.by == "product" or g in asked)]
    if blind:
        more = len(blind) - NAMED
        told.append(
            Note(
                template="Not measurable, or not bought in known tons, which is not safe: {names} and {count} more."
                if more > 0
                else "Not measurable, or not bought in known tons, which is not safe: {names}.",
                values={"names": goods_named(known, blind[:NAMED]), "count": str(more)},
            )
        )
    return told


def comparable_events(setting: Setting, known: Endured) -> dict[Pair, tuple[str, ...]]:
    """Name the real events like an aimed cut, by (importer, product as in the row); single countries only."""
    world = setting.world
    countries = [a.name for a in setting.readings.actors if a.is_country and a.name in world.position]
    suppliers = tuple(code for code in setting.suppliers if code in world.position)
    wanted = {
        (importer, row["product"])
        for goods in known.shown
        for importer in countries
        for buyer in (importer, known.lead)
        if (row := known.row(goods, buyer)) is not None
    }
    pairs = sorted({(importer, code) for importer, codes in wanted for code in codes.split("+")})
    pairs = [(importer, code) for importer, code in pairs if code in world.products]
    if not pairs:
        return {}
    shock = Shock(
        id="cut",
        suppliers=suppliers,
        importers=tuple(countries),
        products=tuple(dict.fromkeys(code for _, code in pairs)),
        duration_months=MONTHS,
    )
    try:
        found = expectations(world, (shock,), pairs, known.years, MONTHS)
    except FriendshoreError:
        found = {}
    by_country = {
        (importer, codes): tuple(
            dict.fromkeys(
                event
                for code in codes.split("+")
                if (importer, code) in found
                for event in found[importer, code].events
            )
        )
        for importer, codes in wanted
    }
    if setting.lead in countries or len(countries) < len(setting.readings.actors) - 1:
        return by_country
    # What is comparable for any of the importers that are joined.
    joined = {
        (setting.lead, codes): tuple(
            dict.fromkeys(event for country in countries for event in by_country.get((country, codes), ()))
        )
        for _, codes in wanted
    }
    return by_country | joined


def no_endurance_note(setting: Setting) -> Note:
    """Say that how long the importers last cannot be told."""
    return Note(
        template="How long {importer} lasts without {supplier} cannot be told: the data hold no known tons of what it "
        "buys there in the base years.",
        values={"importer": Name(key=setting.lead), "supplier": setting.supplier},
    )


def worth(setting: Setting, known: Endured, goods: str) -> float:
    """Estimate what the missing goods cost at the prices of the year, dollars."""
    row = known.row(goods)
    if row is None:
        return 0.0
    bought = (
        setting.readings.figure(BY_VALUE, setting.lead, code, "imports_usd")
        for code in row["product"].split("+")
    )
    return known.missing(goods) * sum(usd or 0.0 for usd in bought)
