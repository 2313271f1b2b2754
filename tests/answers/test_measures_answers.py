"""The register on a day, ties between countries, and the user's own records beside the shipped ones."""

from __future__ import annotations

import json
from datetime import date

import pytest

from friendshore import answers
from friendshore.answers.measures import CONTROLS, conflicts_of, measures, register, ties
from friendshore.answers.read_accept import accepted_finding
from friendshore.errors import ArgumentError, DataError
from friendshore.intake.goods import goods
from friendshore.planning.programmes import programmes
from friendshore.tables.blocs import blocs
from friendshore.tables.countries import countries
from friendshore.tables.measures import Accepted, accepted, accepted_path, last_day
from friendshore.tables.measures import measures as shipped


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("FRIENDSHORE_DATA", str(tmp_path / "home"))
    return tmp_path / "home"


def ids(finding):
    return {row["id"] for row in finding.rows}


def test_japans_support_is_in_force_on_the_day_of_the_summit_and_not_before_its_call():
    assert "JPN_RELOCATION_HOME_2020" in ids(measures(on=date(2022, 1, 21), of="JPN"))
    assert "JPN_RELOCATION_HOME_2020" not in ids(measures(on=date(2020, 5, 22), of="JPN"))


def test_a_pact_is_not_in_force_before_its_text():
    assert "US_JPN_CM" in ids(measures(on=date(2025, 10, 27)))
    assert "US_JPN_CM" not in ids(measures(on=date(2025, 10, 26)))


def test_quota_on_rare_earths_is_by_china_against_everybody():
    row = next(row for row in measures(of="CHN").rows if row["id"] == "CHN_REE_2010")
    assert (row["kind"], row["since"], row["precision"]) == ("export_control", "2010-07-01", "month")
    assert (row["actors"], row["targets"]) == (("CHN",), ())


def test_who_only_feared_sanctions_did_not_impose_them():
    row = next(row for row in measures().rows if row["id"] == "IRN_CRUDE_ASIA_2012")
    assert (row["actors"], row["targets"]) == ((), ("IRN",))


def test_every_record_names_known_parties_and_a_source():
    for one in register():
        assert one.source
        assert all(code in countries() or code in blocs() for code in (*one.actors, *one.targets)), one.id
        assert all(label in goods() or len(label) == 6 for label in one.goods), one.id
        assert one.kind in {"support", "pact", "format", *CONTROLS.values()}


def test_every_shipped_record_has_a_japanese_name_and_a_day():
    assert all(one.name_ja and one.since for one in shipped().values())


def test_support_of_2020_is_also_among_the_programmes_of_plans():
    assert any(p.payer == "JPN" and "2020" in name for name, p in programmes().items())


def test_ties_are_counted_by_hand():
    rows = {(row["country_a"], row["country_b"]): row for row in ties(on=date(2022, 1, 21)).rows}
    assert rows["JPN", "USA"]["pacts"] == "G7; OECD; QUAD; ECONOMIC-2+2; 2+2-USA-JPN"
    assert rows["AUS", "GBR"]["pacts"] == "OECD; AUKUS"
    assert ("CHN", "JPN") not in rows


def test_ties_of_one_country_all_hold_it():
    finding = ties(of="JPN", on=date(2024, 1, 1))
    assert all("JPN" in (row["country_a"], row["country_b"]) for row in finding.rows)


def test_an_unknown_country_is_refused():
    with pytest.raises(ArgumentError) as refused:
        measures(of="Atlantis")
    assert refused.value.code == "unknown_country"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-12", date(2024, 12, 1), date(2024, 12, 31)),
        ("2024-02-30", None, None),
        ("", None, None),
    ],
)
def test_a_stated_date_covers_the_days_it_may_mean(text, first, last):
    assert last_day(text) == (first, last)


PACT = "Japan and the United States signed a critical minerals framework on 20 October 2025."


def taken(tmp_path, text=PACT, numbers=(1,)):
    path = tmp_path / "pact.txt"
    path.write_text(text, "utf-8")
    return accepted_finding(answers.read(path), numbers)


def test_an_accepted_event_is_the_users_with_its_provenance(tmp_path):
    taken(tmp_path)
    [one] = accepted()
    assert (one.quote, one.document, one.document_date) == (PACT, "pact.txt", None)
    assert len(one.sha256) == 64
    row = next(row for row in measures().rows if row["owner"] == "user")
    assert row["verification"] == "accepted by the user"
    assert one.sha256 in row["source"]


def test_accepting_twice_adds_nothing(tmp_path):
    taken(tmp_path)
    before = accepted_path().read_bytes()
    again = taken(tmp_path)
    assert accepted_path().read_bytes() == before
    assert str(again.caveats[0]).startswith("0 events are now records of your own, 1 were already")


def test_a_conflict_is_shown_and_both_records_stay(tmp_path):
    finding = taken(tmp_path)
    rows = {row["id"]: row for row in measures().rows}
    assert rows["US_JPN_CM"]["since"] == "2025-10-27"
    mine = next(row for row in rows.values() if row["owner"] == "user")
    assert mine["since"] == "2025-10-20"
    assert "US_JPN_CM" in mine["conflict"]
    assert "US_JPN_CM" in finding.tables["accepted"].rows[0]["conflict"]


def test_the_same_day_is_no_conflict():
    event = Accepted(
        id="user-1", type="agreement", status="decided", date="2025-10", actors=("JPN", "USA"), quote="q", start=0,
        end=1, document="d", document_date=None, sha256="0",
    )  # fmt: skip
    assert conflicts_of(event) == ()


def test_a_damaged_line_is_named(home):
    home.mkdir()
    accepted_path().write_text('{"id": 1}\n', "utf-8")
    with pytest.raises(DataError) as refused:
        measures()
    assert refused.value.code == "bad_accepted"
    assert refused.value.rows[0]["line"] == 1


def test_the_file_holds_one_object_a_line_and_nothing_is_left_beside_it(tmp_path, home):
    taken(tmp_path)
    lines = accepted_path().read_text("utf-8").splitlines()
    assert [json.loads(line)["type"] for line in lines] == ["agreement"]
    assert [path.name for path in home.iterdir()] == ["accepted.jsonl"]
