"""The layout of a store on disk, and reading trade from it.

A store is a folder::

    manifest.json        name, hs, sources, years, countries, products, default_year, rows, sha256
    trade/YYYY.parquet   one file a year, sorted by product, importer, exporter
    production.parquet   optional
    governance.parquet   optional

Trade is sorted once, when the store is written, so that a question about one product reads a few row groups
and every indicator is one pass over group boundaries.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from friendshore.errors import DataError
from friendshore.tables.arrow import floats, numbers
from friendshore.tables.trade import Trade

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "ROW_GROUP",
    "broken_file",
    "damaged_files",
    "manifest",
    "read_trade",
    "replaced_quantities",
    "trade_schema",
]

ROW_GROUP = 8192
"""Rows in a row group: small enough that one product is a few groups, large enough to compress well."""

CODES = ("product", "importer", "exporter")
NEEDED = frozenset({"name", "hs", "sources", "years", "default_year", "countries", "products", "sha256"})


def trade_schema() -> pa.Schema:
    """Return the columns of ``trade/YYYY.parquet`` (the year is the name of the file).

    ``quantity_t`` is as published and NULL where the producer gives none. ``quantity_t_cleaned`` is the
    replacement of a gap or an outlier and NULL where the published figure stands; ``quantity_method`` says
    how it was made (see :mod:`friendshore.tables.cleaning`) and is NULL where there is no replacement.
    """
    import pyarrow as pa

    return pa.schema(
        [
            pa.field("product", pa.string(), nullable=False),
            pa.field("importer", pa.string(), nullable=False),
            pa.field("exporter", pa.string(), nullable=False),
            pa.field("value_usd", pa.float64(), nullable=False),
            pa.field("quantity_t", pa.float64()),
            pa.field("quantity_t_cleaned", pa.float64()),
            pa.field("quantity_method", pa.dictionary(pa.int32(), pa.string())),
        ]
    )


def manifest(folder: Path) -> Mapping[str, Any]:
    """Read a store's manifest.

    Raises
    ------
    DataError
        Where the folder holds no manifest or one that is not JSON.
    """
    path = folder / "manifest.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(
            f"{folder} is not a store: it holds no manifest.json.",
            code="no_store",
            hint="friendshore data list",
        ) from None
    except (ValueError, OSError) as problem:
        raise broken_file(path, str(problem)) from problem
    if not isinstance(found, dict) or not found.keys() >= NEEDED:
        lacking = sorted(NEEDED - set(found)) if isinstance(found, dict) else sorted(NEEDED)
        raise broken_file(path, f"it lacks {', '.join(lacking)}")
    return found


def broken_file(path: Path, why: str) -> DataError:
    """Build the error for a file of a store that cannot be read."""
    return DataError(
        f"The file {path} of the store cannot be read: {why}.",
        code="bad_store",
        hint="Import the data again: friendshore data add PATH",
    )


def damaged_files(folder: Path) -> tuple[str, ...]:
    """Name the files of a store that are not there or not as they were written, by the manifest's hashes."""
    import hashlib

    def intact(name: str, expected: str) -> bool:
        path = folder / name
        return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == expected

    return tuple(name for name, found in manifest(folder)["sha256"].items() if not intact(name, found))


