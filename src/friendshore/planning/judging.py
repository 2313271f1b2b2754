"""A plan judged: in each case against the plan made for that case alone, and against simple rules."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from friendshore.planning.prescribing import (
    SOLVED,
    Solve,
    decided,
    evaluate,
    missing_usd,
    nothing,
    only_case,
    proportional,
    unbound,
    worst_share,
)
from friendshore.planning.problem import Corridor, Objective, Plan
from friendshore.tables.trade import Floats

__all__ = ["STRATEGIES", "Regret", "Strategy", "against", "regrets", "strategy_of"]

STRATEGIES = ("plan", "nothing", "proportional", "stock_only")
LEAST_SHORTAGE = Objective(kind="least_shortage")


@dataclass(frozen=True)
class Regret:
    """What a plan costs where one case alone can happen, less what the plan made for that case costs."""

    case: str
    plan_usd: float
    best_usd: float | None
    """None where no plan was found for the case alone."""
    regret_usd: float | None
    plan_missing_usd: float
    """What is missing with the plan, a year at today's prices."""
    best_missing_usd: float | None


@dataclass(frozen=True)
class Strategy:
    """The plan or a simple rule: its decisions as they stand, used as well as can be in every case."""

    name: str
    """``plan``; ``nothing``: as today; ``proportional``: purchases from suppliers of concern replaced in proportion
    to claims; ``stock_only``: nothing bought anew or built."""
    cost_usd: float
    """A year, what is missing left out."""
    missing_usd: float
    """A year at today's prices, cases by probability."""
    lost_usd: float
    """The same at the value of a missing ton."""
    worst_shortage_share: float
    keeps_limit: bool
    capex_usd: float
    """Of plants, once."""
    stock_usd: float
    """Of stock, once."""
    breakeven_factor: float | None
    """Value of a missing ton, in prices, from which the plan is better than this; None where it is better (or worse)
    at every value, and for the plan itself."""
    plan: Plan | None = None


def regrets(plan: Plan, *, solve: Solve, gap: float = 1e-3, seconds: float = 10.0) -> tuple[Regret, ...]:
    """Return the regret of each case that strikes somebody who plans, largest first.

    Both are priced by the plan's objective with only that case possible, at its probability. The plan made for the
    case keeps budgets, caps and floors.
    """
    problem = plan.problem
    names = {problem.members[m] for m in plan.coalition}
    found = []
    for s, case in enumerate(problem.cases):
        if not names & set(case.struck):
            continue
        alone = only_case(problem, s)
        kept = replace(unbound(alone), corridor=decided(plan))
        mine = solve(
            kept, plan.objective, sharing=plan.sharing, coalition=plan.coalition, gap=gap, seconds=seconds
        )
        best = solve(
            alone, plan.objective, sharing=plan.sharing, coalition=plan.coalition, gap=gap, seconds=seconds
        )
        if mine.status not in SOLVED:
            continue
        known = best.status in SOLVED
        found.append(
            Regret(
                case.name, mine.cost_usd, best.cost_usd if known else None,
                mine.cost_usd - best.cost_usd if known else None, missing_usd(mine),
                missing_usd(best) if known else None,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-(one.regret_usd or 0.0), one.case)))


def against(plan: Plan, *, solve: Solve, gap: float = 1e-3, seconds: float = 10.0) -> tuple[Strategy, ...]:
    """Return the plan and simple rules beside it, all priced alike: see :class:`Strategy`."""
    problem = plan.problem
    corridors: dict[str, Corridor] = {
        "plan": decided(plan),
        "nothing": nothing(problem),
        "proportional": proportional(problem, plan.coalition),
    }
    stock = _stock_only(plan, solve, gap, seconds)
    if stock is not None:
        corridors["stock_only"] = decided(stock)
    made = {
        name: evaluate(problem, corridor, solve=solve, sharing=plan.sharing, coalition=plan.coalition)
        for name, corridor in corridors.items()
    }
    made = {name: each for name, each in made.items() if each.status in SOLVED}
    if "plan" not in made:
        return ()
    return tuple(strategy_of(name, made[name], made["plan"]) for name in STRATEGIES if name in made)


def _stock_only(plan: Plan, solve: Solve, gap: float, seconds: float) -> Plan | None:
    """Find the best stocks alone, by the plan's objective; where that cannot be, with least missing."""
    problem = plan.problem
    still = replace(nothing(problem), stock_t=None)
    limits = replace(
        problem.limits, concern_share=np.inf, any_share=np.inf, traced_share=np.inf, partner_share=0.0
    )
    free = replace(problem, corridor=still, limits=limits)
    for objective in (plan.objective, LEAST_SHORTAGE):
        found = solve(
            free, objective, sharing=plan.sharing, coalition=plan.coalition, gap=gap, seconds=seconds
        )
        if found.status in SOLVED:
            return found
    return None


def strategy_of(name: str, made: Plan, mine: Plan) -> Strategy:
    """Price decisions that were evaluated, beside the plan that was evaluated in the same way."""
    problem = made.problem
    worst = worst_share(made)
    return Strategy(
        name=name,
        cost_usd=_cost(made),
        missing_usd=missing_usd(made),
        lost_usd=_lost(made),
        worst_shortage_share=worst,
        keeps_limit=worst <= problem.limits.shortage_share + 1e-6,
        capex_usd=float((made.capacity_t * problem.costs.capital_usd_per_t).sum()),
        stock_usd=float((made.stock_t * problem.price).sum()),
        breakeven_factor=None if name == "plan" else _breakeven(made, mine),
        plan=made,
    )


def _cost(plan: Plan) -> float:
    return sum(usd for part, usd in plan.cost_parts_usd.items() if part != "lost")


def _lost(plan: Plan) -> float:
    return float((_missing(plan) * plan.problem.costs.value_factor).sum())


def _missing(plan: Plan) -> Floats:
    """(K,) what is missing of each product, a year at today's prices."""
    chance = np.array([case.probability for case in plan.problem.cases])
    return np.asarray(np.einsum("s,srmk,mk->k", chance, plan.shortage_t, plan.problem.price), np.float64)


def _breakeven(other: Plan, mine: Plan) -> float | None:
    saved, dearer = missing_usd(other) - missing_usd(mine), _cost(mine) - _cost(other)
    if saved <= 0 or dearer <= 0:
        return None
    return dearer / saved
