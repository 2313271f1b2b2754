"""Beside the months: how long we last, who else is hurt, how far to trust it, and where to go from here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from friendshore.charts.endurance import longevity as heat_of
from friendshore.errors import FriendshoreError
from friendshore.records import Finding, Note
from friendshore.report.words import say, words_in
from friendshore.web.desk import Desk, key_of
from friendshore.web.pages.disruption_parts import HEADS, same_in_all
from friendshore.web.parameters import pairs_of
from friendshore.web.questions import QUESTIONS
from friendshore.web.records import Given
from friendshore.web.sections import Section

__all__ = ["brief_address", "further", "leads"]

LASTING_HEADS: Mapping[str, str] = {
    **HEADS,
    "cut": "Struck",
    "supplier_share": "From there",
    "missing_3_months_t": "Missing, 3 months",
    "missing_12_months_t": "Missing, 12 months",
    "usable_suppliers": "Other suppliers of the same grade",
    "usable_exports_t": "They export a year",
    "import_bill_rise_usd": "Import bill rises by",
}
LASTING_SKIPPED = ("stock_known", "cover_days", "replaced_share_any_grade", "demand_t", "rationed_months")
MOST_MONTHS = 24


def further(desk: Desk, wanted: Given, finding: Finding, lang: str) -> tuple[Section, ...]:
    """Lay out what is asked besides."""
    found = [
        lasting(desk, wanted, finding),
        others(desk, wanted, finding),
        trust(desk, wanted, finding, lang),
    ]
    return tuple(section for section in found if section is not None)


def once(desk: Desk, name: str, wanted: Given, ask: Any) -> Any:  # noqa: ANN401  a finding or a note
    """Ask what belongs to a question once for as long as the worker holds its answers."""
    key = f"{key_of(wanted)}/{name}"
    if key not in desk.found:
        desk.found[key] = ask()
    return desk.found[key]


def lasting(desk: Desk, wanted: Given, finding: Finding) -> Section | None:
    """How long each importer lasts, cut off alone and with the world; of a scenario its own months tell."""
    if wanted.arguments["scenario"]:
        return None
    from friendshore.answers import longevity

    given = wanted.arguments

    def ask() -> Finding:
        told: Finding = longevity(
            given["importers"],
            on=given["on"],
            by="product",
            products=finding.arguments["products"],
            cover_days=given["cover_days"],
            lost_share=given["lost_share"],
            months=MOST_MONTHS if given["months"] > 12 else 12,
            as_bloc=given["as_bloc"],
            quantities=given["quantities"],
            any_grade=False,
            world=desk.world(wanted.data),
        )
        return told

    try:
        told: Finding = once(desk, "longevity", wanted, ask)
    except FriendshoreError:
        # a product without known tons among others: the months leave it out, and say so
        return None
    return Section(
        "lasting",
        told.answer
        if len(finding.arguments["products"]) > 1
        else Note(template="How long it lasts, struck alone and with the whole world"),
        subtitle=Note(
            template="If all of it stops at once and for good, aimed at one importer or at the whole world; months "
            "until a tenth is missing."
        ),
        draw=(lambda words, width: heat_of(told, words, width=width)[0]) if len(told.rows) > 4 else None,
        alt=Note(
            template="Table of goods by importer and cut, shaded. {title}.", values={"title": told.answer}
        ),
        finding=told,
        heads=LASTING_HEADS,
        named=("importer", "product", "cut"),
        skip=(*LASTING_SKIPPED, *same_in_all(told, "importer")),
        most=20,
        opened=len(told.rows) <= 16,
    )


def others(desk: Desk, wanted: Given, finding: Finding) -> Section:
    """Who else is hurt."""
    from friendshore.answers.stress_cases import Cut
    from friendshore.answers.stress_others import others_short

    given = wanted.arguments

    def ask() -> Finding:
        return others_short(
            given["importers"],
            cut=Cut(
                tuple(given["on"]), tuple(given["products"]), given["group"], given["lost_share"], given["months"],
                given["cover_days"], given["world_cut"], given["quantities"],
            ),
            scenario=given["scenario"],
            case=given["case"],
            as_bloc=given["as_bloc"],
            world=desk.world(wanted.data),
            command=finding.command,
        )  # fmt: skip

    told: Finding = once(desk, "others", wanted, ask)
    return Section(
        "others",
        told.answer,
        subtitle=Note(
            template="Importers that were not asked about and miss more than 1 % of some month's demand in the same "
            "run. The stock of others is not known."
        ),
        finding=told,
        heads=HEADS,
        named=("importer", "product"),
        skip=same_in_all(told, "product") if told.rows else (),
        most=10,
    )


def trust(desk: Desk, wanted: Given, finding: Finding, lang: str) -> Section | None:
    """How forecasts like these did on real events."""
    from friendshore.answers.brief_record import record_for

    records: Any = finding.summary
    events = tuple(dict.fromkeys(event for each in records for event in each["comparable_events"]))
    record: Note | None = once(desk, "record", wanted, lambda: record_for(desk.world(wanted.data), events))
    if record is None:
        return None
    return Section(
        "trust",
        Note(template="How far to trust it"),
        template="disruption_trust.html.j2",
        values={"record": words_in(lang).tell(record), "events": events},
    )


def leads(wanted: Given, finding: Finding, lang: str) -> Section:
    """Where to go from here: the same importers, suppliers and products on other pages."""
    from friendshore.web.writing import address

    given = wanted.arguments
    products = finding.arguments["products"]
    goods = [("group", given["group"])] if given["group"] else [("product", code) for code in products]
    data = [("data", wanted.data)] if wanted.data != "raw-materials" else []
    who = [("importer", name) for name in finding.arguments["importers"] if "+" not in name]
    if given["as_bloc"] or not who:
        parts = [part for name in finding.arguments["importers"] for part in name.split("+")]
        who = [*(("importer", part) for part in parts), ("as-bloc", "true")]
    on = [("on", name) for name in (given["on"] or finding.arguments["on"])]
    told = [
        (say("What they depend on today", lang), address("/exposure", [*who, *on, *goods, *data])),
    ]
    if given["scenario"]:
        if kind_of(given["scenario"]) in ("plan", "response"):
            told.append(
                (
                    say("What to buy elsewhere, build and hold", lang),
                    address("/plan", [("scenario", given["scenario"]), *data]),
                )
            )
        told.append(
            (
                say("Copy this scenario and change it", lang),
                address("/scenarios", [("from", given["scenario"])]),
            )
        )
    else:
        pairs = pairs_of(QUESTIONS["stress"], given, wanted.data)
        told.append(
            (
                say("Save this question as a scenario", lang),
                address("/scenarios", pairs),
            )
        )
    told.append((say("A brief for a minister", lang), brief_address(wanted, finding)))
    return Section(
        "next",
        Note(template="From here"),
        template="disruption_leads.html.j2",
        values={"leads": told},
    )


def kind_of(scenario: str) -> str:
    """Say what a scenario is for: stress, plan or response."""
    from friendshore.disruption.scenario_files import load_scenario

    return str(load_scenario(scenario).file.type)


def brief_address(wanted: Given, finding: Finding) -> str:
    """Where the brief of the same importers and suppliers is asked for."""
    from friendshore.web.writing import address

    given = wanted.arguments
    told = given["importers"] or finding.arguments["importers"]
    pairs = [("importer", part) for name in told for part in name.split("+")]
    pairs += [("on", name) for name in (given["on"] or finding.arguments["on"])]
    pairs += [("as-bloc", "true")] if given["as_bloc"] else []
    pairs += [("group", given["group"])] if given["group"] else []
    pairs += [("data", wanted.data)] if wanted.data != "raw-materials" else []
    return address("/brief", pairs)
