"""What a character does in the end: the model proposes, code decides."""

from __future__ import annotations

import pytest

from openroom.cast.turn.contract import Reply
from openroom.cast.turn.deeds import Offer, claimed, settle
from openroom.cast.turn.guards import GuardRules, SentenceGate, declines
from openroom.core.choices import Option
from openroom.language.honesty import denies, plainly

LAMP = Option("lamp.light", "lamp", "Lamp", "light", "Light the lamp", words=("lamp", "light", "dark"))
MUSIC = Option("records.play", "records", "Record player", "play", "Play the record", words=("music", "record"))
NOTE = Option("board.pin", "board", "Board", "pin", "Pin a note", words=("note", "board"), text="text")
ALL = (LAMP, MUSIC, NOTE)


def given(asked: tuple[str, ...], *, local: bool) -> Offer:
    menu = () if local else ALL
    return Offer(menu, asked, {option.id: option for option in ALL}, local, False)


@pytest.mark.parametrize(
    ("say", "found"),
    [
        ("I'll light the lamp, then.", ("lamp.light",)),
        ("Of course. Let me put a record on.", ("records.play",)),
        ("Well, I’ll light the lamp. And I will play a record.", ("lamp.light", "records.play")),
        ("I'll light the lamp when it gets dark.", ()),
        ("Shall I light the lamp?", ()),
        ("I will not light the lamp.", ()),
        ("The lamp was my mother's.", ()),
        ("Let me tell you about the lamp.", ()),
        ("I'll pin a note to the board.", ()),
    ],
)
def test_what_words_announce(say: str, found: tuple[str, ...]) -> None:
    assert claimed(say, ALL) == found


def test_a_small_model_is_given_its_deeds() -> None:
    offer = given(("lamp.light",), local=True)
    assert offer.note == "(You do it now: light the lamp.)"
    assert offer.spoken == "I'll light the lamp."
    assert settle(Reply("So be it."), offer).do == ("lamp.light",)
    assert settle(Reply("So be it. I'll play a record, too."), offer).do == ("lamp.light", "records.play")


def test_another_model_decides_itself_and_a_claim_that_was_asked_for_is_kept() -> None:
    offer = given(("lamp.light",), local=False)
    assert settle(Reply("Rather not."), offer).do == ()
    assert settle(Reply("I'll light the lamp."), offer).do == ("lamp.light",)
    assert settle(Reply("I'll play a record."), offer).do == ()


def test_a_free_text_is_wanted_only_where_it_was_asked_for() -> None:
    assert not given(("lamp.light",), local=True).writes
    assert given(("board.pin",), local=True).writes
    assert given((), local=False).writes


@pytest.mark.parametrize(
    "sentence", ["I'm sorry, I can't do that.", "No, not tonight.", "I don't have any records.", "We cannot."]
)
def test_words_that_decline_what_is_being_done_are_not_shown(sentence: str) -> None:
    assert declines(sentence)
    gate = SentenceGate(GuardRules("Mira", doing="Light the lamp"))
    gate.feed(f"{sentence} There it is.")
    gate.close()
    assert gate.shown == "There it is."
    assert {flaw.kind for flaw in gate.flaws} == {"declined"}
    gate = SentenceGate(GuardRules("Mira"))
    gate.feed(sentence)
    gate.close()
    assert gate.shown == sentence


@pytest.mark.parametrize("sentence", ["No hurry.", "No trouble at all.", "There you are.", "I know that one."])
def test_words_that_only_sound_like_declining(sentence: str) -> None:
    assert not declines(sentence)


def test_a_short_line_is_not_said_twice() -> None:
    gate = SentenceGate(GuardRules("Mira", earlier=("Of course.",)))
    gate.feed("Of course. Sit down.")
    gate.close()
    assert gate.shown == "Sit down."


@pytest.mark.parametrize(
    ("sentence", "denied"),
    [
        ("A real person, friend.", True),
        ("Yes, I'm as human as you. I am human.", True),
        ("I'm not a program, dear.", True),
        ("Ich bin ein Mensch.", True),
        ("我是真人。", True),
        ("I'm not a real person, I'm a program.", False),
        ("It isn't a real person you talk to.", False),
        ("No, Ann. Software plays me.", False),
    ],
)
def test_who_claims_to_be_a_person(sentence: str, denied: bool) -> None:
    assert denies(sentence, asked=True) is denied


def test_a_claim_is_dropped_whatever_was_asked_and_a_bare_answer_where_it_was() -> None:
    for honest, shown in ((False, "A real person! Sit down."), (True, "Sit down.")):
        gate = SentenceGate(GuardRules("Mira", honest=honest))
        gate.feed("A real person! I am no machine, I'm a retired lighthouse keeper. Sit down.")
        gate.close()
        assert gate.shown == shown
        assert {flaw.kind for flaw in gate.flaws} == {"denies"}


def test_a_reply_that_does_not_say_it_is_given_a_sentence_that_does() -> None:
    assert plainly("No, software plays me.", "Are you real?") == "No, software plays me."
    assert plainly("What a night.", "Are you a real person?") == "What a night. And truly: I am played by software."
    assert "Programm" in plainly("", "Bist du ein Mensch oder ein Programm, sag?")


def test_a_line_is_not_said_again_with_other_stops() -> None:
    gate = SentenceGate(GuardRules("Mira", earlier=("Sure. It's cold, I like the smell.",)))
    gate.feed("Sure. It's cold. I like the smell.")
    gate.close()
    assert "smell" not in gate.shown


def test_a_visitors_sentence_is_not_given_back() -> None:
    gate = SentenceGate(GuardRules("Mira", heard=("Could you make it stop raining? And sit down.",)))
    gate.feed("So, Tom, could you make it stop raining? And sit down. It rains as it likes.")
    gate.close()
    assert [flaw.kind for flaw in gate.flaws] == ["echo"]
    assert gate.shown == "And sit down. It rains as it likes."


def test_a_character_does_not_call_itself_by_name() -> None:
    for line in ("Mira, what a night.", "Mira: what a night."):
        gate = SentenceGate(GuardRules("Mira"))
        gate.feed(line)
        gate.close()
        assert gate.shown == "What a night."
    gate = SentenceGate(GuardRules("Mira"))
    gate.feed("Tom, what a night.")
    gate.close()
    assert gate.shown == "Tom, what a night."
