"""The table of questions that can be asked over the network, under the names of the command line.

A question added to one of the tables that it joins has an address under /api, a place in /openapi.json, a form
and a page. Left out on purpose are options that name files or machines (``--out``, ``--xlsx``, ``--events``,
``--from``, ``--scheduler``): no request touches the file system.
"""

from __future__ import annotations

from collections.abc import Mapping

from friendshore.errors import ArgumentError
from friendshore.web.fields import Field, Question
from friendshore.web.questions_disruption import DISRUPTION
from friendshore.web.questions_lookups import LOOKUPS
from friendshore.web.questions_measuring import MEASURING
from friendshore.web.questions_planning import PLANNING
from friendshore.web.questions_scenarios import COMPARING
from friendshore.web.questions_uploads import UPLOADED

__all__ = ["QUESTIONS", "Field", "Question", "question_named"]


QUESTIONS: Mapping[str, Question] = {
    question.name: question
    for question in (*MEASURING, *DISRUPTION, *PLANNING, *LOOKUPS, *COMPARING, *UPLOADED)
}
"""By name, in the order of the pages."""


def question_named(name: str) -> Question:
    """Return a question.

    Raises
    ------
    ArgumentError
        ``unknown_question``.
    """
    if name not in QUESTIONS:
        raise ArgumentError(
            f"There is no question {name!r}.",
            code="unknown_question",
            hint=f"Questions are {', '.join(QUESTIONS)}.",
        )
    return QUESTIONS[name]
