"""What allies' files give together is what one scenario of both would give."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from toys import case, toy_problem

from friendshore.errors import ArgumentError, DataError
from friendshore.planning.coalition import game
from friendshore.planning.cost_parts import cost_by_product
from friendshore.planning.exchange import Summary, parse_summary, summary_text
from friendshore.planning.joining import joined, refuse_differences, without_own
from friendshore.planning.mechanisms import mechanism_costs
from friendshore.planning.problem import Objective
from friendshore.planning.solving import solve
from friendshore.planning.summarising import capacity_offers, gap_today, kept_relief, needs_of, stock_offers

LEAST = Objective()
PRICED = Objective(kind="expected_cost")


def both(**changed):
    """One scenario of both allies, with everything that is one ally's own in it."""
    return toy_problem(
        products=("P", "Q"), hosts=("USA", "JPN", "AUS"), bounds=(0.0, 3.0, 12.0), lump_t=[10.0, 0.0],
        cases=(case("usa", struck=("USA",)), case("all")), own_exports_t=[[4.0, 0.0], [0.0, 2.0]],
        capital_usd_per_t=[[2000.0, 1500.0], [1800.0, 2500.0], [1234.56789, 3000.0]],
        support_share=[[0.5, 0.5], [1.0, 0.25], [0.1, 0.0]], budgets_usd=[30_000.0, 1 / 3 * 1e5],
        capacity_most_t=[[np.inf, 200.0], [300.0, np.inf], [np.inf, np.inf]], ramp_share=[0.3, 1.0],
        growth_share=[0.1, 0.6], shortage_share=0.3, **changed,
    )  # fmt: skip


def own_view(problem, member):
    """The scenario as one ally writes it: the other's stocks, budget and plants are not in it."""
    blank = without_own(problem)
    mine = np.arange(len(problem.members)) == member
    at_other = np.isin(problem.hosts, [name for place, name in enumerate(problem.members) if place != member])
    return replace(
        blank,
        stock_held_t=np.where(mine[:, None], problem.stock_held_t, 0.0),
        buildable=problem.buildable & ~at_other[:, None],
        limits=replace(problem.limits, budgets_usd=np.where(mine, problem.limits.budgets_usd, np.inf)),
    )


def sent(problem, member, lent=None, objective=PRICED):
    """What an ally sends, as it comes out of its file."""
    lent = np.zeros(len(problem.products)) if lent is None else lent
    plan = solve(problem, objective, coalition=(member,), gap=1e-7)
    written = Summary(
        member=problem.members[member], members=problem.members, data="toy", data_sha256="0" * 64,
        price_basis="USD a ton", price_years=(2022,), rule=problem.rule, periods=tuple(problem.bounds.tolist()),
        cases=tuple(each.name for each in problem.cases), products=problem.products,
        budget_usd=None if np.isinf(b := problem.limits.budgets_usd[member]) else b,
        needs=needs_of(plan, member, lent, cost_by_product(plan)), capacity=capacity_offers(problem, member),
        stock=stock_offers(problem, member, lent), agreed={"name": "agreed", "months": 12},
    )  # fmt: skip
    return parse_summary(summary_text(written).encode(), f"{written.member}.yaml"), plan


def public(problem):
    """What both compute from the data and the agreed scenario: costs of plants are those of the shipped table."""
    costs = replace(problem.costs, capital_usd_per_t=np.full((3, 2), 9e9), support_share=np.zeros((3, 2)))
    return replace(without_own(problem), costs=costs)


def test_without_stock_at_home_the_problem_is_the_same_number_by_number():
    problem = both(stock_held_t=[[3.0, 0.0], [0.0, 7.0]])
    files = [sent(own_view(problem, m), m, lent=problem.stock_held_t[m])[0] for m in (0, 1)]
    found = joined(public(problem), files)
    for part in (problem, problem.costs, problem.limits):
        there = {id(problem): found, id(problem.costs): found.costs, id(problem.limits): found.limits}[
            id(part)
        ]
        for field in fields(part):
            ours, theirs = getattr(part, field.name), getattr(there, field.name)
            if isinstance(ours, np.ndarray):
                np.testing.assert_allclose(theirs, ours, rtol=1e-8, atol=0, err_msg=field.name)
            elif field.name not in {"costs", "limits"}:
                assert theirs == ours, field.name
    assert found.relief_t is None


