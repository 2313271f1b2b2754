"""A plan's question in terms of a world: members as nodes, what is bought, cases, budgets; and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from friendshore.answers.plan_cases import plan_case
from friendshore.disruption.scenario_files import load_scenario
from friendshore.errors import FriendshoreError
from worlds import world

FLOWS = {
    ("CHN", "JPN"): 600, ("AUS", "JPN"): 300, ("AUS", "USA"): 100, ("CHN", "USA"): 100, ("CHN", "KOR"): 300,
    ("CHN", "DEU"): 50, ("AUS", "FRA"): 40, ("DEU", "FRA"): 5,
}  # fmt: skip
HEAD = """\
version: 1
type: plan
name: A plan
months: 24
shocks:
  - {id: a, case: near, kind: export_ban, suppliers: CHN, importers: JPN, products: "250410", duration_months: 12}
  - {id: b, case: far, kind: export_ban, suppliers: CHN, products: "250410", start_month: 4}
plan:
"""
PLAN = {"members": "[USA, JPN]", "concern": "CHN", "partners": "AUS"}


def made(folder, more="", head=HEAD, data=None, **keys):
    told = PLAN | keys
    text = head + "".join(f"  {key}: {value}\n" for key, value in told.items() if value) + more
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return plan_case(load_scenario(path), data or toy())


def toy(rows=()):
    plain = [
        (year, a, b, "250410", float(t), float(t))
        for (a, b), t in FLOWS.items()
        for year in (2020, 2021, 2022)
    ]
    return world([*plain, (2018, "AUS", "JPN", "250410", 900.0, 900.0), *rows])


def refused(folder, *args, **keys):
    with pytest.raises(FriendshoreError) as caught:
        made(folder, *args, **keys)
    return caught.value


def test_members_hosts_and_cases_stand_in_order(tmp_path):
    found = made(tmp_path)
    assert found.setting.members == ("USA", "JPN")
    assert found.setting.hosts == ("USA", "JPN", "AUS")
    assert [(case.name, case.months) for case in found.setting.cases] == [("near", 12), ("far", 21)]
    assert found.problem.bounds.tolist() == [0, 3, 12, 21]


def test_a_case_begins_with_its_first_shock(tmp_path):
    assert made(tmp_path).setting.shocks[1][0].start_month == 0


def test_a_bloc_is_one_member(tmp_path):
    found = made(tmp_path, members="[EU, JPN]", partners="")
    assert found.setting.members == ("EU", "JPN")
    # What Germany sells to France stays inside.
    assert found.problem.demand_t[:, 0].tolist() == [90, 900]


def test_the_chances_of_cases_that_nobody_stated_are_shared(tmp_path):
    even = made(tmp_path)
    assumed = even.book.figure("probability")
    assert [case.probability for case in even.setting.cases] == [assumed.value / 2] * 2
    one = made(tmp_path, "  cases:\n    - {name: near, probability: {value: 0.3, high: 0.4}}\n")
    assert [case.probability for case in one.setting.cases] == [0.3, assumed.value]
    assert one.chances["near"] == (0.3, 0.4)


def test_budgets_become_dollars_of_one_year(tmp_path):
    yen = "  budgets:\n    - {member: jpn, amount: 1000, currency: JPY, rate_usd: 0.007}\n"
    assert made(tmp_path, yen).setting.limits.budgets_usd.tolist() == pytest.approx([np.inf, 7.0])


def test_a_budget_is_its_members_whoever_plans(tmp_path):
    text = made(tmp_path, "  budgets:\n    - {member: USA, usd: 5}\n    - {member: JPN, usd: 7}\n")
    one = plan_case(text.scenario, text.world, members=["JPN"])
    assert (one.setting.members, one.setting.limits.budgets_usd.tolist()) == (("JPN",), [7])


def test_what_is_stated_goes_before_a_preset(tmp_path):
    preset = made(tmp_path, caps="{preset: crma-2030}").setting.limits
    assert (preset.any_share, preset.concern_share) == (0.65, np.inf)
    assert made(tmp_path, caps="{preset: crma-2030, any_share: 0.5}").setting.limits.any_share == 0.5


def test_a_programme_of_stocks_states_days(tmp_path):
    found = made(tmp_path, stock="{preset: japan-180-days, fill_share: 1}")
    assert found.problem.stock_most_t[1, 0] == pytest.approx(900 * 180 / 365.25)


def test_a_small_demand_is_not_planned_for(tmp_path):
    found = made(tmp_path, negligible_usd="500")
    assert found.problem.demand_t[:, 0].tolist() == [0, 900]
    assert found.base.negligible == (("USA", "250410", 200.0),)
    assert set(found.problem.link_member.tolist()) == {1}


def test_what_no_member_buys_is_left_out(tmp_path):
    data = toy([(2022, "CHN", "KOR", "250490", 9.0, 9.0)])
    head = HEAD.replace('products: "250410"', 'products: ["250410", "250490"]')
    assert made(tmp_path, head=head, data=data).left_out == ("250490",)
    error = refused(tmp_path, head=head, data=data, products='["250410", "250490"]')
    assert error.code == "no_demand"


def test_a_supplier_that_sold_nothing_in_the_newest_year_is_not_traced(tmp_path):
    data = toy([(2021, "KAZ", "JPN", "250490", 9.0, 9.0), (2022, "CHN", "JPN", "250490", 9.0, 9.0)])
    problem = made(tmp_path, data=data, products='["250410", "250490"]').problem
    told = {problem.suppliers[s]: t for s, t in zip(problem.link_supplier, problem.link_traced, strict=True)}
    assert np.isnan(told["KAZ"])


def test_most_capacity_stands_where_it_is_stated(tmp_path):
    none, some = "hosts: [JPN], most_t: 0", "hosts: USA, most_t: 70"
    more = f'  capacity:\n    - {{products: "250410", {none}}}\n    - {{products: "250410", {some}}}\n'
    found = made(tmp_path, more).problem
    assert found.capacity_most_t[:, 0].tolist() == [70, 0, np.inf]
    assert found.buildable[:, 0].tolist() == [True, False, True]


def test_a_standard_that_is_not_shared_costs_a_fee(tmp_path):
    open_link = "    - {suppliers: AUS, shared: false, members: JPN, fee_usd: 7}\n"
    more = f"  standards:\n{open_link}    - {{suppliers: CHN, shared: true}}\n"
    problem = made(tmp_path, more).problem
    closed = problem.link_fee_usd > 0
    assert [problem.suppliers[n] for n in problem.link_supplier[closed]] == ["AUS"]
    assert problem.link_fee_usd[closed].tolist() == [7]


def test_who_is_avoided_keeps_what_it_sells_and_is_asked_for_no_more(tmp_path):
    open_to, closed = made(tmp_path).problem, made(tmp_path, avoid="AUS", partners="").problem
    there = np.array(closed.suppliers)[closed.link_supplier] == "AUS"
    assert closed.link_t[there].tolist() == open_to.link_t[there].tolist()
    assert not closed.link_usable[there].any()
    assert not closed.link_claim_t[there].any()
    assert open_to.link_claim_t[there].any()


def test_what_passed_through_a_supplier_of_concern_is_traced(tmp_path):
    problem = made(tmp_path, members="[USA, JPN, FRA]").problem
    told = {
        problem.suppliers[s]: float(t)
        for s, t in zip(problem.link_supplier, problem.link_traced, strict=True)
    }
    assert told["CHN"] == 1
    assert told["AUS"] == 0
    # Germany buys 50 of China and sells 5: all of it passed through China, unless Germany produces what it sells.
    assert told["DEU"] == pytest.approx((1 + 50 / 55) / 2)


BAD = {
    "unknown member": ({"members": "[USA, JPM]"}, "unknown_country", 9),
    "member twice by other words": ({"members": '[EU, "European Union"]'}, "member_twice", 9),
    "members that overlap": ({"members": "[EU, DEU]"}, "overlapping_importers", 9),
    "member inside the concern": ({"members": "[USA, DEU]", "concern": "EU"}, "member_is_concern", 9),
    "unknown host": ({"hosts": "[USA, Mars]"}, "unknown_bloc", 12),
    "unknown group": ({"groups": "magnets"}, "unknown_group", 8),
    "unknown preset of stocks": ({"stock": "{preset: japan-60}"}, "unknown_programme", 12),
    "programme without a share": ({"stock": "{preset: crma-2030}"}, "unknown_programme", 12),
    "unknown cost": ({"costs": "{value_facter: 8}"}, "unknown_cost", 12),
}


@pytest.mark.parametrize("case", BAD)
def test_names_that_nobody_bears_are_refused_with_their_line(case, tmp_path):
    keys, code, line = BAD[case]
    error = refused(tmp_path, **keys)
    assert error.code == code
    assert f"Line {line}, " in error.message
    assert error.hint


def test_all_unknown_names_are_told_at_once(tmp_path):
    error = refused(tmp_path, members="[USA, JPM]", hosts="[Mars]")
    assert "Line 9, " in error.message
    assert "Line 12, " in error.message


def test_a_case_that_stops_nothing_is_refused(tmp_path):
    idle = '  - {id: c, case: idle, kind: export_ban, suppliers: FRA, products: "250410"}\n'
    error = refused(tmp_path, head=HEAD.replace("plan:\n", idle + "plan:\n"))
    assert error.code == "case_strikes_nothing"


def test_a_scenario_without_a_plan_is_no_plan():
    with pytest.raises(FriendshoreError) as caught:
        plan_case(load_scenario("graphite-aimed"), toy())
    assert caught.value.code == "no_plan"


def test_other_assumptions_change_one_thing_each(tmp_path):
    case = made(tmp_path)
    stated, found = case.problem, {each.name: each for each in case.variations()}
    assert len(found) == 22
    assert found["link"].problem is stated
    assert found["imports"].problem.link_claim_t.sum() != stated.link_claim_t.sum()
    assert found["imports"].problem.costs is stated.costs
    low, high = (found[f"link-value-{end}"].problem.costs.value_factor[0] for end in ("low", "high"))
    assert low < stated.costs.value_factor[0] < high
    assert found["link-capital-low"].problem.costs.value_factor[0] == stated.costs.value_factor[0]
    slow, fast = found["link-ramp-high"].problem, found["link-ramp-low"].problem
    assert (slow.ramp_share <= fast.ramp_share).all()
    assert slow.growth_share.sum() < stated.growth_share.sum() < fast.growth_share.sum()
    assert sum(each.probability for each in found["imports-probability-high"].problem.cases) <= 1
    assert found["link-raw"].problem.quantities == "raw"
    assert [each.name for each in case.variations() if each.bound] == ["first", "last"]


def test_the_shipped_example_is_complete():
    from friendshore.tables.opening import open_world

    case = plan_case(load_scenario("economic-2plus2"), open_world())
    problem = case.problem
    assert problem.members == ("USA", "JPN")
    assert len(problem.cases) == 8
    # What others free in each period is no more than what is blocked, whoever gets it.
    blocked = ((1 - problem.open_share) * problem.link_t * problem.link_concern).sum()
    assert 0 < problem.freed_t.sum() < blocked * 3
    for s, named in enumerate(problem.cases):
        if named.name.startswith("world"):
            assert not problem.freed_t[s].any()
    assert (problem.link_claim_t <= problem.link_spare_t * (1 + 1e-12)).all()
    assert np.isfinite(problem.price).all()


@pytest.mark.parametrize("rule", ["link", "imports", "last", "first"])
def test_the_shipped_example_can_be_planned_by_every_rule(rule):
    from friendshore.planning.problem import ALONE, TOGETHER
    from friendshore.planning.solving import solve
    from friendshore.tables.opening import open_world

    case = plan_case(load_scenario("economic-2plus2"), open_world())
    problem = case.assembled(rule=rule).problem
    alone = [solve(problem, case.objective, sharing=ALONE, coalition=(m,)) for m in range(2)]
    together = solve(problem, case.objective, sharing=TOGETHER)
    assert [plan.status for plan in (*alone, together)] == ["optimal"] * 3
    assert together.cost_usd < sum(plan.cost_usd for plan in alone)


def test_the_shipped_example_tells_what_the_default_objective_would_take():
    from friendshore.planning.problem import ALONE, TOGETHER, Objective
    from friendshore.planning.solving import solve
    from friendshore.tables.opening import open_world

    case = plan_case(load_scenario("economic-2plus2"), open_world())
    told = case.scenario.file.description
    free = replace(case.problem, limits=replace(case.setting.limits, budgets_usd=np.full(2, np.inf)))
    for sharing, who, stated in ((ALONE, (0,), "0.23"), (ALONE, (1,), "0.64"), (TOGETHER, None, "0.74")):
        plan = solve(free, Objective(), sharing=sharing, coalition=who)
        spent = (plan.stock_t * free.price).sum() + plan.support_usd.sum()
        assert spent / 1e9 == pytest.approx(float(stated), abs=0.015)
        assert f"{stated} " in told
    for share, possible in ((0.29, True), (0.28, False)):
        limits = replace(case.setting.limits, shortage_share=share)
        status = solve(replace(case.problem, limits=limits), Objective()).status
        assert (status == "optimal") is possible
