"""Scenarios that the user saved, by name: plain YAML files in the folder ``scenarios`` of the data home."""

from __future__ import annotations

from friendshore.disruption.scenario_files import shipped, shipped_text
from friendshore.errors import ArgumentError
from friendshore.tables.versions import NAME, data_home

__all__ = ["named_text", "saved_names"]


def saved_names() -> tuple[str, ...]:
    """List the saved scenarios, sorted."""
    folder = data_home() / "scenarios"
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(
            p.stem for p in folder.iterdir() if p.suffix == ".yaml" and NAME.fullmatch(p.stem) and p.is_file()
        )
    )


def named_text(name: str) -> bytes:
    """Return the text of a scenario by its name: a shipped one, or one that was saved.

    Raises
    ------
    ArgumentError
        ``unknown_scenario``, with the nearest name.
    """
    if name in saved_names() and name not in shipped():
        return (data_home() / "scenarios" / f"{name}.yaml").read_bytes()
    if name in shipped():
        return shipped_text(name)
    from difflib import get_close_matches

    near = get_close_matches(name, (*shipped(), *saved_names()), n=1)
    raise ArgumentError(
        f"There is no scenario {name!r}.",
        code="unknown_scenario",
        hint=(f"Did you mean {near[0]}? " if near else "") + "List them: friendshore scenario list",
    )
