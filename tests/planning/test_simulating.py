"""Plans run month by month, against months that can be followed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from friendshore.disruption.path import run_path
from friendshore.planning.problem import ALONE, TOGETHER
from friendshore.planning.simulating import difference, simulate, worst_share
from friendshore.shocks import StockCover
from toy_settings import assembled, cut, plan_of

FLOWS = {
    ("CHN", "JPN"): 600.0, ("AUS", "JPN"): 600.0, ("CHN", "USA"): 900.0, ("AUS", "USA"): 300.0, ("AUS", "KOR"): 300.0,
    ("USA", "KOR"): 240.0,
}  # fmt: skip


def missing(simulation, case=0, member=0):
    return simulation.shortage_t[case, :, member, 0]


def test_a_plan_that_changes_nothing_simulates_exactly_as_the_unchanged_market():
    shocks = ((cut("JPN"),), (cut(),))
    built = assembled(
        FLOWS, members=("JPN", "USA"), shocks=shocks, stocks=(StockCover(importer="JPN", days=40.0),),
        hoarding_days=15.0, leakage_share=0.1, link_headroom=0.2, lead_months=2.0, contract_term_months=12.0,
        peak={("AUS", "JPN"): 1500.0},
    )  # fmt: skip
    ran = simulate(built, [plan_of(built, sharing=TOGETHER)])
    for s, each in enumerate(shocks):
        path = run_path(
            built.market, each, months=12, stocks=built.setting.stocks, parameters=built.setting.parameters
        )
        for n, member in enumerate(("JPN", "USA")):
            months = path.shortage_t[0, :, path.market.buyer("AAA", member)]
            assert missing(ran, s, n) == pytest.approx([months[:3].sum(), months[3:].sum()])
        watched = np.isin(path.buyers, ran.paths[s].buyers)
        assert (path.out[..., watched] == ran.paths[s].out).all()
    assert missing(ran, 0, 0).sum() > 0


def test_what_is_bought_elsewhere_is_not_missing_when_the_supplier_stops():
    built = assembled(FLOWS, shocks=[[cut("JPN")]], peak={("AUS", "JPN"): 1000.0})
    assert missing(simulate(built)) == pytest.approx([150.0, 450.0])
    moved = plan_of(built, normal={("JPN", "CHN"): 200.0, ("JPN", "AUS"): 1000.0})
    ran = simulate(built, [moved])
    assert missing(ran) == pytest.approx([50.0, 150.0])
    assert ran.residual < 1e-9


def test_what_a_member_leaves_behind_is_there_for_others_who_ask():
    # Japan leaves 300 t a year in Australia; Korea, cut off from America, may take a fifth more than its 300 t.
    flows = FLOWS | {("BRA", "JPN"): 12.0}
    built = assembled(
        flows, members=("JPN",), shocks=[[cut("KOR", suppliers=("USA",))]], peak={("BRA", "JPN"): 900.0},
        link_headroom=0.2, concern=("USA",),
    )  # fmt: skip
    left = plan_of(built, normal={("JPN", "AUS"): 300.0, ("JPN", "BRA"): 312.0})
    before, after = simulate(built), simulate(built, [left])
    # orders that run out of contract, a little each month, move by a ton or two
    at = before.paths[0].market.products.index("AAA")
    assert before.paths[0].world_shortage_t[0, :, at].sum() == pytest.approx(240.0, rel=0.01)
    assert after.paths[0].world_shortage_t[0, :, at].sum() == pytest.approx(240.0 - 60.0, rel=0.01)


def test_purchases_use_up_the_spare_capacity_that_they_mobilise():
    built = assembled(FLOWS, shocks=[[cut("JPN")]], peak={("AUS", "JPN"): 1000.0})
    path = simulate(built, [plan_of(built, normal={("JPN", "CHN"): 500.0, ("JPN", "AUS"): 700.0})]).paths[0]
    links = path.market.links
    seller = np.flatnonzero(links.seller_country == path.market.position["AUS"])[0]
    before = np.flatnonzero(built.market.links.seller_country == built.market.position["AUS"])[0]
    assert links.seller_tons[seller] == pytest.approx(built.market.links.seller_tons[before] + 100.0)
    assert path.market.spare[seller] == pytest.approx(max(0.0, built.market.spare[before] - 100.0))


def test_a_plant_sells_to_its_owner_up_to_its_size_from_the_month_in_which_it_stands():
    # 600 t a year from China stop. The plant sells 120 t a year in normal times, can make 480, and stands from
    # month 6 on: built in 42 months, decided 36 before the cut.
    built = assembled(
        FLOWS, shocks=[[cut("JPN")]], figures={"build_months": np.array([42.0])}, bounds=(0.0, 3.0, 12.0)
    )
    plan = plan_of(
        built, normal={("JPN", "CHN"): 480.0}, capacity_t=np.array([[480.0]]), output_t=np.array([[[120.0]]])
    )
    ran = simulate(built, [plan])
    # three months without 50 t, three more, then six months in which 40 t a month come from the plant
    assert missing(ran) == pytest.approx([150.0, 150.0 + 6 * 10.0])
    assert ran.residual < 1e-9
    supply = ran.paths[0].supply_t[0, :, 0]
    assert supply == pytest.approx([50.0] * 6 + [90.0] * 6)


def test_a_plant_makes_what_its_feed_allows():
    built = assembled(FLOWS, shocks=[[cut("JPN")]])
    built.problem.feed_open[0, 1] = 0.25
    plan = plan_of(built, capacity_t=np.array([[480.0]]), normal={("JPN", "CHN"): 600.0})
    assert missing(simulate(built, [plan])) == pytest.approx([150.0 - 120.0, 450.0 - 360.0 * 0.25])


def test_a_plant_of_one_member_does_not_serve_the_other():
    built = assembled(FLOWS, members=("JPN", "USA"), shocks=[[cut()]])
    alone = plan_of(
        built,
        sharing=ALONE,
        capacity_t=np.array([[600.0], [0.0]]),
        support_usd=np.array([[[1.0], [0.0]], [[0.0], [0.0]]]),
    )
    ran = simulate(built, [alone])
    assert missing(ran, 0, 0) == pytest.approx([0.0, 0.0])
    assert missing(ran, 0, 1) == pytest.approx([225.0, 675.0])
    shared = simulate(built, [plan_of(built, sharing=TOGETHER, capacity_t=np.array([[600.0], [0.0]]))])
    total = shared.shortage_t[0, :, :, 0].sum(axis=1)
    assert total == pytest.approx([375.0 - 150.0, 1125.0 - 450.0])


def test_stock_that_is_pooled_lies_where_the_plan_draws_on_it():
    built = assembled(FLOWS, members=("JPN", "USA"), shocks=[[cut("JPN")]])
    stock, drawn = np.array([[60.0], [90.0]]), np.zeros((1, 2, 2, 1))
    drawn[0, 0, 0, 0] = 150.0
    own = simulate(built, [plan_of(built, sharing=ALONE, stock_t=stock)])
    pooled = simulate(built, [plan_of(built, sharing=TOGETHER, stock_t=stock, drawn_t=drawn)])
    assert missing(own) == pytest.approx([150.0 - 60.0, 450.0])
    assert missing(pooled) == pytest.approx([0.0, 450.0])


def test_added_stock_lies_on_top_of_what_is_held():
    built = assembled(FLOWS, shocks=[[cut("JPN")]], stocks=(StockCover(importer="JPN", days=365.25 / 12),))
    ran = simulate(built, [plan_of(built, stock_t=np.array([[20.0]]))])
    assert missing(ran).sum() == pytest.approx(600.0 - 100.0 - 20.0)


def test_exports_turned_round_are_taken_from_their_customers_and_reach_whom_the_plan_says():
    built = assembled(FLOWS, members=("JPN", "USA"), shocks=[[cut("JPN")]])
    assert built.problem.own_exports_t[1, 0] == pytest.approx(240.0)
    turned = np.zeros((1, 2, 2, 2, 1))
    turned[0, 0, 1, 0, 0] = 30.0  # 120 t a year in the first three months
    turned[0, 1, 1, 0, 0] = 180.0  # 240 t a year after that
    ran = simulate(built, [plan_of(built, sharing=TOGETHER, redirected_t=turned)])
    assert missing(ran) == pytest.approx([150.0 - 30.0, 450.0 - 180.0])
    path = ran.paths[0]
    assert ran.residual < 1e-9
    korea = path.world_shortage_t[0].sum() - missing(ran).sum()
    assert korea == pytest.approx(240.0)


def test_plans_alone_are_carried_out_in_one_market():
    built = assembled(
        FLOWS, members=("JPN", "USA"), shocks=[[cut()]], peak={("AUS", "JPN"): 1000.0, ("AUS", "USA"): 400.0}
    )
    japan = plan_of(built, coalition=(0,), normal={("JPN", "CHN"): 200.0, ("JPN", "AUS"): 1000.0})
    america = plan_of(built, coalition=(1,), normal={("USA", "CHN"): 800.0, ("USA", "AUS"): 400.0})
    ran = simulate(built, [japan, america])
    assert ran.shortage_t[0, :, :, 0].sum(axis=0) == pytest.approx([200.0, 800.0])
    ours, theirs = ran.by_plan([japan, america])
    assert ours[0, :, 1].sum() == 0 == theirs[0, :, 0].sum()


def test_nothing_drifts_in_the_market_after_a_plan():
    built = assembled(FLOWS, shocks=[[cut("KOR", suppliers=("USA",))]], peak={("AUS", "JPN"): 1000.0})
    plan = plan_of(
        built, normal={("JPN", "CHN"): 300.0, ("JPN", "AUS"): 700.0}, capacity_t=np.array([[400.0]]),
        output_t=np.array([[[200.0]]]),
    )  # fmt: skip
    path = simulate(built, [plan]).paths[0]
    assert path.shortage_t.max() == 0.0
    assert path.supply_t[0, :, 0] == pytest.approx([100.0] * 12)


def test_the_sentence_says_which_of_the_two_is_larger():
    built = assembled(FLOWS, shocks=[[cut("JPN")]])
    plan = plan_of(built)
    ran = simulate(built, [plan])
    assert worst_share(built.problem, ran.shortage_t) == pytest.approx(0.5)
    note = str(difference(ran, [plan]))
    assert "0 %" in note
    assert "50 %" in note
    assert "outsiders ask the same suppliers" in note
