"""Tornado and draws as findings: rows that people and programs can read."""

from __future__ import annotations

import json

import pytest

from friendshore.answers.sensitivity import draws, tornado
from friendshore.parameters import PARAMETERS
from friendshore.report.envelope import envelope
from friendshore.report.words import translate
from friendshore.shocks import StockCover
from friendshore.tables.schemas import schema
from toy_paths import monthly, stop

FLOWS = {("CHN", "JPN"): 10.0, ("AUS", "JPN"): 30.0, ("CHN", "KOR"): 5.0}
CUT = stop("CHN", importers=("JPN", "KOR"), duration_months=8)
GIVEN = (monthly(FLOWS), [CUT], [StockCover(importer="JPN", days=20)], ["JPN", "KOR"])


@pytest.fixture(scope="module")
def bars():
    return tornado(*GIVEN, months=12, command="friendshore stress --tornado")


@pytest.fixture(scope="module")
def band():
    return draws(*GIVEN, n=60, seed=3, months=12)


def test_rows_hold_what_the_dictionary_says(bars, band):
    for finding in (bars, band):
        rules = {rule.name: rule for rule in schema(finding.question)}
        for row in finding.rows:
            assert list(row) == list(rules)
            for name, value in row.items():
                assert value is not None or rules[name].nullable
                if isinstance(value, float) and rules[name].minimum is not None:
                    assert rules[name].minimum <= value <= (rules[name].maximum or float("inf"))
        keys = [name for name, rule in rules.items() if rule.key]
        assert len({tuple(row[name] for name in keys) for row in finding.rows}) == len(finding.rows)
        json.dumps(envelope(finding, "en"), allow_nan=False)


def test_every_assumption_has_a_row_for_each_importer_and_the_widest_swing_comes_first(bars):
    for importer in ("JPN", "KOR"):
        rows = [row for row in bars.rows if row["importer"] == importer]
        assert set(PARAMETERS) | {"lost_share", "duration", "cover_days", "stock_factor", "grades"} <= {
            row["parameter"] for row in rows
        }
        swings = [row["swing_t"] for row in rows]
        assert swings == sorted(swings, reverse=True)
        for row in rows:
            three = [row["low_shortage_t"], row["shortage_t"], row["high_shortage_t"]]
            assert row["swing_t"] == pytest.approx(max(three) - min(three))


def test_a_choice_has_words_and_no_numbers(bars):
    rule = next(row for row in bars.rows if row["parameter"] == "stock_rule")
    assert rule["choices"] == "stretch;use-it;floor"
    assert rule["low"] is rule["central"] is rule["high"] is None


def test_one_material_has_no_ranking_to_change(bars):
    assert {row["low_ranking_distance"] for row in bars.rows} == {None}
    assert [each["importer"] for each in bars.summary["ranking"]] == ["JPN", "KOR"]
    assert bars.summary["swaps_total"] == 0


def test_the_answer_names_the_assumption_in_both_languages(bars):
    # Korea buys all of it in China and misses the larger part
    first = next(row for row in bars.rows if row["importer"] == "KOR")
    english, japanese = (translate(bars.answer, lang) for lang in ("en", "ja"))
    assert english.startswith("What South Korea misses")
    assert first["parameter"] not in english  # a name for people
    assert japanese.startswith("韓国")
    assert "{" not in english + japanese


def test_where_nothing_moves_the_answer_says_so():
    still = {"lost_share": (0.5, 0.5)}
    quiet = stop("CHN", importers=("JPN",), lost_share=0.0)
    found = tornado(monthly(FLOWS), [quiet], [], ["JPN"], months=3, ranges=still)
    assert translate(found.answer, "en").startswith("No assumption changes")


def test_bands_are_ordered_and_whole_runs_are_told(band):
    for row in band.rows:
        assert row["shortage_share_p10"] <= row["shortage_share_p50"] <= row["shortage_share_p90"]
    assert [(each["product"], each["importer"]) for each in band.summary["runs"]] == [
        ("AAA", "JPN"),
        ("AAA", "KOR"),
    ]
    assert band.arguments["draws"] == 60
    assert band.arguments["seed"] == 3
    assert any("no forecast interval" in str(caveat) for caveat in band.caveats)
