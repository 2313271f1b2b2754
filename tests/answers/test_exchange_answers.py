"""Two allies at a table, each with a file of its own: what leaves, and that both files give what one scenario gives."""

from __future__ import annotations

import json
from dataclasses import fields

import numpy as np
import pytest
import yaml

from friendshore import answers
from friendshore.answers.plan_cases import plan_case
from friendshore.disruption.scenario_files import load_scenario, parse_scenario
from friendshore.errors import ArgumentError, DataError, FriendshoreError
from friendshore.planning.comparison import RULES, compare
from friendshore.planning.exchange import Summary, checksum, read_summary, summary_text
from friendshore.planning.joining import joined
from friendshore.tables.opening import open_world
from worlds import world

FLOWS = {
    ("CHN", "JPN"): 600, ("AUS", "JPN"): 300, ("AUS", "USA"): 100, ("CHN", "USA"): 500, ("CHN", "KOR"): 300,
    ("USA", "DEU"): 80, ("AUS", "FRA"): 40, ("BRA", "FRA"): 200, ("BRA", "JPN"): 20,
}  # fmt: skip
AGREED = """\
version: 1
type: plan
name: NAME
months: 12
shocks:
  - {id: a, case: aimed, kind: export_ban, suppliers: CHN, importers: JPN, products: "250410", duration_months: 12}
  - {id: b, case: both, kind: export_ban, suppliers: CHN, products: "250410", duration_months: 12}
"""
PLAN = """\
plan:
  members: [USA, JPN]
  concern: CHN
  partners: AUS
  objective: expected_cost
  periods: [3, 12]
"""
STOCK = {"USA": "{importer: USA, days: 40}", "JPN": "{importer: JPN, days: 15}"}
BUDGET = {"USA": "{member: USA, usd: 100000}", "JPN": "{member: JPN, usd: 60000}"}
PLANT = {
    "USA": '{products: "250410", hosts: USA, capital_usd_per_t: 900, lump_t: 50}',
    "JPN": '{products: "250410", hosts: [JPN], capital_usd_per_t: 1300, lump_t: 50}',
}


def toy(growth=1.0):
    rows = [
        (year, a, b, "250410", 1000.0 * t * growth, float(t) * (1 + (year == 2020) * 0.2))
        for (a, b), t in FLOWS.items()
        for year in (2020, 2021, 2022)
    ]
    return world(rows)


def scenario(folder, whose, *, stock=True, text=AGREED, plan=PLAN, name=""):
    """The agreed scenario with what is the own of one ally or of several."""
    body = text.replace("NAME", f"Plan of {'+'.join(whose)}")
    if stock:
        body += "stock_cover:\n" + "".join(f"  - {STOCK[each]}\n" for each in whose)
    body += plan
    for key, entries in (("budgets", BUDGET), ("capacity", PLANT)):
        body += f"  {key}:\n" + "".join(f"    - {entries[each]}\n" for each in whose)
    path = folder / f"{name or '-'.join(whose)}.yaml"
    path.write_text(body, encoding="utf-8")
    return path


def sent(folder, member, *, data=None, path=None, **more):
    found = answers.summary(path or scenario(folder, [member]), member=member, world=data or toy(), **more)
    file = folder / f"{member}-summary.yaml"
    file.write_text(summary_text(Summary.model_validate(found.summary)), encoding="utf-8")
    return file


def test_two_files_give_what_one_scenario_of_both_gives(tmp_path):
    # All stock is lent, as in a plan of both.
    files = [sent(tmp_path, member, lend_days=3653) for member in ("USA", "JPN")]
    found = answers.join(files, world=toy())
    case = plan_case(load_scenario(scenario(tmp_path, ["USA", "JPN"])), toy())
    ours = compare(case.problem, case.objective)
    figures = found.summary
    assert figures["total_gain_usd"] > 0.05 * figures["together_usd"]
    assert figures["together_usd"] == pytest.approx(ours.together_usd, rel=2e-3)
    assert list(figures["alone_usd"].values()) == pytest.approx(ours.alone_usd.tolist(), rel=2e-3)
    for rule in RULES:
        assert sum(figures[f"{rule}_usd"].values()) == pytest.approx(figures["total_gain_usd"])
    assert sum(figures["gain_by_mechanism_usd"].values()) == pytest.approx(figures["total_gain_usd"])
    assert list(figures["shapley_usd"].values()) == pytest.approx(
        ours.gains_usd["shapley"].tolist(), rel=0.05
    )


