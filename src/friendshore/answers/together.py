"""Alone against together, told in figures, tables and words; for a plan and for summaries that were joined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from friendshore.answers.framing import known
from friendshore.answers.plan_rows import table
from friendshore.planning.comparison import RULES, Comparison
from friendshore.planning.problem import MECHANISMS
from friendshore.planning.sharing import alone_costs, members_of
from friendshore.records import Amount, Listing, Name, Note, Table
from friendshore.tables.trade import Floats

__all__ = ["figures", "gain_sentence", "tables", "warnings"]

CENT = 0.01
_WHAT = {
    "risk": "stock serves whoever is hit",
    "lumps": "plants are shared",
    "claims": "claims on outside capacity are pooled",
    "supply": "own exports are opened to each other",
    "budgets": "one purse pays",
}


def figures(found: Comparison) -> dict[str, Any]:
    """Return the figures that belong to no single row; of each mapping the values sum to the total gain."""
    told: dict[str, Any] = {
        "alone_usd": _by_member(found, found.alone_usd),
        "together_usd": known(found.together_usd),
        "total_gain_usd": known(found.total_gain_usd),
        "lost_gain_usd": known(found.lost_gain_usd),
        "gain_by_mechanism_usd": {name: known(usd) for name, usd in found.gain_by_mechanism_usd.items()},
        **{f"{rule}_usd": _by_member(found, gains) for rule, gains in found.gains_usd.items()},
        "in_core": {rule: not leaving for rule, leaving in found.leaving.items()},
        "core_is_empty": core_is_empty(found),
    }
    return told | {f"{rule}_usd": None for rule in RULES if rule not in found.gains_usd}


def core_is_empty(found: Comparison) -> bool | None:
    """Tell whether every split leaves somebody better off by themselves; None where that cannot be said."""
    if found.least is None:
        return None
    return found.least.excess_usd > found.game.open_usd + 1e-6 * abs(found.together_usd)


def _by_member(found: Comparison, values: Floats) -> dict[str, float | None]:
    return {name: known(value) for name, value in zip(found.game.names, values.tolist(), strict=True)}


def tables(found: Comparison) -> dict[str, Table]:
    """Return the tables: each group's cost, each member's part, each mechanism's worth, who leaves, who loses."""
    game = found.game
    alone = alone_costs(game.costs)
    coalitions = [
        {
            "coalition": "+".join(game.members(mask)),
            "cost_usd": float(game.costs[mask]),
            "saving_usd": float(alone[list(members_of(mask))].sum() - game.costs[mask]),
        }
        for mask in sorted(range(1, len(game.costs)), key=lambda mask: (mask.bit_count(), mask))
    ]
    return {
        "coalitions": table("coalitions", coalitions),
        "shares": table("shares", shares(found)),
        "mechanisms": table(
            "mechanisms",
            [
                {
                    "mechanism": name,
                    "what": Note(template=_WHAT[name]),
                    "gain_usd": found.gain_by_mechanism_usd[name],
                }
                for name in MECHANISMS
            ]
            if found.gain_by_mechanism_usd
            else [],
        ),
        "leavers": table(
            "leavers",
            [
                {"rule": rule, "coalition": "+".join(game.members(each.coalition)), "gain_usd": each.gain_usd}
                for rule, leaving in found.leaving.items()
                for each in leaving
            ],
        ),
        "outsiders": table("outsiders", [each.model_dump() for each in found.outsiders]),
    }


def shares(found: Comparison) -> list[dict[str, Any]]:
    """Return a row a member: what it pays alone, what it needs, its part of the gain by each rule."""
    unknown = np.full(len(found.game.players), np.nan)
    parts = {rule: found.gains_usd.get(rule, unknown) for rule in RULES}
    return [
        {
            "member": name,
            "alone_usd": known(found.alone_usd[place]),
            "need_usd": known(found.need_usd[place]),
            **{f"{rule}_usd": known(part[place]) for rule, part in parts.items()},
            "missed_usd": known(found.missed_usd[place]),
        }
        for place, name in enumerate(found.game.names)
    ]


