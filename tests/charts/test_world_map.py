from __future__ import annotations

import math
import re

import pytest

from friendshore.charts import look
from friendshore.charts.picture import inline_svg
from friendshore.charts.wording import Words
from friendshore.charts.world_map import Frame, bubbles, colours, labels, meridian, on_map, raw, supplier_map
from friendshore.tables.countries import countries

WORDS = Words("en", lambda t, **v: t.format(**v), lambda v, u: f"{v:.0%}", lambda a, b, u: f"{a} to {b}")
ROWS = [{"supplier": c, "share": s} for c, s in [("CHN", 0.5), ("SGP", 0.2), ("AUS", 0.12), ("MYS", 0.02)]]


def test_the_projection_has_the_published_extent():
    # Savric, Patterson and Jenny 2018: the equator is 2.05458 times as long as the central meridian.
    assert raw(180, 0)[0] / raw(0, 90)[1] == pytest.approx(2.05458, abs=1e-4)


@pytest.mark.parametrize("latitude", [0, 30, 60])
def test_the_projection_keeps_areas(latitude):
    step = 1e-3
    across = raw(step, latitude)[0]
    up = raw(0, latitude + step / 2)[1] - raw(0, latitude - step / 2)[1]
    sphere = math.radians(step) ** 2 * math.cos(math.radians(latitude))
    assert across * up / sphere == pytest.approx(1, rel=1e-4)


def test_labels_and_land_use_the_same_projection():
    import altair as alt

    from friendshore.charts.picture import Drawing

    frame = Frame(720, 150)
    point = alt.Chart(alt.Data(values=[{"lon": 116.4, "lat": 39.9}])).mark_circle(fill="#123456").encode(
        longitude="lon:Q", latitude="lat:Q"
    ).project(
        type="equalEarth", rotate=[-150, 0, 0], scale=frame.scale,
        translate=[360, frame.scale * raw(0, 83.7)[1]],
    ).properties(width=720, height=frame.height)  # fmt: skip
    svg = inline_svg(Drawing(point), key="k", alt="")
    found = re.search(r'<path [^>]*fill="#123456"[^>]*>', svg)
    x, y = map(float, re.search(r"translate\(([\d.]+),([\d.]+)\)", found.group()).groups())
    assert (x, y) == pytest.approx(frame.place(116.4, 39.9), abs=0.2)


@pytest.mark.parametrize(
    ("codes", "centre"),
    [
        (["USA", "JPN", "CHN"], 150),
        (["AUS", "CHN"], 150),
        (["DEU", "FRA", "RUS"], 11),
        (["USA", "DEU"], 11),
        ([], 11),
    ],
)
def test_the_map_turns_to_the_pacific_when_those_concerned_are_there(codes, centre):
    assert meridian(codes) == centre


def test_roles_have_colours():
    fills = colours(ROWS, ["JPN"], ["CHN"], WORDS)
    assert fills["CHN"]["fill"] == look.CONCERN
    assert fills["JPN"]["fill"] == look.MEMBER
    assert fills["AUS"]["fill"] == look.LAND[3]
    assert fills["MYS"]["fill"] == look.LAND[1]


def test_a_supplier_of_concern_that_supplies_nothing_is_coloured_all_the_same():
    assert colours([], ["JPN"], ["CHN"], WORDS)["CHN"]["fill"] == look.CONCERN


def test_places_too_small_to_see_are_circles():
    assert "SGP" not in on_map()
    fills = colours(ROWS, ["JPN"], ["CHN"], WORDS)
    assert [b["told"] for b in bubbles(fills, Frame(720, 150), 720)] == ["Singapore: 20%"]


@pytest.mark.parametrize("width", [340, 800])
def test_no_label_overlaps_another_or_leaves_the_map(width):
    frame = Frame(width, 11)
    rows = [{"supplier": c, "share": 0.05} for c in ("BEL", "NLD", "LUX", "CHE", "AUT", "CZE", "POL", "SVK")]
    placed = labels(rows, ["DEU", "FRA"], ["GBR"], WORDS, frame, most=8)
    assert len(placed) >= 3
    boxes = []
    for one in placed:
        half = look.text_width(one["text"]) / 2
        assert half <= one["x"] <= width - half
        boxes.append((one["x"] - half, one["y"] - 7, one["x"] + half, one["y"] + 7))
    for n, a in enumerate(boxes):
        for b in boxes[n + 1 :]:
            assert a[2] <= b[0] or a[0] >= b[2] or a[3] <= b[1] or a[1] >= b[3]


def test_every_country_of_the_outlines_can_be_labelled():
    assert [code for code in sorted(on_map()) if countries()[code].latitude is None] == []


def test_the_map_is_small():
    drawing = supplier_map(ROWS, members=["USA", "JPN"], suppliers=["CHN"], words=WORDS, width=800)
    assert len(inline_svg(drawing, key="m", alt="x")) < 160_000


def test_codes_that_nobody_knows_are_left_out_of_the_map():
    rows = [{"supplier": "<B>", "share": 0.9}]
    svg = inline_svg(
        supplier_map(rows, members=["??"], suppliers=[], words=WORDS, width=400), key="m", alt="x"
    )
    assert "<B>" not in svg
