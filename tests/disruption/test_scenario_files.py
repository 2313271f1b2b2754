"""Scenario files: what may stand in them, what is refused and where, and what a scenario takes from another."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from friendshore.disruption.scenario_files import load_scenario, shipped, shipped_text
from friendshore.disruption.scenario_schema import ScenarioFile, json_schema
from friendshore.disruption.scenario_text import LARGEST_BYTES
from friendshore.errors import ArgumentError, DataError
from friendshore.parameters import PARAMETERS, Parameters

SOUND = """\
version: 1
name: A stop
shocks:
  - id: cut
    kind: export_ban
    suppliers: CHN
    importers: [JPN]
    products: ["250410"]
"""


def write(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> DataError:
    with pytest.raises(DataError) as caught:
        load_scenario(write(folder, text))
    return caught.value


def test_a_sound_file_is_read_with_its_defaults(tmp_path):
    found = load_scenario(write(tmp_path, SOUND)).file
    assert (found.months, found.quantities, found.shocks[0].lost_share) == (24, "cleaned", 1.0)
    assert found.shocks[0].suppliers == ("CHN",)


def test_a_number_of_thousands_of_digits_is_refused_like_any_other_word(tmp_path):
    error = refused(tmp_path, SOUND + f"months: {'1' * 5000}\n")
    assert error.code == "bad_scenario"
    assert "months" in error.message


def test_a_code_without_quotes_is_still_a_code(tmp_path):
    assert load_scenario(write(tmp_path, SOUND.replace('["250410"]', "250410"))).file.shocks[0].products == (
        "250410",
    )


@pytest.mark.parametrize("everybody", ["World", "[world]"])
def test_world_is_everybody(everybody, tmp_path):
    assert load_scenario(write(tmp_path, SOUND.replace("[JPN]", everybody))).file.shocks[0].importers == ()


BAD = {
    "lost share above 1": ("    lost_share: 1.4\n", "share_out_of_range", 9),
    "lost share below 0": ("    lost_share: -0.1\n", "share_out_of_range", 9),
    "lost share that is no number": ("    lost_share: .nan\n", "bad_scenario", 9),
    "lost share that is true": ("    lost_share: true\n", "bad_scenario", 9),
    "negative duration": ("    duration_months: -3\n", "negative_months", 9),
    "negative ramp": ("    ramp_months: -1\n", "negative_months", 9),
    "no duration": ("    duration_months: 0\n", "no_duration", 9),
    "start before the run": ("    start_month: 0\n", "negative_months", 9),
    "unknown key": ("    sorce: me\n", "unknown_key", 9),
    "unknown key at the top": ("sorce: me\n", "unknown_key", 9),
    "no passage in a ban": ("    passage: suez\n", "contradictory_shock", 4),
    "start after the end": ("    start_month: 30\n", "never_strikes", 4),
    "licences in a ban": ("    profile: {delay_months: 1}\n", "contradictory_shock", 4),
    "stock of a century": ("stock_cover:\n- {importer: JPN, days: 40000}\n", "stock_too_large", 10),
    "negative stock": ("stock_cover:\n- {importer: JPN, days: -1}\n", "negative_stock", 10),
    "unknown parameter": ("parameters:\n  lead_month: 3\n", "unknown_key", 10),
    "parameter out of range": (
        "parameters:\n  leakage_share: {value: 2, source: me}\n",
        "parameter_out_of_range",
        10,
    ),
    "unknown rule": ("parameters:\n  stock_rule: use\n", "unknown_choice", 10),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_is_refused_with_its_line(case, tmp_path):
    more, code, line = BAD[case]
    error = refused(tmp_path, SOUND + more)
    assert error.code == code
    assert [row["line"] for row in error.rows] == [line]
    assert f"Line {line}, " in error.message
    assert error.hint


def test_the_nearest_right_key_is_named(tmp_path):
    error = refused(tmp_path, SOUND.replace("suppliers:", "supliers:"))
    assert "suppliers" in error.hint
    assert "Did you mean" in error.hint


def test_all_problems_are_told_at_once(tmp_path):
    text = SOUND.replace("export_ban", "export_bann") + "    lost_share: 2\nparameters:\n  lead_month: 3\n"
    error = refused(tmp_path, text)
    assert error.code == "bad_scenario"
    assert [row["line"] for row in error.rows] == [5, 9, 11]
    assert "3 problems" in error.message


def test_an_outage_cannot_be_aimed(tmp_path):
    assert refused(tmp_path, SOUND.replace("export_ban", "outage")).code == "outage_is_aimed"


def test_an_importer_that_is_the_supplier_is_refused(tmp_path):
    assert refused(tmp_path, SOUND.replace("[JPN]", "[CHN]")).code == "importer_is_supplier"


def test_a_shock_without_products_is_refused(tmp_path):
    assert refused(tmp_path, SOUND.replace('    products: ["250410"]\n', "")).code == "incomplete_shock"


@pytest.mark.parametrize("version", ["2", '"1"', "true", "0.9"])
def test_a_scenario_of_another_version_is_refused(version, tmp_path):
    error = refused(tmp_path, SOUND.replace("version: 1", f"version: {version}"))
    assert error.code == "scenario_version"
    assert "expected 1" in error.message


def test_a_scenario_without_version_is_refused(tmp_path):
    assert refused(tmp_path, SOUND.replace("version: 1\n", "")).code == "scenario_version"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("name: !!python/object/apply:os.system ['true']\n", "yaml_tag"),
        ("name: !!str x\n", "yaml_tag"),
        ("name: !include other.yaml\n", "yaml_tag"),
        ("a: &a [x]\nb: *a\n", "yaml_alias"),
        ("a: &a [1, 2]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", "yaml_alias"),
        ("<<: {version: 1}\n---\nname: x\n", "not_yaml"),
        ("a: " + "[" * 50 + "]" * 50 + "\n", "yaml_too_deep"),
        ("version: 1\nversion: 1\n", "repeated_key"),
        ("version: [1\n", "not_yaml"),
        ("- version\n", "bad_scenario"),
        ("   \n", "empty_file"),
        ("x" * (LARGEST_BYTES + 1), "scenario_too_large"),
    ],
)
def test_yaml_beyond_plain_values_is_refused(text, code, tmp_path):
    assert refused(tmp_path, text).code == code


def test_brackets_without_end_are_refused_and_do_not_end_the_program(tmp_path):
    assert refused(tmp_path, "a: " + "[" * 200_000).code in {"yaml_too_deep", "not_yaml"}


def test_what_is_not_utf8_is_refused(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_bytes(SOUND.encode().replace(b"A stop", b"\xe9t\xe9"))
    with pytest.raises(DataError) as caught:
        load_scenario(path)
    assert caught.value.code == "not_utf8"


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        load_scenario(tmp_path / "none.yaml")


def test_an_unknown_name_names_the_nearest_scenario():
    with pytest.raises(ArgumentError) as caught:
        load_scenario("rare-earth-2010")
    assert "rare-earths-2010" in caught.value.hint


def test_a_scenario_takes_from_another_what_it_does_not_say(tmp_path):
    write(tmp_path, SOUND + "parameters:\n  lead_months: 3\n  hoarding_days: 0\n", "base.yaml")
    text = "version: 1\nextends: base.yaml\nmonths: 6\nshocks:\n- id: cut\n  lost_share: 0.5\n"
    text += "parameters:\n  lead_months: 4\n"
    found = load_scenario(write(tmp_path, text))
    assert found.chain == ("mine.yaml", "base.yaml")
    assert (found.file.name, found.file.months) == ("A stop", 6)
    assert (found.file.shocks[0].suppliers, found.file.shocks[0].lost_share) == (("CHN",), 0.5)
    assert (found.parameters.lead_months, found.parameters.hoarding_days) == (4, 0)


def test_a_shock_of_another_id_is_one_more(tmp_path):
    text = SOUND.replace("name: A stop", "name: Two\nextends: base.yaml").replace("id: cut", "id: other")
    write(tmp_path, SOUND, "base.yaml")
    assert [shock.id for shock in load_scenario(write(tmp_path, text)).file.shocks] == ["cut", "other"]


def test_a_problem_is_told_where_it_was_written(tmp_path):
    write(tmp_path, SOUND + "    lost_share: 7\n", "base.yaml")
    text = "version: 1\nextends: base.yaml\n\n\n\nmonths: 0\n"
    error = refused(tmp_path, text)
    assert [(row["file"], row["line"]) for row in error.rows] == [("mine.yaml", 6), ("base.yaml", 9)]


def test_scenarios_that_extend_each_other_are_refused_with_the_chain(tmp_path):
    write(tmp_path, "version: 1\nextends: c.yaml\n", "b.yaml")
    write(tmp_path, "version: 1\nextends: mine.yaml\n", "c.yaml")
    error = refused(tmp_path, "version: 1\nextends: b.yaml\n")
    assert error.code == "cyclic_extends"
    assert "mine.yaml -> b.yaml -> c.yaml -> mine.yaml" in error.message


def test_a_scenario_that_extends_itself_is_refused(tmp_path):
    assert refused(tmp_path, "version: 1\nextends: ./mine.yaml\n").code == "cyclic_extends"


def test_a_file_may_extend_a_shipped_scenario(tmp_path):
    text = "version: 1\nextends: nickel-ore-2020\nmonths: 6\n"
    found = load_scenario(write(tmp_path, text))
    assert found.chain == ("mine.yaml", "nickel-ore-2020", "nickel-ore-2014")
    assert found.file.shocks[0].lost_share == 1.0


@pytest.mark.parametrize("given", ["/etc/base.yaml", "[a.yaml, b.yaml]"])
def test_only_a_file_beside_it_or_a_name_can_be_extended(given, tmp_path):
    assert refused(tmp_path, f"version: 1\nextends: {given}\n").code == "bad_extends"


def test_parameters_keep_their_sources(tmp_path):
    found = load_scenario(
        write(tmp_path, SOUND + "parameters:\n  lead_months: {value: 3, source: a study}\n")
    )
    assert found.parameters == Parameters(lead_months=3, sources=(("lead_months", "a study"),))


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_is_sound_and_sourced(name):
    found = load_scenario(name).file
    assert found.description
    assert found.source


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_fits_the_schema(name):
    jsonschema.validate(yaml.safe_load(shipped_text(name)), json_schema())


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.update(sorce="x"),
        lambda told: told.pop("name"),
        lambda told: told.update(version=2),
        lambda told: told["shocks"][0].update(lost_share=1.1),
        lambda told: told["shocks"][0].update(kind="ban"),
        lambda told: told.update(parameters={"lead_month": 3}),
        lambda told: told.update(parameters={"leakage_share": 3}),
    ],
)
def test_the_schema_refuses_what_the_program_refuses(change, tmp_path):
    told = yaml.safe_load(SOUND)
    jsonschema.validate(told, json_schema())
    change(told)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, json_schema())
    assert refused(tmp_path, yaml.safe_dump(told)).code


def test_the_schema_describes_every_key():
    schema = json.loads(json.dumps(json_schema()))
    assert set(schema["properties"]) == set(ScenarioFile.model_fields)
    assert set(schema["properties"]["parameters"]["properties"]) >= set(PARAMETERS)
    parts = [schema, *schema["$defs"].values()]
    silent = [
        key for part in parts for key, about in part["properties"].items() if not about.get("description")
    ]
    assert set(silent) <= {"version"}
