"""Turn the SQLite files of the raw-materials package into tables of ours, and tell what happened on the way.

Pure functions: a connection in, arrays and a report out. Nothing is written here.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from friendshore.tables.countries import iso3_of_baci
from friendshore.tables.trade import Trade

__all__ = ["UNITS", "governance", "production", "totals", "trade"]

Row = dict[str, Any]

METAL, GROSS = "t metal content", "t gross"
UNITS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "Cobalt", "Manganese", "Molybdenum", "Nickel", "Tungsten (W)", "Vanadium (V)", "Antimony",
            "Bismuth", "Copper", "Lead", "Mercury", "Selenium", "Tellurium", "Tin", "Zinc", "Rhenium", "Gold",
            "Palladium", "Platinum", "Rhodium", "Silver",
        ),
        METAL,
    ),
    **dict.fromkeys(("Aluminium", "Cadmium", "Gallium", "Germanium", "Indium"), "t metal"),
    **dict.fromkeys(
        (
            "Bauxite", "Asbestos", "Baryte", "Bentonite", "Boron Minerals", "Diatomite", "Feldspar",
            "Fluorspar", "Graphite", "Gypsum and Anhydrite", "Kaolin (China-Clay)", "Magnesite", "Perlite",
            "Salt (rock, brines, marine)", "Talc, Steatite & Pyrophyllite", "Vermiculite", "Zircon",
            "Steam Coal", "Coking Coal", "Lignite", "Petroleum", "Oil Sands (part of Petroleum)",
            "Oil Shales",
        ),
        GROSS,
    ),
    "Iron (Fe)": "t Fe content",
    "Chromium (Cr2O3)": "t Cr2O3",
    "Niobium (Nb2O5)": "t Nb2O5",
    "Tantalum (Ta2O5)": "t Ta2O5",
    "Titanium (TiO2)": "t TiO2",
    "Arsenic": "t As2O3",
    "Beryllium (conc.)": "t concentrate",
    "Lithium (Li2O)": "t Li2O",
    "Rare Earths (REO)": "t rare-earth oxides",
    "Phosphate Rock (P2O5)": "t P2O5",
    "Potash (K2O)": "t K2O",
    "Sulfur (elementar & industrial)": "t S",
    "Uranium (U3O8)": "t U3O8",
    "Natural Gas": "t gas",
    "Diamonds (Gem)": "carats",
    "Diamonds (Ind)": "carats",
}  # fmt: skip
"""What a ton of each sheet of World Mining Data is a ton of."""

TONS: Mapping[str, float | None] = {"metr. t": 1.0, "kg": 0.001, "Mio m3": 800.0, "ct": None}
"""Tons in a reported unit. Gas: a million cubic metres at 0.8 kg each. Carats of diamonds are not turned into
tons: no traded code of the box holds them."""

GAS_NOTE = "converted from million cubic metres at 0.8 kg a cubic metre"
GUYANA_GOLD = (
    "the file repeats French Guiana's figure here; Guyana's own is unknown "
    "(the table's total implies {kg} kg)"
)
GUYANA_ESTIMATE = "the file repeats French Guiana's estimate here; Guyana's own is unknown"


def trade(connection: sqlite3.Connection) -> tuple[Trade, list[str]]:
    """Read flows: string codes, dollars for thousands, historic countries merged, duplicates summed.

    Returns
    -------
    tuple
        The flows of all years, and sentences that say what was converted, merged and lost.
    """
    rows = connection.execute("SELECT t, i, j, k, v, q FROM baci_trade").fetchall()
    if not rows:
        raise ValueError("baci_trade holds no rows")
    years, sellers, buyers, codes, values, quantities = zip(*rows, strict=True)
    letters = iso3_of_baci()
    reported = {
        int(number): letter
        for number, letter in connection.execute(
            'SELECT country_code, country_iso3 FROM "country_codes_V202401b"'
        )
    }
    numbers = Counter(int(number) for number in sellers) + Counter(int(number) for number in buyers)
    unknown = sorted(set(numbers) - set(letters))
    if unknown:
        raise ValueError(
            f"countries.csv has no ISO3 code for BACI numbers {unknown[:5]} ({len(unknown)} in all)"
        )
    report = [
        f"country {number} ({reported.get(number)}) -> {letters[number]}: {count:,} row ends"
        for number, count in sorted(numbers.items())
        if letters[number] != reported.get(number)
        or sum(letters[other] == letters[number] for other in numbers) > 1
    ]
    countries = tuple(sorted({letters[number] for number in numbers}))
    products = tuple(sorted({f"{int(code):06d}" for code in set(codes)}))
    place = {code: position for position, code in enumerate(countries)}
    shelf = {code: position for position, code in enumerate(products)}
    seller = np.array([place[letters[int(number)]] for number in sellers], np.int16)
    buyer = np.array([place[letters[int(number)]] for number in buyers], np.int16)
    product = np.array([shelf[f"{int(code):06d}"] for code in codes], np.int16)
    year = np.array([int(text) for text in years], np.int16)
    # dollars and kilograms are whole numbers in BACI; what floats added behind the third decimal is dropped
    value = np.array([float(round(Decimal(text) * 1000)) for text in values])
    quantity = np.array([np.nan if text is None else float(round(Decimal(text), 3)) for text in quantities])
    for name, column in (("value", value), ("quantity", quantity)):
        bad = np.flatnonzero(np.isinf(column) | (column < 0))
        if len(bad):
            raise ValueError(f"{len(bad)} rows have a negative or infinite {name}, first {rows[int(bad[0])]}")
    flows, merged = _summed(countries, products, year, product, buyer, seller, value, quantity)
    report.append(
        f"{len(rows):,} rows read, {int(np.isnan(quantity).sum()):,} without a quantity (kept as NULL)"
    )
    return flows, report + merged


def _summed(
    countries: Sequence[str],
    products: Sequence[str],
    year: np.ndarray,
    product: np.ndarray,
    buyer: np.ndarray,
    seller: np.ndarray,
    value: np.ndarray,
    quantity: np.ndarray,
) -> tuple[Trade, list[str]]:
    """Drop flows of a country with itself and sum rows that the merging made equal."""
    inside = buyer == seller
    report = [f"{int(inside.sum()):,} flows inside a merged country dropped (USD {value[inside].sum():,.0f})"]
    year, product, buyer, seller, value, quantity = (
        column[~inside] for column in (year, product, buyer, seller, value, quantity)
    )
    order = np.lexsort((seller, buyer, product, year))
    year, product, buyer, seller, value, quantity = (
        column[order] for column in (year, product, buyer, seller, value, quantity)
    )
    first = np.ones(len(year), bool)
    first[1:] = False
    for column in (year, product, buyer, seller):
        first[1:] |= column[1:] != column[:-1]
    starts = np.flatnonzero(first)
    known = np.isfinite(quantity)
    count = np.diff(np.append(starts, len(year)))
    with_tons = np.add.reduceat(known.astype(np.int64), starts)
    mixed = int(((with_tons > 0) & (with_tons < count)).sum())
    report.append(
        f"{len(year) - len(starts):,} rows summed into another with the same year, product and countries; "
        f"{mixed:,} sums have a part whose quantity is unknown"
    )
    tons = np.add.reduceat(np.where(known, quantity, 0.0), starts)
    flows = Trade(
        tuple(countries),
        tuple(products),
        year[starts],
        product[starts],
        buyer[starts],
        seller[starts],
        np.add.reduceat(value, starts),
        np.where(with_tons > 0, tons, np.nan),
    )
    return flows, report


def totals(connection: sqlite3.Connection) -> list[Row]:
    """Sum the rows as the file holds them, before any merging, by year."""
    return [
        {
            "year": int(year),
            "rows": rows,
            "value_usd": round(value * 1000),
            "quantity_t": round(tons, 3),
            "unknown_rows": unknown,
        }
        for year, rows, value, tons, unknown in connection.execute(
            "SELECT t, count(*), sum(CAST(v AS REAL)), total(CAST(q AS REAL)), sum(q IS NULL) "
            "FROM baci_trade GROUP BY t ORDER BY t"
        )
    ]


def _material_names(connection: sqlite3.Connection) -> dict[str, str]:
    """Sheet -> material: the Reference ID, or the sheet's own name where two sheets share one."""
    pairs = connection.execute('SELECT "Sheet_name", "Reference ID" FROM "HS Code Map"').fetchall()
    shared = {name for name, count in Counter(name for _, name in pairs).items() if count > 1}
    return {sheet: sheet if name in shared else name for sheet, name in pairs}


