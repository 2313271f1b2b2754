"""What data there is, and whether it keeps the rules of the data dictionary."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from friendshore.errors import DataError
from friendshore.tables.arrow import words
from friendshore.tables.folder import failing_rows
from friendshore.tables.opening import BOX, located
from friendshore.tables.parquet_file import open_parquet, typed_columns
from friendshore.tables.schemas import schema
from friendshore.tables.store import manifest
from friendshore.tables.versions import data_home, store_names
from friendshore.tables.violations import Failure, violations

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["check", "list_data"]


def check(data: str | Path = BOX) -> tuple[Failure, ...]:
    """Run every rule of the data dictionary on a data set.

    Parameters
    ----------
    data
        A name or folder, as :func:`friendshore.tables.opening.open_world` takes it.

    Returns
    -------
    tuple
        The rows that break a rule, with file, line, field, what was found and what was expected; empty where
        all is well. For a store the files' hashes and the order of rows are checked too.

    Raises
    ------
    DataError
        Where there is no such data set, or a file cannot be read at all.
    """
    kind, folder = located(data)
    return tuple(failing_rows(folder) if kind == "folder" else store_failures(folder))


def store_failures(folder: Path) -> Iterator[Failure]:
    """Check a store: hashes, then each file's rows."""
    described = manifest(folder)
    for inside, expected in described["sha256"].items():
        path = folder / inside
        if not path.exists():
            yield whole_file(inside, "nothing", "the file")
        elif (found := file_hash(path)) != expected:
            yield whole_file(
                inside, f"sha256 {found[:12]}", f"sha256 {expected[:12]}, as when it was imported"
            )
    for year, rows in zip(described["years"], described["rows"], strict=True):
        path = folder / "trade" / f"{year}.parquet"
        if path.exists():
            yield from trade_failures(path, year, rows)
    for table in ("production", "governance"):
        path = folder / f"{table}.parquet"
        if path.exists():
            yield from small_failures(path, table)


def whole_file(file: str, got: str, expected: str) -> Failure:
    """Describe a file that is wrong as a whole."""
    return Failure("bad_file", file.split("/")[0].removesuffix(".parquet"), 0, "file", got, expected, file)


def file_hash(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def trade_failures(path: Path, year: int, rows: int) -> Iterator[Failure]:
    """Check one year of trade: the rules, the cleaned quantities, the order."""
    import pyarrow as pa

    inside = f"trade/{path.name}"
    with open_parquet(path) as file:
        stored = file.read(use_threads=False)
    if stored.num_rows != rows:
        yield whole_file(inside, f"{stored.num_rows:,} rows", f"{rows:,} rows, as the manifest says")
    stored = stored.append_column("year", pa.array(np.full(stored.num_rows, year, np.int64)))
    yield from placed(violations(typed_columns(stored, "stored_trade", inside), "stored_trade"), inside)
    yield from placed(unsorted(stored), inside)


def unsorted(stored: pa.Table) -> list[Failure]:
    """Find the first row that sorts before the one above it."""
    key = np.zeros(stored.num_rows, np.int64)
    for name in ("product", "importer", "exporter"):
        distinct, rows = words(stored.column(name))
        rank = np.argsort(np.argsort(np.array(distinct, dtype=object)))
        key = key * (len(distinct) + 1) + rank[rows]
    wrong = np.flatnonzero(np.diff(key) < 0)
    if not len(wrong):
        return []
    return [
        Failure(
            "unsorted", "stored_trade", int(wrong[0]) + 1, "product importer exporter",
            "a row that sorts before the one above", "rows sorted by product, importer, exporter",
        )
    ]  # fmt: skip


def small_failures(path: Path, table: str) -> Iterator[Failure]:
    """Check production or governance; production of the box is by material, of a user's store by product."""
    with open_parquet(path) as file:
        stored = file.read(use_threads=False)
    name = "material_production" if "material" in stored.column_names else table
    missing = [rule.name for rule in schema(name) if rule.name not in stored.column_names]
    if missing:
        yield whole_file(path.name, "no such column", f"the column {', '.join(missing)}")
        return
    yield from placed(violations(typed_columns(stored, name, path.name), name), path.name)


def placed(found: list[Failure], file: str) -> Iterator[Failure]:
    """Say in which file the rows stand."""
    for one in found:
        yield replace(one, file=file, line=one.row + 1)


def list_data() -> tuple[dict[str, Any], ...]:
    """List the data sets that can be named: the box, then those of the data home.

    Returns
    -------
    tuple
        Rows with the columns of ``data`` in the data dictionary. A store that cannot be read is listed with
        the reason in ``sources``.
    """
    from friendshore.tables.sources import sources

    rows = []
    for name in (BOX, *store_names()):
        where = "in the package" if name == BOX else str(data_home() / name)
        row: dict[str, Any] = {rule.name: None for rule in schema("data")} | {"name": name, "where": where}
        try:
            described = manifest(located(name if name == BOX else data_home() / name)[1])
            origins = [sources()[s].model_dump() if isinstance(s, str) else s for s in described["sources"]]
            row |= {
                "hs": described["hs"],
                "years": span(described["years"]),
                "rows": sum(described["rows"]),
                "countries": len(described["countries"]),
                "products": len(described["products"]),
                "sources": "; ".join(title(origin) for origin in origins),
                "sha256": hash_of_hashes(described["sha256"]),
            }
        except (DataError, KeyError, TypeError) as problem:
            row["sources"] = f"cannot be read: {problem}"
        rows.append(row)
    return tuple(rows)


def span(years: list[int]) -> str:
    """Write first and last year, and say where years are missing between them."""
    if not years:
        return ""
    first, last = years[0], years[-1]
    gaps = last - first + 1 - len(years)
    text = str(first) if first == last else f"{first}-{last}"
    return f"{text} ({gaps} missing)" if gaps else text


def title(origin: dict[str, Any]) -> str:
    """Name a source in a line."""
    return ", ".join(part for part in (origin["title"], origin["version"]) if part)


def hash_of_hashes(hashes: dict[str, str]) -> str:
    """Give one hash over those of all files."""
    return hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest()
