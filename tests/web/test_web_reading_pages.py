"""Start, sources and methods, the explanations, and the addresses for programs."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from contracts import ASKED
from pyarrow.parquet import read_table

import friendshore
from friendshore.parameters import PARAMETERS
from friendshore.tables.opening import open_world
from friendshore.web import job_book
from friendshore.web.desk import Desk
from friendshore.web.documents import EXPLANATION, REFERENCE, document, pages, title_of
from friendshore.web.keeping import Database
from friendshore.web.openapi_document import document as openapi
from friendshore.web.pages import page_named
from friendshore.web.pages.start import DOORS, WORKED
from friendshore.web.parameters import given
from friendshore.web.questions import QUESTIONS
from friendshore.web.records import Asked, Given
from friendshore.web.replying import reply

DOCS = Path(friendshore.__file__).resolve().parents[2] / "docs"
SOURCES = yaml.safe_load((Path(friendshore.__file__).parent / "data/sources.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def desk():
    return Desk()


def shown(desk, name, lang="en", part=""):
    answered = reply(Asked("page", name, (), lang, "", part), desk)
    assert answered.status == 200
    return html.unescape(answered.body.decode())


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_start_tells_what_is_loaded_and_how_fresh_it_is(desk, lang):
    page = shown(desk, "start", lang)
    world = open_world("raw-materials")
    traders = set()
    for year in (Path(friendshore.__file__).parent / "data/raw_materials/trade").glob("*.parquet"):
        for column in read_table(year, columns=["exporter", "importer"]).columns:
            traders |= set(column.unique().to_pylist())
    for told in (len(world.products), len(traders), world.years[0], world.years[-1]):
        assert str(told) in re.search(r"<h1>(.*?)</h1>", page)[1]
    assert f"<dd>{world.default_year}</dd>" in page
    assert f"<dd>{SOURCES['baci_hs92']['accessed']}</dd>" in page
    assert SOURCES["baci_hs92"]["licence"] in page


def test_the_questions_of_start_run_at_a_click(desk):
    page = shown(desk, "start")
    for link, words, _ in WORKED:
        assert f'<a href="{link}">{words}</a>' in page
        path, _, query = link.partition("?")
        asked = tuple(tuple(part.split("=", 1)) for part in query.split("&"))
        assert reply(Asked("page", path.removeprefix("/"), asked, "en"), desk).status == 200
    named = {value for link, *_ in WORKED for value in re.findall(r"(?:importer|on)=(\w+)", link)}
    assert len(named) >= 3
    for link, *_ in DOORS:
        assert page_named(link.removeprefix("/"))


def test_start_lists_what_was_asked_lately_with_its_state(tmp_path):
    database = Database(tmp_path / "desk.sqlite")
    arguments = given(QUESTIONS["hindcast"], (("grade", "AB"),)).arguments
    job = job_book.Job("0" * 24, Given("hindcast", arguments), "/hindcast?grade=AB", state="done")
    job_book.write(database, job)
    page = shown(Desk(kept=SimpleNamespace(database=database)), "start")
    database.close()
    assert '<a href="/hindcast?grade=AB">How good are such forecasts on real events?</a>' in page
    assert "AB · is worked out" in page


def test_start_is_of_use_where_nothing_is_kept(desk):
    assert "Nothing yet." in shown(desk, "start")


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_methods_name_every_source_with_licence_hash_and_citation(desk, lang):
    page = " ".join(shown(desk, "methods", lang).split())
    for source in SOURCES.values():
        for told in (source["title"], source["citation"], source.get("sha256", "")):
            assert " ".join(told.split()) in page
        if source["producer"] != "friendshore":
            assert source["licence"] in page


def test_methods_state_every_assumption_with_its_range(desk):
    page = shown(desk, "methods")
    rows = dict(re.findall(r'<tr id="assumption-(\w+)">(.*?)</tr>', page, re.DOTALL))
    assert set(rows) == set(PARAMETERS)
    assert "6 months" in rows["lead_months"]
    assert "3 to 12 months" in rows["lead_months"]
    assert "0 to 50 %" in rows["link_headroom"]
    assert "Boehm" in rows["elasticity_1y"]


def test_methods_list_every_question_with_a_page_that_exists(desk):
    page = shown(desk, "methods")
    for question in QUESTIONS.values():
        assert f'href="/api#{question.name}"' in page
        assert question.title in page


@pytest.mark.parametrize("name", [*EXPLANATION, *REFERENCE])
def test_an_explanation_is_the_page_of_the_repository_without_styles_scripts_or_dead_links(name, desk):
    path = next((p for p in DOCS.glob(f"*/{name}.md") if p.parent.name in ("explanation", "reference")), None)
    assert (name in pages()) == (path is not None)
    if path is None:
        return
    written = document(name)
    assert written.title == path.read_text("utf-8").split("# ", 1)[1].split("\n", 1)[0]
    assert not re.search(r"<script|style=|<h1|<!--|\son\w+=", written.html)
    for leads in re.findall(r'href="([^"]*)"', written.html):
        assert leads.startswith(("/methods/", "#", "https://", "http://")), leads
        if leads.startswith("/methods/"):
            assert leads.removeprefix("/methods/").partition("#")[0] in pages()
    page = shown(desk, "methods", "ja", name)
    assert "このページは英語のみ" in page
    assert f"/methods/{name}?lang=en" in page


def test_anchors_that_explanations_link_to_are_there():
    for name in pages():
        for leads in re.findall(r'href="([^"]*#[^"]*)"', document(name).html):
            target, _, anchor = leads.partition("#")
            if target.startswith("http"):
                continue
            there = document(target.removeprefix("/methods/") or name).html
            assert f'id="{anchor}"' in there, (name, leads)


def test_html_in_an_explanation_is_written_out_and_not_run(monkeypatch):
    monkeypatch.setattr(
        "friendshore.web.documents.pages",
        lambda: {"methods": "# T\n\n<img src=x onerror=alert(1)>\n\n[x](javascript:alert(1))\n"},
    )
    document.cache_clear()
    title_of.cache_clear()
    try:
        written = document("methods").html
    finally:
        document.cache_clear()
        title_of.cache_clear()
    assert "<img" not in written
    assert 'href="javascript' not in written


def test_an_explanation_that_is_not_there_is_told(desk):
    assert reply(Asked("page", "methods", (), "en", "", "../methods"), desk).status == 404


def test_every_source_can_be_taken_as_bibtex(desk):
    told = reply(Asked("file", "data-list", (), "en", ".bib"), desk)
    assert told.media.startswith("application/x-bibtex")
    assert [key for key in SOURCES if f"@misc{{{key}," not in told.body.decode()] == []


def test_the_wheel_holds_the_explanations():
    built = (DOCS.parent / "pyproject.toml").read_text("utf-8")
    for folder in ("explanation", "reference"):
        assert f'"docs/{folder}" = "friendshore/web/docs/{folder}"' in built


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_page_of_addresses_names_every_question_and_parameter(desk, lang):
    page = shown(desk, "api", lang)
    for question in QUESTIONS.values():
        part = page.split(f'<section class="panel" id="{question.name}">')[1].split("</section>")[0]
        for field in question.fields:
            assert f"<code>{field.name}</code>" in part


def test_the_description_for_programs_names_every_question_and_its_parameters():
    told = openapi()
    for question in QUESTIONS.values():
        named = [one["name"] for one in told["paths"][f"/api/{question.name}"]["get"]["parameters"]]
        assert [field.name for field in question.fields] == named[: len(question.fields)]
    assert told["openapi"].startswith("3.1")
    assert {"/api/jobs", "/api/jobs/{id}", "/api/jobs/{id}/events", "/healthz"} <= set(told["paths"])
    json.dumps(told, allow_nan=False)


def test_the_description_for_programs_is_valid():
    import schemathesis

    schemathesis.openapi.from_dict(openapi()).validate()


def test_the_example_of_each_question_can_be_asked():
    for question in ASKED:
        assert given(question, question.example).question == question.name


def test_each_word_of_a_form_is_said_in_japanese():
    from friendshore.report.words import say

    words = {
        word
        for question in QUESTIONS.values()
        for word in (question.title, *(w for f in question.fields for w in (f.label, f.help, *f.words)))
    }
    assert sorted(word for word in words - {""} if say(word, "ja") == word) == []
