"""Dates as texts state them."""

from datetime import date

import pytest

from friendshore.intake.dates import dates_in, published

ON = date(2022, 1, 21)  # a Friday


def first(text, on=ON):
    return next((dated.value for dated in dates_in(text, on)), None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("signed on May 24, 2022 in Tokyo", "2022-05-24"),
        ("in Tokyo on 24 May 2022", "2022-05-24"),
        ("held on December 5 and 6", "2021-12-05"),
        ("the June 2023 Declaration", "2023-06"),
        ("at the summit in June", "2022-06"),
        ("since 2020", "2020"),
        ("on Friday", "2022-01-21"),
        ("on Wednesday", "2022-01-19"),
        ("Yesterday, officials met", "2022-01-20"),
        ("this month", "2022-01"),
        ("This week, the Taskforce met", "2022-01"),
        ("last month", "2021-12"),
        ("a visit this fall", "2022"),
        ("2022年5月24日", "2022-05-24"),
        ("先月", "2021-12"),
        ("on February 30, 2022", None),
        ("on 2022-13-01", None),
        ("40 May flies", None),
    ],
)
def test_a_date_is_as_exact_as_the_text(text, value):
    assert first(text) == value


def test_without_a_date_of_the_document_friday_stays_unresolved():
    assert first("agreed on Friday", None) is None
    assert first("agreed in June", None) is None
    assert first("agreed on 3 June 2021", None) == "2021-06-03"


def test_a_month_without_a_year_is_the_nearest_one():
    assert first("in December", date(2022, 1, 21)) == "2021-12"
    assert first("in January", date(2021, 12, 15)) == "2022-01"


def test_the_publication_date_is_found_where_the_page_states_it():
    assert published("A title\nPublished: 21 January 2022\nText") == ON
    assert published("A title\n\n21 January 2022\n\nText of the article") == ON
    assert published("A title\n\nThey met on 21 January 2022 in the capital and talked of much.") is None
