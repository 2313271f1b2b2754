"""The timeline of measures, at days that nobody has in mind."""

from __future__ import annotations

from datetime import date

import pytest

from friendshore import answers
from friendshore.charts import draw
from friendshore.report.words import words_in


@pytest.mark.parametrize("day", [date(2022, 1, 21), date(8967, 12, 31), date(9999, 12, 31)])
def test_a_timeline_is_drawn_with_few_years_however_far_the_day(day):
    finding = answers.measures(on=day, of="JPN")
    assert finding.rows
    picture = draw(finding, format="svg", words=words_in("en")).decode()
    assert picture.startswith("<svg")
    assert 2 <= len({year for year in range(1900, 10_000, 1) if f">{year}</text>" in picture}) <= 14
