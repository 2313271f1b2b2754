"""friendshore: what allied countries depend on, what happens if it stops, and what to do about it.

The questions are functions of :mod:`friendshore.answers`: ``exposure``, ``rules``, ``trace``, ``leverage``.
Importing this package reads nothing, opens nothing and starts nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "answers": "friendshore.answers",
    "ArgumentError": "friendshore.errors",
    "DataError": "friendshore.errors",
    "Finding": "friendshore.records",
    "FriendshoreError": "friendshore.errors",
    "MissingDataError": "friendshore.errors",
    "Note": "friendshore.records",
    "OutputError": "friendshore.errors",
    "Source": "friendshore.records",
    "World": "friendshore.tables.world",
    "open_world": "friendshore.tables.opening",
}

__all__ = sorted(_HOMES)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:  # noqa: ANN401  lazy public names have every type
    """Import a public name when it is first used."""
    if name in _HOMES:
        home = import_module(_HOMES[name])
        return home if _HOMES[name] == f"friendshore.{name}" else getattr(home, name)
    raise AttributeError(f"module 'friendshore' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
