"""Documents of our own making, read to the end: rows, caveats, and what follows from them."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from friendshore import answers
from friendshore.answers.read_goods import held_goods
from friendshore.answers.read_next import importers_of, suppliers_of
from friendshore.disruption.scenario_files import load_scenario
from friendshore.errors import ArgumentError
from friendshore.intake.records import Event

CONTROL = (
    "Prime Minister Kishida met President Biden in Tokyo on Friday. Both governments voiced concern about China’s "
    "export policy. On Friday China’s Ministry of Commerce imposed export controls on rare earths."
)
PACT = "Japan and Australia signed a critical minerals agreement on 20 May 2024."
FUND = "Japan awarded a grant of 50 billion yen for a battery plant on Friday."


@pytest.fixture
def asked(tmp_path):
    def asked(text, name="article.txt", **options):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return answers.read(path, **options)

    return asked


def types(finding):
    return [row["type"] for row in finding.rows]


def steps(finding, kind):
    return [row for row in finding.tables["next"].rows if row["kind"] == kind]


def test_each_quote_is_a_slice_of_the_file(asked, tmp_path):
    finding = asked(CONTROL, day=date(2024, 5, 24))
    text = (tmp_path / "article.txt").read_text("utf-8")
    assert {"summit", "dispute", "export_control"} <= set(types(finding))
    assert all(text[row["start"] : row["end"]] == row["quote"] for row in finding.rows)


def test_places_in_a_page_are_those_of_its_source(asked, tmp_path):
    page = "<html><body><p>Hello there.</p><p>" + PACT + "</p><script>x()</script></body></html>"
    row = asked(page, "page.html").rows[0]
    assert (tmp_path / "page.html").read_text("utf-8")[row["start"] : row["end"]] == row["quote"]


def test_friday_stays_open_without_a_date_and_that_is_said(asked):
    dated, open_ = asked(CONTROL, day=date(2024, 5, 24)), asked(CONTROL)
    assert dated.rows[0]["date"] == "2024-05-24"
    assert open_.rows[0]["date"] is None
    assert any('"on Friday"' in str(note) or '"Friday"' in str(note) for note in open_.caveats)


def test_a_sum_without_a_rate_is_unknown_in_dollars_and_that_is_said(asked):
    plain, converted = asked(FUND), asked(FUND, rates={"JPY": 0.0065})
    assert plain.rows[0]["amount_usd"] is None
    assert any("--rate JPY=DOLLARS" in str(note) for note in plain.caveats)
    assert converted.rows[0]["amount_usd"] == pytest.approx(50e9 * 0.0065)
    assert "0.0065" in str(converted.assumptions[0])


@pytest.mark.parametrize("rates", [{"JPY": 0.0}, {"JPY": -1.0}, {"yen": 0.01}, {"JPY": float("nan")}])
def test_what_is_no_rate_is_refused(asked, rates):
    with pytest.raises(ArgumentError) as refused:
        asked(FUND, rates=rates)
    assert refused.value.code == "bad_rate"


def test_a_third_language_is_said_and_not_guessed_at(asked):
    finding = asked("Japan und Australien haben ein Abkommen über kritische Rohstoffe unterzeichnet.\n" * 3)
    assert finding.rows == ()
    assert any("neither English nor Japanese" in str(note) for note in finding.caveats)


def test_words_that_mix_alphabets_are_named(asked):
    finding = asked("Сhina was mentioned. " + PACT)
    assert any("Сhina" in str(note) for note in finding.caveats)


def test_a_control_becomes_a_scenario_that_loads(asked, tmp_path):
    [step] = steps(asked(CONTROL, day=date(2024, 5, 24)), "stress")
    path = tmp_path / "next.yaml"
    path.write_text(step["text"], "utf-8")
    shock = load_scenario(path).file.shocks[0]
    assert (shock.kind, shock.suppliers, shock.importers) == ("export_ban", ("CHN",), ())
    assert set(shock.products) == {"284610", "284690", "280530"}
    assert step["command"].startswith(
        ("friendshore stress JPN USA --on CHN", "friendshore stress USA JPN --on CHN")
    )
    assert step["command"].endswith("--months 12 --world")


def test_a_quote_cannot_write_keys_into_a_scenario(asked, tmp_path):
    text = "China imposed export controls on rare earths: {months: 1}\nshocks: [] # on Japan in June 2024."
    for step in steps(asked(text), "stress"):
        assert list(yaml.safe_load(step["text"])) == [
            "version", "name", "description", "source", "months", "importers", "shocks",
        ]  # fmt: skip


def test_a_pact_becomes_members(asked):
    finding = asked(PACT + " Both leaders expressed concern about China’s coercion of its neighbours.")
    assert "friendshore exposure JPN AUS --as-bloc --on CHN" in [
        r["command"] for r in steps(finding, "exposure")
    ]
    [members] = steps(finding, "members")
    assert yaml.safe_load(members["text"]) == {"plan": {"members": ["JPN", "AUS"], "concern": ["CHN"]}}


def test_a_pact_alone_asks_for_a_supplier(asked):
    [members] = steps(asked(PACT), "members")
    assert members["command"] is None
    assert "add --on" in str(members["note"])


def event(**fields):
    plain = {"type": "export_control", "status": "decided", "date": None, "actors": ("CHN",), "quote": "",
             "start": 0, "end": 0, "confidence": 0.7, "rule": "x"}  # fmt: skip
    return Event(**{**plain, **fields})


def test_chips_are_not_in_the_data_and_their_inputs_are_offered():
    held = held_goods(event(products=("semiconductors",)), {"284690"})
    assert held.products == ()
    assert held.inputs == ("chip-inputs",)
    assert [str(note) for note in held.unheld] == ["the data hold no chips"]


def test_a_named_material_goes_before_its_label():
    held = held_goods(
        event(products=("critical_minerals",), quote="controls on graphite"), {"250410", "284690", "260300"}
    )
    assert held.products == ("250410",)


def test_a_label_that_only_follows_adds_nothing():
    held = held_goods(
        event(products=("rare_earths", "critical_minerals"), quote="yttrium"), {"284690", "250410"}
    )
    assert held.products == ("284690",)


def test_a_lifted_measure_cuts_nothing_off(asked):
    finding = asked(
        "China has suspended its export controls on rare earths, the ministry said on 3 June 2024."
    )
    assert steps(finding, "stress") == []


def test_who_voices_concern_asks_and_the_most_named_is_the_concern(asked):
    finding = asked(CONTROL + " Kishida also condemned Russia’s war in Ukraine.", day=date(2024, 5, 24))
    rows = [Event(**{**row, "rule": "x"}) for row in finding.rows]
    from friendshore.intake.records import Reading

    reading = Reading(
        date=None, language="en", participants=tuple(finding.summary["participants"]), events=tuple(rows)
    )
    concern = suppliers_of(reading)
    assert concern[0] == "CHN"
    assert set(importers_of(reading, concern)) == {"JPN", "USA"}


def test_an_extractor_of_ones_own_replaces_the_rules(asked):
    seen = []

    def extractor(text, day):
        seen.append(day)
        return [event(quote=text[:5], start=0, end=5), event(quote="invented", start=0, end=5)]

    finding = asked(PACT, day=date(2024, 5, 20), extractor=extractor)
    assert seen == [date(2024, 5, 20)]
    assert [row["quote"] for row in finding.rows] == [PACT[:5]]


def test_the_answer_is_the_same_twice(asked):
    assert asked(CONTROL) == asked(CONTROL)


@pytest.mark.parametrize(
    "text",
    [
        "Georgia, the state in the U.S. South, signed a deal with a carmaker in Atlanta last year, Governor Kemp said.",
        "The turkey was served with china plates, and the tariff of the hotel was raised on 3 May 2024.",
        "Bank of America raised its stake in Nippon Steel by 3 billion dollars on 3 May 2024.",
        "American Airlines and Japan Airlines signed an agreement on seats on 3 May 2024.",
    ],
)
def test_states_birds_plates_and_firms_are_no_actors(asked, text):
    assert asked(text).rows == ()


def test_of_a_japanese_document_it_is_said_that_the_rules_read_english(asked):
    finding = asked("岸田首相とバイデン大統領は2022年1月21日にオンラインで会談した。")
    assert finding.summary["language"] == "ja"
    assert any("rules read English" in str(note) for note in finding.caveats)


@pytest.mark.parametrize(
    ("name", "code"), [("South Korea", "KOR"), ("North Korea", "PRK"), ("Turkey", "TUR")]
)
def test_which_korea_and_the_state_of_turkey(asked, name, code):
    finding = asked(f"Japan and {name} signed a trade agreement on 20 May 2024.")
    assert finding.rows[0]["actors"] == ("JPN", code)


def test_korea_without_which_is_not_guessed_to_be_the_north(asked):
    finding = asked("Japan and Korea signed a trade agreement on 20 May 2024.")
    assert not any("PRK" in (*row["actors"], *row["targets"]) for row in finding.rows)
