"""One member, one good: a plan whose every reason can be worked out by hand.

A buys 120 t a year from C at 1,000 USD a ton. In one case C stops for a year, in the other half of it; each has a
chance of 0.1 a year. At most a tenth may be missing: 108 t must come from elsewhere, or 48 in the milder case. There is

* 24 t of spare at B: 50 USD a ton and year to buy in normal times, 0.1 x 2,000 = 200 to buy in a crisis;
* a stock of at most 30 t: 100 USD a ton and year;
* plants at B in steps of 60 t: 150 USD a ton and year, 9,000 a step.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from friendshore.planning.problem import Case, Costs, Limits, Problem

WORLD = Case(name="all", months=12, probability=0.1, struck=("A",))
HALF = Case(name="half", months=12, probability=0.1, struck=("A",))


def choice(*cases: Case, most_stock: float = 30.0, **changed: object) -> Problem:
    """Build the problem; the case named ``half`` stops half of C."""
    cases = cases or (WORLD,)
    closed = np.array([[[0.5 if case.name == "half" else 0.0, 1.0]] for case in cases])
    one = np.ones(1)
    problem = Problem(
        members=("A",),
        products=("250410",),
        suppliers=("C", "B"),
        hosts=("B",),
        cases=cases,
        bounds=np.array([0.0, 12.0]),
        demand_t=np.array([[120.0]]),
        price=np.array([[1000.0]]),
        link_product=np.array([0, 0]),
        link_member=np.array([0, 0]),
        link_supplier=np.array([0, 1]),
        link_t=np.array([120.0, 0.0]),
        link_price=np.array([1000.0, 1000.0]),
        link_usable=np.array([False, True]),
        link_concern=np.array([True, False]),
        link_partner=np.array([False, True]),
        link_traced=np.array([1.0, 0.0]),
        link_claim_t=np.array([0.0, 24.0]),
        link_spare_t=np.array([0.0, 24.0]),
        link_fee_usd=np.zeros(2),
        open_share=closed,
        freed_t=np.zeros((len(cases), 1, 2)),
        growth_share=one,
        headroom_share=0.0,
        ramp_share=one,
        own_exports_t=np.zeros((1, 1)),
        export_customers=((),),
        feed_open=np.ones((len(cases), 1, 1, 1)),
        stock_held_t=np.zeros((1, 1)),
        stock_most_t=np.array([[most_stock]]),
        lump_t=np.array([60.0]),
        buildable=np.ones((1, 1), bool),
        capacity_most_t=np.full((1, 1), np.inf),
        online_share=np.ones((1, 1)),
        least_use_share=0.5,
        costs=Costs(
            switching_share=0.05 * one,
            emergency_share=2.0 * one,
            capital_usd_per_t=np.array([[1500.0]]),
            gap_usd_per_t=np.zeros((1, 1)),
            support_share=0.5 * np.ones((1, 1)),
            annuity=0.1,
            carrying_share=0.1 * one,
            filling_share=np.zeros(1),
            value_factor=20.0 * one,
            outsider_share=np.zeros(1),
        ),
        limits=Limits(budgets_usd=np.array([np.inf])),
    )
    return replace(problem, **changed)
