"""Voices: what the browser is given to say, when, and by whom one sees it said.

The browser's synthesiser is played by one that writes down what it is given, and ends an utterance when the test does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.endpoint import Endpoint, endpoint
from tests.browser.server import Server
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

VOICES = [
    {"name": "Service", "lang": "en-GB", "localService": False, "default": True},
    {"name": "Serenade", "lang": "en-GB", "localService": True},
    {"name": "Serena (Enhanced)", "lang": "en-GB", "localService": True},
    {"name": "Anna", "lang": "de-DE", "localService": True},
    {"name": "Kyoko", "lang": "ja_JP", "localService": True},
    {"name": "Far", "lang": "es-ES", "localService": False},
]

SYNTHESISER = """(voices) => {
  const heard = { said: [], overlaps: 0, cancels: 0 };
  let now = null;
  const synth = new EventTarget();
  Object.assign(synth, {
    paused: false, pending: false, voices,
    getVoices: () => synth.voices,
    resume() {},
    speak(one) {
      if (one.volume === 0) return;
      if (now) heard.overlaps += 1;
      const { text, lang, pitch, rate, voice } = one;
      const streaming = document.querySelectorAll("li[data-turn]").length > 0;
      heard.said.push({ text, lang, pitch, rate, voice: voice?.name, streaming });
      now = one;
      queueMicrotask(() => now === one && one.onstart?.({}));
    },
    cancel() {
      const one = now;
      now = null;
      heard.cancels += 1;
      queueMicrotask(() => one?.onerror?.({ error: "canceled" }));
    },
  });
  Object.defineProperty(synth, "speaking", { get: () => now !== null });
  heard.finish = (error = "") => { const one = now; now = null; error ? one?.onerror?.({ error }) : one?.onend?.({}); };
  window.heard = heard;
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; this.volume = 1; } };
  Object.defineProperty(window, "speechSynthesis", { value: synth, configurable: true });
}"""

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
            page.add_init_script(f"({SYNTHESISER})({_js(voices)})")
        if script:
            page.add_init_script(script)
        page.goto(f"{server.url}/room/tea_room")
        enter(page)
        expect(replies(page).first).to_be_visible()  # the greeting
        settled(page)
        return page

    return open_


def _js(value: Any) -> str:
    return json.dumps(value)


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


@pytest.fixture
def modules(server: Server, open_page: OpenPage) -> Callable[[str, str], Any]:
    """`modules("readable", "(m) => ...")`: call a module of the page's voices."""
    page = open_page(f"{server.url}/room/tea_room")
    expect(page.locator(".entrance")).to_be_visible()
    page.evaluate(f"({SYNTHESISER})({_js(VOICES)})")
    return lambda name, call: page.evaluate(f"async () => ({call})(await import('openroom-gui/voice/{name}.js'))")


def test_stage_notes_are_never_read(modules: Callable[[str, str], Any]) -> None:
    lines = {
        "*She pours. Slowly.* Tea? *nods*": ["Tea?"],
        "(wipes a cup) Go on. [sighs] I (nearly) listen. (smiles)\n[up]\nYes. (1962)": [
            "Go on.",
            "I (nearly) listen.",
            "Yes.",
            "(1962)",
        ],
        "I *never* said **that**.": ["I never said that."],
        "Good evening. *smiles*": ["Good evening."],
        "… *** 🙂": [],
        "Tea 🍵 is `ready`_": ["Tea is ready"],
        "おはよう。（笑う）\n（うなずく）そうですね。": ["おはよう。", "そうですね。"],
    }
    for line, read in lines.items():
        found = modules("readable", f"(m) => m.sentencesOf({_js(line)}, 'en')")
        assert found == read, line
    grown = {
        "*She pours.": 0,
        "*She pours. Slowly.* Tea?": 25,
        "Well (wipes": 11,
        "Well. (wipes": 6,
        "Well.\n(wipes": 6,
        "Well [wipes": 5,
        "2 * 3. Go": 9,
        "Hm. **Now": 4,
    }
    for text, end in grown.items():
        assert modules("readable", f"(m) => m.readableTo({_js(text)})") == end, text
    long = ", ".join(["the slow train to the sea"] * 30) + "."
    pieces = modules("readable", f"(m) => m.sentencesOf({_js(long)}, 'en')")
    assert " ".join(pieces) == long
    assert max(map(len, pieces)) <= 220


def test_a_line_is_read_by_a_voice_for_its_language(modules: Callable[[str, str], Any]) -> None:
    lines = {
        "The tea is hot and there is more of it.": "en-GB",
        "Der Tee ist heiß, und es ist noch genug da.": "de",
        "No es tarde, pero el té está frío.": "es",
        "お茶は熱いです。": "ja",
        "茶还热着。": "zh",
        "Mira.": "en-GB",
    }
    for line, tag in lines.items():
        assert modules("tongue", f"(m) => m.tongueOf({_js(line)}, 'en-GB')") == tag, line
    assert modules("tongue", "(m) => m.tongueOf('Le thé est chaud, et il y en a encore.', 'fr')") == "fr"

    def voice(language: str, names: list[str], remote: bool = False) -> Any:
        call = f"new m.Synthesiser().choose({_js(language)}, {_js(names)}, {_js(remote)})"
        return modules("synthesiser", f"(m) => {{ const {{ voice, why }} = {call}; return voice?.name ?? why; }}")

    assert voice("en-GB", ["Nobody", "serena"]) == "Serena (Enhanced)"
    assert voice("en-US", []) == "Serenade", "another region is better than silence"
    assert voice("en-GB", ["Service"]) == "Serenade", "no card has what is said sent elsewhere"
    assert voice("en-GB", ["Service"], remote=True) == "Service"
    assert voice("ja", ["Serena"]) == "Kyoko"
    assert (voice("es", []), voice("es", [], remote=True), voice("fr", [])) == ("only_remote", "Far", "no_language")


