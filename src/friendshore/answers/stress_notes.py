"""What a stress answer says beside its rows: the sentence, what is assumed, and what it does not know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from friendshore.answers.stress_cases import Case
from friendshore.answers.stress_rows import Expected, Pair
from friendshore.disruption.passages import covered
from friendshore.disruption.path import Path
from friendshore.parameters import assumptions_of
from friendshore.records import Amount, Assumption, Listing, Name, Note

__all__ = ["assumptions", "caveats", "sentence", "worst_of"]

MOST_EVENTS = 12
AT_ONCE = 0.05
"""Months below which nobody would say after how many."""


def worst_of(records: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the record of the product and importer that misses most of its demand in a month."""
    return max(records, key=lambda r: (r["peak_shortage_share"], r["total_shortage_t"]))


def sentence(records: Sequence[Mapping[str, Any]], months: int) -> Note:
    """Answer in one sentence: the product and importer that misses most of its demand."""
    worst = worst_of(records)
    who: dict[str, Any] = {
        "importer": Name(key=worst["importer"]),
        "product": Name(key=worst["product"], kind="product"),
        "peak": Amount(value=worst["peak_shortage_share"], unit="share"),
        "tons": Amount(value=worst["total_shortage_t"], unit="t"),
        "months": str(months),
        "short": str(worst["months_short"]),
    }
    if worst["months_short"] == 0:
        return Note(
            template="Nothing is missing within {months} months, on this path.",
            values={"months": str(months)},
        )
    if worst["months_to_10pct"] is None:
        return Note(
            template="At most {peak} of the {product} of {importer} is missing in a month and {tons} in {months} "
            "months, on this path; a tenth is never missing.",
            values={name: who[name] for name in ("importer", "product", "peak", "tons", "months")},
        )
    if worst["months_to_10pct"] < AT_ONCE:
        template = (
            "A tenth of the {product} of {importer} is missing at once, up to {peak} in a month, and {tons} in "
            "{months} months, of which {short} are short."
            if worst["stock_known"]
            else "A tenth of the {product} of {importer} is missing at once if it has no stock, which is not known, "
            "up to {peak} in a month, and {tons} in {months} months, of which {short} are short."
        )
        return Note(template=template, values=who)
    who["until"] = f"{worst['months_to_10pct']:.1f}"
    template = (
        "A tenth of the {product} of {importer} is missing after {until} months, up to {peak} in a month, and {tons} "
        "in {months} months, of which {short} are short."
        if worst["stock_known"]
        else "A tenth of the {product} of {importer} is missing after {until} months if it has no stock, which is "
        "not known, up to {peak} in a month, and {tons} in {months} months, of which {short} are short."
    )
    return Note(template=template, values=who)


def assumptions(case: Case) -> tuple[Assumption, ...]:
    """List what the data do not give: the shocks as stated, the stocks, and the path's parameters."""
    found = [
        Assumption(
            text=Note(
                template="{shock} ({kind}): {share} of the supply from {suppliers} stops, from month {start} on.",
                values={
                    "shock": shock.id,
                    "kind": shock.kind,
                    "share": Amount(value=shock.lost_share, unit="share"),
                    "suppliers": Listing(items=tuple(Name(key=code) for code in shock.suppliers)),
                    "start": str(shock.start_month + 1),
                },
            ),
            source=shock.source or "none",
        )
        for shock in case.shocks
    ]
    found += [
        Assumption(
            text=Note(
                template="Stock of {importer}: {days} days of base demand.",
                values={"importer": Name(key=stock.importer), "days": f"{stock.days:g}"},
            ),
            source=stock.source or "none",
        )
        for stock in case.stocks
        if stock.days is not None
    ]
    return (*found, *assumptions_of(case.parameters))


def caveats(case: Case, run: Path, pairs: Sequence[Pair], expected: Expected) -> tuple[Note, ...]:
    """Say which number comes from where, and what is not known."""
    notes = [
        Note(
            template="Months, tons, prices and cover come from the path; the interval of the shortage comes from "
            "statistics over comparable events, which speak of a year's imports: it is that of the year's missing "
            "imports, less what comes from stock, widened where the path lies outside it."
        ),
        *_intervals(pairs, expected),
        *_outside(run, pairs, expected),
    ]
    unknown = sorted({name for _, name, buyer in pairs if not _stock_known(run, buyer)})
    if unknown:
        notes.append(
            Note(
                template="Stock of {importers} is unknown, which is not zero: the run holds none, so they last at "
                "least as long as it says.",
                values={"importers": Listing(items=tuple(Name(key=name) for name in unknown))},
            )
        )
    if run.rationed[0].any():
        notes.append(
            Note(template="Where the price is empty, the market is rationed: no finite price clears it.")
        )
    if not case.chosen:
        notes.append(
            Note(
                template="The scenario strikes the world and names no importer: shown are those that buy most of "
                "what it stops. Name others before --scenario."
            )
        )
    notes += _left_out(case, pairs)
    base = run.market.base
    if base.left_out:
        notes.append(
            Note(
                template="Links without tons in any base year, left out of the run: {count}.",
                values={"count": str(base.left_out)},
            )
        )
    return (*notes, *_uncovered(case))


