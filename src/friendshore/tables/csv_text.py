"""Reading a user's CSV file: fast where it is clean, line by line where a fault has to be shown."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from friendshore.errors import DataError
from friendshore.tables.parsing import parsed
from friendshore.tables.schemas import schema
from friendshore.tables.violations import Failure, at, breaches, failing, failures, shown

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "check_encoding",
    "check_header",
    "first_line",
    "load_csv",
    "loose",
    "read_file",
    "refuse_delimiter",
]

LONGEST_CELL = 131_072
"""Characters of a cell above which a row is refused; no column of ours comes near."""
DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
WITH_COMMAS = "Save the file as UTF-8 CSV with commas between the cells and points as decimal marks."
BOM = b"\xef\xbb\xbf"


def read_file(path: Path) -> bytes:
    """Read a file, its failure told as ours."""
    try:
        return path.read_bytes()
    except OSError as problem:
        raise DataError(
            f"{path} cannot be read: {problem.strerror or problem}.",
            code="cannot_read",
            hint="Check the path and the rights of the file.",
        ) from problem


def check_encoding(data: bytes, file: str) -> None:
    """Refuse what is not UTF-8 text: UTF-16, NUL bytes, nothing at all. A byte order mark is accepted.

    ``data`` is the file, or its beginning.
    """
    if not data.removeprefix(BOM).strip():
        raise DataError(
            f"{file} is empty.",
            code="empty_file",
            hint="Its first line has to name the columns, the next ones hold the rows; "
            "a table that is not known is left out.",
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[1:8:2] == b"\0\0\0\0" or data[:7:2] == b"\0\0\0\0":
        raise DataError(f"{file} is UTF-16 text, expected UTF-8.", code="not_utf8", hint=WITH_COMMAS)
    if data.startswith(b"PK\x03\x04"):
        raise DataError(
            f"{file} is a zip archive or a spreadsheet, expected CSV text.",
            code="not_csv",
            hint=f"Import it instead: friendshore data add {file}",
        )
    nul = data.find(b"\0")
    if nul >= 0:
        line = data.count(b"\n", 0, nul) + 1
        raise DataError(
            f"{file} line {line} holds a NUL byte: it is damaged or no text.",
            code="not_text",
            hint=WITH_COMMAS,
        )


def first_line(data: bytes, file: str) -> tuple[str, ...]:
    """Read the names in the first line."""
    head = data.removeprefix(BOM)[: 2 * LONGEST_CELL].splitlines()[0]
    try:
        return tuple(name.strip() for name in next(csv.reader([head.decode("utf-8")], strict=True)))
    except (UnicodeDecodeError, csv.Error, StopIteration):
        raise DataError(
            f"The first line of {file} cannot be read as the names of the columns.",
            code="bad_header",
            hint=WITH_COMMAS,
        ) from None


def check_header(names: Sequence[str], table: str, file: str) -> None:
    """Refuse missing, unknown, misspelt or repeated columns, and a wrong delimiter, saying which."""
    wanted = [rule.name for rule in schema(table)]
    if sorted(names) == sorted(wanted):
        return
    refuse_delimiter(names, wanted, file)
    missing = [name for name in wanted if name not in names]
    strange = list(dict.fromkeys(name for name in names if name not in wanted))
    twice = sorted({name for name in names if names.count(name) > 1})
    told, tips = [], []
    if missing:
        told.append(f"lacks {', '.join(missing)}")
    if strange:
        told.append(f"has {', '.join(shown(name) for name in strange[:5])}")
    if twice:
        told.append(f"names {', '.join(shown(name) for name in twice)} more than once")
    for name in strange:
        near = get_close_matches(name.casefold(), missing, n=1, cutoff=0.6)
        tips += [f"Rename {shown(name)} to {near[0]}."] if near else []
        if name.startswith("__index_level"):
            tips.append("Write the file without the index of the data frame.")
    if not set(names) & set(wanted):
        tips = ["The first line has to name the columns."]
    code = "missing_columns" if missing else "unknown_columns" if strange else "repeated_columns"
    raise DataError(
        f"The header of {file} {' and '.join(told)}; expected {' '.join(wanted)}.",
        code=code,
        hint=" ".join([*tips[:5], f"The columns are: {','.join(wanted)}."]),
    )


def loose(names: Sequence[str], marks: Sequence[str] = tuple(DELIMITERS)) -> list[str]:
    """Split names at other delimiters than the comma."""
    cells = list(names)
    for mark in marks:
        cells = [cell.strip().strip('"') for name in cells for cell in name.split(mark)]
    return cells


def refuse_delimiter(names: Sequence[str], wanted: Sequence[str], file: str) -> None:
    """Refuse a header whose names stand apart by something else than commas."""
    for mark, word in DELIMITERS.items():
        cells = loose(names, [mark])
        if len(cells) > len(names) and len(set(cells) & set(wanted)) > 1:
            raise DataError(
                f"The cells of {file} are separated by {word}, expected commas.",
                code="wrong_delimiter",
                hint=WITH_COMMAS,
            )


def load_csv(path: Path, table: str, most: int | None = None) -> tuple[pa.Table, list[Failure], int]:
    """Read a CSV file as a table of the dictionary.

    Returns
    -------
    tuple
        The typed table, the failing rows with their lines (all, or the first ``most``) and the number of
        rows that fail; where there are any, the table is not to be used.

    Raises
    ------
    DataError
        Where the file as a whole cannot be read: encoding, header, delimiter.
    """
    data = read_file(path)
    check_encoding(data, path.name)
    names = first_line(data, path.name)
    check_header(names, table, path.name)
    text = fast(data, names)
    if text is not None:
        typed, odd = parsed(text, table)
        if not any(breach.rows.any() for breach in (*odd, *breaches(typed, table))):
            return typed, [], 0
    return slow(data, names, table, path.name, most)


def fast(data: bytes, names: Sequence[str]) -> pa.Table | None:
    """Read all cells as text, or None where the file is not regular."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    try:
        return arrow_csv.read_csv(
            pa.BufferReader(data.removeprefix(BOM)),
            read_options=arrow_csv.ReadOptions(column_names=list(names), skip_rows=1),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
            ),
        )
    except pa.ArrowInvalid:
        return None


