"""All buyers of a product at once: solved by hand, by another solver, and by flows."""

import sys

import numpy as np
import pytest
from scipy.optimize import linprog

from friendshore.errors import ArgumentError, MissingDataError
from friendshore.planning.diversify_all import diversify_all, transports
from friendshore.planning.flows import shipped_by_flow
from friendshore.planning.transport import arrays_of, shipped
from friendshore.tables.trade import Trade
from worlds import one_product


def trade_of(world):
    return world.trade(world.years, world.products)


def spread_of(exports, solver="highs", **assumed):
    world = one_product(exports)
    (found,) = diversify_all(trade_of(world), 2022, solver=solver, **assumed)
    return world, found


def test_two_buyers_share_what_a_third_seller_can_add():
    # JPN and KOR buy 80 each from CHN and 20 from AUS.
    exports = {
        ("CHN", "JPN"): 80, ("CHN", "KOR"): 80, ("AUS", "JPN"): 20, ("AUS", "KOR"): 20, ("VNM", "USA"): 20,
        ("AUS", "USA"): 20, ("CHN", "USA"): 20,
    }  # fmt: skip
    world, found = spread_of(exports, share_cap=0.5, capacity_factor=2)
    # Caps: 50 from CHN for JPN and KOR, 30 for USA. AUS can sell 120, VNM 40: nothing is missing, 60 tons move.
    assert found.missing_t.sum() == pytest.approx(0, abs=1e-9)
    assert found.moved_t.sum() == pytest.approx(60)
    assert found.cost_usd.sum() == pytest.approx(60 * 0.05)
    place = {world.countries[n]: k for k, n in enumerate(found.exporters)}
    assert (found.bought_t <= 0.5 * found.today_t.sum(axis=1)[:, None] + 1e-9).all()
    assert found.bought_t[:, place["AUS"]].sum() <= 120 + 1e-9
    assert found.bought_t[:, place["VNM"]].sum() <= 40 + 1e-9


def test_what_cannot_be_bought_elsewhere_is_missing_not_hidden():
    _, found = spread_of({("CHN", "JPN"): 90, ("AUS", "JPN"): 10}, share_cap=0.4, capacity_factor=1.5)
    # 40 from CHN, 15 from AUS, and nobody else sells: 45 are missing.
    assert found.missing_t.tolist() == pytest.approx([45])
    # A point more lets one more ton come from CHN, as today, in place of a missing one that counts ten times its price.
    assert found.marginal_usd.tolist() == pytest.approx([10 * 1.0])


def test_a_ton_from_a_dearer_seller_costs_the_difference():
    exports = {("CHN", "JPN"): 60, ("AUS", "JPN"): 40, ("AUS", "USA"): 60, ("CHN", "USA"): 40}
    world = one_product(exports)
    trade = trade_of(world)
    place = {c: n for n, c in enumerate(world.countries)}
    value = np.where(trade.exporter == place["AUS"], 3.0, 1.0) * trade.quantity_t
    dear = Trade(
        trade.countries, trade.products, trade.year, trade.product, trade.importer, trade.exporter, value,
        trade.quantity_t,
    )  # fmt: skip
    (found,) = diversify_all(dear, 2022, share_cap=0.5)
    # JPN pays 1.8 a ton and buys 10 more from AUS at 3: 1.2 + 5 % of 1.8 each. USA, at 2.2, buys 10 from CHN: 5 %.
    jpn, usa = (found.importers.tolist().index(place[c]) for c in ("JPN", "USA"))
    assert found.cost_usd[jpn] == pytest.approx(10 * (1.2 + 0.09))
    assert found.cost_usd[usa] == pytest.approx(10 * 0.11)


def drawn(seed):
    draw = np.random.default_rng(seed)
    names = ["AUS", "BRA", "CHN", "DEU", "JPN", "KOR", "USA", "VNM"]
    return {
        (a, b): float(draw.lognormal(2, 2)) for a in names for b in names if a != b and draw.uniform() < 0.5
    }


