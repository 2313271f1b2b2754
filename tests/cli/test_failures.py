"""Whatever goes wrong: exit code 2, one clear paragraph on stderr, or with --json one object on stdout."""

from __future__ import annotations

import time

import pytest

import findings
from friendshore import answers
from friendshore.cli import waiting

FAILURES = [
    (("exposre", "USA"), "unknown_command"),
    (("data", "ad", "x.csv"), "unknown_command"),
    (("exposure", "USA", "--on", "CHN", "--jsn"), "unknown_option"),
    (("--quiet",), "unknown_option"),
    (("exposure",), "missing_argument"),
    (("exposure", "--on", "CHN", "USA"), "missing_argument"),
    (("trace", "JPN"), "missing_argument"),
    (("leverage", "JPN"), "missing_argument"),
    (("exposure", "USA", "--on"), "missing_value"),
    (("trace", "JPN", "--product", "284690", "extra"), "usage"),
    (("exposure", "USA", "--on", "CHN", "--year", "x"), "bad_years"),
    (("exposure", "USA", "--on", "CHN", "--years", "2020-2010"), "years_reversed"),
    (("exposure", "USA", "--on", "CHN", "--year", "2020", "--years", "2019-2020"), "conflicting_options"),
    (("exposure", "USA", "--on", "CHN", "--lang", "fr"), "unknown_language"),
    (("exposure", "USA", "--on", "CHN", "--out", "a.pdf"), "unknown_suffix"),
    (("exposure", "USA", "--on", "CHN", "--xlsx", "a.csv"), "unknown_suffix"),
    (("exposure", "USA", "--on", "CHN", "--out", "no/a.csv"), "cannot_write"),
    (("brief", "USA", "--on", "CHN", "--out", "a.csv"), "unknown_suffix"),
    (("blocs", "NOBLOC"), "unknown_bloc"),
    (("blocs", "--on", "yesterday"), "bad_date"),
]


@pytest.mark.parametrize(("argv", "code"), FAILURES)
def test_a_failure_is_one_json_object_on_stdout_and_nothing_else(argv, code, run):
    told = run(*argv, "--json")
    assert told.code == 2
    assert set(told.json) == {"ok", "error"}
    assert told.json["ok"] is False
    assert set(told.json["error"]) == {"code", "message", "hint", "rows"}
    assert told.json["error"]["code"] == code
    assert told.json["error"]["message"]
    assert told.json["error"]["hint"]
    assert told.err == ""


@pytest.mark.parametrize(("argv", "code"), FAILURES)
def test_without_json_a_failure_is_a_paragraph_on_stderr(argv, code, run):
    told = run(*argv)
    assert told.code == 2
    assert told.out == ""
    assert told.err.startswith("Error: ")
    assert "Traceback" not in told.err


def test_a_mistyped_word_is_answered_with_the_nearest_right_one(run):
    assert "Did you mean exposure?" in run("exposre", "--json").json["error"]["hint"]
    assert "--product" in run("exposure", "USA", "--prodct", "284690", "--json").json["error"]["hint"]


def test_importers_swallowed_by_on_are_explained(run):
    assert "put -- before them" in run("exposure", "--on", "CHN", "USA", "--json").json["error"]["hint"]


def test_options_before_the_command_are_explained(run):
    assert "COMMAND --json" in run("--json", "exposure", "USA").json["error"]["hint"]


def test_json_after_two_hyphens_is_a_name_and_not_the_option(run):
    assert run("exposure", "--", "USA").err
    told = run("blocs", "--", "NOBLOC")
    assert told.out == ""


@pytest.fixture
def broken(monkeypatch):
    def exposure(*_args, **_more):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(answers, "exposure", exposure)


def test_a_fault_of_the_program_is_an_internal_error(broken, run):
    told = run("exposure", "USA", "--on", "CHN", "--json")
    assert told.code == 2
    assert told.json["error"]["code"] == "internal_error"
    assert "ZeroDivisionError" in told.json["error"]["message"]
    assert "--debug" in told.json["error"]["hint"]
    assert told.err == ""


def test_debug_shows_the_traceback_on_stderr(broken, run):
    told = run("exposure", "USA", "--on", "CHN", "--debug", "--json")
    assert "Traceback" in told.err
    assert told.json["error"]["code"] == "internal_error"


@pytest.mark.parametrize(
    ("problem", "code"), [(KeyboardInterrupt(), "interrupted"), (MemoryError(), "out_of_memory")]
)
def test_interruptions_are_failures_like_others(problem, code, run, monkeypatch):
    def exposure(*_args, **_more):
        raise problem

    monkeypatch.setattr(answers, "exposure", exposure)
    told = run("exposure", "USA", "--on", "CHN", "--json")
    assert (told.code, told.json["error"]["code"]) == (2, code)


def test_control_characters_of_an_argument_do_not_reach_the_terminal(run):
    told = run("blocs", "NO\x1b[31mBLOC\x07")
    assert "\x1b" not in told.err
    assert "\x07" not in told.err


def test_an_argument_that_is_no_utf8_is_answered_in_utf8(run):
    told = run("blocs", "\udcff\udcfe", "--json")
    assert told.json["error"]["code"] == "unknown_bloc"
    told.out.encode("utf-8")


def test_a_group_of_commands_alone_is_a_failure(run):
    told = run("data")
    assert (told.code, told.out) == (2, "")
    assert "friendshore data --help" in told.err


def test_a_slow_answer_says_so_on_stderr_and_a_quick_one_does_not(run, monkeypatch):
    def exposure(*_args, **_more):
        time.sleep(0.2)
        return findings.exposure()

    monkeypatch.setattr(answers, "exposure", exposure)
    assert run("exposure", "USA", "--on", "CHN").err == ""
    monkeypatch.setattr(waiting, "SECONDS", 0.01)
    assert run("exposure", "USA", "--on", "CHN").err == "Measuring exposure ...\n"
    assert run("exposure", "USA", "--on", "CHN", "--quiet").err == ""
