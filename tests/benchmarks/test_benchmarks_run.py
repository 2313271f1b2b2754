"""The benchmarks run, and their peers compute the same numbers; nothing here is timed."""

from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    monkeypatch.syspath_prepend(ROOT)


def test_every_benchmark_runs_on_a_tiny_size(capsys):
    from benchmarks.registry import BENCHES
    from benchmarks.runner import main

    assert main(["--size", "tiny", "--runs", "1"]) == 0
    printed = capsys.readouterr().out
    assert [line.split()[0] for line in printed.splitlines() if line[0] != " "] == [b.name for b in BENCHES]
    assert all(promised in printed for bench in BENCHES for promised in bench.targets if promised != "brief")


def test_the_peers_compute_the_same_indicators():
    from benchmarks.indicator_peers import duckdb_indicators, pandas_indicators
    from benchmarks.rows import EU27, rows_of

    from friendshore.exposure.indicators import every_indicator

    trade, place = rows_of("tiny")
    supplier, members = place["CHN"], [place[country] for country in EU27]
    own = every_indicator(trade, suppliers=[supplier], members=members)
    base = duckdb_indicators(trade, supplier, members)()
    share, table, world, bloc = pandas_indicators(trade, supplier, members)()
    np.testing.assert_allclose(share, own.row_share, rtol=1e-12)
    groups = base.execute("from groups order by year, product, importer").fetchnumpy()
    at = own.concentration
    for mine, column in (
        (at.imports_usd, "imports_usd"),
        (at.hhi, "hhi"),
        (at.top_supplier_share, "top_share"),
        (at.supplier_share, "supplier_share"),
        (own.import_export_ratio, "ratio"),
    ):
        for peer in (groups[column], table[column]):
            np.testing.assert_allclose(np.ma.filled(peer, np.nan), mine, rtol=1e-11)
    spread = base.execute("from world order by year, product").fetchnumpy()
    for peer in (spread["hhi"], world["hhi"]):
        np.testing.assert_allclose(peer, own.world.hhi, rtol=1e-11)
    indicators = base.execute("from bloc order by year, product").fetchnumpy()
    for name in ("cdi1", "cdi2", "cdi3_total", "cdi3_extra"):
        for peer in (indicators[name], bloc[name]):
            np.testing.assert_allclose(peer, getattr(own.bloc, name), rtol=1e-11)


def test_dense_inverses_trace_the_same_supply():
    from benchmarks.rows import rows_of
    from benchmarks.tracing_peers import dense_inverses

    from friendshore.exposure.tracing import supply_by_origin, systems

    trade, _ = rows_of("tiny")
    active = np.unique([trade.importer, trade.exporter])
    *_, (_, _, network) = systems(trade, {})
    own = supply_by_origin(network)[np.ix_(active, active)]
    np.testing.assert_allclose(dense_inverses(trade)(), own, rtol=1e-5, atol=1e-2)
