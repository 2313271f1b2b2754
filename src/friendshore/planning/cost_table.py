"""The table of costs as records: read, checked, and refused with all that is wrong with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from functools import cache
from typing import Literal, TypeAlias

import numpy as np

from friendshore.errors import ArgumentError, DataError
from friendshore.planning.cost_parameters import COST_PARAMETERS
from friendshore.records import Record
from friendshore.tables.products import read_text

__all__ = ["PRICE_YEAR", "End", "Figure", "checked", "cost_table", "read_costs"]

End: TypeAlias = Literal["value", "low", "high"]
PRICE_YEAR = 2024
"""Year whose dollars the shipped table counts in."""
HEADER = ("parameter", "applies_to", "value", "low", "high", "unit", "price_year", "source")


class Figure(Record):
    """A number that the trade data do not give."""

    parameter: str
    applies_to: str = "default"
    """``default``, a material, or a product code."""
    value: float
    low: float
    high: float
    price_year: int | None = None
    """Year of its prices, where it is money."""
    source: str = "assumption"
    """Where it is stated; ``assumption`` where we chose it."""
    hosts: tuple[str, ...] = ()
    """Hosts for which it holds; empty: all."""
    own: bool = False
    """Whether the user stated it: then it goes before all that is not the user's."""

    @property
    def unit(self) -> str:
        """Unit of its parameter."""
        return COST_PARAMETERS[self.parameter].unit

    def end(self, end: End) -> float:
        """Return the value or an end of its range."""
        return float(getattr(self, end))


def read_costs(text: str, name: str = "plan_costs.csv") -> tuple[Figure, ...]:
    """Read a table of costs; everything that is wrong with it is reported at once.

    Parameters
    ----------
    text
        CSV with the columns of ``data/plan_costs.csv``.
    name
        How messages call it.
    """
    rows = csv.DictReader(io.StringIO(text))
    if tuple(rows.fieldnames or ()) != HEADER:
        raise DataError(
            f"The first line of {name} is {', '.join(rows.fieldnames or ())}; expected {', '.join(HEADER)}.",
            code="bad_header",
            hint="Take data/plan_costs.csv of the package as a pattern.",
        )
    found: list[Figure] = []
    wrong: list[dict[str, object]] = []
    for line, row in enumerate(rows, start=2):
        try:
            found.append(_figure(row))
        except (ArgumentError, ValueError) as error:
            wrong.append({"line": line, **row, "problem": str(error)})
    if wrong:
        raise DataError(
            f"{name} has {len(wrong)} line(s) that cannot be used; line {wrong[0]['line']}: {wrong[0]['problem']}",
            code="bad_costs",
            hint="Parameters, units and ranges stand in docs/explanation/plan.md",
            rows=wrong[:5],
        )
    return tuple(found)


def _figure(row: Mapping[str, str]) -> Figure:
    about = COST_PARAMETERS.get(row["parameter"])
    if about and row["unit"] != about.unit:
        raise ArgumentError(
            f"{row['parameter']} is given in {row['unit'] or 'no unit'}, expected {about.unit}",
            code="unlike_units",
        )
    return checked(
        Figure(
            parameter=row["parameter"],
            applies_to=row["applies_to"],
            value=float(row["value"]),
            low=float(row["low"] or row["value"]),
            high=float(row["high"] or row["value"]),
            price_year=int(row["price_year"]) if row["price_year"] else None,
            source=row["source"] or "assumption",
        )
    )


def checked(figure: Figure) -> Figure:
    """Return a figure that means something, or say why it does not."""
    about = COST_PARAMETERS.get(figure.parameter)
    where = f"{figure.parameter} of {figure.applies_to}"
    if about is None:
        raise ArgumentError(
            f"{figure.parameter} is no cost of a plan; known: {', '.join(COST_PARAMETERS)}",
            code="unknown_cost",
            hint="The costs and their units stand in docs/explanation/plan.md",
        )
    ends = (figure.low, figure.value, figure.high)
    if not all(np.isfinite(ends)):
        raise ArgumentError(f"{where} is not a finite number", code="cost_out_of_range")
    if min(ends) < about.least == 0:
        raise ArgumentError(
            f"{where} is {min(ends):g}, expected a cost of 0 or more",
            code="negative_cost",
            hint="A plant that earns money needs no plan; give 0 where something costs nothing.",
        )
    if min(ends) < about.least or max(ends) > about.most:
        raise ArgumentError(
            f"{where} is {figure.low:g} to {figure.high:g}, expected {about.least:g} to {about.most:g} {about.unit}",
            code="cost_out_of_range",
            hint="A share is written 0.1, not 10.",
        )
    if not figure.low <= figure.value <= figure.high:
        raise ArgumentError(
            f"{where} is {figure.value:g}, outside of its range {figure.low:g} to {figure.high:g}",
            code="cost_out_of_range",
            hint="Give low, value and high in ascending order.",
        )
    if about.money and figure.price_year is None:
        raise ArgumentError(f"{where} is money without a year of its prices", code="unlike_years")
    return figure


@cache
def cost_table() -> tuple[Figure, ...]:
    """Figures that come with the package."""
    return read_costs(read_text("plan_costs.csv"))
