"""An event of the catalogue as a shock."""

from __future__ import annotations

from types import MappingProxyType

from friendshore.disruption.events import Event
from friendshore.errors import ArgumentError
from friendshore.shocks import Kind, Profile, Shock, Stopper

__all__ = ["shock_of"]

KINDS: MappingProxyType[str, Kind] = MappingProxyType(
    {"export_ban": "export_ban", "quota": "quota", "sanction": "sanction", "import_ban": "import_ban"}
)
STOPPERS: MappingProxyType[str, Stopper] = MappingProxyType({"buyer": "buyer", "third_party": "third_party"})


def shock_of(event: Event) -> Shock:
    """Turn an event into a shock of its stated severity that lasts through its outcome years.

    A measure keeps its kind. A failure (disaster, war, closure, strike, unknown) is an outage where it strikes the
    world, and closed links without leakage where it struck some importers alone (a pipeline, a border). Who
    stops is the seller wherever neither a buyer nor a third party did.

    Raises
    ------
    ArgumentError
        Where the event states no severity.
    """
    if event.severity is None:
        raise ArgumentError(
            f"Event {event.id} states no severity, so there is no lost share.",
            code="no_severity",
            hint="Fill in severity_tons or severity_value.",
        )
    failure: Kind = "passage_closure" if event.importers else "outage"
    kind = KINDS.get(event.type, failure)
    return Shock(
        id=event.id,
        kind=kind,
        who_stops=STOPPERS.get(event.actor, "seller"),
        suppliers=event.exporters,
        importers=event.importers,
        products=event.products_hs92,
        lost_share=min(max(event.severity, 0.0), 1.0),
        profile=Profile(shape="quota" if kind == "quota" else "full_stop"),
        duration_months=12 * (max(event.outcome_years) - event.first_year + 1),
        source=event.source_url or event.documentation,
    )
