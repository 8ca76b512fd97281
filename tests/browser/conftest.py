"""Fixtures of the browser tests: a real server, a real browser, and pages that fail on what a person would not see.

    def test_two_people(server, open_page):
        ann = open_page(server.url)                     # a context (cookies) of its own, 1280x800
        bob = open_page(server.url, device="phone")     # 390x844, touch

A test fails at its end on a page error, a console error, a request off 127.0.0.1 or a Traceback in the server's log.
One that provokes an error says so: `expect_errors(r"status of 403")`.
"""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.browser.finder import ROOT, BrowserMissing, find_or_install
from tests.browser.server import Server
from tests.waiting import PATIENCE

expect.set_options(timeout=PATIENCE * 1000)

_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
_DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that `-m "not browser"` means what it says."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """On a failure keep a picture of each page under .test-results/ and show the end of the server's log."""
    report = yield
    watch = getattr(item, "funcargs", {}).get("_watch")
    if report.when == "call" and report.failed and isinstance(watch, Watch):
        report.sections.append(("pictures", "\n".join(watch.pictures(item.name))))
        for server in watch.servers:
            report.sections.append((f"log of {server.url}", server.log()[-4000:]))
    return report


class Watch:
    """Collects what goes wrong behind the test's back."""

    def __init__(self) -> None:
        self.servers: list[Server] = []
        self.contexts: list[BrowserContext] = []
        self.problems: list[str] = []
        self.expected: list[re.Pattern[str]] = []
        self._read: dict[Path, int] = {}

    def server(self, server: Server) -> None:
        """Watch this server's log from here on."""
        if server not in self.servers:
            self.servers.append(server)
            self._read[server.log_file] = len(server.log())

    def context(self, context: BrowserContext) -> None:
        """Watch all pages of a browser context."""
        self.contexts.append(context)
        context.on("weberror", lambda error: self.problems.append(f"page error: {error.error}"))
        context.on("console", self._console)
        context.on("request", lambda request: self._address(request.url))
        context.on("page", lambda page: page.on("websocket", lambda socket: self._address(socket.url)))

    def _console(self, line: ConsoleMessage) -> None:
        if line.type == "error":
            what = f" ({line.location['url']})" if line.text.startswith("Failed to load") else ""
            self.problems.append(f"console: {line.text}{what}")

    def _address(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname != "127.0.0.1":
            self.problems.append(f"request off 127.0.0.1: {url}")

    def found(self) -> list[str]:
        """The problems so far that no test has said to expect, tracebacks of the servers among them."""
        logs = [server.log()[self._read[server.log_file] :] for server in self.servers]
        tracebacks = [f"server log: {text[at : at + 3000]}" for text in logs if (at := text.find("Traceback")) >= 0]
        return [p for p in self.problems + tracebacks if not any(pattern.search(p) for pattern in self.expected)]

    def pictures(self, name: str) -> list[str]:
        """Save a picture of each open page; the paths."""
        folder = ROOT / ".test-results"
        folder.mkdir(exist_ok=True)
        paths = []
        for number, page in enumerate(page for context in self.contexts for page in context.pages):
            path = folder / f"{re.sub(r'[^A-Za-z0-9]+', '-', name)}-{number}.png"
            page.screenshot(path=path)
            paths.append(str(path))
        return paths


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    try:
        path = find_or_install()
    except BrowserMissing as missing:
        pytest.fail(str(missing), pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def _watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    if problems := watch.found():
        pytest.fail("behind the test's back:\n" + "\n".join(problems), pytrace=False)


@pytest.fixture
def expect_errors(_watch: Watch) -> Callable[[str], None]:
    """`expect_errors(pattern)`: problems that this pattern is found in do not fail this test."""
    return lambda pattern: _watch.expected.append(re.compile(pattern))


@pytest.fixture(scope="module")
def _module_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("server")) as server:
        server.start()
        yield server
        server.stop()


@pytest.fixture
def server(_module_server: Server, _watch: Watch) -> Server:
    """A running server, one for all tests of a module."""
    _watch.server(_module_server)
    return _module_server


@pytest.fixture
def start_server(tmp_path: Path, _watch: Watch) -> Iterator[Callable[..., Server]]:
    """`start_server(rate_burst="5")`: a server of the test's own, with further settings."""
    numbers = itertools.count()
    with contextlib.ExitStack() as stack:

        def start(**env: str) -> Server:
            folder = tmp_path / f"server{next(numbers)}"
            folder.mkdir()
            server = stack.enter_context(Server(folder, **env))
            stack.callback(server.stop)
            _watch.server(server)
            server.start()
            return server

        yield start


@pytest.fixture
def open_page(browser: Browser, _watch: Watch) -> Iterator[Callable[..., Page]]:
    """`open_page(url, device="desktop")`: a page in a new context, so of another person."""

    def open_(url: str, device: str = "desktop", **options: Any) -> Page:
        context = browser.new_context(reduced_motion="reduce", locale="en-GB", **_DEVICES[device], **options)
        context.set_default_timeout(PATIENCE * 1000)
        _watch.context(context)
        page = context.new_page()
        page.goto(url)
        return page

    yield open_
    for context in _watch.contexts:
        context.close()
