"""Bytes that are no request, sent to a real server: it refuses or closes, goes on, and never fails."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import httpx
import pytest

TIMES = float(os.environ.get("FRIENDSHORE_FUZZ", "1"))
LINES = (
    b"GET / HTTP/1.1",
    b"GET /api/exposure?importer=\x00\xff HTTP/1.1",
    b"GET /api/exposure?importer=%zz&on=%00%ff HTTP/1.1",
    b"GET /../../etc/passwd HTTP/1.1",
    b"GET //evil.example/ HTTP/1.1",
    b"GET http://evil.example/ HTTP/1.1",
    b"GET /%2e%2e/%2e%2e HTTP/1.1",
    b"CONNECT evil.example:443 HTTP/1.1",
    b"OPTIONS * HTTP/1.1",
    b"POST /api/jobs HTTP/1.1",
    b"DELETE /api/jobs/0 HTTP/9.9",
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"PRI * HTTP/2.0",
    b"",
)
HEADS = (
    b"Host: %b",
    b"Host: evil.example",
    b"Host: a\x00b",
    b"Content-Length: 5",
    b"Content-Length: -1",
    b"Content-Length: 99999999999999999999",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: chunked, identity",
    b"Content-Type: application/json",
    b"Accept-Language: " + b"ja," * 3000,
    b"Cookie: " + b"a=b; " * 900,
    b"Cookie: friendshore-lang=\xff\xfe",
    b"X: \r\n folded",
    b"Upgrade: websocket",
    b"Connection: close",
    b"no colon here",
)
BODIES = (
    b"",
    b"{}",
    b"\x00" * 40,
    b"5\r\nhello\r\n0\r\n\r\n",
    b"ffffffffffffffff\r\n",
    b'{"question":' + b"[" * 5000,
)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    environment = {
        **os.environ,
        "FRIENDSHORE_DATA": str(tmp_path_factory.mktemp("home")),
        "FRIENDSHORE_TOKEN": "",
    }
    command = [sys.executable, "-m", "friendshore", "serve", "--port", "0", "--processes", "1", "--quiet"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )
    try:
        yield process.stdout.readline().split()[-1]
        assert process.poll() is None
    finally:
        process.terminate()
        process.communicate(timeout=20)


def sent(address, request: bytes) -> bytes:
    """What comes back within a moment; nothing where the server waits for more or has closed."""
    parts = urlsplit(address)
    with contextlib.suppress(OSError), socket.create_connection((parts.hostname, parts.port), 5) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        line.settimeout(2)
        return line.recv(200)
    return b""


def test_odd_bytes_are_refused_and_the_server_goes_on(address):
    pick = random.Random(7)
    own = urlsplit(address).netloc.encode()
    odd = []
    for _ in range(round(300 * TIMES)):
        heads = pick.sample(HEADS, pick.randint(0, 5))
        text = b"\r\n".join([pick.choice(LINES), *(h.replace(b"%b", own) for h in heads)])
        request = text + b"\r\n\r\n" + pick.choice(BODIES)
        if pick.random() < 0.2:
            request = bytes(pick.randrange(256) for _ in range(pick.randint(1, 300)))
        elif pick.random() < 0.2:
            request = request[: pick.randint(0, len(request))]
        reply = sent(address, request)
        if reply and not reply.startswith((b"HTTP/1.1 2", b"HTTP/1.1 3", b"HTTP/1.1 4", b"HTTP/1.0 4")):
            odd.append((request[:200], reply[:100]))
    assert odd == []
    with httpx.Client(base_url=address, timeout=30) as client:
        assert client.get("/healthz").json()["ok"] is True
        assert client.get("/api/leverage", params={"a": "JPN", "b": "AUS"}).status_code == 200
