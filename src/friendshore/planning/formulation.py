"""From a problem to the program of a coalition: the two-stage model with periods.

Beyond the plain model, for soundness:

- A plant replaces purchases only once it stands. Until then they go on, as the worst of today's links delivers.
- Owners whom a case leaves untouched go on buying from a shared plant; only the rest of it serves who is cut off.
- Members who each own a plant at one host stay together within what the host allows.
- What is freed for several members pooled counts only links that are untouched themselves.
- Where claims together exceed a supplier's spare capacity, the capacity itself is the limit as well.
- Plants at a supplier count in its caps and floors as purchases from it do.
"""

from __future__ import annotations

from collections.abc import Sequence

from friendshore.planning.formulation_corridor import prescribe
from friendshore.planning.formulation_crisis import crisis_limits, crisis_variables
from friendshore.planning.formulation_frame import Built, framed
from friendshore.planning.formulation_normal import normal_limits, normal_variables
from friendshore.planning.problem import TOGETHER, Objective, Problem, Sharing

__all__ = ["Built", "build"]


def build(
    problem: Problem,
    objective: Objective,
    sharing: Sharing = TOGETHER,
    coalition: Sequence[int] | None = None,
) -> Built:
    """Build the program.

    Parameters
    ----------
    problem
        Of all members.
    objective
        What is minimised.
    sharing
        What the coalition does together.
    coalition
        Positions of the members that plan; None: all.

    Returns
    -------
    Built
        The program; where its variables and rows stand in the axes of the problem; whose its limits are.
    """
    members = tuple(range(len(problem.members))) if coalition is None else tuple(coalition)
    built = Built(framed(problem, objective, sharing, members))
    normal_variables(built)
    crisis_variables(built)
    normal_limits(built)
    crisis_limits(built)
    prescribe(built)
    return built
