"""What it takes to lean on nobody: the finding, by hand on a toy world."""

import pytest

from friendshore import answers
from friendshore.errors import ArgumentError, FriendshoreError
from worlds import one_product, world

EXPORTS = {
    ("CHN", "JPN"): 80.0, ("AUS", "JPN"): 20.0, ("CHN", "USA"): 30.0, ("AUS", "USA"): 40.0, ("VNM", "USA"): 30.0,
}  # fmt: skip


def test_one_buyer_above_the_cap_moves_to_who_can_still_sell():
    found = answers.diversification(["JPN", "USA"], world=one_product(EXPORTS), share_cap=0.5)
    jpn, usa = sorted(found.rows, key=lambda row: row["importer"])
    # JPN leaves 30 from CHN for AUS (60 sold, 90 possible): nothing else is above its cap.
    assert jpn["moved_t"] == pytest.approx(30)
    assert jpn["missing_t"] == pytest.approx(0)
    assert jpn["cost_usd"] == pytest.approx(30 * 0.05)
    assert jpn["largest_share"] == pytest.approx(0.5)
    assert jpn["top_supplier"] == "CHN"
    assert jpn["top_supplier_share"] == pytest.approx(0.8)
    assert usa["moved_t"] == pytest.approx(0)
    assert found.summary[0]["cost_usd"] == pytest.approx(30 * 0.05)
    assert "change 1 of 2 purchases" in str(found.answer)


def test_flows_give_the_same_finding_without_the_worth_of_a_point():
    by_flow = answers.diversification(["JPN"], world=one_product(EXPORTS), share_cap=0.5, solver="flows")
    by_program = answers.diversification(["JPN"], world=one_product(EXPORTS), share_cap=0.5)
    assert by_flow.rows[0]["marginal_usd"] is None
    assert by_program.rows[0]["marginal_usd"] is not None
    for name in ("moved_t", "missing_t", "cost_usd"):
        assert by_flow.rows[0][name] == pytest.approx(by_program.rows[0][name], abs=1e-6)


def test_a_bloc_is_one_buyer_and_its_inner_trade_is_left_out():
    exports = {("CHN", "DEU"): 60.0, ("CHN", "FRA"): 20.0, ("AUS", "DEU"): 20.0, ("FRA", "DEU"): 500.0}
    found = answers.diversification(["EU"], world=one_product(exports), share_cap=0.5, capacity_factor=3)
    assert found.rows[0]["imports_t"] == pytest.approx(100)
    assert found.rows[0]["moved_t"] == pytest.approx(30)


def test_unknown_tons_are_left_out_and_told():
    flows = [(2022, "CHN", "JPN", "284690", 5.0, 5.0), (2022, "AUS", "JPN", "284690", 5.0, None)]
    found = answers.diversification("JPN", world=world(flows))
    assert found.rows[0]["imports_t"] == 5
    assert any("1 flows of unknown tons" in str(each) for each in found.caveats)


def test_assumptions_follow_what_was_asked():
    found = answers.diversification(
        ["JPN"], world=one_product(EXPORTS), switching_share=0.2, capacity_factor=2
    )
    said = " ".join(map(str, found.assumptions))
    assert "20 %" in said
    assert "2 times" in said


@pytest.mark.parametrize("keys", [{"share_cap": 0}, {"solver": "magic"}, {"products": ["999999"]}])
def test_what_cannot_be_asked_is_refused(keys):
    with pytest.raises(ArgumentError):
        answers.diversification(["JPN"], world=one_product(EXPORTS), **keys)


def test_a_seller_that_buys_nothing_is_refused():
    with pytest.raises(FriendshoreError) as refused:
        answers.diversification(["AUS"], world=one_product(EXPORTS))
    assert refused.value.code == "no_imports"


@pytest.mark.shared
def test_every_product_of_the_box_keeps_the_cap():
    found = answers.diversification(["USA", "JPN"], year=2022)
    assert len(found.rows) > 130
    assert max(row["largest_share"] for row in found.rows) <= 0.4 * (1 + 1e-9)
