"""From a command line, as an answer tells it, to the address that asks the same."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from friendshore.errors import FriendshoreError
from friendshore.web.fields import Question
from friendshore.web.parameters import DATA, given, pairs_of
from friendshore.web.questions import QUESTIONS
from friendshore.web.records import Pairs

__all__ = ["address_of", "asked_by", "path_of"]


def address_of(command: str) -> str:
    """Return the page that asks what a command asks; "" where the desk has none, or the command asks nothing."""
    from friendshore.web.writing import address

    found = asked_by(command)
    if found is None:
        return ""
    question, pairs = found
    try:
        told = given(question, pairs)
    except FriendshoreError:
        return ""
    return address(path_of(question.name), pairs_of(question, told.arguments, told.data))


def path_of(question: str) -> str:
    """Return the path of the page whose form asks a question."""
    from friendshore.web.pages import menu, page_named

    for link, _ in menu():
        page = page_named("start" if link == "/" else link.removeprefix("/"))
        if page.question is not None and page.question.name == question:
            return link
    return f"/{question}"


def asked_by(command: str) -> tuple[Question, Pairs] | None:
    """Read a command: its question, and names and values as an address writes them.

    Options that belong to no field (``--out``, ``--lang``) say where an answer goes, and are left out.
    """
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    if words[:1] != ["friendshore"]:
        return None
    question, rest = _question(words[1:])
    if question is None:
        return None
    names, options = _parted(rest)
    pairs = _positional(question, names)
    fields = {field.name: field for field in question.fields}
    for option, values in options:
        if option in fields and fields[option].kind == "flag":
            # A flag takes nothing: what follows it would be positional, and our commands name those first.
            pairs.append((option, "true"))
        elif option in fields or option == DATA:
            pairs += [(option, value) for value in values]
    return question, tuple(pairs)


def _question(words: Sequence[str]) -> tuple[Question | None, Sequence[str]]:
    """Find the question by its one or two words."""
    for count in (2, 1):
        name = "-".join(words[:count])
        if len(words) >= count and name in QUESTIONS:
            return QUESTIONS[name], words[count:]
    return None, ()


def _parted(words: Sequence[str]) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Part the names that stand first from the options with their values."""
    names: list[str] = []
    options: list[tuple[str, list[str]]] = []
    for word in words:
        if word.startswith("--") and len(word) > 2:
            name, equals, value = word[2:].partition("=")
            options.append((name, [value] if equals else []))
        elif options:
            options[-1][1].append(word)
        elif word != "--":
            names.append(word)
    return names, options


def _positional(question: Question, names: Sequence[str]) -> list[tuple[str, str]]:
    """Give the names that stand first to the fields that stand first."""
    if not question.fields:
        return []
    if question.fields[0].several:
        return [(question.fields[0].name, name) for name in names]
    return [(field.name, name) for field, name in zip(question.fields, names, strict=False)]
