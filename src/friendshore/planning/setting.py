"""What a plan is asked about, in terms of a market's nodes: who plans against whom, what is cut, what must hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from friendshore.parameters import Parameters
from friendshore.planning.problem import Case, Limits
from friendshore.shocks import Shock, StockCover

__all__ = ["Setting", "Standard"]


@dataclass(frozen=True)
class Standard:
    """Links that no shared standard covers: closed to more than today's flow until they are qualified."""

    members: tuple[str, ...]
    suppliers: tuple[str, ...]
    products: tuple[str, ...]
    fee_usd: float


@dataclass(frozen=True, eq=False)
class Setting:
    """Everything that is stated, apart from costs; the market says the rest."""

    members: tuple[str, ...]
    concern: tuple[str, ...]
    """Suppliers of concern."""
    partners: tuple[str, ...]
    hosts: tuple[str, ...]
    products: tuple[str, ...]
    cases: tuple[Case, ...]
    shocks: tuple[tuple[Shock, ...], ...]
    """By case; the first of each begins in month 0."""
    bounds: tuple[float, ...]
    """Months where periods begin and end, the first 0."""
    limits: Limits
    parameters: Parameters = field(default_factory=Parameters)
    stocks: tuple[StockCover, ...] = ()
    standards: tuple[Standard, ...] = ()
    avoid: tuple[str, ...] = ()
    """Suppliers that are not asked for more than today."""
    negligible_usd: float = 0.0
    """What a member buys of a product for less a year is not planned for."""
    rule: str = "link"
    joined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Nodes that are several countries, with these."""
