"""Alone against together in figures, tables and words."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from friendshore.answers.together import figures, gain_sentence, tables, warnings
from friendshore.planning.comparison import RULES, compare
from friendshore.planning.problem import MECHANISMS, Objective
from planning.toys import case, toy_problem

LEAST, PRICED = Objective(), Objective(kind="expected_cost")
TURNS = tuple(case(name=f"only-{name}", struck=(name,)) for name in ("USA", "JPN"))


def in_turns(**changed):
    """Each is cut off in a case of its own, and has to hold 50 t at 100."""
    return toy_problem(**{"cases": TURNS, "claim": 0.0, "buildable": False, "stock_most_t": 60.0, **changed})


def lump_for_three():
    """A lump of two tons for 3,000, or a ton bought for 2,000: each of three needs one."""
    return toy_problem(
        members=("USA", "JPN", "KOR"), suppliers=("CHN", "AUS"), flows=(1.0, 0.0), claim=1.0, shortage_share=0.0,
        lump_t=2.0, capital_usd_per_t=15_000.0, stock_most_t=0.0, switching_share=2.0, emergency_share=20.0,
    )  # fmt: skip


def test_figures_and_tables_say_the_same():
    found = compare(in_turns(), LEAST)
    told, beside = figures(found), tables(found)
    assert told["alone_usd"] == pytest.approx({"USA": 5000, "JPN": 5000})
    assert told["total_gain_usd"] == pytest.approx(5000)
    assert told["gain_by_mechanism_usd"]["risk"] == pytest.approx(5000)
    assert [row["coalition"] for row in beside["coalitions"].rows] == ["USA", "JPN", "USA+JPN"]
    assert beside["coalitions"].rows[2]["saving_usd"] == pytest.approx(5000)
    assert [row["mechanism"] for row in beside["mechanisms"].rows] == list(MECHANISMS)
    for rule in RULES:
        assert {row["member"]: row[f"{rule}_usd"] for row in beside["shares"].rows} == told[f"{rule}_usd"]
    assert json.dumps(told, allow_nan=False)
    assert (
        str(gain_sentence(found)) == "Together USA, JPN pay 5e+03 USD a year instead of 1e+04 USD: 50 % less."
    )
    assert warnings(found) == ()


def test_an_empty_core_and_who_leaves_are_told():
    found = compare(lump_for_three(), LEAST)
    told = figures(found)
    assert told["core_is_empty"] is True
    assert told["in_core"] == {"shapley": False, "owen": False, "proportional": False}
    leavers = tables(found)["leavers"].rows
    assert [row["coalition"] for row in leavers if row["rule"] == "shapley"] == [
        "USA+JPN",
        "USA+KOR",
        "JPN+KOR",
    ]
    words = [str(note) for note in warnings(found)]
    assert words[0].startswith("The core is empty: ")
    assert "by 333 USD a year" in words[0]
    assert "By the rule shapley USA, JPN would save 333 USD a year by leaving." in words


def test_supply_that_is_not_lost_is_no_money():
    found = compare(in_turns(budgets_usd=20_000.0), PRICED)
    assert figures(found)["lost_gain_usd"] == pytest.approx(20_000)
    assert any("no money that could change hands" in str(note) for note in warnings(found))


def test_without_a_plan_alone_no_part_is_invented():
    found = compare(in_turns(stock_held_t=[[0.0], [50.0]], stock_most_t=15.0), LEAST)
    told = figures(found)
    assert told["alone_usd"] == {"USA": None, "JPN": 0.0}
    assert [told[f"{rule}_usd"] for rule in RULES] == [None] * 3
    assert told["total_gain_usd"] is None
    assert told["core_is_empty"] is None
    assert tables(found)["mechanisms"].rows == ()
    assert "alone no plan of USA does" in str(gain_sentence(found))
    nobody = compare(in_turns(stock_most_t=15.0), LEAST)
    assert str(gain_sentence(nobody)) == "Not even together can USA, JPN keep the limits."


def test_nothing_to_share_is_said_plainly():
    found = compare(in_turns(cases=(case(),)), LEAST)
    assert "there is nothing to share" in str(gain_sentence(found))


def test_one_host_that_each_alone_counts_on_makes_together_dearer_and_that_is_said():
    # Each lacks 60 t; alone each builds 50 at the one host, together there is room for 50.
    found = compare(toy_problem(capacity_most_t=50.0, claim=0.0, stock_most_t=0.0), PRICED)
    assert found.total_gain_usd < 0
    assert "more than alone" in str(gain_sentence(found))


def test_customers_who_lose_are_named():
    turned = in_turns(own_exports_t=[[30.0], [0.0]], carrying_share=0.2, cases=(case(struck=("USA",)),))
    problem = replace(turned, export_customers=((("DEU", 1.0),), ()))
    found = compare(problem, LEAST)
    assert [dict(row) for row in tables(found)["outsiders"].rows] == [
        {"country": "DEU", "product": "P", "loss_t": pytest.approx(30), "case": "cut"}
    ]
    assert any("DEU lose most" in str(note) for note in warnings(found))
