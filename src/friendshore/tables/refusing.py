"""Rows that an import refuses: counted by reason, written to a file with line and reason."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from friendshore.records import Note, Record
from friendshore.tables.arrow import Mask
from friendshore.tables.readers.batches import Batch
from friendshore.tables.violations import shown

__all__ = ["Reason", "Refused"]

SENTENCES = {
    "missing_value": "{field} is missing",
    "not_a_number": "{field} is not a number",
    "not_an_integer": "{field} is not a whole number",
    "not_finite": "{field} is infinite or not a number",
    "negative_value": "{field} is negative",
    "out_of_range": "{field} is out of range",
    "unknown_country": "{field} is no known country code",
    "lost_zero": "{field} has five digits: a leading zero was probably lost",
    "bad_product": "{field} is no HS code of six digits",
    "self_flow": "importer and exporter are the same country",
    "duplicate_rows": "another row has the same {field}",
    "bad_line": "the line cannot be split into the columns of the header",
}


class Reason(Record):
    """Why rows were refused, and how many."""

    code: str
    field: str
    count: int
    text: Note


class Refused:
    """The file of refused rows, written as they come and put in place when done."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.beside = path.with_name(path.name + ".new")
        self.counts: Counter[tuple[str, str]] = Counter()
        self.first: list[dict[str, Any]] = []

    def __enter__(self) -> Refused:
        self.stream = self.beside.open("w", encoding="utf-8", errors="backslashreplace", newline="")
        self.writer = csv.writer(self.stream, lineterminator="\n")
        self.writer.writerow(["file", "line", "reason", "row"])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stream.close()
        if self.total and (kind is None or not issubclass(kind, OSError)):
            self.beside.replace(self.path)
        else:
            self.beside.unlink(missing_ok=True)
            if kind is None:
                self.path.unlink(missing_ok=True)

    @property
    def total(self) -> int:
        """Rows refused."""
        return self.counts.total()

    def add(self, code: str, field: str, *, file: str, line: int, reason: str, row: str) -> None:
        """Write one row."""
        self.counts[code, field] += 1
        if len(self.first) < 5:
            self.first.append({"file": file, "line": line, "reason": reason, "row": shown(row)})
        self.writer.writerow([harmless(file), line, harmless(reason), harmless(row)])

    def sift(self, batch: Batch, file: str) -> Mask:
        """Write the bad rows of a batch and mark the good ones."""
        for odd in batch.odd:
            self.add("bad_line", "row", file=file, line=odd.line, reason=odd.reason, row=odd.text)
        why = np.full(batch.typed.num_rows, -1)
        for number in range(len(batch.breaches) - 1, -1, -1):
            why[batch.breaches[number].rows] = number
        bad = np.flatnonzero(why >= 0)
        for row in bad.tolist():
            breach = batch.breaches[why[row]]
            reason = f"{breach.field} is {breach.got(row)}, expected {breach.expected(row)}"
            cells = [column[row].as_py() for column in batch.found.columns]
            line = int(batch.lines[row])
            self.add(breach.code, breach.field, file=file, line=line, reason=reason, row=as_line(cells))
        return why < 0

    def reasons(self) -> tuple[Reason, ...]:
        """Count the refused rows by reason, most frequent first."""
        return tuple(
            Reason(
                code=code,
                field=field,
                count=count,
                text=Note(template=SENTENCES[code], values={"field": field}),
            )
            for (code, field), count in sorted(self.counts.items(), key=lambda entry: (-entry[1], entry[0]))
        )


def harmless(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would take for a formula."""
    return f"'{text}" if text.lstrip(" \ufeff").startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def as_line(cells: Sequence[Any]) -> str:
    """Write cells as the line of a CSV file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(["" if cell is None else cell for cell in cells])
    return text.getvalue()
