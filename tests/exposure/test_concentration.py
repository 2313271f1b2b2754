"""Shares and concentration: hand-solved worlds, invariants, and the compiled pass against the plain one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from friendshore.exposure.concentration import export_totals, import_concentration, world_export_hhi
from friendshore.exposure.indicators import every_indicator
from friendshore.exposure.rules import commission_2021
from worlds import one_product, world

COUNTRIES = ("AUS", "BRA", "CHN", "DEU", "JPN", "USA")


def at(toy, found, importer, product=0, year=2022):
    (row,) = np.flatnonzero(
        (found.importer == toy.position[importer]) & (found.product == product) & (found.year == year)
    )
    return row


def test_hhi_of_a_single_supplier_is_one():
    toy = one_product({("CHN", "JPN"): 7})
    found = import_concentration(toy.trade(), suppliers=[toy.position["CHN"]])
    assert found.hhi.tolist() == [1.0]
    assert found.supplier_share.tolist() == [1.0]
    assert toy.countries[found.top_supplier[0]] == "CHN"


def test_shares_and_hhi_of_a_hand_solved_importer():
    toy = one_product({("CHN", "JPN"): 60, ("AUS", "JPN"): 30, ("BRA", "JPN"): 10, ("AUS", "USA"): 5})
    found = import_concentration(toy.trade(), suppliers=[toy.position["AUS"], toy.position["BRA"]])
    row = at(toy, found, "JPN")
    assert found.imports_usd[row] == 100
    assert found.hhi[row] == pytest.approx(0.36 + 0.09 + 0.01, abs=1e-15)
    assert found.supplier_share[row] == pytest.approx(0.4, abs=1e-15)
    assert found.top_supplier_share[row] == pytest.approx(0.6, abs=1e-15)
    assert found.supplier_share[at(toy, found, "USA")] == 1.0


def test_equal_suppliers_are_named_in_the_order_of_countries():
    toy = one_product({("USA", "JPN"): 5, ("BRA", "JPN"): 5})
    found = import_concentration(toy.trade())
    assert toy.countries[found.top_supplier[0]] == "BRA"


def test_a_link_that_is_absent_is_zero_and_no_supplier_asked_for_is_unknown():
    toy = one_product({("CHN", "JPN"): 5, ("JPN", "AUS"): 1})
    asked = import_concentration(toy.trade(), suppliers=[toy.position["AUS"]])
    assert asked.supplier_share[at(toy, asked, "JPN")] == 0.0
    assert np.isnan(import_concentration(toy.trade()).supplier_share).all()


UNKNOWN = [
    (2022, "CHN", "JPN", "284690", 80.0, None),
    (2022, "AUS", "JPN", "284690", 15.0, 30.0),
    (2022, "BRA", "JPN", "284690", 5.0, 10.0),
    (2022, "CHN", "USA", "284690", 9.0, None),
    (2022, "CHN", "DEU", "284690", 1.0, 4.0),
]


def test_by_quantity_an_unknown_link_is_left_out_and_the_suppliers_own_share_is_unknown():
    toy = world(UNKNOWN)
    china = import_concentration(toy.trade(), basis="quantity", suppliers=[toy.position["CHN"]])
    row = at(toy, china, "JPN")
    assert china.imports_t[row] == 40
    assert china.hhi[row] == pytest.approx(0.75**2 + 0.25**2, abs=1e-15)
    assert np.isnan(china.supplier_share[row])
    assert china.unknown_links[row] == 1
    australia = import_concentration(toy.trade(), basis="quantity", suppliers=[toy.position["AUS"]])
    assert australia.supplier_share[row] == pytest.approx(0.75, abs=1e-15)


def test_by_value_the_same_unknown_tons_change_nothing():
    toy = world(UNKNOWN)
    found = import_concentration(toy.trade(), suppliers=[toy.position["CHN"]])
    assert found.supplier_share[at(toy, found, "JPN")] == pytest.approx(0.8, abs=1e-15)


def test_without_any_known_tons_everything_by_quantity_is_unknown_and_never_zero():
    toy = world(UNKNOWN)
    found = import_concentration(toy.trade(), basis="quantity", suppliers=[toy.position["AUS"]])
    row = at(toy, found, "USA")
    assert np.isnan([found.imports_t[row], found.hhi[row], found.supplier_share[row]]).all()
    assert found.top_supplier[row] == -1
    assert found.imports_usd[row] == 9.0


@pytest.mark.parametrize("compiled", [False, True])
def test_a_bloc_with_one_members_purchase_unknown_does_not_know_the_suppliers_share(compiled):
    toy = world([*UNKNOWN, (2022, "AUS", "DEU", "284690", 1.0, 6.0)])
    trade = toy.trade().joined([toy.position["DEU"], toy.position["USA"]], "DEU+USA")
    found = import_concentration(trade, basis="quantity", suppliers=[toy.position["CHN"]], compiled=compiled)
    (row,) = np.flatnonzero(found.importer == len(toy.countries))
    assert found.imports_t[row] == 10  # known rows: 4 + 6
    assert found.unknown_links[row] == 1
    assert np.isnan(found.supplier_share[row])


def test_world_export_hhi_counts_each_exporter_once():
    toy = one_product({("CHN", "JPN"): 50, ("CHN", "USA"): 20, ("AUS", "JPN"): 20, ("JPN", "AUS"): 10})
    found = world_export_hhi(toy.trade())
    assert found.hhi.tolist() == pytest.approx([0.49 + 0.04 + 0.01], abs=1e-15)
    assert toy.countries[found.top_exporter[0]] == "CHN"
    assert found.top_exporter_share[0] == pytest.approx(0.7, abs=1e-15)


def test_export_totals_add_up_over_importers():
    toy = world(UNKNOWN)
    found = export_totals(toy.trade())
    (row,) = np.flatnonzero(found.exporter == toy.position["CHN"])
    assert (found.exports_usd[row], found.exports_t[row]) == (90.0, 4.0)


def test_no_rows_give_no_groups():
    empty = one_product({("CHN", "JPN"): 1}).trade([1999])
    for basis in ("value", "quantity"):
        assert len(import_concentration(empty, basis=basis, suppliers=[0]).hhi) == 0
        assert len(world_export_hhi(empty, basis=basis).hhi) == 0
        assert len(every_indicator(empty, basis=basis, suppliers=[0], members=[1]).row_share) == 0
    assert len(export_totals(empty).exporter) == 0


# Nobody records trade of 1e-190 dollars, whose square is 0.
amounts = st.just(0.0) | st.floats(1e-3, 1e9)
flows = st.lists(
    st.tuples(
        st.sampled_from((2020, 2021, 2022)),
        st.sampled_from(COUNTRIES),
        st.sampled_from(COUNTRIES),
        st.sampled_from(("260300", "284690", "810510")),
        amounts,
        st.none() | amounts,
    ).filter(lambda flow: flow[1] != flow[2]),
    min_size=1,
    max_size=60,
    unique_by=lambda flow: flow[:4],
)


@given(flows, st.sampled_from(("value", "quantity")))
def test_shares_are_fractions_that_add_up_to_one_or_are_unknown(rows, basis):
    toy = world(rows)
    trade = toy.trade()
    parts = [
        import_concentration(trade, basis=basis, suppliers=[place]).supplier_share
        for place in range(len(toy.countries))
    ]
    whole = import_concentration(trade, basis=basis, suppliers=range(len(toy.countries)))
    total = np.sum(parts, axis=0)
    known = ~np.isnan(total)
    np.testing.assert_allclose(total[known], 1.0, rtol=1e-12)
    np.testing.assert_allclose(whole.supplier_share[known], 1.0, rtol=1e-12)
    hhi = whole.hhi[~np.isnan(whole.hhi)]
    assert ((hhi > 0) & (hhi <= 1 + 1e-12)).all()


@given(flows, st.sampled_from((2.0, 1024.0, 0.125)))
def test_scaling_all_dollars_changes_no_share(rows, factor):
    toy, scaled = world(rows), world([(*f[:4], f[4] * factor, f[5]) for f in rows])
    one = import_concentration(toy.trade(), suppliers=[0])
    other = import_concentration(scaled.trade(), suppliers=[0])
    np.testing.assert_allclose(one.hhi, other.hhi, rtol=1e-12)
    np.testing.assert_allclose(one.supplier_share, other.supplier_share, rtol=1e-12)
    np.testing.assert_array_equal(one.top_supplier, other.top_supplier)


@given(flows)
def test_joining_two_countries_never_invents_trade(rows):
    toy = world(rows)
    trade = toy.trade()
    pair = [0, min(1, len(toy.countries) - 1)]
    joined = trade.joined(pair, "both")
    inside = np.isin(trade.importer, pair) & np.isin(trade.exporter, pair)
    assert joined.value_usd.sum() == pytest.approx(trade.value_usd[~inside].sum(), rel=1e-12)
    assert np.nansum(joined.quantity_t) == pytest.approx(np.nansum(trade.quantity_t[~inside]), rel=1e-12)
    assert not np.isin(joined.importer, pair).any()
    assert len(joined) <= len(trade)


@given(flows, st.sampled_from(("value", "quantity")), st.booleans())
def test_the_compiled_pass_agrees_with_the_plain_one(rows, basis, joined):
    toy = world(rows)
    trade = toy.trade()
    if joined:
        trade = trade.joined([0, 1], "both")
    suppliers, members = [len(toy.countries) - 1], [0, len(toy.countries) // 2]
    fast = every_indicator(trade, basis=basis, suppliers=suppliers, members=members)
    plain = import_concentration(trade, basis=basis, suppliers=suppliers, compiled=False)
    exports = world_export_hhi(trade, basis=basis)
    for name in vars(plain):
        np.testing.assert_allclose(getattr(fast.concentration, name), getattr(plain, name), rtol=1e-9)
    for name in vars(exports):
        np.testing.assert_allclose(getattr(fast.world, name), getattr(exports, name), rtol=1e-9)
    rule = commission_2021(trade, members)
    traded = fast.bloc.imports_extra_usd + fast.bloc.imports_intra_usd + fast.bloc.exports_total_usd > 0
    here = rule.imports_extra_usd + rule.imports_intra_usd + rule.exports_total_usd > 0
    for name in vars(rule):
        np.testing.assert_allclose(getattr(fast.bloc, name)[traded], getattr(rule, name)[here], rtol=1e-9)


@given(flows, st.sampled_from(("value", "quantity")))
def test_row_shares_and_ratio_follow_from_the_rows(rows, basis):
    toy = world(rows)
    trade = toy.trade()
    fast = every_indicator(trade, basis=basis)
    for n in range(len(trade)):
        mine = (
            (trade.year == trade.year[n])
            & (trade.product == trade.product[n])
            & (trade.importer == trade.importer[n])
        )
        total = np.nansum(trade.amounts(basis)[mine])
        expected = trade.amounts(basis)[n] / total if total > 0 else np.nan
        assert fast.row_share[n] == pytest.approx(expected, rel=1e-9, nan_ok=True)
    groups = fast.concentration
    for n in range(len(groups.year)):
        same = (trade.year == groups.year[n]) & (trade.product == groups.product[n])
        sold = np.nansum(trade.amounts(basis)[same & (trade.exporter == groups.importer[n])])
        bought = groups.imports_usd[n] if basis == "value" else groups.imports_t[n]
        expected = bought / sold if sold > 0 else np.nan
        assert fast.import_export_ratio[n] == pytest.approx(expected, rel=1e-9, nan_ok=True)
