"""The server in this process, with nothing that lasts: questions are answered here, long work never ends."""

from __future__ import annotations

import copy
import threading
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import anyio.to_thread
from fastapi import FastAPI

from friendshore.disruption.scenario_names import shipped
from friendshore.web.application import application
from friendshore.web.desk import Desk
from friendshore.web.job_book import Job
from friendshore.web.openapi_document import document
from friendshore.web.questions import QUESTIONS
from friendshore.web.replying import reply
from friendshore.web.settings import Settings

PORT = 8765
ADDRESS = f"http://127.0.0.1:{PORT}"
KNOWN = {
    "actor": ["JPN", "USA", "EU", "CHN", "AUS", "jpn", "TWN", "G7", "XXX", "日本"],
    "bloc": ["EU", "G7", "IPEF", "JPN", "nobody"],
    "product": ["260111", "284690", "250410", "260400", "010101", "28469"],
    "scenario": [*shipped(), "none-such", "../x"],
    "group": ["magnet-inputs", "energy", "none-such"],
    "member": ["JPN", "USA", "XXX"],
}
"""Kind of field -> words that lead deeper than words drawn at random, and some that nearly do."""


class Here:
    """Answers in this process, one at a time."""

    ready = 1

    def __init__(self) -> None:
        self.desk = Desk()
        self.lock = threading.Lock()

    async def ask(self, asked):
        def answered():
            with self.lock:
                return reply(asked, self.desk)

        return await anyio.to_thread.run_sync(answered)


class Endless:
    """Jobs that are begun and never done."""

    def __init__(self) -> None:
        self.known: dict[str, Job] = {}
        self.stopping = SimpleNamespace(is_set=lambda: True)
        self.kept = SimpleNamespace(has=lambda key: False, finding=lambda key: None)

    async def begin(self, asked, visitor="", *, again=False):
        return self.known.setdefault(asked.id, Job(asked.id, asked.given, asked.address, state="running"))

    async def job(self, id_):
        return self.known.get(id_)

    async def newest(self, most=50):
        return list(self.known.values())[:most]

    async def cancel(self, id_):
        if id_ in self.known:
            self.known[id_] = replace(self.known[id_], state="cancelled")
        return self.known.get(id_)

    async def wait(self, id_, seconds):
        return None

    async def change(self, id_, seconds):
        return None

    def counts(self):
        return Counter(job.state for job in self.known.values())


def server() -> FastAPI:
    """Build the real server around them."""
    return application(Here(), Endless(), Settings(port=PORT))


def described(*, deep: bool, pages: bool) -> dict:
    """The description of the API; ``deep`` draws words that exist, ``pages`` adds the pages of every question."""
    told = copy.deepcopy(document())
    told["servers"] = [{"url": ADDRESS}]
    for question in QUESTIONS.values():
        kinds = {field.name: field.kind for field in question.fields}
        for path in (f"/api/{question.name}", f"/file/{question.name}.{{suffix}}"):
            for parameter in told["paths"][path]["get"]["parameters"] if deep else ():
                _known(parameter, kinds.get(parameter["name"], ""))
    if pages:
        told["paths"] |= {f"/{name}": _page(told, name) for name in QUESTIONS}
        told["paths"] |= {path: _page(told, "") for path in OWN_PAGES}
    return told


OWN_PAGES = ("/", "/disruption", "/read", "/scenarios", "/methods", "/api")


def _known(parameter: dict, kind: str) -> None:
    schema = parameter["schema"]
    if kind in KNOWN and schema["type"] == "array":
        schema |= {"items": {"type": "string", "enum": KNOWN[kind]}, "maxItems": 3}
    elif kind in KNOWN:
        parameter["schema"] = {"type": "string", "enum": KNOWN[kind]}
    elif kind in ("year", "years"):
        parameter["schema"] = {"type": "string", "enum": ["2022", "2020-2022", "1990", "2022-2020"]}


def _page(told: dict, name: str) -> dict:
    """A page takes what the question takes, and answers as HTML whatever it is given."""
    parameters = copy.deepcopy(told["paths"][f"/api/{name}"]["get"]["parameters"]) if name else []
    if not name:
        parameters = [
            {"name": one, "in": "query", "schema": {"type": "string"}}
            for one in ("lang", "rows", "show", "compare", "with", "scenario", "document", "text", "importer")
        ]
    for parameter in parameters:
        parameter["required"] = False
    shown = {"description": "A page.", "content": {"text/html": {"schema": {"type": "string"}}}}
    return {
        "get": {
            "operationId": f"page-{name or 'own'}-{len(parameters)}",
            "parameters": parameters,
            "responses": {"200": shown, "default": shown},
        }
    }