def slow(
    data: bytes, names: Sequence[str], table: str, file: str, most: int | None
) -> tuple[pa.Table, list[Failure], int]:
    """Read row by row to find every failing row and its line."""
    import pyarrow as pa

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise DataError(
            f"{file} line {line} is not UTF-8 text (byte {data[problem.start]:#04x}).",
            code="not_utf8",
            hint=WITH_COMMAS,
        ) from None
    lines: list[int] = []
    cells: list[list[str]] = []
    found: list[Failure] = []
    for line, row in numbered(text, table, file, found):
        if len(row) == len(names):
            lines.append(line)
            cells.append(row)
        elif row:
            expected = f"{len(names)} cells; quote a cell that holds a comma, write decimal points"
            found.append(
                Failure(
                    "wrong_cell_count", table, len(lines), "row", f"{len(row)} cells", expected, file, line
                )
            )
    columns = zip(*cells, strict=True) if cells else ([] for _ in names)
    texts = {
        name: pa.array([cell or None for cell in column], pa.string())
        for name, column in zip(names, columns, strict=True)
    }
    typed, odd = parsed(pa.table(texts), table)
    broken = [*odd, *breaches(typed, table)]
    total = len(found) + int(failing(broken, typed.num_rows).sum())
    found += [at(one, file=file, line=lines[one.row]) for one in failures(broken, table, most=most)]
    return typed, sorted(found, key=lambda one: one.line)[:most], total


def numbered(text: str, table: str, file: str, found: list[Failure]) -> Iterator[tuple[int, list[str]]]:
    """Give the rows below the header and their lines; a row that ends the reading goes to ``found``."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for row in reader:
            if line > 1:
                yield line, row
            line = reader.line_num + 1
    except csv.Error as problem:
        wanted = "cells quoted rightly, none above 131,072 characters; reading stopped here"
        found.append(Failure("bad_cell", table, 0, "row", shown(problem), wanted, file, line))
