"""What a scenario file may say: its keys, their types and their ranges, as records; and its JSON Schema."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, WithJsonSchema

from friendshore.disruption.entries import Entry, Months, Names, Number, Share, Whole, Word, listed, words
from friendshore.disruption.passages import Passage
from friendshore.disruption.plan_schema import PlanEntry, ResponseEntry
from friendshore.parameters import PARAMETERS, Parameters
from friendshore.shocks import CENTURY_DAYS, Kind, Stopper

__all__ = [
    "VERSION",
    "ParameterEntry",
    "ProfileEntry",
    "ScenarioFile",
    "ShockEntry",
    "StockEntry",
    "json_schema",
]

VERSION = 1
WORLD = "world"
CHOICES = {"stock_rule", "rationing"}


def _importers(value: object) -> object:
    names = listed(value)
    if isinstance(names, tuple) and len(names) == 1:
        only = names[0]
        if isinstance(only, str) and only.casefold() == WORLD:
            return ()
    return names


def _settings(value: object) -> object:
    """Let a parameter be a bare value or a value with its source."""
    if not isinstance(value, dict):
        return value
    return {name: given if isinstance(given, dict) else {"value": given} for name, given in value.items()}


def _settings_schema() -> dict[str, Any]:
    """Describe the parameters from the table of their ranges."""
    known: dict[str, Any] = {}
    for name, field in Parameters.model_fields.items():
        if name == "sources":
            continue
        if name in PARAMETERS:
            about = PARAMETERS[name]
            bare: dict[str, Any] = {"type": "number", "minimum": about.least, "maximum": about.most}
            told = f"{about.text.format(value='{value}')} ({about.unit}); tried from {about.low:g} to {about.high:g}"
        elif name in CHOICES:
            bare, told = {"enum": list(get_args(field.annotation))}, name
        else:
            bare, told = {"type": "boolean"}, field.description or name
        full = {
            "type": "object",
            "properties": {"value": bare, "source": {"type": "string"}},
            "required": ["value"],
            "additionalProperties": False,
        }
        known[name] = {"description": told, "default": field.default, "anyOf": [bare, full]}
    return {
        "description": "Assumptions of the path: a value, or a value with its source.",
        "type": "object",
        "properties": known,
        "additionalProperties": False,
    }


class ProfileEntry(Entry):
    """How the lost share runs over the months of a shock."""

    shape: Literal["full_stop", "quota", "licensing"] | None = None
    """By default that of the shock's kind. full_stop and quota hold the lost share; licensing holds it until the
    first licences and then lets a part back."""
    delay_months: Months = 2.0
    """Licensing: months until the first licences come through."""
    back_share: Share = 0.5
    """Licensing: part of the lost share that is let back in the end."""
    back_months: Months = 6.0
    """Licensing: months over which it comes back, evenly."""


class ShockEntry(Entry):
    """Some suppliers' goods stop, in part or wholly, for some importers or for the world."""

    id: str = ""
    """Name of the shock, by which a scenario that extends this one can change it."""
    case: str = ""
    """The alternative future that it belongs to: shocks of different cases never happen together. Without it, the
    shock happens in every case."""
    kind: Kind
    """What happens. A ban, quota, licence or sanction closes links and leaks; an outage lowers what a producer
    makes and cannot be aimed; the closure of a passage closes the routes that lead through it."""
    who_stops: Stopper | None = None
    """Who decides: by default the buyer for import_ban and sanction, else the seller."""
    suppliers: Annotated[Names, WithJsonSchema(words("Whose goods stop: ISO3 codes or blocs.", "CHN"))] = ()
    importers: Annotated[
        tuple[Word, ...],
        BeforeValidator(_importers),
        WithJsonSchema(
            words("At whom it is aimed: ISO3 codes or blocs; world, the default, is everybody.", WORLD)
        ),
    ] = ()
    products: Annotated[Names, WithJsonSchema(words("Product codes of six digits.", "250410"))] = ()
    materials: Annotated[
        Names, WithJsonSchema(words("Materials: all their stages that the data hold.", "Graphite"))
    ] = ()
    group: Annotated[Names, WithJsonSchema(words("Groups of products by name.", "battery-inputs"))] = ()
    passage: Passage | None = None
    """Closure of a passage: which one. The pairs of countries whose route leads through it are closed;
    suppliers and importers narrow them down. Without a passage, all links of suppliers to importers are."""
    lost_share: Share = 1.0
    """Part of the flow (of an outage's output) that stops: 0.4 is 40 percent."""
    profile: ProfileEntry | None = None
    """By default a full stop; of a quota and of licensing their own shapes."""
    start_month: Annotated[Whole, Field(ge=1, le=1200)] = 1
    """First month struck; 1 is the first month of the run."""
    duration_months: Annotated[Whole, Field(ge=1, le=1200)] | None = None
    """How long it lasts; without it, to the end of the run."""
    ramp_months: Months = 0.0
    """Months over which the lost share is reached, evenly."""
    source: str = ""
    """Where this is stated."""


