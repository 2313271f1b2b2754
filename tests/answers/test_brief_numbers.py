"""The numbers of a brief, against worlds solved by hand and against SQL on the same files."""

from __future__ import annotations

import duckdb
import pytest

from friendshore.answers.brief import brief
from friendshore.errors import ArgumentError, FriendshoreError
from friendshore.tables.box import box_folder
from worlds import KASTNER, KASTNER_OUTPUT, one_product, world


@pytest.fixture(scope="module")
def boxed():
    return brief(["USA", "JPN"], on=["CHN"], year=2024)


@pytest.fixture(scope="module")
def solved():
    return brief(["JPN"], on=["CHN"], world=one_product(KASTNER, production=KASTNER_OUTPUT))


def values(told, place):
    return {value.importer: value for value in told.numbers[place].values}


def test_the_traced_share_is_the_one_solved_by_hand(solved):
    # h_SGP = (50 + 5 h_JPN) / 55, h_VNM = h_SGP, h_JPN = (10 + 34 h_SGP) / 64; of imports (10 + 34 h_SGP) / 44.
    hub = (50 + 50 / 64) / (55 - 5 * 34 / 64)
    expected = (10 + 34 * hub) / 44
    traced = values(solved, 1)["JPN"]
    assert traced.low == pytest.approx(expected, abs=1e-12)
    assert traced.high == pytest.approx(expected, abs=1e-12)


def test_the_direct_share_and_the_money_are_those_of_the_flows(solved):
    assert values(solved, 0)["JPN"].value == pytest.approx(10 / 44)
    money = values(solved, 2)["JPN"]
    assert money.value == pytest.approx(10.0)
    hub = (50 + 50 / 64) / (55 - 5 * 34 / 64)
    assert money.high == pytest.approx(10 + 34 * hub)


def test_the_hidden_part_comes_through_the_hub(solved):
    (row,) = next(p for p in solved.panels if p.id == "traced").finding.rows
    assert row["via"] == "SGP"


def test_counts_are_those_of_sql_on_the_same_files(boxed):
    def count(importers):
        return (
            duckdb.connect()
            .execute(
                f"""select count(*) from (
                select product, sum(value_usd) filter (exporter = 'CHN') / sum(value_usd) as share
                from '{box_folder()}/trade/2024.parquet'
                where importer in {importers} and exporter not in {importers} group by product)
            where share > 0.5"""
            )
            .fetchone()[0]
        )

    direct = values(boxed, 0)
    assert direct["USA"].value == count("('USA', '-')")
    assert direct["JPN"].value == count("('JPN', '-')")
    assert direct["USA+JPN"].value == count("('USA', 'JPN')")


def test_dollars_and_their_change_are_those_of_sql_on_the_same_files(boxed):
    def dollars(year):
        return (
            duckdb.connect()
            .execute(
                f"""select sum(value_usd) from '{box_folder()}/trade/{year}.parquet'
            where importer = 'JPN' and exporter = 'CHN'"""
            )
            .fetchone()[0]
        )

    money = values(boxed, 2)["JPN"]
    assert boxed.year_before == 2019
    assert money.value == pytest.approx(dollars(2024))
    assert money.before == pytest.approx(dollars(2019))


def test_mean_shares_of_suppliers_are_those_of_sql_and_sum_to_one(boxed):
    rows = next(p for p in boxed.panels if p.id == "suppliers").finding.rows
    found = dict(
        duckdb.connect()
        .execute(
            f"""with flows as (select product, exporter, sum(value_usd) as value
                    from '{box_folder()}/trade/2024.parquet'
                    where importer in ('USA', 'JPN') and exporter not in ('USA', 'JPN') group by all),
                shares as (select *, value / sum(value) over (partition by product) as share from flows)
            select exporter, sum(share) / (select count(distinct product) from flows) from shares group by all"""
        )
        .fetchall()
    )
    assert {row["supplier"]: row["share"] for row in rows} == pytest.approx(found)
    assert sum(row["share"] for row in rows) == pytest.approx(1)
    bought = {r["product"] for r in next(p for p in boxed.panels if p.id == "heat").finding.rows}
    assert sum(row["products_led"] for row in rows) == len(bought)


