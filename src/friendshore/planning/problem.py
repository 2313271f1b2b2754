"""What a plan decides on, as numbers: demand, links, claims, cases, costs and limits. Arrays; no files, no solver.

Axes, always in this order: case S, period R, host H, member M, product K; a link L is a (product, member,
supplier). Tons are a year's unless the name says of a period.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from friendshore.records import Record
from friendshore.tables.trade import Floats, Indices

__all__ = [
    "ALONE",
    "MECHANISMS",
    "TOGETHER",
    "Case",
    "Corridor",
    "Costs",
    "Limits",
    "Objective",
    "Plan",
    "Problem",
    "Sharing",
]

MECHANISMS = ("risk", "lumps", "claims", "supply", "budgets")
"""What members can do together: serve whoever is hit from any stock, share a plant, claim outside capacity as
one, open their own exports to each other, pay from one purse."""


class Sharing(Record):
    """Which of the mechanisms are on. None: each member as if alone."""

    risk: bool = False
    lumps: bool = False
    claims: bool = False
    supply: bool = False
    budgets: bool = False


ALONE = Sharing()
TOGETHER = Sharing(risk=True, lumps=True, claims=True, supply=True, budgets=True)


class Case(Record):
    """One alternative future: what is cut there stands in the arrays of the problem."""

    name: str
    months: int
    """How long the cut lasts; the run of the case ends with it."""
    probability: float
    """Chance a year that it begins, 0 to 1."""
    struck: tuple[str, ...]
    """Members whose supply is cut."""
    shocks: tuple[str, ...] = ()
    """Ids of its shocks."""


class Objective(Record):
    """What is minimised.

    ``least_cost``: yearly cost such that the shortage stays within the limit. ``least_shortage``: missing value
    first (lost supply at base prices, cases weighed by probability), then cost. ``expected_cost``: yearly cost with
    lost supply at its value, by probability. ``worst_case``: cost of the worst case. ``cvar``: mean of the worst
    ``1 - tail`` of cases by probability.
    """

    kind: str = "least_cost"
    tail: float = 0.9


@dataclass(frozen=True, eq=False)
class Costs:
    """Prices of decisions. Everything in current dollars of the base years."""

    switching_share: Floats
    """(K,) premium over today's price for a ton bought from a new or enlarged source."""
    emergency_share: Floats
    """(K,) premium for a ton bought in a crisis."""
    capital_usd_per_t: Floats
    """(H, K) for a ton a year of new capacity."""
    gap_usd_per_t: Floats
    """(H, K) by which a ton from the new plant costs more than one bought."""
    support_share: Floats
    """(H, K) part of the capital that a state has to pay for the plant to be built."""
    annuity: float
    """Yearly payment for a dollar of capital."""
    carrying_share: Floats
    """(K,) yearly cost of a stock over its value."""
    filling_share: Floats
    """(K,) premium paid while a stock is filled, once."""
    value_factor: Floats
    """(K,) value of a ton that is missing, in prices."""
    outsider_share: Floats
    """(K,) charge for a ton taken from an outsider by redirecting exports, in prices."""


@dataclass(frozen=True, eq=False)
class Limits:
    """What a plan must keep."""

    shortage_share: float = 0.1
    """Most that may be missing of a period's demand (``least_cost`` alone)."""
    months: int = 12
    """For how many months of a case that holds."""
    concern_share: float = np.inf
    """Most of a member's normal demand from the suppliers of concern together; infinite where there is no cap."""
    any_share: float = np.inf
    """Most from any single supplier that is no member."""
    traced_share: float = np.inf
    """Most that originates in suppliers of concern or passes through them."""
    partner_share: float = 0.0
    """Least from partners together."""
    budgets_usd: Floats = field(default_factory=lambda: np.zeros(0))
    """(M,) most that a member pays for support of plants and for stock; infinite where there is none."""


@dataclass(frozen=True, eq=False)
class Corridor:
    """Least and most of decisions, beside all other limits; None where nothing is prescribed. Both alike: decided."""

    new_t: tuple[Floats, Floats] | None = None
    """(L,) each: bought beyond today's flow."""
    capacity_t: tuple[Floats, Floats] | None = None
    """(H, K) each: of all owners together."""
    stock_t: tuple[Floats, Floats] | None = None
    """(M, K) each: added."""
    other_than: Floats | None = None
    """(H, K) capacity of which at least one plant that is built in steps must differ by a step or more."""


