from __future__ import annotations

import re
from importlib import import_module
from xml.etree import ElementTree

import pytest

from friendshore.answers import exposure, leverage, rules, trace
from friendshore.charts import draw
from friendshore.charts.poster import wrapped
from friendshore.errors import ArgumentError, OutputError
from friendshore.records import Column, Finding, Note
from friendshore.report.words import words_in
from worlds import KASTNER, KASTNER_OUTPUT, one_product, world

EN, JA = words_in("en"), words_in("ja")


def ask(name):
    toy = one_product(KASTNER, production=KASTNER_OUTPUT)
    years = world([(y, "CHN", "JPN", "284690", 5 + y % 3, 5) for y in range(2018, 2024)]
                  + [(y, "AUS", "JPN", "284690", 5, 5) for y in range(2018, 2024)])  # fmt: skip
    return {
        "exposure": lambda: exposure(["JPN"], on=["CHN"], world=toy),
        "years": lambda: exposure(["JPN"], on=["CHN"], world=years, years=range(2018, 2024)),
        "many": lambda: exposure(["USA", "JPN"], on=["CHN"]),
        "material": lambda: exposure(["JPN"], on=["CHN"], by="material"),
        "rules": lambda: rules(["USA", "JPN"], year=2022),
        "governance": lambda: rules(["JPN"], year=2022, rule="governance"),
        "trace": lambda: trace("JPN", product="284690", year=2022, world=toy),
        "leverage": lambda: leverage("JPN", "CHN", year=2022),
    }[name]()


@pytest.mark.parametrize(
    "name", ["exposure", "years", "many", "material", "rules", "governance", "trace", "leverage"]
)
@pytest.mark.parametrize("words", [EN, JA], ids=["en", "ja"])
def test_every_question_has_a_picture_with_title_measure_and_source(name, words):
    finding = ask(name)
    root = ElementTree.fromstring(draw(finding, format="svg", words=words))
    texts = [node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text")]
    text = "".join(texts).replace(" ", "")
    assert words.tell(finding.answer).replace(" ", "") in text
    assert finding.command.split()[1] in text
    assert root.find("{http://www.w3.org/2000/svg}title").text.startswith(words.tell(finding.answer))
    assert not re.search(r"""(?:href|src)=|url\((?!#)""", ElementTree.tostring(root, encoding="unicode"))


def test_a_png_is_drawn_from_the_same_picture():
    assert draw(ask("exposure"), format="png", words=EN).startswith(b"\x89PNG")


def test_a_question_without_a_picture_says_what_to_write_instead():
    finding = Finding(question="blocs", arguments={}, columns=(), rows=({},), answer=Note(template="x"))
    with pytest.raises(ArgumentError) as caught:
        draw(finding, words=EN)
    assert caught.value.code == "no_chart"


def test_no_rows_are_no_picture():
    empty = ask("exposure").model_copy(update={"rows": ()})
    with pytest.raises(ArgumentError) as caught:
        draw(empty, words=EN)
    assert caught.value.code == "no_chart"


def test_japanese_pixels_are_refused_where_they_would_be_boxes(monkeypatch):
    # the package offers a function of the module's name
    picture = import_module("friendshore.charts.picture")
    monkeypatch.setattr(picture, "cjk_available", lambda: False)
    finding = ask("trace")
    with pytest.raises(OutputError) as caught:
        draw(finding, format="png", words=JA)
    assert caught.value.code == "no_font"
    assert draw(finding, format="svg", words=JA).startswith(b"<svg")
    assert draw(finding, format="png", words=EN).startswith(b"\x89PNG")


def test_hostile_names_are_text_in_the_picture():
    evil = '<script>alert("x")</script>&'
    toy = world([(2022, evil.upper(), "JPN", "<img>", 5, 5), (2022, "CHN", "JPN", "<img>", 5, 5)])
    svg = draw(exposure(["JPN"], on=["CHN"], world=toy), words=EN).decode()
    assert "<img>" not in svg
    assert "&lt;img&gt;" in svg
    ElementTree.fromstring(svg)


def test_unknown_shares_are_hatched():
    finding = ask("exposure")
    column = Column(name="supplier_share", unit="share", description="")
    assert column.name in [c.name for c in finding.columns]
    blank = {**finding.rows[0], "supplier_share": None, "supplier_share_traced_low": None,
             "supplier_share_traced_high": None}  # fmt: skip
    svg = draw(finding.model_copy(update={"rows": (blank,)}), words=EN).decode()
    assert "hatch" in svg


def test_sentences_are_wrapped_at_their_width():
    from friendshore.charts.look import text_width

    text = "Of the ten largest other buyers, one depends on it more than both of them together do."
    lines = wrapped(text, 200, 12)
    assert " ".join(lines) == text
    assert all(text_width(line, 12) <= 200 for line in lines)


def test_no_japanese_line_begins_with_a_closing_sign():
    text = "輸入の半分超が中国から直接届いたのは、七十一品目中八品目、第三国経由を含めると十三品目。" * 3
    for width in range(60, 300, 7):
        lines = wrapped(text, width, 12)
        assert "".join(lines) == text
        assert not any(line[0] in "、。" for line in lines)