class StockEntry(Entry):
    """How long an importer's stock of a product lasts at base demand."""

    importer: Word
    """ISO3 code or bloc."""
    products: Annotated[
        Names, WithJsonSchema(words("Product codes; without them all of the scenario.", "250410"))
    ] = ()
    days: Annotated[Number, Field(ge=0, le=CENTURY_DAYS)] | None = None
    """Days of base demand. Without it the stock is unknown, which is not zero."""
    source: str = ""
    """Where this is stated."""


class ParameterEntry(Entry):
    """A value of a parameter with its source."""

    value: Any
    """The value."""
    source: str = "none"
    """Where it is stated."""


class ScenarioFile(Entry):
    """A scenario: what stops for whom, for how long, and what is assumed."""

    version: Literal[1]
    """Version of this format."""
    name: Word
    """Title."""
    type: Literal["stress", "plan", "response"] = "stress"
    """What it is for: stress follows what is missing, plan (with the key plan) decides what to buy, build and hold,
    response (with the key response) weighs an answer to pressure."""
    extends: str = ""
    """A scenario that this one changes: a file beside it, or the name of a shipped one. Keys given here replace
    its keys, parameters one by one, shocks and stocks by their id or importer."""
    description: str = ""
    """What it is about."""
    source: str = ""
    """Where it is described."""
    importers: Annotated[
        Names,
        WithJsonSchema(words("Whose months are shown; by default those whom the shocks name.", "JPN")),
    ] = ()
    as_bloc: bool = False
    """Join the importers into one."""
    months: Annotated[Whole, Field(ge=1, le=600)] = 24
    """Length of the run."""
    base_years: Annotated[
        tuple[Whole, ...],
        Field(description="Years whose mean is the base; by default the newest three full ones."),
    ] = ()
    quantities: Literal["raw", "cleaned"] = "cleaned"
    """Tons as published, or without outliers."""
    shocks: Annotated[tuple[ShockEntry, ...], Field(min_length=1)]
    """What happens."""
    stock_cover: tuple[StockEntry, ...] = ()
    """What is held against it; of everybody else the stock is unknown."""
    parameters: Annotated[
        dict[str, ParameterEntry], BeforeValidator(_settings), WithJsonSchema(_settings_schema())
    ] = Field(default_factory=dict)
    plan: PlanEntry | None = None
    """Who plans against whom, with what money, and what must be kept; of type plan."""
    response: ResponseEntry | None = None
    """What members do when pressure comes; of type response."""


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file.

    A file that extends another may leave out what it does not change: only ``version`` is required of it.
    """
    schema = ScenarioFile.model_json_schema()
    schema.pop("required")
    needed = schema["$defs"]["ShockEntry"].pop("required")
    alone = {
        "required": ["version", "name", "shocks"],
        "properties": {"shocks": {"items": {"required": needed}}},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "if": {"required": ["extends"]},
        "then": {"required": ["version"]},
        "else": alone,
    }
