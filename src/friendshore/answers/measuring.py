"""Rows of exposure: one importer, one product, one year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from friendshore.answers.actors import Actor, no_imports, positions
from friendshore.answers.framing import known
from friendshore.exposure.concentration import import_concentration, world_export_hhi
from friendshore.exposure.lookthrough import passing_through, system
from friendshore.tables.products import product_name
from friendshore.tables.trade import Floats, Trade
from friendshore.tables.world import World

__all__ = ["MEASURES", "Row", "rows_of_year"]

MEASURES = (
    "imports_usd", "imports_t", "supplier_share", "supplier_share_traced_low", "supplier_share_traced_high",
    "import_hhi", "world_export_hhi", "top_supplier", "top_supplier_share", "net_import_reliance",
)  # fmt: skip

Row: TypeAlias = dict[str, Any]


def rows_of_year(
    world: World,
    year: int,
    actors: Sequence[Actor],
    suppliers: Sequence[str],
    codes: Sequence[str],
    basis: str,
    quantities: str,
    doubts: Counter[str],
    explicit: bool,
    without: list[tuple[str, int]] | None = None,
) -> list[Row]:
    """Rows of all importers in one year; ``doubts`` counts what the caveats will say.

    An importer that buys nothing at all in the year is noted in ``without``, or refused where that is None.
    """
    trade = world.trade((year,), None if len(codes) == len(world.products) else codes, quantities=quantities)
    exports = world_export_hhi(trade, basis=basis)
    world_hhi = {int(p): h for p, h in zip(exports.product, exports.hhi, strict=True)}
    wanted = [world.products.index(code) for code in codes]
    rows: list[Row] = []
    countries = [a for a in actors if a.is_country]
    if countries:
        places = [world.position[a.name] for a in countries]
        rows += measured(
            world, trade, quantities, year, countries, places, None, suppliers, wanted, basis, doubts
        )
    for actor in actors:
        if not actor.is_country:
            inside = positions(actor.members(year), world)
            joined = trade.joined(inside, actor.name)
            place = len(world.countries)
            rows += measured(
                world, joined, quantities, year, [actor], [place], inside, suppliers, wanted, basis, doubts
            )
    for row in rows:
        row["world_export_hhi"] = known(world_hhi.get(world.products.index(row["product"]), np.nan))
    bought = {row["importer"] for row in rows if row["imports_usd"] > 0}
    for actor in actors:
        if actor.name in bought or imports_at_all(world, actor, year):
            continue
        if without is None:
            raise no_imports(actor, f"no row of {world.name} in {year} names it as importer")
        without.append((actor.name, year))
    return rows if explicit else [row for row in rows if row["imports_usd"] > 0]


def imports_at_all(world: World, actor: Actor, year: int) -> bool:
    """Tell whether any member buys anything from outside in that year."""
    inside = np.zeros(len(world.countries), bool)
    inside[positions(actor.members(year), world)] = True
    trade = world.trade((year,))
    return bool((inside[trade.importer] & ~inside[trade.exporter]).any())


def measured(
    world: World,
    trade: Trade,
    quantities: str,
    year: int,
    actors: Sequence[Actor],
    places: Sequence[int],
    inside: Sequence[int] | None,
    suppliers: Sequence[str],
    wanted: Sequence[int],
    basis: str,
    doubts: Counter[str],
) -> list[Row]:
    """Rows of importers that are single nodes of ``trade`` (countries, or one joined bloc)."""
    sellers = positions(suppliers, world)
    at = import_concentration(trade, basis=basis, suppliers=sellers)
    found = {(int(p), int(i)): n for n, (p, i) in enumerate(zip(at.product, at.importer, strict=True))}
    rows: list[Row] = []
    # The same for every basis, and most of the work.
    key = ("traced", year, quantities, tuple(inside or ()), tuple(places), tuple(sellers))
    seen: dict[int, tuple[Floats, Floats, int]] = world.once(key, dict)
    for product in wanted:
        flows = trade.of(year=year, product=product)
        code = world.products[product]
        output = output_by_node(world, code, year, inside)
        if product not in seen:
            seen[product] = traced(flows, output, sellers, places)
        low, high, raised = seen[product]
        doubts["raised production"] += raised
        reliance = [net_import_reliance(flows, output, place) for place in places]
        for n, (actor, place) in enumerate(zip(actors, places, strict=True)):
            row: Row = {
                "year": year,
                "importer": actor.name,
                "product": code,
                "product_name": product_name(code),
            }
            here = found.get((product, place))
            if here is None:
                row |= dict.fromkeys(MEASURES) | {"imports_usd": 0.0, "imports_t": 0.0}
                rows.append(row)
                continue
            doubts["unknown links"] += int(at.unknown_links[here])
            top = int(at.top_supplier[here])
            row |= {
                "imports_usd": known(at.imports_usd[here]),
                "imports_t": known(at.imports_t[here]),
                "supplier_share": known(at.supplier_share[here]),
                "supplier_share_traced_low": known(low[n]),
                "supplier_share_traced_high": known(high[n]),
                "import_hhi": known(at.hhi[here]),
                "top_supplier": trade.countries[top] if top >= 0 else None,
                "top_supplier_share": known(at.top_supplier_share[here]),
                "net_import_reliance": known(reliance[n]),
            }
            rows.append(row)
    return rows


def output_by_node(world: World, code: str, year: int, *joined: Sequence[int] | None) -> Floats | None:
    """Production in the product's own gross tons by node of the (possibly joined) trade table.

    None where no production of this product is known. ``joined`` are the members of each joined node, in the
    order of joining; its production is known where that of every member is.
    """
    if code not in world.product_output:
        return None
    tons = world.product_output[code].in_year(year, len(world.countries))
    sums = [tons[list(members)].sum() for members in joined if members is not None]
    return np.append(tons, sums)


def traced(
    flows: Trade, output: Floats | None, sellers: Sequence[int], places: Sequence[int]
) -> tuple[Floats, Floats, int]:
    """Low and high share of each importer's tons that originates in or passed through the suppliers.

    The third is how many productions had to be raised to what is exported.
    """
    network = system(flows, output)
    low, high = passing_through(network, sellers, places)
    return low, high, len(network.raised)


def net_import_reliance(flows: Trade, output: Floats | None, place: int) -> float:
    """Divide imports - exports by production + imports - exports, in known tons; NaN where not defined."""
    if output is None:
        return np.nan
    imports = np.nansum(flows.quantity_t[flows.importer == place])
    exports = np.nansum(flows.quantity_t[flows.exporter == place])
    consumption = output[place] + imports - exports
    return float((imports - exports) / consumption) if consumption > 0 else np.nan
