"""From origin through sellers to the importer: what is drawn adds up, fits and says what is hidden."""

from __future__ import annotations

import itertools
import re

import pytest

from friendshore.answers import trace
from friendshore.charts import look
from friendshore.charts.picture import inline_svg
from friendshore.charts.sankey import sankey
from friendshore.charts.sankey_layout import MOST_NODES, OTHERS, OWN, UNKNOWN, laid_out
from friendshore.report.words import words_in
from worlds import KASTNER, KASTNER_OUTPUT, one_product

CODES = ("CHN", "AUS", "BRA", "CAN", "ZAF", "IND", "CHL", "PER", "MEX", "NOR", "SWE", "FIN")


def row(origin, via, tons, low=None, high=None):
    return {
        "origin": origin,
        "via": via,
        "importer": "JPN",
        "quantity_t": tons,
        "quantity_t_low": low,
        "quantity_t_high": high,
    }


MANY = [
    row(a, b, 100.0 / (1 + n), 1.0, 200.0) for n, (a, b) in enumerate(itertools.product(CODES, CODES[:9]))
]


@pytest.mark.parametrize(
    "rows", [MANY, MANY[:30], [row("CHN", "CHN", 5.0), row("JPN", "JPN", 5.0), row(None, "AUS", 2)]]
)
def test_every_node_and_column_adds_up(rows):
    plan = laid_out(rows, ["PER"])
    total = sum(each["quantity_t"] for each in rows)
    for column in (plan.origins, plan.sellers, (plan.importer,), plan.bands, plan.sold):
        assert sum(one.tons for one in column) == pytest.approx(total)
    for node in plan.origins:
        assert sum(b.height for b in plan.bands if b.start == node.key) == pytest.approx(node.height)
    for node in plan.sellers:
        assert sum(b.height for b in plan.bands if b.end == node.key) == pytest.approx(node.height)
        assert sum(b.height for b in plan.sold if b.start == node.key) == pytest.approx(node.height)
    assert sum(b.height for b in plan.sold) == pytest.approx(plan.importer.height)


def test_at_most_seven_places_a_column_and_the_supplier_of_concern_is_one_of_them():
    plan = laid_out(MANY, ["FIN"])
    for column in (plan.origins, plan.sellers):
        assert len(column) <= MOST_NODES
        assert OTHERS in {node.key for node in column}
    assert "FIN" in {node.key for node in plan.origins}


@pytest.mark.parametrize("suppliers", [[], ["FIN"], list(CODES)])
def test_nodes_and_their_labels_stand_apart(suppliers):
    plan = laid_out(MANY, suppliers)
    for column in (plan.origins, plan.sellers):
        for above, below in itertools.pairwise(column):
            assert above.y + above.height <= below.y
            assert (below.y + below.height / 2) - (above.y + above.height / 2) >= look.SIZE + 2


def test_own_production_and_the_unknown_are_named():
    plan = laid_out([row("JPN", "JPN", 5.0), row(None, "AUS", 2.0)], [])
    assert {node.key for node in plan.origins} == {OWN, UNKNOWN}
    svg = inline_svg(
        sankey([row("JPN", "JPN", 5.0), row(None, "AUS", 2.0)], {}, suppliers=[], words=words_in("en"), width=760),
        key="s", alt="",
    )  # fmt: skip
    assert "own production" in svg
    assert "not known" in svg
    assert "url(#s-hatch)" in svg


def test_what_a_seller_passes_on_is_striped_and_nothing_else():
    direct = sankey([row("CHN", "CHN", 5.0)], {}, suppliers=["CHN"], words=words_in("en"), width=760)
    assert "stripes" not in inline_svg(direct, key="s", alt="")
    through = sankey([row("CHN", "VNM", 5.0)], {}, suppliers=["CHN"], words=words_in("en"), width=760)
    assert inline_svg(through, key="s", alt="").count('fill="url(#s-stripes)"') == 1


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("width", [340, 760])
def test_no_text_leaves_the_picture(width, lang):
    spans = dict.fromkeys(CODES, (0.1, 0.2))
    drawing = sankey(MANY, spans, suppliers=["CHN"], words=words_in(lang), width=width)
    left, _, right, _ = drawing.chart.box
    assert left >= -6
    assert right <= width + 6
    assert len(inline_svg(drawing, key="s", alt="")) < 30_000


def test_the_links_of_the_published_example_add_up_to_its_origins():
    toy = one_product(KASTNER, production=KASTNER_OUTPUT)
    finding = trace("JPN", product="284690", year=2022, world=toy)
    links = finding.tables["links"].rows
    for origin in finding.rows:
        part = sum(link["quantity_t"] for link in links if link["origin"] == origin["origin"])
        assert part == pytest.approx(origin["traced_t"], abs=1e-9)
    assert sum(link["quantity_t"] for link in links) == pytest.approx(64)
    sold = {
        via: sum(link["quantity_t"] for link in links if link["via"] == via)
        for via in ("CHN", "SGP", "VNM", "JPN")
    }
    assert sold == {
        "CHN": pytest.approx(10),
        "SGP": pytest.approx(30),
        "VNM": pytest.approx(4),
        "JPN": pytest.approx(20),
    }


@pytest.mark.parametrize(("importer", "product"), [("JPN", "284690"), ("EU", "260400"), ("DEU", "250410")])
def test_links_of_the_box_add_up_and_lie_within_their_ends_and_the_traced_shares(importer, product):
    finding = trace(importer, product=product, year=2022)
    links = finding.tables["links"].rows
    supply = sum(link["quantity_t"] for link in links)
    assert all(link["quantity_t_low"] <= link["quantity_t"] <= link["quantity_t_high"] for link in links)
    for row_ in finding.rows:
        part = sum(link["quantity_t"] for link in links if link["origin"] == row_["origin"]) / supply
        if any(link["origin"] == row_["origin"] for link in links):
            assert row_["traced_share_low"] - 1e-9 <= part <= row_["traced_share_high"] + 1e-9
    face = {row_["origin"]: row_["face_value_share"] for row_ in finding.rows}
    imports = sum(link["quantity_t"] for link in links if link["via"] != importer)
    total_face = sum(share for code, share in face.items() if code != importer)
    for via in {link["via"] for link in links} - {"others", importer}:
        sold = sum(link["quantity_t"] for link in links if link["via"] == via)
        assert sold / imports == pytest.approx(face[via] / total_face)


def test_the_shares_in_the_picture_are_those_of_the_table():
    finding = trace("JPN", product="284690", year=2022)
    links = finding.tables["links"].rows
    drawing = sankey(links, {}, suppliers=["CHN"], words=words_in("en"), width=760)
    # the first is the origin, the second the seller
    told = re.findall(r">China ([\d.]+) %<", inline_svg(drawing, key="s", alt=""))[-1]
    bought = sum(link["quantity_t"] for link in links if link["via"] == "CHN") / sum(
        link["quantity_t"] for link in links
    )
    assert float(told) == pytest.approx(100 * bought, abs=0.6)
