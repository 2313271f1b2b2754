"""A real server to ask, and what a browser window says of it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path


class Server:
    """`friendshore serve` with a data home of its own."""

    def __init__(self, home: Path, *options: str) -> None:
        self.home, self.options = home, options
        self.process: subprocess.Popen[str] | None = None
        self.address = ""

    def start(self, port: int = 0) -> None:
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "friendshore",
                "serve",
                "--port",
                str(port),
                "--processes",
                "2",
                *self.options,
            ],
            env=os.environ | {"FRIENDSHORE_DATA": str(self.home), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        told = []
        for line in self.process.stdout:
            told.append(line)
            if found := re.search(r"http://[\d.]+:\d+", line):
                self.address = found[0]
                return
        raise AssertionError(f"the server ended: {''.join(told)}")

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def kill(self) -> None:
        """End it and its workers at once, as a crash or a closed lid does."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=20)

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()


class Heard:
    """What a browser window complained of, and where it went."""

    def __init__(self, context, address: str) -> None:
        self.complaints: list[str] = []
        self.outside: list[str] = []
        self.address = address
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"error: {error.error}"))
        context.on("request", self._request)

    def _console(self, message) -> None:
        # A refusal is an answer with a status; Chromium writes each of these to the console.
        refused = message.text.startswith("Failed to load resource") and re.search(
            r"status of 4\d\d", message.text
        )
        if message.type in ("error", "warning") and not refused:
            self.complaints.append(f"{message.type}: {message.text}")

    def _request(self, request) -> None:
        if not request.url.startswith((self.address + "/", "data:", "file:", "blob:")):
            self.outside.append(request.url)


def wait_for(what, seconds: float = 30.0):
    """Ask again and again until it holds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s")
