"""The Commission's and GeoDep's rules on worlds solved by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from friendshore.exposure.rules import commission_2021, geodep
from worlds import one_product, world

EU = {
    ("CHN", "AUT"): 60, ("DZA", "AUT"): 20, ("EGY", "BEL"): 20, ("CHN", "BEL"): 30, ("AUT", "BEL"): 40,
    ("BEL", "AUT"): 10, ("AUT", "CHN"): 25, ("BEL", "DZA"): 15,
}  # fmt: skip
"""methods.md 1.1 with A, B = AUT, BEL (the bloc), C, D, E = CHN, DZA, EGY."""


def positions(toy, *names):
    return [toy.position[name] for name in names]


# --- European Commission 2021 ----------------------------------------------------------------------------


def test_commission_fixture():
    toy = one_product(EU)
    found = commission_2021(toy.trade(), positions(toy, "AUT", "BEL"))
    assert found.cdi1[0] == pytest.approx(0.526627, abs=5e-7)
    assert found.cdi2[0] == pytest.approx(0.722222, abs=5e-7)
    assert found.cdi3_total[0] == pytest.approx(1.444444, abs=5e-7)
    assert found.cdi3_extra[0] == pytest.approx(3.25, abs=1e-12)
    assert found.dependent.tolist() == found.dependent_extra.tolist() == [True]


def test_a_single_country_buys_everything_from_outside():
    toy = one_product(EU)
    found = commission_2021(toy.trade(), positions(toy, "AUT"))
    assert found.cdi2.tolist() == [1.0]
    assert found.imports_intra_usd.tolist() == [0.0]
    assert found.cdi3_total.tolist() == found.cdi3_extra.tolist() == [pytest.approx(90 / 65)]


def test_the_export_basis_can_decide():
    flows = {("CHN", "AUT"): 30, ("AUT", "BEL"): 20, ("BEL", "AUT"): 5, ("AUT", "USA"): 10}
    toy = one_product(flows)
    found = commission_2021(toy.trade(), positions(toy, "AUT", "BEL"))
    assert (found.cdi3_total[0], found.cdi3_extra[0]) == (pytest.approx(30 / 35), 3.0)
    assert (found.dependent[0], found.dependent_extra[0]) == (False, True)


def test_exports_of_zero_give_an_unknown_ratio_that_counts_as_above_one():
    toy = one_product({("CHN", "JPN"): 10})
    found = commission_2021(toy.trade(), positions(toy, "JPN"))
    assert np.isnan([found.cdi3_total[0], found.cdi3_extra[0]]).all()
    assert found.dependent.tolist() == [True]


@pytest.mark.parametrize(
    ("flows", "verdict"),
    [
        ({("CHN", "JPN"): 1, ("AUS", "JPN"): 1, ("BRA", "JPN"): 1}, False),  # HHI 1/3
        ({("CHN", "JPN"): 2, ("AUS", "JPN"): 1}, True),  # HHI 5/9, no exports
        ({("CHN", "JPN"): 2, ("JPN", "USA"): 2}, False),  # ratio exactly 1 is not above 1
        ({("CHN", "JPN"): 3, ("JPN", "USA"): 2}, True),
    ],
)
def test_thresholds_are_strict(flows, verdict):
    toy = one_product(flows)
    assert commission_2021(toy.trade(), positions(toy, "JPN")).dependent.tolist() == [verdict]


def test_a_bloc_that_buys_half_of_its_imports_inside_is_not_dependent():
    toy = one_product({("CHN", "AUT"): 10, ("BEL", "AUT"): 10})
    found = commission_2021(toy.trade(), positions(toy, "AUT", "BEL"))
    assert (found.cdi2[0], found.dependent[0]) == (0.5, False)


def test_a_bloc_without_purchases_from_outside_has_no_concentration():
    toy = one_product({("BEL", "AUT"): 10, ("AUT", "CHN"): 4})
    found = commission_2021(toy.trade(), positions(toy, "AUT", "BEL"))
    assert np.isnan(found.cdi1[0])
    assert (found.cdi2[0], found.cdi3_total[0], found.dependent[0]) == (0.0, 0.0, False)


def test_products_a_bloc_neither_buys_nor_sells_have_no_entry():
    toy = world([(2022, "CHN", "JPN", "260300", 1.0, 1.0), (2022, "CHN", "USA", "284690", 1.0, 1.0)])
    found = commission_2021(toy.trade(), positions(toy, "USA"))
    assert [toy.products[n] for n in found.product] == ["284690"]


@given(st.integers(1, 10**6))
def test_scaling_all_dollars_changes_no_indicator(factor):
    toy, scaled = one_product(EU), one_product({k: v * factor for k, v in EU.items()})
    one = commission_2021(toy.trade(), positions(toy, "AUT", "BEL"))
    other = commission_2021(scaled.trade(), positions(scaled, "AUT", "BEL"))
    for name in ("cdi1", "cdi2", "cdi3_total", "cdi3_extra"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-12)


# --- GeoDep ----------------------------------------------------------------------------------------------


def years_of(by_year, product="284690"):
    return world([(y, a, b, product, v, v) for y, flows in by_year.items() for (a, b), v in flows.items()])


DEPENDENT = {("CHN", "JPN"): 8, ("AUS", "JPN"): 2, ("CHN", "USA"): 5, ("JPN", "USA"): 1}
DIVERSE = {("CHN", "JPN"): 4, ("AUS", "JPN"): 3, ("BRA", "JPN"): 3}


def test_geodep_by_hand():
    toy = years_of({2022: DEPENDENT})
    found = geodep(toy.trade(), toy.position["JPN"], 2022)
    assert found.import_hhi.tolist() == [pytest.approx(0.68)]
    assert found.world_export_hhi.tolist() == [pytest.approx((13**2 + 2**2 + 1) / 16**2)]
    assert found.import_export_ratio.tolist() == [10.0]


@pytest.mark.parametrize(
    ("pattern", "met", "verdict"),
    [("ddd", 3, True), ("ddx", 2, True), ("xdd", 2, True), ("xxd", 1, False), ("dxx", 1, False)],
)
def test_two_years_of_the_window_make_a_product_dependent(pattern, met, verdict):
    kinds = {"d": DEPENDENT, "x": DIVERSE}
    toy = years_of({2020 + n: kinds[kind] for n, kind in enumerate(pattern)})
    found = geodep(toy.trade(), toy.position["JPN"], 2022)
    assert (found.years_met.tolist(), found.dependent.tolist()) == ([met], [verdict])
    assert found.present == (True, True, True)


def test_years_missing_from_the_data_are_not_met_and_reported():
    toy = years_of({2021: DEPENDENT, 2022: DEPENDENT})
    found = geodep(toy.trade(), toy.position["JPN"], 2022)
    assert (found.years, found.present) == ((2020, 2021, 2022), (False, True, True))
    assert (found.years_met.tolist(), found.dependent.tolist()) == ([2], [True])
    assert geodep(toy.trade(), toy.position["JPN"], 2021).dependent.tolist() == [False]


def test_geodep_without_exports_counts_as_more_bought_than_sold():
    toy = years_of({y: {("CHN", "JPN"): 8} for y in (2021, 2022)})
    found = geodep(toy.trade(), toy.position["JPN"], 2022)
    assert np.isnan(found.import_export_ratio[0])
    assert found.dependent.tolist() == [True]


def test_world_exports_are_never_joined_for_a_bloc():
    flows = {("CHN", "DEU"): 6, ("DEU", "FRA"): 4, ("FRA", "CHN"): 2, ("AUS", "FRA"): 2}
    toy = years_of({2022: flows})
    found = geodep(toy.trade(), positions(toy, "DEU", "FRA"), 2022)
    assert found.import_hhi.tolist() == [pytest.approx((6**2 + 2**2) / 8**2)]
    assert found.world_export_hhi.tolist() == [pytest.approx((36 + 16 + 4 + 4) / 14**2)]
    assert found.import_export_ratio.tolist() == [8 / 2]


def test_members_may_change_within_the_window():
    flows = {("CHN", "DEU"): 8, ("GBR", "DEU"): 8, ("CHN", "GBR"): 1}
    toy = years_of(dict.fromkeys((2020, 2021, 2022), flows))
    both, alone = positions(toy, "DEU", "GBR"), positions(toy, "DEU")
    found = geodep(toy.trade(), {2020: both, 2021: alone, 2022: alone}, 2022)
    assert found.met[:, 0].tolist() == [True, True, True]
    assert found.import_hhi.tolist() == [0.5]
    earlier = geodep(toy.trade(), {2018: both, 2019: both, 2020: both}, 2020)
    assert earlier.import_hhi.tolist() == [1.0]


def test_by_quantity_unknown_exports_do_not_pass_as_none():
    rows = [
        (2022, "CHN", "JPN", "284690", 8.0, 8.0),
        (2022, "JPN", "USA", "284690", 90.0, None),
    ]
    toy = world(rows)
    found = geodep(toy.trade(), toy.position["JPN"], 2022, basis="quantity")
    assert np.isnan(found.import_export_ratio[0])
    assert found.years_met.tolist() == [0]
