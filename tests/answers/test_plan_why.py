"""Limits that bind in words: what one more unit saves, in goods where shortage comes first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from friendshore.answers.plan_why import LIMITS, _row, binding_of, reasons
from friendshore.planning.duals import STATED, Binding
from friendshore.planning.problem import Objective
from friendshore.planning.solving import solve
from toy_reasons import HALF, WORLD, choice


@pytest.fixture(scope="module")
def plan():
    return solve(choice(WORLD, HALF), Objective(), gap=1e-9)


def test_a_limit_is_told_with_what_one_more_unit_saves(plan):
    rows = {row["constraint"]: row for row in binding_of([plan]).rows}
    assert rows["shortage"]["shadow_price"] == pytest.approx(100.0)
    assert str(rows["shortage"]["sentence"]) == (
        "In all, months 0-12, A may miss no more 250410: one more ton missing would save 100 USD a year."
    )


def test_every_limit_that_can_bind_has_a_sentence_with_its_range(plan):
    assert set(STATED.values()) == set(LIMITS)
    for name in LIMITS:
        row = _row(plan, Binding(name, "A", "250410", "B", "B", "all", 0, 10.0, -2.0, -3.0, -1.0))
        assert "1 to 3 USD a year" in str(row["sentence"])
        assert (row["shadow_price"], row["low"], row["high"]) == (2.0, 1.0, 3.0)


def test_where_shortage_comes_first_a_dollar_is_worth_goods():
    """It buys a thousandth of a ton of stock, which is there in one year of ten."""
    poor = choice()
    poor = replace(poor, limits=replace(poor.limits, budgets_usd=np.array([10_000.0])))
    plan = solve(poor, Objective(kind="least_shortage"), gap=1e-9)
    rows = {row["constraint"]: row for row in binding_of([plan]).rows}
    assert rows["budget"]["shadow_price"] == pytest.approx(0.1)
    assert "would save missing goods for 0.1 USD a year" in str(rows["budget"]["sentence"])


def test_reasons_are_tables_with_the_columns_of_the_dictionary(plan):
    found = reasons([plan], seconds=10)
    assert set(found.tables) == {"alternatives", "neighbours", "flips", "regret"}
    assert all(table.rows for table in found.tables.values())
    assert "assumed is 2" in str(found.notes[0])
