"""Records of the ask-and-offer sheet: what each member of a plan commits, gives, gets and could walk away with."""

from __future__ import annotations

from collections.abc import Mapping

from friendshore.records import Note, Record, Source

__all__ = ["Commitment", "Sheet", "SheetCase", "SheetPage"]


class Commitment(Record):
    """One thing that a member commits itself to."""

    action: str
    """``hold``, ``build`` or ``buy``."""
    product: str
    place: str | None
    """Supplier or host; None for stock at home."""
    quantity_t: float
    """Tons of stock, or tons a year; of a plant all of it, whoever pays."""
    cover_days: float | None = None
    """Stock in days of base demand."""
    output_t: float | None = None
    """Of a plant: tons a year that the member takes in normal times."""
    once_usd: float | None = None
    """What the member pays once: for stock, or as support of a plant; None where it pays nothing at once."""
    yearly_usd: float | None = None
    """What it costs a year, of a plant all of it; None where that is not told."""
    payers: tuple[tuple[str, float], ...] = ()
    """Who supports a plant, with how much."""
    recommended: bool | None = None
    """Whether it survives every assumption that was tried; None where none was."""
    hinges_on: Note | str | None = None


class SheetCase(Record):
    """One case of the scenario, and what a member then gives and gets; empty where that is nothing."""

    name: str
    months: int
    probability: float
    """Chance a year that it begins."""
    struck: tuple[str, ...]
    """Members whose supply falls."""
    gives: tuple[Note, ...] = ()
    gets: tuple[Note, ...] = ()


class SheetPage(Record):
    """What one member asks and offers."""

    member: str
    commitments: tuple[Commitment, ...]
    cases: tuple[SheetCase, ...]
    """The triggers: what the member then gives and gets."""
    gets: tuple[Note, ...]
    """What it gets beside that."""
    once_usd: float
    """Stock and support that it pays, once."""
    budget_usd: float | None
    """Most that it pays at once; None where there is no limit."""
    cost_usd: float
    """Its cost a year in the plan, as it pays."""
    alone_usd: float | None = None
    """What it would cost the member a year alone; None where nobody else plans, or it cannot keep the limit alone."""
    parts_usd: Mapping[str, float] = {}
    """Its part of the gain by way of sharing it: ``shapley``, ``owen``, ``proportional``."""
    settled_usd: Mapping[str, float] = {}
    """What it pays the others a year to settle that, by way of sharing; below 0 it receives."""
    unknown: tuple[Note, ...] = ()
    """What is not known."""

    @property
    def sure(self) -> int:
        """How many of the commitments survive every assumption that was tried."""
        return sum(bool(one.recommended) for one in self.commitments)


class Sheet(Record):
    """The ask-and-offer sheet: what goes to the table, a page a member."""

    title: str
    """Name of the scenario."""
    scenario: str
    """Its file or its shipped name."""
    scenario_sha256: str
    """Hash of the scenario as it is understood."""
    members: tuple[str, ...]
    concern: tuple[str, ...]
    """Suppliers of concern."""
    answer: Note
    pages: tuple[SheetPage, ...]
    objective: str
    status: str
    pooled_usd: float | None = None
    """All budgets together, where members pay from one purse."""
    lost_gain_usd: float = 0.0
    """What of the gain of acting together is supply that is not lost, at its value a year: no money."""
    in_core: Mapping[str, bool | None] = {}
    """Whether no group of members gains by leaving, by way of sharing the gain."""
    sources: tuple[Source, ...] = ()
    command: str = ""
    data: str = ""
