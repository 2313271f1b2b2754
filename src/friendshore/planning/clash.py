"""No plan: which limits clash, and what would free them, said in a sentence.

Where the limits clash without lumps, an irreducible set of them is taken from the solver, within the smallest part of
the program that has no plan by itself. What frees them is found by moving one kind of limit at a time, as little as
can be: budgets, the shortage, days of stock, caps and floors, what may be built.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np

from friendshore.errors import PlanError
from friendshore.planning import solver
from friendshore.planning.clash_remedies import Remedy, remedies
from friendshore.planning.clash_words import freed_by, held_by, kept_words, several
from friendshore.planning.formulation import Built, build
from friendshore.planning.problem import TOGETHER, Objective, Plan, Problem, Sharing
from friendshore.planning.solving import label_of
from friendshore.planning.splitting import grouped, parts_of
from friendshore.tables.trade import Indices

__all__ = ["Clash", "Clashing", "Remedy", "clash", "refuse"]


@dataclass(frozen=True)
class Clashing:
    """A limit that takes part in a clash."""

    constraint: str
    """Name of a block of rows, or of variables with ``:upper``."""
    label: str
    """Its place: names of case, period, member, product, supplier, host, as far as it has them."""


@dataclass(frozen=True)
class Clash:
    """Why there is no plan."""

    limits: tuple[Clashing, ...]
    """An irreducible set; empty where plants of any size would do, and only whole ones do not."""
    members: tuple[str, ...]
    products: tuple[str, ...]
    cases: tuple[str, ...]
    remedies: tuple[Remedy, ...]
    """By kind, the least change that frees it; none for kinds that cannot."""


def clash(
    problem: Problem,
    objective: Objective,
    *,
    sharing: Sharing = TOGETHER,
    coalition: Sequence[int] | None = None,
    seconds: float = 20.0,
) -> Clash | None:
    """Find which limits clash; None where there is a plan.

    Parameters
    ----------
    problem, objective, sharing, coalition
        As for :func:`friendshore.planning.solving.solve`.
    seconds
        For finding what frees it.
    """
    end = monotonic() + seconds
    built = build(problem, objective, sharing, coalition)
    if built.program.minimise(cost=np.zeros(built.program.width), seconds=seconds).status != "infeasible":
        return None
    limits = _irreducible(built)
    members, products, cases = _who(built, limits)
    found = remedies(problem, objective, sharing, built.frame.members.tolist(), end - monotonic())
    return Clash(limits, members, products, cases, found)


def _irreducible(built: Built) -> tuple[Clashing, ...]:
    """Return limits of which none can be left out, of the smallest part that clashes by itself."""
    arrays = built.program.arrays()
    budgets = np.zeros(built.program.height, bool)
    if "budget" in built.rows:
        budgets[built.rows["budget"][0].at] = True
    part = grouped(arrays, label_of(built), budgets)
    columns, rows, chosen = np.arange(built.program.width), np.arange(built.program.height), arrays
    smallest = np.inf
    for each in parts_of(arrays, part, budgets, np.zeros_like(budgets)):
        if len(each.columns) >= smallest:
            continue
        if solver.conflict(each.arrays, only_tell=True)[0].size:
            smallest, columns, rows, chosen = len(each.columns), each.columns, each.rows, each.arrays
    at_rows, at_columns = solver.conflict(chosen)
    return (*_row_names(built, rows[at_rows]), *_column_names(built, columns[at_columns]))


def _row_names(built: Built, numbers: Indices) -> list[Clashing]:
    found = []
    for block in built.program.constraints:
        inside = numbers[(numbers >= block.start) & (numbers < block.start + block.size)] - block.start
        if len(inside):
            labels = block.labels() if block.labels else block.names()
            found += [Clashing(block.name, labels[n]) for n in np.sort(inside).tolist()]
    return found


def _column_names(built: Built, numbers: Indices) -> list[Clashing]:
    """Name variables whose upper bound is somebody's limit."""
    arrays, found = built.program.arrays(), []
    for block in built.program.columns:
        inside = numbers[(numbers >= block.start) & (numbers < block.start + block.size)]
        inside = np.sort(inside[np.isfinite(arrays.upper[inside])])
        if len(inside):
            labels = block.labels() if block.labels else block.names()
            found += [Clashing(f"{block.name}:upper", labels[n - block.start]) for n in inside.tolist()]
    return found


def _who(
    built: Built, limits: Sequence[Clashing]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return members, products and cases whose demand takes part; all of them where no limit says."""
    frame, problem = built.frame, built.frame.problem
    members = [problem.members[m] for m in frame.members.tolist()]
    everywhere = tuple(members), problem.products, ()
    asked = [limit.label.split(",") for limit in limits if limit.constraint in ("scenario", "demand")]
    if not asked:
        return everywhere
    cases = [label[0] for label in asked if len(label) == 4]
    who = [label[-2] for label in asked]
    what = [label[-1] for label in asked]
    return tuple(dict.fromkeys(who)), tuple(dict.fromkeys(what)), tuple(dict.fromkeys(cases))


def refuse(plan: Plan, *, seconds: float = 20.0) -> None:
    """Say why a plan is none.

    Raises
    ------
    PlanError
        ``infeasible_plan``, ``unbounded_plan``, ``no_plan_in_time``, ``solver_failed``; nothing for a plan that is one.
    """
    if plan.status == "optimal" or (plan.status == "time_limit" and np.isfinite(plan.cost_usd)):
        return
    problem = plan.problem
    if plan.status == "time_limit":
        raise PlanError(
            f"No plan was found in {plan.seconds:.0f} s.",
            code="no_plan_in_time",
            hint="Give more time: --seconds 300",
        )
    if plan.status == "unbounded":
        raise PlanError(
            "The cost of a plan has no lower bound: something is paid for being built or bought without limit.",
            code="unbounded_plan",
            hint="Look for a gap_usd_per_t below 0 with a plant of any size, or a price below 0.",
        )
    found = None
    if plan.status == "infeasible":
        found = clash(
            problem, plan.objective, sharing=plan.sharing, coalition=plan.coalition or None, seconds=seconds
        )
    if found is None:
        raise PlanError(
            "The solver found no plan and does not say why.",
            code="solver_failed",
            hint="Send us the scenario file.",
        )
    raise PlanError(
        sentence(plan, found),
        code="infeasible_plan",
        hint=_hint(found),
        rows=[{"limit": limit.constraint, "where": limit.label} for limit in found.limits],
    )


def sentence(plan: Plan, found: Clash) -> str:
    """Tell which limits clash and what would free them.

    Parameters
    ----------
    plan
        That is none.
    found
        Why.
    """
    problem = plan.problem
    head = kept_words(problem, plan.objective, found.members, found.products, found.cases)
    held = held_by(problem, plan, [limit.constraint for limit in found.limits], found.members, found.remedies)
    free = freed_by(problem, found.remedies)
    return f"{head}: {held}{free}."


def _hint(found: Clash) -> str:
    kinds = {remedy.kind for remedy in found.remedies}
    said = {
        "budget": "raise plan.budgets",
        "shortage": "raise plan.limit.shortage_share",
        "stock": "raise plan.stock.most_days",
        "caps": "loosen plan.caps or plan.floors",
        "plants": "allow more hosts or larger plants",
    }
    ways = [said[kind] for kind in said if kind in kinds]
    return (
        ("In the scenario file, " + several(ways, "or") + ".")
        if ways
        else "Leave out a product, or loosen a cap."
    )
