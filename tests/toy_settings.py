"""Toy plans on toy markets: everything that stands between a world and a problem, with costs that change nothing."""

from __future__ import annotations

import numpy as np

from friendshore.disruption.market import market_of
from friendshore.parameters import Parameters
from friendshore.planning.assembling import Assembled, assemble
from friendshore.planning.pricing import Priced
from friendshore.planning.problem import ALONE, Case, Costs, Limits, Objective, Plan
from friendshore.planning.setting import Setting
from friendshore.shocks import Shock
from worlds import world

CALM = {
    "hoarding_days": 0.0, "leakage_share": 0.0, "link_headroom": 0.0, "lead_months": 1000.0,
    "contract_term_months": 1200.0,
}  # fmt: skip
"""Contracts and stock alone."""


def cut(*importers, name="cut", suppliers=("CHN",), months=12, product="AAA"):
    return Shock(
        id=name, suppliers=suppliers, importers=importers, products=(product,), duration_months=months
    )


def priced(hosts, products, **more):
    one, pair = np.ones(products), np.ones((hosts, products))
    return Priced(
        **{
            "costs": Costs(0.05 * one, 0.5 * one, 2.0 * pair, 0.2 * pair, 0.5 * pair, 0.1, 0.1 * one, 0.0 * one,
                           10.0 * one, 0.2 * one),
            "lump_t": 0.0 * one,
            "build_months": 36.0 * one,
            "most_t": np.full((hosts, products), np.inf),
            "keeps_months": 1000.0 * one,
            "most_days": 60.0 * one,
            "fill_share": 10.0 * one,
            "least_use_share": 0.0,
            "notice_months": 36.0,
            "stated": np.ones((hosts, products), bool),
        }
        | more
    )  # fmt: skip


def assembled(
    flows, *, members=("JPN",), shocks=(), peak=None, stocks=(), limits=None, bounds=(0.0, 3.0, 12.0),
    hosts=(), concern=("CHN",), figures=None, rule="link", **parameters,
) -> Assembled:  # fmt: skip
    """Build a problem of one product "AAA" from (exporter, importer) -> tons a year at a dollar a ton.

    ``shocks`` is a sequence of cases, each a tuple of shocks; each lasts as long as the bounds say.
    """
    rows = [(2022, a, b, "AAA", v, v) for (a, b), v in flows.items()]
    rows += [(2021, a, b, "AAA", v, v) for (a, b), v in (peak or {}).items()]
    market = market_of(world(rows), base_years=(2022,))
    cases = tuple(
        Case(name=f"case-{n}", months=int(bounds[-1]), probability=0.1, struck=()) for n in range(len(shocks))
    )
    setting = Setting(
        members=members,
        concern=concern,
        partners=(),
        hosts=hosts or members,
        products=("AAA",),
        cases=cases,
        shocks=tuple(tuple(each) for each in shocks),
        bounds=bounds,
        limits=limits or Limits(),
        parameters=Parameters(**{**CALM, **parameters}),
        stocks=stocks,
        rule=rule,
    )
    return assemble(market, setting, priced(len(setting.hosts), 1, **(figures or {})))


def plan_of(built: Assembled, *, coalition=None, sharing=ALONE, normal=None, **arrays) -> Plan:
    """A plan that changes nothing but what is given; ``normal`` is (member, supplier) -> tons a year."""
    problem = built.problem
    s, r = problem.period_months.shape
    m, k = problem.demand_t.shape
    h, count = len(problem.hosts), len(problem.link_t)
    bought = problem.link_t.copy()
    for (member, supplier), tons in (normal or {}).items():
        row = (problem.link_member == problem.members.index(member)) & (
            problem.link_supplier == problem.suppliers.index(supplier)
        )
        assert row.sum() == 1
        bought[row] = tons
    empty = {
        "capacity_t": (h, k), "support_usd": (m, h, k), "output_t": (h, m, k), "stock_t": (m, k),
        "emergency_t": (s, r, count), "delivered_t": (s, r, h, m, k), "drawn_t": (s, r, m, k),
        "redirected_t": (s, r, m, m, k), "shortage_t": (s, r, m, k), "member_cost_usd": (m,),
    }  # fmt: skip
    filled = {name: np.zeros(shape) for name, shape in empty.items()} | arrays
    return Plan(
        problem=problem,
        objective=Objective(),
        sharing=sharing,
        coalition=tuple(range(m)) if coalition is None else coalition,
        status="optimal",
        objective_value=0.0,
        gap=0.0,
        normal_t=bought,
        new_t=np.maximum(0.0, bought - problem.link_t),
        cost_usd=0.0,
        cost_parts_usd={},
        **filled,
    )
