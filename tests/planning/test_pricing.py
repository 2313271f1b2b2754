"""Steps and building times that are stated for some hosts."""

import numpy as np
import pytest

from friendshore.errors import ArgumentError
from friendshore.planning.cost_table import Figure
from friendshore.planning.costs import CostBook
from friendshore.planning.pricing import priced

GOOD = "850511"


def own(parameter, value, *hosts):
    year = 2024 if parameter.endswith("usd_per_t") else None
    return Figure(
        parameter=parameter,
        applies_to=GOOD,
        value=value,
        low=value,
        high=value,
        price_year=year,
        hosts=hosts,
        own=True,
    )


def plant(*hosts):
    return (own("capital_usd_per_t", 1000, *hosts), own("gap_usd_per_t", 0, *hosts))


def test_a_step_stated_for_a_host_counts():
    book = CostBook(own=(*plant("JPN"), own("lump_t", 60, "JPN"), own("build_months", 12, "JPN")))
    found = priced(book, (GOOD,), ("JPN", "AUS"))
    assert found.lump_t.tolist() == [60]


def test_unlike_steps_of_one_product_are_refused():
    book = CostBook(own=(*plant("JPN", "AUS"), own("lump_t", 60, "JPN"), own("lump_t", 25, "AUS")))
    with pytest.raises(ArgumentError, match="60 t at JPN, 25 t at AUS") as refused:
        priced(book, (GOOD,), ("JPN", "AUS"))
    assert refused.value.code == "unlike_steps"


def test_a_host_that_may_build_nothing_slows_nobody_down():
    book = CostBook(
        own=(*plant("JPN", "AUS"), own("build_months", 12, "JPN"), own("build_months", 48, "AUS"))
    )
    both = priced(book, (GOOD,), ("JPN", "AUS"))
    one = priced(book, (GOOD,), ("JPN", "AUS"), most_t=np.array([[np.inf], [0.0]]))
    assert both.build_months.tolist() == [48]
    assert one.build_months.tolist() == [12]
