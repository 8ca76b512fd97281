"""Character cards in the lobby: they come in by a drop or the button, are refused in plain words, and go out again."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import FilePayload, Page, Route, expect

from openroom.cards.read import read_card
from tests.browser.server import Server
from tests.browser.steps import enter, settled
from tests.cards import corpus

OpenPage = Callable[..., Page]
_NOTES = "Best on rainy evenings.\n<b>Not bold</b><img src=x onerror=alert(1)>"
_DROP = """([name, bytes]) => {
  const data = Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0)), transfer = new DataTransfer();
  transfer.items.add(new File([data], name));
  const told = { bubbles: true, cancelable: true, dataTransfer: transfer };
  for (const kind of ["dragenter", "dragover", "drop"])
    document.querySelector(".hero").dispatchEvent(new DragEvent(kind, told));
}"""


def drop(page: Page, name: str, data: bytes) -> None:
    """A file is dropped somewhere on the page."""
    page.evaluate(_DROP, [name, base64.b64encode(data).decode()])


def card(name: str = "Runa", size: tuple[int, int] = (300, 450), **more: Any) -> bytes:
    """A PNG with a card of its own in it."""
    told = corpus.v3(name=name, nickname="", creator_notes=_NOTES, **more)
    base = corpus.picture(size=size)
    return corpus.with_chunks(corpus.text("ccv3", corpus.coded(told)), base=base)


@pytest.fixture
def creator(server: Server, open_page: OpenPage) -> Iterator[Callable[..., Page]]:
    """A creator's page of the lobby."""
    kept = server.folder / "creators.txt"  # one token for all tests of this server
    if not kept.exists():
        operator = open_page(server.operator_url)
        operator.get_by_role("button").first.click()
        expect(operator.locator(".lobby")).to_have_attribute("data-state", "ready")
        made = operator.request.post(f"{server.url}/api/tokens", data={"role": "creator", "note": "Cleo", "uses": 0})
        kept.write_text(made.json()["url"])

    def open_(device: str = "desktop") -> Page:
        page = open_page(kept.read_text(), device=device)
        page.get_by_role("button").first.click()
        expect(page.locator("[data-bring-button]")).to_be_visible()
        expect(page.locator(".lobby")).to_have_attribute("data-state", "ready")
        return page

    yield open_


def test_a_dropped_card_is_told_and_talked_with(creator: Callable[..., Page]) -> None:
    page = creator()
    drop(page, "nell.png", card("Nell"))
    dialog = page.locator('[data-bring="here"]')
    expect(dialog.get_by_role("heading", level=2)).to_have_text("Nell")
    expect(dialog).to_contain_text("A card by somebody")
    expect(dialog).to_contain_text("PNG, version 3")
    expect(dialog.locator("[data-notes]")).to_have_text(_NOTES)
    expect(dialog.locator("[data-notes] :is(b, img)")).to_have_count(0)
    expect(dialog.locator(".bring-picture img")).to_have_attribute("src", "/art/characters/nell/portrait.webp")
    report = dialog.locator("[data-report]")
    report.locator("summary").click()
    expect(report.locator('[data-fate="converted"]')).to_contain_text("part of the description the character is played")
    expect(report.locator('[data-fate="kept"]')).to_contain_text("for people; no model reads it")
    expect(report).not_to_contain_text("mes_example")
    dialog.locator("[data-talk]").click()
    page.wait_for_url("**/room/nell_room")
    enter(page)
    settled(page)
    expect(page.locator('li[data-kind="said"] .text').first).to_have_text(re.compile("boots|again|stairs"))
    expect(page.locator(".backdrop svg")).to_be_visible()
    expect(page.locator(".backdrop-plain")).to_have_count(0)


