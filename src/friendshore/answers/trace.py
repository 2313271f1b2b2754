"""Trace: where one importer's supply of one product comes from, after re-exports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from friendshore.answers.actors import (
    importers_of,
    no_imports,
    one_or_more,
    positions,
    refuse_absent,
    supplier_set,
)
from friendshore.answers.actors import refuse_overlap as refuse_supplier_inside
from friendshore.answers.exposure import assumptions
from friendshore.answers.framing import (
    chosen_products,
    chosen_years,
    command_line,
    data_option,
    known,
    opened,
    sources_of,
)
from friendshore.answers.measuring import output_by_node
from friendshore.answers.trace_links import links_table
from friendshore.errors import ArgumentError
from friendshore.exposure.lookthrough import System, origins, passing_through, routes, system
from friendshore.records import Amount, Finding, Listing, Name, Note
from friendshore.tables.schemas import columns
from friendshore.tables.world import World

__all__ = ["trace"]

COLUMNS = (
    "year", "importer", "product", "origin", "face_value_share", "traced_share_low", "traced_share_high",
    "traced_t",
)  # fmt: skip


def trace(
    importer: str,
    *,
    product: str,
    on: str | Sequence[str] = (),
    year: int = 0,
    world: World | str | Path = "raw-materials",
) -> Finding:
    """Trace one importer's supply of a product to where it was produced.

    Parameters
    ----------
    importer
        ISO3 code or bloc name (one node, flows among its members dropped).
    product
        Product code.
    on
        Suppliers of concern; where given, ``summary`` also holds what of the imports originates in or
        passed through them and the routes that carry the hidden part.
    year
        The newest year with full data by default.
    world
        An opened world, or the name or folder of a data set.

    Returns
    -------
    Finding
        One row an origin, the importer itself among them; shares are fractions of the importer's supply
        (production plus imports, in tons). ``traced_t`` belongs to ``traced_share_low``. The table ``links``
        splits the supply by origin and direct seller; its tons add up to the supply.

    References
    ----------
    After Kastner, Kastner and Nonhebel 2011, Ecological Economics 70, 1032-1040.
    """
    on = one_or_more(on)
    opened_world = opened(world)
    chosen = chosen_years((year,) if year else (), opened_world)[0]
    if not product:
        raise ArgumentError("No product was named.", code="no_product", hint="Add one, as --product 284690.")
    code = chosen_products((product,), "", opened_world)[0]
    (actor,) = importers_of((importer,), opened_world, as_bloc=False)
    refuse_absent(actor, opened_world, chosen)
    inside = None if actor.is_country else positions(actor.members(chosen), opened_world)
    flows = opened_world.trade((chosen,), (code,))
    if inside is None:
        place = opened_world.position[actor.name]
    else:
        flows, place = flows.joined(inside, actor.name), len(opened_world.countries)
    output = output_by_node(opened_world, code, chosen, inside)
    trades = (flows.importer == place) | (flows.exporter == place)
    if not trades.any() and not (output is not None and output[place] > 0):
        raise no_imports(actor, f"no row of {opened_world.name} in {chosen} names it in trade of {code}")
    network = system(flows, output)
    found = origins(network, place)
    if not len(found.origin):
        raise no_imports(actor, f"its supply of {code} in {chosen} is not known in tons")
    rows = [
        {
            "year": chosen,
            "importer": actor.name,
            "product": code,
            "origin": flows.countries[int(found.origin[n])],
            "face_value_share": known(found.face_value_share[n]),
            "traced_share_low": known(found.traced_share_low[n]),
            "traced_share_high": known(found.traced_share_high[n]),
            "traced_t": known(found.traced_t[n]),
        }
        for n in range(len(found.origin))
    ]
    rows.sort(
        key=lambda row: (-(row["traced_share_high"] or 0), -(row["face_value_share"] or 0), row["origin"])
    )
    suppliers = supplier_set(on, opened_world, chosen) if on else ()
    if suppliers:
        refuse_supplier_inside(actor, suppliers, chosen)
    summary = hidden(network, flows.countries, place, positions(suppliers, opened_world)) if suppliers else {}
    return Finding(
        question="trace",
        arguments={
            "importer": actor.name,
            "product": code,
            "on": list(on),
            "year": chosen,
            "data": opened_world.name,
        },
        columns=columns("trace", COLUMNS),
        rows=tuple(rows),
        answer=sentence(rows, actor.name, code, chosen),
        summary=summary,
        tables={"links": links_table(network, flows.countries, place)},
        sources=sources_of(opened_world, "trade", "production"),
        assumptions=assumptions(),
        caveats=caveats(network, flows.countries, int(np.isnan(flows.quantity_t).sum())),
        command=command_line(
            "trace",
            [importer],
            {"product": code, "on": list(on), "year": chosen, "data": data_option(world)},
        ),
    )


def hidden(network: System, names: Sequence[str], place: int, sellers: Sequence[int]) -> dict[str, Any]:
    """Describe what originates in or passed through the suppliers, and the routes that carry it."""
    low, high = passing_through(network, sellers, [place])
    carried = routes(network, place, sellers)
    return {
        "supplier_share_traced_low": known(low[0]),
        "supplier_share_traced_high": known(high[0]),
        "routes": [
            {
                "via": names[int(carried.via[n])],
                "direct": bool(carried.direct[n]),
                "share_low": known(carried.share_low[n]),
                "share_high": known(carried.share_high[n]),
                "tons_low": known(carried.tons_low[n]),
                "tons_high": known(carried.tons_high[n]),
            }
            for n in range(len(carried.via))
        ],
    }


def sentence(rows: Sequence[dict[str, Any]], importer: str, product: str, year: int) -> Note:
    """Name the largest origin, traced and at face value."""
    first = max(rows, key=lambda row: row["traced_share_high"] or 0)
    return Note(
        template="In {year} the largest origin of the {product} of {importer} was {origin}: {face} at face value, "
        "{traced} after re-exports.",
        values={
            "importer": Name(key=importer),
            "product": Name(key=product, kind="product"),
            "year": str(year),
            "origin": Name(key=first["origin"]),
            "face": Amount(value=first["face_value_share"], unit="share"),
            "traced": Amount(value=first["traced_share_low"], high=first["traced_share_high"], unit="share"),
        },
    )


def caveats(network: System, names: Sequence[str], unknown_links: int) -> tuple[Note, ...]:
    """Say which productions were raised and how many links have no tons."""
    notes = []
    if len(network.raised):
        notes.append(
            Note(
                template="Reported production of {countries} is below exports less imports and was "
                "raised to it.",
                values={"countries": Listing(items=tuple(Name(key=names[int(n)]) for n in network.raised))},
            )
        )
    if unknown_links:
        notes.append(
            Note(
                template="Links of this product whose tons the source does not give: {count}; they are left out.",
                values={"count": str(unknown_links)},
            )
        )
    return tuple(notes)
