from __future__ import annotations

import errno
import json
import os
import re
from pathlib import Path

import pytest

import findings
from friendshore import charts
from friendshore.errors import ArgumentError, OutputError
from friendshore.report import writing
from friendshore.report.writing import SUFFIXES, write, write_bytes

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'


def names(folder):
    return [path.name for path in folder.iterdir()]


@pytest.fixture(autouse=True)
def drawn(monkeypatch):
    calls = []

    def draw(finding, *, format, words):
        calls.append((format, words.lang))
        return SVG

    monkeypatch.setattr(charts, "draw", draw, raising=False)
    return calls


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_suffix_decides_and_nothing_else_is_left_in_the_folder(suffix, tmp_path, exposure_finding):
    path = tmp_path / f"answer{suffix.upper()}"
    write(exposure_finding, path)
    assert names(tmp_path) == [path.name]
    starts = {".csv": b"year,", ".json": b"{", ".xlsx": b"PK", ".html": b"<!doctype html>"}
    assert path.read_bytes().startswith(starts.get(suffix, SVG))


def test_pictures_are_asked_for_by_kind_and_language(tmp_path, exposure_finding, drawn):
    write(exposure_finding, tmp_path / "a.svg", "ja")
    write(exposure_finding, tmp_path / "a.png")
    assert drawn == [("svg", "ja"), ("png", "en")]


@pytest.mark.parametrize("name", ["answer", "answer.pdf", "answer.csv.gz", ".csv"])
def test_an_unknown_suffix_is_refused_with_the_known_ones(name, tmp_path, exposure_finding):
    with pytest.raises(ArgumentError) as refused:
        write(exposure_finding, tmp_path / name)
    assert refused.value.code == "unknown_suffix"
    assert ".xlsx" in refused.value.hint
    assert names(tmp_path) == []


def test_a_folder_in_place_of_a_file_is_refused(tmp_path, exposure_finding):
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(OutputError) as refused:
        write(exposure_finding, tmp_path / "a.csv")
    assert refused.value.code == "cannot_write"
    assert refused.value.hint


def test_a_missing_folder_is_refused_with_the_command_that_makes_it(tmp_path, exposure_finding):
    with pytest.raises(OutputError) as refused:
        write(exposure_finding, tmp_path / "no" / "a.csv")
    assert "mkdir" in refused.value.hint


class Full:
    """A file on a disk that is full."""

    def __init__(self, stream):
        self.stream = stream

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stream.close()

    def write(self, _content):
        raise no_space()


def no_space(*_args, **_more):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("step", ["open", "write", "fsync", "replace"])
def test_a_full_disk_at_any_step_leaves_the_old_file_and_nothing_else(step, tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("old")
    opened = Path.open
    with monkeypatch.context() as patch:
        if step == "open":
            patch.setattr(Path, "open", no_space)
        elif step == "write":
            patch.setattr(Path, "open", lambda self, *args: Full(opened(self, *args)))
        elif step == "fsync":
            patch.setattr(writing.os, "fsync", no_space)
        else:
            patch.setattr(Path, "replace", no_space)
        with pytest.raises(OutputError) as refused:
            write_bytes(b"new", path)
    assert refused.value.code == "cannot_write"
    assert os.strerror(errno.ENOSPC) in refused.value.message
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.csv"]


def test_the_permissions_are_those_of_any_new_file(tmp_path):
    (tmp_path / "usual").write_bytes(b"")
    write_bytes(b"x", tmp_path / "a.csv")
    assert (tmp_path / "a.csv").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_link_is_followed_and_kept(tmp_path):
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    write_bytes(b"new", tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == b"new"


def test_a_page_loads_nothing_runs_nothing_and_escapes_every_name(tmp_path, hostile_finding):
    write(hostile_finding, tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not re.search(r"(?:src|href)\s*=\s*[\"']?(?!data:)\w+:", page)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e\ud800-\udfff]", page)
    assert page.count("<tr>") == len(findings.HOSTILE) + 1


def test_a_page_without_a_chart_still_has_its_table(tmp_path, exposure_finding, monkeypatch):
    def refuse(*_args, **_more):
        raise ArgumentError("No chart.", code="no_chart")

    monkeypatch.setattr(charts, "draw", refuse, raising=False)
    write(exposure_finding, tmp_path / "a.html", "ja")
    page = (tmp_path / "a.html").read_text("utf-8")
    assert '<html lang="ja">' in page
    assert "<img" not in page
    assert "輸入額" in page


def test_json_files_hold_what_the_command_prints(tmp_path, exposure_finding):
    write(exposure_finding, tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["ok"] is True
