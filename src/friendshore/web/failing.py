"""Failures as they pass between processes, and as the server itself tells them when no worker can.

The server keeps what it imports small, so its own page of failure is written here without templates.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from friendshore import errors
from friendshore.errors import FriendshoreError
from friendshore.web.records import Reply

__all__ = ["fault", "refusal", "remembered", "told"]

_HEAD = {"en": "This could not be answered", "ja": "お答えできません"}
_START = {"en": "To the start page", "ja": "最初のページへ"}


def told(error: FriendshoreError) -> dict[str, Any]:
    """Write an error as plain values."""
    return {
        "kind": type(error).__name__,
        "code": error.code,
        "message": error.message,
        "hint": error.hint,
        "rows": list(error.rows),
    }


def remembered(text: str) -> FriendshoreError:
    """Read an error that was written down; what cannot be read is a failure all the same."""
    try:
        found: Mapping[str, Any] = json.loads(text)
        kind = getattr(errors, found["kind"], FriendshoreError)
        error: FriendshoreError = kind(
            found["message"], code=found["code"], hint=found["hint"], rows=found["rows"]
        )
    except (ValueError, KeyError, TypeError):
        return FriendshoreError("It failed, and why cannot be read again.", code="internal_error")
    return error


def fault(problem: BaseException) -> FriendshoreError:
    """Turn an exception that nobody expected into one of ours, which tells nothing of the data at hand."""
    if isinstance(problem, FriendshoreError):
        return problem
    if isinstance(problem, MemoryError):
        return FriendshoreError(
            "Memory ran out.", code="out_of_memory", hint="Ask for fewer years or products at once."
        )
    return FriendshoreError(
        f"An unexpected {type(problem).__name__} in friendshore.",
        code="internal_error",
        hint="This is a fault of the program. Ask the same on the command line with --debug and report what it prints.",
    )


def refusal(
    error: FriendshoreError, status: int, *, lang: str = "en", page: bool = False, wait: int = 0
) -> Reply:
    """Tell a failure from the server itself: the envelope to a program, a bare page to people.

    Parameters
    ----------
    error
        What failed.
    status
        HTTP status.
    lang
        Language of a page.
    page
        Whether people read it.
    wait
        Seconds after which to ask again, 0 for no advice.
    """
    headers = {"cache-control": "no-store"} | ({"retry-after": str(wait)} if wait else {})
    if page:
        return Reply(_page(error, lang).encode(), "text/html; charset=utf-8", status, headers)
    from friendshore.report.envelope import dump, failure

    return Reply(dump(failure(error)).encode(), "application/json", status, headers)


def _page(error: FriendshoreError, lang: str) -> str:
    from friendshore.web.assets import asset_address

    head = _HEAD.get(lang, _HEAD["en"])
    return f"""<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{head} – friendshore</title>
<link rel="stylesheet" href="{asset_address("desk.css")}">
</head>
<body>
<main id="main">
<h1>{head}</h1>
<div class="failure" role="alert">
<p>{escape(error.message)}</p>
<p>{escape(error.hint)}</p>
</div>
<p><a href="/">{_START.get(lang, _START["en"])}</a></p>
</main>
</body>
</html>
"""