def gain_sentence(found: Comparison) -> Note:
    """Say in one sentence what acting together saves, or why that cannot be said."""
    members = Listing(items=tuple(Name(key=name) for name in found.game.names))
    if not np.isfinite(found.together_usd):
        return Note(template="Not even together can {members} keep the limits.", values={"members": members})
    together = Amount(value=found.together_usd, unit="USD")
    lost = [
        Name(key=name)
        for name, usd in zip(found.game.names, found.alone_usd.tolist(), strict=True)
        if not np.isfinite(usd)
    ]
    if lost:
        return Note(
            template="Together {members} keep the limits for {together} a year; alone no plan of {lost} does.",
            values={"members": members, "together": together, "lost": Listing(items=tuple(lost))},
        )
    alone = float(found.alone_usd.sum())
    values = {"members": members, "together": together, "alone": Amount(value=alone, unit="USD")}
    if found.total_gain_usd < -max(CENT, found.game.open_usd):
        return Note(
            template="Together {members} pay {together} a year, {more} more than alone: alone each counts on a host's "
            "room for plants, or on outside capacity, that only one of them can have.",
            values=values | {"more": Amount(value=-found.total_gain_usd, unit="USD")},
        )
    if found.total_gain_usd <= max(CENT, found.game.open_usd):
        return Note(
            template="Together {members} pay {together} a year, as much as alone: there is nothing to share.",
            values=values,
        )
    return Note(
        template="Together {members} pay {together} a year instead of {alone}: {share} less.",
        values=values | {"share": Amount(value=found.total_gain_usd / alone, unit="share")},
    )


def warnings(found: Comparison) -> tuple[Note, ...]:
    """Say what is doubtful about a split, and who would rather leave."""
    notes: list[Note] = []
    if core_is_empty(found) and found.least is not None:
        notes.append(
            Note(
                template="The core is empty: whatever the split, some members would pay less by themselves, by "
                "{gain} a year at least.",
                values={"gain": Amount(value=found.least.excess_usd, unit="USD")},
            )
        )
    for rule, leaving in found.leaving.items():
        if leaving:
            notes.append(
                Note(
                    template="By the rule {rule} {members} would save {gain} a year by leaving.",
                    values={
                        "rule": rule,
                        "members": Listing(
                            items=tuple(Name(key=name) for name in found.game.members(leaving[0].coalition))
                        ),
                        "gain": Amount(value=leaving[0].gain_usd, unit="USD"),
                    },
                )
            )
    if found.gains_usd and abs(found.lost_gain_usd) > max(CENT, found.game.open_usd):
        notes.append(
            Note(
                template="Of the gain {lost} a year is supply that is not lost, counted at its value: it is no money "
                "that could change hands.",
                values={"lost": Amount(value=found.lost_gain_usd, unit="USD")},
            )
        )
    if found.game.open_usd > CENT and found.gains_usd:
        notes.append(
            Note(
                template="The solver leaves up to {open} a year of a plan's cost open; differences below that "
                "say nothing.",
                values={"open": Amount(value=found.game.open_usd, unit="USD")},
            )
        )
    if found.outsiders:
        notes.append(_outsiders_note(found))
    return tuple(notes)


def _outsiders_note(found: Comparison) -> Note:
    tons: Mapping[str, float] = {
        country: sum(each.loss_t for each in found.outsiders if each.country == country)
        for country in {each.country for each in found.outsiders}
    }
    most = sorted(tons, key=lambda country: (-tons[country], country))
    return Note(
        template="Members turn exports home: {countries} lose most by it, in the worst case {tons} of all goods "
        "together; that is charged to the plan.",
        values={
            "countries": Listing(items=tuple(Name(key=country) for country in most[:3])),
            "tons": Amount(value=sum(tons.values()), unit="t"),
        },
    )
