from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from friendshore.errors import ArgumentError
from friendshore.records import Amount, Listing, Name, Note
from friendshore.report.words import heading, interval, number, percent, say, significant, translate


@pytest.mark.parametrize(
    ("value", "unit", "english", "japanese"),
    [
        (12_340_000.0, "USD", "USD 12.3 m", "12.3百万ドル"),
        (1_234_567_890.0, "USD", "USD 1.23 bn", "12.3億ドル"),
        (2_500_000_000_000.0, "USD", "USD 2,500 bn", "2.50兆ドル"),
        (999_999.0, "USD", "USD 1.00 m", "1.00百万ドル"),
        (12_345.0, "USD", "USD 12,300", "12,300ドル"),
        (1_234.0, "t", "1.23 kt", "1.23 kt"),
        (123_400_000.0, "t", "123 Mt", "123 Mt"),
        (0.5, "t", "0.500 t", "0.500 t"),
        (0.0, "t", "0 t", "0 t"),
        (0.624, "share", "62 %", "62 %"),
        (0.0624, "share", "6.2 %", "6.2 %"),
        (0.0996, "share", "10 %", "10 %"),
        (0.0004, "share", "<0.1 %", "<0.1 %"),
        (-0.45, "share", "-45 %", "-45 %"),
        (0.0, "share", "0 %", "0 %"),
        (0.4321, "index", "0.432", "0.432"),
        (2024, "year", "2024", "2024"),
        (None, "USD", "n/a", "不明"),
        (float("nan"), "t", "n/a", "不明"),
        (True, "", "yes", "はい"),
        ("CHN", "", "CHN", "CHN"),
    ],
)
def test_a_number_is_written_with_three_digits_and_the_unit_of_the_language(value, unit, english, japanese):
    assert number(value, unit) == english
    assert number(value, unit, "ja") == japanese


@given(st.floats(min_value=1e-6, max_value=1e15))
def test_three_significant_digits_are_within_half_a_percent(value):
    assert float(significant(value).replace(",", "")) == pytest.approx(value, rel=0.005)


@given(st.floats(min_value=0, max_value=1))
def test_a_share_is_never_written_further_off_than_half_a_point(value):
    told = percent(value)
    assert told == "<0.1" or abs(float(told) - 100 * value) <= 0.5 + 1e-9
    assert told == "0" if value == 0 else told != "0"


def test_an_interval_has_its_value_before_it_and_one_unit():
    assert interval(0.55, 0.68, value=0.62) == "62 % (55 to 68)"
    assert interval(0.55, 0.68) == "55 to 68 %"
    assert interval(0.55, 0.68, lang="ja", value=0.62) == "62 % (55～68)"
    assert interval(1e6, 2e6, "USD") == "USD 1.00 to 2.00 m"
    assert interval(5.49e8, 1.2e9, "USD", value=4.35e8) == "USD 435 m (549 to 1,200)"
    assert interval(1e9, 2e9, "USD", "ja") == "10.0～20.0億ドル"
    assert interval(1e3, 2.5e3, "t") == "1.00 to 2.50 kt"
    assert interval(9, 14, "count") == "9 to 14"
    assert interval(None, 0.3) == "n/a"


def test_a_heading_drops_the_unit_of_the_name():
    assert heading("imports_usd") == "imports"
    assert heading("world_export_hhi") == "world export HHI"
    assert heading("year") == "year"
    assert heading("imports_usd", "ja") == "輸入額"


def test_a_sentence_without_translation_stays_english():
    note = Note(template="Nobody has translated {what}.", values={"what": "this"})
    assert translate(note, "ja") == "Nobody has translated this."


def test_notes_within_notes_are_translated():
    inner = Note(template="yes")
    assert say("{a} and {b}", "ja", a=inner, b="n/a") == "はい and 不明"
    assert say("{all}", "ja", all=[inner, "x"]) == "はい、x"


def test_names_amounts_and_lists_are_written_in_the_language():
    told = {"who": Name(key="JPN"), "what": Name(key="284690", kind="product"), "in": Name(key="USA+EU")}
    note = Note(
        template="{list} / {part} / {range}",
        values={
            "list": Listing(items=tuple(told.values())),
            "part": Amount(value=0.624, unit="share"),
            "range": Amount(value=1e9, high=2e9, unit="USD"),
        },
    )
    assert translate(note).startswith("Japan, ")
    assert translate(note).endswith("European Union / 62 % / USD 1.00 to 2.00 bn")
    assert translate(note, "ja").startswith("日本、")
    assert translate(note, "ja").endswith("/ 62 % / 10.0～20.0億ドル")


def test_braces_in_values_are_left_alone():
    assert (
        translate(Note(template="{name} hurts.", values={"name": "{0.__class__}"})) == "{0.__class__} hurts."
    )


def test_an_unknown_language_is_refused():
    with pytest.raises(ArgumentError) as refused:
        translate(Note(template="x"), "fr")
    assert refused.value.code == "unknown_language"
