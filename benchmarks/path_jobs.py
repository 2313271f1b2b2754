"""The path: a run of everything, many draws of one product, and twice as much of each thing that it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from friendshore.disruption.market import Market, market_of
from friendshore.disruption.path import run_path
from friendshore.shocks import Shock
from friendshore.tables.box import open_box

__all__ = ["path_jobs"]

DRAWS = 10_000


@cache
def _market(products: tuple[str, ...] = ()) -> Market:
    return market_of(open_box(), products)


def _cut(market: Market) -> list[Shock]:
    return [Shock(id="cut", suppliers=("CHN",), importers=("JPN",), products=market.products)]


def _drawn(market: Market, draws: int, months: int = 24) -> Callable[[], Any]:
    seeded = np.random.default_rng(1)
    values = {"lost_share": seeded.uniform(0.5, 1, draws), "lead_months": seeded.uniform(3, 12, draws)}
    at = [market.buyer(market.products[0], "JPN")]
    return lambda: run_path(market, _cut(market), months=months, draws=values, watch=at)


def path_jobs(size: str) -> Mapping[str, Callable[[], Any]]:
    """Return the jobs; ``tiny`` is one product and ten draws."""
    one = _market(("250410",))
    draws = 10 if size == "tiny" else DRAWS
    few = draws // 10
    everything = one if size == "tiny" else _market()
    half = _market(everything.products[: max(1, len(everything.products) // 2)])
    links = f"{len(half.links.tons) / len(everything.links.tons):.2f} of the links"
    return {
        "24 months, all products and importers": lambda: run_path(everything, _cut(everything)),
        "48 months": lambda: run_path(everything, _cut(everything), months=48),
        f"24 months, {links}": lambda: run_path(half, _cut(half)),
        f"{few:,} draws of one product": _drawn(one, few),
        "10,000 draws of one product": _drawn(one, draws),
    }
