"""Scenario files: read, joined with what they extend, checked as a whole, every problem with its line."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from friendshore.disruption.scenario_checks import checked
from friendshore.disruption.scenario_names import SUFFIXES, named_text, saved_names, shipped, shipped_text
from friendshore.disruption.scenario_problems import dotted, refusal
from friendshore.disruption.scenario_schema import (
    VERSION,
    ScenarioFile,
)
from friendshore.disruption.scenario_text import Marked, read_text
from friendshore.errors import ArgumentError, DataError
from friendshore.parameters import Parameters
from friendshore.records import Record
from friendshore.tables.csv_text import read_file
from friendshore.tables.versions import NAME

__all__ = ["Scenario", "load_scenario", "parse_named", "parse_scenario", "shipped", "shipped_text"]

DEEPEST = 10


class Scenario(Record):
    """A checked scenario: as written, with what it extends filled in."""

    file: ScenarioFile
    chain: tuple[str, ...]
    """Its own name or file, then what it extends, in order."""
    parameters: Parameters
    lines: tuple[int, ...] = ()
    """By shock, the line it begins in."""
    places: Mapping[str, int] = {}
    """Key of the plan or response, dotted (``plan.budgets[0].usd``) -> its line."""

    @property
    def cases(self) -> tuple[str, ...]:
        """Alternative futures by name, in order; none where the shocks name none."""
        return tuple(dict.fromkeys(entry.case for entry in self.file.shocks if entry.case))

    def of_case(self, name: str) -> Scenario:
        """Return the scenario with the shocks of one case, and those that happen in every case.

        Raises
        ------
        ArgumentError
            ``unknown_case``; ``no_case`` where there are several and none is named.
        """
        if not self.cases and not name:
            return self
        if not name:
            if len(self.cases) == 1:
                return self
            raise ArgumentError(
                f"{self.chain[0]} holds {len(self.cases)} cases, of which only one happens: {', '.join(self.cases)}.",
                code="no_case",
                hint=f"Choose one: --case {self.cases[0]}",
            )
        if name not in self.cases:
            near = get_close_matches(name, self.cases, n=1)
            told = f"its cases are {', '.join(self.cases)}" if self.cases else "its shocks name none"
            raise ArgumentError(
                f"{self.chain[0]} has no case {name!r}; {told}.",
                code="unknown_case",
                hint=f"Did you mean {near[0]}?" if near else "A case is the word after case: on a shock.",
            )
        keep = [n for n, entry in enumerate(self.file.shocks) if entry.case in {"", name}]
        file = self.file.model_copy(update={"shocks": tuple(self.file.shocks[n] for n in keep)})
        return self.model_copy(update={"file": file, "lines": tuple(self.lines[n] for n in keep)})


def load_scenario(source: str | Path) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    source
        A YAML file, or the name of a shipped or saved scenario.

    Raises
    ------
    ArgumentError
        ``unknown_scenario``.
    DataError
        The file's problems, all at once, each with its line in ``rows``. ``code`` is that of the problems where
        they are all of one kind, else ``bad_scenario``.
    """
    return _checked(*_chained(str(source), None, ()))


def parse_scenario(text: bytes, name: str) -> Scenario:
    """Check the text of a scenario that lies in no file of its own; it extends no other. See :func:`load_scenario`."""
    marked = read_text(text, name)
    _check_version(marked, name)
    if marked.data.get("extends"):
        raise DataError(
            f"{name} extends {marked.data['extends']!r}, expected a scenario that stands alone.",
            code="bad_extends",
            hint="Leave extends out.",
        )
    return _checked(marked, (name,))


def parse_named(text: bytes, name: str) -> Scenario:
    """Check the text of a scenario that is to bear a name; it extends only what has one. See :func:`load_scenario`."""
    marked = read_text(text, name)
    return _checked(*_extended(marked, name, None, ()))


def _checked(marked: Marked, chain: tuple[str, ...]) -> Scenario:
    """Turn values into a scenario, or tell all that is wrong with them."""
    file, parameters, problems = checked(marked)
    if problems or file is None:
        raise refusal(chain[0], problems)
    count = len(file.shocks)
    lines = tuple(marked.place(("shocks", n))[1] for n in range(count))
    places = {
        dotted(path): line
        for path, (_, line) in marked.places.items()
        if path and path[0] in {"plan", "response"}
    }
    return Scenario(file=file, chain=chain, parameters=parameters, lines=lines, places=places)


def _opened(source: str, beside: Path | None) -> tuple[Marked, str, Path | None]:
    """Read one file or named scenario; its name and, of a file, where it lies."""
    if Path(source).suffix.casefold() not in SUFFIXES:
        named = source in shipped() or source in saved_names()
        if not named and beside is None and Path(source).exists():
            raise DataError(
                f"{source} is no scenario file, expected one that ends in .yaml.",
                code="unknown_suffix",
                hint="Rename it, or see those that can be named: friendshore scenario list",
            )
        return read_text(named_text(source), source), source, None
    path = Path(source)
    if beside is not None:
        if path.is_absolute():
            raise DataError(
                f"extends: {source} is an absolute path, expected a file beside {beside.name}.",
                code="bad_extends",
                hint="Write the path from the scenario's own folder, or the name of a shipped or saved scenario.",
            )
        path = beside.parent / path
    return read_text(read_file(path), path.name), path.name, path


