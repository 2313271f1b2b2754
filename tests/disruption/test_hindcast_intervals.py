"""Intervals: the conformal quantile by hand, what is comparable, and who is forgotten."""

import numpy as np
import pytest
from shocked_worlds import shock, toy

from friendshore.disruption.eligible import cases
from friendshore.disruption.forecast import Calibration, fitted, forecast
from friendshore.disruption.intervals import intervals, scores, stopped_by


def error(size, cluster, **changes):
    plain = {
        "event": f"E-{cluster}",
        "cluster": cluster,
        "importer": "JPN",
        "exposure": 0.6,
        "world_share": 0.2,
    }
    return Calibration(**(plain | {"actor": "seller", "share": size, "tons": size} | changes))


NINETEEN = tuple(error(size / 10, f"C{n % 4}") for n, size in enumerate(range(-9, 10)))
"""Errors of -.9 to .9 from four clusters."""


def rows(**changes):
    return cases(toy(), [shock(**changes)]).take(np.array([True, False]))  # JPN, exposed to 60 %


def formed(known, forget="", **changes):
    mine = rows(**changes)
    return intervals(mine, forecast(fitted().fit, mine), tuple(known), [forget])


def test_ends_are_the_conformal_quantiles_of_nineteen_errors():
    mine = rows()
    predicted = forecast(fitted().fit, mine)
    found = intervals(mine, predicted, NINETEEN, [""])
    # of 19 and the row itself, 90 % are 18: the 18th smallest is .8, the 18th largest -.8
    scale = np.sqrt((predicted.shocked + 0.02) * (1.02 - predicted.shocked))
    assert found.share_low == pytest.approx(np.maximum(predicted.shocked - 0.8 * scale, 0))
    assert found.share_high == pytest.approx(np.minimum(predicted.shocked + 0.8 * scale, 1))
    # imports were steady: the scale of tons is .3
    assert found.total_low == pytest.approx(predicted.total * np.exp(-0.24))
    assert found.total_high == pytest.approx(predicted.total * np.exp(0.24))


def test_the_calibration_events_are_named():
    assert sorted(formed(NINETEEN).comparable[0]) == ["E-C0", "E-C1", "E-C2", "E-C3"]


def test_fewer_than_three_clusters_give_no_interval_and_name_nobody():
    two = [error(n / 10, f"C{n % 2}") for n in range(40)]
    found = formed(two)
    assert np.isnan([found.share_low, found.share_high, found.total_low, found.total_high]).all()
    assert found.comparable == ((),)
    assert not found.known.any()


def test_other_parties_are_not_comparable():
    assert not formed(NINETEEN, actor="buyer").known.any()
    assert not formed(NINETEEN, actor="war").known.any()


@pytest.mark.parametrize("actor", ["mixed", "unknown", "pirates"])
def test_where_nobody_knows_who_stopped_anybody_is_comparable(actor):
    assert stopped_by(actor) == ""
    assert formed(NINETEEN, actor=actor).known.all()


def test_small_exposures_say_nothing_of_large_ones():
    assert not formed([one.model_copy(update={"exposure": 0.1}) for one in NINETEEN]).known.any()
    assert formed([one.model_copy(update={"exposure": 0.3}) for one in NINETEEN]).known.any()


def test_a_supplier_of_half_the_world_is_compared_with_its_like_only():
    mine = rows()
    assert mine.world_share[0] < 0.5
    large = mine.take(np.array([True]))
    object.__setattr__(large, "world_share", np.array([0.6]))
    predicted = forecast(fitted().fit, large)
    assert not intervals(large, predicted, NINETEEN, [""]).known.any()
    alike = tuple(one.model_copy(update={"world_share": 0.7}) for one in NINETEEN)
    assert intervals(large, predicted, alike, [""]).known.all()


def test_the_errors_of_a_forgotten_cluster_are_not_used():
    wild = [error(50.0, "WILD") for _ in range(40)]
    assert formed([*NINETEEN, *wild], forget="WILD").total_high == formed(NINETEEN).total_high
    assert formed([*NINETEEN, *wild]).total_high > formed(NINETEEN).total_high
    assert "E-WILD" not in formed([*NINETEEN, *wild], forget="WILD").comparable[0]


def test_errors_of_other_classes_weigh_little():
    far = [error(50.0, f"F{n}", exposure=0.1) for n in range(10)]
    # ten errors at a twentieth: half an error more, the 90 % of 20.5 are still the 19th error at most
    assert formed([*NINETEEN, *far]).total_high <= formed(NINETEEN).total_high * np.exp(0.03 + 1e-9)


def test_scores_turn_back_into_what_happened():
    mine = rows()
    predicted = forecast(fitted().fit, mine)
    share, tons = scores(mine, predicted)
    scale = np.sqrt((predicted.shocked + 0.02) * (1.02 - predicted.shocked))
    assert predicted.shocked + share * scale == pytest.approx(20 / 80)
    assert predicted.total * np.exp(tons * 0.3) == pytest.approx(80)
