"""What people type is read as codes, nothing is guessed, and problems stand beside their fields."""

from __future__ import annotations

import pytest

from friendshore.errors import ArgumentError
from friendshore.report.words import say
from friendshore.web.forms import form_fields, suggestions
from friendshore.web.questions import QUESTIONS
from friendshore.web.records import Asked
from friendshore.web.understanding import SAID, in_codes, problem_rows

EXPOSURE = QUESTIONS["exposure"]


def shown(query, lang="en", problems=None, question=EXPOSURE):
    asked = Asked("page", question.name, tuple(query), lang)
    return {field.name: field for field in form_fields(question, asked, problems or {})}


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("Japan", ["JPN"]),
        ("japan united states", ["JPN", "USA"]),
        ("日本、米国", ["JPN", "USA"]),
        ("JPN, eu", ["JPN", "EU"]),
        ("United Kingdom; KOR", ["GBR", "KOR"]),
        ("Atlantis JPN", ["Atlantis", "JPN"]),
    ],
)
def test_names_of_countries_and_blocs_are_codes(typed, codes):
    assert [value for _, value in in_codes(EXPOSURE, [("importer", typed)])] == codes


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("284690", ["284690"]),
        ("284690,250410 810510", ["284690", "250410", "810510"]),
        ("天然黒鉛(粉状・フレーク状)", ["250410"]),
        ("natural graphite powder", ["250410"]),
        ("unobtainium", ["unobtainium"]),
    ],
)
def test_words_that_name_one_product_are_its_code(typed, codes):
    assert [value for _, value in in_codes(EXPOSURE, [("product", typed)])] == codes


def test_a_word_that_fits_several_products_is_asked_back_with_the_address_of_each():
    with pytest.raises(ArgumentError) as caught:
        in_codes(EXPOSURE, [("importer", "Japan"), ("product", "graphite 284690")])
    row = caught.value.rows[0]
    assert (row["field"], row["code"]) == ("product", "several_meant")
    assert [code for code, _ in row["found"]] == ["250410", "250490"]
    assert row["found"][1][1] == [("importer", "JPN"), ("product", "250490"), ("product", "284690")]


def test_what_else_is_wrong_is_told_at_the_same_time():
    with pytest.raises(ArgumentError) as caught:
        in_codes(
            EXPOSURE, [("importer", "JPN"), ("product", "graphite"), ("years", "2024-2020"), ("rows", "all")]
        )
    assert [row["field"] for row in caught.value.rows] == ["product", "years"]


def test_blanks_and_what_holds_anyway_stay_out_of_the_address():
    query = [("importer", " JPN "), ("year", ""), ("by", "product"), ("as-bloc", "false"), ("rows", "all")]
    assert in_codes(EXPOSURE, query) == (("importer", "JPN"), ("rows", "all"))
    stress = QUESTIONS["stress"]
    assert in_codes(stress, [("months", "12"), ("cover-days", "0"), ("lost-share", "1")]) == (
        ("cover-days", "0"),
    )


def test_a_failure_that_names_no_field_is_put_beside_the_one_that_it_quotes():
    error = ArgumentError(
        "'Atlantis' is neither a country nor a bloc.", code="unknown_bloc", hint="Did you mean ATL?"
    )
    rows = problem_rows(EXPOSURE, [("importer", "JPN"), ("on", "Atlantis")], error, "ja")
    assert list(rows) == ["on"]
    assert "Atlantis" in rows["on"]["message"]
    assert rows["on"]["message"] == say(SAID["unknown_bloc"], "ja", value="Atlantis")
    assert "ATL" in rows["on"]["hint"]


def test_all_that_is_said_beside_a_field_has_japanese():
    assert [text for text in SAID.values() if say(text, "ja", value="X") == text.format(value="X")] == []


def test_years_are_those_of_the_data_newest_first():
    years = [value for value, _ in shown([])["year"].choices]
    assert years[:2] == ["", "2024"]
    assert len(years) == 1 + 2024 - 1995 + 1


def test_a_wrong_choice_stays_in_its_list_and_is_seen():
    field = shown([("by", "planet")], problems={"by": {"message": "No."}})["by"]
    assert (field.value, field.choices[0]) == ("planet", ("planet", "planet"))
    assert field.first
    assert field.told


def test_numbers_have_the_limits_of_the_question():
    fields = shown([], question=QUESTIONS["stress"])
    assert (fields["months"].control, fields["months"].least, fields["months"].most) == ("number", 1, 120)
    assert (fields["months"].step, fields["lost-share"].step) == ("1", "any")
    assert (fields["months"].value, fields["cover-days"].value) == ("12", "")


@pytest.mark.parametrize(("lang", "names"), [("en", "Japan, China"), ("ja", "日本、中国")])
def test_the_names_of_codes_are_shown_to_the_reader(lang, names):
    assert shown([("importer", "JPN"), ("importer", "CHN")], lang)["importer"].understood == names


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_lists_of_suggestions_are_light(lang):
    entries = [entry for entries in suggestions(lang).values() for entry in entries]
    assert len(entries) > 300
    assert sum(len(f'<option value="{code}">{name}'.encode()) for code, name in entries) < 18_000
