"""What every request passes before it is routed, and what every reply carries.

Asked for by its own name, by its own pages, by somebody who may, in a form and size that is answered: whatever
fails is told as any other failure. Nothing here reads a file or asks a worker.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote_to_bytes

from friendshore.web.admission import Door, leading_page, visitor_of
from friendshore.web.bodies import Body
from friendshore.web.failing import fault
from friendshore.web.hosts import host_of, is_loopback, known_hosts, values, wrong_origin
from friendshore.web.records import Reply
from friendshore.web.refusing import asking, broken, framework_error, turned_away, without_token
from friendshore.web.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["POLICY", "UPLOADS", "Guard", "guard"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
ASGI = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger("friendshore.desk")

METHODS = ("GET", "HEAD", "POST", "DELETE")
UPLOADS = ("/read", "/api/read", "/plan/join", "/api/join")
"""Where documents are sent to; every other body is a small form."""
LONGEST_QUERY, LONGEST_PATH = 16_384, 1024
FORM_SECONDS = 15.0
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
DOWNLOAD_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
"""Of a file that is handed out: opened from this address it could still not run or send anything."""
HEADERS: Mapping[str, str] = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_BAD_PATH = re.compile(rb"//|\\|%2f|%5c|[\x00-\x20\x7f]|%[01][0-9a-f]|%7f", re.IGNORECASE)


def guard(app: FastAPI, settings: Settings) -> None:
    """Put the checks around a server, and let every failure of its framework be told as ours are."""
    from fastapi import Request, Response
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException

    async def plain(request: Request, problem: Exception) -> Response:
        status = problem.status_code if isinstance(problem, HTTPException) else 400
        reply = framework_error(status, request.scope, settings, getattr(problem, "headers", None))
        return Response(reply.body, reply.status, dict(reply.headers), media_type=reply.media)

    app.add_exception_handler(HTTPException, plain)
    app.add_exception_handler(RequestValidationError, plain)
    app.add_middleware(Guard, settings=settings)


class _Refused(Exception):  # noqa: N818  an answer, not a fault
    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


class Guard:
    """The checks, as a layer around a server."""

    def __init__(self, app: ASGI, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.hosts = known_hosts(settings.host)
        self.open = not is_loopback(settings.host)
        self.door = Door(settings.token, settings.port) if settings.token else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check a request and pass it on."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        upload = scope["method"] == "POST" and scope["path"] in UPLOADS
        most, seconds = (
            (self.settings.upload_bytes, self.settings.upload_seconds)
            if upload
            else (self.settings.body_bytes, FORM_SECONDS)
        )
        body = Body(receive, most, seconds)
        sent = _Sent(send, scope, body, self.settings)
        try:
            self._check(scope, most)
            # What answers GET answers HEAD; the server below leaves the body out.
            asked = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
            await self.app(asked, body, sent)
        except _Refused as refused:
            await sent.reply(refused.reply)
        except Exception as problem:  # noqa: BLE001  whatever happens, the visitor gets an answer and the log no data
            if not body.over and type(problem).__name__ != "ClientDisconnect":
                _log(problem)
            if not sent.started and not body.over:
                await sent.reply(broken(fault(problem), scope, self.settings))
        if body.over and not sent.started:
            await sent.refuse_body()

    def _check(self, scope: Scope, most: int) -> None:
        """Refuse what is not to be routed."""
        headers, scheme = scope["headers"], scope["scheme"]
        self._check_form(scope)
        host = host_of(headers, scheme, self.hosts, self._port(scope), open_to_others=self.open)
        if host is None:
            raise self._refused("wrong_host", 421, scope)
        reason = wrong_origin(scope["method"], headers, scheme, host)
        if reason:
            raise self._refused(f"wrong_{reason}", 403, scope)
        self._admit(scope)
        lengths = values(headers, b"content-length")
        if any(not (told.isascii() and told.isdecimal()) for told in lengths) or len(set(lengths)) > 1:
            raise self._refused("bad_request", 400, scope)
        if lengths and (len(lengths[0]) > 15 or int(lengths[0]) > most):
            raise self._refused("body_too_large", 413, scope)

    def _port(self, scope: Scope) -> int:
        """Return the port that is listened on; asked for any, the system chose one."""
        server = scope.get("server")
        return self.settings.port or int(server[1] if server and server[1] else 0)

    def _check_form(self, scope: Scope) -> None:
        method, path, query = scope["method"], scope.get("raw_path", b""), scope["query_string"]
        path = path.partition(b"?")[0] or scope["path"].encode("utf-8", "surrogateescape")
        if method not in METHODS:
            raise self._refused("bad_method", 405, scope, {"allow": ", ".join(METHODS)})
        if method == "HEAD" and path.endswith(b"/events"):
            raise self._refused("bad_method", 405, scope, {"allow": "GET"})
        if len(query) > LONGEST_QUERY or len(path) > LONGEST_PATH:
            raise self._refused("address_too_long", 414, scope)
        plain = unquote_to_bytes(path)
        dots = any(part in (b".", b"..") for part in plain.split(b"/"))
        if not path.startswith(b"/") or _BAD_PATH.search(path) or dots or not _is_utf8(plain):
            raise self._refused("bad_address", 404, scope)
        if b"%00" in query or not _is_utf8(unquote_to_bytes(query)):
            raise self._refused("bad_address", 400, scope)

    def _admit(self, scope: Scope) -> None:
        """Let in who knows the token; given in the address, it is taken out of it at once."""
        door, path = self.door, scope["path"]
        if door is None or path.startswith("/static/"):
            return
        headers, visitor = scope["headers"], visitor_of(scope.get("client"))
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = [value for name, value in pairs if name == "token"]
        admitted = door.admits(headers)
        bearer = next(
            (one[7:].strip() for one in values(headers, b"authorization") if one[:7].lower() == "bearer "),
            None,
        )
        if admitted and not given:
            return
        if not admitted and (given or bearer is not None):
            wait = door.waits(visitor)
            if wait:
                raise self._refused("too_many_guesses", 429, scope, {"retry-after": str(wait)})
            held = given[-1] if given else str(bearer)
            if not door.tries(visitor, held):
                raise _Refused(asking(scope, self.settings, wrong=True))
            if not given:
                return
        if not given and path == "/healthz":
            # That it lives is no secret; how busy it is and which version, is.
            raise _Refused(Reply(b'{"ok":true}', "application/json"))
        if not given:
            raise _Refused(asking(scope, self.settings, wrong=False))
        if scope["method"] not in ("GET", "HEAD"):
            raise self._refused("token_in_address", 400, scope)
        raise _Refused(_let_in(scope, door))

    def _refused(
        self, code: str, status: int, scope: Scope, headers: Mapping[str, str] | None = None
    ) -> _Refused:
        return _Refused(turned_away(code, status, scope, self.settings, headers))


def _let_in(scope: Scope, door: Door) -> Reply:
    """Hand out the cookie, and lead to the address without the token.

    A browser that follows a link of another site would not send the cookie with what it is redirected to, so
    there a page of ours leads on.
    """
    cookie = {"set-cookie": door.set_cookie(secure=scope["scheme"] == "https")}
    address = without_token(scope)
    if any(site in ("cross-site", "same-site") for site in values(scope["headers"], b"sec-fetch-site")):
        return Reply(leading_page(address).encode(), headers=cookie)
    return Reply(b"", status=303, headers={"location": address} | cookie)


class _Sent:
    """Stands where a reply is sent to: adds the headers that every reply carries."""

    def __init__(self, send: Send, scope: Scope, body: Body, settings: Settings) -> None:
        self.send = send
        self.scope = scope
        self.body = body
        self.settings = settings
        self.started = False
        self.replaced = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if self.body.over:
                await self.refuse_body()
                self.replaced = True
                return
            self.started = True
            message = {**message, "headers": _finished(message.get("headers", ()), self.scope)}
        if not self.replaced:
            await self.send(message)

    async def refuse_body(self) -> None:
        """Refuse a body that was too long or too slow."""
        code, status = ("body_too_large", 413) if self.body.over == "size" else ("body_too_slow", 408)
        reply = turned_away(code, status, self.scope, self.settings, {"connection": "close"})
        await self.reply(reply, always=True)

    async def reply(self, reply: Reply, *, always: bool = False) -> None:
        """Send a whole reply."""
        if self.started and not always:
            return
        self.started = True
        headers = [(name.encode(), value.encode("latin-1")) for name, value in reply.headers.items()]
        headers += [(b"content-type", reply.media.encode()), (b"content-length", b"%d" % len(reply.body))]
        start = {"type": "http.response.start", "status": reply.status}
        await self.send({**start, "headers": _finished(headers, self.scope)})
        await self.send({"type": "http.response.body", "body": reply.body})


def _finished(headers: Any, scope: Scope) -> list[tuple[bytes, bytes]]:  # noqa: ANN401  pairs of bytes
    """Add what every reply carries; no page of another site is ever let in."""
    kept = [
        (name.lower(), value)
        for name, value in headers
        if name.lower().decode("latin-1") not in HEADERS and not name.lower().startswith(b"access-control-")
    ]
    told = dict(kept)
    attached = told.get(b"content-disposition", b"").startswith(b"attachment")
    policy = DOWNLOAD_POLICY if attached else POLICY
    kept = [pair for pair in kept if pair[0] != b"content-security-policy"]
    kept.append((b"content-security-policy", policy.encode()))
    kept += [(name.encode(), value.encode()) for name, value in HEADERS.items()]
    if b"cache-control" not in told:
        kept.append((b"cache-control", b"private, no-store"))
    lang = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("lang", "")
    if lang in ("en", "ja") and told.get(b"content-type", b"").startswith(b"text/html") and not attached:
        cookie = f"friendshore-lang={lang}; Path=/; SameSite=Lax; Max-Age=31536000"
        kept.append((b"set-cookie", cookie.encode()))
    return kept


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _log(problem: BaseException) -> None:
    """Log where it went wrong, without the message: it may hold what somebody sent."""
    frames = traceback.extract_tb(problem.__traceback__)[-6:]
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    log.error("unexpected %s at %s", type(problem).__name__, places)
