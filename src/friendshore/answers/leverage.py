"""Leverage: who depends on whom, product by product, between two countries or blocs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from friendshore.answers.actors import Actor, importers_of, positions, refuse_absent
from friendshore.answers.framing import (
    chosen_years,
    command_line,
    data_option,
    known,
    opened,
    sources_of,
)
from friendshore.answers.measuring import output_by_node
from friendshore.errors import ArgumentError, MissingDataError
from friendshore.exposure.leverage import leverage as measured
from friendshore.exposure.lookthrough import System, passing_through, system
from friendshore.records import Amount, Finding, Name, Note
from friendshore.tables.products import product_name
from friendshore.tables.schemas import columns
from friendshore.tables.world import World

__all__ = ["leverage"]

COLUMNS = (
    "year", "product", "product_name", "importer", "supplier", "supplied_usd", "supplied_t", "supplier_share",
    "supplier_share_traced_low", "supplier_share_traced_high", "import_hhi", "buyer_share",
    "world_export_share", "balance",
)  # fmt: skip

Row = dict[str, Any]


def leverage(
    a: str,
    b: str,
    *,
    year: int = 0,
    world: World | str | Path = "raw-materials",
) -> Finding:
    """Compare how two countries or blocs depend on each other, product by product.

    Parameters
    ----------
    a, b
        ISO3 codes or bloc names without common members; a bloc is one node.
    year
        The newest year with full data by default.
    world
        An opened world, or the name or folder of a data set.

    Returns
    -------
    Finding
        One row a product and direction with trade between the two, the most one-sided first.
        ``supplier_share`` is the supplier's share of the importer's imports, ``buyer_share`` the
        importer's share of the supplier's exports (both by value, 0 to 1), and ``balance`` their
        difference: above zero the importer needs the supplier more than the supplier needs this customer.
    """
    opened_world = opened(world)
    chosen = chosen_years((year,) if year else (), opened_world)[0]
    (left,) = importers_of((a,), opened_world, as_bloc=False)
    (right,) = importers_of((b,), opened_world, as_bloc=False)
    both = sorted(set(left.members(chosen)) & set(right.members(chosen)))
    if both:
        raise ArgumentError(
            f"{', '.join(both)} is on both sides of the question.",
            code="importer_is_supplier",
            hint="Name two countries or blocs without common members.",
        )
    for actor in (left, right):
        refuse_absent(actor, opened_world, chosen)
    rows = both_ways(opened_world, left, right, chosen)
    if not rows:
        raise MissingDataError(
            f"{left.name} and {right.name} do not trade with each other in {opened_world.name} in {chosen}.",
            code="no_trade",
            hint="Choose another year: --year Y",
        )
    rows.sort(key=lambda row: (-(row["balance"] or 0), row["product"], row["importer"]))
    return Finding(
        question="leverage",
        arguments={"a": left.name, "b": right.name, "year": chosen, "data": opened_world.name},
        columns=columns("leverage", COLUMNS),
        rows=tuple(rows),
        answer=sentence(rows, left.name, right.name, chosen),
        sources=sources_of(opened_world, "trade", "production"),
        caveats=(
            Note(
                template="Shares by value are direct; the traced shares are in tons and count what passed "
                "through third countries."
            ),
        ),
        command=command_line("leverage", [a, b], {"year": chosen, "data": data_option(world)}),
    )


def both_ways(world: World, left: Actor, right: Actor, year: int) -> list[Row]:
    """Rows of both directions for each product that either side buys from the other."""
    trade = world.trade((year,))
    sides = {actor.name: positions(actor.members(year), world) for actor in (left, right)}
    at = measured(trade, sides[left.name], sides[right.name])
    nodes = {}
    joined, inside = trade, []
    for actor in (left, right):
        if actor.is_country:
            nodes[actor.name] = world.position[actor.name]
        else:
            joined = joined.joined(sides[actor.name], actor.name)
            nodes[actor.name] = len(joined.countries) - 1
            inside.append(sides[actor.name])
    rows: list[Row] = []
    networks: dict[int, System] = {}
    for buyer, seller, side in ((left, right, at[0]), (right, left, at[1])):
        for n, product in enumerate(side.product.tolist()):
            code = world.products[product]
            if product not in networks:
                flows = joined.of(year=year, product=product)
                networks[product] = system(flows, output_by_node(world, code, year, *inside))
            low, high = passing_through(networks[product], [nodes[seller.name]], [nodes[buyer.name]])
            rows.append(
                {
                    "year": year,
                    "product": code,
                    "product_name": product_name(code),
                    "importer": buyer.name,
                    "supplier": seller.name,
                    "supplied_usd": known(side.supplied_usd[n]),
                    "supplied_t": known(side.supplied_t[n]),
                    "supplier_share": known(side.supplier_share[n]),
                    "supplier_share_traced_low": known(low[0]),
                    "supplier_share_traced_high": known(high[0]),
                    "import_hhi": known(side.import_hhi[n]),
                    "buyer_share": known(side.buyer_share[n]),
                    "world_export_share": known(side.world_export_share[n]),
                    "balance": known(side.balance[n]),
                }
            )
    return rows


def sentence(rows: Sequence[Row], a: str, b: str, year: int) -> Note:
    """Count the products in which each side needs the other for more than half of its imports."""
    needs = {
        name: sum(row["supplier_share"] > 0.5 for row in rows if row["importer"] == name) for name in (a, b)
    }
    one_sided = [row for row in rows if (row["balance"] or 0) > 0.5] or rows
    worst = max(one_sided, key=lambda row: row["supplied_usd"])
    return Note(
        template="In {year} {importer} bought more than half of its imports of {count_a} products from "
        "{supplier}, and {supplier} of {count_b} products from {importer}; the largest one-sided trade is "
        "{product} ({share} of the imports of {dependent}, {custom} of the exports of the other side).",
        values={
            "year": str(year),
            "importer": Name(key=a),
            "supplier": Name(key=b),
            "count_a": str(needs[a]),
            "count_b": str(needs[b]),
            "product": Name(key=worst["product"], kind="product"),
            "dependent": Name(key=worst["importer"]),
            "share": Amount(value=worst["supplier_share"], unit="share"),
            "custom": Amount(value=worst["buyer_share"], unit="share"),
        },
    )
