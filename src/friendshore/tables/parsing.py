"""Cells of text read as the data dictionary's types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from friendshore.tables.arrow import Mask, bits
from friendshore.tables.schemas import ColumnRule, schema
from friendshore.tables.violations import Breach, shown

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["parsed"]

NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
INTEGER = r"^-?[0-9]{1,9}$"
UNKNOWN_WORDS = {"na", "n/a", "nan", "null", "none", "-", "..", "?", "unknown"}


def parsed(text: pa.Table, table: str) -> tuple[pa.Table, list[Breach]]:
    """Turn columns of text into the dictionary's types.

    Parameters
    ----------
    text
        String columns, those of the dictionary's table in any order; an empty cell is NULL.

    Returns
    -------
    tuple
        The typed table, NULL where a cell could not be read, and the breaches for those cells. Rows with a
        breach must not be used.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    typed, found = {}, []
    for rule in schema(table):
        raw = text.column(rule.name)
        column = pc.utf8_trim_whitespace(raw)
        if rule.type in ("integer", "number"):
            column, bad = numeric(column, rule)
            if bad is not None:
                found.append(unreadable(rule, bad, raw))
        typed[rule.name] = column
    return pa.table(typed), found


def numeric(column: pa.ChunkedArray, rule: ColumnRule) -> tuple[pa.ChunkedArray, Mask | None]:
    """Read cells as numbers; where some cannot be read they are NULL and marked."""
    import pyarrow as pa
    import pyarrow.compute as pc

    target, form = (pa.int64(), INTEGER) if rule.type == "integer" else (pa.float64(), NUMBER)
    if rule.type == "number":
        try:
            return pc.cast(column, target), None
        except pa.ArrowInvalid:
            pass
    # Whole numbers are always looked at first: Arrow would read 0x7E8 as one.
    bad = ~bits(pc.match_substring_regex(column, form)) & bits(pc.is_valid(column))
    if not bad.any():
        return pc.cast(column, target), None
    # A cell of blanks is an empty cell.
    blank = bits(pc.match_substring_regex(column, "^$"))
    column = pc.if_else(pa.array(bad), pa.scalar(None, pa.string()), column)
    return pc.cast(column, target), bad & ~blank


def unreadable(rule: ColumnRule, bad: Mask, raw: pa.ChunkedArray) -> Breach:
    """Describe cells that are no number, with what was probably meant."""

    def expected(row: int) -> str:
        cell = (raw[row].as_py() or "").strip()
        if rule.type == "integer" and re.fullmatch(r"[0-9]{1,9}\.0*", cell):
            return f"{rule.wanted}: write {cell.split('.')[0]}"
        if cell.casefold() in UNKNOWN_WORDS and rule.nullable:
            return f"{rule.wanted}: leave the cell empty"
        if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", cell):
            return f"{rule.wanted}, with a decimal point: write {cell.replace(',', '.')}"
        if re.fullmatch(r"[+-]?[0-9]{1,3}([, '][0-9]{3})+(\.[0-9]*)?", cell):
            return f"{rule.wanted}, without thousands separators: write {re.sub(r'[, ]', '', cell)}"
        return rule.wanted

    code = "not_an_integer" if rule.type == "integer" else "not_a_number"
    return Breach(code, rule.name, bad, lambda row: shown(raw[row].as_py()), expected)
