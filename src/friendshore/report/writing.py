"""Put a finding into a file: all of it, or nothing at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from friendshore.errors import ArgumentError, OutputError
from friendshore.records import Finding
from friendshore.report.words import check_language

__all__ = ["SUFFIXES", "contents", "refuse_suffix", "write", "write_bytes"]


def _csv(finding: Finding, lang: str) -> bytes:
    from friendshore.report.table_files import csv_text

    return csv_text(finding).encode()


def _json(finding: Finding, lang: str) -> bytes:
    from friendshore.report.envelope import dump, envelope

    return dump(envelope(finding, lang)).encode()


def _xlsx(finding: Finding, lang: str) -> bytes:
    from friendshore.report.table_files import workbook_bytes

    return workbook_bytes(finding, lang)


def _html(finding: Finding, lang: str) -> bytes:
    from friendshore.report.page import render

    return render(finding, lang).encode()


def _picture(kind: str) -> Callable[[Finding, str], bytes]:
    def draw(finding: Finding, lang: str) -> bytes:
        from friendshore import charts
        from friendshore.report.words import words_in

        picture: bytes = charts.draw(finding, format=kind, words=words_in(lang))
        return picture

    return draw


_WRITERS: Mapping[str, Callable[[Finding, str], bytes]] = {
    ".csv": _csv,
    ".html": _html,
    ".json": _json,
    ".png": _picture("png"),
    ".svg": _picture("svg"),
    ".xlsx": _xlsx,
}
SUFFIXES = tuple(_WRITERS)


def write(finding: Finding, path: str | Path, lang: str = "en") -> None:
    """Write a finding to a file whose suffix says how.

    Parameters
    ----------
    finding
        The answer.
    path
        ``.csv``, ``.html``, ``.json``, ``.png``, ``.svg`` or ``.xlsx``. An existing file is replaced.
    lang
        ``en`` or ``ja``.

    Raises
    ------
    ArgumentError
        ``unknown_suffix``.
    OutputError
        ``cannot_write``; the folder is left as it was.
    """
    path = Path(path)
    suffix = refuse_suffix(path, SUFFIXES)
    refuse_place(path)
    write_bytes(contents(finding, suffix, lang), path)


def contents(finding: Finding, suffix: str, lang: str = "en") -> bytes:
    """Return what :func:`write` puts into a file ending in ``suffix``."""
    return _WRITERS[suffix](finding, check_language(lang))


def refuse_suffix(path: Path, allowed: tuple[str, ...] = SUFFIXES) -> str:
    """Return the suffix of a path, in lower case, if it is one of the allowed ones."""
    suffix = path.suffix.lower()
    if suffix not in allowed:
        raise ArgumentError(
            f"{path.name!r} ends in {suffix!r}, which does not say how to write it."
            if suffix
            else f"{path.name!r} has no suffix, so that it does not say how to write it.",
            code="unknown_suffix",
            hint=f"End the name in {', '.join(allowed)}.",
        )
    return suffix


def refuse_place(path: Path) -> None:
    """Refuse a path that cannot become a file, before anything is computed for it."""
    if path.is_dir():
        raise OutputError(
            f"{path} is a folder, not a file.",
            code="cannot_write",
            hint=f"Name a file in it, as {path / 'answer.csv'}.",
        )
    if not path.absolute().parent.is_dir():
        raise OutputError(
            f"The folder of {path} does not exist.",
            code="cannot_write",
            hint=f"Make it first: mkdir -p {path.parent}",
        )
    if path.exists() and not os.access(path, os.W_OK):
        raise OutputError(f"{path} may not be overwritten.", code="cannot_write", hint="Choose another name.")


def write_bytes(content: bytes, path: str | Path) -> None:
    """Write a file in one step: it holds the old content or the new, never half of it.

    Raises
    ------
    OutputError
        ``cannot_write``, with the operating system's reason; nothing is left behind.
    """
    path = Path(path)
    refuse_place(path)
    # Through a link to its target, which a plain replace would cut off.
    target = path.resolve()
    part = target.with_name(f".{target.name[:100]}.{os.getpid()}.part")
    try:
        with part.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    except OSError as error:
        raise OutputError(
            f"{path} could not be written: {error.strerror or error}.",
            code="cannot_write",
            hint="Check the free space and the rights of its folder, or choose another with --out.",
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
