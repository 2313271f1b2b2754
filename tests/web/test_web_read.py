"""A document in the desk: what the command line reads, confirmed or put right, and the questions that follow."""

from __future__ import annotations

import html
import json
import re
from datetime import date

import pytest
from in_process import Site

from friendshore import answers
from friendshore.cli import main
from friendshore.report.words import words_in
from friendshore.tables.measures import accepted
from friendshore.web.commands import address_of

HOSTILE = (
    "Washington, 3 March 2024\n\nThe United States imposed export controls on <script>alert(1)</script> graphite "
    "to China on 1 March 2024. China announced \u202egnihtemos export restrictions on gallium.\n"
)


@pytest.fixture
def site():
    opened = Site()
    yield opened
    opened.close()


def sent(site, text=HOSTILE, lang="en", **more):
    """Send a text as the form does, with its empty fields, and return where it leads to."""
    fields = {"text": text, "date": "", "rate": "", "lang": lang, **more}
    files = {"file": ("", b"", "application/octet-stream")}
    done = site.post("/read", data=fields, files=files)
    assert done.status_code == 303, done.text
    return done.headers["location"]


def key_of(where):
    return re.search("document=([0-9a-f]+)", where)[1]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_form_sends_what_is_read_and_the_page_keeps_its_language(site, lang):
    form = site.get(f"/read?lang={lang}").text
    assert 'action="/read" enctype="multipart/form-data"' in form
    assert {"text", "file", "date", "rate", "lang"} <= set(re.findall(r'name="([a-z]+)"', form))
    where = sent(site, lang=lang)
    page = site.get(where).text
    assert f'<html lang="{lang}">' in page
    assert page.count('name="keep"') == 2


def test_hostile_words_stay_words(site):
    page = site.get(sent(site)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_link_of_a_document_answers(site, lang):
    page = site.get(sent(site, lang=lang)).text
    body = page[page.index("<main") : page.index("</main>")]
    links = {html.unescape(link) for link in re.findall(r'href="(/[^"#]*)"', body)}
    assert any(link.startswith("/disruption?") for link in links)
    assert any(link.startswith("/scenarios?document=") for link in links)
    assert {link: told for link in links if (told := site.get(link).status_code) != 200} == {}


def test_the_scenario_of_an_event_is_ready_to_be_saved(site):
    where = sent(site)
    step = re.search(r"/scenarios\?document=[0-9a-f]+&amp;step=\d+", site.get(where).text)[0]
    page = site.get(html.unescape(step)).text
    text = html.unescape(re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)[1])
    assert site.post("/scenarios/check", data={"name": "event", "text": text}).status_code == 200


def test_chosen_events_are_kept_as_read_or_as_put_right(site):
    key = key_of(sent(site))
    form = {"document": key, "keep": ["1"], "date-1": "2024-02", "actors-1": "usa, JPN", "targets-1": "CHN"}
    done = site.post(
        "/read/accept", data={**form, "type-1": "sanction", "status-1": "announced", "quote-1": "no"}
    )
    assert done.headers["location"].startswith(f"/read?document={key}&kept=1")
    (one,) = accepted()
    assert (one.type, one.status, one.date) == ("sanction", "announced", "2024-02")
    assert (one.actors, one.targets) == (("USA", "JPN"), ("CHN",))
    # the evidence is what the text says
    assert one.quote.startswith("The United States imposed export controls on <script>")
    page = site.get(done.headers["location"]).text
    assert one.id in page
    assert site.post("/read/forget", data={"document": key, "id": one.id}).status_code == 303
    assert accepted() == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("date-1", "2024-02-30"), ("date-1", "soon"), ("type-1", "war"), ("status-1", "maybe")),
        *(("actors-1", "USA XYZZY"), ("targets-1", "=1+1")),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_nothing_is_kept(site, field, value):
    key = key_of(sent(site))
    told = site.post("/read/accept", data={"document": key, "keep": ["1", "2"], field: value})
    assert told.status_code == 422
    assert f'aria-describedby="p-{field}"' in told.text
    assert accepted() == ()


def test_nothing_is_kept_where_nothing_was_chosen_or_nothing_is_known(site):
    key = key_of(sent(site))
    assert site.post("/read/accept", data={"document": key}).status_code == 422
    assert site.post("/read/accept", data={"document": "0" * 24, "keep": "1"}).status_code == 404
    assert site.get(f"/read?document={'0' * 24}").status_code == 404
    assert site.get("/read?document=../../x").status_code == 404
    assert accepted() == ()


def test_what_could_not_be_read_leads_back_to_the_form(site):
    told = site.post("/read", data={"text": "", "lang": "en"})
    assert told.status_code == 422
    assert 'enctype="multipart/form-data"' in told.text


@pytest.mark.parametrize(
    ("command", "address"),
    [
        (
            "friendshore exposure USA JPN --on CHN --as-bloc",
            "/exposure?importer=USA&importer=JPN&on=CHN&as-bloc=true",
        ),
        ("friendshore brief JPN --on CHN --out brief.html", "/brief?importer=JPN&on=CHN"),
        ("friendshore plan --scenario economic-2plus2", "/plan?scenario=economic-2plus2"),
        ("friendshore exposure --on CHN", ""),
        ("friendshore exposure 'JPN", ""),
        ("rm -rf /", ""),
    ],
)
def test_a_command_leads_to_the_page_that_asks_the_same(command, address):
    assert address_of(command) == address


@pytest.mark.shared
def test_the_article_says_the_same_here_as_on_the_command_line(site, shared, capsys):
    article = shared / "data" / "seed" / "article.txt"
    assert main(["read", str(article), "--date", "2022-01-21", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    files = {"file": ("article.txt", article.read_bytes(), "text/plain")}
    done = site.post("/read", data={"date": "2022-01-21", "lang": "en", "text": "", "rate": ""}, files=files)
    kept = site.kept.finding(key_of(done.headers["location"]))
    assert json.loads(json.dumps([dict(row) for row in kept.rows])) == rows
    page = html.unescape(site.get(done.headers["location"]).text)
    told = answers.read(article, day=date(2022, 1, 21))
    assert words_in("en").tell(told.answer) in page
    assert all(" ".join(row["quote"].split()) in page for row in rows)
    assert page.count('name="keep"') == len(rows)
    assert "/brief?importer=USA&importer=JPN&on=CHN" in page
    assert "Australia, India, Japan and the United States" in page
    # nothing of the text beyond the quotes and what was set apart
    csv = site.get(f"/chart/read/events.csv?document={key_of(done.headers['location'])}")
    assert csv.text.count("2022-01-21") >= 5