def test_the_button_takes_a_file_on_a_phone(creator: Callable[..., Page]) -> None:
    page = creator("phone")
    with page.expect_file_chooser() as chooser:
        page.locator("[data-bring-button]").tap()
    names, long = ("Otta", "Pell"), " ".join(f"It rained for {at} days, and the boat stayed in." for at in range(60))
    cards = {one: card(one, first_mes=long, alternate_greetings=[]) for one in names}
    chooser.value.set_files([FilePayload(name=f"{one}.png", mimeType="image/png", buffer=cards[one]) for one in names])
    dialog = page.locator(".card-dialog")
    expect(dialog.get_by_role("heading", level=2)).to_have_text("Otta")
    dialog.get_by_role("button", name="Next card (1 more)").tap()
    expect(dialog.get_by_role("heading", level=2)).to_have_text("Pell")
    page.locator("[data-see]").tap()
    expect(dialog).to_have_count(0)
    expect(page.locator("[data-shelved]").first).to_have_attribute("data-shelved", "pell")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, "nothing sticks out of the page"
    page.locator('[data-shelved="pell"] button').first.tap()
    page.wait_for_url("**/room/pell_room")
    enter(page)
    greeting = page.locator('li[data-kind="said"]').first
    expect(greeting).to_contain_text("It rained for 59 days")
    settled(page)
    top = "line => line.getBoundingClientRect().top - line.closest('.talk-box').getBoundingClientRect().top"
    assert greeting.evaluate(top) >= -1, "who comes in reads the greeting from its beginning"


def test_a_card_that_came_before_offers_who_is_there(
    creator: Callable[..., Page], expect_errors: Callable[[str], None]
) -> None:
    expect_errors(r"status of 409")
    page = creator()
    drop(page, "mo.png", card("Mo"))
    expect(page.locator('[data-bring="here"]')).to_be_visible()
    page.keyboard.press("Escape")
    drop(page, "again.png", card("Mo"))
    known = page.locator('[data-bring="known"]')
    expect(known.locator("[data-known]")).to_contain_text("came in before, as Mo.")
    expect(known.locator(".bring-picture img")).to_have_attribute("src", "/art/characters/mo/portrait.webp")
    assert _violations(page) == []
    known.locator("[data-see]").click()
    expect(page.locator('[data-shelved="mo"]')).to_be_in_viewport()
    expect(page.locator('[data-shelved="mo_2"]')).to_have_count(0)
    drop(page, "again.png", card("Mo"))
    known.locator("[data-again]").click()
    expect(page.locator('[data-bring="here"]')).to_be_visible()
    page.locator("[data-see]").click()
    expect(page.locator('[data-shelved="mo_2"]')).to_be_visible()
    drop(page, "again.png", card("Mo"))
    known.locator("[data-talk]").click()
    page.wait_for_url("**/room/mo_room")
    expect(page.get_by_role("dialog")).to_contain_text("Mo is software, not a person.")


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_draft_of_what_the_card_says_is_read_and_copied(creator: Callable[..., Page], device: str) -> None:
    page = creator(device)
    drop(page, "sol.png", card(f"Sol {device}"))
    page.locator("[data-draft-open]").click()
    text = page.locator("[data-draft-text]")
    expect(text).to_contain_text("# A draft")
    assert _violations(page) == []
    ground = "(one) => getComputedStyle(one).backgroundColor"
    parts = page.locator("[data-part]")
    assert parts.nth(0).evaluate(ground) != parts.nth(1).evaluate(ground), "which part is shown can be seen"
    page.locator('[data-part="cases"]').click()
    expect(page.locator('[data-part="cases"]')).to_have_attribute("aria-pressed", "true")
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.locator("[data-copy]").click()
    expect(page.locator("[data-draft]")).to_contain_text("Copied. It goes into cases.yaml")
    assert page.evaluate("window.copied") == text.text_content()
    page.get_by_role("button", name="Back").click()
    expect(page.locator("[data-talk]")).to_be_visible()


