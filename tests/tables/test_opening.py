"""Data sets by name and folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from friendshore.errors import DataError
from friendshore.tables.adding import add
from friendshore.tables.opening import open_world
from friendshore.tables.versions import data_home

TRADE = "year,exporter,importer,product,value_usd,quantity_t\n2022,CHN,JPN,284690,100,10\n2021,USA,JPN,284690,5,\n"


def trade_file(folder: Path, text: str = TRADE) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "trade.csv").write_text(text)
    return folder / "trade.csv"


def test_the_box_is_the_default():
    assert open_world() is open_world("raw-materials")
    assert open_world().hs == "HS92"


def test_a_folder_and_its_import_are_the_same_world(tmp_path):
    path = trade_file(tmp_path / "mine")
    add(path, name="mine")
    folder, store = open_world(tmp_path / "mine"), open_world("mine")
    assert store.name == "mine"
    for name in ("years", "countries", "products", "default_year", "hs"):
        assert getattr(folder, name) == getattr(store, name)
    assert folder.trade().value_usd.tolist() == store.trade().value_usd.tolist()
    assert str(folder.trade().quantity_t) == str(store.trade().quantity_t)
    assert str(folder.trade(quantities="cleaned").quantity_t) == str(
        store.trade(quantities="cleaned").quantity_t
    )


def test_small_tables_of_a_store_open_as_those_of_a_folder(tmp_path):
    mine = tmp_path / "mine"
    trade_file(mine)
    (mine / "production.csv").write_text(
        "year,country,product,quantity_t\n2022,CHN,284690,5\n2022,AUS,284690,\n"
    )
    (mine / "governance.csv").write_text("year,country,political_stability\n2022,CHN,-0.5\n2022,VNM,\n")
    add(mine, name="mine")
    folder, store = open_world(mine), open_world("mine")
    assert folder.countries == store.countries == ("AUS", "CHN", "JPN", "USA", "VNM")
    assert str(folder.product_output["284690"].tons) == str(store.product_output["284690"].tons)
    assert str(folder.stability) == str(store.stability)
    assert str(folder.listed) == str(store.listed)


def test_a_store_is_opened_by_its_folder_too(tmp_path, own_store):
    add(trade_file(tmp_path / "mine"), name="mine")
    assert open_world(own_store / "mine").years == (2021, 2022)
    assert open_world(own_store / "mine" / "v000001").years == (2021, 2022)


@pytest.mark.parametrize(
    "data", ["nowhere", "raw-material", "", "../x", "a/b", "x" * 5000, "nul\0nul", "日本"]
)
def test_an_unknown_name_is_answered_with_the_known_ones(data):
    with pytest.raises(DataError) as caught:
        open_world(data)
    assert caught.value.code == "unknown_data"
    assert "raw-materials" in caught.value.message + caught.value.hint


def test_a_near_name_is_suggested(tmp_path):
    add(trade_file(tmp_path / "mine"), name="mine")
    with pytest.raises(DataError, match="mine") as caught:
        open_world("mien")
    assert caught.value.hint == "Did you mean mine?"


def test_a_file_is_no_data_set(tmp_path):
    with pytest.raises(DataError) as caught:
        open_world(trade_file(tmp_path / "mine"))
    assert "friendshore data add" in caught.value.hint


@pytest.mark.parametrize("pointer", [b"", b"v999999", b"../../etc", b"\xff\xfe"])
def test_a_damaged_pointer_is_an_error_and_not_a_path(tmp_path, own_store, pointer):
    add(trade_file(tmp_path / "mine"), name="mine")
    (own_store / "mine" / "current").write_bytes(pointer)
    with pytest.raises(DataError) as caught:
        open_world("mine")
    assert caught.value.code == "bad_store"


def test_the_data_home_is_the_platforms(monkeypatch, tmp_path):
    monkeypatch.delenv("FRIENDSHORE_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert data_home() == tmp_path / "friendshore"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert data_home().parts[-3:] == ("Library", "Application Support", "friendshore")
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert data_home() == tmp_path / "friendshore"


def test_looking_creates_nothing(own_store):
    with pytest.raises(DataError):
        open_world("nowhere")
    assert not own_store.exists()
    assert os.environ["FRIENDSHORE_DATA"] == str(own_store)
