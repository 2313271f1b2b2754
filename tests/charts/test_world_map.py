from __future__ import annotations

import itertools
import math
import re

import pytest

from friendshore.charts import look
from friendshore.charts.flow_arcs import Flow, arcs
from friendshore.charts.outlines import FINENESS, Frame, cut, on_map, outlines, raw
from friendshore.charts.picture import inline_svg
from friendshore.charts.wording import Words
from friendshore.charts.world_map import bubbles, colours, labels, meridian, supplier_map
from friendshore.tables.countries import countries

WORDS = Words(
    "en",
    lambda t, **v: t.format(**v),
    lambda v, u: "n/a" if v is None else f"{v:.0%}",
    lambda a, b, u: f"{a} to {b}",
)
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


@pytest.mark.parametrize(("width", "most"), [(800, 45_000), (340, 25_000)])
def test_the_map_is_small(width, most):
    # more suppliers of at least one part in a hundred than anybody has
    rows = [{"supplier": code, "share": 0.01} for code in sorted(on_map())[:45]]
    drawing = supplier_map(rows, members=["USA", "JPN"], suppliers=["CHN"], words=WORDS, width=width)
    assert len(inline_svg(drawing, key="m", alt="x")) < most


def ring_points(path):
    """Read a path of the outlines back into rings of pixels."""
    for ring in re.findall(r"M([^z]*)z", path):
        start, _, steps = ring.partition("l")
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
        x, y = map(int, start.split(","))
        points = [(x / FINENESS, y / FINENESS)]
        for right, down in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + right, y + down
            points.append((x / FINENESS, y / FINENESS))
        yield points


@pytest.mark.parametrize("centre", [11, 150])
@pytest.mark.parametrize(
    ("code", "square_km"), [("AUS", 7.69e6), ("BRA", 8.51e6), ("RUS", 17.1e6), ("ARG", 2.78e6)]
)
def test_a_country_is_as_large_as_it_is_and_no_line_crosses_the_map(code, square_km, centre):
    frame = Frame(800, centre)
    drawn = 0.0
    for ring in ring_points(outlines(frame)[code]):
        closed = [*ring, ring[0]]
        drawn += sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(closed)) / 2
        assert max(math.dist(a, b) for a, b in itertools.pairwise(closed)) < 120
    assert abs(drawn) / frame.scale**2 / (4 * math.pi) * 510.07e6 == pytest.approx(square_km, rel=0.06)


def test_a_ring_across_the_edge_is_cut_in_two_that_make_it_up():
    ring = [(170.0, 0.0), (190.0, 0.0), (190.0, 20.0), (170.0, 20.0), (170.0, 0.0)]
    parts = list(cut(ring, 0))
    assert [(min(x for x, _ in p), max(x for x, _ in p)) for p in parts] == [(170, 180), (-180, -170)]
    areas = [abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(p))) / 2 for p in parts]
    assert areas == pytest.approx([200, 200])


def test_a_share_that_is_not_known_is_hatched():
    assert colours([{"supplier": "BRA", "share": None}], [], [], WORDS)["BRA"]["fill"] == look.MISSING
    drawing = supplier_map(
        [{"supplier": "BRA", "share": None}], members=[], suppliers=[], words=WORDS, width=400
    )
    assert 'fill="url(#m-hatch)"' in inline_svg(drawing, key="m", alt="x")


def test_flows_are_as_wide_as_their_value_at_most_twelve_and_concern_is_on_top():
    codes = ("CHN", "AUS", "BRA", "CAN", "ZAF", "IND", "CHL", "PER", "MEX", "NOR", "SWE", "FIN", "DEU", "FRA")
    flows = [Flow(code, ("JPN",), 100.0 / (n + 1), "USD") for n, code in enumerate(codes)]
    drawn = arcs(flows, Frame(800, 150), ["CHN"], WORDS).elements
    lines = [told for tag, told, _ in drawn if tag == "path" and "aria-label" in told]
    assert len(lines) == 12
    assert lines[-1]["stroke"] == look.CONCERN
    widths = [float(line["stroke-width"]) for line in lines]
    assert widths[:-1] == sorted(widths[:-1])
    assert widths[-1] == max(widths)


def test_without_flows_no_arc_is_drawn():
    assert arcs([], Frame(800, 150), ["CHN"], WORDS).elements == ()
    assert arcs([Flow("ZZZ", ("JPN",), 5.0, "USD")], Frame(800, 150), [], WORDS).elements == ()


def test_codes_that_nobody_knows_are_left_out_of_the_map():
    rows = [{"supplier": "<B>", "share": 0.9}]
    svg = inline_svg(
        supplier_map(rows, members=["??"], suppliers=[], words=WORDS, width=400), key="m", alt="x"
    )
    assert "<B>" not in svg
