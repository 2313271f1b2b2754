"""What is missing under a plan, by case and period, and what it costs whom. Sums of what the plan holds, no more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from friendshore.answers.plan_rows import DUST, TRACE, places, table
from friendshore.planning.frontier import months_covered
from friendshore.planning.problem import Plan, Problem
from friendshore.records import Table
from friendshore.tables.trade import Floats

__all__ = [
    "budget_usd",
    "costs",
    "gaps",
    "lasting_months",
    "members",
    "once_usd",
    "paid_usd",
    "scenarios",
    "shares",
    "shortages",
    "worst_share",
]

Simulated = Sequence[Floats]
"""By plan, (S, R, M, K) tons missing on the path; empty where it was not run."""


def period_of(problem: Problem, case: int, period: int) -> str:
    """Name a period, which ends with its case."""
    end = min(float(problem.bounds[period + 1]), float(problem.cases[case].months))
    return f"{problem.bounds[period]:g}-{end:g}"


def scenarios(plans: Sequence[Plan], simulated: Simulated = ()) -> Table:
    """List by case and period what is missing as planned, and as simulated."""
    problem = plans[0].problem
    rows = []
    for case, period in places(problem.period_months > 0):
        ran = [float(tons[case, period].sum()) for tons in simulated]
        rows.append(
            {
                "name": problem.cases[case].name,
                "period": period_of(problem, case, period),
                "planned_shortage_t": _missing(
                    sum(float(plan.shortage_t[case, period].sum()) for plan in plans),
                    problem.demand_t.sum(),
                ),
                "simulated_shortage_t": sum(ran) if ran else None,
            }
        )
    return table("scenarios", rows)


def _missing(tons: float, needed: float) -> float:
    """Return a shortage; less than the solver's rounding is none."""
    return tons if tons > TRACE * needed else 0.0


def shortages(plans: Sequence[Plan], simulated: Simulated = ()) -> Table:
    """List the same by member and product, where anything is missing."""
    rows = []
    for place, plan in enumerate(plans):
        problem = plan.problem
        needed = problem.demand_t * problem.period_months[:, :, None, None] / 12
        ran = simulated[place] if simulated else np.zeros_like(plan.shortage_t)
        for case, period, member, product in places(
            (plan.shortage_t > DUST * needed) | (ran > DUST * needed)
        ):
            at = (case, period, member, product)
            rows.append(
                {
                    "name": problem.cases[case].name,
                    "period": period_of(problem, case, period),
                    "member": problem.members[member],
                    "product": problem.products[product],
                    "demand_t": float(needed[at]),
                    "planned_shortage_t": _missing(float(plan.shortage_t[at]), float(needed[at])),
                    "simulated_shortage_t": float(ran[at]) if simulated else None,
                }
            )
    return table("shortages", rows)


def gaps(plans: Sequence[Plan], simulated: Simulated = ()) -> Table:
    """List by case the largest part of a period's demand that a member misses of a product, where it misses any."""
    rows = []
    for place, plan in enumerate(plans):
        problem = plan.problem
        planned = shares(plan).max(axis=1)
        ran = shares(plan, simulated[place]).max(axis=1) if simulated else np.zeros_like(planned)
        rows += [
            {
                "name": problem.cases[case].name,
                "member": problem.members[member],
                "product": problem.products[product],
                "planned_share": float(planned[case, member, product]),
                "simulated_share": float(ran[case, member, product]) if simulated else None,
            }
            for case, member, product in places((planned > DUST) | (ran > DUST))
        ]
    return table("gaps", rows)


def shares(plan: Plan, tons: Floats | None = None) -> Floats:
    """Part of each period's demand that is missing, (S, R, M, K); 0 where there is no demand or no such period."""
    problem = plan.problem
    needed = problem.demand_t * problem.period_months[:, :, None, None] / 12
    missing = plan.shortage_t if tons is None else tons
    found = np.divide(missing, needed, out=np.zeros_like(needed), where=needed > 0)
    found[:, :, [n for n in range(len(problem.members)) if n not in plan.coalition]] = 0.0
    return np.asarray(np.where(found > TRACE, found, 0.0), np.float64)


def worst_share(
    plans: Sequence[Plan], *, later: bool = False, member: int | None = None, tons: Simulated = ()
) -> float | None:
    """Largest part of a product's demand missing within the months of the limit, or ``later`` than those."""
    problem = plans[0].problem
    begins, months = problem.bounds[:-1], problem.limits.months
    chosen = begins >= months if later else begins < months
    if not (chosen & (problem.period_months > 0).any(axis=0)).any():
        return None
    found = [shares(plan, tons[n] if tons else None)[:, chosen] for n, plan in enumerate(plans)]
    return max(float(one.max() if member is None else one[:, :, member].max()) for one in found)


def lasting_months(plans: Sequence[Plan]) -> tuple[float, float]:
    """Months until more than the shortage limit is missing, in the worst case of each member and product.

    Mean over these by import value, and the least of them; as in the frontier.
    """
    problem = plans[0].problem
    lasting = np.full(problem.demand_t.shape, np.nan)
    for plan in plans:
        own = list(plan.coalition)
        lasting[own] = months_covered(plan)[own]
    known = np.isfinite(lasting) & (problem.demand_t > 0)
    if not known.any():
        return 0.0, 0.0
    weight = (problem.demand_t * problem.price)[known]
    return float((lasting[known] * weight).sum() / weight.sum()), float(lasting[known].min())


def paid_usd(plan: Plan) -> Floats:
    """(M,) what the plan costs each member a year, without the value of what is missing, which is no bill."""
    return (
        plan.member_cost_usd if plan.member_lost_usd is None else plan.member_cost_usd - plan.member_lost_usd
    )


def once_usd(plan: Plan) -> Floats:
    """(M,) what the plan takes of each member at once: stock at base prices, and support of plants."""
    bought = (plan.stock_t * plan.problem.price).sum(axis=1)
    return np.asarray(bought + plan.support_usd.sum(axis=(1, 2)), np.float64)


def budget_usd(problem: Problem) -> float | None:
    """Most that all members together pay at once; None where one of them has no limit."""
    stated = problem.limits.budgets_usd
    return float(stated.sum()) if len(stated) and np.isfinite(stated).all() else None


def members(plans: Sequence[Plan]) -> Table:
    """List what each member pays, and what it still misses."""
    rows = []
    for plan in plans:
        problem = plan.problem
        bought, paid = (plan.stock_t * problem.price).sum(axis=1), paid_usd(plan)
        once = once_usd(plan)
        for member in plan.coalition:
            budget = problem.limits.budgets_usd[member] if len(problem.limits.budgets_usd) else np.inf
            rows.append(
                {
                    "member": problem.members[member],
                    "cost_usd": float(paid[member]),
                    "lost_usd": float(plan.member_cost_usd[member] - paid[member]),
                    "stock_usd": float(bought[member]),
                    "support_usd": float(plan.support_usd[member].sum()),
                    "once_usd": float(once[member]),
                    "budget_usd": float(budget) if np.isfinite(budget) else None,
                    "worst_shortage_share": worst_share([plan], member=member),
                }
            )
    return table("members", rows)


def costs(plans: Sequence[Plan]) -> Table:
    """List what the plans' yearly cost is made of."""
    parts: dict[str, float] = {}
    for plan in plans:
        for part, cost in plan.cost_parts_usd.items():
            parts[part] = parts.get(part, 0.0) + float(cost)
    return table("costs", [{"part": part, "cost_usd": cost} for part, cost in parts.items()])
