"""A part of a market runs as it does within the whole."""

from __future__ import annotations

import numpy as np
import pytest

from friendshore.disruption.feeds import FeedStep
from friendshore.disruption.market import market_of
from friendshore.disruption.narrowing import affected, narrowed
from friendshore.disruption.path import run_path
from friendshore.errors import MissingDataError
from friendshore.shocks import Shock
from friendshore.tables.box import open_box
from toy_paths import stop
from worlds import world


@pytest.fixture(scope="module")
def chain():
    """Ore OOO is refined to RRR in Korea, which Japan buys; QQQ has nothing to do with either."""
    rows = [(2022, "CHN", "KOR", "OOO", 1.0, 120.0), (2022, "KOR", "JPN", "RRR", 1.0, 60.0),
            (2022, "CHN", "JPN", "QQQ", 1.0, 60.0), (2022, "AUS", "JPN", "QQQ", 1.0, 60.0)]  # fmt: skip
    step = FeedStep(feeds=("OOO",), product="RRR", processors=("KOR",))
    return market_of(world(rows), base_years=(2022,), steps=[step])


def test_a_product_brings_along_what_feeds_it(chain):
    cut = stop("CHN", products=("OOO", "QQQ"))
    assert affected(chain, [cut]) == ("OOO", "QQQ", "RRR")
    assert affected(chain, [stop("CHN", products=("QQQ",))]) == ("QQQ",)
    part, shocks = narrowed(chain, [cut], ["RRR"])
    assert part.products == ("OOO", "RRR")
    whole, alone = run_path(chain, [cut], months=12), run_path(part, shocks, months=12)
    for product, importer in (("OOO", "KOR"), ("RRR", "JPN")):
        missing = alone.shortage_t[0, :, part.buyer(product, importer)]
        assert np.array_equal(missing, whole.shortage_t[0, :, chain.buyer(product, importer)])
        assert missing.sum() > 1


def test_every_product_of_the_box_runs_alone_as_within_all():
    market = market_of(open_box())
    cut = Shock(id="x", suppliers=("CHN",), importers=("JPN", "KOR"), products=market.products)
    whole = run_path(market, [cut], months=6)
    for product in ("810510", "280530", "250410", "720292"):
        part, shocks = narrowed(market, [cut], [product])
        assert len(part.products) < 6
        alone = run_path(part, shocks, months=6)
        for importer in ("JPN", "KOR", "DEU"):
            at = part.buyer(product, importer), market.buyer(product, importer)
            assert alone.shortage_t[0, :, at[0]] == pytest.approx(whole.shortage_t[0, :, at[1]], abs=1e-9)


def test_shocks_elsewhere_are_left_out_and_shocks_that_strike_nothing_are_refused(chain):
    here, there = stop("CHN", products=("OOO",)), Shock(id="y", suppliers=("AUS",), products=("QQQ",))
    assert narrowed(chain, [here, there], ["RRR"])[1] == (here,)
    with pytest.raises(MissingDataError):
        narrowed(chain, [stop("JPN", products=("OOO",))], ["RRR"])