def _left_out(case: Case, pairs: Sequence[Pair]) -> list[Note]:
    """Name the products that cannot be run and the importers that buy none."""
    notes = []
    without = [code for code in case.products if code not in case.market.place]
    if without:
        notes.append(
            Note(
                template="No known tons in the base years, so left out: {products}.",
                values={"products": Listing(items=tuple(Name(key=code, kind="product") for code in without))},
            )
        )
    buying = {(code, name) for code, name, _ in pairs}
    idle = [
        (actor.name, code)
        for code in case.products
        for actor in case.nodes.actors
        if code in case.market.place and (code, actor.name) not in buying
    ]
    if idle:
        notes.append(
            Note(
                template="No known imports in the base years, so no rows: {pairs}.",
                values={"pairs": _listed(idle)},
            )
        )
    return notes


def _listed(pairs: Sequence[tuple[str, str]]) -> Listing:
    """List (importer, product), the first of them where there are many."""
    told = [
        Note(template="{importer} {product}", values={"importer": Name(key=name), "product": code})
        for name, code in pairs[:MOST_EVENTS]
    ]
    return Listing(items=(*told, *(["..."] if len(pairs) > MOST_EVENTS else [])))


def _stock_known(run: Path, buyer: int) -> bool:
    return bool(run.stock_known[int(np.searchsorted(run.buyers, buyer))])


def _intervals(pairs: Sequence[Pair], expected: Expected) -> list[Note]:
    """Name the events behind the intervals, and who has none."""
    without = [(name, code) for code, name, _ in pairs if (name, code) not in expected]
    notes = []
    events = dict.fromkeys(event for found in expected.values() for event in found.events)
    if events:
        listed = [*events][:MOST_EVENTS]
        more = len(events) - len(listed)
        notes.append(
            Note(
                template="Intervals (80 %) are calibrated on {count} events: {events}.",
                values={
                    "count": str(len(events)),
                    "events": Listing(items=(*listed, *(["..."] if more else []))),
                },
            )
        )
    if without:
        notes.append(
            Note(
                template="No comparable event, so no interval: {pairs}. Compared are single countries that buy for "
                "more than 5 million dollars a year and at least 5 % from those who stop, struck for a year or "
                "longer by one shock.",
                values={"pairs": _listed(without)},
            )
        )
    return notes


def _outside(run: Path, pairs: Sequence[Pair], expected: Expected) -> list[Note]:
    """Count the pairs whose path and whose statistics disagree about the year's imports."""
    apart = []
    for code, name, buyer in pairs:
        found = expected.get((name, code))
        at = int(np.searchsorted(run.buyers, buyer))
        if found is None:
            continue
        first = int(run.first_month[at])
        year = slice(first, first + 12)
        base = run.market.links.buyer_tons[buyer] / 12 * len(range(run.months)[year])
        missing = max(0.0, 1 - float(run.supply_t[0, year, at].sum()) / base)
        if not found.missing_low - 1e-9 <= missing <= found.missing_high + 1e-9:
            apart.append(
                Note(
                    template="{importer} {product}: {path} of the first year's imports missing on the path, {range} by "
                    "statistics",
                    values={
                        "importer": Name(key=name),
                        "product": code,
                        "path": Amount(value=missing, unit="share"),
                        "range": Amount(value=found.missing_low, high=found.missing_high, unit="share"),
                    },
                )
            )
    if not apart:
        return []
    return [
        Note(
            template="Path and statistics disagree, and the wider of the two is shown: {pairs}.",
            values={"pairs": Listing(items=tuple(apart[:MOST_EVENTS]))},
        )
    ]


def _uncovered(case: Case) -> list[Note]:
    """Name the traders of a closed passage's goods whose routes are in no table."""
    if not any(shock.routes for shock in case.shocks):
        return []
    market = case.market
    known = covered() | set(case.nodes.joined)
    codes = {code for shock in case.shocks if shock.routes for code in shock.products}
    links = market.links
    inside = np.isin(links.seller_product, [market.place[code] for code in codes])
    tons = np.bincount(links.seller_country[inside], links.seller_tons[inside], len(market.countries))
    named = {code for shock in case.shocks if not shock.routes for code in shock.suppliers}
    absent = [n for n in np.argsort(-tons) if tons[n] > 0 and market.countries[n] not in known | named]
    if not absent:
        return []
    share = float(tons[absent].sum() / tons.sum())
    return [
        Note(
            template="Routes are known for 67 areas. Not covered, so left open: {count} sellers with {share} of the "
            "tons, the largest {names}.",
            values={
                "count": str(len(absent)),
                "share": Amount(value=share, unit="share"),
                "names": Listing(items=tuple(Name(key=market.countries[n]) for n in absent[:5])),
            },
        )
    ]