def test_money_through_third_countries_is_never_less_than_the_direct_money(boxed):
    for value in boxed.numbers[2].values:
        assert value.value <= value.low <= value.high


def test_intervals_hold_their_values(boxed):
    for value in boxed.numbers[0].values:
        assert value.low <= value.value <= value.high
    for value in boxed.numbers[1].values:
        assert value.low <= value.high <= value.of


def test_concentration_is_that_of_the_exposure_answer(boxed):
    from friendshore.answers import exposure

    told = exposure(["USA", "JPN"], on=["CHN"], as_bloc=True, years=[2015, 2024])
    expected = {(r["product"], r["year"]): r["import_hhi"] for r in told.rows}
    rows = next(p for p in boxed.panels if p.id == "concentration").finding.rows
    joint = [r for r in rows if r["importer"] == "USA+JPN" and r["year"] in (2015, 2024)]
    assert joint
    for row in joint:
        assert row["import_hhi"] == pytest.approx(expected[row["product"], row["year"]])
    seen = {(r["product"], r["importer"]) for r in rows}
    world_rows = [r for r in rows if r["importer"] is None and r["year"] == 2024]
    assert len(seen) == 4 * len(world_rows)


def test_who_else_depends_leaves_out_the_importers_and_the_supplier(boxed):
    rows = next(p for p in boxed.panels if p.id == "others").finding.rows
    others = [r["importer"] for r in rows if r["importer"] not in boxed.importers]
    assert others
    assert not set(others) & {"USA", "JPN", "CHN"}
    for row in rows:
        assert row["supplied_usd"] == pytest.approx(row["supplier_share"] * row["imports_usd"])


def test_several_suppliers_count_as_one():
    two = brief(["JPN"], on=["CHN", "RUS"], year=2022)
    each = [brief(["JPN"], on=[name], year=2022) for name in ("CHN", "RUS")]
    total = sum(one.numbers[2].values[0].value for one in each)
    assert two.numbers[2].values[0].value == pytest.approx(total)


def test_a_bloc_is_one_importer_and_a_member_beside_it_is_not_joined_again():
    told = brief(["JPN", "G7"], on=["CHN"], year=2022)
    assert told.importers == ("JPN", "G7")
    assert told.joint is False
    assert "JPN" in told.members


def test_importers_are_joined_in_the_order_given():
    assert brief(["JPN", "USA"], on=["CHN"], year=2022).importers == ("JPN", "USA", "JPN+USA")
    assert brief(["JPN", "USA"], on=["CHN"], year=2022, as_bloc=True).importers == ("JPN+USA",)


def test_the_command_asks_the_same_question_again(boxed):
    assert boxed.command == "friendshore brief USA JPN --on CHN --year 2024"


def test_a_year_too_early_to_compare_says_so():
    told = brief(["JPN"], on=["CHN"], year=1996)
    assert told.year_before is None
    assert all(value.before is None for number in told.numbers for value in number.values)
    assert any("changes are not shown" in str(note) for note in told.limits)


def test_unknown_tons_are_said_and_not_counted_as_zero():
    toy = world([(2022, "CHN", "JPN", "284690", 9, None), (2022, "AUS", "JPN", "284690", 1, 1.0)])
    told = brief(["JPN"], on=["CHN"], world=toy)
    assert values(told, 1)["JPN"].low is None
    assert any("not known" in str(note) for note in told.limits)


@pytest.mark.parametrize(
    ("importers", "on", "more", "code"),
    [
        (["JPN"], [], {}, "no_supplier"),
        (["CHN"], ["CHN"], {}, "importer_is_supplier"),
        (["JPN"], ["CHN"], {"year": 2031}, "year_without_data"),
        (["JPN"], ["CHN"], {"group": "nonsense"}, "unknown_group"),
        (["XXQ"], ["CHN"], {}, "unknown_country"),
    ],
)
def test_questions_that_cannot_be_asked_are_refused(importers, on, more, code):
    with pytest.raises(FriendshoreError) as caught:
        brief(importers, on=on, **more)
    assert caught.value.code == code
    assert isinstance(caught.value, ArgumentError)
