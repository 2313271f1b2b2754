"""How dependent importers were in every year: the suppliers' share and the concentration, product by product."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from friendshore.answers.actors import Actor, positions, supplier_set
from friendshore.answers.flows import has_members, node
from friendshore.answers.framing import known
from friendshore.errors import FriendshoreError
from friendshore.exposure.concentration import import_concentration
from friendshore.records import Amount, Listing, Name, Note
from friendshore.tables.trade import Trade
from friendshore.tables.world import KEPT_FLOWS, World

__all__ = ["history", "history_title"]

Row = dict[str, Any]


def history(
    world: World, actors: Sequence[Actor], products: Sequence[str], on: Sequence[str], years: Sequence[int]
) -> list[Row]:
    """Measure by value, a row a product, importer and year; None where nothing was bought.

    A bloc has the members that it had at the end of each year.
    """
    key = ("history", tuple(products), tuple(years))
    trade = world.once(key, lambda: world.trade(years, products), lambda read: len(read) <= KEPT_FLOWS)
    found: dict[tuple[str, str, int], Row] = {}
    for year in years:
        sellers = sellers_of(on, world, year)
        here = trade.of(year=year)
        for actor in actors:
            if not has_members(actor, year):
                continue
            joined, place, _ = node(here, actor, year, world)
            record(found, joined.take(joined.importer == place), sellers, actor.name, world)
    empty = {"supplier_share": None, "import_hhi": None, "imports_usd": None}
    return [
        {
            "product": code,
            "importer": actor.name,
            "year": year,
            **found.get((code, actor.name, year), empty),
        }
        for code in products
        for actor in actors
        for year in years
    ]


def sellers_of(on: Sequence[str], world: World, year: int) -> list[int] | None:
    """Positions of the suppliers of concern; None where they cannot be named yet."""
    try:
        return positions(supplier_set(on, world, year), world)
    except FriendshoreError:
        return None


def record(
    found: dict[tuple[str, str, int], Row], mine: Trade, sellers: list[int] | None, name: str, world: World
) -> None:
    """Add what one importer bought in one year."""
    at = import_concentration(mine, suppliers=sellers or ())
    for n in range(len(at.hhi)):
        # None of them trades in these data: they sell nothing.
        share = None if sellers is None else known(at.supplier_share[n]) if sellers else 0.0
        found[world.products[int(at.product[n])], name, int(at.year[n])] = {
            "supplier_share": share,
            "import_hhi": known(at.hhi[n]),
            "imports_usd": known(at.imports_usd[n]),
        }


def history_title(rows: Sequence[Row], on: Sequence[str], lead: str) -> Note:
    """Say how the suppliers' share moved, for the importers together."""
    mine = [row for row in rows if row["importer"] == lead and row["supplier_share"] is not None]
    supplier = Listing(items=tuple(Name(key=name) for name in on))
    if not mine:
        return Note(template="{supplier} supplied nothing in these years", values={"supplier": supplier})
    first, last = min(row["year"] for row in mine), max(row["year"] for row in mine)
    products = list(dict.fromkeys(row["product"] for row in mine))
    values: dict[str, Any] = {
        "supplier": supplier,
        "importer": Name(key=lead),
        "first": str(first),
        "last": str(last),
        "count": str(len(products)),
    }
    if first == last:
        return Note(template="The share of {supplier} in one year", values=values)
    at = {(row["product"], row["year"]): row["supplier_share"] for row in mine}
    if len(products) == 1:
        values |= {
            "product": Name(key=products[0], kind="product"),
            "then": Amount(value=at[products[0], first], unit="share"),
            "now": Amount(value=at[products[0], last], unit="share"),
        }
        return Note(
            template="{supplier} supplied {now} of the {product} that {importer} bought in {last}, {then} in {first}",
            values=values,
        )
    grown = sum(
        at[code, last] > at[code, first] for code in products if (code, first) in at and (code, last) in at
    )
    compared = sum((code, first) in at and (code, last) in at for code in products)
    values |= {"grown": str(grown), "compared": str(compared)}
    return Note(
        template="From {first} to {last} the share of {supplier} grew in {grown} of {compared} products for {importer}",
        values=values,
    )
