"""Checked tables in memory turned into a World: positions, sorted flows, production, governance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from friendshore.errors import DataError
from friendshore.records import Source
from friendshore.tables.arrow import floats, numbers, words
from friendshore.tables.trade import Floats, Trade
from friendshore.tables.world import Output, World

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "Outputs",
    "codes_in",
    "flows",
    "newest_full_year",
    "refuse_too_many_products",
    "stability_by_year",
    "world",
]


MOST_PRODUCTS = int(np.iinfo(np.int16).max)
"""Product codes that a trade table can number."""


def world(name: str, hs: str, tables: Mapping[str, pa.Table], origin: Source) -> World:
    """Build the World from checked tables."""
    countries = tuple(
        sorted(
            {
                code
                for table in tables.values()
                for code in codes_in(table, ("exporter", "importer", "country"))
            }
        )
    )
    products = tuple(sorted(codes_in(tables["trade"], ("product",))))
    refuse_too_many_products(len(products), name)
    trade = flows(tables["trade"], countries, products)
    years, counts = np.unique(trade.year, return_counts=True)
    stability, listed = stability_by_year(tables.get("governance"), countries)
    output = Outputs(tables["production"], countries) if "production" in tables else None
    return World(
        name=name,
        hs=hs,
        years=tuple(int(year) for year in years),
        countries=countries,
        products=products,
        read=reader(trade),
        product_output=output.by_product if output else {},
        material_output=output.by_material if output else {},
        stability=stability,
        listed=listed,
        sources=(origin,),
        default_year=newest_full_year({int(y): int(n) for y, n in zip(years, counts, strict=True)}),
    )


def refuse_too_many_products(count: int, what: str) -> None:
    """Refuse more product codes than a trade table numbers; no HS revision has a fifth of them."""
    if count > MOST_PRODUCTS:
        raise DataError(
            f"{what} holds {count:,} product codes, expected at most {MOST_PRODUCTS:,} (HS has about 5,600).",
            code="too_many_products",
            hint="Check the column product: it has to hold HS codes of six digits.",
        )


def codes_in(table: pa.Table, names: Sequence[str]) -> set[str]:
    """Collect the codes that occur in some columns."""
    return {
        code
        for name in names
        if name in table.column_names
        for code in table.column(name).unique().to_pylist()
    }


def positions(column: pa.ChunkedArray, codes: Sequence[str]) -> NDArray[np.int16]:
    """Turn codes into their places in a sorted tuple."""
    distinct, rows = words(column)
    place = {code: n for n, code in enumerate(codes)}
    found: NDArray[np.int16] = np.array([place[code] for code in distinct], np.int16)[rows]
    return found


def flows(table: pa.Table, countries: Sequence[str], products: Sequence[str]) -> Trade:
    """Turn the checked trade table into sorted columns."""
    return Trade.sorted_from(
        countries,
        products,
        numbers(table.column("year"))[0],
        positions(table.column("product"), products),
        positions(table.column("importer"), countries),
        positions(table.column("exporter"), countries),
        floats(table.column("value_usd")),
        floats(table.column("quantity_t")),
    )


def reader(trade: Trade) -> Callable[[Sequence[int], Sequence[str] | None, str], Trade]:
    """Give the function that reads from a table held in memory."""
    place = {code: n for n, code in enumerate(trade.products)}
    cleaned: list[Trade] = []

    def read(years: Sequence[int], products: Sequence[str] | None, quantities: str) -> Trade:
        table = trade
        if quantities == "cleaned":
            if not cleaned:
                from dataclasses import replace

                from friendshore.tables.cleaning import clean

                cleaned.append(replace(trade, quantity_t=clean(trade)[0]))
            table = cleaned[0]
        if len(years) == 1:
            table = table.of(year=years[0])
        elif set(years) != set(np.unique(table.year).tolist()):
            table = table.take(np.isin(table.year, list(years)))
        if products is not None:
            table = table.take(np.isin(table.product, [place[code] for code in products if code in place]))
        return table

    return read


class Outputs:
    """Production of a user's table by product and, worked out when first asked for, by material."""

    def __init__(self, table: pa.Table, countries: Sequence[str]) -> None:
        self.by_product = production_by_product(table, countries)
        self.by_material: Mapping[str, Output] = Materials(self.by_product)


