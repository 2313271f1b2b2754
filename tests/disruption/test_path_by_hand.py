"""Markets small enough to be solved with a pencil."""

from __future__ import annotations

import numpy as np
import pytest

from friendshore.disruption.feeds import FeedStep
from friendshore.disruption.market import market_of
from friendshore.disruption.reading import replacement, summary
from friendshore.shocks import Profile, StockCover
from toy_paths import monthly, of, run, stop
from worlds import world

TWO = {("CHN", "JPN"): 60.0, ("AUS", "JPN"): 40.0}


def test_a_supplier_that_stops_leaves_its_share_missing_where_nobody_can_step_in():
    path = run(monthly(TWO), stop("CHN"))
    assert of(path, "shortage_share", "JPN") == pytest.approx(np.full(12, 0.6))
    assert of(path, "supply_t", "JPN") == pytest.approx(np.full(12, 40.0))
    read = summary(path)
    at = path.market.buyer("AAA", "JPN")
    assert read.cover_days[0, at] == 0
    assert read.months_short[0, at] == 12
    assert read.total_shortage_t[0, at] == pytest.approx(720)
    assert read.replaced_share[0, at] == 0


def test_the_market_returns_to_its_base_when_the_shock_ends():
    path = run(monthly(TWO), stop("CHN", start_month=2, duration_months=3))
    assert of(path, "shortage_t", "JPN") == pytest.approx([0, 0, 60, 60, 60, 0, 0, 0, 0, 0, 0, 0])


def test_a_lost_share_is_reached_evenly_over_its_ramp():
    path = run(monthly(TWO), stop("CHN", lost_share=0.8, ramp_months=4), months=5)
    assert of(path, "shortage_t", "JPN") == pytest.approx([12, 24, 36, 48, 48])


def test_licences_hold_back_all_at_first_and_then_let_a_part_through():
    profile = Profile(shape="licensing", delay_months=2, back_share=0.5, back_months=2)
    path = run(monthly(TWO), stop("CHN", kind="licensing", profile=profile), months=6)
    assert of(path, "shortage_t", "JPN") == pytest.approx([60, 60, 45, 30, 30, 30])


def test_sixty_days_of_stock_last_hundred_days_where_sixty_percent_are_missing():
    path = run(monthly(TWO), stop("CHN"), stocks=[StockCover(importer="JPN", days=60)])
    at = path.market.buyer("AAA", "JPN")
    assert summary(path).cover_days[0, at] == pytest.approx(60 / 0.6)
    assert path.stock_known[at]
    # gap of 60 in each of 3.285 months
    months = 60 / 0.6 / (365.25 / 12)
    assert summary(path).months_to_10pct[0, at] == pytest.approx(months)
    assert of(path, "shortage_t", "JPN")[3] == pytest.approx(60 * (4 - months))


def test_stretching_spreads_a_stock_over_the_expected_duration():
    stocks = [StockCover(importer="JPN", days=60)]
    path = run(monthly(TWO), stop("CHN", duration_months=6), stocks=stocks, stock_rule="stretch", months=6)
    a_month = 100 * 60 / (365.25 / 12) / 6
    assert of(path, "drawn_t", "JPN") == pytest.approx(np.full(6, a_month))
    assert summary(path).cover_days[0, path.market.buyer("AAA", "JPN")] == 0


def test_a_floor_is_never_touched():
    stocks = [StockCover(importer="JPN", days=60)]
    path = run(monthly(TWO), stop("CHN"), stocks=stocks, stock_rule="floor", floor_share=0.5)
    full = 100 * 60 / (365.25 / 12)
    assert of(path, "stock_t", "JPN").min() == pytest.approx(full / 2)


def test_a_stock_is_filled_again_after_the_shock_at_the_pace_of_refilling():
    market = monthly({**TWO, ("USA", "JPN"): 4.0}, peak={("USA", "JPN"): 44.0})
    stocks = [StockCover(importer="JPN", days=30)]
    path = run(
        market, stop("CHN", duration_months=1), stocks=stocks, months=30,
        refill_months=2, link_headroom=10, spare_ramp_months=0.1,
    )  # fmt: skip
    stock = of(path, "stock_t", "JPN")
    full = 104 * 30 / (365.25 / 12)
    assert stock[0] == pytest.approx(full - 60)
    assert stock[1:4] == pytest.approx(
        [full - 30, full - 15, full - 7.5]
    )  # half of what is missing each month
    assert stock[-1] == pytest.approx(full, rel=1e-4)
    assert of(path, "shortage_t", "JPN").max() == 0


def test_spare_capacity_climbs_over_its_ramp_after_the_call():
    path = run(
        monthly(TWO, peak={("AUS", "JPN"): 64.0}),
        stop("CHN"),
        link_headroom=10.0,
        spare_ramp_months=6.0,
        months=8,
    )
    assert of(path, "shortage_t", "JPN") == pytest.approx([60, 56, 52, 48, 44, 40, 36, 36])