@pytest.mark.parametrize("objective", [LEAST, PRICED], ids=lambda each: each.kind)
def test_two_files_give_the_costs_of_one_scenario(objective):
    problem = both(stock_held_t=[[3.0, 0.0], [0.0, 7.0]])
    files = [sent(own_view(problem, m), m, lent=problem.stock_held_t[m])[0] for m in (0, 1)]
    ours = game(problem, objective, gap=1e-7)
    theirs = game(joined(public(problem), files), objective, gap=1e-7)
    assert ours.costs[-1] < ours.costs[1:3].sum() - 1
    # Numbers are rounded to nine digits; the costs differ by no more than that makes.
    assert theirs.costs == pytest.approx(ours.costs, rel=1e-6)
    assert mechanism_costs(theirs).costs == pytest.approx(mechanism_costs(ours).costs, rel=1e-6)


def secret(stock):
    problem = both(stock_held_t=stock)
    files, plans = zip(*(sent(own_view(problem, m), m) for m in (0, 1)), strict=True)
    return problem, files, plans


@pytest.mark.parametrize(
    "stock", [[[3.0, 0.0], [0.0, 7.0]], [[12.0, 5.0], [1.0, 0.0]], [[60.0, 60.0], [9.0, 9.0]]]
)
def test_a_stock_at_home_makes_the_cost_together_too_high_at_most_up_to_what_all_pay_alone(stock):
    problem, files, plans = secret(stock)
    alone = [plan.cost_usd for plan in plans]
    through_files = game(joined(public(problem), files), PRICED, gap=1e-7).costs
    lent_too = game(problem, PRICED, gap=1e-7).costs
    # Never lower than if all stock were lent, and never above what the allies pay alone.
    assert through_files[-1] >= lent_too[-1] * (1 - 1e-6)
    assert through_files[-1] <= sum(alone) * (1 + 1e-6)
    # Alone each pays just what it states.
    assert (through_files[[1, 2]] <= np.array(alone) * (1 + 1e-6)).all()
    assert [each.cost_alone() for each in files] == pytest.approx(alone, rel=1e-7)


def test_a_stock_at_home_shows_in_the_gap_alone():
    problem, files, plans = secret([[12.0, 5.0], [0.0, 0.0]])
    found = joined(public(problem), files)
    assert not found.stock_held_t.any()
    relief = kept_relief(plans[0], 0, np.zeros(2))
    assert 0 < relief.sum(axis=1).max() <= 12 + 1e-9
    np.testing.assert_allclose(found.relief_t[:, :, 0], relief, rtol=1e-6, atol=1e-6)
    assert not found.relief_t[:, :, 1].any()
    text = summary_text(files[0])
    assert "held" not in text.replace("withheld", "")
    stated = np.array([[gap.gap_t for gap in need.gaps] for need in files[0].needs])
    np.testing.assert_allclose(
        stated.transpose(1, 2, 0), gap_today(problem)[:, :, 0] - relief, rtol=1e-6, atol=1e-6
    )


def test_who_has_no_plan_alone_draws_its_stock_as_soon_as_it_is_short():
    problem = both(stock_held_t=[[9.0, 0.0], [0.0, 0.0]], claim=0.0, buildable=False, stock_most_t=0.0)
    file, plan = sent(own_view(problem, 0), 0, objective=LEAST)
    assert plan.status == "infeasible"
    assert file.cost_alone() is None
    # 60 t a year are missing, 15 of them in the first quarter: 9 come from stock, in either case.
    assert kept_relief(plan, 0, np.zeros(2))[:, :, 0] == pytest.approx(np.array([[9, 0], [9, 0]]))


def test_only_those_whose_files_are_there_play():
    problem = toy_problem(members=("USA", "JPN", "KOR"), hosts=("USA", "JPN", "KOR"))
    files = [sent(own_view(problem, m), m)[0] for m in (0, 2)]
    found = joined(without_own(problem), files)
    assert found.buildable[:, 0].tolist() == [True, False, True]
    assert game(found, LEAST, players=(0, 2)).names == ("USA", "KOR")


