"""What members risk by an answer, on flows that can be added up by hand."""

from __future__ import annotations

import pytest

from friendshore.disruption.market import market_of
from friendshore.parameters import Parameters
from friendshore.planning.retaliation import exposed, missing_usd, retaliation
from toy_settings import CALM
from worlds import world

FLOWS = [
    (2022, "CHN", "JPN", "AAA", 60.0, 60.0),  # struck already
    (2022, "CHN", "JPN", "BBB", 30.0, 15.0),
    (2022, "AUS", "JPN", "BBB", 10.0, 5.0),
    (2022, "BRA", "JPN", "CCC", 60.0, 60.0),
    (2022, "JPN", "CHN", "BBB", 8.0, 4.0),
    (2022, "JPN", "CHN", "AAA", 99.0, 9.0),  # struck already
    (2022, "JPN", "KOR", "CCC", 24.0, 4.0),
    (2022, "USA", "KOR", "CCC", 12.0, 2.0),
]


def test_at_risk_is_what_is_traded_with_who_presses_beyond_what_is_cut():
    toy = world(FLOWS)
    at = toy.position
    found = exposed(toy.trade((2022,)), [at["JPN"]], [at["CHN"]], [toy.products.index("AAA")])
    assert found.imports_usd == pytest.approx(30.0)
    assert found.imported_usd == pytest.approx(100.0)
    assert found.exports_usd == pytest.approx(8.0)
    assert found.exported_usd == pytest.approx(32.0)


def test_a_member_that_trades_nothing_with_who_presses_has_nothing_at_risk():
    toy = world(FLOWS)
    at = toy.position
    found = exposed(toy.trade((2022,)), [at["USA"]], [at["CHN"]], [])
    assert found.imports_usd == found.exports_usd == 0.0
    assert found.exported_usd == pytest.approx(12.0)


def test_retaliation_stops_all_else_that_is_sold_to_who_acted():
    market = market_of(world(FLOWS), base_years=(2022,), steps=())
    shock = retaliation(market, ("JPN",), ("CHN",), ("AAA",), 12, 0)
    assert shock is not None
    assert set(shock.products) == {"BBB", "CCC"}
    assert shock.importers == ("JPN",)
    lost = missing_usd(market, ("JPN", "USA"), shock, 12, (), Parameters(**CALM))
    # 15 t of the 20 t of BBB a year, at the 2 dollars that Japan pays for a ton
    assert lost == pytest.approx([30.0, 0.0])


def test_where_nothing_else_is_sold_there_is_nothing_to_stop():
    market = market_of(world(FLOWS), base_years=(2022,), steps=())
    assert retaliation(market, ("USA",), ("CHN",), ("AAA",), 12, 0) is None
    assert retaliation(market, (), ("CHN",), ("AAA",), 12, 0) is None
    assert retaliation(market, ("JPN",), ("CHN",), ("AAA", "BBB", "CCC"), 12, 0) is None