def test_requests_fill_what_each_supplier_can_spare():
    # methods 4.6, proportional reallocation with capacity: flows 60 25 10 5, spare 0 10 20 2, unmet 28
    flows = {("CHN", "JPN"): 60.0, ("AUS", "JPN"): 25.0, ("BRA", "JPN"): 10.0, ("CAN", "JPN"): 5.0}
    peak = {("AUS", "JPN"): 35.0, ("BRA", "JPN"): 30.0, ("CAN", "JPN"): 7.0}
    path = run(monthly(flows, peak=peak), stop("CHN"), link_headroom=10.0, spare_ramp_months=0.1, months=13)
    assert of(path, "shortage_t", "JPN")[1:] == pytest.approx(np.full(12, 28.0))
    more = replacement(path, path.market.buyer("AAA", "JPN"))
    assert [path.market.countries[n] for n in more.exporter] == ["BRA", "AUS", "CAN"]
    assert more.more_t == pytest.approx([240, 120, 24])
    assert more.replaced_share == pytest.approx(32 * 12 / (60 * 13))


def test_what_runs_out_of_contract_is_shared_by_who_asks():
    flows = {("CHN", "JPN"): 60.0, ("AUS", "JPN"): 40.0, ("AUS", "KOR"): 60.0}
    path = run(monthly(flows), stop("CHN"), link_headroom=0.5, contract_term_months=12.0, months=7)
    # month 0: contracts hold. Month 6: half has run out; AUS has 50 left, JPN asks for 20 + 20, KOR for 30
    assert of(path, "supply_t", "JPN")[[0, 6]] == pytest.approx([40, 20 + 50 * 40 / 70])
    assert of(path, "supply_t", "KOR")[[0, 6]] == pytest.approx([60, 30 + 50 * 30 / 70])
    outside = summary(path).outsiders_shortage_t
    assert outside.max() == 0  # everybody is watched


def test_an_aimed_cut_frees_what_others_leave_behind():
    flows = {("CHN", "JPN"): 60.0, ("CHN", "KOR"): 50.0, ("AUS", "JPN"): 40.0, ("AUS", "KOR"): 50.0}
    aimed = run(monthly(flows), stop("CHN", importers=("JPN",)), link_headroom=0.2, months=1)
    # KOR could take 10 more from CHN, JPN could take 8 more from AUS: 8 are freed
    assert of(aimed, "supply_t", "JPN") == pytest.approx([48])
    assert of(aimed, "supply_t", "KOR") == pytest.approx([100])
    at = {
        (aimed.market.countries[a], aimed.market.countries[b]): aimed.flows_t[0, 0, n]
        for n, (a, b) in enumerate(zip(aimed.market.links.exporter, aimed.market.links.importer, strict=True))
    }
    assert at["CHN", "KOR"] == pytest.approx(58)
    assert at["AUS", "KOR"] == pytest.approx(42)
    world_cut = run(monthly(flows), stop("CHN"), link_headroom=0.2, months=1)
    assert of(world_cut, "supply_t", "JPN") == pytest.approx([40])
    assert of(world_cut, "supply_t", "KOR") == pytest.approx([50])


def test_goods_come_around_through_third_countries_never_more_than_those_buy():
    flows = {("CHN", "JPN"): 60.0, ("CHN", "KOR"): 20.0, ("AUS", "JPN"): 40.0}
    cut = stop("CHN", importers=("JPN",))
    some = run(monthly(flows), cut, leakage_share=0.1, leakage_delay_months=3, months=5)
    assert of(some, "supply_t", "JPN") == pytest.approx([40, 40, 40, 46, 46])
    assert some.leaked_t[0, :, 0] == pytest.approx([0, 0, 0, 6, 6])
    most = run(monthly(flows), cut, leakage_share=1.0, leakage_delay_months=0, months=1)
    assert of(most, "supply_t", "JPN") == pytest.approx([60])
    nobody = run(monthly(flows), stop("CHN"), leakage_share=1.0, leakage_delay_months=0, months=1)
    assert of(nobody, "supply_t", "JPN") == pytest.approx([40])


def test_an_outage_is_shared_pro_rata_under_contract():
    flows = {("CHN", "JPN"): 60.0, ("CHN", "KOR"): 40.0}
    path = run(monthly(flows), stop("CHN", kind="outage", lost_share=0.5), months=1)
    assert of(path, "shortage_share", "JPN") == pytest.approx([0.5])
    assert of(path, "shortage_share", "KOR") == pytest.approx([0.5])


def test_new_links_open_after_the_lead_time_and_grow_at_the_ramp():
    flows = {("CHN", "JPN"): 100.0, ("AUS", "KOR"): 10.0}
    market = monthly(flows, peak={("AUS", "KOR"): 200.0})
    path = run(
        market, stop("CHN"), lead_months=2, link_ramp_months=4, spare_ramp_months=0.1, contract_term_months=1200,
        months=9,
    )  # fmt: skip
    # alarm in month 0; a quarter of demand may be asked more each month from month 3 on, and a month later is there
    # (and next to nothing more of the contracts that run out)
    assert of(path, "supply_t", "JPN") == pytest.approx([0, 0, 0, 0, 25, 50, 75, 100, 100], abs=0.1)


