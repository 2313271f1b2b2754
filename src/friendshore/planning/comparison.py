"""Alone against together in full: the gain, what it comes from, how it may be shared, and who would rather leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from friendshore.planning.coalition import Game, OutsiderLoss, cost_in_game, game, need_usd, outsiders
from friendshore.planning.duals import relaxation
from friendshore.planning.mechanisms import Mechanisms, gain_by_mechanism, mechanism_costs
from friendshore.planning.problem import Objective, Plan, Problem
from friendshore.planning.sharing import (
    LeastCore,
    Leaving,
    alone_costs,
    least_core,
    leavers,
    owen_parts,
    proportional,
    savings,
    shapley,
)
from friendshore.tables.trade import Floats

__all__ = ["RULES", "Comparison", "compare"]

RULES = ("shapley", "owen", "proportional")
"""Shapley over the members; Owen's shadow prices; in proportion to need (what the worst case would leave missing)."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """What acting together changes. Costs and gains a year; arrays by player."""

    game: Game
    need_usd: Floats
    gains_usd: Mapping[str, Floats]
    """By rule, each player's part of the gain; empty where somebody has no plan alone or all have none together."""
    leaving: Mapping[str, tuple[Leaving, ...]]
    """By rule, the coalitions that would pay less by themselves; none: the rule's split is in the core."""
    least: LeastCore | None
    """Whether any split is in the core; None where a coalition has no plan."""
    mechanisms: Mechanisms | None
    gain_by_mechanism_usd: Mapping[str, float]
    outsiders: tuple[OutsiderLoss, ...]

    @property
    def alone_usd(self) -> Floats:
        """Cost of each alone; NaN without a plan that keeps the limits."""
        return alone_costs(self.game.costs)

    @property
    def together_usd(self) -> float:
        """Cost of all together."""
        return float(self.game.costs[-1])

    @property
    def total_gain_usd(self) -> float:
        """What they pay alone less what they pay together."""
        return float(self.alone_usd.sum() - self.together_usd)

    @property
    def lost_gain_usd(self) -> float:
        """What of the gain is supply that is not lost, at its value: no money that could change hands."""
        last = len(self.game.costs) - 1
        alone = sum(_lost(self.game.plans[1 << place]) for place in range(len(self.game.players)))
        return alone - _lost(self.game.plans[last])

    @property
    def leaving_usd(self) -> Mapping[str, Floats]:
        """By rule, what each gains by leaving for its plan alone; below 0 it loses."""
        return {rule: -gains for rule, gains in self.gains_usd.items()}

    @property
    def missed_usd(self) -> Floats:
        """What the others and it lose together when one leaves; NaN where they have no plan without it."""
        last = len(self.game.costs) - 1
        rest = np.array([self.game.costs[last ^ 1 << place] for place in range(len(self.game.players))])
        return rest + self.alone_usd - self.together_usd


def compare(
    problem: Problem,
    objective: Objective,
    *,
    players: Sequence[int] | None = None,
    mechanisms: bool = True,
    gap: float = 1e-3,
    seconds: float = 60.0,
) -> Comparison:
    """Solve for each coalition, and share what all of them save.

    Parameters
    ----------
    problem
        With all members.
    objective
        What each coalition minimises.
    players
        Positions of the members that may act together; all by default.
    mechanisms
        Whether to find out what each way of working together is worth.
    gap, seconds
        Of each solve.
    """
    played = game(problem, objective, players=players, gap=gap, seconds=seconds)
    whole = played.plans[len(played.costs) - 1]
    need = need_usd(problem, played.players)
    known = bool(np.isfinite(played.costs).all())
    gains = _gains(played, need) if known else {}
    alone = alone_costs(played.costs)
    found = mechanism_costs(played, gap=gap, seconds=seconds) if mechanisms and known else None
    return Comparison(
        game=played,
        need_usd=need,
        gains_usd=gains,
        leaving={
            rule: leavers(
                played.costs, alone - part, tolerance=played.open_usd + 1e-6 * abs(played.costs[-1])
            )
            for rule, part in gains.items()
        },
        least=least_core(played.costs) if known else None,
        mechanisms=found,
        gain_by_mechanism_usd=gain_by_mechanism(found.costs) if found else {},
        outsiders=outsiders(whole),
    )


def _lost(plan: Plan) -> float:
    """Return what of a plan's cost in the game is lost supply."""
    paid = (
        plan.cost_usd if plan.member_lost_usd is None else plan.cost_usd - float(plan.member_lost_usd.sum())
    )
    return cost_in_game(plan) - paid


def _gains(played: Game, need: Floats) -> dict[str, Floats]:
    """Share the gain by each rule."""
    alone = alone_costs(played.costs)
    saved = savings(played.costs)
    relaxed = relaxation(played.problem, played.objective, coalition=played.players)
    parts = owen_parts(relaxed.parts_usd[list(played.players)], float(played.costs[-1]), alone)
    return {
        "shapley": shapley(saved),
        "owen": np.asarray(alone - parts, np.float64),
        "proportional": proportional(float(saved[-1]), need),
    }
