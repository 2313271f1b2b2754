"""The arrays that the compiled months work on. No numba here: building them must not load the compiler."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from friendshore.parameters import Parameters
from friendshore.tables.trade import Floats, Indices

__all__ = ["BUYER", "LINK", "OUTPUTS", "SELLER", "SETTINGS", "Event", "Work", "rows", "settings_of"]

Rows: TypeAlias = NDArray[np.void]
SETTINGS = (
    "link_headroom", "lead_months", "link_ramp_months", "spare_ramp_months", "contract_term_months",
    "force_majeure_share", "hoarding_days", "refill_months", "alarm_share", "floor_share", "demand_elasticity",
    "price_cap", "stock_factor", "spare_share", "by_product_share",
)  # fmt: skip
"""Order of a draw's settings; ``stock_factor`` scales the stated stocks."""
(
    HEADROOM, LEAD, LINK_RAMP, SPARE_RAMP, TERM, FORCE_MAJEURE, HOARDING, REFILL, ALARM, FLOOR, GIVES_WAY, CAP,
    STOCK, SPARE, BY_PRODUCT,
) = range(len(SETTINGS))  # fmt: skip

OUTPUTS = ("supply_t", "demand_t", "stock_t", "shortage_t", "price_factor", "drawn_t", "built_t", "rationed")
"""Order of what a month leaves behind for each buyer that is watched."""


LINK = np.dtype(
    [
        ("buyer", np.int64),
        ("seller", np.int64),
        ("pattern", np.int64),  # row of ``Event.lost``; 0 is untouched
        ("base", np.float64),
        ("usable", np.float64),  # 1 where more than the base flow may be bought here, else 0
        ("weight", np.float64),  # part of a new demand of the buyer that may be qualified here
        ("extra", np.float64),  # carried at once beyond the base flow, whatever the headroom
        ("flow", np.float64),  # delivered this month
        ("regular", np.float64),  # was under contract and is ordered anew
        ("room", np.float64),  # could be carried beyond ``flow``, ``regular`` included
        ("request", np.float64),
    ],
    align=True,
)
BUYER = np.dtype(
    [
        ("slot", np.int64),  # where its months are kept; -1: nowhere
        ("demand", np.float64),
        ("target", np.float64),  # stock in quiet times; 0 where unknown
        ("expected_end", np.float64),  # month in which it expects the shock to end
        ("pays", np.float64),  # weight where rationing is by pay
        ("stock", np.float64),
        ("price", np.float64),  # factor of last month
        ("met", np.float64),  # part of base demand that was met
        ("alarmed", np.float64),  # 1 or 0
        ("clock", np.float64),  # month of the first alarm; -1 before
        ("wanted", np.float64),  # demand this month
        ("arrived", np.float64),
        ("rest", np.float64),  # still asked for
        ("tally", np.float64),
        ("tally_2", np.float64),
    ],
    align=True,
)
SELLER = np.dtype(
    [
        ("outage", np.int64),  # row of ``Event.outage``; 0 is untouched
        ("fed_from", np.int64),  # where its feed's buyers begin in ``Work.feeders``
        ("fed_to", np.int64),
        ("supply", np.float64),
        ("spare", np.float64),
        ("by_product", np.float64),  # 1, 0.5 in part, 0
        ("feed", np.float64),  # part of its feed that is bought abroad; 0 where none limits it
        ("mobilised", np.float64),
        ("surplus_clock", np.float64),  # first month in which it was struck; -1 before
        ("struck", np.float64),  # 1 or 0
        ("ready", np.float64),  # for sale this month
        ("left", np.float64),  # not sold
        ("held", np.float64),  # of what is left, what its regular buyers will order
        ("offer", np.float64),
        ("tally", np.float64),
        ("tally_2", np.float64),
    ],
    align=True,
)
"""Rows of links, buyers and sellers, in tons a month. Records and not columns: a sweep reads most of a row at
once, and few arguments make for quick compiling."""


class Work(NamedTuple):
    """One draw: what it starts from and what it carries from month to month."""

    order: Indices
    """The products, feeds first."""
    links: Indices
    """By product, where its links begin; one more at the end. So are the next two."""
    buyers: Indices
    sellers: Indices
    feeders: Indices
    """Buyers whose arrivals feed a seller."""
    link: Rows
    buyer: Rows
    seller: Rows

    def fresh(self) -> Work:
        """Return a copy to run a draw on."""
        return self._replace(link=self.link.copy(), buyer=self.buyer.copy(), seller=self.seller.copy())


class Event(NamedTuple):
    """What is struck."""

    lost: Floats
    """By draw, pattern and month. So are the next two."""
    leak: Floats
    """Part of the base flow that may come around through third countries."""
    outage: Floats
    elasticity: Floats
    """By draw and month."""
    settings: Floats
    """By draw, in the order of ``SETTINGS``."""
    stock_rule: int
    by_pay: bool


def rows(kind: np.dtype[np.void], count: int, **columns: NDArray[np.generic]) -> Rows:
    """Return rows with some columns filled, the others 0."""
    made = np.zeros(count, kind)
    for name, values in columns.items():
        made[name] = values
    return made


def settings_of(parameters: Parameters) -> Floats:
    """Return the parameters as the row of one draw."""
    return np.array([1.0 if name == "stock_factor" else getattr(parameters, name) for name in SETTINGS])
