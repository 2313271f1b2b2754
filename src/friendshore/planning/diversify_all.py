"""Every product and country at once: nobody leans on one supplier beyond a cap, at least cost.

Who buys elsewhere takes capacity that others can then not take, so all countries of a product are solved together.
Products do not touch each other and are solved one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from friendshore.errors import ArgumentError, MissingDataError
from friendshore.planning.transport import Shipped, Transport, shipped
from friendshore.tables.trade import Floats, Indices, Trade

__all__ = [
    "CAPACITY_FACTOR",
    "MISSING_FACTOR",
    "SHARE_CAP",
    "SOLVERS",
    "SWITCHING_SHARE",
    "Spread",
    "diversify_all",
    "spreads",
    "transports",
]

SHARE_CAP = 0.4
CAPACITY_FACTOR = 1.5
SWITCHING_SHARE = 0.05
MISSING_FACTOR = 10.0
POINT = 0.01
SOLVERS = ("highs", "flows")


@dataclass(frozen=True, eq=False)
class Spread:
    """Purchases of one product in one year, before and after."""

    product: int
    """Position in the products of the trade."""
    importers: Indices
    """Positions in its countries."""
    exporters: Indices
    today_t: Floats
    """(importers, exporters)"""
    bought_t: Floats
    """(importers, exporters)"""
    missing_t: Floats
    """By importer."""
    cost_usd: Floats
    """By importer, a year, beyond what is paid today and without what is missing."""
    marginal_usd: Floats
    """By importer, what everybody together would save a year if its cap were one percentage point higher; NaN where
    the solver does not tell."""

    @property
    def moved_t(self) -> Floats:
        """By importer, tons bought where they are not bought today."""
        moved: Floats = np.maximum(0.0, self.bought_t - self.today_t).sum(axis=1)
        return moved


def transports(
    trade: Trade,
    year: int,
    *,
    share_cap: float = SHARE_CAP,
    capacity_factor: float = CAPACITY_FACTOR,
    switching_share: float = SWITCHING_SHARE,
    missing_factor: float = MISSING_FACTOR,
) -> Iterator[tuple[int, Indices, Indices, Floats, Transport]]:
    """Yield (product, importers, exporters, tons today, transport) for each product with known tons.

    Parameters
    ----------
    trade
        Rows; those without tons are left out.
    year
        Of the rows to take.
    share_cap
        Most that one supplier may have of an importer's purchases.
    capacity_factor
        What an exporter can sell, as a multiple of what it sold.
    switching_share
        What a ton from elsewhere costs beyond today's price, as a share of it, on top of any higher price there.
    missing_factor
        What a ton counts that an importer goes without, as a multiple of its price today: what would cost more is
        left unbought.
    """
    _refuse_nonsense(share_cap, capacity_factor, switching_share, missing_factor)
    rows = trade.of(year=year)
    rows = rows.take(rows.quantity_t > 0)
    if not len(rows):
        raise MissingDataError(
            f"No trade with known tons in {year}", code="no_such_year", hint="Choose a year within the data"
        )
    starts = np.flatnonzero(np.diff(rows.product, prepend=-1))
    for start, stop in zip(starts, [*starts[1:], len(rows)], strict=True):
        at = slice(int(start), int(stop))
        importers, buyer = np.unique(rows.importer[at], return_inverse=True)
        exporters, seller = np.unique(rows.exporter[at], return_inverse=True)
        today, usd = np.zeros((2, len(importers), len(exporters)))
        today[buyer, seller], usd[buyer, seller] = rows.quantity_t[at], rows.value_usd[at]
        demand, sold = today.sum(axis=1), today.sum(axis=0)
        price = usd.sum(axis=1) / demand
        dearer = np.maximum(0.0, usd.sum(axis=0) / sold - price[:, None])
        cost, missing = dearer + switching_share * price[:, None], missing_factor * price
        yield (
            int(rows.product[start]),
            importers.astype(np.int64),
            exporters.astype(np.int64),
            today,
            _transport(today, sold * capacity_factor, cost, share_cap, missing, importers[:, None] != exporters),
        )  # fmt: skip


def _transport(
    today: Floats, capacity: Floats, cost: Floats, share_cap: float, missing: Floats, apart: NDArray[np.bool_]
) -> Transport:  # fmt: skip
    """Two ways where something is bought today: as today, and more; one elsewhere; none to itself."""
    demand: Floats = today.sum(axis=1)
    cap = np.minimum(share_cap, 1.0) * demand[:, None]
    kept = np.minimum(today, cap)
    room = np.where(apart & (cost < missing[:, None]), cap - kept, 0.0)
    old, new = np.flatnonzero(kept.ravel() > 0), np.flatnonzero(room.ravel() > 0)
    way = np.concatenate([old, new])
    return Transport(
        demand_t=demand,
        capacity_t=capacity,
        seller=way % today.shape[1],
        buyer=way // today.shape[1],
        cost_usd=np.concatenate([np.zeros(len(old)), cost.ravel()[new]]),
        most_t=np.concatenate([kept.ravel()[old], room.ravel()[new]]),
        missing_usd=missing,
    )


def spreads(trade: Trade, year: int, *, solver: str = "highs", **assumed: float) -> Iterator[Spread]:
    """Solve product by product; arguments as in :func:`transports`."""
    solve = _solver(solver)
    for product, importers, exporters, today, transport in transports(trade, year, **assumed):
        found = solve(transport)
        bought = np.zeros(today.size)
        np.add.at(bought, transport.buyer * len(exporters) + transport.seller, found.tons)
        buyers = len(importers)
        yield Spread(
            product,
            importers,
            exporters,
            today,
            bought.reshape(today.shape),
            found.missing_t,
            np.asarray(np.bincount(transport.buyer, found.tons * transport.cost_usd, buyers), np.float64),
            _marginal(transport, found, today),
        )


def diversify_all(trade: Trade, year: int, *, solver: str = "highs", **assumed: float) -> tuple[Spread, ...]:
    """Cap every country's reliance on any one supplier, for every product, at least cost.

    Parameters
    ----------
    trade, year, assumed
        As in :func:`transports`.
    solver
        ``highs``: linear programs, with what a point of the cap is worth; ``flows``: minimum-cost flows, for which
        OR-tools has to be installed.

    Returns
    -------
    tuple of Spread
        One a product with known tons.
    """
    return tuple(spreads(trade, year, solver=solver, **assumed))


def _solver(name: str) -> Callable[[Transport], Shipped]:
    if name == "highs":
        return shipped
    if name == "flows":
        from friendshore.planning.flows import shipped_by_flow

        return shipped_by_flow
    raise ArgumentError(
        f"There is no solver {name!r}.", code="unknown_choice", hint=f"Solvers: {', '.join(SOLVERS)}."
    )


def _marginal(transport: Transport, found: Shipped, today: Floats) -> Floats:
    """Add up by buyer what its limits are worth: of a way as today only where the cap is what limits it."""
    buyers = len(transport.demand_t)
    if found.bound_usd is None:
        return np.full(buyers, np.nan)
    bought = today.ravel()[transport.buyer * today.shape[1] + transport.seller]
    capped = (transport.cost_usd > 0) | (transport.most_t < bought)
    worth = np.bincount(transport.buyer, np.where(capped, found.bound_usd, 0.0), buyers)
    return np.asarray(worth * transport.demand_t * POINT, np.float64)


def _refuse_nonsense(
    share_cap: float, capacity_factor: float, switching_share: float, missing_factor: float
) -> None:
    for name, value, least in (
        ("share_cap", share_cap, 0.0),
        ("capacity_factor", capacity_factor, 0.0),
        ("missing_factor", missing_factor, 1.0),
    ):
        if not (np.isfinite(value) and value > least):
            raise ArgumentError(
                f"{name} is {value:g}, not above {least:g}.",
                code="bad_offers",
                hint="A share cap of 0.4 lets one supplier have 40 % of purchases.",
            )
    if not (np.isfinite(switching_share) and switching_share >= 0):
        raise ArgumentError(
            f"switching_share is {switching_share:g}, below 0.",
            code="bad_offers",
            hint="0.05 makes a ton from elsewhere 5 % dearer.",
        )
