"""The data dictionary: every column of every table and finding, from ``data/columns.csv``.

One file drives validation, ``data check``, the columns of ``--json`` and the reference pages, so they cannot
drift apart.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from friendshore.records import Column

__all__ = ["INGREDIENTS", "ColumnRule", "columns", "schema", "tables"]

_SCORES = ("hhi", "import_risk", "score", "characterisation_factor", "price_usd_per_kg")
INGREDIENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ec2021": ("cdi1", "cdi2", "cdi3_total", "cdi3_extra"),
        "geodep": ("import_hhi", "world_export_hhi", "import_export_ratio", "years_met"),
        "governance": (*_SCORES, "unknown_governance_share"),
        "governance-compat": _SCORES,
    }
)
"""Published rule -> the columns of ``rules`` that hold its ingredients; they are empty in rows of other rules."""


@dataclass(frozen=True)
class ColumnRule:
    """One line of ``columns.csv``."""

    table: str
    name: str
    type: str
    """``integer``, ``number``, ``boolean``, ``text``, ``country`` (ISO3) or ``product`` (six digits)."""
    unit: str
    """Unit of the numbers (``USD``, ``t``, ``share``, ...), empty for words and codes."""
    minimum: float | None
    maximum: float | None
    nullable: bool
    """True where an unknown value may be left out."""
    key: bool
    """True for the columns that together name a row; no two rows agree in all of them."""
    description: str

    @property
    def wanted(self) -> str:
        """What a value has to be, in words, for error messages."""
        if self.type == "country":
            return "an ISO 3166 alpha-3 country code"
        if self.type == "product":
            return "an HS code of six digits"
        kind = {"integer": "a whole number", "number": "a number", "boolean": "true or false"}.get(self.type)
        text = kind or "text"
        if self.minimum is not None and self.maximum is not None:
            text += f" from {self.minimum:g} to {self.maximum:g}"
        elif self.minimum is not None:
            text += f", {self.minimum:g} or more"
        return text + (", or nothing where unknown" if self.nullable else "")


@cache
def dictionary() -> Mapping[str, tuple[ColumnRule, ...]]:
    """Read ``columns.csv``: table name -> its columns in order."""
    text = files("friendshore").joinpath("data/columns.csv").read_text("utf-8")
    found: dict[str, list[ColumnRule]] = {}
    for line in csv.DictReader(text.splitlines()):
        found.setdefault(line["table"], []).append(
            ColumnRule(
                table=line["table"],
                name=line["name"],
                type=line["type"],
                unit=line["unit"],
                minimum=float(line["minimum"]) if line["minimum"] else None,
                maximum=float(line["maximum"]) if line["maximum"] else None,
                nullable=line["nullable"] == "yes",
                key=line["key"] == "yes",
                description=line["description"],
            )
        )
    return MappingProxyType({name: tuple(rules) for name, rules in found.items()})


def tables() -> tuple[str, ...]:
    """Names of all tables and findings that the dictionary describes."""
    return tuple(dictionary())


def schema(table: str) -> tuple[ColumnRule, ...]:
    """Return the rules of a table's columns, in the table's order.

    Raises
    ------
    KeyError
        For a table that the dictionary does not hold (a fault of the program, not of the user).
    """
    return dictionary()[table]


def columns(table: str, names: Sequence[str] = ()) -> tuple[Column, ...]:
    """Describe columns of a finding, in the order of ``names`` (all columns of the table by default).

    Raises
    ------
    KeyError
        For a name that the dictionary does not hold: every column that is shown is described.
    """
    rules = {rule.name: rule for rule in schema(table)}
    chosen = [rules[name] for name in names] if names else list(rules.values())
    return tuple(Column(name=r.name, unit=r.unit, description=r.description) for r in chosen)
