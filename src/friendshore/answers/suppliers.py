"""Suppliers: who sells to importers, how much, and how that has changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from friendshore.answers.actors import (
    Actor,
    importers_of,
    no_imports,
    one_or_more,
    refuse_absent,
    refuse_overlap,
    supplier_set,
)
from friendshore.answers.flows import has_members, node
from friendshore.answers.framing import (
    chosen_products,
    chosen_years,
    command_line,
    data_option,
    known,
    opened,
    refuse_unknown_choice,
    revision_notes,
    sources_of,
)
from friendshore.answers.suppliers_told import YEARS_BACK, caveats, sentence
from friendshore.exposure.concentration import TOLERATED_GAP, import_concentration, over
from friendshore.records import Finding
from friendshore.tables.countries import country_name
from friendshore.tables.schemas import columns
from friendshore.tables.trade import Floats, Trade
from friendshore.tables.world import World

__all__ = ["suppliers"]

COLUMNS = (
    "year", "importer", "rank", "supplier", "supplier_name", "of_concern", "share", "share_change",
    "supplied_usd", "value_share", "products_supplied", "products_led", "supplied_t", "tons_share",
)  # fmt: skip
Row = dict[str, Any]


def suppliers(
    importers: str | Sequence[str],
    *,
    on: str | Sequence[str] = (),
    world: World | str | Path = "raw-materials",
    as_bloc: bool = False,
    products: str | Sequence[str] = (),
    group: str = "",
    year: int = 0,
    quantities: str = "raw",
) -> Finding:
    """List who supplies importers.

    Parameters
    ----------
    importers
        ISO3 codes or bloc names, listed one by one; a bloc is one importer with its members as of 31
        December of the year, flows among them dropped.
    on
        Suppliers of concern, ISO3 codes or bloc names: marked in the rows, and together in ``summary``.
    world
        An opened world, or the name or folder of a data set.
    as_bloc
        Join all importers into one, named ``A+B``.
    products, group
        Product codes, or the name of a product group; all products by default.
    year
        The newest year with full data by default.
    quantities
        ``raw`` tons as published, or ``cleaned``.

    Returns
    -------
    Finding
        One row an importer and supplier, the largest first. ``share`` is the mean of the shares by
        value in the products that the importer buys, each product counting the same (else a basket would be
        little but its oil); ``value_share`` is that in all dollars together. Tons stand only where one product
        is asked about. ``summary`` holds one record an importer.

    Raises
    ------
    ArgumentError
        Unknown names, years without data, an importer that is (or holds) the supplier of concern.
    MissingDataError
        ``no_imports`` where an importer buys none of the products in the year.
    """
    importers, on, products = one_or_more(importers), one_or_more(on), one_or_more(products)
    refuse_unknown_choice("quantities", quantities, ("raw", "cleaned"))
    opened_world = opened(world)
    chosen = chosen_years((year,) if year else (), opened_world)[0]
    codes = chosen_products(products, group, opened_world)
    actors = importers_of(importers, opened_world, as_bloc=as_bloc)
    concern = supplier_set(on, opened_world, chosen) if on else ()
    for actor in actors:
        refuse_absent(actor, opened_world, chosen)
        refuse_overlap(actor, concern, chosen)
    before = chosen - YEARS_BACK if chosen - YEARS_BACK in opened_world.years else None
    rows: list[Row] = []
    told: list[Row] = []
    for actor in actors:
        now = bought(opened_world, actor, chosen, codes, quantities)
        if not len(now):
            raise no_imports(
                actor, f"no row of {opened_world.name} in {chosen} names it as importer of these"
            )
        earlier = (
            bought(opened_world, actor, before, codes, quantities)
            if before is not None and has_members(actor, before)
            else now.take(slice(0, 0))
        )
        rows += rows_of(actor, chosen, now, earlier, concern, one=len(codes) == 1)
        told.append(record_of(actor, now, earlier, concern, before))
    return Finding(
        question="suppliers",
        arguments={
            "importers": [a.name for a in actors],
            "on": list(on),
            "as_bloc": as_bloc,
            "products": list(codes),
            "group": group or None,
            "year": chosen,
            "year_before": before,
            "members": sorted({code for actor in actors for code in actor.members(chosen)}),
            "concern": list(concern),
            "quantities": quantities,
            "data": opened_world.name,
        },
        columns=columns("suppliers", COLUMNS),
        rows=tuple({name: row[name] for name in COLUMNS} for row in rows),
        answer=sentence(told, rows, on, codes, chosen, before),
        summary=tuple(told),
        sources=sources_of(opened_world, "trade"),
        caveats=(
            *caveats(told, rows, codes, chosen, before),
            *(revision_notes(opened_world) if group else ()),
        ),
        command=command_line(
            "suppliers",
            importers,
            {
                "on": list(on),
                "as_bloc": as_bloc,
                "product": list(products),
                "group": group,
                "year": chosen,
                "quantities": quantities if quantities != "raw" else "",
                "data": data_option(world),
            },
        ),
    )


def bought(world: World, actor: Actor, year: int, codes: Sequence[str], quantities: str) -> Trade:
    """Return what an importer buys from others in a year."""
    chosen = None if len(codes) == len(world.products) else codes
    trade, place, _ = node(world.trade((year,), chosen, quantities=quantities), actor, year, world)
    return trade.take((trade.importer == place) & (trade.value_usd > 0))


def mean_shares(flows: Trade) -> Floats:
    """Mean over the products of each country's share by value; all NaN where nothing is bought."""
    places = len(flows.countries)
    if not len(flows):
        return np.full(places, np.nan)
    of_product = np.bincount(flows.product, flows.value_usd, len(flows.products))
    parts = flows.value_usd / of_product[flows.product]
    return np.asarray(np.bincount(flows.exporter, parts, places) / np.count_nonzero(of_product), np.float64)


