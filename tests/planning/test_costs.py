"""The table of costs: whole, in one kind of money, overridden by the user, and refused where it means nothing."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest

from friendshore.errors import ArgumentError, DataError, MissingDataError
from friendshore.planning.cost_parameters import COST_PARAMETERS
from friendshore.planning.costs import (
    PRICE_YEAR,
    CostBook,
    Figure,
    annuity,
    assumption,
    cost_table,
    costs_of,
    read_costs,
    values_of,
)
from friendshore.tables.materials import materials
from friendshore.tables.products import products, read_text

HEADER = "parameter,applies_to,value,low,high,unit,price_year,source\n"


def figure(parameter="build_months", value=24.0, **about):
    return Figure(
        **{"parameter": parameter, "value": value, "low": value, "high": value, "own": True, **about}
    )


def test_every_line_of_the_shipped_table_names_a_known_good_and_has_a_range_and_a_source():
    for each in cost_table():
        assert each.applies_to == "default" or each.applies_to in products() or each.applies_to in materials()
        assert each.low <= each.value <= each.high
        assert each.source
    lines = list(csv.reader(io.StringIO(read_text("plan_costs.csv"))))
    assert len({(row[0], row[1]) for row in lines}) == len(lines)


def test_every_plant_of_the_shipped_table_has_a_time_a_size_and_a_gap():
    plants = {f.applies_to for f in cost_table() if f.parameter == "capital_usd_per_t"}
    for parameter in ("build_months", "lump_t", "gap_usd_per_t"):
        assert {f.applies_to for f in cost_table() if f.parameter == parameter} - {"default"} == plants


def test_what_needs_no_plant_has_a_default_for_any_good():
    book = CostBook()
    for name, about in COST_PARAMETERS.items():
        if not about.plant:
            assert book.find(name, "999999") is not None, name


def test_measurable_critical_materials_can_be_planned():
    book = CostBook()
    wanted = ["Graphite", "Lithium", "Cobalt", "Rare earth", "Magnesite", "Manganese", "Nickel", "Tungsten"]
    wanted += ["Tantalum", "Vanadium", "Fluorspar", "Antimony", "Titanium", "Bismuth", "Beryllium", "Niobium"]
    for material in wanted:
        codes = [code for s in materials()[material].stages if s.measurable for code in s.codes]
        assert codes
        assert [code for code in codes if not book.has_plant(code)] == []


def test_no_plant_is_guessed_for_energy_gold_or_a_users_own_code():
    book = CostBook()
    assert [code for code in ("270900", "710812", "850511") if book.has_plant(code)] == []
    with pytest.raises(MissingDataError, match="no capital_usd_per_t of 850511"):
        book.figure("capital_usd_per_t", "850511")


def test_the_user_goes_before_us_the_special_before_the_general():
    book = CostBook(own=(figure(value=7.0), figure(value=8.0, applies_to="Graphite"),
                         figure(value=9.0, applies_to="250410"),
                         figure(value=10.0, applies_to="250410", hosts=("AUS",))))  # fmt: skip
    assert book.figure("build_months", "251910").value == 7.0
    assert book.figure("build_months", "250490").value == 8.0
    assert book.figure("build_months", "250410", "JPN").value == 9.0
    assert book.figure("build_months", "250410", "AUS").value == 10.0
    assert CostBook().figure("build_months", "251910").value == 24.0


def test_a_negative_cost_is_refused():
    with pytest.raises(ArgumentError, match="expected a cost of 0 or more") as caught:
        CostBook(own=(figure("gap_usd_per_t", -5.0, price_year=2024),))
    assert caught.value.code == "negative_cost"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (figure("carrying_share", 12.0), "cost_out_of_range"),
        (figure("probability", 1.5), "cost_out_of_range"),
        (figure("life_years", 0.0), "cost_out_of_range"),
        (figure("build_months", float("nan")), "cost_out_of_range"),
        (figure("build_months", 24.0, low=30.0, high=40.0), "cost_out_of_range"),
        (figure("fee_usd", 5.0), "unlike_years"),
        (figure("colour", 5.0), "unknown_cost"),
    ],
)
def test_what_means_nothing_is_refused(wrong, code):
    with pytest.raises(ArgumentError) as caught:
        CostBook(own=(wrong,))
    assert caught.value.code == code


def test_dollars_of_another_year_do_not_meet():
    book = CostBook(price_year=2019)
    with pytest.raises(ArgumentError, match="in dollars of 2024, the plan in dollars of 2019") as caught:
        book.figure("capital_usd_per_t", "250410")
    assert caught.value.code == "unlike_years"
    assert book.figure("build_months", "250410").value == 30.0


def test_all_that_is_wrong_with_a_table_is_told_at_once():
    text = (
        HEADER
        + "build_months,default,24,,,years,,\n"
        + "build_months,250410,24,12,48,months,,somebody\n"
        + "gap_usd_per_t,250410,-1,,,USD a ton,2024,\n"
        + "lump_t,250410,many,,,t a year,,\n"
    )
    with pytest.raises(DataError, match="3 line") as caught:
        read_costs(text)
    assert [row["line"] for row in caught.value.rows] == [2, 4, 5]
    assert "given in years, expected months" in caught.value.message


def test_a_table_with_other_columns_is_refused():
    with pytest.raises(DataError) as caught:
        read_costs("name,value\n")
    assert caught.value.code == "bad_header"


def test_annuity_pays_the_capital_back():
    yearly = annuity(0.05, 15)
    assert sum(yearly / 1.05**year for year in range(1, 16)) == pytest.approx(1.0)


def test_costs_have_the_axes_of_a_problem_and_take_the_asked_end():
    book = CostBook(
        own=(figure("capital_usd_per_t", 111.0, applies_to="250410", hosts=("AUS",), price_year=PRICE_YEAR),)
    )
    costs = costs_of(
        book, products=["250410", "282520"], hosts=["JPN", "AUS"], ends={"capital_usd_per_t": "high"}
    )
    assert costs.capital_usd_per_t.tolist() == [[4500.0, 45000.0], [111.0, 45000.0]]
    assert costs.value_factor.tolist() == [60.0, 60.0]
    assert costs.carrying_share.tolist() == [0.1, 0.15]
    low = costs_of(book, products=["250410"], hosts=[], ends={"value_factor": "low"})
    assert low.value_factor.tolist() == [8.0]
    assert low.capital_usd_per_t.shape == (0, 1)


def test_a_good_without_a_plant_has_no_capital_and_no_size():
    costs = costs_of(CostBook(), products=["270900"], hosts=["JPN"])
    assert costs.capital_usd_per_t.tolist() == [[0.0]]
    assert not CostBook().has_plant("270900", "JPN")
    assert np.isnan(values_of(CostBook(), "lump_t", ["270900"])).all()


def test_assumptions_are_told_once_with_range_and_source():
    told = [str(each) for each in CostBook().assumptions(["250410", "251910"])]
    assert len(told) == len(set(told))
    assert (
        "A plant for 251910 delivers 24 months after the decision, tried over 18 to 36 months (source: none)"
        in told
    )
    assert sum("costs 60 times its price" in each for each in told) == 1
    assert not any("plant for" in each for each in map(str, CostBook().assumptions(["270900"])))


def test_a_users_figure_says_whose_it_is():
    told = str(assumption(figure(source="the scenario")))
    assert told.endswith("24 months after the decision, tried over 24 months (source: the scenario)")


@pytest.mark.parametrize(
    ("parameter", "told"),
    [
        ("value_factor", "60 times its price | 8 to 500"),
        ("probability", "5 % | 1 to 20 %"),
        ("notice_months", "24 months | 0 to 60"),
        ("stock_days", "60 days | 60 to 180"),
        ("least_use_share", "50 % | 30 to 80 %"),
        ("support_share", "50 % | 25 to 75 %"),
        ("switching_share", "5 % | 0 to 15 %"),
        ("emergency_share", "100 % | 25 to 300 %"),
        ("fill_share", "10 % of a month's imports | 5 to 20 %"),
    ],
)
def test_the_page_on_the_plan_tells_the_figures_of_the_table(parameter, told):
    page = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "plan.md"
    assert told in page.read_text(encoding="utf-8")
    known = CostBook().figure(parameter)
    scale = 1 if COST_PARAMETERS[parameter].spoken != "share" else 100
    numbers = [float(number) for number in re.findall(r"\d+", told)]
    assert numbers == pytest.approx([end * scale for end in (known.value, known.low, known.high)])
