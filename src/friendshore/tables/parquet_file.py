"""Reading a user's Parquet file as a table of the data dictionary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from friendshore.errors import DataError
from friendshore.tables.csv_text import check_header
from friendshore.tables.schemas import ColumnRule, schema
from friendshore.tables.violations import Failure, at, breaches, failing, failures

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["load_parquet", "open_parquet", "typed_columns"]


def load_parquet(path: Path, table: str, most: int | None = None) -> tuple[pa.Table, list[Failure], int]:
    """Read a Parquet file as a table of the dictionary; see :func:`friendshore.tables.csv_text.load_csv`."""
    with open_parquet(path) as file:
        check_header(file.schema_arrow.names, table, path.name)
        try:
            typed = typed_columns(file.read(use_threads=False), table, path.name)
        except OSError as problem:
            raise damaged(path, problem) from problem
    broken = list(breaches(typed, table))
    total = int(failing(broken, typed.num_rows).sum())
    found = failures(broken, table, most=most)
    return typed, [at(one, file=path.name, line=one.row + 1) for one in found], total


def open_parquet(path: Path) -> Any:  # noqa: ANN401  pyarrow carries no types
    """Open a Parquet file, its failure told as ours."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as problem:
        raise damaged(path, problem) from problem


def damaged(path: Path, problem: Exception) -> DataError:
    """Build the error for a file that is no Parquet, or only part of one."""
    return DataError(
        f"{path.name} cannot be read as Parquet: {str(problem).splitlines()[0][:200]}",
        code="bad_parquet",
        hint="Write the file again; it may have been cut off on the way.",
    )


def typed_columns(raw: pa.Table, table: str, file: str) -> pa.Table:
    """Convert the columns to the dictionary's types without changing a value.

    Raises
    ------
    DataError
        ``wrong_type`` for a column of another kind, product codes kept as numbers above all.
    """
    import pyarrow as pa

    typed = {}
    for rule in schema(table):
        column = raw.column(rule.name)
        if not convertible(column.type, rule):
            raise DataError(
                f"Column {rule.name} of {file} is of type {column.type}, expected {kind(rule)}.",
                code="wrong_type",
                hint=advice(rule),
            )
        target = {"integer": pa.int64(), "number": pa.float64()}.get(rule.type, pa.string())
        try:
            # Integers above 2**53 lose digits as float64, which no dollar or ton needs.
            typed[rule.name] = column.cast(target, safe=rule.type != "number")
        except pa.ArrowInvalid as problem:
            raise DataError(
                f"Column {rule.name} of {file} cannot be read as {kind(rule)}: {problem}.",
                code="wrong_type",
                hint=advice(rule),
            ) from problem
    return pa.table(typed)


def convertible(found: Any, rule: ColumnRule) -> bool:  # noqa: ANN401  a pyarrow type
    """Tell whether an Arrow type holds what the rule asks for."""
    from pyarrow import types

    if types.is_dictionary(found):
        found = found.value_type
    if types.is_null(found):
        return True
    if rule.type == "integer":
        return bool(types.is_integer(found))
    if rule.type == "number":
        return bool(types.is_integer(found) or types.is_floating(found) or types.is_decimal(found))
    return bool(types.is_string(found) or types.is_large_string(found) or types.is_string_view(found))


def kind(rule: ColumnRule) -> str:
    """Name the Arrow type that a rule asks for."""
    return {"integer": "integer (int16, int32 or int64)", "number": "double"}.get(rule.type, "string")


def advice(rule: ColumnRule) -> str:
    """Say how to mend a column of the wrong type."""
    if rule.type == "product":
        return (
            'Keep product codes as text of six characters ("010121"): as numbers they lose the leading zero.'
        )
    return f"{rule.name} has to be {rule.wanted}."
