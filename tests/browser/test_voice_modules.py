"""The modules of the page's voices by themselves: what is read of a room, and in which voice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.speech import SYNTHESISER, VOICES, js

OpenPage = Callable[..., Page]


@pytest.fixture
def modules(server: Server, open_page: OpenPage) -> Callable[[str, str], Any]:
    """`modules("readable", "(m) => ...")`: call a module of the page's voices."""
    page = open_page(f"{server.url}/room/tea_room")
    expect(page.locator(".entrance")).to_be_visible()
    page.evaluate(f"({SYNTHESISER})({js(VOICES)})")
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
        found = modules("readable", f"(m) => m.sentencesOf({js(line)}, 'en')")
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
        assert modules("readable", f"(m) => m.readableTo({js(text)})") == end, text
    long = ", ".join(["the slow train to the sea"] * 30) + "."
    pieces = modules("readable", f"(m) => m.sentencesOf({js(long)}, 'en')")
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
        assert modules("tongue", f"(m) => m.tongueOf({js(line)}, 'en-GB')") == tag, line
    assert modules("tongue", "(m) => m.tongueOf('Le thé est chaud, et il y en a encore.', 'fr')") == "fr"

    def voice(language: str, names: list[str], remote: bool = False) -> Any:
        call = f"new m.Synthesiser().choose({js(language)}, {js(names)}, {js(remote)})"
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
