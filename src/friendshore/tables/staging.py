"""Rows on their way into a store: checked rows are laid down on disk, sorted, and the doubles taken out.

Out of core: DuckDB keeps what does not fit into memory in the folder that is being written. The codes of a
row are packed into one number whose order is that of the store (product, year, importer, exporter).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friendshore.tables.arrow import floats, numbers, words
from friendshore.tables.trade import Floats

__all__ = ["Rows", "Staging", "packed", "unpacked"]

MEMORY = "384MB"
THREADS = 2
FETCHED = 1 << 18
"""Rows that are taken back at a time."""
AT_ONCE = 1 << 18
"""Rows that a chunk of whole products holds at least, the last one aside."""


@dataclass(frozen=True)
class Rows:
    """Sorted rows of whole products."""

    product: NDArray[np.int64]
    year: NDArray[np.int64]
    importer: NDArray[np.int64]
    exporter: NDArray[np.int64]
    value_usd: Floats
    quantity_t: Floats


def packed(typed: Any, countries: Sequence[str]) -> NDArray[np.int64]:  # noqa: ANN401  an Arrow table
    """Pack year and codes of checked rows into one number each."""
    place = {code: n for n, code in enumerate(countries)}

    def coded(name: str, number: Any) -> NDArray[np.int64]:  # noqa: ANN401  pyarrow and DuckDB come untyped
        distinct, rows = words(typed.column(name))
        return np.array([number(word) for word in distinct] or [0], np.int64)[rows]

    year = numbers(typed.column("year"))[0].astype(np.int64)
    seller, buyer = coded("exporter", place.__getitem__), coded("importer", place.__getitem__)
    return ((coded("product", int) * 10_000 + year) * 1_000 + buyer) * 1_000 + seller


def unpacked(key: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """Give product (as a number), year, importer and exporter (places) of packed rows."""
    rest, exporter = np.divmod(key, 1_000)
    rest, importer = np.divmod(rest, 1_000)
    product, year = np.divmod(rest, 10_000)
    return product, year, importer, exporter


class Staging:
    """A table on disk for the rows of one import."""

    def __init__(self, folder: Path, countries: Sequence[str]) -> None:
        import duckdb

        self.countries = tuple(countries)
        self.folder = folder / "staging"
        self.folder.mkdir()
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY,
            "threads": THREADS,
            "temp_directory": str(self.folder / "spilled"),
            "preserve_insertion_order": False,
        }
        self.base = duckdb.connect(str(self.folder / "rows.duckdb"), config=settings)
        self.base.execute(
            "CREATE TABLE rows (key BIGINT, merging BIGINT, value DOUBLE, tons DOUBLE, part INTEGER, line BIGINT)"
        )

    def close(self) -> None:
        """Close and remove the table."""
        import shutil

        self.base.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def lay(
        self,
        typed: Any,  # noqa: ANN401  an Arrow table of checked trade rows
        *,
        part: int,
        lines: NDArray[np.int64],
        merging: NDArray[np.int64] | None = None,
    ) -> None:
        """Add checked rows. ``part`` numbers the file; those already in the store have -1."""
        import pyarrow as pa

        batch = pa.table(
            {
                "key": packed(typed, self.countries),
                "merging": np.zeros(len(lines), np.int64) if merging is None else merging,
                "value": floats(typed.column("value_usd")),
                "tons": typed.column("quantity_t"),
                "part": np.full(len(lines), part, np.int32),
                "line": lines,
            }
        )
        self.base.register("batch", batch)
        self.base.execute("INSERT INTO rows SELECT * FROM batch")
        self.base.unregister("batch")

    def take_doubles(self) -> Iterator[tuple[int, int, int]]:
        """Take out all rows of a key that occurs more than once; give (key, part, line) of each, sorted."""
        self.base.execute(
            "CREATE TABLE doubles AS SELECT key, merging FROM rows GROUP BY key, merging HAVING count(*) > 1"
        )
        found = self.base.cursor()
        found.execute(
            "SELECT key, part, line FROM rows SEMI JOIN doubles USING (key, merging) ORDER BY part, line"
        )
        while some := found.fetchmany(FETCHED):
            yield from some
        found.close()
        self.base.execute("DELETE FROM rows WHERE (key, merging) IN (SELECT (key, merging) FROM doubles)")

    def merged(self) -> int:
        """Count the rows that are summed into another because their countries are one today."""
        ((found,),) = self.base.execute(
            "SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM rows GROUP BY key HAVING count(*) > 1)"
        ).fetchall()
        return int(found)

    def years(self) -> dict[int, int]:
        """Count the rows of each year."""
        return dict(
            self.base.execute(
                "SELECT (key // 1000000) % 10000, count(*) FROM rows GROUP BY 1 ORDER BY 1"
            ).fetchall()
        )

    def product_count(self) -> int:
        """Count the product codes of all rows."""
        ((found,),) = self.base.execute("SELECT count(DISTINCT key // 10000000000) FROM rows").fetchall()
        return int(found)

    def products(self, year: int) -> set[str]:
        """List the product codes of a year."""
        found = self.base.execute(
            "SELECT DISTINCT key // 10000000000 FROM rows WHERE (key // 1000000) % 10000 = ?", [year]
        ).fetchall()
        return {f"{number:06d}" for (number,) in found}

    def chunks(self) -> Iterator[Rows]:
        """Give all rows sorted by product, year, importer, exporter, in chunks of whole products.

        Rows that became one link when old countries were merged are summed: dollars, and the known tons
        (unknown where none is known).
        """
        rows = self.base.sql(
            "SELECT key, fsum(value) AS value, fsum(tons) AS tons FROM rows GROUP BY key ORDER BY key"
        )
        held: list[tuple[NDArray[np.int64], Floats, Floats]] = []
        reader: Any = rows.to_arrow_reader(FETCHED)
        for batch in reader:
            key = numbers(batch.column("key"))[0].astype(np.int64)
            held.append((key, floats(batch.column("value")), floats(batch.column("tons"))))
            if sum(len(part[0]) for part in held) < AT_ONCE:
                continue
            whole = [np.concatenate(column) for column in zip(*held, strict=True)]
            product = whole[0] // 10_000_000_000
            cut = int(np.searchsorted(product, product[-1]))
            held = [(whole[0][cut:], whole[1][cut:], whole[2][cut:])]
            if cut:
                yield rows_of([column[:cut] for column in whole])
        if held:
            yield rows_of([np.concatenate(column) for column in zip(*held, strict=True)])


def rows_of(columns: Sequence[NDArray[Any]]) -> Rows:
    """Unpack a chunk."""
    product, year, importer, exporter = unpacked(columns[0])
    return Rows(product, year, importer, exporter, columns[1], columns[2])