LINES = """(m, you = "player:ann") => {
  const read = [];
  let listening = true;
  const say = (line, text) => read.push([line.who.slice(10), text]);
  const lines = m.makeLines({ say, drop() {}, listening: () => listening });
  const turn = (id, text, phase = "speaking") =>
    lines.signal({ signal: "turn", turn: id, who: "character:mira", phase, text });
  const said = (seq, text, more = {}) =>
    lines.event({ seq, kind: "said", actor: "character:mira", text, ...more }, you);
  const happens = (kind, more) => lines.event({ seq: 9, kind, ...more }, you);
  %s
  return read;
}"""

READ: dict[str, tuple[str, list[str]]] = {
    "streamed, then said: each sentence once": (
        "turn('a', 'One.'); turn('a', 'One. Two.'); said(1, 'One. Two. Three.'); turn('a', '', 'done')",
        ["One.", " Two.", " Three."],
    ),
    "a greeting comes at once": ("said(1, 'Come in.')", ["Come in."]),
    "people and things": (
        """said(1, 'Hi.', {actor: 'player:bob'}); happens('happened', {actor: 'system', telling: 'It rains.'});
        happens('used', {actor: 'character:mira', telling: 'Mira lights the lamp.'})""",
        [],
    ),
    "a whisper to somebody else, one to me": (
        "said(1, 'Psst.', {to: ['player:bob']}); said(2, 'Ann.', {to: [you]})",
        ["Ann."],
    ),
    "erased before it came, cut by a Stop": ("said(1, 'Gone.', {erased: true}); said(2, 'Half', {cut: true})", []),
    "what I silenced is not taken up again, the next line is": (
        "turn('a', 'One.'); lines.mute(); turn('a', 'One. Two.'); said(1, 'One. Two.'); said(2, 'New.')",
        ["One.", "New."],
    ),
    "passed over while nothing is read": (
        "listening = false; turn('a', 'One.'); listening = true; said(1, 'One. Two.')",
        [" Two."],
    ),
    "what a snapshot holds was said before": (
        "lines.snapshot({turns: [{turn: 'a', who: 'character:mira', text: 'One.'}]}); said(1, 'One. Two.')",
        [" Two."],
    ),
    "an end that was missed": ("turn('a', 'Old.'); turn('b', 'New.'); said(1, 'New.')", ["Old.", "New."]),
    "a stage note in two pieces": (
        "turn('a', 'Hm. *She'); turn('a', 'Hm. *She pours.* Tea?')",
        ["Hm. ", "*She pours.* Tea?"],
    ),
}


@pytest.mark.parametrize("case", READ)
def test_what_is_read_of_a_room(case: str, modules: Callable[[str, str], Any]) -> None:
    happens, read = READ[case]
    assert modules("lines", LINES % happens) == [["mira", text] for text in read]


@pytest.mark.parametrize(
    ("happens", "kept"),
    [
        ("lines.event({ seq: 2, kind: 'erased', target: 1 })", ["Oskar's."]),
        ("lines.event({ seq: 2, kind: 'moved', head: 0 })", []),
        ("lines.snapshot({ turns: [] })", []),
        ("lines.signal({ signal: 'turn', turn: 'b', who: 'character:oskar', phase: 'failed' })", ["One.", "Two."]),
        ("0", ["One.", "Two.", "Oskar's."]),
    ],
)
def test_what_is_taken_back_is_not_read(happens: str, kept: list[str], modules: Callable[[str, str], Any]) -> None:
    """Of a line that is being said, and of what waits behind it."""
    call = """async (m) => {
      const { makeSpeaker } = await import("openroom-gui/voice/speaker.js");
      const { Synthesiser } = await import("openroom-gui/voice/synthesiser.js");
      const speaker = makeSpeaker(new Synthesiser(), { failed() {} });
      const say = (line, text) => {
        for (const one of text.trim().split(/(?<=[.]) /)) speaker.add(line, { text: one });
      };
      const lines = m.makeLines({ say, drop: speaker.drop, listening: () => true });
      lines.event({ seq: 1, kind: "said", actor: "character:mira", text: "One. Two." }, "me");
      lines.signal({ signal: "turn", turn: "b", who: "character:oskar", phase: "speaking", text: "Oskar's." });
      %s;
      for (let n = 0; n < 9; n++) { await new Promise((done) => setTimeout(done)); heard.finish(); }
      const [first, ...rest] = heard.said.map((one) => one.text);
      return { first, rest, cancels: heard.cancels, busy: speaker.busy, who: speaker.who };
    }"""
    found = modules("lines", call % happens)
    assert found["first"] == "One."
    assert found["cancels"] == (0 if "One." in kept else 1), "what is being said ends at once"
    assert found["rest"] == [text for text in kept if text != "One."]
    assert (found["busy"], found["who"]) == (False, "")
