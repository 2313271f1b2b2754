"""The page on disruption in every state and both languages: its numbers are those of the answer, its links lead on."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest

from friendshore import answers
from friendshore.disruption.scenario_files import load_scenario, shipped
from friendshore.report.words import number, span
from friendshore.web.desk import Desk, answer, key_of
from friendshore.web.parameters import given
from friendshore.web.questions import QUESTIONS
from friendshore.web.records import Asked
from friendshore.web.replying import reply

CUT = "importer=JPN&importer=KOR&on=CHN&product=250410&cover-days=30"
HEAVIEST = 150_000


class Kept:
    """Finished work, in memory."""

    def __init__(self):
        self.found = {}

    def finding(self, key):
        return self.found.get(key)


@pytest.fixture(scope="module")
def desk():
    return Desk(kept=Kept())


@pytest.fixture(scope="module")
def cut():
    return answers.stress(["JPN", "KOR"], on=["CHN"], products=["250410"], cover_days=30)


def asked(query, lang="en", kind="page", name="disruption", **more):
    return Asked(kind, name, tuple(parse_qsl(query, keep_blank_values=True)), lang, **more)


def page(desk, query="", lang="en", status=200):
    told = reply(asked(query, lang), desk)
    assert told.status == status, told.body[:800]
    return told.body.decode()


class Tables(HTMLParser):
    """Values of the cells of each table, by its id."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.table = {}, ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "table":
            self.table = told.get("id") or ""
        if tag == "tr" and self.table:
            self.rows.setdefault(self.table, []).append([])
        if "data-v" in told and self.table:
            self.rows[self.table][-1].append(told["data-v"])

    def handle_endtag(self, tag):
        if tag == "table":
            self.table = ""


def table(text, section):
    return [row for row in Tables(text).rows[f"table-{section}"] if row]


def links(text, start):
    return [unescape(link) for link in re.findall(r'href="([^"]+)"', text) if link.startswith(start)]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_before_anything_is_asked_there_are_two_forms_and_every_shipped_scenario(desk, lang):
    text = page(desk, lang=lang)
    assert text.count('<form action="/disruption"') == 2
    offered = [dict(parse_qsl(urlsplit(link).query)).get("scenario") for link in links(text, "/disruption?")]
    assert set(shipped()) <= set(offered)
    named = [load_scenario(name).file.name for name in shipped()]
    assert all((name in unescape(text)) == (lang == "en") for name in named)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_months_on_the_page_are_those_of_the_answer(desk, cut, lang):
    rows = table(page(desk, CUT + "&rows=all", lang), "path")
    assert [(int(row[0]), float(row[5])) for row in rows] == [
        (row["month"], pytest.approx(row["shortage_t"])) for row in cut.rows
    ]
    assert [float(row[6]) for row in rows] == [pytest.approx(row["shortage_share"]) for row in cut.rows]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_three_numbers_are_those_of_who_misses_most(desk, cut, lang):
    worst = max(cut.summary, key=lambda told: told["peak_shortage_share"])
    month = max(
        (row for row in cut.rows if row["importer"] == worst["importer"]), key=lambda r: r["shortage_share"]
    )
    text = page(desk, CUT, lang)
    large = re.findall(r"<strong>([^<]+)</strong>", text[: text.index('id="path"')])
    first_short = int(worst["months_to_10pct"] * 365.25 / 12) + 1
    assert large == [
        number(worst["peak_shortage_share"], "share", lang),
        f"{first_short}",
        f"{int(worst['cover_days'])}",
    ]
    low, high = month["shortage_share_low"], month["shortage_share_high"]
    assert low < worst["peak_shortage_share"] <= high
    assert f"({span(low, high, 'share', lang).removesuffix(' %')})" in text


def test_who_misses_how_much_is_listed_with_the_worst_first(desk, cut):
    rows = table(page(desk, CUT), "outcomes")
    expected = sorted(cut.summary, key=lambda told: -told["peak_shortage_share"])
    assert [row[0] for row in rows] == [
        {"JPN": "Japan", "KOR": "South Korea"}[r["importer"]] for r in expected
    ]
    assert [float(row[1]) for row in rows] == [pytest.approx(r["peak_shortage_share"]) for r in expected]


