"""Answers to pressure on markets that can be followed by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from friendshore.parameters import Parameters
from friendshore.planning.response import EXPORTS, STOCK, Act, Pressure, react, struck_by
from friendshore.shocks import StockCover
from toy_paths import monthly, stop
from toy_settings import CALM

FLOWS = {
    ("CHN", "JPN"): 60.0, ("AUS", "JPN"): 40.0, ("AUS", "USA"): 100.0, ("USA", "KOR"): 40.0, ("USA", "CHN"): 8.0,
    ("JPN", "KOR"): 12.0,
}  # fmt: skip
"""Tons a month. China stops its 60 to Japan."""
MONTH = 365.25 / 12


def pressure(*acts, stocks=(("JPN", 1.0), ("USA", 3.0)), months=12, **more):
    """Members hold so many months of demand."""
    market = monthly(FLOWS)
    cut = stop("CHN", importers=("JPN",), duration_months=months)
    given = {
        "market": market,
        "members": ("JPN", "USA"),
        "products": ("AAA",),
        "shocks": (cut,),
        "struck": struck_by(market, (cut,), ("JPN", "USA")),
        "concern": ("CHN",),
        "first_month": 0,
        "months": months,
        "acts": acts,
        "stocks": tuple(StockCover(importer=name, days=held * MONTH) for name, held in stocks),
        "parameters": Parameters(**CALM),
    }
    return Pressure(**given | more)


def act(kind, member, **more):
    return Act(kind=kind, member=member, products=("AAA",), **more)


def answers(case):
    none = react(case, (), joint=False)
    alone = react(case, case.struck, joint=False, before=none)
    return none, alone, react(case, case.members, joint=True, before=none)


def short(reaction, member=0):
    return float(reaction.shortage_t[member, 0])


def test_who_loses_nothing_by_a_trigger_is_not_struck():
    assert pressure().struck == ("JPN",)


def test_without_a_reaction_members_use_their_own_stock_as_they_do():
    none, alone, joint = answers(pressure())
    # 60 t a month are cut for a year; 100 t are in stock
    assert [short(each) for each in (none, alone, joint)] == pytest.approx([620.0] * 3)
    assert none.acting == joint.acting == ()
    # a tenth of demand may be missing: 100 t cover the gap of 60 t for a month and two thirds
    assert none.months[0, 0] == pytest.approx(100.0 / 60.0)
    assert none.months[1, 0] == pytest.approx(12.0)
    assert none.demand_t[0, 0] == pytest.approx(1200.0)


def test_stock_released_to_the_struck_member_is_what_it_misses_less():
    none, alone, joint = answers(pressure(act(STOCK, "USA", share=0.5)))
    assert short(alone) == short(none)
    assert short(joint) == pytest.approx(620.0 - 150.0)
    assert joint.released_t[:, 0] == pytest.approx([0.0, 150.0])
    assert joint.acting == ("USA",)
    assert joint.path.residual.max() < 1e-9


def test_days_of_stock_are_those_of_the_owners_demand_and_no_more_than_it_holds():
    half = answers(pressure(act(STOCK, "USA", days=MONTH)))[2]
    assert half.released_t[1, 0] == pytest.approx(100.0)
    most = answers(pressure(act(STOCK, "USA", days=9 * MONTH)))[2]
    assert most.released_t[1, 0] == pytest.approx(300.0)


def test_a_release_spread_over_months_brings_its_part_in_each():
    joint = answers(
        pressure(act(STOCK, "USA", share=0.4, over_months=6), stocks=(("JPN", 0.0), ("USA", 3.0)))
    )[2]
    supply = joint.path.supply_t[0, :, list(joint.path.buyers).index(joint.path.market.buyer("AAA", "JPN"))]
    assert supply == pytest.approx([60.0] * 6 + [40.0] * 6)
    assert joint.released_t[1, 0] == pytest.approx(120.0)
    assert short(joint) == pytest.approx(720.0 - 120.0)


def test_what_a_member_would_release_for_itself_stays_shut_without_a_reaction():
    none, alone, joint = answers(pressure(act(STOCK, "JPN", share=0.6)))
    assert short(none) == pytest.approx(720.0 - 40.0)
    assert short(alone) == pytest.approx(620.0)
    assert short(joint) == pytest.approx(620.0)
    assert alone.acting == ("JPN",)


def test_redirected_exports_are_taken_from_outsiders_and_not_from_who_presses():
    none, _, joint = answers(pressure(act(EXPORTS, "USA", share=0.5)))
    # 40 t a month go to Korea; the 8 t to China are no supply for Japan
    assert short(joint) == pytest.approx(short(none) - 240.0)
    assert joint.redirected_t[:, 0] == pytest.approx([0.0, 240.0])
    assert joint.lost_t == {("KOR", "AAA"): pytest.approx(240.0)}
    world = joint.path.world_shortage_t[0].sum()
    assert world == pytest.approx(short(joint) + 240.0)


def test_a_member_brings_its_own_exports_home_by_itself():
    none, alone, joint = answers(pressure(act(EXPORTS, "JPN", share=1.0)))
    assert short(alone) == pytest.approx(short(none) - 144.0)
    assert short(joint) == pytest.approx(short(none) - 144.0)
    assert alone.lost_t == {("KOR", "AAA"): pytest.approx(144.0)}


def test_two_releases_of_the_same_goods_add_up():
    both = pressure(act(STOCK, "USA", share=0.2, over_months=6), act(STOCK, "USA", share=0.2, over_months=12))
    joint = answers(both)[2]
    assert joint.released_t[1, 0] == pytest.approx(120.0)


def test_what_is_given_goes_to_whoever_misses_by_how_much():
    # The cut strikes America too: 60 t of Japan's 100 t, 20 t of 120 t of America.
    market = monthly(FLOWS | {("CHN", "USA"): 20.0, ("BRA", "CHN"): 5.0, ("CAN", "KOR"): 30.0})
    cut = stop("CHN", duration_months=12)
    case = replace(
        pressure(act(STOCK, "CAN", share=1.0)), market=market, shocks=(cut,), members=("JPN", "USA", "CAN"),
        struck=("JPN", "USA"), stocks=(),
    )  # fmt: skip
    none, _, joint = answers(case)
    assert short(none) == pytest.approx(720.0)
    assert short(none, 1) == pytest.approx(240.0)
    # Canada buys none itself, so that it holds none
    assert joint.acting == ()
    gift = replace(case, acts=(act(EXPORTS, "CAN", share=1.0),))
    joint = answers(gift)[2]
    assert short(joint) == pytest.approx(720.0 - 270.0)
    assert short(joint, 1) == pytest.approx(240.0 - 90.0)


def test_months_before_the_trigger_do_not_count():
    cut = stop("CHN", importers=("JPN",), start_month=3, duration_months=9)
    none = react(replace(pressure(stocks=()), shocks=(cut,), first_month=3), (), joint=False)
    assert none.demand_t[0, 0] == pytest.approx(900.0)
    assert short(none) == pytest.approx(540.0)
    assert none.months[0, 0] == pytest.approx(0.0)
    assert np.isfinite(none.months).all()


def test_nobody_gives_more_than_is_missing():
    # two months without 60 t, and 80 t in stock
    case = pressure(
        act(STOCK, "USA", share=1.0), act(EXPORTS, "USA", share=1.0), stocks=(("JPN", 0.8), ("USA", 3.0))
    )
    case = replace(
        case, shocks=(stop("CHN", importers=("JPN",), duration_months=2, lost_share=1.0),), months=2
    )
    none, _, joint = answers(case)
    assert short(none) == pytest.approx(120.0 - 80.0)
    assert joint.released_t[1, 0] == pytest.approx(40.0)
    assert sum(joint.lost_t.values()) == pytest.approx(40.0)
    assert short(joint) == pytest.approx(0.0)
