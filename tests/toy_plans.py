"""A plan made by hand, for everything that tells of plans; nothing here is solved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from friendshore.answers.plan_calls import calls
from friendshore.answers.plan_notes import caveats, sentence
from friendshore.answers.plan_rows import (
    Reading,
    capacity,
    decisions,
    output,
    sourcing,
    stock,
    support,
    table,
    told,
)
from friendshore.answers.plan_shortages import (
    costs,
    lasting_months,
    members,
    scenarios,
    shortages,
    worst_share,
)
from friendshore.planning.problem import TOGETHER, Case, Costs, Limits, Objective, Plan, Problem
from friendshore.records import Finding, Name, Note
from friendshore.tables.schemas import columns

MEMBERS, PRODUCTS = ("USA", "JPN"), ("250410", "284690")
SUPPLIERS, HOSTS = ("CHN", "AUS"), ("USA", "AUS")
CASES = (
    Case(name="aimed-12", months=12, probability=0.1, struck=("JPN",)),
    Case(name="world-36", months=36, probability=0.05, struck=MEMBERS),
)


def problem() -> Problem:
    """Two members, two products, two suppliers; each member needs 1,200 t of graphite and 120 t of rare earths."""
    links = [(k, m, s) for k in (0, 1) for m in (0, 1) for s in (0, 1)]
    count, periods = len(links), 3
    by = np.array(links)
    return Problem(
        members=MEMBERS,
        products=PRODUCTS,
        suppliers=SUPPLIERS,
        hosts=HOSTS,
        cases=CASES,
        bounds=np.array([0.0, 3.0, 12.0, 36.0]),
        demand_t=np.array([[1200.0, 120.0], [1200.0, 120.0]]),
        price=np.array([[1000.0, 10_000.0], [1000.0, 10_000.0]]),
        link_product=by[:, 0],
        link_member=by[:, 1],
        link_supplier=by[:, 2],
        link_t=np.array([1000.0, 200, 1200, 0, 100, 20, 120, 0]),
        link_price=np.array([1000.0, 1100, 1000, 1100, 10_000, 10_000, 10_000, 10_000]),
        link_usable=by[:, 2] == 1,
        link_concern=by[:, 2] == 0,
        link_partner=by[:, 2] == 1,
        link_traced=(by[:, 2] == 0).astype(float),
        link_claim_t=np.full(count, 100.0),
        link_spare_t=np.full(count, 400.0),
        link_fee_usd=np.zeros(count),
        open_share=np.ones((2, periods, count)),
        freed_t=np.zeros((2, periods, count)),
        growth_share=np.zeros(periods),
        headroom_share=0.1,
        ramp_share=np.array([0.1, 0.5, 1.0]),
        own_exports_t=np.zeros((2, 2)),
        export_customers=((),) * 4,
        feed_open=np.ones((2, periods, 2, 2)),
        stock_held_t=np.zeros((2, 2)),
        stock_most_t=np.array([[200.0, 20], [200, 20]]),
        lump_t=np.array([0.0, 50.0]),
        buildable=np.ones((2, 2), bool),
        capacity_most_t=np.full((2, 2), np.inf),
        online_share=np.zeros((periods, 2)),
        least_use_share=0.0,
        costs=Costs(
            switching_share=np.array([0.05, 0.05]),
            emergency_share=np.array([0.5, 0.5]),
            capital_usd_per_t=np.array([[2000.0, 100_000.0], [3000.0, 50_000.0]]),
            gap_usd_per_t=np.array([[100.0, 2000.0], [50.0, 1000.0]]),
            support_share=np.array([[0.0, 0.5], [0.0, 0.4]]),
            annuity=0.1,
            carrying_share=np.array([0.08, 0.08]),
            filling_share=np.array([0.2, 0.2]),
            value_factor=np.array([20.0, 20.0]),
            outsider_share=np.zeros(2),
        ),
        limits=Limits(budgets_usd=np.array([5e6, 2e6])),
    )


def plan(**changed: object) -> Plan:
    """Hold 200 t of graphite in Japan, build 50 t of rare earths in Australia for both, buy 100 t more graphite."""
    told = problem()
    shape = (2, 3, 2, 2)
    new = np.array([0.0, 0, 0, 100, 0, 0, 0, 0])
    capacity, support = np.zeros((2, 2)), np.zeros((2, 2, 2))
    capacity[1, 1] = 50.0
    support[0, 1, 1], support[1, 1, 1] = 400_000.0, 600_000.0
    output = np.zeros((2, 2, 2))
    output[1, 1, 1] = 50.0
    stock, shortage = np.zeros((2, 2)), np.zeros(shape)
    stock[1, 0] = 200.0
    shortage[0, 1, 1, 0] = 72.0  # of 900 t in nine months: 8 %
    shortage[1, 2, 1, 1] = 120.0  # of 240 t in two years: half
    shortage[1, 0, 0, 0] = 1e-9
    return replace(
        Plan(
            problem=told,
            objective=Objective(),
            sharing=TOGETHER,
            coalition=(0, 1),
            status="optimal",
            objective_value=292_000.0,
            gap=0.0005,
            normal_t=told.link_t + new - np.array([0.0, 0, 100, 0, 0, 0, 50, 0]),
            new_t=new,
            capacity_t=capacity,
            support_usd=support,
            output_t=output,
            stock_t=stock,
            emergency_t=np.zeros((2, 3, 8)),
            delivered_t=np.zeros((2, 3, 2, 2, 2)),
            drawn_t=np.zeros(shape),
            redirected_t=np.zeros((2, 3, 2, 2, 2)),
            shortage_t=shortage,
            member_cost_usd=np.array([100_000.0, 235_000.0]),
            cost_usd=335_000.0,
            cost_parts_usd={"switching": 15_000.0, "capital": 250_000.0, "operating": 50_000.0, "stock": 20_000.0},
        ),
        **changed,
    )  # fmt: skip


def lending() -> Plan:
    """Tell the same plan where the United States lend 60 t of graphite and turn 5 t of rare earths to Japan."""
    stock, drawn = np.zeros((2, 2)), np.zeros((2, 3, 2, 2))
    stock[:, 0] = 150.0, 200.0
    drawn[0, 0, 1, 0], drawn[0, 1, 1, 0], drawn[0, 1, 0, 0] = 100.0, 160.0, 40.0
    turned = np.zeros((2, 3, 2, 2, 2))
    turned[1, 0, 0, 1, 1], turned[1, 2, 0, 1, 1], turned[1, 0, 0, 0, 1] = 2.0, 3.0, 1.0
    return plan(stock_t=stock, drawn_t=drawn, redirected_t=turned)


def compared() -> dict[str, object]:
    """Figures of acting together, made by hand: 500,000 alone, 335,000 together."""
    return {
        "alone_usd": {"USA": 200_000.0, "JPN": 300_000.0},
        "together_usd": 335_000.0,
        "total_gain_usd": 165_000.0,
        "gain_by_mechanism_usd": {
            "risk": 100_000.0,
            "lumps": 65_000.0,
            "claims": 0.0,
            "supply": 0.0,
            "budgets": 0.0,
        },
        "shapley_usd": {"USA": 82_500.0, "JPN": 82_500.0},
        "owen_usd": {"USA": 65_000.0, "JPN": 100_000.0},
        "proportional_usd": {"USA": 55_000.0, "JPN": 110_000.0},
        "in_core": {"shapley": True, "owen": True, "proportional": True},
    }


def finding(**changed: object) -> Finding:
    """Tell that plan as the answers do; the binding limit is made by hand."""
    plans = [plan()]
    found = decisions(plans)
    readings = {
        found[0].key: Reading(recommended=True, low_t=180.0, high_t=200.0),
        found[1].key: Reading(recommended=True, low_t=50.0, high_t=100.0),
        found[2].key: Reading(
            recommended=False,
            hinges_on=Note(template="{named}", values={"named": "rule"}),
            low_t=0.0,
            high_t=120.0,
        ),
    }
    figures = {
        "status": "optimal", "objective": "least_cost", "objective_value": 335_000.0, "gap": 0.0005,
        "sharing": "together", "cost_usd": 335_000.0, "worst_shortage_share": worst_share(plans),
        "later_shortage_share": worst_share(plans, later=True), "without_shortage_share": 0.43,
        "months_covered": lasting_months(plans)[0],
        "missing_share": 0.01,
        "without_missing_share": 0.2,
    }  # fmt: skip
    binding = {
        "constraint": "budget",
        "sentence": Note(template="{named}", values={"named": Name(key="JPN")}),
        "shadow_price": 0.4,
        "low": 0.4,
        "high": 0.9,
    }
    told_as = {
        "question": "plan",
        "arguments": {
            "scenario": "toy",
            "title": "A toy",
            "scenario_sha256": "ab" * 32,
            "members": ["USA", "JPN"],
            "on": ["CHN"],
            "data": "raw-materials",
            "notice_months": 24.0,
            "sharing": "together",
            "budgets_usd": {"USA": 5e6, "JPN": 2e6},
            "standards": {},
            "limit": {"shortage_share": 0.1, "months": 12},
            "cases": [
                {"name": c.name, "months": c.months, "probability": c.probability, "struck": list(c.struck)}
                for c in CASES
            ],
        },
        "columns": columns("plan"),
        "rows": told(found, readings),
        "answer": sentence(found, figures, plans, readings),
        "summary": figures,
        "tables": {
            "sourcing": sourcing(plans),
            "capacity": capacity(plans, readings),
            "stock": stock(plans, readings),
            "support": support(plans),
            "scenarios": scenarios(plans),
            "shortages": shortages(plans),
            "members": members(plans),
            "costs": costs(plans),
            "calls": calls([lending()]),
            "output": output(plans),
            "binding": table("binding", [binding]),
        },
        "caveats": caveats(plans, figures),
        "command": "friendshore plan --scenario toy",
    }
    return Finding(**{**told_as, **changed})
