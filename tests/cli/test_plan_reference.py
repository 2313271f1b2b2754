"""plan on the command line against a reference by another hand, on worlds drawn at random as a user's folder."""

import json

import pytest

from friendshore.cli import main
from reference_plan import drawn_world, least_cost

KINDS = ("least_cost", "expected_cost", "least_shortage", "worst_case", "cvar")
RULES = ("link", "imports", "last", "first")


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("together", [True, False])
def test_a_plan_costs_what_the_reference_says(tmp_path, capsys, seed, together):
    scenario = drawn_world(
        seed, tmp_path, KINDS[seed % len(KINDS)], RULES[seed % len(RULES)], aimed=seed % 3 == 2
    )
    coalitions = [[0, 1]] if together else [[0], [1]]
    parts = [least_cost(tmp_path, scenario, coalition, together) for coalition in coalitions]
    code = main(
        [
            "plan", "--scenario", str(tmp_path / "plan.yaml"), "--data", str(tmp_path), "--quick", "--json",
            "--together" if together else "--alone",
        ]
    )  # fmt: skip
    told = json.loads(capsys.readouterr().out)
    if any(part is None for part in parts):
        assert code != 0
        assert told["error"]["code"] == "infeasible_plan"
        return
    assert code == 0
    # Programs with steps are solved to a gap of 0.1 %.
    assert told["objective_value"] == pytest.approx(sum(parts), rel=2e-3)
