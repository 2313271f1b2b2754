"""Small problems that can be solved by hand. ``toy_problem()`` is the smallest; change any field by its name.

Each of two members needs 100 t a year at 1,000 dollars: 60 t from CHN (of concern), 40 t from AUS; BRA sells
nothing yet. One case cuts CHN off for a year with probability 0.1: each lacks 60 t. What a ton costs a year:

- bought elsewhere in normal times: 50 (5 % of the price); AUS and BRA let each member claim 10 t
- bought in the crisis, same claims: 50 (0.1 * 0.5 * 1,000)
- held: 100 (10 % of the price), at most 15 t each, paid out of the budget at 1,000 a ton
- from a new plant in USA: 200 (annuity 0.1 * 2,000), half of the capital supported by the state

So with at most 10 % short, each has to find 50 t: 20 t of claims, 15 t of stock, 15 t of plant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from friendshore.planning.problem import Case, Costs, Limits, Problem


def case(name="cut", months=12, probability=0.1, struck=("USA", "JPN")):
    return Case(name=name, months=months, probability=probability, struck=struck)


def toy_problem(
    members: Sequence[str] = ("USA", "JPN"),
    products: Sequence[str] = ("P",),
    suppliers: Sequence[str] = ("CHN", "AUS", "BRA"),
    concern: Sequence[str] = ("CHN",),
    hosts: Sequence[str] = ("USA",),
    cases: Sequence[Case] | None = None,
    bounds: Sequence[float] = (0.0, 12.0),
    flows: Sequence[float] = (60.0, 40.0, 0.0),
    claim: float = 10.0,
    **changed: Any,
) -> Problem:
    """Each member buys ``flows`` from the suppliers of every product; a case cuts what those of concern sell to
    whom it strikes. Any field of Problem, Costs or Limits can be given by its name: numbers are broadcast to its
    shape."""
    cases = (case(struck=tuple(members)),) if cases is None else tuple(cases)
    m, k, i, h, s, r = (len(x) for x in (members, products, suppliers, hosts, cases, bounds[1:]))
    link = np.array(list(np.ndindex(k, m, i)), dtype=np.int64).reshape(-1, 3)
    product, member, supplier = link.T
    flow = np.asarray(flows, float)[supplier]
    bad = np.isin(np.array(suppliers), list(concern))[supplier]
    cut = np.array([[members[j] in each.struck for j in member] for each in cases]) & bad
    problem = Problem(
        members=tuple(members),
        products=tuple(products),
        suppliers=tuple(suppliers),
        hosts=tuple(hosts),
        cases=cases,
        bounds=np.asarray(bounds, float),
        demand_t=np.full((m, k), float(np.sum(flows))),
        price=np.full((m, k), 1000.0),
        link_product=product,
        link_member=member,
        link_supplier=supplier,
        link_t=flow,
        link_price=np.full(len(link), 1000.0),
        link_usable=np.ones(len(link), bool),
        link_concern=bad,
        link_partner=~bad,
        link_traced=bad.astype(float),
        link_claim_t=np.where(bad, 0.0, claim),
        link_spare_t=np.where(bad, 0.0, claim * m),
        link_fee_usd=np.zeros(len(link)),
        open_share=np.broadcast_to(np.where(cut, 0.0, 1.0)[:, None], (s, r, len(link))).copy(),
        freed_t=np.zeros((s, r, len(link))),
        growth_share=np.full(r, 1.0),
        headroom_share=0.25,
        ramp_share=np.ones(r),
        own_exports_t=np.zeros((m, k)),
        export_customers=((),) * (m * k),
        feed_open=np.ones((s, r, h, k)),
        stock_held_t=np.zeros((m, k)),
        stock_most_t=np.full((m, k), 15.0),
        lump_t=np.zeros(k),
        buildable=np.ones((h, k), bool),
        capacity_most_t=np.full((h, k), np.inf),
        online_share=np.ones((r, k)),
        least_use_share=0.0,
        costs=Costs(
            switching_share=np.full(k, 0.05),
            emergency_share=np.full(k, 0.5),
            capital_usd_per_t=np.full((h, k), 2000.0),
            gap_usd_per_t=np.zeros((h, k)),
            support_share=np.full((h, k), 0.5),
            annuity=0.1,
            carrying_share=np.full(k, 0.1),
            filling_share=np.zeros(k),
            value_factor=np.full(k, 5.0),
            outsider_share=np.zeros(k),
        ),
        limits=Limits(budgets_usd=np.full(m, np.inf)),
    )
    return with_changes(problem, **changed)


def with_changes(problem: Problem, **changed: Any) -> Problem:
    """Change fields of a problem, its costs or its limits by their names; numbers are broadcast to the shape."""
    for part in ("costs", "limits"):
        old = getattr(problem, part)
        mine = {
            n: _like(getattr(old, n), changed.pop(n)) for n in [f.name for f in fields(old)] if n in changed
        }
        problem = replace(problem, **{part: replace(old, **mine)})
    return replace(problem, **{name: _like(getattr(problem, name), value) for name, value in changed.items()})


def _like(old: Any, value: Any) -> Any:
    if isinstance(old, np.ndarray) and value is not None:
        return np.broadcast_to(np.asarray(value, dtype=old.dtype), old.shape).copy()
    return value
