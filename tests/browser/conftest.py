"""A real server and a real browser: what every test of the desk shares."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desk_browser import Heard, Server


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", metavar="FOLDER", help="write a picture of every page of the desk there")


@pytest.fixture(scope="session")
def desk_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("desk-home"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def chromium(browser: str):
    """Return Chromium, with every name but this machine's unknown to it.

    For a module and not for the session: while it is open, no other test can run an event loop.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=browser,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
            ],
        )
        yield opened
        opened.close()


@pytest.fixture
def visitor(chromium, desk_server: Server):
    """Open a fresh profile; at the end, nothing may have been complained of or asked elsewhere."""
    opened = []

    def enter(**options):
        address = options.pop("address", desk_server.address)
        context = chromium.new_context(
            **{"base_url": address, "viewport": {"width": 1024, "height": 900}, "locale": "en-GB", **options}
        )
        context.set_default_timeout(30_000)
        opened.append((context, Heard(context, address)))
        return context.new_page()

    yield enter
    for context, _ in opened:
        context.close()
    assert [heard.complaints for _, heard in opened] == [[] for _ in opened]
    assert [heard.outside for _, heard in opened] == [[] for _ in opened]
