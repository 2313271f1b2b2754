"""What an answer to pressure says beside its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from friendshore.answers.response_cases import ResponseCase
from friendshore.parameters import assumptions_of
from friendshore.planning.costs import CostBook, assumption
from friendshore.planning.response import EXPORTS
from friendshore.records import Amount, Assumption, Listing, Name, Note

__all__ = ["assumptions", "caveats", "sentence"]

COSTED = ("emergency_share", "outsider_share", "filling_share")


def sentence(rows: Sequence[Mapping[str, Any]], case: ResponseCase) -> Note:
    """Say what the member that is hit hardest misses without and with an answer, and at what price."""
    struck = [row for row in rows if row["member"] in case.pressure.struck]
    hit = max((row for row in struck if row["reaction"] == "none"), key=lambda row: row["shortage_usd"])
    by = {row["reaction"]: row for row in struck if row["member"] == hit["member"]}
    joint = [row for row in rows if row["reaction"] == "joint"]
    values: dict[str, Any] = {
        "member": Name(key=hit["member"]),
        "months": str(case.pressure.months - case.pressure.first_month),
        "cost": _usd(sum(row["release_usd"] + row["redirect_usd"] for row in joint)),
        "imports": _usd(sum(row["imports_at_risk_usd"] for row in joint)),
        "exports": _usd(sum(row["exports_at_risk_usd"] for row in joint)),
        "pressing": Listing(items=tuple(Name(key=name) for name in case.pressing)),
    }
    for reaction in ("none", "alone", "joint"):
        values[reaction] = Amount(value=by[reaction]["shortage_share"], unit="share")
    return Note(
        template="In {months} months {member} misses {none} of what it needs, by value, if nobody reacts, {alone} if "
        "each helps itself, and {joint} if all act together; that costs {cost}, and who acts has {imports} of imports "
        "from and {exports} of exports to {pressing} a year at risk.",
        values=values,
    )


def _usd(value: float) -> Amount:
    return Amount(value=value, unit="USD")


def assumptions(case: ResponseCase, book: CostBook) -> tuple[Assumption, ...]:
    """List what is stated and assumed: stocks, what is done, what it costs, the parameters of the path."""
    found = []
    for act in case.pressure.acts:
        values: dict[str, Any] = {
            "member": Name(key=act.member),
            "part": Amount(value=act.share, unit="share")
            if act.share is not None
            else Amount(value=act.days, unit="days"),
            "to": Listing(items=tuple(Name(key=name) for name in act.to or case.pressure.struck)),
        }
        if act.kind == EXPORTS:
            template = "{member} turns {part} of its usable exports to outsiders round, to {to}."
        elif act.over_months is None:
            template = "{member} releases {part} of its stock to {to}, as it is needed."
        else:
            template = "{member} releases {part} of its stock to {to}, over {months} months."
            values["months"] = str(act.over_months)
        found.append(Assumption(text=Note(template=template, values=values)))
    found += [
        Assumption(
            text=Note(
                template="Stock of {member}: {days} days of demand.",
                values={"member": Name(key=stock.importer), "days": f"{stock.days:g}"},
            ),
            source="none" if stock.source == "assumption" else stock.source or "none",
        )
        for stock in case.case.stocks
        if stock.days is not None
    ]
    figures = {
        figure: None
        for name in COSTED
        for product in case.pressure.products
        if (figure := book.find(name, product)) is not None
    }
    return (*found, *map(assumption, figures), *assumptions_of(case.case.parameters))


def caveats(case: ResponseCase) -> tuple[Note, ...]:
    """Say what the answer leaves out."""
    return (
        Note(
            template="What is at risk is all that members who act buy from and sell to {pressing} beyond what is cut "
            "already, in these data alone; exports at risk are counted whole, as if none of them could be sold "
            "elsewhere.",
            values={"pressing": Listing(items=tuple(Name(key=name) for name in case.pressing))},
        ),
        Note(
            template="Whether anybody retaliates is not forecast; nor what pressure that is answered deters.",
        ),
        Note(
            template="What is missing is valued at the prices of today: a ton that is missing costs its user a "
            "multiple of that.",
        ),
    )
