"""The base of a run: what is averaged, what is left out, who may stand in, what limits a refiner."""

from __future__ import annotations

import numpy as np
import pytest

from friendshore.disruption.feeds import FeedStep, feed_steps
from friendshore.disruption.grades import same_grade
from friendshore.disruption.market import default_base_years, market_of
from friendshore.disruption.path import run_path
from friendshore.errors import ArgumentError, MissingDataError
from friendshore.shocks import Shock, StockCover
from friendshore.tables.box import open_box
from worlds import world

ROWS = [
    (2020, "CHN", "JPN", "AAA", 10.0, 100.0),
    (2021, "CHN", "JPN", "AAA", 10.0, None),
    (2022, "CHN", "JPN", "AAA", 10.0, 40.0),
    (2021, "AUS", "JPN", "AAA", 3.0, 30.0),
    (2022, "USA", "JPN", "AAA", 7.0, None),
    (2016, "CHN", "KOR", "AAA", 1.0, 500.0),
    (2022, "CHN", "KOR", "BBB", 1.0, None),
]


def test_the_base_is_the_mean_of_its_years_and_an_unknown_year_is_not_a_zero():
    market = market_of(world(ROWS))
    assert market.base_years == (2020, 2021, 2022)
    links = market.links
    tons = {
        (market.countries[a], market.countries[b]): t
        for a, b, t in zip(links.exporter, links.importer, links.tons, strict=True)
    }
    assert tons["CHN", "JPN"] == pytest.approx(70)  # of 2020 and 2022
    assert tons["AUS", "JPN"] == pytest.approx(10)  # no flow in two of three years


def test_links_without_tons_are_left_out_and_counted():
    base = market_of(world(ROWS)).base
    assert (base.left_out, base.left_out_usd) == (2, pytest.approx(8 / 3))


def test_spare_capacity_is_the_distance_to_the_own_peak_of_seven_years():
    market = market_of(world(ROWS))
    seller = {market.countries[n]: s for n, s in zip(market.links.seller_country, market.spare, strict=True)}
    assert seller["CHN"] == pytest.approx(500 - 70)
    assert seller["AUS"] == pytest.approx(30 - 10)


def test_a_product_without_tons_is_refused_where_it_was_named_and_dropped_where_not():
    with pytest.raises(MissingDataError) as refused:
        market_of(world(ROWS), ["BBB"])
    assert refused.value.code == "product_without_tons"
    assert market_of(world(ROWS)).products == ("AAA",)
    with pytest.raises(ArgumentError):
        market_of(world(ROWS), ["CCC"])
    with pytest.raises(MissingDataError):
        market_of(world(ROWS), base_years=(1990,))


def test_a_bloc_is_one_importer_without_inner_flows():
    rows = [
        (2022, "CHN", "DEU", "AAA", 1, 50.0),
        (2022, "CHN", "FRA", "AAA", 1, 30.0),
        (2022, "DEU", "FRA", "AAA", 1, 9.0),
    ]
    market = market_of(world(rows), base_years=(2022,), joined={"EU": ("DEU", "FRA")})
    assert market.links.buyer_tons[market.buyer("AAA", "EU")] == pytest.approx(80)
    assert market.buyer("AAA", "FRA") == -1
    path = run_path(
        market, [Shock(id="x", suppliers=("CHN",), importers=("EU",), products=("AAA",))], months=1
    )
    assert path.shortage_share[0, 0] == pytest.approx([1.0])


def test_a_factor_of_two_in_unit_value_is_the_same_grade_and_more_is_not():
    offered = np.array([1.0, 0.5, 2.0, 0.49, 2.01, np.nan, 0.0])
    assert same_grade(offered, np.ones(7)).tolist() == [True, True, True, False, False, False, False]


def test_new_links_lead_to_the_largest_exporters_and_never_home():
    rows = [
        (2022, "CHN", "JPN", "AAA", 1.0, 9.0),
        (2022, "AUS", "KOR", "AAA", 1.0, 5.0),
        (2022, "JPN", "KOR", "AAA", 1.0, 1.0),
    ]
    market = market_of(world(rows), base_years=(2022,), new_links=1)
    links = market.links
    new = {
        (market.countries[a], market.countries[b])
        for a, b, t in zip(links.exporter, links.importer, links.tons, strict=True)
        if t == 0
    }
    assert new == {("CHN", "KOR")}
    assert (np.diff(links.product * 10_000 + links.importer * 100 + links.exporter) > 0).all()


@pytest.mark.parametrize(
    ("shock", "code"),
    [
        ({"suppliers": ("KOR",)}, "supplier_sells_none"),
        ({"suppliers": ("CHN",), "importers": ("KOR",)}, "supplier_sells_none"),
        ({"suppliers": ("CHN",), "products": ("ZZZ",)}, "supplier_sells_none"),
        ({"suppliers": ("XYZ",)}, "unknown_supplier"),
        ({"suppliers": ("CHN",), "importers": ("XYZ",)}, "unknown_importer"),
    ],
)
def test_a_shock_that_strikes_nothing_is_refused(shock, code):
    from friendshore.errors import FriendshoreError

    market = market_of(world(ROWS))
    with pytest.raises(FriendshoreError) as refused:
        run_path(market, [Shock(**{"id": "x", "products": ("AAA",), **shock})])
    assert refused.value.code == code


def test_a_stock_of_one_product_goes_before_a_stock_of_all():
    market = market_of(world(ROWS))
    stocks = [StockCover(importer="JPN", product="AAA"), StockCover(importer="JPN", days=90)]
    assert not run_path(market, [], stocks=stocks, months=1).stock_known.any()


def test_the_closure_of_a_passage_strikes_its_routes_alone():
    rows = [(2022, a, b, "AAA", 1.0, 12.0) for a in ("CHN", "AUS") for b in ("JPN", "NLD")]
    market = market_of(world(rows), base_years=(2022,))
    closed = Shock(
        id="x", kind="passage_closure", who_stops="third_party", suppliers=("CHN", "AUS"), products=("AAA",),
        routes=(("CHN", "NLD"),),
    )  # fmt: skip
    path = run_path(market, [closed], months=1)
    assert path.shortage_share[0, 0, market.buyer("AAA", "NLD")] == pytest.approx(0.5, abs=0.2)
    assert path.struck_link.sum() == 1


def test_feed_steps_stop_at_a_stage_that_the_data_lack():
    steps = {step.product: step.feeds for step in feed_steps(open_box().products)}
    assert steps["810510"] == ("282200",)  # cobalt oxides to metal
    assert steps["280530"] == ("284610", "284690")
    assert "760110" not in steps  # alumina is missing between bauxite and aluminium
    assert "283691" not in steps  # lithium ore has no code of its own
    assert "710812" not in steps  # a ton of ore does not hold a ton of gold


def test_the_box_runs_on_its_newest_three_full_years():
    assert default_base_years(open_box()) == (2022, 2023, 2024)


@pytest.mark.parametrize(("yield_share", "limited"), [(1.0, 1), (0.6, 1), (0.59, 0)])
def test_a_feed_that_is_too_small_for_what_is_sold_limits_nobody(yield_share, limited):
    rows = [(2022, "CHN", "KOR", "ORE", 1.0, 100.0), (2022, "KOR", "JPN", "REF", 1.0, 60.0)]
    step = FeedStep(feeds=("ORE",), product="REF", processors=("KOR",), yield_share=yield_share)
    assert market_of(world(rows), base_years=(2022,), steps=[step]).feeds.limited == limited
