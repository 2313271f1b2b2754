"""Open a data set by name or folder."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from friendshore.errors import DataError
from friendshore.records import Source
from friendshore.tables.assembly import Outputs, codes_in, stability_by_year
from friendshore.tables.folder import open_folder
from friendshore.tables.parquet_file import open_parquet, typed_columns
from friendshore.tables.store import manifest, read_trade
from friendshore.tables.trade import Trade
from friendshore.tables.versions import NAME, data_home, store_names, version_in_force
from friendshore.tables.world import World

if TYPE_CHECKING:
    import pyarrow as pa

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

    Raises
    ------
    DataError
        ``unknown_data`` where there is no such data set, or what keeps the folder from being opened.
    """
    kind, folder = located(data)
    if kind == "box":
        from friendshore.tables.box import open_box

        return open_box()
    return open_folder(folder) if kind == "folder" else open_version(folder)


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


def open_version(folder: Path) -> World:
    """Open a store written by ``data add``: trade is read when asked for, the small tables now."""
    described = manifest(folder)
    tables = {name: small(folder / f"{name}.parquet", name) for name in ("production", "governance")}
    others = (codes_in(table, ("country",)) for table in tables.values() if table is not None)
    countries = tuple(sorted(set(described["countries"]).union(*others)))
    products = tuple(described["products"])
    output = Outputs(tables["production"], countries) if tables["production"] is not None else None
    stability, listed = stability_by_year(tables["governance"], countries)
    return World(
        name=described["name"],
        hs=described["hs"],
        years=tuple(described["years"]),
        countries=countries,
        products=products,
        read=partial(read, folder, countries, products),
        product_output=output.by_product if output else {},
        material_output=output.by_material if output else {},
        stability=stability,
        listed=listed,
        sources=listed_sources(described),
        default_year=described["default_year"],
    )


def read(
    folder: Path,
    countries: tuple[str, ...],
    all_products: tuple[str, ...],
    years: Any,  # noqa: ANN401
    products: Any,  # noqa: ANN401
    quantities: str,
) -> Trade:
    """Read trade from a store, as :class:`World` asks for it."""
    return read_trade(folder, years, products, quantities, countries, all_products)


def small(path: Path, table: str) -> pa.Table | None:
    """Read production or governance where there is one."""
    if not path.exists():
        return None
    with open_parquet(path) as file:
        return typed_columns(file.read(use_threads=False), table, path.name)


def listed_sources(described: Mapping[str, Any]) -> tuple[Source, ...]:
    """Read the sources of a manifest."""
    return tuple(Source(**entry) for entry in described["sources"])
