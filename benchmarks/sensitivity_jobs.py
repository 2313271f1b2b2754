"""What matters most: draws over all ranges, and one assumption at a time, of one product and of everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from friendshore.disruption.draws import draws
from friendshore.disruption.market import market_of
from friendshore.disruption.sensitivity import tornado
from friendshore.shocks import Shock
from friendshore.tables.box import open_box

__all__ = ["sensitivity_jobs"]

DRAWS = 10_000


def sensitivity_jobs(size: str) -> Mapping[str, Callable[[], Any]]:
    """Return the jobs; ``tiny`` is one product and ten draws."""
    market = market_of(open_box(), ["250410"] if size == "tiny" else ())
    most = 10 if size == "tiny" else DRAWS

    def cut(products: Sequence[str]) -> list[Shock]:
        return [Shock(id="cut", suppliers=("CHN",), importers=("JPN", "KOR"), products=tuple(products))]

    one = cut(["250410"])
    return {
        f"{most // 10:,} draws": lambda: draws(market, one, [], ["JPN", "KOR"], n=most // 10, seed=1),
        "10,000 draws": lambda: draws(market, one, [], ["JPN", "KOR"], n=most, seed=1),
        "tornado of one product": lambda: tornado(market, one, [], ["JPN", "KOR"]),
        "tornado of all products": lambda: tornado(market, cut(market.products), [], ["JPN", "KOR"]),
    }
