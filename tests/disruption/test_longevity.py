"""How long importers last, on toy markets and on the data of the box."""

from __future__ import annotations

import numpy as np
import pytest

from friendshore.disruption.longevity import longevity, longevity_of_materials
from friendshore.disruption.market import market_of
from friendshore.disruption.path import run_path
from friendshore.disruption.reading import months_until
from friendshore.errors import ArgumentError
from friendshore.parameters import Parameters
from friendshore.shocks import Shock, StockCover
from friendshore.tables.box import open_box
from toy_paths import monthly
from worlds import world


@pytest.fixture(scope="module")
def box():
    return market_of(open_box())


def test_the_first_bad_month_is_counted_from_the_strike_and_its_covered_part_is_kept():
    shortage = np.array([[0.0, 0.0], [0.0, 0.0], [25.0, 0.5], [100.0, 0.5]])
    drawn = np.array([[0.0, 0.0], [100.0, 99.0], [75.0, 99.5], [0.0, 99.5]])
    demand = np.full((4, 2), 100.0)
    start = np.array([1, 1])
    found = months_until(shortage, demand, drawn, 0.01, start)
    assert found[0] == pytest.approx(1.75)
    assert np.isnan(found[1])
    assert months_until(shortage, demand, drawn, 0.01, start, evenly=True)[0] == 1
    assert np.isnan(months_until(shortage, demand, drawn, 0.01, np.array([-1, -1]))).all()


def test_aimed_and_world_cuts_are_told_apart_and_stock_is_known_or_not():
    flows = {("CHN", "JPN"): 60.0, ("CHN", "KOR"): 50.0, ("AUS", "JPN"): 40.0, ("AUS", "KOR"): 50.0}
    none = Parameters(hoarding_days=0, leakage_share=0, lead_months=1000)
    rows = longevity(
        monthly(flows), ["JPN", "KOR"], ["CHN"], parameters=none, stocks=[StockCover(importer="JPN", days=30)]
    )
    by = {(row.importer, row.cut): row for row in rows}
    assert set(by) == {("JPN", "aimed"), ("KOR", "aimed"), ("JPN", "world"), ("KOR", "world")}
    assert by["JPN", "world"].cover_days == pytest.approx(30 / 0.6)
    assert by["JPN", "aimed"].cover_days > by["JPN", "world"].cover_days
    assert by["JPN", "aimed"].stock_known
    assert not by["KOR", "aimed"].stock_known
    assert by["KOR", "world"].months_to_10pct == 0
    assert by["KOR", "world"].missing_3_months_t == pytest.approx(150)
    assert by["KOR", "world"].supplier_share == pytest.approx(0.5)
    assert by["KOR", "world"].usable_suppliers == 1
    assert by["KOR", "world"].usable_exports_t == pytest.approx(12 * 90)


def test_a_stage_is_the_sum_of_its_codes_and_a_missing_stage_is_named():
    rows = [
        (2022, "CHN", "JPN", "270119", 1.0, 12.0), (2022, "CHN", "JPN", "270112", 1.0, 12.0),
        (2022, "AUS", "JPN", "270112", 3.0, 36.0),
    ]  # fmt: skip
    none = Parameters(hoarding_days=0, leakage_share=0, lead_months=1000, link_headroom=0)
    market = market_of(world(rows), base_years=(2022,))
    names = ["Steam Coal", "Rare earth", "Cobalt"]
    found = {
        row.material: row
        for row in longevity_of_materials(market, ["JPN"], ["CHN"], materials=names, parameters=none)
        if row.cut == "world"
    }
    assert found["Steam Coal"].worst.product == "270111+270112+270119"
    assert found["Steam Coal"].worst.peak_shortage_share == pytest.approx(2 / 5)
    assert found["Steam Coal"].worst.demand_t == pytest.approx(60)
    assert found["Cobalt"].worst is None
    assert found["Cobalt"].stage == ""
    absent = found["Rare earth"].not_measurable
    assert any("magnet" in label.lower() for _, label, _ in absent)
    assert all(reason is not None for _, _, reason in absent)
    with pytest.raises(ArgumentError):
        longevity_of_materials(market, ["JPN"], ["CHN"], materials=["Unobtainium"])


def test_the_box_conserves_mass_and_does_not_drift(box):
    quiet = run_path(box, [])
    demand = box.links.buyer_tons / 12
    assert np.abs(quiet.supply_t[0] / demand - 1).max() < 1e-12
    assert quiet.shortage_t.max() == 0
    cut = Shock(id="x", suppliers=("CHN",), importers=("JPN", "USA"), products=box.products)
    path = run_path(box, [cut])
    assert path.residual.max() < 1e-9
    books = path.supply_t + path.drawn_t - path.built_t + path.shortage_t - path.demand_t
    assert np.abs(books[0] / demand).max() < 1e-9


def test_what_the_box_leaves_out_in_raw_tons_is_counted():
    raw = market_of(
        open_box(), ["811299", "284690"] if "811299" in open_box().products else ["284690"], quantities="raw"
    )
    cleaned = market_of(open_box(), raw.products)
    assert raw.base.left_out > cleaned.base.left_out == 0


def test_grades_lower_what_can_be_replaced_in_a_worldwide_cut_of_graphite(box):
    row = next(row for row in longevity(box, ["JPN"], ["CHN"], products=["250410"]) if row.cut == "world")
    assert row.supplier_share > 0.5
    assert row.replaced_share < row.replaced_share_any_grade
