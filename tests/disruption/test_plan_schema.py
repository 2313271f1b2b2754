"""The plan and response of a scenario file: what may stand there, what is refused and where."""

from __future__ import annotations

import json

import jsonschema
import pytest
import yaml

from friendshore.disruption.scenario_files import load_scenario
from friendshore.disruption.scenario_schema import json_schema
from friendshore.errors import ArgumentError, DataError

SOUND = """\
version: 1
type: plan
name: A plan
months: 36
shocks:
  - {id: a, case: near, kind: export_ban, suppliers: CHN, importers: JPN, products: "250410", duration_months: 12}
  - {id: b, case: far, kind: export_ban, suppliers: CHN, products: "250410"}
plan:
  members: [USA, JPN]
  concern: CHN
  partners: AUS
"""
RESPONSE = """\
version: 1
type: response
name: An answer
shocks:
  - {id: cut, kind: export_ban, suppliers: CHN, importers: JPN, products: "250410"}
stock_cover:
  - {importer: USA, days: 60}
response:
  members: [USA, JPN]
  trigger: cut
  releases:
    - {member: USA, share: 0.5, to: JPN}
"""


def write(folder, text, name="mine.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder, text):
    with pytest.raises(DataError) as caught:
        load_scenario(write(folder, text))
    return caught.value


def test_a_sound_plan_is_read_with_its_defaults(tmp_path):
    plan = load_scenario(write(tmp_path, SOUND)).file.plan
    assert (plan.members, plan.concern, plan.partners) == (("USA", "JPN"), ("CHN",), ("AUS",))
    assert (plan.objective, plan.rule, plan.limit.shortage_share, plan.limit.months) == (
        "least_cost",
        "link",
        0.1,
        12,
    )
    assert (plan.notice_months.value, plan.periods) == (24, (3, 12, 36))


@pytest.mark.parametrize(
    "written", ["0.05", "{value: 0.05}", "5e-2", "{value: 0.05, low: 0.01, high: 0.2, source: me}"]
)
def test_a_number_is_bare_or_has_a_range(written, tmp_path):
    if written == "5e-2":
        written = "0.5e-1"
    more = f"  cases:\n    - {{name: near, probability: {written}}}\n"
    assert load_scenario(write(tmp_path, SOUND + more)).file.plan.cases[0].probability.value == 0.05


def test_money_may_be_written_with_a_power_of_ten(tmp_path):
    found = load_scenario(write(tmp_path, SOUND + "  budgets:\n    - {member: USA, usd: 250e6}\n"))
    assert found.file.plan.budgets[0].usd == 250_000_000


def test_a_member_may_have_no_money_at_all(tmp_path):
    found = load_scenario(write(tmp_path, SOUND + "  budgets:\n    - {member: JPN, usd: 0}\n"))
    assert found.file.plan.budgets[0].usd == 0


BAD = {
    "member twice": ("  members: [USA, JPN]", "  members: [USA, JPN, usa]", "member_twice", 9),
    "member of concern": ("  members: [USA, JPN]", "  members: [USA, CHN]", "member_is_concern", 9),
    "partner of concern": ("  partners: AUS", "  partners: CHN", "member_is_concern", 11),
    "host of concern": ("  partners: AUS", "  hosts: [JPN, CHN]", "member_is_concern", 11),
    "no members": ("  members: [USA, JPN]", "  members: []", "bad_scenario", 9),
    "plan without the type": ("type: plan", "type: stress", "contradictory_type", 2),
    "unknown type": ("type: plan", "type: plann", "unknown_choice", 2),
    "unknown key": ("  partners: AUS", "  partner: AUS", "unknown_key", 11),
}
ADDED = {
    "capacity of a host that is nobody": (
        "capacity:\n    - {products: '250410', hosts: FRA, lump_t: 5}", "host_is_nobody", 13
    ),
    "capacity of nothing": ("capacity:\n    - {hosts: JPN, lump_t: 5}", "empty_products", 13),
    "budget of nobody": ("budgets:\n    - {member: AUS, usd: 5}", "not_a_member", 13),
    "two budgets": ("budgets:\n    - {member: JPN, usd: 5}\n    - {member: JPN, usd: 6}", "member_twice", 14),
    "negative budget": ("budgets:\n    - {member: JPN, usd: -5}", "negative_cost", 13),
    "budget without an amount": ("budgets:\n    - {member: JPN}", "incomplete_budget", 13),
    "budget with two amounts": ("budgets:\n    - {member: JPN, usd: 5, amount: 6}", "incomplete_budget", 13),
    "infinite budget": ("budgets:\n    - {member: JPN, usd: .inf}", "bad_scenario", 13),
    "unlike currencies": ("budgets:\n    - {member: JPN, amount: 5, currency: JPY}", "unlike_currencies", 13),
    "unlike years": (
        "budgets:\n    - {member: JPN, usd: 5, year: 2024}\n    - {member: USA, usd: 5, year: 2019}", "unlike_years", 14
    ),
    "a year unlike the plan's": (
        "price_year: 2024\n  capacity:\n    - {products: '250410', capital_usd_per_t: 5, year: 2019}",
        "unlike_years", 14,
    ),
    "probability above one": ("cases:\n    - {name: near, probability: 1.4}", "probability_out_of_range", 13),
    "range of a probability above one": (
        "cases:\n    - {name: near, probability: {value: 0.4, high: 2}}", "probability_out_of_range", 13
    ),
    "probabilities of more than one in all": (
        "cases:\n    - {name: near, probability: 0.6}\n    - {name: far, probability: 0.6}",
        "probability_out_of_range", 12,
    ),
    "case without shocks": ("cases:\n    - {name: nere}", "case_without_shocks", 13),
    "case twice": ("cases:\n    - {name: near}\n    - {name: near}", "case_twice", 14),
    "negative cost": ("capacity:\n    - {products: '250410', capital_usd_per_t: -1}", "negative_cost", 13),
    "negative cost by name": ("costs: {value_factor: -8}", "negative_cost", 12),
    "range that does not hold its value": ("notice_months: {value: 24, low: 30}", "bad_range", 12),
    "negative notice": ("notice_months: -1", "negative_number", 12),
    "support above its legal maximum": (
        "support:\n    - {member: JPN, share: 0.6, most_share: 0.5}", "share_above_maximum", 13
    ),
    "support of more than all": ("support:\n    - {member: JPN, share: 1.5}", "share_out_of_range", 13),
    "support by two rules": ("support:\n    - {member: JPN, share: 0.5, programme: x}", "incomplete_support", 13),
    "avoided partner": ("avoid: AUS", "contradictory_avoid", 12),
    "unknown preset": ("caps: {preset: crma}", "unknown_choice", 12),
    "cap above one": ("caps: {any_share: 65}", "share_out_of_range", 12),
    "empty products": ("products: []", "empty_products", 12),
    "limit beyond the periods": ("limit: {months: 48}", "limit_beyond_periods", 12),
    "periods that do not ascend": ("periods: [12, 3]", "bad_periods", 12),
    "tail of everything": ("tail: 1", "bad_scenario", 12),
    "member of a standard": ("standards:\n    - {suppliers: MOZ, shared: false, members: AUS}", "not_a_member", 13),
    "a number that is a word": ("notice_months: soon", "bad_scenario", 12),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_planned_is_refused_with_its_line(case, tmp_path):
    old, new, code, line = BAD[case]
    assert old in SOUND
    error = refused(tmp_path, SOUND.replace(old, new))
    assert (error.code, {row["line"] for row in error.rows}) == (code, {line})
    assert error.hint


@pytest.mark.parametrize("case", ADDED)
def test_what_is_added_and_cannot_be_is_refused_with_its_line(case, tmp_path):
    more, code, line = ADDED[case]
    error = refused(tmp_path, f"{SOUND}  {more}\n")
    assert (error.code, {row["line"] for row in error.rows}) == (code, {line})
    assert error.hint


def test_the_nearest_key_inside_a_plan_is_named(tmp_path):
    error = refused(tmp_path, SOUND + "  budgets:\n    - {membr: JPN, usd: 5}\n")
    assert "Did you mean member?" in error.hint


def test_all_problems_of_a_plan_are_told_at_once(tmp_path):
    text = SOUND.replace("[USA, JPN]", "[USA, USA]") + "  budgets:\n    - {member: JPN, usd: 5, amount: 5}\n"
    error = refused(tmp_path, text)
    assert error.code == "bad_scenario"
    assert [row["line"] for row in error.rows] == [9, 13, 13]


def test_a_wrong_word_does_not_hide_what_else_is_wrong(tmp_path):
    more = "  objective: least_costs\n  budgets:\n    - {member: AUS, usd: 5}\n    - {member: JPN, usd: -1}\n"
    error = refused(tmp_path, SOUND + more)
    assert [(row["line"], row["key"]) for row in error.rows] == [
        (12, "plan.objective"),
        (14, "plan.budgets[0].member"),
        (15, "plan.budgets[1].usd"),
    ]


def test_a_rate_makes_other_money_welcome(tmp_path):
    budget = "    - {member: JPN, amount: 37e9, currency: JPY, year: 2022, rate_usd: 0.0076}\n"
    found = load_scenario(write(tmp_path, SOUND + "  budgets:\n" + budget)).file.plan.budgets[0]
    assert (found.amount, found.rate_usd) == (37e9, 0.0076)


def test_a_plan_can_be_extended_key_by_key(tmp_path):
    write(tmp_path, SOUND + "  budgets:\n    - {member: JPN, usd: 5}\n")
    text = "version: 1\nextends: mine.yaml\nplan:\n  rule: imports\n"
    plan = load_scenario(write(tmp_path, text, "other.yaml")).file.plan
    assert (plan.rule, plan.members, plan.budgets[0].usd) == ("imports", ("USA", "JPN"), 5)


def test_one_case_holds_its_own_shocks_and_those_of_every_case(tmp_path):
    always = '  - {id: c, kind: export_ban, suppliers: KOR, products: "250410"}\n'
    scenario = load_scenario(write(tmp_path, SOUND.replace("plan:\n", always + "plan:\n")))
    assert scenario.cases == ("near", "far")
    assert [entry.id for entry in scenario.of_case("near").file.shocks] == ["a", "c"]
    assert scenario.of_case("near").lines == (6, 8)


@pytest.mark.parametrize(("name", "code"), [("", "no_case"), ("neer", "unknown_case")])
def test_an_unknown_case_lists_those_that_there_are(name, code, tmp_path):
    with pytest.raises(ArgumentError) as caught:
        load_scenario(write(tmp_path, SOUND)).of_case(name)
    assert caught.value.code == code
    assert "near, far" in caught.value.message
    assert "near" in caught.value.hint


ANSWERS = {
    "unknown trigger": ("  trigger: cut", "  trigger: cat", "unknown_trigger", 10),
    "release of nobody's stock": ("{member: USA, share", "{member: AUS, share", "bad_scenario", 12),
    "release of unknown stock": ("{member: USA, share", "{member: JPN, share", "release_without_stock", 12),
    "release of nothing": ("share: 0.5, ", "", "incomplete_release", 12),
    "release of more than all": ("share: 0.5", "share: 2", "share_out_of_range", 12),
    "retaliation by a member": (
        "  trigger: cut",
        "  retaliation_by: JPN\n  trigger: cut",
        "member_is_concern",
        10,
    ),
    "member twice": ("[USA, JPN]", "[JPN, USA, JPN]", "member_twice", 9),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_what_is_no_answer_is_refused_with_its_line(case, tmp_path):
    old, new, code, line = ANSWERS[case]
    assert load_scenario(write(tmp_path, RESPONSE)).file.response.trigger == "cut"
    error = refused(tmp_path, RESPONSE.replace(old, new))
    assert (error.code, {row["line"] for row in error.rows}) == (code, {line})


def test_the_schema_takes_sound_files_and_refuses_unknown_keys():
    schema = json.loads(json.dumps(json_schema()))
    for text in (SOUND, RESPONSE):
        jsonschema.validate(yaml.safe_load(text), schema)
    told = yaml.safe_load(SOUND)
    told["plan"]["membrs"] = ["USA"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, schema)
