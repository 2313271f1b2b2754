from __future__ import annotations

import re
import struct
from importlib import import_module
from xml.etree import ElementTree

import pytest

from friendshore.charts import look
from friendshore.charts.bars import bars
from friendshore.charts.dumbbell import Pair, dumbbells
from friendshore.charts.heat import Cell, heat_map
from friendshore.charts.picture import cjk_available, inline_svg, png_of, standalone_svg

ROWS = [
    {"label": "Viet Nam", "value": 0.5, "told": "50 %", "fill": look.OTHERS},
    {"label": "<b>&\"'", "value": None, "told": "n/a", "fill": look.OTHERS, "strong": True},
]


@pytest.fixture(scope="module")
def svg():
    return inline_svg(bars(ROWS, width=400), key="k1", alt='says "this" & <that>')


def test_what_is_missing_is_hatched_and_neither_white_nor_zero(svg):
    assert look.MISSING not in svg
    assert 'id="k1-hatch"' in svg
    assert 'fill="url(#k1-hatch)"' in svg


def test_two_pictures_in_one_page_share_no_id():
    pairs = {"A": [Pair(None, None, None, "n/a", "x"), Pair(0.1, 0.2, 0.3, "10", "x")]}
    ids = []
    for key in ("one", "two"):
        drawing = dumbbells(["a", "b"], pairs, colour=look.CONCERN, width=400, ticks={0: "0", 1: "1"})
        text = inline_svg(drawing, key=key, alt="x")
        ids += re.findall(r'\bid="([^"]+)"', text)
        assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(ids)
    assert ids
    assert len(ids) == len(set(ids))


def test_a_picture_is_one_image_with_a_label_and_refers_to_nothing_outside(svg):
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'says "this" & <that>'
    assert "href" not in svg
    assert "font-family" not in svg


def test_marks_carry_a_tooltip_and_labels_do_not(svg):
    told = [node.text for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}title")]
    assert told == ["Viet Nam: 50 %", "<b>&\"': n/a"]


def test_names_are_escaped_in_the_picture(svg):
    assert "<b>" not in svg
    assert "&lt;b&gt;" in svg


def test_coordinates_have_one_decimal_at_most(svg):
    assert re.findall(r"\d\.\d\d", re.sub(r'aria-label="[^"]*"|>[^<]*<', "", svg)) == []


def test_bars_start_at_zero_and_are_as_long_as_their_values():
    rows = [{"label": "a", "value": v, "told": "", "fill": "#123456"} for v in (1.0, 0.25)]
    root = ElementTree.fromstring(inline_svg(bars(rows, width=400), key="k", alt=""))
    paths = [node.get("d") for node in root.iter() if node.get("fill") == "#123456"]
    starts = [float(re.match(r"M(-?[\d.]+),", path)[1]) for path in paths]
    widths = [float(re.search(r"h(-?[\d.]+)", path)[1]) for path in paths]
    assert starts == [0, 0]
    assert widths[1] / widths[0] == pytest.approx(0.25, abs=0.002)


def test_a_band_reaches_from_low_to_high():
    pairs = {"A": [Pair(0.2, 0.4, 0.9, "t", "band")]}
    drawing = dumbbells(["a"], pairs, colour="#D55E00", width=500, ticks={0.0: "0", 1.0: "100 %"})
    root = ElementTree.fromstring(inline_svg(drawing, key="k", alt=""))
    band = next(node for node in root.iter() if node.get("fill") == look.tint("#D55E00", 0.3))
    start, wide = (float(band.get(name)) for name in ("x", "width"))
    assert start / wide == pytest.approx(0.4 / 0.5, abs=0.01)


def test_the_shade_of_a_cell_is_the_tint_of_its_share():
    cells = [[Cell(0.5, "50", "half")], [Cell(None, "", "unknown")], [Cell(0.0, "0", "none")]]
    text = inline_svg(
        heat_map(["a", "b", "c"], ["X"], cells, colour="#D55E00", width=400, blocks=1), key="k", alt=""
    )
    assert look.tint("#D55E00", 0.05 + 0.95 * 0.5) in text
    assert look.tint("#D55E00", 0.05) in text
    assert 'fill="#FFFFFF"' not in text
    assert "k-hatch" in text


def test_the_same_chart_gives_the_same_bytes():
    first, second = (standalone_svg(bars(ROWS, width=400), alt="x") for _ in range(2))
    assert first == second


def test_a_png_has_twice_the_pixels_of_the_drawing():
    svg = standalone_svg(bars(ROWS, width=400), alt="x")
    image = png_of(svg)
    assert image.startswith(b"\x89PNG")
    wide, _ = struct.unpack(">II", image[16:24])
    assert wide == pytest.approx(2 * float(ElementTree.fromstring(svg).get("width")), abs=2)


def test_a_machine_without_japanese_characters_is_recognised(monkeypatch):
    # the package offers a function of the module's name
    picture = import_module("friendshore.charts.picture")
    monkeypatch.setattr(picture, "png_of", lambda svg, scale: b"the same box")
    cjk_available.cache_clear()
    assert cjk_available() is False
    cjk_available.cache_clear()
