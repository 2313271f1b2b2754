"""Scenarios under a name of one's own: checked whole, written in one step, never a way to another file."""

from __future__ import annotations

import os
import stat
import sys
from threading import Thread

import pytest

from friendshore.disruption import saved
from friendshore.disruption.saved import chain_text, named_text, remove, save, saved_names
from friendshore.disruption.scenario_files import load_scenario, shipped, shipped_text
from friendshore.errors import ArgumentError, DataError, FriendshoreError

SOUND = """version: 1
name: A stop
months: 6
shocks:
  - {id: cut, kind: export_ban, suppliers: CHN, importers: JPN, products: ["250410"], lost_share: 0.4}
"""
ABOVE = "version: 1\nname: Above\nextends: {}\nmonths: 9\n"


def folder(store):
    return store / "scenarios"


def refused(name, text=SOUND, **more):
    with pytest.raises(FriendshoreError) as told:
        save(name, text, **more)
    return told.value.code


def test_a_saved_scenario_is_found_by_its_name_like_a_shipped_one(own_store):
    save("mine", SOUND)
    assert saved_names() == ("mine",)
    assert named_text("mine") == SOUND.encode()
    loaded = load_scenario("mine")
    assert loaded.chain == ("mine",)
    assert loaded.file.shocks[0].lost_share == 0.4
    assert named_text("graphite-aimed") == shipped_text("graphite-aimed")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_only_its_owner_can_read_it(own_store):
    save("mine", SOUND)
    assert stat.S_IMODE(folder(own_store).stat().st_mode) == 0o700
    assert stat.S_IMODE((folder(own_store) / "mine.yaml").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "../mine", "a/b", "a\\b", "/etc/mine", ".hidden", "mine.yaml", "mine.YML", "mine."),
        *("con", "NUL", "com1.old", "lpt9", "a b", "mine\n", "mine\0", "ｍine", "m" * 65, "-mine"),
    ],
)
def test_a_name_that_is_a_path_or_a_device_is_refused(name, own_store):
    assert refused(name) == "bad_name"
    assert not own_store.exists()


@pytest.mark.parametrize("name", ["graphite-aimed", "Graphite-Aimed"])
def test_a_shipped_scenario_is_neither_replaced_nor_removed(name, own_store):
    assert refused(name, replace=True) == "reserved_name"
    with pytest.raises(ArgumentError) as told:
        remove("graphite-aimed")
    assert told.value.code == "reserved_name"
    assert not own_store.exists()


def test_a_file_put_under_a_shipped_name_by_hand_changes_nothing(own_store):
    folder(own_store).mkdir(parents=True)
    (folder(own_store) / "graphite-aimed.yaml").write_text(SOUND, "utf-8")
    assert saved_names() == ()
    assert named_text("graphite-aimed") == shipped_text("graphite-aimed")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("version: 1\nname: x\n", "missing_key"),
        (SOUND.replace("0.4", "40"), "share_out_of_range"),
        ("a: &b [1]\nc: *b\n", "yaml_alias"),
        ("!!python/object:os.system {}", "yaml_tag"),
        ("\0", "not_text"),
        (b"\xff\xfe", "not_utf8"),
        ("name: \ud800", "not_utf8"),
        (SOUND + "#" * 200_000, "scenario_too_large"),
    ],
)
def test_what_is_no_sound_scenario_is_not_written(text, code, own_store):
    assert refused("mine", text) == code
    assert not own_store.exists()


