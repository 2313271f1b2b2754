"""The answer to pressure: what it spares whom, what it costs, and what members risk by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from friendshore.answers.actors import positions
from friendshore.answers.framing import command_line, data_option, known, opened, sources_of
from friendshore.answers.response_cases import ResponseCase, response_case
from friendshore.answers.response_notes import assumptions, caveats, sentence
from friendshore.disruption.scenario_files import load_scenario
from friendshore.planning.costs import CostBook, values_of
from friendshore.planning.response import Reaction, react
from friendshore.planning.retaliation import Exposed, exposed, missing_usd, retaliation
from friendshore.records import Finding, Table
from friendshore.tables.schemas import columns
from friendshore.tables.trade import Floats
from friendshore.tables.world import World

__all__ = ["response"]

REACTIONS = ("none", "alone", "joint")
MOST_AT_RISK = 20
"""Goods at risk that are listed for a member and direction."""


@dataclass(frozen=True, eq=False)
class _Answered:
    """All runs of a response, and what the members are exposed to."""

    case: ResponseCase
    reactions: Mapping[str, Sequence[Reaction]]
    """By reaction, for each member the run that its row is read from."""
    price: Floats
    """(member, product)"""
    exposed: Sequence[Exposed]
    charges: Floats
    """(product,) of a redirected ton, in prices: what buying in a crisis costs more, and what outsiders lose."""
    filling: Floats
    """(product,) premium for filling a stock again."""


def response(scenario: str | Path, *, world: World | str | Path = "raw-materials") -> Finding:
    """Judge an answer to pressure with its price.

    Parameters
    ----------
    scenario
        A scenario file of type response, or the name of a shipped one.
    world
        An opened world, or the name or folder of a data set.

    Returns
    -------
    Finding
        Columns of ``response`` in the data dictionary: one row a member and reaction (``none``; ``alone``: each member
        does what serves itself; ``joint``: all that is stated). Tables: ``products`` by product, ``outsiders`` who lose
        redirected exports, ``at_risk`` what each member buys from and sells to who presses.

    Raises
    ------
    ArgumentError
        ``no_response``, ``nobody_struck``; unknown names.
    DataError
        A scenario file that breaks a rule.
    MissingDataError
        Nothing that could be stopped.
    """
    loaded = load_scenario(scenario)
    opened_world = opened(world)
    answered = _answered(response_case(loaded, opened_world), opened_world)
    case = answered.case
    rows = _rows(answered)
    book = CostBook()
    return Finding(
        question="response",
        arguments={
            "scenario": str(scenario),
            "title": loaded.file.name,
            "members": list(case.pressure.members),
            "on": list(case.pressing),
            "products": list(case.pressure.products),
            "trigger": [shock.model_dump(exclude={"routes"}) for shock in case.trigger],
            "struck": list(case.pressure.struck),
            "months": case.pressure.months,
            "stock_cover": [stock.model_dump() for stock in case.case.stocks],
            "base_years": list(case.case.market.base_years),
            "quantities": case.case.market.quantities,
            "data": opened_world.name,
        },
        columns=columns("response"),
        rows=rows,
        answer=sentence(rows, case),
        summary=_summary(rows),
        tables={
            "products": _products(answered),
            "outsiders": _outsiders(answered),
            "at_risk": _at_risk(answered, opened_world),
        },
        sources=sources_of(opened_world, "trade", "production"),
        assumptions=assumptions(case, book),
        caveats=caveats(case),
        command=command_line("plan", (), {"scenario": str(scenario), "data": data_option(world)}),
    )


def _answered(case: ResponseCase, world: World) -> _Answered:
    pressure = case.pressure
    none = react(pressure, (), joint=False)
    alone = []
    for member in pressure.members:
        own = any(act.member == member and member in (act.to or pressure.struck) for act in pressure.acts)
        alone.append(react(pressure, (member,), joint=False, before=none) if own else none)
    joint = react(pressure, pressure.members, joint=True, before=none)
    links = pressure.market.links
    price = np.full((len(pressure.members), len(pressure.products)), np.nan)
    for m, member in enumerate(pressure.members):
        for k, code in enumerate(pressure.products):
            buyer = pressure.market.buyer(code, member)
            price[m, k] = links.buyer_unit_value[buyer] if buyer >= 0 else np.nan
    year = max(case.case.market.base_years)
    trade = world.trade((year,))
    pressing = _positions(case, case.pressing, world)
    struck = [world.products.index(code) for code in pressure.products]
    found = [
        exposed(trade, positions(actor.members(year), world), pressing, struck)
        for actor in case.case.nodes.actors
    ]
    book = CostBook()
    emergency, outsider, filling = (
        np.nan_to_num(values_of(book, name, pressure.products, {}))
        for name in ("emergency_share", "outsider_share", "filling_share")
    )
    runs = {"none": [none] * len(pressure.members), "alone": alone, "joint": [joint] * len(pressure.members)}
    return _Answered(case, runs, price, found, emergency + outsider, filling)


def _positions(case: ResponseCase, names: Sequence[str], world: World) -> list[int]:
    joined = case.case.nodes.joined
    codes = [code for name in names for code in joined.get(name, (name,))]
    return [world.position[code] for code in codes if code in world.position]


def _rows(answered: _Answered) -> tuple[dict[str, Any], ...]:
    """Write one row a member and reaction."""
    lost: dict[tuple[str, ...], Floats] = {}
    rows = []
    for m, member in enumerate(answered.case.pressure.members):
        for reaction in REACTIONS:
            run = answered.reactions[reaction][m]
            acting = member in run.acting
            row = {"member": member, "reaction": reaction, "acting": acting}
            rows.append(
                row | _missing(answered, run, m) | _cost(answered, run, m) | _risk(answered, run, m, lost)
            )
    return tuple({c.name: known(row[c.name]) for c in columns("response")} for row in rows)


def _missing(answered: _Answered, run: Reaction, m: int) -> dict[str, Any]:
    """Sum up what a member misses in a run."""
    price = np.nan_to_num(answered.price[m])
    need, short = run.demand_t[m], run.shortage_t[m]
    value = price * need
    total = float(value.sum())
    share = np.divide(short, need, out=np.zeros_like(need), where=need > 0)
    months = run.months[m]
    bought = np.isfinite(months)
    return {
        "shortage_usd": float((price * short).sum()),
        "shortage_share": float((price * short).sum() / total) if total > 0 else None,
        "worst_shortage_share": float(share.max(initial=0.0)),
        "months_covered": float((months[bought] * value[bought]).sum() / total) if total > 0 else None,
        "months_worst": float(months[bought].min()) if bought.any() else None,
    }


def _cost(answered: _Answered, run: Reaction, m: int) -> dict[str, Any]:
    """Price what a member gives: its stock to be filled again; its exports at what a crisis makes of them."""
    market = answered.case.pressure.market
    price = np.nan_to_num(answered.price[m])
    links = market.links
    for k, code in enumerate(answered.case.pressure.products):
        if not price[k] > 0:
            # A member that buys none is paid what others pay it.
            own = (links.seller_product == market.place[code]) & (
                links.seller_country == market.position[answered.case.pressure.members[m]]
            )
            price[k] = np.nan_to_num(links.seller_unit_value[own]).sum()
    return {
        "release_usd": float((run.released_t[m] * price * (1 + answered.filling)).sum()),
        "redirect_usd": float((run.redirected_t[m] * price * answered.charges).sum()),
    }


def _risk(
    answered: _Answered, run: Reaction, m: int, known_runs: dict[tuple[str, ...], Floats]
) -> dict[str, Any]:
    """Say what a member that acts has at risk, and what it would miss and not sell in the time of the run."""
    case, pressure = answered.case, answered.case.pressure
    names = (
        "imports_at_risk_usd",
        "exports_at_risk_usd",
        "retaliation_missing_usd",
        "retaliation_exports_usd",
    )
    about = answered.exposed[m]
    if pressure.members[m] not in run.acting:
        return dict.fromkeys((*names, "imports_at_risk_share", "exports_at_risk_share"), 0.0)
    if run.acting not in known_runs:
        market, months, start = case.case.market, pressure.months, pressure.first_month
        shock = retaliation(market, run.acting, case.pressing, pressure.products, months, start)
        known_runs[run.acting] = (
            np.zeros(len(pressure.members))
            if shock is None
            else missing_usd(market, pressure.members, shock, months, case.case.stocks, case.case.parameters)
        )
    years = (pressure.months - pressure.first_month) / 12
    return {
        "imports_at_risk_usd": about.imports_usd,
        "imports_at_risk_share": about.imports_usd / about.imported_usd if about.imported_usd > 0 else None,
        "exports_at_risk_usd": about.exports_usd,
        "exports_at_risk_share": about.exports_usd / about.exported_usd if about.exported_usd > 0 else None,
        "retaliation_missing_usd": float(known_runs[run.acting][m]),
        "retaliation_exports_usd": about.exports_usd * years,
    }


def _summary(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Figures of the joint answer beside no reaction."""
    by = {reaction: [row for row in rows if row["reaction"] == reaction] for reaction in REACTIONS}
    short = {reaction: sum(row["shortage_usd"] for row in by[reaction]) for reaction in REACTIONS}
    joint = by["joint"]
    return {
        "shortage_usd": {reaction: short[reaction] for reaction in REACTIONS},
        "avoided_usd": short["none"] - short["joint"],
        "cost_usd": sum(row["release_usd"] + row["redirect_usd"] for row in joint),
        "at_risk_usd": sum(row["imports_at_risk_usd"] + row["exports_at_risk_usd"] for row in joint),
        "retaliation_usd": sum(
            row["retaliation_missing_usd"] + row["retaliation_exports_usd"] for row in joint
        ),
    }


