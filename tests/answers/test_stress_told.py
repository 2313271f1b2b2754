"""A stress answer as a page tells it: toy markets whose numbers follow by hand."""

from __future__ import annotations

import pytest

from friendshore import answers
from friendshore.answers.stress_cases import Cut
from friendshore.answers.stress_futures import futures
from friendshore.answers.stress_others import others_short
from friendshore.answers.stress_told import key_numbers, months_note, outcomes, question_of, replacing
from friendshore.disruption.scenario_files import load_scenario
from worlds import world

CODE = "250410"
MONTH = 365.25 / 12


def market(*sellers):
    """JPN and USA buy 12,000 t a year, of which the named sellers deliver these shares; nobody has more to give."""
    return world(
        [
            (year, seller, buyer, CODE, 10.0 * tons, float(tons))
            for year in (2020, 2021, 2022)
            for seller, shares in sellers
            for buyer, tons in shares.items()
        ]
    )


TOY = market(("CHN", {"JPN": 7200, "USA": 3600}), ("VNM", {"JPN": 4800, "USA": 8400}))


def asked(**more):
    return answers.stress(["JPN"], on=["CHN"], products=[CODE], world=TOY, **more)


def test_the_numbers_of_a_cut_that_strikes_at_once():
    peak, begin, cover = key_numbers(asked())
    # 600 of 1000 t a month are gone, at once, and no event compares with a toy
    assert peak.values[0].value == pytest.approx(0.6, abs=0.03)
    assert (peak.values[0].low, peak.values[0].high) == (None, None)
    assert begin.values[0].value == 1
    assert cover.values[0].value == 0
    assert "at least" in str(cover.label.template)


def test_a_stock_moves_the_first_day_by_as_long_as_it_lasts():
    found = asked(cover_days=MONTH)
    _, begin, cover = key_numbers(found)
    # 1000 t of stock against 600 t a month at most: a month and two thirds, a little more as demand gives way
    assert int(MONTH * 5 / 3) <= cover.values[0].value == pytest.approx(MONTH * 5 / 3, rel=0.1)
    assert begin.values[0].value in (cover.values[0].value + 1, cover.values[0].value + 2)
    assert "at least" not in str(cover.label.template)


def test_where_a_tenth_is_never_missing_the_months_are_counted():
    found = asked(lost_share=0.1, cover_days=0)
    _, short, _ = key_numbers(found)
    assert short.values[0].value == found.summary[0]["months_short"]
    assert str(short.label.template).startswith("In {value} of {months} months")


def test_a_stock_that_outlasts_the_run_covers_all_of_it():
    found = asked(cover_days=3650)
    _, _, cover = key_numbers(found)
    assert cover.values[0].value == int(12 * MONTH)
    assert str(months_note(found)) == "In none of 12 months is more than 1 % missing"


def test_who_misses_most_comes_last_and_large():
    found = answers.stress(["JPN", "USA"], on=["CHN"], products=[CODE], world=TOY)
    peak = key_numbers(found)[0]
    assert [value.importer for value in peak.values] == ["USA", "JPN"]
    assert [row["importer"] for row in outcomes(found).rows] == ["JPN", "USA"]


def test_who_else_is_hurt_is_what_the_summary_calls_outsiders():
    found = asked(world_cut=True)
    cut = Cut(("CHN",), (CODE,), world_cut=True)
    others = others_short(["JPN"], cut=cut, world=TOY)
    assert [row["importer"] for row in others.rows] == ["USA"]
    assert others.rows[0]["total_shortage_t"] == pytest.approx(found.summary[0]["outsiders_shortage_t"])
    both = answers.stress(["JPN", "USA"], on=["CHN"], products=[CODE], world=TOY, world_cut=True)
    usa = next(record for record in both.summary if record["importer"] == "USA")
    assert {name: others.rows[0][name] for name in usa.keys() & others.rows[0].keys()} == {
        name: pytest.approx(usa[name]) if isinstance(usa[name], float) else usa[name]
        for name in usa.keys() & others.rows[0].keys()
    }


def test_an_aimed_cut_that_leaves_others_alone_says_so():
    spared = market(("CHN", {"JPN": 7200}), ("VNM", {"JPN": 4800}), ("AUS", {"USA": 12000}))
    others = others_short(["JPN"], cut=Cut(("CHN",), (CODE,), cover_days=None), world=spared)
    assert all(row["importer"] != "CHN" for row in others.rows)
    if not others.rows:
        assert str(others.answer).startswith("Nobody else")


def test_who_replaces_is_listed_with_the_tons_of_the_summary():
    found = answers.stress(["JPN"], on=["CHN"], products=[CODE])
    assert [(row["exporter"], row["more_t"]) for row in replacing(found).rows] == [
        (by["exporter"], by["more_t"]) for by in found.summary[0]["replaced_by"]
    ]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "When deliveries of 250410 from CHN to JPN stop for 12 months: what is missing, and when?"),
        (
            {"lost_share": 0.5, "months": 6, "world_cut": True},
            "When 50 % of the deliveries of 250410 from CHN to the whole world stops for 6 months: what is missing for "
            "JPN, and when?",
        ),
    ],
)
def test_the_question_is_repeated_as_it_was_understood(more, told):
    assert str(question_of(asked(**more))) == told


def test_the_futures_of_a_scenario_tell_who_is_struck_and_for_how_long():
    rows = {row["case"]: row for row in futures(load_scenario("economic-2plus2"), "economic-2plus2").rows}
    assert list(rows) == list(load_scenario("economic-2plus2").cases)
    assert (rows["jpn-36"]["importers"], rows["jpn-36"]["months"]) == ("JPN", 36)
    assert rows["world-12"]["importers"] == "world"
