"""The union of plans as a first solution of the program of all who made them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from friendshore.planning.formulation import Built
from friendshore.planning.problem import Plan
from friendshore.tables.trade import Floats

__all__ = ["union"]


def union(built: Built, plans: Sequence[Plan]) -> Floats | None:
    """Return values of all variables if each plan is carried out; None if a plan holds nothing.

    Only integers have to be right: what belongs to them is worked out again.
    """
    if not plans or any(not np.isfinite(plan.cost_usd) for plan in plans):
        return None
    values = np.zeros(built.program.width)
    new = np.sum([plan.new_t for plan in plans], axis=0)
    total = {
        "kept": np.sum([plan.normal_t for plan in plans], axis=0) - new,
        "new": new,
        "output": np.sum([plan.output_t for plan in plans], axis=0),
        "stock": np.sum([plan.stock_t for plan in plans], axis=0),
        "emergency": np.sum([plan.emergency_t for plan in plans], axis=0),
        "delivered": np.sum([plan.delivered_t for plan in plans], axis=0),
        "drawn": np.sum([plan.drawn_t for plan in plans], axis=0),
        "redirected": np.sum([plan.redirected_t for plan in plans], axis=0),
        "shortage": np.sum([plan.shortage_t for plan in plans], axis=0),
        "support": np.sum([plan.support_usd for plan in plans], axis=0),
    }
    plants = np.zeros(built.columns["plant"].shape)
    for plan in plans:
        plants += _owned(built, plan)
    total["plant"] = total["lumps"] = plants
    asked = total["emergency"].sum(axis=(0, 1)) + new
    total["qualified"] = (asked > 0).astype(np.float64)
    for name, column in built.columns.items():
        if name not in total:
            continue
        found = total[name][column.where] / column.size
        if name == "lumps":
            found = np.ceil(found - 1e-6)
        values[column.block.at] = found
    # Alone, each may fill a host that has room for one of them: a solution keeps to what it holds.
    arrays = built.program.arrays()
    most = np.where(arrays.integer, np.floor(arrays.upper + 1e-9), arrays.upper)
    return np.clip(values, arrays.lower, most)


def _owned(built: Built, plan: Plan) -> Floats:
    """(H, K, group) capacity of a plan by who owns it: what each member takes of it at most."""
    frame, problem = built.frame, built.frame.problem
    found = np.zeros(built.columns["plant"].shape)
    if frame.sharing.lumps or len(plan.coalition) == 1:
        found[:, :, 0 if frame.sharing.lumps else frame.group[plan.coalition[0]]] = plan.capacity_t
        return found
    years = np.maximum(problem.period_months, 1e-9)[:, :, None, None] / 12
    runs = problem.online_share[None, :, None, :] * problem.feed_open * years
    for member in plan.coalition:
        given = plan.delivered_t[:, :, :, member]
        rate = np.divide(given, runs, out=np.zeros_like(given), where=(given > 0) & (runs > 0))
        most = np.maximum(plan.output_t[:, member], rate.max(axis=(0, 1), initial=0.0))
        found[:, :, frame.group[member]] = most
    return found
