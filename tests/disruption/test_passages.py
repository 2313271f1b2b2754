"""Which links go by a passage, against what a map shows."""

from __future__ import annotations

import pytest

from friendshore.disruption.passages import PASSAGES, covered, routes, routes_by


@pytest.mark.parametrize(
    ("seller", "buyer", "passage"),
    [
        ("QAT", "JPN", "hormuz"),
        ("KWT", "KOR", "hormuz"),
        ("QAT", "JPN", "malacca"),
        ("SGP", "NLD", "suez"),
        ("CHL", "ESP", "panama"),
        ("UKR", "ITA", "bosporus"),
        ("DEU", "ITA", "gibraltar"),
    ],
)
def test_a_route_leads_through_the_passage_that_a_map_shows(seller, buyer, passage):
    assert (seller, buyer) in routes_by(passage)
    assert (buyer, seller) in routes_by(passage)


@pytest.mark.parametrize(
    ("seller", "buyer", "passage"),
    [("AUS", "JPN", "malacca"), ("CHN", "JPN", "suez"), ("CHL", "JPN", "panama"), ("USA", "NLD", "panama")],
)
def test_a_route_keeps_clear_of_the_others(seller, buyer, passage):
    assert (seller, buyer) not in routes_by(passage)


def test_there_is_a_way_around_suez_and_none_around_hormuz():
    around = routes()["SGP", "NLD"].around_km
    assert around["suez"] > routes()["SGP", "NLD"].km
    assert routes()["QAT", "JPN"].around_km["hormuz"] is None


def test_sixty_six_countries_are_covered_and_iraq_is_not():
    assert len(covered()) == 66
    assert "IRQ" not in covered()


def test_every_named_passage_is_used_and_every_used_one_named():
    assert {name for route in routes().values() for name in route.passages} == set(PASSAGES)


def test_sellers_and_buyers_narrow_the_routes_down():
    assert routes_by("hormuz", ("QAT",), ("JPN", "KOR")) == (("QAT", "JPN"), ("QAT", "KOR"))
