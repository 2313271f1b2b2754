"""Inside a worker: ask a question once, find what was kept, and say what has to be worked out first."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from friendshore import __version__
from friendshore.errors import ArgumentError
from friendshore.records import Brief, Finding
from friendshore.web.questions import question_named
from friendshore.web.questions_uploads import KEY, unknown_document
from friendshore.web.records import Given, JobAsked

__all__ = ["Desk", "NotYet", "answer", "key_of", "version_of"]

MOST_FINDINGS = 48


class NotYet(Exception):  # noqa: N818  not a failure: the answer is being worked out
    """The answer takes longer than a reader waits."""

    def __init__(self, job: JobAsked) -> None:
        super().__init__(job.id)
        self.job = job


def key_of(given: Given) -> str:
    """Return the hash of everything that an answer depends on: question, arguments, scenario, data and version."""
    told = [__version__, given.question, _plain(given.arguments), given.data, version_of(given.data)]
    named = [field.keyword for field in question_named(given.question).fields if field.kind == "scenario"]
    told += [_scenario_hash(str(given.arguments[one])) for one in named if given.arguments.get(one)]
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:24]


def _plain(value: Any) -> Any:  # noqa: ANN401  arguments have every type
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def version_of(data: str) -> str:
    """Return the version of a data set that is in force."""
    from friendshore.tables.opening import located

    return located(refuse_path(data))[1].name


def _scenario_hash(name: str) -> str:
    from friendshore.disruption.saved import chain_text

    return sha256(chain_text(name)).hexdigest()


def refuse_path(data: str) -> str:
    """Refuse what is not the name of a data set: no request names a folder."""
    from friendshore.tables.opening import BOX
    from friendshore.tables.versions import store_names

    if data != BOX and data not in store_names():
        raise ArgumentError(
            f"There is no data set {data!r} here.",
            code="unknown_data",
            hint=f"There are {', '.join((BOX, *store_names()))}.",
        )
    return data


def answer(given: Given, world: Any = None) -> Finding | Brief:  # noqa: ANN401  an opened world
    """Ask the question of :mod:`friendshore.answers`; nothing else is done here."""
    from friendshore import answers

    question = question_named(given.question)
    arguments = dict(given.arguments)
    if question.takes_data:
        arguments["world"] = world if world is not None else refuse_path(given.data)
    found: Finding | Brief = getattr(answers, question.function)(**question.adapted(arguments))
    return found


@dataclass
class Desk:
    """What one worker holds: opened data sets, the last answers, and where finished work is kept."""

    kept: Any = None
    """:class:`friendshore.web.keeping.Kept`, or None where nothing is kept (tests)."""
    worlds: dict[tuple[str, str], Any] = field(default_factory=dict)
    found: OrderedDict[str, Finding | Brief] = field(default_factory=OrderedDict)

    def world(self, data: str) -> Any:  # noqa: ANN401  an opened world
        """Open a data set once."""
        from friendshore.tables.opening import open_world

        name = (data, version_of(data))
        if name not in self.worlds:
            while len(self.worlds) >= 3:
                self.worlds.pop(next(iter(self.worlds)))
            self.worlds[name] = open_world(data)
        return self.worlds[name]

    def ask(self, question: str, arguments: Mapping[str, Any], data: str = "raw-materials") -> Finding:
        """Answer a question, from what was kept where it can be.

        ``arguments`` need not hold defaults. Raises :class:`NotYet` where it takes long and was not worked out.
        """
        told = question_named(question)
        filled = {field.keyword: field.default for field in told.fields} | dict(arguments)
        if "years" in filled:
            filled.pop("year", None)
        found: Finding = self.answer(Given(question, filled, data))
        return found

    def answer(self, given: Given) -> Any:  # noqa: ANN401  a finding, or of the question `brief` a brief
        """Answer a question whose arguments are complete; see :meth:`ask`."""
        question = question_named(given.question)
        if question.uploaded:
            sent = self._sent(given)
            if isinstance(sent, Finding):
                return sent
        key = key_of(given)
        if question.lasting and key in self.found:
            self.found.move_to_end(key)
            return self.found[key]
        if question.long(given.arguments):
            found = self.kept.finding(key) if self.kept is not None else None
            if found is None:
                raise NotYet(JobAsked(key, given))
        else:
            found = answer(given, self.world(given.data) if question.takes_data else None)
        if not question.lasting:
            # It also holds what people keep, which no key knows of.
            return found
        self.found[key] = found
        while len(self.found) > MOST_FINDINGS:
            self.found.popitem(last=False)
        return found

    def _sent(self, given: Given) -> Any:  # noqa: ANN401  an answer, or names and texts of files
        """Fetch what was kept of what somebody sent: the answer, or the files that are still to be joined."""
        key = str(given.arguments["document"])
        found = self.kept.finding(key) if self.kept is not None and KEY.fullmatch(key) else None
        told = found.question == given.question if isinstance(found, Finding) else given.question == "join"
        if not isinstance(found, Finding | tuple) or not told:
            raise unknown_document()
        return found
