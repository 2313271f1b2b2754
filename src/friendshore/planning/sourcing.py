"""The linear program of one product: offers, limits and risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from friendshore.errors import ArgumentError
from friendshore.planning.program import Answer, Block, Program
from friendshore.records import Record
from friendshore.tables.trade import Floats

__all__ = ["POINT", "Found", "Marginal", "Offers", "Portion", "Risk", "Sourcing", "tail_mean"]

POINT = 0.01


@dataclass(frozen=True, eq=False)
class Offers:
    """What suppliers offer of one product."""

    suppliers: tuple[str, ...]
    price_usd: Floats
    """Delivered, a ton."""
    capacity_t: Floats
    """Tons a year; infinite where nothing limits it."""


@dataclass(frozen=True, eq=False)
class Portion:
    """A limit on a part of what is bought: friends, a group, or what a group is traced to have produced."""

    name: str
    part: Floats
    """By supplier, from 0 to 1: how much of a ton from it counts. 1 for friends and 0 for others; or, looked through,
    the part of its exports that originates in the group."""
    least: float = 0.0
    """Share of demand that has to count."""
    most: float = np.inf
    """Share of demand that may count."""


@dataclass(frozen=True, eq=False)
class Risk:
    """Mean loss in the worst cases, weighed against cost (Rockafellar and Uryasev)."""

    loss_usd: Floats
    """(cases, suppliers) loss for each ton bought from a supplier."""
    probability: Floats
    """(cases,), adding up to 1."""
    tail: float = 0.9
    """The worst ``1 - tail`` of the probability counts."""
    weight: float = 1.0
    """Dollars of cost that a dollar of such a loss is worth."""


class Marginal(Record):
    """What one percentage point of a limit is worth."""

    limit: str
    usd: float
    """Yearly cost saved where the share is loosened by a point, as the rate at the optimum."""


@dataclass(frozen=True, eq=False)
class Found:
    """Purchases, before they are set against the cheapest."""

    bought_t: Floats
    cost_usd: float
    hhi: float
    risk_usd: float
    marginal: tuple[Marginal, ...]


class Sourcing:
    """The program of one product."""

    def __init__(
        self,
        offers: Offers,
        demand_t: float,
        share_cap: float,
        portions: Sequence[Portion],
        risk: Risk | None,
    ) -> None:
        self.offers, self.demand_t, self.risk = offers, demand_t, risk
        self.program = program = Program()
        price = offers.price_usd
        self.money = float(np.ptp(price) or np.abs(price).max() or 1.0) * demand_t
        names = offers.suppliers
        self.bought = program.variables(
            "bought", (len(names),), upper=np.minimum(offers.capacity_t, demand_t), cost=price, unit=demand_t,
            labels=lambda: names,
        )  # fmt: skip
        self.limits: list[tuple[str, Block]] = []
        program.rows("demand", (1,), (0, self.bought.at, 1.0), lower=demand_t, upper=demand_t)
        if share_cap < 1:
            each = np.arange(len(names))
            cap = program.rows(
                "share_cap", (len(names),), (each, self.bought.at, 1.0), upper=share_cap * demand_t,
                labels=lambda: names,
            )  # fmt: skip
            self.limits.append(("share_cap", cap))
        for portion in portions:
            row = program.rows(
                f"portion_{portion.name}", (1,), (0, self.bought.at, portion.part),
                lower=portion.least * demand_t if portion.least > 0 else -np.inf, upper=portion.most * demand_t,
            )  # fmt: skip
            self.limits.append((portion.name, row))
        if risk is not None:
            self._add_risk(risk)

    def _add_risk(self, risk: Risk) -> None:
        cases = np.arange(len(risk.probability))
        usd = float(np.abs(risk.loss_usd).max(initial=0.0) * self.demand_t) or 1.0
        level = self.program.variables("level", (1,), lower=-np.inf, cost=risk.weight, unit=usd)
        beyond = self.program.variables(
            "beyond", (len(cases),), cost=risk.weight * risk.probability / (1 - risk.tail), unit=usd
        )
        self.program.rows(
            "tail", (len(cases),), (cases, beyond.at, 1.0), (cases, level.at, 1.0),
            (cases[:, None], self.bought.at[None, :], -risk.loss_usd), lower=0.0,
        )  # fmt: skip

    def cheapest(self) -> Found:
        """Make cost least."""
        answer = self.program.minimise()
        if answer.status != "optimal":
            raise self._infeasible(answer.status)
        return self.read(answer.values, answer)

    def read(self, values: Floats, answer: Answer) -> Found:
        """Turn values of its variables, and duals, into purchases."""
        bought = values[self.bought.at]
        marginal = tuple(
            Marginal(limit=name, usd=float(np.abs(answer.dual(block)).sum() * self.demand_t * POINT))
            for name, block in self.limits
        )
        share = bought / self.demand_t
        return Found(
            bought,
            float(bought @ self.offers.price_usd),
            float(share @ share),
            0.0 if self.risk is None else tail_mean(self.risk, bought),
            marginal,
        )

    def _infeasible(self, status: str) -> ArgumentError:
        most = np.minimum(self.offers.capacity_t, self.demand_t)
        caps = [
            self.program.arrays().row_upper[block.at] for name, block in self.limits if name == "share_cap"
        ]
        for cap in caps:
            most = np.minimum(most, cap)
        total = float(most.sum())
        if status == "infeasible" and total < self.demand_t * (1 - 1e-9):
            message = f"Suppliers may deliver at most {total:,.6g} t of the {self.demand_t:,.6g} t in demand"
            message += " under the share cap." if caps else "."
            return ArgumentError(
                message, code="no_such_sourcing", hint="Raise the share cap, or add suppliers or capacity."
            )
        names = ", ".join(name for name, _ in self.limits)
        return ArgumentError(
            f"The limits cannot be kept together ({status}): {names}.",
            code="no_such_sourcing",
            hint="Lower a floor or raise a cap.",
        )


def tail_mean(risk: Risk, bought: Floats) -> float:
    """Mean loss over the worst part of the probability, by sorting."""
    loss = risk.loss_usd @ bought
    worst = np.argsort(-loss, kind="stable")
    until = np.cumsum(risk.probability[worst])
    inside = np.clip(1 - risk.tail - (until - risk.probability[worst]), 0.0, risk.probability[worst])
    return float(inside @ loss[worst] / (1 - risk.tail))