def test_an_unknown_stock_is_told_and_not_taken_for_none(desk):
    text = page(desk, CUT.replace("&cover-days=30", ""))
    assert "Cover lasts at least" in text
    assert "is unknown, which is not zero" in text
    assert "Cover lasts at least" not in page(desk, CUT)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_page_with_its_pictures_is_small_and_holds_no_style_or_script_of_its_own(desk, lang):
    text = page(desk, CUT, lang)
    assert len(text.encode()) < HEAVIEST
    assert text.count("<svg") >= 4
    assert not re.search(r"\son\w+=|\sstyle=|<script(?! src=)|<style", text)
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("query", [CUT, "scenario=graphite-aimed", "scenario=pressure-response"])
def test_what_the_page_leads_to_is_there(desk, query):
    text = page(desk, query)
    further = text[text.index('id="next"') :]
    led = {
        urlsplit(link).path: link
        for link in links(further, "/")
        if not link.startswith(("/static", "/chart"))
    }
    assert {"/exposure", "/scenarios", "/brief"} <= set(led)
    assert ("/plan" in led) == ("response" in query)
    for path in ("/exposure", "/scenarios"):
        there = urlsplit(led[path])
        assert reply(asked(there.query, name=there.path[1:]), desk).status == 200, led[path]
    assert given(QUESTIONS["brief"], parse_qsl(urlsplit(led["/brief"]).query)).arguments["importers"]


@pytest.mark.parametrize("suffix", [".svg", ".csv"])
@pytest.mark.parametrize("part", ["path", "replaced"])
def test_each_picture_is_a_file_too(desk, part, suffix):
    told = reply(asked(CUT, kind="chart", part=part, suffix=suffix), desk)
    assert told.status == 200
    assert told.body.startswith(
        b"<svg" if suffix == ".svg" else (b"month," if part == "path" else b"importer,")
    )


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_scenario_with_several_futures_shows_them_as_links(desk, lang):
    text = page(desk, "scenario=economic-2plus2", lang)
    cases = load_scenario("economic-2plus2").cases
    led = [link for link in links(text, "/disruption?") if "case=" in link]
    assert [dict(parse_qsl(urlsplit(link).query))["case"] for link in led] == list(cases)
    assert all(f'<option value="{case}"' in text for case in cases)
    followed = page(desk, urlsplit(led[0]).query, lang)
    found = answers.stress(scenario="economic-2plus2", case=cases[0])
    worst = max(told["peak_shortage_share"] for told in found.summary)
    assert number(worst, "share", lang) in followed


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("importer=JPN", {"on", "product"}),
        ("on=CHN&product=250410", {"importer"}),
        ("importer=JPN&on=CHN&product=250410&months=0&lost-share=2", {"months", "lost-share"}),
        ("importer=JPN&on=CHN&product=251", {"product"}),
        ("scenario=nothing-of-the-kind", {"scenario"}),
        ("scenario=/etc/passwd.yaml", {"scenario"}),
    ],
)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_is_wrong_is_told_beside_its_field(desk, query, fields, lang):
    text = page(desk, query, lang, status=422)
    wrong = set(re.findall(r'id="f-([\w-]+)-p"', text))
    assert wrong == fields
    for name in fields:
        assert re.search(rf'<(input|select)[^>]*id="f-{name}"[^>]*aria-invalid="true"', text)
        assert f'href="#f-{name}"' in text


def test_a_file_is_no_scenario(desk, tmp_path, monkeypatch):
    (tmp_path / "mine.yaml").write_bytes(b"version: 1\n")
    monkeypatch.chdir(tmp_path)
    page(desk, "scenario=mine.yaml", status=422)
    page(desk, f"scenario={tmp_path}/mine.yaml", status=422)


@pytest.mark.parametrize(
    ("also", "arguments", "lang"),
    [("tornado", {"tornado": True}, "en"), ("draws", {"draws": 1000, "seed": 0}, "ja")],
)
def test_what_takes_long_is_begun_by_the_reader_and_shown_when_it_is_kept(also, arguments, lang):
    desk = Desk(kept=Kept())
    offered = page(desk, CUT, lang)
    begin = next(link for link in links(offered, "/disruption?") if f"also={also}" in link)
    assert begin.endswith(f"#{also}")
    assert not reply(asked(CUT, lang), desk).jobs
    waiting = reply(asked(urlsplit(begin).query, lang), desk)
    (job,) = waiting.jobs
    assert job.given.arguments == {**given(QUESTIONS["stress"], parse_qsl(CUT)).arguments, **arguments}
    assert job.id == key_of(job.given)
    assert f'data-job="{job.id}"' in waiting.body.decode()
    found = answer(job.given)
    desk.kept.found[job.id] = found
    text = page(desk, CUT, lang)
    assert "data-job" not in text
    rows = table(text, also)
    assert len(rows) == min(len(found.rows), 30 if also == "tornado" else 40)
    name, at = ("swing_t", -3) if also == "tornado" else ("shortage_share_p50", -2)
    assert [float(row[at]) for row in rows[:6]] == [pytest.approx(row[name]) for row in found.rows[:6]]


@pytest.mark.parametrize("name", ["graphite-licences-2023", "suez-closure"])
def test_an_example_is_answered_at_a_click(desk, name):
    text = page(desk, f"scenario={name}", "ja")
    found = answers.stress(scenario=name)
    assert len(table(text, "outcomes")) == len(found.summary)
    assert found.command in unescape(text)
