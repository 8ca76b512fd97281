"""The room in the reader's language: what its authors wrote, too, not the pages' own words alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from openroom.core.translation import translated
from openroom.library.library import Library
from openroom.settings import shipped
from tests.browser.server import Server
from tests.browser.steps import enter, fetch, prop, say, settled

OpenPage = Callable[..., Page]

LIBRARY = Library([shipped("characters")], [shipped("scenes")])


def _english(scene_id: str, language: str) -> Iterator[str]:
    """Everything people read there that reads differently in ``language``."""
    scene = LIBRARY.scenes[scene_id]
    tables = [scene.translations, *(LIBRARY.characters[one.id].translations for one in scene.characters)]
    tables += [LIBRARY.kinds(scene_id)[wish.kind].translations for wish in scene.props]
    for translations in tables:
        for text, other in translated(translations, language).items():
            words = max(text.replace("}", "{").split("{")[::2], key=len).strip(" .:(“”)")
            if len(words) > 5 and words.lower() not in other.lower():
                yield words


def _all_text(page: Page) -> str:
    """What is read, what is read aloud, and titles."""
    spoken = "[...document.querySelectorAll('[aria-label], [title]')].map((e) => e.ariaLabel + ' ' + e.title)"
    return str(page.evaluate(f"document.body.innerText + ' ' + {spoken}.join(' ')"))


@pytest.mark.parametrize("device", ["desktop", "phone"])
@pytest.mark.parametrize("language", ["de", "es", "zh", "ja"])
def test_a_room_is_told_in_the_reader_s_language(
    language: str, device: str, server: Server, open_page: OpenPage
) -> None:
    page = open_page(server.url, device=device)
    for scene in sorted(LIBRARY.scenes) if device == "desktop" else ["tea_room"]:
        page.goto(f"{server.url}/room/{scene}?lang={language}")
        title = translated(LIBRARY.scenes[scene].translations, language)[LIBRARY.scenes[scene].title]
        expect(page.locator("#entrance-title")).to_have_text(title)
        read = _all_text(page)
        enter(page, "Zoë")
        settled(page)
        read += _all_text(page)
        for placed in LIBRARY.scenes[scene].props:
            tray = page.locator(f'[data-tray="{placed.id}"]')
            (tray if tray.is_visible() else prop(page, placed.id)).click()
            expect(page.locator(f'[data-panel="{placed.id}"]')).to_be_visible()
            read += _all_text(page)
            verb = page.locator(".verbs button:not(:text('…'))").first
            if verb.is_visible():
                lines = page.locator("li[data-kind=used]").count()
                verb.click()
                expect(page.locator("li[data-kind=used]")).not_to_have_count(lines)
                read += _all_text(page)
            page.keyboard.press("Escape")
        page.locator(".cast button").first.click()
        read += _all_text(page)
        page.keyboard.press("Escape")
        english = list(_english(scene, language))
        assert len(english) > 60
        assert [text for text in english if text in read] == []


@pytest.mark.parametrize("language", ["en", "de", "es", "zh", "ja"])
def test_a_suggested_reply_is_understood(
    language: str, start_server: Callable[..., Server], open_page: OpenPage
) -> None:
    server = start_server(model="understudy")
    page = open_page(f"{server.url}/room/tea_room?lang={language}")
    enter(page)
    settled(page)
    say(page, "…")
    settled(page)
    done = page.locator("li[data-kind=used]")
    before = done.count()
    page.locator(".suggestions [data-about=thing]").click()
    expect(done).to_have_count(before + 1)
    settled(page)


def test_the_lobby_tells_scenes_in_the_reader_s_language(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/?lang=de")
    expect(page.locator("[data-room=tea_room]")).to_contain_text("Die Teestube um Mitternacht")
    expect(page.locator("[data-scene=greenhouse]")).to_contain_text("Das Gewächshaus auf dem Dach")


def test_the_reader_s_language_comes_in_with_them(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/room/tea_room?lang=ja")
    enter(page, "Aiko")
    entered = [one for one in fetch(page, "/api/rooms/tea_room/events")["events"] if one.get("kind") == "entered"]
    assert [one["language"] for one in entered if one["name"] == "Aiko"] == ["ja"]
