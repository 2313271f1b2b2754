"""Words for limits that clash."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from friendshore.planning.clash_remedies import Remedy
from friendshore.planning.formulation_normal import budgets_of
from friendshore.planning.problem import Objective, Plan, Problem

__all__ = ["freed_by", "held_by", "kept_words", "money", "several"]


def money(usd: float) -> str:
    """Write dollars.

    >>> money(250e6), money(1.25e9), money(1200)
    ('250 m USD', '1.25 bn USD', '1,200 USD')
    """
    if abs(usd) >= 1e9:
        return f"{usd / 1e9:.3g} bn USD"
    return f"{usd / 1e6:.3g} m USD" if abs(usd) >= 1e6 else f"{usd:,.0f} USD"


def several(words: Sequence[str], by: str = "and", most: int = 4) -> str:
    """List words.

    >>> several(["a", "b", "c"]), several(["a", "b", "c"], most=2)
    ('a, b and c', 'a, b and 1 more')
    """
    words = list(words)
    if len(words) > most:
        words = [*words[:most], f"{len(words) - most} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {by} {words[-1]}"


def kept_words(
    problem: Problem,
    objective: Objective,
    members: Sequence[str],
    products: Sequence[str],
    cases: Sequence[str],
) -> str:
    """Say what no plan keeps."""
    who, what = several(members), several(products)
    if objective.kind != "least_cost" or (not cases and len(members) < len(problem.members)):
        return f"No plan meets the demand of {who} for {what}"
    limits = problem.limits
    when = f" in case {several(cases)}" if cases else " in every case"
    return (
        f"No plan keeps the shortage of {who} in {what} within {limits.shortage_share * 100:.3g} % for "
        f"{limits.months} months{when}"
    )


def held_by(
    problem: Problem, plan: Plan, constraints: Sequence[str], members: Sequence[str], found: Sequence[Remedy]
) -> str:
    """Say which limits clash: those in the irreducible set; without one, those that free it."""
    kinds = set(constraints)
    helps = {remedy.kind for remedy in found}
    limits = problem.limits
    words = []
    budgets = budgets_of(problem)[list(plan.coalition)]
    if "budget" in kinds or (not kinds and "budget" in helps):
        if plan.sharing.budgets and len(plan.coalition) > 1:
            words.append(f"the joint budget of {money(float(budgets.sum()))}")
        else:
            purses = [
                f"{problem.members[m]} ({money(budget)})"
                for m, budget in zip(plan.coalition, budgets.tolist(), strict=True)
                if np.isfinite(budget) and (problem.members[m] in members or not kinds)
            ]
            if purses:
                words.append(f"budget of {several(purses)}")
    if "stock:upper" in kinds or (not kinds and "stock" in helps):
        held = problem.demand_t > 0
        days = np.divide(
            problem.stock_most_t, problem.demand_t, out=np.zeros_like(problem.demand_t), where=held
        )
        words.append(f"stock limit of {365 * float(days.max(initial=0.0)):.0f} days")
    for name, text, share in (
        ("concern_cap", "cap of {:.3g} % on suppliers of concern", limits.concern_share),
        ("any_cap", "cap of {:.3g} % on any one supplier", limits.any_share),
        ("traced_cap", "cap of {:.3g} % on traced origin", limits.traced_share),
        ("partner_floor", "floor of {:.3g} % from partners", limits.partner_share),
    ):
        if name in kinds:
            words.append(text.format(100 * share))
    if kinds & {"claims", "emergency_claims", "emergency_spare", "emergency:upper", "new:upper"}:
        words.append("claims on outside spare capacity")
    if kinds & {"link"}:
        words.append("room of qualified links")
    if kinds & {"host", "plant:upper", "lumps:upper", "plants"}:
        words.append("what plants can deliver by then")
    if not words:
        words.append("demand and what can be bought")
    return several(words, most=6) + (" clash" if len(words) > 1 else " does not allow it")


def freed_by(problem: Problem, found: Sequence[Remedy]) -> str:
    """Say what would free it, each by itself."""
    ways = []
    for remedy in found:
        if remedy.kind == "budget":
            ways.append(f"a budget of {money(_up(remedy.amount))}")
        elif remedy.kind == "shortage":
            ways.append(f"a shortage of up to {_up(remedy.amount * 100):.3g} %")
        elif remedy.kind == "stock":
            ways.append(f"{_up(remedy.amount):.3g} more days of stock")
        elif remedy.kind == "caps":
            ways.append(f"caps and floors looser by {_up(remedy.amount * 100):.3g} % of demand")
        elif remedy.kind == "plants":
            ways.append(f"{_up(remedy.amount):,.4g} t a year more of plants")
    if not ways:
        return "; no single kind of limit frees it"
    return f"; {several(ways, 'or', most=6)} would free it"


def _up(amount: float) -> float:
    """Round up to three digits, so that what is said is enough."""
    if amount <= 0:
        return 0.0
    place = 10.0 ** (np.floor(np.log10(amount)) - 2)
    return float(np.ceil(amount / place - 1e-9) * place)
