"""Writing the files of a store: one Parquet file a year, sorted, with cleaned quantities, and the manifest."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from friendshore.records import Source
from friendshore.tables.assembly import newest_full_year
from friendshore.tables.cleaning import clean
from friendshore.tables.staging import Rows
from friendshore.tables.store import ROW_GROUP, trade_schema
from friendshore.tables.trade import Trade

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["kept_file", "sha256_of", "write_manifest", "write_trade", "year_path"]


class YearFile:
    """The Parquet file of one year, written a few row groups at a time."""

    def __init__(self, path: Path) -> None:
        import pyarrow.parquet as pq

        self.writer = pq.ParquetWriter(path, trade_schema(), compression="zstd")
        self.held: list[pa.Table] = []
        self.waiting = 0
        self.rows = 0

    def add(self, rows: pa.Table) -> None:
        """Add rows that sort after all before."""
        self.held.append(rows)
        self.waiting += rows.num_rows
        self.rows += rows.num_rows
        if self.waiting >= 4 * ROW_GROUP:
            self.flush(self.waiting - self.waiting % ROW_GROUP)

    def flush(self, count: int) -> None:
        """Write that many of the rows that wait."""
        import pyarrow as pa

        table = pa.concat_tables(self.held)
        if count:
            self.writer.write_table(table.slice(0, count), row_group_size=ROW_GROUP)
        self.held = [table.slice(count)]
        self.waiting = table.num_rows - count

    def close(self) -> None:
        """Write what waits and end the file."""
        if self.held:
            self.flush(self.waiting)
        self.writer.close()


def year_path(folder: Path, year: int) -> Path:
    """Return the file of one year's trade."""
    return folder / "trade" / f"{year}.parquet"


def write_trade(
    chunks: Iterable[Rows], folder: Path, years: Collection[int], countries: Sequence[str]
) -> dict[int, int]:
    """Clean quantities and write the rows of some years.

    Parameters
    ----------
    chunks
        Sorted rows of whole products, of these years and (for the cleaning) of those around them.
    folder
        The store; ``trade/`` is made.
    years
        Years to write.
    countries
        Codes that the rows' places refer to, sorted.

    Returns
    -------
    dict
        Rows written by year.
    """
    (folder / "trade").mkdir(exist_ok=True)
    files: dict[int, YearFile] = {}
    try:
        for rows in chunks:
            codes, place = np.unique(rows.product, return_inverse=True)
            trade = Trade.sorted_from(
                countries, [f"{code:06d}" for code in codes], rows.year, place, rows.importer, rows.exporter,
                rows.value_usd, rows.quantity_t,
            )  # fmt: skip
            tons, methods = clean(trade)
            found, starts = np.unique(trade.year, return_index=True)
            for year, start, stop in zip(found.tolist(), starts, [*starts[1:], len(trade)], strict=True):
                if year not in years:
                    continue
                if year not in files:
                    files[year] = YearFile(year_path(folder, year))
                part = slice(int(start), int(stop))
                files[year].add(as_table(trade.take(part), tons[part], methods[part]))
    finally:
        for file in files.values():
            file.close()
    return {year: file.rows for year, file in files.items()}


def as_table(trade: Trade, tons: NDArray[np.float64], methods: NDArray[np.object_]) -> pa.Table:
    """Turn rows of one year into the columns of the store."""
    import pyarrow as pa

    def spelled(names: Sequence[str], places: NDArray[np.int16]) -> Any:  # noqa: ANN401  an Arrow array
        return pa.array(names, pa.string()).take(pa.array(places))

    words, place = np.unique(methods.astype(str), return_inverse=True)
    labels = pa.array([word or None for word in words.tolist()], pa.string())
    method = pa.DictionaryArray.from_arrays(pa.array(place.astype(np.int32)), labels)
    return pa.table(
        {
            "product": spelled(trade.products, trade.product),
            "importer": spelled(trade.countries, trade.importer),
            "exporter": spelled(trade.countries, trade.exporter),
            "value_usd": trade.value_usd,
            "quantity_t": pa.array(trade.quantity_t, from_pandas=True),  # NaN becomes NULL
            "quantity_t_cleaned": pa.array(tons, from_pandas=True),
            "quantity_method": method.cast(pa.string()).dictionary_encode(),
        },
        schema=trade_schema(),
    )


def kept_file(old: Path, new: Path) -> None:
    """Take a file over unchanged: a second name for the same bytes, or a copy where there is no such thing."""
    new.parent.mkdir(exist_ok=True)
    try:
        os.link(old, new)
    except OSError:
        shutil.copy2(old, new)


def sha256_of(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_manifest(
    folder: Path, *, name: str, hs: str, sources: Sequence[Source], hashes: Mapping[str, str]
) -> dict[str, Any]:
    """Describe what the folder holds. ``hashes`` are those that are known already, by path inside it."""
    import pyarrow.parquet as pq

    paths = sorted(folder.glob("trade/*.parquet"))
    rows: dict[int, int] = {}
    codes: dict[str, set[str]] = {"product": set(), "importer": set(), "exporter": set()}
    for path in paths:
        with pq.ParquetFile(path, read_dictionary=list(codes)) as file:
            rows[int(path.stem)] = file.metadata.num_rows
            for group in range(file.metadata.num_row_groups):
                table = file.read_row_group(group, list(codes), use_threads=False)
                for column, found in codes.items():
                    found.update(table.column(column).unique().to_pylist())
    files = [*paths, *sorted(folder.glob("*.parquet"))]
    years = sorted(rows)
    described: dict[str, Any] = {
        "name": name,
        "hs": hs,
        "sources": [source.model_dump() for source in sources],
        "years": years,
        "rows": [rows[year] for year in years],
        "default_year": newest_full_year(rows),
        "countries": sorted(codes["importer"] | codes["exporter"]),
        "products": sorted(codes["product"]),
        "sha256": {},
    }
    for path in files:
        inside = path.relative_to(folder).as_posix()
        described["sha256"][inside] = hashes.get(inside) or sha256_of(path)
    text = json.dumps(described, indent=1, ensure_ascii=False) + "\n"
    (folder / "manifest.json").write_text(text, "utf-8")
    return described
