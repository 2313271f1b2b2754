"""Plans laid into a market: what members buy, what stands, what is held, and which exports are turned round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from friendshore.disruption.market import Market
from friendshore.parameters import Parameters
from friendshore.planning.altered import Outlet, Seller, altered
from friendshore.planning.problem import Plan, Problem
from friendshore.shocks import DAYS_PER_MONTH, Shock, StockCover
from friendshore.tables.trade import Floats, Indices

__all__ = ["Changes", "carried_out", "stocks_under", "turn_round"]

SAME = 1e-6
"""Part of demand by which a solver's number may differ from the one it was given."""
NEARLY_NONE = 1e-9
"""Part of its capacity that a seller whose supply comes and goes sells at least: a shock must stop something."""


@dataclass(eq=False)
class Changes:
    """What is to be changed in a market, collected step by step."""

    market: Market
    tons: Floats
    """By link."""
    withdrawn: Floats
    """By seller, what an added seller has in its place."""
    sellers: list[Seller] = field(default_factory=list)
    comings: list[Shock] = field(default_factory=list)
    """Shocks by which added sellers come and go."""

    @staticmethod
    def of(market: Market) -> Changes:
        """Begin with nothing changed."""
        return Changes(market, market.links.tons.copy(), np.zeros(len(market.links.seller_tons)))

    def add(
        self, name: str, product: str, tons: float, outlets: Sequence[tuple[str, float, float]], there: Floats
    ) -> None:
        """Add a seller that has a part of its tons in each month.

        Parameters
        ----------
        name, product, tons
            Of the seller.
        outlets
            (member, tons in normal times, most tons).
        there
            By month of the case, part of its tons that it has.
        """
        place = self.market.place[product]
        alike = sum(seller.product == place and seller.name.startswith(name) for seller in self.sellers)
        name = f"{name} ({alike + 1})" if alike else name
        sold = [
            Outlet(self.market.position[member], max(normal, NEARLY_NONE * tons), most)
            for member, normal, most in outlets
            if self.market.buyer(product, member) >= 0
        ]
        if not sold or tons <= 0.0:
            return
        self.sellers.append(Seller(name, place, tons, tuple(sold)))
        start = 0
        for part, run in groupby(np.round(there, 12).tolist()):
            months = len(list(run))
            if part < 1.0:
                self.comings.append(
                    Shock(
                        id=f"{name}, {product}, from month {start + 1}", kind="outage", suppliers=(name,),
                        products=(product,), lost_share=1.0 - part, start_month=start, duration_months=months,
                    )
                )  # fmt: skip
            start += months

    def done(self, parameters: Parameters) -> Market:
        """Return the market after all of it."""
        return altered(self.market, self.tons, parameters, sellers=self.sellers, withdrawn=self.withdrawn)


def carried_out(market: Market, rows: Indices, problem: Problem, plans: Sequence[Plan], s: int) -> Changes:
    """Lay plans into a market as they stand in a case.

    Parameters
    ----------
    market
        Links of all importers.
    rows
        By link of the problem, the link of the market.
    problem
        Of all plans.
    plans
        For disjoint coalitions.
    s
        The case.
    """
    changes = Changes.of(market)
    demand = problem.demand_t[problem.link_member, problem.link_product]
    for plan in plans:
        moved = np.abs(plan.normal_t - problem.link_t) > SAME * demand
        moved &= np.isin(problem.link_member, plan.coalition)
        changes.tons[rows[moved]] = np.maximum(0.0, plan.normal_t[moved])
        _build(changes, plan, s)
        _turn_exports(changes, plan, s)
    return changes


def _periods_of_months(problem: Problem, s: int) -> Indices:
    """Return the period in which each month of a case lies."""
    months = np.arange(problem.cases[s].months, dtype=np.float64)
    last = len(problem.bounds) - 2
    return np.clip(np.searchsorted(problem.bounds, months, side="right") - 1, 0, last).astype(np.int64)


def _standing(problem: Problem, k: int, s: int) -> Floats:
    """Return by month of a case the part of it in which a plant for a product stands."""
    begin, end = problem.bounds[:-1], problem.bounds[1:]
    ready = end - problem.online_share[:, k] * (end - begin)
    months = np.arange(problem.cases[s].months, dtype=np.float64)
    return np.asarray(np.clip(months + 1 - ready[_periods_of_months(problem, s)], 0.0, 1.0), np.float64)


def _build(changes: Changes, plan: Plan, s: int) -> None:
    """Add a plan's plants, each a seller that sells to its owners alone."""
    problem = plan.problem
    periods = _periods_of_months(problem, s)
    for h, k in np.argwhere(plan.capacity_t > 0.0).tolist():
        there = _standing(problem, k, s) * problem.feed_open[s, periods, h, k]
        size = float(plan.capacity_t[h, k])
        for owners, part in _owners(plan, h, k):
            outlets = [(problem.members[m], float(plan.output_t[h, m, k]), part * size) for m in owners]
            name = f"{problem.hosts[h]}: plant of {'+'.join(problem.members[m] for m in owners)}"
            changes.add(name, problem.products[k], part * size, outlets, there)