@pytest.mark.parametrize(
    "parent", ["other.yaml", "../other.yaml", "/etc/passwd", "/etc/passwd.yaml", "sub/other", "..", "C:x.yml"]
)
def test_it_extends_names_and_never_paths_saved_or_put_there_by_hand(
    parent, own_store, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.yaml").write_text(SOUND, "utf-8")
    assert refused("mine", ABOVE.format(parent)) == "bad_extends"
    folder(own_store).mkdir(parents=True)
    (folder(own_store) / "other.yaml").write_text(SOUND, "utf-8")
    (folder(own_store) / "hand.yaml").write_text(ABOVE.format(parent), "utf-8")
    with pytest.raises(DataError) as told:
        load_scenario("hand")
    assert told.value.code == "bad_extends"


def test_it_extends_saved_and_shipped_ones_and_a_file_extends_it(own_store, tmp_path):
    save("mine", SOUND)
    save("above", ABOVE.format("mine"))
    save("further", ABOVE.format("graphite-aimed"))
    assert load_scenario("above").chain == ("above", "mine")
    assert load_scenario("above").file.months == 9
    assert load_scenario("further").file.stock_cover[0].days == 60
    (tmp_path / "file.yaml").write_text(ABOVE.format("above"), "utf-8")
    assert load_scenario(tmp_path / "file.yaml").chain == ("file.yaml", "above", "mine")


def test_a_circle_is_refused_when_it_would_be_closed(own_store):
    save("mine", SOUND)
    save("above", ABOVE.format("mine"))
    assert refused("mine", ABOVE.format("above"), replace=True) == "cyclic_extends"
    assert refused("mine", ABOVE.format("mine"), replace=True) == "cyclic_extends"
    assert load_scenario("above").file.shocks


def test_a_taken_name_needs_to_be_said_to_be_replaced(own_store):
    save("mine", SOUND)
    assert refused("mine", SOUND.replace("0.4", "0.5")) == "name_taken"
    # on some disks the two would be one file
    assert refused("MINE", SOUND, replace=True) == "name_taken"
    assert load_scenario("mine").file.shocks[0].lost_share == 0.4
    save("mine", SOUND.replace("0.4", "0.5"), replace=True)
    assert load_scenario("mine").file.shocks[0].lost_share == 0.5
    assert [path.name for path in folder(own_store).iterdir()] == ["mine.yaml"]


def test_of_two_who_save_at_once_one_is_told_that_the_name_is_taken(own_store, monkeypatch):
    monkeypatch.setattr(saved, "saved_names", tuple)
    outcomes = []

    def go(share):
        try:
            save("mine", SOUND.replace("0.4", share))
            outcomes.append(share)
        except ArgumentError as problem:
            outcomes.append(problem.code)

    threads = [Thread(target=go, args=(share,)) for share in ("0.1", "0.2", "0.3")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[1:] == ["name_taken", "name_taken"]
    assert load_scenario("mine").file.shocks[0].lost_share == float(min(outcomes))
    assert [path.name for path in folder(own_store).iterdir()] == ["mine.yaml"]


def test_a_disk_that_takes_nothing_leaves_the_old_one(own_store, monkeypatch):
    save("mine", SOUND)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert refused("mine", SOUND.replace("0.4", "0.5"), replace=True) == "disk_full"
    assert named_text("mine") == SOUND.encode()
    assert [path.name for path in folder(own_store).iterdir()] == ["mine.yaml"]


def test_ends_of_lines_and_marks_of_a_browser_are_made_plain(own_store):
    save("mine", "\ufeff" + SOUND.replace("\n", "\r\n"))
    assert named_text("mine") == SOUND.encode()


def test_what_others_extend_is_not_removed(own_store):
    save("mine", SOUND)
    save("above", ABOVE.format("mine"))
    with pytest.raises(ArgumentError) as told:
        remove("mine")
    assert told.value.code == "scenario_in_use"
    assert "above" in told.value.message
    remove("above")
    remove("mine")
    assert saved_names() == ()
    with pytest.raises(ArgumentError) as told:
        remove("mine")
    assert told.value.code == "unknown_scenario"


def test_what_an_answer_depends_on_changes_with_what_is_extended(own_store):
    save("mine", SOUND)
    save("above", ABOVE.format("mine"))
    before = chain_text("above")
    assert before.count(b"version: 1") == 2
    save("mine", SOUND.replace("0.4", "0.55"), replace=True)
    assert chain_text("above") != before


def test_shipped_names_could_be_saved_under_the_same_rules():
    for name in shipped():
        with pytest.raises(ArgumentError) as told:
            saved.check_scenario_name(name)
        assert told.value.code == "reserved_name"