def test_each_row_says_what_an_ally_gets_and_what_it_gains_by_leaving(tmp_path):
    found = answers.join([sent(tmp_path, member) for member in ("USA", "JPN")], world=toy())
    assert [row["member"] for row in found.rows] == ["USA", "JPN"]
    for row in found.rows:
        assert row["stated_usd"] == pytest.approx(row["alone_usd"], rel=2e-3)
        assert row["defect_shapley_usd"] == -row["shapley_usd"]
        assert row["missed_usd"] == pytest.approx(found.summary["total_gain_usd"])
    assert found.summary["in_core"]["shapley"] is True
    assert {"coalitions", "mechanisms", "leavers", "outsiders", "together"} == set(found.tables)
    assert found.answer.values["share"].value == pytest.approx(
        found.summary["total_gain_usd"] / sum(found.summary["alone_usd"].values())
    )


def test_nothing_leaves_but_what_the_file_says(tmp_path):
    path = scenario(tmp_path, ["JPN"])
    text = path.read_text(encoding="utf-8").replace("version: 1\n", "version: 1\ndescription: secret words\n")
    text = text.replace("{importer: JPN, days: 15}", "{importer: JPN, days: 15, source: secret depot}")
    text = text.replace("usd: 60000", "usd: 60000, source: secret ledger")
    path.write_text(text, encoding="utf-8")
    told = sent(tmp_path, "JPN", path=path).read_text(encoding="utf-8")
    assert "secret" not in told
    assert str(tmp_path) not in told
    content = yaml.safe_load(told)
    assert set(content) == {*Summary.model_fields, "sha256"}
    assert set(content["agreed"]) == {"version", "type", "name", "months", "shocks", "plan"}
    assert not {"budgets", "support", "capacity"} & set(content["agreed"]["plan"])
    assert content["stock"] == []
    assert [offer["host"] for offer in content["capacity"]] == ["JPN"]


def test_every_field_of_the_file_is_explained(tmp_path):
    found = answers.summary(scenario(tmp_path, ["JPN"]), member="JPN", explain=True, world=toy())
    explained = [row["field"] for row in found.tables["reveals"].rows]
    written = set(yaml.safe_load(summary_text(Summary.model_validate(found.summary))))
    assert written - {"format", "version", "sha256"} == set(explained)
    plain = answers.summary(scenario(tmp_path, ["JPN"]), member="JPN", world=toy())
    assert plain.tables == {}


def test_without_stock_the_file_is_that_of_an_ally_that_holds_none(tmp_path):
    hidden = read_summary(sent(tmp_path, "JPN", without_stock=True))
    bare = read_summary(sent(tmp_path, "JPN", path=scenario(tmp_path, ["JPN"], stock=False)))
    assert hidden == bare
    open_ = read_summary(sent(tmp_path, "JPN"))
    assert open_.cost_alone() < hidden.cost_alone()
    gap = [sum(sum(gap.gap_t) for gap in each.needs[0].gaps) for each in (open_, hidden)]
    assert gap[0] < gap[1]
    lent = read_summary(sent(tmp_path, "JPN", lend_days=10))
    assert [offer.days for offer in lent.stock] == [10.0]


def test_the_same_question_gives_the_same_bytes(tmp_path):
    assert sent(tmp_path, "USA").read_bytes() == sent(tmp_path, "USA").read_bytes()


def refusal(kind=FriendshoreError):
    return pytest.raises(kind)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("periods: [3, 12]", "periods: [6, 12]"), "periods"),
        (("objective: expected_cost", "objective: expected_cost\n  rule: imports"), "rule"),
        (("partners: AUS", "partners: [AUS, BRA]"), "agreed.plan.partners"),
        (("members: [USA, JPN]", "members: [USA, JPN, KOR]"), "members"),
    ],
)
def test_allies_who_did_not_agree_are_told_on_what(tmp_path, change, what):
    usa = sent(tmp_path, "USA")
    other = scenario(tmp_path, ["JPN"], plan=PLAN.replace(*change))
    with refusal(DataError) as raised:
        answers.join([usa, sent(tmp_path, "JPN", path=other)], world=toy())
    assert raised.value.code == "summaries_differ"
    assert what in [row["what"] for row in raised.value.rows]


