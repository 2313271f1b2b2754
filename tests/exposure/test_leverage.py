"""Who depends on whom, on a world solved by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from friendshore.exposure.leverage import leverage
from worlds import one_product, world

FLOWS = {
    ("CHN", "JPN"): 60, ("AUS", "JPN"): 40, ("CHN", "USA"): 20, ("JPN", "CHN"): 5, ("JPN", "USA"): 15,
    ("AUS", "CHN"): 15, ("USA", "JPN"): 20,
}  # fmt: skip


def both(toy, a, b, **more):
    return leverage(toy.trade(), [toy.position[c] for c in a], [toy.position[c] for c in b], **more)


def test_both_directions_by_hand():
    japan, china = both(one_product(FLOWS), ["JPN"], ["CHN"])
    assert japan.supplied_usd.tolist() == [60]
    assert japan.supplier_share.tolist() == [pytest.approx(60 / 120)]
    assert japan.buyer_share.tolist() == [pytest.approx(60 / 80)]
    assert japan.balance.tolist() == [pytest.approx(0.5 - 0.75)]
    assert japan.import_hhi.tolist() == [pytest.approx(0.25 + 1 / 9 + 1 / 36)]
    assert japan.world_export_share.tolist() == [pytest.approx(80 / 175)]
    assert china.supplier_share.tolist() == [pytest.approx(5 / 20)]
    assert china.buyer_share.tolist() == [pytest.approx(5 / 20)]
    assert china.balance.tolist() == [0]


def test_blocs_drop_their_inner_flows_and_keep_suppliers_apart():
    toy = one_product(FLOWS)
    allies, china = both(toy, ["JPN", "USA"], ["CHN"])
    assert allies.imports_usd.tolist() == [120]  # CHN 80, AUS 40; JPN-USA flows are inside
    assert allies.supplier_share.tolist() == [pytest.approx(80 / 120)]
    assert toy.countries[allies.top_supplier[0]] == "CHN"
    assert china.supplier_share.tolist() == [pytest.approx(5 / 20)]
    sellers, _ = both(toy, ["JPN"], ["AUS", "CHN"])
    assert sellers.supplier_share.tolist() == [pytest.approx(100 / 120)]
    assert sellers.buyer_share.tolist() == [pytest.approx(100 / 120)]
    assert sellers.import_hhi.tolist() == [pytest.approx(0.25 + 1 / 9 + 1 / 36)]


def test_products_that_do_not_flow_that_way_have_no_entry():
    toy = world([(2022, "CHN", "JPN", "260300", 1.0, 1.0), (2022, "AUS", "JPN", "284690", 1.0, 1.0)])
    japan, china = both(toy, ["JPN"], ["CHN"])
    assert [toy.products[n] for n in japan.product] == ["260300"]
    assert len(china.product) == 0


def test_unknown_tons_between_the_two_leave_the_shares_unknown_by_quantity_alone():
    toy = world([(2022, "CHN", "JPN", "284690", 9.0, None), (2022, "AUS", "JPN", "284690", 1.0, 1.0)])
    (by_value, _), (by_tons, _) = both(toy, ["JPN"], ["CHN"]), both(toy, ["JPN"], ["CHN"], basis="quantity")
    assert by_value.supplier_share.tolist() == [0.9]
    assert np.isnan([by_tons.supplier_share[0], by_tons.balance[0], by_tons.supplied_t[0]]).all()


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("ABCD"), st.sampled_from("ABCD")).filter(lambda link: link[0] != link[1]),
        st.integers(0, 99).map(float),
        min_size=1,
    )
)
def test_the_balance_lies_between_minus_one_and_one(flows):
    toy = one_product(flows)
    names = [c for c in "AB" if c in toy.position]
    if len(names) == 2:
        for side in both(toy, "A", "B"):
            known = ~np.isnan(side.balance)
            assert (np.abs(side.balance[known]) <= 1).all()
            assert ((side.supplier_share[known] >= 0) & (side.supplier_share[known] <= 1)).all()
