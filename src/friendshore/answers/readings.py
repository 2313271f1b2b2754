"""The same exposure read in several ways: by value and by tons, raw and cleaned, now and before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from friendshore.answers.actors import Actor, importers_of
from friendshore.answers.exposure import exposure
from friendshore.errors import FriendshoreError
from friendshore.records import Finding
from friendshore.tables.world import World

__all__ = ["YEARS_BACK", "Readings", "actors_of", "read_exposure"]

Row: TypeAlias = Mapping[str, Any]
YEARS_BACK = 5
"""A brief compares with what was this many years before."""

BY_VALUE, BY_TONS, CLEANED = "value", "tons", "cleaned"
BEFORE, TONS_BEFORE = "value before", "tons before"


@dataclass(frozen=True, eq=False)
class Readings:
    """Rows of exposure by (reading, importer, product)."""

    actors: tuple[Actor, ...]
    """Importers in order; all of them joined last where there are several."""
    joint: bool
    products: tuple[str, ...]
    """Products that any importer buys in the year, in order of code."""
    year: int
    year_before: int | None
    cells: Mapping[tuple[str, str, str], Row]
    findings: tuple[Finding, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the importers."""
        return tuple(actor.name for actor in self.actors)

    @property
    def lead(self) -> Actor:
        """All importers together, or the only one."""
        return self.actors[-1]

    def figure(self, reading: str, importer: str, product: str, column: str) -> Any:  # noqa: ANN401  cells have every type
        """One cell; None where it is unknown or there is no such row."""
        row = self.cells.get((reading, importer, product))
        return None if row is None else row[column]

    def share(self, reading: str, importer: str, product: str) -> float | None:
        """Direct share of the suppliers in a reading."""
        found: float | None = self.figure(reading, importer, product, "supplier_share")
        return found

    def traced(self, importer: str, product: str, *, before: bool = False) -> tuple[float, float] | None:
        """Low and high share that originates in or passed through the suppliers, by tons."""
        row = self.cells.get((TONS_BEFORE if before else BY_TONS, importer, product))
        if row is None or row["supplier_share_traced_low"] is None:
            return None
        return row["supplier_share_traced_low"], row["supplier_share_traced_high"]

    def bought(self, importer: str, reading: str = BY_VALUE) -> tuple[str, ...]:
        """Products that an importer buys in a reading."""
        return tuple(p for r, i, p in self.cells if (r, i) == (reading, importer))

    def above_half(self, reading: str, importer: str) -> tuple[str, ...]:
        """Products of which more than half comes directly from the suppliers, largest share first."""
        shares = {p: self.share(reading, importer, p) or 0.0 for p in self.bought(importer, reading)}
        return tuple(sorted((p for p, s in shares.items() if s > 0.5), key=lambda p: (-shares[p], p)))


def actors_of(
    names: Sequence[str], world: World, year: int, *, as_bloc: bool = False
) -> tuple[tuple[Actor, ...], bool]:
    """List the importers one by one and, where several were named, all together as the last one."""
    alone = importers_of(names, world, as_bloc=as_bloc)
    if len(alone) == 1:
        return alone, False
    together = importers_of(names, world, as_bloc=True)[0]
    same = [actor for actor in alone if actor.members(year) == together.members(year)]
    if same:  # One of them holds all the others: it is the joined one.
        return (*(actor for actor in alone if actor is not same[0]), same[0]), False
    return (*alone, together), True


def read_exposure(
    names: Sequence[str],
    on: Sequence[str],
    world: World,
    *,
    products: Sequence[str],
    year: int,
    as_bloc: bool = False,
) -> Readings:
    """Ask for exposure in every reading.

    Raises
    ------
    FriendshoreError
        Whatever :func:`exposure` raises for the year itself; an earlier year that cannot be read is left out.
    """
    actors, joint = actors_of(names, world, year, as_bloc=as_bloc)
    before: int | None = year - YEARS_BACK
    wanted = {
        BY_VALUE: {"years": (year,)},
        BY_TONS: {"years": (year,), "basis": "quantity"},
        CLEANED: {"years": (year,), "basis": "quantity", "quantities": "cleaned"},
        BEFORE: {"years": (before,)},
        TONS_BEFORE: {"years": (before,), "basis": "quantity"},
    }
    chosen = () if len(products) == len(world.products) else tuple(products)
    cells: dict[tuple[str, str, str], Row] = {}
    findings: list[Finding] = []
    for reading, options in wanted.items():
        if before is None and reading in (BEFORE, TONS_BEFORE):
            continue
        try:
            asked = [
                exposure(names, on=on, world=world, products=chosen, as_bloc=join, **options)  # type: ignore[arg-type]  # options of mixed types
                for join in ((False, True) if joint else (as_bloc,))
            ]
        except FriendshoreError:
            if reading not in (BEFORE, TONS_BEFORE):
                raise
            before = None
            continue
        findings += asked
        cells |= keyed(reading, (row for finding in asked for row in finding.rows))
    held = {product for reading, _, product in cells if reading == BY_VALUE}
    return Readings(
        actors,
        joint,
        tuple(code for code in world.products if code in held),
        year,
        before,
        cells,
        tuple(findings),
    )


def keyed(reading: str, rows: Iterable[Row]) -> dict[tuple[str, str, str], Row]:
    """Index rows of products that are imported at all."""
    return {(reading, row["importer"], row["product"]): row for row in rows if row["imports_usd"]}