def _chained(
    source: str, beside: Path | None, seen: tuple[tuple[str, str], ...]
) -> tuple[Marked, tuple[str, ...]]:
    """Read a scenario and lay it over what it extends."""
    marked, name, path = _opened(source, beside)
    return _extended(marked, name, path, seen)


def _extended(
    marked: Marked, name: str, path: Path | None, seen: tuple[tuple[str, str], ...]
) -> tuple[Marked, tuple[str, ...]]:
    """Lay a scenario over what it extends; ``path`` is None of one that is known by its name."""
    identity = str(path.resolve()) if path else name
    told = [label for _, label in seen]
    if identity in [key for key, _ in seen]:
        raise DataError(
            f"extends leads back to itself: {' -> '.join([*told, name])}.",
            code="cyclic_extends",
            hint="Let one of them stand alone.",
        )
    if len(seen) >= DEEPEST:
        raise DataError(
            f"extends leads through more than {DEEPEST} files: {' -> '.join([*told, name])}.",
            code="bad_extends",
            hint="Put what they share into one file.",
        )
    _check_version(marked, name)
    parent = marked.data.get("extends")
    if not parent:
        return marked, (name,)
    line = marked.place(("extends",))[1]
    if not isinstance(parent, str):
        raise DataError(
            f"{name} line {line}: extends is {parent!r}, expected one file or name.", code="bad_extends",
            hint="Extend one scenario; it may extend another.",
        )  # fmt: skip
    if path is None and (not NAME.fullmatch(parent) or Path(parent).suffix.casefold() in SUFFIXES):
        raise DataError(
            f"{name} line {line}: extends is {parent!r}, expected the name of a shipped or saved scenario.",
            code="bad_extends",
            hint="Save the other one first: friendshore scenario save FILE.yaml --name NAME",
        )
    # What bears a name lies beside no file, and lets in none.
    below, chain = _chained(parent, path or Path(name), (*seen, (identity, name)))
    return _laid_over(marked, below), (name, *chain)


def _check_version(marked: Marked, name: str) -> None:
    version = marked.data.get("version")
    if version == VERSION and not isinstance(version, bool):
        return
    line = marked.place(("version",))[1]
    got = f"is {version!r}" if "version" in marked.data else "is missing"
    raise DataError(
        f"{name} line {line}: version {got}, expected {VERSION}, the only one that this program reads.",
        code="scenario_version",
        hint=f"Write version: {VERSION}, and check the keys: friendshore scenario check {name}",
    )


def _laid_over(own: Marked, below: Marked) -> Marked:
    """Replace keys; parameters one by one, shocks by id, stocks by importer and products."""
    joined = Marked(dict(below.data), dict(below.places))
    for key, value in own.data.items():
        if key == "parameters" and isinstance(value, dict) and isinstance(joined.data.get(key), dict):
            for name, given in value.items():
                _put(joined, own, (key, name), (key, name), given)
        elif (
            key in {"plan", "response"} and isinstance(value, dict) and isinstance(joined.data.get(key), dict)
        ):
            joined.data[key] = dict(joined.data[key])
            for name, given in value.items():
                _put(joined, own, (key, name), (key, name), given)
        elif (
            key in {"shocks", "stock_cover"}
            and isinstance(value, list)
            and isinstance(joined.data.get(key), list)
        ):
            _lay_list(joined, own, key, value)
        else:
            _put(joined, own, (key,), (key,), value)
    return joined


def _lay_list(joined: Marked, own: Marked, key: str, entries: list[Any]) -> None:
    joined.data[key] = list(joined.data[key])
    for n, entry in enumerate(entries):
        there = joined.data[key]
        name = _identity(key, entry)
        at = next((m for m, other in enumerate(there) if name and _identity(key, other) == name), len(there))
        if at == len(there):
            there.append(None)
            _put(joined, own, (key, at), (key, n), entry)
            continue
        there[at] = dict(there[at])
        for field, given in entry.items():
            _put(joined, own, (key, at, field), (key, n, field), given)


def _identity(key: str, entry: object) -> object:
    if not isinstance(entry, dict):
        return None
    if key == "shocks":
        return entry.get("id")
    return entry.get("importer"), repr(entry.get("products", ()))


def _put(joined: Marked, own: Marked, to: tuple[Any, ...], origin: tuple[Any, ...], value: object) -> None:
    """Set a value together with the places of everything in it."""
    at: Any = joined.data
    for step in to[:-1]:
        at = at[step]
    at[to[-1]] = value
    size = len(to)
    for path in [path for path in joined.places if path[:size] == to]:
        del joined.places[path]
    size = len(origin)
    joined.places |= {
        (*to, *path[size:]): place for path, place in own.places.items() if path[:size] == origin
    }
