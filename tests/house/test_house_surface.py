"""The public face: closed, sorted, documented, and harmless to import."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import pkgutil
import subprocess
import sys
from operator import attrgetter

import pytest

import friendshore

MODULES = sorted(
    name
    for _, name, _ in pkgutil.walk_packages(friendshore.__path__, "friendshore.")
    if not name.endswith("__main__")
)
HEAVY = {
    *("altair", "duckdb", "jinja2", "narwhals", "numba", "numpy", "openpyxl", "pandas", "polars", "pyarrow"),
    *("pydantic", "rich", "typer", "vl_convert", "xlsxwriter", "yaml"),
}

WATCH_IMPORT = """
import json, logging, sys, time
changes = []
def watch(event, arguments):
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if writes or event.split(".")[0] in {"socket", "subprocess", "shutil", "tempfile"} or event == "os.mkdir":
        changes.append([event, str(arguments)])
sys.addaudithook(watch)
started = time.process_time()
import friendshore
spent = time.process_time() - started
print(json.dumps({
    "changes": changes,
    "modules": sorted({name.split(".")[0] for name in sys.modules}),
    "seconds": spent,
    "handlers": len(logging.getLogger().handlers) if "logging" in sys.modules else 0,
}))
"""


def kind_and_name(name):
    """Constants, then classes, then functions, as ruff sorts them."""
    return (not name.isupper(), not name[0].isupper(), name)


@pytest.mark.parametrize("module", ["friendshore", *MODULES])
def test_each_modules_public_names_are_sorted_and_exist(module):
    opened = importlib.import_module(module)
    names = list(getattr(opened, "__all__", []))
    assert names == sorted(names, key=kind_and_name)
    assert [name for name in names if not hasattr(opened, name)] == []


@pytest.mark.parametrize(
    "name", [*friendshore.__all__, *(f"answers.{n}" for n in friendshore.answers.__all__)]
)
def test_each_public_name_is_documented_with_all_its_parameters(name):
    thing = attrgetter(name)(friendshore)
    text = inspect.getdoc(thing) or ""
    assert text.strip(), f"{name} has no docstring"
    if inspect.isfunction(thing):
        absent = [p for p in inspect.signature(thing).parameters if p not in text]
        assert absent == [], f"{name} does not document {absent}"
        assert "Returns" in text, f"{name} does not say what it returns"


def test_dir_lists_the_public_names():
    assert set(friendshore.__all__) <= set(dir(friendshore))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'forecast_everything'"):
        _ = friendshore.forecast_everything


def test_importing_writes_nothing_opens_nothing_and_loads_nothing_heavy(tmp_path):
    environment = {**os.environ, "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", WATCH_IMPORT],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    seen = json.loads(done.stdout)
    assert seen["changes"] == []
    assert HEAVY & set(seen["modules"]) == set()
    assert seen["handlers"] == 0
    assert seen["seconds"] < 0.3
    assert list(tmp_path.iterdir()) == []
    assert done.stderr == ""
