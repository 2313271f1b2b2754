"""Exposure on toy worlds solved by hand."""

import dataclasses
import math

import pytest

from friendshore.answers import exposure
from friendshore.errors import ArgumentError, MissingDataError
from worlds import KASTNER, KASTNER_OUTPUT, one_product, world


def only(finding):
    assert len(finding.rows) == 1
    return finding.rows[0]


def kastner():
    return one_product(KASTNER, production=KASTNER_OUTPUT)


def test_one_importer_by_value_matches_the_hand_solution():
    row = only(exposure(["JPN"], on=["CHN"], world=kastner()))
    assert row["imports_usd"] == 44
    assert row["imports_t"] == 44
    assert row["supplier_share"] == pytest.approx(10 / 44)
    assert row["import_hhi"] == pytest.approx((10**2 + 30**2 + 4**2) / 44**2)
    assert row["world_export_hhi"] == pytest.approx((60**2 + 40**2 + 5**2 + 4**2) / 109**2)
    assert (row["top_supplier"], row["top_supplier_share"]) == ("SGP", pytest.approx(30 / 44))
    assert row["net_import_reliance"] == pytest.approx((44 - 5) / (20 + 44 - 5))


def test_passing_through_share_solves_the_loop_through_the_hub():
    hub = (50 + 5 * (40.909090909 / 60.909090909)) / 55
    row = only(exposure(["JPN"], on=["CHN"], world=kastner()))
    assert row["supplier_share_traced_low"] == pytest.approx((10 + 34 * hub) / 44)
    assert row["supplier_share_traced_high"] == row["supplier_share_traced_low"]


def test_unknown_production_widens_the_traced_share():
    row = only(exposure(["JPN"], on=["CHN"], world=one_product(KASTNER)))
    # High end: SGP and VNM make nothing (imports cover exports) and JPN makes nothing either.
    # x_SGP = 55, x_VNM = 10, x_JPN = 44; h_SGP = (50 + 5 h_JPN)/55, h_JPN = (10 + 34 h_SGP)/44.
    japan = (10 + 34 * 50 / 55) / (44 - 34 * 5 / 55)
    hub = (50 + 5 * japan) / 55
    assert row["supplier_share_traced_high"] == pytest.approx((10 + 34 * hub) / 44)
    # Low end: SGP makes 40, VNM 4, JPN 5 (their exports).
    # h_SGP = (50 + 5 h_JPN)/95, h_VNM = 10 h_SGP/14, h_JPN = (10 + 30 h_SGP + 4 h_VNM)/49.
    weight = 30 + 40 / 14
    japan = (10 + weight * 50 / 95) / (49 - weight * 5 / 95)
    hub = (50 + 5 * japan) / 95
    assert row["supplier_share_traced_low"] == pytest.approx((10 + weight * hub) / 44)
    assert row["net_import_reliance"] is None


def test_a_bloc_is_one_importer_without_its_inner_trade():
    flows = {("CHN", "DEU"): 30, ("CHN", "FRA"): 10, ("USA", "FRA"): 60, ("DEU", "FRA"): 500}
    finding = exposure(["DEU", "FRA"], on=["CHN"], world=one_product(flows), as_bloc=True)
    row = only(finding)
    assert row["importer"] == "DEU+FRA"
    assert row["imports_usd"] == 100
    assert row["supplier_share"] == pytest.approx(0.4)
    assert row["import_hhi"] == pytest.approx(0.4**2 + 0.6**2)
    # The world's exports are never joined: DEU stays an exporter of 500.
    assert row["world_export_hhi"] == pytest.approx((40**2 + 60**2 + 500**2) / 600**2)


def test_a_bloc_by_name_has_its_members_of_the_year():
    flows = {("CHN", "GBR"): 10, ("CHN", "FRA"): 10, ("USA", "FRA"): 10}
    before = only(exposure(["EU"], on=["CHN"], world=one_product(flows, year=2019)))
    after = only(exposure(["EU"], on=["CHN"], world=one_product(flows, year=2020)))
    assert (before["imports_usd"], after["imports_usd"]) == (30, 20)


