"""The catalogue of real supplier shocks: one validated record an event, from the package or from any CSV file.

The columns are those of ``data/events.csv``. Lists inside a cell are separated by semicolons; ``world`` in
``importers`` means everybody. Product codes may be written as integers.

The columns ``severity_*``, ``outcome_*`` and ``top5_lost_tons`` say what happened *after* the event. A forecast
may use the severity (it is the shock) and nothing else of them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from friendshore.errors import DataError
from friendshore.records import Record
from friendshore.tables.csv_text import check_encoding, read_file

__all__ = ["Event", "events"]

WORLD = "world"
FIRST_YEAR, LAST_YEAR = 1900, 2200


def _cells(value: object) -> object:
    """Split a cell at semicolons; what is no text already is what it should be."""
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(";")) if value.strip() else ()


def _importers(value: object) -> object:
    """Turn ``world`` into an empty tuple; an empty cell is no answer."""
    if isinstance(value, str) and not value.strip():
        msg = f"{WORLD}, or the importers inside the measure's reach"
        raise ValueError(msg)
    return () if isinstance(value, str) and value.strip().casefold() == WORLD else _cells(value)


def _codes(value: object) -> object:
    """Pad product codes that a spreadsheet stripped of their leading zeros."""
    cells = _cells(value)
    return tuple(str(cell).zfill(6) for cell in cells) if isinstance(cells, tuple) else cells


def _distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(set(values)) < len(values):
        msg = "each one once"
        raise ValueError(msg)
    return values


def _blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Iso3 = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{2}$")]
Code = Annotated[str, Field(pattern=r"^[0-9]{6}$")]
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_ -]*$")]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Amount = Annotated[Annotated[Finite, Field(ge=0)] | None, BeforeValidator(_blank)]
Change = Annotated[Finite | None, BeforeValidator(_blank)]
Loss = Annotated[Annotated[Finite, Field(le=1)] | None, BeforeValidator(_blank)]
Share = Annotated[Annotated[Finite, Field(ge=0, le=1)] | None, BeforeValidator(_blank)]
Count = Annotated[Annotated[int, Field(ge=0)] | None, BeforeValidator(_blank)]
Years = Annotated[tuple[Year, ...], BeforeValidator(_cells), AfterValidator(_distinct), Field(min_length=1)]
Numbers = Annotated[tuple[Change, ...], BeforeValidator(_cells)]


class Event(Record):
    """One real shock to the supply of one product (or several, pooled by tons)."""

    id: Annotated[str, Field(min_length=1)]
    """Stable key."""
    name: Annotated[str, Field(min_length=1)]
    products_hs92: Annotated[
        tuple[Code, ...], BeforeValidator(_codes), AfterValidator(_distinct), Field(min_length=1)
    ]
    """HS92 codes; several are pooled by tons."""
    exporters: Annotated[
        tuple[Iso3, ...], BeforeValidator(_cells), AfterValidator(_distinct), Field(min_length=1)
    ]
    """The shocked exporters; several are one supplier."""
    importers: Annotated[tuple[Iso3, ...], BeforeValidator(_importers), AfterValidator(_distinct)]
    """Importers inside the measure's reach; empty means the world."""
    type: Word
    """``export_ban``, ``quota``, ``sanction``, ``import_ban``, ``disaster``, ``war``, ``other``, ``unknown``; a
    word that is none of these is kept and treated as unknown."""
    subtype: str
    actor: Word
    """Who stopped: ``seller``, ``buyer``, ``third_party``, ``accident``, ``war``, ``closure``, ``labour``,
    ``mixed``, ``unknown``; another word is kept and treated as unknown."""
    event_date: Annotated[str, Field(pattern=r"^([0-9]{4}.{0,40})?$")]
    """Begins with the year, as precise as the source allows; empty for events seen in the data only."""
    first_year: Year
    """First affected year."""
    base_years: Years
    outcome_years: Years
    severity_tons: Loss
    """Share of the exporters' shipments to the importers that was lost; negative where they rose."""
    severity_value: Loss
    severity_tons_raw: Loss
    severity_tons_world: Loss
    severity_value_world: Loss
    exporter_world_share_tons: Share
    exporter_world_share_value: Share
    base_tons: Amount
    outcome_tons: Amount
    base_value_kusd: Amount
    outcome_value_kusd: Amount
    top5_importers: Annotated[tuple[Iso3, ...], BeforeValidator(_cells)]
    top5_share_tons: Numbers
    top5_share_value: Numbers
    top5_lost_tons: Numbers
    production_change: Change
    n_importers_eligible: Count
    n_importers_clean: Count
    documentation: str
    source_url: str
    doc_verified: Literal["yes", "partial", "no"]
    quality: Annotated[str, Field(pattern=r"^[A-Z]$")]
    """A clear and documented, B documented but confounded or partial, C seen in the data only."""
    cluster: Annotated[str, Field(min_length=1)]
    """Events that share importers, product and years bear the same one."""
    split: str
    notes: str

    @property
    def severity(self) -> float | None:
        """Share lost by tons or, where that is not stated, by value."""
        return self.severity_tons if self.severity_tons is not None else self.severity_value

    @property
    def supplier(self) -> str:
        """Name of the shocked exporters as one supplier."""
        return "+".join(self.exporters)

    @model_validator(mode="after")
    def _in_order(self) -> Event:
        if max(self.base_years) >= self.first_year:
            msg = f"base_years: expected years before first_year {self.first_year}"
            raise ValueError(msg)
        if min(self.outcome_years) < self.first_year:
            msg = f"outcome_years: expected years from first_year {self.first_year} on"
            raise ValueError(msg)
        both = sorted(set(self.exporters) & set(self.importers))
        if both:
            msg = f"importers: {both[0]} is an exporter of the event too"
            raise ValueError(msg)
        return self


