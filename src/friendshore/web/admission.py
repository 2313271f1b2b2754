"""Who may ask at all, where others can reach the server: those who know its token, which is given once.

The token comes as ``Authorization: Bearer``, or once in the address, for which the visitor gets a cookie that
proves it without holding it. Guesses are counted by visitor, and after a few no more are looked at for a while.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from ipaddress import ip_address

from friendshore.web.hosts import values

__all__ = ["Door", "asking_page", "leading_page", "visitor_of"]

MOST_GUESSES = 10
GUESS_SECONDS = 300.0
"""A visitor has so many guesses in so many seconds."""
MOST_VISITORS = 10_000
MONTH_SECONDS = 30 * 86_400


def visitor_of(client: Sequence[object] | None) -> str:
    """Name a visitor by where it comes from; one network of IPv6 is one visitor."""
    told = str(client[0]) if client else ""
    try:
        address = ip_address(told)
    except ValueError:
        return told
    return address.exploded[:19] if address.version == 6 else told


@dataclass
class Door:
    """Lets in who knows the token."""

    token: str
    port: int
    now: Callable[[], float] = time.monotonic
    guesses: dict[str, deque[float]] = field(default_factory=dict)

    @property
    def cookie(self) -> str:
        """Name of the cookie; cookies do not tell ports apart, so the name does."""
        return f"friendshore-admitted-{self.port}"

    @property
    def proof(self) -> str:
        """What the cookie holds: made from the token, which cannot be told from it."""
        return hmac.new(self.token.encode(), b"friendshore admitted", hashlib.sha256).hexdigest()

    def admits(self, headers: Sequence[tuple[bytes, bytes]]) -> bool:
        """Tell whether a request brings the cookie of who was let in before."""
        held = False
        for header in values(headers, b"cookie"):
            for part in header.split(";"):
                name, _, value = part.strip().partition("=")
                if name == self.cookie:
                    held |= hmac.compare_digest(value.encode(), self.proof.encode())
        return held

    def tries(self, visitor: str, token: str) -> bool:
        """Compare what a visitor holds to be the token; a wrong one counts against it."""
        right = hmac.compare_digest(token.encode("utf-8", "backslashreplace"), self.token.encode())
        if not right:
            if len(self.guesses) >= MOST_VISITORS:
                self.guesses.pop(next(iter(self.guesses)))
            self.guesses.setdefault(visitor, deque(maxlen=MOST_GUESSES)).append(self.now())
        return right

    def waits(self, visitor: str) -> int:
        """Seconds until a visitor may guess again; 0 where it may."""
        times = self.guesses.get(visitor)
        if times is None or len(times) < MOST_GUESSES:
            return 0
        left = times[0] + GUESS_SECONDS - self.now()
        return max(0, int(left) + 1) if left > 0 else 0

    def set_cookie(self, *, secure: bool) -> str:
        """Write the header that lets a visitor in from now on."""
        tail = "; Secure" if secure else ""
        return f"{self.cookie}={self.proof}; Path=/; HttpOnly; SameSite=Strict; Max-Age={MONTH_SECONDS}{tail}"


def asking_page(address: str, lang: str, *, wrong: bool = False) -> str:
    """Write the page that asks for the token.

    Parameters
    ----------
    address
        What was asked for, from the first slash on and without a token; whoever was let in before comes back to it.
    lang
        Language.
    wrong
        Whether a token was given that is not the one.
    """
    from friendshore.report.words import say
    from friendshore.web.assets import asset_address

    def t(text: str) -> str:
        return escape(say(text, lang=lang))

    told = f"<p><strong>{t('That is not the token.')}</strong></p>" if wrong else ""
    why = t(
        "Others can reach this server, so it answers those who know its token. Whoever started it reads the token "
        "where it was started."
    )
    return f"""<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{t("This desk asks for its token")} – friendshore</title>
<link rel="stylesheet" href="{asset_address("desk.css")}">
</head>
<body>
<main id="main">
<h1>{t("This desk asks for its token")}</h1>
<div class="failure" role="alert">{told}
<p>{why}</p>
</div>
<form method="get" action="/">
<p><label for="token">{t("Token")}</label>
<input id="token" name="token" type="password" autocomplete="off" required></p>
<p><button type="submit">{t("Open the desk")}</button></p>
</form>
<p>{t("You gave it in this browser before, and came from another page?")}
<a href="{escape(address)}">{t("Open the same address again")}</a></p>
</main>
</body>
</html>
"""


def leading_page(address: str) -> str:
    """Write the page that leads on, where a redirection would lose the cookie."""
    told = escape(address)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>friendshore</title>'
        f'<meta http-equiv="refresh" content="0; url={told}"></head>'
        f'<body><p><a href="{told}">friendshore</a></p></body></html>'
    )
