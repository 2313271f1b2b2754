"""The brief as a page, as a file and for programs: the same numbers, and the file that the command line writes."""

from __future__ import annotations

import gzip
import json
import re
from urllib.parse import parse_qsl

import pytest

from friendshore import answers
from friendshore.cli import main
from friendshore.report.brief import render
from friendshore.report.number_cards import line
from friendshore.report.words import words_in
from friendshore.web.codec import packed, unpacked
from friendshore.web.desk import Desk, key_of
from friendshore.web.parameters import given
from friendshore.web.questions import QUESTIONS
from friendshore.web.records import Asked
from friendshore.web.replying import reply

QUERY = "importer=JPN&on=CHN&group=magnet-inputs"
HEAVIEST = 150_000


class Kept:
    """Finished work as it is kept: bytes."""

    def __init__(self):
        self.found = {}

    def finding(self, key):
        return unpacked(self.found[key]) if key in self.found else None


@pytest.fixture(scope="module")
def brief():
    return answers.brief(["JPN"], on=["CHN"], group="magnet-inputs")


@pytest.fixture(scope="module")
def desk(brief):
    kept = Kept()
    kept.found[key_of(given(QUESTIONS["brief"], parse_qsl(QUERY)))] = packed(brief)
    return Desk(kept=kept)


def told(desk, query=QUERY, lang="en", kind="page", **more):
    return reply(Asked(kind, "brief", tuple(parse_qsl(query)), lang, **more), desk)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_before_it_is_asked_for_the_page_says_what_it_holds(lang):
    page = told(Desk(kept=Kept()), "", lang)
    assert (page.status, page.jobs) == (200, ())
    assert '<form action="/brief"' in page.body.decode()
    assert 'id="holds"' in page.body.decode()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_it_is_waited_for_on_the_page_and_begun_once(lang):
    desk = Desk(kept=Kept())
    page = told(desk, QUERY, lang)
    (job,) = page.jobs
    assert f'data-job="{job.id}"' in page.body.decode()
    for kind, suffix in (("api", ""), ("file", ".html"), ("file", ".csv")):
        same = told(desk, QUERY, lang, kind, suffix=suffix)
        assert (same.status, [each.id for each in same.jobs]) == (202, [job.id])


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_page_shows_every_picture_and_the_numbers_of_the_brief(desk, brief, lang):
    page = told(desk, QUERY, lang).body.decode()
    words = words_in(lang)
    sections = re.findall(r'<section class="panel[^"]*" id="([\w-]+)"', page)
    assert [panel.id for panel in brief.panels] == [s for s in sections if s in {p.id for p in brief.panels}]
    large = re.findall(r"<strong>([^<]+)</strong>", page)
    assert large[:3] == [line(key.values[-1], key.unit, words)["value"] for key in brief.numbers]
    assert f'href="/file/brief.html?importer=JPN&amp;on=CHN&amp;group=magnet-inputs&amp;lang={lang}"' in page
    assert brief.command in page
    assert not re.search(r"\son\w+=|\sstyle=|<script(?! src=)|<style", page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_page_is_small_on_its_way(desk):
    assert len(gzip.compress(told(desk).body, 4)) < HEAVIEST


def test_the_file_holds_the_bytes_that_the_command_line_writes(desk, brief, tmp_path):
    out = tmp_path / "brief.html"
    words = ("brief", "JPN", "--on", "CHN", "--group", "magnet-inputs", "--out", str(out), "--quiet")
    assert main(list(words)) == 0
    file = told(desk, kind="file", suffix=".html")
    assert file.body == out.read_bytes()
    assert file.headers["content-disposition"] == 'attachment; filename="friendshore-brief.html"'


def test_the_file_is_in_the_language_of_the_address(desk, brief):
    assert told(desk, lang="ja", kind="file", suffix=".html").body.decode() == render(brief, "ja")


def test_the_file_opens_anywhere(desk):
    page = told(desk, kind="file", suffix=".html").body.decode()
    assert 'http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;' in page
    assert not re.search(r'(?:src|href)="(?!#|data:)', page)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_programs_get_the_key_numbers_with_the_arguments_of_the_command_line_but_its_file(desk, brief, lang):
    api = json.loads(told(desk, lang=lang, kind="api").body)
    assert api["question"] == "brief"
    assert api["arguments"] == {
        "importers": ["JPN"], "on": ["CHN"], "year": brief.year, "data": "raw-materials", "lang": lang,
    }  # fmt: skip
    assert [(row["importer"], row["value"], row["low"], row["high"]) for row in api["rows"]] == [
        (value.importer, value.value, value.low, value.high) for key in brief.numbers for value in key.values
    ]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("importer=JPN", "on"),
        ("on=CHN", "importer"),
        (QUERY + "&budget=-1", "budget"),
        (QUERY + "&scenario=x.yaml", "scenario"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(desk, query, field):
    page = told(desk, query)
    assert page.status == 422
    assert re.findall(r'id="f-([\w-]+)-p"', page.body.decode()) == [field]
