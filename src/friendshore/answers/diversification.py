"""Diversification: what it takes that no importer leans on one supplier beyond a cap, all buyers at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from friendshore.answers.actors import Actor, importers_of, no_imports, one_or_more, positions, refuse_absent
from friendshore.answers.framing import chosen_products, chosen_years, opened, sources_of
from friendshore.planning.costs import CostBook, assumption
from friendshore.planning.diversify_all import (
    CAPACITY_FACTOR,
    MISSING_FACTOR,
    SHARE_CAP,
    SWITCHING_SHARE,
    Spread,
    spreads,
)  # fmt: skip
from friendshore.records import Amount, Assumption, Finding, Listing, Name, Note
from friendshore.tables.products import product_name
from friendshore.tables.schemas import columns
from friendshore.tables.trade import Trade
from friendshore.tables.world import World

__all__ = ["diversification"]

COLUMNS = (
    "year", "importer", "product", "product_name", "imports_t", "top_supplier", "top_supplier_share",
    "largest_share", "gaining_supplier", "gained_t", "moved_t", "missing_t", "cost_usd", "marginal_usd",
)  # fmt: skip

Row = dict[str, Any]


def diversification(
    importers: str | Sequence[str],
    *,
    year: int = 0,
    world: World | str | Path = "raw-materials",
    as_bloc: bool = False,
    products: str | Sequence[str] = (),
    group: str = "",
    share_cap: float = SHARE_CAP,
    capacity_factor: float = CAPACITY_FACTOR,
    switching_share: float = SWITCHING_SHARE,
    missing_factor: float = MISSING_FACTOR,
    solver: str = "highs",
) -> Finding:
    """Cap every country's reliance on any one supplier, and see what it takes.

    All countries of the data keep the cap, not the importers alone: who buys elsewhere takes what others then
    cannot buy.

    Parameters
    ----------
    importers
        ISO3 codes or bloc names whose rows are shown; a bloc is one buyer, members as of 31 December of the year.
    year
        The newest year with full data by default.
    world
        An opened world, or the name or folder of a data set.
    as_bloc
        Join all importers into one.
    products
        Product codes; all by default.
    group
        A named group of products instead of codes.
    share_cap
        Most that one supplier may have of a buyer's tons.
    capacity_factor
        What a supplier can sell, as a multiple of what it sold in the year.
    switching_share
        What a ton from elsewhere costs beyond today's price, as a share of it, on top of a higher price there.
    missing_factor
        What would cost more than so many times the buyer's price today is left unbought.
    solver
        ``highs``, or ``flows`` where the package is installed with that extra; flows do not tell the worth of a
        point of the cap.

    Returns
    -------
    Finding
        One row an importer and product that it buys in known tons, those with most tons missing or moved for their
        size first. ``cost_usd`` is a year's, beyond what is paid today; ``marginal_usd`` is what all buyers together
        would save a year if this one's cap were a percentage point higher. ``summary`` adds up every country of the
        data by product.

    Examples
    --------
    >>> found = diversification("JPN", products="280530", year=2022, share_cap=0.65)
    >>> [row["top_supplier"] for row in found.rows]
    ['CHN']
    """
    importers, products = one_or_more(importers), one_or_more(products)
    opened_world = opened(world)
    chosen = chosen_years((year,) if year else (), opened_world)[0]
    codes = chosen_products(products, group, opened_world)
    actors = importers_of(importers, opened_world, as_bloc=as_bloc)
    assumed = {
        "share_cap": share_cap, "capacity_factor": capacity_factor, "switching_share": switching_share,
        "missing_factor": missing_factor,
    }  # fmt: skip
    trade = opened_world.trade((chosen,), codes, quantities="cleaned")
    rows: list[Row] = []
    summary: list[Row] = []
    for members, table in tables_of(actors, trade, opened_world, chosen):
        found = tuple(spreads(table, chosen, solver=solver, **assumed))
        for actor in members:
            own = [row for spread in found if (row := row_of(spread, table, actor, chosen)) is not None]
            if not own:
                raise no_imports(actor, f"it buys none of the products in known tons in {chosen}")
            rows += own
        summary = summary or [total_of(spread, table) for spread in found]
    rows.sort(key=lambda row: (-row["missing_t"] / row["imports_t"], -row["moved_t"] / row["imports_t"]))
    unknown = int(np.isnan(trade.quantity_t).sum())
    return Finding(
        question="diversification",
        arguments={
            "importers": [actor.name for actor in actors],
            "as_bloc": as_bloc,
            "products": list(codes),
            "year": chosen,
            **assumed,
            "solver": solver,
            "data": opened_world.name,
        },
        columns=columns("diversification", COLUMNS),
        rows=tuple(rows),
        answer=sentence(rows, actors, chosen, share_cap),
        summary=tuple(summary),
        sources=sources_of(opened_world, "trade"),
        assumptions=assumptions(**{name: value for name, value in assumed.items() if name != "share_cap"}),
        caveats=caveats(unknown),
    )


def tables_of(
    actors: Sequence[Actor], trade: Trade, world: World, year: int
) -> Iterator[tuple[list[Actor], Trade]]:
    """Yield who is looked up in which table: countries in the trade as it is, each bloc in one where it is joined."""
    countries = [actor for actor in actors if actor.is_country]
    for actor in actors:
        refuse_absent(actor, world, year)
    if countries:
        yield countries, trade
    for actor in actors:
        if not actor.is_country:
            yield [actor], trade.joined(positions(actor.members(year), world), actor.name)


def row_of(spread: Spread, trade: Trade, actor: Actor, year: int) -> Row | None:
    """Tell one importer's purchases of a product before and after, None where it buys none in known tons."""
    found = np.flatnonzero(spread.importers == trade.countries.index(actor.name))
    if not len(found):
        return None
    at = int(found[0])
    today, bought = spread.today_t[at], spread.bought_t[at]
    total, gained = float(today.sum()), bought - today
    name, most = trade.products[spread.product], int(np.argmax(gained))
    moves = float(gained[most]) > 1e-9 * total
    marginal = float(spread.marginal_usd[at])
    return {
        "year": year,
        "importer": actor.name,
        "product": name,
        "product_name": product_name(name),
        "imports_t": total,
        "top_supplier": trade.countries[spread.exporters[int(np.argmax(today))]],
        "top_supplier_share": float(today.max()) / total,
        "largest_share": float(bought.max()) / total,
        "gaining_supplier": trade.countries[spread.exporters[most]] if moves else None,
        "gained_t": float(gained[most]) if moves else None,
        "moved_t": float(spread.moved_t[at]),
        "missing_t": float(spread.missing_t[at]),
        "cost_usd": float(spread.cost_usd[at]),
        "marginal_usd": None if np.isnan(marginal) else marginal,
    }


