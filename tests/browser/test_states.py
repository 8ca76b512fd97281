"""Everything that can go wrong has a face: stop, failures of the model, a broken connection, a restart."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.endpoint import endpoint
from tests.browser.server import Server
from tests.browser.steps import enter, prop, same_seq, say, seq, settled, until

OpenPage = Callable[..., Page]
StartServer = Callable[..., Server]


def test_stop_leaves_what_was_shown_and_marks_it(start_server: StartServer, open_page: OpenPage) -> None:
    with endpoint("slow") as service:
        server = start_server(model="a-model", model_url=service.url, model_key="not-a-real-key")
        ann = open_page(f"{server.url}/room/tea_room")
        enter(ann)
        expect(ann.locator("[data-model=remote]")).to_contain_text("a-model")
        say(ann, "Mira, when will it stop raining?")
        turn = ann.locator("li[data-turn]")
        expect(turn).to_contain_text("thinking")
        expect(turn.locator(".text")).to_contain_text("The rain will stop by ten.")
        ann.click("[data-stop]")
        settled(ann)
        line = ann.locator("li[data-kind='said']", has_text="The rain will stop by ten.")
        expect(line).to_contain_text("cut short")
        before = seq(ann)
        until(ann, service.left.is_set)  # so nothing more can come
        assert seq(ann) == before
        expect(line).not_to_contain_text("Sit where it is dry")


@pytest.mark.parametrize(("mood", "reason"), [("wrong_key", "does not accept the key"), ("half", "made no sense")])
def test_a_failed_turn_says_so_and_can_be_tried_again(
    mood: str, reason: str, start_server: StartServer, open_page: OpenPage
) -> None:
    with endpoint(mood) as service:
        server = start_server(model="a-model", model_url=service.url, model_key="not-a-real-key")
        ann = open_page(f"{server.url}/room/tea_room")
        enter(ann)
        settled(ann)
        expect(ann.locator("li[data-kind='said']")).to_have_count(1)  # the greeting needs no model
        assert service.asked == 0
        failed = ann.locator(".line.failed")
        say(ann, "Mira, are you there?")
        until(ann, lambda: service.asked > 0)
        settled(ann)
        expect(failed).to_contain_text("Mira lost the train of thought")
        expect(failed.locator(".why")).to_contain_text(reason)
        service.mood = "quick"
        failed.get_by_role("button", name="Retry").click()
        expect(ann.locator("li[data-kind='said']", has_text="The rain will stop by ten.")).to_be_visible()
        expect(failed).to_have_count(0)


def test_a_restart_is_told_and_survived(
    start_server: StartServer, open_page: OpenPage, expect_errors: Callable[[str], None]
) -> None:
    expect_errors(r"ERR_CONNECTION_REFUSED|WebSocket connection|Failed to load resource")
    server = start_server()
    ann = open_page(f"{server.url}/room/tea_room")
    enter(ann)
    settled(ann)
    say(ann, "Remember this evening")
    settled(ann)
    ann.fill(".composer textarea", "Half a thought")
    lobby = open_page(server.url)
    expect(lobby.locator(".lobby")).to_have_attribute("data-state", "ready")
    server.stop()
    expect(ann.locator("[data-banner=restarting]")).to_contain_text("Nothing is lost.")
    for page in (ann, lobby):  # what the page's own library covers everything with is out by now, and is not seen
        expect(page.locator("#popup")).to_have_attribute("aria-hidden", "false")
    expect(ann.locator("[data-banner=restarting]")).to_be_visible()
    expect(lobby.locator(".lobby-trouble")).to_contain_text("perhaps it is restarting")
    for page in (ann, lobby):
        expect(page.locator("#popup")).to_be_hidden()
    server.start()
    expect(ann.locator("[data-banner]")).to_have_count(0)
    expect(ann.locator(".room")).to_have_attribute("data-ready", "yes")
    expect(ann.locator(".line.own", has_text="Remember this evening")).to_be_visible()
    expect(ann.locator(".composer textarea")).to_have_value("Half a thought")
    say(ann, "And we go on")
    expect(lobby.locator(".lobby")).to_have_attribute("data-state", "ready")


class Cable:
    """Stands between a page and its room: can be cut, and keeps what came through."""

    def __init__(self, page: Page) -> None:
        self.cut = False
        self.tries = 0
        self.messages: list[dict[str, Any]] = []
        self._pair: tuple[WebSocketRoute, WebSocketRoute] | None = None
        page.route_web_socket(re.compile(r"/ws/rooms/"), self._plug)
        page.reload()

    def _plug(self, end: WebSocketRoute) -> None:
        self.tries += 1
        if self.cut:
            end.close(code=1013)
            return
        server = end.connect_to_server()
        server.on_message(lambda data: self._pass(end, data))
        self._pair = (end, server)

    def _pass(self, end: WebSocketRoute, data: str | bytes) -> None:
        if self.cut:
            return
        self.messages.append(json.loads(data))
        end.send(data)

    def pull(self) -> None:
        """Cut it: what is open breaks, nothing new comes through."""
        self.cut = True
        assert self._pair is not None
        for end in self._pair:
            end.close(code=1013)
        self.messages.clear()


def test_a_broken_connection_resumes_with_exactly_the_gap(server: Server, open_page: OpenPage) -> None:
    ann = open_page(f"{server.url}/room/tea_room")
    cable = Cable(ann)
    enter(ann)
    bob = open_page(f"{server.url}/room/tea_room")
    enter(bob, "Bob")
    settled(bob)
    known = same_seq(ann, bob)
    cable.pull()
    expect(ann.locator("[data-banner=reconnecting]")).to_be_visible()
    say(bob, "Ann, can you hear me?")
    settled(bob)
    tried = cable.tries
    ann.get_by_role("button", name="Try now").click()
    until(ann, lambda: cable.tries > tried)
    cable.cut = False
    expect(ann.locator(".line", has_text="Ann, can you hear me?")).to_have_count(1)
    same_seq(ann, bob)
    expect(ann.locator("[data-banner]")).to_have_count(0)
    mine = [message for message in cable.messages if message["type"] in {"hello", "snapshot", "event"}]
    assert [message["type"] for message in mine][:2] == ["hello", "event"], "a resume needs no snapshot"
    got = [message["event"]["seq"] for message in mine if message["type"] == "event"]
    assert got == list(range(known + 1, known + 1 + len(got))), "exactly the gap"


def test_offline_is_told_when_the_room_cannot_be_reached(server: Server, open_page: OpenPage) -> None:
    ann = open_page(f"{server.url}/room/tea_room")
    cable = Cable(ann)
    enter(ann)
    ann.evaluate("Object.defineProperty(navigator, 'onLine', { get: () => false, configurable: true })")
    cable.pull()
    expect(ann.locator("[data-banner=offline]")).to_contain_text("What you write is kept.")
    cable.cut = False
    ann.evaluate("delete navigator.onLine; window.dispatchEvent(new Event('online'))")
    expect(ann.locator("[data-banner]")).to_have_count(0)


def test_no_such_room(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/room/attic")
    expect(page.locator("[data-ending=no_such_room]")).to_contain_text("There is no such room")
    page.get_by_role("link", name="To the other rooms").click()
    expect(page.locator('[data-room="tea_room"]')).to_be_visible()


def test_an_address_behind_which_there_is_nothing(
    server: Server, open_page: OpenPage, expect_errors: Callable[[str], None]
) -> None:
    expect_errors("status of 404")
    page = open_page(f"{server.url}/nowhere/%3Cb%3E?lang=de")
    expect(page.get_by_role("heading")).to_have_text("Hier ist nichts")
    assert page.request.get(f"{server.url}/nowhere").status == 404
    page.get_by_role("link", name="Zu den anderen Räumen").click()
    expect(page.locator('[data-room="tea_room"]')).to_be_visible()


def test_a_full_room_says_so_at_the_door(start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server(max_players_per_room="1")
    enter(open_page(f"{server.url}/room/tea_room"))
    bob = open_page(f"{server.url}/room/tea_room")
    bob.fill("#entrance-name", "Bob")
    bob.get_by_role("button", name="Come in", exact=True).click()
    expect(bob.get_by_role("alert")).to_contain_text("The room is full.")
    bob.get_by_role("button", name="Only watch").click()
    expect(bob.locator(".watching")).to_be_visible()


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_who_is_shown_the_door_and_who_is_banned(device: str, server: Server, open_page: OpenPage) -> None:
    ann = open_page(server.url)
    ann.click('[data-scene="greenhouse"]')
    ann.get_by_role("button", name="Open the door").click()
    ann.wait_for_url("**/room/*")
    enter(ann)
    bob = open_page(ann.url, device=device)
    enter(bob, "Bob")
    ann.click("[data-people]")
    ann.get_by_role("button", name="Show the door").click()
    ann.get_by_role("button", name="Sure?").click()
    expect(bob.locator("[data-ending=kicked]")).to_contain_text("Somebody who runs this room asked you to leave.")
    expect(bob.get_by_role("heading", level=1)).to_have_text("You were shown the door")
    expect(ann.locator("li[data-kind=left]", has_text="Bob")).to_be_visible()
    bob.get_by_role("button", name="Come in again").click()
    expect(bob.locator(".room")).to_have_attribute("data-state", "open")
    ann.get_by_role("button", name="Ban").click()
    ann.get_by_role("button", name="Sure?").click()
    banned = bob.locator("[data-ending=banned]")
    expect(banned).to_contain_text("You have been asked to stay out of this room.")
    expect(bob.get_by_role("button", name="Come in again")).to_have_count(0)
    expect(bob.locator(".line, .composer")).to_have_count(0)
    assert bob.evaluate("document.documentElement.scrollWidth <= innerWidth")
    bob.reload()
    bob.fill("#entrance-name", "Somebody else")
    bob.get_by_role("button", name="Come in", exact=True).click()
    expect(banned).to_contain_text("This door stays shut")
    bob.get_by_role("link", name="To the other rooms").click()
    expect(bob.locator('[data-room="tea_room"]')).to_be_visible()


def test_without_a_model_every_page_says_so(server: Server, open_page: OpenPage) -> None:
    phone = open_page(server.url, device="phone")
    expect(phone.locator("[data-model=understudy]")).to_contain_text("no model")
    phone.goto(f"{server.url}/room/tea_room")
    enter(phone)
    chip = phone.locator("[data-model=understudy]")
    expect(chip.locator(".chip-short")).to_be_visible()
    expect(chip.locator(".chip-short")).to_have_text("no model")
    box = phone.locator(".room-title").bounding_box()
    assert box is not None
    assert box["width"] > 100, "the room's name has room beside the chip"


def test_an_empty_lobby(
    start_server: StartServer, open_page: OpenPage, tmp_path_factory: pytest.TempPathFactory
) -> None:
    nothing = tmp_path_factory.mktemp("no-scenes")
    server = start_server(scenes=str(nothing))
    page = open_page(server.url)
    expect(page.locator("[data-empty]")).to_contain_text("There is no room here yet.")
    expect(page.locator("[data-scene]")).to_have_count(0)


def test_music_is_in_step_and_asks_before_it_sounds(server: Server, open_page: OpenPage) -> None:
    ann = open_page(f"{server.url}/room/greenhouse")
    enter(ann)
    bob = open_page(f"{server.url}/room/greenhouse")
    enter(bob, "Bob")
    prop(ann, "record_player").click()
    ann.click('[data-option="record_player.play"]')
    expect(prop(bob, "record_player")).to_have_attribute("data-look", "playing")
    expect(ann.locator("[data-playing=yes]")).to_be_visible()
    prop(bob, "record_player").click()
    expect(bob.locator("[data-playing=yes]")).to_be_visible()
    began = [int(page.locator(".room").get_attribute("data-music") or 0) for page in (ann, bob)]
    assert began[0] > 0
    assert abs(began[0] - began[1]) < 500
    for page in (ann, bob):
        expect(page.locator(".room")).to_have_attribute("data-heard", re.compile(r"\d{10,}"))
    heard = [int(page.locator(".room").get_attribute("data-heard") or 0) for page in (ann, bob)]
    assert abs(heard[0] - heard[1]) < 500, "by the clocks of the sound itself"
    # A headless browser lets everything sound; this stands for one that waits for a click.
    waits = """window.AudioContext = class extends AudioContext {
      get state() { return window.clicked ? super.state : "suspended"; }
      resume() { window.clicked = true; return super.resume(); } }"""
    carl = bob.context.new_page()
    carl.add_init_script(waits)
    carl.add_init_script("sessionStorage.setItem('openroom.entered.greenhouse', 'play')")
    carl.goto(bob.url)
    carl.locator("[data-sound=blocked]").click()
    expect(carl.locator("[data-sound=blocked]")).to_have_count(0)
    expect(carl.locator(".room")).to_have_attribute("data-music", re.compile(r"\d{10,}"))


def test_a_spent_budget_is_told_in_the_room(start_server: StartServer, open_page: OpenPage) -> None:
    with endpoint("quick") as service:
        server = start_server(
            model="a-model", model_url=service.url, model_key="not-a-real-key", budget_tokens_per_room_day="1"
        )
        ann = open_page(f"{server.url}/room/tea_room")
        enter(ann)
        say(ann, "Mira, are you there?")
        failed = ann.locator(".line.failed[data-reason=budget]")
        expect(failed.first).to_contain_text("The budget for today is spent.")
        settled(ann)


def test_a_download_under_way_is_told_in_the_room(server: Server, open_page: OpenPage) -> None:
    ann = open_page(f"{server.url}/room/tea_room")
    status = {"state": "fetching", "done": 420, "total": 1000, "text": ""}
    model = {"kind": "understudy", "name": "understudy", "status": status}
    signal = json.dumps({"type": "signal", "signal": "model", "model": model})
    ann.route_web_socket(re.compile(r"/ws/rooms/"), lambda end: _with_one_more(end, signal))
    ann.reload()
    enter(ann)
    expect(ann.locator("[data-model=coming]")).to_contain_text("42 %")
    say(ann, "Good evening, Mira")
    settled(ann)


def _with_one_more(end: WebSocketRoute, message: str) -> None:
    """Pass everything on, and after the snapshot one message more."""
    server = end.connect_to_server()

    def _pass(data: str | bytes) -> None:
        end.send(data)
        if json.loads(data)["type"] == "snapshot":
            end.send(message)

    server.on_message(_pass)
