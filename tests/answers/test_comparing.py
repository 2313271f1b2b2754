"""Two scenarios side by side: keys that differ, and figures of toy markets followed by hand."""

from __future__ import annotations

import pytest

from friendshore import answers
from friendshore.answers.comparing import compared, differences
from friendshore.answers.scenario_writing import scenario_text
from friendshore.disruption.saved import save
from friendshore.disruption.scenario_files import load_scenario
from friendshore.errors import ArgumentError
from friendshore.records import Finding, Note
from worlds import world

CODE = "250410"
TOY = world(
    row
    for year in (2020, 2021, 2022)
    for row in (
        (year, "CHN", "JPN", CODE, 72_000.0, 7200.0),
        (year, "VNM", "JPN", CODE, 48_000.0, 4800.0),
        (year, "VNM", "USA", CODE, 48_000.0, 4800.0),
    )
)
"""JPN wants 1000 t a month, 600 of them from CHN; nobody has spare capacity."""
FULL = f"""version: 1
name: All of it
importers: [JPN]
months: 3
shocks:
  - {{id: cut, kind: export_ban, suppliers: CHN, importers: JPN, products: ["{CODE}"]}}
"""
HALF = FULL.replace("All of it", "Half of it").replace('"]}', '"], lost_share: 0.5}')


@pytest.fixture
def two(tmp_path):
    (tmp_path / "full.yaml").write_text(FULL, "utf-8")
    (tmp_path / "half.yaml").write_text(HALF, "utf-8")
    return tmp_path / "full.yaml", tmp_path / "half.yaml"


def test_keys_that_differ_stand_with_what_each_says_and_defaults_filled_in(two):
    assert differences(*map(load_scenario, two)) == (
        {"key": "name", "first": "All of it", "second": "Half of it"},
        {"key": "shocks[cut].lost_share", "first": "1", "second": "0.5"},
    )


def test_a_scenario_is_no_different_from_itself(two):
    found = answers.compare(two[0], two[0], world=TOY)
    assert found.rows == ()
    assert str(found.answer).endswith("in 0 keys; the most that is missing in a month is the same.")
    change = found.tables["figures"].rows[-1]
    assert change["scenario"] == "difference"
    assert change["total_shortage_t"] == 0


def test_what_one_leaves_out_stands_empty_for_it(tmp_path):
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text(FULL, "utf-8")
    second.write_text(FULL + "stock_cover:\n  - {importer: JPN, days: 30}\n", "utf-8")
    told = {row["key"]: row for row in differences(load_scenario(first), load_scenario(second))}
    assert told["stock_cover[JPN].days"] == {"key": "stock_cover[JPN].days", "first": None, "second": "30"}


def test_shocks_are_met_by_their_id_wherever_they_stand(tmp_path):
    other = "  - {id: more, kind: outage, suppliers: VNM, products: ['250490']}\n"
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text(FULL + other, "utf-8")
    head, cut = FULL.split("shocks:\n")
    second.write_text(f"{head}shocks:\n{other}{cut}", "utf-8")
    assert differences(load_scenario(first), load_scenario(second)) == ()


def test_figures_are_those_of_both_runs_and_their_difference(two):
    found = answers.compare(*two, world=TOY)
    rows = {row["scenario"]: row for row in found.tables["figures"].rows}
    # VNM delivers its 400 under contract, of CHN's 600 nothing or half
    assert rows["full.yaml"]["peak_shortage_share"] == pytest.approx(0.6, abs=0.02)
    assert rows["half.yaml"]["peak_shortage_share"] == pytest.approx(0.3, abs=0.02)
    assert rows["difference"]["peak_shortage_share"] == pytest.approx(-0.3, abs=0.02)
    for name in ("peak_shortage_share", "total_shortage_t", "months_short"):
        assert rows["difference"][name] == rows["half.yaml"][name] - rows["full.yaml"][name]
    alone = answers.stress(scenario=two[0], world=TOY)
    assert rows["full.yaml"]["total_shortage_t"] == alone.summary[0]["total_shortage_t"]
    months = [row for row in found.tables["months"].rows if row["scenario"] == "full.yaml"]
    assert [row["shortage_t"] for row in months] == [row["shortage_t"] for row in alone.rows]
    assert "30 % is missing at most in a month instead of 60 %" in str(found.answer)


