"""What holds of a problem whatever the market: nothing is promised twice, nothing is freed that was not blocked."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from friendshore.parameters import Parameters
from friendshore.planning.arrivals import arrivals_of
from friendshore.planning.claims import claims, spare_of
from friendshore.planning.freed import freed_supply
from toy_paths import monthly, stop

BOUNDS = np.array([0.0, 3.0, 12.0])
PLACES = ("AUS", "CHN", "DEU", "JPN", "KOR")
PAIRS = [(a, b) for a in PLACES for b in PLACES if a != b]
FLOW = st.sampled_from([0.0, 0.5, 1.0, 4.0, 20.0])


@st.composite
def markets(draw):
    flows = {pair: draw(FLOW) for pair in PAIRS}
    flows["CHN", "JPN"] = draw(st.sampled_from([1.0, 10.0]))
    flows["CHN", "DEU"] = draw(st.sampled_from([0.1, 2.0]))
    peak = {pair: tons * draw(st.sampled_from([0.5, 1.0, 3.0])) for pair, tons in flows.items() if tons}
    return monthly({pair: tons for pair, tons in flows.items() if tons}, peak=peak)


@st.composite
def growth(draw):
    return Parameters(
        link_headroom=draw(st.sampled_from([0.0, 0.2, 2.0])),
        lead_months=draw(st.sampled_from([0.0, 6.0])),
        link_ramp_months=draw(st.sampled_from([1.0, 12.0])),
    )


@given(markets(), growth(), st.sampled_from([0.3, 1.0]))
def test_freed_supply_is_no_more_than_what_is_blocked(market, parameters, lost):
    shock = stop("CHN", importers=("JPN", "DEU"), lost_share=lost)
    arrivals = arrivals_of(market, [shock], 12, BOUNDS)
    every = np.arange(len(market.links.tons))
    found = freed_supply(market, arrivals, parameters, 12, BOUNDS, every)
    months = np.diff(BOUNDS)
    blocked = ((1 - arrivals.open_share) * market.links.tons / 12).sum(axis=1) * months
    assert (found >= 0).all()
    assert (found.sum(axis=1) <= blocked * (1 + 1e-9)).all()
    # Nothing is freed at who is struck, nor for who is not short.
    links = market.links
    short = np.isin(
        links.importer, [market.position[code] for code in ("JPN", "DEU") if code in market.position]
    )
    assert not found[:, ~short].any()
    assert not found[:, links.exporter == market.position["CHN"]].any()


@given(markets(), growth())
def test_a_cut_of_all_frees_nothing(market, parameters):
    arrivals = arrivals_of(market, [stop("CHN")], 12, BOUNDS)
    assert not freed_supply(market, arrivals, parameters, 12, BOUNDS, np.arange(len(market.links.tons))).any()


@given(markets(), st.sampled_from(["link", "imports"]))
def test_the_world_claims_no_more_than_there_is(market, rule):
    links, spare = market.links, spare_of(market, Parameters())
    everybody = np.ones(len(links.tons), bool)
    claimed = claims(market, np.arange(len(links.tons)), spare, everybody, rule)
    assert (claimed >= 0).all()
    assert (np.bincount(links.seller, claimed, len(spare)) <= spare * (1 + 1e-9) + 1e-9).all()


@given(markets(), st.sampled_from([2, 5]))
def test_what_arrives_is_a_part_of_what_is_bought(market, delay):
    shock = stop("CHN", importers=("JPN",), start_month=delay, duration_months=4)
    share = arrivals_of(market, [shock], 12, BOUNDS).open_share
    assert ((share >= 0) & (share <= 1)).all()
    # Over the whole case a third of the year is lost on the links that are struck.
    mean = share.T @ np.diff(BOUNDS) / 12
    struck = (market.links.exporter == market.position["CHN"]) & (
        market.links.importer == market.position["JPN"]
    )
    assert np.allclose(mean[struck], 1 - 4 / 12)
    assert np.allclose(mean[~struck], 1)
