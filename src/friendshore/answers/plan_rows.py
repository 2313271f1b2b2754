"""What a plan decides, as rows: purchases, plants, stocks. Sums of what the plan holds, no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from friendshore.answers.framing import known
from friendshore.planning.problem import Plan
from friendshore.records import Column, Table
from friendshore.tables.products import product_name
from friendshore.tables.schemas import columns

__all__ = [
    "Decision",
    "Reading",
    "Readings",
    "capacity",
    "decisions",
    "output",
    "owner",
    "places",
    "sourcing",
    "stock",
    "support",
    "table",
    "told",
]

DUST = 1e-3
"""Part of a member's demand below which a quantity is no decision."""
TRACE = 1e-6
"""Part of demand below which a flow is the solver's rounding."""
ACTIONS = ("hold", "build", "buy")


@dataclass(frozen=True)
class Decision:
    """One thing to do."""

    action: str
    """``hold``, ``build`` or ``buy``."""
    member: str
    product: str
    place: str
    """Supplier or host; empty for stock."""
    quantity_t: float
    cost_usd: float
    """A year."""
    once_usd: float = 0.0
    """What members pay at once: stock, or support of a plant."""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is, without how much: (action, member, product, place)."""
        return self.action, self.member, self.product, self.place


@dataclass(frozen=True)
class Reading:
    """How a decision fared in the variations."""

    recommended: bool
    hinges_on: Any = None
    """What it hinges on, in words; None where it is recommended."""
    low_t: float | None = None
    high_t: float | None = None


Readings = Mapping[tuple[str, str, str, str], Reading]
"""By :attr:`Decision.key`; a decision that is not in it was not tried."""


def table(name: str, rows: Sequence[Mapping[str, Any]], described: Sequence[Column] = ()) -> Table:
    """Put rows under the columns that the dictionary describes for ``plan_<name>``."""
    found = tuple(described) or columns(f"plan_{name}")
    return Table(columns=found, rows=tuple({c.name: known(row[c.name]) for c in found} for row in rows))


def owner(plan: Plan) -> str:
    """Name who planned: a member, or several joined by ``+``."""
    return "+".join(plan.problem.members[position] for position in plan.coalition)


def decisions(plans: Sequence[Plan]) -> tuple[Decision, ...]:
    """List what the plans do beyond today: stock first, then plants, then purchases, each by cost."""
    found = [one for plan in plans for one in (*_held(plan), *_built(plan), *_bought(plan))]
    return tuple(sorted(found, key=lambda d: (ACTIONS.index(d.action), -d.cost_usd, d.key)))


def _held(plan: Plan) -> Iterator[Decision]:
    problem, costs = plan.problem, plan.problem.costs
    yearly = (costs.carrying_share + costs.annuity * costs.filling_share) * problem.price * plan.stock_t
    for member, product in places(plan.stock_t > DUST * problem.demand_t):
        yield Decision(
            "hold", problem.members[member], problem.products[product], "",
            float(plan.stock_t[member, product]), float(yearly[member, product]),
            float(plan.stock_t[member, product] * problem.price[member, product]),
        )  # fmt: skip


def _built(plan: Plan) -> Iterator[Decision]:
    problem, costs = plan.problem, plan.problem.costs
    yearly = costs.annuity * costs.capital_usd_per_t * plan.capacity_t
    yearly = yearly + costs.gap_usd_per_t * plan.output_t.sum(axis=1)
    needed = problem.demand_t[list(plan.coalition)].sum(axis=0)
    for host, product in places(plan.capacity_t > DUST * needed):
        yield Decision(
            "build", owner(plan), problem.products[product], problem.hosts[host],
            float(plan.capacity_t[host, product]), float(yearly[host, product]),
            float(plan.support_usd[:, host, product].sum()),
        )  # fmt: skip


def _bought(plan: Plan) -> Iterator[Decision]:
    problem = plan.problem
    of = (problem.link_member, problem.link_product)
    base = problem.price[of]
    dearer = np.maximum(0.0, np.nan_to_num(problem.link_price / base, nan=1.0) - 1.0)
    yearly = plan.new_t * base * (problem.costs.switching_share[problem.link_product] + dearer)
    for link in np.flatnonzero(plan.new_t > DUST * problem.demand_t[of]):
        yield Decision(
            "buy", problem.members[of[0][link]], problem.products[of[1][link]],
            problem.suppliers[problem.link_supplier[link]], float(plan.new_t[link]), float(yearly[link]),
        )  # fmt: skip


def places(chosen: Any) -> list[tuple[int, ...]]:  # noqa: ANN401  a mask of any shape
    """Positions at which a mask holds."""
    return [tuple(int(n) for n in place) for place in np.argwhere(chosen)]


def told(found: Sequence[Decision], readings: Readings) -> tuple[dict[str, Any], ...]:
    """Write the decisions as the rows of the plan: what survives first, then what hinges on something."""
    rows = []
    for one in found:
        read = readings.get(one.key)
        rows.append(
            {
                "action": one.action,
                "member": one.member,
                "product": one.product,
                "product_name": product_name(one.product) or one.product,
                "supplier": one.place if one.action == "buy" else None,
                "host": one.place if one.action == "build" else None,
                "quantity_t": one.quantity_t,
                "quantity_t_low": read.low_t if read else None,
                "quantity_t_high": read.high_t if read else None,
                "cost_usd": one.cost_usd,
                "once_usd": one.once_usd,
                "recommended": read.recommended if read else None,
                "hinges_on": read.hinges_on if read else None,
            }
        )
    return tuple(sorted(rows, key=lambda row: row["recommended"] is False))


def sourcing(plans: Sequence[Plan]) -> Table:
    """List from whom each member buys in normal times, largest first."""
    rows = []
    for plan in plans:
        problem = plan.problem
        of = (problem.link_member, problem.link_product)
        chosen = np.flatnonzero(plan.normal_t > TRACE * problem.demand_t[of])
        rows += [
            {
                "member": problem.members[of[0][link]],
                "product": problem.products[of[1][link]],
                "supplier": problem.suppliers[problem.link_supplier[link]],
                "normal_t": float(plan.normal_t[link]),
            }
            for link in chosen
        ]
    rows.sort(key=lambda row: (row["member"], row["product"], -row["normal_t"], row["supplier"]))
    return table("sourcing", rows)


def capacity(plans: Sequence[Plan], readings: Readings) -> Table:
    """List the plants: where, how large, what they take, and who pays."""
    rows = []
    for plan in plans:
        problem = plan.problem
        for one in sorted(_built(plan), key=lambda d: (-d.cost_usd, d.key)):
            host, product = problem.hosts.index(one.place), problem.products.index(one.product)
            paid = plan.support_usd[:, host, product]
            payers = [problem.members[n] for n in np.argsort(-paid, kind="stable") if paid[n] > 0.5]
            rows.append(
                {
                    "host": one.place,
                    "product": one.product,
                    "new_t": one.quantity_t,
                    "capex_usd": one.quantity_t * float(problem.costs.capital_usd_per_t[host, product]),
                    "support_usd": float(paid.sum()),
                    "payer": "+".join(payers) or None,
                    **_robust(one, readings),
                }
            )
    return table("capacity", rows)


def _robust(one: Decision, readings: Readings) -> dict[str, Any]:
    read = readings.get(one.key)
    return {
        "recommended": read.recommended if read else None,
        "hinges_on": read.hinges_on if read else None,
    }


def support(plans: Sequence[Plan]) -> Table:
    """List what each member pays for each plant."""
    rows = [
        {
            "member": plan.problem.members[member],
            "host": plan.problem.hosts[host],
            "product": plan.problem.products[product],
            "support_usd": float(plan.support_usd[member, host, product]),
        }
        for plan in plans
        for member, host, product in places(plan.support_usd > 0.5)
    ]
    return table("support", sorted(rows, key=lambda row: -row["support_usd"]))


def output(plans: Sequence[Plan]) -> Table:
    """List what each member takes from new plants in normal times."""
    rows = [
        {
            "member": plan.problem.members[member],
            "host": plan.problem.hosts[host],
            "product": plan.problem.products[product],
            "normal_t": float(plan.output_t[host, member, product]),
        }
        for plan in plans
        for host, member, product in places(plan.output_t > DUST * plan.problem.demand_t)
    ]
    return table("output", sorted(rows, key=lambda row: (row["member"], row["product"], row["host"])))


def stock(plans: Sequence[Plan], readings: Readings) -> Table:
    """List the stocks to be added, in tons and in days of base demand."""
    rows = []
    for plan in plans:
        problem = plan.problem
        for one in sorted(_held(plan), key=lambda d: (-d.cost_usd, d.key)):
            needed = problem.demand_t[problem.members.index(one.member), problem.products.index(one.product)]
            rows.append(
                {
                    "member": one.member,
                    "product": one.product,
                    "stock_t": one.quantity_t,
                    "cover_days": one.quantity_t / float(needed) * 365,
                    **_robust(one, readings),
                }
            )
    return table("stock", rows)
