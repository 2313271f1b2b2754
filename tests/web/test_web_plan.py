"""The page of a plan: what waits for what, what is shown, that its numbers are the command line's, and its papers."""

from __future__ import annotations

import gzip
import json
import re
from html import unescape
from html.parser import HTMLParser
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

import pytest

from friendshore import answers
from friendshore.cli import main
from friendshore.disruption.saved import save
from friendshore.report.words import number, translate
from friendshore.web.desk import Desk, answer
from friendshore.web.pages.plan_frontier import chosen_point
from friendshore.web.records import Asked
from friendshore.web.replying import reply

TEXT = """
version: 1
type: plan
name: Two buyers of rare earths
source: none
months: 12
shocks:
  - {id: j, case: jpn-12, kind: export_ban, suppliers: CHN, importers: JPN, products: ["284690"], duration_months: 12}
  - id: both
    case: both-12
    kind: export_ban
    suppliers: CHN
    importers: [USA, JPN]
    products: ["280530", "284690"]
    duration_months: 12
plan:
  members: [USA, JPN]
  concern: CHN
  hosts: [USA, JPN]
  products: ["280530", "284690"]
  objective: expected_cost
  stock: {most_days: 60}
  budgets:
    - {member: USA, usd: 20000000, source: assumption}
    - {member: JPN, usd: 20000000, source: assumption}
"""
NAME, QUICK = "tiny-plan", "scenario=tiny-plan&quick=true"
ALL = f"{QUICK}&compare=true&frontier=true&why=true"
KEY = "0123456789abcdef01234567"
WORKED: dict[str, object] = {}
"""Answers by key, worked out once for all tests: the key holds everything that an answer depends on."""


class Words(HTMLParser):
    """Collects links, words outside of code, and cells with their points."""

    def __init__(self, text):
        super().__init__()
        self.links, self.words, self.each, self.heads = [], [], [], []
        self.within, self.cell = [], None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "a":
            self.links.append(told["href"])
        if tag in ("td", "tr") and "data-each" in told:
            self.each.append((tag, told["data-each"].split("|"), "hidden" in told))
        self.within.append(tag)

    def handle_endtag(self, tag):
        while self.within and self.within.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"pre", "script", "style", "code"} & set(self.within):
            self.words.append(data)
            if "h2" in self.within and data.strip():
                self.heads.append(data.strip())


@pytest.fixture
def site():
    save(NAME, TEXT)
    kept = SimpleNamespace(finding=lambda key: WORKED.get(key))
    desk = Desk(kept=kept)

    def ask(address, lang="en", kind="page", *, work=True):
        """Ask, and where it waits work it out and ask again, as the page does."""
        split = urlsplit(address)
        name, _, suffix = split.path.strip("/").rpartition("/")[2].partition(".")
        part = ""
        if split.path.startswith(("/file/", "/api/", "/chart/")):
            kind = split.path.split("/")[1]
        if kind == "chart":
            part, name = name, split.path.split("/")[2]
        query = tuple(pair for pair in parse_qsl(split.query) if pair[0] != "lang")
        asked = Asked(kind, name or "start", query, lang, f".{suffix}" if suffix else "", part)
        for _ in range(6):
            told = reply(asked, desk)
            if not told.jobs or not work:
                break
            for job in told.jobs:
                WORKED[job.id] = answer(job.given)
        return told

    return SimpleNamespace(ask=ask, desk=desk, text=lambda *a, **k: ask(*a, **k).body.decode())


def waiting(told):
    """Flags that the jobs of a reply were asked with."""
    flags = ("quick", "compare", "frontier", "why")
    return [{flag for flag in flags if job.given.arguments[flag]} for job in told.jobs]


def command(tmp_path, capsys, *words):
    """Run the command line, and return what it printed as JSON."""
    assert main(["plan", "--scenario", NAME, "--quiet", *words]) == 0
    out = capsys.readouterr().out
    return json.loads(out) if "--json" in words else out


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_before_a_scenario_is_chosen_those_that_can_be_planned_for_are_linked(site, lang):
    page = Words(site.text("/plan", lang))
    wanted = {
        "/plan?scenario=economic-2plus2&quick=true",
        "/plan?scenario=pressure-response",
        f"/plan?{QUICK}",
    }
    assert wanted <= set(page.links)
    assert not any("suez" in link for link in page.links)
    assert "Two buyers of rare earths" in "".join(page.words)


