"""What the path assumes, since the data do not give it: each number with its range, meaning and source."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from friendshore.errors import ArgumentError
from friendshore.records import Assumption, Note, Record

__all__ = ["PARAMETERS", "Parameter", "Parameters", "assumptions_of"]


class Parameters(Record):
    """What the data do not give. Ranges, meaning and sources stand in ``PARAMETERS``."""

    link_headroom: float = 0.2
    lead_months: float = 6.0
    link_ramp_months: float = 12.0
    spare_share: float = 1.0
    spare_ramp_months: float = 6.0
    by_product_share: float = 0.0
    contract_term_months: float = 12.0
    force_majeure_share: float = 0.0
    leakage_share: float = 0.1
    leakage_delay_months: float = 3.0
    hoarding_days: float = 15.0
    refill_months: float = 3.0
    alarm_share: float = 0.01
    floor_share: float = 0.3
    elasticity_1y: float = 0.76
    elasticity_3y: float = 1.3
    elasticity_10y: float = 2.0
    demand_elasticity: float = 0.0
    price_cap: float = 12.0
    stock_rule: Literal["use-it", "stretch", "floor"] = "use-it"
    rationing: Literal["equal", "pay"] = "equal"
    """Who is served first where a supplier is asked for more than it has: all alike, or by what they pay."""
    grades: bool = True
    """Whether a supplier whose unit value is more than a factor of two off may not stand in."""
    sources: tuple[tuple[str, str], ...] = ()
    """(parameter, source) where a value has a source of its own."""

    @model_validator(mode="after")
    def _possible(self) -> Parameters:
        for name, about in PARAMETERS.items():
            value = float(getattr(self, name))
            if not (about.least <= value <= about.most):
                raise ArgumentError(
                    f"Parameter {name} is {value}, expected {about.least:g} to {about.most:g}",
                    code="parameter_out_of_range",
                    hint="The ranges stand in docs/explanation/path.md",
                )
        return self


class Parameter(Record):
    """What is known about a parameter."""

    text: str
    """English, a message id; ``{value}`` is the number."""
    unit: str
    low: float
    """Range over which it is tried."""
    high: float
    least: float = 0.0
    """Smallest value that means anything."""
    most: float = 1200.0
    source: str = "none"


def _share(text: str, low: float, high: float, source: str = "none") -> Parameter:
    return Parameter(text=text, unit="share", low=low, high=high, most=1.0, source=source)


def _months(text: str, low: float, high: float, least: float = 0.0) -> Parameter:
    return Parameter(text=text, unit="months", low=low, high=high, least=least)


BOEHM = "Boehm, Levchenko & Pandalai-Nayar 2023, AER 113(4) 861-905: -0.76 after a year, -1.75 to -2.25 after 7-10"
RARE_EARTHS = "BACI: unit value of Chinese rare-earth compounds to Japan, 9.9 (2009) to 117 USD/kg (2011)"
TOHOKU = "Boehm, Flaaen & Pandalai-Nayar: within months output fell one for one with imports (Tohoku 2011)"

PARAMETERS: dict[str, Parameter] = {
    "link_headroom": Parameter(
        text="A buyer takes up to {value} more from a supplier it already buys from, at once",
        unit="share", low=0.0, high=0.5, most=10.0,
    ),
    "lead_months": _months("New or enlarged links become qualified after {value} months", 3, 12),
    "link_ramp_months": _months(
        "Once qualified, new links could carry all demand after {value} more months", 6, 24, 0.1
    ),
    "spare_share": _share(
        "A supplier can mobilise {value} of the distance to its own peak of the past years", 0.0, 1.0
    ),
    "spare_ramp_months": _months("Spare capacity is mobilised within {value} months of a call", 3, 12, 0.1),
    "by_product_share": _share("Of the spare capacity of a by-product {value} answers to price", 0.0, 0.5),
    "contract_term_months": _months("Contracts run out evenly over {value} months", 6, 24, 0.1),
    "force_majeure_share": _share("A supplier that is short withholds {value} of its contracts", 0.0, 0.2),
    "leakage_share": _share("Of what is cut {value} comes back through third countries", 0.0, 0.3),
    "leakage_delay_months": _months("Goods come around through third countries after {value} months", 1, 6),
    "hoarding_days": Parameter(
        text="An alarmed importer wants {value} days of stock more than before", unit="days", low=0, high=30
    ),
    "refill_months": _months("A stock below its target is filled within {value} months", 1, 6, 1.0),
    "alarm_share": _share("A gap of {value} of demand alarms", 0.005, 0.05),
    "floor_share": _share("By the rule floor {value} of the stock is never touched", 0.0, 0.5),
    "elasticity_1y": Parameter(
        text="Price elasticity within a year: {value}", unit="1", low=0.5, high=1.0, least=0.01, most=50.0, source=BOEHM
    ),
    "elasticity_3y": Parameter(
        text="Price elasticity after three years: {value}", unit="1", low=0.9, high=1.7, least=0.01, most=50.0,
        source="between the two horizons of " + BOEHM,
    ),
    "elasticity_10y": Parameter(
        text="Price elasticity after ten years: {value}", unit="1", low=1.75, high=2.25, least=0.01, most=50.0,
        source=BOEHM
    ),
    "demand_elasticity": Parameter(
        text="Demand gives way to price with an elasticity of {value}", unit="1", low=0.0, high=0.3, most=5.0,
        source=TOHOKU
    ),
    "price_cap": Parameter(
        text="Above {value} times the base price the answer says rationed", unit="1", low=5, high=20, least=1.0,
        source=RARE_EARTHS,
    ),
}  # fmt: skip
"""By field of :class:`Parameters`: meaning, range and source; source "none" is an assumption of ours."""


def assumptions_of(parameters: Parameters) -> tuple[Assumption, ...]:
    """Return the parameters as sentences, each with its source or "none"."""
    own = dict(parameters.sources)
    default = Parameters()
    found = []
    for name, about in PARAMETERS.items():
        value = getattr(parameters, name)
        stated = about.source if value == getattr(default, name) else "the scenario"
        shown = value if about.unit != "share" else f"{100 * value:g} %"
        found.append(
            Assumption(text=Note(template=about.text, values={"value": shown}), source=own.get(name, stated))
        )
    return tuple(found)
