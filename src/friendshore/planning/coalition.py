"""Acting alone and together: what each coalition pays, what each way of working together is worth, who loses.

The game has a solve for each coalition of members, begun from the best plans of its parts, so that a solver's gap
cannot make it dearer than they are. What is taken from outsiders is charged to the coalition that takes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from friendshore.errors import ArgumentError
from friendshore.planning.problem import TOGETHER, Objective, Plan, Problem, Sharing
from friendshore.planning.sharing import MOST_EXACT, members_of
from friendshore.planning.solving import solve
from friendshore.planning.summarising import gap_today
from friendshore.progress import Count
from friendshore.records import Note, Record
from friendshore.tables.trade import Floats

__all__ = ["THREADS", "Game", "OutsiderLoss", "cost_in_game", "game", "need_usd", "outsiders"]

THREADS = 2
LEAST_LOSS_T = 1.0
"""Tons over a case below which a loss is not listed."""


@dataclass(frozen=True, eq=False)
class Game:
    """What each coalition of the players would pay a year."""

    problem: Problem
    objective: Objective
    players: tuple[int, ...]
    """Positions of the members that may act together; bit ``i`` of a coalition is ``players[i]``."""
    costs: Floats
    """By bitmask; NaN where no plan keeps the limits."""
    plans: Mapping[int, Plan]
    """By bitmask."""
    open_usd: float
    """What the solver left unproven, for the coalition where that is most: differences below it say nothing."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the players."""
        return tuple(self.problem.members[place] for place in self.players)

    def members(self, coalition: int) -> tuple[str, ...]:
        """Names of a coalition's members."""
        return tuple(self.names[place] for place in members_of(coalition))


class OutsiderLoss(Record):
    """What somebody outside loses because members turn their exports."""

    country: str
    product: str
    loss_t: float
    case: str
    """The case in which it loses most."""


def cost_in_game(plan: Plan) -> float:
    """Yearly cost by which coalitions are compared; NaN without a plan.

    Where missing supply comes before cost (``least_shortage``), what is missing is added at its value, weighed by
    the probability of its case: else the coalition that gives up would be the cheapest.
    """
    if plan.status not in {"optimal", "time_limit"} or not np.isfinite(plan.cost_usd):
        return float("nan")
    if plan.objective.kind != "least_shortage":
        return plan.cost_usd
    problem = plan.problem
    chance = np.array([case.probability for case in problem.cases])
    missing = np.einsum("s,srmk->mk", chance, plan.shortage_t)
    return plan.cost_usd + float((missing * problem.price * problem.costs.value_factor).sum())


def game(
    problem: Problem,
    objective: Objective,
    *,
    players: Sequence[int] | None = None,
    sharing: Sharing = TOGETHER,
    gap: float = 1e-3,
    seconds: float = 60.0,
) -> Game:
    """Solve for every coalition.

    Parameters
    ----------
    problem
        With all members.
    objective
        What each coalition minimises.
    players
        Positions of the members that may act together; all by default, at most ``MOST_EXACT``.
    sharing
        What members of a coalition do together.
    gap, seconds
        Of each solve.
    """
    chosen = tuple(range(len(problem.members))) if players is None else tuple(players)
    if len(chosen) > MOST_EXACT:
        raise ArgumentError(
            f"{len(chosen)} members make {1 << len(chosen):,} coalitions, at most {1 << MOST_EXACT:,} are compared.",
            code="too_many_members",
            hint=f"Join members into blocs, so that there are {MOST_EXACT} at most.",
        )
    plans: dict[int, Plan] = {}
    costs = np.full(1 << len(chosen), np.nan)
    costs[0] = 0.0

    count = Count(Note(template="Planning for every group of members"), (1 << len(chosen)) - 1)

    def solved(coalition: int) -> Plan:
        parts = _best_parts(coalition, costs)
        plan = solve(
            problem, objective, sharing=sharing, coalition=tuple(chosen[m] for m in members_of(coalition)), gap=gap,
            seconds=seconds, start=[plans[part] for part in parts],
        )  # fmt: skip
        count.step()
        return plan

    with ThreadPoolExecutor(THREADS) as pool:
        for size in range(1, len(chosen) + 1):
            masks = [mask for mask in range(1, 1 << len(chosen)) if mask.bit_count() == size]
            for mask, plan in zip(masks, pool.map(solved, masks), strict=True):
                plans[mask], costs[mask] = plan, cost_in_game(plan)
    left = [
        plan.gap * abs(plan.objective_value) for plan in plans.values() if np.isfinite(cost_in_game(plan))
    ]
    return Game(problem, objective, chosen, costs, plans, max(left, default=0.0))


def _best_parts(coalition: int, costs: Floats) -> tuple[int, ...]:
    """Find the two or more coalitions whose plans together cost least; none where a part has no plan."""
    best: tuple[int, ...] = ()
    least = np.inf
    part = (coalition - 1) & coalition
    while part:
        rest = coalition ^ part
        if part > rest and costs[part] + costs[rest] < least:
            least, best = float(costs[part] + costs[rest]), (part, rest)
        part = (part - 1) & coalition
    return best


def need_usd(problem: Problem, players: Sequence[int]) -> Floats:
    """Value at today's prices of what each misses in its worst case if it does nothing."""
    gap = gap_today(problem)
    if problem.relief_t is not None:
        gap = np.maximum(0.0, gap - problem.relief_t)
    by_case = np.einsum("srmk,mk->sm", gap, problem.price)
    return np.asarray(by_case.max(axis=0, initial=0.0)[list(players)], np.float64)


def outsiders(plan: Plan) -> tuple[OutsiderLoss, ...]:
    """List what customers of the members' exports lose, each in the case that is worst for it; largest first."""
    problem = plan.problem
    turned = plan.redirected_t.sum(axis=(1, 3))  # case, exporting member, product
    worst: dict[tuple[str, str], tuple[float, int]] = {}
    for s, case in enumerate(turned):
        lost: dict[tuple[str, str], float] = {}
        for m, k in np.argwhere(case > 0).tolist():
            for country, share in problem.export_customers[m * len(problem.products) + k]:
                key = country, problem.products[k]
                lost[key] = lost.get(key, 0.0) + float(case[m, k]) * share
        for key, tons in lost.items():
            if tons > worst.get(key, (0.0, 0))[0]:
                worst[key] = tons, s
    return tuple(
        OutsiderLoss(country=country, product=product, loss_t=tons, case=problem.cases[s].name)
        for (country, product), (tons, s) in sorted(worst.items(), key=lambda item: (-item[1][0], item[0]))
        if tons >= LEAST_LOSS_T
    )
