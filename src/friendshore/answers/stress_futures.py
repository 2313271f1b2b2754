"""The alternative futures of a scenario, to choose one of them."""

from __future__ import annotations

from collections.abc import Sequence

from friendshore.disruption.scenario_files import Scenario
from friendshore.records import Column, Finding, Note

__all__ = ["futures"]

COLUMNS = (
    Column(name="case", unit="", description="An alternative future; only one of them happens."),
    Column(name="suppliers", unit="", description="Who stops; empty where a passage closes for all."),
    Column(name="importers", unit="", description="Whom it strikes; world is everybody."),
    Column(name="products", unit="", description="Products, materials and groups that stop."),
    Column(name="months", unit="months", description="How long it lasts; empty: to the end of the run."),
)


def futures(scenario: Scenario, name: str) -> Finding:
    """List the cases of a scenario; shocks that happen in every case are part of each.

    Parameters
    ----------
    scenario
        A checked one.
    name
        By which it is asked for.
    """
    rows = []
    for case in scenario.cases:
        shocks = [entry for entry in scenario.file.shocks if entry.case in {"", case}]
        lasting = [entry.duration_months for entry in shocks]
        rows.append(
            {
                "case": case,
                "suppliers": joined([code for entry in shocks for code in entry.suppliers]) or None,
                "importers": joined([code for entry in shocks for code in entry.importers or ("world",)]),
                "products": joined([c for e in shocks for c in (*e.products, *e.materials, *e.group)]),
                "months": None
                if None in lasting
                else max(months for months in lasting if months is not None),
            }
        )
    return Finding(
        question="scenario show",
        arguments={"file": name},
        columns=COLUMNS,
        rows=tuple(rows),
        answer=Note(
            template="{scenario} holds {count} alternative futures, of which only one happens. Choose one.",
            values={"scenario": scenario.file.name, "count": str(len(rows))},
        ),
        command=f"friendshore scenario show {name}",
    )


def joined(words: Sequence[str]) -> str:
    """Write each word once."""
    return "; ".join(dict.fromkeys(words))