def _products(answered: _Answered) -> Table:
    """Write one row a member, reaction and product where something is missing or given."""
    rows = []
    pressure = answered.case.pressure
    for m, member in enumerate(pressure.members):
        runs = [answered.reactions[reaction][m] for reaction in REACTIONS]
        told = np.any(
            [run.shortage_t[m] + run.released_t[m] + run.redirected_t[m] > 0 for run in runs], axis=0
        )
        for reaction in REACTIONS:
            run = answered.reactions[reaction][m]
            rows += [
                {
                    "member": member,
                    "reaction": reaction,
                    "product": pressure.products[k],
                    "demand_t": run.demand_t[m, k],
                    "shortage_t": run.shortage_t[m, k],
                    "months_covered": run.months[m, k],
                    "released_t": run.released_t[m, k],
                    "redirected_t": run.redirected_t[m, k],
                }
                for k in np.flatnonzero(told).tolist()
            ]
    return _table("response_products", rows)


def _outsiders(answered: _Answered) -> Table:
    lost = answered.reactions["joint"][0].lost_t
    inside = set(answered.case.pressure.members)
    return _table(
        "response_outsiders",
        [
            {"country": country, "product": code, "loss_t": tons}
            for (country, code), tons in sorted(lost.items(), key=lambda item: (item[0][1], -item[1]))
            if country not in inside
        ],
    )


def _at_risk(answered: _Answered, world: World) -> Table:
    rows = []
    for member, about in zip(answered.case.pressure.members, answered.exposed, strict=True):
        sides = (("imports", about.imports, 0), ("exports", about.exports, 1))
        for direction, side, n in sides:
            order = np.argsort(-np.where(about.counted[n], side.supplied_usd, 0.0), kind="stable")
            rows += [
                {
                    "member": member,
                    "direction": direction,
                    "product": world.products[int(side.product[at])],
                    "at_risk_usd": side.supplied_usd[at],
                    "supplier_share": side.supplier_share[at],
                    "buyer_share": side.buyer_share[at],
                }
                for at in order[:MOST_AT_RISK].tolist()
                if about.counted[n][at] and side.supplied_usd[at] > 0
            ]
    return _table("response_at_risk", rows)


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    found = columns(name)
    return Table(columns=found, rows=tuple({c.name: known(row[c.name]) for c in found} for row in rows))
