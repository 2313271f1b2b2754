"""Alone or together: what each pays alone, what each way of helping saves, and who pays what together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from friendshore.charts import look
from friendshore.charts.marks import boxes, layered, lines, words_at
from friendshore.charts.picture import Drawing
from friendshore.charts.wording import Words, short_name
from friendshore.records import Finding, Name

__all__ = ["MECHANISM_NAMES", "Costs", "costs_of", "staircase", "together", "together_title"]

WIDTH, NARROW = 760, 600
STEP, LINE = 24, 16
"""Height of a row, and of a label above it on a narrow screen."""
JOINT = "#00395C"
"""Of what all bear together."""
LEAST = 0.004
"""Part of what is paid alone below which a saving is left out of the picture."""
MECHANISM_NAMES: Mapping[str, str] = {
    "risk": "stock serves whoever is hit",
    "lumps": "plants shared",
    "claims": "outside capacity claimed as one",
    "supply": "own exports opened to each other",
    "budgets": "one purse",
}
"""Short names of what members do together, message ids."""


@dataclass(frozen=True)
class Costs:
    """What is drawn, dollars a year."""

    alone: Mapping[str, float | None]
    """By member; None where no plan of its own keeps the limits."""
    together: float | None
    gains: Mapping[str, float]
    """By mechanism."""
    paid: Mapping[str, float]
    """By member, what it pays together when the gain is shared; empty where that cannot be said."""


def costs_of(finding: Finding) -> Costs:
    """Read the figures of a comparison."""
    told: Any = finding.summary
    alone: Mapping[str, float | None] = told["alone_usd"]
    parts: Mapping[str, float | None] = told.get("shapley_usd") or {}
    paid = {
        name: usd - (parts[name] or 0.0)
        for name, usd in alone.items()
        if usd is not None and parts.get(name) is not None
    }
    return Costs(
        alone,
        told.get("together_usd"),
        {name: usd for name, usd in (told.get("gain_by_mechanism_usd") or {}).items() if usd is not None},
        paid if len(paid) == len(alone) else {},
    )


def together(finding: Finding, words: Words, *, width: int = WIDTH) -> tuple[Drawing, str]:
    """Draw the comparison of a finding: ``alone_usd together_usd gain_by_mechanism_usd shapley_usd``."""
    return staircase(costs_of(finding), words, width=width), measure_of(words)


def together_title(finding: Finding, words: Words) -> str:
    """Say what each would bear alone, and all together."""
    costs = costs_of(finding)
    parts = [
        words.say(
            "{name} {usd}",
            name=words.named(Name(key=name)),
            usd=words.say("no plan keeps the limits") if usd is None else words.number(usd, "USD"),
        )
        for name, usd in costs.alone.items()
    ]
    return words.say(
        "Together {usd} a year; alone {each}",
        usd=words.number(costs.together, "USD"),
        each=words.listed(parts),
    )


def measure_of(words: Words) -> str:
    """Say what is measured."""
    return words.say(
        "Cost a year beyond today, dollars: each alone, what each way of acting together saves, and what each pays "
        "together when the gain is shared by what each adds (Shapley)"
    )


def staircase(costs: Costs, words: Words, *, width: int) -> Drawing:
    """Draw from the cost of each alone, end to end, down the savings, to the cost together, divided by payer."""
    rows = steps(costs, words)
    names = list(costs.alone)
    wide = width >= NARROW
    left = min(look.widest([row["label"] for row in rows]) + 12, width * 0.46) if wide else 0.0
    high = STEP if wide else STEP + LINE
    right = look.widest([row["told"] for row in rows]) + 10
    room = max(width - left - right, 80.0)
    most = max((bar["to"] for row in rows for bar in row["bars"]), default=0.0) or 1.0
    colours = dict(zip(names, look.importer_colours(len(names), joint=False), strict=True))
    shapes, texts, names_inside, joins = [], [], [], []
    for n, row in enumerate(rows):
        y = (n + 1) * high - STEP
        edge = max((bar["to"] for bar in row["bars"]), default=0.0) / most * room
        for bar in row["bars"]:
            x, x2 = bar["from"] / most * room, bar["to"] / most * room
            shapes.append(shape(bar, x, x2, y, colours))
            if bar.get("name") and x2 - x > look.text_width(bar["name"]) + 8:
                ink = look.ink_on(colours[bar["member"]])
                names_inside.append(
                    {
                        "x": (x + x2) / 2,
                        "y": y + STEP / 2,
                        "text": bar["name"],
                        "align": "center",
                        "colour": ink,
                    }
                )
        if not row["bars"]:
            spoken = f"{row['label']}: {row['told']}"
            stub = {"x": 0, "x2": 16, "y": y + 4, "y2": y + STEP - 4}
            shapes.append(stub | {"fill": look.MISSING, "edge": look.OTHERS, "spoken": spoken})
            edge = 16
        strong = bool(row.get("strong"))
        if wide:
            name = {
                "x": -8,
                "y": y + STEP / 2,
                "text": look.shortened(row["label"], left - 10),
                "align": "right",
            }
        else:
            name = {"x": 4, "y": y - LINE / 2 + 4, "text": row["label"]}
        texts.append({**name, "strong": strong})
        texts.append({"x": edge + 6, "y": y + STEP / 2, "text": row["told"], "strong": strong})
        if n + 1 < len(rows) and row["bars"] and row["next"] is not None:
            x = row["next"] / most * room
            joins.append({"x": x, "x2": x, "y": y + STEP - 4, "y2": y + high + 4})
    axis = {"x": 0, "x2": 0, "y": 0, "y2": len(rows) * high}
    drawn = layered(
        boxes(shapes), lines(joins, colour=look.QUIET), lines([axis], colour=look.OTHERS),
        words_at(texts, halo=not wide), words_at(names_inside), width=room, height=len(rows) * high,
    )  # fmt: skip
    return Drawing(drawn)


def shape(
    bar: Mapping[str, Any], x: float, x2: float, y: float, colours: Mapping[str, str]
) -> dict[str, Any]:
    """One bar in pixels: what is paid is filled, what is saved is hollow."""
    if bar.get("plain"):
        fill, edge = JOINT, look.GROUND
    elif bar["member"]:
        fill, edge = colours[bar["member"]], look.GROUND
    else:
        fill, edge = look.tint(look.PARTNER, 0.25), look.PARTNER
    return {
        "x": x,
        "x2": x2,
        "y": y + 4,
        "y2": y + STEP - 4,
        "fill": fill,
        "edge": edge,
        "spoken": bar["spoken"],
    }


def steps(costs: Costs, words: Words) -> list[dict[str, Any]]:
    """List the rows of the staircase from the top."""
    rows: list[dict[str, Any]] = []
    level, whole = 0.0, None not in costs.alone.values()
    for name, usd in costs.alone.items():
        label = words.say("{name} alone", name=words.name(name))
        if usd is None:
            told = words.say("no plan keeps the limits")
            rows.append({"label": label, "told": told, "bars": [], "next": None})
            continue
        told = words.number(usd, "USD")
        bar = {"from": level, "to": level + usd, "member": name, "spoken": f"{label}: {told}"}
        level += usd if whole else 0.0
        rows.append({"label": label, "told": told, "bars": [bar], "next": level if whole else None})
    if whole and costs.together is not None:
        rows += savings(costs, level, words)
    if costs.together is not None:
        rows.append(last(costs, words))
        if min(costs.paid.values(), default=0.0) < 0:
            rows += payments(costs, words)
    return rows


def savings(costs: Costs, level: float, words: Words) -> list[dict[str, Any]]:
    """List what each mechanism saves, the largest first; what is too small to see is put together."""
    whole = level or 1.0
    large = sorted(
        ((usd, name) for name, usd in costs.gains.items() if abs(usd) >= LEAST * whole),
        key=lambda each: -each[0],
    )
    found = [(usd, words.say(MECHANISM_NAMES[name])) for usd, name in large]
    rest = level - (costs.together or 0.0) - sum(usd for usd, _ in found)
    if abs(rest) >= LEAST * whole:
        found.append((rest, words.say("other savings" if found else "saved by acting together")))
    rows = []
    for usd, label in found:
        told = (
            "\N{MINUS SIGN}" + words.number(abs(usd), "USD") if usd >= 0 else "+" + words.number(-usd, "USD")
        )
        ends = sorted((level - usd, level))
        bar = {"from": ends[0], "to": ends[1], "member": "", "spoken": f"{label}: {told}"}
        level -= usd
        rows.append({"label": label, "told": told, "bars": [bar], "next": level})
    return rows


def last(costs: Costs, words: Words) -> dict[str, Any]:
    """Return the row of the cost together, divided by who pays where nobody is paid."""
    label, told = words.say("together"), words.number(costs.together, "USD")
    row = {"label": label, "told": told, "next": None, "strong": True}
    if not costs.paid or min(costs.paid.values()) < 0:
        member = next(iter(costs.alone))
        bar = {
            "from": 0.0,
            "to": costs.together or 0.0,
            "member": member,
            "spoken": f"{label}: {told}",
            "plain": True,
        }
        return {**row, "bars": [bar]}
    bars, level = [], 0.0
    for name, usd in costs.paid.items():
        amount = words.number(usd, "USD")
        bars.append(
            {
                "from": level, "to": level + usd, "member": name, "name": f"{short_name(name, words)} {amount}",
                "spoken": words.say("{name} pays {usd}", name=words.name(name), usd=amount),
            }
        )  # fmt: skip
        level += usd
    return {**row, "bars": bars}


def payments(costs: Costs, words: Words) -> list[dict[str, Any]]:
    """List who pays and who is paid, where somebody's part of the gain is more than its cost."""
    rows: list[dict[str, Any]] = []
    level = 0.0
    for name, usd in sorted(costs.paid.items(), key=lambda each: -each[1]):
        amount = words.number(abs(usd), "USD")
        told = "\N{MINUS SIGN}" + amount if usd < 0 else amount
        who = words.name(name)
        label = words.say("{name} is paid", name=who) if usd < 0 else words.say("{name} pays", name=who)
        ends = sorted((level, level + usd))
        level += usd
        bar = {
            "from": ends[0],
            "to": ends[1],
            "member": "" if usd < 0 else name,
            "spoken": f"{label}: {told}",
        }
        rows.append({"label": label, "told": told, "bars": [bar], "next": level})
    rows[-1]["next"] = None
    return rows
