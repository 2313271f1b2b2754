"""Which rows of a table break the rules of the data dictionary, and how.

Everything is vectorised over Arrow columns; only the rows that fail are looked at one by one, to say what was
found and what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from friendshore.errors import DataError
from friendshore.tables.arrow import WIDTHS, Mask, numbers, words
from friendshore.tables.schemas import ColumnRule, schema

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Breach", "Failure", "breaches", "failing", "failures", "refusal", "violations"]

SHOWN = 80
"""Characters of an offending value that an error shows."""


@dataclass(frozen=True)
class Failure:
    """One row of a table that breaks a rule."""

    code: str
    """Kind of fault: ``not_a_number``, ``unknown_country``, ``lost_zero``, ``duplicate_rows``, ..."""
    table: str
    row: int
    """Position in the table that was checked, from 0."""
    field: str
    got: str
    expected: str
    file: str = ""
    line: int = 0
    """Line in the file from 1, header included; 0 where not known."""

    def as_row(self) -> dict[str, Any]:
        """Give the row as errors and ``data check`` show it."""
        return {
            "table": self.table,
            "file": self.file,
            "line": self.line or None,
            "field": self.field,
            "got": self.got,
            "expected": self.expected,
        }


@dataclass(frozen=True)
class Breach:
    """One rule that some rows break: which rows, and how to say it of one of them."""

    code: str
    field: str
    rows: Mask
    got: Callable[[int], str]
    expected: Callable[[int], str]


def shown(value: object) -> str:
    """Shorten a value for an error message; what cannot be printed is escaped."""
    text = "nothing" if value is None or value == "" else str(value)
    if isinstance(value, float):
        text = f"{value:.15g}"
    text = text if text.isprintable() else text.encode("unicode_escape").decode("ascii")
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}... ({len(text):,} characters)"


def breaches(typed: pa.Table, table: str, *, unique: bool = True) -> Iterator[Breach]:
    """Check every rule of the dictionary on a typed table.

    Parameters
    ----------
    typed
        All columns of the table: int64 or float64 numbers and strings.
    table
        Its name in the dictionary.
    unique
        Check too that no two rows agree in all key columns (leave it off for a part of a larger table).
    """
    for rule in schema(table):
        yield from column_breaches(typed.column(rule.name), rule)
    names = typed.column_names
    if "importer" in names and "exporter" in names:
        seller, buyer = words(typed.column("exporter")), words(typed.column("importer"))
        place = {word: n for n, word in enumerate(seller[0])}
        same_word = np.array([place.get(word, -2) for word in buyer[0]] + [-2])
        yield Breach(
            "self_flow", "importer", same_word[buyer[1]] == seller[1],
            lambda row: shown(typed.column("importer")[row].as_py()),
            lambda _: "a country other than the exporter",
        )  # fmt: skip
    if unique:
        yield duplicates(typed, table)


def column_breaches(column: pa.ChunkedArray, rule: ColumnRule) -> Iterator[Breach]:
    """Check one column: missing values, ranges, codes."""

    def got(row: int) -> str:
        return shown(column[row].as_py())

    def wanted(_: int) -> str:
        return rule.wanted

    if rule.type in ("integer", "number"):
        values, known = numbers(column)
        finite = known & np.isfinite(values)
        if not rule.nullable:
            yield Breach("missing_value", rule.name, ~known, got, wanted)
        yield Breach("not_finite", rule.name, known & ~finite, got, wanted)
        if rule.minimum is not None:
            code = "negative_value" if rule.minimum == 0 else "out_of_range"
            yield Breach(code, rule.name, finite & (values < rule.minimum), got, wanted)
        if rule.maximum is not None:
            yield Breach("out_of_range", rule.name, finite & (values > rule.maximum), got, wanted)
        return
    distinct, rows = words(column)

    def failing(good: Callable[[str], bool]) -> Mask:
        # One more entry, for rows without a word: place -1.
        return np.array([bool(word) and not good(word) for word in distinct] + [False])[rows]

    if not rule.nullable:
        empty = np.array([not word for word in distinct] + [True])[rows]
        yield Breach("missing_value", rule.name, empty, got, wanted)
    if rule.type == "country":
        strange = failing(lambda code: code in known_countries())
        yield Breach("unknown_country", rule.name, strange, got, lambda row: nearest(column[row].as_py()))
    elif rule.type == "product":
        short = failing(lambda code: not re.fullmatch(r"[0-9]{5}", code))
        yield Breach("lost_zero", rule.name, short, got, lambda row: lost_zero(column[row].as_py()))
        other = failing(lambda code: bool(re.fullmatch(r"[0-9]{5,6}", code)))
        yield Breach("bad_product", rule.name, other, got, wanted)


@cache
def known_countries() -> frozenset[str]:
    """All ISO3 codes that tables may hold."""
    from friendshore.tables.countries import countries

    return frozenset(countries())


@cache
def codes_by_two_letters() -> dict[str, list[str]]:
    """Group country codes by two of their letters in place: ``J?N`` -> JPN."""
    found: dict[str, list[str]] = {}
    for code in sorted(known_countries()):
        for gap in range(3):
            found.setdefault(code[:gap] + "?" + code[gap + 1 :], []).append(code)
    return found


@lru_cache(4096)
def nearest(cell: str) -> str:
    """Say which country code was probably meant; nothing is replaced without the user."""
    from friendshore.tables.countries import find_country

    wanted = "an ISO 3166 alpha-3 country code"
    if len(cell) > SHOWN:
        return wanted
    meant = find_country(cell)
    if meant is not None:
        return f"{wanted}: write {meant.iso3}"
    code = cell.upper()
    near = [c for gap in range(3) for c in codes_by_two_letters().get(code[:gap] + "?" + code[gap + 1 :], [])]
    return f"{wanted}; did you mean {' or '.join(near[:3])}?" if near else wanted


def lost_zero(cell: str) -> str:
    """Explain a product code of five digits."""
    return f'an HS code of six digits; a leading zero was probably lost: write "0{cell}"'


def ranked(column: pa.ChunkedArray) -> tuple[NDArray[np.int64], int]:
    """Give each distinct value of a column a number from 0, unknown ones -1, and count them."""
    if str(column.type) in WIDTHS:
        values, known = numbers(column)
        distinct, places = np.unique(values, return_inverse=True)
        return np.where(known, places, -1), max(len(distinct), 1)
    spelled, rows = words(column)
    return rows.astype(np.int64), max(len(spelled), 1)


def duplicates(typed: pa.Table, table: str) -> Breach:
    """Find rows that agree with another in every key column."""
    names = [rule.name for rule in schema(table) if rule.key]
    key = np.zeros(typed.num_rows, np.int64)
    size = 1
    whole = np.ones(typed.num_rows, bool)
    for name in names:
        places, radix = ranked(typed.column(name))
        whole &= places >= 0
        if size * radix >= 2**62:
            kept, key = np.unique(key, return_inverse=True)
            size = len(kept)
        key, size = key * radix + np.maximum(places, 0), size * radix
    _, where, count = np.unique(key[whole], return_inverse=True, return_counts=True)
    twice = np.zeros(len(key), bool)
    twice[whole] = count[where] > 1

    def got(row: int) -> str:
        return shown(" ".join(str(typed.column(name)[row].as_py()) for name in names))

    return Breach(
        "duplicate_rows", " ".join(names), twice, got, lambda _: "each key once; another row has the same"
    )


def failures(
    found: Iterable[Breach], table: str, *, most: int | None = None, file: str = ""
) -> list[Failure]:
    """List failing rows in the order of the table, one entry a broken rule (all, or the first ``most``)."""
    entries: dict[tuple[int, str], Breach] = {}  # a cell that cannot be read is not missing besides
    for breach in found:
        for row in np.flatnonzero(breach.rows)[:most].tolist():
            entries.setdefault((row, breach.field), breach)
    ordered = sorted(entries.items(), key=lambda entry: entry[0][0])
    return [
        Failure(b.code, table, row, b.field, b.got(row), b.expected(row), file)
        for (row, _), b in ordered[:most]
    ]


def failing(found: Iterable[Breach], rows: int) -> Mask:
    """Mark the rows that break any rule."""
    bad = np.zeros(rows, bool)
    for breach in found:
        bad |= breach.rows
    return bad


def violations(typed: pa.Table, table: str, *, most: int | None = None) -> list[Failure]:
    """Return the rows of a typed table that break the rules of the dictionary; none if all is well."""
    return failures(breaches(typed, table), table, most=most)


def refusal(found: Sequence[Failure], *, total: int, what: str, hint: str = "") -> DataError:
    """Build the error that refuses a table because of its rows.

    Parameters
    ----------
    found
        Failing rows, the first five of which are shown.
    total
        How many rows fail.
    what
        The file or folder that is refused.
    """
    first = found[:5]
    listed = "; ".join(f"{place(one)}: {one.field} is {one.got}, expected {one.expected}" for one in first)
    more = f" (and {total - len(first):,} more)" if total > len(first) else ""
    codes = {one.code for one in found}
    noun = "row breaks" if total == 1 else "rows break"
    return DataError(
        f"{what} is refused: {total:,} {noun} the rules. {listed}{more}.",
        code=codes.pop() if len(codes) == 1 else "bad_rows",
        hint=hint or "Mend these rows and try again; nothing was imported.",
        rows=[one.as_row() for one in first],
    )


def place(one: Failure) -> str:
    """Say where a failing row stands."""
    where = f"line {one.line}" if one.line else f"row {one.row + 1}"
    return f"{one.file} {where}" if one.file else where


def at(one: Failure, *, file: str, line: int) -> Failure:
    """Say where a failure stands, once that is known."""
    return replace(one, file=file, line=line)
