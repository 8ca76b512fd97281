"""The story in the player's hands: other tries, other words, going back, save points; with two people in the room."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.steps import answered, enter, say, settled, until

OpenPage = Callable[..., Page]
StartServer = Callable[..., Server]


def last_reply(page: Page) -> str:
    """The words of the character's line that stands last."""
    return page.locator("li.line.speech:not(.own):not(.now) .text").last.inner_text()


def tools(page: Page, text: str):
    """The line that says so, with its tools in reach."""
    line = page.locator("li.line.speech", has_text=text).last
    line.hover()
    line.locator("[data-tools]").click()
    return line


def room_of(page: Page, server: Server) -> None:
    page.goto(server.url)
    page.click('[data-scene="tea_room"]')
    page.get_by_role("button", name="Open the door").click()
    page.wait_for_url("**/room/*")


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_another_try_beside_the_first(device: str, server: Server, open_page: OpenPage) -> None:
    ann = open_page(server.url, device=device)
    room_of(ann, server)
    enter(ann)
    bob = open_page(ann.url, device=device)
    enter(bob, "Bob")
    answered(ann, "Mira, what do you dream about?")
    first = last_reply(ann)
    if device == "desktop":
        tools(ann, first).locator("[data-try]").click()
    else:
        tools(ann, first).locator("[data-wish]").click()
        ann.screenshot(path=f".test-results/ways-wish-{device}.png")
        ann.locator(".rewrite input").fill("shorter")
        ann.locator(".rewrite input").press("Enter")
    settled(ann)
    expect(ann.locator("[data-ways]").last).to_have_text("2/2")
    second = last_reply(ann)
    assert second != first
    ann.locator("[data-way=before]").last.click()
    expect(ann.locator("[data-ways]").last).to_have_text("1/2")
    for page in (ann, bob):
        expect(page.locator("li.line.speech:not(.own):not(.now) .text").last).to_have_text(first)
    expect(bob.locator("[data-ways]").last).to_have_text("1/2")
    ann.locator(".ways").last.focus()
    ann.keyboard.press("ArrowRight")
    expect(ann.locator("[data-ways]").last).to_have_text("2/2")
    tools(ann, "what do you dream about?").locator("[data-ask-again]").click()
    settled(ann)
    expect(ann.locator("[data-ways]").last).to_have_text("3/3")
    ann.locator(".composer textarea").press("ArrowLeft")
    expect(ann.locator("[data-ways]").last).to_have_text("2/3")
    ann.locator(".composer textarea").press("ArrowRight")
    expect(ann.locator("[data-ways]").last).to_have_text("3/3")
    ann.locator("[data-way=after]").last.click()  # beyond the last there is another try
    settled(ann)
    expect(ann.locator("[data-ways]").last).to_have_text("4/4")
    said = ann.locator("li.line.speech:not(.own)").count()
    tools(ann, last_reply(ann)).locator("[data-go-on]").click()
    until(ann, lambda: ann.locator("li.line.speech:not(.own)").count() > said)
    settled(ann)
    tools(ann, last_reply(ann)).locator("[data-edit]").click()
    ann.get_by_role("textbox", name="Say it in other words").fill("I dream of kettles.")
    ann.get_by_role("button", name="Say so").click()
    for page in (ann, bob):
        expect(page.locator("li.line.speech:not(.own):not(.now) .text").last).to_have_text("I dream of kettles.")
    expect(bob.locator("[data-edited]").last).to_have_text("edited by Ann")
    assert ann.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_others_see_what_changed_and_who_did_it(server: Server, open_page: OpenPage) -> None:
    ann = open_page(server.url)
    room_of(ann, server)
    enter(ann)
    bob = open_page(ann.url, device="phone")
    enter(bob, "Bob")
    bob.fill(".composer textarea", "I am writing something long")
    answered(ann, "Mira, what do you dream about?")
    reply = last_reply(ann)
    tools(ann, reply).locator("[data-try]").click()
    expect(bob.locator("[data-reason=turned]")).to_contain_text("asked for another try")
    settled(ann)
    settled(bob)
    expect(bob.locator("[data-ways]").last).to_have_text("2/2")
    expect(bob.locator(".composer textarea")).to_have_value("I am writing something long")
    expect(bob.locator("[data-way=before]").last).to_be_disabled()
    expect(tools(bob, last_reply(bob)).locator("[data-link]")).to_be_visible()
    expect(bob.locator("[data-try]")).to_have_count(0)
    ann.click("[data-people]")
    ann.locator("[data-steer]").select_option("everybody")
    ann.keyboard.press("Escape")
    expect(bob.locator("[data-try]")).to_have_count(1)
    bob.keyboard.press("Escape")
    keeps_what_was_typed(ann, bob)


