"""One assumption at a time: swings that can be followed by hand, and rankings counted pair by pair."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from friendshore.disruption.market import market_of
from friendshore.disruption.ranges import ranges_of
from friendshore.disruption.ranking import kendall_distance, swaps
from friendshore.disruption.sensitivity import tornado
from friendshore.disruption.sweeps import process_pool
from friendshore.errors import ArgumentError, MissingDataError
from friendshore.parameters import PARAMETERS, Parameters
from friendshore.shocks import DAYS_PER_MONTH, StockCover
from toy_paths import QUIET, monthly, run, stop
from worlds import world

ALONE = Parameters(**QUIET)
FLOWS = {("CHN", "JPN"): 10.0, ("AUS", "JPN"): 30.0}
STILL = {name: (value, value) for name, value in QUIET.items()}
"""Nothing is varied that would bring goods back."""


def of(result, name):
    return next(n for n, each in enumerate(result.ranges) if each.name == name)


def test_a_smaller_lost_share_shortens_by_what_still_arrives():
    market = monthly(FLOWS)
    cut = stop("CHN", importers=("JPN",), lost_share=0.5, duration_months=4)
    result = tornado(market, [cut], [], ["JPN"], parameters=ALONE, months=6, ranges=STILL)
    # half of ten tons for four months; 40 and 60 % at the ends; two and six months
    assert result.central_total_t[0, 0] == pytest.approx(20)
    assert result.total_t[of(result, "lost_share"), :, 0, 0] == pytest.approx([16, 24])
    assert result.ranges[of(result, "lost_share")].shown == pytest.approx((0.4, 0.5, 0.6))
    assert result.total_t[of(result, "duration"), :, 0, 0] == pytest.approx([10, 30])
    assert result.swing_t[of(result, "duration"), 0, 0] == pytest.approx(20)
    assert result.central_share[0, 0] == pytest.approx(20 / 240)


def test_an_unknown_stock_is_tried_from_none_to_sixty_days_and_a_stated_one_as_a_factor():
    market = monthly({**FLOWS, ("CHN", "KOR"): 5.0})
    cut = stop("CHN", importers=("JPN", "KOR"))
    stocks = [StockCover(importer="KOR", days=30)]
    result = tornado(market, [cut], stocks, ["JPN", "KOR"], parameters=ALONE, months=6, ranges=STILL)
    unknown, stated = of(result, "cover_days"), of(result, "stock_factor")
    held = 40 * 60 / DAYS_PER_MONTH
    assert result.total_t[unknown, :, 0, 0] == pytest.approx([60, max(0.0, 60 - held)])
    assert result.total_t[unknown, :, 1, 0] == pytest.approx(result.central_total_t[1, [0, 0]])
    per_day = 5 / DAYS_PER_MONTH
    assert result.total_t[stated, :, 1, 0] == pytest.approx([30 - 22.5 * per_day, 30 - 37.5 * per_day])
    assert result.total_t[stated, :, 0, 0] == pytest.approx([60, 60])


def test_ends_agree_with_runs_of_the_same_parameters():
    market = monthly({**FLOWS, ("CHN", "KOR"): 8.0}, peak={("AUS", "JPN"): 36.0})
    cut = stop("CHN", importers=("JPN",), kind="export_ban")
    result = tornado(market, [cut], [], ["JPN"], months=12)
    for name in ("lead_months", "leakage_share", "leakage_delay_months", "elasticity_1y", "spare_share"):
        for end, value in enumerate((PARAMETERS[name].low, PARAMETERS[name].high)):
            alone = run(market, cut, **{**{k: getattr(Parameters(), k) for k in QUIET}, name: value})
            assert result.total_t[of(result, name), end, 0, 0] == pytest.approx(alone.shortage_t.sum())
    assert result.swing_t[of(result, "leakage_share"), 0, 0] > 0.1


def test_rules_that_are_no_numbers_are_tried_too():
    market = monthly(FLOWS)
    stocks = [StockCover(importer="JPN", days=15)]
    given = ALONE.model_copy(update={"stock_rule": "floor", "floor_share": 0.5})
    result = tornado(market, [stop("CHN")], stocks, ["JPN"], parameters=given, months=6, ranges=STILL)
    rule = result.ranges[of(result, "stock_rule")]
    assert rule.shown == ("stretch", "floor", "use-it")
    # half of the stock of 15 days is never touched
    assert result.central_total_t[0, 0] - result.total_t[of(result, "stock_rule"), 1, 0, 0] == pytest.approx(
        0.5 * 40 * 15 / DAYS_PER_MONTH
    )


@pytest.fixture
def two_goods():
    rows = [(2022, "CHN", "JPN", code, 1.0, 12.0 * tons) for code, tons in (("AAA", 6), ("BBB", 5))]
    rows += [(2022, "AUS", "JPN", code, 1.0, 12.0 * tons) for code, tons in (("AAA", 4), ("BBB", 5))]
    return market_of(world(rows), base_years=(2022,))


def test_goods_change_places_where_one_has_a_stock_that_is_larger_than_was_said(two_goods):
    cut = stop("CHN", importers=("JPN",), products=("AAA", "BBB"), duration_months=4)
    stocks = [StockCover(importer="JPN", product="AAA", days=14), StockCover(importer="JPN", product="BBB")]
    wide = {**STILL, "stock_factor": (1, 2), "cover_days": (0, 0)}
    result = tornado(two_goods, [cut], stocks, ["JPN"], parameters=ALONE, months=4, ranges=wide)
    # of 40 tons each: 24 less 4.6 of AAA, 20 of BBB
    assert result.goods == ("AAA", "BBB")
    assert result.central_scores[0] == pytest.approx([(24 - 10 * 14 / DAYS_PER_MONTH) / 40, 0.5])
    assert result.distance[of(result, "stock_factor"), :, 0] == pytest.approx([0, 0])
    less = {**STILL, "stock_factor": (0.5, 1), "cover_days": (0, 0)}
    result = tornado(two_goods, [cut], stocks, ["JPN"], parameters=ALONE, months=4, ranges=less)
    assert result.distance[of(result, "stock_factor"), :, 0] == pytest.approx([1, 0])
    (swap,) = [each for each in result.swaps if each.parameter == "stock_factor"]
    assert (swap.end, swap.importer, swap.before, swap.now) == ("low", "JPN", "BBB", "AAA")


def test_the_distance_of_rankings_is_the_part_of_pairs_that_turn_round():
    first = np.array([4.0, 3.0, 2.0, 1.0])
    assert kendall_distance(first, first) == 0
    assert kendall_distance(first, first[::-1]) == 1
    assert kendall_distance(first, np.array([3.0, 4.0, 2.0, 1.0])) == pytest.approx(1 / 6)
    assert kendall_distance(first, np.array([3.5, 3.5, 2.0, 1.0])) == pytest.approx(0.5 / 6)
    assert np.isnan(kendall_distance(first[:1], first[:1]))


def test_the_distance_counts_the_neighbours_that_a_sort_has_to_swap():
    start = np.array([4.0, 3.0, 2.0, 1.0])
    for order in permutations(start):
        other, steps = list(order), 0
        for _ in range(4):
            for n in range(3):
                if other[n] < other[n + 1]:
                    other[n], other[n + 1] = other[n + 1], other[n]
                    steps += 1
        assert kendall_distance(start, np.array(order)) == pytest.approx(steps / 6)
        assert len(swaps(start, np.array(order))) == steps


def test_a_pool_gives_the_same_as_this_process(two_goods):
    cut = stop("CHN", importers=("JPN",), products=("AAA", "BBB"))
    here, there = (
        tornado(two_goods, [cut], [], ["JPN"], months=6, executor=where) for where in (None, process_pool(2))
    )
    assert np.array_equal(here.total_t, there.total_t)
    assert np.array_equal(here.distance, there.distance)


def test_a_parameter_beyond_its_usual_range_widens_it():
    given = Parameters(lead_months=20)
    found = {
        each.name: each for each in ranges_of(given, [stop("CHN")], stated_stock=False, unknown_stock=True)
    }
    assert (found["lead_months"].low, found["lead_months"].central, found["lead_months"].high) == (3, 20, 20)
    assert "duration" not in found  # it does not end
    assert found["lost_share"].high == 1  # never beyond a full stop
    assert set(PARAMETERS) < set(found)


@pytest.mark.parametrize(
    ("own", "code"),
    [({"luck": (0, 1)}, "unknown_parameter"), ({"lead_months": (9, 3)}, "parameter_out_of_range"),
     ({"spare_share": (0, 2)}, "parameter_out_of_range")],
)  # fmt: skip
def test_a_range_that_cannot_be_is_refused(own, code):
    with pytest.raises(ArgumentError) as refused:
        ranges_of(Parameters(), [stop("CHN")], stated_stock=True, unknown_stock=True, own=own)
    assert refused.value.code == code


def test_importers_of_which_none_buys_are_refused_and_one_of_several_is_left_out():
    with pytest.raises(MissingDataError) as refused:
        tornado(monthly(FLOWS), [stop("CHN")], [], ["AUS"])
    assert refused.value.code == "no_imports"
    result = tornado(monthly(FLOWS), [stop("CHN")], [], ["JPN", "AUS"])
    assert result.central_total_t[0, 0] > 0
    assert np.isnan(result.total_t[:, :, 1]).all()
