"""Which rows are scored, the naive forecasts and churn, by hand."""

import numpy as np
import pytest
from shocked_worlds import ORE, STEADY, after, flows, shock, toy

from friendshore.disruption.baselines import baselines, shares, total_variation
from friendshore.disruption.churn import ordinary_churn, windows
from friendshore.disruption.eligible import cases
from worlds import world


def named(rows, table):
    names = (*rows.countries, "shocked")
    return [{names[i]: pytest.approx(row[i]) for i in np.flatnonzero(row > 1e-12)} for row in table]


def buyers(rows):
    return [rows.countries[n] for n in rows.importer]


def test_exposed_importers_above_five_million_dollars_are_eligible():
    rows = cases(toy(), [shock()])
    assert buyers(rows) == ["JPN", "KOR"]
    assert rows.exposure.tolist() == [0.6, 1.0]
    assert named(rows, rows.base) == [{"CHL": 30, "PER": 10, "shocked": 60}, {"shocked": 100}]
    assert named(rows, rows.outcome) == [{"CHL": 50, "PER": 10, "shocked": 20}, {"shocked": 60}]


def test_only_importers_in_the_measures_reach_count():
    rows = cases(toy(), [shock(importers=("JPN", "DEU"))])
    assert buyers(rows) == ["JPN"]
    assert rows.reaches[0].tons.tolist() == [4.0, 60.0]


def test_several_exporters_are_one_supplier_and_do_not_buy():
    rows = cases(toy(), [shock(exporters=("AUS", "PER"))])
    assert buyers(rows) == ["DEU", "JPN", "KOR"]
    assert named(rows, rows.base)[1] == {"CHL": 30, "shocked": 70}


def test_several_products_are_pooled_by_tons():
    more = [(y, "AUS", "JPN", "260500", 1e6, 40.0) for y in range(2000, 2012)]
    rows = cases(world([*flows(STEADY), *more]), [shock(products_hs92=(ORE, "260500"))])
    assert rows.exposure[0] == pytest.approx(100 / 140)


@pytest.mark.parametrize(("factor", "reads"), [(4, True), (8, True), (0.25, False)])
def test_a_unit_value_that_breaks_against_the_world_drops_the_row(factor, reads):
    others = flows({pair: tons for pair, tons in STEADY.items() if pair[1] != "KOR"})
    korea = [(y, "AUS", "KOR", ORE, 1e7 * (factor if y >= 2010 else 1), 100.0) for y in range(2000, 2012)]
    rows = cases(world([*others, *korea]), [shock()])
    # the others buy 236.5 t for 23.65 m dollars after the event, at the old price of 0.1 m a ton; with Korea's
    # 100 t for 40, 80 or 2.5 m the world's price goes up 1.89 or 3.08 times or down to 0.777: 2.1, 2.6, 3.1 off
    assert ("KOR" in buyers(rows)) is reads
    assert (("TOY", "KOR", "unit value breaks") in rows.dropped) is not reads


def test_an_importer_that_stops_buying_is_named_not_scored():
    rows = cases(world(flows(STEADY | {("AUS", "KOR"): after(100.0, 0.0)})), [shock()])
    assert buyers(rows) == ["JPN"]
    assert rows.dropped == (("TOY", "KOR", "nothing imported in the outcome years"),)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"products_hs92": ("010101",)}, "no such product in the data"),
        ({"base_years": (1990,)}, "years outside the data"),
        ({"exporters": ("BRA",)}, "no such exporter in the data"),
        ({"severity_tons": None, "severity_value": None}, "no severity stated"),
    ],
)
def test_an_event_that_the_data_cannot_show_is_named(changes, reason):
    rows = cases(toy(), [shock(**changes)])
    assert len(rows) == 0
    assert rows.dropped == (("TOY", "", reason),)


def test_naive_forecasts_by_hand():
    rows = cases(toy(), [shock()])
    found = baselines(rows)
    assert named(rows, found["persistence"])[0] == {"CHL": 30, "PER": 10, "shocked": 60}
    assert named(rows, found["no_replacement"])[0] == {"CHL": 30, "PER": 10, "shocked": 30}
    # 30 lost tons to CHL and PER as 3 to 1
    assert named(rows, found["own_mix"])[0] == {"CHL": 52.5, "PER": 17.5, "shocked": 30}
    # as what they sell elsewhere, 60 to 96
    assert named(rows, found["world_exports"])[0] == {
        "CHL": 30 + 30 * 60 / 156, "PER": 10 + 30 * 96 / 156, "shocked": 30,
    }  # fmt: skip


def test_who_has_one_supplier_only_turns_to_the_world():
    rows = cases(toy(), [shock()])
    found = baselines(rows)
    # the other exporters sell 90 and 106 tons elsewhere
    assert named(rows, found["own_mix"])[1] == {
        "CHL": 50 * 90 / 196, "PER": 50 * 106 / 196, "shocked": 50,
    }  # fmt: skip


def test_total_variation_by_hand():
    first = np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]])
    second = np.array([[0.25, 0.5, 0.25], [0.0, 0.0, 1.0]])
    assert total_variation(first, second).tolist() == [0.25, 1.0]
    assert shares(np.zeros((1, 2))).tolist() == [[0.0, 0.0]]


def test_windows_move_back_together_and_keep_clear_of_documented_events():
    event = shock()
    years = tuple(range(2000, 2012))
    spans = windows(event, [event], years)
    assert spans[0] == ((2006, 2007), (2008, 2009))
    assert spans[-1] == ((2000, 2001), (2002, 2003))
    other = shock(
        id="OTHER", exporters=("CHL",), base_years=(2001, 2002), first_year=2003, outcome_years=(2003,)
    )
    assert [base for base, _ in windows(event, [event, other], years)] == [
        (2006, 2007),
        (2005, 2006),
        (2004, 2005),
    ]
    seen_only = other.model_copy(update={"quality": "C"})
    assert windows(event, [event, seen_only], years) == spans


def test_churn_is_the_median_error_of_persistence_in_the_windows():
    # CHL sells JPN 30 tons in even years, 50 in odd ones, which means of two years do not show; from 2006 on 70
    bought = STEADY | {("CHL", "JPN"): after(30.0, 70.0, 2006)}
    rows = cases(world(flows(bought)), [shock()])
    found = ordinary_churn(world(flows(bought)), rows, [shock()])
    assert found.count.tolist() == [7, 7]
    # base means of CHL by window, newest first: 70, 50, 30, 30, 30, 30, 30; outcomes: 70, 70, 70, 50, 30, 30, 30
    # to (50 of 120) -> (70 of 140): PER and AUS give up 70/120 - 70/140 = 1/12; (30 of 100) -> (50 of 120): 7/60;
    # (30 of 100) -> (70 of 140): .2; three of nothing, and the newest of nothing: the median is 0
    assert found.total_variation.tolist() == [0.0, 0.0]
    late = shock(base_years=(2007, 2008), outcome_years=(2010, 2011))
    spans = windows(late, [late], tuple(range(2003, 2012)))
    assert spans == [((2005, 2006), (2008, 2009)), ((2004, 2005), (2007, 2008)), ((2003, 2004), (2006, 2007))]
    rows = cases(world(flows(bought, range(2003, 2012))), [late])
    found = ordinary_churn(world(flows(bought, range(2003, 2012))), rows, [late])
    # (50 of 120) -> (70 of 140) once, (30 of 100) -> (70 of 140) twice: the median is the latter
    assert found.total_variation[0] == pytest.approx(0.2)
    assert found.percentage_error[0] == pytest.approx(40 / 140)
