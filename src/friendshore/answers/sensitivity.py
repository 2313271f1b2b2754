"""What matters most: which assumption moves the answer, and how wide the answer is over all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from friendshore.answers.framing import known, sources_of
from friendshore.disruption.draws import Drawn
from friendshore.disruption.draws import draws as run_draws
from friendshore.disruption.market import Market
from friendshore.disruption.path import MONTHS
from friendshore.disruption.ranges import SHOCK_RANGES, Range
from friendshore.disruption.ranking import Measure
from friendshore.disruption.sensitivity import Tornado
from friendshore.disruption.sensitivity import tornado as run_tornado
from friendshore.disruption.sweeps import Workers
from friendshore.parameters import Parameters
from friendshore.records import Amount, Assumption, Finding, Name, Note
from friendshore.shocks import Shock, StockCover
from friendshore.tables.products import product_name
from friendshore.tables.schemas import columns

__all__ = ["draws", "tornado"]

MOST_SWAPS = 50


def tornado(
    market: Market,
    shocks: Sequence[Shock],
    stocks: Sequence[StockCover],
    importers: Sequence[str],
    products: Sequence[str] = (),
    *,
    parameters: Parameters | None = None,
    months: int = MONTHS,
    measure: Measure = "total",
    ranges: Mapping[str, tuple[float, float]] | None = None,
    executor: Workers = None,
    command: str = "",
) -> Finding:
    """Vary one assumption at a time and say what it does to what is missing, and to the ranking of materials.

    Parameters
    ----------
    market, shocks, stocks, importers, products, parameters, months, measure, ranges, executor
        As for :func:`friendshore.disruption.sensitivity.tornado`.
    command
        The command line that asks this.

    Returns
    -------
    Finding
        Columns of ``tornado`` in the data dictionary, the widest swing of each importer and product first. ``summary``
        holds by importer the central ``ranking`` and the ``swaps`` of neighbours, widest first.
    """
    found = run_tornado(
        market, shocks, stocks, importers, products, parameters=parameters, months=months, measure=measure,
        ranges=ranges, executor=executor,
    )  # fmt: skip
    rows = _tornado_rows(found)
    return Finding(
        question="tornado",
        arguments=_arguments(market, shocks, stocks, found.importers, found.products, months)
        | {"measure": measure},
        columns=columns("tornado"),
        rows=rows,
        answer=_most(rows),
        summary=_ranking(found),
        sources=sources_of(market.world, "trade", "production"),
        assumptions=_assumptions(found.ranges),
        caveats=(
            Note(
                template="One assumption at a time, all else as in the central run: what several do together "
                "is shown by draws over all ranges at once."
            ),
            Note(
                template="Ranges without a source are assumptions of ours; a bar is as wide as its range was "
                "set."
            ),
        ),
        command=command,
    )


def _arguments(
    market: Market,
    shocks: Sequence[Shock],
    stocks: Sequence[StockCover],
    importers: Sequence[str],
    products: Sequence[str],
    months: int,
) -> dict[str, Any]:
    return {
        "importers": list(dict.fromkeys(importers)),
        "on": sorted({code for shock in shocks for code in shock.suppliers}),
        "products": list(dict.fromkeys(products)),
        "months": months,
        "stocks": [
            {"importer": cover.importer, "product": cover.product or None, "days": cover.days}
            for cover in stocks
        ],
        "quantities": market.quantities,
        "base_years": list(market.base_years),
        "data": market.world.name,
    }


def _tornado_rows(found: Tornado) -> tuple[dict[str, Any], ...]:
    rows = []
    for i, importer in enumerate(found.importers):
        for k, product in enumerate(found.products):
            if np.isnan(found.central_total_t[i, k]):
                continue
            order = np.argsort(-found.swing_t[:, i, k], kind="stable")
            rows += [_tornado_row(found, int(n), i, k, importer, product) for n in order]
    return tuple(rows)


def _tornado_row(found: Tornado, n: int, i: int, k: int, importer: str, product: str) -> dict[str, Any]:
    varied = found.ranges[n]
    choice = isinstance(varied.shown[1], str)
    low, central, high = (None if choice else float(value) for value in varied.shown)
    return {
        "importer": importer,
        "product": product,
        "product_name": product_name(product, "en") or product,
        "parameter": varied.name,
        "unit": varied.unit,
        "low": low,
        "high": high,
        "low_shortage_t": known(found.total_t[n, 0, i, k]),
        "shortage_t": known(found.central_total_t[i, k]),
        "high_shortage_t": known(found.total_t[n, 1, i, k]),
        "swing_t": known(found.swing_t[n, i, k]),
        "low_ranking_distance": known(found.distance[n, 0, i]),
        "high_ranking_distance": known(found.distance[n, 1, i]),
        "low_shortage_share": known(found.share[n, 0, i, k]),
        "shortage_share": known(found.central_share[i, k]),
        "high_shortage_share": known(found.share[n, 1, i, k]),
        "central": central,
        "choices": ";".join(map(str, varied.shown)) if choice else None,
        "source": varied.source,
    }


def _most(rows: Sequence[Mapping[str, Any]]) -> Note:
    """Say what moves most the largest shortage, in tons over demand."""
    worst = max(rows, key=lambda row: (row["shortage_share"], row["swing_t"]))
    first = next(
        row for row in rows if row["importer"] == worst["importer"] and row["product"] == worst["product"]
    )
    ends = sorted(first[name] for name in ("low_shortage_t", "shortage_t", "high_shortage_t"))
    who = {"importer": Name(key=first["importer"]), "product": Name(key=first["product"], kind="product")}
    if not first["swing_t"]:
        return Note(
            template="No assumption changes what {importer} misses of {product}: {central}.",
            values=who | {"central": Amount(value=first["shortage_t"], unit="t")},
        )
    return Note(
        template="What {importer} misses of {product} depends most on this assumption: {parameter}. Over its range "
        "{range} is missing; {central} in the central run.",
        values=who
        | {
            "parameter": Name(key=first["parameter"], kind="assumption"),
            "range": Amount(value=ends[0], unit="t", high=ends[-1]),
            "central": Amount(value=first["shortage_t"], unit="t"),
        },
    )


def _ranking(found: Tornado) -> dict[str, Any]:
    ranking = []
    for importer, shares in zip(found.importers, found.central_scores, strict=True):
        order = [n for n in np.argsort(-shares, kind="stable").tolist() if not np.isnan(shares[n])]
        ranking.append(
            {
                "importer": importer,
                "materials": [
                    {"material": found.goods[n], "shortage_share": known(shares[n])} for n in order
                ],
            }
        )
    swaps = [
        {"parameter": s.parameter, "end": s.end, "importer": s.importer, "before": s.before, "now": s.now}
        for s in found.swaps[:MOST_SWAPS]
    ]
    return {"ranking": ranking, "swaps": swaps, "swaps_total": len(found.swaps)}


def _assumptions(ranges: Sequence[Range]) -> tuple[Assumption, ...]:
    unit = {"1": ""}
    told = []
    for each in ranges:
        low, high = each.shown[0], each.shown[2]
        if each.name in SHOCK_RANGES and not isinstance(low, str) and not isinstance(high, str):
            told.append(
                Assumption(
                    text=Note(
                        template="Tried from end to end, {parameter}: {range}",
                        values={
                            "parameter": Name(key=each.name, kind="assumption"),
                            "range": Amount(value=low, unit=unit.get(each.unit, each.unit), high=high),
                        },
                    ),
                    source=each.source,
                )
            )
    return tuple(told)


def draws(
    market: Market,
    shocks: Sequence[Shock],
    stocks: Sequence[StockCover],
    importers: Sequence[str],
    products: Sequence[str] = (),
    *,
    n: int,
    seed: int,
    parameters: Parameters | None = None,
    months: int = MONTHS,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    executor: Workers = None,
    threads: int = 1,
    command: str = "",
) -> Finding:
    """Run the path many times over all ranges at once and say how wide the answer is.

    Parameters
    ----------
    market, shocks, stocks, importers, products, n, seed, parameters, months, ranges, executor, threads
        As for :func:`friendshore.disruption.draws.draws`.
    command
        The command line that asks this.

    Returns
    -------
    Finding
        Columns of ``draws`` in the data dictionary, one row a month, product and importer. ``summary`` holds by product
        and importer what is read off whole runs: days of cover, tons missing, and how many of the draws are short.
    """
    found = run_draws(
        market, shocks, stocks, importers, products, n=n, seed=seed, parameters=parameters, months=months,
        ranges=ranges, executor=executor, threads=threads,
    )  # fmt: skip
    told = [_whole_run(found, b) for b in range(len(found.buyers))]
    return Finding(
        question="draws",
        arguments=_arguments(market, shocks, stocks, importers, found.products, months)
        | {"draws": n, "seed": seed},
        columns=columns("draws"),
        rows=tuple(
            {
                "month": month + 1,
                "product": found.products[b],
                "importer": found.importers[b],
                "shortage_share_p10": known(found.shortage_share[0, month, b]),
                "shortage_share_p50": known(found.shortage_share[1, month, b]),
                "shortage_share_p90": known(found.shortage_share[2, month, b]),
            }
            for b in range(len(found.buyers))
            for month in range(months)
        ),
        answer=_width(told, n),
        summary={"runs": told},
        sources=sources_of(market.world, "trade", "production"),
        assumptions=_assumptions(found.ranges),
        caveats=(
            Note(
                template="The band is one of assumptions, drawn evenly and independently over their ranges. It is no "
                "forecast interval: nothing says how often reality falls into it."
            ),
            Note(
                template="The central run need not lie in the band: some central values are at an end of "
                "their range."
            ),
        ),
        command=command,
    )


def _whole_run(found: Drawn, b: int) -> dict[str, Any]:
    told: dict[str, Any] = {"product": found.products[b], "importer": found.importers[b]}
    for q, name in enumerate(("p10", "p50", "p90")):
        told[f"cover_days_{name}"] = known(found.cover_days[q, b])
    for q, name in enumerate(("p10", "p50", "p90")):
        told[f"total_shortage_t_{name}"] = known(found.total_shortage_t[q, b])
    return told | {"short_share": known(found.short_share[b])}


def _width(told: Sequence[Mapping[str, Any]], n: int) -> Note:
    worst = max(told, key=lambda each: (each["short_share"], each["total_shortage_t_p50"]))
    return Note(
        template="In {short} of {n} draws over the assumptions {importer} runs short of {product}; eight in ten miss "
        "{range}.",
        values={
            "short": Amount(value=worst["short_share"], unit="share"),
            "n": f"{n:,}",
            "importer": Name(key=worst["importer"]),
            "product": Name(key=worst["product"], kind="product"),
            "range": Amount(
                value=worst["total_shortage_t_p10"], unit="t", high=worst["total_shortage_t_p90"]
            ),
        },
    )
