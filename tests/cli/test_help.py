"""The help names every command and every option, and the issue's contract is among them."""

from __future__ import annotations

import subprocess
import sys

import pytest

import friendshore
from friendshore.cli.application import command

COMMON = {"--data", "--json", "--csv", "--xlsx", "--out", "--lang", "--quiet", "--debug", "--help"}
CONTRACT = {
    "exposure": {
        "--on",
        "--as-bloc",
        "--product",
        "--group",
        "--by",
        "--year",
        "--years",
        "--basis",
        "--quantities",
    },
    "rules": {"--year", "--as-bloc", "--product", "--rule"},
    "trace": {"--product", "--on", "--year"},
    "leverage": {"--year"},
    "brief": {"--on", "--as-bloc", "--group", "--year", "--from", "--date", "--budget", "--scenario"},
    "read": {"--date", "--rate", "--accept", "--only", "--evaluate"},
    "measures": {"--on", "--of"},
    "blocs": {"--on", "--ties"},
    "products": set(),
    "stress": {
        *(
            "--scenario",
            "--case",
            "--on",
            "--product",
            "--group",
            "--lost-share",
            "--months",
            "--cover-days",
            "--world",
        ),
        *("--as-bloc", "--quantities", "--tornado", "--draws", "--seed", "--scheduler"),
    },
    "summary": {"--scenario", "--member", "--lend-days", "--without-stock", "--explain"},
    "join": set(),
    "hindcast": {"--events", "--grade"},
    "plan": {
        *("--scenario", "--frontier", "--why", "--alone", "--together", "--compare", "--sheet", "--wanted"),
        *("--quick", "--seconds"),
    },
    "suppliers": {"--on", "--as-bloc", "--product", "--group", "--year", "--quantities"},
    "scenario check": set(),
    "scenario schema": set(),
    "scenario list": set(),
    "scenario show": set(),
    "scenario save": {"--name", "--replace"},
    "scenario remove": set(),
    "scenario compare": {"--case"},
    "data list": set(),
    "data check": set(),
    "data add": {"--name", "--hs"},
}


def leaves(group, before=""):
    for name, child in group.commands.items():
        if hasattr(child, "commands"):
            yield from leaves(child, f"{before}{name} ")
        else:
            yield f"{before}{name}", child


LEAVES = dict(leaves(command()))


def test_the_commands_are_those_of_the_contract():
    assert set(LEAVES) == {*CONTRACT, "serve"}


def test_serving_has_options_of_its_own():
    told = {option for p in LEAVES["serve"].params for option in p.opts}
    assert told - {"--help", "-h"} == {
        "--host", "--port", "--open", "--lang", "--processes", "--quiet", "--debug",
    }  # fmt: skip


@pytest.mark.parametrize("name", CONTRACT)
def test_help_names_every_option_with_its_meaning(name, run):
    told = run(*name.split(), "--help")
    assert told.code == 0
    options = {
        option for parameter in LEAVES[name].params for option in parameter.opts if option.startswith("-")
    }
    assert options | {"--help"} == CONTRACT[name] | COMMON
    for option in options:
        assert f"  {option} " in told.out
    assert all(parameter.help for parameter in LEAVES[name].params)
    assert f"friendshore {name}" in told.out.split("Examples:")[1]


def test_without_a_command_three_examples_are_shown(run):
    told = run()
    assert told.code == 0
    assert told.out.split("Try:")[1].count("friendshore ") == 3


def test_the_version_is_that_of_the_package(run):
    assert run("--version").out == f"friendshore {friendshore.__version__}\n"


def test_starting_loads_nothing_heavy():
    code = (
        "import sys; from friendshore.cli import main; main(['exposure', '--help']);"
        "print(sorted({'numpy', 'pyarrow', 'duckdb', 'altair', 'numba', 'rich', 'babel'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[]"
