"""What the ``plan:`` and ``response:`` sections of a scenario file may say: keys, types and ranges, as records."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from friendshore.disruption.entries import (
    Amount,
    Entry,
    Names,
    Share,
    Stated,
    StatedEntry,
    Whole,
    Word,
    stated,
    words,
)

__all__ = [
    "BudgetEntry",
    "CapacityEntry",
    "CapsEntry",
    "CaseEntry",
    "FloorsEntry",
    "LimitEntry",
    "PlanEntry",
    "RedirectEntry",
    "ReleaseEntry",
    "ResponseEntry",
    "StandardEntry",
    "StockLimitEntry",
    "SupportEntry",
]

PERIODS = (3, 12, 36)

Rule = Literal["link", "imports", "last", "first"]
Kind = Literal["least_cost", "least_shortage", "expected_cost", "worst_case", "cvar"]
Preset = Literal["crma-2030", "nzia-50"]

Members = Annotated[
    Names, WithJsonSchema(words("Who plans: ISO3 codes or blocs, each of which is one member.", "JPN"))
]
Suppliers = Annotated[
    Names, WithJsonSchema(words("Suppliers of concern: ISO3 codes or blocs, taken together.", "CHN"))
]
Countries = Annotated[Names, WithJsonSchema(words("ISO3 codes or blocs.", "AUS"))]
Codes = Annotated[Names, WithJsonSchema(words("Product codes of six digits.", "250410"))]
Groups = Annotated[Names, WithJsonSchema(words("Groups of products by name.", "battery-inputs"))]
Materials = Annotated[
    Names, WithJsonSchema(words("Materials: all their stages that the data hold.", "Graphite"))
]


def _numbers(value: object) -> object:
    return {name: stated(given) for name, given in value.items()} if isinstance(value, dict) else value


def _costs_schema() -> dict[str, Any]:
    return {
        "description": "Assumptions about costs by name: a number, or a value with its range and source. "
        "They are listed in docs/explanation/plan.md.",
        "type": "object",
        "additionalProperties": {
            "anyOf": [
                {"type": "number"},
                {
                    "type": "object",
                    "properties": {
                        **{end: {"type": "number"} for end in ("value", "low", "high")},
                        "source": {"type": "string"},
                    },
                    "required": ["value"],
                    "additionalProperties": False,
                },
            ]
        },
    }


class LimitEntry(Entry):
    """What may be missing at most, by the objective least_cost."""

    shortage_share: Share = 0.1
    """Most that may be missing of a period's demand: 0.1 is 10 percent."""
    months: Annotated[Whole, Field(ge=1, le=600)] = 12
    """For how many months of each case that holds."""


class CapsEntry(Entry):
    """Caps on shares of a member's demand in normal times."""

    concern_share: Share | None = None
    """From the suppliers of concern together."""
    any_share: Share | None = None
    """From any single country that is no member."""
    traced_share: Share | None = None
    """What originates in suppliers of concern or passes through them."""
    preset: Preset | None = None
    """Caps of a law or programme by name; what is written beside it goes before it."""


class FloorsEntry(Entry):
    """Floors under shares of a member's demand in normal times."""

    partner_share: Share = 0.0
    """From partners together, as a share of a member's demand."""


class StockLimitEntry(Entry):
    """Limits on stocks."""

    most_days: Stated | None = None
    """Days of base demand; without it, the default of the table of costs."""
    preset: str = ""
    """Days of a known programme by name; most_days goes before it."""
    fill_share: Stated | None = None
    """Part of a month's imports that can go into stock in a month."""


class MoneyEntry(Entry):
    """Base of entries with money in them."""

    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "USD"
    """ISO 4217 code of the currency in which its amounts are given."""
    year: Annotated[Whole, Field(ge=1950, le=2100)] | None = None
    """Year of its prices; without it those of the plan's price year."""
    rate_usd: Annotated[Amount, Field(gt=0)] | None = None
    """Dollars of the plan's price year for one unit of the currency at prices of the year. Needed where the
    currency is not USD or the year is another."""
    source: str = "none"
    """Where it is stated; none is an assumption."""


class BudgetEntry(MoneyEntry):
    """Most that a member pays for support of plants and for stock, once."""

    member: Word
    """Who pays."""
    usd: Annotated[Amount, Field(ge=0)] | None = None
    """Dollars."""
    amount: Annotated[Amount, Field(ge=0)] | None = None
    """Instead of usd, where the currency is another."""


class SupportEntry(Entry):
    """Which part of a plant's capital a state pays."""

    member: str = ""
    """Who pays; without it, the host."""
    host: str = ""
    """Where the plant stands; without it, anywhere."""
    programme: str = ""
    """A known programme by name, with its rate and legal maximum."""
    share: Stated | None = None
    """Part of the capital that has to be paid for the plant to be built, 0 to 1."""
    most_share: Share | None = None
    """Most that may legally be paid."""
    source: str = "none"
    """Where it is stated; none is an assumption."""


class CapacityEntry(MoneyEntry):
    """What a plant costs; what is not given here is taken from the table of costs."""

    products: Codes = ()
    """Product codes."""
    materials: Materials = ()
    """Instead of products: all stages of a material that the data hold."""
    hosts: Countries = ()
    """Where; without it, every host."""
    capital_usd_per_t: Stated | None = None
    """Capital for a ton a year of capacity."""
    gap_usd_per_t: Stated | None = None
    """By how much a ton from the plant costs more than one bought."""
    build_months: Stated | None = None
    """Months from the decision to full output."""
    lump_t: Stated | None = None
    """Efficient size in tons a year; 0: any size."""
    most_t: Stated | None = None
    """Most capacity in tons a year; 0: none may be built."""
    support_share: Stated | None = None
    """Part of the capital that a state has to pay."""


