"""Tables that stand beside the rows of a finding: which of them people see, in which order, under which title."""

from __future__ import annotations

from collections.abc import Mapping

from friendshore.records import Finding
from friendshore.report.words import say

__all__ = ["as_finding", "further", "unshown"]

_ORDER: Mapping[str, tuple[str, ...]] = {
    "trace": (),
    "plan": (
        "scenarios", "members", "frontier", "shares", "coalitions", "mechanisms", "leavers", "outsiders",
        "alternatives", "neighbours", "flips", "regret", "binding",
    ),
    "scenario compare": ("figures", "decisions"),
}  # fmt: skip
"""Question -> tables that a terminal shows, in this order; of other questions it shows all."""
_TITLES: Mapping[str, str] = {
    "alternatives": "Against simpler plans",
    "at_risk": "What each has at risk",
    "binding": "Limits that bind",
    "calls": "What members give each other",
    "capacity": "New capacity",
    "coalitions": "What each group of members would pay",
    "costs": "What it costs a year",
    "decisions": "Decisions that differ",
    "figures": "What follows from each",
    "flips": "Where each decision flips",
    "gaps": "What is still missing, by case and product",
    "formats": "Formats: who meets whom",
    "pacts": "Pacts between states",
    "accepted": "Accepted as your own records",
    "frontier": "Budget against months covered",
    "frontier_decisions": "What each budget would do",
    "links": "From where, through whom",
    "kept": "What it does not reveal",
    "leavers": "Who would rather leave",
    "noise": "What was set apart as noise",
    "next": "What to ask next",
    "months": "Month by month",
    "mechanisms": "What each way of working together is worth",
    "members": "Member by member",
    "neighbours": "The next-best plans",
    "output": "Who takes what from new plants",
    "outsiders": "What outsiders lose",
    "products": "Product by product",
    "regret": "What the plan regrets, case by case",
    "reveals": "What the file reveals",
    "scenarios": "What is still missing",
    "shares": "How the gain could be shared",
    "shortages": "What is still missing, by member and product",
    "sourcing": "From whom it is bought in normal times",
    "stock": "Stock",
    "support": "Who supports which plant",
    "together": "What they would do together",
    "variations": "The same plan under other assumptions",
}


def as_finding(finding: Finding, name: str) -> Finding:
    """Turn a table into a finding of its own, for what shows rows."""
    table = finding.tables[name]
    return finding.model_copy(
        update={"question": name, "columns": table.columns, "rows": table.rows, "tables": {}}
    )


def title(name: str, lang: str) -> str:
    """Head a table; one without a title of ours bears its name."""
    return say(_TITLES[name], lang) if name in _TITLES else name


def further(finding: Finding, lang: str, *, everything: bool = False) -> list[tuple[str, Finding]]:
    """List the tables to show, each with its title; all that have rows where ``everything`` is wanted."""
    chosen = _ORDER.get(finding.question, tuple(finding.tables))
    names = [name for name in chosen if name in finding.tables]
    if everything:
        names += [name for name in finding.tables if name not in names]
    return [(title(name, lang), as_finding(finding, name)) for name in names if finding.tables[name].rows]


def unshown(finding: Finding) -> list[str]:
    """Name the tables with rows that a terminal leaves out."""
    chosen = _ORDER.get(finding.question, tuple(finding.tables))
    return [name for name, table in finding.tables.items() if table.rows and name not in chosen]
