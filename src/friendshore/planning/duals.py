"""What limits are worth: parts of members from the relaxation, and shadow prices of a plan with their ranges.

The relaxation is a linear production game: each member brings demand, claims, stocks, budgets; what its means and
needs are worth at the shadow prices is its part. Parts sum to the value, and no coalition can do better by itself,
as long as every limit belongs to members. Two limits do not: what may be built at a host, and an outside supplier's
spare capacity where claims together exceed it (rule ``first``). Where these bind, their price is shared in proportion
to demand and to claims, and the parts may leave the core.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from friendshore.planning import solver
from friendshore.planning.first_solution import union
from friendshore.planning.formulation import Built, build
from friendshore.planning.formulation_weights import missing_weights
from friendshore.planning.problem import TOGETHER, Objective, Plan, Problem, Sharing
from friendshore.planning.program import Answer
from friendshore.tables.trade import Floats

__all__ = ["STATED", "Binding", "Relaxed", "binding", "relaxation"]

STATED: Mapping[str, str] = {
    "budget": "budget",
    "concern_cap": "concern_cap",
    "any_cap": "any_cap",
    "traced_cap": "traced_cap",
    "partner_floor": "partner_floor",
    "claims": "claims",
    "emergency_claims": "emergency_claims",
    "emergency_spare": "emergency_claims",
    "own_supply": "own_supply",
    "host": "capacity_most",
    "stock:upper": "stock_most",
    "plant:upper": "capacity_most",
    "shortage:upper": "shortage",
    "new:upper": "claims",
    "stock": "stock_held",
    "link": "link_room",
}
"""What somebody set, by block of rows (``:upper``: bounds of variables), with the name under which it is told."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The relaxation of a plan."""

    value_usd: float
    parts_usd: Floats
    """(M,) sums to the value; 0 for who is not in the coalition."""
    rows: dict[str, Floats]
    """Duals by block of rows: change of the cost for one more on the right side."""
    status: str = "optimal"


@dataclass(frozen=True)
class Binding:
    """A limit that binds."""

    constraint: str
    member: str
    """Empty where it is nobody's alone; so are the others below."""
    product: str
    supplier: str
    host: str
    case: str
    period: int
    """-1 where it is of no period."""
    amount: float
    """The limit itself: dollars, or tons (a year; in the period where it has one)."""
    dual: float
    """Change of what is minimised for one more of the limit; of the missing value where shortage comes first."""
    low: float
    high: float
    """The same for one less and for one more; they differ where several shadow prices are right."""


def relaxation(
    problem: Problem,
    objective: Objective,
    *,
    sharing: Sharing = TOGETHER,
    coalition: Sequence[int] | None = None,
) -> Relaxed:
    """Solve with plants of any size, and split the cost by whose needs and means it comes from."""
    built = build(problem, objective, sharing, coalition)
    arrays = built.program.arrays()
    upper = None
    missing = np.zeros(len(problem.members))
    if objective.kind == "least_shortage":
        first = built.program.minimise(cost=_missing_cost(built), relaxed=True)
        if first.status == "optimal":
            missing = _owen(built, first, missing)
            upper = arrays.row_upper.copy()
            # As much may be missing as is least, and what the solver's tolerance takes.
            most = first.objective * (1 + 1e-6) + 1e-9 * float(np.nansum(built.frame.demand * problem.price))
            upper[built.rows["missing"][0].at] = most
            missing = missing + (most - missing.sum()) * _by_size(built)
    answer = built.program.minimise(relaxed=True, row_upper=upper)
    if answer.status != "optimal":
        value = {"unbounded": -np.inf}.get(answer.status, np.inf)
        return Relaxed(value, np.where(built.frame.inside, value, 0.0), {}, answer.status)
    parts = _owen(built, answer, missing)
    # What the solver's tolerance leaves, and what prescribed decisions cost.
    parts = parts + (answer.objective - parts.sum()) * _by_size(built)
    duals = {name: answer.dual(block) for name, (block, _, _) in built.rows.items()}
    return Relaxed(answer.objective, parts, duals)


def _missing_cost(built: Built) -> Floats:
    cost = np.zeros(built.program.width)
    cost[built.columns["shortage"].block.at] = missing_weights(built)
    return cost


def _owen(built: Built, answer: Answer, missing: Floats) -> Floats:
    """(M,) each member's right sides and bounds at their duals; of what may be missing, each its part."""
    parts = np.zeros(len(missing))
    for name, (block, _, by) in built.rows.items():
        parts += answer.dual(block) @ (missing[None, :] if name == "missing" else by)
    for column in built.columns.values():
        reduced = np.minimum(answer.reduced[column.block.at], 0.0)
        parts += reduced @ (column.upper_by)
    return parts


