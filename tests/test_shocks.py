"""Shocks that cannot be are refused by name; the others run through the months as stated."""

from __future__ import annotations

import math

import numpy as np
import pytest

from friendshore.errors import ArgumentError
from friendshore.parameters import PARAMETERS
from friendshore.shocks import Parameters, Profile, Shock, StockCover, assumptions_of, check_shocks


def shock(**more):
    return Shock(**{"id": "s", "suppliers": ("CHN",), "products": ("250410",), **more})


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"lost_share": 1.2}, "share_out_of_range"),
        ({"lost_share": -0.1}, "share_out_of_range"),
        ({"lost_share": math.nan}, "share_out_of_range"),
        ({"start_month": -1}, "negative_months"),
        ({"duration_months": -3}, "negative_months"),
        ({"duration_months": 0}, "no_duration"),
        ({"ramp_months": -1.0}, "negative_months"),
        ({"ramp_months": math.inf}, "negative_months"),
        ({"suppliers": ()}, "incomplete_shock"),
        ({"products": ()}, "incomplete_shock"),
        ({"importers": ("JPN", "CHN")}, "importer_is_supplier"),
        ({"kind": "outage", "importers": ("JPN",)}, "outage_is_aimed"),
        ({"routes": (("CHN", "JPN"),)}, "routes_without_passage"),
        ({"kind": "passage_closure", "routes": (("CHN", "CHN"),)}, "importer_is_supplier"),
    ],
)
def test_a_shock_that_cannot_be_is_refused(wrong, code):
    with pytest.raises(ArgumentError) as refused:
        shock(**wrong)
    assert refused.value.code == code
    assert "s" in refused.value.message


@pytest.mark.parametrize(
    "wrong", [{"delay_months": -1.0}, {"back_months": -1.0}, {"back_share": 1.5}, {"back_share": -0.1}]
)
def test_a_profile_that_cannot_be_is_refused(wrong):
    with pytest.raises(ArgumentError):
        Profile(shape="licensing", **wrong)


@pytest.mark.parametrize(("days", "code"), [(-1.0, "negative_stock"), (36_526.0, "stock_too_large")])
def test_a_stock_below_nothing_or_above_a_century_is_refused(days, code):
    with pytest.raises(ArgumentError) as refused:
        StockCover(importer="JPN", days=days)
    assert refused.value.code == code


def test_an_unknown_stock_is_not_an_empty_one():
    assert StockCover(importer="JPN").days is None
    assert StockCover(importer="JPN", days=0.0).days == 0


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ({}, {}, True),
        ({"lost_share": 0.2}, {"importers": ("JPN",)}, True),
        ({"importers": ("KOR",)}, {"importers": ("JPN",)}, False),
        ({"duration_months": 3}, {"start_month": 3}, False),
        ({"duration_months": 3}, {"start_month": 2}, True),
        ({}, {"products": ("284690",)}, False),
        ({}, {"suppliers": ("RUS",)}, False),
        ({}, {"kind": "outage"}, False),
        ({"kind": "outage"}, {"kind": "outage"}, True),
        ({"kind": "passage_closure", "routes": (("CHN", "JPN"),)}, {"importers": ("JPN",)}, True),
        ({"kind": "passage_closure", "routes": (("CHN", "JPN"),)}, {"importers": ("KOR",)}, False),
        (
            {"kind": "passage_closure", "routes": (("CHN", "JPN"),)},
            {"kind": "passage_closure", "routes": (("CHN", "KOR"),)},
            False,
        ),
    ],
)
def test_at_most_one_shock_strikes_a_link_in_a_month(first, second, overlap):
    pair = [shock(id="a", **first), shock(id="b", **second)]
    if not overlap:
        assert check_shocks(pair) == tuple(pair)
        return
    with pytest.raises(ArgumentError) as refused:
        check_shocks(pair)
    assert refused.value.code == "overlapping_shocks"
    assert refused.value.rows[0]["supplier"] == "CHN"
    assert refused.value.rows[0]["product"] == "250410"


def test_the_lost_share_by_month():
    assert shock(lost_share=0.5, start_month=1, duration_months=2).lost(4).tolist() == [0, 0.5, 0.5, 0]
    assert shock(lost_share=0.9, ramp_months=3).lost(4) == pytest.approx([0.3, 0.6, 0.9, 0.9])
    licensed = shock(
        kind="licensing", profile=Profile(shape="licensing", delay_months=1, back_share=0.6, back_months=3)
    )
    assert licensed.lost(6) == pytest.approx([1, 0.8, 0.6, 0.4, 0.4, 0.4])
    at_once = shock(
        kind="licensing", profile=Profile(shape="licensing", delay_months=1, back_share=0.6, back_months=0)
    )
    assert at_once.lost(3) == pytest.approx([1, 0.4, 0.4])


def test_half_a_month_more_strikes_half_of_a_month():
    assert shock(duration_months=2).lost(4, duration_factor=1.25) == pytest.approx([1, 1, 0.5, 0])


def test_only_what_somebody_forbids_comes_around():
    assert shock(kind="export_ban", start_month=1).leaks(5, 2).tolist() == [False, False, False, True, True]
    assert not shock(kind="outage").leaks(5, 0).any()
    assert not shock(kind="passage_closure").leaks(5, 0).any()


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_each_parameter_has_a_range_around_its_default_and_a_sentence(name):
    about = PARAMETERS[name]
    value = getattr(Parameters(), name)
    assert about.least <= about.low <= value <= about.high <= about.most
    assert "{value}" in about.text
    with pytest.raises(ArgumentError):
        Parameters(**{name: about.most * 2 + 1})
    with pytest.raises(ArgumentError):
        Parameters(**{name: np.nan})


def test_assumptions_say_where_a_number_comes_from():
    stated = Parameters(lead_months=9.0, price_cap=8.0, sources=(("price_cap", "METI 2024"),))
    by_text = {str(each.text): each.source for each in assumptions_of(stated)}
    assert by_text["New or enlarged links become qualified after 9.0 months"] == "the scenario"
    assert by_text["Above 8.0 times the base price the answer says rationed"] == "METI 2024"
    assert by_text["Of what is cut 10 % comes back through third countries"] == "none"
    assert len(by_text) == len(PARAMETERS)
