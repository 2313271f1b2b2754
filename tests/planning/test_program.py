"""The solver's door: statuses, signs and units of what comes back."""

from __future__ import annotations

import numpy as np
import pytest

from friendshore.planning import solver
from friendshore.planning.program import Program
from friendshore.planning.splitting import grouped, minimise_parts, parts_of


def buying():
    """15 units from three sellers at 2, 3 and 1, the last one 3 at most, or by fours at 7."""
    program = Program()
    x = program.variables("x", (3,), cost=[2.0, 3.0, 1.0], upper=[10.0, 10.0, 1e6], unit=100.0)
    y = program.variables("y", (1,), cost=7.0, integer=True, upper=5.0)
    program.rows("need", (1,), (0, x.at, 1.0), (0, y.at, 4.0), lower=15.0)
    program.rows("cap", (1,), (0, x.at[2], 1.0), upper=3.0)
    return program


def knapsack(size=40, seed=3):
    """Hard enough that it cannot be proven in no time."""
    rng = np.random.default_rng(seed)
    program = Program()
    x = program.variables("x", (size,), cost=-rng.integers(50, 100, size), upper=1.0, integer=True)
    for n in range(20):
        weights = rng.integers(20, 90, size)
        program.rows(f"w{n}", (1,), (0, x.at, weights), upper=float(weights.sum()) / 3)
    return program


def test_the_cheapest_purchases_are_found():
    # 3 at 1, then fours at 1.75 each.
    answer = buying().minimise()
    assert answer.status == "optimal"
    assert answer.values.tolist() == pytest.approx([0, 0, 3, 3])
    assert (answer.objective, answer.gap) == (pytest.approx(24), 0)


def test_a_dual_is_what_one_more_on_the_right_side_costs():
    program = buying()
    answer = program.minimise(relaxed=True)
    need, cap = program.constraints
    assert answer.dual(need) == pytest.approx([1.75])
    assert answer.dual(cap) == pytest.approx([-0.75])  # a ton more at 1 saves one at 1.75
    assert answer.objective == pytest.approx(15 * 1.75 - 3 * 0.75)


def test_integers_kept_at_their_values_leave_a_program_with_duals():
    program = buying()
    answer = program.minimise(fixed=np.array([0, 0, 3.0, 2.0]))
    assert answer.objective == pytest.approx(14 + 3 + 4 * 2)
    assert answer.dual(program.constraints[0]) == pytest.approx([2.0])


def test_a_first_solution_that_is_bad_does_not_stay():
    answer = buying().minimise(start=np.array([10, 2, 3, 0.0]))
    assert answer.objective == pytest.approx(24)
    # Presolve takes away y and two of the x; the solver then calls this first solution optimal.
    program = Program()
    x = program.variables("x", (3,), cost=[2.0, 3, 1], upper=[10.0, 10, 1e6], unit=100)
    y = program.variables("y", (1,), cost=7.0, integer=True, upper=5)
    program.rows("need", (1,), (0, x.at, 1.0), (0, y.at, 4.0), lower=15.0)
    assert program.minimise(start=np.array([10, 5, 0, 0.0])).objective == pytest.approx(15)


def test_statuses_come_as_data():
    program = buying()
    program.rows("less", (1,), (0, program.columns[0].at, 1.0), (0, program.columns[1].at, 4.0), upper=5.0)
    answer = program.minimise()
    assert (answer.status, len(answer.values), answer.objective) == ("infeasible", 0, np.inf)
    for integer in (False, True):
        endless = Program()
        endless.variables("z", (2,), cost=[-1.0, 1.0], integer=integer)
        assert endless.minimise().status == "unbounded"
    empty = Program()
    assert empty.minimise().status == "optimal"
    empty.rows("impossible", (1,), lower=1.0)
    assert empty.minimise().status == "infeasible"


def test_when_time_is_up_the_best_solution_comes_with_its_gap():
    answer = knapsack().minimise(gap=0.0, seconds=0.15)
    assert answer.status == "time_limit"
    assert len(answer.values) == 40
    assert answer.gap > 0
    assert answer.objective == pytest.approx(answer.bound + answer.gap * abs(answer.objective))


def test_the_same_program_gives_the_same_answer():
    first, second = (knapsack(30).minimise(gap=0.01) for _ in range(2))
    assert first.values.tolist() == second.values.tolist()


