"""Things with a view of their own: the page loads it from the folder of their kind, a plugin's too."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.server import Server
from tests.browser.steps import enter, prop, until, use

OpenPage = Callable[..., Page]

_GONG = """
from pydantic import BaseModel
from openroom import Outcome, Prop, verb

class Times(BaseModel):
    times: int

class Gong(Prop):
    kind, name, line, shown_as = "gong", "Gong", "A gong.", "gong"

    class State(BaseModel):
        struck: int = 0

    @verb("Strike the gong", params=Times)
    def strike(self, state, who, now, times):
        return Outcome({"struck": state["struck"] + times}, f"{who.name} strikes the gong.")

    @verb("Still the gong")
    def still(self, state, who, now):
        return Outcome({"struck": 0}, f"{who.name} stills the gong.")
"""
_VIEW = """
import { hint } from "./view_hint.js";
export const verbs = ["strike"];
export const style = ".gong { color: rgb(1, 2, 3); }";
export default {
  props: ["state", "you", "watching"],
  emits: ["use"],
  data: () => ({ hint }),
  template: `<p class="gong" :data-you="you">{{ state.struck }} {{ hint }}
    <button type="button" @click="$emit('use', { verb: 'strike', args: { times: 3 } })">Three times</button></p>`,
};
"""
_ART = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle class="brass" cx="4" cy="4" r="4"/></svg>'
_SCENE = """\
format: 1
id: temple
title: The temple
line: A quiet yard.
description: A quiet yard. Nobody lives here.
props:
  - {id: gong, kind: gong, place: {x: 20, y: 60}}
  - {id: chess, kind: chess, place: {x: 70, y: 60}}
"""


@pytest.fixture
def temple(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start_server: Callable[..., Server]) -> Server:
    """A server with a plugin, a gong, and scenes of its own."""
    site = tmp_path / "site"
    files = {
        "gongs/__init__.py": _GONG,
        "gongs/view.js": _VIEW,
        "gongs/view_hint.js": 'export const hint = "times struck";',
        "gongs/art/prop.svg": _ART,
        "gongs-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: gongs\nVersion: 1\n",
        "gongs-1.dist-info/entry_points.txt": "[openroom.plugins]\ngong = gongs:Gong\n",
        "scenes/temple/scene.yaml": _SCENE,
        "scenes/temple/art/backdrop.svg": _ART,
    }
    for name, text in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])]))
    return start_server(scenes=str(site / "scenes"))


def test_a_view_comes_from_the_folder_of_its_kind(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/room/radio_room")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(_path(request)))
    enter(page)
    expect(prop(page, "chess")).to_have_count(0)
    assert not [path for path in asked if path.startswith("/props/chess")], "only of what stands in the room"
    page.goto(f"{server.url}/room/tea_room")
    with page.expect_response("**/props/chess/view.js") as answer:
        enter(page)
    assert answer.value.ok
    prop(page, "chess").click()
    expect(page.locator(".chess-board [data-square]")).to_have_count(64)
    expect(page.locator("[data-option^='chess.move']")).to_have_count(0)
    assert page.locator(".chess-board").evaluate("(board) => getComputedStyle(board).display") == "grid"


def test_a_plugin_brings_its_view_and_its_art(temple: Server, open_page: OpenPage) -> None:
    page = open_page(f"{temple.url}/room/temple")
    enter(page)
    expect(prop(page, "gong").locator(".brass")).to_be_visible()
    expect(prop(page, "chess").locator("svg")).to_be_visible()
    prop(page, "gong").click()
    view = page.locator(".prop-panel .gong")
    expect(view).to_contain_text("0 times struck")
    expect(view).to_have_css("color", "rgb(1, 2, 3)")
    expect(view).to_have_attribute("data-you", page.locator(".guest").get_attribute("data-who") or "nobody")
    expect(page.locator("[data-option]")).to_have_text(["Still the gong"])
    view.get_by_role("button", name="Three times").click()
    expect(view).to_contain_text("3 times struck")
    page.click('[data-option="gong.still"]')
    expect(view).to_contain_text("0 times struck")


def test_what_one_can_do_is_asked_of_the_thing_that_changed(server: Server, open_page: OpenPage) -> None:
    ann = open_page(f"{server.url}/room/tea_room")
    asked: list[str] = []
    ann.on("websocket", lambda socket: socket.on("framesent", lambda data: asked.extend(_asked(socket.url, data))))
    ann.reload()
    enter(ann)
    bob = open_page(f"{server.url}/room/tea_room")
    enter(bob, "Bob")
    prop(bob, "chess").click()
    bob.click('[data-square="e2"]')
    bob.click('[data-square="e4"]')
    bob.keyboard.press("Escape")
    use(bob, "lamp", "light")
    expect(prop(ann, "lamp")).to_have_attribute("data-look", "warm")
    until(ann, lambda: "lamp" in asked)
    assert set(asked) == {"lamp"}, "nobody is to be asked for a move, so it is not asked what moves there are"
    prop(ann, "chess").click()
    expect(ann.locator("[data-option='chess.take:black']")).to_be_visible()
    until(ann, lambda: "chess" in asked)


def _asked(url: str, data: str | bytes) -> list[str]:
    """What a message to a room asks the options of."""
    message = json.loads(data) if "/ws/rooms/" in url else {}
    return [message.get("prop", "everything")] if message.get("type") == "options" else []


def _path(request: Request) -> str:
    return urlsplit(request.url).path