def test_the_quick_plan_waits_for_one_piece_of_work(site):
    WORKED.clear()
    site.desk.found.clear()
    told = site.ask(f"/plan?{QUICK}", work=False)
    assert waiting(told) == [{"quick"}]
    assert not told.lasting
    assert told.jobs[0].address.startswith("/plan?")


def test_the_full_plan_is_preceded_by_the_quick_one(site):
    WORKED.clear()
    first = site.ask(f"/plan?scenario={NAME}", work=False)
    assert waiting(first) == [{"quick"}, set()]
    WORKED[first.jobs[0].id] = answer(first.jobs[0].given)
    second = site.ask(f"/plan?scenario={NAME}", work=False)
    text = second.body.decode()
    assert waiting(second) == [set()]
    assert 'id="decisions"' in text
    assert 'id="assumptions"' in text
    WORKED[second.jobs[0].id] = answer(second.jobs[0].given)
    third = site.ask(f"/plan?scenario={NAME}", work=False)
    assert not third.jobs
    assert 'id="assumptions"' not in third.body.decode()
    assert 'id="variations"' in third.body.decode()


def test_each_section_asks_no_more_than_it_shows(site):
    site.ask(f"/plan?{QUICK}")
    for flag in ("compare", "frontier", "why"):
        told = site.ask(f"/plan?{QUICK}&{flag}=true", work=False)
        assert waiting(told) in ([{"quick", flag}], [])


def test_the_numbers_are_those_of_the_command_line(site, tmp_path, capsys):
    told = command(tmp_path, capsys, "--json")
    page = site.text(f"/plan?scenario={NAME}")
    for figure, unit in (("cost_usd", "USD"), ("once_usd", "USD"), ("missing_share", "share")):
        assert f"<strong>{number(told[figure], unit)}</strong>" in page, figure
    low, high = (number(told[f"missing_share_{end}"], "share").removesuffix(" %") for end in ("low", "high"))
    assert f"({low} to {high})" in page
    assert unescape(page).count(told["answer"]) >= 1
    recommended = sum(row["recommended"] for row in told["rows"])
    assert f"of which {recommended} survive" in page


def test_the_ranges_span_the_plans_under_other_assumptions(tmp_path, capsys, site):
    told = command(tmp_path, capsys, "--json")
    costs = [row["cost_usd"] for row in told["variations"] if row["variation"] not in ("first", "last")]
    assert told["cost_usd_low"] == min(costs)
    assert told["cost_usd_high"] == max(costs)
    assert told["cost_usd_low"] <= told["cost_usd"] <= told["cost_usd_high"]
    assert told["once_usd"] == pytest.approx(
        sum(row["stock_usd"] + row["support_usd"] for row in told["members"])
    )
    assert told["budget_usd"] == 40_000_000


def test_the_slider_holds_the_points_of_the_frontier(site, tmp_path, capsys):
    told = command(tmp_path, capsys, "--quick", "--frontier", "--json")
    page = Words(site.text(f"/plan?{QUICK}&frontier=true"))
    budgets = sorted({row["budget_usd"] for row in told["frontier"]})
    by_point = {(row["sharing"], row["budget_usd"]): row for row in told["frontier"]}
    cells = [each for tag, each, _ in page.each if tag == "td"]
    for sharing, place in (("together", 0), ("alone", 1)):
        expected = [by_point.get((sharing, budget), {}).get("shortage_share") for budget in budgets]
        assert cells[place] == [number(share, "share") for share in expected]
    links = [link for link in page.links if "budget=" in link]
    assert [round(float(dict(parse_qsl(urlsplit(link).query))["budget"])) for link in links] == [
        round(budget) for budget in budgets
    ]


