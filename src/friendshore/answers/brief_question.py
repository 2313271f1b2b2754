"""The plan that a brief asks about by itself: its importers as members, what it is about, and nothing but defaults."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from friendshore.answers.brief_endurance import Endured, worth
from friendshore.answers.brief_setting import Setting
from friendshore.answers.plan_cases import PlanCase, plan_case
from friendshore.answers.readings import BY_TONS
from friendshore.disruption.scenario_files import load_scenario, parse_scenario
from friendshore.errors import FriendshoreError

__all__ = ["MONTHS", "PRODUCTS", "case_of_brief", "case_of_file", "most_exposed", "scenario_text"]

PRODUCTS = 6
"""Most products that are planned for: those of which goods worth most are missing."""
MONTHS, LIMIT_MONTHS, LIMIT_SHARE = 36, 12, 0.1
"""How long the cuts last, and how little may be missing for how long."""
MOST_AIMED = 4
"""Up to so many members, each is cut off alone."""
NEGLIGIBLE_USD = 1e6
"""What a member buys for less a year is left out."""
NAME = "brief"


def case_of_brief(
    setting: Setting, importers: Sequence[str], known: Endured, budget_usd: float | None
) -> PlanCase | None:
    """Build the plan of a brief; None where the data do not allow one."""
    products = most_exposed(setting, known)
    lead = () if "+" in setting.lead else ((setting.lead,),)
    for members in (tuple(importers), *lead):
        try:
            text = scenario_text(setting, members, products, budget_usd)
            return plan_case(parse_scenario(text.encode(), NAME), setting.world)
        except FriendshoreError:
            # Importers that overlap cannot plan beside each other: then the one that holds the others does.
            continue
    return None


def case_of_file(setting: Setting, scenario: str | Path) -> PlanCase:
    """Build the plan that a scenario states.

    Raises
    ------
    FriendshoreError
        As :func:`friendshore.answers.plan_cases.plan_case`.
    """
    return plan_case(load_scenario(scenario), setting.world)


def most_exposed(setting: Setting, known: Endured) -> tuple[str, ...]:
    """Return the products of the goods that run short, the goods worth most first."""
    short = [goods for goods in known.goods if known.short(goods)] or list(known.shown)
    ranked = sorted(short, key=lambda goods: (-worth(setting, known, goods), goods))
    rows = [row for goods in ranked if (row := known.row(goods)) is not None]
    codes = [code for row in rows for code in row["product"].split("+")]
    bought = [code for code in dict.fromkeys(codes) if _bought_there(setting, setting.lead, code)]
    return tuple(bought[:PRODUCTS])


def _bought_there(setting: Setting, importer: str, code: str) -> bool:
    return bool(setting.readings.share(BY_TONS, importer, code))


def scenario_text(
    setting: Setting, members: Sequence[str], products: Sequence[str], budget_usd: float | None
) -> str:
    """Write the scenario: cuts aimed at each member (or at all, where they are many), and one of the whole world.

    It is JSON, which is YAML too, and can be kept as a file and changed.
    """
    struck = _struck(setting, members, products)
    shocks: list[Mapping[str, Any]] = [
        {
            "id": name,
            "case": name,
            "kind": "export_ban",
            "suppliers": list(setting.on),
            "importers": to if to == "world" else list(to),
            "products": list(products),
            "duration_months": MONTHS,
        }
        for name, to in struck.items()
    ]
    plan: dict[str, Any] = {
        "members": list(members),
        "concern": list(setting.on),
        "products": list(products),
        "objective": "expected_cost",
        "negligible_usd": NEGLIGIBLE_USD,
        "limit": {"shortage_share": LIMIT_SHARE, "months": LIMIT_MONTHS},
        "periods": [3, LIMIT_MONTHS, MONTHS],
    }
    if budget_usd is not None:
        plan["budgets"] = [{"member": name, "usd": budget_usd} for name in members]
    told = {
        "version": 1, "type": "plan", "name": NAME, "months": MONTHS, "shocks": shocks, "plan": plan,
    }  # fmt: skip
    return json.dumps(told)


def _struck(setting: Setting, members: Sequence[str], products: Sequence[str]) -> dict[str, Any]:
    """Return whom each case strikes; a member that buys nothing there cannot be struck alone."""
    buying = [name for name in members if any(_bought_there(setting, name, code) for code in products)]
    aimed = buying if 1 < len(members) <= MOST_AIMED else []
    cases: dict[str, Any] = {f"aimed at {name}": (name,) for name in aimed}
    if not aimed:
        cases["aimed"] = tuple(buying or members)
    return {**cases, "world": "world"}
