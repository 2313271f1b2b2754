"""The three numbers of a plan: what it costs, what is still missing, what is paid at once."""

from __future__ import annotations

from typing import Any

from friendshore.records import Amount, Finding, KeyNumber, KeyValue, Note

__all__ = ["numbers"]


def numbers(finding: Finding) -> tuple[KeyNumber, ...]:
    """Arrange the figures of a plan as the numbers at the head of its page."""
    figures: Any = finding.summary
    members = finding.tables["members"].rows
    each = members if len(members) > 1 else ()
    everybody = "+".join(finding.arguments["members"])
    ranged = figures.get("cost_usd_low") is not None
    note = (
        Note(template="Range: over the assumptions that were tried.")
        if ranged
        else Note(template="Whether that survives other assumptions was not tried.")
    )

    def whole(name: str) -> KeyValue:
        return KeyValue(
            importer=everybody,
            value=figures[name],
            low=figures.get(f"{name}_low"),
            high=figures.get(f"{name}_high"),
        )

    def of_members(name: str) -> tuple[KeyValue, ...]:
        return tuple(KeyValue(importer=row["member"], value=row[name]) for row in each)

    before = Amount(value=figures["without_missing_share"], unit="share")
    budget = Amount(value=figures["budget_usd"], unit="USD")
    return (
        KeyNumber(
            label=Note(template="It costs {value} a year beyond today"),
            measure=Note(template="Cost a year"),
            unit="USD",
            values=(*of_members("cost_usd"), whole("cost_usd")),
            note=note,
        ),
        KeyNumber(
            label=Note(
                template="{value} of what is needed in a cut is then missing, {before} without the plan",
                values={"before": before},
            ),
            measure=Note(template="Still missing"),
            unit="share",
            values=(whole("missing_share"),),
            note=Note(template="By value, mean over the cases by their chance."),
        ),
        KeyNumber(
            label=Note(template="{value} is paid at once, of a budget of {budget}", values={"budget": budget})
            if figures["budget_usd"] is not None
            else Note(template="{value} is paid at once; no budget is stated"),
            measure=Note(template="Paid at once"),
            unit="USD",
            values=(*of_members("once_usd"), whole("once_usd")),
            note=Note(template="For stock, and as support of plants."),
        ),
    )
