"""The whole desk in the process of a test: its checks and routes as they are served, answers without workers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

import httpx

from friendshore.web.application import application
from friendshore.web.desk import Desk
from friendshore.web.job_book import Job
from friendshore.web.keeping import Database, Kept
from friendshore.web.replying import reply
from friendshore.web.settings import Settings

HERE = "http://127.0.0.1:8765"


class Workers:
    ready = 1

    def __init__(self, kept, answering=reply):
        self.desk, self.answering, self.asked = Desk(kept=kept), answering, []

    async def ask(self, asked):
        self.asked.append(asked)
        return self.answering(asked, self.desk)


class Jobs:
    """Writes down what was begun, and does nothing of it."""

    def __init__(self, kept):
        self.kept, self.begun = kept, []
        self.stopping = asyncio.Event()

    def counts(self):
        return {}

    async def begin(self, asked, visitor="", *, again=False):
        self.begun.append(asked)
        return Job(asked.id, asked.given, asked.address)

    async def wait(self, id_, seconds):
        return None

    async def job(self, id_):
        return None

    async def newest(self, most=50):
        return []


@dataclass
class Heard:
    """What came back for a request that no client library would send."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Site:
    """A desk and its visitor."""

    def __init__(self, settings=None, answering=reply):
        self.settings = settings or Settings()
        self.kept = Kept(Database())
        self.workers, self.jobs = Workers(self.kept, answering), Jobs(self.kept)
        self.app = application(self.workers, self.jobs, self.settings)
        self.runner = asyncio.Runner()

    def close(self):
        self.kept.database.close()
        self.runner.close()

    def ask(self, method, address, *, base=HERE, **told):
        async def asked():
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=True)
            async with httpx.AsyncClient(transport=transport, base_url=base, timeout=120) as client:
                return await client.request(method, address, **told)

        return self.runner.run(asked())

    def get(self, address, **told):
        return self.ask("GET", address, **told)

    def post(self, address, *, origin=HERE, headers=None, **told):
        return self.ask("POST", address, headers={"origin": origin, **(headers or {})}, **told)

    def raw(
        self,
        path: bytes,
        *,
        method: str = "GET",
        headers: Iterable[tuple[bytes, bytes]] = ((b"host", b"127.0.0.1:8765"),),
        query: bytes = b"",
        scheme: str = "http",
        body: Iterable[bytes] = (),
        pause: float = 0.0,
        client: tuple[str, int] = ("127.0.0.1", 5000),
    ) -> Heard:
        """Send a request as it is, byte by byte."""
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": scheme,
            "path": unquote(path.decode("latin-1")),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": list(headers),
            "client": client,
            "server": ("127.0.0.1", 8765),
        }
        parts = list(body)
        heard = Heard()

        async def receive():
            if parts:
                await asyncio.sleep(pause)
                return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}
            if not heard.status:
                return {"type": "http.request", "body": b"", "more_body": False}
            return {"type": "http.disconnect"}

        async def send(message):
            if message["type"] == "http.response.start":
                heard.status = message["status"]
                heard.headers = {k.decode(): v.decode("latin-1") for k, v in message["headers"]}
            else:
                heard.body += message.get("body", b"")

        self.runner.run(self.app(scope, receive, send))
        return heard
