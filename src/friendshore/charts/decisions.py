"""What to do: a bar a decision by what it costs a year, with its range over the variations of what is assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from friendshore.charts import look
from friendshore.charts.marks import boxes, layered, lines, words_at
from friendshore.charts.picture import Drawing
from friendshore.charts.wording import Words
from friendshore.records import Finding, Name

__all__ = ["decided", "decisions", "decisions_title", "label_of", "quantity_of"]

WIDTH, NARROW = 760, 600
STEP, HEAD = 22, 24
LINE = 16
"""Height of a label above its bar, on a narrow screen."""
MOST_ROWS = 16
ACTIONS: Mapping[str, str] = {
    "hold": "Hold stock",
    "build": "Build capacity",
    "buy": "Buy from new or larger sources",
}
"""Headings by action, message ids."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Frame:
    """Sizes in pixels."""

    left: float
    room: float
    most: float

    def x(self, usd: float) -> float:
        """Place of a cost."""
        return max(0.0, min(usd / self.most, 1.0)) * self.room


def decisions(finding: Finding, words: Words, *, width: int = WIDTH) -> tuple[Drawing, str]:
    """Draw the rows of a plan."""
    return decided(finding.rows, words, width=width), measure_of(finding.rows, words)


def decisions_title(finding: Finding, words: Words) -> str:
    """Say how many decisions there are, how many of them survive, and what they cost."""
    told: Any = finding.summary
    values = {
        "count": str(len(finding.rows)),
        "sure": str(sum(row["recommended"] is True for row in finding.rows)),
        "cost": words.number(told.get("cost_usd"), "USD"),
    }
    if all(row["recommended"] is None for row in finding.rows):
        return words.say("{count} decisions for {cost} a year", **values)
    return words.say(
        "{count} decisions for {cost} a year, of which {sure} survive every assumption tried", **values
    )


def measure_of(rows: Sequence[Row], words: Words) -> str:
    """Say what is measured."""
    told = words.say("Cost a year beyond today, dollars; right: quantity")
    if any(row["quantity_t_low"] is not None for row in rows):
        ranged = words.say("and its range over the variations of the assumptions (thin line)")
        told = words.say("{measure}, {range}", measure=told, range=ranged)
    if any(row["recommended"] is not None for row in rows):
        told = words.sentences(
            [
                told + ("。" if words.lang == "ja" else "."),
                words.say("Filled: recommended; hollow: hinges on an assumption."),
            ]
        )
    return told


def decided(rows: Sequence[Row], words: Words, *, width: int, most_rows: int = MOST_ROWS) -> Drawing:
    """Draw decisions in groups: stock, plants, purchases; in each the recommended first, then by cost."""
    shown = chosen(rows, most_rows)
    wide = width >= NARROW
    labels = [label_of(row, words) for row in shown]
    told = [quantity_of(row, words, ranged=wide) for row in shown]
    left = min(look.widest(labels) + 12, width * 0.48) if wide else 0.0
    right = look.widest(told) + 8
    frame = Frame(
        left, max(width - left - right, 60.0), max((cost_ends(row)[1] for row in shown), default=0.0) or 1.0
    )
    shapes, ranges, texts = [], [], []
    y, group = 0.0, ""
    for row, label, amount in zip(shown, labels, told, strict=True):
        if row["action"] != group:
            group = row["action"]
            texts.append(
                {"x": -left, "y": y + HEAD / 2 + 2, "text": words.say(ACTIONS[group]), "strong": True}
            )
            y += HEAD
        if wide:
            name = {"x": -8, "y": y + STEP / 2, "text": look.shortened(label, left - 10), "align": "right"}
        else:
            name = {"x": 4, "y": y + LINE / 2, "text": look.shortened(label, width)}
            y += LINE
        texts.append(name)
        centre = y + STEP / 2
        shapes.append(bar(row, label, amount, frame, y, words))
        low, high = cost_ends(row)
        if high - low > 1e-9:
            ranges += whisker(frame.x(low), frame.x(high), centre)
        texts.append(
            {"x": frame.room + right, "y": centre, "text": amount, "align": "right", "colour": look.QUIET}
        )
        y += STEP
    axis = {"x": 0, "x2": 0, "y": 0, "y2": y}
    made = layered(
        lines([axis], colour=look.OTHERS), boxes(shapes), lines(ranges, colour=look.INK),
        words_at(texts, halo=not wide), width=frame.room + right, height=y,
    )  # fmt: skip
    return Drawing(made)


