"""What a plan says: in plain words, with what is sure of it, and never more than it knows."""

from __future__ import annotations

import numpy as np
import pytest

import toy_plans
from friendshore.answers.plan_notes import caveats, sentence
from friendshore.answers.plan_robust import hinge
from friendshore.answers.plan_rows import Reading, decisions, told
from friendshore.planning.robust import Survival
from friendshore.planning.variations import CHANGES, RULES, Variation
from friendshore.report.words import translate

FIGURES = {
    "status": "optimal", "gap": 0.0, "cost_usd": 335_000.0, "worst_shortage_share": 0.08, "later_shortage_share": 0.05,
    "without_shortage_share": 0.43, "missing_share": 0.01, "without_missing_share": 0.2,
}  # fmt: skip


def readings(*sure):
    found = decisions([toy_plans.plan()])
    return {one.key: Reading(recommended=one.action in sure) for one in found}


def spoken(found, figures, plans, read, lang="en"):
    return translate(sentence(found, figures, plans, read), lang)


def test_the_sentence_says_what_to_do_what_it_costs_what_is_missing_and_what_is_sure():
    plans = [toy_plans.plan()]
    text = spoken(decisions(plans), FIGURES, plans, readings("hold", "build"))
    assert text == (
        "To do for the United States and Japan together, whatever is assumed: hold stock for up to 61 days (natural "
        "graphite, powder or flakes); build plants (rare-earth compounds other than cerium in Australia). Beside that "
        "1 of 3 decisions hinge on an assumption: buy elsewhere (natural graphite, powder or flakes from Australia). "
        "All of it costs USD 335,000 a year; of what is needed in a cut 1.0 % is then missing by value, against 20 % "
        "without the plan, and at worst 8.0 % of a product within 12 months, against 43 %."
    )


def test_where_nothing_is_sure_all_is_named_and_that_is_said():
    plans = [toy_plans.plan()]
    text = spoken(decisions(plans), FIGURES, plans, readings())
    assert "buy elsewhere (natural graphite" in text
    assert "None of the 3 decisions survives every assumption tried. All of it costs" in text
    assert "All of the 3 decisions survive" in spoken(
        decisions(plans), FIGURES, plans, readings("hold", "build", "buy")
    )
    assert "was not tried" in spoken(decisions(plans), FIGURES, plans, {})


def test_members_alone_are_told_as_such():
    japan = toy_plans.plan(coalition=(1,))
    usa = toy_plans.plan(coalition=(0,))
    assert "the United States and Japan, each alone:" in spoken(
        decisions([usa, japan]), FIGURES, [usa, japan], {}
    )
    assert spoken(decisions([japan]), FIGURES, [japan], {}).startswith("To do for Japan: ")


def test_nothing_to_do_is_said():
    plan = toy_plans.plan(new_t=np.zeros(8), capacity_t=np.zeros((2, 2)), stock_t=np.zeros((2, 2)))
    assert spoken(decisions([plan]), FIGURES, [plan], {}) == (
        "Nothing has to be done: at worst 8.0 % of a product is missing within 12 months."
    )


def test_the_japanese_sentence_is_japanese():
    plans = [toy_plans.plan()]
    text = spoken(decisions(plans), FIGURES, plans, readings("hold"), "ja")
    assert text.startswith("米国・日本（共同）が前提によらず行うこと：最大61日分を備蓄（天然黒鉛")
    assert "（計画がなければ20 %）" in text


@pytest.mark.parametrize(
    ("changed", "told_as"),
    [
        (
            {"status": "time_limit", "gap": 0.04},
            "The time ran out: this is the best plan found, at most 4.0 % dearer",
        ),
        ({"status": "time_limit", "gap": None}, "how far it is from the best is not known"),
        ({"later_shortage_share": 0.5}, "The limit holds for 12 months; later up to 50 %"),
        ({"worst_shortage_share": 0.3}, "At worst 30 % is missing within 12 months, more than the 10 %"),
        ({"lost_usd": 2e6}, "worth USD 2.00 m a year"),
    ],
)
def test_what_a_plan_does_not_promise_is_said(changed, told_as):
    plain = [translate(note) for note in caveats([toy_plans.plan()], FIGURES)]
    notes = [translate(note) for note in caveats([toy_plans.plan()], FIGURES | changed)]
    assert not any(told_as in note for note in plain)
    assert any(told_as in note for note in notes)


def variation(name, rule, changed="", end=""):
    note = CHANGES[changed, end] if changed else RULES[rule]
    return Variation(name, note, toy_plans.problem(), rule, changed, end)


TRIED = {
    each.name: each
    for each in (
        variation("link", "link"),
        variation("imports", "imports"),
        variation("imports-capital-high", "imports", "capital", "high"),
        variation("link-capital-high", "link", "capital", "high"),
        variation("link-ramp-low", "link", "ramp", "low"),
    )
}


def hinging(*names):
    return translate(hinge(Survival(False, names, 0.0, 1.0), TRIED))


def test_what_falls_with_the_rule_alone_hinges_on_the_rule_and_not_on_what_is_tried_under_it():
    assert hinging("imports", "imports-capital-high") == RULES["imports"].template


def test_what_falls_with_a_change_under_either_rule_names_it_once():
    assert hinging("imports-capital-high", "link-capital-high", "link-ramp-low") == (
        "plants dearer and others step in faster"
    )


def test_what_survives_stands_before_what_hinges_on_something():
    found = decisions([toy_plans.plan()])
    rows = told(found, readings("buy"))
    assert [row["action"] for row in rows] == ["buy", "hold", "build"]
    assert [row["action"] for row in told(found, {})] == ["hold", "build", "buy"]


def test_purchases_of_one_product_are_named_together():
    new = np.array([30.0, 0, 0, 100, 0, 5, 0, 40])
    plan = toy_plans.plan(new_t=new)
    text = spoken(decisions([plan]), FIGURES, [plan], {})
    assert (
        "buy elsewhere (rare-earth compounds other than cerium from Australia; natural graphite, powder or flakes from "
        "Australia and China)" in text
    )
