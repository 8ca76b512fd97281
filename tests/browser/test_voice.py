"""Voices: what the browser is given to say, when, and by whom one sees it said.

The browser's synthesiser is played by one that writes down what it is given, and ends an utterance when the test does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.endpoint import Endpoint, endpoint
from tests.browser.server import Server
from tests.browser.speech import SYNTHESISER, VOICES, js
from tests.browser.steps import enter, replies, say, settled, until
from tests.speaking import KEY, SpeechEndpoint, speech_endpoint

OpenPage = Callable[..., Page]
StartServer = Callable[..., Server]
OpenRoom = Callable[..., Page]
Ask = Callable[[Page, int], None]

ANSWERS = [
    ["The rain will stop by ten, traveller.", "The clocks agree on that much.", "Sit where it is dry."],
    ["Snow comes over the hills tomorrow, traveller.", "Wear a second coat.", "Mine is on that hook."],
    ["Nobody counts cups on a Thursday, traveller.", "I wash them twice.", "Then I polish the samovar."],
    ["Your bicycle leans against my wall, traveller.", "Its bell rang all by itself.", "I left it alone."],
]
"""What is answered, one after another: who repeats what was said lately is not heard (`guards.loop_detection`)."""

PLAYER = """(() => {
  const played = (window.played = { sounds: 0, overlaps: 0, pauses: 0, now: null });
  played.finish = () => { const one = played.now; played.now = null; one?.onended?.(); };
  window.Audio = class {
    async play() {
      if (this.src.startsWith("data:")) return; // silence, within a click
      if (played.now || window.speechSynthesis?.speaking) played.overlaps += 1;
      played.sounds += 1;
      played.now = this;
      queueMicrotask(() => played.now === this && this.onplaying?.());
    }
    pause() { played.pauses += 1; played.now = null; }
  };
})()"""
"""An audio element that writes down what it plays, and ends a sound when the test does."""

NO_SPEECH = "Object.defineProperty(window, 'speechSynthesis', { value: undefined })"
NO_STORAGE = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });"""


@pytest.fixture
def service() -> Iterator[Endpoint]:
    """A model service that answers with `ANSWERS`, as `ask` has it."""
    with endpoint("quick") as service:
        yield service


@pytest.fixture
def talking(service: Endpoint, start_server: StartServer) -> Server:
    """A server whose characters say what that service answers."""
    return start_server(model="a-model", model_url=service.url, model_key="not-a-real-key")


@pytest.fixture
def ask(service: Endpoint) -> Ask:
    """`ask(page, n)`: ask Mira something that she answers with ``ANSWERS[n]``."""

    def ask_(page: Page, number: int) -> None:
        service.reply = {"say": " ".join(ANSWERS[number]), "emotion": "calm"}
        say(page, f"Mira, what of question {number}?")

    return ask_


@pytest.fixture
def open_room(open_page: OpenPage) -> OpenRoom:
    """`open_room(server)`: Ann in the tea room, with a synthesiser of ours; `voices`, or a script of one's own."""

    def open_(server: Server, voices: Any = VOICES, script: str = "", device: str = "desktop") -> Page:
        page = open_page("about:blank", device=device)
        if voices is not None:
            page.add_init_script(f"({SYNTHESISER})({js(voices)})")
        if script:
            page.add_init_script(script)
        page.goto(f"{server.url}/room/tea_room")
        enter(page)
        expect(replies(page).first).to_be_visible()  # the greeting
        settled(page)
        return page

    return open_


def _said(page: Page) -> list[dict[str, Any]]:
    return list(page.evaluate("heard.said"))


def _texts(page: Page) -> list[str]:
    return [one["text"] for one in _said(page)]


def _hears(page: Page, count: int) -> dict[str, Any]:
    """Wait until so many sentences were begun; the last of them."""
    return dict(until(page, lambda: len(found := _said(page)) == count and found)[-1])


