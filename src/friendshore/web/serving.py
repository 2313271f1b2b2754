"""Run the server: take the port, begin workers, say where it listens, end everything with it."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import replace
from types import FrameType

import uvicorn

from friendshore.errors import ArgumentError, OutputError
from friendshore.web.application import application
from friendshore.web.jobs import ANSWERING, JobLine
from friendshore.web.keeping import usable
from friendshore.web.settings import Settings
from friendshore.web.workers import Pool
from friendshore.web.working import Setup

__all__ = ["address_of", "listen", "secured", "serve"]

TOKEN = "FRIENDSHORE_TOKEN"  # noqa: S105  the name of a variable
LEAST_TOKEN = 16
GRACE_SECONDS = 3


def serve(
    settings: Settings,
    *,
    said: Callable[[str], None],
    opened: bool = False,
    setup: Setup | None = None,
    answering: str = ANSWERING,
) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    settings
        Where and how; see :func:`secured`.
    said
        Takes the address once the server listens.
    opened
        Whether the browser of this machine is opened there.
    setup, answering
        Who answers in the workers, and in the processes of jobs; others in tests.

    Raises
    ------
    OutputError
        ``port_taken`` or ``cannot_listen``.
    """
    listener = listen(settings.host, settings.port)
    with contextlib.closing(listener), usable():
        settings = replace(settings, port=listener.getsockname()[1])
        workers = Pool(settings, setup)
        jobs = JobLine(settings, answering=answering)
        asyncio.run(_served(settings, listener, workers, jobs, said, opened=opened))


async def _served(
    settings: Settings,
    listener: socket.socket,
    workers: Pool,
    jobs: JobLine,
    said: Callable[[str], None],
    *,
    opened: bool,
) -> None:
    await workers.start()
    app = application(workers, jobs, settings)
    config = uvicorn.Config(
        app,
        log_level="critical",
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ws="none",
    )
    server = _Server(config, settings, jobs, said, opened=opened)
    try:
        await jobs.start()
        await server.serve([listener])
    finally:
        await jobs.stop()
        await workers.stop()


class _Server(uvicorn.Server):
    """Says that it listens, and lets readers of jobs go before it waits for them."""

    def __init__(
        self,
        config: uvicorn.Config,
        settings: Settings,
        jobs: JobLine,
        said: Callable[[str], None],
        *,
        opened: bool,
    ) -> None:
        super().__init__(config)
        self.settings, self.jobs, self.said, self.opened = settings, jobs, said, opened

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        where = address_of(self.settings)
        self.said(where)
        if self.opened:
            import webbrowser

            await asyncio.to_thread(webbrowser.open, where)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.jobs.release()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # Not kept to be raised again afterwards: to be interrupted is how a server ends.
        self.force_exit = self.should_exit
        self.should_exit = True


def listen(host: str, port: int) -> socket.socket:
    """Take the port, or say who might have it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            if os.name == "posix":
                # After a restart the port is free at once; elsewhere the option would let two servers share it.
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
            listener.listen(256)
        except BaseException:  # closed, whatever ends it
            listener.close()
            raise
    except OSError as problem:
        raise _cannot_listen(host, port, problem) from problem
    return listener


def _cannot_listen(host: str, port: int, problem: OSError) -> OutputError:
    if problem.errno == errno.EADDRINUSE:
        return OutputError(
            f"Port {port} of {host} is taken by another program, perhaps by another desk.",
            code="port_taken",
            hint=f"Choose another: friendshore serve --port {port + 1 if port < 65535 else 8765}, "
            "or let one be found: --port 0",
        )
    return OutputError(
        f"It cannot listen on {host} port {port}: {problem.strerror or problem}.",
        code="cannot_listen",
        hint="Leave out --host to listen on this machine alone: friendshore serve",
    )


def secured(settings: Settings) -> Settings:
    """Add the token that everybody must bring where others can reach the server.

    Raises
    ------
    ArgumentError
        ``weak_token`` where the environment gives a short one.
    """
    given = os.environ.get(TOKEN, "")
    if given and (len(given) < LEAST_TOKEN or not given.isascii() or not given.isprintable() or " " in given):
        raise ArgumentError(
            f"{TOKEN} holds fewer than {LEAST_TOKEN} signs, or such that cannot stand in an address.",
            code="weak_token",
            hint=f"Unset it, and a token is made: unset {TOKEN}",
        )
    if given or not _alone(settings.host):
        return replace(settings, token=given or secrets.token_urlsafe(24))
    return settings


def _alone(host: str) -> bool:
    """Tell whether only this machine reaches a host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def address_of(settings: Settings) -> str:
    """Write the address at which the server is opened."""
    from urllib.parse import quote

    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    token = f"?token={quote(settings.token, safe='')}" if settings.token else ""
    return f"http://{host}:{settings.port}/{token}"
