"""Exposure read in several ways at once for a page: the brief's readings, without tracing anything twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from friendshore.answers.actors import Actor, positions, supplier_set
from friendshore.answers.flows import has_members, node
from friendshore.answers.framing import known
from friendshore.answers.readings import BEFORE, BY_TONS, BY_VALUE, CLEANED, YEARS_BACK, Readings
from friendshore.errors import FriendshoreError
from friendshore.exposure.concentration import import_concentration
from friendshore.records import Finding
from friendshore.tables.world import World

__all__ = ["readings_of"]

Row = Mapping[str, Any]
TRACED = ("supplier_share_traced_low", "supplier_share_traced_high")


def readings_of(
    world: World,
    actors: Sequence[Actor],
    found: Sequence[Finding],
    on: Sequence[str],
    *,
    joint: bool,
    products: Sequence[str],
    year: int,
) -> Readings:
    """Read shares by value and tons, now and before; the traced ones are those of findings that there are.

    Parameters
    ----------
    world
        The opened data set.
    actors
        Importers in order; where ``joint``, the last is all of them.
    found
        Findings of ``exposure`` of the year, whose rows hold all of the actors.
    on, joint, products, year
        As asked.
    """
    traced = {
        (row["importer"], row["product"]): {name: row[name] for name in TRACED}
        for finding in found
        for row in finding.rows
        if row["year"] == year
    }
    cells: dict[tuple[str, str, str], Row] = {}
    before: int | None = year - YEARS_BACK if year - YEARS_BACK in world.years else None
    wanted: list[tuple[str, int, str, str]] = [
        (BY_VALUE, year, "value", "raw"),
        (BY_TONS, year, "quantity", "raw"),
        (CLEANED, year, "quantity", "cleaned"),
    ]
    if before is not None and all(has_members(actor, before) for actor in actors) and sold(on, world, before):
        wanted.append((BEFORE, before, "value", "raw"))
    else:
        before = None
    for reading, when, basis, quantities in wanted:
        sellers = positions(supplier_set(on, world, when), world)
        for actor in actors:
            for row in rows_of(world, actor, when, products, sellers, basis, quantities):
                key = (actor.name, row["product"])
                cells[(reading, *key)] = {**row, **(traced.get(key) or dict.fromkeys(TRACED))}
    held = {product for reading, _, product in cells if reading == BY_VALUE}
    return Readings(
        tuple(actors),
        joint,
        tuple(code for code in world.products if code in held),
        year,
        before,
        cells,
        tuple(found),
    )


def sold(on: Sequence[str], world: World, year: int) -> bool:
    """Tell whether the suppliers of concern can be named in that year: a bloc may be younger."""
    try:
        return bool(supplier_set(on, world, year))
    except FriendshoreError:
        return False


def rows_of(
    world: World,
    actor: Actor,
    year: int,
    products: Sequence[str],
    sellers: Sequence[int],
    basis: str,
    quantities: str,
) -> list[dict[str, Any]]:
    """Shares and concentration of one importer, a row a product that it buys."""
    chosen = None if len(products) == len(world.products) else products
    trade, place, _ = node(world.trade((year,), chosen, quantities=quantities), actor, year, world)
    at = import_concentration(trade.take(trade.importer == place), basis=basis, suppliers=sellers)
    return [
        {
            "product": world.products[int(at.product[n])],
            "imports_usd": known(at.imports_usd[n]),
            "supplier_share": known(at.supplier_share[n]),
            "import_hhi": known(at.hhi[n]),
            "top_supplier": trade.countries[int(at.top_supplier[n])] if at.top_supplier[n] >= 0 else None,
        }
        for n in np.flatnonzero(at.imports_usd > 0)
    ]