def test_a_lorebook_by_itself_is_told_apart(creator: Callable[..., Page], expect_errors: Callable[[str], None]) -> None:
    expect_errors(r"status of 422")
    page = creator()
    bookless = corpus.v3(name="Nemo", nickname="")
    bookless["data"].pop("character_book")
    drop(page, "nemo.json", corpus.dumped(bookless))
    expect(page.locator('[data-bring="here"]')).to_be_visible()
    page.locator(".card-dialog .close").click()
    drop(page, "world.json", corpus.dumped(corpus.WORLD))
    book = page.locator("[data-book]")
    expect(book).to_contain_text("a lorebook by itself, no character")
    expect(page.locator("[data-give]")).to_be_disabled()
    book.get_by_label("Character").select_option("Nemo")
    page.locator("[data-give]").click()
    expect(page.locator("[data-given]")).to_contain_text("the book of Nemo now")
    page.locator(".card-dialog .close").click()
    drop(page, "world.json", corpus.dumped(corpus.WORLD))
    book.get_by_label("Character").select_option("Nemo")
    page.locator("[data-give]").click()
    expect(page.locator("[data-problem]")).to_contain_text("came one that has it")


def test_a_card_in_another_language_has_no_draft_and_says_so(creator: Callable[..., Page]) -> None:
    page = creator()
    told = corpus.v3(
        name="Lotte", nickname="Lo", description="Lotte backt Brot in einer kleinen Stadt am Fluss.", personality=""
    )
    told["data"] |= {"scenario": "", "first_mes": "Guten Morgen.", "mes_example": "", "system_prompt": ""}
    drop(page, "lotte.json", corpus.dumped(told))
    page.locator("[data-draft-open]").click()
    expect(page.locator("[data-draft-none]")).to_contain_text("English prose")
    expect(page.locator("[data-copy]")).to_have_count(0)


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_report_fits_the_screen_with_what_is_next(creator: Callable[..., Page], device: str) -> None:
    page = creator(device)
    drop(page, "long.png", card(f"Long {device}", (600, 900)))
    page.locator("[data-report] summary").click()
    height = page.evaluate("innerHeight")
    for end in (0, 99_999):
        page.evaluate("(end) => document.querySelector('.card-dialog').scrollTo(0, end)", end)
        for seen in (".card-dialog", ".card-dialog .close", "[data-talk]", "[data-export-card]"):
            box = page.locator(seen).bounding_box()
            assert box and box["y"] >= 0 and box["y"] + box["height"] <= height, (seen, end)
    last = page.locator("[data-report] li").last.bounding_box()
    acts = page.locator(".bring-next").bounding_box()
    panel = page.locator(".card-dialog").bounding_box()
    assert last and acts and panel and last["y"] + last["height"] <= acts["y"], "nothing is behind the buttons"
    assert abs(acts["y"] + acts["height"] - panel["y"] - panel["height"]) <= 1, "and nothing below them"


def test_the_choice_of_a_face_has_the_focus_wherever_it_opens(creator: Callable[..., Page]) -> None:
    page = creator()
    drop(page, "fay.png", card("Fay"))
    page.locator("[data-choose-face]").click()
    expect(page.locator("[data-square]")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator('[data-shelved="fay"]').get_by_role("button", name="face").press("Enter")
    expect(page.locator("[data-square]")).to_be_focused()


def test_the_dialog_keeps_the_focus_and_waits_its_turn(
    creator: Callable[..., Page], expect_errors: Callable[[str], None]
) -> None:
    expect_errors(r"status of (409|422)")
    page = creator()
    drop(page, "gil.png", card("Gil"))
    for opens, back in (("choose-face", "Cancel"), ("draft-open", "Back"), ("export-card", "Back")):
        page.locator(f"[data-{opens}]").click()
        page.wait_for_function("document.activeElement.closest('.card-dialog')")
        page.get_by_role("button", name=back).click()
        expect(page.locator(f"[data-{opens}]")).to_be_focused()
    page.locator("[data-draft-open]").click()
    expect(page.locator(".card-dialog")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-bring]")).to_have_count(0)
    asked: list[str] = []

    def busy(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) < 3:
            route.fulfill(status=409, json={"reason": "busy", "message": "One at a time."})
        else:
            route.fulfill(status=422, json={"reason": "definition", "message": "scene.yaml: expected a title"})

    page.route("**/api/cards/gil/room", busy)
    drop(page, "again.png", card("Gil"))
    page.locator("[data-talk]").click()
    expect(page.locator(".problem")).to_contain_text("expected a title")
    assert len(asked) == 3
    page.keyboard.press("Escape")
    expect(page.locator("[data-bring]")).to_have_count(0)
    told = {"reason": "definition", "message": "why"}
    page.route("**/api/cards?*", lambda route: route.fulfill(status=422, json=told))
    drop(page, "odd.png", b"xx")
    expect(page.locator("[data-problem]")).to_have_text("No character could be made of it: why")


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_axe_finds_nothing_serious(creator: Callable[..., Page], device: str) -> None:
    page = creator(device)
    assert _violations(page) == []
    drop(page, "ida.png", card("Ida" if device == "desktop" else "Ivo"))
    page.locator("[data-report] summary").click()
    assert _violations(page) == []
    page.locator("[data-choose-face]").click()
    assert _violations(page) == []
    page.get_by_role("button", name="Cancel").click()
    page.locator("[data-export-card]").click()
    expect(page.locator("[data-loss]")).to_be_visible()
    assert _violations(page) == []


def _violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['help']}" for one in found if one["impact"] in ("serious", "critical")]