def test_what_is_done_by_budget_is_what_the_plans_of_the_points_decide(site, tmp_path, capsys):
    told = command(tmp_path, capsys, "--quick", "--frontier", "--json")
    budgets = sorted({row["budget_usd"] for row in told["frontier"]})
    together = [row for row in told["frontier_decisions"] if row["sharing"] == "together"]
    expected = {}
    for row in together:
        key = (row["action"], row["product"], row["member"], row["supplier"] or row["host"])
        tons = expected.setdefault(key, [""] * len(budgets))
        tons[budgets.index(row["budget_usd"])] = number(row["quantity_t"], "t")
    shown = [each for tag, each, _ in Words(site.text(f"/plan?{QUICK}&frontier=true")).each if tag == "tr"]
    assert 0 < len(shown) <= 24
    assert all(each in expected.values() for each in shown)
    # Money buys more stock, never less than none.
    spent = {row["budget_usd"]: row["spent_usd"] for row in told["frontier"] if row["sharing"] == "together"}
    assert all(usd <= budget * (1 + 1e-6) + 1 for budget, usd in spent.items())


def test_a_budget_in_the_address_chooses_the_nearest_solved_point(site):
    rows = [{"budget_usd": usd, "recommended": usd == 20.0} for usd in (0.0, 10.0, 20.0, 30.0)]
    budgets = [row["budget_usd"] for row in rows]
    assert [chosen_point(budgets, rows, said) for said in ("", "0", "14", "1e9", "nonsense", "nan")] == [
        2, 0, 1, 3, 2, 3,
    ]  # fmt: skip
    text = site.text(f"/plan?{QUICK}&frontier=true&budget=0")
    assert 'data-at="0"' in text
    assert re.search(r'budget=0#frontier" aria-current="true"', text)


@pytest.mark.parametrize("name", ["sheet.html", "sheet.xlsx", "wanted.csv"])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_papers_are_byte_for_byte_those_of_the_command_line(site, tmp_path, capsys, name, lang):
    option = "--sheet" if name.startswith("sheet") else "--wanted"
    command(tmp_path, capsys, "--quick", option, str(tmp_path / name), "--lang", lang)
    told = site.ask(f"/file/{name}?{QUICK}", lang)
    assert told.body == (tmp_path / name).read_bytes()
    assert name in told.headers["content-disposition"]


def test_papers_wait_for_the_plan_that_they_are_made_of(site):
    WORKED.clear()
    site.desk.found.clear()
    sheet, wanted = (site.ask(f"/file/{name}?{QUICK}", work=False) for name in ("sheet.html", "wanted.csv"))
    assert (sheet.status, wanted.status) == (202, 202)
    assert waiting(sheet) == [{"quick", "compare"}]
    assert waiting(wanted) == [{"quick"}]


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/file/sheet.pdf?" + QUICK, 404, "unknown_suffix"),
        ("/file/sheet.html?scenario=pressure-response", 422, "no_sheet"),
        ("/file/wanted.csv?scenario=../secret", 422, "unknown_scenario"),
        ("/api/plan?scenario=/etc/passwd", 422, "unknown_scenario"),
    ],
)
def test_papers_that_cannot_be_made_are_refused(site, address, status, code):
    told = site.ask(address)
    assert told.status == status
    assert json.loads(told.body)["error"]["code"] == code


@pytest.mark.parametrize(
    "address", ["/plan?scenario=nothing-such", "/plan?scenario=../x.yaml", "/plan?quick=true"]
)
def test_a_scenario_that_is_none_is_refused_beside_the_form(site, address):
    told = site.ask(address)
    assert told.status == 422
    assert b'<select id="f-scenario"' in told.body


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_state_is_written_in_both_languages_and_small(site, lang):
    for address in (
        f"/plan?{QUICK}",
        f"/plan?{ALL}",
        f"/plan?scenario={NAME}",
        "/plan?scenario=pressure-response",
    ):
        told = site.ask(address, lang)
        assert told.status == 200
        assert len(gzip.compress(told.body) if address.endswith(ALL) else told.body) < 150_000, address
        heads = Words(told.body.decode()).heads
        assert len(heads) > 4
        if lang == "ja":
            assert all(re.search(r"[\u3040-\u30ff\u4e00-\u9fff]|BibTeX", head) for head in heads), heads