def _finish(page: Page, error: str = "") -> None:
    page.evaluate("(error) => heard.finish(error)", error)


def _turn_on(page: Page) -> None:
    page.click("[data-voice]")
    expect(page.locator("[data-voice]")).to_have_attribute("data-voice", "on")
    expect(page.locator("[data-voice]")).to_have_attribute("aria-pressed", "true")


def test_a_reply_is_read_sentence_by_sentence_by_who_says_it(
    talking: Server, service: Endpoint, ask: Ask, open_room: OpenRoom
) -> None:
    ann = open_room(talking)
    control = ann.locator("[data-voice]")
    expect(control).to_have_attribute("data-voice", "off")
    ask(ann, 0)
    expect(replies(ann).last).to_contain_text(ANSWERS[0][2])
    settled(ann)
    assert _said(ann) == [], "off until somebody asks for it"
    _turn_on(ann)
    assert _said(ann) == [], "what was said before stays unread"
    service.mood = "slow"
    ask(ann, 1)
    first = _hears(ann, 1)
    assert first.pop("streaming"), "the first sentence is read while the rest is still written"
    assert first == {
        "text": ANSWERS[1][0], "lang": "en-GB", "pitch": 0.8, "rate": 0.88, "voice": "Serena (Enhanced)",
    }  # fmt: skip
    mira = ann.locator("[data-who='character:mira'][data-heard=yes]")
    expect(mira.locator(".avatar.talking")).to_have_count(1)
    expect(ann.locator(".cast .avatar.talking")).to_have_count(1)
    expect(ann.locator("li[data-turn]")).to_have_count(0)
    assert len(_said(ann)) == 1, "the second sentence waits for the first"
    expect(mira.locator(".avatar.talking")).to_have_count(1)
    for number in (2, 3):
        _finish(ann)
        assert _hears(ann, number)["text"] == ANSWERS[1][number - 1]
    _finish(ann)
    expect(ann.locator("[data-heard=yes]")).to_have_count(0)
    expect(ann.locator(".cast .avatar.talking")).to_have_count(0)
    assert ann.evaluate("localStorage.getItem('openroom.voice')") == "on"
    control.click()
    expect(control).to_have_attribute("data-voice", "off")
    assert ann.evaluate("localStorage.getItem('openroom.voice')") == ""
    assert ann.evaluate("heard.overlaps") == 0


def test_stop_typing_and_speaking_oneself_silence_it(talking: Server, ask: Ask, open_room: OpenRoom) -> None:
    ann = open_room(talking)
    _turn_on(ann)
    ask(ann, 0)
    _hears(ann, 1)
    expect(ann.locator("li[data-turn]")).to_have_count(0)
    ann.click("[data-stop]")  # still there: a voice is heard, though nobody writes any more
    expect(ann.locator("[data-stop]")).to_have_count(0)
    expect(ann.locator("[data-heard=yes]")).to_have_count(0)
    assert ann.evaluate("heard.cancels") == 1
    ask(ann, 1)
    _hears(ann, 2)
    writing = ann.locator("li[data-turn]")
    expect(writing).to_have_count(0)
    ann.locator(".composer textarea").press_sequentially("W")
    expect(ann.locator("[data-heard=yes]")).to_have_count(0)
    assert ann.evaluate("heard.cancels") == 2
    assert _texts(ann) == [ANSWERS[0][0], ANSWERS[1][0]], "what waited is gone as well"
    ask(ann, 2)
    _hears(ann, 3)
    expect(writing).to_have_count(0)
    ask(ann, 3)
    assert _hears(ann, 4)["text"] == ANSWERS[3][0], "who speaks next is heard again"
    assert ann.evaluate("heard.cancels") == 3, "a line of one's own silences what is being said"
    assert ann.evaluate("heard.overlaps") == 0


