"""Scenarios that bear a name: those that come with the package, and those that the user saved."""

from __future__ import annotations

from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

from friendshore.errors import ArgumentError
from friendshore.tables.csv_text import read_file
from friendshore.tables.versions import NAME, data_home

__all__ = ["SUFFIXES", "named_text", "saved_folder", "saved_names", "shipped", "shipped_text"]

SUFFIXES = frozenset({".yaml", ".yml"})
"""Endings of a scenario file; what ends so is a file and never a name."""


def shipped() -> tuple[str, ...]:
    """Names of the scenarios that come with the package."""
    folder = files("friendshore").joinpath("data/scenarios")
    return tuple(sorted(p.name.removesuffix(".yaml") for p in folder.iterdir() if p.name.endswith(".yaml")))


def shipped_text(name: str) -> bytes:
    """Text of a shipped scenario; see :func:`named_text`."""
    if name not in shipped():
        raise unknown(name)
    return files("friendshore").joinpath(f"data/scenarios/{name}.yaml").read_bytes()


def saved_folder() -> Path:
    """Return the folder of the saved ones, present or not."""
    return data_home() / "scenarios"


def saved_names() -> tuple[str, ...]:
    """List the saved scenarios, sorted; one under the name of a shipped one is none."""
    folder = saved_folder()
    if not folder.is_dir():
        return ()
    found = {
        path.stem
        for path in folder.iterdir()
        if path.suffix == ".yaml" and NAME.fullmatch(path.stem) and path.is_file()
    }
    return tuple(sorted(found - set(shipped())))


def named_text(name: str) -> bytes:
    """Return the text of a scenario by its name: a shipped one, or one that was saved.

    Raises
    ------
    ArgumentError
        ``unknown_scenario``, with the nearest name.
    """
    if name in shipped():
        return shipped_text(name)
    if name in saved_names():
        return read_file(saved_folder() / f"{name}.yaml")
    raise unknown(name)


def unknown(name: str) -> ArgumentError:
    """Say that nothing bears that name."""
    near = get_close_matches(name, (*shipped(), *saved_names()), n=1)
    return ArgumentError(
        f"There is no scenario {name!r}, shipped or saved.",
        code="unknown_scenario",
        hint=(f"Did you mean {near[0]}? " if near else "") + "List them: friendshore scenario list",
    )
