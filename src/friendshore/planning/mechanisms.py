"""What each way of working together is worth: the cost of all under each of the 32 sets of five mechanisms.

A plan that was made with a mechanism and makes no use of it is also the best one without it. So the sets are gone
through from all five downwards, and only those are solved of which no larger one's plan tells the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from friendshore.planning.coalition import THREADS, Game, cost_in_game
from friendshore.planning.formulation_normal import budgets_of
from friendshore.planning.problem import MECHANISMS, Plan, Sharing
from friendshore.planning.sharing import shapley
from friendshore.planning.solving import solve
from friendshore.progress import Count
from friendshore.records import Note
from friendshore.tables.trade import Floats

__all__ = ["Mechanisms", "gain_by_mechanism", "mechanism_costs", "sharing_of", "spending_usd", "used"]

ALL = (1 << len(MECHANISMS)) - 1
PRECISION = 0.05
"""Part of the whole gain to which the cost under each set is known."""
DUST = 1e-6
"""Part of a demand or budget up to which the solver's rounding goes."""


@dataclass(frozen=True, eq=False)
class Mechanisms:
    """Costs of all members under each set of mechanisms."""

    costs: Floats
    """By bitmask, in the order of ``MECHANISMS``; entry 0: each alone."""
    solved: int
    """How many of the sets needed a solve of their own."""


def sharing_of(mask: int) -> Sharing:
    """Turn a bitmask into what is shared.

    >>> sharing_of(0b101).risk, sharing_of(0b101).lumps, sharing_of(0b101).claims
    (True, False, True)
    """
    return Sharing(**{name: bool(mask >> place & 1) for place, name in enumerate(MECHANISMS)})


def gain_by_mechanism(costs: Floats) -> Mapping[str, float]:
    """Split the gain among the mechanisms by Shapley, so that no order of theirs matters."""
    found = shapley(costs[0] - costs)
    # What is left by rounding is nothing.
    found = np.where(np.abs(found) > 1e-9 * np.abs(costs[0]), found, 0.0)
    return dict(zip(MECHANISMS, found.tolist(), strict=True))


def mechanism_costs(game: Game, *, gap: float = 1e-3, seconds: float = 60.0) -> Mechanisms:
    """Solve for all players under each set of mechanisms.

    Parameters
    ----------
    game
        Solved with all five.
    gap, seconds
        Of each solve; the gap is widened to ``PRECISION`` of the gain, which is what is shared out here.
    """
    whole = len(game.costs) - 1
    alone = [game.plans[1 << player] for player in range(len(game.players))]
    plans: dict[int, Plan] = {ALL: game.plans[whole]}
    costs = np.full(ALL + 1, np.nan)
    costs[ALL], costs[0] = game.costs[whole], sum(cost_in_game(plan) for plan in alone)
    gap = max(gap, PRECISION * (costs[0] - costs[ALL]) / max(abs(costs[ALL]), 1e-9))
    solved = 0
    # Where all money is spent, no product can be planned by itself.
    tight = spending_usd(plans[ALL]).sum() > 0.99 * budgets_of(game.problem)[list(game.players)].sum()

    count = Count(Note(template="Weighing what each way of acting together is worth"), ALL - 1)

    def solved_with(mask: int) -> Plan:
        plan = solve(
            game.problem, game.objective, sharing=sharing_of(mask), coalition=game.players, gap=gap,
            seconds=seconds, start=alone, split=not tight,
        )  # fmt: skip
        count.step()
        return plan

    with ThreadPoolExecutor(THREADS) as pool:
        for size in range(len(MECHANISMS) - 1, 0, -1):
            level = [mask for mask in range(1, ALL) if mask.bit_count() == size]
            told = {mask: same for mask in level if (same := _told_by(mask, plans)) is not None}
            plans |= told
            count.step(len(told))
            asked = [mask for mask in level if mask not in told]
            plans |= dict(zip(asked, pool.map(solved_with, asked), strict=True))
            solved += len(asked)
            for mask in level:
                costs[mask] = cost_in_game(plans[mask])
    return Mechanisms(_settled(costs), solved)