def test_nothing_is_read_before_a_first_click(
    talking: Server, ask: Ask, open_room: OpenRoom, open_page: OpenPage
) -> None:
    ann = open_room(talking)
    _turn_on(ann)
    ann.reload()  # the same visit: nobody clicked here yet
    control = ann.locator("[data-voice]")
    expect(control).to_have_attribute("data-voice", "waiting")
    expect(ann.locator(".room")).to_have_attribute("data-ready", "yes")
    bob = open_page(f"{talking.url}/room/tea_room")
    enter(bob, "Bob")
    settled(bob)
    ask(bob, 0)
    settled(bob)
    expect(replies(ann).last).to_contain_text(ANSWERS[0][2])
    assert _said(ann) == []
    control.click()
    expect(control).to_have_attribute("data-voice", "on")
    ask(bob, 1)
    assert _hears(ann, 1)["text"] == ANSWERS[1][0]
    _finish(ann, "not-allowed")  # a browser that sees it otherwise
    expect(control).to_have_attribute("data-voice", "waiting")
    expect(ann.locator("[data-heard=yes]")).to_have_count(0)


def test_a_page_out_of_sight_is_silent(talking: Server, ask: Ask, open_room: OpenRoom) -> None:
    ann = open_room(talking)
    _turn_on(ann)
    ask(ann, 0)
    _hears(ann, 1)
    ann.evaluate(
        """() => { Object.defineProperty(document, "hidden", { value: true, configurable: true });
        document.dispatchEvent(new Event("visibilitychange")); }"""
    )
    expect(ann.locator("[data-heard=yes]")).to_have_count(0)
    settled(ann)
    ask(ann, 1)
    expect(replies(ann).last).to_contain_text(ANSWERS[1][2])
    settled(ann)
    assert len(_said(ann)) == 1
    ann.evaluate("() => { delete document.hidden; document.dispatchEvent(new Event('visibilitychange')); }")
    ask(ann, 2)
    assert _hears(ann, 2)["text"] == ANSWERS[2][0], "from the next line on, and nothing of what came meanwhile"


def test_a_browser_that_cannot_speak_is_told_of(server: Server, open_room: OpenRoom) -> None:
    for voices, script, words in ((None, NO_SPEECH, "no speech synthesis"), ([], "", "no voices installed")):
        ann = open_room(server, voices, script)
        ann.click("[data-voice]")
        expect(ann.locator(".toast[data-reason=voice]")).to_contain_text(words)
        control = ann.locator("[data-voice]")
        expect(control).to_have_attribute("data-voice", "missing")
        expect(control).to_have_attribute("aria-pressed", "false")
        expect(control).to_have_attribute("title", ann.locator(".toast[data-reason=voice]").inner_text())
    ann.evaluate(
        """(voices) => { speechSynthesis.voices = voices;
        speechSynthesis.dispatchEvent(new Event("voiceschanged")); }""",
        VOICES,
    )
    expect(ann.locator("[data-voice]")).to_have_attribute("data-voice", "off")  # some come late
    _turn_on(ann)


def test_voices_of_a_service_wait_for_a_yes_in_the_settings(talking: Server, ask: Ask, open_room: OpenRoom) -> None:
    far = [voice for voice in VOICES if not voice["localService"]]
    ann = open_room(talking, far)
    _turn_on(ann)
    ask(ann, 0)
    expect(ann.locator(".toast[data-reason=voice]")).to_contain_text(
        "For English this browser only has voices that send"
    )
    settled(ann)
    assert _said(ann) == []
    ann.goto(f"{talking.url}/settings")
    ann.check("[name=remote_voices]")
    ann.goto(f"{talking.url}/room/tea_room")
    ann.click("[data-voice=waiting]")
    ask(ann, 1)
    assert _hears(ann, 1)["voice"] == "Service"


def test_the_choice_holds_where_storage_is_blocked(server: Server, open_room: OpenRoom) -> None:
    ann = open_room(server, VOICES, NO_STORAGE)
    _turn_on(ann)
    say(ann, "Mira, is there still tea?")
    _hears(ann, 1)


