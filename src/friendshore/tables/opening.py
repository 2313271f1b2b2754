"""Open a data set by name or folder."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from friendshore.errors import DataError
from friendshore.tables.folder import open_folder
from friendshore.tables.versions import NAME, data_home, store_names, version_in_force
from friendshore.tables.world import World

__all__ = ["BOX", "located", "open_world"]

BOX = "raw-materials"
"""Name of the data set that comes with the package."""


def open_world(data: str | Path = BOX) -> World:
    """Open a data set.

    Parameters
    ----------
    data
        ``raw-materials`` for the data that come with the package; a folder with the user's own tables, or
        with a store; or the name of a data set of the data home (``friendshore data list``).

    Returns
    -------
    World
        Trade of a store is read when asked for; a folder of plain tables is held in memory.

    Raises
    ------
    DataError
        ``unknown_data`` where there is no such data set, or what keeps the folder from being opened.
    """
    kind, folder = located(data)
    if kind == "box":
        from friendshore.tables.box import open_box

        return open_box()
    if kind == "store":
        from friendshore.tables.box import open_store

        return open_store(folder)
    return open_folder(folder)


def located(data: str | Path) -> tuple[str, Path]:
    """Find a data set: ``("box" | "folder" | "store", its folder)``; for a store that of the version in force."""
    if str(data) == BOX:
        from friendshore.tables.box import box_folder

        return "box", box_folder()
    path = Path(data)
    if str(data) and is_folder(path):
        version = version_in_force(path)
        if version is not None:
            return "store", version
        is_store = (path / "trade").is_dir() and (path / "manifest.json").is_file()
        return ("store" if is_store else "folder"), path
    if is_file(path):
        raise DataError(
            f"{path} is a file; a data set is a folder or a name.",
            code="no_folder",
            hint=f"Import it first: friendshore data add {path}",
        )
    if isinstance(data, str) and NAME.fullmatch(data):
        version = version_in_force(data_home() / data)
        if version is not None:
            return "store", version
    names = [BOX, *store_names()]
    near = get_close_matches(str(data), names, n=1)
    raise DataError(
        f"There is no data set {str(data)!r}: neither a folder nor one of {', '.join(names)}.",
        code="unknown_data",
        hint=f"Did you mean {near[0]}?" if near else "See what there is: friendshore data list",
    )


def is_folder(path: Path) -> bool:
    """Tell whether there is such a folder; what no disk could hold is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def is_file(path: Path) -> bool:
    """Tell whether there is such a file; what no disk could hold is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
