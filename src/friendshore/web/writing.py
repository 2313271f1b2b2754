"""Write a view as a page: templates, assets, addresses. Everything written into a page is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any
from urllib.parse import urlencode

from friendshore.charts import finished, picture
from friendshore.charts.wording import Words
from friendshore.errors import FriendshoreError
from friendshore.records import Note
from friendshore.report.brief import shown
from friendshore.report.cells import qualifications
from friendshore.report.number_cards import card
from friendshore.report.words import say, words_in
from friendshore.tables.sources import bibtex
from friendshore.web.assets import asset_address
from friendshore.web.forms import form_fields, suggestions
from friendshore.web.pages import Page, menu
from friendshore.web.records import Asked
from friendshore.web.sections import Grid, Section, View, grid, pictures
from friendshore.web.understanding import problem_rows

__all__ = ["address", "failure_page", "poster_of", "write_page"]


def address(path: str, pairs: Iterable[tuple[str, str]] = ()) -> str:
    """Write an address of this server."""
    query = urlencode(list(pairs))
    return f"{path}?{query}" if query else path


@cache
def environment() -> Any:  # noqa: ANN401  a Jinja environment
    """Open the templates of this package."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("friendshore.web"),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def write_page(page: Page, view: View, asked: Asked) -> str:
    """Write a page in the language that was asked for."""
    return _rendered(view.template, page, view, asked, failure=None)


def failure_page(error: FriendshoreError, asked: Asked) -> str:
    """Write a refusal: the page's own form with the problem beside each field, or a page that only tells it."""
    from friendshore.web.pages import page_named

    try:
        page = page_named(asked.name)
    except FriendshoreError:
        page = page_named("start")
        return _rendered(
            "failure.html.j2", page, View(Note(template="This page does not exist")), asked, failure=error
        )
    return _rendered("failure.html.j2", page, View(Note(template=page.title)), asked, failure=error)


def _rendered(
    template: str, page: Page, view: View, asked: Asked, *, failure: FriendshoreError | None
) -> str:
    from friendshore import __version__

    lang, words = asked.lang, words_in(asked.lang)
    every_row = ("rows", "all") in asked.query
    here = "/" if page.name == "start" else f"/{page.name}"
    here += f"/{asked.part}" if asked.kind == "page" and asked.part else ""
    problems = _problems(failure, page, asked, here) if failure else {}
    fields = form_fields(page.question, asked, problems) if page.question else ()
    written: str = (
        environment()
        .get_template(template)
        .render(
            t=partial(say, lang=lang),
            tell=words.tell,
            lang=lang,
            words=words,
            page=page,
            view=view,
            menu=menu(),
            here=here,
            query=asked.query,
            again=address(here, asked.query),
            switch=address(here, (*asked.query, ("lang", "en" if lang == "ja" else "ja"))),
            fields=fields,
            failure=failure,
            problems=problems,
            unplaced=[row for name, row in problems.items() if name not in {field.name for field in fields}],
            suggestions=suggestions(lang),
            numbers=_numbers(view, words),
            version=__version__,
            sections=[_section(one, view, page, asked, every_row=every_row) for one in view.sections],
            qualified=qualifications(view.finding, lang) if view.finding else (),
            bibtex=bibtex(view.finding.sources) if view.finding and view.finding.sources else "",
            files=_files(page, asked) if view.finding and page.question else (),
            asset=asset_address,
            address=address,
        )
    )
    return written


def _problems(
    failure: FriendshoreError, page: Page, asked: Asked, here: str
) -> Mapping[str, Mapping[str, Any]]:
    """Say what is wrong by field, with a link for each thing that may have been meant."""
    from friendshore.tables.products import product_name, products

    rows = problem_rows(page.question, asked.query, failure, asked.lang)
    for row in rows.values():
        row["offered"] = [
            (f"{code} {product_name(code, asked.lang)}" if code in products() else code, address(here, pairs))
            for code, pairs in row.get("found", ())
        ]
    return rows


def _numbers(view: View, words: Words) -> Sequence[Mapping[str, Any]]:
    """Finish the numbers on top; each leads to the part of the page that it comes from."""
    first = view.sections[0].id if view.sections else "again"
    anchors = dict(enumerate(view.anchors))
    return [card(key, anchors.get(place, first), view.since, words) for place, key in enumerate(view.numbers)]


def _section(section: Section, view: View, page: Page, asked: Asked, *, every_row: bool) -> Mapping[str, Any]:
    """Finish a section: pictures, table, where its files are, what its numbers come from."""
    words = words_in(asked.lang)
    finding = section.finding
    query = tuple(pair for pair in asked.query if pair[0] != "rows")
    most = 10**9 if every_row else section.most
    waiting = section.job is not None
    return {
        "id": section.id,
        "title": words.tell(section.title),
        "said": view.answer is not None and words.tell(view.answer) == words.tell(section.title),
        "subtitle": words.tell(section.subtitle) if section.subtitle else "",
        "notes": [words.tell(note) for note in section.notes],
        "pictures": [] if waiting else pictures(section, words),
        "narrow": section.narrow,
        "table": None if waiting else table_of(section, asked.lang, most),
        "opened": section.opened,
        "job": section.job,
        "cite": words.listed([source.title.split(":")[0] for source in finding.sources]) if finding else "",
        "files": [
            (kind.upper(), address(f"/chart/{page.name}/{section.id}.{kind}", (*query, ("lang", asked.lang))))
            for kind, there in (("csv", finding), ("svg", section.draw), ("png", section.draw))
            if there and not waiting
        ],
        "all_rows": address(f"/{page.name}", (*query, ("rows", "all"))) + f"#{section.id}",
        "template": section.template,
        "values": section.values,
    }


def table_of(section: Section, lang: str, most: int) -> Grid | None:
    """Write the table of a section, if it has one."""
    if section.table is not None:
        return section.table(words_in(lang))
    if section.finding is None or not section.finding.rows:
        return None
    return grid(
        section.finding,
        lang,
        links=section.links,
        most=most,
        skip=section.skip,
        heads=section.heads,
        named=section.named,
    )


def _files(page: Page, asked: Asked) -> Sequence[tuple[str, str]]:
    """List the whole answer as files, and where a program asks for it."""
    if page.question is None:
        return ()
    name = page.question.name
    # What the page alone understands (which rows it shows) is no part of the question.
    known = {field.name for field in page.question.fields} | {"data"}
    query = [pair for pair in asked.query if pair[0] in known]
    told = [
        (kind.upper(), address(f"/file/{name}.{kind}", (*query, ("lang", asked.lang))))
        for kind in ("csv", "xlsx", "html")
    ]
    return [*told, ("JSON", address(f"/api/{name}", query))]


def poster_of(section: Section, view: View, asked: Asked) -> bytes:
    """Draw a section to stand alone: title, measure, picture, source, and the command that gives the numbers."""
    words = words_in(asked.lang)
    finding = section.finding or view.finding
    if section.draw is None or finding is None:
        raise ValueError(f"section {section.id} has no picture")
    measure = words.tell(section.subtitle) if section.subtitle else ""
    svg = finished(section.draw(words, 760), finding, words.tell(section.title), measure, words)
    return picture(svg, asked.suffix.removeprefix("."))