def test_a_refiner_sells_at_most_what_its_feed_allows():
    rows = [
        (2022, "CHN", "KOR", "ORE", 840.0, 840.0), (2022, "AUS", "KOR", "ORE", 360.0, 360.0),
        (2022, "KOR", "JPN", "REF", 600.0, 600.0), (2022, "AUS", "JPN", "REF", 600.0, 600.0),
    ]  # fmt: skip
    step = FeedStep(feeds=("ORE",), product="REF", processors=("KOR",))
    market = market_of(world(rows), base_years=(2022,), steps=[step])
    assert (market.feeds.limited, market.feeds.unknown) == (1, 1)
    path = run(market, stop("CHN", products=("ORE",)), months=2)
    assert of(path, "shortage_share", "KOR", "ORE") == pytest.approx([0.7, 0.7])
    assert of(path, "supply_t", "JPN", "REF") == pytest.approx([15 + 50, 15 + 50])
    without = run(
        market_of(world(rows), base_years=(2022,), steps=[]), stop("CHN", products=("ORE",)), months=2
    )
    assert of(without, "shortage_t", "JPN", "REF").max() == 0


def test_a_dearer_grade_does_not_stand_in():
    rows = [
        (2022, "CHN", "JPN", "AAA", 720.0, 720.0), (2022, "AUS", "JPN", "AAA", 480.0, 480.0),
        (2022, "USA", "JPN", "AAA", 36.0, 12.0), (2021, "USA", "JPN", "AAA", 1200.0, 1200.0),
    ]  # fmt: skip
    market = market_of(world(rows), base_years=(2022,))
    settings = {"link_headroom": 10.0, "spare_ramp_months": 0.1, "months": 2}
    assert of(run(market, stop("CHN"), **settings), "shortage_t", "JPN")[1] == pytest.approx(60)
    loose = run(market, stop("CHN"), grades=False, **settings)
    assert of(loose, "shortage_t", "JPN")[1] == pytest.approx(50)  # USA: 1 a month, ten more by the headroom


def test_price_follows_tightness_and_a_full_cut_is_rationed():
    path = run(monthly(TWO), stop("CHN"), months=2)
    assert of(path, "price_factor", "JPN")[0] == pytest.approx(0.4 ** (-1 / 0.76))
    full = run(monthly({("CHN", "JPN"): 60.0, ("AUS", "KOR"): 40.0}), stop("CHN"), months=2)
    assert np.isnan(of(full, "price_factor", "JPN")).all()
    assert of(full, "rationed", "JPN").all()


def test_demand_gives_way_to_last_months_price_by_its_elasticity():
    path = run(monthly(TWO), stop("CHN"), months=2, demand_elasticity=0.1)
    price = 0.4 ** (-1 / 0.76)
    assert of(path, "demand_t", "JPN") == pytest.approx([100, 100 * price**-0.1])


def test_alarmed_outsiders_hoard():
    flows = {("CHN", "JPN"): 60.0, ("AUS", "JPN"): 40.0, ("BRA", "KOR"): 50.0}
    market = monthly(flows, peak={("BRA", "KOR"): 90.0})
    path = run(
        market,
        stop("CHN"),
        hoarding_days=365.25 / 12,
        refill_months=2,
        link_headroom=1.0,
        spare_ramp_months=0.1,
    )
    built = of(path, "built_t", "KOR")
    # alarmed by month 0, asks in month 1, BRA can answer in month 2: half of what is missing to a month
    assert built[:4] == pytest.approx([0, 0, 25, 12.5])


def test_a_buyer_that_pays_more_is_served_first_where_rationing_is_by_pay():
    rows = [(2022, "CHN", "JPN", "AAA", 600.0, 600.0), (2022, "CHN", "KOR", "AAA", 1200.0, 600.0)]
    market = market_of(world(rows), base_years=(2022,))
    cut = stop("CHN", kind="outage", lost_share=0.5)
    path = run(market, cut, months=14, contract_term_months=12.0, rationing="pay")
    assert of(path, "supply_t", "JPN")[13] == pytest.approx(50 / 3)
    assert of(path, "supply_t", "KOR")[13] == pytest.approx(100 / 3)


def test_draws_are_runs_of_their_own():
    market = monthly(TWO)
    path = run(
        market, stop("CHN"), draws={"lost_share": np.array([1.0, 0.5]), "duration": np.ones(2)}, months=3
    )
    at = market.buyer("AAA", "JPN")
    assert path.shortage_t[:, 0, at] == pytest.approx([60, 30])
    stocks = [StockCover(importer="JPN", days=30)]
    covers = run(market, stop("CHN"), stocks=stocks, draws={"stock_factor": np.array([0.0, 1.0, 2.0])})
    assert summary(covers).cover_days[:, at] == pytest.approx([0, 50, 100])
