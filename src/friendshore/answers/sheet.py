"""The ask-and-offer sheet: a plan turned into what each member commits, gives, gets and could walk away with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from friendshore.errors import ArgumentError
from friendshore.planning.sheet_records import Commitment, Sheet, SheetCase, SheetPage
from friendshore.records import Amount, Finding, Name, Note

__all__ = ["sheet"]

SCHEMES = ("shapley", "owen", "proportional")
MOST_NAMED = 3
"""Goods that a sentence names; the others are in the tables of the plan."""


def sheet(finding: Finding) -> Sheet:
    """Turn a plan into a page a member.

    Parameters
    ----------
    finding
        Of ``plan``; what members gain together needs ``compare``.

    Returns
    -------
    Sheet
        One page a member, in the order of the scenario.
    """
    if finding.question != "plan":
        raise ArgumentError(
            f"A sheet is made of a plan, and this is the answer to {finding.question}.",
            code="no_sheet",
            hint="Name a scenario with a plan section: friendshore plan --scenario economic-2plus2 --sheet FILE.html",
        )
    asked, figures = finding.arguments, finding.summary
    assert isinstance(figures, Mapping)
    core = figures.get("in_core") or {}
    return Sheet(
        title=asked["title"],
        scenario=asked["scenario"],
        scenario_sha256=asked["scenario_sha256"],
        members=tuple(asked["members"]),
        concern=tuple(asked["on"]),
        answer=finding.answer,
        pages=tuple(_page(finding, figures, member) for member in asked["members"]),
        objective=figures["objective"],
        status=figures["status"],
        pooled_usd=_pooled(finding),
        lost_gain_usd=figures.get("lost_gain_usd") or 0.0,
        in_core={str(name): told for name, told in core.items()},
        sources=finding.sources,
        command=finding.command,
        data=asked["data"],
    )


def _page(finding: Finding, figures: Mapping[str, Any], member: str) -> SheetPage:
    (own,) = (row for row in finding.tables["members"].rows if row["member"] == member)
    alone = figures.get("alone_usd") or {}
    parts = {name: (figures.get(f"{name}_usd") or {}).get(member) for name in SCHEMES}
    known = {name: part for name, part in parts.items() if part is not None and alone.get(member) is not None}
    # Where what is missing is priced into the comparison, it is no bill that members could settle.
    paid = known if figures["objective"] == "least_cost" else {}
    return SheetPage(
        member=member,
        commitments=tuple(_commitments(finding, member)),
        cases=tuple(_cases(finding, member)),
        gets=tuple(_gets(finding, figures, member, own)),
        once_usd=own["stock_usd"] + own["support_usd"],
        budget_usd=own["budget_usd"],
        cost_usd=own["cost_usd"],
        alone_usd=alone.get(member),
        parts_usd=known,
        settled_usd={name: alone[member] - part - own["cost_usd"] for name, part in paid.items()},
        unknown=finding.caveats,
    )


def _pooled(finding: Finding) -> float | None:
    """Add up the budgets where they are one purse and all are known."""
    budgets = finding.arguments["budgets_usd"].values()
    if finding.arguments["sharing"] != "together" or len(budgets) < 2 or None in budgets:
        return None
    return float(sum(budgets))


def _rows(finding: Finding, table_name: str, /, **wanted: str) -> list[Mapping[str, Any]]:
    """Rows of a table that agree with what is wanted."""
    table = finding.tables.get(table_name)
    return [
        row
        for row in (table.rows if table else ())
        if all(row[column] == value for column, value in wanted.items())
    ]


def _commitments(finding: Finding, member: str) -> list[Commitment]:
    found = []
    for row in finding.rows:
        if member not in row["member"].split("+"):
            continue
        common = {
            "action": row["action"],
            "product": row["product"],
            "place": row["supplier"] or row["host"],
            "quantity_t": row["quantity_t"],
            "yearly_usd": row["cost_usd"],
            "recommended": row["recommended"],
            "hinges_on": row["hinges_on"],
        }
        if row["action"] == "hold":
            (held,) = _rows(finding, "stock", member=member, product=row["product"])
            common |= {"cover_days": held["cover_days"], "once_usd": row["once_usd"]}
        elif row["action"] == "build":
            common |= _of_plant(finding, member, row)
            if common["once_usd"] is None and row["host"] != member and row["member"] != member:
                # Others pay for it, elsewhere: what the member takes of it is among what it gets.
                continue
        found.append(Commitment(**common))
    return found


def _of_plant(finding: Finding, member: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Tell who supports a plant with how much, and what of it the member takes."""
    at = {"host": row["host"], "product": row["product"]}
    paid = {r["member"]: r["support_usd"] for r in _rows(finding, "support", **at)}
    if "+" not in row["member"]:
        paid = {name: usd for name, usd in paid.items() if name == member}
    taken = _rows(finding, "output", member=member, **at)
    return {
        "once_usd": paid.get(member),
        "payers": tuple(sorted(paid.items(), key=lambda entry: (-entry[1], entry[0]))),
        "output_t": taken[0]["normal_t"] if taken else None,
    }


