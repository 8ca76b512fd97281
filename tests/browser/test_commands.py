"""What is typed after "/": two people in a room of one of them, at a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.endpoint import endpoint
from tests.browser.server import Server
from tests.browser.steps import enter, fetch, replies, say, settled
from tests.browser.test_comfort import _violations as violations

OpenPage = Callable[..., Page]
Pair = tuple[Page, Page]

DEVICES = ("desktop", "phone")
OWNERS = ("me", "roll", "nudge", "as", "note", "mute", "unmute", "retry", "undo", "save", "branch", "branches", "help")
GUESTS = ("me", "roll", "nudge", "retry", "undo", "save", "branch", "branches", "help")


@pytest.fixture(params=DEVICES)
def pair(request: pytest.FixtureRequest, server: Server, open_page: OpenPage) -> Pair:
    """Ann in a room of her own, in which nobody speaks by themselves, and Bob, who came in."""
    ann = open_page(server.url, device=request.param)
    ann.click('[data-scene="tea_room"]')
    ann.get_by_role("button", name="Open the door").click()
    ann.wait_for_url("**/room/*")
    enter(ann)
    expect(replies(ann).first).to_be_visible()  # the greeting
    settled(ann)
    assert act(ann, {"do": "configure", "responders": "manual"})
    bob = open_page(ann.url, device=request.param)
    enter(bob, "Bob")
    return ann, bob


def act(page: Page, action: dict[str, object]) -> bool:
    """Act by REST as the person of this page; whether it was done."""
    room = page.url.rpartition("/")[2]
    return "seqs" in fetch(page, f"/api/rooms/{room}/actions", "POST", {"action": action})


def give(page: Page, line: str) -> None:
    """Type a line and send it."""
    page.fill(".composer textarea", line)
    page.locator(".composer .send").click()


def offered(page: Page) -> list[str]:
    return page.locator(".command-list li").evaluate_all("(all) => all.map((one) => one.dataset.offer)")


def fits(page: Page) -> None:
    """Nothing is wider than the screen, and what is for fingers is large enough for them."""
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
    if page.evaluate("matchMedia('(hover: none)').matches"):
        for button in page.locator(
            ".slash:visible, .send:visible, .command-list li:visible, .fold:visible, .order button:visible"
        ).all():
            box = button.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 44, button.evaluate("(one) => one.outerHTML.slice(0, 80)")


def test_a_deed_is_told_of_who_does_it(pair: Pair) -> None:
    ann, bob = pair
    give(ann, "/me opens   the *window* <b>wide</b>")
    for page in pair:
        line = page.locator("li[data-kind=said].deed").last
        expect(line.locator(".text")).to_have_text("Ann opens the window <b>wide</b>")
        expect(line.locator(".text > em")).to_have_css("font-style", "italic")
        expect(line.locator("em b")).to_have_count(0)
    expect(ann.locator(".composer textarea")).to_have_value("")
    give(ann, "/me")
    expect(ann.get_by_role("alert")).to_contain_text("What do you do?")
    expect(bob.locator("li[data-kind=said].deed")).to_have_count(1)


def test_dice_fall_before_both(pair: Pair) -> None:
    ann, bob = pair
    give(bob, "/roll 3d6+2")
    shown = [page.locator("li[data-kind=rolled]") for page in pair]
    for line in shown:
        expect(line).to_contain_text("Bob rolls 3d6+2: ")
        expect(line.locator(".dice i")).to_have_count(3)
    texts = [line.inner_text() for line in shown]
    assert texts[0] == texts[1]
    eyes = [int(eye) for eye in shown[0].locator(".dice i").all_inner_texts()]
    assert all(1 <= eye <= 6 for eye in eyes)
    assert f"3d6+2: {sum(eyes) + 2}" in texts[0]
    expect(ann.locator("[data-announcer]")).to_contain_text(f"Bob rolls 3d6+2: {sum(eyes) + 2}")
    give(bob, "/roll 200d6")
    expect(bob.locator(".toast")).to_contain_text("2d6+1")
    expect(bob.locator(".composer textarea")).to_have_value("/roll 200d6")  # to be mended
    give(bob, "/roll")
    expect(ann.locator("li[data-kind=rolled]")).to_have_count(2)


def test_what_is_no_command_is_told_and_never_said(pair: Pair) -> None:
    ann, bob = pair
    lines = bob.locator("li[data-kind=said]").count()
    box = ann.locator(".composer textarea")
    box.fill("/rol")
    ann.keyboard.press("Escape")
    ann.locator(".composer .send").click()
    expect(ann.get_by_role("alert")).to_have_text("There is no /rol. Did you mean /roll? //rol says it.")
    expect(box).to_have_value("/rol")
    box.fill("/secret plans for tonight")
    expect(ann.get_by_role("alert")).to_have_text("There is no /secret. /help shows all; //secret says it.")
    ann.locator(".composer .send").click()
    expect(box).to_have_value("/secret plans for tonight")
    say(ann, "Hello")
    give(ann, "//secret is out")
    expect(bob.locator("li[data-kind=said] .text").last).to_have_text("/secret is out")
    assert bob.locator("li[data-kind=said]").count() == lines + 2


def test_the_list_completes_commands_and_names_by_keys(server: Server, open_page: OpenPage, pair: Pair) -> None:
    ann, _bob = pair
    box = ann.locator(".composer textarea")
    box.focus()
    ann.keyboard.type("/")
    assert offered(ann) == [f"/{one}" for one in OWNERS]
    fits(ann)
    ann.keyboard.press("ArrowDown")
    expect(ann.locator(".command-list li[aria-selected=true]")).to_have_attribute("data-offer", "/roll")
    expect(box).to_have_attribute("aria-activedescendant", "command-1")
    ann.keyboard.press("ArrowUp")
    ann.keyboard.press("ArrowUp")
    expect(ann.locator(".command-list li[aria-selected=true]")).to_have_attribute("data-offer", "/help")
    ann.keyboard.press("Escape")
    expect(ann.locator(".command-list")).to_have_count(0)
    expect(box).to_have_value("/")
    ann.keyboard.type("nu")
    assert offered(ann) == ["/nudge"]
    ann.keyboard.press("Tab")
    expect(box).to_have_value("/nudge ")
    assert offered(ann) == ["/nudge Mira", "/nudge Oskar", "/nudge Yuki"]
    ann.keyboard.type("o")
    ann.keyboard.press("Enter")
    expect(box).to_have_value("/nudge Oskar")
    expect(box).to_be_focused()
    before = replies(ann).count()
    ann.keyboard.press("Enter")
    expect(replies(ann)).not_to_have_count(before)
    expect(replies(ann).last.locator(".who b")).to_have_text("Oskar")
    settled(ann)


def test_the_list_is_tapped(pair: Pair) -> None:
    ann, bob = pair
    bob.locator("[data-commands]").click()
    assert offered(bob) == [f"/{one}" for one in GUESTS], "not for who runs it"
    fits(bob)
    bob.locator(".command-list li[data-offer='/help']").click()
    bob.locator(".composer .send").click()
    panel = bob.get_by_role("dialog", name="What you can type")
    expect(panel).to_contain_text("/roll")
    expect(panel.locator(".close")).to_be_focused()
    fits(bob)
    bob.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(bob.locator(".composer textarea")).to_be_focused()
    give(ann, "/help")
    expect(ann.get_by_role("dialog", name="What you can type")).to_contain_text("/unmute")


def test_who_is_muted_is_seen_to_be_by_both(pair: Pair) -> None:
    ann, bob = pair
    give(bob, "/mute Mira")
    expect(bob.locator(".toast")).to_contain_text("Only the room's owner or an operator may do that.")
    give(ann, "/mute mir")
    for page in pair:
        expect(page.locator("li[data-kind=muted]")).to_have_text("Mira is to say nothing for now.")
        expect(page.locator("[data-name-of='character:mira']")).to_contain_text("muted")
        page.click("[data-people]")
        expect(page.locator("[data-person='character:mira'] [data-muted]")).to_be_visible()
        fits(page)
    expect(bob.locator("[data-person='character:mira'] button")).to_have_count(0)
    ann.locator("[data-person='character:mira'] [data-mute]").click()
    for page in pair:
        expect(page.locator("li[data-kind=muted]").last).to_have_text("Mira may speak again.")
        expect(page.locator("[data-name-of='character:mira']")).not_to_contain_text("muted")
    expect(bob.locator("[data-person='character:mira'] button")).to_have_count(1)


def test_a_note_is_for_who_runs_the_room(pair: Pair) -> None:
    ann, bob = pair
    give(ann, "/note It is <i>midnight</i>.")
    expect(ann.locator("li[data-kind=noted]")).to_have_text("Your note for the room: It is <i>midnight</i>.")
    ann.reload()
    expect(ann.locator(".room")).to_have_attribute("data-ready", "yes")
    ann.click("[data-people]")
    note = ann.locator("[data-note]")
    expect(note).to_have_value("It is <i>midnight</i>.")
    fits(ann)
    note.fill("It is noon.")
    ann.get_by_role("button", name="Save the note").click()
    expect(ann.locator("li[data-kind=noted]").last).to_contain_text("It is noon.")
    note.fill("")
    ann.get_by_role("button", name="Save the note").click()
    expect(ann.locator("li[data-kind=noted]").last).to_have_text("There is no note for the room any more.")
    say(ann, "And now?")
    expect(bob.locator("li[data-kind=said] .text").last).to_have_text("And now?")
    expect(bob.locator("li[data-kind=noted]")).to_have_count(0)
    assert "midnight" not in bob.content()


def test_the_owner_says_who_answers_and_in_which_order(pair: Pair) -> None:
    ann, bob = pair
    ann.click("[data-people]")
    ann.locator("[data-mode]").select_option("list")
    places = ann.locator(".order li")
    expect(places).to_have_text([re.compile("Mira"), re.compile("Oskar"), re.compile("Yuki")])
    ann.get_by_role("button", name="Yuki: earlier").click()
    ann.get_by_role("button", name="Yuki: earlier").click()
    expect(places).to_have_text([re.compile("Yuki"), re.compile("Mira"), re.compile("Oskar")])
    ann.locator("[data-nudges]").uncheck()
    ann.keyboard.press("Escape")
    before = replies(bob).count()
    say(bob, "What do you all say?")
    expect(replies(bob)).to_have_count(before + 3)
    assert replies(bob).locator(".who b").all_inner_texts()[-3:] == ["Yuki", "Mira", "Oskar"]
    settled(bob)
    bob.click("[data-people]")
    expect(bob.locator("[data-person='character:mira']")).to_be_visible()
    expect(bob.get_by_role("button", name="Ask to speak")).to_have_count(0)
    bob.keyboard.press("Escape")
    give(bob, "/nudge Mira")
    expect(bob.locator(".toast")).to_contain_text("Here only who runs the room may ask a character to speak.")


@pytest.mark.parametrize(("device", "other"), [("desktop", "phone"), ("phone", "desktop")])
def test_the_model_chooses_who_answers_and_in_a_pool_each_has_a_turn(
    device: str, other: str, start_server: Callable[..., Server], open_page: OpenPage
) -> None:
    with endpoint("quick") as service:
        service.pick = "3"
        server = start_server(model="a-model", model_url=service.url, model_key="not-a-real-key")
        ann = open_page(server.url, device=device)
        ann.click('[data-scene="tea_room"]')
        ann.get_by_role("button", name="Open the door").click()
        ann.wait_for_url("**/room/*")
        enter(ann)
        settled(ann)
        bob = open_page(ann.url, device=other)
        enter(bob, "Bob")
        settled(bob)

        def answers(mode: str, *lines: str) -> list[str]:
            ann.click("[data-people]")
            ann.locator("[data-mode]").select_option(mode)
            expect(ann.locator("[data-mode]")).to_have_value(mode)
            ann.keyboard.press("Escape")
            found = []
            for number, line in enumerate(lines):
                before = replies(bob).count()
                service.reply = {"say": f"This is what I say to number {mode} {number}.", "emotion": "calm"}
                say(bob, line)
                expect(replies(ann).locator(".text").last).to_have_text(service.reply["say"])
                settled(bob)
                expect(replies(bob)).to_have_count(before + 1)
                found.append(replies(bob).last.locator(".who b").inner_text())
            return found

        assert answers("smart", "And what of the rain?") == ["Yuki"]
        assert sorted(answers("pooled", "One.", "Two.", "Three.")) == ["Mira", "Oskar", "Yuki"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", DEVICES)
def test_axe_finds_nothing_serious_in_what_was_typed(
    device: str, scheme: str, server: Server, open_page: OpenPage
) -> None:
    ann = open_page(f"{server.url}/room/tea_room", device=device, color_scheme=scheme)
    enter(ann)
    settled(ann)
    for line in ("/me waves", '*nods* "Good," *she says*', "/roll 3d6+2"):
        give(ann, line)
    expect(ann.locator("li[data-kind=rolled]")).to_be_visible()
    settled(ann)
    for typed in ("/", "/secret plans"):
        ann.fill(".composer textarea", typed)
        expect(ann.locator(".command-list, .command-trouble")).to_be_visible()
        assert violations(ann) == []
    give(ann, "/help")
    expect(ann.locator(".help-panel")).to_be_visible()
    assert violations(ann) == []


SCENE = """\
format: 1
id: shore
title: The shore
line: Wind.
description: A shore.
characters: [{id: fate}, {id: mirl}]
"""
CARD = """\
format: 1
id: {id}
name: {name}
line: Tells.
body: {body}
persona: You tell of the shore.
greeting: "{greeting}"
voice: {{fallbacks: [The wind turns., A gull cries., The tide is out.]}}
"""
LONG = "*She looks up.* " + "The sea was here before the road, and it remembers all who came by it. " * 12


@pytest.mark.parametrize("device", DEVICES)
def test_a_narrator_tells_and_a_long_greeting_folds(
    device: str,
    start_server: Callable[..., Server],
    open_page: OpenPage,
    tmp_path: Path,
    expect_errors: Callable[[str], None],
) -> None:
    expect_errors("status of 404")  # nobody drew them
    (tmp_path / "scenes" / "shore").mkdir(parents=True)
    (tmp_path / "scenes" / "shore" / "scene.yaml").write_text(SCENE, encoding="utf-8")
    for id, name, body in (("fate", "Fate", "none"), ("mirl", "Mirl", "figure")):
        folder = tmp_path / "characters" / id
        folder.mkdir(parents=True)
        (folder / "character.yaml").write_text(CARD.format(id=id, name=name, body=body, greeting=LONG.strip()), "utf-8")
    server = start_server(scenes=str(tmp_path / "scenes"), characters=str(tmp_path / "characters"))
    ann = open_page(f"{server.url}/room/shore", device=device)
    enter(ann)
    settled(ann)
    bob = open_page(f"{server.url}/room/shore", device=device)
    expect(bob.locator(".entrance")).to_contain_text("Fate, Mirl: these characters are software")
    enter(bob, "Bob")
    settled(bob)
    greeting = bob.locator("li[data-kind=said]").last
    expect(greeting.locator(".who b")).to_have_text("Mirl")
    more = greeting.locator(".fold")
    expect(more).to_have_text("More")
    low = greeting.locator(".text").bounding_box()
    expect(greeting.locator(".text")).to_have_text(LONG.replace("*", "").strip())  # folded for eyes alone
    fits(bob)
    more.click()
    expect(more).to_have_text("Less")
    expect(more).to_have_attribute("aria-expanded", "true")
    high = greeting.locator(".text").bounding_box()
    assert low
    assert high
    assert high["height"] > low["height"] * 1.3
    for page in (ann, bob):
        expect(page.locator(".cast [data-who]")).to_have_count(1)
        expect(page.locator("[data-name-of='character:fate']")).to_have_count(0)
        page.click("[data-people]")
        expect(page.locator("[data-person='character:fate'] small")).to_have_text("Narrator")
        page.keyboard.press("Escape")
    expect(bob.locator(".whisper-to option", has_text="Fate")).to_have_count(0)
    give(ann, "/nudge fate")
    for page in (ann, bob):
        told = page.locator("li.narration[data-kind=said]")
        expect(told.locator(".who b")).to_have_text("Fate")
        expect(told.locator(".face, .avatar")).to_have_count(0)
        expect(told.locator(".text")).not_to_be_empty()
    expect(bob.locator(".bubble[data-who='character:fate']")).to_have_count(0)
    fits(bob)


QUOTED = {
    'She smiles. "Good evening." It is 5" wide and 6" high.': ['"Good evening."'],
    "Er sagt: „Guten Abend.“ Und »Bis bald«.": ["„Guten Abend.“", "»Bis bald«"],
    "«Buenas», dice. “Hola.”": ["«Buenas»", "“Hola.”"],
    "彼は「やあ、『友よ』」と言う。": ["「やあ、『友よ』」"],
    "An open “quote and 2 * 3 * 4 and *half": [],
}


def test_speech_and_deeds_are_told_apart(pair: Pair) -> None:
    ann, bob = pair
    for line, quoted in QUOTED.items():
        say(ann, line)
        shown = bob.locator("li[data-kind=said] .text").last
        expect(shown).to_have_text(line)
        assert shown.locator(".quoted").all_inner_texts() == quoted
        assert shown.locator("em").count() == 0
    give(ann, '*nods* "All <u>is</u> *really* well," *she says "softly"*')
    shown = bob.locator("li[data-kind=said] .text").last
    expect(shown).to_have_text('nods "All <u>is</u> really well," she says "softly"')
    assert shown.locator("em").all_inner_texts() == ["nods", "really", "she says ", '"softly"']
    assert shown.locator("u").count() == 0
    fits(bob)