def keeps_what_was_typed(ann: Page, bob: Page) -> None:
    """Ann takes back the line that Bob is about to put in other words."""
    bob.fill(".composer textarea", "")
    say(bob, "I lost a hat.")
    tools(bob, "I lost a hat.").locator("[data-edit]").click()
    bob.get_by_role("textbox", name="Say it in other words").fill("I lost a grey hat.")
    bob.locator(".composer textarea").fill("And then")
    tools(ann, "I lost a hat.").locator("[data-delete]").click()
    expect(bob.locator("li.line", has_text="I lost a hat.")).to_have_count(0)
    expect(bob.locator(".composer textarea")).to_have_value("And then\nI lost a grey hat.")
    expect(bob.locator("li[data-kind=moved]")).to_have_text("Ann has the story go on from here.")
    expect(ann.locator("li[data-kind=moved]")).to_have_text("The story goes on from here.")
    ann.locator("[data-undo]").last.click()
    expect(bob.locator("[data-reason=turned]", has_text="Ann took that back")).to_be_visible()
    expect(bob.locator("li[data-kind=moved]")).to_have_text("Ann took that back; the story goes on where it was.")
    keeps_what_was_typed_over_a_reload(ann, bob)


def keeps_what_was_typed_over_a_reload(ann: Page, bob: Page) -> None:
    """Bob's page is loaded anew as he types, as it does by itself when its connection is lost."""
    expect(bob.locator("li.line", has_text="I lost a hat.")).to_be_visible()
    expect(bob.locator(".line-tools, .rewrite")).to_have_count(0)
    bob.fill(".composer textarea", "")
    tools(bob, "I lost a hat.").locator("[data-edit]").click()
    box = bob.get_by_role("textbox", name="Say it in other words")
    box.fill("I lost a blue hat.")
    bob.reload()
    expect(box).to_have_value("I lost a blue hat.")
    expect(box).to_be_focused()
    expect(box).to_be_in_viewport()
    expect(bob.locator(".toast")).to_have_count(0)  # who comes in has missed nothing
    bob.goto("about:blank")
    tools(ann, "I lost a hat.").locator("[data-delete]").click()
    expect(ann.locator("li.line", has_text="I lost a hat.")).to_have_count(0)
    bob.goto(ann.url)
    expect(bob.locator(".composer textarea")).to_have_value("I lost a blue hat.")


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_other_words_and_the_way_back(device: str, server: Server, open_page: OpenPage) -> None:
    ann = open_page(server.url, device=device)
    room_of(ann, server)
    enter(ann)
    bob = open_page(ann.url, device=device)
    enter(bob, "Bob")
    answered(ann, "Mira, I lost an umbrela.")
    mine = tools(ann, "I lost an umbrela.")
    mine.locator("[data-edit]").click()
    box = ann.get_by_role("textbox", name="Say it in other words")
    expect(box).to_have_value("Mira, I lost an umbrela.")
    box.fill("Mira, I lost an umbrella.")
    ann.get_by_role("button", name="Say so").click()
    for page in (ann, bob):
        expect(page.locator("li.line.speech", has_text="umbrella.")).to_be_visible()
        expect(page.locator("li.line.speech", has_text="umbrela.")).to_have_count(0)
    settled(ann)
    ann.locator("[data-undo]").last.click()
    expect(ann.locator("li.own", has_text="umbrela.")).to_be_visible()
    tools(ann, "I lost an umbrela.").locator("[data-delete]").click()
    for page in (ann, bob):
        expect(page.locator("li.line.speech", has_text="umbrela.")).to_have_count(0)
    ann.locator("[data-undo]").last.click()
    for page in (ann, bob):
        expect(page.locator("li.line.speech", has_text="umbrela.")).to_be_visible()


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_save_point_and_commands(device: str, server: Server, open_page: OpenPage) -> None:
    ann = open_page(server.url, device=device)
    room_of(ann, server)
    enter(ann)
    bob = open_page(ann.url, device=device)
    enter(bob, "Bob")
    answered(ann, "Mira, good evening.")
    ann.click("[data-people]")
    saves = ann.locator(".saves")
    expect(saves).to_contain_text("None yet.")
    saves.get_by_role("textbox").fill("Before the storm")
    saves.get_by_role("button", name="Save").click()
    expect(saves.locator("[data-save]")).to_contain_text("Before the storm")
    ann.keyboard.press("Escape")
    answered(ann, "Mira, a storm is coming.")
    ann.click("[data-people]")
    saves.locator("[data-load]").click()
    for page in (ann, bob):
        expect(page.locator("li.line.speech", has_text="storm is coming")).to_have_count(0)
    bob.click("[data-people]")
    expect(bob.locator("[data-save]")).to_contain_text("Before the storm")
    expect(bob.locator("[data-unsave]")).to_have_count(0)  # the name is Ann's
    bob.keyboard.press("Escape")
    expect(saves.locator("[data-save]")).to_contain_text("Before the storm")
    saves.locator("[data-unsave]").click()
    expect(saves).to_contain_text("None yet.")
    ann.keyboard.press("Escape")
    box = ann.locator(".composer textarea")
    for command, answer in (("/save", "What is this moment called?"), ("/branch " + "x" * 60, "at most 40 letters")):
        box.fill(command)
        box.press("Enter")
        expect(ann.get_by_role("alert")).to_contain_text(answer)
    box.fill("/branch By night")
    box.press("Enter")
    expect(ann.locator("[data-reason=steered]", has_text="called By night now")).to_be_visible()
    box.fill("/save A secret name")
    box.press("Enter")
    ann.click("[data-people]")
    for place, words in ((ann.locator(".branches"), "By night"), (saves, "A secret name")):
        expect(place).to_contain_text(words)
        if words == "By night":
            place.locator("li.current [data-name]").click()
        place.locator("[data-erase-name]").click()
        ann.screenshot(path=f".test-results/ways-erase-name-{words[0]}.png")
        place.locator("[data-erase=yes]").click()
        expect(place).not_to_contain_text(words)
    ann.keyboard.press("Escape")
    box.fill("/retry shorter")
    box.press("Enter")
    settled(ann)
    expect(ann.locator("[data-ways]").last).to_have_text("2/2")
    for left in (1, 0):  # the other try is taken back, then the line
        box.fill("/undo")
        box.press("Enter")
        expect(ann.locator("[data-ways]").last).to_have_text("1/2") if left else None
        expect(ann.locator("li.own")).to_have_count(left)
    expect(bob.locator("li.line", has_text="good evening")).to_have_count(0)


