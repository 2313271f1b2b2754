"""The forecast: what must hold whatever the numbers are, and that nothing of the outcome is read."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from shocked_worlds import STEADY, after, flows, shock, toy

from friendshore.disruption.eligible import Reach, cases, kilometres
from friendshore.disruption.events import events
from friendshore.disruption.forecast import Fit, fitted, forecast, left_out, retained
from friendshore.tables.box import open_box
from worlds import world

PLAIN = Fit(
    recency=0, sharpness=1, constancy=0, size=0, nearness=0, filled=0, recency_tons=0, replaced_supply=0,
    replaced_demand=1,
)  # fmt: skip
"""With these numbers the forecast is the naive one of no replacement."""


def test_without_churn_nearness_and_filling_it_is_no_replacement():
    found = forecast(PLAIN, cases(toy(), [shock()]))
    # JPN keeps 30 of 60 beside 40: CHL 30, PER 10 of 70
    assert found.shares[0][found.shares[0] > 0] == pytest.approx([30 / 70, 10 / 70, 30 / 70])
    assert found.total == pytest.approx([70.0, 50.0])


def test_what_is_filled_keeps_the_mix_of_the_others():
    found = forecast(PLAIN.model_copy(update={"filled": 10.0}), cases(toy(), [shock(severity_tons=0.9)]))
    # filled in full: 6 of 100 remain, 94 as 3 to 1
    assert found.shares[0][found.shares[0] > 0] == pytest.approx([0.705, 0.235, 0.06])


def test_tons_that_buyers_gave_up_come_from_elsewhere_by_their_own_number():
    rows = cases(toy(), [shock(actor="third_party")])
    assert forecast(PLAIN, rows).total == pytest.approx([100.0, 100.0])


@pytest.mark.parametrize("actor", ["mixed", "unknown", "pirates"])
def test_an_actor_without_a_number_of_its_own_counts_as_supply(actor):
    rows, plain = cases(toy(), [shock(actor=actor)]), cases(toy(), [shock()])
    assert forecast(fitted().fit, rows).total.tolist() == forecast(fitted().fit, plain).total.tolist()


def test_the_last_base_year_counts_by_its_weight():
    bought = STEADY | {("CHL", "JPN"): lambda year: 60.0 if year == 2009 else 30.0}
    rows = cases(world(flows(bought)), [shock(severity_tons=0.0)])
    found = forecast(PLAIN.model_copy(update={"recency": 0.5, "recency_tons": 0.5}), rows)
    # means 60, 45, 10 of 115; last 60, 60, 10 of 130
    assert found.shares[0, -1] == pytest.approx((60 / 115 + 60 / 130) / 2)
    assert found.total[0] == pytest.approx((115 * 130) ** 0.5)


@given(
    st.floats(0.01, 0.99),
    st.lists(st.tuples(st.floats(0.1, 1e6), st.floats(10, 2e4)), min_size=2, max_size=8),
    st.floats(0, 2),
)
# Both so near that distance all but vanishes: found once, by chance.
@example(0.5, [(1.0, 10.0), (1.0, 10.0)], 2.0)
@example(0.5, [(1.0, 2e4), (1.0, 2e4)], 2.0)
def test_spreading_keeps_the_stated_severity_and_lets_neighbours_keep_more(severity, buyers, nearness):
    tons, km = np.array(buyers).T
    kept = retained(severity, Reach(np.arange(len(tons)), tons, km), nearness)
    assert ((kept >= 0) & (kept <= 1)).all()
    assert (kept * tons).sum() / tons.sum() == pytest.approx(1 - severity, abs=1e-6)
    assert (np.diff(kept[np.argsort(km, kind="stable")]) <= 1e-9).all()


@pytest.mark.parametrize("severity", [-0.3, 0.0, 1.0])
def test_where_all_or_nothing_is_lost_all_lose_the_same(severity):
    reach = Reach(np.arange(2), np.array([5.0, 1.0]), np.array([100.0, 9000.0]))
    assert retained(severity, reach, 1.0).tolist() == [1.0 - max(severity, 0.0)] * 2


def test_distance_is_along_the_globe():
    box = open_box()
    km = dict(zip(box.countries, kilometres(box, ["UKR"]), strict=True))
    # Kyiv's country to Poland's about 830 km, to Brazil's more than 10,000, as any atlas has it
    assert km["UKR"] == 0
    assert 500 < km["POL"] < 1100
    assert 9500 < km["BRA"] < 12500


def test_an_importer_with_no_other_supplier_stays_with_it():
    found = forecast(fitted().fit, cases(toy(), [shock()]))
    assert found.shocked[1] == 1.0


@pytest.mark.parametrize("severity", [-0.5, 0.0, 0.4, 0.95, 1.0])
def test_shares_add_up_and_tons_are_positive(severity):
    found = forecast(
        fitted().fit,
        cases(open_box(), [e.model_copy(update={"severity_tons": severity}) for e in events()[:12]]),
    )
    assert found.shares.sum(1) == pytest.approx(1)
    assert (found.shares >= 0).all()
    assert (found.total > 0).all()


def test_nothing_of_the_outcome_is_read():
    bought = STEADY | {
        ("AUS", "JPN"): after(60.0, 90.0),
        ("CHL", "JPN"): after(30.0, 1.0),
        ("AUS", "KOR"): after(100.0, 300.0),
        ("PER", "KOR"): after(0.0, 50.0),
    }
    changed = shock(
        outcome_tons=1.0,
        top5_lost_tons=(1.0,),
        outcome_value_kusd=3.0,
        production_change=0.2,
        severity_tons_world=0.1,
    )
    first, second = cases(toy(), [shock()]), cases(world(flows(bought)), [changed])
    assert not np.allclose(first.outcome, second.outcome)
    one, two = forecast(fitted().fit, first), forecast(fitted().fit, second)
    assert one.shares.tolist() == two.shares.tolist()
    assert one.total.tolist() == two.total.tolist()


def test_the_forecast_of_a_row_does_not_depend_on_the_other_rows():
    rows = cases(open_box(), [event for event in events() if event.quality == "A"])
    whole, half = forecast(fitted().fit, rows), np.arange(len(rows)) % 2 == 0
    part = forecast(fitted().fit, rows.take(half))
    assert part.shares == pytest.approx(whole.shares[half])
    assert part.total == pytest.approx(whole.total[half])


def test_events_it_was_tuned_on_are_recognised_under_another_name():
    own = events()[1]
    renamed = own.model_copy(update={"id": "X", "cluster": "Y"})
    assert left_out(renamed, events(), fitted()) == own.cluster
    assert left_out(renamed.model_copy(update={"first_year": 2019}), events(), fitted()) == ""


def test_every_cluster_of_the_catalogue_has_a_fit_without_it():
    assert set(fitted().without) == {event.cluster for event in events()}


def test_no_calibration_error_comes_from_grade_c():
    documented = {event.id for event in events() if event.quality in "AB"}
    assert {one.event for one in fitted().calibration} <= documented


def test_fits_differ_without_the_cluster_that_taught_them():
    assert len({(fit.nearness, fit.replaced_supply) for fit in fitted().without.values()}) > 3
