"""What all tests share: no network, a store of their own, real data and a browser where there are some."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# As the command line does: small systems, and a busy machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
BROWSER = next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome", "chrome"])), None
)
ABSENT = {
    "shared": None
    if SHARED.is_dir()
    else "no folder ../shared beside the checkout (real data to compare with)",
    "browser": None if BROWSER else "no Chromium on the path (on Debian: apt-get install chromium)",
}

# The same examples on every run, however slow the machine.
settings.register_profile("reproducible", derandomize=True, deadline=None, database=None, print_blob=True)
settings.load_profile("reproducible")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="fail where any test was skipped")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, reason in ABSENT.items():
        if reason and item.get_closest_marker(marker):
            pytest.skip(reason)


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--no-skips") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("--no-skips") and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("Tests were skipped, and --no-skips forbids it.", red=True)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real data beside the checkout."""
    if ABSENT["shared"]:
        pytest.skip(ABSENT["shared"])
    return SHARED


@pytest.fixture(scope="session")
def browser() -> str:
    """Return the path of a Chromium."""
    if BROWSER is None:
        pytest.skip(str(ABSENT["browser"]))
    return BROWSER


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test, and every program it starts, a store of its own."""
    store = tmp_path / "friendshore-store"
    monkeypatch.setenv("FRIENDSHORE_DATA", str(store))
    return store


@pytest.fixture(autouse=True, scope="session")
def offline() -> Iterator[None]:
    """Fail any test that reaches for an address outside this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
        yield


def guarded(connect):
    def connect_here(self, address):
        loopback = self.family == getattr(socket, "AF_UNIX", None) or address[0] in {
            "127.0.0.1",
            "::1",
            "localhost",
        }
        if not loopback:
            raise AssertionError(f"a test opened a connection to {address!r}; friendshore works offline")
        return connect(self, address)

    return connect_here
