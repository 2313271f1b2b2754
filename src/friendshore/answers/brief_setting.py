"""What all pictures of a brief share: the world, the readings, the columns of their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from friendshore.answers.brief_numbers import suppliers_named
from friendshore.answers.readings import BY_VALUE, Readings
from friendshore.records import Column, Finding, Listing, Note
from friendshore.tables.world import World

__all__ = ["Setting", "finding"]

COLUMNS: Mapping[str, tuple[str, str]] = {
    "supplier": ("", "Country that supplies."),
    "share": (
        "share",
        "Mean over the products of its share of imports by value, each product counting the same.",
    ),
    "products_led": ("count", "Products of which it is the largest supplier."),
    "imports_usd": ("USD", "Imports from everyone outside the importer, current US dollars."),
    "product": ("", "HS code."),
    "importer": ("", "Country or bloc that buys."),
    "supplier_share": ("share", "Share of imports that comes directly from the suppliers of concern."),
    "supplier_share_traced_low": (
        "share",
        "Lower end of the share that originates in or passed through them.",
    ),
    "supplier_share_traced_high": (
        "share",
        "Upper end of the share that originates in or passed through them.",
    ),
    "via": ("", "Third country that carries most of the hidden part."),
    "year": ("year", "Calendar year."),
    "import_hhi": ("index", "Herfindahl-Hirschman index of suppliers by value, 0 to 1."),
    "world_export_hhi": ("index", "The same index of the world's exporters."),
    "top_supplier": ("", "Largest direct supplier."),
    "supplied_usd": ("USD", "Imports from the suppliers of concern, current US dollars."),
    "material": ("", "Material; empty where products are compared."),
    "stage": ("", "The stage of the material that runs out first, then misses most."),
    "cut": ("", "Whom the stop strikes: aimed (this importer alone) or world (everybody)."),
    "stock_known": ("", "Whether the stock was stated; where not, the importer lasts at least so long."),
    "months_to_10pct": (
        "months",
        "Months until more than 10 % of demand is missing; empty: not in twelve months.",
    ),
    "missing_3_months_t": ("t", "Tons missing in the first three months."),
    "missing_12_months_t": ("t", "Tons missing in twelve months."),
    "demand_t": ("t", "Base demand a year."),
    "usable_suppliers": ("count", "Exporters of the same grade that are not cut off."),
    "usable_exports_t": ("t", "What they export a year, to everybody."),
    "import_bill_rise_usd": ("USD", "Rise of the import bill in the first year, current US dollars."),
    "comparable_events": ("count", "Real events like it; empty for importers that are no single country."),
    "stages_not_measurable": ("", "Stages of the material that the data do not hold."),
    "exporter": ("", "Country that delivers more than before."),
    "more_t": ("t", "Tons more than before, over twelve months."),
    "products_above_half": ("count", "Products of which more than half comes from the suppliers of concern."),
}


@dataclass(frozen=True, eq=False)
class Setting:
    """What all pictures share."""

    world: World
    readings: Readings
    on: tuple[str, ...]
    suppliers: tuple[str, ...]
    """ISO3 codes of the suppliers of concern."""
    members: tuple[str, ...]
    asked: tuple[str, ...]
    """Products asked about, bought or not."""
    as_bloc: bool = False

    @property
    def supplier(self) -> Listing:
        """Suppliers of concern as a value of a note."""
        return suppliers_named(self.on)

    @property
    def lead(self) -> str:
        """Name of all importers together, or of the only one."""
        return self.readings.lead.name

    def at_issue(self) -> tuple[str, ...]:
        """Products of which the importers together get more than half directly, else the five highest."""
        above = self.readings.above_half(BY_VALUE, self.lead)
        if above:
            return above
        ranked = sorted(
            self.readings.bought(self.lead),
            key=lambda p: (-(self.readings.share(BY_VALUE, self.lead, p) or 0.0), p),
        )
        return tuple(ranked[:5])


def finding(
    setting: Setting, question: str, names: Sequence[str], rows: Sequence[Mapping[str, Any]], answer: Note
) -> Finding:
    """Make a finding of rows that hold exactly the named columns."""
    return Finding(
        question=question,
        arguments={
            "importers": list(setting.readings.names),
            "on": list(setting.on),
            "year": setting.readings.year,
        },
        columns=tuple(Column(name=n, unit=COLUMNS[n][0], description=COLUMNS[n][1]) for n in names),
        rows=tuple({name: row[name] for name in names} for row in rows),
        answer=answer,
    )
