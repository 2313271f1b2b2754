"""The pictures of a shock: positions that can be measured, words in both languages."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from friendshore.answers.sensitivity import draws, tornado
from friendshore.charts import draw, look
from friendshore.charts.endurance import endurance_cell, urgency
from friendshore.charts.path import Course, Frame, band, courses_of, drawn, end_of_stock, stock_line, stress
from friendshore.charts.tornado import range_of
from friendshore.charts.tornado import tornado as tornado_picture
from friendshore.records import Column, Finding, Note
from friendshore.report.words import words_in
from friendshore.shocks import DAYS_PER_MONTH, StockCover
from toy_paths import monthly, stop

EN, JA = words_in("en"), words_in("ja")


def months(
    importer="JPN", product="AAA", stock=(20.0, 0.0, 0.0), missing=(0.0, 0.5, 1.0), low=None, high=None
):
    """Three months of a demand of 100 tons that nothing arrives for but what is not missing or drawn."""
    before = [40.0, *stock[:-1]] if stock[0] is not None else [None] * 3
    return [
        {
            "month": n + 1, "product": product, "importer": importer, "demand_t": 100.0,
            "supply_t": 100.0 * (1 - missing[n]) - ((before[n] - stock[n]) if stock[n] is not None else 0.0),
            "stock_t": stock[n], "shortage_t": 100.0 * missing[n], "shortage_share": missing[n],
            "shortage_share_low": low, "shortage_share_high": high, "price_factor": 1.0,
        }
        for n in range(3)
    ]  # fmt: skip


def read(importer="JPN", product="AAA", **more):
    told = {"cover_days": 1.25 * DAYS_PER_MONTH, "replaced_share": 0.25, "stock_known": True,
            "replaced_by": [{"exporter": "AUS", "more_t": 30.0}, {"exporter": "BRA", "more_t": 45.0}]}  # fmt: skip
    return {"product": product, "importer": importer, **told, **more}


def stressed(rows, records):
    return Finding(
        question="stress", arguments={}, columns=tuple(Column(name=n, unit="", description="x.") for n in rows[0]),
        rows=tuple(rows), summary=tuple(records), answer=Note(template="A sentence."),
        command="friendshore stress JPN --on CHN",
    )  # fmt: skip


def texts(finding, words):
    root = ElementTree.fromstring(draw(finding, words=words))
    return [node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text")]


def test_the_stock_starts_where_the_first_month_drew_it_from():
    (course,) = courses_of(stressed(months(), [read()]), EN)
    assert stock_line(course) == pytest.approx([0.4, 0.2, 0.0, 0.0])


def test_the_end_of_the_stock_is_marked_within_its_month():
    (course,) = courses_of(stressed(months(), [read()]), EN)
    frame = Frame(room=300, step=100.0, zero=50, tallest=0.4)
    rule = end_of_stock(course, EN, frame)[0].to_dict()
    (spot,) = next(iter([rule["data"]["values"]]))
    assert spot["x"] == pytest.approx(125)
    assert spot["text"] == "short from day 39"  # 38.05 days are covered
    never = courses_of(stressed(months(missing=(0, 0, 0)), [read(cover_days=None)]), EN)[0]
    assert end_of_stock(never, EN, frame) == []


def test_a_band_is_drawn_where_there_is_an_interval_and_nowhere_else():
    frame = Frame(room=300, step=100.0, zero=50, tallest=0.4)
    with_band = courses_of(stressed(months(low=0.25, high=0.75), [read()]), EN)[0]
    values = band(with_band, frame)[0].to_dict()["data"]["values"]
    assert [(each["y"], each["y2"]) for each in values] == [(50 + 21, 50 + 63)] * 3
    without = courses_of(stressed(months(), [read()]), EN)[0]
    assert band(without, frame) == []


@pytest.mark.parametrize("words", [EN, JA], ids=["en", "ja"])
def test_a_path_names_its_stock_its_end_and_who_replaces(words):
    said = texts(stressed(months(), [read()]), words)
    assert words.say("stock {days}", days=words.number(12, words.say("days"))) in said
    assert words.say("short from day {day}", day="39") in said
    assert words.say("{name}: replaced {share} of what is lost", name=words.name("JPN"), share="25 %") in said
    order = [said.index(words.name(code)) for code in ("BRA", "AUS")]
    assert order == sorted(order)  # the largest first


def test_a_stock_that_is_not_known_is_said_so_and_not_drawn_as_none():
    finding = stressed(months(stock=(None, None, None)), [read(stock_known=False)])
    said = texts(finding, EN)
    assert "stock unknown" in said
    assert not any("days" in text for text in said)
    assert look.tint(look.MEMBER, 0.45) not in draw(finding, words=EN).decode()


def test_more_courses_than_fit_leave_the_mildest_out_and_name_the_products():
    rows, records = [], []
    for n, product in enumerate(("250410", "280530")):
        for k, importer in enumerate(("JPN", "KOR", "DEU", "USA")):
            level = 0.1 + 0.1 * (4 * n + k)
            rows += months(importer, product, missing=(level, 0.0, 0.0))
            records.append(read(importer, product))
    courses = courses_of(stressed(rows, records), EN)
    assert [course.read["importer"] for course in courses] == ["USA", "DEU", "KOR", "JPN", "USA", "DEU"]
    assert {course.product for course in courses} == {EN.product("250410"), EN.product("280530")}
    drawing, measure = stress(stressed(rows, records), EN)
    assert drawing.chart is not None
    assert measure.startswith("Stock above")


@pytest.fixture(scope="module")
def asked():
    market = monthly({("CHN", "JPN"): 10.0, ("AUS", "JPN"): 30.0, ("CHN", "KOR"): 5.0})
    cut = stop("CHN", importers=("JPN", "KOR"), duration_months=8)
    stocks = [StockCover(importer="JPN", days=20)]
    return {
        "tornado": tornado(market, [cut], stocks, ["JPN", "KOR"], command="friendshore stress --tornado"),
        "draws": draws(
            market, [cut], stocks, ["JPN", "KOR"], n=40, seed=1, command="friendshore stress --draws 40"
        ),
    }


@pytest.mark.parametrize("name", ["tornado", "draws"])
@pytest.mark.parametrize("words", [EN, JA], ids=["en", "ja"])
def test_sensitivity_is_drawn_with_title_measure_and_command(asked, name, words):
    said = "".join(texts(asked[name], words)).replace(" ", "")
    assert words.tell(asked[name].answer).replace(" ", "") in said
    assert "--tornado" in said or "--draws" in said
    raw = draw(asked[name], words=words).decode()
    assert not re.search(r"""(?:href|src)=|url\((?!#)""", raw)
    assert "NaN" not in raw


def test_bars_of_a_tornado_are_sorted_and_run_from_the_central_line(asked):
    drawing, _ = tornado_picture(asked["tornado"], EN)
    panel = drawing.chart.to_dict(validate=False)["vconcat"][0]
    bars = [
        layer["data"]["values"]
        for layer in panel["layer"]
        if layer.get("mark", {}).get("type") == "rect" and "data" in layer
    ] or [
        values for values in drawing.chart.to_dict(validate=False)["datasets"].values() if "fill" in values[0]
    ]
    values = bars[0]
    by_row = {}
    for bar in values:
        by_row.setdefault(bar["y"], []).append(bar)
    spans = [max(b["x2"] for b in row) - min(b["x"] for b in row) for _, row in sorted(by_row.items())]
    assert spans == sorted(spans, reverse=True)
    central = {round(bar["x2"], 6) for bar in values} & {round(bar["x"], 6) for bar in values}
    assert len(central) == 1  # some end there, some begin there


def test_ranges_are_written_as_people_write_them(asked):
    rows = {row["parameter"]: row for row in asked["tornado"].rows if row["importer"] == "JPN"}
    assert range_of(rows["lead_months"], EN) == "3 to 12 months"
    assert range_of(rows["lost_share"], EN) == "80 to 100 %"
    assert range_of(rows["stock_factor"], EN) == "0.75 – 1.25"
    assert range_of(rows["grades"], EN) == "yes / no"
    assert range_of(rows["stock_rule"], JA) == "均等に / 一度に / 下限まで"


def test_draws_are_drawn_without_a_stock(asked):
    _, measure = drawn(asked["draws"], EN)
    assert "40 draws" in measure
    assert "stock unknown" not in texts(asked["draws"], EN)


def lasting(material, importer="JPN", cut="aimed", months=None, demand=100.0, known=True, peak=0.5):
    return {"material": material, "product": "", "importer": importer, "cut": cut, "months_to_10pct": months,
            "demand_t": demand, "stock_known": known, "peak_shortage_share": peak}  # fmt: skip


def test_what_cannot_be_measured_is_hatched_and_what_lasts_is_not():
    cut = ("JPN", "aimed")
    assert endurance_cell(lasting("Graphite", demand=None), "x", cut, EN).share is None
    assert endurance_cell(None, "x", cut, EN).share is None
    assert endurance_cell(lasting("Graphite"), "x", cut, EN).text == "–"
    soon, late = (endurance_cell(lasting("Graphite", months=m), "x", cut, EN) for m in (2.25, 12.0))
    assert (soon.text, late.text) == ("2.2", "12")
    assert soon.share > late.share
    assert endurance_cell(lasting("Graphite", months=0.0, known=False), "x", cut, EN).text == "0*"


def test_the_most_urgent_comes_first_and_the_unmeasured_last():
    soon, lasts, absent = (
        lasting("a", months=1.0), lasting("b"), lasting("c", demand=None, peak=None),
    )  # fmt: skip
    assert urgency([soon]) < urgency([lasts]) < urgency([absent])


@pytest.mark.parametrize("words", [EN, JA], ids=["en", "ja"])
def test_how_long_we_last_is_a_table_of_materials_by_importer_and_cut(words):
    rows = [lasting("Graphite", cut=cut, months=m) for cut, m in (("aimed", 2.0), ("world", 9.0))]
    rows += [lasting("Gallium", cut=cut, demand=None) for cut in ("aimed", "world")]
    finding = stressed(rows, []).model_copy(update={"question": "longevity"})
    said = texts(finding, words)
    assert {"2.0", "9.0", words.material("Graphite"), words.material("Gallium")} <= set(said)
    assert "hatch" in draw(finding, words=words).decode()
    assert said.index(words.material("Graphite")) < said.index(words.material("Gallium"))


def test_a_course_of_one_product_names_it_in_the_measure_alone():
    (course,) = courses_of(stressed(months(), [read()]), EN)
    assert isinstance(course, Course)
    assert course.product == ""
