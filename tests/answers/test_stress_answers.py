"""Stress, hindcast and longevity as answers: toy markets followed by hand, and the real data where they must agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from friendshore import answers
from friendshore.answers.stress_rows import COLUMNS
from friendshore.errors import ArgumentError, DataError, FriendshoreError, MissingDataError
from worlds import world

CODE, OTHER = "250410", "250490"
SUMMARY = {
    *("cover_days", "months_to_10pct", "months_short", "peak_shortage_share", "total_shortage_t"),
    *("replaced_share", "import_bill_usd", "outsiders_shortage_t"),
}


def flows(code=CODE, years=(2020, 2021, 2022)):
    """AAA buys 60 % from CHN and 40 % from VNM, which sells as much to BBB; nobody has spare capacity."""
    rows = []
    for year in years:
        rows += [
            (year, "CHN", "JPN", code, 72_000.0, 7200.0),
            (year, "VNM", "JPN", code, 48_000.0, 4800.0),
            (year, "VNM", "USA", code, 48_000.0, 4800.0),
        ]
    return rows


TOY = world(flows())


def test_the_months_of_a_full_cut_without_stock():
    found = answers.stress(["JPN"], on=["CHN"], products=[CODE], world=TOY)
    assert [row["month"] for row in found.rows] == list(range(1, 13))
    first = found.rows[0]
    # demand 1000 a month; VNM alone delivers its 400 under contract and has nothing to spare
    assert first["demand_t"] == pytest.approx(1000)
    assert first["supply_t"] + first["shortage_t"] == pytest.approx(1000)
    assert first["supply_t"] == pytest.approx(400, rel=0.05)
    assert first["shortage_share"] == pytest.approx(first["shortage_t"] / 1000)
    assert first["stock_t"] is None


def test_stock_is_drawn_and_the_cover_is_read_off_the_path():
    found = answers.stress(["JPN"], on=["CHN"], products=[CODE], cover_days=365.25 / 12, world=TOY)
    told = found.summary[0]
    # a stock of 1000 t against a gap of about 600 t a month is gone in the second month
    assert told["stock_known"]
    assert 365.25 / 12 < told["cover_days"] < 2 * 365.25 / 12
    assert found.rows[0]["shortage_t"] == 0
    assert found.rows[0]["stock_t"] == pytest.approx(400, abs=40)


def test_cover_that_is_not_given_is_unknown_and_not_zero():
    unknown = answers.stress(["JPN"], on=["CHN"], products=[CODE], world=TOY)
    nothing = answers.stress(["JPN"], on=["CHN"], products=[CODE], cover_days=0, world=TOY)
    assert not unknown.summary[0]["stock_known"]
    assert nothing.summary[0]["stock_known"]
    assert nothing.rows[0]["stock_t"] is not None
    assert any("unknown, which is not zero" in str(note) for note in unknown.caveats)
    assert not any("unknown, which is not zero" in str(note) for note in nothing.caveats)


def test_rows_and_summary_have_the_fields_of_the_contract():
    found = answers.stress(["JPN"], on=["CHN"], products=[CODE], world=TOY)
    assert all(tuple(row) == COLUMNS for row in found.rows)
    assert set(found.summary[0]) >= SUMMARY | {"product", "importer", "replaced_by"}


def test_without_comparable_event_there_is_no_interval_and_that_is_said():
    found = answers.stress(["JPN"], on=["CHN"], products=[CODE], world=TOY)
    assert {row["shortage_share_low"] for row in found.rows} == {None}
    assert any(str(note).startswith("No comparable event") for note in found.caveats)


def test_an_importer_that_was_not_asked_about_is_an_outsider():
    found = answers.stress(["JPN"], on=["CHN"], products=[CODE], world=TOY, months=24)
    both = answers.stress(["JPN", "USA"], on=["CHN"], products=[CODE], world_cut=True, world=TOY, months=24)
    alone = answers.stress(["JPN"], on=["CHN"], products=[CODE], world_cut=True, world=TOY, months=24)
    usa = next(told for told in both.summary if told["importer"] == "USA")
    assert alone.summary[0]["outsiders_shortage_t"] == pytest.approx(usa["total_shortage_t"])
    assert found.arguments["shocks"][0]["importers"] == ("JPN",)
    assert both.arguments["shocks"][0]["importers"] == ()


def test_a_bloc_is_one_importer():
    found = answers.stress(["JPN", "USA"], on=["CHN"], products=[CODE], as_bloc=True, world=TOY)
    assert {row["importer"] for row in found.rows} == {"JPN+USA"}
    assert found.rows[0]["demand_t"] == pytest.approx(1400)


def test_a_scenario_says_the_same_as_the_options(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "version: 1\nname: x\nmonths: 12\nshocks:\n- {kind: export_ban, suppliers: CHN, importers: JPN, "
        f"products: ['{CODE}'], lost_share: 0.5}}\nstock_cover:\n- {{importer: JPN, days: 20}}\n",
        encoding="utf-8",
    )
    one = answers.stress(scenario=path, world=TOY)
    two = answers.stress(["JPN"], on=["CHN"], products=[CODE], lost_share=0.5, cover_days=20, world=TOY)
    assert one.rows == two.rows
    assert one.summary == two.summary


def scenario(folder: Path, *shocks: str, more: str = "") -> Path:
    path = folder / "mine.yaml"
    listed = "\n".join(f"- {{{shock}}}" for shock in shocks)
    path.write_text(f"version: 1\nname: x\nshocks:\n{listed}\n{more}", encoding="utf-8")
    return path


BAN = f"kind: export_ban, suppliers: CHN, importers: JPN, products: ['{CODE}']"


def test_licences_come_back_by_the_shape_of_the_kind(tmp_path):
    path = scenario(
        tmp_path,
        BAN.replace("export_ban", "licensing")
        + ", profile: {delay_months: 1, back_share: 1, back_months: 0}",
    )
    rows = answers.stress(scenario=path, world=TOY).rows
    assert rows[0]["shortage_share"] > 0.5
    assert rows[2]["shortage_share"] == pytest.approx(0, abs=1e-9)


def test_a_world_cut_without_importers_shows_the_largest_buyers(tmp_path):
    path = scenario(tmp_path, f"kind: export_ban, suppliers: VNM, products: ['{CODE}']")
    found = answers.stress(scenario=path, world=TOY)
    assert [told["importer"] for told in found.summary] == ["JPN", "USA"]
    assert any("names no importer" in str(note) for note in found.caveats)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"lost_share": 1.5}, "share_out_of_range"),
        ({"lost_share": -0.1}, "share_out_of_range"),
        ({"lost_share": float("nan")}, "share_out_of_range"),
        ({"months": -1}, "negative_months"),
        ({"months": 0}, "no_duration"),
        ({"months": 700}, "months_out_of_range"),
        ({"cover_days": -5}, "negative_stock"),
        ({"cover_days": 40_000}, "stock_too_large"),
        ({"cover_days": float("inf")}, "negative_stock"),
        ({"on": []}, "no_supplier"),
        ({"products": []}, "no_product"),
        ({"on": ["JPN"]}, "importer_is_supplier"),
        ({"on": ["JPN"], "world_cut": True}, "importer_is_supplier"),
        ({"on": ["USA"]}, "supplier_sells_none"),
        ({"products": ["999999"]}, "unknown_product"),
        ({"quantities": "clean"}, "unknown_choice"),
        ({"scenario": "graphite-aimed"}, "conflicting_options"),
    ],
)
def test_what_cannot_be_asked_is_refused(more, code):
    asked = {"on": ["CHN"], "products": [CODE], "world": TOY} | more
    with pytest.raises(FriendshoreError) as caught:
        answers.stress(["JPN"], **asked)
    assert caught.value.code == code
    assert caught.value.message


def test_a_product_without_quantity_is_refused():
    without = [(year, "CHN", "JPN", OTHER, 5.0, None) for year in (2020, 2021, 2022)]
    with pytest.raises(MissingDataError) as caught:
        answers.stress(["JPN"], on=["CHN"], products=[OTHER], world=world([*flows(), *without]))
    assert caught.value.code == "product_without_tons"


@pytest.mark.parametrize(
    ("shocks", "more", "code"),
    [
        ((BAN, BAN), "", "overlapping_shocks"),
        ((BAN.replace(CODE, "999999"),), "", "unknown_product"),
        ((BAN.replace("CHN", "CHX"),), "", "unknown_country"),
        ((BAN.replace("suppliers: CHN", "suppliers: USA"),), "", "supplier_sells_none"),
        ((BAN,), "base_years: [1950]\n", "no_such_year"),
        ((BAN,), "stock_cover:\n- {importer: JPN, products: ['999999'], days: 3}\n", "unknown_product"),
        ((BAN,), "importers: CHN\n", "importer_is_supplier"),
        ((f"kind: export_ban, suppliers: CHN, materials: Graphit, products: ['{CODE}']",), "", "unknown_material"),
        ((f"kind: passage_closure, passage: panama, products: ['{CODE}'], suppliers: CHN",), "", "no_such_route"),
    ],
)  # fmt: skip
def test_a_scenario_that_these_data_cannot_hold_is_refused(shocks, more, code, tmp_path):
    path = scenario(tmp_path, *shocks, more=more)
    for ask in (lambda: answers.stress(scenario=path, world=TOY), lambda: answers.scenario(path, world=TOY)):
        with pytest.raises(FriendshoreError) as caught:
            ask()
        assert caught.value.code == code


def test_names_that_nobody_bears_are_told_with_their_line(tmp_path):
    path = scenario(tmp_path, BAN.replace("CHN", "CHX"), BAN.replace("JPN", "JPX"))
    with pytest.raises(ArgumentError) as caught:
        answers.stress(scenario=path, world=TOY)
    assert "Line 4, shocks[0]" in caught.value.message


def test_the_closure_of_a_passage_closes_its_routes_alone(tmp_path):
    rows = [(year, a, b, CODE, 1000.0, 100.0) for year in (2020, 2021, 2022)
            for a, b in (("QAT", "JPN"), ("AUS", "JPN"), ("IRQ", "JPN"))]  # fmt: skip
    path = scenario(
        tmp_path, f"kind: passage_closure, passage: hormuz, products: ['{CODE}']", more="importers: JPN\n"
    )
    found = answers.stress(scenario=path, world=world(rows))
    # a third of the imports stops; Iraq is in no table of routes
    assert found.rows[0]["supply_t"] == pytest.approx(2 / 3 * 25, rel=0.3)
    assert found.rows[0]["supply_t"] < 25
    assert any("Not covered" in str(note) and "IRQ" in str(note) for note in found.caveats)


def test_an_interval_holds_the_path_and_names_its_events():
    found = answers.stress(["JPN"], on=["CHN"], products=[CODE], months=24)
    known = [row for row in found.rows if row["shortage_share_low"] is not None]
    assert len(known) == 24
    assert all(
        0 <= row["shortage_share_low"] <= row["shortage_share"] <= row["shortage_share_high"] <= 1
        for row in known
    )
    assert any("CHN_REE_2010" in str(note) for note in found.caveats)


def test_the_supplier_s_share_and_the_year_s_imports_carry_their_interval():
    told = answers.stress(["JPN"], on=["CHN"], products=[CODE], months=24).summary[0]
    for stem in ("missing_imports_share", "supplier_share_after"):
        assert told[f"{stem}_low"] <= told[stem] <= told[f"{stem}_high"]
    assert "CHN_REE_2010" in told["comparable_events"]
    without = answers.stress(["JPN"], on=["CHN"], products=[CODE], months=6).summary[0]
    assert without["supplier_share_after_low"] is None
    assert without["comparable_events"] == []


def test_a_stage_of_a_material_that_cannot_be_run_is_left_out_and_named(tmp_path):
    without = [(year, "CHN", "JPN", OTHER, 5.0, None) for year in (2020, 2021, 2022)]
    path = scenario(tmp_path, BAN.replace(f"products: ['{CODE}']", "materials: Graphite"))
    found = answers.stress(scenario=path, world=world([*flows(), *without]))
    assert {row["product"] for row in found.rows} == {CODE}
    assert any("No known tons" in str(note) and OTHER in str(note) for note in found.caveats)


def test_an_importer_that_buys_none_is_named():
    found = answers.stress(["JPN", "CHN"], on=["VNM"], products=[CODE], world=TOY)
    assert {row["importer"] for row in found.rows} == {"JPN"}
    assert any("No known imports" in str(note) and "CHN" in str(note) for note in found.caveats)


def test_a_stop_shorter_than_a_year_has_no_comparable_event():
    found = answers.stress(["JPN"], on=["CHN"], products=[CODE], months=6)
    assert {row["shortage_share_low"] for row in found.rows} == {None}


def test_the_hindcast_has_exactly_the_summaries_of_the_contract():
    found = answers.hindcast()
    assert list(found.summary) == [
        "model",
        "persistence",
        "own_mix",
        "world_exports",
        "no_replacement",
        "churn",
    ]
    for name, figures in found.summary.items():
        wanted = {"tv_mean", "tv_median", "ape_median", "ape_capped_mean", "n_rows", "n_clusters"}
        assert set(figures) == wanted | ({"coverage_80", "interval_width"} if name == "model" else set())
    for row in found.rows[:20]:
        assert sum(row["predicted_shares"].values()) == pytest.approx(1, abs=1e-4)
        assert sum(row["actual_shares"].values()) == pytest.approx(1, abs=1e-4)
        assert {"predicted_t", "predicted_shares"} == set(row["baselines"]["persistence"])


@pytest.mark.parametrize("grade", ["", "1", "Z"])
def test_a_grade_that_no_event_has_is_refused(grade):
    with pytest.raises(ArgumentError) as caught:
        answers.hindcast(grade=grade)
    assert caught.value.code == "unknown_grade"


def test_a_catalogue_that_is_none_is_refused(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text("id,name\nx,y\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        answers.hindcast(events=path)
    assert caught.value.code == "missing_columns"


def test_how_long_we_last_by_product_and_cut():
    found = answers.longevity(["JPN"], on=["CHN"], by="product", world=TOY)
    assert [(row["cut"], row["product"]) for row in found.rows] == [("aimed", CODE), ("world", CODE)]
    row = found.rows[0]
    assert row["supplier_share"] == pytest.approx(0.6)
    assert row["months_to_10pct"] == 0
    assert row["demand_t"] == pytest.approx(12_000)
    assert not row["stock_known"]


def test_by_material_the_worst_measured_stage_stands_with_those_that_are_not():
    found = answers.longevity(["JPN"], on=["CHN"], materials=["Graphite"], cover_days=30)
    assert {row["material"] for row in found.rows} == {"Graphite"}
    assert all(row["stages_not_measurable"] for row in found.rows)
    assert found.rows[0]["cover_days"] >= 30


@pytest.mark.parametrize("name", ["suez-closure", "hormuz-closure", "russian-coal-2022", "rare-earths-2010"])
def test_a_ready_scenario_runs_on_the_box(name):
    found = answers.stress(scenario=name)
    assert any(told["total_shortage_t"] > 0 for told in found.summary)
    assert {told["importer"] for told in found.summary} <= set(found.arguments["importers"])


def test_the_ready_scenarios_are_listed():
    rows = answers.scenarios().rows
    assert {"rare-earths-2010", "hormuz-closure", "suez-closure"} <= {row["name"] for row in rows}
    assert all(row["source"] for row in rows)


def test_the_tornado_and_the_draws_are_about_the_same_cut():
    asked = {"on": ["CHN"], "products": [CODE], "world": TOY}
    months = answers.stress(["JPN"], **asked)
    tornado = answers.stress(["JPN"], tornado=True, **asked)
    draws = answers.stress(["JPN"], draws=50, seed=3, **asked)
    assert (tornado.question, draws.question) == ("tornado", "draws")
    assert tornado.rows[0]["shortage_t"] == pytest.approx(months.summary[0]["total_shortage_t"])
    assert len(draws.rows) == 12
    assert draws.command.endswith("--draws 50 --seed 3")
    both = answers.stress(["JPN"], tornado=True, draws=50, seed=3, **asked)
    assert both.rows == tornado.rows
    assert both.summary["runs"] == draws.summary["runs"]


def test_the_same_seed_gives_the_same_draws_and_another_one_others():
    asked = {"on": ["CHN"], "products": [CODE], "world": TOY, "draws": 50}
    one, same, other = (answers.stress(["JPN"], seed=seed, **asked) for seed in (1, 1, 2))
    assert one == same
    assert one.rows != other.rows


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"draws": -1}, "draws_out_of_range"),
        ({"draws": 10, "seed": -1}, "seed_out_of_range"),
        ({"scheduler": "tcp://127.0.0.1:9"}, "nothing_to_run"),
    ],
)
def test_sweeps_that_cannot_be_run_are_refused(more, code):
    with pytest.raises(ArgumentError) as caught:
        answers.stress(["JPN"], on=["CHN"], products=[CODE], world=TOY, **more)
    assert caught.value.code == code