class Materials(Mapping[str, Output]):
    """Production by material: the sum over the material's codes, NaN where no code of it has a row."""

    def __init__(self, by_product: Mapping[str, Output]) -> None:
        self.products = by_product

    @cached_property
    def found(self) -> dict[str, Output]:
        """Sum when first asked for: the materials are read from a file of their own."""
        from friendshore.tables.materials import governance_codes, materials

        sums = {}
        for material in materials():
            parts = [self.products[code] for code in governance_codes(material) if code in self.products]
            if parts:
                sums[material] = summed(parts)
        return sums

    def __getitem__(self, material: str) -> Output:
        return self.found[material]

    def __iter__(self) -> Iterator[str]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


def summed(parts: Sequence[Output]) -> Output:
    """Add outputs, taking the known ones; unknown where none is known."""
    years = tuple(sorted({year for part in parts for year in part.years}))
    size = parts[0].tons.shape[1]
    rows = np.array([[part.in_year(year, size) for part in parts] for year in years])
    known = np.isfinite(rows).any(axis=1)
    return Output(years, np.where(known, np.nansum(rows, axis=1), np.nan))


def production_by_product(table: pa.Table, countries: Sequence[str]) -> dict[str, Output]:
    """Turn the production table into years by countries for each product; an absent row is NaN."""
    codes = sorted(codes_in(table, ("product",)))
    product, place = positions(table.column("product"), codes), positions(table.column("country"), countries)
    year, tons = numbers(table.column("year"))[0], floats(table.column("quantity_t"))
    found = {}
    order = np.argsort(product, kind="stable")
    bounds = np.searchsorted(product[order], np.arange(len(codes) + 1))
    for n, code in enumerate(codes):
        rows = order[bounds[n] : bounds[n + 1]]
        years, at = np.unique(year[rows], return_inverse=True)
        block = np.full((len(years), len(countries)), np.nan)
        block[at, place[rows]] = tons[rows]
        found[code] = Output(tuple(int(y) for y in years), block)
    return found


def stability_by_year(
    table: pa.Table | None, countries: Sequence[str]
) -> tuple[dict[int, Floats], dict[int, NDArray[Any]]]:
    """Turn the governance table into the estimate, and whether there is a row at all, by country."""
    stability: dict[int, Floats] = {}
    listed: dict[int, NDArray[Any]] = {}
    if table is None:
        return stability, listed
    place = positions(table.column("country"), countries)
    year, estimate = numbers(table.column("year"))[0], floats(table.column("political_stability"))
    for each in np.unique(year):
        rows = year == each
        stability[int(each)] = np.full(len(countries), np.nan)
        stability[int(each)][place[rows]] = estimate[rows]
        listed[int(each)] = np.zeros(len(countries), bool)
        listed[int(each)][place[rows]] = True
    return stability, listed


FULL_SHARE = 0.8
FEW_ROWS = 100


def newest_full_year(rows: Mapping[int, int]) -> int:
    """Choose the default year: the newest with full data.

    Full means that its rows number at least 80 % of the mean of the up to three years before it. Years of fewer
    than ``FEW_ROWS`` on average say nothing by their number of rows: the newest is then taken.
    """
    years = sorted(rows)
    for place in range(len(years) - 1, 0, -1):
        before = [rows[year] for year in years[max(place - 3, 0) : place]]
        mean = sum(before) / len(before)
        if mean < FEW_ROWS or rows[years[place]] >= FULL_SHARE * mean:
            return years[place]
    return years[0]
