"""Cleaning by unit value: cases solved by hand, a slow twin, and what must never happen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from friendshore.tables.cleaning import EXPORTER, IMPORTER, REACH, WORLD, clean
from friendshore.tables.cleaning import _reference as reference
from friendshore.tables.trade import Trade

COUNTRIES = ("AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH")


def flows(*rows):
    """Rows of (year, exporter, importer, dollars, tons or None) of one product, in the order given."""
    year, exporter, importer, value, tons = zip(*rows, strict=True)
    return Trade(
        COUNTRIES,
        ("260300",),
        np.array(year, np.int16),
        np.zeros(len(rows), np.int16),
        np.array([COUNTRIES.index(code) for code in importer], np.int16),
        np.array([COUNTRIES.index(code) for code in exporter], np.int16),
        np.array(value, float),
        np.array([np.nan if one is None else one for one in tons], float),
    )


ORDINARY = (
    (2020, "AAA", "BBB", 1000.0, 10.0),
    (2021, "AAA", "BBB", 1200.0, 10.0),
    (2021, "AAA", "CCC", 1100.0, 10.0),
    (2021, "DDD", "BBB", 900.0, 10.0),
    (2021, "DDD", "CCC", 950.0, 10.0),
    (2022, "AAA", "CCC", 1150.0, 10.0),
)
"""Unit values between 90 and 120 dollars a ton."""


def test_what_agrees_stays_as_published():
    tons, methods = clean(flows(*ORDINARY))
    assert tons.tolist() == [10.0] * 6
    assert set(methods) == {""}


def test_a_gap_gets_dollars_over_the_exporters_unit_value():
    tons, methods = clean(flows(*ORDINARY, (2021, "AAA", "EEE", 2200.0, None)))
    # the exporter's rows of 2020 to 2022: 100, 110, 115, 120 a ton with 1000, 1100, 1150, 1200 dollars;
    # half of 4450 dollars is passed in the row at 115
    assert tons[-1] == pytest.approx(2200 / 115)
    assert methods[-1] == EXPORTER


def test_without_the_exporters_the_importers_unit_value_fills_the_gap():
    tons, methods = clean(flows(*ORDINARY, (2021, "FFF", "BBB", 2200.0, None)))
    # the importer's rows: 90, 100, 120 a ton with 900, 1000, 1200 dollars; half of 3100 falls into 100
    assert tons[-1] == pytest.approx(22.0)
    assert methods[-1] == IMPORTER


def test_without_both_the_worlds_unit_value_fills_the_gap():
    tons, methods = clean(flows(*ORDINARY, (2021, "FFF", "GGG", 2200.0, None)))
    # 90, 95, 100, 110, 115, 120 with 900, 950, 1000, 1100, 1150, 1200; half of 6300 falls into 110
    assert tons[-1] == pytest.approx(20.0)
    assert methods[-1] == WORLD


def test_only_the_year_and_its_neighbours_count():
    tons, methods = clean(flows(*ORDINARY, (2024, "AAA", "BBB", 2200.0, None)))
    assert np.isnan(tons[-1])
    assert methods[-1] == ""
    tons, methods = clean(flows(*ORDINARY, (2023, "AAA", "BBB", 2300.0, None)))
    assert tons[-1] == pytest.approx(20.0)


def test_a_gap_of_a_flow_without_dollars_stays():
    tons, methods = clean(flows(*ORDINARY, (2021, "AAA", "EEE", 0.0, None)))
    assert np.isnan(tons[-1])
    assert methods[-1] == ""


@pytest.mark.parametrize("wrong", [0.01, 0.5, 160.0, 10_000.0])
def test_tons_off_by_more_than_fifteen_are_replaced(wrong):
    tons, methods = clean(flows(*ORDINARY, (2021, "AAA", "BBB", 1000.0, wrong)))
    assert tons[-1] == pytest.approx(1000 / 115)
    assert methods[-1] == EXPORTER
    assert tons[:-1].tolist() == [10.0] * 6


@pytest.mark.parametrize("odd", [0.7, 100.0])
def test_tons_off_by_less_than_fifteen_stay(odd):
    tons, methods = clean(flows(*ORDINARY, (2021, "AAA", "BBB", 1000.0, odd)))
    assert tons[-1] == odd
    assert methods[-1] == ""


def test_published_tons_of_zero_with_dollars_are_wrong():
    tons, methods = clean(flows(*ORDINARY, (2021, "AAA", "BBB", 1150.0, 0.0)))
    assert tons[-1] == pytest.approx(10.0)
    assert methods[-1] == EXPORTER


def test_an_exporter_whose_flows_agree_is_believed():
    # a low-grade ore of a dear metal, three dollars a ton where the world pays a hundred
    cheap = ((2021, "EEE", "FFF", 6.0, 2.0), (2021, "EEE", "GGG", 9.0, 3.0), (2022, "EEE", "FFF", 3.0, 1.0))
    tons, methods = clean(flows(*ORDINARY, *cheap))
    assert tons[-3:].tolist() == [2.0, 3.0, 1.0]
    assert set(methods) == {""}


def test_an_absurd_tonnage_gets_the_worlds_unit_value_though_the_importers_agree():
    # the importer's other row repeats the mistake, the exporter sells at the world's price elsewhere
    tons, methods = clean(
        flows(*ORDINARY, (2021, "AAA", "HHH", 100.0, 1000.0), (2021, "EEE", "HHH", 10.0, 100.0))
    )
    assert methods[-2] == WORLD
    assert tons[-2] == pytest.approx(100 / 110)


def test_a_small_flow_of_the_same_kind_stays():
    tons, _ = clean(flows(*ORDINARY, (2021, "AAA", "HHH", 0.1, 1.0), (2021, "EEE", "HHH", 0.2, 2.0)))
    assert tons[-2:].tolist() == [1.0, 2.0]


def test_a_wrong_row_does_not_fill_a_gap():
    rows = (*ORDINARY, (2021, "DDD", "EEE", 1.0e6, 1.0), (2021, "DDD", "FFF", 950.0, None))
    tons, methods = clean(flows(*rows))
    # without the row of a million a ton, the exporter's are 90 and 95
    assert tons[-1] == pytest.approx(10.0)
    assert methods[-1] == EXPORTER


def test_a_row_alone_in_the_world_is_left():
    tons, methods = clean(flows((2021, "AAA", "BBB", 5.0, 1e6)))
    assert tons.tolist() == [1e6]
    assert methods.tolist() == [""]


def test_no_rows_give_no_rows():
    empty = flows(*ORDINARY).take(slice(0, 0))
    tons, methods = clean(empty)
    assert len(tons) == len(methods) == 0


def test_the_published_table_is_not_changed():
    table = flows(*ORDINARY, (2021, "AAA", "BBB", 1000.0, 0.01))
    clean(table)
    assert table.quantity_t[-1] == 0.01


def test_products_do_not_mix():
    table = flows(*ORDINARY, (2021, "AAA", "BBB", 1000.0, 0.01), (2021, "AAA", "CCC", 1000.0, None))
    other = Trade(
        table.countries,
        ("260300", "261690"),
        table.year,
        np.array([0] * 6 + [1, 1], np.int16),
        table.importer,
        table.exporter,
        table.value_usd,
        table.quantity_t,
    )
    tons, methods = clean(other)
    assert tons[-2] == 0.01
    # the only comparable row of its product is at 100,000 a ton
    assert tons[-1] == pytest.approx(0.01)
    assert methods[-2:].tolist() == ["", EXPORTER]


ROW = st.tuples(
    st.integers(2018, 2022),
    st.integers(0, 4),
    st.integers(5, 7),
    st.integers(1, 10_000),
    st.one_of(st.none(), st.integers(1, 100_000)),
)
ROWS = st.lists(ROW, min_size=1, max_size=40)


def table_of(rows):
    return flows(*((y, COUNTRIES[i], COUNTRIES[j], float(v), q) for y, i, j, v, q in rows))


def slow_reference(group, year, unit, value, usable):
    """Tell the reference row by row, as the sentence says it."""
    found = []
    for n in range(len(unit)):
        others = sorted(
            (unit[m], value[m])
            for m in range(len(unit))
            if m != n and usable[m] and group[m] == group[n] and abs(int(year[m]) - int(year[n])) <= 1
        )
        total, running, answer = sum(dollars for _, dollars in others), 0.0, np.nan
        for price, dollars in others:
            running += dollars
            if running >= total / 2:
                answer = price
                break
        found.append(answer)
    return np.array(found)


@given(ROWS)
def test_the_reference_is_the_median_of_the_others_weighted_by_dollars(rows):
    table = table_of(rows)
    usable = np.isfinite(table.quantity_t)
    unit = np.where(usable, table.value_usd / np.where(usable, table.quantity_t, 1), np.nan)
    for group in (table.exporter, table.importer, np.zeros(len(table))):
        columns = (group.astype(np.int64), table.year.astype(np.int64), unit, table.value_usd, usable)
        assert np.array_equal(reference(*columns), slow_reference(*columns), equal_nan=True)


@given(ROWS)
def test_the_order_of_the_rows_does_not_matter(rows):
    rows = list(dict.fromkeys(rows))
    forwards, _ = clean(table_of(rows))
    backwards, _ = clean(table_of(rows[::-1]))
    assert np.allclose(forwards, backwards[::-1], equal_nan=True)


@given(ROWS, st.sampled_from([0.5, 4.0, 1024.0]))
def test_counting_in_other_dollars_changes_no_tons(rows, factor):
    table = table_of(rows)
    scaled = Trade(
        table.countries, table.products, table.year, table.product, table.importer, table.exporter,
        table.value_usd * factor, table.quantity_t,
    )  # fmt: skip
    before, after = clean(table), clean(scaled)
    assert np.array_equal(before[0], after[0], equal_nan=True)
    assert before[1].tolist() == after[1].tolist()


@given(ROWS)
def test_every_change_is_named_and_nothing_known_becomes_unknown(rows):
    table = table_of(rows)
    tons, methods = clean(table)
    same = (tons == table.quantity_t) | (np.isnan(tons) & np.isnan(table.quantity_t))
    assert (same | (methods != "")).all()
    assert np.isfinite(tons[np.isfinite(table.quantity_t)]).all()
    assert np.isfinite(tons[methods != ""]).all()
    assert (tons[np.isfinite(tons)] > 0).all()


@given(ROWS, ROW)
def test_a_changed_row_changes_nothing_beyond_its_reach(rows, extra):
    before, _ = clean(table_of(rows))
    after, _ = clean(table_of([*rows, (2012, *extra[1:])]))
    assert np.array_equal(before, after[:-1], equal_nan=True)
    near, _ = clean(table_of([*rows, extra]))
    far = np.array([abs(row[0] - extra[0]) > REACH for row in rows])
    assert np.array_equal(before[far], near[:-1][far], equal_nan=True)
