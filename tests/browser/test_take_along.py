"""Taking the talk of a room along, and beginning a room with a talk from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.steps import enter, fetch, say, settled, tools, until

OpenPage = Callable[..., Page]


def chat(path: Path, *messages: dict[str, Any]) -> Path:
    head = {"user_name": "Ann", "character_name": "Mira", "create_date": "x", "chat_metadata": {}}
    path.write_text("\n".join(json.dumps(one) for one in (head, *messages)), encoding="utf-8")
    return path


def message(name: str, text: str, *, user: bool = False, **more: Any) -> dict[str, Any]:
    return {"name": name, "is_user": user, "is_system": False, "send_date": 1_600_000_000_000, "mes": text, **more}


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_one_takes_along_what_one_heard(server: Server, open_page: OpenPage, device: str) -> None:
    page = open_page(f"{server.url}/room/tea_room", device=device)
    enter(page)
    settled(page)
    bob = open_page(page.url, device=device)
    enter(bob, f"Bob {device}")
    whisper = {"action": {"do": "say", "text": "A stork, for Mira alone", "to": ["character:mira"]}}
    assert "seqs" in fetch(bob, "/api/rooms/tea_room/actions", "POST", whisper)
    say(page, f"A heron, on the {device}")
    settled(page)
    page.click("[data-people]")
    with page.expect_download() as told:
        page.click("[data-take=markdown]")
    assert told.value.suggested_filename.startswith("tea_room-") and told.value.suggested_filename.endswith(".md")
    markdown = Path(told.value.path()).read_text(encoding="utf-8")
    assert markdown.startswith("# The Tea Room at Midnight") and f"A heron, on the {device}" in markdown
    assert f"Bob {device}" in markdown and "stork" not in markdown
    with page.expect_download() as told:
        page.click("[data-take=jsonl]")
    assert told.value.suggested_filename.endswith(".jsonl")
    head, *lines = [json.loads(one) for one in Path(told.value.path()).read_text(encoding="utf-8").splitlines()]
    assert head["user_name"] == "Ann" or head["user_name"].startswith("Ann")
    assert [one["is_user"] for one in lines if one["mes"] == f"A heron, on the {device}"] == [True]


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_room_begins_with_its_past(
    server: Server, open_page: OpenPage, tmp_path: Path, device: str, expect_errors: Callable[[str], None]
) -> None:
    expect_errors("status of 4(22|09)")
    page = open_page(server.url, device=device)
    expect(page.locator(".lobby")).to_have_attribute("data-state", "ready")
    page.click("[data-scene=tea_room]")
    (tmp_path / "broken.jsonl").write_text('{"user_name": "Ann"}\n{"name": "Ann"}\n', encoding="utf-8")
    page.set_input_files("[data-own-past]", tmp_path / "broken.jsonl")
    rooms = len(fetch(page, "/api/rooms")["rooms"])
    page.click(".entrance button[type=submit]")
    expect(page.get_by_role("alert")).to_contain_text("line 2: mes")
    until(page, lambda: len(fetch(page, "/api/rooms")["rooms"]) == rooms)  # no room is left behind
    good = chat(
        tmp_path / "chat.jsonl",
        message("Ann", "Do you remember the <i>heron</i>?", user=True),
        message("Mira", "It stood in the rain.", swipes=["No.", "It stood in the rain."], swipe_id=1),
        message("Stranger", "I saw it too."),
    )
    page.set_input_files("[data-own-past]", good)
    page.click(".entrance button[type=submit]")
    page.wait_for_url("**/room/tea_room-*")
    enter(page)
    expect(page.locator(".line", has_text="Do you remember the <i>heron</i>?")).to_be_attached()
    expect(page.locator("[data-imported]")).to_have_count(3)
    expect(page.locator('li[data-kind="brought"]')).to_contain_text("3 lines, brought in by you")
    mira = page.locator(".line", has_text="It stood in the rain.")
    expect(mira.locator(".who b")).to_have_text("Mira")
    offered = tools(mira)
    expect(offered.locator("[data-link]")).to_be_visible()
    expect(offered.locator("[data-rate]")).to_have_count(0)  # nobody here said it: nothing to praise
    page.keyboard.press("Escape")
    settled(page)
    say(page, "Good evening.")
    settled(page)
    page.click("[data-people]")
    page.set_input_files("[data-past-chooser]", good)
    expect(page.locator(".toast")).to_contain_text("Something was said or done here already.")
    page.keyboard.press("Escape")
    page.click("[data-search-button]")
    page.fill(".search-panel input", "heron remember")
    expect(page.locator(".hit")).to_have_count(1)
