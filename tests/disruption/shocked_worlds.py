"""A world with one shock that can be solved by hand: AUS stops selling ore, in 2010, to all."""

from __future__ import annotations

from friendshore.disruption.events import Event, events
from worlds import world

ORE = "260400"
BLANK = next(event for event in events() if event.id == "IDN_NI_2014")


def shock(**changes) -> Event:
    """An event of the toy world."""
    plain = {
        "id": "TOY", "products_hs92": (ORE,), "exporters": ("AUS",), "importers": (), "first_year": 2010,
        "base_years": (2008, 2009), "outcome_years": (2010, 2011), "severity_tons": 0.5, "cluster": "TOY",
        "actor": "seller",
    }  # fmt: skip
    return BLANK.model_copy(update=plain | changes)


def flows(bought, years=range(2000, 2012), price=1e5):
    """(year, exporter, importer, product, dollars, tons) of {(exporter, importer): tons or year -> tons}."""
    for (exporter, importer), tons in bought.items():
        for year in years:
            sold = tons(year) if callable(tons) else tons
            if sold:
                yield (year, exporter, importer, ORE, sold * price, sold)


def after(before, then, year=2010):
    return lambda now: then if now >= year else before


STEADY = {
    ("AUS", "JPN"): after(60.0, 20.0),
    ("CHL", "JPN"): after(30.0, 50.0),
    ("PER", "JPN"): 10.0,
    ("AUS", "KOR"): after(100.0, 60.0),
    ("AUS", "DEU"): after(4.0, 0.0),
    ("PER", "DEU"): 96.0,
    ("CHL", "USA"): 60.0,
    ("AUS", "NZL"): after(1.0, 0.5),
}
"""JPN is exposed to 60 %, KOR to 100 %, DEU to 4 % (too little); NZL buys for 100,000 dollars (too little)."""


def toy():
    return world(flows(STEADY))
