"""Toy markets: monthly flows that can be followed by hand."""

from __future__ import annotations

from friendshore.disruption.market import market_of
from friendshore.disruption.path import run_path
from friendshore.parameters import Parameters
from friendshore.shocks import Shock
from worlds import world

QUIET = {"hoarding_days": 0.0, "leakage_share": 0.0, "link_headroom": 0.0, "lead_months": 1000.0}
"""Nothing but contracts and stock."""


def monthly(flows, *, peak=None, **more):
    """Build a market of one product "AAA" from (exporter, importer) -> tons a month; ``peak`` is an earlier year."""
    rows = [(2022, a, b, "AAA", 12.0 * v, 12.0 * v) for (a, b), v in flows.items()]
    rows += [(2021, a, b, "AAA", 12.0 * v, 12.0 * v) for (a, b), v in (peak or {}).items()]
    return market_of(world(rows), base_years=(2022,), **more)


def stop(*suppliers, importers=(), products=("AAA",), **more):
    return Shock(id="stop", suppliers=suppliers, importers=importers, products=products, **more)


def run(market, *shocks, months=12, stocks=(), draws=None, **parameters):
    given = Parameters(**{**QUIET, **parameters})
    return run_path(
        market, shocks, months=months, stocks=stocks, parameters=given, draws=draws, keep_flows=True
    )


def of(path, name, importer, product="AAA"):
    """One output of one importer by month."""
    return getattr(path, name)[0, :, path.market.buyer(product, importer)]
