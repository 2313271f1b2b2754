"""What a page on exposure says and shows: question, sentence, three numbers, pictures, as a brief does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from friendshore.answers.actors import Actor, supplier_set
from friendshore.answers.brief_numbers import answer_of, key_numbers, question_of
from friendshore.answers.brief_panels import heat_panel, others_panel
from friendshore.answers.brief_setting import Setting, finding
from friendshore.answers.brief_traced import traced_panel
from friendshore.answers.exposure_history import history, history_title
from friendshore.answers.exposure_read import readings_of
from friendshore.answers.readings import BY_VALUE, actors_of
from friendshore.records import Finding, KeyNumber, Name, Note, Panel
from friendshore.tables.world import World

__all__ = ["Exposed", "exposed", "members_of"]

MOST_SERIES = 6
"""Most products of the picture over time."""


@dataclass(frozen=True)
class Exposed:
    """The words and pictures of one page; who they are about, as charts ask for it."""

    question: Note
    answer: Note
    numbers: tuple[KeyNumber, ...]
    importers: tuple[str, ...]
    joint: bool
    members: tuple[str, ...]
    supplier_members: tuple[str, ...]
    year_before: int | None
    panels: tuple[Panel, ...]
    """``traced``, ``history``, ``heat``, ``others``, those that there are."""


def exposed(
    world: World,
    importers: Sequence[str],
    found: Sequence[Finding],
    on: Sequence[str],
    *,
    as_bloc: bool,
    products: Sequence[str],
    group: str,
    year: int,
    years: Sequence[int],
) -> Exposed:
    """Say and draw what findings of ``exposure`` hold.

    Parameters
    ----------
    world
        The opened data set.
    importers, on, as_bloc, products, group, year
        As asked; the year is the one that is spoken of.
    found
        The finding of the importers, then, where there are several, that of all of them joined.
    years
        Of the picture over time.
    """
    actors, joint = actors_of(importers, world, year, as_bloc=as_bloc)
    if joint and len(found) < 2:
        actors, joint = actors[:-1], False
    readings = readings_of(world, actors, found, on, joint=joint, products=products, year=year)
    setting = Setting(
        world=world,
        readings=readings,
        on=tuple(on),
        suppliers=supplier_set(on, world, year),
        members=members_of(actors, year),
        asked=tuple(products),
        as_bloc=as_bloc,
    )
    panels = [history_panel(setting, actors, years), heat_panel(setting), others_panel(setting)]
    if len(products) > 1:
        panels.insert(0, traced_panel(setting))
    return Exposed(
        question=question_of(readings, on, group, world.name),
        answer=answer_of(readings, on),
        numbers=numbers_of(key_numbers(readings, on)),
        importers=readings.names,
        joint=joint,
        members=setting.members,
        supplier_members=setting.suppliers,
        year_before=readings.year_before,
        panels=tuple(panel for panel in panels if panel is not None),
    )


def members_of(actors: Sequence[Actor], year: int) -> tuple[str, ...]:
    """List everybody in the importers."""
    return tuple(sorted({code for actor in actors for code in actor.members(year)}))


def numbers_of(told: Sequence[KeyNumber]) -> tuple[KeyNumber, ...]:
    """Leave out what the traced shares were before: a page does not wait for a second year to be traced."""
    kept = tuple(each.model_copy(update={"before": None, "before_high": None}) for each in told[1].values)
    return (told[0], told[1].model_copy(update={"values": kept}), *told[2:])


def history_panel(setting: Setting, actors: Sequence[Actor], years: Sequence[int]) -> Panel | None:
    """Share and concentration over years, of the products that matter most."""
    if len(years) < 2:
        return None
    lead = setting.lead
    chosen = sorted(
        setting.at_issue(),
        key=lambda p: (-(setting.readings.figure(BY_VALUE, lead, p, "imports_usd") or 0.0), p),
    )[:MOST_SERIES]
    rows = history(setting.world, actors, chosen, setting.on, years)
    title = history_title(rows, setting.on, lead)
    values: dict[str, Any] = {
        "supplier": setting.supplier,
        "importer": Name(key=lead),
        "first": str(years[0]),
        "last": str(years[-1]),
        "count": str(len(chosen)),
    }
    return Panel(
        id="history",
        title=title,
        subtitle=Note(
            template="Share of imports that comes directly from {supplier}, and concentration of all suppliers "
            "(Herfindahl-Hirschman index), by value, 0 to 1, {first} to {last}"
            if len(chosen) == 1
            else "Share of imports that comes directly from {supplier}, by value, 0 none to 1 all, {first} to {last}; "
            "the products most at issue with the largest imports",
            values=values,
        ),
        alt=Note(
            template="Lines over years in {count} small charts. {title}.", values={"title": title, **values}
        ),
        finding=finding(
            setting,
            "exposure-history",
            ("product", "importer", "year", "supplier_share", "import_hhi", "imports_usd"),
            rows,
            title,
        ),
        notes=(
            Note(template="A gap in a line: nothing was bought in that year, or the bloc did not exist."),
        ),
    )
