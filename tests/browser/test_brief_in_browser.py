"""The brief in a real browser: no network, scripts on and off, phone, paper, dark."""

from __future__ import annotations

import html
import re
import shutil
import subprocess

import pytest

from friendshore.answers.brief import brief
from friendshore.report.brief import render

pytestmark = pytest.mark.browser

BROWSER = next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome", "chrome"])), "chromium"
)
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-extensions",
    "--no-first-run", "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip


@pytest.fixture(scope="module")
def told():
    return brief(["USA", "JPN"], on=["CHN"], year=2024)


@pytest.fixture(scope="module", params=["en", "ja"])
def page(request, told, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "brief.html"
    path.write_text(render(told, request.param), encoding="utf-8")
    return path


@pytest.fixture
def browse(tmp_path):
    def run(path, *options):
        done = subprocess.run(
            [BROWSER, *QUIET, f"--user-data-dir={tmp_path / 'profile'}", *options, path.as_uri()],
            capture_output=True,
            timeout=120,
            check=True,
        )
        return done.stdout.decode(), done.stderr.decode(errors="replace")

    return run


def test_the_script_runs_under_its_policy_without_a_word_on_the_console(page, browse):
    dom, log = browse(page, "--dump-dom", "--enable-logging=stderr", "--v=0")
    figures = page.read_text("utf-8").count("<figure>")
    assert f'data-done="{figures}"' in dom
    assert "CONSOLE" not in log
    assert dom.count('class="n sortable"') > 5


def test_the_console_would_be_heard(browse, tmp_path):
    path = tmp_path / "bad.html"
    path.write_text("<!doctype html><script>console.error('heard')</script>", encoding="utf-8")
    _, log = browse(path, "--dump-dom", "--enable-logging=stderr", "--v=0")
    assert "heard" in log


def test_a_foreign_script_is_stopped_by_the_policy(page, browse, tmp_path):
    text = page.read_text("utf-8").replace(
        "</main>", "<p onclick=1 id=planted></p><script>document.title='taken'</script></main>"
    )
    path = tmp_path / "planted.html"
    path.write_text(text, encoding="utf-8")
    dom, log = browse(path, "--dump-dom", "--enable-logging=stderr", "--v=0")
    assert "<title>taken</title>" not in dom
    assert "Content Security Policy" in log


def framed(page, path, width, probe, *, scripts=True):
    """Put the page into a frame of a width, and what ``probe`` finds in it into the title."""
    sandbox = "" if scripts else 'sandbox="allow-same-origin" '
    path.write_text(
        f'<!doctype html><iframe id="f" {sandbox}style="width:{width}px;height:4000px;border:0" '
        f'srcdoc="{html.escape(page.read_text("utf-8"), quote=True)}"></iframe>'
        f"<script>f.onload=()=>{{const d=f.contentDocument,w=f.contentWindow;document.title=String({probe})}}</script>",
        encoding="utf-8",
    )
    return path


def test_everything_can_be_read_without_scripts(page, browse, tmp_path):
    probe = (
        "d.documentElement.dataset.done+'|'+d.body.innerText.length+'|'+d.querySelectorAll('figure').length"
    )
    found = {}
    for scripts in (True, False):
        path = framed(page, tmp_path / "frame.html", 1024, probe, scripts=scripts)
        dom, _ = browse(path, "--dump-dom")
        found[scripts] = re.search(r"<title>([^<]*)</title>", dom)[1].split("|")
    assert found[False][0] == "undefined"
    assert found[True][0] == found[True][2]
    assert found[False][1:] == found[True][1:]
    assert int(found[False][1]) > 5000


@pytest.mark.parametrize("width", [390, 768, 1024, 1600])
def test_no_width_makes_the_page_scroll_sideways(page, browse, tmp_path, width):
    dom, _ = browse(
        framed(page, tmp_path / "frame.html", width, "d.documentElement.scrollWidth"), "--dump-dom"
    )
    assert int(re.search(r"<title>(\d+)</title>", dom)[1]) <= width


@pytest.mark.parametrize(("width", "shown"), [(390, "narrow"), (1024, "wide")])
def test_a_phone_gets_the_narrow_pictures(page, browse, tmp_path, width, shown):
    probe = (
        "[...d.querySelectorAll('svg')].filter(s=>w.getComputedStyle(s).display!=='none')"
        ".map(s=>s.getAttribute('class')).join()"
    )
    dom, _ = browse(framed(page, tmp_path / "frame.html", width, probe), "--dump-dom")
    found = re.search(r"<title>([^<]*)</title>", dom)[1].split(",")
    assert set(found) == {shown}


def test_no_text_of_a_picture_is_cut_off(page, browse, tmp_path):
    probe = (
        "[...d.querySelectorAll('svg.wide text')].filter(t=>{const a=t.getBoundingClientRect(),"
        "b=t.ownerSVGElement.getBoundingClientRect();return a.left<b.left-2||a.right>b.right+2}).length"
    )
    dom, _ = browse(framed(page, tmp_path / "frame.html", 1024, probe), "--dump-dom")
    assert re.search(r"<title>(\d+)</title>", dom)[1] == "0"


def test_a_click_sorts_a_table_by_number(page, browse, tmp_path):
    probe = (
        "(()=>{const t=d.querySelector('#table-heat'),h=t.tHead.rows[0].cells[1];h.click();"
        "return [...t.tBodies[0].rows].map(r=>r.cells[1].dataset.v).join()})()"
    )
    dom, _ = browse(framed(page, tmp_path / "frame.html", 1024, probe), "--dump-dom")
    found = re.search(r"<title>([^<]*)</title>", dom)[1].split(",")
    known = [float(value) for value in found if value]
    assert len(known) > 50
    assert known == sorted(known)
    assert all(value == "" for value in found[len(known) :])


def test_it_prints_to_two_to_four_pages(page, browse, tmp_path):
    out = tmp_path / "brief.pdf"
    browse(page, "--no-pdf-header-footer", f"--print-to-pdf={out}")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", out.read_bytes())) <= 4


def test_contrast_of_text_is_enough_in_light_and_dark(page, browse, tmp_path):
    probe = (
        "(()=>{const l=c=>{const v=c.match(/[\\d.]+/g).slice(0,3).map(x=>x/255)"
        ".map(x=>x<=.03928?x/12.92:((x+.055)/1.055)**2.4);return .2126*v[0]+.7152*v[1]+.0722*v[2]},"
        "g=l(w.getComputedStyle(d.body).backgroundColor);return Math.min(...[...d.querySelectorAll("
        "'h1,h2,p,li,td,th,figcaption,summary,a')].map(e=>{const t=l(w.getComputedStyle(e).color);"
        "return (Math.max(t,g)+.05)/(Math.min(t,g)+.05)}))})()"
    )
    path = framed(page, tmp_path / "frame.html", 1024, probe)
    ratios = []
    for scheme in ("0", "1"):
        dom, _ = browse(path, "--dump-dom", f"--blink-settings=preferredColorScheme={scheme}")
        ratios.append(float(re.search(r"<title>([\d.]+)</title>", dom)[1]))
    assert min(ratios) >= 4.5
    assert ratios[0] != ratios[1]