def read_trade(
    folder: Path,
    years: Sequence[int],
    products: Sequence[str] | None,
    quantities: str,
    countries: Sequence[str],
    all_products: Sequence[str],
) -> Trade:
    """Read flows from a store, only the files and row groups that are needed.

    Parameters
    ----------
    folder
        The store.
    years
        Years to read; one without a file gives no rows.
    products
        Product codes to read, or None for all. A code that the store does not hold gives no rows.
    quantities
        ``raw`` for ``quantity_t`` as published; ``cleaned`` for ``quantity_t_cleaned`` where there is one.
    countries, all_products
        The store's codes, sorted: positions in the result refer to these.
    """
    columns = {"raw": ["quantity_t"], "cleaned": ["quantity_t_cleaned", "quantity_t"]}[quantities]
    wanted = None if products is None else np.array(sorted(set(products) & set(all_products)), dtype=object)
    places = {
        "product": {code: place for place, code in enumerate(all_products)},
        "importer": {code: place for place, code in enumerate(countries)},
    }
    places["exporter"] = places["importer"]
    parts: dict[str, list[NDArray[Any]]] = {name: [] for name in (*CODES, "value_usd", "tons", "year")}
    for year in sorted(set(years)):
        table = _rows(folder / "trade" / f"{year}.parquet", wanted, columns)
        if table is None:
            continue
        codes = {name: _positions(table.column(name), places[name], folder) for name in CODES}
        keep: slice | NDArray[np.bool_] = slice(None)
        if wanted is not None:
            keep = np.isin(codes["product"], [places["product"][code] for code in wanted])
        for name in CODES:
            parts[name].append(codes[name][keep])
        tons = floats(table.column(columns[0]))
        if len(columns) > 1:
            tons = np.where(np.isnan(tons), floats(table.column(columns[1])), tons)
        parts["tons"].append(tons[keep])
        parts["value_usd"].append(floats(table.column("value_usd"))[keep])
        parts["year"].append(np.full(len(parts["value_usd"][-1]), year, np.int16))
    whole = {
        name: np.concatenate(pieces) if pieces else np.empty(0, np.int16) for name, pieces in parts.items()
    }
    return Trade(
        tuple(countries),
        tuple(all_products),
        whole["year"],
        whole["product"],
        whole["importer"],
        whole["exporter"],
        whole["value_usd"].astype(np.float64, copy=False),
        whole["tons"].astype(np.float64, copy=False),
    )


def replaced_quantities(
    folder: Path, years: Sequence[int], products: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """List the rows whose tons the cleaning replaces, with the published figure, the replacement, and how.

    Returns
    -------
    list of dict
        ``year product importer exporter value_usd quantity_t quantity_t_cleaned quantity_method``, in the
        order of the store; ``quantity_t`` is None where none was published.
    """
    wanted = None if products is None else np.array(sorted(set(products)), dtype=object)
    found = []
    for year in sorted(set(years)):
        columns = ["quantity_t", "quantity_t_cleaned", "quantity_method"]
        table = _rows(folder / "trade" / f"{year}.parquet", wanted, columns)
        if table is None:
            continue
        changed = np.flatnonzero(np.isfinite(floats(table.column("quantity_t_cleaned"))))
        rows = table.take(changed).to_pylist()
        found += [{"year": year, **row} for row in rows if products is None or row["product"] in products]
    return found


def _rows(path: Path, wanted: NDArray[Any] | None, quantities: Sequence[str]) -> pa.Table | None:
    """Read the row groups of one year that can hold the wanted products."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.exists() or (wanted is not None and len(wanted) == 0):
        return None
    try:
        with pq.ParquetFile(path, read_dictionary=list(CODES), memory_map=True) as file:
            columns = [*CODES, "value_usd", *quantities]
            groups = [
                group
                for group in range(file.metadata.num_row_groups)
                if wanted is None or _may_hold(file.metadata.row_group(group).column(0).statistics, wanted)
            ]
            return file.read_row_groups(groups, columns, use_threads=False) if groups else None
    except (pa.ArrowException, OSError, KeyError) as problem:
        raise broken_file(path, str(problem).splitlines()[0]) from problem


def _may_hold(bounds: Any, wanted: NDArray[Any]) -> bool:  # noqa: ANN401  pyarrow and DuckDB come untyped
    """Tell whether a row group between these bounds can hold a wanted product."""
    if bounds is None or not bounds.has_min_max:
        return True
    return bool(np.searchsorted(wanted, bounds.min) < np.searchsorted(wanted, bounds.max, side="right"))


def _positions(column: pa.ChunkedArray, places: Mapping[str, int], folder: Path) -> NDArray[np.int16]:
    """Translate codes to positions, by dictionary."""
    pieces = []
    for chunk in column.chunks:
        try:
            table = np.array([places[code] for code in chunk.dictionary.to_pylist()], np.int16)
        except KeyError as stranger:
            raise DataError(
                f"The store {folder} holds the code {stranger} that its manifest does not list.",
                code="bad_store",
                hint="Import the data again: friendshore data add PATH",
            ) from None
        pieces.append(table[numbers(chunk.indices)[0]])
    return np.concatenate(pieces) if pieces else np.empty(0, np.int16)