@dataclass(frozen=True, eq=False)
class Problem:
    """Everything that a plan is made from."""

    members: tuple[str, ...]
    products: tuple[str, ...]
    suppliers: tuple[str, ...]
    """Names of the positions in ``link_supplier``."""
    hosts: tuple[str, ...]
    """Where capacity may be built: members and whoever else was named."""
    cases: tuple[Case, ...]
    bounds: Floats
    """(R + 1,) months where periods begin and end, the first 0."""
    demand_t: Floats
    """(M, K)"""
    price: Floats
    """(M, K) dollars a ton that the member pays today."""
    link_product: Indices
    link_member: Indices
    link_supplier: Indices
    link_t: Floats
    """(L,) today's flow, 0 where the link may be opened."""
    link_price: Floats
    """(L,) dollars a ton."""
    link_usable: NDArray[np.bool_]
    """(L,) whether the supplier's grade is the member's, so that it may sell it more than today."""
    link_concern: NDArray[np.bool_]
    link_partner: NDArray[np.bool_]
    link_traced: Floats
    """(L,) part of what the supplier ships that originates in suppliers of concern or passes through them; 1 for
    those themselves; NaN where unknown (counted as 0 and told)."""
    link_claim_t: Floats
    """(L,) what the member may claim of the supplier's spare capacity under the problem's rule."""
    link_spare_t: Floats
    """(L,) the supplier's whole spare capacity of the product, the same on all its links."""
    link_fee_usd: Floats
    """(L,) once, to qualify a link that no shared standard covers; 0 for others. Closed until it is paid."""
    open_share: Floats
    """(S, R, L) part of the link's contracts that still arrives, mean over the period."""
    freed_t: Floats
    """(S, R, L) tons in the period that the supplier can sell the member since a blocked one sells elsewhere."""
    growth_share: Floats
    """(R,) part of a member's demand that newly qualified links may carry, mean over the period."""
    headroom_share: float
    """Part by which a link carries more at once."""
    ramp_share: Floats
    """(R,) part of a claim on spare capacity that is mobilised, mean over the period."""
    own_exports_t: Floats
    """(M, K) usable exports to others than members, which could be turned home or to a member."""
    export_customers: tuple[tuple[tuple[str, float], ...], ...]
    """By (member, product) row-major: outsiders and their part of those exports, largest first."""
    feed_open: Floats
    """(S, R, H, K) part of a plant's feed that still arrives; 1 where it needs none or mines its own."""
    stock_held_t: Floats
    """(M, K) stock that is there already."""
    stock_most_t: Floats
    """(M, K) most stock to be added: policy, shelf life, filling speed."""
    lump_t: Floats
    """(K,) efficient size of a plant in tons a year; 0: any size."""
    buildable: NDArray[np.bool_]
    """(H, K)"""
    capacity_most_t: Floats
    """(H, K) most new capacity; infinite where nothing limits it."""
    online_share: Floats
    """(R, K) part of the period in which a plant begun with the plan stands."""
    least_use_share: float
    """Part of its capacity that a plant sells in normal times at least."""
    costs: Costs
    limits: Limits
    rule: str = "link"
    """How outside spare capacity is shared out: ``link``, ``imports``, ``last``, ``first``."""
    quantities: str = "cleaned"
    relief_t: Floats | None = None
    """(S, R, M, K) tons in the period that the member has whatever is decided, and shares with nobody (stock that it
    keeps to itself and names only by the gap that is left); None where there are none."""
    elsewhere: tuple[tuple[int, int, tuple[str, ...]], ...] = ()
    """(host, product, other hosts): hosts that nothing known tells apart, of which the first stands for the others."""
    corridor: Corridor | None = None
    """What is prescribed of the decisions, so that a plan can be priced, or one be found without some decision."""

    @property
    def period_months(self) -> Floats:
        """(S, R) months of each period that lie within the case."""
        ends = np.minimum(self.bounds[None, 1:], np.array([[float(case.months)] for case in self.cases]))
        return np.asarray(np.maximum(0.0, ends - self.bounds[None, :-1]), np.float64)


@dataclass(frozen=True, eq=False)
class Plan:
    """What was decided, and what it does in each case. Arrays in the axes of the problem."""

    problem: Problem
    objective: Objective
    sharing: Sharing
    coalition: tuple[int, ...]
    """Positions of the members that planned; the others' entries are 0."""
    status: str
    """``optimal`` (within the gap), ``time_limit`` (best plan found), ``infeasible``, ``unbounded``."""
    objective_value: float
    gap: float
    """Distance to the bound that was proven, over the objective."""
    normal_t: Floats
    """(L,) bought in normal times, kept and new."""
    new_t: Floats
    """(L,) of these beyond today's flow."""
    capacity_t: Floats
    """(H, K)"""
    support_usd: Floats
    """(M, H, K) paid by the member for the plant."""
    output_t: Floats
    """(H, M, K) sold to the member in normal times."""
    stock_t: Floats
    """(M, K) added."""
    emergency_t: Floats
    """(S, R, L)"""
    delivered_t: Floats
    """(S, R, H, M, K) from new capacity in the case."""
    drawn_t: Floats
    """(S, R, M, K) used by the member, from whosever stock."""
    redirected_t: Floats
    """(S, R, M, M, K) exports of the first member that the second one gets."""
    shortage_t: Floats
    """(S, R, M, K)"""
    member_cost_usd: Floats
    """(M,) yearly, over today: switching, plants as paid, stock, emergencies by probability, charge for outsiders,
    and by the objectives that price it the lost supply."""
    cost_usd: float
    """Sum of ``member_cost_usd``."""
    cost_parts_usd: dict[str, float]
    """By ``switching``, ``capital``, ``operating``, ``stock``, ``emergency``, ``outsiders``, ``qualification``,
    ``lost``."""
    seconds: float = 0.0
    member_lost_usd: Floats | None = None
    """(M,) what of ``member_cost_usd`` is lost supply, which is no bill."""