def _cases(finding: Finding, member: str) -> list[SheetCase]:
    """Go through the triggers: what the member then gives the others, and gets from them."""
    found = []
    for case in finding.arguments["cases"]:
        calls = _rows(finding, "calls", name=case["name"])
        given = [row for row in calls if row["member"] == member and row["to"] != member]
        got = [row for row in calls if row["to"] == member and row["member"] != member]
        found.append(
            SheetCase(
                name=case["name"],
                months=case["months"],
                probability=case["probability"],
                struck=tuple(case["struck"]),
                gives=tuple(_passed(given, "to")),
                gets=tuple(_passed(got, "member")),
            )
        )
    return found


_WAYS = {
    ("lent_stock_t", "to"): "{tons} of {goods} from stock to {other}",
    ("redirected_t", "to"): "{tons} of {goods} out of exports to {other}",
    ("lent_stock_t", "member"): "{tons} of {goods} from stock of {other}",
    ("redirected_t", "member"): "{tons} of {goods} from exports of {other}",
}


def _passed(rows: Sequence[Mapping[str, Any]], side: str) -> list[Note]:
    """Say by other member how much is given, naming the good or counting the goods."""
    notes = []
    for column in ("lent_stock_t", "redirected_t"):
        for other in dict.fromkeys(row[side] for row in rows if row[column] > 0):
            given = [row for row in rows if row[side] == other and row[column] > 0]
            goods: Any = Name(key=given[0]["product"], kind="product")
            if len(given) > 1:
                goods = Note(template="{count} goods", values={"count": str(len(given))})
            values = {
                "tons": Amount(value=sum(row[column] for row in given), unit="t"),
                "goods": goods,
                "other": Name(key=other),
            }
            notes.append(Note(template=_WAYS[column, side], values=values))
    return notes


def _gets(finding: Finding, figures: Mapping[str, Any], member: str, own: Mapping[str, Any]) -> list[Note]:
    notes = []
    without = (figures.get("without_by_member") or {}).get(member)
    values = {
        "share": Amount(value=own["worst_shortage_share"], unit="share"),
        "months": str(finding.arguments["limit"]["months"]),
    }
    if without is not None:
        notes.append(
            Note(
                template="At worst {share} of a product is missing within {months} months, instead of {without}.",
                values=values | {"without": Amount(value=without, unit="share")},
            )
        )
    else:
        notes.append(
            Note(template="At worst {share} of a product is missing within {months} months.", values=values)
        )
    notes += [
        Note(
            template="{tons} of {product} a year from the new plant in {host}.",
            values={
                "tons": Amount(value=row["normal_t"], unit="t"),
                "product": Name(key=row["product"], kind="product"),
                "host": Name(key=row["host"]),
            },
        )
        for row in sorted(_rows(finding, "output", member=member), key=lambda r: -r["normal_t"])[:MOST_NAMED]
    ]
    return notes