def production(connection: sqlite3.Connection) -> tuple[list[Row], list[str]]:
    """Read World Mining Data: one row a (year, country, material), tons and the figure as reported.

    Rows named "Total" are dropped and compared with the sum of their countries; empty cells are unknown.
    """
    found: list[Row] = []
    report: list[str] = []
    for sheet, material in sorted(_material_names(connection).items()):
        cursor = connection.execute(f'SELECT * FROM "{sheet}"')
        columns = [column[0] for column in cursor.description]
        table = [dict(zip(columns, cells, strict=True)) for cells in cursor]
        years = [name for name in columns if name.isdigit()]
        countries = [line for line in table if line["Country_Code"] != "DELETE"]
        units = {line["unit"] for line in table}
        if len(units) != 1 or not units <= set(TONS):
            raise ValueError(f"sheet {sheet}: units {sorted(units)}, known are {sorted(TONS)}")
        unit = units.pop()
        total = {year: math.fsum(line[year] or 0.0 for line in countries) for year in years}
        stated = {
            year: sum(line[year] or 0.0 for line in table if line["Country_Code"] == "DELETE")
            for year in years
        }
        gaps = [
            f"{year}: {stated[year]:,.0f} against {total[year]:,.0f}"
            for year in years
            if abs(stated[year] - total[year]) > 1
        ]
        if gaps:
            report.append(f'{sheet}: "Total" differs from the sum of countries in {unit}: ' + "; ".join(gaps))
        report.extend(_absent(sheet, countries, years))
        found.extend(
            _output(sheet, material, unit, order, line, year, stated[year] - total[year])
            for order, line in enumerate(countries)
            for year in years
        )
    found.sort(key=lambda row: (row["year"], row["material"], row["row"]))
    _refuse_duplicates(found, ("year", "country", "material"))
    return found, report