def _owners(plan: Plan, h: int, k: int) -> list[tuple[tuple[int, ...], float]]:
    """Return who owns which part of a plant: all together, or each what it pays for, else what it takes."""
    if plan.sharing.lumps or len(plan.coalition) == 1:
        return [(plan.coalition, 1.0)]
    paid = plan.support_usd[:, h, k]
    parts = (
        paid if paid.sum() > 0 else plan.output_t[h, :, k] + plan.delivered_t[:, :, h, :, k].max(axis=(0, 1))
    )
    total = float(parts.sum())
    return [((m,), float(parts[m]) / total) for m in plan.coalition if total > 0 and parts[m] > 0]


def _turn_exports(changes: Changes, plan: Plan, s: int) -> None:
    """Turn members' exports round as a plan does in a case: as many tons a year as in its highest period."""
    problem = plan.problem
    months = problem.period_months[s]
    counted = np.flatnonzero(months > 0)
    yearly = plan.redirected_t[s][counted] * 12 / months[counted][:, None, None, None]
    periods = _periods_of_months(problem, s)
    for m, k in np.argwhere(yearly.sum(axis=(0, 2)) > 0.0).tolist():
        if yearly[:, m, :, k].sum(axis=1).max() <= SAME * problem.demand_t[:, k].sum():
            continue
        by_period = np.zeros((len(months), len(problem.members)))
        by_period[counted] = yearly[:, m, :, k]
        customers = problem.export_customers[m * len(problem.products) + k]
        takers = {problem.members[j]: by_period[periods, j] for j in plan.coalition}
        turn_round(changes, problem.members[m], problem.products[k], customers, takers)


def turn_round(
    changes: Changes,
    exporter: str,
    product: str,
    customers: Sequence[tuple[str, float]],
    takers: Mapping[str, Floats],
) -> None:
    """Take exports from their customers and keep them for some importers.

    Parameters
    ----------
    changes
        Is added to.
    exporter, product
        Whose exports.
    customers
        Who loses them, with their parts, which sum to 1.
    takers
        Who gets them: by importer, tons a year in each month. The exporter itself may be one of them.

    Notes
    -----
    Customers lose what the highest month takes, from the first month on; each at most what it buys.
    """
    market, links = changes.market, changes.market.links
    monthly = np.array(list(takers.values()))
    wanted = float(monthly.sum(axis=0).max())
    here = (links.product == market.place[product]) & (links.exporter == market.position[exporter])
    taken = np.zeros(len(links.tons))
    for name, part in customers:
        row = here & (links.importer == market.position.get(name, -1))
        taken[row] = np.minimum(changes.tons[row], wanted * part)
    moved = float(taken.sum())
    if moved <= 0.0:
        return
    changes.tons -= taken
    changes.withdrawn += np.bincount(links.seller, taken, len(changes.withdrawn))
    scale = moved / wanted
    outlets = [(name, 0.0, scale * float(tons.max())) for name, tons in takers.items() if tons.max() > 0.0]
    there = np.minimum(1.0, monthly.sum(axis=0) / wanted)
    changes.add(f"{exporter}: exports kept", product, moved, outlets, there)


def stocks_under(problem: Problem, plans: Sequence[Plan], s: int) -> tuple[StockCover, ...]:
    """Return the stocks that differ from today's in a case, in days of demand.

    What is pooled lies with whoever draws on it in that case, the rest of it by demand of those who draw; where
    nobody draws, with its owner.
    """
    held = problem.stock_held_t.copy()
    changed = np.zeros(held.shape, bool)
    for plan in plans:
        own = list(plan.coalition)
        held[own] += plan.stock_t[own]
        changed[own] |= plan.stock_t[own] > SAME * problem.demand_t[own]
        if plan.sharing.risk and len(own) > 1:
            pooled, moved = _pooled(problem, plan, held[own], s)
            held[own] = pooled
            changed[own] |= moved
    return tuple(
        StockCover(
            importer=problem.members[m],
            product=problem.products[k],
            days=float(held[m, k] / problem.demand_t[m, k] * 12 * DAYS_PER_MONTH),
        )
        for m, k in np.argwhere(changed & (problem.demand_t > 0)).tolist()
    )


def _pooled(problem: Problem, plan: Plan, held: Floats, s: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Return (owner, K) where pooled stocks lie in a case, and where that is not with their owners."""
    own = list(plan.coalition)
    drawn = plan.drawn_t[s][:, own].sum(axis=0)
    using = drawn > SAME * problem.demand_t[own]
    rest = np.maximum(0.0, held.sum(axis=0) - np.where(using, drawn, 0.0).sum(axis=0))
    weight = np.where(using, problem.demand_t[own], 0.0)
    total = weight.sum(axis=0)
    share = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    lies = np.where(using.any(axis=0), np.where(using, drawn, 0.0) + share * rest, held)
    return lies, np.abs(lies - held) > SAME * problem.demand_t[own]
