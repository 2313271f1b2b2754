"""What a brief says of the forecast's record on real events, and the notice that it drafts."""

from __future__ import annotations

import math
from statistics import median

from friendshore.answers.brief_course import Course
from friendshore.answers.brief_endurance import Endured, goods_named
from friendshore.answers.brief_setting import Setting
from friendshore.answers.framing import DEFAULT_DATA
from friendshore.disruption.hindcast import tons_errors
from friendshore.records import Amount, Entry, Listing, Name, Note
from friendshore.tables.opening import open_world
from friendshore.tables.world import World

__all__ = ["notice_of", "record_for", "record_of"]

NAMED = 5
LEAST_EVENTS = 3


def record_of(setting: Setting, compared: tuple[str, ...]) -> Note | None:
    """Say how forecasts did in the events that are comparable, or in all where none is.

    Every event is forecast by a fit that never saw its cluster. The catalogue is of real trade, so it is tried on
    the data in the box whatever data the brief is about.
    """
    return record_for(setting.world, compared)


def record_for(asked: World, compared: tuple[str, ...]) -> Note | None:
    """Say the same of any answer: see :func:`record_of`."""
    world = asked if asked.name == DEFAULT_DATA else open_world(DEFAULT_DATA)
    errors = world.once(("tons errors",), lambda: tons_errors(world))
    tried = [each for each in errors if not math.isnan(each[1])]
    like = [each for each in tried if each[0] in compared]
    few = len({event for event, _ in like}) < LEAST_EVENTS
    kept = tried if few else like
    if not kept:
        return None
    values = {
        "events": str(len({event for event, _ in kept})),
        "rows": str(len(kept)),
        "off": Amount(value=median(error for _, error in kept), unit="share"),
    }
    return Note(
        template="No event of the catalogue is comparable to this one. In all its {events} events ({rows} "
        "importers), each "
        "forecast without having seen it, half of the forecasts of a year's imports were within {off} of what came."
        if few
        else "In {events} comparable events of the catalogue ({rows} importers), each forecast without "
        "having seen it, half "
        "of the forecasts of a year's imports were within {off} of what came.",
        values=values,
    )


def notice_of(setting: Setting, known: Endured, course: Course | None, title: Note) -> tuple[Entry, ...]:
    """Draft a notice to partners; what the data cannot know is left to the sender."""
    values = {
        "supplier": setting.supplier,
        "importer": Name(key=setting.lead),
        "goods": goods_named(known, known.shown[:NAMED]),
    }
    helpers: tuple[Note, ...] = ()
    if course is not None:
        more = [each["exporter"] for r in course.read for each in r["replaced_by"][:NAMED]]
        if more:
            helpers = (
                Note(
                    template="For {product} the data point to these suppliers of the same grade: {names}.",
                    values={
                        "product": Name(key=course.product, kind="product"),
                        "names": Listing(items=tuple(Name(key=code) for code in dict.fromkeys(more))),
                    },
                ),
            )
    return (
        Entry(head=Note(template="From, to, date, contact")),
        Entry(
            head=Note(template="Impact"),
            told=(
                Note(template="{title}.", values={"title": title}),
                Note(template="This is a computation from trade data of past years, not an observation."),
            ),
        ),
        Entry(
            head=Note(template="Cause"),
            told=(Note(template="Deliveries from {supplier} stop (assumed in this page).", values=values),),
        ),
        Entry(
            head=Note(template="Expected duration"),
            told=(Note(template="Twelve months are assumed in this page; the data cannot know it."),),
        ),
        Entry(
            head=Note(template="Affected sectors"),
            told=(Note(template="Users of {goods}.", values=values),),
        ),
        Entry(head=Note(template="Measures taken")),
        Entry(head=Note(template="Help wanted"), told=helpers),
    )
