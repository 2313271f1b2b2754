"""What the surroundings of stdout change: colour and width, and nothing else."""

from __future__ import annotations

import shlex
import sys

import pytest
from rich.cells import cell_len

from friendshore import answers
from friendshore.report.envelope import envelope

ASK = ("exposure", "USA", "JPN", "--on", "CHN")


@pytest.fixture
def terminal(monkeypatch, capsys):
    """Let stdout pass for a terminal 72 columns wide."""
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _stream: True)
    monkeypatch.setenv("COLUMNS", "72")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return monkeypatch


def test_off_a_terminal_the_text_has_no_colour_and_does_not_know_the_width(run, toy, monkeypatch):
    first = run(*ASK, "--data", toy).out
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert run(*ASK, "--data", toy).out == first
    assert "\x1b" not in first


def test_on_a_terminal_the_text_is_coloured_and_as_wide_as_it(run, toy, terminal):
    told = run(*ASK, "--data", toy).out
    assert "\x1b[" in told
    terminal.setenv("NO_COLOR", "1")
    bare = run(*ASK, "--data", toy).out
    assert "\x1b" not in bare
    assert 60 < max(map(cell_len, bare.splitlines())) <= 72


def test_a_dumb_terminal_gets_no_colour(run, toy, terminal):
    terminal.setenv("TERM", "dumb")
    assert "\x1b" not in run(*ASK, "--data", toy).out


def test_json_is_the_same_on_a_terminal(run, toy, terminal):
    assert "\x1b" not in run(*ASK, "--data", toy, "--json").out


@pytest.mark.parametrize(
    ("name", "positional", "more"),
    [
        ("exposure", (["USA", "JPN"],), {"on": ["CHN", "VNM"], "as_bloc": True, "years": [2020, 2021]}),
        ("exposure", (["JPN"],), {"on": ["CHN"], "products": ["284690", "280530"], "basis": "quantity"}),
        ("exposure", (["JPN"],), {"on": ["CHN"], "by": "material"}),
        ("rules", (["JPN"],), {"rule": "geodep", "products": ["284690"], "year": 2022}),
        ("trace", ("JPN",), {"product": "284690", "year": 2021}),
        ("leverage", ("JPN", "CHN"), {"year": 2021}),
    ],
)
def test_the_command_under_an_answer_gives_the_same_answer(name, positional, more, run, toy):
    finding = getattr(answers, name)(*positional, world=str(toy), **more)
    words = shlex.split(finding.command)
    assert words[0] == "friendshore"
    again = run(*words[1:], "--json").json
    assert again["rows"] == envelope(finding)["rows"]
    assert again["arguments"] == envelope(finding)["arguments"]