class StandardEntry(MoneyEntry):
    """Whether a supplier's goods are covered by a standard that the members accept."""

    suppliers: Countries
    """Whose goods."""
    products: Codes = ()
    """Which goods; without it, all of the plan."""
    groups: Groups = ()
    """Groups of products by name."""
    members: Countries = ()
    """Who buys; without it, all members."""
    shared: bool
    """False: a new or enlarged link stays closed until it is qualified."""
    fee_usd: Stated | None = None
    """What it costs once to qualify a link."""


class CaseEntry(Entry):
    """An alternative future, of which at most one happens."""

    name: Word
    """The case of the shocks that belong to it."""
    probability: Stated | None = None
    """Chance a year that it begins; without it, an assumption."""


class PlanEntry(Entry):
    """Who plans against whom, with what money, and what must be kept."""

    members: Annotated[Members, Field(min_length=1)]
    concern: Annotated[Suppliers, Field(min_length=1)]
    avoid: Countries = ()
    """Suppliers that are not asked for more than today, for whatever reason; what is bought there now may stay."""
    partners: Countries = ()
    """Friends that are no members: whom a floor counts, and where capacity may be built by default."""
    hosts: Countries = ()
    """Where capacity may be built; by default members and partners."""
    products: Codes = ()
    """What is planned for; with groups and materials. Without any, what the shocks strike."""
    groups: Groups = ()
    """Groups of products by name."""
    materials: Materials = ()
    """Materials: all their stages that the data hold."""
    negligible_usd: Annotated[Amount, Field(ge=0)] = 0.0
    """What a member buys of a product for less than this a year is not planned for: a plant of efficient size serves
    no demand of a few tons."""
    objective: Kind = "least_cost"
    """least_cost: least yearly cost such that the shortage stays within the limit. least_shortage: what is missing
    first, within the budgets, then cost. expected_cost, worst_case and cvar price what is missing."""
    tail: Annotated[Share, Field(lt=1)] = 0.9
    """Of cvar: the mean of the worst 1 - tail of the cases is minimised."""
    rule: Rule = "link"
    """How outside spare capacity is shared out: by what a member buys of the supplier today (link), by its share of
    world imports (imports), none to members (last), all of it to each member (first)."""
    limit: LimitEntry = LimitEntry()
    """What may be missing at most."""
    periods: Annotated[
        tuple[Annotated[Whole, Field(ge=1, le=600)], ...],
        Field(
            min_length=1, max_length=12, description="Months at which the periods of a case end, ascending."
        ),
    ] = PERIODS
    notice_months: Stated = StatedEntry(value=24, low=0, high=60)
    """Months between the decision and the cut: plants are built and stocks are filled in them."""
    caps: CapsEntry = CapsEntry()
    """Most that may come from somebody in normal times."""
    floors: FloorsEntry = FloorsEntry()
    """Least that must come from somebody in normal times."""
    stock: StockLimitEntry = StockLimitEntry()
    """How much may be held at most."""
    price_year: Annotated[Whole, Field(ge=1950, le=2100)] | None = None
    """Year whose dollars the plan counts in; by default the year that the budgets state."""
    budgets: tuple[BudgetEntry, ...] = ()
    """Of a member without one, the budget is not limited."""
    support: tuple[SupportEntry, ...] = ()
    """Which part of a plant's capital a state pays."""
    capacity: tuple[CapacityEntry, ...] = ()
    """Costs of plants that are known better than in the table of costs."""
    costs: Annotated[dict[str, StatedEntry], BeforeValidator(_numbers), WithJsonSchema(_costs_schema())] = (
        Field(default_factory=dict)
    )
    standards: tuple[StandardEntry, ...] = ()
    """Standards of the user; without any, the illustration that comes with the package is not applied."""
    cases: tuple[CaseEntry, ...] = ()
    """Probabilities of the cases that the shocks name; of one that is missing here it is an assumption."""


class ReleaseEntry(Entry):
    """What a member releases from stock."""

    member: Word
    """Whose stock."""
    products: Codes = ()
    """Which; without it, all that the trigger strikes."""
    share: Share | None = None
    """Part of its stock (stock_cover)."""
    days: Annotated[Amount, Field(gt=0, le=36_525)] | None = None
    """Instead of a share: days of its base demand, at most what it holds."""
    to: Countries = ()
    """Who gets it; without it, whoever is struck, by what is missing."""
    over_months: Annotated[Whole, Field(ge=1, le=600)] | None = None
    """Months over which it is released; without it, as needed."""


class RedirectEntry(Entry):
    """What a member sells to others than before."""

    member: Word
    """Whose exports."""
    products: Codes = ()
    """Which; without it, all that the trigger strikes."""
    share: Share
    """Part of its usable exports to outsiders."""
    to: Countries = ()
    """Who gets it; without it, whoever is struck, by what is missing."""


class ResponseEntry(Entry):
    """The answer to pressure: what members do when it comes, and what they risk by it."""

    members: Annotated[Members, Field(min_length=1)]
    trigger: Word
    """The id of the shock, or the name of the case, that calls for it."""
    releases: tuple[ReleaseEntry, ...] = ()
    """What is released from stock."""
    redirect: tuple[RedirectEntry, ...] = ()
    """Which exports are redirected."""
    retaliation_by: Suppliers = ()
    """Who may retaliate; without it, the suppliers of the trigger."""
