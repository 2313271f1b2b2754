from __future__ import annotations

from itertools import pairwise

import pytest

from friendshore.charts.lines import Line, Threshold, marked_years, small_multiples, spread
from friendshore.charts.picture import inline_svg


def line(label, values, colour="#0072B2"):
    return Line(label, label, values, colour, [1, 0])


def test_labels_at_the_ends_never_touch():
    lines = [line(str(n), {2020: 0.5, 2021: 0.5 + n / 1000}) for n in range(5)]
    spots = sorted(spread(lines, 130))
    assert all(b - a >= 12.9 for a, b in pairwise(spots))
    assert spots[0] >= 4
    assert spots[-1] <= 126


def test_labels_keep_the_order_of_the_lines():
    lines = [line("low", {2020: 0.49}), line("high", {2020: 0.5})]
    low, high = spread(lines, 130)
    assert high < low


def test_a_line_without_known_values_has_no_label():
    assert spread([line("x", {2020: None})], 130) == [None]


def test_the_threshold_is_dashed_and_named_once():
    panels = {"A": [line("x", {2000: 0.3, 2001: 0.6})], "B": [line("x", {2000: 0.1, 2001: 0.2})]}
    drawing = small_multiples(
        panels, years=(2000, 2001), thresholds=[Threshold(0.4, "the rule")], width=600, columns=2
    )
    svg = inline_svg(drawing, key="k", alt="")
    assert svg.count("stroke-dasharray") >= 2
    assert svg.count(">the rule<") == 2  # the text and its halo


def test_a_gap_stays_a_gap():
    full = inline_svg(
        small_multiples({"A": [line("x", dict.fromkeys(range(2000, 2010), 0.5))]}, years=(2000, 2009), thresholds=[],
                        width=400, columns=1), key="k", alt="")  # fmt: skip
    broken = inline_svg(
        small_multiples({"A": [line("x", {y: None if y == 2005 else 0.5 for y in range(2000, 2010)})]},
                        years=(2000, 2009), thresholds=[], width=400, columns=1), key="k", alt="")  # fmt: skip

    def moves(svg):
        path = next(part for part in svg.split("<path ")[1:] if "#0072B2" in part)
        return path.split('d="')[1].split('"')[0].count("M")

    assert moves(full) == 1
    assert moves(broken) == 2


def test_a_single_year_is_a_dot():
    svg = inline_svg(
        small_multiples({"A": [line("x", {2022: 0.7})]}, years=(2022, 2022), thresholds=[], width=400, columns=1),
        key="k", alt="")  # fmt: skip
    assert ">2022<" in svg
    assert ">2023<" not in svg
    assert 'fill="#0072B2"' in svg


@pytest.mark.parametrize("room", [60, 120, 200, 700])
@pytest.mark.parametrize(("first", "last"), [(1995, 2024), (2018, 2024), (2022, 2023)])
def test_years_on_the_axis_have_room(first, last, room):
    years = marked_years(first, last, room)
    assert years[0] == first
    assert years[-1] == last
    if len(years) > 2:
        assert min(b - a for a, b in pairwise(years)) * room / (last - first) >= 40
