from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from friendshore.answers.spans import chosen_years, one_year
from friendshore.cli.arguments import spread
from friendshore.errors import ArgumentError

SEVERAL, SINGLE = {"--on", "--product"}, {"--year", "--out"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("USA JPN --on CHN", "USA JPN --on CHN"),
        ("USA --on CHN RUS", "USA --on CHN --on RUS"),
        ("USA --on CHN --on RUS", "USA --on CHN --on RUS"),
        ("--on CHN RUS -- DEU FRA", "--on CHN --on RUS -- DEU FRA"),
        ("--on CHN -- --on", "--on CHN -- --on"),
        (
            "USA --on CHN --product 284690 280530 --json",
            "USA --on CHN --product 284690 --product 280530 --json",
        ),
        ("--on=CHN USA JPN", "--on=CHN USA JPN"),
        ("--year 2020 USA", "--year 2020 USA"),
        ("", ""),
    ],
)
def test_an_option_of_several_values_takes_every_word_up_to_the_next_option(given, told):
    assert spread(given.split(), SEVERAL, SINGLE) == told.split()


@pytest.mark.parametrize(
    "given", ["USA --on", "USA --on --json", "USA --on -- JPN", "--year --json", "--out"]
)
def test_an_option_without_its_value_is_refused(given):
    with pytest.raises(ArgumentError) as refused:
        spread(given.split(), SEVERAL, SINGLE)
    assert refused.value.code == "missing_value"


@pytest.mark.parametrize("given", ["--out a.svg --out b.svg", "--year=2020 --year 2021", "--year=1 --year=1"])
def test_an_option_of_one_value_given_twice_is_refused(given):
    with pytest.raises(ArgumentError) as refused:
        spread(given.split(), SEVERAL, SINGLE)
    assert refused.value.code == "repeated_option"


@given(st.lists(st.sampled_from(["USA", "JPN", "--as-bloc", "--json", "284690"])))
def test_words_without_such_an_option_pass_unchanged(words):
    assert spread(words, SEVERAL, SINGLE) == words


@pytest.mark.parametrize(
    ("year", "years", "told"),
    [
        ("", "", ()),
        ("2022", "", (2022,)),
        ("", "2019-2022", (2019, 2020, 2021, 2022)),
        ("", "2019 – 2020", (2019, 2020)),
        ("", "2020", (2020,)),
        ("", "2020-2020", (2020,)),
    ],
)
def test_years_are_one_or_a_run(year, years, told):
    assert chosen_years(year, years) == told


@pytest.mark.parametrize(
    ("year", "years", "code"),
    [
        ("2022", "2019-2022", "conflicting_options"),
        ("", "2022-2019", "years_reversed"),
        ("", "2019-2020-2021", "bad_years"),
        ("", "19-22", "bad_years"),
        ("", "-2022", "bad_years"),
        ("0", "", "bad_years"),
        ("2022.0", "", "bad_years"),
        ("２０２２", "", "bad_years"),
        ("99999999999999999999", "", "bad_years"),
        ("", "1000-9999", "bad_years"),
    ],
)
def test_years_that_cannot_be_are_refused(year, years, code):
    with pytest.raises(ArgumentError) as refused:
        chosen_years(year, years)
    assert refused.value.code == code
    assert refused.value.hint


def test_no_year_is_the_default_year():
    assert one_year("") == 0
