"""What people do at the desk: by keyboard, without scripts, with long work, two at once, and handing answers on."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from desk_browser import Server, wait_for
from friendshore.web.questions import QUESTIONS

pytestmark = pytest.mark.browser
EXPOSURE = "/exposure?importer=JPN&on=CHN&product=284690"
DRAWS = "/stress?importer=JPN&on=CHN&product=284690&draws="
LONG = DRAWS + "9{n}00"
"""Takes minutes; each test has a number of its own, because the same question is the same work."""


def focused(page) -> str:
    return page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")


def tab_to(page, wanted: str, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page) == wanted:
            return
    raise AssertionError(f"{wanted} is not reached by the keyboard")


def test_a_question_is_asked_by_keyboard_alone(visitor):
    page = visitor()
    page.goto("/exposure")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the answer"
    page.keyboard.press("Enter")
    tab_to(page, "f-importer")
    page.keyboard.type("jap")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("#f-importer") == "JPN "
    page.keyboard.type("United Sta")
    page.keyboard.press("Escape")
    page.fill("#f-importer", "JPN")
    tab_to(page, "f-on")
    page.keyboard.type("China")
    page.keyboard.press("Escape")
    tab_to(page, "f-product")
    page.keyboard.type("284690")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url("**/exposure?*")
    assert "China" in page.inner_text("h1")
    # What says nothing is not in the address.
    assert set(re.findall(r"[?&]([\w-]+)=", page.url)) == {"importer", "on", "product"}


def test_a_table_is_sorted_by_keyboard_and_says_so(visitor):
    page = visitor()
    page.goto("/exposure?importer=JPN&on=CHN&group=battery-inputs")
    table = page.locator("table.data").first
    heads = table.locator("thead th")
    place = next(
        n for n in range(heads.count()) if "n" in (heads.nth(n).get_attribute("class") or "").split()
    )
    heads.nth(place).locator("button").focus()
    orders = []
    for said in ("descending", "ascending"):
        page.keyboard.press("Enter")
        assert heads.nth(place).get_attribute("aria-sort") == said
        cells = table.locator(f"tbody tr > :nth-child({place + 1})")
        orders.append([float(v) for v in cells.evaluate_all("all => all.map(c => c.dataset.v)") if v])
    assert len(orders[0]) > 3
    assert orders[0] == sorted(orders[0], reverse=True)
    assert orders[1] == sorted(orders[1])


def test_what_is_folded_opens_and_a_figure_leads_to_its_table_by_keyboard(visitor):
    page = visitor()
    page.goto(EXPOSURE)
    page.locator("summary", has_text="BibTeX").focus()
    page.keyboard.press("Enter")
    assert page.locator("details.bibtex pre").is_visible()
    page.locator("figcaption a", has_text="as a table").first.focus()
    target = page.evaluate("document.activeElement.hash")
    page.locator(f"details:has({target})").evaluate("one => { one.open = false; }")
    page.keyboard.press("Enter")
    page.locator(target).wait_for(state="visible")


def test_a_drill_is_followed_by_keyboard_and_back_leads_back(visitor):
    page = visitor()
    page.goto("/plan?scenario=economic-2plus2&quick=true")
    page.locator(".waiting").wait_for(state="detached", timeout=60_000)
    first, link = page.url, page.locator("table.data tbody a").first
    heading = page.inner_text("h1")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != first)
    deeper = page.inner_text("h1")
    assert deeper != heading
    page.go_back()
    assert (page.url, page.inner_text("h1")) == (first, heading)
    page.go_forward()
    assert page.inner_text("h1") == deeper


def test_problems_stand_beside_their_fields_and_one_click_mends_them(visitor):
    page = visitor()
    page.goto("/exposure?importer=JPN&on=CHN&product=graphite")
    field = page.locator("#f-product")
    assert field.get_attribute("aria-invalid") == "true"
    said = page.locator(f"#{field.get_attribute('aria-describedby').split()[0]}")
    assert "graphite" in said.inner_text()
    assert focused(page) == "f-product"
    said.locator("a", has_text="250410").click()
    assert "product=250410" in page.url
    assert page.locator("table.data").first.is_visible()


def test_the_language_switches_in_place_and_the_address_stays(visitor):
    page = visitor()
    page.goto(EXPOSURE)
    page.click(".switch")
    assert page.get_attribute("html", "lang") == "ja"
    assert EXPOSURE.partition("?")[2] in page.url
    japanese = page.inner_text("h1")
    page.click("nav a >> nth=1")
    assert page.get_attribute("html", "lang") == "ja"
    page.goto(EXPOSURE + "&lang=en")
    assert page.get_attribute("html", "lang") == "en"
    assert page.inner_text("h1") != japanese


def test_an_address_shows_the_same_to_somebody_else(visitor):
    mine = visitor()
    mine.context.grant_permissions(["clipboard-read", "clipboard-write"])
    mine.goto(EXPOSURE)
    mine.click(".share button")
    wait_for(lambda: mine.inner_text(".share [role=status]").strip(), 5)
    address = mine.evaluate("navigator.clipboard.readText()")
    assert address == mine.url
    theirs = visitor()
    theirs.goto(address)
    assert theirs.inner_text("main") == mine.inner_text("main").replace(
        mine.inner_text(".share"), theirs.inner_text(".share")
    )


def test_without_scripts_the_same_is_answered(visitor):
    page, bare = visitor(), visitor(java_script_enabled=False)
    page.goto(EXPOSURE)
    bare.goto("/exposure")
    bare.fill("#f-importer", "Japan")
    bare.fill("#f-on", "China")
    bare.fill("#f-product", "284690")
    bare.click(".act button")
    assert bare.inner_text("h1") == page.inner_text("h1")
    assert bare.locator("figure svg").count() == page.locator("figure svg").count() > 0
    assert bare.locator("table.data").first.inner_text() == page.locator("table.data").first.inner_text()


def test_without_scripts_a_page_that_waits_asks_again_by_itself(visitor):
    page = visitor(java_script_enabled=False)
    page.goto(DRAWS + "41")
    assert page.locator(".waiting").is_visible()
    page.locator(".waiting").wait_for(state="detached", timeout=60_000)
    assert "41" in page.inner_text("h1")


def test_long_work_shows_itself_and_its_answer_comes_by_itself(visitor):
    page = visitor()
    page.goto(DRAWS + "42")
    assert page.locator(".waiting progress").is_visible()
    wait_for(lambda: ":" in page.inner_text(".clock"), 5)
    page.locator(".waiting").wait_for(state="detached", timeout=60_000)
    assert "42" in page.inner_text("h1")


@pytest.mark.parametrize("scripts", [True, False])
def test_long_work_is_cancelled_and_begun_again(visitor, scripts):
    page = visitor(java_script_enabled=scripts)
    page.goto(LONG.format(n=int(scripts) + 1))
    page.click(".waiting button")
    again = page.locator("main form[action$='/again'] button")
    again.wait_for(timeout=10_000)
    again.click()
    page.locator(".waiting button", has_text="Cancel").click()
    page.locator("main form[action$='/again'] button").wait_for(timeout=10_000)


def test_what_failed_says_why_in_place(visitor, desk_server):
    page = visitor()
    page.goto("/plan?scenario=economic-2plus2&quick=true&seconds=0")
    assert page.locator(".problem").first.is_visible()


def test_two_at_once_each_get_their_own_answer(visitor):
    one, two = visitor(), visitor(locale="ja-JP")
    one.goto("/exposure?importer=JPN&on=CHN&product=250410", wait_until="commit")
    two.goto("/exposure?importer=USA&on=CHN&product=284690", wait_until="commit")
    one.wait_for_load_state()
    two.wait_for_load_state()
    assert "Japan" in one.inner_text("h1")
    assert "米国" in two.inner_text("h1")


def test_a_saved_brief_opens_from_the_disk(visitor, tmp_path):
    page = visitor()
    page.goto(f"/brief?{urlencode(QUESTIONS['brief'].example)}")
    page.locator(".waiting").wait_for(state="detached", timeout=60_000)
    with page.expect_download() as download:
        page.locator("a[href^='/file/brief.html']").first.click()
    saved = tmp_path / "brief.html"
    download.value.save_as(saved)
    heading = page.inner_text("h1")
    page.goto(saved.as_uri())
    assert page.inner_text("h1") == heading
    figures = page.locator("figure").count()
    assert page.get_attribute("html", "data-done") == str(figures)
    assert figures > 3


def test_a_server_that_was_killed_finds_its_work_again(chromium, tmp_path):
    server = Server(tmp_path / "home")
    server.start()
    try:
        page = chromium.new_context(base_url=server.address).new_page()
        page.goto(DRAWS + "43")
        page.locator(".waiting").wait_for(state="detached", timeout=60_000)
        done = page.inner_text("h1")
        page.goto(DRAWS + "2000")
        assert page.locator(".waiting").is_visible()
        server.kill()
        server.start(server.port)
        page.goto(DRAWS + "43")
        assert page.locator(".waiting").count() == 0
        assert page.inner_text("h1") == done
        # What was under way goes on, for a page that was open all the time too.
        page.goto(DRAWS + "2000")
        page.locator(".waiting").wait_for(state="detached", timeout=60_000)
        assert "2,000" in page.inner_text("h1") or "2000" in page.inner_text("h1")
        page.context.close()
    finally:
        server.stop()


def test_many_windows_at_once_are_all_answered(desk_server):
    def ask(code: str) -> int:
        with urlopen(f"{desk_server.address}/exposure?importer={code}&on=CHN&product=284690") as reply:
            return reply.status

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, ["JPN", "USA", "DEU", "FRA", "GBR", "ITA", "KOR", "AUS"])) == {200}
