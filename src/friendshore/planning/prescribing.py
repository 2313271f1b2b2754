"""Problems with decisions made already: a plan priced as it stands, simple rules beside it, one case alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from friendshore.planning.problem import TOGETHER, Corridor, Limits, Objective, Plan, Problem, Sharing
from friendshore.tables.trade import Floats

__all__ = [
    "SOLVED",
    "Solve",
    "decided",
    "evaluate",
    "missing_usd",
    "nothing",
    "only_case",
    "proportional",
    "unbound",
    "worst_share",
]

Solve = Callable[..., Plan]
"""As :func:`friendshore.planning.solving.solve`."""
SOLVED = ("optimal", "time_limit")
SLACK = 1e-7
"""Part by which a prescribed amount may be missed: what a solver calls kept."""
NOTHING = 1e-9
"""Share of demand below which a claim is no supply, as in the program."""


def decided(plan: Plan) -> Corridor:
    """Prescribe what a plan decided."""
    return Corridor(_just(plan.new_t), _just(plan.capacity_t), _just(plan.stock_t))


def nothing(problem: Problem) -> Corridor:
    """Prescribe that nothing is bought anew, built or stored."""
    shapes = (problem.link_t.shape, problem.buildable.shape, problem.demand_t.shape)
    new, capacity, stock = (np.zeros(shape) for shape in shapes)
    return Corridor(_just(new), _just(capacity), _just(stock))


def proportional(problem: Problem, coalition: Sequence[int] | None = None) -> Corridor:
    """Prescribe that what comes from suppliers of concern is replaced in proportion to claims, as far as these reach.

    Nothing is built or held. Where members claim more than a supplier has, all their claims shrink alike.
    """
    members = range(len(problem.members)) if coalition is None else coalition
    member, product = problem.link_member, problem.link_product
    need = problem.demand_t[member, product]
    may = problem.link_usable & ~problem.link_concern & np.isin(member, list(members)) & (need > 0)
    claim = np.where(may, np.minimum(problem.link_claim_t, problem.link_spare_t), 0.0)
    claim[claim <= NOTHING * need] = 0.0
    pool = product * len(problem.suppliers) + problem.link_supplier
    asked = np.bincount(pool, claim)[pool]
    claim = claim * np.divide(
        problem.link_spare_t, asked, out=np.ones(len(claim)), where=asked > problem.link_spare_t
    )
    place = member * len(problem.products) + product
    count = problem.demand_t.size
    lost = np.bincount(place, np.where(problem.link_concern, problem.link_t, 0.0), count)
    total = np.bincount(place, claim, count)
    part = np.minimum(1.0, np.divide(lost, total, out=np.zeros(count), where=total > 0))
    return replace(nothing(problem), new_t=_just(claim * part[place]))


def _just(amount: Floats) -> tuple[Floats, Floats]:
    return amount * (1.0 - SLACK), amount * (1.0 + SLACK)


def unbound(problem: Problem) -> Problem:
    """Return the problem without budgets, caps and floors, which something prescribed might break."""
    limits = problem.limits
    free = np.full(len(problem.members), np.inf)
    return replace(
        problem,
        limits=Limits(shortage_share=limits.shortage_share, months=limits.months, budgets_usd=free),
    )


def only_case(problem: Problem, case: int) -> Problem:
    """Return the problem in which only one case can happen."""
    at = slice(case, case + 1)
    return replace(
        problem,
        cases=problem.cases[at],
        open_share=problem.open_share[at],
        freed_t=problem.freed_t[at],
        feed_open=problem.feed_open[at],
        relief_t=None if problem.relief_t is None else problem.relief_t[at],
    )


def evaluate(
    problem: Problem,
    corridor: Corridor,
    *,
    solve: Solve,
    sharing: Sharing = TOGETHER,
    coalition: Sequence[int] | None = None,
    objective: Objective | None = None,
) -> Plan:
    """Price decisions as they stand: what is left open, in crises above all, is used as well as can be.

    Budgets, caps and floors do not count. Without an objective, as little is missing as can be, then cost is least.
    """
    priced = replace(unbound(problem), corridor=corridor)
    return solve(priced, objective or Objective(kind="least_shortage"), sharing=sharing, coalition=coalition)


def missing_usd(plan: Plan) -> float:
    """Return the yearly value of what is missing, at today's prices, cases by probability."""
    problem = plan.problem
    chance = np.array([case.probability for case in problem.cases])
    return float(np.einsum("s,srmk,mk->", chance, plan.shortage_t, problem.price))


def worst_share(plan: Plan) -> float:
    """Return the largest part of a product's demand that is missing in a period within the months of the limit."""
    problem = plan.problem
    months = problem.period_months
    inside = (months > 0) & (problem.bounds[1:][None, :] <= problem.limits.months + 1e-9)
    if not inside.any():
        inside = (months > 0) & (np.arange(months.shape[1]) == 0)[None, :]
    need = problem.demand_t[None, None] * months[..., None, None] / 12
    share = np.divide(plan.shortage_t, need, out=np.zeros_like(plan.shortage_t), where=need > 0)
    return float(share[inside].max(initial=0.0))