def test_other_cases_are_other_questions(tmp_path):
    usa = sent(tmp_path, "USA")
    other = scenario(tmp_path, ["JPN"], text=AGREED.replace("case: both", "case: world"))
    with refusal(DataError) as raised:
        answers.join([usa, sent(tmp_path, "JPN", path=other)], world=toy())
    assert "cases: aimed, both against aimed, world" in raised.value.message


def test_other_data_are_refused_whatever_they_are_called(tmp_path):
    usa, jpn = sent(tmp_path, "USA"), sent(tmp_path, "JPN", data=toy(1.01))
    with refusal(DataError) as raised:
        answers.join([usa, jpn], world=toy())
    assert raised.value.code == "data_differs"
    jpn = sent(tmp_path, "JPN")
    with refusal(DataError) as raised:
        answers.join([usa, jpn], world=toy(1.01))
    assert raised.value.code == "data_differs"


def test_files_that_are_not_one_an_ally_are_refused(tmp_path):
    usa = sent(tmp_path, "USA")
    for files, code in (([usa], "nobody_to_join"), ([usa, usa], "summary_repeated")):
        with refusal(ArgumentError) as raised:
            answers.join(files, world=toy())
        assert raised.value.code == code


def test_an_agreed_part_that_was_forged_is_read_as_carefully_as_any_scenario(tmp_path):
    files = [sent(tmp_path, member) for member in ("USA", "JPN")]
    for file in files:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        content["agreed"]["plan"]["members"] = "nobody at all"
        content["sha256"] = checksum(json.loads(json.dumps(content)))
        file.write_text(yaml.safe_dump(content), encoding="utf-8")
    with refusal() as raised:
        answers.join(files, world=toy())
    assert raised.value.code in {"bad_scenario", "unknown_bloc", "unknown_country"}


def test_whose_summary_it_is_has_to_be_said(tmp_path):
    path = scenario(tmp_path, ["JPN"])
    for member in ("", "KOR"):
        with refusal(ArgumentError) as raised:
            answers.summary(path, member=member, world=toy())
        assert raised.value.code == "unknown_member"
    lonely = scenario(tmp_path, ["JPN"], plan=PLAN.replace("[USA, JPN]", "JPN"))
    with refusal(ArgumentError) as raised:
        answers.summary(lonely, member="JPN", world=toy())
    assert raised.value.code == "nobody_to_join"
    for days in (-1, float("nan")):
        with refusal(ArgumentError) as raised:
            answers.summary(scenario(tmp_path, ["JPN"]), member="JPN", lend_days=days, world=toy())
        assert raised.value.code == "bad_lend_days"


def test_an_ally_that_no_plan_saves_alone_says_so(tmp_path):
    tight = PLAN.replace("expected_cost", "least_cost\n  limit: {shortage_share: 0}\n  stock: {most_days: 1}")
    files = [
        sent(tmp_path, member, path=scenario(tmp_path, [member], plan=tight, stock=False))
        for member in ("USA", "JPN")
    ]
    assert read_summary(files[1]).cost_alone() is None
    found = answers.join(files, world=toy())
    assert found.rows[1]["alone_usd"] is None
    assert found.rows[1]["shapley_usd"] is None
    assert found.summary["core_is_empty"] is None
    assert json.dumps(found.summary, allow_nan=False)


def test_on_the_shipped_example_two_files_give_the_problem_number_by_number():
    data = open_world()
    case = plan_case(load_scenario("economic-2plus2"), data)
    files = [
        Summary.model_validate(answers.summary("economic-2plus2", member=member, world=data).summary)
        for member in ("USA", "JPN")
    ]
    text = yaml.safe_dump(dict(files[0].agreed)).encode()
    ours, theirs = case.problem, joined(plan_case(parse_scenario(text, "agreed"), data).problem, files)
    for mine, other in ((ours, theirs), (ours.costs, theirs.costs), (ours.limits, theirs.limits)):
        for field in fields(mine):
            one, two = getattr(mine, field.name), getattr(other, field.name)
            if not isinstance(one, np.ndarray):
                # where else a plant may stand is not in the files, and decides nothing
                assert field.name in {"costs", "limits", "elsewhere"} or one == two, field.name
                continue
            # What a plant costs or has room for where none may be built is nobody's offer.
            where = ours.buildable if one.shape == ours.buildable.shape and one.dtype != bool else slice(None)
            np.testing.assert_allclose(two[where], one[where], rtol=1e-8, err_msg=field.name)
    assert theirs.relief_t is None
