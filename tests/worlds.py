"""Toy worlds that can be solved by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from friendshore.tables.trade import Trade
from friendshore.tables.world import Output, World

Flow = tuple[int, str, str, str, float, float | None]
"""year, exporter, importer, product, value_usd, quantity_t (None: unknown)"""


def world(
    flows: Iterable[Flow],
    *,
    production: Mapping[tuple[int, str, str], float] | None = None,
    stability: Mapping[tuple[int, str], float] | None = None,
) -> World:
    """Build a World from plain tuples; production is (year, country, product) -> gross tons."""
    flows = list(flows)
    countries = tuple(
        sorted({f[1] for f in flows} | {f[2] for f in flows} | {k[1] for k in production or {}})
    )
    products = tuple(sorted({f[3] for f in flows}))
    place = {c: n for n, c in enumerate(countries)}
    table = Trade.sorted_from(
        countries,
        products,
        np.array([f[0] for f in flows]),
        np.array([products.index(f[3]) for f in flows]),
        np.array([place[f[2]] for f in flows]),
        np.array([place[f[1]] for f in flows]),
        np.array([f[4] for f in flows], float),
        np.array([np.nan if f[5] is None else f[5] for f in flows], float),
    )

    def read(years, codes, quantities):
        keep = np.isin(table.year, list(years))
        if codes is not None:
            keep &= np.isin(table.product, [products.index(c) for c in codes if c in products])
        return table.take(keep)

    outputs = {}
    for code in {k[2] for k in production or {}}:
        years = tuple(sorted({k[0] for k in production if k[2] == code}))
        tons = np.full((len(years), len(countries)), np.nan)
        for (year, country, product), quantity in production.items():
            if product == code:
                tons[years.index(year), place[country]] = quantity
        outputs[code] = Output(years, tons)
    stable = {}
    for (year, country), estimate in (stability or {}).items():
        stable.setdefault(year, np.full(len(countries), np.nan))[place[country]] = estimate
    years = tuple(sorted({f[0] for f in flows}))
    return World(
        name="toy",
        hs="HS92",
        years=years,
        countries=countries,
        products=products,
        read=read,
        product_output=outputs,
        stability=stable,
        listed={year: np.isfinite(row) for year, row in stable.items()},
        default_year=years[-1],
    )


def one_product(
    exports: Mapping[tuple[str, str], float], *, year: int = 2022, product: str = "284690", **more
) -> World:
    """Flows of one product: (exporter, importer) -> amount, used as dollars and as tons."""
    return world([(year, a, b, product, v, v) for (a, b), v in exports.items()], **more)


KASTNER = {
    ("CHN", "SGP"): 50, ("CHN", "JPN"): 10, ("SGP", "JPN"): 30, ("SGP", "VNM"): 10, ("JPN", "SGP"): 5,
    ("VNM", "JPN"): 4,
}  # fmt: skip
"""methods.md 3.1 with SGP as the hub; production CHN 100, JPN 20, SGP 0, VNM 0."""
KASTNER_OUTPUT = {
    (2022, c, "284690"): p for c, p in {"CHN": 100.0, "JPN": 20.0, "SGP": 0.0, "VNM": 0.0}.items()
}
