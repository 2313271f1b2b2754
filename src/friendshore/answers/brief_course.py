"""What happens month by month to the goods most at issue in a brief: path, who replaces, what matters most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from friendshore.answers.brief_endurance import MONTHS, Endured, worth
from friendshore.answers.brief_setting import Setting, finding
from friendshore.answers.framing import spans
from friendshore.answers.readings import BY_VALUE
from friendshore.answers.sensitivity import tornado
from friendshore.answers.stress import stress
from friendshore.answers.stress_cases import Cut, case_of_cut
from friendshore.errors import FriendshoreError
from friendshore.records import Amount, Finding, Listing, Name, Note, Panel

__all__ = ["Course", "course_of", "course_panels"]

COURSES = 3
"""Most importers whose months are drawn."""


@dataclass(frozen=True, eq=False)
class Course:
    """The months of one product."""

    product: str
    names: tuple[str, ...]
    as_bloc: bool
    stressed: Finding
    matters: Finding | None

    @property
    def read(self) -> tuple[Mapping[str, Any], ...]:
        """What was read off the months, one record an importer."""
        return read_of(self.stressed)


def read_of(stressed: Finding) -> tuple[Mapping[str, Any], ...]:
    """Return the records of a stress finding."""
    told: Any = stressed.summary
    return tuple(told)


def course_of(
    setting: Setting,
    importers: Sequence[str],
    known: Endured,
    events: Mapping[tuple[str, str], tuple[str, ...]],
) -> Course | None:
    """Run the product of which goods worth most are missing, cut off from all importers at once.

    Goods with comparable events come first: of the others no interval is known.
    """
    like = {codes for (_, codes), found in events.items() if found}
    goods = max(
        known.shown, key=lambda g: ((known.row(g) or {}).get("product") in like, worth(setting, known, g), g)
    )
    row = known.row(goods)
    codes = row["product"].split("+") if row else []
    bought = [c for c in codes if setting.readings.figure(BY_VALUE, setting.lead, c, "imports_usd")]
    if not bought:
        return None
    product = max(
        bought, key=lambda c: (setting.readings.figure(BY_VALUE, setting.lead, c, "imports_usd"), c)
    )
    # Importers that overlap cannot be run at once: then the one that holds the others.
    lead = (tuple(importers), True) if "+" in setting.lead else ((setting.lead,), False)
    for names, join in ((tuple(importers), setting.as_bloc), lead):
        try:
            found = stress(
                names, on=setting.on, products=(product,), months=MONTHS, as_bloc=join, world=setting.world
            )
        except FriendshoreError:
            continue
        return Course(product, names, join, found, what_matters(setting, names, found, product, as_bloc=join))
    return None


def what_matters(
    setting: Setting, names: Sequence[str], stressed: Finding, product: str, *, as_bloc: bool
) -> Finding | None:
    """Vary one assumption at a time for the importer that misses most of its demand."""
    worst = max(read_of(stressed), key=lambda each: (each["peak_shortage_share"], each["importer"]))
    try:
        case = case_of_cut(
            Cut(on=setting.on, products=(product,), months=MONTHS), names, setting.world, as_bloc=as_bloc
        )
        return tornado(case.market, case.shocks, case.stocks, [worst["importer"]], [product], months=MONTHS)
    except FriendshoreError:
        return None


def course_panels(setting: Setting, course: Course) -> tuple[Panel, ...]:
    """Draw up the path, who replaces, and what matters most."""
    made = (path_panel(setting, course), replaced_panel(setting, course), tornado_panel(course))
    return tuple(panel for panel in made if panel is not None)


def about(setting: Setting, course: Course) -> dict[str, Any]:
    """Values that all notes on a course share."""
    return {
        "product": Name(key=course.product, kind="product"),
        "supplier": setting.supplier,
        "importers": Listing(items=tuple(Name(key=n) for n in course.stressed.arguments["importers"])),
        "years": spans(course.stressed.arguments["base_years"]),
    }


def path_panel(setting: Setting, course: Course) -> Panel:
    """Draw up the months."""
    values = about(setting, course)
    told = course.stressed
    names = list(dict.fromkeys(row["importer"] for row in told.rows))
    rows = [row for row in told.rows if row["importer"] in names[:COURSES]]
    known = any(row["shortage_share_low"] is not None for row in rows)
    return Panel(
        id="path",
        title=told.answer,
        subtitle=Note(
            template="{product}: part of demand missing by month when {supplier} delivers nothing to {importers} for "
            "twelve months, and stock above the line; band: interval of 80 %; base {years}"
            if known
            else "{product}: part of demand missing by month when {supplier} delivers nothing to {importers} for "
            "twelve months, and stock above the line; no interval, since no comparable event; base {years}",
            values=values,
        ),
        alt=Note(template="Bars below a line by month. {title}", values={"title": told.answer}),
        finding=told.model_copy(update={"rows": tuple(rows)}),
        notes=(
            Note(
                template="Shown: of the materials or products above, with comparable events where there are any, "
                "the one of which goods worth most are missing."
            ),
            *told.caveats,
        ),
    )


def replaced_panel(setting: Setting, course: Course) -> Panel | None:
    """Draw up who delivers more than before."""
    told = [each for each in course.read if each["replaced_by"]][:COURSES]
    rows = [
        {"importer": each["importer"], "exporter": by["exporter"], "more_t": by["more_t"]}
        for each in told
        for by in each["replaced_by"]
    ]
    if not rows:
        return None
    values = about(setting, course) | {
        "each": Listing(
            items=tuple(
                Note(
                    template="for {importer} {share}",
                    values={
                        "importer": Name(key=each["importer"]),
                        "share": Amount(value=each["replaced_share"], unit="share"),
                    },
                )
                for each in told
            )
        ),
    }
    title = Note(template="Others replace of what is lost in twelve months: {each}", values=values)
    made = finding(setting, "brief-replaced", ("importer", "exporter", "more_t"), rows, title)
    return Panel(
        id="replaced",
        title=title,
        subtitle=Note(
            template="{product}: tons that other suppliers of the same grade deliver more than before, over twelve "
            "months",
            values=values,
        ),
        alt=Note(template="Bars by supplier. {title}.", values={"title": title}),
        finding=made.model_copy(update={"summary": tuple(told)}),
    )


def tornado_panel(course: Course) -> Panel | None:
    """Draw up which assumptions move the answer most."""
    told = course.matters
    if told is None or not told.rows:
        return None
    values = {
        "product": Name(key=course.product, kind="product"),
        "importer": Name(key=told.rows[0]["importer"]),
    }
    return Panel(
        id="tornado",
        title=told.answer,
        subtitle=Note(
            template="{product}, {importer}: part of a year's demand missing when one assumption goes to the lower "
            "(pale) or "
            "upper (dark) end of its range; the line is the central run",
            values=values,
        ),
        alt=Note(template="Bars by assumption. {title}", values={"title": told.answer}),
        finding=told,
        notes=told.caveats,
    )
