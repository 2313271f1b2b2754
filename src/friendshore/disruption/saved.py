"""Scenarios that the user saved, by name: plain YAML files in the folder ``scenarios`` of the data home."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

from friendshore.disruption.scenario_files import Scenario, parse_named
from friendshore.disruption.scenario_names import (
    SUFFIXES,
    named_text,
    saved_folder,
    saved_names,
    shipped,
    unknown,
)
from friendshore.disruption.scenario_text import read_text
from friendshore.errors import ArgumentError, DataError, FriendshoreError
from friendshore.tables.versions import NAME, cannot_write

__all__ = [
    "LARGEST_BYTES",
    "chain_text",
    "check_scenario_name",
    "named_text",
    "remove",
    "save",
    "saved_names",
]

LARGEST_BYTES = 200_000
MOST = 1_000
"""Scenarios that can be saved."""
DEVICES = frozenset(
    ("aux", "con", "nul", "prn", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)))
)
"""Names that Windows takes for devices, whatever stands behind a point."""
DEEPEST = 10


def check_scenario_name(name: str) -> None:
    """Refuse a name that cannot be one.

    Raises
    ------
    ArgumentError
        ``bad_name``, ``reserved_name``.
    """
    plain = name.casefold()
    if plain in shipped():
        raise ArgumentError(
            f"{name} is a scenario that comes with friendshore and cannot be replaced.",
            code="reserved_name",
            hint=f"Choose another: my-{plain}"[:80],
        )
    device = plain.partition(".")[0] in DEVICES
    if not NAME.fullmatch(name) or name.endswith(".") or device or Path(plain).suffix in SUFFIXES:
        raise ArgumentError(
            f"{name[:80]!r} cannot be the name of a scenario.",
            code="bad_name",
            hint="Use letters, digits, hyphens and underscores, 64 at most, without .yaml: my-scenario",
        )


def save(name: str, text: str | bytes, *, replace: bool = False) -> Scenario:
    """Save a scenario under a name, all of it or nothing.

    Parameters
    ----------
    name
        By which it can be named from then on wherever a shipped one can.
    text
        The YAML. It is checked as a whole, and extends only what has a name itself.
    replace
        Take the place of one that is saved under this name.

    Returns
    -------
    Scenario
        As it was understood.

    Raises
    ------
    ArgumentError
        ``bad_name``, ``reserved_name``, ``name_taken``, ``too_many_scenarios``.
    DataError
        ``scenario_too_large``, and all that :func:`friendshore.disruption.scenario_files.load_scenario` raises.
    OutputError
        ``disk_full``, ``cannot_write``.
    """
    check_scenario_name(name)
    told = as_bytes(text, name)
    scenario = parse_named(told, name)
    taken = next((other for other in saved_names() if other.casefold() == name.casefold()), "")
    if taken and not (replace and taken == name):
        refuse_taken(taken)
    if not taken and len(saved_names()) >= MOST:
        raise ArgumentError(
            f"{MOST:,} scenarios are saved, and no more can be.",
            code="too_many_scenarios",
            hint="Remove one: friendshore scenario remove NAME",
        )
    path = saved_folder() / f"{name}.yaml"
    try:
        written(path, told, replace=replace)
    except FileExistsError:
        refuse_taken(name)
    except OSError as problem:
        raise cannot_write(path, problem) from problem
    return scenario


def as_bytes(text: str | bytes, name: str) -> bytes:
    """Return the text as it is kept: UTF-8 with plain ends of lines."""
    try:
        told = text.removeprefix("\ufeff").encode() if isinstance(text, str) else text
    except UnicodeEncodeError:
        raise DataError(
            f"{name} is not UTF-8 text.", code="not_utf8", hint="Save the file as UTF-8."
        ) from None
    told = told.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if len(told) > LARGEST_BYTES:
        raise DataError(
            f"{name} has {len(told):,} bytes, expected at most {LARGEST_BYTES:,}.",
            code="scenario_too_large",
            hint="A scenario names who stops and what is assumed; tables belong into a data set.",
        )
    return told


def refuse_taken(name: str) -> NoReturn:
    """Say that a scenario of this name is there."""
    raise ArgumentError(
        f"A scenario is saved as {name} already.",
        code="name_taken",
        hint=f"Choose another name, or replace it: friendshore scenario save FILE.yaml --name {name} --replace",
    )


def written(path: Path, text: bytes, *, replace: bool) -> None:
    """Write a file in one step, for its owner alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{uuid4().hex}.part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if replace or not linked(part, path):
            part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def linked(part: Path, path: Path) -> bool:
    """Put a file where there is none; two who save under one name at once do not overwrite each other.

    False where the file system knows no links, so that nothing better than looking first is to be had.
    """
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:
        if path.exists():
            raise FileExistsError(str(path)) from None
        return False
    return True


def remove(name: str) -> None:
    """Remove a saved scenario.

    Raises
    ------
    ArgumentError
        ``unknown_scenario``; ``scenario_in_use`` where another saved one extends it; ``reserved_name``.
    OutputError
        ``cannot_write``.
    """
    if name in shipped():
        raise ArgumentError(
            f"{name} is a scenario that comes with friendshore and cannot be removed.",
            code="reserved_name",
            hint="Those of your own are marked: friendshore scenario list",
        )
    if name not in saved_names():
        raise unknown(name)
    above = [other for other in saved_names() if extends(other) == name]
    if above:
        raise ArgumentError(
            f"{name} is extended by {', '.join(above)}, which could not be read without it.",
            code="scenario_in_use",
            hint=f"Remove {above[0]} first, or write into it what it takes from {name}.",
        )
    path = saved_folder() / f"{name}.yaml"
    try:
        path.unlink(missing_ok=True)
    except OSError as problem:
        raise cannot_write(path, problem) from problem


def extends(name: str) -> str:
    """Return what a scenario extends; nothing where that cannot be read."""
    try:
        parent = read_text(named_text(name), name).data.get("extends")
    except FriendshoreError:
        return ""
    return parent if isinstance(parent, str) else ""


def chain_text(name: str) -> bytes:
    """Return the texts of a scenario and of all that it extends: what an answer to it depends on.

    Raises
    ------
    ArgumentError
        ``unknown_scenario``.
    """
    told, seen = [named_text(name)], [name]
    while len(seen) <= DEEPEST and (parent := extends(seen[-1])) and parent not in seen:
        try:
            told.append(named_text(parent))
        except ArgumentError:
            break
        seen.append(parent)
    return b"\0".join(told)
