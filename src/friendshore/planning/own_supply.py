"""What members themselves sell abroad and could turn home or to one another, and who would miss it."""

from __future__ import annotations

import numpy as np

from friendshore.disruption.grades import same_grade
from friendshore.disruption.market import Market
from friendshore.planning.setting import Setting
from friendshore.tables.trade import Floats

__all__ = ["own_exports"]

Customers = tuple[tuple[tuple[str, float], ...], ...]


def own_exports(market: Market, setting: Setting, price: Floats) -> tuple[Floats, Customers]:
    """Return usable exports by (member, product), tons a year, and their customers with their parts.

    Parameters
    ----------
    market
        All links of all importers.
    setting
        Members, products, suppliers of concern.
    price
        (M, K) what each member pays today; NaN where it buys none.

    Notes
    -----
    Left out is what goes to suppliers of concern (ore that is processed there is no supply for a member), what goes
    to fellow members, and what is another grade than the members buy: each member that buys the product has to pay
    within a factor of two of what the customer pays.
    """
    links = market.links
    inside = {market.position[code] for code in setting.members}
    against = {market.position[code] for code in setting.concern if code in market.position}
    outside = ~np.isin(links.importer, [*inside, *against])
    tons = np.zeros((len(setting.members), len(setting.products)))
    customers: list[tuple[tuple[str, float], ...]] = []
    for m, member in enumerate(setting.members):
        sold = outside & (links.exporter == market.position[member]) & (links.tons > 0)
        for n, code in enumerate(setting.products):
            rows = np.flatnonzero(sold & (links.product == market.place.get(code, -1)))
            paid = price[:, n][np.isfinite(price[:, n])]
            value = links.unit_value[rows]
            fits = np.ones(len(rows), bool) if len(paid) else np.zeros(len(rows), bool)
            for each in paid.tolist():
                fits &= same_grade(value, np.full(len(rows), each))
            rows = rows[fits]
            tons[m, n] = links.tons[rows].sum()
            order = rows[np.lexsort((links.importer[rows], -links.tons[rows]))]
            customers.append(
                tuple(
                    (market.countries[c], float(t / tons[m, n]))
                    for c, t in zip(links.importer[order].tolist(), links.tons[order].tolist(), strict=True)
                )
            )
    return tons, tuple(customers)
