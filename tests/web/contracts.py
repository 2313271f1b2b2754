"""What the contract tests share: a command for an address, arguments of every question, and who is asked what."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import json
from collections.abc import Mapping

from hypothesis import strategies as st

from friendshore import answers
from friendshore.cli.application import command
from friendshore.disruption.scenario_names import shipped
from friendshore.web.fields import Field, Question
from friendshore.web.questions import QUESTIONS

COMMON = {"data", "json", "csv", "xlsx", "out", "lang", "quiet", "debug"}
"""Options of every command: where and how an answer goes, and which data."""
NAMES_FILES = {
    "stress": {"scheduler"},
    "hindcast": {"events"},
    "plan": {"sheet", "wanted"},
    "brief": {"from", "date"},
}
"""Options that name files or machines, which no request may; sheets and lists are files of their own addresses."""
SENT = {"read", "join"}
"""Questions about files: the desk takes these by POST, and asks by the key of what was sent."""
NO_QUESTIONS = {"data-check", "data-add", "scenario-save", "scenario-remove", "serve"}
"""Commands that read a file of the user's or every byte of a data set, keep something, or begin the desk itself."""


def commands() -> dict[str, list]:
    """Every command of the program, words joined by hyphens, with its parameters."""
    found = {}
    for name, one in command().commands.items():
        for inner, deeper in getattr(one, "commands", {}).items():
            found[f"{name}-{inner}"] = deeper.params
        if not hasattr(one, "commands"):
            found[name] = one.params
    return found


def name_of(parameter) -> str:
    """An option without its dashes; an argument by its metavar, as FILE|NAME is a name."""
    if parameter.param_type_name == "argument":
        told = parameter.metavar.lower().split("|")[-1].removesuffix("...").strip()
        return told if told != "name" or parameter.name in ("file", "name") else parameter.name
    return max(parameter.opts, key=len).removeprefix("--")


def own_parameters(name: str) -> dict[str, object]:
    """Parameters of a command that its question has to have."""
    left_out = COMMON | NAMES_FILES.get(name, set()) | {"help"}
    return {name_of(p): p for p in commands()[name] if name_of(p) not in left_out}


def argv_of(question: Question, pairs, lang: str = "en") -> list[str]:
    """The command line that asks what an address asks."""
    positional = {name_of(p) for p in commands()[question.name] if p.param_type_name == "argument"}
    words, options, flags = [], {}, {f.name for f in question.fields if f.kind == "flag"}
    for name, value in pairs:
        if name in positional:
            words.append(value)
        elif name in flags:
            options.update({name: []} if value == "true" else {})
        else:
            options.setdefault(name, []).append(value)
    told = [*question.name.split("-", 1)] if "-" in question.name else [question.name]
    told += [word for name, values in options.items() for word in (f"--{name}", *values)]
    return [*told, "--json", "--lang", lang, "--quiet", *(["--", *words] if words else [])]


def value_of(field: Field):
    """Strategy of what a field may be given, as its argument."""
    if field.kind == "choice":
        one = st.sampled_from([choice for choice in field.choices if choice])
    elif field.kind == "flag":
        one = st.booleans()
    elif field.kind == "whole":
        one = st.integers(int(field.least), int(field.most))
    elif field.kind == "number":
        one = st.floats(field.least, field.most if field.most is not None else 1e12, allow_subnormal=False)
    elif field.kind == "year":
        one = st.integers(1900, 2100)
    elif field.kind in ("day", "date"):
        one = st.dates()
    elif field.kind == "scenario":
        one = st.sampled_from(shipped())
    elif field.kind in ("actor", "product", "bloc"):
        one = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9+]{0,9}", fullmatch=True)
    else:
        one = st.from_regex(r"[A-Za-z0-9磁石][A-Za-z0-9 _.磁石-]{0,18}[A-Za-z0-9磁石]", fullmatch=True)
    if field.several:
        return st.lists(one, min_size=int(field.required), max_size=4, unique=True).map(tuple)
    return one if field.required else st.one_of(st.just(field.default), one)


@st.composite
def arguments_of(draw, question: Question):
    """Draw arguments of a question, as :func:`friendshore.web.parameters.given` returns them."""
    told = {}
    for field in question.fields:
        if field.kind == "years" or (field.kind == "year" and "years" in {f.name for f in question.fields}):
            continue
        told[field.keyword] = draw(value_of(field))
    if "years" in {field.name for field in question.fields}:
        first = draw(st.integers(1900, 2090))
        told["years"] = draw(st.sampled_from([(), (first,), tuple(range(first, first + 5))]))
    return told


class Heard(Exception):  # noqa: N818  it ends a question, which is no failure
    """Raised by the stand-in for an answer: what it was asked."""


def overheard(monkeypatch, question: Question, ask) -> Mapping[str, object]:
    """Replace the answer of a question by one that tells what it was asked, and ask."""
    module = importlib.import_module(f"friendshore.answers.{answers._HOME[question.function]}")
    real = getattr(module, question.function)
    heard = []

    def listen(*args, **keywords):
        bound = inspect.signature(real).bind(*args, **keywords)
        bound.apply_defaults()
        heard.append({name: plain(value) for name, value in bound.arguments.items()})
        raise Heard

    with monkeypatch.context() as patch:
        patch.setattr(module, question.function, listen)
        patch.setitem(vars(answers), question.function, listen)
        with contextlib.suppress(Heard):
            ask()
    assert len(heard) == 1, "the answer was not asked exactly once"
    return heard[0]


def plain(value):
    """A world as its name; lists and tuples alike."""
    if hasattr(value, "default_year"):
        return value.name
    return tuple(value) if isinstance(value, list) else value


def error_of(body: bytes | str) -> dict[str, str]:
    """Code, message and hint of a failure."""
    told = json.loads(body)
    assert told["ok"] is False
    return {name: told["error"][name] for name in ("code", "message", "hint")}


ASKED = [question for question in QUESTIONS.values() if question.name not in SENT]
"""Questions that are asked by their address."""