def _told_by(mask: int, plans: Mapping[int, Plan]) -> Plan | None:
    """Find the plan of a set with one mechanism more that makes no use of it."""
    for place, name in enumerate(MECHANISMS):
        if not mask >> place & 1 and not used(plans[mask | 1 << place], name):
            return plans[mask | 1 << place]
    return None


def _settled(costs: Floats) -> Floats:
    """Let no mechanism do harm: who may share need not, so a larger set costs no more than a smaller one.

    Alone is no such set: by themselves members may count on one host's room or one supplier's tons twice.
    """
    found = np.fmax(costs, costs[ALL])
    found[0] = costs[0]
    for place in range(len(MECHANISMS)):
        for mask in range(ALL + 1):
            if mask >> place & 1 and mask ^ 1 << place:
                found[mask] = np.fmin(found[mask], found[mask ^ 1 << place])
    return np.asarray(found, np.float64)


def used(plan: Plan, mechanism: str) -> bool:
    """Tell whether a plan does anything that it could not do without a mechanism; where that is not sure, it does."""
    return {
        "risk": _uses_others_stock, "lumps": _shares_plants, "claims": _uses_others_claims,
        "supply": _uses_others_exports, "budgets": _uses_others_money,
    }[mechanism](plan)  # fmt: skip


def _uses_others_stock(plan: Plan) -> bool:
    own = plan.problem.stock_held_t + plan.stock_t
    return bool(np.any(plan.drawn_t.sum(axis=1) > own + DUST * plan.problem.demand_t))


def _shares_plants(plan: Plan) -> bool:
    """Several members take from one plant, one pays for another's, or somebody pays more than it has."""
    if np.any(spending_usd(plan) > budgets_of(plan.problem) * (1 + DUST)):
        return True
    scale = DUST * plan.problem.demand_t[None]
    takes = (plan.output_t > scale) | (plan.delivered_t.max(axis=(0, 1), initial=0.0) > scale)
    cost = plan.problem.costs.capital_usd_per_t * np.maximum(1.0, plan.capacity_t)
    pays = np.moveaxis(plan.support_usd, 0, 1) > DUST * cost[:, None, :]
    return bool(np.any((takes | pays).sum(axis=1) > 1))


def _uses_others_claims(plan: Plan) -> bool:
    problem = plan.problem
    claim = problem.link_claim_t
    scale = DUST * problem.demand_t[problem.link_member, problem.link_product]
    if np.any(plan.new_t > claim + scale):
        return True
    months = problem.period_months[:, :, None] / 12
    most = problem.ramp_share[None, :, None] * np.maximum(0.0, claim - plan.new_t) * months + problem.freed_t
    return bool(np.any(plan.emergency_t > most + scale))


def _uses_others_exports(plan: Plan) -> bool:
    members = len(plan.problem.members)
    others = ~np.eye(members, dtype=bool)
    taker = np.nonzero(others)[1]
    return bool(np.any(plan.redirected_t[:, :, others] > DUST * plan.problem.demand_t[taker]))


def _uses_others_money(plan: Plan) -> bool:
    room = budgets_of(plan.problem) * (1 + DUST)
    if not plan.sharing.lumps:
        return bool(np.any(spending_usd(plan) > room))
    # Who pays how much of a plant that all own is theirs to agree: only stock has to be paid by its owner.
    stock = (plan.problem.price * plan.stock_t).sum(axis=1)
    mine = list(plan.coalition)
    return bool(np.any(stock > room) or spending_usd(plan)[mine].sum() > room[mine].sum())


def spending_usd(plan: Plan) -> Floats:
    """Count what each member pays at once for stock and support, which its budget limits."""
    stock = np.sum(plan.problem.price * plan.stock_t, axis=1)
    return np.asarray(stock + plan.support_usd.sum(axis=(1, 2)), np.float64)