def test_a_cost_by_product_adds_up_to_the_plans():
    for objective in (LEAST, PRICED, Objective(kind="worst_case"), Objective(kind="least_shortage")):
        plan = solve(both(outsider_share=1.0, gap_usd_per_t=3.0), objective)
        found = cost_by_product(plan)
        assert found.sum() == pytest.approx(plan.cost_usd)
        assert (found > 0).all()
    # Of two products that have nothing to do with each other each costs what it costs by itself.
    plan = solve(toy_problem(products=("P", "Q"), stock_most_t=[[15.0, 0.0]] * 2), LEAST)
    assert cost_by_product(plan) == pytest.approx([11_000, 2 * (20 * 50 + 30 * 200)])


def files_of_both():
    problem = both()
    return [sent(own_view(problem, m), m)[0] for m in (0, 1)]


def refused(*summaries):
    names = [f"{n}.yaml" for n in range(len(summaries))]
    with pytest.raises((ArgumentError, DataError)) as raised:
        refuse_differences(summaries, names)
    assert raised.value.hint
    return raised.value


def test_files_that_do_not_belong_together_are_refused():
    usa, jpn = files_of_both()
    refuse_differences([usa, jpn], ["a", "b"])
    assert refused(usa).code == "nobody_to_join"
    assert refused(usa, usa).code == "summary_repeated"
    assert refused(usa, jpn, usa.model_copy(update={"budget_usd": 1.0})).code == "member_twice"
    assert refused(usa, jpn.model_copy(update={"data_sha256": "1" * 64})).code == "data_differs"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"cases": ("usa",)}, "cases: usa, all against usa"),
        ({"products": ("P",)}, "products: P, Q against P"),
        ({"periods": (0.0, 12.0)}, "periods: 0.0, 3.0, 12.0 against 0.0, 12.0"),
        ({"rule": "imports"}, "rule: link against imports"),
        ({"price_years": (2020, 2021)}, "price_years: 2022 against 2020, 2021"),
        ({"members": ("USA", "JPN", "KOR")}, "members: USA, JPN against USA, JPN, KOR"),
        ({"agreed": {"name": "agreed", "months": 24}}, "agreed.months: 12 against 24"),
        ({"agreed": {"name": "agreed"}}, "agreed.months: 12 against nothing"),
    ],
)
def test_it_is_said_of_what_two_files_differ(changes, told):
    usa, jpn = files_of_both()
    error = refused(usa, jpn.model_copy(update=changes))
    assert error.code == "summaries_differ"
    assert told in error.message


def changed_offer(summary, place=0, **changes):
    offers = list(summary.capacity)
    offers[place] = offers[place].model_copy(update=changes)
    return summary.model_copy(update={"capacity": tuple(offers)})


def join_refused(problem, *files):
    with pytest.raises(DataError) as raised:
        joined(problem, files)
    return raised.value


def test_offers_that_contradict_each_other_are_refused():
    problem = public(both())
    usa, jpn = files_of_both()
    at = [offer.host for offer in jpn.capacity].index("AUS")
    error = join_refused(problem, usa, changed_offer(jpn, at, capital_usd_per_t=1.0))
    assert error.code == "offers_differ"
    assert "capital_usd_per_t 1234.56789 at AUS against 1.0 at AUS" in error.message
    # One's plant may not be larger at home than the other says of the same product.
    assert join_refused(problem, usa, changed_offer(jpn, 0, lump_t=11.0)).code == "offers_differ"
    assert join_refused(problem, usa, changed_offer(jpn, 0, host="USA")).code == "bad_summary"
    assert join_refused(problem, usa, changed_offer(jpn, 0, host="Mars")).code == "bad_summary"


def test_needs_that_are_not_those_of_the_data_are_refused():
    usa, jpn = files_of_both()
    needs = (usa.needs[0].model_copy(update={"demand_t": 101.0}), *usa.needs[1:])
    error = join_refused(public(both()), usa.model_copy(update={"needs": needs}), jpn)
    assert error.code == "needs_differ"
    assert "101 t of P, and these data give 100 t" in error.message