def test_every_link_of_the_page_answers(site):
    seen = set()
    for address in (f"/plan?{ALL}", "/plan", "/join", "/summary", f"/summary?scenario={NAME}"):
        for link in Words(site.text(address)).links:
            # A PNG is its SVG, painted.
            if link.startswith("/") and ".png?" not in link:
                seen.add(link.partition("#")[0])
    assert len(seen) > 30
    for link in sorted(seen):
        told = site.ask(link, work=False)
        assert told.status < 400, (link, told.body[:300])


def test_anchors_of_the_page_lead_somewhere(site):
    text = site.text(f"/plan?{ALL}")
    ids = set(re.findall(r'\bid="([^"]+)"', text))
    inner = {link[1:] for link in Words(text).links if link.startswith("#")}
    assert inner <= ids


def test_a_section_comes_alone_as_picture_and_rows(site):
    for part, suffix in (
        ("decisions", "svg"),
        ("missing", "svg"),
        ("frontier", "csv"),
        ("budgets", "csv"),
        ("why", "svg"),
    ):
        told = site.ask(f"/chart/plan/{part}.{suffix}?{ALL}")
        assert told.status == 200, part
    rows = site.ask(f"/chart/plan/budgets.csv?{ALL}").body.decode().splitlines()
    assert rows[0].startswith("sharing,budget_usd,action")


def test_a_response_is_judged_with_its_price(site):
    text = site.text("/plan?scenario=pressure-response")
    found = answers.plan("pressure-response")
    avoided = found.summary["avoided_usd"]
    assert avoided == pytest.approx(
        found.summary["shortage_usd"]["none"] - found.summary["shortage_usd"]["joint"]
    )
    assert f"<strong>{number(avoided, 'USD')}</strong>" in text
    for part in ("reactions", "price", "products", "at_risk"):
        assert f'id="{part}"' in text


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_summary_is_shown_word_for_word_and_saved_byte_for_byte(site, tmp_path, capsys, lang):
    path = tmp_path / "mine.yaml"
    assert main(["summary", "--scenario", NAME, "--member", "JPN", "--out", str(path), "--quiet"]) == 0
    capsys.readouterr()
    text = site.text(f"/summary?scenario={NAME}&member=JPN", lang)
    shown = re.search(r"<pre[^>]*>(.*?)</pre>", text, re.DOTALL)
    assert shown is not None
    assert unescape(shown[1]).strip() == path.read_text(encoding="utf-8").strip()
    assert 'id="reveals"' in text
    assert 'id="kept"' in text
    assert site.ask(f"/file/summary.yaml?scenario={NAME}&member=JPN", lang).body == path.read_bytes()


def test_whose_summary_is_chosen_among_the_members(site):
    page = site.text(f"/summary?scenario={NAME}")
    assert f"/summary?scenario={NAME}&amp;member=USA&amp;explain=true" in page
    assert '<option value="JPN">' in page


def test_what_allies_found_together_is_shown_by_its_key(site, tmp_path):
    texts = []
    for member in ("USA", "JPN"):
        told = site.ask(f"/file/summary.yaml?scenario={NAME}&member={member}")
        path = tmp_path / f"{member}.yaml"
        path.write_bytes(told.body)
        texts.append(path)
    WORKED[KEY] = found = answers.join(texts)
    text = site.text(f"/plan?joined={KEY}")
    assert f"<h1>{translate(found.answer)}</h1>" in unescape(text)
    for part in ("together", "decisions", "coalitions", "mechanisms"):
        assert f'id="{part}"' in text
    assert number(found.summary["together_usd"], "USD") in text
    refused = site.ask(f"/plan?joined={KEY[::-1]}")
    assert refused.status == 404 or refused.status == 422


def test_the_form_to_join_takes_several_files_and_holds_no_script(site):
    text = site.text("/join")
    assert 'action="/plan/join"' in text
    assert 'enctype="multipart/form-data"' in text
    assert re.search(r'<input type="file"[^>]* name="file"[^>]* multiple', text)
    for page in (text, site.text(f"/plan?{ALL}")):
        assert "<script>" not in page
        assert not re.search(r"\sstyle=|\son[a-z]+=", page)
