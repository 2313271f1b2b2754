"""What members do for each other when a case comes: stock that is shared out, exports that are turned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from friendshore.answers.plan_rows import DUST, places, table
from friendshore.planning.problem import Plan
from friendshore.records import Table
from friendshore.tables.trade import Floats

__all__ = ["calls", "lent_stock"]


def lent_stock(plan: Plan) -> Floats:
    """Tons of stock that the first member gives the second one over a case, (S, M, M, K).

    Whoever draws more than it holds is served by those who draw less than they hold, by what they have left: the
    plan pools stocks and does not say whose ton goes where.
    """
    own = plan.problem.stock_held_t + plan.stock_t
    drawn = plan.drawn_t.sum(axis=1)
    short, left = np.maximum(0.0, drawn - own), np.maximum(0.0, own - drawn)
    whole = left.sum(axis=1, keepdims=True)
    part = np.divide(left, whole, out=np.zeros_like(left), where=whole > 0)
    return np.asarray(part[:, :, None, :] * short[:, None, :, :], np.float64)


def calls(plans: Sequence[Plan]) -> Table:
    """List by case who gives whom how much of what; exports turned home are given to oneself."""
    rows = []
    for plan in plans:
        problem = plan.problem
        stock, exports = lent_stock(plan), plan.redirected_t.sum(axis=1)
        least = DUST * problem.demand_t[None, None]
        rows += [
            {
                "name": problem.cases[case].name,
                "member": problem.members[giver],
                "to": problem.members[getter],
                "product": problem.products[product],
                "lent_stock_t": float(stock[case, giver, getter, product]),
                "redirected_t": float(exports[case, giver, getter, product]),
            }
            for case, giver, getter, product in places((stock > least) | (exports > least))
        ]
    return table("calls", rows)
