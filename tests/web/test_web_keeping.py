import gzip
import json
import math
import os
import sqlite3
import stat
import threading
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from friendshore import answers
from friendshore.errors import DataError, OutputError
from friendshore.records import (
    Amount,
    Assumption,
    Column,
    Finding,
    KeyNumber,
    KeyValue,
    Listing,
    Name,
    Note,
    Source,
    Table,
)
from friendshore.web import keeping
from friendshore.web.codec import packed, unpacked
from friendshore.web.keeping import Database, Kept
from friendshore.web.records import Given

GIVEN = Given("exposure", {"importers": ("JPN",), "when": date(2024, 1, 1)})


def finding(text="found", rows=()):
    return Finding(question="x", arguments={}, columns=(), rows=rows, answer=Note(template=text))


@pytest.fixture
def database(tmp_path):
    found = Database(tmp_path / "home" / "desk.sqlite")
    yield found
    found.close()


def same(a, b):
    """Equal with every type inside, and floats to the bit: NaN is NaN, and -0.0 is not 0.0."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return a.hex() == b.hex()
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if hasattr(a, "model_fields_set"):
        return all(same(getattr(a, name), getattr(b, name)) for name in type(a).model_fields)
    return a == b


plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.text(st.characters(categories=["Cs", "Cc", "L"])),
    st.dates(),
)
names = st.builds(Name, key=st.text(), kind=st.sampled_from(["actor", "product"]))
amounts = st.builds(Amount, value=st.one_of(st.none(), st.integers(), st.floats()), unit=st.text())
nested = st.recursive(
    st.one_of(plain, names, amounts),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(), inner, max_size=3),
        st.dictionaries(st.one_of(st.integers(), st.just("$"), st.text()), inner, max_size=3),
        st.lists(inner, max_size=3).map(lambda items: Listing(items=tuple(items))),
        st.dictionaries(st.text(), inner, max_size=3).map(lambda v: Note(template="{a}", values=v)),
    ),
    max_leaves=12,
)


@given(nested)
@settings(max_examples=300, deadline=None)
def test_whatever_is_kept_comes_back_to_the_bit(value):
    assert same(unpacked(packed(value)), value)


def test_a_finding_with_everything_in_it_comes_back():
    note = Note(
        template="{who} {much} {all}", values={"who": Name(key="JPN"), "much": Amount(value=0.1, unit="t")}
    )
    column = Column(name="a", unit="t", description="d")
    value = KeyValue(importer="JPN", value=3, low=0.1, high=None)
    whole = Finding(
        question="x",
        arguments={"years": (2020, 2021), "on": ["CHN"], "budget": None},
        columns=(column,),
        rows=({"a": 0.1 + 0.2, "b": None, "c": True, "d": note}, {"a": 5e-324}),
        answer=note,
        summary=({"one": 1, "key": value},),
        tables={"more": Table(columns=(column,), rows=({"a": 1e308},))},
        sources=(
            Source(id="s", title="t", producer="p", version="1", accessed="", licence="l", citation="c"),
        ),
        assumptions=(Assumption(text=note, source="none"),),
        caveats=(note, Note(template="b", values={"list": Listing(items=(Name(key="EU"), 1, 2.5))})),
        command="friendshore x",
    )
    number = KeyNumber(label=note, measure=note, unit="share", values=(value,), note=note)
    for each in (whole, number, (whole, number)):
        back = unpacked(packed(each))
        assert back == each
        assert repr(back) == repr(each)


@pytest.mark.parametrize(
    "told",
    [
        {"$": "Source", "v": {"id": "a"}},
        {"$": "Record", "v": {}},
        {"$": "BaseModel", "v": {}},
        {"$": "os.system", "v": ["true"]},
        {"$": "Name", "v": {"key": "a", "other": 1}},
        {"$": "Name", "v": {"key": "a"}, "more": 1},
        {"$": "tuple"},
        {"$": ["tuple"], "v": []},
        {"$": "dict", "v": [1]},
        {"$": "date", "v": "soon"},
        {"$": "float", "v": "1e999"},
    ],
)
def test_what_is_not_known_is_refused(told):
    with pytest.raises(DataError) as refused:
        unpacked(gzip.compress(json.dumps(told).encode()))
    assert refused.value.code == "unreadable_answer"


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-9], lambda b: b"", lambda b: b"x" + b, lambda b: b[:40] + b"0" + b[41:]]
)
def test_bytes_that_were_damaged_are_refused(damage):
    with pytest.raises(DataError):
        unpacked(damage(packed(finding("x" * 100))))


def test_what_no_answer_holds_is_not_written():
    with pytest.raises(TypeError):
        packed({"a": object()})


def test_real_answers_come_back():
    found = [
        answers.stress(scenario="graphite-aimed"),
        answers.stress(scenario="graphite-aimed", tornado=True),
        answers.plan("economic-2plus2", robust=False),
    ]
    for each in found:
        back = unpacked(packed(each))
        assert back == each
        assert repr(back) == repr(each)


def test_an_answer_is_kept_for_every_process_that_opens_the_database(database):
    kept = Kept(database)
    assert kept.finding("a" * 24) is None
    kept.keep("a" * 24, GIVEN, finding("kept"), 1.5)
    assert Kept(Database(database.path)).finding("a" * 24) == finding("kept")
    found = []
    thread = threading.Thread(target=lambda: found.append(kept.finding("a" * 24)))
    thread.start()
    thread.join()
    assert found == [finding("kept")]


def test_only_the_user_may_read_what_is_kept(database):
    Kept(database).keep("a" * 24, GIVEN, finding(), 1.0)
    home = database.path.parent
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in home.iterdir()} == {0o600}


def test_the_oldest_answers_are_dropped_where_there_are_too_many(database, monkeypatch):
    days = iter(range(1, 9))
    monkeypatch.setattr(keeping, "at", lambda: f"2026-01-0{next(days)}")
    one = len(packed(finding("x" * 50)))
    kept = Kept(database, most_bytes=3 * one + 1)
    for key in "abcde":
        kept.keep(key, GIVEN, finding("x" * 50), 1.0)
    assert [key for key in "abcde" if kept.has(key)] == ["c", "d", "e"]


def test_an_answer_larger_than_all_that_is_kept_is_kept_until_the_next(database):
    kept = Kept(database, most_bytes=10)
    kept.keep("a", GIVEN, finding("large"), 1.0)
    assert kept.finding("a") == finding("large")
    kept.keep("b", GIVEN, finding("large"), 1.0)
    assert not kept.has("a")


def test_a_broken_database_is_set_aside_and_begun_anew(database, capsys):
    home = database.path.parent
    home.mkdir()
    database.path.write_bytes(b"this is no database" * 100)
    kept = Kept(database)
    kept.keep("a", GIVEN, finding("anew"), 1.0)
    assert kept.finding("a") == finding("anew")
    (aside,) = home.glob("desk.broken-*.sqlite")
    assert aside.read_bytes().startswith(b"this is no database")
    assert aside.name in capsys.readouterr().err


def test_a_database_that_breaks_while_it_is_open_is_begun_anew(database, capsys):
    kept = Kept(database)
    kept.keep("a", GIVEN, finding("x" * 9000), 1.0)
    database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    size = database.path.stat().st_size
    with database.path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * (size - 100))
    assert kept.finding("a") is None
    kept.keep("a", GIVEN, finding("again"), 1.0)
    assert kept.finding("a") == finding("again")


def test_a_database_of_another_version_is_set_aside(database, capsys):
    database.path.parent.mkdir()
    with sqlite3.connect(database.path) as other:
        other.execute("PRAGMA user_version=99")
    other.close()
    kept = Kept(database)
    kept.keep("a", GIVEN, finding(), 1.0)
    assert kept.has("a")
    assert "set aside" in capsys.readouterr().err


def test_a_file_set_aside_by_another_process_is_no_longer_written_to(database):
    kept = Kept(database)
    kept.keep("a", GIVEN, finding("old"), 1.0)
    Database(database.path).set_aside()
    assert kept.finding("a") is None
    kept.keep("b", GIVEN, finding("new"), 1.0)
    assert Kept(Database(database.path)).finding("b") == finding("new")


def test_a_full_disk_is_told_and_nothing_is_half_kept(database):
    kept = Kept(database)
    kept.keep("a", GIVEN, finding("small"), 1.0)
    pages = database.rows("PRAGMA page_count")[0][0]
    database.rows(f"PRAGMA max_page_count={pages + 2}")
    noise = os.urandom(200_000).hex()
    with pytest.raises(OutputError) as full:
        kept.keep("b", GIVEN, finding(noise), 1.0)
    assert full.value.code == "desk_full"
    assert full.value.hint
    assert kept.finding("a") == finding("small")
    assert not kept.has("b")
    database.rows("PRAGMA max_page_count=100000")
    kept.keep("b", GIVEN, finding(noise), 1.0)
    assert kept.has("b")


def test_a_locked_database_is_told_and_answers_are_asked_anew(database, monkeypatch):
    Kept(database).keep("a", GIVEN, finding(), 1.0)
    monkeypatch.setattr(keeping, "BUSY_SECONDS", 0.1)
    with sqlite3.connect(database.path) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(OutputError) as locked:
            Kept(Database(database.path)).keep("b", GIVEN, finding(), 1.0)
        assert locked.value.code == "desk_locked"
        other.rollback()
    other.close()


def test_a_data_home_that_may_not_be_written_keeps_nothing_and_says_so(tmp_path):
    (tmp_path / "file").write_text("in the way of a folder")
    kept = Kept(Database(tmp_path / "file" / "desk.sqlite"))
    assert kept.finding("a") is None
    assert not kept.has("a")
    with pytest.raises(OutputError) as refused:
        kept.keep("a", GIVEN, finding(), 1.0)
    assert refused.value.code == "desk_unwritable"
    assert "FRIENDSHORE_DATA" in refused.value.hint


def test_nan_is_kept_as_nan():
    assert math.isnan(unpacked(packed(math.nan)))


def test_where_the_data_home_may_not_be_written_a_run_keeps_what_it_finds(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("in the way of a folder")
    monkeypatch.setenv("FRIENDSHORE_DATA", str(tmp_path / "file"))
    with keeping.usable():
        Kept(Database()).keep("a", GIVEN, finding("for now"), 1.0)
        path = keeping.database_path()
        assert Kept(Database()).finding("a") == finding("for now")
    assert not path.exists()
    assert "until the desk is closed" in capsys.readouterr().err
    assert keeping.database_path() == tmp_path / "file" / "desk.sqlite"


def test_a_data_home_that_can_be_written_is_used(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FRIENDSHORE_DATA", str(tmp_path / "home"))
    with keeping.usable():
        assert keeping.database_path() == tmp_path / "home" / "desk.sqlite"
    assert capsys.readouterr().err == ""