def test_unknown_tons_are_not_zero():
    toy = world([(2022, "CHN", "JPN", "250410", 90, None), (2022, "USA", "JPN", "250410", 10, 5)])
    by_value = only(exposure(["JPN"], on=["CHN"], world=toy))
    by_quantity = only(exposure(["JPN"], on=["CHN"], world=toy, basis="quantity"))
    assert by_value["supplier_share"] == pytest.approx(0.9)
    assert by_value["imports_t"] == 5
    assert by_quantity["supplier_share"] is None
    assert by_quantity["supplier_share_traced_low"] is None
    assert any("does not give" in str(c) for c in exposure(["JPN"], on=["CHN"], world=toy).caveats)


def test_absent_link_is_zero():
    row = only(exposure(["JPN"], on=["AUS"], world=one_product({("USA", "JPN"): 10, ("AUS", "USA"): 5})))
    assert row["supplier_share"] == 0
    # What the United States sells may have come from Australia: it buys 5 and makes between 5 and 10.
    assert row["supplier_share_traced_high"] == pytest.approx(5 / 10)
    assert row["supplier_share_traced_low"] == pytest.approx(5 / 15)


def test_several_suppliers_count_as_one():
    flows = {("CHN", "JPN"): 20, ("RUS", "JPN"): 30, ("USA", "JPN"): 50}
    row = only(exposure(["JPN"], on=["CHN", "RUS"], world=one_product(flows)))
    assert row["supplier_share"] == pytest.approx(0.5)


def test_a_run_of_years_gives_a_row_a_year():
    toy = world(
        [
            (2021, "CHN", "JPN", "250410", 4, 4),
            (2022, "CHN", "JPN", "250410", 1, 1),
            (2022, "USA", "JPN", "250410", 1, 1),
        ]
    )
    finding = exposure(["JPN"], on=["CHN"], world=toy, years=[2021, 2022])
    assert [(r["year"], r["supplier_share"]) for r in finding.rows] == [(2021, 1.0), (2022, 0.5)]


def test_worst_known_stage_is_the_one_with_the_highest_share():
    toy = world(
        [
            (2022, "CHN", "JPN", "283691", 10, 1), (2022, "CHL", "JPN", "283691", 90, 9),
            (2022, "CHN", "JPN", "282520", 80, 8), (2022, "CHL", "JPN", "282520", 20, 2),
        ]
    )  # fmt: skip
    finding = exposure(["JPN"], on=["CHN"], world=toy, by="material", products=["283691", "282520"])
    row = only(finding)
    assert (row["material"], row["product"]) == ("Lithium", "282520")
    assert row["supplier_share"] == pytest.approx(0.8)
    assert row["stages_not_measurable"].startswith("ore")


def test_explicit_product_that_is_not_bought_has_zero_imports_and_no_shares():
    toy = world([(2022, "CHN", "JPN", "250410", 1, 1), (2022, "CHN", "USA", "250490", 1, 1)])
    row = only(exposure(["JPN"], on=["CHN"], world=toy, products=["250490"]))
    assert row["imports_usd"] == 0
    assert row["supplier_share"] is None
    assert row["import_hhi"] is None


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ({"importers": ["XXX"]}, "unknown_country"),
        ({"importers": ["Japan"]}, "unknown_country"),
        ({"importers": ["no such bloc"]}, "unknown_bloc"),
        ({"importers": []}, "no_importer"),
        ({"importers": ["CHN"]}, "importer_is_supplier"),
        ({"importers": ["JPN"], "on": []}, "no_supplier"),
        ({"importers": ["JPN"], "products": ["999999"]}, "unknown_product"),
        ({"importers": ["JPN"], "products": ["10121"]}, "unknown_product"),
        ({"importers": ["JPN"], "group": "no-such-group"}, "unknown_group"),
        ({"importers": ["JPN"], "years": [1800]}, "year_without_data"),
        ({"importers": ["JPN"], "basis": "weight"}, "unknown_choice"),
    ],
)
def test_questions_that_cannot_be_asked_say_how_to_go_on(call, code):
    asked = {"on": ["CHN"], "world": kastner()} | call
    with pytest.raises(ArgumentError) as error:
        exposure(asked.pop("importers"), **asked)
    assert error.value.code == code
    assert error.value.hint


