"""A room in the browser: talk, things, two people in one evening."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.steps import enter, fetch, prop, replies, same_seq, say, settled, tools, until, use

OpenPage = Callable[..., Page]


@pytest.fixture
def ann(server: Server, open_page: OpenPage) -> Page:
    page = open_page(f"{server.url}/room/tea_room")
    enter(page)
    return page


def test_the_door_says_that_the_characters_are_software(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/room/tea_room")
    expect(page.get_by_role("dialog")).to_contain_text("Mira, Oskar, Yuki: these characters are software, not people.")
    expect(page.locator("#entrance-name")).to_be_focused()
    page.click(".entrance button[type=submit]")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator(".room")).to_have_attribute("data-state", "")


def test_talk_and_get_an_answer(ann: Page) -> None:
    expect(replies(ann).first).to_be_visible()  # the greeting
    settled(ann)
    before = replies(ann).count()
    say(ann, "Mira, is there still tea?")
    expect(replies(ann)).not_to_have_count(before)
    settled(ann)
    expect(ann.locator(".bubble[data-who='character:mira']")).not_to_be_empty()
    expect(ann.locator("[data-announcer]")).not_to_be_empty()


def _evening(page: Page) -> dict[str, Any]:
    """What somebody in the room reads and sees: lines, things, who stands where and looks how, sky."""
    return {
        "lines": page.locator(".lines > li[data-seq]").evaluate_all(
            """(lines) => lines.map((line) => [line.dataset.seq, line.dataset.kind,
              line.querySelector('.text').innerText])"""
        ),
        "things": page.locator("[data-prop]").evaluate_all(
            "(all) => all.map((one) => [one.dataset.prop, one.dataset.look, one.getAttribute('aria-label')])"
        ),
        "cast": page.locator(".cast [data-who]").evaluate_all(
            "(all) => all.map((one) => [one.dataset.who, one.dataset.emotion])"
        ),
        "guests": page.locator(".guest").evaluate_all("(all) => all.map((one) => one.dataset.who)"),
        "sky": page.locator(".stage").evaluate("(stage) => [stage.dataset.time, stage.dataset.weather]"),
    }


def test_two_browsers_share_the_evening(start_server: Callable[..., Server], open_page: OpenPage) -> None:
    server = start_server()
    ann = open_page(f"{server.url}/room/tea_room")
    enter(ann)
    settled(ann)
    bob = open_page(f"{server.url}/room/tea_room", device="phone")
    enter(bob, "Bob")
    came = int(bob.locator("li[data-kind=entered]", has_text="Bob comes in.").get_attribute("data-seq") or 0)
    say(ann, "Hello Bob, over here")
    expect(bob.locator(".line .text", has_text="Hello Bob, over here")).to_be_visible()
    use(bob, "lamp", "light")
    bob.keyboard.press("Escape")
    use(ann, "rain_doll", "sideways")
    ann.keyboard.press("Escape")
    settled(ann)
    say(bob, "Mira, is there still tea?")
    settled(bob)
    carl = open_page(f"{server.url}/room/tea_room")
    enter(carl, "Carl")
    for page in (ann, bob, carl):
        settled(page)
    late = int(carl.locator("li[data-kind=entered]", has_text="Carl comes in.").get_attribute("data-seq") or 0)
    say(carl, "What did I miss?")
    settled(carl)
    known = -1
    while known != (known := same_seq(ann, bob, carl)):  # until nothing was said while the pages were read
        first, second, third = (_evening(page) for page in (ann, bob, carl))
    assert first["things"] == second["things"] == third["things"]
    assert ["lamp", "warm", "Paper lamp: lit and warm"] in first["things"]
    assert first["sky"] == second["sky"] == third["sky"] == ["night", "snow"]
    assert first["cast"] == second["cast"] == third["cast"]
    assert first["guests"] == second["guests"] == third["guests"]
    assert len(first["guests"]) == 3
    assert _heard(first, came) == _heard(second, 0), "from when Bob came, word for word"
    assert _heard(first, late) == _heard(third, 0), "who comes late hears what is said from then on, no less, no more"
    assert len(_heard(first, came)) > len(_heard(first, late)) >= 2
    ours, theirs = (fetch(page, "/api/rooms/tea_room")["state"] for page in (ann, carl))
    assert ours == theirs


def _heard(evening: dict[str, Any], since: int) -> list[list[str]]:
    """[seq, kind, text] of each line from an event on."""
    return [line for line in evening["lines"] if int(line[0]) >= since]


def test_a_thing_shows_its_verbs_and_changes(ann: Page) -> None:
    board = prop(ann, "notice_board")
    expect(board).to_have_attribute("aria-label", "Notice board: empty")
    board.click()
    expect(board).to_have_attribute("aria-expanded", "true")
    ann.click('[data-option="notice_board.pin"]')
    ann.fill(".writing textarea", "<b>Back at ten</b>")
    ann.click(".writing button[type=submit]")
    expect(ann.locator(".pages li").first).to_contain_text("<b>Back at ten</b>")
    expect(board).to_have_attribute("data-look", "few")
    ann.keyboard.press("Escape")
    expect(board).to_be_focused()
    expect(ann.locator(".panel")).to_have_count(0)


def test_a_refused_action_is_told_at_its_place(ann: Page, server: Server, open_page: OpenPage) -> None:
    bob = open_page(f"{server.url}/room/tea_room")
    enter(bob, "Bob")
    prop(ann, "window").click()
    prop(bob, "window").click()
    theirs = [page.locator('[data-option="window.open_window"]').element_handle() for page in (ann, bob)]
    for button in theirs:  # his a moment later: he pressed what he saw, even if his list of verbs is fresh by now
        button.evaluate("(button) => button.click()")
    expect(prop(bob, "window")).to_have_attribute("data-look", "open")
    expect(bob.locator(".toast")).to_have_text("The window is open.")
    expect(bob.locator(".toast")).to_have_attribute("data-reason", "precondition")
    expect(bob.locator('[data-option="window.open_window"]')).to_have_count(0)


def test_a_refusal_is_told_in_the_reader_s_language(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/room/tea_room?lang=de")
    enter(page)
    prop(page, "window").click()
    option = page.locator('[data-option="window.open_window"], [data-option="window.close_window"]').first
    expect(option).to_be_visible()
    option.evaluate("(button) => { button.click(); button.disabled = false; button.click(); }")
    expect(page.locator(".toast")).to_have_text(re.compile("Das Fenster ist (offen|zu)."))


def test_suggestions_follow_the_talk_and_what_is_possible(ann: Page) -> None:
    offered = ann.locator(".suggestions button")
    expect(offered).to_have_count(3)
    expect(ann.locator(".suggestions [data-about=scene]").first).to_be_visible()
    expect(ann.locator(".suggestions [data-about=card]").first).to_be_visible()
    say(ann, "Good evening, Mira")
    settled(ann)
    asks = ann.locator(".suggestions button", has_text="could you please")
    expect(asks.first).to_be_visible()
    expect(offered).to_have_count(3)
    told = ann.locator('li[data-kind="used"]')
    before = told.count()
    text = asks.first.inner_text()
    asks.first.click()
    expect(ann.locator(".line.own:not(.waiting) .text", has_text=text)).to_be_visible()
    expect(told).not_to_have_count(before)
    settled(ann)
    expect(offered).to_have_count(3)
    expect(offered.filter(has_text=text)).to_have_count(0)


def test_what_can_be_asked_is_asked_once_and_then_something_else_is_offered(ann: Page) -> None:
    offered = ann.locator(".suggestions button")
    said = set[str]()
    for _ in range(3):
        settled(ann)
        expect(offered).to_have_count(3)
        now = offered.all_inner_texts()
        assert not said & set(now)
        assert ann.locator(".suggestions [data-about=thing], .suggestions [data-about=deed]").count() <= 1
        text = ann.locator(".suggestions [data-about=card]").first.inner_text()
        ann.locator(".suggestions [data-about=card]").first.click()
        expect(ann.locator(".line.own:not(.waiting) .text", has_text=text)).to_be_visible()
        said.add(text)


def test_somebody_who_comes_in_is_offered_a_welcome(ann: Page, server: Server, open_page: OpenPage) -> None:
    settled(ann)
    say(ann, "Good evening, Mira")
    settled(ann)
    enter(open_page(f"{server.url}/room/tea_room"), "Bob")
    welcome = ann.locator(".suggestions [data-about=arrival]")
    expect(welcome).to_contain_text("Bob")
    welcome.click()
    expect(ann.locator(".line.own:not(.waiting) .text", has_text="Bob")).to_be_visible()


def test_who_watches_is_offered_nothing(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/room/tea_room")
    page.fill("#entrance-name", "Wim")
    page.get_by_role("button", name="Only watch").click()
    expect(page.locator(".room")).to_have_attribute("data-ready", "yes")
    settled(page)
    assert fetch(page, "/api/rooms/tea_room/suggestions")["suggestions"] == []
    expect(page.locator(".suggestions")).to_have_count(0)


def test_a_whisper_is_for_one(ann: Page, server: Server, open_page: OpenPage) -> None:
    bob = open_page(f"{server.url}/room/tea_room")
    enter(bob, "Bob")
    settled(ann)
    ann.select_option(".whisper-to select", "character:yuki")
    say(ann, "Yuki, what is in the bag?")
    expect(ann.locator(".line.own.whisper")).to_have_count(1)
    settled(ann)
    same_seq(ann, bob)
    expect(bob.locator(".line", has_text="what is in the bag")).to_have_count(0)


def test_words_are_never_markup(ann: Page) -> None:
    say(ann, "<img src=x onerror=\"document.title='owned'\"><b>bold</b>")
    settled(ann)
    assert ann.locator(".talk .text :is(img, b), .bubble img").count() == 0
    assert "owned" not in ann.title()


def test_rate_a_reply_with_a_reason(ann: Page) -> None:
    settled(ann)
    reply = replies(ann).last
    tools(reply).get_by_role("button", name="A bad reply").click()
    expect(reply.locator("[data-tools]")).to_have_attribute("data-rated", "bad")
    ann.fill(".reason input", "Too short")
    ann.click(".reason button")
    expect(ann.locator(".reason")).to_have_count(0)
    ann.reload()
    expect(ann.locator(".room")).to_have_attribute("data-ready", "yes")
    expect(ann.locator("[data-rated=bad]")).to_have_count(1)
    pressed = tools(replies(ann).last).locator('[aria-pressed="true"]')
    expect(pressed).to_have_text("A bad reply")


def test_the_draft_survives_a_reload(ann: Page) -> None:
    ann.fill(".composer textarea", "Half a thought")
    ann.reload()
    expect(ann.locator(".composer textarea")).to_have_value("Half a thought")
    expect(ann.locator(".room")).to_have_attribute("data-ready", "yes")  # and the door is not asked again


def test_chess_by_click(ann: Page) -> None:
    prop(ann, "chess").click()
    ann.click('[data-square="e2"]')
    expect(ann.locator('.target[data-square="e4"]')).to_be_visible()
    ann.click('[data-square="e4"]')
    expect(ann.locator('[data-square="e4"]')).to_have_attribute("aria-label", "e4: white pawn")
    expect(ann.locator(".moves")).to_contain_text("1. e4")


def test_the_diary_keeps_who_wrote(ann: Page) -> None:
    use(ann, "diary", "write")
    ann.fill(".writing textarea", "It rained all night.")
    ann.click(".writing button[type=submit]")
    entry = ann.locator(".pages.diary li").last
    expect(entry).to_contain_text("It rained all night.")
    expect(entry.locator(".entry-by")).to_contain_text("Ann")
    expect(prop(ann, "diary")).to_have_attribute("data-look", "written")


def test_a_character_has_a_card(ann: Page) -> None:
    ann.locator(".cast [data-who='character:oskar']").focus()
    ann.keyboard.press("Enter")
    card = ann.locator("[data-card='character:oskar']")
    expect(card).to_contain_text("A retired engine driver")
    card.get_by_role("button", name="Whisper").click()
    expect(ann.locator(".whisper-to select")).to_have_value("character:oskar")
    expect(ann.locator(".composer textarea")).to_be_focused()


def test_what_a_character_remembers_can_be_corrected_and_forgotten(ann: Page) -> None:
    say(ann, "Yuki, I live in Lisbon.")
    settled(ann)
    card = ann.locator("[data-card='character:yuki']")
    fact = card.locator("[data-memory]", has_text="lives in Lisbon")
    exchange = card.locator("[data-memory] .exchange", has_text="I live in Lisbon.").first

    def written_down() -> bool:
        ann.locator(".cast [data-who='character:yuki']").focus()
        ann.keyboard.press("Enter")
        expect(card.locator(".memories")).to_be_visible()
        if fact.count() and exchange.count():
            return True
        ann.keyboard.press("Escape")
        return False

    until(ann, written_down)  # both are, one after the other, after the reply
    expect(card.locator("h3")).to_have_text("What Yuki remembers about you")
    expect(exchange).to_contain_text("you “Yuki, I live in Lisbon.”")
    expect(exchange.locator("b").last).to_have_text("Yuki")
    exchange.locator("xpath=..").get_by_role("button", name="Correct").click()
    written = ann.get_by_role("textbox", name="Correct").input_value()
    assert re.search(r"Ann( \d+)? said “Yuki, I live in Lisbon.”; Yuki said “", written)
    assert "you said" not in written
    ann.keyboard.press("Escape")
    ann.locator(".cast [data-who='character:yuki']").focus()
    ann.keyboard.press("Enter")
    fact.get_by_role("button", name="Correct").click()
    ann.get_by_role("textbox", name="Correct").fill("Ann lives in Porto.")
    card.get_by_role("button", name="Save").click()
    better = card.locator("[data-memory]", has_text="Ann lives in Porto.")
    expect(better).to_be_visible()
    expect(fact).to_have_count(0)
    better.get_by_role("button", name="Forget").click()
    expect(better).to_have_count(0)


def test_a_spectator_watches_and_may_take_part(server: Server, open_page: OpenPage) -> None:
    page = open_page(f"{server.url}/room/radio_room")
    page.get_by_role("button", name="Only watch").click()
    expect(page.locator(".watching")).to_be_visible()
    expect(page.locator(".composer textarea")).to_have_count(0)
    prop(page, "stove").click()
    expect(page.locator(".prop-panel")).to_contain_text("Take part to use it.")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Take part").click()
    expect(page.locator(".composer textarea")).to_be_visible()


def test_the_talk_can_be_kept(ann: Page) -> None:
    ann.fill(".composer textarea", "Keep *this*")
    ann.keyboard.press("Enter")
    expect(ann.locator(".line.own:not(.waiting) .text em")).to_have_text("this")
    ann.click("[data-people]")
    with ann.expect_download() as waiting:
        ann.click("[data-take=markdown]")
    text = waiting.value.path().read_text(encoding="utf-8")
    assert text.startswith("# The Tea Room at Midnight")
    assert "Keep *this*" in text


def test_the_keyboard_reaches_everything(ann: Page) -> None:
    ann.locator(".room-head a").focus()
    reached = set()
    for _ in range(60):
        reached.add(
            ann.evaluate("(({ dataset, tagName }) => dataset.prop || dataset.who || tagName)(document.activeElement)")
        )
        ann.keyboard.press("Tab")
    assert {"lamp", "samovar", "chess", "diary", "character:mira", "character:yuki", "TEXTAREA", "SELECT"} <= reached
