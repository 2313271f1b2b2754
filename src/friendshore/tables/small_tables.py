"""Production and governance on their way into a store: small enough to be held."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from friendshore.tables.refusing import Refused
from friendshore.tables.schemas import schema
from friendshore.tables.violations import duplicates

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["unique", "with_lines", "write_merged"]


def with_lines(typed: pa.Table, lines: NDArray[np.int64], file: str) -> pa.Table:
    """Remember where rows came from."""
    import pyarrow as pa

    named = pa.array([file], pa.string()).take(pa.array(np.zeros(len(lines), np.int64)))
    return typed.append_column("line", pa.array(lines)).append_column("file", named)


def unique(table: str, parts: Sequence[pa.Table], refused: Refused) -> pa.Table:
    """Refuse rows that share a key and give the others."""
    import pyarrow as pa

    whole = pa.concat_tables(parts)
    breach = duplicates(whole, table)
    for row in np.flatnonzero(breach.rows).tolist():
        place = {name: whole.column(name)[row].as_py() for name in ("file", "line")}
        refused.add(breach.code, breach.field, reason=breach.expected(row), row=breach.got(row), **place)
    names = [rule.name for rule in schema(table)]
    return whole.filter(pa.array(~breach.rows)).select(names)


def write_merged(table: str, new: pa.Table, old: Path | None, target: Path) -> None:
    """Write new rows in place of old ones of the same key, the others kept, sorted by key."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    keys = [rule.name for rule in schema(table) if rule.key]
    if old and old.exists():
        kept = pq.ParquetFile(old).read().join(new, keys=keys, join_type="left anti")
        new = pa.concat_tables([kept.select(new.column_names), new])
    pq.write_table(new.sort_by([(key, "ascending") for key in keys]), target, compression="zstd")
