"""A market altered: what moves, what stays, and that nothing else is touched."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from friendshore.disruption.market import market_of
from friendshore.disruption.path import run_path
from friendshore.parameters import Parameters
from friendshore.planning.altered import Outlet, Seller, altered
from friendshore.shocks import Shock
from toy_settings import CALM
from worlds import world

FLOWS = [
    (2022, "CHN", "JPN", "AAA", 60.0, 60.0),
    (2022, "AUS", "JPN", "AAA", 40.0, 40.0),
    (2022, "AUS", "USA", "AAA", 80.0, 80.0),
    (2022, "CHN", "USA", "BBB", 30.0, 15.0),
    (2022, "JPN", "USA", "BBB", 10.0, 5.0),
    (2021, "AUS", "USA", "AAA", 170.0, 170.0),
]
MARKET = market_of(world(FLOWS), base_years=(2022,))
QUIET = Parameters(**CALM)


def link(market, exporter, importer, product):
    links, at = market.links, market.position
    found = np.flatnonzero(
        (links.exporter == at[exporter])
        & (links.importer == at[importer])
        & (links.product == market.place[product])
    )
    assert len(found) == 1
    return int(found[0])


def seller(market, exporter, product):
    links = market.links
    found = (links.seller_country == market.position[exporter]) & (
        links.seller_product == market.place[product]
    )
    return int(np.flatnonzero(found)[0])


def test_with_the_same_tons_and_nothing_added_every_number_stays():
    same = altered(MARKET, MARKET.links.tons.copy(), QUIET)
    for each in fields(MARKET.links):
        assert np.array_equal(
            getattr(same.links, each.name), getattr(MARKET.links, each.name), equal_nan=each.name != "usable"
        )
    assert np.array_equal(same.spare, MARKET.spare)


def test_a_seller_that_sells_more_uses_up_spare_capacity_and_one_that_sells_less_keeps_its_goods():
    tons = MARKET.links.tons.copy()
    tons[link(MARKET, "AUS", "JPN", "AAA")] += 30.0
    tons[link(MARKET, "CHN", "JPN", "AAA")] -= 30.0
    market = altered(MARKET, tons, QUIET)
    assert market.links.seller_tons[seller(market, "AUS", "AAA")] == pytest.approx(150.0)
    assert market.spare[seller(market, "AUS", "AAA")] == pytest.approx(50.0 - 30.0)
    assert market.links.seller_tons[seller(market, "CHN", "AAA")] == pytest.approx(60.0)
    assert market.links.buyer_tons.tolist() == MARKET.links.buyer_tons.tolist()


def test_only_the_part_of_spare_capacity_that_answers_to_price_was_there_to_be_sold():
    partly = replace(MARKET, by_product=np.full(len(MARKET.spare), 0.5))
    tons = MARKET.links.tons.copy()
    tons[link(MARKET, "AUS", "JPN", "AAA")] += 10.0
    market = altered(partly, tons, QUIET)
    # half of 50 t answers; 10 t of these 25 are gone, so that 15 are left of what answers
    left = market.spare[seller(market, "AUS", "AAA")]
    assert left == pytest.approx(30.0)
    assert 0.5 * left == pytest.approx(25.0 - 10.0)


def test_added_sellers_leave_all_links_buyers_and_sellers_as_they_are():
    at = MARKET.position
    plants = [
        Seller(
            "USA: plant",
            MARKET.place["AAA"],
            24.0,
            (Outlet(at["USA"], 12.0, 24.0), Outlet(at["JPN"], 0.0, 24.0)),
        ),
        Seller("USA: plant", MARKET.place["BBB"], 6.0, (Outlet(at["USA"], 6.0, 6.0),)),
    ]
    market = altered(MARKET, MARKET.links.tons, QUIET, sellers=plants)
    assert market.countries == (*MARKET.countries, "USA: plant")
    for _, exporter, importer, product, _, tons in FLOWS[:5]:
        assert market.links.tons[link(market, exporter, importer, product)] == tons
        assert market.links.seller[link(market, exporter, importer, product)] == seller(
            market, exporter, product
        )
    new = link(market, "USA: plant", "USA", "AAA")
    assert market.links.tons[new] == 12.0
    assert market.extra is not None
    assert market.extra[new] == 12.0
    assert market.extra.sum() == pytest.approx(12.0 + 24.0)
    assert market.buyer("BBB", "USA") == MARKET.buyer("BBB", "USA")
    order = list(zip(market.links.product, market.links.importer, market.links.exporter, strict=True))
    assert order == sorted(order)


def test_an_added_seller_serves_whom_it_names_up_to_what_it_has():
    at = MARKET.position
    plant = Seller("plant", MARKET.place["AAA"], 24.0, (Outlet(at["JPN"], 0.0, 24.0),))
    market = altered(MARKET, MARKET.links.tons, QUIET, sellers=[plant])
    cut = Shock(id="cut", suppliers=("CHN",), importers=("JPN",), products=("AAA",), duration_months=12)
    before, after = (run_path(each, (cut,), months=12, parameters=QUIET) for each in (MARKET, market))
    buyer = market.buyer("AAA", "JPN")
    assert before.shortage_t[0, :, buyer] == pytest.approx([5.0] * 12)
    assert after.shortage_t[0, :, buyer] == pytest.approx([3.0] * 12)
    assert after.residual.max() < 1e-9


def test_a_plant_that_nobody_needs_changes_nothing():
    at = MARKET.position
    plant = Seller("plant", MARKET.place["AAA"], 24.0, (Outlet(at["JPN"], 0.0, 24.0),))
    market = altered(MARKET, MARKET.links.tons, QUIET, sellers=[plant])
    path = run_path(market, (), months=12, parameters=QUIET)
    assert path.shortage_t.max() < 1e-12
    assert path.delivered_t[0, link(market, "plant", "JPN", "AAA")] < 1e-12
