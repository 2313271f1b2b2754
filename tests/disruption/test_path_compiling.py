"""Machine code that was kept is never older than the text it was made from."""

from __future__ import annotations

from pathlib import Path

import friendshore.disruption
from friendshore.disruption import compiling, month


def test_every_module_that_is_compiled_is_in_the_stamp():
    folder = Path(friendshore.disruption.__file__).parent
    using = {
        path.stem for path in folder.glob("*.py") if "disruption.compiling import" in path.read_text("utf-8")
    }
    assert using | {"state"} == set(compiling.MODULES)


def test_the_stamp_is_part_of_what_identifies_the_machine_code():
    assert [cell.cell_contents for cell in month.run_draw.py_func.__closure__] == [compiling.source_stamp()]


def test_only_the_whole_is_kept():
    for name in compiling.MODULES:
        module = __import__(f"friendshore.disruption.{name}", fromlist=[name])
        for value in vars(module).values():
            if hasattr(value, "py_func") and value is not month.run_draw:
                assert "NullCache" in type(value._cache).__name__
