"""YAML text as plain values that remember their line, and nothing that YAML could do beyond that.

Tags, anchors and aliases are refused before anything is built, so that no object is made and no bomb goes off;
so are files above a size, a depth, several documents and repeated keys.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from friendshore.errors import DataError
from friendshore.tables.csv_text import check_encoding

__all__ = ["Marked", "read_text"]

LARGEST_BYTES = 256 * 1024
DEEPEST = 12
MOST_DIGITS = 300
"""Digits of a whole number; a longer one stays the word that it is, as Python itself refuses thousands."""
PLAIN = "Write plain keys, lists, words and numbers."
_TOO_LARGE = {
    "scenario": "A scenario names who stops and what is assumed; tables belong into a data set.",
    "summary": "A summary holds a few numbers for each product; ask your ally to write it again.",
}
_EXPECTED = {"scenario": "version, name and shocks", "summary": "what friendshore summary writes"}
_SEE_ONE = {
    "scenario": "See one: friendshore scenario show NAME",
    "summary": "Write one: friendshore summary --scenario FILE --out MINE.yaml",
}
_TRUE, _FALSE = {"true", "yes", "on"}, {"false", "no", "off"}

Path = tuple[Any, ...]


@dataclass
class Marked:
    """Plain values and where each of them stands: path -> (file, line)."""

    data: dict[str, Any]
    places: dict[Path, tuple[str, int]] = field(default_factory=dict)

    def place(self, path: Path) -> tuple[str, int]:
        """Where a value stands, or the nearest thing around it that was written down."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, ("", 1))


def read_text(text: bytes, file: str, *, kind: str = "scenario", largest: int = LARGEST_BYTES) -> Marked:
    """Read a file.

    Parameters
    ----------
    text, file
        Its bytes and its name.
    kind
        What it is in messages and codes: ``scenario`` or ``summary``.
    largest
        Bytes above which it is refused.

    Raises
    ------
    DataError
        ``scenario_too_large``, ``not_utf8``, ``not_yaml``, ``yaml_tag``, ``yaml_alias``, ``yaml_too_deep``,
        ``repeated_key``, ``bad_scenario`` (not a mapping), each with its line.
    """
    if len(text) > largest:
        raise DataError(
            f"{file} has {len(text):,} bytes, expected at most {largest:,}.",
            code="scenario_too_large" if kind == "scenario" else "summary_too_large",
            hint=_TOO_LARGE[kind],
        )
    check_encoding(text, file)
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = text.count(b"\n", 0, problem.start) + 1
        raise DataError(
            f"{file} line {line} is not UTF-8 text.", code="not_utf8", hint="Save the file as UTF-8."
        ) from None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _refuse_tricks(decoded, file, loader, kind)
        node = yaml.compose(decoded, Loader=loader)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f" line {mark.line + 1}" if mark else ""
        told = " ".join(str(getattr(problem, "problem", "") or problem).split())
        raise DataError(
            f"{file}{where} is no YAML: {told}.", code="not_yaml", hint=f"Mend that line. {PLAIN}"
        ) from None
    if not isinstance(node, yaml.MappingNode):
        raise DataError(
            f"{file} holds no keys, expected {_EXPECTED[kind]}.",
            code="bad_scenario" if kind == "scenario" else "bad_summary",
            hint=_SEE_ONE[kind],
        )
    marked = Marked({})
    marked.data = _value(node, (), file, marked.places)
    return marked


def _refuse_tricks(text: str, file: str, loader: Any, kind: str) -> None:  # noqa: ANN401  the parser's class
    """Go through the events, of which none is expanded."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            told = "Write the value out" + (", or use extends." if kind == "scenario" else ".")
            _refuse(file, line, "uses an anchor or alias", "yaml_alias", told, kind)
        tag = getattr(event, "tag", None)
        if tag:
            _refuse(file, line, f"uses the tag {tag!r}", "yaml_tag", PLAIN, kind)
        if depth > DEEPEST:
            _refuse(file, line, f"nests more than {DEEPEST} levels", "yaml_too_deep", PLAIN, kind)
        if documents > 1:
            _refuse(file, line, "begins a second document", "not_yaml", f"Keep one {kind} in a file.", kind)


def _refuse(file: str, line: int, what: str, code: str, hint: str, kind: str) -> NoReturn:
    raise DataError(f"{file} line {line} {what}, which a {kind} does not need.", code=code, hint=hint)


def _value(node: yaml.Node, path: Path, file: str, places: dict[Path, tuple[str, int]]) -> Any:  # noqa: ANN401  YAML holds every type
    places[path] = (file, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, file, places)
    if isinstance(node, yaml.SequenceNode):
        return [_value(each, (*path, n), file, places) for n, each in enumerate(node.value)]
    return _scalar(node)


def _mapping(
    node: yaml.MappingNode, path: Path, file: str, places: dict[Path, tuple[str, int]]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
        line = key_node.start_mark.line + 1
        if key in found:
            raise DataError(
                f"{file} line {line}: the key {key!r} is given twice, first in line {places[*path, key][1]}.",
                code="repeated_key",
                hint="Keep one of them.",
            )
        found[key] = _value(value_node, (*path, key), file, places)
        places[*path, key] = (file, line)
    return found


def _scalar(node: yaml.Node) -> Any:  # noqa: ANN401  every plain type
    """Turn a word into what it plainly is; dates, octals and sexagesimals stay the words they are."""
    text = str(node.value)
    kind = node.tag.rpartition(":")[2]
    if kind == "null":
        return None
    if kind == "bool" and text.casefold() in _TRUE | _FALSE:
        return text.casefold() in _TRUE
    if (
        kind == "int"
        and len(text) <= MOST_DIGITS
        and text.removeprefix("-").isdecimal()
        and (text == "0" or text.removeprefix("-")[0] != "0")
    ):
        return int(text)
    if kind in {"int", "float"}:
        try:
            value = float(text)
        except ValueError:
            return {".inf": math.inf, "-.inf": -math.inf, ".nan": math.nan}.get(text.casefold(), text)
        return text if kind == "int" else value
    return text
