"""An event of the catalogue as a shock."""

from __future__ import annotations

import pytest

from friendshore.disruption.event_shocks import shock_of
from friendshore.disruption.events import events
from friendshore.errors import ArgumentError

CATALOGUE = {event.id: event for event in events()}


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_event_of_the_catalogue_becomes_a_shock(name):
    event = CATALOGUE[name]
    shock = shock_of(event)
    assert (shock.suppliers, shock.importers, shock.products) == (
        event.exporters,
        event.importers,
        event.products_hs92,
    )
    assert shock.lost_share == pytest.approx(min(max(event.severity, 0), 1))


@pytest.mark.parametrize(
    ("name", "kind", "stopper"),
    [
        ("IDN_NI_2014", "export_ban", "seller"),
        ("CHN_REE_2010", "quota", "seller"),
        ("CHN_AUS_COAL_2020", "import_ban", "buyer"),
        ("IRN_CRUDE_ASIA_2012", "sanction", "third_party"),
        ("BRA_PEL_2015", "outage", "seller"),
        ("LBY_GAS_2011", "passage_closure", "seller"),
    ],
)
def test_a_measure_keeps_its_kind_and_a_failure_becomes_an_outage_or_a_closed_link(name, kind, stopper):
    shock = shock_of(CATALOGUE[name])
    assert (shock.kind, shock.who_stops) == (kind, stopper)


def test_an_event_without_severity_is_refused():
    event = CATALOGUE["IDN_NI_2014"].model_copy(update={"severity_tons": None, "severity_value": None})
    with pytest.raises(ArgumentError, match="no severity"):
        shock_of(event)
