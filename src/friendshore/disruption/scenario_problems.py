"""What is wrong with a scenario file, in words: where, what stands there, what should, and the nearest right key."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, get_args

from friendshore.disruption.scenario_schema import ScenarioFile
from friendshore.disruption.scenario_text import Marked
from friendshore.errors import DataError
from friendshore.records import Record

__all__ = ["Problem", "dotted", "problem_of", "refusal", "shown"]

SHARES = {
    "lost_share", "back_share", "shortage_share", "concern_share", "any_share", "traced_share", "partner_share",
    "share", "most_share",
}  # fmt: skip


class Problem(Record):
    """One thing that is wrong with a file."""

    file: str
    line: int
    key: str
    got: str
    expected: str
    code: str
    hint: str = ""

    def __str__(self) -> str:
        return f"Line {self.line}, {self.key}: got {self.got}, expected {self.expected}."


def problem_of(marked: Marked, error: Mapping[str, Any]) -> Problem:
    """Put a validation error into words."""
    path = tuple(error["loc"])
    file, line = marked.place(path)
    kind, context = error["type"], error.get("ctx", {})
    name = str(path[-1]) if path else ""
    got = "nothing" if kind == "missing" else shown(error["input"])
    expected, code, hint = _expectation(kind, name, str(error["msg"]), context), "bad_scenario", ""
    if kind == "extra_forbidden":
        allowed = _allowed(path[:-1])
        near = get_close_matches(name, allowed, n=1)
        hint = f"Did you mean {near[0]}?" if near else ""
        expected = f"{near[0]}, or no such key" if near else f"one of {', '.join(allowed)}"
        code, got = "unknown_key", repr(name)
    elif kind == "literal_error":
        choices = [word.strip().strip("'") for word in context["expected"].replace(" or ", ", ").split(",")]
        near = get_close_matches(str(error["input"]), choices, n=1)
        hint, code = (f"Did you mean {near[0]}?" if near else ""), "unknown_choice"
    elif kind == "missing":
        code = "missing_key"
    elif kind in {"greater_than_equal", "less_than_equal"}:
        code = _range_code(name, kind, error["input"])
    return Problem(file=file, line=line, key=dotted(path), got=got, expected=expected, code=code, hint=hint)


def _expectation(kind: str, name: str, message: str, context: Mapping[str, Any]) -> str:
    if kind == "missing":
        return f"the key {name}"
    if kind == "greater_than_equal":
        return "0 to 1" if name in SHARES else f"{context['ge']:,g} or more"
    if kind == "less_than_equal":
        return "0 to 1" if name in SHARES else f"at most {context['le']:,g}"
    if kind == "literal_error":
        return str(context["expected"]).replace("'", "")
    told = message.removeprefix("Input should be ").removeprefix("Value error, ")
    return told[:1].lower() + told[1:]


def _range_code(name: str, kind: str, value: object) -> str:
    if name in SHARES:
        return "share_out_of_range"
    if name in {"usd", "amount", "negligible_usd"}:
        return "negative_cost"
    if name == "days":
        return "negative_stock" if kind == "greater_than_equal" else "stock_too_large"
    if name == "duration_months" and value == 0:
        return "no_duration"
    if "month" in name:
        return "negative_months" if kind == "greater_than_equal" else "months_out_of_range"
    return "bad_scenario"


def _allowed(path: tuple[Any, ...]) -> tuple[str, ...]:
    """Keys that may stand at a place."""
    record: type[Record] = ScenarioFile
    for step in path:
        if isinstance(step, str) and step in record.model_fields:
            record = _record_in(record.model_fields[step].annotation) or record
    return tuple(record.model_fields)


def _record_in(annotation: Any) -> type[Record] | None:  # noqa: ANN401  every type that a field can have
    """Return the record that a field holds: alone, in a list, or by name."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return annotation
    return next((found for part in get_args(annotation) if (found := _record_in(part)) is not None), None)


def dotted(path: tuple[Any, ...]) -> str:
    """Write the way to a value as ``plan.budgets[0].usd``."""
    told = ""
    for step in path:
        told += f"[{step}]" if isinstance(step, int) else f".{step}" if told else str(step)
    return told or "the file"


def shown(value: object) -> str:
    """Write a value that is not as it should be, cut where it is long."""
    text = repr(list(value) if isinstance(value, tuple) else value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def refusal(name: str, problems: list[Problem]) -> DataError:
    """Tell all problems of a file at once."""
    problems = sorted(problems, key=lambda each: (each.file != name, each.file, each.line))
    codes = {each.code for each in problems}
    told = " ".join(
        f"{f'{each.file}: ' if each.file and each.file != name else ''}{each}" for each in problems[:10]
    )
    more = f" And {len(problems) - 10} more." if len(problems) > 10 else ""
    count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
    hints = list(dict.fromkeys(each.hint for each in problems if each.hint))
    return DataError(
        f"{name} has {count}. {told}{more}",
        code=codes.pop() if len(codes) == 1 else "bad_scenario",
        hint=" ".join(hints[:3]) or "The keys and their meaning: friendshore scenario schema",
        rows=[each.model_dump(exclude={"hint", "code"}) for each in problems],
    )
