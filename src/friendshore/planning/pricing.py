"""What decisions cost and what limits plants and stocks, by the table of costs, as arrays of a problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from friendshore.errors import ArgumentError
from friendshore.planning.costs import CostBook, End, costs_of, values_of
from friendshore.planning.problem import Costs
from friendshore.tables.trade import Floats

__all__ = ["Priced", "priced"]

DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True, eq=False)
class Priced:
    """Costs as a problem takes them, and what limits plants and stocks."""

    costs: Costs
    lump_t: Floats
    """(K,)"""
    build_months: Floats
    """(K,) of the slowest host where it may be built."""
    most_t: Floats
    """(H, K) most new capacity in tons a year; 0 where none can be planned, infinite where nothing limits it."""
    keeps_months: Floats
    """(K,) how long a stock keeps."""
    most_days: Floats
    """(K,) most stock by policy, in days of demand."""
    fill_share: Floats
    """(K,) part of a month's imports that can go into stock in a month."""
    stated: NDArray[np.bool_]
    """(H, K) whether a plant at this very host is the user's own statement."""
    least_use_share: float
    notice_months: float
    """Months between the decision and the cut."""


def priced(
    book: CostBook,
    products: Sequence[str],
    hosts: Sequence[str],
    *,
    most_t: Floats | None = None,
    ends: Mapping[str, End] | None = None,
) -> Priced:
    """Read all that a problem needs off the table.

    Parameters
    ----------
    book
        Figures of the plan and of the package.
    products, hosts
        Axes.
    most_t
        (H, K) most capacity, where it is stated; infinite elsewhere.
    ends
        By parameter, the end of its range to take instead of the value.
    """
    chosen = dict(ends or {})
    known = np.array([[book.has_plant(k, h) for k in products] for h in hosts], bool)
    known = known.reshape(len(hosts), len(products))
    most = np.full(known.shape, np.inf) if most_t is None else most_t
    capital = [[book.find("capital_usd_per_t", k, h) for k in products] for h in hosts]
    stated = [[each is not None and each.own and bool(each.hosts) for each in row] for row in capital]
    can = known & (most > 0)
    places = [tuple(np.array(hosts, object)[can[:, k]]) or ("",) for k in range(len(products))]
    end = chosen.get("build_months", "value")
    months = [
        [figure.end(end) for h in at if (figure := book.find("build_months", k, h)) is not None]
        for k, at in zip(products, places, strict=True)
    ]
    lumps = [
        _step(book, k, at, chosen.get("lump_t", "value")) for k, at in zip(products, places, strict=True)
    ]
    alone = {
        name: float(values_of(book, name, ("",), chosen)[0]) for name in ("least_use_share", "notice_months")
    }
    return Priced(
        costs=costs_of(book, products=products, hosts=hosts, ends=chosen),
        lump_t=np.array(lumps, np.float64),
        build_months=np.array([max(each, default=0.0) for each in months], np.float64),
        most_t=np.where(known, most, 0.0),
        keeps_months=values_of(book, "shelf_life_days", products, chosen) / DAYS_A_MONTH,
        most_days=values_of(book, "stock_days", products, chosen),
        fill_share=values_of(book, "fill_share", products, chosen),
        stated=np.array(stated, bool).reshape(known.shape),
        **alone,
    )


def _step(book: CostBook, product: str, hosts: Sequence[str], end: End) -> float:
    """Return the step in which plants for a product are built, the user's before ours; 0: any size."""
    found = {host: figure for host in hosts if (figure := book.find("lump_t", product, host)) is not None}
    own = {host: figure.end(end) for host, figure in found.items() if figure.own}
    steps = own or {host: figure.end(end) for host, figure in found.items()}
    if len(set(steps.values())) > 1:
        said = ", ".join(f"{step:,.6g} t at {host}" for host, step in steps.items())
        raise ArgumentError(
            f"Plants for {product} are stated in steps of {said}; a product has one step.",
            code="unlike_steps",
            hint="State lump_t once for the product, without hosts, or leave other hosts out.",
        )
    return next(iter(steps.values()), 0.0)
