"""The answer to pressure as an answer: a toy followed by hand, and the example on the real data."""

from __future__ import annotations

import pytest

from friendshore.answers.response import response
from friendshore.errors import ArgumentError
from friendshore.tables.schemas import columns
from worlds import world

CODE, OTHER = "250410", "250490"

TOY = world(
    [
        # tons are a tenth of the dollars; 720 t a year are cut from what Japan buys
        (2022, "CHN", "JPN", CODE, 7200.0, 720.0),
        (2022, "AUS", "JPN", CODE, 4800.0, 480.0),
        (2022, "AUS", "USA", CODE, 12000.0, 1200.0),
        (2022, "USA", "KOR", CODE, 4800.0, 480.0),
        # beyond what is cut: America buys 300 dollars from China of 400, and sells it 60 of 100
        (2022, "CHN", "USA", OTHER, 300.0, 30.0),
        (2022, "BRA", "USA", OTHER, 100.0, 10.0),
        (2022, "USA", "CHN", OTHER, 60.0, 6.0),
        (2022, "USA", "KOR", OTHER, 40.0, 4.0),
    ]
)

SCENARIO = """
version: 1
type: response
name: Toy
months: 12
base_years: [2022]
shocks:
  - {id: cut, kind: export_ban, suppliers: CHN, importers: JPN, products: "250410", duration_months: 12}
stock_cover:
  - {importer: USA, days: 91.3125}
parameters: {hoarding_days: 0, leakage_share: 0, link_headroom: 0, lead_months: 1000, contract_term_months: 1200}
response:
  members: [USA, JPN]
  trigger: cut
  releases: [{member: USA, share: 0.5, to: JPN}]
  redirect: [{member: USA, share: 0.5, to: JPN}]
"""


@pytest.fixture
def asked(tmp_path):
    def ask(text=SCENARIO):
        file = tmp_path / "response.yaml"
        file.write_text(text, encoding="utf-8")
        return response(file, world=TOY)

    return ask


def row(found, member, reaction):
    [one] = [r for r in found.rows if (r["member"], r["reaction"]) == (member, reaction)]
    return one


def test_a_joint_answer_spares_what_it_gives_and_puts_trade_at_risk(asked):
    found = asked()
    assert found.question == "response"
    assert [c.name for c in found.columns] == [c.name for c in columns("response")]
    assert len(found.rows) == 6
    none, alone, joint = (row(found, "JPN", reaction) for reaction in ("none", "alone", "joint"))
    # at 10 dollars a ton: 720 t missing; 150 t from stock and 240 t of exports less
    assert none["shortage_usd"] == alone["shortage_usd"] == pytest.approx(7200.0)
    assert joint["shortage_usd"] == pytest.approx(7200.0 - 1500.0 - 2400.0)
    assert none["shortage_share"] == pytest.approx(0.6)
    assert none["months_covered"] == pytest.approx(0.0)
    gives = row(found, "USA", "joint")
    assert gives["acting"]
    # filling a stock costs 5 % more; a redirected ton is charged twice its price
    assert gives["release_usd"] == pytest.approx(1.05 * 1500.0)
    assert gives["redirect_usd"] == pytest.approx(2.0 * 2400.0)
    assert gives["imports_at_risk_usd"] == pytest.approx(300.0)
    assert gives["imports_at_risk_share"] == pytest.approx(0.75)
    assert gives["exports_at_risk_usd"] == pytest.approx(60.0)
    assert gives["exports_at_risk_share"] == pytest.approx(0.6)
    # a quarter of a year is in stock: 10 t of the 30 t
    assert gives["retaliation_missing_usd"] == pytest.approx(200.0)
    assert gives["retaliation_exports_usd"] == pytest.approx(60.0)


def test_who_does_not_act_has_nothing_at_risk(asked):
    found = asked()
    for one in (row(found, "USA", "none"), row(found, "JPN", "joint")):
        assert not one["acting"]
        assert one["imports_at_risk_usd"] == one["retaliation_exports_usd"] == one["release_usd"] == 0.0


def test_the_summary_sets_what_is_spared_beside_its_price(asked):
    told = asked().summary
    assert told["shortage_usd"] == pytest.approx({"none": 7200.0, "alone": 7200.0, "joint": 3300.0})
    assert told["avoided_usd"] == pytest.approx(3900.0)
    assert told["cost_usd"] == pytest.approx(1575.0 + 4800.0)
    assert told["at_risk_usd"] == pytest.approx(360.0)
    assert told["retaliation_usd"] == pytest.approx(260.0)


def test_who_loses_and_what_is_at_risk_is_listed(asked):
    found = asked()
    assert found.tables["outsiders"].rows == (
        {"country": "KOR", "product": CODE, "loss_t": pytest.approx(240.0)},
    )
    risk = {
        (r["member"], r["direction"], r["product"]): r["at_risk_usd"] for r in found.tables["at_risk"].rows
    }
    assert risk == {("USA", "imports", OTHER): 300.0, ("USA", "exports", OTHER): 60.0}
    told = {(r["member"], r["reaction"]): r for r in found.tables["products"].rows}
    assert told["JPN", "joint"]["shortage_t"] == pytest.approx(330.0)
    assert told["USA", "joint"]["released_t"] == pytest.approx(150.0)
    assert told["USA", "joint"]["redirected_t"] == pytest.approx(240.0)
    assert "250410" not in {r["product"] for r in found.tables["at_risk"].rows}


def test_the_sentence_names_who_is_hit_and_the_price(asked):
    told = str(asked().answer)
    assert "JPN misses 60 % of what it needs" in told
    assert "27.5 % if all act together" in told
    assert "CHN" in told


def test_a_case_may_be_the_trigger(asked):
    text = SCENARIO.replace("{id: cut,", "{id: cut, case: aimed,").replace("trigger: cut", "trigger: aimed")
    assert row(asked(text), "JPN", "none")["shortage_usd"] == pytest.approx(7200.0)


def test_a_trigger_that_strikes_no_member_is_refused(asked):
    text = SCENARIO.replace("members: [USA, JPN]", "members: [USA, AUS]").replace("to: JPN", "to: USA")
    with pytest.raises(ArgumentError) as raised:
        asked(text)
    assert raised.value.code == "nobody_struck"


def test_another_kind_of_scenario_is_refused():
    with pytest.raises(ArgumentError) as raised:
        response("graphite-aimed", world=TOY)
    assert raised.value.code == "no_response"


@pytest.mark.shared
def test_the_example_is_answered_on_the_real_data():
    found = response("pressure-response")
    by = {reaction: row(found, "JPN", reaction)["shortage_usd"] for reaction in ("none", "alone", "joint")}
    assert by["none"] >= by["alone"] >= by["joint"] > 0
    assert row(found, "USA", "joint")["exports_at_risk_usd"] > 1e9
    assert sum(r["loss_t"] for r in found.tables["outsiders"].rows) > 0
    assert {r["country"] for r in found.tables["outsiders"].rows}.isdisjoint({"CHN", "USA", "JPN"})
