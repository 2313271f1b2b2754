"""What members risk by an answer: what they buy from and sell to who presses, beyond what is cut already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from friendshore.disruption.market import Market
from friendshore.disruption.path import run_path
from friendshore.disruption.striking import struck_links
from friendshore.exposure.leverage import Dependence, leverage
from friendshore.parameters import Parameters
from friendshore.shocks import Shock, StockCover
from friendshore.tables.trade import Floats, Trade

__all__ = ["Exposed", "exposed", "missing_usd", "retaliation"]


@dataclass(frozen=True, eq=False)
class Exposed:
    """What one member could lose to one or several countries, a year, by product."""

    imports: Dependence
    """What it buys there."""
    exports: Dependence
    """What it sells there: they buy, it sells."""
    counted: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    """Of imports and of exports, what is not struck already."""
    imported_usd: float
    """All that it buys from anybody of what is not struck."""
    exported_usd: float

    @property
    def imports_usd(self) -> float:
        """Imports at risk."""
        return float(self.imports.supplied_usd[self.counted[0]].sum())

    @property
    def exports_usd(self) -> float:
        """Exports at risk."""
        return float(self.exports.supplied_usd[self.counted[1]].sum())


def exposed(trade: Trade, member: Sequence[int], pressing: Sequence[int], struck: Sequence[int]) -> Exposed:
    """Measure what a member could lose.

    Parameters
    ----------
    trade
        Flows of one year, by country.
    member, pressing
        Positions of its countries, and of those who press.
    struck
        Positions of the products that are cut already.
    """
    own, inside = np.isin(np.arange(len(trade.countries)), member), ~np.isin(trade.product, struck)
    bought = trade.value_usd[own[trade.importer] & ~own[trade.exporter] & inside].sum()
    sold = trade.value_usd[own[trade.exporter] & ~own[trade.importer] & inside].sum()
    imports, exports = leverage(trade, member, pressing)
    counted = (~np.isin(imports.product, struck), ~np.isin(exports.product, struck))
    return Exposed(imports, exports, counted, float(bought), float(sold))


def retaliation(
    market: Market, against: Sequence[str], by: Sequence[str], struck: Sequence[str], months: int, start: int
) -> Shock | None:
    """Return the worst answer to an answer: everything else that is sold to those who acted stops as well.

    None where nothing else is sold to them.
    """
    products = tuple(code for code in market.products if code not in struck)
    if not against or not products:
        return None
    shock = Shock(
        id="retaliation",
        suppliers=tuple(by),
        importers=tuple(against),
        products=products,
        start_month=start,
        duration_months=max(1, months - start),
    )
    return shock if (market.links.tons[struck_links(market, shock)] > 0).any() else None


def missing_usd(
    market: Market,
    members: Sequence[str],
    shock: Shock,
    months: int,
    stocks: Sequence[StockCover],
    parameters: Parameters,
) -> Floats:
    """Return by member what is missing under a shock, at the prices of the base."""
    links = market.links
    nodes = [market.position[name] for name in members]
    buyers = np.flatnonzero(np.isin(links.buyer_country, nodes))
    path = run_path(
        market, (shock,), months=months, stocks=stocks, parameters=parameters, watch=buyers.tolist()
    )
    value = path.shortage_t[0].sum(axis=0) * np.nan_to_num(links.buyer_unit_value[path.buyers])
    country = links.buyer_country[path.buyers]
    return np.array([value[country == node].sum() for node in nodes], np.float64)
