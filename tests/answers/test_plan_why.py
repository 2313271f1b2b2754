"""Limits in words: every limit that can bind has a sentence, and a shadow price is what one more unit saves."""

from __future__ import annotations

import pytest

import toy_plans
from friendshore.answers import plan_why
from friendshore.answers.plan_why import LIMITS, binding_of
from friendshore.planning.duals import STATED, Binding
from friendshore.report.words import translate


def limit(constraint="budget", dual=-0.4, low=-0.9, high=-0.4, **more):
    told = {
        "member": "JPN",
        "product": "",
        "supplier": "",
        "host": "",
        "case": "",
        "period": -1,
        "amount": 2e6,
    }
    return Binding(constraint, **{**told, **more}, dual=dual, low=low, high=high)


def rows_of(monkeypatch, *limits):
    monkeypatch.setattr(plan_why, "binding", lambda *given, **options: limits)
    return binding_of([toy_plans.plan()]).rows


def test_every_limit_that_can_bind_has_a_sentence():
    assert set(STATED.values()) <= set(LIMITS)


def test_what_one_more_unit_saves_is_the_dual_with_the_other_sign_and_the_range_goes_with_it(monkeypatch):
    (row,) = rows_of(monkeypatch, limit())
    assert (row["shadow_price"], row["low"], row["high"]) == (0.4, 0.4, 0.9)
    assert (
        translate(row["sentence"])
        == "The budget of Japan is spent: one more dollar would save USD 0.400 to 0.900 a year."
    )


def test_a_range_of_the_solvers_rounding_is_none(monkeypatch):
    (row,) = rows_of(monkeypatch, limit(low=-0.4000000001, high=-0.3999999999))
    assert (row["low"], row["high"]) == (0.4, 0.4)
    assert "USD 0.400 a year" in translate(row["sentence"])


def test_the_dearest_limits_come_first_and_those_of_nobody_are_everybodys(monkeypatch):
    small = limit("stock_most", dual=-1.0, low=-1.0, high=-1.0, product="250410", amount=100.0)
    large = limit("emergency_claims", dual=-50.0, low=-50.0, high=-50.0, member="", product="284690", supplier="AUS",
                  case="world-36", period=2, amount=1e4)  # fmt: skip
    first, second = rows_of(monkeypatch, small, large)
    assert (first["constraint"], second["constraint"]) == ("emergency_claims", "stock_most")
    assert translate(first["sentence"]) == (
        "In world-36, months 12-36, Australia can send the United States and Japan no more rare-earth compounds other "
        "than cerium: one more ton would save USD 50.0 a year."
    )
    assert "日本" in translate(second["sentence"], "ja")


@pytest.mark.parametrize("constraint", LIMITS)
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_each_sentence_can_be_written_out(monkeypatch, constraint, lang):
    (row,) = rows_of(
        monkeypatch,
        limit(constraint, product="250410", supplier="AUS", host="USA", case="aimed-12", period=0),
    )
    assert "{" not in translate(row["sentence"], lang)