def test_where_nobody_steers_nothing_is_offered(start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server()
    ann = open_page(server.url)
    room_of(ann, server)
    enter(ann)
    answered(ann, "Mira, good evening.")
    ann.click("[data-people]")
    ann.locator("[data-steer]").select_option("nobody")
    ann.keyboard.press("Escape")
    expect(tools(ann, last_reply(ann)).locator("[data-link]")).to_be_visible()
    expect(ann.locator("[data-try]")).to_have_count(0)
    expect(ann.locator("[data-delete]")).to_have_count(0)


OVER_A_PANEL = """(toast) => {
  const [a, b] = [toast, document.querySelector(".room-grid > .panel")].map((one) => one.getBoundingClientRect());
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}"""
SWIPE = """(line) => {
  const touch = (x) => new Touch({ identifier: 1, target: line, clientX: x, clientY: 10 });
  const at = (x) => ({ changedTouches: [touch(x)], bubbles: true });
  line.dispatchEvent(new TouchEvent("touchstart", at(300)));
  line.dispatchEvent(new TouchEvent("touchend", at(120)));
}"""
KEPT = """async () => {
  const { newRoom, follow } = await import("openroom-gui/room/room_model.js");
  const [room, on] = [newRoom(), {}];
  follow(room, { on: (what, take) => (on[what] = take) });
  const said = (seq) => ({ seq, at: seq, kind: "said", actor: "player:x", text: `${seq}` });
  const told = (from, to) => Array.from({ length: to - from + 1 }, (_, n) => said(from + n));
  const snapshot = (log) => on.snapshot({ seq: 900, manifest: {}, options: [], turns: [], model: null, log });
  snapshot(told(1, 200));
  for (const event of told(201, 300)) on.event(event);
  snapshot([...told(80, 278), said(310)]);
  const kept = [room.log.length, room.log[0].seq, room.log.at(-1).seq];
  snapshot(told(1, 5));
  return [...kept, room.log.length];
}"""


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_branches_in_a_list_and_a_room_of_ones_own(device: str, server: Server, open_page: OpenPage) -> None:
    ann = open_page(server.url, device=device)
    room_of(ann, server)
    enter(ann)
    bob = open_page(ann.url)
    enter(bob, "Bob")
    bob.fill(".composer textarea", "I am writing")
    for line in ("Mira, good evening.", "Mira, what do you dream about?"):
        answered(ann, line)
    bob.evaluate("document.activeElement.blur()")
    bob.set_viewport_size({"width": 1280, "height": 480})
    bob.locator("li.line.speech [data-tools]").last.click()
    up = "(box) => { box.scrollTop = 0; return box.scrollHeight > box.clientHeight + 100 }"
    until(bob, lambda: bob.locator(".talk-box").evaluate(up) and bob.locator(".to-end").count())
    before = bob.locator(".talk-box").evaluate("(box) => box.scrollTop")
    tools(ann, last_reply(ann)).locator("[data-try]").click()
    settled(ann)
    expect(ann.locator("[data-ways]").last).to_have_text("2/2")
    expect(bob.locator("[data-ways]").last).to_have_text("2/2")
    assert bob.locator(".talk-box").evaluate("(box) => box.scrollTop") == before, "who reads stays where they are"
    expect(bob.locator(".composer textarea")).to_have_value("I am writing")
    assert bob.evaluate("document.activeElement === document.body"), "and nobody's focus is moved"
    ann.locator(".ways").last.focus()
    ann.keyboard.press("ArrowLeft")
    expect(ann.locator("[data-ways]").last).to_have_text("1/2")
    expect(ann.locator(".ways").last).to_be_focused()
    expect(bob.locator("[data-ways]").last).to_have_text("1/2")
    expect(bob.locator(".line-tools")).to_have_count(0)
    assert bob.locator(".talk-box").evaluate("(box) => box.scrollTop") == before, "also when a line comes back"
    ann.locator("li.line.speech:not(.own)").last.evaluate(SWIPE)
    expect(ann.locator("[data-ways]").last).to_have_text("2/2")
    assert ann.evaluate(KEPT) == [279, 1, 310, 6], "what was read before stays"

    ann.click("[data-people]")
    branches = ann.locator(".branches")
    expect(branches.locator("li")).to_have_count(2)
    expect(branches.locator("li.current")).to_contain_text("here now")
    branches.locator("li.current [data-name]").click()
    branches.get_by_role("textbox").fill("The second dream")
    branches.get_by_role("textbox").press("Enter")
    expect(branches.locator("li.current")).to_contain_text("The second dream")
    ann.locator("[data-undo]").last.click()
    expect(branches.locator("li.current")).not_to_contain_text("The second dream")
    branches.locator("li.current [data-name]").click()
    branches.get_by_role("textbox").fill("The second dream")
    branches.get_by_role("textbox").press("Enter")
    expect(branches.locator("li.current")).to_contain_text("The second dream")
    there = branches.locator("li:not(.current)").get_attribute("data-branch")
    branches.locator("li:not(.current) [data-go]").click()
    expect(ann.locator("[data-ways]").last).to_have_text("1/2")
    expect(branches.locator("li.current")).to_have_attribute("data-branch", there)
    branches.locator("li:not(.current) [data-off]").click()
    expect(branches.locator("li")).to_have_count(1)
    assert ann.locator(".toast").last.evaluate(OVER_A_PANEL) is False
    ann.locator("[data-undo]").last.click()
    expect(branches.locator("li")).to_have_count(2)
    branches.scroll_into_view_if_needed()
    ann.screenshot(path=f".test-results/ways-branches-{device}.png")
    assert ann.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ann.keyboard.press("Escape")

    # Another try at a reply of before begins a branch there; what followed it is kept on the one before.
    old = ann.locator("li.own", has_text="good evening").locator("xpath=following-sibling::li[1]")
    tools(ann, old.locator(".text").inner_text()).locator("[data-try]").click()
    settled(ann)
    for page in (ann, bob):
        expect(page.locator("li.line.speech", has_text="dream about")).to_have_count(0)
        expect(page.locator("[data-ways]").last).to_have_text("2/2")
    ann.locator("[data-way=before]").last.click()
    for page in (ann, bob):
        expect(page.locator("li.line.speech", has_text="dream about")).to_have_count(1)

    tools(ann, "Mira, good evening.").locator("[data-fork]").click()
    ann.locator("[data-reason=forked] [data-undo]").click()
    ann.wait_for_url(lambda url: url != bob.url)
    enter(ann)
    expect(ann.locator("li.own", has_text="good evening")).to_be_visible()
    expect(ann.locator("li.own")).to_have_count(1)
