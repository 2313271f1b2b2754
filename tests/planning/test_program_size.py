"""The program grows in proportion to products and to cases, not faster."""

import numpy as np
import pytest
from toys import case, toy_problem

from friendshore.planning.formulation import build
from friendshore.planning.problem import Objective


def size(products=1, cases=1):
    problem = toy_problem(
        products=[f"P{n}" for n in range(products)],
        cases=[case(name=f"c{n}", probability=0.01) for n in range(cases)],
    )
    program = build(problem, Objective()).program
    return np.array([program.width, program.height, len(program.arrays().coefficients)])


@pytest.mark.parametrize("axis", ["products", "cases"])
def test_each_more_adds_the_same_number_of_variables_rows_and_entries(axis):
    one, two, three, nine = (size(**{axis: n}) for n in (1, 2, 3, 9))
    assert (three - two == two - one).all()
    assert (nine - one == 8 * (two - one)).all()
