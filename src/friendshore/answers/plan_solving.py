"""Solve a plan in the way that was asked: as one, each alone, or all coalitions; and see what nothing would do."""

from __future__ import annotations

from dataclasses import dataclass

from friendshore.answers.plan_cases import PlanCase
from friendshore.planning.comparison import Comparison, compare
from friendshore.planning.prescribing import evaluate, nothing
from friendshore.planning.problem import ALONE, TOGETHER, Plan, Sharing
from friendshore.planning.simulating import Simulation, simulate
from friendshore.planning.solving import solve
from friendshore.progress import tell
from friendshore.records import Note

__all__ = ["Solved", "solved"]


@dataclass(frozen=True, eq=False)
class Solved:
    """The plans of an answer, and what they are compared with."""

    plans: tuple[Plan, ...]
    """One of all members, or one of each."""
    idle: tuple[Plan, ...]
    """The same coalitions where nothing is bought anew, built or stored."""
    simulation: Simulation
    comparison: Comparison | None = None
    """Where it was asked for and there are several members."""

    @property
    def alone(self) -> bool:
        """Whether each member planned for itself."""
        return len(self.plans) > 1

    @property
    def sharing(self) -> Sharing:
        """What the members do together."""
        return self.plans[0].sharing


def solved(case: PlanCase, *, alone: bool, compared: bool, seconds: float) -> Solved:
    """Solve for all members as one, or for each by itself.

    Parameters
    ----------
    case
        What is planned.
    alone
        Each member by itself.
    compared
        All coalitions of members, and what each mechanism is worth.
    seconds
        Most time for each solve.

    Raises
    ------
    PlanError
        Limits that clash, a cost without lower bound, no plan in the time given.
    """
    tell(Note(template="Solving the plan"))
    problem, objective = case.problem, case.objective
    members = range(len(problem.members))
    sharing = ALONE if alone and len(members) > 1 else TOGETHER
    coalitions = [(member,) for member in members] if sharing == ALONE else [tuple(members)]
    comparison = None
    if compared and len(members) > 1:
        comparison = compare(problem, objective, seconds=seconds)
        plans = [comparison.game.plans[len(comparison.game.costs) - 1]]
    else:
        plans = [
            solve(problem, objective, sharing=sharing, coalition=coalition, seconds=seconds)
            for coalition in coalitions
        ]
    for plan in plans:
        kept(plan)
    tell(Note(template="Running the plan month by month"))
    idle = [
        evaluate(problem, nothing(problem), solve=solve, sharing=sharing, coalition=coalition)
        for coalition in coalitions
    ]
    return Solved(tuple(plans), tuple(idle), simulate(case.base, plans), comparison)


def kept(plan: Plan) -> Plan:
    """Return a plan that is one; raise what says why it is none."""
    if plan.status != "optimal":
        from friendshore.planning.clash import refuse

        refuse(plan)
    return plan
