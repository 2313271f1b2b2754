"""Laws that hold in every market, however the flows and the shock fall."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from friendshore.disruption.path import run_path
from friendshore.disruption.reading import summary
from friendshore.parameters import Parameters
from friendshore.shocks import StockCover
from toy_paths import monthly, run, stop

COUNTRIES = ("AUS", "CHN", "JPN", "KOR", "USA")
PAIRS = [(a, b) for a in COUNTRIES for b in COUNTRIES if a != b]
TONS = st.floats(0.01, 1000)


@st.composite
def markets(draw):
    flows = draw(st.dictionaries(st.sampled_from(PAIRS), TONS, min_size=2, max_size=12))
    flows[("CHN", "JPN")] = draw(TONS)
    peak = draw(st.dictionaries(st.sampled_from(PAIRS), TONS, max_size=6))
    return monthly(flows, peak=peak)


@st.composite
def shocks(draw):
    aimed = draw(st.booleans())
    kind = draw(st.sampled_from(["export_ban", "licensing", "import_ban"] + ([] if aimed else ["outage"])))
    return stop(
        "CHN",
        importers=("JPN",) if aimed else (),
        kind=kind,
        lost_share=draw(st.floats(0, 1)),
        start_month=draw(st.integers(0, 4)),
        duration_months=draw(st.one_of(st.none(), st.integers(1, 12))),
        ramp_months=draw(st.sampled_from([0, 3])),
    )


SETTINGS = st.fixed_dictionaries(
    {
        "link_headroom": st.floats(0, 1),
        "lead_months": st.floats(0, 12),
        "contract_term_months": st.floats(1, 24),
        "force_majeure_share": st.floats(0, 0.3),
        "leakage_share": st.floats(0, 0.5),
        "hoarding_days": st.floats(0, 40),
        "demand_elasticity": st.floats(0, 0.3),
        "stock_rule": st.sampled_from(["use-it", "stretch", "floor"]),
        "rationing": st.sampled_from(["equal", "pay"]),
        "grades": st.booleans(),
    }
)
STOCKS = st.lists(st.builds(StockCover, importer=st.just("JPN"), days=st.floats(0, 200)), max_size=1)


@given(markets(), shocks(), SETTINGS, STOCKS)
def test_the_books_balance_every_month(market, shock, settings, stocks):
    path = run(market, shock, months=18, stocks=stocks, **settings)
    links = market.links
    assert path.residual.max() < 1e-9
    by_buyer = np.array([np.bincount(links.buyer, flow) for flow in path.flows_t[0]])
    by_seller = np.array([np.bincount(links.seller, flow) for flow in path.flows_t[0]])
    demand = links.buyer_tons / 12
    assert np.abs(by_buyer - path.supply_t[0]).max() < 1e-9 * demand.max()
    assert (by_seller <= (links.seller_tons + market.spare) / 12 * (1 + 1e-9)).all()
    books = path.supply_t + path.drawn_t - path.built_t + path.shortage_t - path.demand_t
    assert np.abs(books[0] / demand).max() < 1e-9
    assert path.stock_t.min() >= 0
    assert path.shortage_t.min() >= 0
    assert path.flows_t.min() >= 0
    change = np.diff(path.stock_t[0], axis=0) - (path.built_t - path.drawn_t)[0, 1:]
    assert np.abs(change / demand).max() < 1e-9


@given(markets(), shocks(), SETTINGS)
def test_what_is_closed_carries_no_more_than_it_is_left(market, shock, settings):
    path = run(market, shock, months=18, **{**settings, "leakage_share": 0.0})
    lost = shock.lost(18)
    if shock.kind != "outage":
        most = np.outer(1 - lost, market.links.tons[path.struck_link] / 12)
        hit = path.flows_t[0][:, path.struck_link]
        struck_months = lost > 0
        assert (hit[struck_months] <= most[struck_months] * (1 + 1e-9)).all()


@given(markets(), SETTINGS, STOCKS)
def test_nothing_drifts_where_nothing_happens(market, settings, stocks):
    path = run_path(market, (), months=36, stocks=stocks, parameters=Parameters(**settings))
    demand = market.links.buyer_tons / 12
    assert np.abs(path.supply_t[0] / demand - 1).max() < 1e-12
    assert path.shortage_t.max() == 0
    assert (path.price_factor == 1).all()
    assert np.abs(np.diff(path.stock_t[0], axis=0) / demand).max() < 1e-12


@given(markets(), shocks(), SETTINGS, st.floats(1e-3, 1e3))
def test_the_unit_of_tons_changes_no_share(market, shock, settings, factor):
    from dataclasses import replace

    links = market.links
    scaled = replace(
        market,
        links=replace(
            links,
            tons=links.tons * factor,
            buyer_tons=links.buyer_tons * factor,
            seller_tons=links.seller_tons * factor,
        ),
        spare=market.spare * factor,
    )
    one, other = run(market, shock, **settings), run(scaled, shock, **settings)
    assert other.shortage_share == pytest.approx(one.shortage_share, abs=1e-7)
    assert summary(other).replaced_share == pytest.approx(summary(one).replaced_share, abs=1e-6, nan_ok=True)


@given(markets(), st.floats(0, 90), st.floats(0, 90), st.booleans())
def test_more_stock_never_shortens_the_cover(market, days, more, aimed):
    shock = stop("CHN", importers=("JPN",) if aimed else ())
    at = market.buyer("AAA", "JPN")

    def cover(held):
        path = run(
            market, shock, months=24, stocks=[StockCover(importer="JPN", days=held)], link_headroom=0.3
        )
        found = summary(path).cover_days[0, at]
        return np.inf if np.isnan(found) else found

    assert cover(days + more) >= cover(days) - 1e-6


@given(markets(), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_lost_share_never_lowers_what_the_world_misses(market, one, other):
    low, high = sorted((one, other))

    def missing(share):
        path = run(market, stop("CHN", lost_share=share), months=12, link_headroom=0.3)
        return path.world_shortage_t.sum() / (market.links.buyer_tons.sum())

    assert missing(high) >= missing(low) - 1e-9


@given(markets(), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_aimed_cut_never_lowers_what_its_target_misses(market, one, other):
    low, high = sorted((one, other))
    at = market.buyer("AAA", "JPN")

    def missing(share):
        path = run(market, stop("CHN", importers=("JPN",), lost_share=share), months=12, link_headroom=0.3)
        return summary(path).total_shortage_t[0, at] / market.links.buyer_tons[at]

    assert missing(high) >= missing(low) - 1e-9


@given(markets(), shocks())
def test_runs_repeat_to_the_bit_however_many_threads(market, shock):
    draws = {"lost_share": np.linspace(0.2, 1, 5)}
    one = run_path(market, [shock], draws=draws)
    two = run_path(market, [shock], draws=draws, workers=3)
    assert np.array_equal(one.out, two.out)
