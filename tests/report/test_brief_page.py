"""The page of a brief: self-contained, strict, escaped, the same every time, in two languages."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from friendshore.answers.brief import brief
from friendshore.answers.hindcasting import hindcast
from friendshore.answers.longevity import longevity
from friendshore.answers.stress import stress
from friendshore.disruption.hindcast import tons_errors
from friendshore.report.brief import render, summary
from friendshore.tables.opening import open_world
from worlds import KASTNER, KASTNER_OUTPUT, one_product, world

LIMIT = 1_500_000


@pytest.fixture(scope="module")
def boxed():
    return brief(["USA", "JPN"], on=["CHN"], year=2024)


@pytest.fixture(scope="module")
def toy():
    return brief(["JPN"], on=["CHN"], world=one_product(KASTNER, production=KASTNER_OUTPUT))


@pytest.fixture(scope="module", params=["box-en", "box-ja", "toy-en", "toy-ja"])
def page(request, boxed, toy):
    told, lang = request.param.split("-")
    return render(boxed if told == "box" else toy, lang)


@pytest.fixture(scope="module")
def english(boxed):
    return render(boxed, "en")


@pytest.fixture(scope="module")
def japanese(boxed):
    return render(boxed, "ja")


class Tags(HTMLParser):
    """Start tags with attributes, and the text of each table by its id."""

    def __init__(self):
        super().__init__()
        self.tags, self.ids, self.tables, self.text = [], [], {}, []
        self.table, self.row, self.cell, self.depth = None, None, None, []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        self.depth.append(tag)
        if attributes.get("id"):
            self.ids.append(attributes["id"])
        if tag == "table":
            self.table = attributes.get("id", "")
            self.tables.setdefault(self.table, [])
        elif tag == "tr":
            self.row = []
        elif tag in ("td", "th"):
            self.cell = ""

    def handle_endtag(self, tag):
        while self.depth and self.depth.pop() != tag:
            pass
        if tag in ("td", "th") and self.cell is not None:
            self.row.append(self.cell)
            self.cell = None
        elif tag == "tr" and self.table is not None:
            self.tables[self.table].append(self.row)
        elif tag == "table":
            self.table = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data
        if not {"style", "script"} & set(self.depth):
            self.text.append(data)


def parsed(page):
    tags = Tags()
    tags.feed(page)
    return tags


def test_the_page_is_small(page):
    assert len(page.encode()) <= LIMIT


def test_nothing_outside_the_page_is_referred_to(page):
    for tag, attributes in parsed(page).tags:
        for name in ("src", "href", "srcset", "action", "data", "poster", "background", "xlink:href"):
            assert attributes.get(name, "#").startswith("#"), (tag, attributes)
        assert tag not in {"link", "iframe", "object", "embed", "img", "base", "form", "video", "audio"}
    assert re.findall(r"url\((?!#)", page) == []
    assert "@import" not in page
    assert not re.search(r"""\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|import)\b\s*\(""", page)


def test_every_link_leads_somewhere_on_the_page(page):
    tags = parsed(page)
    for tag, attributes in tags.tags:
        if tag == "a":
            assert attributes["href"][1:] in tags.ids


def test_no_id_occurs_twice(page):
    ids = parsed(page).ids
    assert len(ids) == len(set(ids))


def test_the_policy_allows_the_one_script_by_its_hash_and_nothing_else(page):
    policy = next(
        a["content"] for _, a in parsed(page).tags if a.get("http-equiv") == "Content-Security-Policy"
    )
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'sha256-{digest}'"
    assert "unsafe-inline" not in rules["script-src"]
    assert len(script) < 4000
    assert page.index("Content-Security-Policy") < page.index("<style>") < page.index("<script>")
    assert not re.search(r"<[^>]+\son\w+=", page)


def test_every_picture_has_a_label_that_says_something_and_a_table(page):
    tags = parsed(page)
    pictures = re.findall(r"<svg [^>]*>", page)
    figures = sum(tag == "figure" for tag, _ in tags.tags)
    assert figures >= 3
    assert len(pictures) == 2 * figures
    for picture in pictures:
        label = re.search(r'aria-label="([^"]*)"', picture)[1]
        assert 'role="img"' in picture
        assert re.search(r"\d", label), label
    sections = re.findall(r'<section class="panel[^"]*" id="(\w+)">(.*?)</section>', page, re.DOTALL)
    assert len(sections) == figures
    for name, content in sections:
        assert content.count("<figure>") == content.count("<table") == 1
        assert content.index("<figure>") < content.index("<table")
        assert len(tags.tables[f"table-{name}"]) > 1


def test_every_picture_is_well_formed(page):
    for picture in re.findall(r"<svg .*?</svg>", page, re.DOTALL):
        ElementTree.fromstring(picture)


def test_the_page_holds_all_that_was_asked_for(english, boxed):
    for name in (
        "endurance", "path", "replaced", "tornado", "record", "decisions", "frontier", "together", "why", "notice",
        "suppliers", "traced", "concentration", "heat",
        "others", "limits", "sources", "again",
    ):  # fmt: skip
        assert f'id="{name}"' in english
    assert len(boxed.numbers) == 3
    assert english.count('class="number"') == 3
    for source in boxed.sources:
        assert f"@misc{{{source.id}," in english
        assert source.licence in english
    assert "friendshore brief USA JPN --on CHN --year 2024 --out brief.html" in english


def test_each_importer_and_all_together_are_in_every_number(english):
    for table in re.findall(r'<section class="number">(.*?)</section>', english, re.DOTALL):
        assert re.findall(r'<th scope="row">([^<]*)</th>', table) == ["United States", "Japan", "jointly"]


def test_the_large_number_is_the_count_in_the_heat_maps_table(english, boxed):
    rows = parsed(english).tables["table-heat"][1:]
    above = {
        n: sum(float(row[n].replace("<", "").replace("n/a", "0")) > 50 for row in rows) for n in (1, 2, 3)
    }
    assert above == {n + 1: value.value for n, value in enumerate(boxed.numbers[0].values)}


def test_a_table_shows_the_rows_of_its_picture(english, boxed):
    tables = parsed(english).tables
    for panel in boxed.panels:
        if panel.id == "others":
            shown = {row[0] for row in tables["table-others"][1:]}
            assert len(shown) == len(panel.finding.rows)
        if panel.id == "heat":
            products = {row["product"] for row in panel.finding.rows}
            assert {re.search(r"\((\d{6})\)$", row[0])[1] for row in tables["table-heat"][1:]} == products


def test_the_same_question_gives_the_same_bytes(boxed, english):
    assert render(brief(["USA", "JPN"], on=["CHN"], year=2024), "en") == english


def test_the_bytes_do_not_depend_on_the_order_of_sets(tmp_path):
    code = (
        "import hashlib; from worlds import *\n"
        "from friendshore.answers.brief import brief; from friendshore.report.brief import render\n"
        "told = brief(['JPN', 'VNM'], on=['CHN'], world=one_product(KASTNER))\n"
        "print(hashlib.sha256(render(told, 'ja').encode()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "tests"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_hostile_names_are_text_on_the_page():
    evil = "<SVG ONLOAD=ALERT(1)>\"'&</SCRIPT>"
    flows = [
        (2022, evil, "JPN", "<img src=x>", 9, 9.0),
        (2022, "CHN", "JPN", "<img src=x>", 8, 8.0),
        (2022, "CHN", "</table>{{7*7}}", "{0}{x}%s", 8, 8.0),
        (2022, evil, "JPN", "{0}{x}%s", 8, 8.0),
    ]
    toy = world(flows)
    object.__setattr__(toy, "name", "<script>alert(2)</script>\x1b[31m\u202e{name}")
    for lang in ("en", "ja"):
        text = render(brief(["JPN"], on=["CHN"], world=toy), lang)
        assert text.count("<script>") == 1
        for raw in ("<SVG", "<img", "</SCRIPT", "alert(2)</script", "\x1b", "\u202e"):
            assert raw not in text
        assert "&lt;SVG ONLOAD" in text
        assert "&lt;img src=x&gt;" in text
        for picture in re.findall(r"<svg .*?</svg>", text, re.DOTALL):
            ElementTree.fromstring(picture)


def test_no_sentence_of_the_japanese_page_stayed_english(japanese):
    body = re.sub(r"<(style|script|pre)\b.*?</\1>", "", japanese, flags=re.DOTALL)
    body = re.sub(r'<section id="(?:sources|assumptions)".*?</section>', "", body, flags=re.DOTALL)
    body = re.sub(r"<title>.*?</title>", "", body, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", "\n", body) + "\n".join(re.findall(r'aria-label="([^"]*)"', body))
    runs = re.findall(r"[A-Za-z][a-z']+(?: [A-Za-z][a-z'-]+){3,}", text)
    titles = ("Worldwide Governance", "Mining Data", "Catalogue of real supplier shocks")
    assert [run for run in runs if not any(title in run for title in titles)] == []


def test_both_languages_show_the_same_figures(english, japanese):
    def figures(page):
        return [
            [cell.replace("不明", "n/a") for cell in row[1:4]]
            for row in parsed(page).tables["table-heat"][1:]
        ]

    assert figures(english) == figures(japanese)


def test_the_summary_says_the_answer_and_the_three_numbers(boxed):
    told = summary(boxed, "en")
    assert str(boxed.numbers[0].values[-1].value) in told
    assert told.count("jointly:") == 3
    assert "日本" in summary(boxed, "ja")


def test_a_page_about_nothing_hidden_and_no_production_is_still_a_page():
    toy = world([(2022, "CHN", "JPN", "284690", 9, 9.0), (2022, "AUS", "JPN", "260111", 9, 9.0)])
    text = render(brief(["JPN"], on=["CHN"], world=toy), "en")
    assert "What the data cannot say" in text
    assert "The data set names no source." in text


def told_months(row):
    """Months as the page shows them where the stock is unknown."""
    months = row["months_to_10pct"]
    if months is None:
        return "–"
    return f"≥{months:.0f}" if months < 0.05 or months >= 10 else f"≥{months:.1f}"


def test_how_long_we_last_comes_first_and_says_what_longevity_says(boxed, english):
    assert boxed.panels[0].id == "endurance"
    assert english.index('id="endurance"') < english.index('id="path"') < english.index('id="suppliers"')
    asked = {"on": ["CHN"], "months": 12}
    alone, joint = longevity(["USA", "JPN"], **asked), longevity(["USA", "JPN"], as_bloc=True, **asked)
    said = {(r["material"], r["importer"], r["cut"]): r for f in (alone, joint) for r in f.rows}
    rows = boxed.panels[0].finding.rows
    assert 1 < len({row["material"] for row in rows}) <= 10
    for row in rows:
        same = said[row["material"], row["importer"], row["cut"]]
        for name in ("product", "months_to_10pct", "missing_3_months_t", "missing_12_months_t", "usable_suppliers",
                     "import_bill_rise_usd", "stages_not_measurable"):  # fmt: skip
            assert row[name] == same[name]
    table = parsed(english).tables["table-endurance"][1:]
    first = rows[0]
    assert [row[3] for row in table if row[0].startswith("Magnesite") and row[1] == "United States"] == [
        told_months(said["Magnesite", "USA", "aimed"])
    ]
    assert first["comparable_events"] is not None
    assert 'fill="url(#endurance-wide-hatch)"' in english


def test_the_most_missing_is_shown_and_the_rest_is_counted(boxed):
    joint = longevity(["USA", "JPN"], on=["CHN"], months=12, as_bloc=True)
    aimed = [r for r in joint.rows if r["cut"] == "aimed" and r["demand_t"]]
    short = [r for r in aimed if r["months_to_10pct"] is not None]
    worst = sorted(short, key=lambda r: -r["missing_12_months_t"] / r["demand_t"])[:10]
    shown = {row["material"] for row in boxed.panels[0].finding.rows}
    assert shown == {row["material"] for row in worst}
    assert boxed.panels[0].title.values["short"] == str(len(short))
    assert boxed.panels[0].title.values["total"] == str(len(aimed))


def test_the_path_is_that_of_stress(boxed):
    panel = next(p for p in boxed.panels if p.id == "path")
    (product,) = {row["product"] for row in panel.finding.rows}
    said = stress(["USA", "JPN"], on=["CHN"], products=[product], months=12)
    assert panel.finding.rows == said.rows
    assert panel.title == said.answer
    assert any(row["shortage_share_low"] is not None for row in panel.finding.rows)
    replaced = next(p for p in boxed.panels if p.id == "replaced")
    for each in said.summary:
        mine = [r for r in replaced.finding.rows if r["importer"] == each["importer"]]
        assert [(r["exporter"], r["more_t"]) for r in mine] == [
            (by["exporter"], by["more_t"]) for by in each["replaced_by"]
        ]


def test_the_record_is_that_of_the_hindcast(boxed):
    rows = hindcast(grade="AB").rows
    panel = boxed.panels[0].finding
    product = next(p for p in boxed.panels if p.id == "path").finding.rows[0]["product"]
    assert any(product in row["product"] and row["comparable_events"] for row in panel.rows)
    errors = {}
    for row in rows:
        errors.setdefault(row["event"], []).append(abs(row["predicted_t"] / row["actual_t"] - 1))
    assert int(boxed.record.values["events"]) <= len(errors)
    every = sorted(error for found in errors.values() for error in found)
    assert every[0] < boxed.record.values["off"].value < every[-1]
    assert dict(tons_errors(open_world())).keys() == errors.keys()
    assert sorted(error for _, error in tons_errors(open_world())) == pytest.approx(every)


def test_the_notice_has_the_six_fields_and_leaves_blank_what_the_data_cannot_know(english):
    notice = re.search(r'<section id="notice" class="text screen">(.*?)</section>', english, re.DOTALL)[1]
    assert "<details><summary>" in notice
    for head in ("Impact", "Cause", "Expected duration", "Affected sectors", "Measures taken", "Help wanted"):
        assert f"<dt>{head}</dt>" in notice
    assert notice.count("To be filled in by the sender") == notice.count("<dt>")


def test_a_folder_with_unknown_tons_says_what_cannot_be_told():
    years = (2020, 2021, 2022)
    flows = [(y, who, "JPN", "999990", 9, tons) for y in years for who, tons in (("CHN", 5.0), ("AUS", 9.0))]
    some = brief(["JPN"], on=["CHN"], world=world([*flows, (2022, "CHN", "JPN", "999991", 9, None)]))
    assert some.panels[0].id == "endurance"
    assert {row["product"] for row in some.panels[0].finding.rows} == {"999990"}
    none = brief(["JPN"], on=["CHN"], world=world([(2022, "CHN", "JPN", "999990", 9, None)]))
    assert "endurance" not in {panel.id for panel in none.panels}
    assert not none.notice
    for lang, told in (("en", "cannot be told"), ("ja", "示せない")):
        assert told in render(none, lang)
        assert 'id="endurance"' in render(some, lang)


@pytest.mark.parametrize(
    ("importers", "on", "as_bloc"),
    [(["JPN"], ["CHN"], False), (["EU"], ["RUS", "BLR"], False), (["JPN", "G7"], ["CHN"], False)],
)
def test_one_importer_blocs_and_several_suppliers_are_told_too(importers, on, as_bloc):
    told = brief(importers, on=on, as_bloc=as_bloc, year=2024)
    assert [panel.id for panel in told.panels[:2]] == ["endurance", "path"]
    assert {row["importer"] for row in told.panels[0].finding.rows} == set(told.importers)
    assert len(render(told, "en").encode()) <= LIMIT
