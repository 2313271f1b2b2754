"""A run as rows by month and records by product and importer. Nothing is computed that the run does not hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from friendshore.answers.actors import Actor
from friendshore.answers.framing import known
from friendshore.disruption.comparable import Expectation
from friendshore.disruption.market import Market
from friendshore.disruption.path import Path
from friendshore.disruption.reading import replacement, summary
from friendshore.errors import MissingDataError

__all__ = ["COLUMNS", "Expected", "Pair", "monthly", "pairs_of", "records"]

COLUMNS = (
    "month", "product", "importer", "supply_t", "demand_t", "stock_t", "shortage_t", "shortage_share",
    "shortage_share_low", "shortage_share_high", "price_factor",
)  # fmt: skip
READ = (
    "cover_days", "months_to_10pct", "months_short", "peak_shortage_share", "total_shortage_t", "replaced_share",
    "import_bill_usd", "outsiders_shortage_t", "import_bill_rise",
)  # fmt: skip

Pair = tuple[str, str, int]
"""(product, importer, position in the market's buyers)."""
Expected = Mapping[tuple[str, str], Expectation]
"""By (importer, product)."""


def pairs_of(market: Market, actors: Sequence[Actor], codes: Sequence[str]) -> list[Pair]:
    """Return who buys which of the products; refuse where nobody buys any."""
    pairs = [
        (code, actor.name, buyer)
        for code in codes
        for actor in actors
        if (buyer := market.buyer(code, actor.name)) >= 0
    ]
    if not pairs:
        names = ", ".join(actor.name for actor in actors)
        raise MissingDataError(
            f"{names} bought no known tons of {', '.join(codes[:5])} in {market.base_years[0]}-"
            f"{market.base_years[-1]}.",
            code="no_imports",
            hint="See who buys what: friendshore exposure",
        )
    return pairs


def monthly(run: Path, pairs: Sequence[Pair], expected: Expected) -> tuple[dict[str, Any], ...]:
    """Write the months of each pair."""
    rows = []
    force = _in_force(run)
    series = {
        name: getattr(run, name)[0] for name in ("supply_t", "demand_t", "shortage_t", "shortage_share")
    }
    stock, drawn, price = run.stock_t[0], run.drawn_t[0], run.price_factor[0]
    for code, importer, buyer in pairs:
        at = int(np.searchsorted(run.buyers, buyer))
        told = {name: values[:, at].tolist() for name, values in series.items()}
        for month in range(run.months):
            from_stock = float(drawn[month, at]) / told["demand_t"][month]
            found = expected.get((importer, code)) if force[code][month] else None
            low, high = _ends(found, told["shortage_share"][month], from_stock)
            rows.append(
                {
                    "month": month + 1,
                    "product": code,
                    "importer": importer,
                    **{name: values[month] for name, values in told.items()},
                    "stock_t": known(stock[month, at]) if run.stock_known[at] else None,
                    "shortage_share_low": low,
                    "shortage_share_high": high,
                    "price_factor": known(price[month, at]),
                }
            )
    return tuple({name: row[name] for name in COLUMNS} for row in rows)


def _in_force(run: Path) -> dict[str, Any]:
    """By product, the months in which any shock holds."""
    found: dict[str, Any] = {}
    for shock in run.shocks:
        for code in shock.products:
            found[code] = found.get(code, False) | (shock.lost(run.months) > 0)
    return found


def _ends(expected: Expectation | None, share: float, from_stock: float) -> tuple[float | None, float | None]:
    """Take what comes from stock off the missing imports; widen where the path's own value lies outside."""
    if expected is None:
        return None, None
    low, high = (max(0.0, end - from_stock) for end in (expected.missing_low, expected.missing_high))
    return min(low, share), max(high, share)


def records(run: Path, pairs: Sequence[Pair], expected: Expected) -> tuple[dict[str, Any], ...]:
    """Write one record a product and importer."""
    read = summary(run)
    told = []
    for code, importer, buyer in pairs:
        at = int(np.searchsorted(run.buyers, buyer))
        by = replacement(run, buyer)
        record: dict[str, Any] = {"product": code, "importer": importer}
        record |= {field: known(getattr(read, field)[0, at]) for field in READ}
        record["months_short"] = int(record["months_short"])
        record["rationed_months"] = int(run.rationed[0, :, at].sum())
        record["stock_known"] = bool(run.stock_known[at])
        record |= _expected(expected.get((importer, code)))
        record["replaced_by"] = [
            {"exporter": run.market.countries[exporter], "more_t": tons}
            for exporter, tons in zip(by.exporter.tolist(), by.more_t.tolist(), strict=True)
        ]
        told.append(record)
    return tuple(told)


def _expected(found: Expectation | None) -> dict[str, Any]:
    """Write what statistics expect of the year; empty where no event compares."""
    names = ("missing", "missing_low", "missing_high", "share", "share_low", "share_high")
    told = ("missing_imports_share", "supplier_share_after")
    values = [None if found is None else getattr(found, name) for name in names]
    ends = [f"{stem}{end}" for stem in told for end in ("", "_low", "_high")]
    return dict(zip(ends, values, strict=True)) | {"comparable_events": list(found.events) if found else []}
