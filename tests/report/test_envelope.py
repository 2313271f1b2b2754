from __future__ import annotations

import json
import math

import pytest

import findings
from friendshore.errors import ArgumentError, DataError
from friendshore.records import Column, Name, Note, Table
from friendshore.report.envelope import dump, envelope, failure

KEYS = ["ok", "question", "arguments", "columns", "answer", "rows", "sources", "assumptions", "caveats"]


def test_success_has_exactly_the_agreed_keys(exposure_finding):
    told = envelope(exposure_finding)
    assert list(told) == KEYS
    assert told["ok"] is True
    assert [set(c) for c in told["columns"]] == [{"name", "unit", "description"}] * len(told["columns"])
    assert all(list(row) == [c["name"] for c in told["columns"]] for row in told["rows"])
    assert told["caveats"] == ["3 links have unknown tons."]
    assert told["assumptions"][0] == {"text": "Every ton is alike.", "source": "Kastner and others 2011"}
    assert told["sources"][0]["licence"] == "Etalab Open Licence 2.0"


def test_a_summary_stands_after_the_rows_where_there_is_one(exposure_finding):
    told = envelope(exposure_finding.model_copy(update={"summary": {"churn": {"left": ("284690",)}}}))
    assert list(told) == [*KEYS[:6], "summary", *KEYS[6:]]
    assert told["summary"] == {"churn": {"left": ["284690"]}}


def test_numbers_survive_to_the_last_bit():
    finding = findings.finding(
        [findings.row("JPN", "284690", "x", 0.1 + 0.2, 1e-300, 1 / 3, None, None, "CHN", None)]
    )
    row = json.loads(dump(envelope(finding)))["rows"][0]
    assert (row["imports_usd"], row["imports_t"], row["supplier_share"]) == (0.1 + 0.2, 1e-300, 1 / 3)
    assert row["supplier_share_traced_low"] is None


def test_sentences_follow_the_language_and_names_do_not(exposure_finding):
    told = envelope(exposure_finding, "ja")
    assert told["answer"] == "2024年に半分超をCHNから輸入した品目：USA 1/3, JPN 2/3。"
    assert [c["name"] for c in told["columns"]] == [c.name for c in exposure_finding.columns]
    assert "2024年に" in dump(told)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_is_refused_and_not_printed(bad):
    finding = findings.finding([findings.row("JPN", "284690", "x", bad, 1.0, 0.5, 0.5, 0.5, "CHN", None)])
    with pytest.raises(ValueError, match="not JSON compliant"):
        dump(envelope(finding))


def test_hostile_names_come_back_as_they_were(hostile_finding):
    text = dump(envelope(hostile_finding))
    text.encode("utf-8")
    names = [row["importer"] for row in json.loads(text)["rows"]]
    assert names == list(findings.HOSTILE)


def test_a_failure_has_code_message_hint_and_rows():
    error = DataError(
        "Two rows.", code="duplicate_rows", hint="Keep one.", rows=[{"line": 2, "value": math.nan}]
    )
    assert json.loads(dump(failure(error))) == {
        "ok": False,
        "error": {
            "code": "duplicate_rows",
            "message": "Two rows.",
            "hint": "Keep one.",
            "rows": [{"line": 2, "value": "nan"}],
        },
    }


def test_an_unknown_language_is_refused(exposure_finding):
    with pytest.raises(ArgumentError, match="fr"):
        envelope(exposure_finding, "fr")


def two_tables(question):
    table = Table(
        columns=(Column(name="sentence", unit="", description="Says it."),),
        rows=({"sentence": Note(template="{who} pays.", values={"who": Name(key="JPN")})},),
    )
    return findings.exposure().model_copy(
        update={"question": question, "tables": {"binding": table}, "summary": {"status": "optimal"}}
    )


def test_further_tables_stand_under_their_name_by_name():
    told = envelope(two_tables("exposure"))
    assert list(told) == [*KEYS[:6], "summary", "tables", *KEYS[6:]]
    assert told["tables"] == {"binding": [{"sentence": "Japan pays."}]}


@pytest.mark.parametrize("question", ["plan", "summary", "join"])
def test_the_tables_and_figures_of_a_plan_stand_at_the_top(question):
    told = envelope(two_tables(question))
    assert list(told) == [*KEYS[:6], "summary", "status", "binding", *KEYS[6:]]
    assert told["status"] == told["summary"]["status"] == "optimal"
    assert told["binding"] == [{"sentence": "Japan pays."}]


def test_a_figure_that_would_hide_a_key_of_the_envelope_is_refused():
    finding = two_tables("plan").model_copy(update={"summary": {"rows": 1}})
    with pytest.raises(ValueError, match="rows"):
        envelope(finding)
