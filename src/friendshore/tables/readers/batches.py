"""What every reader gives: rows in batches, so that a file larger than the memory can be read."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

import numpy as np
from numpy.typing import NDArray

from friendshore.errors import DataError
from friendshore.records import Source
from friendshore.tables.csv_text import BOM, WITH_COMMAS, check_encoding, first_line
from friendshore.tables.violations import Breach, shown

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Batch", "Input", "Odd", "Progress", "TextBatch", "text_batches"]

Progress: TypeAlias = Callable[[int], None]
"""Told the bytes (or rows) that were read since it was last told."""
BLOCK = 1 << 23
"""Bytes read at a time, and the longest line."""


@dataclass(frozen=True)
class Odd:
    """A line that cannot be split into the cells that the header promises."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class TextBatch:
    """Lines of a CSV file split into cells."""

    cells: pa.Table
    """String columns as found; an empty cell is NULL."""
    lines: NDArray[np.int64]
    """Line of each row in the file, from 1."""
    odd: tuple[Odd, ...]


@dataclass(frozen=True)
class Batch:
    """Rows in the dictionary's columns, and what is wrong with some of them."""

    typed: pa.Table
    breaches: Sequence[Breach]
    lines: NDArray[np.int64]
    found: pa.Table
    """The same rows as the file has them, for the file of refused rows."""
    odd: tuple[Odd, ...] = ()
    before_merging: NDArray[np.int64] | None = None
    """A number for the row's countries before old ones were merged into today's: rows that differ in it are
    summed, rows that do not are duplicates."""
    renamed: Mapping[str, int] = field(default_factory=dict)
    """Country codes that were replaced by today's, and in how many rows."""


@dataclass(frozen=True)
class Input:
    """One file to import (or one file inside an archive)."""

    file: str
    """Name to show."""
    table: str
    """Table of the data dictionary that it holds."""
    size: int
    """Bytes to read, for the progress bar."""
    batches: Callable[[Progress], Iterator[Batch]]
    source: Source
    hs: str = ""
    """HS revision that the file itself states, empty where it states none."""
    whole_years: bool = False
    """True where a year in the file is the whole trade of that year and replaces what the store had."""


def text_batches(stream: BinaryIO, file: str, told: Progress) -> Iterator[TextBatch]:
    """Split a CSV stream into cells, a block of lines at a time.

    Lines that do not have as many cells as the header are given back as odd ones, with their number; no cell
    of our tables holds a line break, so a line is a row.

    Raises
    ------
    DataError
        Where the stream is no CSV text, or a line is longer than the block.
    """
    rest, line = b"", 1
    names: tuple[str, ...] = ()
    while True:
        block = stream.read(BLOCK)
        told(len(block))
        data = rest + block
        if line == 1:
            check_encoding(data, file)
            names = first_line(data, file)
            data = data.removeprefix(BOM)
            if b"\n" not in data and b"\r" in data:
                raise DataError(
                    f"The lines of {file} end in carriage returns alone.",
                    code="bad_line_ends",
                    hint=WITH_COMMAS,
                )
            _, _, data = data.partition(b"\n")
            line = 2
        end = data.rfind(b"\n") + 1 if block else len(data)
        if end == 0 and len(data) > BLOCK:
            raise DataError(
                f"Line {line} of {file} is longer than {BLOCK:,} bytes; a quote may not be closed.",
                code="long_line",
                hint="Mend that line and try again.",
            )
        if end:
            lines, rest = data[:end], data[end:]
            yield split(lines, names, line)
            line += lines.count(b"\n")
        else:
            rest = data
        if not block:
            return


def split(lines: bytes, names: Sequence[str], first: int) -> TextBatch:
    """Split whole lines into cells: at once where they are regular, one by one where not."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    try:
        cells = arrow_csv.read_csv(
            pa.BufferReader(lines),
            read_options=arrow_csv.ReadOptions(column_names=list(names)),
            parse_options=arrow_csv.ParseOptions(ignore_empty_lines=False),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
            ),
        )
    except pa.ArrowInvalid:
        return one_by_one(lines, names, first)
    if cells.num_rows != lines.count(b"\n") + (not lines.endswith(b"\n")):
        return one_by_one(lines, names, first)
    numbers = np.arange(first, first + cells.num_rows)
    blank = np.logical_and.reduce([~known(cells.column(name)) for name in names])
    if blank.any():
        cells, numbers = cells.filter(pa.array(~blank)), numbers[~blank]
    return TextBatch(cells, numbers, ())


def known(column: Any) -> NDArray[np.bool_]:  # noqa: ANN401  an Arrow column
    """Tell which cells are not NULL."""
    import pyarrow.compute as pc

    from friendshore.tables.arrow import bits

    return bits(pc.is_valid(column))


def one_by_one(lines: bytes, names: Sequence[str], first: int) -> TextBatch:
    """Split lines one by one; what cannot be split is odd."""
    import pyarrow as pa

    rows: list[list[str | None]] = []
    numbers: list[int] = []
    odd: list[Odd] = []
    for line, raw in enumerate(lines.splitlines(), first):
        if not raw.strip():
            continue
        try:
            text = raw.decode("utf-8")
            cells = next(csv.reader([text], strict=True))
        except UnicodeDecodeError:
            odd.append(Odd(line, shown(raw.decode("utf-8", "backslashreplace")), "not UTF-8 text"))
        except (csv.Error, StopIteration) as problem:
            odd.append(Odd(line, shown(text), f"a row cannot be split into cells: {problem}"))
        else:
            if len(cells) == len(names):
                rows.append([cell or None for cell in cells])
                numbers.append(line)
            else:
                odd.append(Odd(line, shown(text), f"{len(cells)} cells, expected {len(names)}"))
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    table = {name: pa.array(list(c), pa.string()) for name, c in zip(names, columns, strict=True)}
    return TextBatch(pa.table(table), np.array(numbers, np.int64), tuple(odd))
