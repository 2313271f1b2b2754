"""Meaning, unit and limits of every number in the table of costs."""

from __future__ import annotations

from friendshore.records import Amount, Name, Note, Record
from friendshore.tables.products import products

__all__ = ["COST_PARAMETERS", "CostParameter", "cost_sentence"]


class CostParameter(Record):
    """What is known about a cost."""

    text: str
    """English, a message id; ``{value}`` is the number, ``{range}`` the range over which it is tried."""
    unit: str
    """As the table writes it."""
    spoken: str
    """As sentences write it: ``share``, ``USD``, ``months``, ``days``, ``years``, ``t`` or nothing."""
    least: float = 0.0
    most: float = 1e12
    money: bool = False
    """Whether it needs a price year."""
    by_product: bool = True
    by_host: bool = False
    plant: bool = False
    """Whether it matters only where a plant can be planned."""


COST_PARAMETERS: dict[str, CostParameter] = {
    "switching_share": CostParameter(
        text="A ton from a new or enlarged source costs {value} more than today's, tried over {range} ({good})",
        unit="share", spoken="share", most=10.0,
    ),
    "emergency_share": CostParameter(
        text="A ton bought in a crisis costs {value} more than today, tried over {range} ({good})",
        unit="share", spoken="share", most=100.0,
    ),
    "outsider_share": CostParameter(
        text="A ton taken from an outsider is charged at {value} of its price, tried over {range} ({good})",
        unit="share", spoken="share", most=1000.0,
    ),
    "value_factor": CostParameter(
        text="A ton that is missing costs {value} times its price, tried over {range} ({good})",
        unit="prices", spoken="", most=1e6,
    ),
    "carrying_share": CostParameter(
        text="Holding a stock costs {value} of its value a year, tried over {range} ({good})",
        unit="share a year", spoken="share", most=10.0,
    ),
    "filling_share": CostParameter(
        text="Filling a stock costs {value} of its value beyond the price, once, tried over {range} ({good})",
        unit="share", spoken="share", most=10.0,
    ),
    "fill_share": CostParameter(
        text="At most {value} of a month's imports can go into stock, tried over {range} ({good})",
        unit="share of monthly imports", spoken="share", most=10.0,
    ),
    "stock_days": CostParameter(
        text="Stock is limited to {value} of demand, tried over {range} ({good})",
        unit="days", spoken="days", most=36_525.0,
    ),
    "shelf_life_days": CostParameter(
        text="A stock keeps for {value}, tried over {range} ({good})", unit="days", spoken="days", most=36_525.0
    ),
    "discount_share": CostParameter(
        text="Capital is paid back at {value} a year, tried over {range}",
        unit="share a year", spoken="share", most=1.0, by_product=False,
    ),
    "life_years": CostParameter(
        text="A plant is paid for over {value}, tried over {range}",
        unit="years", spoken="years", least=1.0, most=100.0, by_product=False,
    ),
    "least_use_share": CostParameter(
        text="In normal times a plant sells at least {value} of what it could make, tried over {range}",
        unit="share", spoken="share", most=1.0, by_product=False,
    ),
    "support_share": CostParameter(
        text="A plant is built where a state pays {value} of its capital, tried over {range} ({good})",
        unit="share", spoken="share", most=1.0, by_host=True, plant=True,
    ),
    "probability": CostParameter(
        text="A cut begins with a chance of {value} a year, tried over {range}",
        unit="share a year", spoken="share", most=1.0, by_product=False,
    ),
    "notice_months": CostParameter(
        text="A cut begins {value} after the decision, tried over {range}",
        unit="months", spoken="months", most=1200.0, by_product=False,
    ),
    "build_months": CostParameter(
        text="A plant for {good} delivers {value} after the decision, tried over {range}",
        unit="months", spoken="months", most=1200.0, by_host=True, plant=True,
    ),
    "lump_t": CostParameter(
        text="A plant for {good} is built in steps of {value} a year, tried over {range}",
        unit="t a year", spoken="t", plant=True,
    ),
    "capital_usd_per_t": CostParameter(
        text="A plant for {good} costs {value} for each ton a year, tried over {range}",
        unit="USD for a ton a year", spoken="USD", money=True, by_host=True, plant=True,
    ),
    "gap_usd_per_t": CostParameter(
        text="A ton of {good} from a new plant costs {value} more than one bought, tried over {range}",
        unit="USD a ton", spoken="USD", money=True, by_host=True, plant=True,
    ),
    "fee_usd": CostParameter(
        text="To qualify a source that no shared standard covers costs {value} once, tried over {range} ({good})",
        unit="USD a link", spoken="USD", money=True,
    ),
}  # fmt: skip
"""By name, in the order in which they are listed."""


def cost_sentence(parameter: str, applies_to: str, value: float, low: float, high: float) -> Note:
    """Return a figure in words, with the range over which it is tried."""
    about = COST_PARAMETERS[parameter]
    if applies_to == "default":
        good: Note | Name = Note(template="any good")
    else:
        good = Name(key=applies_to, kind="product" if applies_to in products() else "material")
    values = {
        "good": good,
        "value": Amount(value=value, unit=about.spoken),
        "range": Amount(value=low, unit=about.spoken, high=high),
    }
    return Note(template=about.text, values=values)
