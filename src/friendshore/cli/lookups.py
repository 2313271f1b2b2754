"""``blocs`` and ``products``: what can be named in a question. Tables are read, nothing is computed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from friendshore.cli.arguments import Common, question
from friendshore.cli.delivery import deliver
from friendshore.cli.register_rows import formats_and_pacts, pact_named, parties_of
from friendshore.errors import ArgumentError

if TYPE_CHECKING:
    from friendshore.records import Finding, Note
    from friendshore.tables.blocs import Bloc
    from friendshore.tables.products import Absent

__all__ = ["blocs", "chosen_day", "products"]

_SOURCES = {
    "blocs": ("friendshore_blocs", "friendshore_measures"),
    "products": ("friendshore_products", "friendshore_materials", "friendshore_groups"),
}


@question
def blocs(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A bloc: lists its members.", show_default=False)
    ] = "",
    on: Annotated[
        str,
        typer.Option(
            "--on",
            metavar="DATE",
            help="Members on this day (YYYY-MM-DD, or YYYY for its last day).",
            show_default=False,
        ),
    ] = "",
    tied: Annotated[
        bool,
        typer.Option("--ties", help="Who is tied to whom by how many; with NAME, the ties of a country."),
    ] = False,
    *,
    options: Common,
) -> None:
    """List the blocs, formats and pacts, or the members of one with dates."""
    day = chosen_day(on)
    if tied:
        from friendshore.answers.measures import ties

        deliver(ties(on=day, of=name), options)
        return
    deliver(_members(name, day) if name else _all_blocs(day), options)


def chosen_day(text: str) -> date | None:
    """Read ``--on`` of a register: a day, or a year for its last day."""
    if not text:
        return None
    try:
        return date.fromisoformat(f"{text}-12-31" if re.fullmatch(r"\d{4}", text, re.ASCII) else text)
    except ValueError as error:
        raise ArgumentError(
            f"--on is {text!r}; expected a day as 2019-12-31.",
            code="bad_date",
            hint="Write the day as YYYY-MM-DD, or a year for its last day.",
        ) from error


def _all_blocs(day: date | None) -> Finding:
    from friendshore.records import Note
    from friendshore.tables.blocs import blocs as known

    rows = [
        {
            "bloc": bloc.id,
            "name_en": bloc.name_en,
            "name_ja": bloc.name_ja,
            "kind": bloc.kind,
            "members": len(_holding(bloc, day)),
            "aliases": "; ".join(bloc.aliases) or None,
            "note": bloc.note or None,
        }
        for bloc in known().values()
    ]
    answer = Note(
        template="{count} blocs can be named; friendshore blocs NAME lists the members of one.",
        values={"count": len(rows)},
    )
    found = _found("blocs", "blocs", {"on": day.isoformat() if day else None}, rows, answer)
    return found.model_copy(update={"tables": formats_and_pacts(day)})


def _holding(bloc: Bloc, day: date | None) -> list[str]:
    """Members on a day; without one, those that have not left."""
    return sorted({stay.country for stay in bloc.members if (stay.holds(day) if day else stay.until is None)})


def _members(name: str, day: date | None) -> Finding:
    from friendshore.records import Name, Note
    from friendshore.tables.blocs import find_bloc, members
    from friendshore.tables.countries import country_name

    bloc = find_bloc(name)
    if bloc is None and (pact := pact_named(name)) is not None:
        rows, answer = parties_of(pact, day)
        arguments = {"name": pact.id, "on": day.isoformat() if day else None}
        return _found("blocs", "members", arguments, rows, answer)
    if bloc is None:
        members(name, date.max)  # raises the error that names the nearest bloc
        raise AssertionError
    rows = [
        {
            "bloc": bloc.id,
            "country": stay.country,
            "country_name": country_name(stay.country),
            "since": stay.since.isoformat(),
            "until": stay.until.isoformat() if stay.until else None,
            "precision": stay.precision,
            "source": stay.source,
            "url": stay.url or None,
            "verification": stay.verification,
        }
        for stay in bloc.members
        if day is None or stay.holds(day)
    ]
    count = len(_holding(bloc, day))
    answer = (
        Note(
            template="On {day} {name} had {count} members.",
            values={"name": Name(key=bloc.id), "count": count, "day": day.isoformat()},
        )
        if day
        else Note(
            template="Members of {name}: {count}; former members are listed with their last day.",
            values={"name": Name(key=bloc.id), "count": count},
        )
    )
    arguments = {"name": bloc.id, "on": day.isoformat() if day else None}
    return _found("blocs", "members", arguments, rows, answer)


@question
def products(
    text: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TEXT",
            help="Words in English or Japanese, or first digits of a code.",
            show_default=False,
        ),
    ] = None,
    *,
    options: Common,
) -> None:
    """Search products, groups and materials.

    Also says what the data do not hold, and why.
    """
    from friendshore.records import Note
    from friendshore.tables.opening import open_world

    world = open_world(options.data)
    wanted = " ".join(text or ())
    held = set(world.products)
    rows = [*_product_rows(wanted, held), *_group_rows(wanted, held), *_material_rows(wanted, held)]
    rows += _absent_rows(wanted)
    answer = (
        Note(
            template="{count} entries match {text}; {held} of them are in {data}.",
            values={
                "count": len(rows),
                "text": wanted,
                "held": sum(row["in_data"] for row in rows),
                "data": world.name,
            },
        )
        if wanted
        else Note(
            template="{data} holds {count} products, coded in {hs}.",
            values={"data": world.name, "count": len(held), "hs": world.hs},
        )
    )
    arguments = {"text": wanted, "data": world.name}
    deliver(_found("products", "products", arguments, rows, answer), options)


def _matches(wanted: str, names: Iterable[str]) -> bool:
    from friendshore.tables.products import search_key

    keys = [search_key(name) for name in names if name]
    return all(any(word in key for key in keys) for word in search_key(wanted).split())


def _row(
    kind: str, code: str | None, names: tuple[str, str | None], in_data: bool, **more: str
) -> dict[str, Any]:
    return {
        "kind": kind,
        "code": code,
        "name_en": names[0],
        "name_ja": names[1],
        "stage": more.get("stage") or None,
        "in_data": in_data,
        "products": more.get("products") or None,
        "note": more.get("note") or None,
    }


def _product_rows(wanted: str, held: set[str]) -> list[dict[str, Any]]:
    """Products with a label of ours, and codes of the opened data that have none."""
    from friendshore.tables.products import find_products
    from friendshore.tables.products import products as labelled

    rows = [
        _row("product", p.code, (p.label_en, p.label_ja), p.code in held, stage=p.stage, note=p.note)
        for p in find_products(wanted)
        if wanted or p.code in held
    ]
    return rows + [
        _row("product", code, (code, None), True)
        for code in sorted(held - set(labelled()))
        if code.startswith(wanted)
    ]


def _group_rows(wanted: str, held: set[str]) -> list[dict[str, Any]]:
    from friendshore.tables.products import groups

    return [
        _row(
            "group", g.name, (g.label_en, g.label_ja), bool(held & set(g.products)), products="; ".join(g.products),
            note=g.note,
        )
        for g in groups().values()
        if _matches(wanted, (g.name, g.label_en, g.label_ja))
    ]  # fmt: skip


def _material_rows(wanted: str, held: set[str]) -> list[dict[str, Any]]:
    from friendshore.tables.materials import materials

    rows = []
    for m in materials().values():
        if _matches(wanted, (m.id, m.label_en, m.label_ja, m.symbol)):
            codes = list(dict.fromkeys(code for stage in m.stages for code in stage.codes))
            rows.append(
                _row(
                    "material",
                    m.id,
                    (m.label_en, m.label_ja),
                    bool(held & set(codes)),
                    products="; ".join(codes),
                )
            )
    return rows


def _absent_rows(wanted: str) -> list[dict[str, Any]]:
    """List what a search finds that no data of ours can show, with the reason."""
    from friendshore.tables.products import groups

    if not wanted:
        return []
    found: Mapping[str, Absent] = {
        absent.label_en: absent
        for group in groups().values()
        for absent in group.absent
        if _matches(wanted, (absent.label_en, absent.label_ja, *absent.keywords, *absent.codes))
    }
    return [
        _row(
            "absent", "; ".join(a.codes) or None, (a.label_en, a.label_ja), False,
            note=f"{a.why}; {a.note}" if a.note else str(a.why),
        )
        for a in found.values()
    ]  # fmt: skip


def _found(
    asked: str, table: str, arguments: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], answer: Note
) -> Finding:
    from friendshore.records import Finding
    from friendshore.tables.schemas import columns
    from friendshore.tables.sources import sources

    words = ["friendshore", asked, *str(arguments.get("name") or arguments.get("text") or "").split()]
    words += ["--on", str(arguments["on"])] if arguments.get("on") else []
    return Finding(
        question=asked,
        arguments=dict(arguments),
        columns=columns(table),
        rows=tuple(rows),
        answer=answer,
        sources=tuple(sources()[name] for name in _SOURCES[asked]),
        command=shlex.join(words),
    )
