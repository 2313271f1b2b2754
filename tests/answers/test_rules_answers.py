"""Rules on toy worlds: published fixtures, windows, churn and scores solved by hand."""

import pytest

from friendshore.answers import rules
from friendshore.errors import ArgumentError, MissingDataError
from worlds import one_product, world

COMMISSION = {
    ("CHN", "DEU"): 60, ("IND", "DEU"): 20, ("USA", "FRA"): 20, ("CHN", "FRA"): 30, ("DEU", "FRA"): 40,
    ("FRA", "DEU"): 10, ("DEU", "CHN"): 25, ("FRA", "IND"): 15,
}  # fmt: skip
"""methods.md 1.1 with DEU, FRA as A, B and CHN, IND, USA as C, D, E."""


def only(finding):
    assert len(finding.rows) == 1
    return finding.rows[0]


def test_commission_rule_of_the_published_example():
    row = only(rules(["DEU", "FRA"], world=one_product(COMMISSION), as_bloc=True, rule="ec2021"))
    assert row["importer"] == "DEU+FRA"
    assert row["cdi1"] == pytest.approx(0.526627, abs=1e-6)
    assert row["cdi2"] == pytest.approx(0.722222, abs=1e-6)
    assert row["cdi3_total"] == pytest.approx(1.444444, abs=1e-6)
    assert row["cdi3_extra"] == pytest.approx(3.25)
    assert row["dependent"] is True


def test_exports_of_zero_give_no_ratio_that_counts_as_above_one():
    row = only(rules(["JPN"], world=one_product({("CHN", "JPN"): 10}), rule="ec2021"))
    assert (row["cdi2"], row["cdi3_total"], row["cdi3_extra"]) == (1.0, None, None)
    assert row["dependent"] is True


def geodep_years(*years):
    """Japan buys all from China in the given years, and evenly from four in the others of 2020 to 2022."""
    flows = []
    for year in (2020, 2021, 2022):
        sellers = ["CHN"] if year in years else ["CHN", "USA", "AUS", "IND"]
        flows += [(year, seller, "JPN", "250410", 100, 1) for seller in sellers]
    return world(flows)


@pytest.mark.parametrize(
    ("years", "met", "dependent"),
    [((2020,), 1, False), ((2020, 2021), 2, True), ((2020, 2021, 2022), 3, True)],
)
def test_geodep_needs_two_of_three_years(years, met, dependent):
    row = only(rules(["JPN"], year=2022, world=geodep_years(*years), rule="geodep"))
    assert (row["years_met"], row["dependent"]) == (met, dependent)


def test_geodep_window_that_reaches_before_the_data_says_so():
    finding = rules(["JPN"], year=2020, world=geodep_years(2020), rule="geodep")
    assert only(finding)["years_met"] == 1
    assert only(finding)["dependent"] is False
    assert any("2018, 2019" in str(c) for c in finding.caveats)


def test_churn_counts_what_entered_and_left():
    flows = [(2021, "CHN", "JPN", "250410", 10, 1), (2022, "CHN", "JPN", "250490", 10, 1)]
    flows += [(2022, s, "JPN", "250410", 10, 1) for s in ("CHN", "USA", "AUS", "IND")]
    (change,) = rules(["JPN"], year=2022, world=world(flows), rule="ec2021").summary["churn"]
    assert (change["dependent"], change["dependent_before"], change["stayed"]) == (1, 1, 0)
    assert (change["entered"], change["left"]) == (["250490"], ["250410"])


def governed():
    """Cobalt: China makes 60, Japan 40; Japan buys 60 from China (g = 0.8) and 20 from Taiwan (g = 0.3)."""
    return world(
        [(2022, "CHN", "JPN", "282200", 600_000, 60), (2022, "TWN", "JPN", "810510", 400_000, 20)],
        production={
            (2022, "CHN", "282200"): 60.0,
            (2022, "JPN", "282200"): 40.0,
            (2022, "TWN", "282200"): 0.0,
        },
        stability={(2022, "CHN"): -1.5, (2022, "TWN"): 1.0, (2022, "JPN"): 1.0},
    )


def test_governance_score_by_hand():
    row = only(rules(["JPN"], world=governed(), rule="governance"))
    assert (row["material"], row["product"], row["dependent"]) == ("Cobalt", "282200;810510", None)
    assert row["hhi"] == pytest.approx(0.6**2 + 0.4**2)
    assert row["import_risk"] == pytest.approx((0.8 * 60 + 0.3 * 20) / (40 + 80))
    assert row["score"] == pytest.approx(row["hhi"] * row["import_risk"])
    price = 1_000_000 / 80 / 1000
    assert row["characterisation_factor"] == pytest.approx(row["score"] * price / 0.409412948)


def test_compatible_score_gives_taiwan_one_half():
    row = only(rules(["JPN"], world=governed(), rule="governance-compat"))
    assert row["import_risk"] == pytest.approx((0.8 * 60 + 0.5 * 20) / (40 + 80))


def test_all_rules_stand_side_by_side():
    finding = rules(["JPN"], world=governed())
    assert {r["rule"] for r in finding.rows} == {"ec2021", "geodep", "governance", "governance-compat"}
    assert all(set(r) == {c.name for c in finding.columns} for r in finding.rows)


def test_unknown_rule_is_refused():
    with pytest.raises(ArgumentError) as error:
        rules(["JPN"], world=governed(), rule="ec2022")
    assert error.value.code == "unknown_choice"


def test_importer_that_trades_nothing_is_an_error():
    with pytest.raises(MissingDataError) as error:
        rules(["TWN"], world=governed(), products=["282200"], rule="ec2021")
    assert error.value.code == "no_imports"


def test_bloc_that_did_not_exist_in_the_window_counts_only_its_own_years():
    flows = [(y, "CHN", "USA", "250410", 10, 1) for y in (2020, 2021, 2022)]
    row = only(rules(["AUKUS"], year=2022, world=world(flows), rule="geodep"))
    assert row["years_met"] == 2
