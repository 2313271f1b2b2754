"""What a plan leaves missing, as shades: what is drawn, how dark, and on a phone below its label."""

from __future__ import annotations

import re

import pytest

from friendshore.charts import look
from friendshore.charts.gaps import gap_map
from friendshore.charts.picture import inline_svg
from friendshore.report.words import words_in

ROWS = [
    {"name": "both-12", "member": "USA", "product": "284690", "planned_share": 0.9},
    {"name": "both-12", "member": "JPN", "product": "284690", "planned_share": 0.25},
    {"name": "jpn-12", "member": "JPN", "product": "284690", "planned_share": 0.05},
    {"name": "jpn-12", "member": "JPN", "product": "250410", "planned_share": 0.0},
]


def drawn(width, rows=ROWS, lang="en"):
    return inline_svg(gap_map(rows, words_in(lang), width=width), key="gaps", alt="gaps")


@pytest.mark.parametrize("width", [340, 800])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_each_gap_has_its_figure_and_nothing_missing_has_none(width, lang):
    svg = drawn(width, lang=lang)
    figures = re.findall(r">(\d+(?:\.\d)?)</text>", svg)
    assert sorted(figures, key=float) == ["5.0", "25", "90"]
    titles = re.findall(r"<title>([^<]*)</title></rect>", svg)
    # Two members and two cases; what a member never misses is left out.
    assert len(titles) == 4
    assert sum(title.endswith(": 0 %") for title in titles) == 1


def test_a_larger_gap_is_darker():
    shades = dict(re.findall(r'<rect [^>]*fill="(#\w+)"[^>]*><title>[^<]*: (\d+|5\.0) %</title>', drawn(800)))
    by_share = {share: shade for shade, share in shades.items()}
    assert by_share["90"] == look.tint(look.CONCERN, 0.05 + 0.95 * 0.9)
    assert len(set(by_share.values())) == len(by_share)


def test_a_phone_has_the_whole_label_above_its_shades():
    long = [{**row, "product": "280530"} for row in ROWS]
    assert "Rare-earth metals, scandium and yttrium</text>" in drawn(340, long)
    assert drawn(340, long).count("…") == 0


def test_one_member_is_not_named():
    alone = [row for row in ROWS if row["member"] == "JPN"]
    assert "JPN" not in "".join(re.findall(r">([^<]*)</text>", drawn(800, alone)))
