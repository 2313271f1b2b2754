"""The pictures of a plan: places that can be measured against the rows, words in both languages."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from friendshore.charts import draw, look
from friendshore.charts.combine import concat, layer
from friendshore.charts.decisions import chosen, cost_ends, decided
from friendshore.charts.flips import flipped
from friendshore.charts.frontier import apart, frontiers, rounded_up, step_of
from friendshore.charts.marks import beside, boxes, layered, words_at
from friendshore.charts.picture import Drawing, library, svg_of
from friendshore.charts.together import Costs, staircase
from friendshore.records import Column, Finding, Note, Table
from friendshore.report.words import words_in

EN, JA = words_in("en"), words_in("ja")
SVG = "{http://www.w3.org/2000/svg}"


def drawn(drawing):
    return ElementTree.fromstring(svg_of(drawing))


def said(root):
    return [node.text for node in root.iter(f"{SVG}text")]


def bars(root):
    """(label, left, width, fill) of every bar."""
    return [
        (r.get("aria-label"), float(r.get("x")), float(r.get("width")), r.get("fill"))
        for r in root.iter(f"{SVG}rect")
    ]


def decision(action="buy", quantity=100.0, cost=1e6, recommended=True, **more):
    row = {
        "action": action, "member": "JPN", "product": "250410", "product_name": "x", "supplier": None, "host": None,
        "quantity_t": quantity, "quantity_t_low": None, "quantity_t_high": None, "cost_usd": cost, "once_usd": 0.0,
        "recommended": recommended, "hinges_on": None,
    }  # fmt: skip
    return row | {"supplier": "MOZ"} | more


def course(sharing, *points):
    return [
        {
            "sharing": sharing, "budget_usd": usd, "shortage_share": share, "months_covered": months, "cost_usd": 1.0,
            "recommended": mark == "r", "enough": mark == "e",
        }
        for usd, share, months, mark in points
    ]  # fmt: skip


FRONTIER = [
    *course("together", (0.0, 0.4, 2.0, ""), (1e8, 0.2, 6.0, "r"), (2e8, 0.1, 12.0, "e")),
    *course("alone", (0.0, 0.4, 2.0, ""), (1e8, 0.3, 4.0, ""), (2e8, 0.2, 8.0, "e")),
]
COSTS = Costs(
    {"USA": 100e6, "JPN": 300e6},
    250e6,
    {"risk": 100e6, "lumps": 50e6, "claims": 0.0},
    {"USA": 25e6, "JPN": 225e6},
)


def plan(rows=(), summary=None, **tables):
    columns = tuple(Column(name=n, unit="", description="x.") for n in rows[0]) if rows else ()
    return Finding(
        question="plan", arguments={}, columns=columns, rows=tuple(rows), answer=Note(template="Do this."),
        summary=summary or {}, tables={n: Table(columns=(), rows=tuple(r)) for n, r in tables.items()},
        command="friendshore plan --scenario x.yaml",
    )  # fmt: skip


def test_bars_of_decisions_are_as_long_as_their_costs():
    rows = [decision(cost=4e6), decision(cost=1e6, product="284690")]
    long, short = bars(drawn(decided(rows, EN, width=760)))
    assert long[2] == pytest.approx(4 * short[2], rel=0.01)
    assert long[1] == short[1] == 0


def test_a_decision_that_hinges_on_something_is_hollow_and_one_that_was_not_tried_is_filled():
    rows = [
        decision(product=p, recommended=r) for p, r in (("250410", True), ("284690", False), ("282520", None))
    ]
    fills = {label.split(":")[0]: fill for label, _, _, fill in bars(drawn(decided(rows, EN, width=760)))}
    sure, doubtful, untried = (fills[EN.product(code)] for code in ("250410", "284690", "282520"))
    assert sure == untried == look.PARTNER
    assert doubtful == look.tint(look.PARTNER, 0.12)


def test_the_range_is_that_of_the_tons_at_the_cost_of_each():
    row = decision(quantity=100.0, cost=2e6, quantity_t_low=50.0, quantity_t_high=200.0)
    assert cost_ends(row) == (1e6, 4e6)
    assert cost_ends(decision(cost=2e6)) == (2e6, 2e6)


def test_stock_comes_before_plants_and_purchases_and_doubtful_ones_keep_a_place():
    rows = [decision(cost=float(n)) for n in range(1, 21)]
    rows += [decision("hold", cost=0.5, recommended=False), decision("build", cost=0.2, host="USA")]
    shown = chosen(rows, 8)
    assert len(shown) == 8
    assert shown[0]["action"] == "hold"
    assert [row["cost_usd"] for row in shown[1:]] == [20.0, 19.0, 18.0, 17.0, 16.0, 15.0, 14.0]


def test_decisions_are_named_in_both_languages():
    row = decision(quantity=7000.0, quantity_t_low=6500.0, quantity_t_high=7100.0)
    english, japanese = (said(drawn(decided([row], words, width=760))) for words in (EN, JA))
    assert "Natural graphite, powder or flakes: JPN from Mozambique" in english
    assert "7.00 kt a year (6.50 to 7.10 kt)" in english
    assert "天然黒鉛(粉状・フレーク状)：モザンビークからJPN" in japanese
    assert "年7.00 kt（6.50～7.10 kt）" in japanese


def test_the_frontier_falls_with_money_and_together_lies_below_alone():
    root = drawn(frontiers(FRONTIER, EN, width=760))
    places = {}
    for dot in root.iter(f"{SVG}circle"):
        who, rest = dot.get("aria-label").split(", ", 1)
        if rest.endswith("%"):
            places.setdefault(who, []).append((float(dot.get("cx")), float(dot.get("cy"))))
    together, alone = places["together"], places["alone"]
    assert [y for _, y in together] == sorted(y for _, y in together)
    assert [x for x, _ in together] == [x for x, _ in alone]
    # 0.4 is four times 0.1: measured from where nothing is missing
    floor = 2 * together[1][1] - together[0][1]
    assert floor - together[0][1] == pytest.approx(4 * (floor - together[2][1]), rel=0.01)
    assert all(lower[1] >= upper[1] for lower, upper in zip(together, alone, strict=True))


def test_lines_differ_by_dash_and_marks_are_named():
    root = drawn(frontiers(FRONTIER, EN, width=760))
    paths = [p for p in root.iter(f"{SVG}path") if p.get("fill") == "none"]
    assert {p.get("stroke-dasharray") for p in paths} == {None, "5,3"}
    assert {"together", "alone", "recommended", "beyond USD 200 m money buys nothing"} <= set(said(root))
    assert {"共同", "単独", "推奨", "2.00億ドルを超えると効果なし"} <= set(
        said(drawn(frontiers(FRONTIER, JA, width=340)))
    )


def test_an_axis_ends_at_a_round_figure_that_few_steps_reach():
    assert (step_of(0.62), rounded_up(0.62)) == (0.2, pytest.approx(0.8))
    assert (step_of(36.0), rounded_up(36.0)) == (10, 40)
    assert rounded_up(0.0) == 1.0
    assert (step_of(100.0), rounded_up(100.0)) == (25, 100)


def test_labels_at_the_ends_of_lines_do_not_overlap():
    upper, lower = apart([{"y": 50.0}, {"y": 52.0}])
    assert lower["y"] - upper["y"] == 14.0
    assert upper["y"] + lower["y"] == 102.0


def test_the_staircase_goes_from_the_sum_alone_down_to_the_cost_together():
    found = bars(drawn(staircase(COSTS, EN, width=760)))
    usa, japan, risk, lumps, paid, rest = found
    scale = usa[2] / 100e6
    assert japan[1] == pytest.approx(usa[2], abs=0.2)
    assert [b[2] / scale / 1e6 for b in (japan, risk, lumps)] == pytest.approx([300, 100, 50], rel=0.01)
    assert risk[1] + risk[2] == pytest.approx(japan[1] + japan[2], abs=0.2)
    assert lumps[1] == pytest.approx(rest[1] + rest[2], abs=0.3)
    assert (paid[2] / scale / 1e6, rest[2] / scale / 1e6) == pytest.approx((25, 225), rel=0.01)
    assert paid[0] == "United States pays USD 25.0 m"


def test_who_is_paid_stands_below_the_cost_together():
    costs = Costs({"USA": 1e8, "JPN": 3e8}, 2e8, {}, {"USA": -5e7, "JPN": 2.5e8})
    root = drawn(staircase(costs, EN, width=760))
    assert {"Japan pays", "United States is paid", "\N{MINUS SIGN}USD 50.0 m"} <= set(said(root))
    *_, together, pays, paid = bars(root)
    assert pays[2] == pytest.approx(1.25 * together[2], rel=0.01)
    assert paid[1] == pytest.approx(together[1] + together[2], abs=0.2)


def test_the_title_of_a_comparison_names_what_each_bears_alone():
    told = {"alone_usd": {"USA": 1e8, "JPN": None}, "together_usd": 1.5e8}
    picture = draw(plan([decision()], told), words=EN).decode()
    assert (
        "Together USD 150 m a year; alone the United States USD 100 m, Japan no plan keeps the limits"
        in picture
    )


def test_savings_that_no_mechanism_explains_are_drawn_and_tiny_ones_are_not():
    told = said(
        drawn(
            staircase(Costs({"USA": 1e8, "JPN": 1e8}, 1.5e8, {"risk": 3e7, "supply": 1e5}, {}), EN, width=760)
        )
    )
    assert "stock serves whoever is hit" in told
    assert "own exports opened to each other" not in told
    assert "\N{MINUS SIGN}USD 20.0 m" in told


def test_where_one_has_no_plan_alone_nothing_is_added_up():
    root = drawn(staircase(Costs({"USA": 1e8, "JPN": None}, 1.5e8, {}, {}), EN, width=760))
    assert "no plan keeps the limits" in said(root)
    usa, japan, together = bars(root)
    assert japan[3] == look.MISSING
    assert together[2] == pytest.approx(1.5 * usa[2], rel=0.01)


def test_a_decision_begins_where_it_is_worth_it_on_an_axis_of_tens():
    rows = [
        decision(never_below=0.1, always_above=1.0, gone_above=None),
        decision(product="284690", never_below=None, always_above=0.1, gone_above=None),
        decision(product="282520", never_below=10.0, always_above=None, gone_above=None),
    ]
    root = drawn(flipped(rows, EN, width=760, assumed=2.0))
    ticks = {t.text: float(t.get("x")) for t in root.iter(f"{SVG}text") if re.fullmatch(r"[\d.]+", t.text)}
    assert ticks["1"] - ticks["0.1"] == pytest.approx(ticks["10"] - ticks["1"], abs=0.2)
    filled = [bar for bar in bars(root) if bar[3] == look.MEMBER]
    assert sorted(bar[1] for bar in filled) == pytest.approx([ticks["0.1"], ticks["1"]], abs=0.2)
    assert {"always", "from 1", "not steadily", "assumed: 2"} <= set(said(root))


def test_a_plan_is_drawn_by_what_was_asked_for_beside_it():
    rows = [decision(quantity=5.0)]
    alone = {
        "alone_usd": {"USA": 1e8, "JPN": 1e8},
        "together_usd": 1.5e8,
        "shapley_usd": {"USA": 2.5e7, "JPN": 2.5e7},
    }
    # comes in between 0.2 and 0.8, so at 0.4: a fifth of the stakes that are assumed
    flip = [decision(never_below=0.2, always_above=0.8, gone_above=None, flip_factor=0.2)]
    pictures = {
        "1 decisions for USD 1.00 m a year, of which 1 survive": plan(rows, {"cost_usd": 1e6}),
        "Months covered": plan(rows, alone, frontier=FRONTIER),
        "USA USD 75.0 m": plan(rows, alone, flips=flip),
        "assumed: 2": plan(rows, {"cost_usd": 1e6}, flips=flip),
    }
    for phrase, finding in pictures.items():
        assert phrase in draw(finding, words=EN).decode()


def test_the_title_of_a_frontier_says_what_money_buys():
    picture = draw(plan([decision()], frontier=FRONTIER), words=EN).decode()
    assert "With USD 100 m paid once, 20 % of what is needed is still missing." in picture
    assert "Beyond USD 200 m money buys nothing." in picture


@pytest.mark.parametrize("width", [340, 760])
def test_no_plan_picture_is_wider_than_it_may_be(width):
    rows = [decision(never_below=0.1, always_above=1.0, gone_above=None)]
    for drawing in (
        decided(rows, EN, width=width), frontiers(FRONTIER, EN, width=width), staircase(COSTS, EN, width=width),
        flipped(rows, EN, width=width, assumed=1.0),
    ):  # fmt: skip
        assert float(drawn(drawing).get("width")) <= width + 24


def test_a_drawing_beside_another_keeps_its_distance():
    box = boxes([{"x": 0, "x2": 10, "y": 0, "y2": 10, "fill": "#000000", "edge": "", "spoken": "a"}])
    one = layered(box, width=10, height=10)
    both = beside(one, one, gap=5)
    assert (both.width, both.box) == (25, (0, 0, 25, 10))
    assert beside(one, one, gap=5, below=True).height == 25


def test_text_is_escaped_and_a_halo_is_hidden_from_screen_readers():
    made = layered(words_at([{"x": 0, "y": 0, "text": "<b>&"}], halo=True), width=9, height=9).svg()
    assert "&lt;b&gt;&amp;" in made
    assert made.count('aria-hidden="true"') == 1


def test_combined_charts_look_as_those_of_the_library():
    alt = library()

    def chart(colour):
        return alt.Chart(alt.Data(values=({"x": 1}, {"x": 2}))).mark_rule(color=colour).encode(x="x:Q")

    own = concat(layer(chart("red"), chart("blue")).properties(width=50), chart("green"), columns=2)
    theirs = alt.concat(
        alt.layer(chart("red"), chart("blue")).properties(width=50), chart("green"), columns=2
    )
    plain = [re.sub(r'(?:id="|url\(#)[^")]*', "", svg_of(Drawing(each))) for each in (own, theirs)]
    assert plain[0] == plain[1]
    assert plain[0].count('stroke="red"') == 2
