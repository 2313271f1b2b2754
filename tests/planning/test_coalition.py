"""Alone and together on problems solved by hand: costs of coalitions, worth of mechanisms, losses of outsiders."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from toys import case, toy_problem

from friendshore.errors import ArgumentError
from friendshore.planning import mechanisms
from friendshore.planning.coalition import cost_in_game, game, need_usd, outsiders
from friendshore.planning.mechanisms import gain_by_mechanism, mechanism_costs, sharing_of, used
from friendshore.planning.problem import ALONE, MECHANISMS, TOGETHER, Objective
from friendshore.planning.sharing import least_core, leavers, proportional, shapley

LEAST = Objective()


def one_at_a_time(**changed):
    """Each member is cut off in a case of its own. Nothing can be bought or built: each has to hold 50 t, at 100."""
    cases = tuple(case(name=f"only-{name}", struck=(name,)) for name in ("USA", "JPN"))
    return toy_problem(**{"cases": cases, "claim": 0.0, "buildable": False, "stock_most_t": 60.0, **changed})


def unit_each(**changed):
    """Three members each lack a ton: a lump of 2 t costs 3,000 a year, a ton bought 2,000."""
    return toy_problem(
        **{
            "members": ("USA", "JPN", "KOR"), "suppliers": ("CHN", "AUS"), "flows": (1.0, 0.0), "claim": 1.0,
            "shortage_share": 0.0, "lump_t": 2.0, "capital_usd_per_t": 15_000.0, "stock_most_t": 0.0,
            "switching_share": 2.0, "emergency_share": 20.0, **changed,
        }
    )  # fmt: skip


def test_a_stock_that_serves_whoever_is_hit_is_held_once():
    found = game(one_at_a_time(), LEAST)
    assert found.costs == pytest.approx([0, 5000, 5000, 5000])
    assert found.plans[3].stock_t.sum() == pytest.approx(50)
    assert found.members(3) == ("USA", "JPN")
    # Struck at once, both need their own.
    both = toy_problem(claim=0.0, buildable=False, stock_most_t=60.0)
    assert game(both, LEAST).costs == pytest.approx([0, 5000, 5000, 10_000])


def test_a_shared_lump_leaves_an_empty_core():
    found = game(unit_each(), LEAST)
    assert found.costs == pytest.approx(1000 * np.array([0, 2, 2, 3, 2, 3, 3, 5]))
    assert least_core(found.costs).excess_usd == pytest.approx(1000 / 3)
    assert len(leavers(found.costs, shapley(found.costs))) == 3


def test_only_some_may_play():
    found = game(unit_each(), LEAST, players=(0, 2))
    assert found.names == ("USA", "KOR")
    assert found.costs == pytest.approx([0, 2000, 2000, 3000])


def test_more_coalitions_than_can_be_solved_are_refused():
    many = toy_problem(members=tuple(f"M{n:02}" for n in range(16)))
    with pytest.raises(ArgumentError) as raised:
        game(many, LEAST)
    assert raised.value.code == "too_many_members"


def test_a_coalition_without_a_plan_has_no_cost():
    # At most 15 t of stock each, where 50 are needed; JPN holds what it needs.
    problem = one_at_a_time(stock_held_t=[[0.0], [50.0]])
    problem.stock_most_t[:] = 15.0
    found = game(problem, LEAST)
    assert np.isnan(found.costs[1])
    assert found.costs[2] == 0
    # Together JPN's stock serves the USA.
    assert found.costs[3] == 0


def test_a_coalition_is_never_dearer_than_its_parts():
    rng = np.random.default_rng(3)
    for _ in range(3):
        problem = toy_problem(
            members=("USA", "JPN", "KOR"), lump_t=rng.choice([0.0, 7.0, 30.0]), claim=rng.uniform(5, 15),
            own_exports_t=rng.uniform(0, 20, (3, 1)), outsider_share=1.0,
            cases=(case(struck=("USA", "KOR")), case("all", struck=("USA", "JPN", "KOR"))),
        )  # fmt: skip
        costs = game(problem, LEAST).costs
        for whole in range(1, 8):
            for part in range(1, whole):
                if part & whole == part:
                    assert costs[whole] <= costs[part] + costs[whole ^ part] + 1e-6


def test_where_shortage_comes_first_what_is_missing_is_part_of_the_cost():
    found = game(one_at_a_time(budgets_usd=20_000.0), Objective(kind="least_shortage"))
    # 20 t of stock (2,000 a year) each; 40 t missing at 5 times 1,000 with a chance of 0.1.
    assert cost_in_game(found.plans[1]) == pytest.approx(2000 + 0.1 * 40 * 5000, rel=1e-5)
    assert found.costs[3] == pytest.approx(4000 + 2 * 0.1 * 20 * 5000, rel=1e-5)


def test_need_is_the_value_of_what_the_worst_case_leaves_missing():
    assert need_usd(one_at_a_time(), (0, 1)) == pytest.approx([60_000, 60_000])
    assert need_usd(one_at_a_time(price=[[1000.0], [3000.0]]), (1, 0)) == pytest.approx([180_000, 60_000])


def test_what_customers_lose_is_charged_and_listed_in_the_worst_case():
    customers = ((("DEU", 0.75), ("FRA", 0.25)), ())
    problem = one_at_a_time(own_exports_t=[[30.0], [0.0]], outsider_share=0.2, carrying_share=0.2)
    problem = replace(problem, export_customers=customers)
    found = game(problem, LEAST)
    # A ton turned costs 0.1 * 1,000 * (0.5 + 0.2) = 70, one held 200: USA turns 30 t home and holds 20.
    assert found.costs[1] == pytest.approx(30 * 70 + 20 * 200)
    assert found.costs[2] == pytest.approx(50 * 200)
    # Together 30 t are turned in either case, and 20 t of stock serve both.
    assert found.costs[3] == pytest.approx(2 * 30 * 70 + 20 * 200)
    assert [(o.country, o.product, o.loss_t) for o in outsiders(found.plans[3])] == [
        ("DEU", "P", pytest.approx(22.5)),
        ("FRA", "P", pytest.approx(7.5)),
    ]
    assert outsiders(found.plans[2]) == ()


@pytest.fixture
def counted(monkeypatch):
    asked = []

    def solve(*given, **more):
        asked.append(more["sharing"])
        return mechanisms_solve(*given, **more)

    mechanisms_solve = mechanisms.solve
    monkeypatch.setattr(mechanisms, "solve", solve)
    return asked


def test_a_gain_from_one_mechanism_is_that_mechanisms(counted):
    found = mechanism_costs(game(one_at_a_time(), LEAST))
    assert gain_by_mechanism(found.costs) == pytest.approx(
        {"risk": 5000, "lumps": 0, "claims": 0, "supply": 0, "budgets": 0}
    )
    # All without the stock that serves both: of this set alone no other plan tells the cost.
    assert [each.risk for each in counted] == [False]
    assert found.solved == 1


def test_each_mechanism_has_its_own_worth():
    lumps = gain_by_mechanism(mechanism_costs(game(unit_each(), LEAST)).costs)
    assert lumps == pytest.approx({"risk": 0, "lumps": 1000, "claims": 0, "supply": 0, "budgets": 0})
    # USA may claim 40 t, JPN none; both are cut off in turn, and a ton bought costs 50 against 100 held.
    turns = one_at_a_time()
    turns.link_claim_t[:] = np.where(turns.link_concern | (turns.link_member == 1), 0.0, 20.0)
    turns.link_spare_t[:] = 40.0
    found = gain_by_mechanism(mechanism_costs(game(turns, LEAST)).costs)
    assert found["claims"] > 0
    assert found["lumps"] == found["supply"] == found["budgets"] == pytest.approx(0)
    supply = one_at_a_time(own_exports_t=[[50.0], [0.0]])
    found = gain_by_mechanism(mechanism_costs(game(supply, LEAST)).costs)
    # Alone USA turns 50 t home (2,500) and JPN holds 50 (5,000); with supply opened JPN gets USA's (2,500).
    # Stock that serves both is worth nothing then, and before it: USA draws on JPN's stock instead of turning.
    costs = mechanism_costs(game(supply, LEAST)).costs
    assert costs[0] == pytest.approx(7500)
    assert costs[1 << MECHANISMS.index("risk")] == pytest.approx(5000)
    assert costs[1 << MECHANISMS.index("supply")] == pytest.approx(5000)
    assert costs[-1] == pytest.approx(5000)
    assert found == pytest.approx({"risk": 1250, "lumps": 0, "claims": 0, "supply": 1250, "budgets": 0})


def test_one_purse_buys_what_two_cannot():
    # USA could pay for 100 t of stock and JPN for 20; each lacks 50 t of which 40 may be missing.
    problem = one_at_a_time(budgets_usd=[100_000.0, 20_000.0], shortage_share=0.4)
    found = game(problem, Objective(kind="expected_cost"))
    costs = mechanism_costs(found).costs
    gains = gain_by_mechanism(costs)
    assert sum(gains.values()) == pytest.approx(costs[0] - costs[-1])
    # JPN alone: 20 t held for 2,000, 40 missing at 500 each.
    assert found.costs[2] == pytest.approx(2000 + 40 * 500)
    assert found.costs[1] == pytest.approx(6000)
    # From one purse JPN buys 60 t too: 12,000 in all; with one stock for both 60 t serve either case.
    assert costs[1 << MECHANISMS.index("budgets")] == pytest.approx(12_000)
    assert costs[-1] == pytest.approx(6000)
    assert gains["budgets"] > 0
    assert gains["risk"] > 0


@pytest.mark.parametrize(
    "budgets", [(20_000.0, 14_000.0), (40_000.0, 500.0), (np.inf, np.inf), (9_000.0, np.inf)]
)
@pytest.mark.parametrize("lump", [0.0, 20.0])
def test_skipped_sets_cost_what_a_solve_would_give(budgets, lump):
    problem = toy_problem(
        lump_t=lump, own_exports_t=[[5.0], [0.0]], budgets_usd=budgets, outsider_share=1.0,
        cases=(case(struck=("USA",)), case("all")),
    )  # fmt: skip
    priced = Objective(kind="expected_cost")
    told = mechanism_costs(game(problem, priced, gap=1e-6), gap=1e-6)
    gain = told.costs[0] - told.costs[-1]
    assert gain > 0
    assert 0 < told.solved < 30
    for mask in range(1, 31):
        plain = mechanisms.solve(problem, priced, sharing=sharing_of(mask), coalition=(0, 1), gap=1e-6)
        assert abs(told.costs[mask] - plain.cost_usd) <= mechanisms.PRECISION * gain + 1e-5 * plain.cost_usd


def test_what_both_count_on_alone_and_is_there_once_makes_acting_together_dearer():
    # Each alone would build 30 t where 30 t have room.
    room = toy_problem(capacity_most_t=30.0, claim=0.0, stock_most_t=20.0, shortage_share=0.2)
    found = game(room, Objective(kind="expected_cost"))
    told = mechanism_costs(found)
    assert found.costs[3] > found.costs[1] + found.costs[2]
    gains = gain_by_mechanism(told.costs)
    assert told.costs[-1] == found.costs[3]
    assert sum(gains.values()) == pytest.approx(found.costs[1] + found.costs[2] - found.costs[3])


def test_more_sharing_never_costs_more():
    costs = mechanism_costs(game(one_at_a_time(own_exports_t=20.0), LEAST)).costs
    for mask in range(32):
        for place in range(5) if mask else ():
            assert costs[mask | 1 << place] <= costs[mask]


def test_a_plan_alone_makes_no_use_of_anything_shared():
    plan = mechanisms.solve(toy_problem(budgets_usd=20_000.0), Objective(kind="expected_cost"), sharing=ALONE)
    assert [name for name in MECHANISMS if name != "lumps" and used(plan, name)] == []


def test_all_five_are_together_and_none_alone():
    assert sharing_of(0) == ALONE
    assert sharing_of(31) == TOGETHER


def test_the_parts_of_a_gain_by_need():
    problem = one_at_a_time(price=[[1000.0], [3000.0]])
    assert proportional(8.0, need_usd(problem, (0, 1))) == pytest.approx([2, 6])