COLUMNS = tuple(Event.model_fields)


def events(path: Path | str | None = None) -> tuple[Event, ...]:
    """Read a catalogue of events.

    Parameters
    ----------
    path
        A CSV file with the columns of the package's own catalogue (in any order); None reads that one.

    Raises
    ------
    DataError
        Where a column is missing or unknown, or a cell breaks its rule. All failing cells are counted and the
        first five shown with line and column.
    """
    if path is None:
        return _own()
    return _read(read_file(Path(path)), Path(path).name)


@cache
def _own() -> tuple[Event, ...]:
    return _read(files("friendshore").joinpath("data/events.csv").read_bytes(), "events.csv")


def _read(data: bytes, file: str) -> tuple[Event, ...]:
    check_encoding(data, file)
    try:
        reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        names = tuple(name.strip() for name in next(reader))
        _check_names(names, file)
        rows = [(reader.line_num, row) for row in reader if row]
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise DataError(f"{file} line {line} is not UTF-8 text.", code="not_utf8") from None
    except csv.Error as problem:
        raise DataError(f"{file} is no regular CSV text: {problem}.", code="not_csv") from None
    found: list[Event] = []
    faults: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    for line, row in rows:
        event, wrong = _event(names, row)
        if event is None:
            faults += [{"line": line, **fault} for fault in wrong]
        elif event.id in seen:
            expected = f"an id that line {seen[event.id]} does not bear"
            faults.append({"line": line, "column": "id", "got": event.id, "expected": expected})
        else:
            seen[event.id] = line
            found.append(event)
    if faults:
        first = faults[0]
        raise DataError(
            f"{file} line {first['line']}, column {first['column']}: got {first['got']!r}, expected "
            f"{first['expected']}. {len(faults)} cell(s) break a rule.",
            code="bad_event",
            hint="Mend these cells; the docs page on the hindcast lists the columns.",
            rows=faults[:5],
        )
    if not found:
        raise DataError(f"{file} holds no event.", code="empty_file")
    return tuple(found)


def _check_names(names: Sequence[str], file: str) -> None:
    missing = [name for name in COLUMNS if name not in names]
    strange = [name for name in names if name not in COLUMNS]
    twice = sorted({name for name in names if names.count(name) > 1})
    if not (missing or strange or twice):
        return
    told = [f"lacks {', '.join(missing)}"] if missing else []
    told += [f"has {', '.join(strange[:5])}"] if strange else []
    told += [f"names {', '.join(twice)} more than once"] if twice else []
    near = [(name, get_close_matches(name.casefold(), missing, n=1)) for name in strange]
    raise DataError(
        f"The header of {file} {' and '.join(told)}.",
        code="missing_columns" if missing else "unknown_columns" if strange else "repeated_columns",
        hint=" ".join(
            [
                *(f"Rename {name} to {match[0]}." for name, match in near[:5] if match),
                f"The columns are: {','.join(COLUMNS)}.",
            ]
        ),
    )


def _event(names: Sequence[str], row: Sequence[str]) -> tuple[Event | None, list[dict[str, Any]]]:
    """Return the event of a row, or what is wrong with it: column, got, expected."""
    if len(row) != len(names):
        got = f"{len(row)} cells"
        return None, [{"column": "row", "got": got, "expected": f"{len(names)} cells; quote commas"}]
    cells: Mapping[str, str] = dict(zip(names, row, strict=True))
    try:
        return Event.model_validate(cells), []
    except ValidationError as problem:
        return None, [_fault(cells, each) for each in problem.errors()]


def _fault(cells: Mapping[str, str], error: Mapping[str, Any]) -> dict[str, Any]:
    said = str(error["msg"]).removeprefix("Value error, ")
    place = str(error["loc"][0]) if error["loc"] else said.partition(":")[0]
    if not error["loc"]:
        said = said.partition(": ")[2].removeprefix("expected ")
    return {"column": place, "got": cells.get(place, ""), "expected": said[:1].lower() + said[1:]}
