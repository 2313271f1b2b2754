"""Plans solved by hand, by trying everything, and what must hold whatever the numbers."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import case, toy_problem, with_changes

from friendshore.errors import ArgumentError
from friendshore.planning.problem import ALONE, TOGETHER, Corridor, Objective, Sharing
from friendshore.planning.solving import KINDS, solve

COST = Objective()
SHORTAGE = Objective(kind="least_shortage")
EXPECTED = Objective(kind="expected_cost")
WORST = Objective(kind="worst_case")


def check(plan):
    """Nothing is made of nothing, and every limit is kept."""
    p, tiny = plan.problem, 1e-6
    s, r = p.period_months.shape
    years = p.period_months / 12
    inside = np.isin(np.arange(len(p.members)), plan.coalition)
    product, member, supplier = p.link_product, p.link_member, p.link_supplier
    bought = np.zeros_like(p.demand_t)
    np.add.at(bought, (member, product), plan.normal_t)
    needed = np.where(inside[:, None], p.demand_t, 0.0)
    np.testing.assert_allclose(bought + plan.output_t.sum(axis=0), needed, atol=tiny)
    assert (plan.output_t.sum(axis=1) <= plan.capacity_t + tiny).all()
    pool = product * len(p.suppliers) + supplier
    spare = np.zeros(pool.max() + 1)
    spare[pool] = p.link_spare_t
    promised = np.bincount(pool, plan.new_t, len(spare))
    assert (promised <= spare + tiny).all()
    for i, j in itertools.product(range(s), range(r)):
        if not years[i, j] or not set(p.cases[i].struck) & {p.members[m] for m in plan.coalition}:
            continue
        asked = np.bincount(pool, plan.emergency_t[i, j] - p.freed_t[i, j], len(spare))
        assert (asked <= p.ramp_share[j] * years[i, j] * (spare - promised) + tiny).all()
        got = np.zeros_like(p.demand_t)
        np.add.at(
            got, (member, product), p.open_share[i, j] * plan.normal_t * years[i, j] + plan.emergency_t[i, j]
        )
        got += plan.delivered_t[i, j].sum(axis=0) + plan.drawn_t[i, j] + plan.redirected_t[i, j].sum(axis=0)
        cut = inside & np.isin(p.members, p.cases[i].struck)
        assert (got + plan.shortage_t[i, j] >= needed * years[i, j] - tiny)[cut].all()
        runs = p.online_share[j] * p.feed_open[i, j] * years[i, j]
        assert (plan.delivered_t[i, j].sum(axis=1) <= plan.capacity_t * runs + tiny).all()
        assert (plan.redirected_t[i, j].sum(axis=1) <= p.own_exports_t * years[i, j] + tiny).all()
    held = (plan.stock_t + p.stock_held_t)[inside].sum(axis=0)
    assert (plan.drawn_t.sum(axis=(1, 2)) <= held + tiny).all()
    assert (plan.stock_t <= p.stock_most_t + tiny).all()
    spent = (p.price * plan.stock_t).sum(axis=1) + plan.support_usd.sum(axis=(1, 2))
    budgets = p.limits.budgets_usd
    if plan.sharing.budgets:
        assert spent.sum() <= budgets[inside].sum() * (1 + tiny)
    else:
        assert (spent[inside] <= budgets[inside] * (1 + tiny)).all()
    due = p.costs.support_share * p.costs.capital_usd_per_t * plan.capacity_t
    np.testing.assert_allclose(plan.support_usd.sum(axis=0), due, rtol=1e-9, atol=tiny)
    assert plan.cost_usd == pytest.approx(sum(plan.cost_parts_usd.values()), rel=1e-12)
    assert plan.cost_usd == pytest.approx(plan.member_cost_usd.sum(), rel=1e-12)
    return plan


def solved(problem, objective=COST, **options):
    plan = solve(problem, objective, **options)
    assert plan.status == "optimal"
    return check(plan)


def test_the_smallest_plan_is_the_one_found_by_hand():
    # Each lacks 60 t and may lack 10: 20 t of claims at 50, 15 t held at 100, 15 t built at 200.
    for sharing in (ALONE, TOGETHER):
        plan = solved(toy_problem(), sharing=sharing)
        assert plan.cost_usd == pytest.approx(2 * (20 * 50 + 15 * 100 + 15 * 200))
        assert plan.stock_t.ravel() == pytest.approx([15, 15])
        assert plan.capacity_t.ravel() == pytest.approx([30])
        assert plan.shortage_t.ravel() == pytest.approx([10, 10])


def test_costs_go_to_the_part_and_the_member_they_belong_to():
    plan = solved(toy_problem(switching_share=0.04, gap_usd_per_t=10.0), sharing=ALONE)
    # 20 t bought in normal times at 40, the plant for normal times too where that costs nothing more: it does.
    assert plan.cost_parts_usd["switching"] == pytest.approx(2 * 20 * 40)
    assert plan.cost_parts_usd["emergency"] == pytest.approx(0)
    assert plan.cost_parts_usd["stock"] == pytest.approx(2 * 15 * 100)
    assert plan.cost_parts_usd["capital"] == pytest.approx(2 * 15 * 200)
    assert plan.cost_parts_usd["operating"] == pytest.approx(0)
    assert plan.member_cost_usd == pytest.approx([5300, 5300])
    assert plan.support_usd[:, 0, 0] == pytest.approx([15000, 15000])


def test_a_dearer_supplier_costs_what_it_is_dearer_in_normal_times_and_by_chance_in_a_crisis():
    # AUS and BRA ask 1,200: 250 more a ton in normal times, 0.1 * 700 in a crisis.
    plan = solved(toy_problem(link_price=1200.0), sharing=ALONE)
    assert plan.cost_parts_usd["emergency"] == pytest.approx(2 * 20 * 70)
    assert plan.new_t.sum() == pytest.approx(0)


def test_shortage_comes_first_and_cost_second():
    plan = solved(toy_problem(budgets_usd=10000.0), SHORTAGE, sharing=ALONE)
    # 20 t of claims and ten thousand dollars: 10 t held rather than built, either is 1,000 a ton.
    assert plan.shortage_t.ravel() == pytest.approx([30, 30], rel=1e-4)
    assert plan.cost_usd == pytest.approx(2 * (20 * 50 + 10 * 100), rel=1e-4)
    free = solved(toy_problem(), SHORTAGE, sharing=ALONE)
    assert free.shortage_t.ravel() == pytest.approx([0, 0], abs=1e-3)
    assert free.cost_usd == pytest.approx(2 * (20 * 50 + 15 * 100 + 25 * 200), rel=1e-4)


def test_supply_that_is_lost_is_priced_and_what_is_dearer_than_that_is_left():
    # A ton missing costs 0.1 * 1.5 * 1,000 = 150 a year: more than a stock, less than a plant.
    plan = solved(toy_problem(value_factor=1.5), EXPECTED, sharing=ALONE)
    assert plan.capacity_t.sum() == pytest.approx(0)
    assert plan.stock_t.ravel() == pytest.approx([15, 15])
    assert plan.cost_parts_usd["lost"] == pytest.approx(2 * 25 * 150)
    assert plan.objective_value == plan.cost_usd


def test_the_worst_case_counts_as_if_it_were_certain():
    # A ton missing costs 1,500, a plant 200: built. The milder case may cost what it likes.
    two = [case("hard", 12, 0.01), case("soft", 6, 0.5)]
    plan = solved(toy_problem(value_factor=1.5, cases=two), WORST, sharing=ALONE)
    assert plan.shortage_t.sum() == pytest.approx(0, abs=1e-6)
    assert plan.cost_usd == pytest.approx(2 * (20 * 50 + 15 * 100 + 25 * 200))


def test_the_mean_of_the_worst_tenth_is_that():
    # Nothing can be done; 60 t missing each at 1,000: case of 0.04 costs 120,000, of 0.02 half of it.
    two = [case("hard", 12, 0.04), case("soft", 6, 0.02)]
    bare = toy_problem(cases=two, claim=0.0, stock_most_t=0.0, buildable=False, value_factor=1.0)
    plan = solved(bare, Objective(kind="cvar", tail=0.9))
    assert plan.cost_usd == pytest.approx((0.04 * 120_000 + 0.02 * 60_000) / 0.1)
    tight = solved(bare, Objective(kind="cvar", tail=0.97))
    assert tight.cost_usd == pytest.approx(120_000)


def test_pooled_stock_serves_whoever_is_hit():
    # Two cases, each hits one: held apart 15 t each are needed, held together 15 t are enough.
    cases = [case("usa", 12, 0.05, ("USA",)), case("jpn", 12, 0.05, ("JPN",))]
    bare = toy_problem(cases=cases, claim=0.0, buildable=False, shortage_share=0.45)
    alone, pooled = solved(bare, sharing=ALONE), solved(bare, sharing=Sharing(risk=True))
    assert alone.stock_t.sum() == pytest.approx(30)
    assert pooled.stock_t.sum() == pytest.approx(15)
    assert pooled.cost_usd == pytest.approx(1500)


def test_a_shared_plant_is_not_promised_to_both():
    # Each may lack 30 t of 60: a plant of 30 t serves whoever is hit, unless the other lives on it.
    cases = [case("usa", 12, 0.05, ("USA",)), case("jpn", 12, 0.05, ("JPN",))]
    bare = {"cases": cases, "claim": 0.0, "stock_most_t": 0.0, "shortage_share": 0.3}
    plan = solved(toy_problem(**bare), sharing=Sharing(lumps=True))
    assert plan.capacity_t.sum() == pytest.approx(30)
    # It must sell all of it in normal times: half to each, who goes on buying it, so 30 t are left only of 60.
    used = solved(toy_problem(**bare, least_use_share=1.0), sharing=Sharing(lumps=True))
    both = used.output_t[0, :, 0]
    assert used.capacity_t.sum() >= 30 + both.min() - 1e-6


def test_whole_plants_are_shared_where_half_of_one_would_do():
    # A lump of 30 for both, or of 30 for each.
    lumps = toy_problem(lump_t=30.0, stock_most_t=15.0)
    assert solved(lumps, sharing=Sharing(lumps=True)).capacity_t.sum() == pytest.approx(30)
    assert solved(lumps, sharing=ALONE).capacity_t.sum() == pytest.approx(60)


def test_own_exports_come_home_and_go_to_an_ally_only_where_supply_is_opened():
    exports = toy_problem(own_exports_t=[[40.0], [0.0]], outsider_share=0.2)
    alone, opened = solved(exports, sharing=ALONE), solved(exports, sharing=Sharing(supply=True))
    # Home at 0.1 * 700 = 70 a ton: instead of stock and plant.
    assert alone.redirected_t[0, 0, 0, 0, 0] == pytest.approx(30)
    assert alone.member_cost_usd == pytest.approx([20 * 50 + 30 * 70, 5500])
    assert opened.redirected_t[0, 0, 0, :, 0].sum() == pytest.approx(40)
    assert opened.cost_parts_usd["outsiders"] == pytest.approx(40 * 0.1 * 200)


def test_a_purse_that_is_too_small_is_helped_only_where_purses_are_joined():
    poor = toy_problem(budgets_usd=[40000.0, 20000.0])
    assert solve(poor, COST, sharing=ALONE).status == "infeasible"
    joined = solved(poor, sharing=Sharing(budgets=True))
    assert joined.cost_usd == pytest.approx(11000)
    shared = solved(poor, sharing=Sharing(lumps=True))
    # One plant, paid by whom has the money: Japan holds 15 t for 15,000 and pays 5,000 at most.
    assert shared.support_usd.sum() == pytest.approx(30000)
    assert shared.support_usd[1].sum() <= 20000 - 1000 * shared.stock_t[1, 0] + 1e-6


def test_a_plant_replaces_purchases_only_once_it_stands():
    # It stands from month 12 of a cut of 24. Before, the member goes on buying what the plant will replace.
    late = toy_problem(
        cases=[case("long", 24)], bounds=(0, 12, 24), online_share=[[0.0], [1.0]], growth_share=1.0, ramp_share=1.0,
        least_use_share=1.0, shortage_share=0.25, months=24, stock_most_t=0.0, suppliers=("CHN", "AUS", "BRA"),
    )  # fmt: skip
    # In the first year 40 + 20 t arrive of 100, whatever is built; 25 t may be missing: 15 t short.
    assert solve(late, COST).status == "infeasible"
    loose = solve(with_changes(late, shortage_share=0.4), COST)
    assert loose.status == "optimal"
    assert loose.capacity_t.sum() == pytest.approx(0)


def test_a_link_without_its_fee_carries_no_more_than_today():
    fees = [0, 0, 4000.0, 0, 0, 4000.0]  # BRA, 400 a year: 10 t there save 10 t of plant, worth 1,500
    plan = solved(toy_problem(link_fee_usd=fees), sharing=ALONE)
    assert plan.cost_parts_usd["qualification"] == pytest.approx(800)
    dear = solved(toy_problem(link_fee_usd=np.multiply(fees, 5)), sharing=ALONE)
    assert dear.cost_parts_usd["qualification"] == 0
    bra = dear.problem.link_supplier == 2
    assert dear.emergency_t[:, :, bra].sum() == 0
    assert dear.new_t[bra].sum() == 0


def test_caps_move_purchases():
    plan = solved(toy_problem(concern_share=0.5), sharing=ALONE)
    china = plan.problem.link_concern
    assert plan.normal_t[china].tolist() == pytest.approx([50, 50])
    floor = solved(toy_problem(partner_share=0.8), sharing=ALONE)
    for member in (0, 1):
        bought = floor.normal_t[3 * member + 1 : 3 * member + 3].sum()
        made = floor.output_t[:, member].sum()  # what a friend's plant makes counts too
        assert bought + made == pytest.approx(80)
    single = solved(toy_problem(any_share=0.35, claim=20.0), sharing=ALONE)
    assert single.normal_t[1] <= 35 + 1e-6


def test_two_products_one_by_one_or_at_once_give_the_same_plan():
    problem = toy_problem(products=("P", "Q"), lump_t=[20.0, 0.0], price=[[1000.0, 300.0], [1100.0, 250.0]])
    for kind in ("least_cost", "least_shortage", "expected_cost"):
        for sharing in (ALONE, TOGETHER):
            for budget in (np.inf, 70000.0, 45000.0):
                given = with_changes(problem, budgets_usd=budget)
                apart = solve(given, Objective(kind=kind), sharing=sharing, gap=1e-7)
                whole = solve(given, Objective(kind=kind), sharing=sharing, gap=1e-7, split=False)
                assert apart.status == whole.status
                assert apart.cost_usd == pytest.approx(whole.cost_usd, rel=1e-5)


@pytest.mark.parametrize("lump", [12.0, 20.0, 35.0])
def test_whole_plants_are_as_good_as_trying_every_number_of_them(lump):
    capital = [[2000.0, 900.0], [1700.0, 1000.0]]
    problem = toy_problem(
        products=("P", "Q"), hosts=("USA", "JPN"), lump_t=lump, budgets_usd=42000.0, capital_usd_per_t=capital,
        capacity_most_t=3.2 * lump,
    )  # fmt: skip
    plan = solved(problem, EXPECTED, gap=1e-9)
    best = np.inf
    for counts in itertools.product(range(4), repeat=4):
        z = lump * np.array(counts, float).reshape(2, 2)
        fixed = with_changes(problem, lump_t=0.0)
        priced = solve(replace(fixed, corridor=Corridor(capacity_t=(z, z))), EXPECTED)
        best = min(best, priced.cost_usd)
    assert plan.cost_usd == pytest.approx(best, rel=1e-7)


def test_the_union_of_plans_alone_is_never_beaten_by_haste():
    lumps = toy_problem(lump_t=20.0, budgets_usd=40000.0)
    alone = [solved(lumps, coalition=(m,)) for m in (0, 1)]
    joint = solve(lumps, COST, start=alone, gap=0.9)
    check(joint)
    assert joint.cost_usd <= sum(plan.cost_usd for plan in alone) * (1 + 1e-9)
    hasty = solve(lumps, COST, start=alone, seconds=0.0, split=False)
    assert hasty.status in {"time_limit", "optimal"}
    if np.isfinite(hasty.cost_usd):
        assert hasty.cost_usd <= sum(plan.cost_usd for plan in alone) * (1 + 1e-9)


def test_no_demand_needs_no_plan():
    plan = solved(toy_problem(demand_t=0.0, link_t=0.0))
    assert (plan.cost_usd, plan.normal_t.sum()) == (0, 0)
    one = solved(toy_problem(demand_t=[[100.0], [0.0]], link_t=[60, 40, 0, 0, 0, 0.0]))
    assert one.member_cost_usd.tolist() == pytest.approx([5500, 0])


def test_what_makes_no_sense_is_refused():
    for code, changed in {
        "probability_above_one": {"cases": [case("a", 12, 0.6), case("b", 12, 0.6)]},
        "negative_cost": {"switching_share": -0.1},
        "missing_price": {"price": np.nan},
    }.items():
        with pytest.raises(ArgumentError) as raised:
            solve(toy_problem(**changed), COST)
        assert raised.value.code == code
        assert raised.value.hint
    with pytest.raises(ArgumentError, match="cheapest"):
        solve(toy_problem(), Objective(kind="cheapest"))
    with pytest.raises(ArgumentError, match="Nobody"):
        solve(toy_problem(), COST, coalition=())


NUMBERS = st.fixed_dictionaries(
    {
        "flows": st.tuples(*[st.integers(0, 60)] * 3).filter(lambda flows: sum(flows) > 0),
        "claim": st.integers(0, 30),
        "lump_t": st.sampled_from([0.0, 0.0, 15.0]),
        "stock_most_t": st.integers(0, 30),
        "stock_held_t": st.integers(0, 10),
        "own_exports_t": st.integers(0, 10),
        "budgets_usd": st.sampled_from([np.inf, 5e3, 2e4, 6e4]),
        "value_factor": st.sampled_from([0.5, 2.0, 20.0]),
        "headroom_share": st.sampled_from([0.0, 0.3]),
        "ramp_share": st.sampled_from([0.3, 1.0]),
        "least_use_share": st.sampled_from([0.0, 0.5]),
        "freed_t": st.sampled_from([0.0, 3.0]),
    }
)
CASES = (
    case("both", 12, 0.05),
    case("usa", 12, 0.1, ("USA",)),
    case("jpn", 36, 0.05, ("JPN",)),
)


def worth(problem, objective, **options):
    plan = solve(problem, objective, gap=1e-7, **options)
    if plan.status == "infeasible":
        return np.inf
    check(plan)
    return plan.objective_value


def below(less, more):
    assert less <= more + 1e-5 * max(1.0, abs(more)) if np.isfinite(more) else True


@settings(max_examples=25, deadline=None)
@given(NUMBERS, st.sampled_from([k for k in KINDS if k != "least_shortage"]))
def test_more_money_never_hurts_and_one_case_more_never_helps(numbers, kind):
    objective = Objective(kind=kind)
    problem = toy_problem(cases=CASES[:2], bounds=(0, 6, 36), **numbers)
    cost = worth(problem, objective)
    below(worth(with_changes(problem, budgets_usd=problem.limits.budgets_usd * 2), objective), cost)
    below(cost, worth(toy_problem(cases=CASES, bounds=(0, 6, 36), **numbers), objective))
    below(worth(problem, objective, relaxed=True), cost)


@settings(max_examples=20, deadline=None)
@given(NUMBERS, st.sampled_from([k for k in KINDS if k != "least_shortage"]))
def test_acting_together_never_costs_more_than_each_alone(numbers, kind):
    objective = Objective(kind=kind)
    problem = toy_problem(cases=CASES, bounds=(0, 6, 36), **numbers)
    alone = [worth(problem, objective, coalition=(m,)) for m in (0, 1)]
    below(worth(problem, objective), sum(alone))
    below(worth(problem, objective, sharing=ALONE), sum(alone))
    if kind != "worst_case" and kind != "cvar":
        below(sum(alone), worth(problem, objective, sharing=ALONE))


@settings(max_examples=15, deadline=None)
@given(NUMBERS, st.sampled_from([1e-3, 7.0, 1e4]), st.sampled_from([1e-3, 3.0, 1e5]))
def test_other_weights_and_other_money_change_no_decision(numbers, tons, usd):
    problem = toy_problem(cases=CASES, bounds=(0, 6, 36), **numbers)
    names = ("demand_t", "link_t", "link_claim_t", "link_spare_t", "freed_t", "own_exports_t", "stock_held_t",
             "stock_most_t", "lump_t")  # fmt: skip
    scaled = with_changes(
        problem, **{name: getattr(problem, name) * tons for name in names}, price=problem.price * usd / tons,
        link_price=problem.link_price * usd / tons, capital_usd_per_t=problem.costs.capital_usd_per_t * usd / tons,
        budgets_usd=problem.limits.budgets_usd * usd,
    )  # fmt: skip
    for objective in (COST, EXPECTED):
        one, other = (solve(p, objective, gap=1e-7) for p in (problem, scaled))
        assert one.status == other.status
        if one.status == "optimal":
            assert other.cost_usd == pytest.approx(one.cost_usd * usd, rel=1e-6, abs=1e-6 * usd)
            assert other.capacity_t.sum() == pytest.approx(
                one.capacity_t.sum() * tons, rel=1e-4, abs=1e-4 * tons
            )
