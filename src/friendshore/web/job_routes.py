"""Addresses of long work: begin it, see how far it is, follow it, cancel it, fetch what was found."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from friendshore.errors import ArgumentError, FriendshoreError, WorkerError
from friendshore.web.job_book import ENDED, Job
from friendshore.web.records import Asked
from friendshore.web.settings import Settings

if TYPE_CHECKING:
    from friendshore.web.application import Workers
    from friendshore.web.jobs import JobLine

__all__ = ["job_response", "routes", "shown"]

ID = re.compile(r"[0-9a-f]{24}")
HEARTBEAT_SECONDS = 10.0
MOST_LISTED = 50


def routes(workers: Workers, jobs: JobLine, settings: Settings) -> APIRouter:
    """Build the routes."""
    router = APIRouter()
    _program(router, workers, jobs, settings)
    _streams(router, jobs, settings)
    _forms(router, jobs)
    return router


def _program(router: APIRouter, workers: Workers, jobs: JobLine, settings: Settings) -> None:
    from friendshore.web.application import begun_from, response_of, spoken, visitor_of

    @router.post("/api/jobs")
    async def begin(request: Request) -> Response:
        question, query = read_body(await _body(request, settings.body_bytes))
        asked = Asked("job", question, query, spoken(request, settings.lang))
        reply = await workers.ask(asked)
        if not reply.jobs:
            return response_of(reply)
        job = await jobs.begin(begun_from(asked, reply.jobs[0]), visitor_of(request), again=True)
        return job_response(job, asked.lang, 202)

    @router.get("/api/jobs")
    async def listed(request: Request) -> Response:
        lang = spoken(request, settings.lang)
        return _json({"ok": True, "jobs": [shown(job, lang) for job in await jobs.newest(MOST_LISTED)]})

    @router.get("/api/jobs/{job_id}")
    async def state(request: Request, job_id: str) -> Response:
        return job_response(await _known(jobs, job_id), spoken(request, settings.lang))

    @router.get("/api/jobs/{job_id}/result")
    async def result(request: Request, job_id: str) -> Response:
        job, lang = await _known(jobs, job_id), spoken(request, settings.lang)
        if job.state not in ENDED:
            return job_response(job, lang, 202)
        return response_of(await workers.ask(Asked("result", job.id, (), lang)), request)

    @router.delete("/api/jobs/{job_id}")
    async def cancel(request: Request, job_id: str) -> Response:
        await _known(jobs, job_id)
        job = await jobs.cancel(job_id)
        return job_response(job or await _known(jobs, job_id), spoken(request, settings.lang))


def _streams(router: APIRouter, jobs: JobLine, settings: Settings) -> None:
    from friendshore.web.application import spoken

    streams = 0

    async def events(job: Job, lang: str) -> AsyncIterator[bytes]:
        nonlocal streams
        streams += 1
        try:
            async for event in _events(jobs, job, lang):
                yield event
        finally:
            streams -= 1

    @router.get("/api/jobs/{job_id}/events")
    async def follow(request: Request, job_id: str) -> Response:
        job = await _known(jobs, job_id)
        if streams >= settings.streams:
            raise WorkerError(
                "Too many readers follow jobs already.",
                code="too_many_streams",
                hint=f"Ask for the state from time to time instead: /api/jobs/{job.id}",
            )
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        lang = spoken(request, settings.lang)
        return StreamingResponse(events(job, lang), media_type="text/event-stream", headers=headers)


def _forms(router: APIRouter, jobs: JobLine) -> None:
    @router.post("/jobs/{job_id}/cancel")
    async def cancel(job_id: str) -> Response:
        job = await _known(jobs, job_id)
        await jobs.cancel(job.id)
        return RedirectResponse(job.address or "/", status_code=303)

    @router.post("/jobs/{job_id}/again")
    async def again(request: Request, job_id: str) -> Response:
        from friendshore.web.application import visitor_of
        from friendshore.web.records import JobAsked

        job = await _known(jobs, job_id)
        await jobs.begin(JobAsked(job.id, job.given, job.address), visitor_of(request), again=True)
        return RedirectResponse(job.address or "/", status_code=303)


async def _events(jobs: JobLine, job: Job, lang: str) -> AsyncIterator[bytes]:
    """Tell the state at once, then every change, until the job ends or the server does."""
    yield b"retry: 3000\n\n"
    last, silent = "", 0.0
    while True:
        text = json.dumps(shown(job, lang), ensure_ascii=False)
        if text != last:
            last, silent = text, 0.0
            yield f"data: {text}\n\n".encode("utf-8", "replace")
        elif silent >= HEARTBEAT_SECONDS:
            silent = 0.0
            yield b": still here\n\n"
        if job.state in ENDED or jobs.stopping.is_set():
            return
        await jobs.change(job.id, 1.0)
        silent += 1.0
        job = await jobs.job(job.id) or job


def shown(job: Job, lang: str) -> dict[str, Any]:
    """Write a job as a program gets it."""
    from friendshore.web.parameters import pairs_of
    from friendshore.web.questions import QUESTIONS

    arguments: dict[str, Any] = {}
    question = QUESTIONS.get(job.given.question)
    if question is not None:
        for name, value in pairs_of(question, job.given.arguments, job.given.data):
            before = arguments.get(name)
            arguments[name] = (
                value if before is None else [*(before if isinstance(before, list) else [before]), value]
            )
    told = {
        "id": job.id,
        "state": job.state,
        "question": job.given.question,
        "arguments": arguments,
        "done": job.done,
        "total": job.total,
        "message": job.message.get(lang, ""),
        "address": job.address,
        "result": f"/api/jobs/{job.id}/result" if job.state == "done" else None,
        "asked": job.asked,
        "begun": job.begun or None,
        "ended": job.ended or None,
    }
    if job.error:
        told["error"] = {name: job.error.get(name) for name in ("code", "message", "hint", "rows")}
    return told


def job_response(job: Job, lang: str, status: int = 200) -> Response:
    """Tell the state of a job."""
    return _json({"ok": True, "job": shown(job, lang)}, status, {"location": f"/api/jobs/{job.id}"})


def _json(told: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    from friendshore.report.envelope import dump

    return Response(
        dump(told), status, {"cache-control": "no-store", **(headers or {})}, media_type="application/json"
    )


async def _known(jobs: JobLine, job_id: str) -> Job:
    job = await jobs.job(job_id) if ID.fullmatch(job_id) else None
    if job is None:
        raise FriendshoreError(
            "There is no such job.",
            code="unknown_job",
            hint="List them: /api/jobs, or ask the question again.",
        )
    return job


async def _body(request: Request, most: int) -> bytes:
    """Read a body of limited size."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ArgumentError(
            "The body is not said to be JSON.", code="bad_body", hint="Send content-type: application/json."
        )
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise ArgumentError(f"The body is larger than {most} bytes.", code="too_much", hint="Send less.")
    return bytes(body)


def read_body(body: bytes) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Read ``{"question": ..., "arguments": {...}}`` as the question and the names and values of its address."""
    hint = 'Send {"question": "plan", "arguments": {"scenario": "economic-2plus2", "quick": true}}.'
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise ArgumentError("The body is not JSON.", code="bad_body", hint=hint) from problem
    if not isinstance(told, dict) or not {"question"} <= told.keys() <= {"question", "arguments"}:
        raise ArgumentError(
            "The body is not an object with question and arguments.", code="bad_body", hint=hint
        )
    question, arguments = told["question"], told.get("arguments", {})
    if not isinstance(question, str) or not isinstance(arguments, dict):
        raise ArgumentError("question is no text, or arguments no object.", code="bad_body", hint=hint)
    query: list[tuple[str, str]] = []
    for name, value in arguments.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict | list):
                raise ArgumentError(
                    f"{name[:40]} holds more than a list of plain values.", code="bad_value", hint=hint
                )
            if one is not None:
                query.append((name, str(one).lower() if isinstance(one, bool) else str(one)))
    return question, tuple(query)
