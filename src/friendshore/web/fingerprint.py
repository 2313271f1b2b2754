"""Whether anything that answers depend on has changed in the data home, at the price of a few look-ups."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from friendshore.tables.versions import data_home

__all__ = ["home_print"]


def home_print() -> int:
    """Return a number that changes with saved scenarios, with the versions of data sets and the user's register."""
    return hash(tuple(sorted(_seen(data_home()))))


def _seen(home: Path) -> Iterator[tuple[str, int, int]]:
    """List names, times and sizes of what can be asked about."""
    try:
        with os.scandir(home) as entries:
            for entry in entries:
                if entry.name == "scenarios":
                    yield from _files(Path(entry.path))
                elif entry.name.startswith("desk."):
                    continue
                elif entry.is_dir():
                    yield from _one(Path(entry.path) / "current", entry.name)
                else:
                    yield from _one(Path(entry.path), entry.name)
    except OSError:
        return


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                yield from _one(Path(entry.path), f"scenarios/{entry.name}")
    except OSError:
        return


def _one(path: Path, name: str) -> Iterator[tuple[str, int, int]]:
    try:
        found = path.stat()
    except OSError:
        return
    yield name, found.st_mtime_ns, found.st_size
