"""Scenarios by their titles, and the cases among which a reader chooses."""

from __future__ import annotations

from functools import cache

from friendshore.errors import FriendshoreError
from friendshore.report.words import say

__all__ = ["cases_of", "shown_title"]


def shown_title(name: str, lang: str) -> str:
    """Title of a scenario: those of the package in the reader's language, one's own as written.

    The name itself where it cannot be read, which whoever asks it is told.
    """
    from friendshore.disruption.scenario_files import load_scenario
    from friendshore.disruption.scenario_names import saved_names, shipped

    if name in shipped():
        return say(_shipped(name)[0], lang)
    try:
        return load_scenario(name).file.name if name in saved_names() else name
    except FriendshoreError:
        return name


def cases_of(name: str) -> tuple[str, ...]:
    """List the alternative futures of a scenario; none where it is not one, or holds but one."""
    from friendshore.disruption.scenario_files import load_scenario
    from friendshore.disruption.scenario_names import saved_names, shipped

    if name in shipped():
        return _shipped(name)[1]
    try:
        return load_scenario(name).cases if name in saved_names() else ()
    except FriendshoreError:
        return ()


@cache
def _shipped(name: str) -> tuple[str, tuple[str, ...]]:
    """Title and cases of a scenario of the package, which never changes."""
    from friendshore.disruption.scenario_files import load_scenario

    loaded = load_scenario(name)
    return loaded.file.name, loaded.cases
