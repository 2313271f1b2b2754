"""A user's own folder as a World: ``trade`` and, where known, ``production`` and ``governance``.

The folder is opened whole or not at all: one bad row, and nothing is used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from friendshore.errors import DataError
from friendshore.records import Source
from friendshore.tables.assembly import world
from friendshore.tables.csv_text import load_csv, read_file
from friendshore.tables.parquet_file import load_parquet
from friendshore.tables.revisions import REVISION
from friendshore.tables.violations import Failure, refusal
from friendshore.tables.world import World

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["failing_rows", "open_folder"]

TABLES = ("trade", "production", "governance")
SUFFIXES = (".csv", ".parquet")
SHOWN = 5
"""Failing rows of a file that an error names."""


def open_folder(path: str | Path) -> World:
    """Open a folder of the user's own tables.

    Parameters
    ----------
    path
        A folder with ``trade.csv`` or ``trade.parquet`` (year, exporter, importer, product, value_usd,
        quantity_t; an empty quantity is unknown) and, where known, ``production`` (year, country, product,
        quantity_t; an absent row is unknown) and ``governance`` (year, country, political_stability). A
        ``manifest.json`` with ``{"hs": "HS17"}`` names the revision of the codes; HS92 otherwise.

    Raises
    ------
    DataError
        Where the folder or a file cannot be read, or any row breaks the rules of the data dictionary;
        ``rows`` holds the first five such rows, the message their number.
    """
    folder = Path(path)
    paths = files_of(folder)
    hs = revision(folder)
    loaded = {table: load(place, table, SHOWN) for table, place in paths.items()}
    total = sum(bad for _, _, bad in loaded.values())
    if total:
        found = [one for _, failures, _ in loaded.values() for one in failures]
        name = ", ".join(dict.fromkeys(one.file for one in found))
        raise refusal(
            found, total=total, what=f"The folder {folder} ({name})",
            hint="Mend these rows and ask again; a folder is used whole or not at all.",
        )  # fmt: skip
    tables = {table: typed for table, (typed, _, _) in loaded.items()}
    if tables["trade"].num_rows == 0:
        raise DataError(
            f"{paths['trade'].name} in {folder} has a header and no rows.",
            code="empty_table",
            hint="Add the flows, one row a year, exporter, importer and product.",
        )
    return world(folder.resolve().name, hs, tables, source(folder, paths))


def failing_rows(path: str | Path) -> list[Failure]:
    """List every row of a folder that breaks the rules, instead of refusing it."""
    return [one for table, place in files_of(Path(path)).items() for one in load(place, table)[1]]


def load(path: Path, table: str, most: int | None = None) -> tuple[pa.Table, list[Failure], int]:
    """Read one file by its suffix: rows, those that fail (all, or the first ``most``) and their number."""
    return (load_csv if path.suffix == ".csv" else load_parquet)(path, table, most)


def files_of(folder: Path) -> dict[str, Path]:
    """Find the file of each table; refuse doubt about which file is meant."""
    if not folder.is_dir():
        raise DataError(
            f"{folder} is not a folder." if folder.exists() else f"The folder {folder} does not exist.",
            code="no_folder",
            hint="Give a folder that holds trade.csv or trade.parquet.",
        )
    here = sorted(p.name for p in folder.iterdir() if p.is_file())
    expected = [table + suffix for table in TABLES for suffix in SUFFIXES]
    found: dict[str, Path] = {}
    for table in TABLES:
        both = [table + suffix for suffix in SUFFIXES if table + suffix in here]
        if len(both) > 1:
            raise DataError(
                f"{folder} holds both {' and '.join(both)}; which one counts is not clear.",
                code="ambiguous_files",
                hint="Remove or rename one of them.",
            )
        if both:
            found[table] = folder / both[0]
    for name in here:
        if name in expected or not name.lower().endswith((*SUFFIXES, ".tsv", ".xlsx", ".txt")):
            continue
        near = get_close_matches(name.lower(), expected, n=1, cutoff=0.8)
        if near and near[0].split(".")[0] not in found:
            raise DataError(
                f"{folder} holds {name}, which is not read; {near[0]} would be.",
                code="misnamed_file",
                hint=f"Rename it to {near[0]} (and write it so), or move it elsewhere.",
            )
    if "trade" not in found:
        listed = f"; it holds {', '.join(here[:5])}" if here else "; it is empty"
        raise DataError(
            f"{folder} holds neither trade.csv nor trade.parquet{listed}.",
            code="no_trade",
            hint="trade.csv needs the columns year,exporter,importer,product,value_usd,quantity_t.",
        )
    return found


def revision(folder: Path) -> str:
    """Read the HS revision from ``manifest.json``, HS92 where there is none."""
    path = folder / "manifest.json"
    if not path.exists():
        return "HS92"
    try:
        given = json.loads(read_file(path).decode("utf-8-sig"))
        hs = given.get("hs", "HS92")
    except (ValueError, AttributeError) as problem:
        raise DataError(
            f"{path} is not a JSON object: {problem}.", code="bad_manifest", hint='Write {"hs": "HS17"}.'
        ) from problem
    if not isinstance(hs, str) or not REVISION.fullmatch(hs):
        raise DataError(
            f"{path} names the HS revision {hs!r}, expected HS92, HS96, HS02, HS07, HS12, HS17 or HS22.",
            code="unknown_revision",
            hint='Write {"hs": "HS17"}.',
        )
    return hs


def source(folder: Path, paths: Mapping[str, Path]) -> Source:
    """Describe the user's own files, with a hash over all of them."""
    digest = hashlib.sha256()
    for path in paths.values():
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(read_file(path)).digest())
    names = ", ".join(path.name for path in paths.values())
    return Source(
        id="user_folder",
        title=f"User folder {folder.resolve().name} ({names})",
        producer="the user",
        version="",
        accessed="",
        licence="the user's own",
        citation=f"User folder {folder.resolve().name}: {names}.",
        sha256=digest.hexdigest(),
    )
