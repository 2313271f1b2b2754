"""Why the plan of a brief is what it is, and what would change it: the limits it runs into, and what it hinges on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from friendshore.answers.brief_solved import BriefPlans
from friendshore.answers.plan_rows import Decision, Readings
from friendshore.answers.plan_shortages import shares
from friendshore.planning.problem import Plan
from friendshore.records import Amount, Listing, Name, Note

__all__ = ["changes", "reasons"]

NAMED = 3
"""Most goods or decisions that a sentence names, and most sentences."""
FULL = 0.995
"""Part of a limit from which on it is used up."""
DAYS = 365.0


def reasons(found: BriefPlans) -> tuple[Note, ...]:
    """Say which limits the plan runs into, at most three."""
    plan = found.together
    made = (budgets_note(found), stock_note(plan), plants_note(plan), claims_note(plan))
    return tuple(note for note in made if note is not None)[:NAMED]


def products_named(plan: Plan, chosen: Sequence[int]) -> Listing:
    """Name products."""
    codes = [plan.problem.products[n] for n in chosen[:NAMED]]
    named: tuple[Name | Note, ...] = tuple(Name(key=code, kind="product") for code in codes)
    more = len(chosen) - len(codes)
    if more > 0:
        named = (*named, Note(template="{count} more", values={"count": str(more)}))
    return Listing(items=named)


def budgets_note(found: BriefPlans) -> Note | None:
    """Say that the budget is spent, and who has spent it."""
    problem = found.problem
    stated = problem.limits.budgets_usd
    if not len(stated) or not np.isfinite(stated).all() or found.once_usd < FULL * stated.sum():
        return None
    return Note(
        template="The budget of {budget} is spent: with more of it less would be missing.",
        values={"budget": Amount(value=float(stated.sum()), unit="USD")},
    )


def by_worth(plan: Plan, chosen: NDArray[np.bool_]) -> list[int]:
    """Positions of products that are chosen, those worth most first."""
    worth = (plan.problem.demand_t * np.nan_to_num(plan.problem.price)).sum(axis=0)
    return sorted(np.flatnonzero(chosen).tolist(), key=lambda n: -float(worth[n]))


def stock_note(plan: Plan) -> Note | None:
    """Say where stocks are as large as they may be."""
    problem = plan.problem
    full = (plan.stock_t >= FULL * problem.stock_most_t) & (problem.stock_most_t > 0) & (problem.demand_t > 0)
    chosen = by_worth(plan, np.asarray(full.any(axis=0)))
    if not chosen:
        return None
    days = (problem.stock_most_t[full] / problem.demand_t[full]).max() * DAYS
    return Note(
        template="Stock is as large as it may be, {days} days, of {goods}: a higher limit would be used.",
        values={"days": f"{days:.0f}", "goods": products_named(plan, chosen)},
    )


def plants_note(plan: Plan) -> Note | None:
    """Say what is missing before new plants stand."""
    problem = plan.problem
    built = plan.capacity_t.sum(axis=0) > 0
    missing = shares(plan)
    late = [
        (float(missing[:, :, :, k].max()), int(k))
        for k in np.flatnonzero(built)
        if problem.online_share[0, k] < FULL
        and missing[:, problem.online_share[:, k] < FULL, :, k].max() > 0.01
    ]
    if not late:
        return None
    share, product = max(late)
    period = int(np.argmax(problem.online_share[:, product] > 0))
    months = problem.bounds[period] if problem.online_share[:, product].any() else problem.bounds[-1]
    return Note(
        template="New plants take time: a plant for {product} does not work before month {months} of a cut, and until "
        "then up to {share} of demand is missing.",
        values={
            "product": Name(key=problem.products[product], kind="product"),
            "months": f"{months:g}",
            "share": Amount(value=share, unit="share"),
        },
    )


def claims_note(plan: Plan) -> Note | None:
    """Say where what others can spare is used up: something is missing although they help."""
    problem = plan.problem
    missing = shares(plan).max(axis=(0, 1, 2))
    asked = np.zeros(len(problem.products))
    np.add.at(asked, problem.link_product, plan.new_t + plan.emergency_t.max(axis=(0, 1)))
    chosen = by_worth(plan, (missing > 0.01) & (asked > 0))
    if not chosen:
        return None
    return Note(
        template="Other suppliers can spare no more, or not soon enough, of {goods}: up to {share} is missing at "
        "worst.",
        values={
            "goods": products_named(plan, chosen),
            "share": Amount(value=float(missing[chosen].max()), unit="share"),
        },
    )


def changes(listed: Sequence[Decision], readings: Readings, found: BriefPlans) -> tuple[Note, ...]:
    """Say on what the costliest of the other decisions hinge."""
    doubtful = [one for one in listed if one.key in readings and not readings[one.key].recommended]
    doubtful.sort(key=lambda one: (-one.cost_usd - one.once_usd, one.key))
    notes = [
        Note(
            template="{decision}: falls away with {hinge}.",
            values={"decision": decision_named(one), "hinge": readings[one.key].hinges_on},
        )
        for one in doubtful[:NAMED]
    ]
    more = len(doubtful) - len(notes)
    if more > 0:
        notes.append(
            Note(
                template="{count} smaller decisions hinge on an assumption too; the table names it.",
                values={"count": str(more)},
            )
        )
    return tuple(notes)


def decision_named(one: Decision) -> Note:
    """Name a decision within a sentence."""
    values = {
        "product": Name(key=one.product, kind="product"),
        "member": Name(key=one.member),
        "place": Name(key=one.place),
    }
    if one.action == "build":
        return Note(template="Capacity for {product} in {place}", values=values)
    if one.action == "hold":
        return Note(template="Stock of {product} in {member}", values=values)
    return Note(template="More {product} from {place} for {member}", values=values)