@pytest.fixture
def speech() -> Iterator[SpeechEndpoint]:
    """The operator's speech service."""
    with speech_endpoint() as service:
        yield service


@pytest.fixture
def spoken(service: Endpoint, speech: SpeechEndpoint, start_server: StartServer) -> Server:
    """A server whose characters say what `service` answers, and for whom `speech` speaks."""
    return start_server(
        model="a-model", model_url=service.url, model_key="not-a-real-key", speech_url=speech.url, speech_key=KEY
    )


def _plays(page: Page, count: int) -> None:
    """Wait until so many sounds were begun."""
    until(page, lambda: page.evaluate("played.sounds") == count)


def test_the_operators_service_speaks_one_sentence_after_another(
    spoken: Server, speech: SpeechEndpoint, ask: Ask, open_room: OpenRoom
) -> None:
    ann = open_room(spoken, VOICES, PLAYER)
    ask(ann, 0)
    expect(replies(ann).last).to_contain_text(ANSWERS[0][2])
    settled(ann)
    assert speech.asked == [], "off until somebody asks for it"
    _turn_on(ann)
    expect(ann.locator(".toast[data-reason=voice]")).to_contain_text("operator's speech service speaks")
    ask(ann, 1)
    _plays(ann, 1)
    mira = ann.locator("[data-who='character:mira'][data-heard=yes]")
    expect(mira.locator(".avatar.talking")).to_have_count(1)
    until(ann, lambda: len(speech.asked) == 2)  # the next one is fetched meanwhile
    assert ann.evaluate("played.sounds") == 1, "but it waits for the first"
    for number in (2, 3):
        ann.evaluate("played.finish()")
        _plays(ann, number)
    ann.evaluate("played.finish()")
    expect(ann.locator("[data-heard=yes]")).to_have_count(0)
    assert [one["input"] for one in speech.asked] == ANSWERS[1]
    ask(ann, 2)
    _plays(ann, 4)
    ann.click("[data-stop]")
    expect(ann.locator("[data-heard=yes]")).to_have_count(0)
    assert ann.evaluate("played.pauses") == 1
    ask(ann, 3)
    _plays(ann, 5)
    expect(ann.locator("li[data-turn]")).to_have_count(0)
    ann.locator(".composer textarea").press_sequentially("W")
    expect(ann.locator("[data-heard=yes]")).to_have_count(0)
    assert ann.evaluate("[played.pauses, played.sounds, played.overlaps]") == [2, 5, 0]
    assert _said(ann) == [], "never two voices"


def test_where_the_service_fails_the_browser_goes_on(
    spoken: Server, speech: SpeechEndpoint, ask: Ask, open_room: OpenRoom, expect_errors: Callable[[str], None]
) -> None:
    expect_errors(r"status of 502")
    ann = open_room(spoken, VOICES, PLAYER)
    _turn_on(ann)
    speech.status = 500
    ask(ann, 0)
    assert _hears(ann, 1)["text"] == ANSWERS[0][0]
    told = ann.locator(".toast[data-reason=voice]", has_text="speech service failed")
    expect(told).to_have_count(1)
    _finish(ann)
    heard = _hears(ann, 2)
    assert (heard["text"], heard["voice"]) == (ANSWERS[0][1], "Serena (Enhanced)")
    _finish(ann)
    _hears(ann, 3)
    _finish(ann)
    expect(told).to_have_count(1)
    assert len(speech.asked) == 1
    assert ann.evaluate("[played.sounds, played.overlaps, heard.overlaps]") == [0, 0, 0]


def test_the_service_speaks_where_the_browser_cannot(
    spoken: Server, speech: SpeechEndpoint, ask: Ask, open_room: OpenRoom
) -> None:
    ann = open_room(spoken, None, f"{NO_SPEECH};{PLAYER}")
    _turn_on(ann)
    ask(ann, 0)
    _plays(ann, 1)
    assert speech.asked[0]["input"] == ANSWERS[0][0]
