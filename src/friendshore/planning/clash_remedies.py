"""What would free limits that clash: one kind at a time, moved as little as can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np

from friendshore.planning.formulation import Built, build
from friendshore.planning.formulation_crisis import allowed_shortage
from friendshore.planning.formulation_normal import budgets_of
from friendshore.planning.problem import Objective, Problem, Sharing
from friendshore.planning.program import Answer

__all__ = ["KINDS", "Remedy", "remedies"]

KINDS = ("budget", "shortage", "stock", "caps", "plants")
CAPS = ("concern_cap", "any_cap", "traced_cap", "partner_floor")


@dataclass(frozen=True)
class Remedy:
    """The least change of one kind of limit that frees a plan."""

    kind: str
    """``budget``: dollars that the members pay at least (all together); ``shortage``: part of demand that may be
    missing; ``stock``: days more of stock; ``caps``: by how much a share must move; ``plants``: tons more a year."""
    amount: float
    limit: float
    """What it was before: of all budgets, the shortage, and the caps; NaN where that is not one number."""


def remedies(
    problem: Problem, objective: Objective, sharing: Sharing, coalition: Sequence[int], seconds: float
) -> tuple[Remedy, ...]:
    """Find by kind the least change that frees it."""
    end, found = monotonic() + max(1.0, seconds), []
    ways: dict[str, Callable[[Problem, Objective, Sharing, Sequence[int], float], Remedy | None]] = {
        "budget": _budget, "shortage": _shortage, "stock": _stock, "caps": _caps, "plants": _plants,
    }  # fmt: skip
    for n, kind in enumerate(KINDS):
        left = max(0.5, (end - monotonic()) / (len(KINDS) - n))
        remedy = ways[kind](problem, objective, sharing, coalition, left)
        if remedy is not None:
            found.append(remedy)
    return tuple(found)


def _least(built: Built, moved: int, seconds: float) -> float | None:
    """Move one variable as little as can be; None where no move is enough."""
    cost = np.zeros(built.program.width)
    cost[moved] = 1.0
    answer: Answer = built.program.minimise(cost=cost, gap=1e-4, seconds=seconds)
    return float(answer.values[moved]) if len(answer.values) else None


def _budget(
    problem: Problem, objective: Objective, sharing: Sharing, coalition: Sequence[int], seconds: float
) -> Remedy | None:
    """More money, wherever it is short."""
    budgets = budgets_of(problem)[list(coalition)]
    built = build(problem, objective, sharing, coalition)
    if "budget" not in built.rows:
        return None
    block, where, by = built.rows["budget"]
    total = float(by.sum())
    unit = max(1.0, total, float((built.frame.demand * problem.price).sum()) * 1e-2)
    more = built.program.variables("more", (1,), unit=unit)
    parts = built.program.variables("more_of", (block.size,), unit=unit)
    rows = np.arange(block.size)
    built.program.extend(block, rows, parts.at, -1.0)
    built.program.rows("more", (1,), (0, parts.at, 1.0), (0, more.at, -1.0), upper=0.0)
    found = _least(built, more.start, seconds)
    limit = float(budgets[np.isfinite(budgets)].sum())
    return None if found is None or len(where[0]) == 0 else Remedy("budget", limit + found, limit)


def _shortage(
    problem: Problem, objective: Objective, sharing: Sharing, coalition: Sequence[int], seconds: float
) -> Remedy | None:
    """Let a larger part be missing."""
    if objective.kind != "least_cost":
        return None
    loose = replace(problem, limits=replace(problem.limits, shortage_share=1.0))
    built = build(loose, objective, sharing, coalition)
    column = built.columns["shortage"]
    if not column.block.size:
        return None
    s, r, m, k = column.where
    place = built.frame.place[s, r]
    tight = allowed_shortage(_with(built, problem), place, m, k)
    all_of_it = allowed_shortage(built, place, m, k)
    more = built.program.variables("more", (1,), upper=1.0)
    part = (all_of_it - tight) / max(1e-12, 1.0 - problem.limits.shortage_share)
    here = np.arange(column.block.size)
    built.program.rows(
        "allowed", (len(here),), (here, column.block.at, 1.0), (here, more.start, -part), upper=tight
    )
    found = _least(built, more.start, seconds)
    limit = problem.limits.shortage_share
    return None if found is None else Remedy("shortage", limit + found, limit)


def _with(built: Built, problem: Problem) -> Built:
    return Built(replace(built.frame, problem=problem))


def _stock(
    problem: Problem, objective: Objective, sharing: Sharing, coalition: Sequence[int], seconds: float
) -> Remedy | None:
    """More days of stock, the same for all."""
    finite = np.isfinite(problem.stock_most_t)
    if not finite.any():
        return None
    loose = replace(problem, stock_most_t=np.where(problem.demand_t > 0, np.inf, 0.0))
    built = build(loose, objective, sharing, coalition)
    column = built.columns["stock"]
    m, k = column.where
    more = built.program.variables("more", (1,), unit=30.0)
    here = np.arange(column.block.size)
    built.program.rows(
        "held", (len(here),), (here, column.block.at, 1.0), (here, more.start, -problem.demand_t[m, k] / 365),
        upper=problem.stock_most_t[m, k],
    )  # fmt: skip
    found = _least(built, more.start, seconds)
    days = problem.stock_most_t[m, k] / problem.demand_t[m, k] * 365
    return None if found is None else Remedy("stock", found, float(days.max(initial=0.0)))


def _caps(
    problem: Problem, objective: Objective, sharing: Sharing, coalition: Sequence[int], seconds: float
) -> Remedy | None:
    """Looser caps and floors, by the same share of demand."""
    built = build(problem, objective, sharing, coalition)
    blocks = [name for name in CAPS if name in built.rows]
    if not blocks:
        return None
    more = built.program.variables("more", (1,), upper=1.0)
    for name in blocks:
        block, where, _ = built.rows[name]
        if name == "any_cap":
            (link,) = where
            m, k = problem.link_member[link], problem.link_product[link]
        else:
            m, k = where
        sign = 1.0 if name == "partner_floor" else -1.0
        built.program.extend(block, np.arange(block.size), more.start, sign * problem.demand_t[m, k])
    found = _least(built, more.start, seconds)
    return None if found is None else Remedy("caps", found, np.nan)


def _plants(
    problem: Problem, objective: Objective, sharing: Sharing, coalition: Sequence[int], seconds: float
) -> Remedy | None:
    """Larger plants where what may be built is limited; tons of all of them together."""
    limited = problem.buildable & np.isfinite(problem.capacity_most_t)
    if not limited.any():
        return None
    loose = replace(problem, capacity_most_t=np.where(problem.buildable, np.inf, 0.0))
    built = build(loose, objective, sharing, coalition)
    h, k = np.nonzero(limited)
    row = np.full(limited.shape, -1, dtype=np.int64)
    row[h, k] = np.arange(len(h))
    more = built.program.variables("more", (1,), unit=float(problem.demand_t.sum()))
    each = built.program.variables("more_at", (len(h),), unit=problem.demand_t.sum(axis=0)[k])
    terms = []
    for name in ("plant", "lumps"):
        column = built.columns[name]
        at = row[column.where[0], column.where[1]]
        terms.append((at[at >= 0], column.block.at[at >= 0], column.size[at >= 0]))
    built.program.rows(
        "built", (len(h),), *terms, (np.arange(len(h)), each.at, -1.0), upper=problem.capacity_most_t[h, k]
    )
    built.program.rows("more", (1,), (0, each.at, 1.0), (0, more.at, -1.0), upper=0.0)
    found = _least(built, more.start, seconds)
    return None if found is None else Remedy("plants", found, float(problem.capacity_most_t[limited].sum()))