def _by_size(built: Built) -> Floats:
    """(M,) parts of the coalition's demand, by value."""
    frame = built.frame
    size = (frame.demand * np.nan_to_num(frame.problem.price)).sum(axis=1)
    share = size / size.sum() if size.sum() > 0 else frame.inside / max(1, frame.inside.sum())
    return np.asarray(share, np.float64)


def binding(
    problem: Problem, objective: Objective, plan: Plan, *, ranged: int = 12, least_usd: float = 1.0
) -> tuple[Binding, ...]:
    """Find the stated limits that bind a plan, dearest first.

    Parameters
    ----------
    problem, objective
        What was planned.
    plan
        The plan; its plants are kept as they are.
    ranged
        For how many of them the range of the shadow price is worked out; for others it is the price itself.
    least_usd
        Limits whose dual times amount is worth less are left out.

    Returns
    -------
    tuple
        Of limits.
    """
    built = build(problem, objective, plan.sharing, plan.coalition)
    values = union(built, [plan])
    if values is None or not built.program.width:
        return ()
    cost = _missing_cost(built) if objective.kind == "least_shortage" else None
    answer = built.program.minimise(fixed=values, cost=cost)
    if answer.status != "optimal":
        return ()
    found = sorted(_met(built, answer, least_usd), key=lambda each: -abs(each[0].dual * each[0].amount))
    arrays = built.program.arrays()
    limits = [place for _, place in found[:ranged]]
    slopes = solver.slopes(arrays, values, limits, cost=cost)
    ranged_ones = [
        Binding(**{**vars(each), "low": min(slope), "high": max(slope)})
        for (each, _), slope in zip(found, slopes, strict=False)
    ]
    return (*ranged_ones, *(each for each, _ in found[ranged:]))


def _met(built: Built, answer: Answer, least: float) -> list[tuple[Binding, tuple[str, int]]]:
    """Return limits whose dual is not 0, each with its place in the program."""
    arrays, found = built.program.arrays(), []
    for block, constraint in STATED.items():
        name, _, bound = block.partition(":")
        if bound:
            column = built.columns[name]
            at, where = column.block.at, column.where
            dual = np.minimum(answer.reduced[at], 0.0) / column.size
            amount = arrays.upper[at] * column.size
            axes = _AXES[name]
        elif name in built.rows:
            rows, where, _ = built.rows[name]
            at = rows.at
            dual = answer.dual(rows)
            limit = np.where(dual > 0, arrays.row_lower[at], arrays.row_upper[at])
            amount, axes = np.where(np.isfinite(limit), limit, 0.0), _ROW_AXES[name]
        else:
            continue
        amount = np.where(dual != 0, amount, 0.0)
        worth = np.abs(dual) * np.maximum(np.abs(amount), 1e-9)
        for n in np.flatnonzero((worth >= least) & np.isfinite(amount)).tolist():
            place = tuple(int(axis[n]) for axis in where)
            told = _told(built, constraint, axes, place)
            number = ("column" if bound else "row", int(at[n]))
            price = float(dual[n])
            found.append(
                (Binding(**told, amount=float(amount[n]), dual=price, low=price, high=price), number)
            )
    return found


_AXES = {"stock": "MK", "plant": "HKO", "shortage": "SRMK", "new": "L"}
_ROW_AXES = {
    "budget": "M", "concern_cap": "MK", "any_cap": "L", "traced_cap": "MK", "partner_floor": "MK", "claims": "IK",
    "emergency_claims": "SRL", "emergency_spare": "SRIK", "own_supply": "SRMK", "host": "HK", "stock": "SMK",
    "link": "SRL",
}  # fmt: skip


def _told(built: Built, constraint: str, axes: str, place: tuple[int, ...]) -> dict[str, Any]:
    """Name the place of a limit."""
    problem, sharing = built.frame.problem, built.frame.sharing
    told: dict[str, Any] = {
        "constraint": constraint, "member": "", "product": "", "supplier": "", "host": "", "case": "", "period": -1,
    }  # fmt: skip
    if constraint == "emergency_claims" and len(place) == 4:
        axes = "SRIK"
    if constraint == "stock_held" and sharing.risk:
        axes = "SK"
    for axis, at in zip(axes, place, strict=True):
        if axis == "L":
            told["member"] = problem.members[problem.link_member[at]]
            told["product"] = problem.products[problem.link_product[at]]
            told["supplier"] = problem.suppliers[problem.link_supplier[at]]
        elif axis == "R":
            told["period"] = at
        elif axis == "M":
            told["member"] = problem.members[at]
        elif axis == "K":
            told["product"] = problem.products[at]
        elif axis == "S":
            told["case"] = problem.cases[at].name
        elif axis == "H":
            told["host"] = problem.hosts[at]
        elif axis == "I":
            told["supplier"] = problem.suppliers[at]
    if constraint == "budget" and sharing.budgets and len(built.frame.members) > 1:
        told["member"] = ""
    return told
