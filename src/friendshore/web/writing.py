"""Write a view as a page: templates, assets, addresses. Everything written into a page is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from friendshore.charts import finished, picture
from friendshore.errors import FriendshoreError
from friendshore.records import Note
from friendshore.report.brief import shown
from friendshore.report.cells import qualifications
from friendshore.report.words import say, words_in
from friendshore.tables.sources import bibtex
from friendshore.web.forms import form_fields
from friendshore.web.pages import Page, menu
from friendshore.web.records import Asked
from friendshore.web.sections import Section, View, grid, pictures

__all__ = ["address", "asset", "asset_address", "failure_page", "poster_of", "write_page"]


def address(path: str, pairs: Iterable[tuple[str, str]] = ()) -> str:
    """Write an address of this server."""
    query = urlencode(list(pairs))
    return f"{path}?{query}" if query else path


@cache
def asset(name: str) -> bytes:
    """Return a style sheet or script of this package."""
    return files("friendshore.web").joinpath(f"static/{name}").read_bytes()


@cache
def asset_address(name: str) -> str:
    """Return its address, which changes with its text and may so be kept for good."""
    return f"/static/{sha256(asset(name)).hexdigest()[:12]}/{name}"


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
    lang, words = asked.lang, words_in(asked.lang)
    every_row = ("rows", "all") in asked.query
    here = "/" if page.name == "start" else f"/{page.name}"
    problems = {str(row.get("field")): row for row in failure.rows} if failure else {}
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
            fields=form_fields(page.question, asked, problems) if page.question else (),
            failure=failure,
            problems=problems,
            sections=[_section(one, view, page, asked, every_row=every_row) for one in view.sections],
            qualified=qualifications(view.finding, lang) if view.finding else (),
            bibtex=bibtex(view.finding.sources) if view.finding and view.finding.sources else "",
            files=_files(page, asked) if view.finding and page.question else (),
            asset=asset_address,
            address=address,
        )
    )
    return written


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
        "subtitle": words.tell(section.subtitle) if section.subtitle else "",
        "notes": [words.tell(note) for note in section.notes],
        "pictures": [] if waiting else pictures(section, words),
        "narrow": section.narrow,
        "table": grid(finding, asked.lang, links=section.links, most=most)
        if finding and finding.rows and not waiting
        else None,
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


def _files(page: Page, asked: Asked) -> Sequence[tuple[str, str]]:
    """List the whole answer as files, and where a program asks for it."""
    if page.question is None:
        return ()
    name = page.question.name
    told = [
        (kind.upper(), address(f"/file/{name}.{kind}", (*asked.query, ("lang", asked.lang))))
        for kind in ("csv", "xlsx", "html")
    ]
    return [*told, ("JSON", address(f"/api/{name}", asked.query))]


def poster_of(section: Section, view: View, asked: Asked) -> bytes:
    """Draw a section to stand alone: title, measure, picture, source, and the command that gives the numbers."""
    words = words_in(asked.lang)
    finding = section.finding or view.finding
    if section.draw is None or finding is None:
        raise ValueError(f"section {section.id} has no picture")
    measure = words.tell(section.subtitle) if section.subtitle else ""
    svg = finished(section.draw(words, 760), finding, words.tell(section.title), measure, words)
    return picture(svg, asked.suffix.removeprefix("."))