def rows_of(
    actor: Actor, year: int, now: Trade, earlier: Trade, concern: Sequence[str], *, one: bool
) -> list[Row]:
    """Rows of one importer, the largest supplier first."""
    places = len(now.countries)
    value = np.bincount(now.exporter, now.value_usd, places)
    share, share_before = mean_shares(now), mean_shares(earlier)
    count = np.bincount(now.exporter, minlength=places)
    top = import_concentration(now).top_supplier
    led = np.bincount(top[top >= 0], minlength=places)
    tons, tons_share = weights(now) if one else (np.full(places, np.nan), np.full(places, np.nan))
    order = sorted(np.flatnonzero(value > 0).tolist(), key=lambda n: (-share[n], now.countries[n]))
    return [
        {
            "year": year,
            "importer": actor.name,
            "rank": rank,
            "supplier": now.countries[n],
            "supplier_name": country_name(now.countries[n], "en"),
            "of_concern": now.countries[n] in concern if concern else None,
            "share": known(share[n]),
            "share_change": known(share[n] - share_before[n]),
            "supplied_usd": known(value[n]),
            "value_share": known(value[n] / value.sum()),
            "products_supplied": int(count[n]),
            "products_led": int(led[n]),
            "supplied_t": known(tons[n]),
            "tons_share": known(tons_share[n]),
        }
        for rank, n in enumerate(order, start=1)
    ]


def weights(flows: Trade) -> tuple[Floats, Floats]:
    """Tons of each country and its share in the known tons; NaN where too many of its dollars have no tons."""
    places = len(flows.countries)
    fine = ~np.isnan(flows.quantity_t)
    tons = np.bincount(flows.exporter[fine], flows.quantity_t[fine], places).astype(np.float64)
    value = np.bincount(flows.exporter, flows.value_usd, places)
    unweighed = np.bincount(flows.exporter, flows.unweighed_usd, places)
    total = tons.sum()
    tons[unweighed > TOLERATED_GAP * value] = np.nan
    return tons, over(tons, np.full(places, total))


def record_of(
    actor: Actor, now: Trade, earlier: Trade, concern: Sequence[str], before: int | None
) -> dict[str, Any]:
    """Figures of one importer: how much, from how many, and what of it from the suppliers of concern."""
    at = [now.countries.index(code) for code in concern if code in now.countries]
    share, share_before = mean_shares(now), mean_shares(earlier)
    return {
        "importer": actor.name,
        "imports_usd": known(now.value_usd.sum()),
        "suppliers": len(np.unique(now.exporter)),
        "products": len(np.unique(now.product)),
        "concern_share": known(share[at].sum()) if concern else None,
        "concern_share_before": known(share_before[at].sum()) if concern and len(earlier) else None,
        "year_before": before if len(earlier) else None,
    }