def test_a_figure_that_one_does_not_have_has_no_difference(tmp_path):
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text(FULL, "utf-8")
    second.write_text(HALF.replace("lost_share: 0.5", "lost_share: 0"), "utf-8")
    rows = {row["scenario"]: row for row in answers.compare(first, second, world=TOY).tables["figures"].rows}
    assert rows["a.yaml"]["months_to_10pct"] == 0
    assert rows["b.yaml"]["months_to_10pct"] is None
    assert rows["difference"]["months_to_10pct"] is None


def test_of_alternative_futures_one_is_named_and_none_is_guessed(tmp_path):
    text = FULL.replace("id: cut", "id: cut, case: one")
    other = text.split("shocks:\n")[1].replace(
        "id: cut, case: one", "id: other, case: other, lost_share: 0.5"
    )
    (tmp_path / "cases.yaml").write_text(text + other, "utf-8")
    (tmp_path / "full.yaml").write_text(FULL, "utf-8")
    both = tmp_path / "full.yaml", tmp_path / "cases.yaml"
    assert answers.compare(*both, world=TOY).tables == {}
    assert "one, other" in str(answers.compare(*both, world=TOY).caveats[0])
    rows = answers.compare(*both, case="other", world=TOY).tables["figures"].rows
    assert rows[1]["peak_shortage_share"] == pytest.approx(0.3, abs=0.02)


def test_of_two_types_only_the_files_are_compared():
    found = answers.compare("graphite-aimed", "pressure-response")
    assert found.tables == {}
    assert "only the files are compared" in str(found.caveats[0])
    assert {"key": "type", "first": "stress", "second": "response"} in found.rows


def plan_of(cost, missing, *decisions):
    """A finding of a plan as far as a comparison reads it."""
    keys = ("action", "member", "product", "supplier", "host", "quantity_t")
    return Finding(
        question="plan", arguments={}, columns=(), answer=Note(template="-"),
        rows=tuple(dict(zip(keys, one, strict=True)) for one in decisions),
        summary={
            "cost_usd": cost, "worst_shortage_share": 0.1, "missing_share": missing, "without_missing_share": 0.5,
            "months_covered": 12.0, "months_covered_worst": None, "decisions": len(decisions),
        },
    )  # fmt: skip


def test_plans_are_compared_by_their_figures_and_decisions():
    buy, hold = ("buy", "JPN", CODE, "AUS", None), ("hold", "JPN", CODE, None, None)
    first = plan_of(4e6, 0.02, (*buy, 100.0), (*hold, 50.0))
    second = plan_of(5e6, 0.01, (*buy, 140.0), (*hold, 50.0), ("build", "JPN", CODE, None, "AUS", 30.0))
    found = compared("economic-2plus2", "economic-2plus2", [first, second])
    figures = found.tables["figures"].rows
    assert [row["scenario"] for row in figures] == ["economic-2plus2", "economic-2plus2 (2)", "difference"]
    assert (figures[2]["cost_usd"], figures[2]["decisions"]) == (1e6, 1)
    assert figures[2]["missing_share"] == pytest.approx(-0.01)
    assert figures[2]["months_covered_worst"] is None
    told = [
        (row["action"], row["first_t"], row["second_t"], row["difference_t"])
        for row in found.tables["decisions"].rows
    ]
    assert told == [("build", 0.0, 30.0, 30.0), ("buy", 100.0, 140.0, 40.0)]
    assert "USD 5 m" in str(found.answer) or "5e+06" in str(found.answer) or "5,000,000" in str(found.answer)


def test_an_unknown_name_is_refused():
    with pytest.raises(ArgumentError) as told:
        answers.compare("graphite-aimed", "graphite-aimd")
    assert told.value.code == "unknown_scenario"


@pytest.mark.parametrize(
    ("importers", "options"),
    [
        (["JPN"], {"on": ["CHN"], "products": [CODE], "cover_days": 60.0}),
        (
            ["JPN", "USA"],
            {"on": ["CHN"], "products": [CODE], "as_bloc": True, "months": 6, "cover_days": 30.0},
        ),
        (
            ["JPN"],
            {"on": ["CHN"], "products": [CODE], "world_cut": True, "lost_share": 0.4, "quantities": "raw"},
        ),
    ],
)
def test_a_question_written_as_a_scenario_has_the_same_months(importers, options):
    text = scenario_text(importers, **options)
    save("asked", text)
    asked = answers.stress(importers, world=TOY, **options)
    written = answers.stress(scenario="asked", world=TOY)
    assert written.rows == asked.rows
    assert written.summary == asked.summary
