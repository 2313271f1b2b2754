"""What each does alone is where the search for what all do begins; it may not be more than a host holds."""

import pytest
from toys import toy_problem

from friendshore.planning.problem import ALONE, Objective
from friendshore.planning.solving import solve


@pytest.mark.parametrize("most", [20.0, 33.0])
@pytest.mark.parametrize("kind", ["expected_cost", "worst_case"])
def test_beginning_with_both_plants_at_a_host_for_one_changes_nothing(kind, most):
    problem = toy_problem(lump_t=20.0, capacity_most_t=most, value_factor=50.0, stock_most_t=0.0, claim=0.0)
    objective = Objective(kind=kind)
    alone = [solve(problem, objective, sharing=ALONE, coalition=(m,)) for m in (0, 1)]
    assert sum(plan.capacity_t.sum() for plan in alone) == pytest.approx(40)
    cold, warm = solve(problem, objective), solve(problem, objective, start=alone)
    assert warm.capacity_t.sum() <= 20 * (1 + 1e-9)
    assert warm.objective_value == pytest.approx(cold.objective_value, rel=1e-6)
