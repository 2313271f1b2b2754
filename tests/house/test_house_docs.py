"""The pages say what the program does: generated parts are fresh, commands and examples run."""

from __future__ import annotations

import csv
import doctest
import importlib
import importlib.util
import pkgutil
import re
from importlib.resources import files
from pathlib import Path

import pytest

import friendshore
from friendshore import answers

ROOT = Path(__file__).resolve().parents[2]
STALE = "run `make docs` and look at what changed"


def opened_tool():
    spec = importlib.util.spec_from_file_location("build_reference", ROOT / "tools" / "build_reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = opened_tool()
PAGES = TOOL.told()
MODULES = sorted(name for _, name, _ in pkgutil.walk_packages(friendshore.__path__, "friendshore."))


def read(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_the_generated_reference_is_fresh():
    written = TOOL.reference()
    assert [str(path) for path, text in written.items() if read(path) != text] == [], STALE
    assert {path.name for path in written} == {path.name for path in (ROOT / "docs" / "reference").iterdir()}


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_the_commands_of_a_page_run_and_print_what_it_shows(path):
    assert TOOL.refreshed(read(path)) == read(path), STALE


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_the_links_of_a_page_lead_somewhere(path):
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", read(path)):
        name, _, anchor = target.partition("#")
        if name.startswith(("https:", "http:", "mailto:")):
            continue
        aim = (ROOT / path).parent / name if name else ROOT / path
        headings = (
            re.findall(r"^#+ (.*)$", aim.read_text(encoding="utf-8"), re.MULTILINE) if aim.is_file() else []
        )
        anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
        if not aim.exists() or (anchor and anchor not in anchors):
            broken.append(target)
    assert broken == []


def test_every_page_can_be_reached_from_the_index():
    reached, todo = set(), [Path("docs/index.md")]
    while todo:
        path = todo.pop()
        if path in reached:
            continue
        reached.add(path)
        for target in re.findall(r"\]\(([^)#\s]+\.md)", read(path)):
            aim = ((ROOT / path).parent / target).resolve()
            if aim.is_relative_to(ROOT / "docs"):
                todo.append(aim.relative_to(ROOT))
    pages = {path.relative_to(ROOT) for path in (ROOT / "docs").rglob("*.md")}
    assert pages - reached == set()


def test_every_command_is_shown_in_a_page_that_people_wrote():
    shown = "\n".join(map(read, PAGES))
    unshown = [" ".join(words) for words in TOOL.commands() if not re.search(" ".join(words) + r"\b", shown)]
    assert unshown == []


def test_every_command_argument_and_option_says_what_it_does():
    silent = []
    for words, command in TOOL.commands().items():
        if not command.help:
            silent.append(" ".join(words))
        silent += [
            f"{' '.join(words)} {option.name}"
            for option in command.params
            if not getattr(option, "help", None)
        ]
    assert silent == []


@pytest.mark.parametrize("module", ["friendshore", *MODULES])
def test_the_examples_in_docstrings_are_true(module):
    outcome = doctest.testmod(importlib.import_module(module))
    assert outcome.failed == 0


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_the_python_examples_of_a_page_are_true(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    outcome = doctest.testfile(str(ROOT / path), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert outcome.failed == 0


def question(name: str):
    asked = {
        "exposure": lambda: answers.exposure(["JPN"], on=["CHN"], products=["284690"]),
        "exposure by material": lambda: answers.exposure(["JPN"], on=["CHN"], by="material"),
        "rules": lambda: answers.rules(["JPN"], products=["284690"]),
        "trace": lambda: answers.trace("JPN", product="284690"),
        "leverage": lambda: answers.leverage("JPN", "CHN"),
    }
    return asked[name]()


@pytest.mark.parametrize("name", ["exposure", "exposure by material", "rules", "trace", "leverage"])
def test_the_columns_of_an_answer_are_those_of_the_dictionary(name):
    with files("friendshore").joinpath("data/columns.csv").open(encoding="utf-8", newline="") as stream:
        described = {
            (row["table"], row["name"]): (row["unit"], row["description"]) for row in csv.DictReader(stream)
        }
    finding = question(name)
    for column in finding.columns:
        assert described[finding.question, column.name] == (column.unit, column.description)
    assert all(list(row) == [column.name for column in finding.columns] for row in finding.rows)
    assert finding.sources
