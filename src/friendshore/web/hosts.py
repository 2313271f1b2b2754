"""Whose page sent a request: the Host, Origin and Sec-Fetch checks, as pure functions of its headers.

A browser sends requests for any page that it shows. The Host check keeps out pages whose name was pointed at this
machine (DNS rebinding), the other two pages of other sites that send forms here or load our answers.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

__all__ = ["FORM_TYPES", "Named", "host_of", "is_loopback", "known_hosts", "named", "wrong_origin"]

Headers = Sequence[tuple[bytes, bytes]]
LOOPBACK = ("localhost", "127.0.0.1", "::1")
PORTS: Mapping[str, int] = {"http": 80, "https": 443}
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
"""What a page of any site can send without asking first."""
_AUTHORITY = re.compile(r"(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9._-]{1,253}))(?::([0-9]{1,5}))?")
_SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Named:
    """A machine as an address names it."""

    name: str
    """Lower case, without a dot at its end; IP addresses in their one way of writing."""
    port: int
    numeric: bool
    """True for an IP address, which nobody can point elsewhere."""


def named(authority: str, scheme: str) -> Named | None:
    """Read ``name:port``; None for what is none, as with a user before it."""
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        return None
    bracketed, plain, port = match.groups()
    name = (bracketed or plain).lower()
    try:
        address = ip_address(name)
        if (address.version == 6) != bool(bracketed):
            return None
        name, numeric = address.compressed, True
    except ValueError:
        if bracketed:
            return None
        name, numeric = name.removesuffix("."), False
    number = int(port) if port else PORTS.get(scheme, 80)
    return Named(name, number, numeric) if name and 0 < number < 65_536 else None


def values(headers: Headers, name: bytes) -> list[str]:
    """Return all values of a header."""
    return [value.decode("latin-1").strip() for key, value in headers if key.lower() == name]


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach what listens there."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def known_hosts(host: str) -> frozenset[str]:
    """Names under which this server may be asked for, besides IP addresses where it listens to others.

    Parameters
    ----------
    host
        What it was told to listen on.
    """
    found = set(LOOPBACK)
    if is_loopback(host):
        return frozenset(found | {host.lower().strip("[]")})
    own = platform.node().lower().removesuffix(".")
    first = own.partition(".")[0]
    found |= {own, first, f"{first}.local"} if own else set()
    return frozenset(found | {host.lower().strip("[]").removesuffix(".")})


def host_of(
    headers: Headers, scheme: str, hosts: frozenset[str], port: int, *, open_to_others: bool
) -> Named | None:
    """Return the machine that a request asks for, None where it is not this one or not told apart."""
    told = values(headers, b"host")
    found = named(told[0], scheme) if len(told) == 1 else None
    if found is None or (port and found.port != port):
        return None
    return found if found.name in hosts or (open_to_others and found.numeric) else None


def wrong_origin(method: str, headers: Headers, scheme: str, asked: Named) -> str:
    """Say why a request comes from a page that is not ours: ``origin``, ``site``, ``unstated``; else "".

    Parameters
    ----------
    method, headers, scheme
        Of the request.
    asked
        The machine that it asks for.
    """
    origins, sites = values(headers, b"origin"), values(headers, b"sec-fetch-site")
    if origins:
        protocol, _, authority = origins[0].partition("://")
        if len(origins) > 1 or protocol.lower() != scheme or named(authority, scheme) != asked:
            return "origin"
    if any(site not in ("same-origin", "none") for site in sites):
        modes, places = values(headers, b"sec-fetch-mode"), values(headers, b"sec-fetch-dest")
        followed = method in _SAFE and modes == ["navigate"] and places == ["document"]
        if not followed:
            return "site"
    kinds = [kind.partition(";")[0].strip().lower() for kind in values(headers, b"content-type")]
    formed = any(kind in FORM_TYPES for kind in kinds)
    return "unstated" if method not in _SAFE and formed and not origins and not sites else ""
