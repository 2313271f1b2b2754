"""From a problem and a member's own plan to what its allies may know of it: needs, and offers."""

from __future__ import annotations

import numpy as np

from friendshore.planning.exchange import CapacityOffer, Gap, Need, StockOffer, rounded
from friendshore.planning.problem import Plan, Problem
from friendshore.tables.trade import Floats

__all__ = ["CLOSE", "capacity_offers", "gap_today", "kept_relief", "needs_of", "stock_offers"]

DAYS_A_YEAR = 365.25
CLOSE = 1e-6
"""Relative difference up to which two numbers are the same number."""


def gap_today(problem: Problem) -> Floats:
    """(S, R, M, K) tons missing in a period with today's purchases alone: no stock, nothing bought or built."""
    months = problem.period_months
    arriving = np.zeros((*months.shape, len(problem.members), len(problem.products)))
    pair = problem.link_member * len(problem.products) + problem.link_product
    for (s, r), _ in np.ndenumerate(months):
        arriving[s, r] = np.bincount(
            pair, problem.open_share[s, r] * problem.link_t, minlength=problem.demand_t.size
        ).reshape(problem.demand_t.shape)
    missing = np.maximum(0.0, problem.demand_t - arriving) * months[:, :, None, None] / 12
    # What is left by rounding is nothing.
    needed = problem.demand_t * months[:, :, None, None] / 12
    return np.asarray(np.where(missing > 1e-9 * needed, missing, 0.0), np.float64)


def kept_relief(plan: Plan, member: int, lent_t: Floats) -> Floats:
    """(S, R, K) tons that a member draws from the stock that it does not lend, as its own plan draws it.

    Parameters
    ----------
    plan
        Its plan alone.
    member
        Its position.
    lent_t
        (K,) of its stock, what it lends.
    """
    kept = np.maximum(0.0, plan.problem.stock_held_t[member] - lent_t)
    gap = gap_today(plan.problem)[:, :, member]
    # Without a plan that keeps the limits it is drawn as soon as anything is missing.
    drawn = plan.drawn_t[:, :, member] if np.isfinite(plan.cost_usd) else gap
    first = np.diff(np.minimum(np.cumsum(drawn, axis=1), kept), axis=1, prepend=0.0)
    return np.asarray(np.minimum(first, gap), np.float64)


def needs_of(plan: Plan, member: int, lent_t: Floats, costs_usd: Floats) -> tuple[Need, ...]:
    """State what a member needs: demand, the gap after its own stock, and what its own plan costs.

    Parameters
    ----------
    plan
        Its plan alone.
    member
        Its position.
    lent_t
        (K,) of its stock, what it lends.
    costs_usd
        (K,) yearly cost of its own plan by product.
    """
    problem = plan.problem
    gap = gap_today(problem)[:, :, member] - kept_relief(plan, member, lent_t)
    needed = problem.demand_t[member] * problem.period_months[:, :, None] / 12
    short = np.divide(plan.shortage_t[:, :, member], needed, out=np.zeros_like(needed), where=needed > 0)
    planned = bool(np.isfinite(plan.cost_usd))
    worst = np.minimum(1.0, short.max(axis=(0, 1), initial=0.0))
    return tuple(
        Need(
            product=product,
            demand_t=rounded(problem.demand_t[member, k]),
            price_usd_per_t=rounded(problem.price[member, k]),
            gaps=tuple(
                Gap(case=case.name, gap_t=tuple(rounded(max(0.0, tons)) for tons in gap[s, :, k].tolist()))
                for s, case in enumerate(problem.cases)
            ),
            stock_most_t=rounded(problem.stock_most_t[member, k]),
            alone_usd=rounded(costs_usd[k]) if planned else None,
            alone_shortage_share=(rounded(worst[k]) if worst[k] > CLOSE else 0.0) if planned else None,
        )
        for k, product in enumerate(problem.products)
    )


def capacity_offers(problem: Problem, member: int) -> tuple[CapacityOffer, ...]:
    """State which plants may be built at the member's and at hosts who are no members."""
    others = {name for place, name in enumerate(problem.members) if place != member}
    costs = problem.costs
    return tuple(
        CapacityOffer(
            host=host,
            product=product,
            most_t=None
            if np.isinf(problem.capacity_most_t[h, k])
            else rounded(problem.capacity_most_t[h, k]),
            lump_t=rounded(problem.lump_t[k]),
            capital_usd_per_t=rounded(costs.capital_usd_per_t[h, k]),
            gap_usd_per_t=rounded(costs.gap_usd_per_t[h, k]),
            support_share=rounded(costs.support_share[h, k]),
            online_share=tuple(rounded(share) for share in problem.online_share[:, k].tolist()),
        )
        for h, host in enumerate(problem.hosts)
        for k, product in enumerate(problem.products)
        if host not in others and problem.buildable[h, k] and problem.capacity_most_t[h, k] > 0
    )


def stock_offers(problem: Problem, member: int, lent_t: Floats) -> tuple[StockOffer, ...]:
    """State which stock serves whoever is hit, in days of the member's demand."""
    return tuple(
        StockOffer(
            product=product,
            days=rounded(lent_t[k] / problem.demand_t[member, k] * DAYS_A_YEAR),
            stock_t=rounded(lent_t[k]),
        )
        for k, product in enumerate(problem.products)
        if lent_t[k] > 0 and problem.demand_t[member, k] > 0
    )
