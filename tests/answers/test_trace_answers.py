"""Trace and leverage on toy worlds solved by hand."""

import pytest

from friendshore.answers import leverage, trace
from friendshore.errors import ArgumentError, MissingDataError
from worlds import KASTNER, KASTNER_OUTPUT, one_product, world


def test_trace_of_the_published_example():
    toy = one_product(KASTNER, production=KASTNER_OUTPUT)
    rows = {r["origin"]: r for r in trace("JPN", product="284690", year=2022, world=toy).rows}
    assert rows["CHN"]["traced_t"] == pytest.approx(42.985075, abs=1e-6)
    assert rows["JPN"]["traced_t"] == pytest.approx(21.014925, abs=1e-6)
    assert rows["CHN"]["face_value_share"] == pytest.approx(10 / 64)
    assert (
        rows["CHN"]["traced_share_low"] == rows["CHN"]["traced_share_high"] == pytest.approx(42.985075 / 64)
    )
    assert sum(r["traced_share_low"] for r in rows.values()) == pytest.approx(1, abs=1e-12)
    assert sum(r["face_value_share"] for r in rows.values()) == pytest.approx(1, abs=1e-12)


def test_trace_names_the_routes_of_a_supplier():
    toy = one_product(KASTNER, production=KASTNER_OUTPUT)
    found = trace("JPN", product="284690", on=["CHN"], world=toy).summary
    tons = {r["via"]: r["tons_low"] for r in found["routes"]}
    hub = (50 + 5 * (40.909090909 / 60.909090909)) / 55
    assert tons == {"CHN": pytest.approx(10), "SGP": pytest.approx(30 * hub), "VNM": pytest.approx(4 * hub)}
    assert [r["via"] for r in found["routes"] if r["direct"]] == ["CHN"]


def test_trace_of_unknown_production_is_an_interval():
    rows = {r["origin"]: r for r in trace("JPN", product="284690", world=one_product(KASTNER)).rows}
    assert rows["CHN"]["traced_share_low"] < rows["CHN"]["traced_share_high"]
    for row in rows.values():
        assert 0 <= row["traced_share_low"] <= row["traced_share_high"] <= 1 + 1e-12


def test_leverage_compares_both_directions():
    flows = {
        ("CHN", "JPN"): 80,
        ("USA", "JPN"): 20,
        ("CHN", "USA"): 320,
        ("JPN", "CHN"): 5,
        ("AUS", "CHN"): 95,
    }
    rows = {(r["importer"], r["supplier"]): r for r in leverage("JPN", "CHN", world=one_product(flows)).rows}
    japan = rows["JPN", "CHN"]
    assert japan["supplier_share"] == pytest.approx(0.8)
    assert japan["buyer_share"] == pytest.approx(0.2)
    assert japan["balance"] == pytest.approx(0.6)
    assert rows["CHN", "JPN"]["supplier_share"] == pytest.approx(0.05)
    assert rows["CHN", "JPN"]["buyer_share"] == pytest.approx(1.0)


def test_leverage_of_overlapping_sides_is_refused():
    with pytest.raises(ArgumentError):
        leverage("JPN", "JPN", world=one_product(KASTNER))


def test_a_supply_that_is_not_known_in_tons_cannot_be_traced():
    toy = world([(2022, "USA", "JPN", "284690", 5, None), (2022, "CHN", "JPN", "284690", 5, 1)])
    with pytest.raises(MissingDataError) as error:
        trace("USA", product="284690", world=toy)
    assert error.value.code == "no_imports"
    assert "tons" in error.value.message
