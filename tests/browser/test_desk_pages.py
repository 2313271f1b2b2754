"""Every page and every form of the desk in a real browser: both languages, light and dark, phone and paper."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import TimeoutError

from desk_browser import Heard
from friendshore.web.questions import QUESTIONS

pytestmark = pytest.mark.browser

ASKED = {
    "start": "/",
    "exposure empty": "/exposure",
    "exposure": "/exposure?importer=JPN&importer=USA&on=CHN&group=battery-inputs",
    "exposure of one product": "/exposure?importer=JPN&on=CHN&product=284690",
    "exposure over years": "/exposure?importer=JPN&on=CHN&product=284690&years=2015-2024",
    "disruption empty": "/disruption",
    "disruption": "/disruption?importer=JPN&on=CHN&product=284690&cover-days=60",
    "plan empty": "/plan",
    "plan": "/plan?scenario=economic-2plus2&quick=true",
    "read": "/read",
    "scenarios": "/scenarios",
    "methods": "/methods",
    "join": "/join",
    "refused": "/exposure?importer=Atlantis&on=CHN&product=graphite&years=2024-2020",
    "not there": "/atlantis",
}
ASKED |= {
    f"question {name}": f"/{name}?{urlencode(question.example)}".rstrip("?")
    for name, question in QUESTIONS.items()
    if name not in ("exposure", "join", "plan", "read")
}
LANGUAGES = ("en", "ja")
STATUS = {"refused": 422, "not there": 404}
WIDTHS = (390, 1024, 1600)
NO_RULE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
FAINT = """() => {
  const parts = (c) => c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((x) => x / 255)
    .map((x) => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
    .reduce((sum, x, n) => sum + x * [0.2126, 0.7152, 0.0722][n], 0);
  const over = (top, share, under) => top.slice(0, 3).map((x, n) => x * share + under[n] * (1 - share));
  const ground = parts(getComputedStyle(document.body).backgroundColor).slice(0, 3);
  const found = [];
  const texts = [...document.querySelectorAll("figure svg text")];
  const looks = texts.map((text) => [text.textContent, getComputedStyle(text)]);
  const halos = new Map(looks.filter(([, style]) => style.stroke.startsWith("rgb")));
  for (const text of texts) {
    if (!text.textContent.trim() || text.getClientRects().length === 0) continue;
    const style = getComputedStyle(text);
    if (style.fill === "none" || !style.fill.startsWith("rgb") || style.stroke !== "none") continue;
    const box = text.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const svg = text.ownerSVGElement;
    let under = ground;
    for (const shape of svg.querySelectorAll("path, rect, circle")) {
      if (shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_PRECEDING) break;
      const look = getComputedStyle(shape);
      if (!look.fill.startsWith("rgb") || look.visibility === "hidden" || look.display === "none") continue;
      const matrix = shape.getScreenCTM();
      const place = matrix && new DOMPoint(x, y).matrixTransform(matrix.inverse());
      if (!place || !shape.isPointInFill(place)) continue;
      const fill = parts(look.fill);
      under = over(fill, (fill[3] ?? 1) * look.fillOpacity * look.opacity, under);
    }
    // A halo is the same text before it, with a broad edge.
    const halo = halos.get(text.textContent);
    if (halo) under = over(parts(halo.stroke), Number(halo.strokeOpacity), under);
    const fill = parts(style.fill);
    const front = over(fill, (fill[3] ?? 1) * style.fillOpacity * style.opacity, under);
    const [a, b] = [light(front), light(under)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const told = `${text.textContent.slice(0, 24)} ${ratio.toFixed(1)} ${style.fill} on ${under.map(Math.round)}`;
    if (ratio < 4.5) found.push(told);
  }
  return [...new Set(found)].slice(0, 5);
}"""
CUT = """() => [...document.querySelectorAll("figure svg text")].filter((text) => {
  if (!text.getClientRects().length || !text.textContent.trim()) return false;
  const [a, b] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
  return b.width > 0 && (a.left < b.left - 3 || a.right > b.right + 3);
}).map((text) => text.textContent.slice(0, 30)).slice(0, 5)"""


@dataclass
class Seen:
    """What was found on one page in one language."""

    status: int = 0
    lang: str = ""
    heading: str = ""
    figures: int = 0
    done: str | None = None
    plain_bytes: int = 0
    all_bytes: int = 0
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    faint: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    wide: dict[int, int] = field(default_factory=dict)
    english: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def seen(chromium, desk_server, axe, request) -> dict[tuple[str, str], Seen]:
    """Visit every page once in each language and note everything; the tests below only look at the notes."""
    pictures = request.config.getoption("--pictures", default=None)
    found = {}
    for lang in LANGUAGES:
        context = chromium.new_context(
            base_url=desk_server.address,
            locale={"en": "en-GB", "ja": "ja-JP"}[lang],
            viewport={"width": 1024, "height": 900},
        )
        heard = Heard(context, desk_server.address)
        page = context.new_page()
        for name, address in ASKED.items():
            found[name, lang] = visited(page, address, axe, heard)
            if pictures:
                pictured(page, Path(pictures), name, lang)
        context.close()
    return found


def visited(page, address: str, axe: str, heard: Heard) -> Seen:
    heard.complaints.clear()
    heard.outside.clear()
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1024, "height": 900})
    reply = page.goto(address)
    page.locator(".waiting").first.wait_for(state="detached", timeout=60_000)
    with suppress(TimeoutError):
        page.locator("html[data-done]").wait_for(timeout=5_000)
    plain = len(page.evaluate("fetch(location.href).then((reply) => reply.text())").encode())
    style, script = (
        page.evaluate(f"Promise.all([...document.querySelectorAll('{what}')].map((one) => fetch(one.href || one.src)"
                      ".then((reply) => reply.text()))).then((texts) => texts.join('').length)")
        for what in ("link[rel=stylesheet]", "script[src]")
    )  # fmt: skip
    seen = Seen(
        status=reply.status,
        lang=page.get_attribute("html", "lang"),
        heading=page.inner_text("h1"),
        figures=page.locator("figure").count(),
        done=page.get_attribute("html", "data-done"),
        plain_bytes=plain + style,
        all_bytes=plain + style + script,
        cut=page.evaluate(CUT),
        faint=page.evaluate(FAINT),
    )
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        seen.wide[width] = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 390, "height": 900})
    seen.cut += page.evaluate(CUT)
    page.set_viewport_size({"width": 1024, "height": 900})
    seen.complaints += heard.complaints
    page.emulate_media(color_scheme="dark")
    seen.faint += page.evaluate(FAINT)
    # Of a picture only the whole has a role; what it is made of would only take time.
    page.evaluate("for (const one of document.querySelectorAll('figure svg')) one.replaceChildren()")
    # All rules in both languages; contrast, which does not depend on the language, in both schemes.
    page.evaluate(axe)
    seen.violations += violations(page, NO_RULE)
    if seen.lang == "en":
        page.emulate_media(color_scheme="light")
        seen.violations += violations(page, CONTRAST)
    seen.outside += heard.outside
    return seen


def violations(page, rules) -> list[str]:
    found = page.evaluate("(rules) => axe.run(document, {...rules, resultTypes: ['violations']})", rules)
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]} {one['nodes'][0].get('failureSummary', '')[:200]}"
        for one in found["violations"]
    ]


def pictured(page, folder: Path, name: str, lang: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    page.evaluate("location.reload()")
    page.wait_for_load_state()
    for width in WIDTHS:
        for scheme in ("light", "dark") if width == 1024 else ("light",):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(
                path=folder
                / f"{name.replace(' ', '-')}-{lang}-{width}{'-dark' if scheme == 'dark' else ''}.png",
                full_page=True,
            )


def failing(seen, of) -> dict[str, object]:
    return {f"{name} ({lang})": of(one) for (name, lang), one in seen.items() if of(one)}


def test_every_page_answers_with_its_status(seen):
    assert {key: one.status for key, one in seen.items()} == {
        (name, lang): STATUS.get(name, 200) for name in ASKED for lang in LANGUAGES
    }


def test_every_page_is_in_the_language_of_the_browser(seen):
    assert failing(seen, lambda one: "" if one.lang in LANGUAGES else one.lang) == {}
    assert {key[1]: one.lang for key, one in seen.items()} == {"en": "en", "ja": "ja"}
    untranslated = {
        name
        for name in ASKED
        if seen[name, "ja"].heading == seen[name, "en"].heading and STATUS.get(name) is None
    }
    assert untranslated == set()


def test_no_page_complains_on_the_console(seen):
    assert failing(seen, lambda one: one.complaints) == {}


def test_no_page_asks_anything_of_another_place(seen):
    assert failing(seen, lambda one: one.outside) == {}


def test_the_script_ran_to_its_end_on_every_page(seen):
    assert (
        failing(seen, lambda one: "" if one.done == str(one.figures) else f"{one.done} of {one.figures}")
        == {}
    )


def test_axe_finds_nothing_in_light_and_dark(seen):
    assert failing(seen, lambda one: one.violations) == {}


def test_no_text_of_a_picture_is_faint_in_light_and_dark(seen):
    assert failing(seen, lambda one: one.faint) == {}


def test_no_text_of_a_picture_is_cut_off(seen):
    assert failing(seen, lambda one: one.cut) == {}


def test_no_page_scrolls_sideways_at_any_width_with_everything_open(seen):
    assert failing(seen, lambda one: {w: got for w, got in one.wide.items() if got > w}) == {}


def test_pages_are_light_with_and_without_scripts(seen):
    # The brief is one document that holds all its pictures, on its page as in its file.
    whole = ("question brief",)
    limits = {name: 650_000 if name in whole else 150_000 for name in ASKED}
    assert {key: one.plain_bytes for key, one in seen.items() if one.plain_bytes > limits[key[0]]} == {}
    assert failing(seen, lambda one: one.all_bytes if one.all_bytes > 1_500_000 else 0) == {}


def test_a_faint_text_and_a_complaint_would_be_noticed(visitor, axe):
    page = visitor()
    page.goto("/exposure?importer=JPN&on=CHN&product=284690")
    assert page.evaluate(FAINT) == []
    page.evaluate("document.querySelector('figure svg text').setAttribute('fill', '#D0D0D0')")
    assert len(page.evaluate(FAINT)) == 1
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    page.evaluate(axe)
    assert any(one.startswith("image-alt") for one in violations(page, NO_RULE))


def test_pages_that_answer_print_to_few_pages(chromium, desk_server, seen, tmp_path):
    page = chromium.new_context(base_url=desk_server.address).new_page()
    counts = {}
    for name in ("exposure", "disruption", "plan"):
        page.goto(ASKED[name])
        printed = page.pdf(format="A4", prefer_css_page_size=True)
        counts[name] = len(re.findall(rb"/Type\s*/Page\b", printed))
    page.context.close()
    assert {name: n for name, n in counts.items() if not 2 <= n <= 5} == {}
