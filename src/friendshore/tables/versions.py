"""The data home and its stores: whole versions that are swapped in one step.

A named store is a folder of the data home::

    current              name of the version in force
    v000002/             the version in force: manifest.json, trade/, ...
    v000001/             the one before, kept until the next import for whoever is still reading it
    incoming/            a version being written; what a killed import leaves is removed by the next
    refused-NAME.csv     rows that the last import of NAME refused

``current`` is replaced in one step after everything else has reached the disk, so the store holds the old or
the new version whenever the writer is killed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from friendshore.errors import ArgumentError, DataError, OutputError

__all__ = [
    "cannot_write",
    "check_name",
    "data_home",
    "replacing",
    "store_folder",
    "store_names",
    "version_in_force",
]

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
RESERVED = {"raw-materials"}
VERSION = re.compile(r"v([0-9]{6,})")


def data_home() -> Path:
    """Return the folder of the user's own data sets: ``FRIENDSHORE_DATA``, or the platform's data folder."""
    chosen = os.environ.get("FRIENDSHORE_DATA")
    if chosen:
        return Path(chosen)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "friendshore"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "friendshore"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "friendshore"


def store_names() -> tuple[str, ...]:
    """List the named stores of the data home, sorted."""
    home = data_home()
    if not home.is_dir():
        return ()
    return tuple(
        sorted(p.name for p in home.iterdir() if NAME.fullmatch(p.name) and (p / "current").is_file())
    )


def check_name(name: str) -> None:
    """Refuse a name that cannot be a store: the box's own, or one that is no plain word."""
    if name in RESERVED:
        raise ArgumentError(
            f"{name} is the data set that comes with friendshore and cannot be replaced.",
            code="reserved_name",
            hint="Choose another: --name mine",
        )
    if not NAME.fullmatch(name):
        raise ArgumentError(
            f"{name!r} cannot be the name of a data set.",
            code="bad_name",
            hint="Use letters, digits, hyphens, underscores and points, 64 at most: --name baci-2022",
        )


def store_folder(name: str) -> Path:
    """Return the folder of a named store, present or not."""
    check_name(name)
    return data_home() / name


def version_in_force(store: Path) -> Path | None:
    """Return the folder of the version in force, None where nothing was ever imported.

    Raises
    ------
    DataError
        ``bad_store`` where the pointer names no version.
    """
    try:
        name = (store / "current").read_text("ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as problem:
        raise broken(store, str(problem)) from problem
    if not VERSION.fullmatch(name) or not (store / name).is_dir():
        raise broken(store, f"it names the version {name[:40]!r}, which is not there")
    return store / name


def broken(store: Path, why: str) -> DataError:
    """Build the error for a store whose pointer cannot be followed."""
    return DataError(
        f"The store {store} cannot be opened: {why}.",
        code="bad_store",
        hint="Import the data again: friendshore data add PATH",
    )


@contextlib.contextmanager
def replacing(store: Path) -> Iterator[Path]:
    """Write a new version of a store.

    Yields an empty folder. When the block ends well, what it holds becomes the version in force in one step;
    when it fails, or the process is killed at any moment, the version in force stays as it was.

    Raises
    ------
    OutputError
        ``store_busy`` where another import is at work, ``disk_full`` or ``cannot_write`` where the disk
        takes no more; the old version is untouched.
    """
    try:
        store.mkdir(parents=True, exist_ok=True)
        with lock(store):
            in_force = version_in_force(store)
            clean_up(store, in_force)
            incoming = store / "incoming"
            incoming.mkdir()
            try:
                yield incoming
                publish(store, incoming)
            except BaseException:  # what was there is put back, whatever ends it
                shutil.rmtree(incoming, ignore_errors=True)
                raise
    except OSError as problem:
        raise cannot_write(store, problem) from problem


def publish(store: Path, incoming: Path) -> None:
    """Make a finished folder the version in force."""
    for path in sorted(incoming.rglob("*"), reverse=True):
        reach_disk(path)
    reach_disk(incoming)
    numbers = [int(found[1]) for p in store.iterdir() if (found := VERSION.fullmatch(p.name))]
    version = f"v{max(numbers, default=0) + 1:06d}"
    incoming.rename(store / version)
    pointer = store / "current.new"
    pointer.write_text(version + "\n", "ascii")
    reach_disk(pointer)
    reach_disk(store)
    pointer.replace(store / "current")
    reach_disk(store)


def clean_up(store: Path, in_force: Path | None) -> None:
    """Remove what killed imports left, and versions before the one in force."""
    for path in store.iterdir():
        if path.is_dir() and path != in_force and (path.name == "incoming" or VERSION.fullmatch(path.name)):
            shutil.rmtree(path)
    (store / "current.new").unlink(missing_ok=True)


def reach_disk(path: Path) -> None:
    """Wait until a file or folder has reached the disk; folders cannot be waited for on Windows."""
    if path.is_dir() and sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def lock(store: Path) -> Iterator[None]:
    """Let one import at a time into a store; the system drops the lock when the process ends."""
    with (store / "lock").open("a+b") as handle:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise OutputError(
                f"Another import into {store.name} is at work.",
                code="store_busy",
                hint="Wait until it is done, then type the command again.",
            ) from problem
        yield


def cannot_write(where: Path, problem: OSError) -> OutputError:
    """Say that the disk refused to be written to."""
    full = problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    why = "the disk is full" if full else (problem.strerror or str(problem))
    return OutputError(
        f"{where} cannot be written: {why}. Nothing was changed.",
        code="disk_full" if full else "cannot_write",
        hint="Free some space, or choose another place: set FRIENDSHORE_DATA to a folder."
        if full
        else "Choose a folder that can be written to: set FRIENDSHORE_DATA.",
    )