def chosen(rows: Sequence[Row], most: int) -> list[Row]:
    """Return the rows that are drawn, group after group: the costliest, a quarter of them kept for the doubtful."""
    ranked = sorted(rows, key=lambda row: -row["cost_usd"] - row["once_usd"])
    doubtful = [row for row in ranked if row["recommended"] is False]
    sure = [row for row in ranked if row["recommended"] is not False]
    kept = [*sure[: max(most - len(doubtful), most - most // 4)]]
    kept += doubtful[: most - len(kept)]
    order = list(ACTIONS)
    return sorted(
        kept, key=lambda row: (order.index(row["action"]), row["recommended"] is False, -row["cost_usd"])
    )


def cost_ends(row: Row) -> tuple[float, float]:
    """Return the cost at the ends of the range of quantities, and at least that of the plan."""
    cost, quantity = row["cost_usd"], row["quantity_t"]
    low, high = row["quantity_t_low"], row["quantity_t_high"]
    if low is None or high is None or not quantity:
        return cost, cost
    return cost * min(low / quantity, 1.0), cost * max(high / quantity, 1.0)


def bar(row: Row, label: str, amount: str, frame: Frame, y: float, words: Words) -> dict[str, Any]:
    """One bar: filled where the decision is recommended, or was not tried."""
    colour = look.PARTNER if row["action"] == "buy" else look.MEMBER
    spoken = f"{label}: {amount}, {words.number(row['cost_usd'], 'USD')}"
    hollow = row["recommended"] is False
    return {
        "x": 0, "x2": max(frame.x(row["cost_usd"]), 2.0), "y": y + 5, "y2": y + STEP - 5,
        "fill": look.tint(colour, 0.12) if hollow else colour, "edge": colour, "spoken": spoken,
    }  # fmt: skip


def whisker(x: float, x2: float, y: float) -> list[dict[str, float]]:
    """Draw a thin line with its ends."""
    across = {"x": x, "x2": x2, "y": y, "y2": y}
    return [across, *({"x": end, "x2": end, "y": y - 3, "y2": y + 3} for end in (x, x2))]


def label_of(row: Row, words: Words) -> str:
    """Name a decision: the product, and who with whom."""
    product = words.product(row["product"] or "")
    if row["action"] == "buy":
        return words.say(
            "{product}: {member} from {place}",
            product=product,
            member=short(row["member"]),
            place=within(row["supplier"], words),
        )
    if row["action"] == "build":
        return words.say("{product} in {place}", product=product, place=within(row["host"], words))
    return words.say("{product}: {member}", product=product, member=short(row["member"]))


def within(place: str | None, words: Words) -> str:
    """Name a country, with its article where the language has one."""
    return words.named(Name(key=place or ""))


def short(member: str | None) -> str:
    """Write a member's code."""
    return (member or "").replace("+", "・")


def quantity_of(row: Row, words: Words, *, ranged: bool = True) -> str:
    """Write the tons, a year where they flow, with their range."""
    low, high = row["quantity_t_low"], row["quantity_t_high"]
    told = words.number(row["quantity_t"], "t")
    if row["action"] != "hold":
        told = words.say("{tons} a year", tons=told)
    if ranged and low is not None and high is not None and high - low > 0.005 * max(high, 1e-9):
        return words.say("{amount} ({range})", amount=told, range=words.span(low, high, "t"))
    return told