def test_nothing_is_printed(capfd):
    buying().minimise()
    assert capfd.readouterr().out == ""


def test_units_change_no_solution():
    for tons, usd in ((1e-6, 1.0), (1e6, 1e-3), (1.0, 1e9)):
        program = Program()
        x = program.variables(
            "x", (2,), cost=[2.0 * usd / tons, usd / tons], upper=[np.inf, 4 * tons], unit=tons
        )
        need = program.rows("need", (1,), (0, x.at, 1.0), lower=10 * tons)
        answer = program.minimise()
        assert answer.values / tons == pytest.approx([6, 4], rel=1e-9)
        assert answer.dual(need) * tons / usd == pytest.approx([2], rel=1e-9)


def test_entries_at_the_same_place_add_up():
    program = Program()
    x = program.variables("x", (1,), cost=1.0)
    program.rows("twice", (1,), (0, x.at, 1.0), (0, x.at, 1.0), lower=8.0)
    assert program.minimise().values == pytest.approx([4])


def test_a_conflict_names_no_more_than_it_takes():
    program = Program()
    x = program.variables("x", (3,), upper=[4.0, 100, 100])
    program.rows("sum", (1,), (0, x.at[:2], 1.0), lower=10.0)
    program.rows("second", (1,), (0, x.at[1], 1.0), upper=5.0)
    program.rows("bystander", (1,), (0, x.at[2], 1.0), upper=50.0)
    rows, columns = solver.conflict(program.arrays())
    assert sorted(rows.tolist()) == [0, 1]
    assert 0 in columns
    assert 2 not in columns
    assert not len(solver.conflict(buying().arrays())[0])


def test_one_less_and_one_more_may_have_different_prices():
    # 10 at 1, then at 3: exactly at 10 one less saves 1, one more costs 3.
    program = Program()
    x = program.variables("x", (2,), cost=[1.0, 3.0], upper=[10.0, np.inf])
    program.rows("need", (1,), (0, x.at, 1.0), lower=10.0)
    answer = program.minimise()
    limits = [("row", 0), ("column", 0)]
    need, seller = solver.slopes(program.arrays(), answer.values, limits, cost=None)
    assert need == pytest.approx((1, 3))
    assert seller == pytest.approx((-2, 0), abs=1e-9)


def test_a_price_holds_between_two_amounts():
    # A second seller at 3 comes in above 8; below 0 there is nothing to buy.
    program = Program()
    x = program.variables("x", (2,), cost=[1.0, 3.0], upper=[8.0, np.inf])
    program.rows("need", (1,), (0, x.at, 1.0), lower=5.0)
    low, high = solver.right_side_ranges(program.arrays(), program.minimise())
    assert (low[0], high[0]) == (pytest.approx(0), pytest.approx(8))


def test_rows_are_written_as_people_read_them():
    assert buying().lp_text(["need"]) == (
        "rows\n  need: x(0) + x(1) + x(2) + 4 y >= 15\nbounds\n  0 <= x(0) <= 10\n  0 <= x(1) <= 10\n"
        "  0 <= x(2) <= 1000000\n  0 <= y <= 5 integer\n"
    )


def test_parts_that_no_row_joins_are_solved_apart_with_the_same_answer():
    program = Program()
    x = program.variables("x", (6,), cost=np.arange(1.0, 7.0), integer=True, upper=9.0)
    for n in range(3):
        program.rows(f"pair{n}", (1,), (0, x.at[2 * n : 2 * n + 2], [2.0, 3.0]), lower=10.0 + n)
    program.rows("all", (1,), (0, x.at, 1.0), upper=100.0)
    arrays = program.arrays()
    apart = np.array([False, False, False, True])
    part = grouped(arrays, np.arange(6), apart)
    assert part.tolist() == [0, 0, 2, 2, 4, 4]
    assert len(set(grouped(arrays, np.arange(6), ~apart & apart))) == 1
    parts = parts_of(arrays, part, apart, ~apart & apart)
    answer = minimise_parts(parts, arrays, gap=0.0, seconds=10.0)
    whole = program.minimise(gap=0.0)
    assert answer.objective == pytest.approx(whole.objective)
    assert answer.values.tolist() == pytest.approx(whole.values.tolist())
