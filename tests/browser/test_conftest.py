"""The guards of the browser tests can fail: each problem that they look for is made, and found."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.conftest import Watch
from tests.browser.server import Server
from tests.browser.steps import until

BLANK = "data:text/html,<title>blank</title><h1>blank</h1>"


def test_a_quiet_page_is_no_problem(open_page: Callable[..., Page], _watch: Watch) -> None:
    page = open_page(BLANK)
    page.evaluate("console.log('all is well')")
    assert page.inner_text("h1") == "blank"
    assert _watch.found() == []


def test_console_and_page_errors_are_found(
    open_page: Callable[..., Page], _watch: Watch, expect_errors: Callable[[str], None]
) -> None:
    page = open_page(BLANK)
    page.evaluate("console.error('ink on the floor')")
    page.evaluate("setTimeout(() => { throw new Error('stove went out') })")
    until(page, lambda: "console: ink on the floor" in _watch.found())
    until(page, lambda: any("page error" in one and "stove went out" in one for one in _watch.found()))
    expect_errors("ink on the floor")
    expect_errors("stove went out")
    assert _watch.found() == []


def test_a_request_off_this_machine_is_found_and_goes_nowhere(
    open_page: Callable[..., Page], _watch: Watch, expect_errors: Callable[[str], None]
) -> None:
    page = open_page(BLANK)
    gone = page.evaluate("fetch('http://rooms.example/').then(() => 'answered', () => 'nowhere')")
    page.evaluate("new WebSocket('ws://rooms.example/ws')")
    assert gone == "nowhere"
    wanted = {"request off 127.0.0.1: http://rooms.example/", "request off 127.0.0.1: ws://rooms.example/ws"}
    until(page, lambda: wanted <= set(_watch.found()))
    expect_errors(r"rooms\.example|ERR_NAME_NOT_RESOLVED")


def test_a_second_page_of_the_same_person_is_watched_too(
    open_page: Callable[..., Page], _watch: Watch, expect_errors: Callable[[str], None]
) -> None:
    second = open_page(BLANK, device="phone").context.new_page()
    second.goto(BLANK)
    second.evaluate("console.error('second page')")
    assert _watch.found() == ["console: second page"]
    assert second.evaluate("innerWidth") < 1000
    expect_errors("second page")


def test_a_traceback_in_the_log_is_found_only_if_it_is_new(_watch: Watch, tmp_path_factory, expect_errors) -> None:
    server = Server(tmp_path_factory.mktemp("log"))
    server.log_file.write_text("Traceback of long ago\n", encoding="utf-8")
    _watch.server(server)
    assert _watch.found() == []
    with server.log_file.open("a", encoding="utf-8") as log:
        log.write("ERROR in a room\nTraceback (most recent call last):\n  boom\n")
    assert _watch.found() == ["server log: Traceback (most recent call last):\n  boom\n"]
    expect_errors("boom")
