"""Scenarios in the desk: listed, written, checked, saved, compared, downloaded; no address opens another file."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from in_process import Site

from friendshore import answers
from friendshore.cli import main
from friendshore.disruption.saved import named_text, save, saved_names
from friendshore.disruption.scenario_files import load_scenario, shipped, shipped_text

OWN = "version: 1\nname: My copy <b>\nextends: graphite-aimed\nmonths: 6\n"
WRONG = """version: 1
name: Wrong in three ways
shocks:
  - kind: export_ban
    supliers: CHN
    products: ["250410"]
    lost_share: 40
parameters:
  lead_month: 3
"""


@pytest.fixture
def site():
    opened = Site()
    yield opened
    opened.close()


def text_of(page):
    return html.unescape(re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)[1])


def links_of(page):
    main_part = page[page.index("<main") : page.index("</main>")]
    return {html.unescape(link) for link in re.findall(r'href="(/[^"]*)"', main_part)}


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_all_are_listed_with_what_can_be_done_and_saved_ones_as_saved(site, lang):
    save("mine", OWN)
    page = site.get(f"/scenarios?lang={lang}").text
    for name in (*shipped(), "mine"):
        assert f"/scenarios?from={name}" in page
        assert f"/scenarios/{name}.yaml" in page
    assert page.count("/scenarios?edit=mine") == 1
    assert "My copy &lt;b&gt;" in page
    assert "<b>" not in page
    assert ("export ban" in page) == (lang == "en")
    assert ("輸出禁止" in page) == (lang == "ja")


def test_the_links_of_the_list_answer(site):
    save("mine", OWN)
    links = [link for link in links_of(site.get("/scenarios").text) if link.startswith("/scenarios")]
    assert len(links) > 2 * len(shipped())
    assert {link: status for link in links if (status := site.get(link).status_code) != 200} == {}


def test_a_scenario_is_written_checked_saved_reopened_and_run_by_its_name(site, capsys):
    written = text_of(site.get("/scenarios?from=graphite-aimed").text)
    assert written == shipped_text("graphite-aimed").decode()
    changed = written.replace("duration_months: 12", "duration_months: 3")
    checked = site.post("/scenarios/check", data={"name": "mine", "text": changed})
    assert checked.status_code == 200
    assert "is sound" in checked.text
    assert saved_names() == ()
    done = site.post("/scenarios/save", data={"name": "mine", "text": changed.replace("\n", "\r\n")})
    assert (done.status_code, done.headers["location"]) == (303, "/scenarios?saved=mine&lang=en")
    assert named_text("mine").decode() == changed
    assert text_of(site.get("/scenarios?edit=mine").text) == changed
    assert main(["stress", "--scenario", "mine"]) == 0
    assert "Japan" in capsys.readouterr().out
    assert site.get("/disruption?scenario=mine").status_code == 200


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_all_problems_stand_on_the_page_with_their_lines_and_the_text_stays(site, lang):
    page = site.post(f"/scenarios/save?lang={lang}", data={"name": "mine", "text": WRONG})
    assert page.status_code == 422
    line = "Line {}" if lang == "en" else "{}行目"
    assert [number for number in range(1, 10) if line.format(number) in page.text] == [5, 7, 9]
    assert "<code>supliers: CHN</code>" in page.text
    assert text_of(page.text) == WRONG
    assert saved_names() == ()


def test_a_taken_name_is_replaced_only_where_that_is_ticked(site):
    save("mine", OWN)
    other = OWN.replace("months: 6", "months: 9")
    assert site.post("/scenarios/save", data={"name": "mine", "text": other}).status_code == 422
    assert load_scenario("mine").file.months == 6
    assert (
        site.post("/scenarios/save", data={"name": "mine", "text": other, "replace": "true"}).status_code
        == 303
    )
    assert load_scenario("mine").file.months == 9


def test_a_saved_one_is_removed_and_a_shipped_one_is_not(site):
    save("mine", OWN)
    assert site.post("/scenarios/remove", data={"name": "graphite-aimed"}).status_code == 422
    assert site.post("/scenarios/remove", data={"name": "mine"}).status_code == 303
    assert saved_names() == ()


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../mine", "..%2fmine", "/tmp/x.yaml", "x.yaml", "\0", "con", "<script>"]
)
def test_no_name_of_a_request_opens_another_file(site, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.yaml").write_text("version: 1\nname: secret-title\n", "utf-8")
    for keys in (("show",), ("from",), ("edit",), ("compare", "with")):
        told = site.ask("GET", "/scenarios", params=dict.fromkeys(keys, name))
        assert told.status_code in (400, 404, 422)
        assert "secret-title" not in told.text
        assert "<script>" not in told.text
    saved = site.post("/scenarios/save", data={"name": name, "text": OWN})
    assert saved.status_code == 422
    text = {"name": "mine", "text": OWN.replace("graphite-aimed", "'" + name.replace("\0", "") + ".yaml'")}
    assert site.post("/scenarios/save", data=text).status_code == 422


def test_a_download_is_what_the_command_line_shows(site, capsys):
    save("mine", OWN)
    for name in ("mine", "hormuz-closure"):
        assert main(["scenario", "show", name]) == 0
        found = site.get(f"/scenarios/{name}.yaml")
        assert found.content == capsys.readouterr().out.encode()
        assert found.headers["content-disposition"] == f'attachment; filename="{name}.yaml"'
    assert site.get("/scenarios/nothing.yaml").status_code == 404


def test_a_question_becomes_a_scenario_that_answers_the_same(site):
    page = site.get("/scenarios?importer=JPN&on=CHN&product=250410&cover-days=30&months=6")
    save("asked", text_of(page.text))
    asked = answers.stress(["JPN"], on=["CHN"], products=["250410"], cover_days=30.0, months=6)
    assert answers.stress(scenario="asked").rows == asked.rows


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_two_are_compared_as_on_the_command_line(site, lang):
    page = site.get(f"/scenarios?compare=nickel-ore-2014&with=nickel-ore-2020&lang={lang}")
    assert page.status_code == 200
    assert page.text.count("<svg") == 2
    found = answers.compare("nickel-ore-2014", "nickel-ore-2020")
    for row in found.rows:
        assert row["key"] in page.text
    assert found.command in page.text
    told = site.get("/chart/scenarios/keys.csv?compare=nickel-ore-2014&with=nickel-ore-2020").text
    assert told.count("shocks[ban].lost_share,0.92,1") == 1


def test_plans_that_are_not_worked_out_yet_are_begun_and_waited_for(site):
    save("other", "version: 1\nname: Other\nextends: economic-2plus2\nmonths: 30\n")
    page = site.get("/scenarios?compare=economic-2plus2&with=other")
    assert page.status_code == 200
    assert [job.given.arguments["scenario"] for job in site.jobs.begun] == ["economic-2plus2", "other"]
    assert all(job.given.arguments["quick"] for job in site.jobs.begun)
    assert page.text.count("data-job=") == 2
    # what the files say needs no plan
    assert "30" in page.text


def test_where_a_form_leads_to_is_not_read_from_it(site):
    done = site.post(
        "/scenarios/save?next=//evil.example", data={"name": "mine", "text": OWN, "next": "//evil.example"}
    )
    where = urlsplit(done.headers["location"])
    assert (where.netloc, where.path) == ("", "/scenarios")
    assert set(parse_qs(where.query)) == {"saved", "lang"}


def test_what_a_page_of_another_site_sends_changes_nothing(site):
    save("mine", OWN)
    told = site.post("/scenarios/remove", data={"name": "mine"}, origin="http://evil.example")
    assert told.status_code == 403
    assert saved_names() == ("mine",)


def test_a_form_that_holds_too_much_is_refused(site):
    told = site.post("/scenarios/save", data={"name": "mine", "text": "#" * 400_000})
    assert told.status_code == 413
