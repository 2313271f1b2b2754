"""What a path holds: which files, which reader, which table, which HS revision."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from friendshore.errors import DataError
from friendshore.tables.csv_text import check_encoding, first_line, loose, refuse_delimiter
from friendshore.tables.parquet_file import open_parquet
from friendshore.tables.readers import baci, own
from friendshore.tables.readers.archives import members, opened_member
from friendshore.tables.readers.batches import Batch, Input, Progress

__all__ = ["default_name", "inputs"]

FORMATS = "a BACI zip or CSV file, or a CSV, Parquet or XLSX file with the columns of the data dictionary"
HEAD = 1 << 16

Opener = Callable[[], AbstractContextManager[BinaryIO]]


def inputs(path: Path) -> list[Input]:
    """Look at a file, an archive or a folder and say how to read it; no row is read yet.

    Raises
    ------
    DataError
        Where there is nothing to read, or a header is wrong.
    """
    if not path.exists():
        raise DataError(f"{path} does not exist.", code="no_file", hint="Check the path.")
    if path.is_dir():
        return of_folder(path)
    digest = sha256(path)
    suffix = path.suffix.lower()
    if suffix == ".zip":
        return of_archive(path, digest)
    if suffix == ".csv":
        return [of_csv(partial(open_file, path), path.name, path.stat().st_size, digest)]
    if suffix == ".parquet":
        with open_parquet(path) as file:
            table = own.table_of(file.schema_arrow.names, path.name)
        return [of_own(path, table, partial(own.parquet_batches, path, table), digest)]
    if suffix == ".xlsx":
        table = own.table_of(own.xlsx_header(path), path.name)
        return [of_own(path, table, partial(own.xlsx_batches, path, table), digest)]
    raise DataError(
        f"{path.name} is of no kind that can be imported.", code="unknown_format", hint=f"Give {FORMATS}."
    )


def open_file(path: Path) -> BinaryIO:
    """Open a file of bytes."""
    return path.open("rb")


def of_folder(path: Path) -> list[Input]:
    """Take BACI's files from an unpacked archive, or the tables of a user's folder."""
    names = sorted(p.name for p in path.iterdir() if p.is_file())
    chosen = [name for name in names if baci.stated(name)[0] and name.lower().endswith(".csv")]
    if not chosen:
        stems = [table + suffix for table in own.TABLES for suffix in (".csv", ".parquet", ".xlsx")]
        chosen = [name for name in stems if name in names]
    if not chosen:
        raise DataError(
            f"The folder {path} holds no file that can be imported.", code="no_file", hint=f"Give {FORMATS}."
        )
    return [one for name in chosen for one in inputs(path / name)]


def of_archive(path: Path, digest: str) -> list[Input]:
    """Take the tables in an archive: CSV files with a header that is known; BACI's lists of codes are not."""
    found, refused = [], []
    for member in members(path):
        if not member.filename.lower().endswith(".csv"):
            continue
        name = member.filename.replace("\\", "/").rsplit("/", 1)[-1]
        try:
            found.append(
                of_csv(partial(opened_member, path, member), name, member.file_size, digest, path.name)
            )
        except DataError as problem:
            if problem.code == "bad_zip":
                raise
            refused.append(problem)
    if not found:
        first = f" {refused[0].message}" if refused else ""
        raise DataError(
            f"{path.name} holds no table that can be imported.{first}",
            code="no_file",
            hint=f"Give {FORMATS}.",
        )
    return found


def of_csv(opened: Opener, file: str, size: int, digest: str, archive: str = "") -> Input:
    """Tell BACI from an own table by the header."""
    with opened() as stream:
        head = stream.read(HEAD)
    check_encoding(head, file)
    names = first_line(head, file)
    if baci.is_baci(names):
        hs, release = baci.stated(file)
        if not hs:
            hs, release = baci.stated(archive)
        source = baci.baci_source(hs, release, digest, archive or file)
        return Input(
            file, "trade", size, streamed(opened, baci.baci_batches, file), source, hs, whole_years=True
        )
    if baci.is_baci(loose(names)):
        refuse_delimiter(names, baci.COLUMNS, file)
    table = own.table_of(names, file)
    read = partial(own_rows, table)
    return Input(file, table, size, streamed(opened, read, file), own.own_source(stem(file), file, digest))


def own_rows(table: str, stream: BinaryIO, file: str, told: Progress) -> Iterator[Batch]:
    """Read an own CSV stream."""
    return own.csv_batches(stream, file, table, told)


def streamed(
    opened: Opener, read: Callable[[BinaryIO, str, Progress], Iterator[Batch]], file: str
) -> Callable[[Progress], Iterator[Batch]]:
    """Open the stream when it is read, and close it after."""

    def batches(told: Progress) -> Iterator[Batch]:
        with opened() as stream:
            yield from read(stream, file, told)

    return batches


def of_own(path: Path, table: str, batches: Callable[[Progress], Iterator[Batch]], digest: str) -> Input:
    """Describe a Parquet file or workbook."""
    return Input(
        path.name, table, path.stat().st_size, batches, own.own_source(stem(path.name), path.name, digest)
    )


def stem(file: str) -> str:
    """Make a plain word of a file's name."""
    return re.sub(r"[^a-z0-9._-]+", "-", file.rsplit(".", 1)[0].lower()).strip("-._") or "table"


def default_name(path: Path, found: list[Input]) -> str:
    """Choose the name of the data set where none was given: BACI's revision and release, or the file's name."""
    hs, release = baci.stated(found[0].file)
    if not hs:
        hs, release = baci.stated(path.name)
    if found[0].whole_years and hs:
        return f"baci-{hs}-v{release}".lower()
    return stem(path.resolve().name if path.is_file() else path.resolve().name + ".")[:64]


def sha256(path: Path) -> str:
    """Hash a file, a piece at a time."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while piece := stream.read(io.DEFAULT_BUFFER_SIZE * 64):
                digest.update(piece)
    except OSError as problem:
        raise DataError(
            f"{path} cannot be read: {problem.strerror or problem}.",
            code="cannot_read",
            hint="Check the path and the rights of the file.",
        ) from problem
    return digest.hexdigest()