def test_a_second_drop_waits_for_the_first(creator: Callable[..., Page]) -> None:
    page = creator()
    drop(page, "asta.png", card("Asta"))
    title = page.locator(".card-dialog").get_by_role("heading", level=2)
    expect(title).to_have_text("Asta")
    drop(page, "bo.png", card("Bo"))
    page.get_by_role("button", name="Next card (1 more)").click()
    expect(title).to_have_text("Bo")
    page.locator("[data-see]").click()
    expect(page.locator('[data-shelved="bo"]')).to_be_in_viewport()
    expect(page.locator('[data-shelved="asta"]')).to_have_count(1)
    expect(page.locator('[data-shelved="asta_2"]')).to_have_count(0)


def test_what_is_no_card_is_refused_in_plain_words(
    creator: Callable[..., Page], expect_errors: Callable[[str], None]
) -> None:
    expect_errors(r"status of 422")
    page = creator()
    drop(page, "holiday.jpeg", corpus.picture("JPEG"))
    dialog = page.locator('[data-bring="failed"]')
    expect(dialog.locator("[data-problem]")).to_contain_text("There is no card in this file")
    dialog.locator("summary").click()
    expect(dialog.locator(".card-detail p")).not_to_be_empty()
    page.keyboard.press("Escape")
    expect(page.locator("[data-bring]")).to_have_count(0)
    drop(page, "empty.png", b"")
    expect(page.locator("[data-problem]")).to_have_text("The file is empty.")
    page.keyboard.press("Escape")
    page.route("**/api/cards?*", lambda route: route.fulfill(status=413, json={"reason": "too_large", "message": "x"}))
    expect_errors(r"status of 413")
    drop(page, "large.png", b"xx")
    expect(page.locator("[data-problem]")).to_contain_text("200 MB")


def test_a_file_that_takes_its_time_can_be_stopped(creator: Callable[..., Page]) -> None:
    page = creator()
    page.locator("[data-bring-button]").focus()
    page.route("**/api/cards?*", lambda route: None if route.request.method == "POST" else route.continue_())
    drop(page, "slow.png", card("Slow"))
    dialog = page.locator('[data-bring="sending"]')
    expect(dialog.get_by_role("progressbar")).to_be_visible()
    expect(dialog.get_by_role("status")).to_contain_text(re.compile(r"MB|is being read"))
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.locator("[data-bring]")).to_have_count(0)
    expect(page.locator("[data-bring-button]")).to_be_focused()


def test_others_are_told_who_may(server: Server, open_page: OpenPage) -> None:
    page = open_page(server.url)
    expect(page.locator(".lobby")).to_have_attribute("data-state", "ready")
    expect(page.locator("[data-bring-button], .shelf")).to_have_count(0)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    drop(page, "nora.png", card("Nora"))
    expect(page.locator('[data-bring="may_not"]')).to_contain_text("by creators and operators. Nothing was sent.")
    assert not [url for url in asked if "/api/cards" in url]


