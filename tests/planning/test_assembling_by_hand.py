"""From a market to a problem's arrays, on markets small enough to be followed by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from friendshore.disruption.feeds import FeedStep
from friendshore.disruption.market import market_of
from friendshore.errors import MissingDataError
from friendshore.parameters import Parameters
from friendshore.planning.arrivals import arrivals_of
from friendshore.planning.assembling import assemble
from friendshore.planning.claims import claims, spare_of
from friendshore.planning.costs import CostBook, Figure
from friendshore.planning.freed import freed_supply
from friendshore.planning.periods import growth_share, online_share, over_periods, ramp_share
from friendshore.planning.pricing import priced
from friendshore.planning.problem import Case, Limits
from friendshore.planning.setting import Setting, Standard
from friendshore.shocks import Profile, Shock, StockCover
from toy_paths import monthly, of, run, stop
from worlds import world

BOUNDS = np.array([0.0, 3.0, 12.0])
SLOW = Parameters(lead_months=1000.0)
GOOD = "250410"


def market(rows, **more):
    """Tons a year in 2022 at a dollar a ton by (exporter, importer), a peak year, and prices that differ."""
    prices, peak, other = more.pop("prices", {}), more.pop("peak", {}), more.pop("other", {})
    flows = [(2022, a, b, GOOD, t * prices.get((a, b), 1.0), t) for (a, b), t in rows.items()]
    flows += [(2021, a, b, GOOD, t, t) for (a, b), t in peak.items()]
    flows += [(2022, a, b, code, t, t) for (a, b, code), t in other.items()]
    return market_of(world(flows, **more.pop("world", {})), base_years=(2022,), **more)


def setting(*shocks, months=12, **more):
    stated = {
        "members": ("USA", "JPN"), "concern": ("CHN",), "partners": ("AUS",), "hosts": ("USA", "JPN", "AUS"),
        "products": (GOOD,), "cases": (Case(name="cut", months=months, probability=0.05, struck=()),),
        "shocks": (shocks or (Shock(id="cut", suppliers=("CHN",), products=(GOOD,)),),),
        "bounds": (0.0, 3.0, 12.0), "limits": Limits(),
    }  # fmt: skip
    return Setting(**(stated | more))


def table(hosts=("USA", "JPN", "AUS"), products=(GOOD,), **stated):
    own = tuple(
        Figure(parameter=name, value=value, low=value, high=value, price_year=2024, own=True)
        for name, value in stated.items()
    )
    return priced(CostBook(own=own), products, hosts)


FLOWS = {
    ("CHN", "JPN"): 600,
    ("AUS", "JPN"): 300,
    ("AUS", "USA"): 100,
    ("CHN", "USA"): 100,
    ("CHN", "KOR"): 300,
}
PEAK = {("AUS", "JPN"): 500, ("AUS", "USA"): 300}


def of_supplier(problem, supplier, array):
    """By member, what an array of links holds for a supplier."""
    name = problem.suppliers.index(supplier)
    return {
        problem.members[problem.link_member[n]]: array[..., n].tolist()
        for n in np.flatnonzero(problem.link_supplier == name)
    }


RULES = {
    # Australia sold 800 in its best year and sells 400: 400 to spare.
    "link": {"JPN": 400 * 300 / 400, "USA": 400 * 100 / 400},
    "imports": {"JPN": 400 * 900 / 1400, "USA": 400 * 200 / 1400},
    "last": {"JPN": 0, "USA": 0},
    "first": {"JPN": 400, "USA": 400},
}


@pytest.mark.parametrize("rule", RULES)
def test_a_claim_follows_its_rule(rule):
    made = assemble(market(FLOWS, peak=PEAK), setting(rule=rule), table())
    assert of_supplier(made.problem, "AUS", made.problem.link_claim_t) == pytest.approx(RULES[rule])
    assert of_supplier(made.problem, "AUS", made.problem.link_spare_t) == {"JPN": 400, "USA": 400}


@pytest.mark.parametrize("rule", ["link", "imports"])
def test_claims_of_the_whole_world_promise_a_ton_once(rule):
    base = market(FLOWS, peak=PEAK)
    rows, spare = np.arange(len(base.links.tons)), spare_of(base, Parameters())
    claimed = claims(base, rows, spare, np.ones(len(rows), bool), rule)
    assert (np.bincount(base.links.seller, claimed) <= spare * (1 + 1e-12)).all()
    assert claimed.sum() > 0


def test_nothing_is_claimed_of_who_is_of_concern_or_sells_another_grade():
    peak = PEAK | {("CHN", "JPN"): 2000}
    made = assemble(market(FLOWS, peak=peak, prices={("AUS", "USA"): 9.0}), setting(rule="first"), table())
    assert of_supplier(made.problem, "CHN", made.problem.link_claim_t) == {"JPN": 0, "USA": 0}
    assert (
        of_supplier(made.problem, "AUS", made.problem.link_claim_t)["USA"] == 400
    )  # the mean of 9 and 1 is 5
    far = assemble(market(FLOWS, peak=peak, prices={("AUS", "JPN"): 9.0}), setting(rule="first"), table())
    assert of_supplier(far.problem, "AUS", far.problem.link_claim_t)["JPN"] == 0  # it pays 3.7 and 9 there


def test_a_by_product_does_not_answer():
    base = market(FLOWS, peak=PEAK)
    half = replace(base, by_product=np.full(len(base.spare), 1.0))
    assert spare_of(half, Parameters()).sum() == 0
    assert spare_of(half, Parameters(by_product_share=0.25)).sum() == pytest.approx(base.spare.sum() / 4)


def test_demand_price_and_links_are_the_members():
    problem = assemble(market(FLOWS), setting(), table()).problem
    assert problem.demand_t.tolist() == [[200], [900]]
    assert problem.price.tolist() == [[1], [1]]
    kept = problem.link_t > 0
    assert sorted(problem.link_t[kept]) == [100, 100, 300, 600]
    assert {problem.suppliers[n] for n in problem.link_supplier[problem.link_concern]} == {"CHN"}
    assert {problem.suppliers[n] for n in problem.link_supplier[problem.link_partner]} == {"AUS"}


def test_dust_is_no_link_and_all_that_is_bought_can_be_kept():
    problem = assemble(
        market(FLOWS | {("KOR", "JPN"): 0.0005, ("DEU", "JPN"): 0.1}), setting(), table()
    ).problem
    assert "KOR" not in [problem.suppliers[n] for n in problem.link_supplier[problem.link_t > 0]]
    kept = np.bincount(problem.link_member, problem.link_t)
    assert kept.tolist() == problem.demand_t[:, 0].tolist() == [200, 900.1]


def test_a_licence_opens_a_link_again_in_steps():
    # Two months of nothing, then a half comes back over six months: 1, 1, then 1 less 1/12 more each month, then 1/2.
    licence = Shock(
        id="cut", kind="licensing", suppliers=("CHN",), products=(GOOD,), profile=Profile(shape="licensing")
    )
    problem = assemble(market(FLOWS), setting(licence), table()).problem
    first = 1 - (1 + 1 + 11 / 12) / 3
    second = 1 - (10 / 12 + 9 / 12 + 8 / 12 + 7 / 12 + 5 * 0.5) / 9
    assert of_supplier(problem, "CHN", problem.open_share[0])["JPN"] == pytest.approx([first, second])
    assert of_supplier(problem, "AUS", problem.open_share[0])["JPN"] == [1, 1]
    assert problem.cases[0].struck == ("USA", "JPN")


def test_a_short_case_counts_its_own_months():
    cut = Shock(id="cut", suppliers=("CHN",), products=(GOOD,), lost_share=0.5, duration_months=6)
    problem = assemble(market(FLOWS), setting(cut, months=6), table()).problem
    assert of_supplier(problem, "CHN", problem.open_share[0])["JPN"] == [0.5, 0.5]
    assert problem.period_months.tolist() == [[3, 3]]


def test_an_outage_strikes_all_who_buy_and_nobody_is_aimed_at():
    out = Shock(id="cut", kind="outage", suppliers=("AUS",), products=(GOOD,), lost_share=0.4)
    problem = assemble(market(FLOWS), setting(out), table()).problem
    assert of_supplier(problem, "AUS", problem.open_share[0])["USA"] == pytest.approx([0.6, 0.6])
    assert not problem.freed_t.any()


def test_a_processor_delivers_what_its_feed_allows():
    flows = {("CHN", "KOR", "FEED"): 100, ("AUS", "KOR", "FEED"): 100, ("KOR", "JPN", GOOD): 90}
    step = FeedStep(feeds=("FEED",), product=GOOD, processors=("KOR",))
    base = market({("CHN", "USA"): 10}, other=flows, steps=[step])
    shock = Shock(id="cut", suppliers=("CHN",), products=("FEED",))
    found = arrivals_of(base, [shock], 12, BOUNDS)
    links = base.links
    row = np.flatnonzero((links.exporter == base.position["KOR"]) & (links.importer == base.position["JPN"]))
    assert found.open_share[:, row].ravel().tolist() == pytest.approx([0.5, 0.5])


# 10 t a month from China to Japan stop. Korea buys 5 t of China and 20 t of Australia; Japan 5 t of Australia.
AIMED = {("CHN", "JPN"): 10, ("CHN", "KOR"): 5, ("AUS", "KOR"): 20, ("AUS", "JPN"): 5}


def freed(flows, shock, **parameters):
    base = monthly(flows)
    given = Parameters(**({"lead_months": 1000.0} | parameters))
    rows = np.arange(len(base.links.tons))
    found = freed_supply(base, arrivals_of(base, [shock], 12, BOUNDS), given, 12, BOUNDS, rows)
    names = base.countries
    return {
        (names[base.links.exporter[n]], names[base.links.importer[n]]): found[:, n].tolist()
        for n in np.flatnonzero(found.any(axis=0))
    }


def test_an_aimed_cut_frees_what_others_leave_behind():
    # Korea takes a half more of China, 2.5 t, and leaves 2.5 t of Australia, which is what Japan can take there.
    assert freed(AIMED, stop("CHN", importers=("JPN",)), link_headroom=0.5) == {("AUS", "JPN"): [7.5, 22.5]}
    # With a fifth Japan can take 1 t more of Australia, and no more need be left there.
    assert freed(AIMED, stop("CHN", importers=("JPN",)), link_headroom=0.2) == {
        ("AUS", "JPN"): pytest.approx([3, 9])
    }


def test_freed_supply_is_that_of_the_path():
    path = run(monthly(AIMED), stop("CHN", importers=("JPN",)), months=3, link_headroom=0.5)
    before = 5.0
    assert of(path, "supply_t", "JPN").sum() - 3 * before == pytest.approx(7.5)


def test_a_buyer_takes_over_no_more_than_its_link_carries():
    flows = {("CHN", "JPN"): 10, ("CHN", "KOR"): 1, ("AUS", "KOR"): 20, ("AUS", "JPN"): 20}
    assert freed(flows, stop("CHN", importers=("JPN",)), link_headroom=0.5) == {
        ("AUS", "JPN"): pytest.approx([1.5, 4.5])
    }


def test_a_cut_of_the_whole_world_frees_nothing():
    assert freed(AIMED, stop("CHN"), link_headroom=0.5) == {}


def test_freed_supply_never_exceeds_what_is_blocked():
    # Korea could take 20 t more of China; 2 t are blocked.
    flows = {("CHN", "JPN"): 2, ("CHN", "KOR"): 40, ("AUS", "KOR"): 20, ("AUS", "JPN"): 20}
    found = freed(flows, stop("CHN", importers=("JPN",)), link_headroom=0.5)
    assert found == {("AUS", "JPN"): pytest.approx([6, 18])}


def test_links_grow_after_the_lead_time_and_spare_capacity_in_its_ramp():
    given = Parameters(lead_months=6, link_ramp_months=12, spare_ramp_months=6)
    # months 3 to 11: 0 until month 6, then 1/12, 2/12 ... 5/12
    assert growth_share(given, BOUNDS).tolist() == pytest.approx([0, (1 + 2 + 3 + 4 + 5) / 12 / 9])
    # months 0 to 2: 0, 1/6, 2/6; months 3 to 11: 3/6, 4/6, 5/6 and six of 1
    assert ramp_share(given, BOUNDS).tolist() == pytest.approx([1 / 6, (2 + 6) / 9])


def test_a_plant_stands_when_its_time_to_build_is_over():
    bounds = np.array([0.0, 3.0, 12.0, 36.0])
    told = online_share(np.array([36.0, 30.0, 24.0, 12.0]), 24.0, bounds)
    by_hand = np.array([[0, 0, 1], [0, 6 / 9, 1], [1, 1, 1], [1, 1, 1]])
    assert np.allclose(told.T, by_hand)


def test_means_leave_out_what_lies_behind_the_case():
    monthly_values = np.arange(12.0)
    assert over_periods(monthly_values, BOUNDS, 5).tolist() == [1.0, 3.5]
    assert over_periods(monthly_values, BOUNDS, 3).tolist() == [1.0, 0.0]


def test_own_exports_are_those_that_could_stay():
    flows = FLOWS | {
        ("USA", "CHN"): 50,
        ("USA", "JPN"): 7,
        ("USA", "DEU"): 30,
        ("USA", "FRA"): 10,
        ("USA", "GBR"): 40,
    }
    problem = assemble(market(flows, prices={("USA", "GBR"): 5.0}), setting(), table()).problem
    # To China to be processed, to a member, and at five times the price: none of these.
    assert problem.own_exports_t.tolist() == [[40], [0]]
    assert problem.export_customers == ((("DEU", 0.75), ("FRA", 0.25)), ())


LIMITS = {
    "policy": ({"stock_days": 60.0, "fill_share": 1.0}, 900 * 60 / 365.25),
    "filling": ({"stock_days": 3000.0, "fill_share": 0.1, "notice_months": 6.0}, 900 / 12 * 0.1 * 6),
    "shelf life": ({"stock_days": 3000.0, "fill_share": 9.0, "shelf_life_days": 100.0}, 900 * 100 / 365.25),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_stock_is_limited_by_the_tightest_of_three(limit):
    stated, most = LIMITS[limit]
    problem = assemble(market(FLOWS), setting(), table(**stated)).problem
    assert problem.stock_most_t[1, 0] == pytest.approx(most)


def test_stock_that_is_there_counts_against_the_policy():
    held = (StockCover(importer="JPN", days=36.525),)
    made = assemble(market(FLOWS), setting(stocks=held), table(stock_days=60.0, fill_share=1.0))
    assert made.problem.stock_held_t[1, 0] == pytest.approx(90)
    assert made.problem.stock_most_t[1, 0] == pytest.approx(900 * 60 / 365.25 - 90)
    assert made.stock_known.tolist() == [[False], [True]]


def test_a_link_without_a_shared_standard_costs_a_fee():
    told = (Standard(("JPN",), ("AUS",), (GOOD,), 5e5),)
    problem = assemble(market(FLOWS), setting(standards=told), table()).problem
    assert of_supplier(problem, "AUS", problem.link_fee_usd) == {"USA": 0, "JPN": 5e5}


def test_a_purchase_without_a_price_is_told():
    with pytest.raises(MissingDataError) as caught:
        assemble(market(FLOWS, prices={("CHN", "USA"): 0.0, ("AUS", "USA"): 0.0}), setting(), table())
    assert caught.value.code == "missing_price"
    assert list(caught.value.rows) == [{"member": "USA", "product": GOOD}]


def test_a_plant_is_fed_by_what_the_host_mines_or_buys():
    # Lithium has no measured ore; neodymium metal is made of rare-earth compounds.
    metal, compounds = "280530", "284690"
    flows = {
        ("CHN", "JPN", metal): 10, ("CHN", "JPN", compounds): 60, ("AUS", "JPN", compounds): 40,
        ("CHN", "USA", compounds): 1,
    }  # fmt: skip
    rows = [(2022, a, b, code, float(t), float(t)) for (a, b, code), t in flows.items()]
    made = world(rows)
    output = {"Rare earth": world(rows, production={(2022, "USA", "x"): 5.0}).product_output["x"]}
    base = market_of(replace(made, material_output=output), base_years=(2022,))
    shock = Shock(id="cut", suppliers=("CHN",), products=(metal, compounds))
    asked = setting(shock, products=(metal,), hosts=("USA", "JPN", "AUS"))
    problem = assemble(base, asked, table(products=(metal,))).problem
    # Japan is left 40 of 100; the United States mine; Australia buys none: what the world's exporters still ship.
    assert problem.feed_open[0, 0, :, 0].tolist() == pytest.approx([1.0, 0.4, 40 / 101])


def test_no_mine_is_opened_where_nothing_is_mined_unless_it_is_stated():
    flows = [(2022, a, b, GOOD, 5.0, 5.0) for a, b in (("CHN", "JPN"), ("CHN", "USA"), ("AUS", "USA"))]
    plain = world(flows, production={(2022, "AUS", "x"): 5.0, (2022, "JPN", "x"): 0.0})
    base = market_of(
        replace(plain, material_output={"Graphite": plain.product_output["x"]}), base_years=(2022,)
    )
    made = assemble(base, setting(), table())
    # Of the United States it is not known here.
    assert made.problem.buildable[:, 0].tolist() == [True, False, True]
    assert made.without_ore == (("JPN", GOOD),)
    own = Figure(
        parameter="capital_usd_per_t", applies_to=GOOD, value=9.0, low=9.0, high=9.0, price_year=2024, own=True,
        hosts=("JPN",),
    )  # fmt: skip
    stated = assemble(base, setting(), priced(CostBook(own=(own,)), (GOOD,), ("USA", "JPN", "AUS")))
    assert stated.problem.buildable[:, 0].tolist() == [True, True, True]


def test_slow_links_free_less():
    fast = freed(AIMED, stop("CHN", importers=("JPN",)), link_headroom=0.5, lead_months=3.0)
    assert (
        fast["AUS", "JPN"][1]
        > freed(AIMED, stop("CHN", importers=("JPN",)), link_headroom=0.5)["AUS", "JPN"][1]
    )
