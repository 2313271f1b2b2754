"""Plans run month by month: what they decide is laid into the market, and each case strikes that.

A plan counts on claims by rule; the path knows none. There outsiders ask the same suppliers, contracts run out, the
alarmed hoard, and goods leak around. The two shortages stand side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from friendshore.disruption.market import Market
from friendshore.disruption.narrowing import narrowed
from friendshore.disruption.path import Path, run_path
from friendshore.planning.arrivals import felt
from friendshore.planning.assembling import Assembled
from friendshore.planning.carried_out import carried_out, stocks_under
from friendshore.planning.problem import Plan, Problem
from friendshore.records import Amount, Note
from friendshore.tables.trade import Floats, Indices

__all__ = ["Simulation", "difference", "simulate", "worst_share"]


WORKERS = 2


@dataclass(frozen=True, eq=False)
class Simulation:
    """What is missing where plans are carried out."""

    problem: Problem
    paths: tuple[Path | None, ...]
    """By case; None where nothing is stopped."""
    shortage_t: Floats
    """(S, R, M, K) tons in the period."""

    @property
    def residual(self) -> float:
        """Largest error of the mass balance over demand, of all cases and months."""
        return max((float(path.residual.max()) for path in self.paths if path is not None), default=0.0)

    def by_plan(self, plans: Sequence[Plan]) -> tuple[Floats, ...]:
        """Return the shortage for each plan, 0 for members that it does not decide for."""
        found = []
        for plan in plans:
            own = np.isin(np.arange(len(self.problem.members)), plan.coalition)
            found.append(np.where(own[:, None], self.shortage_t, 0.0))
        return tuple(found)


def simulate(assembled: Assembled, plans: Sequence[Plan] = ()) -> Simulation:
    """Carry out plans, all of them at once, and run each case.

    Parameters
    ----------
    assembled
        What the plans' problem was built from.
    plans
        One of all members, or one of each: for disjoint coalitions. Without any, the market as it is.

    Notes
    -----
    A member's links carry what it buys by the plan, and what it leaves behind stays at its sellers, for whoever asks.
    A plant is a seller that sells to its owners alone: in normal times what they buy there by the plan, in a case up
    to its capacity, from the month in which it stands and as far as its feed arrives. Members hold today's stock and
    what they add; stock that is pooled lies where the plan draws on it in that case. Exports that the plan turns round
    are taken from their customers for the whole case, as many as in its highest period.
    """
    problem, setting = assembled.problem, assembled.setting
    every = {id(shock): shock for shocks in setting.shocks for shock in shocks}
    part, _ = narrowed(assembled.market, tuple(every.values()), setting.products)
    rows = _rows_in(part, assembled)
    buyers = np.array([[part.buyer(code, name) for code in setting.products] for name in setting.members])
    watch = np.unique(buyers[buyers >= 0])

    def ran(s: int) -> Path | None:
        changes = carried_out(part, rows, problem, plans, s)
        market = changes.done(setting.parameters)
        shocks = (*felt(market, setting.shocks[s]), *changes.comings)
        if not shocks:
            return None
        return run_path(
            market,
            shocks,
            months=problem.cases[s].months,
            stocks=(*setting.stocks, *stocks_under(problem, plans, s)),
            parameters=setting.parameters,
            watch=watch.tolist(),
        )

    with ThreadPoolExecutor(WORKERS) as pool:
        paths = tuple(pool.map(ran, range(len(problem.cases))))
    shortage = np.zeros((*problem.period_months.shape, *problem.demand_t.shape))
    for s, path in enumerate(paths):
        if path is not None:
            shortage[s] = _by_period(path, buyers, problem)
    return Simulation(problem, paths, shortage)


def _rows_in(part: Market, assembled: Assembled) -> Indices:
    """Return by link of the problem the link of the narrowed market, which keeps the order."""
    market = assembled.market
    kept = np.isin(market.links.product, [market.place[code] for code in part.products])
    return np.asarray((np.cumsum(kept) - 1)[assembled.rows], np.int64)


def _by_period(path: Path, buyers: Indices, problem: Problem) -> Floats:
    """Sum up a path's shortage by (period, member, product)."""
    ends = np.minimum(problem.bounds, path.months).astype(np.int64)
    sums = np.concatenate([np.zeros((1, len(path.buyers))), np.cumsum(path.shortage_t[0], axis=0)])
    at = np.searchsorted(path.buyers, np.maximum(buyers, 0))
    found = np.diff(sums[ends], axis=0)[:, np.minimum(at, len(path.buyers) - 1)]
    return np.asarray(np.where(buyers >= 0, found, 0.0), np.float64)


def worst_share(problem: Problem, shortage_t: Floats) -> float:
    """Return the largest part of a period's demand that is missing within the months of the limit."""
    needed = problem.demand_t * problem.period_months[:, :, None, None] / 12
    share = np.divide(shortage_t, needed, out=np.zeros_like(needed), where=needed > 0)
    return float(share[:, problem.bounds[:-1] < problem.limits.months].max(initial=0.0))


def difference(simulation: Simulation, plans: Sequence[Plan]) -> Note:
    """Say how much is missing by the plan and month by month, and why the two differ."""
    problem = simulation.problem
    planned = max(worst_share(problem, plan.shortage_t) for plan in plans)
    ran = max(worst_share(problem, tons) for tons in simulation.by_plan(plans))
    values = {
        "months": str(problem.limits.months),
        "planned": Amount(value=planned, unit="share"),
        "simulated": Amount(value=ran, unit="share"),
    }
    if ran > planned + 0.01:
        return Note(
            template="Within {months} months at most {planned} of a product is missing by the plan, and {simulated} "
            "when it is run month by month: there nobody keeps to claims, outsiders ask the same suppliers and "
            "hoard, contracts run out, and new links take time from the first alarm.",
            values=values,
        )
    if ran < planned - 0.01:
        return Note(
            template="Within {months} months at most {planned} of a product is missing by the plan, and {simulated} "
            "when it is run month by month: there goods also leak around through third countries, and members get "
            "more of what others leave than they may claim.",
            values=values,
        )
    return Note(
        template="Within {months} months at most {planned} of a product is missing by the plan, and about as much, "
        "{simulated}, when it is run month by month with outsiders who ask the same suppliers.",
        values=values,
    )
