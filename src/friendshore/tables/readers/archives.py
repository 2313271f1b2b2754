"""Zip archives from strangers: read in place, never unpacked, refused where they are bombs or broken."""

from __future__ import annotations

import contextlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from friendshore.errors import DataError

__all__ = ["MOST_BYTES", "MOST_MEMBERS", "MOST_RATIO", "members", "opened_member"]

MOST_MEMBERS = 10_000
MOST_BYTES = 64 << 30
"""Bytes that an archive may unpack to; BACI's largest is a tenth of it."""
MOST_RATIO = 200
"""Times that a large member may grow; tables of numbers grow five to twenty times."""
SMALL = 64 << 20
"""Bytes below which a member may grow as it likes."""
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)


def members(path: Path) -> list[zipfile.ZipInfo]:
    """List the files in an archive, in order of name.

    Raises
    ------
    DataError
        ``empty_file``, ``bad_zip`` (no archive, truncated), ``encrypted_zip``, ``zip_bomb``.
    """
    try:
        if path.stat().st_size == 0:
            raise DataError(f"{path.name} is empty.", code="empty_file", hint="Download it again.")
        with zipfile.ZipFile(path) as archive:
            found = [member for member in archive.infolist() if not member.is_dir()]
    except BROKEN as problem:
        raise truncated(path, problem) from problem
    for member in found:
        if member.flag_bits & 0x1:
            raise DataError(
                f"{path.name} is encrypted ({member.filename[:80]!r}).",
                code="encrypted_zip",
                hint="Unpack it with its password and import the files.",
            )
    total = sum(member.file_size for member in found)
    swollen = [m for m in found if m.file_size > SMALL and m.file_size > MOST_RATIO * max(m.compress_size, 1)]
    if len(found) > MOST_MEMBERS or total > MOST_BYTES or swollen:
        raise DataError(
            f"{path.name} would unpack to {total:,} bytes in {len(found):,} files, which no table does.",
            code="zip_bomb",
            hint="If you trust it, unpack it yourself and import the CSV files.",
        )
    return sorted(found, key=lambda member: member.filename)


def truncated(path: Path, problem: Exception) -> DataError:
    """Build the error for an archive that cannot be read to its end."""
    return DataError(
        f"{path.name} is not a whole zip archive: {str(problem)[:200] or type(problem).__name__}.",
        code="bad_zip",
        hint="It may have been cut off on the way; download it again.",
    )


@contextlib.contextmanager
def opened_member(path: Path, member: zipfile.ZipInfo) -> Iterator[BinaryIO]:
    """Open a file in an archive as a stream. What breaks while it is read is told as a broken archive.

    Only the bytes are used; the name inside the archive never becomes a path.
    """
    with contextlib.ExitStack() as stack:
        try:
            archive = stack.enter_context(zipfile.ZipFile(path))
            stream = stack.enter_context(archive.open(member))
        except BROKEN as problem:
            raise truncated(path, problem) from problem
        yield cast("BinaryIO", Guarded(stream, path))


class Guarded(io.RawIOBase):
    """A stream of an archive whose failures while reading are ours."""

    def __init__(self, stream: object, path: Path) -> None:
        self.stream = cast("BinaryIO", stream)
        self.path = path

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        try:
            return self.stream.read(size)
        except BROKEN as problem:
            raise truncated(self.path, problem) from problem
