"""Draws: the seed alone decides, whoever runs them, and quantiles are those of the values."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from friendshore.disruption.draws import PIECE, QUANTILES, draws, latin_hypercube
from friendshore.disruption.ranges import Range, ranges_of
from friendshore.disruption.reading import summary
from friendshore.disruption.sweeps import cluster, process_pool
from friendshore.errors import ArgumentError
from friendshore.parameters import Parameters
from friendshore.shocks import StockCover
from toy_executors import Breaking
from toy_paths import QUIET, monthly, stop

FLOWS = {("CHN", "JPN"): 10.0, ("AUS", "JPN"): 30.0, ("CHN", "KOR"): 5.0}
CUT = stop("CHN", importers=("JPN", "KOR"), duration_months=8)
STOCKS = (StockCover(importer="JPN", days=20),)


def drawn(n=600, seed=7, **more):
    return draws(monthly(FLOWS), [CUT], STOCKS, ["JPN", "KOR"], n=n, seed=seed, months=12, **more)


def same(one, other):
    names = ("shortage_share", "total_shortage_t", "cover_days", "short_share")
    return all(np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in names)


def test_the_result_does_not_depend_on_where_or_in_which_order_the_pieces_run():
    here = drawn()
    assert same(here, drawn())
    assert same(here, drawn(executor=process_pool(2)))
    with ThreadPoolExecutor(3) as pool:
        assert same(here, drawn(executor=pool))
    assert not same(here, drawn(seed=8))


def test_a_pool_that_breaks_in_the_middle_changes_nothing():
    assert same(drawn(n=5 * PIECE), drawn(n=5 * PIECE, executor=lambda: Breaking(3)))


def test_quantiles_are_those_of_the_same_draws_run_at_once():
    from friendshore.disruption.path import run_path

    market = monthly(FLOWS)
    found = drawn(n=PIECE)
    ranges = ranges_of(Parameters(), [CUT], stated_stock=True, unknown_stock=True)
    values = latin_hypercube(ranges, PIECE, np.random.SeedSequence(7).spawn(1)[0])
    path = run_path(market, [CUT], months=12, stocks=STOCKS, draws=values, watch=found.buyers.tolist())
    exact = np.quantile(path.shortage_share, QUANTILES, axis=0, method="inverted_cdf")
    assert found.shortage_share == pytest.approx(exact, abs=1 / 2000)
    cover = summary(path).cover_days
    exact = np.quantile(np.where(np.isnan(cover), np.inf, cover), QUANTILES, axis=0, method="inverted_cdf")
    assert np.where(np.isnan(found.cover_days), np.inf, found.cover_days) == pytest.approx(exact, abs=0.5)
    share = path.shortage_t.sum(axis=1) / path.demand_t.sum(axis=1)
    assert found.short_share == pytest.approx((path.shortage_share > 0.01).any(axis=1).mean(axis=0))
    assert found.total_shortage_share[1] == pytest.approx(
        np.quantile(share, 0.5, axis=0, method="inverted_cdf"), abs=1 / 2000
    )


def test_a_share_lost_evenly_gives_even_quantiles():
    still = {name: (value, value) for name, value in QUIET.items()}
    ends = stop("CHN", importers=("KOR",))
    found = draws(
        monthly(FLOWS), [ends], [], ["KOR"], n=1000, seed=1, months=3, parameters=Parameters(**QUIET),
        ranges={**still, "cover_days": (0, 0), "lost_share": (0, 1), "demand_elasticity": (0, 0)},
    )  # fmt: skip
    # all that is bought comes from there: what is missing is what is lost
    assert found.shortage_share[:, 0, 0] == pytest.approx(QUANTILES, abs=0.005)
    assert found.total_shortage_t[1, 0] == pytest.approx(7.5, abs=0.1)


def test_each_part_of_a_range_is_drawn_once():
    one = Range("x", 2.0, 3.0, 4.0, "1", (2.0, 3.0, 4.0))
    values = latin_hypercube([one], 50, np.random.SeedSequence(3))["x"]
    assert sorted(((values - 2) / 2 * 50).astype(int)) == list(range(50))


def test_cover_that_does_not_end_within_the_run_is_unknown_and_not_the_length_of_the_run():
    long = [StockCover(importer=name, days=4000) for name in ("JPN", "KOR")]
    found = draws(monthly(FLOWS), [CUT], long, ["JPN"], n=20, seed=1, months=6)
    assert np.isnan(found.cover_days).all()
    assert found.short_share == pytest.approx(0)
    assert (found.shortage_share == 0).all()


@pytest.mark.parametrize(
    ("n", "seed", "code"),
    [(0, 1, "draws_out_of_range"), (10**7, 1, "draws_out_of_range"), (5, -1, "seed_out_of_range")],
)
def test_impossible_numbers_are_refused(n, seed, code):
    with pytest.raises(ArgumentError) as refused:
        drawn(n=n, seed=seed)
    assert refused.value.code == code


@pytest.mark.filterwarnings("ignore")
def test_a_real_cluster_gives_the_same():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as local:
        assert same(drawn(), drawn(executor=cluster(local.scheduler_address)))
