"""What a brief says could be done: the question it puts by itself, and figures that must agree with each other."""

from __future__ import annotations

import json

import pytest

from friendshore.answers.brief import brief
from friendshore.answers.brief_question import LIMIT_SHARE, MONTHS, scenario_text
from friendshore.disruption.scenario_files import parse_scenario
from friendshore.errors import ArgumentError
from worlds import world

FLOWS = {
    ("CHN", "JPN"): 6000, ("AUS", "JPN"): 3000, ("AUS", "USA"): 1000, ("CHN", "USA"): 4000, ("CHN", "KOR"): 3000,
    ("AUS", "FRA"): 4000, ("DEU", "FRA"): 500, ("USA", "FRA"): 20,
}  # fmt: skip


def toy():
    flows = [
        (year, a, b, "250410", 5000.0 * t, float(t))
        for (a, b), t in FLOWS.items()
        for year in (2020, 2021, 2022)
    ]
    return world([*flows, (2018, "AUS", "JPN", "250410", 5e7, 9000.0)])


@pytest.fixture(scope="module")
def both():
    return brief(["USA", "JPN"], on=["CHN"], world=toy())


@pytest.fixture(scope="module")
def one():
    return brief(["JPN"], on=["CHN"], world=toy())


def panel(told, name):
    return next(each for each in told.panels if each.id == name)


def test_the_second_part_stands_before_the_map(both):
    names = [each.id for each in both.panels]
    assert (
        names.index("decisions")
        < names.index("frontier")
        < names.index("together")
        < names.index("suppliers")
    )
    assert both.why


def test_a_single_importer_has_nobody_to_act_with(one):
    names = {each.id for each in one.panels}
    assert {"decisions", "frontier"} <= names
    assert "together" not in names
    assert {row["sharing"] for row in panel(one, "frontier").finding.rows} == {"together"}


def test_importers_joined_into_one_have_nothing_to_share():
    told = brief(["USA", "JPN"], on=["CHN"], world=toy(), as_bloc=True)
    assert "together" not in {each.id for each in told.panels}


def test_what_each_bears_together_adds_up(both):
    found = panel(both, "together").finding
    together = found.summary["together_usd"]
    assert sum(row["pays_usd"] for row in found.rows) == pytest.approx(together)
    gains = [row["gain_usd"] for row in found.rows]
    # two members: what each adds to the other is the same
    assert gains[0] == pytest.approx(gains[1])
    assert min(gains) >= 0
    assert sum(row["alone_usd"] for row in found.rows) - sum(gains) == pytest.approx(together)


def test_more_money_never_hurts_and_together_misses_no_more_than_alone(both):
    rows = panel(both, "frontier").finding.rows
    for sharing in ("together", "alone"):
        course = [row["shortage_share"] for row in rows if row["sharing"] == sharing]
        assert course == sorted(course, reverse=True)
    chosen = [row for row in rows if row["recommended"]]
    assert len(chosen) == 1
    assert chosen[0]["sharing"] == "together"
    # without a stated budget it is the point from which another dollar buys nothing
    assert chosen[0]["enough"]


def test_recommended_and_doubtful_decisions_are_told_apart(both):
    rows = panel(both, "decisions").finding.rows
    assert rows
    for row in rows:
        assert row["recommended"] is (row["hinges_on"] is None)
        assert row["quantity_t_low"] <= row["quantity_t"] + 1e-6
        assert row["quantity_t"] <= row["quantity_t_high"] + 1e-6
        assert row["supplier"] != "CHN"


def test_stock_stays_within_the_sixty_days_of_the_default(both):
    held = [row for row in panel(both, "decisions").finding.rows if row["action"] == "hold"]
    demand = {"JPN": 9000.0, "USA": 5000.0}
    assert all(row["quantity_t"] <= demand[row["member"]] * 60 / 365 * 1.001 for row in held)


def test_a_budget_is_kept_and_repeated_in_the_command(both):
    told = brief(["USA", "JPN"], on=["CHN"], world=toy(), budget_usd=100_000.0)
    paid = sum(row["once_usd"] for row in panel(told, "decisions").finding.rows)
    assert paid <= 200_000.0 * (1 + 1e-6)
    assert "--budget 100000" in told.command
    assert any(
        row["recommended"] and row["budget_usd"] == 200_000.0 for row in panel(told, "frontier").finding.rows
    )
    assert "--budget" not in both.command


@pytest.mark.parametrize(("budget", "scenario", "code"), [
    (-1.0, "", "negative_cost"), (float("nan"), "", "negative_cost"), (1.0, "economic-2plus2", "conflicting_options"),
])  # fmt: skip
def test_money_that_makes_no_sense_is_refused(budget, scenario, code):
    with pytest.raises(ArgumentError) as caught:
        brief(["JPN"], on=["CHN"], world=toy(), budget_usd=budget, scenario=scenario)
    assert caught.value.code == code


def test_without_tons_the_rest_of_the_brief_stands():
    flows = [(year, "CHN", "JPN", "250410", 5e6, None) for year in (2020, 2021, 2022)]
    flows += [(year, "AUS", "JPN", "250410", 5e6, None) for year in (2020, 2021, 2022)]
    told = brief(["JPN"], on=["CHN"], world=world(flows))
    assert "decisions" not in {each.id for each in told.panels}
    assert any("cannot be planned" in str(note) for note in told.limits)
    assert told.panels


def test_a_scenario_states_another_plan(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "version: 1\ntype: plan\nname: mine\nmonths: 12\nshocks:\n  - {id: a, kind: export_ban, suppliers: CHN, "
        'importers: JPN, products: "250410"}\nplan: {members: JPN, concern: CHN, objective: expected_cost}\n',
        encoding="utf-8",
    )
    told = brief(["USA", "JPN"], on=["CHN"], world=toy(), scenario=path)
    assert {row["member"] for row in panel(told, "decisions").finding.rows} == {"JPN"}
    assert "up to 12 months" in str(panel(told, "decisions").subtitle)


def test_the_question_is_a_scenario_that_can_be_kept():
    class Toy:
        on = ("CHN",)
        lead = "USA+JPN"

        class readings:  # noqa: N801  stands in for a record of that name
            @staticmethod
            def share(_, importer, code):
                return {("USA", "250410"): 0.5, ("JPN", "250410"): 0.7, ("JPN", "284690"): 0.4}.get(
                    (importer, code)
                )

    told = json.loads(scenario_text(Toy, ("USA", "JPN", "DEU"), ("250410", "284690"), 5.0))
    scenario = parse_scenario(json.dumps(told).encode(), "x")
    # Germany buys nothing there, so that no cut can be aimed at it alone
    assert [shock.id for shock in scenario.file.shocks] == ["aimed at USA", "aimed at JPN", "world"]
    assert {shock.duration_months for shock in scenario.file.shocks} == {MONTHS}
    plan = scenario.file.plan
    assert plan.members == ("USA", "JPN", "DEU")
    assert plan.limit.shortage_share == LIMIT_SHARE
    assert [entry.usd for entry in plan.budgets] == [5.0, 5.0, 5.0]


def test_of_many_members_none_is_cut_off_alone():
    class Toy:
        on = ("CHN",)

        class readings:  # noqa: N801  stands in for a record of that name
            @staticmethod
            def share(*_):
                return 0.5

    told = json.loads(scenario_text(Toy, ("USA", "JPN", "DEU", "FRA", "ITA"), ("250410",), None))
    assert [shock["id"] for shock in told["shocks"]] == ["aimed", "world"]
    assert "budgets" not in told["plan"]
