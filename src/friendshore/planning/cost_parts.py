"""A plan's yearly cost by product."""

from __future__ import annotations

import numpy as np

from friendshore.planning.problem import Plan
from friendshore.tables.trade import Floats

__all__ = ["cost_by_product"]


def cost_by_product(plan: Plan) -> Floats:
    """(K,) yearly cost of a plan by product; sums to its cost. NaN without a plan.

    What cases cost is weighed by their probability; where the objective weighs cases otherwise, its total is shared
    out in that proportion.
    """
    products = len(plan.problem.products)
    if not np.isfinite(plan.cost_usd):
        return np.full(products, np.nan)
    found = np.zeros(products)
    for name, amounts in _amounts(plan).items():
        total, part = float(np.sum(amounts)), plan.cost_parts_usd.get(name, 0.0)
        if total != 0 and part != 0:
            found += amounts * (part / total)
    return found


def _amounts(plan: Plan) -> dict[str, Floats]:
    """By part of the cost, (K,) what each product has of it."""
    problem, costs = plan.problem, plan.problem.costs
    m, k = problem.link_member, problem.link_product
    products = len(problem.products)
    price = problem.price[m, k]
    ratio = np.divide(problem.link_price, price, out=np.ones(len(price)), where=price > 0)
    dearer = np.maximum(0.0, ratio - 1.0)
    chance = np.array([case.probability for case in problem.cases])
    bought = np.einsum("s,srl->l", chance, plan.emergency_t) * price * (costs.emergency_share[k] + dearer)
    turned = (np.einsum("s,srmjk->jk", chance, plan.redirected_t) * problem.price).sum(axis=0)
    missing = (np.einsum("s,srmk->mk", chance, plan.shortage_t) * problem.price).sum(axis=0)
    stock = problem.price * (costs.carrying_share + costs.annuity * costs.filling_share)

    def by_product(amount: Floats) -> Floats:
        return np.asarray(np.bincount(k, amount, products), np.float64)

    return {
        "switching": by_product(plan.new_t * price * (costs.switching_share[k] + dearer)),
        "capital": (costs.capital_usd_per_t * plan.capacity_t).sum(axis=0),
        "operating": (plan.output_t * costs.gap_usd_per_t[:, None, :]).sum(axis=(0, 1)),
        "stock": (plan.stock_t * stock).sum(axis=0),
        "emergency": by_product(bought) + turned * costs.emergency_share,
        "outsiders": turned * costs.outsider_share,
        "qualification": by_product(np.where(plan.new_t > 0, problem.link_fee_usd, 0.0)),
        "lost": missing * costs.value_factor,
    }
