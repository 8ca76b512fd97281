"""What was said, given back, asked again, or taken for another's; who leaves, and who thanks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openroom.language.sense.manner import serves
from openroom.language.sense.moment import Moment
from openroom.language.sense.nonsense import nonsense
from openroom.language.sense.room import goes_away
from openroom.language.sense.said import asks_what_was_said, says_it_back, takes_for_its_own, takes_nothing_up
from openroom.language.sense.who import tells_of_the_other


def at(heard: str, language: str = "en", *, acts: bool = False, authored: tuple[str, ...] = ()) -> Moment:
    return Moment("Ines", heard, "Ben", others=("Ben",), strict=True, language=language, acts=acts, authored=authored)


@pytest.mark.parametrize(
    ("heard", "say", "code"),
    [
        ("I believe the snow is melting.", "The snow is melting, my dear.", "en"),
        ("My uncle was a carpenter.", "He was a carpenter.", "en"),
        ("The harbour looks empty tonight.", "The harbour looks empty.", "en"),
        ("Der Schnee auf dem Dach schmilzt schon.", "Der Schnee schmilzt schon.", "de"),
        ("La nieve del tejado se derrite.", "La nieve se derrite.", "es"),
    ],
)
def test_a_remark_given_back(heard: str, say: str, code: str) -> None:
    assert says_it_back(at(heard, code), say, code)


@pytest.mark.parametrize(
    ("heard", "say"),
    [
        ("Was your uncle a carpenter?", "He was a carpenter."),
        ("I believe the snow is melting.", "The snow is melting, and the roof will drip."),
        ("I believe the snow is melting.", "The snow is melting?"),
        ("I believe the snow is melting.", "The snow is not melting yet."),
        ("Good night, and thank you.", "Good night to you."),
        ("My uncle was a carpenter.", "A carpenter!"),
        ("My uncle was a carpenter.", "He must have had strong hands."),
        ("The harbour looks empty tonight.", "It is."),
    ],
)
def test_an_answer_to_a_remark(heard: str, say: str) -> None:
    assert says_it_back(at(heard), say, "en") is None


def test_a_deed_is_told_in_the_words_that_asked_for_it() -> None:
    assert says_it_back(at("I would like the shutter closed.", acts=True), "The shutter is closed.", "en") is None


@pytest.mark.parametrize(
    ("heard", "say"),
    [
        ("I forgot my gloves on the tram.", "What did you forget your gloves on?"),
        ("I met her at the market.", "Where did you meet her?"),
        ("I found a key.", "What did you find?"),
        ("I sold my boat to a priest.", "Who did you sell your boat to?"),
    ],
)
def test_a_question_that_was_answered(heard: str, say: str) -> None:
    assert asks_what_was_said(at(heard), say, "en")


@pytest.mark.parametrize(
    ("heard", "say"),
    [
        ("I forgot my gloves.", "Where did you forget them?"),
        ("I forgot my gloves.", "Where did you forget your gloves?"),
        ("I met her at the market.", "What did you buy there?"),
        ("I met her at the market.", "Why did you meet her?"),
        ("I sold my boat.", "Who did you sell your boat to?"),
        ("I found a key in the snow.", "What did you do with it?"),
    ],
)
def test_a_question_that_was_not(heard: str, say: str) -> None:
    assert asks_what_was_said(at(heard), say, "en") is None


@pytest.mark.parametrize(
    ("say", "code"),
    [
        ("I'm afraid I must leave now.", "en"),
        ("I'll be right back.", "en"),
        ("Well, I have to go home.", "en"),
        ("Ich muss jetzt leider gehen.", "de"),
        ("Tengo que irme ya.", "es"),
        ("我得走了。", "zh"),
        ("もう行かなければ。", "ja"),
    ],
)
def test_a_character_that_leaves(say: str, code: str) -> None:
    assert goes_away(at("I like it here.", code), say, code)


@pytest.mark.parametrize(
    "say",
    [
        "You have to go before it is dark.",
        "I have to go through the list again.",
        "When I leave, the lamp stays.",
        "I must go slowly on these stairs.",
        "Good night. Come back soon.",
        "I should leave that to the cat.",
    ],
)
def test_a_character_that_stays(say: str) -> None:
    assert goes_away(at("I should go."), say, "en") is None


def test_whose_author_has_it_leave_may_say_so() -> None:
    assert goes_away(at("I like it here.", authored=("I have to go now.",)), "I must leave now.", "en") is None


@pytest.mark.parametrize(
    ("heard", "say", "code", "found"),
    [
        ("What did your sister do?", "Ben's sister was a nurse.", "en", True),
        ("What did your sister do?", "Your sister was a nurse.", "en", True),
        ("What did your sister do?", "My sister was a nurse.", "en", False),
        ("What did your sister do?", "Your sister?", "en", False),
        ("I saw your sister.", "Your brother was there too.", "en", False),
        ("What is your guess?", "Your guess is as good as mine.", "en", False),
        ("Was macht deine Schwester?", "Deine Schwester ist Ärztin.", "de", True),
        ("Was macht deine Schwester?", "Meine Schwester ist Ärztin.", "de", False),
        ("¿Qué hace tu hermana?", "La hermana de Ben es médica.", "es", True),
        ("你妹妹做什么？", "Ben的妹妹是医生。", "zh", True),
        ("あなたの妹は何をしていますか？", "Benさんの妹は医者です。", "ja", True),
    ],
)
def test_asked_of_itself_it_tells_of_itself(heard: str, say: str, code: str, found: bool) -> None:
    assert (tells_of_the_other(at(heard, code), say, code) is not None) is found


@pytest.mark.parametrize(
    ("heard", "say", "code", "acts", "found"),
    [
        ("Could you open the shutter, please?", "Thank you very much.", "en", True, True),
        ("Could you open the shutter, please?", "Thank you, I was cold as well.", "en", True, False),
        ("Could you open the shutter, please?", "Thank you.", "en", False, False),
        ("I brought you some bread.", "Thank you.", "en", True, False),
        ("Mach bitte den Laden auf.", "Danke schön.", "de", True, True),
        ("Abre la ventana, por favor.", "Gracias.", "es", True, True),
    ],
)
def test_thanks_for_its_own_deed(heard: str, say: str, code: str, acts: bool, found: bool) -> None:
    assert (serves(at(heard, code, acts=acts), say, code) is not None) is found


def test_a_larger_model_may_say_so_for_a_reason() -> None:
    able = Moment("Ines", heard="My uncle was a carpenter.", visitor="Ben")
    assert nonsense(able, "He was a carpenter.", "en") is None
    assert nonsense(able, "I must leave now.", "en") is None


@pytest.mark.parametrize(
    "say", ["I have a new job!", "Caller, I have a new job! What is it?", "Well, I have a new job!"]
)
def test_what_the_visitor_told_of_themselves_is_not_its_own(say: str) -> None:
    assert takes_for_its_own(at("I have a new job!"), say, "en")


def test_what_one_has_too_is_no_theft() -> None:
    assert takes_for_its_own(at("I have a new job!"), "Caller, I have a new job too!", "en") is None
    assert takes_for_its_own(at("I have a new job!"), "That is good news. What is it?", "en") is None


def test_a_fact_that_nobody_asked_for_is_no_answer() -> None:
    hat, plums = "I own a green hat.", "I love plums and rain on slate."
    asked = replace(at("Do you ever get lonely?"), facts=(hat, plums), beside=(hat, plums))
    assert takes_nothing_up(asked, "I own a green hat, child.", "en")
    assert takes_nothing_up(replace(asked, heard="What do you like?", beside=(hat,)), plums, "en") is None


def test_it_is_not_whom_it_calls() -> None:
    called = replace(at("I lost my job today."), address="passenger")
    assert nonsense(called, "I am passenger, Ben.", "en")
    assert nonsense(called, "I am a passenger, passenger.", "en")
    assert nonsense(called, "I am sorry to hear that, passenger.", "en") is None


def test_a_service_is_known_by_what_it_is_not_able_to() -> None:
    told = at("I should write home more often.")
    assert serves(told, "I am sorry, but I am not able to assist with that request.", "en")
    assert serves(told, "Is there anything else you would like to know?", "en")


@pytest.mark.parametrize(
    ("heard", "say", "code"),
    [
        ("My grandfather is in hospital.", "Oh, that's great news!", "en"),
        ("My dog died. I can't sleep.", "How lovely.", "en"),
        ("We got married yesterday!", "I am sorry to hear that.", "en"),
        ("Meine Tante ist gestorben.", "Wie schön!", "de"),
        ("Mi abuela murió ayer.", "¡Qué alegría!", "es"),
        ("我奶奶去世了。", "太好了！", "zh"),
        ("祖母が亡くなりました。", "よかったですね。", "ja"),
    ],
)
def test_news_are_taken_as_they_are(heard: str, say: str, code: str) -> None:
    assert takes_nothing_up(at(heard, code), say, code) == ("takes bad news for good, or good for bad", say)


@pytest.mark.parametrize(
    ("heard", "say", "code"),
    [
        ("My mother is home from the hospital.", "That is wonderful.", "en"),
        ("I was not fired after all.", "Good to hear.", "en"),
        ("Nobody died in the fire.", "That is good news.", "en"),
        ("My friends forgot my birthday.", "How sad.", "en"),
        ("I didn't get the new job.", "I'm sorry to hear that.", "en"),
        ("Meine Mutter ist aus dem Krankenhaus zurück.", "Wie schön!", "de"),
        ("Ich habe die neue Stelle nicht bekommen.", "Das tut mir leid.", "de"),
        ("Mi hermano salió del hospital.", "¡Qué alegría!", "es"),
        ("No conseguí el nuevo trabajo.", "Lo siento.", "es"),
        ("她的病好了，出院了。", "太好了！", "zh"),
        ("我没有得到新工作。", "真遗憾。", "zh"),
        ("母は病気が治りました。", "よかったですね。", "ja"),
        ("誕生日なのに誰も来ませんでした。", "それは残念ですね。", "ja"),
    ],
)
def test_bad_news_that_are_over_are_good_ones(heard: str, say: str, code: str) -> None:
    assert takes_nothing_up(at(heard, code), say, code) is None


@pytest.mark.parametrize(
    ("say", "lost"),
    [
        ("Sorry, what did you say?", True),
        ("I don't know what you mean.", True),
        ("I am not sure what you're talking about.", True),
        ("And what did you say to him?", False),
        ("I don't know what you saw, but it was no ghost.", False),
        ("I don't know what you mean by a ghost.", False),
    ],
)
def test_who_does_not_know_what_the_visitor_knows_has_understood(say: str, lost: bool) -> None:
    assert bool(takes_nothing_up(at("The old mill was full of light last night."), say, "en")) is lost


def test_who_is_what_it_calls_others_may_say_so() -> None:
    card = replace(at("Who taught you to sail?"), address="captain")
    for say in ("I am a captain.", "I'm captain, Ben."):
        assert nonsense(card, say, "en") == nonsense(replace(card, persona="You call everybody captain."), say, "en")
        assert nonsense(card, say, "en"), say
        assert nonsense(replace(card, persona="You are a captain of the Dawn."), say, "en") is None
    assert nonsense(card, "I am a captain of my own boat.", "en") is None
    assert nonsense(replace(card, address="Kapitän", language="de"), "Ich bin ein Kapitän.", "de")
    assert nonsense(replace(card, address="dear"), "I am dear to nobody.", "en") is None


@pytest.mark.parametrize(
    ("heard", "say", "found"),
    [
        ("A different record, please.", "I am a teacher, my friend.", True),
        ("A different record, please.", "I am a driver, my friend.", False),
        ("You are no teacher, are you?", "I am a teacher, my friend.", False),
        ("A different record, please.", "I never had a teacher like her.", False),
    ],
)
def test_who_somebody_said_to_be_it_is_not_itself(heard: str, say: str, found: bool) -> None:
    here = Moment("Oskar", heard, "Tom", address="my friend", lately=("I am a teacher.",), strict=True)
    assert bool(takes_for_its_own(here, say, "en")) is found
