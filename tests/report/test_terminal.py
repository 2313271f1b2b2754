from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

import findings
from friendshore.report.cells import printable
from friendshore.report.terminal import MOST_ROWS, render

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("exposure_en_100", {}),
        ("exposure_ja_100", {"lang": "ja"}),
        ("exposure_en_60", {"width": 60}),
    ],
)
def test_the_text_is_the_agreed_one(name, options, exposure_finding):
    assert render(exposure_finding, **options) == (GOLDEN / f"{name}.txt").read_text("utf-8")


def test_one_row_is_written_downwards_and_hides_nothing(exposure_finding):
    text = render(exposure_finding.model_copy(update={"rows": exposure_finding.rows[:1]}))
    assert text == (GOLDEN / "one_row.txt").read_text("utf-8")
    assert "do not fit" not in text


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("width", [40, 60, 80, 100, 140])
def test_no_line_is_wider_than_the_terminal(width, lang, exposure_finding, hostile_finding):
    for finding in (exposure_finding, hostile_finding):
        assert max(cell_len(line) for line in render(finding, lang=lang, width=width).splitlines()) <= width


def test_every_column_is_shown_or_named(exposure_finding):
    names = [c.name for c in exposure_finding.columns]
    narrow = render(exposure_finding, width=60)
    told = re.search(r"\d+ more columns do not fit \((.*?)\)", narrow.replace("\n", " "))[1].split(", ")
    assert set(told) < set(names)
    assert f"{len(told)} more columns" in narrow
    assert {"supplier_share", "supplier_share_traced_low"}.isdisjoint(told)
    assert "do not fit" not in render(exposure_finding, width=200)


def test_too_many_rows_are_counted(exposure_finding):
    many = findings.finding(exposure_finding.rows * 30)
    assert f"{7 * 30 - MOST_ROWS} more rows are not shown" in render(many)


def test_a_rule_stands_under_the_header_and_after_every_fifth_row(exposure_finding):
    lines = render(exposure_finding).splitlines()
    rules = [number for number, line in enumerate(lines) if line.startswith("───")]
    assert len(rules) == 2
    assert rules[1] - rules[0] == 6


def test_unknown_is_said_and_zero_is_zero(exposure_finding):
    copper = next(
        line for line in render(exposure_finding).splitlines() if line.startswith("USA      260300")
    )
    assert copper.split()[4:7] == ["0", "n/a", "n/a"]


def test_colour_marks_roles_and_changes_no_word(exposure_finding):
    plain = render(exposure_finding)
    coloured = render(exposure_finding, colour=True)
    assert "\x1b[" not in plain
    assert "\x1b[38;2;213;94;0mCHN" in coloured  # the supplier of concern in vermilion
    assert "\x1b[38;2;0;114;178mJPN" in coloured  # members in blue
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in bare.splitlines()] == plain.splitlines()


def test_nothing_in_the_data_can_steer_the_terminal(hostile_finding):
    text = render(hostile_finding)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    assert "\\x1b[31mred" in text
    assert "[bold red]not markup[/bold red]" in text
    assert "\\u202ereversed" in text


def test_printable_keeps_what_people_write():
    for text in ("中国", "Côte d’Ivoire", "👩‍🔬", "μ%&<>"):
        assert printable(text) == text


def test_an_unknown_number_is_not_said_to_be_a_missing_word():
    row = findings.row("JPN", "284690", "x", 1.0, None, 0.5, None, None, None, None)
    text = render(findings.finding([row]))
    assert [line.split()[-1] for line in text.splitlines() if line.startswith("net import")] == ["n/a"]
    assert [line.split()[-1] for line in text.splitlines() if line.startswith("top supplier  ")] == ["–"]


def test_no_rows_are_said(exposure_finding):
    assert "No rows." in render(exposure_finding.model_copy(update={"rows": ()}))
