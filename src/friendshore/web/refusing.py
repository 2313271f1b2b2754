"""What the server itself says when it turns a request away: to people as a page, to a program as the envelope."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from friendshore.errors import ArgumentError, FriendshoreError
from friendshore.web.admission import asking_page
from friendshore.web.failing import refusal
from friendshore.web.hosts import values
from friendshore.web.records import Reply
from friendshore.web.settings import Settings

__all__ = ["asking", "broken", "framework_error", "is_page", "spoken", "turned_away", "without_token"]

Scope = MutableMapping[str, Any]

_TOLD: Mapping[str, tuple[str, str]] = {
    "wrong_host": (
        "This server was asked for under a name or port that is not its own.",
        "Open the address that it printed when it was started.",
    ),
    "wrong_origin": (
        "The request was sent by a page of another address than this server's own.",
        "Open the page here, under the address that you began with, and send it from there.",
    ),
    "wrong_site": (
        "Another site tried to load or send something here.",
        "Follow a link to the page itself, or open its address.",
    ),
    "wrong_unstated": (
        "A form came without saying from which page.",
        "A program adds the header Origin with this server's address, or sends the document as it is under its own "
        "content type, as application/pdf or application/json.",
    ),
    "bad_method": ("Requests are GET, HEAD, POST or DELETE.", "Ask with GET."),
    "bad_address": (
        "The address holds signs that no address of this server has.",
        "Begin at the start page, which links to all.",
    ),
    "address_too_long": (
        "The address is longer than 16,384 bytes.",
        "Ask for fewer at once, or name a group.",
    ),
    "bad_request": ("The length of the body is not told apart.", "Send one Content-Length."),
    "body_too_large": (
        "What was sent is larger than this server takes.",
        "Send the part that matters; a document has at most 10 MB.",
    ),
    "body_too_slow": ("What was sent took too long to arrive.", "Send it again."),
    "no_token": (
        "This server answers those who know its token.",
        "Send it as the header Authorization: Bearer TOKEN. It was printed where the server was started.",
    ),
    "wrong_token": (
        "That is not this server's token.",
        "Whoever started the server reads it where it was started; it is new with each start.",
    ),
    "too_many_guesses": (
        "Too many wrong tokens came from this address.",
        "Wait as long as Retry-After says, and copy the token.",
    ),
    "token_in_address": (
        "A token in the address is taken when a page is opened, not when something is sent.",
        "Open the page with it first, or send the header Authorization: Bearer TOKEN.",
    ),
}


def turned_away(
    code: str, status: int, scope: Scope, settings: Settings, headers: Mapping[str, str] | None = None
) -> Reply:
    """Turn a request away.

    Parameters
    ----------
    code
        Why.
    status
        HTTP status.
    scope
        The request.
    settings
        Whose language is spoken where the visitor asks for none.
    headers
        Further ones.
    """
    message, hint = _TOLD[code]
    return _told(ArgumentError(message, code=code, hint=hint), status, scope, settings, headers)


def framework_error(
    status: int, scope: Scope, settings: Settings, headers: Mapping[str, str] | None = None
) -> Reply:
    """Tell what the web framework refused, as ours is told."""
    code, message, hint = {
        404: (
            "unknown_page",
            "There is nothing at this address.",
            "Begin at the start page, which links to all.",
        ),
        405: ("bad_method", "This address is not asked in this way.", "Ask with GET, or see /openapi.json."),
    }.get(
        status, ("bad_request", "The request could not be understood.", "See /openapi.json for how to ask.")
    )
    return _told(ArgumentError(message, code=code, hint=hint), status, scope, settings, headers)


def broken(problem: FriendshoreError, scope: Scope, settings: Settings) -> Reply:
    """Tell a fault of the program."""
    return _told(problem, 500, scope, settings, None)


def asking(scope: Scope, settings: Settings, *, wrong: bool) -> Reply:
    """Say that a token is needed: a page that takes it to people, the envelope to a program."""
    headers = {"www-authenticate": 'Bearer realm="friendshore"'}
    if is_page(scope):
        page = asking_page(without_token(scope), spoken(scope, settings), wrong=wrong)
        return Reply(page.encode(), status=401, headers=headers)
    return turned_away("wrong_token" if wrong else "no_token", 401, scope, settings, headers)


def _told(
    error: FriendshoreError, status: int, scope: Scope, settings: Settings, headers: Mapping[str, str] | None
) -> Reply:
    reply = refusal(error, status, lang=spoken(scope, settings), page=is_page(scope))
    return Reply(reply.body, reply.media, status, {**reply.headers, **(headers or {})})


def is_page(scope: Scope) -> bool:
    """Tell whether people read the answer."""
    first = scope["path"].split("/")[1:2]
    # The page of addresses stands at /api itself.
    if (
        scope["path"] != "/api"
        and first
        and first[0] in ("api", "file", "chart", "healthz", "openapi.json", "static")
    ):
        return False
    return any("text/html" in told for told in values(scope["headers"], b"accept"))


def spoken(scope: Scope, settings: Settings) -> str:
    """Return the language to speak: by address, cookie, browser, server, in this order."""
    told = [dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("lang", "")]
    for header in values(scope["headers"], b"cookie"):
        told += [one.strip()[17:] for one in header.split(";") if one.strip().startswith("friendshore-lang=")]
    for header in values(scope["headers"], b"accept-language"):
        told += [one.partition(";")[0].partition("-")[0].strip() for one in header.split(",")]
    return next((one for one in told if one in ("en", "ja")), settings.lang)


def without_token(scope: Scope) -> str:
    """Write the address that was asked for, without a token. Its path begins with one slash: it was checked."""
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    left = urlencode([pair for pair in pairs if pair[0] != "token"])
    path = scope.get("raw_path", b"").partition(b"?")[0].decode("latin-1") or scope["path"]
    return f"{path}?{left}" if left else path
