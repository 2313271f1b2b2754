"""A user's own table with the columns of the data dictionary: CSV, Parquet or XLSX."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from friendshore.errors import DataError
from friendshore.records import Source
from friendshore.tables.arrow import words
from friendshore.tables.csv_text import check_header, loose
from friendshore.tables.parquet_file import damaged, open_parquet, typed_columns
from friendshore.tables.parsing import parsed
from friendshore.tables.readers.archives import members, truncated
from friendshore.tables.readers.batches import Batch, Progress, TextBatch, text_batches
from friendshore.tables.schemas import schema
from friendshore.tables.violations import breaches

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["csv_batches", "own_source", "parquet_batches", "table_of", "xlsx_batches", "xlsx_header"]

TABLES = ("trade", "production", "governance")
ROWS = 1 << 18
"""Rows of a batch."""


def table_of(names: Sequence[str], file: str) -> str:
    """Tell which table of the dictionary a header belongs to, the one that shares most columns.

    Raises
    ------
    DataError
        What :func:`friendshore.tables.csv_text.check_header` says, where the header is not exactly right.
    """
    wanted = {table: {rule.name for rule in schema(table)} for table in TABLES}
    best = max(TABLES, key=lambda table: (len(wanted[table] & set(loose(names))), -len(wanted[table])))
    check_header(names, best, file)
    return best


def own_source(name: str, file: str, sha256: str) -> Source:
    """Describe a user's own file."""
    return Source(
        id=f"own_{name.replace('-', '_').replace('.', '_')}",
        title=file,
        producer="the user",
        version="",
        accessed="",
        licence="the user's own",
        citation=f"{file}, own data.",
        sha256=sha256,
    )


def csv_batches(stream: BinaryIO, file: str, table: str, told: Progress) -> Iterator[Batch]:
    """Read a CSV stream."""
    for batch in text_batches(stream, file, told):
        yield checked(batch, table)


def checked(batch: TextBatch, table: str) -> Batch:
    """Read cells as the dictionary asks and check them."""
    typed, odd = parsed(batch.cells, table)
    typed, renamed, merging = with_todays_codes(typed, table)
    found = [*odd, *breaches(typed, table, unique=False)]
    return Batch(typed, found, batch.lines, batch.cells, batch.odd, merging, renamed)


def with_todays_codes(
    typed: pa.Table, table: str
) -> tuple[pa.Table, dict[str, int], NDArray[np.int64] | None]:
    """Put today's code for those of BACI's letter codes that are not ISO's (``S19`` for Taiwan), and count them.

    Gives back too a number that tells rows with different codes apart, where any was replaced.
    """
    import pyarrow as pa

    from friendshore.tables.countries import merged_codes

    counts: dict[str, int] = {}
    merging = np.zeros(typed.num_rows, np.int64)
    for rule in schema(table):
        if rule.type != "country":
            continue
        distinct, rows = words(typed.column(rule.name))
        old = [place for place, word in enumerate(distinct) if word in merged_codes()]
        for place in old:
            counts[distinct[place]] = counts.get(distinct[place], 0) + int((rows == place).sum())
        merging = merging * (len(merged_codes()) + 1) + np.array([*map(number_of_old, distinct), 0])[rows]
        if old:
            names = pa.array([*(merged_codes().get(word, word) for word in distinct), None], pa.string())
            column = names.take(pa.array(np.where(rows < 0, len(distinct), rows)))
            typed = typed.set_column(typed.column_names.index(rule.name), rule.name, column)
    return typed, counts, merging if counts else None


def number_of_old(word: str) -> int:
    """Give the codes that are replaced numbers from 1, all others 0."""
    from friendshore.tables.countries import merged_codes

    return 1 + list(merged_codes()).index(word) if word in merged_codes() else 0


def parquet_batches(path: Path, table: str, told: Progress) -> Iterator[Batch]:
    """Read a Parquet file."""
    import pyarrow as pa

    with open_parquet(path) as file:
        rows = max(file.metadata.num_rows, 1)
        size, first = path.stat().st_size, 1
        try:
            for batch in file.iter_batches(ROWS):
                found = pa.Table.from_batches([batch])
                typed, renamed, merging = with_todays_codes(typed_columns(found, table, path.name), table)
                lines = np.arange(first, first + len(batch))
                broken = list(breaches(typed, table, unique=False))
                yield Batch(typed, broken, lines, found, (), merging, renamed)
                told(size * len(batch) // rows)
                first += len(batch)
        except OSError as problem:
            raise damaged(path, problem) from problem


def xlsx_header(path: Path) -> tuple[str, ...]:
    """Read the names in the first row of a workbook's first sheet."""
    for row in xlsx_rows(path):
        names = [cell_text(cell) or "" for cell in row]
        while names and not names[-1]:
            names.pop()
        return tuple(name.strip() for name in names)
    raise DataError(
        f"{path.name} is empty.", code="empty_file", hint="The first sheet has to hold the table."
    )


def xlsx_rows(path: Path) -> Iterator[tuple[Any, ...]]:
    """Give the rows of the first sheet as cells; formulas give the value that was last worked out."""
    import warnings

    from openpyxl import load_workbook

    members(path)  # a workbook is a zip archive and can be a bomb like any other
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and validations that openpyxl does not keep
            book = load_workbook(path, read_only=True, data_only=True)
            try:
                yield from book.worksheets[0].iter_rows(values_only=True) if book.worksheets else ()
            finally:
                book.close()
    except DataError:
        raise
    except Exception as problem:  # a hostile workbook can break openpyxl anywhere
        raise truncated(path, problem) from problem


def xlsx_batches(path: Path, table: str, told: Progress) -> Iterator[Batch]:
    """Read the first sheet of a workbook."""
    names = xlsx_header(path)
    rows = enumerate(islice(xlsx_rows(path), 1, None), 2)
    while some := list(islice(rows, ROWS)):
        yield checked(cells_of(some, names), table)
        told(0)
    told(path.stat().st_size)


def cells_of(some: Sequence[tuple[int, tuple[Any, ...]]], names: Sequence[str]) -> TextBatch:
    """Write the cells of rows as text; rows without any are passed over."""
    import pyarrow as pa

    lines, rows = [], []
    for line, row in some:
        texts = [cell_text(cell) for cell in row[: len(names)]]
        if any(texts):
            lines.append(line)
            rows.append(texts + [None] * (len(names) - len(texts)))
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    table: pa.Table = pa.table(
        {name: pa.array(list(column), pa.string()) for name, column in zip(names, columns, strict=True)}
    )
    return TextBatch(table, np.array(lines, np.int64), ())


def cell_text(cell: Any) -> str | None:  # noqa: ANN401  a spreadsheet cell is anything
    """Write a cell as a CSV file would have it; whole numbers lose the point that spreadsheets give them."""
    if cell is None:
        return None
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime | datetime.date):
        return cell.isoformat()
    return str(cell) or None