def _absent(sheet: str, countries: Iterable[Row], years: Sequence[str]) -> list[str]:
    empty = sum(line[year] is None for line in countries for year in years)
    return [f"{sheet}: {empty} empty cells kept as unknown"] if empty else []


def _output(sheet: str, material: str, unit: str, order: int, line: Row, year: str, missing: float) -> Row:
    """Convert one cell. ``missing``: what the table's total has beyond the sum of its countries."""
    reported = None if line[year] is None else float(line[year])
    factor = TONS[unit]
    tons = None if reported is None or factor is None else reported * factor
    note = ""
    if factor is None:
        note = "carats are not converted to tons"
    elif unit == "Mio m3" and tons is not None:
        note = GAS_NOTE
    country = {"S19": "TWN", "R20": "XKX"}.get(line["Country_ISO"], line["Country_ISO"])
    if line["Country"] == "French Guiana":
        country = "GUF"
        note = "the file gives French Guiana the code of Guyana"
    if sheet == "Gold" and line["Country"] == "Guyana" and year in ("2023", "2024"):
        tons, note = None, GUYANA_GOLD.format(kg=f"{(reported or 0) + missing:.0f}")
    if reported is None:
        note = "empty in World Mining Data"
    return {
        "year": int(year),
        "country": country,
        "material": material,
        "quantity_t": tons,
        "unit": UNITS[sheet],
        "quantity_reported": reported,
        "unit_reported": unit,
        "row": order,
        "reported_by": line["data_source"],
        "country_code_reported": int(line["Country_Code"]),
        "note": note,
    }


def governance(connection: sqlite3.Connection) -> tuple[list[Row], list[str]]:
    """Read the WGI estimates of political stability, one row a (year, country) of the file.

    The file has two rows "Guyana" (328): World Bank order puts French Guiana (GUF) before Guam (GUM) and
    Guyana (GUY) after, and the number of sources behind the estimates says the same. Its row 697 "Europe
    EFTA, nes" stands where the World Bank lists Kosovo.
    """
    cursor = connection.execute('SELECT * FROM "Estimate"')
    columns = [column[0] for column in cursor.description]
    years = [name for name in columns if name.isdigit()]
    found: list[Row] = []
    seen: Counter[str] = Counter()
    before = ""
    for order, cells in enumerate(cursor):
        line = dict(zip(columns, cells, strict=True))
        country = line["Code"]
        if country == "GUY" and before == "GTM":
            country = "GUF"
        before = line["Code"]
        country = {"S19": "TWN", "R20": "XKX", "PUS": "UMI"}.get(country, country)
        seen[country] += 1
        number = line["country_code"]
        for year in years:
            text = line[year]
            estimate = None if text in (None, "nan", "None", "NA", "") else float(text)
            reason = "" if estimate is not None else "no estimate in this year"
            if country == "GUY" and year in ("2023", "2024"):
                estimate, reason = None, GUYANA_ESTIMATE
            found.append(
                {
                    "year": int(year),
                    "country": country,
                    "political_stability": estimate,
                    "row": order,
                    "country_code_reported": int(number) if number.isdigit() else None,
                    "reason": reason,
                }
            )
    found.sort(key=lambda row: (row["year"], row["row"]))
    _refuse_duplicates(found, ("year", "country"))
    unknown = sum(row["political_stability"] is None for row in found)
    numberless = sorted({row["country"] for row in found if row["country_code_reported"] is None})
    return found, [
        f"{len(seen)} countries, {len(years)} years {years[0]}-{years[-1]}, {unknown} estimates unknown",
        "years without any estimate: "
        + ", ".join(str(year) for year in range(int(years[0]), int(years[-1])) if str(year) not in years),
        f"without a country number in the file (kept by ISO3): {', '.join(numberless)}",
        'the first row "Guyana" is French Guiana; row 697 "Europe EFTA, nes" is Kosovo (XKX)',
    ]


def _refuse_duplicates(rows: Sequence[Row], key: Sequence[str]) -> None:
    counts = Counter(tuple(row[name] for name in key) for row in rows)
    double = [entry for entry, count in counts.items() if count > 1]
    if double:
        raise ValueError(f"{len(double)} duplicate keys {tuple(key)}, first {double[0]}")