def test_five_digits_are_recognised_as_a_lost_zero():
    with pytest.raises(ArgumentError, match="10121") as error:
        exposure(["JPN"], on=["CHN"], world=kastner(), products=["10121"])
    assert "010121" in error.value.hint


def test_an_importer_without_imports_is_an_error():
    with pytest.raises(MissingDataError) as error:
        exposure(["FRA"], on=["CHN"], world=kastner())
    assert error.value.code == "no_imports"


def test_no_cell_is_nan():
    for row in exposure(["JPN", "SGP"], on=["CHN"], world=kastner()).rows:
        assert not any(isinstance(v, float) and not math.isfinite(v) for v in row.values())


@pytest.mark.parametrize(("gap", "known"), [(4, True), (6, False)])
def test_a_small_gap_in_one_members_tons_does_not_hide_a_blocs_dependence(gap, known):
    toy = world(
        [
            (2022, "CHN", "FRA", "250410", gap, None), (2022, "CHN", "DEU", "250410", 100 - gap, 30),
            (2022, "USA", "DEU", "250410", 100, 70),
        ]
    )  # fmt: skip
    row = only(exposure(["DEU", "FRA"], on=["CHN"], world=toy, as_bloc=True, basis="quantity"))
    assert row["supplier_share"] == (pytest.approx(0.3) if known else None)
    assert row["supplier_share_traced_high"] == (pytest.approx(0.3) if known else None)


def younger():
    """Japan buys from China in 2020 and 2022, not in 2021, when only the United States do."""
    return world([(2020, "CHN", "JPN", "250410", 4, 4), (2021, "CHN", "USA", "250410", 5, 5),
                  (2022, "CHN", "JPN", "250410", 6, 6)])  # fmt: skip


def test_a_year_without_imports_does_not_stop_a_run_of_years():
    finding = exposure(["JPN"], on=["CHN"], years=[2020, 2021, 2022], world=younger())
    assert [(r["year"], r["imports_usd"]) for r in finding.rows] == [(2020, 4), (2022, 6)]
    assert any("2021" in str(note) for note in finding.caveats)
    asked = exposure(["JPN"], on=["CHN"], years=[2020, 2021, 2022], products=["250410"], world=younger())
    assert [(r["year"], r["imports_usd"], r["supplier_share"]) for r in asked.rows] == [
        (2020, 4, 1), (2021, 0, None), (2022, 6, 1),
    ]  # fmt: skip


def test_an_importer_without_imports_in_any_year_of_a_run_is_an_error():
    for years in ([2021], [2020, 2021, 2022]):
        with pytest.raises(MissingDataError) as error:
            exposure(["CHN" if len(years) > 1 else "JPN"], on=["USA"], years=years, world=younger())
        assert error.value.code == "no_imports"


def test_one_name_may_be_plain_text():
    plain = exposure("JPN", on="CHN", products="284690", world=kastner())
    assert plain == exposure(["JPN"], on=["CHN"], products=["284690"], world=kastner())


def test_lists_of_hs92_codes_on_another_revision_are_said():
    newer = dataclasses.replace(kastner(), hs="HS17")
    for how, said in (({"group": "magnet-inputs"}, True), ({"by": "material"}, True), ({}, False)):
        notes = exposure(["JPN"], on=["CHN"], world=newer, **how).caveats
        assert any("HS17" in str(note) for note in notes) == said
    assert not any(
        "HS92" in str(n) for n in exposure(["JPN"], on=["CHN"], world=kastner(), by="material").caveats
    )


def test_a_product_that_no_material_holds_is_an_error_by_material():
    toy = world([(2022, "CHN", "JPN", "711290", 1, 1)])
    with pytest.raises(MissingDataError) as error:
        exposure(["JPN"], on=["CHN"], world=toy, by="material", products=["711290"])
    assert error.value.code == "no_material"