@pytest.mark.parametrize("seed", range(8))
def test_another_solver_and_flows_find_the_same_cost(seed):
    world = one_product(drawn(seed))
    ((_, _, _, _, transport),) = transports(trade_of(world), 2022, share_cap=0.3, capacity_factor=1.2)
    buyers, sellers = len(transport.demand_t), len(transport.capacity_t)
    ways = len(transport.cost_usd)
    a_eq, a_ub = np.zeros((buyers, ways + buyers)), np.zeros((sellers, ways + buyers))
    for n in range(ways):
        a_eq[transport.buyer[n], n] = a_ub[transport.seller[n], n] = 1
    a_eq[:, ways:] = np.eye(buyers)
    other = linprog(
        np.concatenate([transport.cost_usd, transport.missing_usd]), a_ub, transport.capacity_t, a_eq,
        transport.demand_t, bounds=[(0, m) for m in transport.most_t] + [(0, None)] * buyers,
    ).fun  # fmt: skip
    ours = shipped(transport)
    assert ours.cost_usd == pytest.approx(other, rel=1e-7)
    assert shipped_by_flow(transport).cost_usd == pytest.approx(ours.cost_usd, rel=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_a_point_of_the_cap_is_worth_its_dual(seed):
    world = one_product(drawn(seed))
    total = []
    for cap in (0.4 - 1e-6, 0.4, 0.4 + 1e-6):
        ((_, _, _, _, transport),) = transports(trade_of(world), 2022, share_cap=cap)
        total.append(shipped(transport).cost_usd)
    (found,) = diversify_all(trade_of(world), 2022, share_cap=0.4)
    worth = found.marginal_usd.sum()
    # The slope to either side encloses the dual; where nothing changes hands they are equal.
    left, right = (total[0] - total[1]) / 1e-4, (total[1] - total[2]) / 1e-4
    assert right - 1e-4 * abs(right) <= worth <= left + 1e-4 * abs(left)


def test_nobody_buys_from_itself_and_everything_adds_up():
    _, found = spread_of(drawn(3))
    same = found.importers[:, None] == found.exporters[None, :]
    assert (found.bought_t[same] == 0).all()
    assert found.bought_t.sum(axis=1) + found.missing_t == pytest.approx(found.today_t.sum(axis=1))
    assert (found.bought_t.sum(axis=0) <= 1.5 * found.today_t.sum(axis=0) * (1 + 1e-9)).all()


def test_a_looser_cap_never_costs_more():
    totals = []
    for cap in (0.2, 0.3, 0.5, 0.8, 1.0):
        ((_, _, _, _, transport),) = transports(trade_of(one_product(drawn(5))), 2022, share_cap=cap)
        totals.append(shipped(transport).cost_usd)
    assert totals == sorted(totals, reverse=True)
    assert totals[-1] == 0


def test_the_program_has_a_row_for_each_buyer_and_seller():
    ((_, importers, exporters, _, transport),) = transports(trade_of(one_product(drawn(1))), 2022)
    arrays = arrays_of(transport)
    assert len(arrays.row_lower) == len(importers) + len(exporters)


def test_without_the_flow_solver_the_error_says_what_to_type(monkeypatch):
    for name in list(sys.modules):
        if name.split(".")[0] == "ortools":
            monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, "ortools", None)
    with pytest.raises(ArgumentError) as refused:
        spread_of(drawn(0), solver="flows")
    assert refused.value.code == "flows_not_installed"
    assert "friendshore[flows]" in refused.value.hint


@pytest.mark.parametrize(
    "assumed",
    [
        {"share_cap": 0},
        {"capacity_factor": -1},
        {"switching_share": -0.1},
        {"missing_factor": 1},
        {"share_cap": np.nan},
    ],
)
def test_figures_that_mean_nothing_are_refused(assumed):
    with pytest.raises(ArgumentError) as refused:
        spread_of(drawn(0), **assumed)
    assert refused.value.code == "bad_offers"


def test_a_year_without_tons_and_an_unknown_solver_are_refused():
    with pytest.raises(MissingDataError):
        diversify_all(trade_of(one_product(drawn(0))), 1999)
    with pytest.raises(ArgumentError, match="no solver"):
        spread_of(drawn(0), solver="magic")