def test_the_face_is_chosen_with_the_keyboard_and_shown_in_small_frames(
    creator: Callable[..., Page], server: Server
) -> None:
    page = creator()
    drop(page, "vi.png", card("Vi"))
    page.locator("[data-choose-face]").click()
    square = page.locator("[data-square]")
    expect(square).to_be_focused()
    whole, picture = square.bounding_box(), page.locator(".face-picture").bounding_box()
    assert whole and picture and abs(whole["width"] - picture["width"]) < 1, "it begins with the square that is shown"
    for _ in range(20):
        page.keyboard.press("-")
    before = square.bounding_box()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("-")
    page.keyboard.press("ArrowDown")
    after = square.bounding_box()
    assert before and after and after["x"] > before["x"] and after["width"] < before["width"]
    expect(page.locator("#face-told")).to_contain_text("% from the left")
    page.mouse.move(after["x"] + after["width"] / 2, after["y"] + after["height"] / 2)
    page.mouse.down()
    page.mouse.move(after["x"], after["y"] + after["height"] / 2 + 30, steps=4)
    page.mouse.up()
    dragged = square.bounding_box()
    assert dragged and dragged["x"] < after["x"] and dragged["y"] > after["y"]
    page.locator("[data-save-face]").click()
    expect(page.locator("[data-choose-face]")).to_be_visible()
    face = page.request.get(f"{server.url}/art/characters/vi/face.json").json()
    width = 100 / face["size"]
    expect(page.locator(".bring-face image")).to_have_attribute("width", re.compile(rf"{width:.2f}"[:4]))
    page.locator("[data-choose-face]").click()
    again = square.bounding_box()
    assert again and all(abs(again[key] - dragged[key]) < 2 for key in ("x", "width"))
    page.locator(".face-picker .quiet").click()
    page.locator("[data-see]").click()
    shelved = page.locator('[data-shelved="vi"] image')
    expect(shelved).to_have_attribute("width", re.compile(rf"{width:.2f}"[:4]))


def test_a_character_goes_out_with_its_losses_told_first(creator: Callable[..., Page], tmp_path: Path) -> None:
    page = creator()
    data = card("Wren")
    drop(page, "wren.png", data)
    page.locator("[data-export-card]").click()
    expect(page.locator("[data-loss]")).to_have_text("Nothing is lost in this file.")
    with page.expect_download() as download:
        page.locator("[data-download]").click()
    assert download.value.suggested_filename == "wren.png"
    assert Path(download.value.path()).read_bytes() == data, "the very file that came"
    page.get_by_label("JSON").check()
    expect(page.locator("[data-loss]")).to_have_text("1 part is not in this file:")
    expect(page.locator('[data-export] [data-fate="dropped"]')).to_have_text(
        re.compile("The picture – a JSON file holds no")
    )
    expect(page.locator("[data-download]")).to_be_in_viewport(ratio=1)
    expect(page.locator('[data-export] [data-fate="kept"]')).to_contain_text("Unknown fields")
    expect(page.locator('[data-export] [data-fate="notes"]')).not_to_contain_text("no version knows")
    page.get_by_label("Version 2").check()
    expect(page.locator("[data-loss]")).to_contain_text("not in this file")
    with page.expect_download() as download:
        page.locator("[data-download]").click()
    assert json.loads(Path(download.value.path()).read_bytes())["spec"] == "chara_card_v2"
    page.keyboard.press("Escape")
    if (every := page.get_by_role("button", name="Show all")).is_visible():  # how many other tests brought in
        every.click()
    page.locator('[data-shelved="mira"]').get_by_role("button", name="Take Mira out as a card").click()
    expect(page.locator("[data-loss]")).to_be_visible()
    with page.expect_download() as download:
        page.locator("[data-download]").click()
    written = Path(download.value.path()).read_bytes()
    assert read_card(written).fields.name == "Mira" and Image.open(io.BytesIO(written)).format == "PNG"
