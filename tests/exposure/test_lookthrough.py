"""Look-through: the published fixture, dense algebra, mass balance, bounds, closed loops and the real box."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from friendshore.exposure.concentration import import_concentration
from friendshore.exposure.lookthrough import origins, passing_through, routes, system
from friendshore.exposure.network import inverse_of_flows
from friendshore.exposure.tracing import supply_by_origin, systems, trace_all
from friendshore.tables.box import open_box
from worlds import KASTNER, KASTNER_OUTPUT, one_product, world

NAMES = ("AUS", "CHN", "JPN", "MMR", "MYS", "VNM")


def network_of(toy, year=2022, **more):
    (code,) = toy.products
    output = toy.product_output.get(code)
    known = None if output is None else output.in_year(year, len(toy.countries))
    return system(toy.trade([year]), known, **more)


def by_name(toy, found):
    return {
        toy.countries[o]: (found.traced_share_low[n], found.traced_share_high[n])
        for n, o in enumerate(found.origin)
    }


# --- the fixture of methods.md 3.1 -----------------------------------------------------------------------


def test_kastner_fixture_traces_two_thirds_of_japans_supply_to_china():
    toy = one_product(KASTNER, production=KASTNER_OUTPUT)
    found = origins(network_of(toy), toy.position["JPN"])
    rows = {toy.countries[o]: n for n, o in enumerate(found.origin)}
    assert found.traced_t[rows["CHN"]] == pytest.approx(42.985075, abs=5e-7)
    assert found.traced_t[rows["JPN"]] == pytest.approx(21.014925, abs=5e-7)
    assert found.face_value_share[rows["CHN"]] == pytest.approx(10 / 64, abs=1e-15)
    assert found.traced_share_low[rows["CHN"]] == pytest.approx(0.672, abs=5e-4)
    assert found.traced_share_low.tolist() == found.traced_share_high.tolist()
    assert found.face_value_share.sum() == pytest.approx(1, abs=1e-15)


def test_kastner_fixture_by_consumption():
    toy = one_product(KASTNER, production=KASTNER_OUTPUT)
    network = network_of(toy)
    made = supply_by_origin(network)
    left = 1 - network.exports / network.low.supply
    japan = toy.position["JPN"]
    consumed = dict(zip(toy.countries, made[japan] * left[japan], strict=True))
    assert consumed["CHN"] == pytest.approx(39.626866, abs=5e-7)
    assert consumed["JPN"] == pytest.approx(19.373134, abs=5e-7)


def test_passing_through_a_hub_counts_what_the_hub_did_not_produce():
    # All that Vietnam gets came through the hub; origin tracing gives the hub nothing.
    toy = one_product(KASTNER, production=KASTNER_OUTPUT)
    hub = toy.position["SGP"]
    low, high = passing_through(network_of(toy), [hub], [toy.position["VNM"]])
    assert (low[0], high[0]) == (1.0, 1.0)
    assert by_name(toy, origins(network_of(toy), toy.position["VNM"])).get("SGP", (0, 0)) == (0, 0)


def test_passing_through_solved_by_hand():
    # h_SGP = (50 + 5 h_JPN) / 55, h_JPN = (10 + 30 h_SGP + 4 h_VNM) / 64, h_VNM = h_SGP, H = 64 h_JPN / 44.
    toy = one_product(KASTNER, production=KASTNER_OUTPUT)
    japan = (10 + 34 * 50 / 55) / (64 - 34 * 5 / 55)
    low, high = passing_through(network_of(toy), [toy.position["CHN"]], [toy.position["JPN"]])
    assert low[0] == high[0] == pytest.approx(64 * japan / 44, abs=1e-14)


# --- invariants on random networks -----------------------------------------------------------------------

links = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda link: link[0] != link[1]),
    st.integers(0, 50).map(float),
    min_size=1,
    max_size=20,
)
production = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 80).map(float))


def built(flows, output):
    return one_product(flows, production={(2022, c, "284690"): p for c, p in output.items()})


def dense(toy, network):
    flows = np.zeros((len(toy.countries), len(toy.countries)))
    flows[network.trade.importer, network.trade.exporter] = network.tons
    return flows


@given(links, production)
def test_traced_supply_balances_and_agrees_with_the_dense_inverse(flows, output):
    toy = built(flows, output)
    network = network_of(toy)
    full = dense(toy, network)
    for name in ("low", "high"):
        end = network.bound(name)
        made = supply_by_origin(network, name)
        looped = np.isin(np.arange(len(toy.countries)), network.exporters[end.loops])
        np.testing.assert_allclose(made.sum(axis=1)[~looped], end.supply[~looped], rtol=1e-12, atol=1e-12)
        supply = np.where(end.supply > 0, end.supply, 1.0)
        consumed = (1 - network.exports / supply)[:, None] * made
        np.testing.assert_allclose(consumed.sum(axis=0), end.output, rtol=1e-12, atol=1e-11)
        if not looped.any():
            other = np.linalg.inv(np.eye(len(supply)) - full / supply) @ np.diag(end.output)
            np.testing.assert_allclose(made, other, rtol=1e-9, atol=1e-9)


@given(links, production)
def test_intervals_hold_every_production_that_is_allowed(flows, output):
    toy = built(flows, output)
    network = network_of(toy)
    full = dense(toy, network)
    random = np.random.default_rng(len(flows))
    within = network.low.output + random.random(len(toy.countries)) * (
        network.high.output - network.low.output
    )
    supply = within + network.imports
    if len(network.low.loops):
        return
    made = np.linalg.inv(np.eye(len(supply)) - full / np.where(supply > 0, supply, 1)) * within
    for place in range(len(toy.countries)):
        found = origins(network, place)
        assert (found.traced_share_low <= found.traced_share_high).all()
        share = np.zeros((2, len(supply)))
        share[:, found.origin] = found.traced_share_low, found.traced_share_high
        if supply[place] > 0 and network.low.supply[place] > 0:
            assert (made[place] / supply[place] >= share[0] - 1e-9).all()
            assert (made[place] / supply[place] <= share[1] + 1e-9).all()


@given(links, production, st.sets(st.sampled_from(NAMES), min_size=1, max_size=3))
def test_passing_through_is_never_below_the_direct_share(flows, output, chosen):
    toy = built(flows, output)
    suppliers = [toy.position[c] for c in chosen if c in toy.position]
    everyone = range(len(toy.countries))
    low, high = passing_through(network_of(toy), suppliers, everyone)
    assert ((low <= high) | np.isnan(low)).all()
    direct = np.full(len(toy.countries), np.nan)
    found = import_concentration(toy.trade(), basis="quantity", suppliers=suppliers)
    direct[found.importer] = found.supplier_share
    if suppliers:
        np.testing.assert_array_equal(np.isnan(low), np.isnan(direct))
        assert (low[~np.isnan(low)] >= direct[~np.isnan(low)]).all()
        assert (high[~np.isnan(high)] <= 1).all()


@given(links, production)
def test_with_every_country_a_supplier_all_has_passed_through_them(flows, output):
    toy = built(flows, output)
    low, high = passing_through(network_of(toy), range(len(toy.countries)), range(len(toy.countries)))
    assert (low[~np.isnan(low)] == 1).all()
    assert (high[~np.isnan(high)] == 1).all()


@given(links, production, st.sampled_from((2.0, 0.25, 1024.0)))
def test_the_unit_of_mass_changes_no_share(flows, output, factor):
    toy = built(flows, output)
    scaled = built({k: v * factor for k, v in flows.items()}, {k: v * factor for k, v in output.items()})
    for place in range(len(toy.countries)):
        one, other = origins(network_of(toy), place), origins(network_of(scaled), place)
        np.testing.assert_array_equal(one.origin, other.origin)
        np.testing.assert_allclose(one.traced_share_low, other.traced_share_low, atol=1e-12)
        np.testing.assert_allclose(one.traced_share_high, other.traced_share_high, atol=1e-12)


@given(links, production, st.sampled_from(NAMES))
def test_routes_add_up_to_the_passing_through_share(flows, output, supplier):
    toy = built(flows, output)
    if supplier not in toy.position:
        return
    network, chosen = network_of(toy), [toy.position[supplier]]
    for place in range(len(toy.countries)):
        (low,), (high,) = passing_through(network, chosen, [place])
        carried = routes(network, place, chosen)
        if np.isnan(low):
            assert len(carried.via) == 0
            continue
        assert carried.share_low.sum() == pytest.approx(low, abs=1e-12)
        assert carried.share_high.sum() == pytest.approx(high, abs=1e-12)
        assert (carried.direct == np.isin(carried.via, chosen)).all()


# --- the contract of the production interval -------------------------------------------------------------


def test_unknown_production_lies_between_net_exports_and_exports():
    toy = one_product({("CHN", "JPN"): 50, ("JPN", "CHN"): 20, ("JPN", "USA"): 40})
    network = network_of(toy)
    low = dict(zip(toy.countries, network.low.output, strict=True))
    high = dict(zip(toy.countries, network.high.output, strict=True))
    assert low == {"CHN": 30, "JPN": 10, "USA": 0}
    assert high == {"CHN": 50, "JPN": 60, "USA": 0}


def test_known_production_below_net_exports_is_raised_and_named():
    toy = one_product({("CHN", "JPN"): 50, ("JPN", "CHN"): 20}, production={(2022, "CHN", "284690"): 5.0})
    network = network_of(toy)
    assert [toy.countries[n] for n in network.raised] == ["CHN"]
    assert network.raised_by.tolist() == [25.0]
    assert network.low.output[toy.position["CHN"]] == network.high.output[toy.position["CHN"]] == 30


def test_face_value_and_supply_use_the_lower_end_of_production():
    toy = one_product({("CHN", "JPN"): 30, ("JPN", "USA"): 40})
    found = origins(network_of(toy), toy.position["JPN"])
    shares = {toy.countries[o]: found.face_value_share[n] for n, o in enumerate(found.origin)}
    assert shares == pytest.approx({"CHN": 30 / 40, "JPN": 10 / 40})


def test_a_pure_importer_is_among_its_origins_with_nothing():
    toy = one_product({("CHN", "JPN"): 30})
    assert by_name(toy, origins(network_of(toy), toy.position["JPN"])) == {"CHN": (1, 1), "JPN": (0, 0)}


def test_an_importer_that_exports_nothing_keeps_its_known_production():
    toy = one_product({("CHN", "JPN"): 30}, production={(2022, "JPN", "284690"): 10.0})
    found = origins(network_of(toy), toy.position["JPN"])
    assert by_name(toy, found) == {"CHN": (0.75, 0.75), "JPN": (0.25, 0.25)}
    assert found.traced_t.tolist() == [30, 10]


def test_a_country_without_supply_has_no_origins():
    toy = one_product({("CHN", "JPN"): 30, ("AUS", "JPN"): 0.0, ("JPN", "AUS"): 0.0})
    assert len(origins(network_of(toy), toy.position["AUS"]).origin) == 0


def test_a_joined_bloc_is_one_node_with_its_members_production():
    flows = {("CHN", "DEU"): 60, ("CHN", "FRA"): 20, ("DEU", "FRA"): 30, ("FRA", "USA"): 8}
    output = {(2022, "DEU", "284690"): 5.0, (2022, "FRA", "284690"): 15.0}
    toy = one_product(flows, production=output)
    members = [toy.position["DEU"], toy.position["FRA"]]
    trade = toy.trade().joined(members, "DEU+FRA")
    network = system(trade, toy.product_output["284690"].in_year(2022, len(toy.countries)), members)
    found = origins(network, len(toy.countries))
    names = (*toy.countries, "DEU+FRA")
    assert {names[o]: s for o, s in zip(found.origin, found.traced_share_low, strict=True)} == pytest.approx(
        {"CHN": 0.8, "DEU+FRA": 0.2}
    )


# --- unknown tons ----------------------------------------------------------------------------------------


def test_unknown_tons_are_left_out_and_counted():
    toy = world(
        [(2022, "CHN", "MYS", "284690", 1.0, None), (2022, "MYS", "JPN", "284690", 1.0, 10.0)],
        production={(2022, "CHN", "284690"): 100.0},
    )
    network = network_of(toy)
    assert network.unknown_links == 1
    low, high = passing_through(network, [toy.position["CHN"]], [toy.position["JPN"]])
    assert (low[0], high[0]) == (0, 0)


def test_a_direct_purchase_of_unknown_tons_makes_the_share_unknown():
    toy = world([(2022, "CHN", "JPN", "284690", 1.0, None), (2022, "MYS", "JPN", "284690", 1.0, 10.0)])
    low, high = passing_through(network_of(toy), [toy.position["CHN"]], [toy.position["JPN"]])
    assert np.isnan([low[0], high[0]]).all()


# --- closed loops ----------------------------------------------------------------------------------------

LOOP = {("AUS", "JPN"): 10, ("JPN", "AUS"): 10, ("CHN", "USA"): 5}


def test_in_a_closed_loop_each_member_may_have_produced_it_all():
    toy = one_product(LOOP)
    network = network_of(toy)
    assert [toy.countries[network.exporters[n]] for n in network.low.loops] == ["AUS", "JPN"]
    assert by_name(toy, origins(network, toy.position["JPN"])) == {"AUS": (0, 1), "JPN": (0, 1)}
    assert by_name(toy, origins(network, toy.position["USA"])) == {"CHN": (1, 1), "USA": (0, 0)}


def test_in_a_closed_loop_the_only_possible_producer_produced_it():
    toy = one_product(LOOP, production={(2022, "JPN", "284690"): 0.0})
    assert by_name(toy, origins(network_of(toy), toy.position["JPN"])) == {"AUS": (1, 1), "JPN": (0, 0)}


def test_in_a_closed_loop_without_any_producer_the_origin_is_unknown():
    output = {(2022, "JPN", "284690"): 0.0, (2022, "AUS", "284690"): 0.0}
    toy = one_product(LOOP, production=output)
    found = origins(network_of(toy), toy.position["JPN"])
    assert np.isnan(found.traced_share_low).all()
    assert np.isnan(found.traced_share_high).all()


def test_nothing_of_a_closed_loop_passed_through_an_outsider_and_all_through_a_member():
    toy = one_product(LOOP | {("USA", "CHN"): 5})
    everyone = [toy.position[c] for c in ("AUS", "JPN", "USA")]
    low, high = passing_through(network_of(toy), [toy.position["CHN"]], everyone)
    assert (low.tolist(), high.tolist()) == ([0, 0, 1], [0, 0, 1])
    low, high = passing_through(network_of(toy), [toy.position["AUS"]], everyone)
    assert low[1] == high[1] == 1


def test_loops_of_fractions_that_only_rounding_opens_are_closed():
    toy = one_product({("AUS", "JPN"): 0.1 + 0.2, ("JPN", "AUS"): 0.3})
    assert by_name(toy, origins(network_of(toy), toy.position["JPN"])) == {"AUS": (0, 1), "JPN": (0, 1)}


# --- the box ---------------------------------------------------------------------------------------------


def test_japans_rare_earths_hide_little_of_their_origin_and_much_of_their_way():
    box = open_box()
    trade, place = box.trade([2022], ["284690"]), box.position
    network = system(trade)
    low, high = passing_through(network, [place["CHN"]], [place["JPN"]])
    assert (low[0], high[0]) == pytest.approx((0.634, 0.643), abs=5e-4)
    found = origins(network, place["JPN"])
    (china,) = np.flatnonzero(found.origin == place["CHN"])
    assert found.face_value_share[china] == pytest.approx(0.62, abs=5e-3)
    assert found.traced_share_low[china] == 0
    # With every production at its upper end China's share is 19 %, as methods.md 3.1 gives it; at the upper
    # end of China alone it is more.
    all_high = supply_by_origin(network, "high")[place["JPN"], place["CHN"]]
    assert all_high / network.high.supply[place["JPN"]] == pytest.approx(0.19, abs=5e-3)
    assert found.traced_share_high[china] == pytest.approx(0.281, abs=5e-4)


def test_every_system_of_the_box_balances():
    box = open_box()
    trade = box.trade([box.default_year])
    for _, _, network in systems(trade, box.product_output):
        for name in ("low", "high"):
            end = network.bound(name)
            made = supply_by_origin(network, name).sum(axis=1)
            made[network.exporters[end.loops]] = end.supply[network.exporters[end.loops]]
            np.testing.assert_allclose(made, end.supply, rtol=1e-12, atol=1e-12)


def test_tracing_a_whole_table_gives_what_each_system_gives():
    toy = world(
        [
            (year, a, b, code, v, v)
            for year in (2021, 2022)
            for code in ("260300", "284690")
            for (a, b), v in KASTNER.items()
        ]
    )
    place = toy.position
    found = trace_all(toy.trade(), {}, [place["JPN"], place["VNM"]], [place["CHN"]])
    assert list(zip(found.year, found.product, strict=True)) == [(2021, 0), (2021, 1), (2022, 0), (2022, 1)]
    low, high = passing_through(
        system(toy.trade([2021], ["260300"])), [place["CHN"]], [place["JPN"], place["VNM"]]
    )
    np.testing.assert_array_equal(found.low, np.tile(low, (4, 1)))
    np.testing.assert_array_equal(found.high, np.tile(high, (4, 1)))


# --- nearly closed loops ---------------------------------------------------------------------------------


@given(st.integers(0, 2**32 - 1))
def test_inverting_flows_loses_no_digit_however_nearly_singular(seed):
    random = np.random.default_rng(seed)
    flows = 10.0 ** random.uniform(-6, 6, (4, 4)) * (random.random((4, 4)) < 0.7)
    np.fill_diagonal(flows, 0)
    leak = 10.0 ** random.uniform(-9, 0, 4)
    found = inverse_of_flows(flows, leak)
    exact = inverted([[Fraction(float(v)) for v in row] for row in flows], [Fraction(float(v)) for v in leak])
    np.testing.assert_allclose(found, np.array(exact, float), rtol=1e-12)


def inverted(flows, leak):
    """Gauss-Jordan elimination in rational numbers."""
    size = len(leak)
    columns = [sum(row[i] for row in flows) + leak[i] for i in range(size)]
    rows = [
        [(columns[i] if i == j else 0) - flows[i][j] for j in range(size)]
        + [Fraction(int(i == j)) for j in range(size)]
        for i in range(size)
    ]
    for k in range(size):
        rows[k] = [value / rows[k][k] for value in rows[k]]
        for i in range(size):
            if i != k:
                rows[i] = [a - rows[i][k] * b for a, b in zip(rows[i], rows[k], strict=True)]
    return [[float(value) for value in row[size:]] for row in rows]


def test_what_all_but_circulates_is_still_traced_exactly():
    # Japan and Australia swap a million tons; a milligram comes from China and a milligram leaves.
    milligram = 2.0**-30
    flows = {
        ("AUS", "JPN"): 1e6,
        ("JPN", "AUS"): 1e6 + milligram,
        ("CHN", "JPN"): milligram,
        ("AUS", "USA"): milligram,
    }
    toy = one_product(flows)
    low, high = passing_through(network_of(toy), [toy.position["CHN"]], [toy.position["USA"]])
    assert high[0] == pytest.approx(1, abs=1e-12)
    assert low[0] < 1e-12
    found = by_name(toy, origins(network_of(toy), toy.position["USA"]))
    assert found["CHN"][1] == pytest.approx(1, abs=1e-12)
