"""Inside a worker: from a request to finished bytes. The one place where pages, API and files are told apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from friendshore.errors import ArgumentError, DataError, FriendshoreError, MissingDataError, PlanError
from friendshore.records import Brief, Finding
from friendshore.web.acts import act
from friendshore.web.desk import Desk, NotYet, key_of
from friendshore.web.parameters import given
from friendshore.web.questions import QUESTIONS, Question, question_named
from friendshore.web.records import Asked, JobAsked, Reply
from friendshore.web.understanding import in_codes

__all__ = ["reply", "status_of"]

MEDIA: Mapping[str, str] = {
    ".bib": "application/x-bibtex; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".yaml": "application/yaml; charset=utf-8",
}


NOT_THERE = frozenset(f"unknown_{what}" for what in ("document", "job", "page", "part", "question", "suffix"))


def reply(asked: Asked, desk: Desk) -> Reply:
    """Answer a request; a failure that we raise on purpose is an answer too."""
    try:
        return _KINDS[asked.kind](asked, desk)
    except FriendshoreError as error:
        return refused(error, asked)


def status_of(error: FriendshoreError) -> int:
    """Return the status of a failure: 404 for what does not exist, 422 for what cannot be asked or answered."""
    if error.code in NOT_THERE:
        return 404
    if isinstance(error, ArgumentError | DataError | MissingDataError | PlanError):
        return 422
    return _STATUS.get(error.code, 500)


_STATUS: Mapping[str, int] = {
    "no_font": 422,
    "cancelled": 409,
    "input_changed": 409,
    "took_too_long": 503,
    "worker_lost": 503,
    "out_of_memory": 503,
    "desk_full": 507,
    "desk_locked": 503,
    "desk_unwritable": 503,
    "desk_broken": 503,
}
"""Of failures that are no fault of the question: 409 for work that was stopped, 503 for what may go well later."""


def refused(error: FriendshoreError, asked: Asked) -> Reply:
    """Tell a failure: the envelope to a program, a page to people."""
    from friendshore.report.envelope import dump, failure

    if asked.kind == "page":
        from friendshore.web.writing import failure_page

        return Reply(failure_page(error, asked).encode(), status=status_of(error))
    return Reply(dump(failure(error)).encode(), MEDIA[".json"], status_of(error))


def _api(asked: Asked, desk: Desk) -> Reply:
    from friendshore.report.envelope import dump, envelope

    wanted = given(question_named(asked.name), asked.query)
    try:
        finding = desk.answer(wanted)
    except NotYet as waiting:
        return Reply(b"", MEDIA[".json"], 202, jobs=(waiting.job,))
    body = dump(envelope(tabled(finding, asked.lang), asked.lang)).encode()
    return Reply(body, MEDIA[".json"], lasting=settled(asked))


def _file(asked: Asked, desk: Desk) -> Reply:
    """Write a whole answer as a file, as ``--out`` does."""
    from friendshore.report.writing import SUFFIXES, contents
    from friendshore.tables.sources import bibtex
    from friendshore.web.papers import is_paper

    if is_paper(asked.name, asked.suffix):
        return _paper(asked, desk)
    refuse_kind(asked, (*SUFFIXES, ".bib"))
    wanted = given(question_named(asked.name), asked.query)
    try:
        finding = desk.answer(wanted)
    except NotYet as waiting:
        return Reply(b"", MEDIA[".json"], 202, jobs=(waiting.job,))
    cited = asked.suffix == ".bib"
    body = (
        bibtex(finding.sources).encode()
        if cited
        else contents(tabled(finding, asked.lang), asked.suffix, asked.lang)
    )
    named = _named(asked.name, asked.suffix)
    return Reply(body, MEDIA[asked.suffix], headers=named, lasting=settled(asked))


def _paper(asked: Asked, desk: Desk) -> Reply:
    """Write a paper that is made of an answer, as the command line does."""
    from friendshore.web.papers import paper_asked

    wanted, written = paper_asked(asked.name, asked.suffix, asked.query)
    try:
        finding = desk.answer(wanted)
    except NotYet as waiting:
        return Reply(b"", MEDIA[".json"], 202, jobs=(waiting.job,))
    named = _named(asked.name, asked.suffix)
    return Reply(written(finding, asked.lang), MEDIA[asked.suffix], headers=named, lasting=settled(asked))


def tabled(found: Finding | Brief, lang: str) -> Finding:
    """Return what programs get of an answer: of a brief, which is a page, its key numbers."""
    if isinstance(found, Finding):
        return found
    from friendshore.report.brief_rows import key_numbers

    return key_numbers(found, lang)


def refuse_kind(asked: Asked, allowed: tuple[str, ...]) -> None:
    """Refuse a kind of file that is not made here."""
    if asked.suffix not in allowed:
        raise ArgumentError(
            f"There is no {asked.suffix!r} of this.",
            code="unknown_suffix",
            hint=f"End the address in {', '.join(allowed)}.",
        )


def settled(asked: Asked) -> bool:
    """Tell whether a request has the same reply as long as the server runs: it names nothing that people keep."""
    from friendshore.disruption.scenario_files import shipped
    from friendshore.tables.opening import BOX

    question = QUESTIONS.get(asked.name)
    own = {field.name for field in question.fields if field.kind == "scenario"} if question else {"scenario"}
    kept = [
        value
        for name, value in asked.query
        if value.strip() and ((name == "data" and value != BOX) or (name in own and value not in shipped()))
    ]
    return (question is None or question.lasting) and not kept


def _job(asked: Asked, desk: Desk) -> Reply:
    """Check what long work was asked for; the server begins it."""
    wanted = given(question_named(asked.name), asked.query)
    return Reply(b"", MEDIA[".json"], 202, jobs=(JobAsked(key_of(wanted), wanted),))


def _result(asked: Asked, desk: Desk) -> Reply:
    """Fetch what a job found; its id is the name."""
    from friendshore.report.envelope import dump, envelope

    found = desk.kept.finding(asked.name) if desk.kept is not None else None
    if found is None:
        raise ArgumentError(
            "The answer of this job is no longer kept.",
            code="unknown_job",
            hint="Ask the question again: it is worked out anew.",
        )
    return Reply(dump(envelope(tabled(found, asked.lang), asked.lang)).encode(), MEDIA[".json"])


def _named(name: str, suffix: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="friendshore-{name}{suffix}"'}


def _page(asked: Asked, desk: Desk) -> Reply:
    from friendshore.web.pages import page_named
    from friendshore.web.writing import write_page

    page = page_named(asked.name)
    asked = understood(page.question, asked)
    view = page.view(desk, asked)
    jobs = tuple(section.job for section in view.sections if section.job is not None)
    lasting = page.lasting and settled(asked) and not jobs
    return Reply(write_page(page, view, asked).encode(), jobs=jobs, lasting=lasting)


def understood(question: Question | None, asked: Asked) -> Asked:
    """Read what people typed: on a page names stand for codes, which a program has to give."""
    return replace(asked, query=in_codes(question, asked.query)) if question else asked


def _chart(asked: Asked, desk: Desk) -> Reply:
    """One section of a page as a picture that stands alone, or its rows."""
    from friendshore.report.table_files import csv_text
    from friendshore.web.pages import page_named
    from friendshore.web.writing import poster_of

    refuse_kind(asked, (".csv", ".png", ".svg"))
    page = page_named(asked.name)
    view = page.view(desk, understood(page.question, asked))
    section = next((one for one in view.sections if one.id == asked.part), None)
    if section is None or (section.finding if asked.suffix == ".csv" else section.draw) is None:
        raise ArgumentError(
            f"There is no picture or table {asked.part!r} on this page.",
            code="unknown_part",
            hint="Follow the links under a picture.",
        )
    if asked.suffix == ".csv" and section.finding is not None:
        return Reply(csv_text(section.finding).encode(), MEDIA[".csv"], headers=_named(asked.part, ".csv"))
    return Reply(
        poster_of(section, view, asked), MEDIA[asked.suffix], headers=_named(asked.part, asked.suffix)
    )


def _refused(asked: Asked, desk: Desk) -> Reply:
    """Show on its page what the server found wrong with what was sent there."""
    from friendshore.web.failing import remembered

    problem = remembered(next((value for name, value in asked.query if name == "problem"), ""))
    return refused(problem, replace(asked, kind="page", query=()))


_KINDS: Mapping[str, Callable[[Asked, Desk], Reply]] = {
    "api": _api,
    "file": _file,
    "page": _page,
    "chart": _chart,
    "job": _job,
    "result": _result,
    "act": act,
    "refused": _refused,
}
"""By what is asked for."""