def total_of(spread: Spread, trade: Trade) -> Row:
    """Add up all buyers of a product."""
    return {
        "product": trade.products[spread.product],
        "buyers": len(spread.importers),
        "imports_t": float(spread.today_t.sum()),
        "moved_t": float(spread.moved_t.sum()),
        "missing_t": float(spread.missing_t.sum()),
        "cost_usd": float(spread.cost_usd.sum()),
        "marginal_usd": None if np.isnan(spread.marginal_usd).any() else float(spread.marginal_usd.sum()),
    }


def sentence(rows: Sequence[Row], actors: Sequence[Actor], year: int, share_cap: float) -> Note:
    """Say for how many products the cap asks for a change, what it costs, and where it cannot be kept."""
    above = [row for row in rows if row["top_supplier_share"] > share_cap]
    short = [row for row in rows if row["missing_t"] > 1e-6 * row["imports_t"]]
    return Note(
        template="To buy at most {cap} from one supplier, {importers} would change {above} of {whole} purchases of "
        "{year}, at {cost} a year; for {short} of them the other suppliers have not enough.",
        values={
            "cap": Amount(value=share_cap, unit="share"),
            "importers": Listing(items=tuple(Name(key=actor.name) for actor in actors)),
            "above": len(above),
            "whole": len(rows),
            "year": str(year),
            "cost": Amount(value=sum(row["cost_usd"] for row in rows), unit="USD"),
            "short": len(short),
        },
    )


def assumptions(
    *, capacity_factor: float, switching_share: float, missing_factor: float
) -> tuple[Assumption, ...]:
    """List what the data do not give; the default of a switch comes from the table of costs."""
    figure = CostBook().figure("switching_share")
    switching = (
        assumption(figure)
        if figure.value == switching_share
        else Assumption(
            text=Note(
                template="A ton from elsewhere costs {value} more than today's.",
                values={"value": Amount(value=switching_share, unit="share")},
            )
        )
    )
    return (
        switching,
        Assumption(
            text=Note(
                template="A supplier can sell {factor} times what it sold in the year.",
                values={"factor": f"{capacity_factor:g}"},
            )
        ),
        Assumption(
            text=Note(
                template="What would cost more than {factor} times the buyer's price is left unbought.",
                values={"factor": f"{missing_factor:g}"},
            )
        ),
    )


def caveats(unknown: int) -> tuple[Note, ...]:
    """Say what the figures leave out."""
    notes = [
        Note(
            template="Every country keeps the cap at once, so suppliers outside are shared; one that acts alone finds "
            "more."
        ),
        Note(template="Countries' own production is not counted, and prices stay as they are."),
    ]
    if unknown:
        notes.append(Note(template="{count} flows of unknown tons are left out.", values={"count": unknown}))
    return tuple(notes)
