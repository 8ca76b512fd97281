"""What passes the guards, sentence by sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from openroom.cast.turn.guards import GuardRules, SentenceGate
from openroom.language.addressed import Addressing
from openroom.language.sense.moment import Moment


def passed(text: str, rules: GuardRules) -> str:
    """What of a text is said; it comes in pieces, as from a model."""
    gate = SentenceGate(rules)
    for start in range(0, len(text), 3):
        gate.feed(text[start : start + 3])
    gate.close()
    return gate.shown.strip()


@pytest.mark.parametrize(
    "said",
    [
        "Good evening, Mr. Holmes. Mrs. Hudson and Dr. Watson left you a note.",
        "Herr Dr. Braun kam am 3. Mai. Er wohnt in Nr. 5.",
        "La Sra. López vive en EE. UU. desde 1990. El Sr. García no.",
    ],
)
def test_a_title_is_no_sentence_of_those_that_a_voice_may_say(said: str) -> None:
    assert passed(said, GuardRules("Mira", max_sentences=2)) == said
    assert passed(f"{said} And more.", GuardRules("Mira", max_sentences=2)) == said


@pytest.mark.parametrize("said", ["Yes.", "No!", "Of course.", "Ja, gern.", "Sí, claro.", "是的。", "はい。"])
def test_a_right_short_answer_may_be_given_again(said: str) -> None:
    rules = GuardRules("Mira", banned=("coffee",), earlier=(said, "It rains again.", said))
    assert passed(said, rules) == said
    assert passed(f"{said} The kettle is on.", rules) == "The kettle is on."  # said too often before other words
    assert passed(f"{said} Have some coffee.", rules) == ""  # then the reply is written anew
    assert passed(said, replace(rules, instead=True)) == ""  # its author has other words for this turn


@pytest.mark.parametrize("said", ["It rains again.", "The kettle is on. Yes, it is on.", "今日も雨が降っています。"])
def test_a_line_that_tells_something_may_not(said: str) -> None:
    assert passed(said, GuardRules("Mira", earlier=(said,))) == ""


NAMES = GuardRules("Mira", ("Ann", "Old Tom", "美咲"))


@pytest.mark.parametrize(
    "text",
    [
        "Mira: The cup is yours.",
        "Mira：The cup is yours.",
        "**Mira:** The cup is yours.",
        "**Mira**: The cup is yours.",
        "__Mira__： The cup is yours.",
        "[Mira]: The cup is yours.",
        "Mira (smiling): The cup is yours.",
        "**Mira:**\nThe cup is yours.",
        "Ｍｉｒａ：The cup is yours.",
        "Mira, The cup is yours.",
    ],
)
def test_its_own_name_is_not_said_before_its_words(text: str) -> None:
    assert passed(text, NAMES) == "The cup is yours."


def test_its_own_name_is_not_said_before_a_later_line_either() -> None:
    assert passed("Sit down.\nMira: The cup is yours.", NAMES) == "Sit down.\nThe cup is yours."


@pytest.mark.parametrize(
    "line",
    [
        "Ann: Thank you.",
        "Ann：谢谢你。",
        "**Ann:** Thank you.",
        "[Old Tom]: Thank you.",
        "Ann (whispers): Thank you.",
        "美咲：ありがとう。",
        "_Old Tom_: Thank you.",
        "User: Thank you.",
        "Visitor： Thank you.",
    ],
)
def test_nobody_elses_line_is_said(line: str) -> None:
    assert passed(f"Sit down.\n{line}\nMira: Not at all.", NAMES) == "Sit down."
    assert passed(f"晚上好。 {line}", NAMES) == "晚上好。"


@pytest.mark.parametrize(
    "said",
    [
        "One thing: the kettle is on.",
        "*smiles* Mira: that is me.",
        "Ann, my dear: sit down.",
        "It is 10:30 now.",
        "**Tea:** black or green?",
        "请记住：茶好了。",
    ],
)
def test_a_colon_alone_makes_no_label(said: str) -> None:
    assert passed(said, NAMES) == said


@pytest.mark.parametrize(
    ("text", "honest", "shown"),
    [
        ("A robot? Me? Never. Sit down.", False, "A robot? Me? Sit down."),
        ("A robot? Never. Sit down.", True, "A robot? Sit down."),
        ("A robot? Never. Sit down.", False, "A robot? Never. Sit down."),
        ("Coffee? Me? Never.", True, "Coffee? Me? Never."),
    ],
)
def test_a_retort_that_one_is_no_machine_is_not_said(text: str, honest: bool, shown: str) -> None:
    assert passed(text, GuardRules("Mira", honest=honest)) == shown


SMALL = GuardRules(
    "Amparo",
    moment=Moment(
        "Amparo",
        heard="I brought some bread with me.",
        strict=True,
        examples=("Software, my sprout, from root to tip. Growing all the same.",),
    ),
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bread?", ""),  # asked back and no more, it is no answer
        ("Bread? Put it on the bench.", "Bread? Put it on the bench."),
        ("Some bread? Where did you get it? I baked it.", "Some bread? Where did you get it?"),
        ("Gustav? He eats nothing.", "Gustav? He eats nothing."),
        ("And you? I am fine.", "And you? I am fine."),
        ("Will you have some tea? Yes, please.", "Will you have some tea?"),
    ],
)
def test_what_a_small_model_says_after_a_question(text: str, shown: str) -> None:
    assert passed(text, SMALL) == shown


def test_the_rest_of_a_line_goes_with_its_beginning() -> None:
    assert passed("I am software, my sprout. Growing all the same.", SMALL) == ""
    whole = GuardRules("Amparo", authored=("Put it down here. Growing all the same.",), moment=SMALL.moment)
    assert passed("Put it down here. Growing all the same.", whole) == "Put it down here. Growing all the same."


def test_an_authors_line_is_said_once_however_it_is_cut() -> None:
    line = "Parsley! Very ordinary. Look, a butterfly."
    said = GuardRules("Amparo", authored=(line,), earlier=(line,), moment=SMALL.moment)
    assert passed(line, said) == ""


def test_a_line_of_the_authors_may_begin_with_a_question() -> None:
    line = "Shoes? Not since April. How would I feel the moss?"
    assert passed(line, GuardRules("Amparo", authored=(line,), moment=SMALL.moment)) == line


def test_what_is_left_of_a_line_that_was_said_is_not_said() -> None:
    line = "Gustav! A fern with a dreadful temper. I adore him."
    assert passed(line, GuardRules("Amparo", authored=(line,), earlier=(line,), moment=SMALL.moment)) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Oh, my dear!", ""),
        ("Oh! It has been a long day.", "Oh! It has been a long day."),
        ("Oh, no!", ""),
        ("Oh, yes, my dear!", ""),
        ("Oh, no! I sleep in the moss.", "Oh, no! I sleep in the moss."),
        ("No.", "No."),
        ("You know what, my friend?", ""),
        ("You know what? It has been a long day.", "You know what? It has been a long day."),
        ("Do you know what it is?", "Do you know what it is?"),
    ],
)
def test_a_sigh_is_no_answer(text: str, shown: str) -> None:
    assert passed(text, SMALL) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("So did I. The sea is a thing you are to somebody else.", "So did I."),
        ("Late is a thing of the trains.", "Late is a thing of the trains."),
        ("Well, I have kept this house for twenty-two years now.",) * 2,
    ],
)
def test_most_of_a_line_is_said_once_unless_it_is_a_fact(text: str, shown: str) -> None:
    moment = Moment("Amparo", facts=("Has kept this house for twenty-two years.",), strict=True)
    said = ("Late is a thing you are to somebody else.", "I have kept this house for twenty-two years.")
    assert passed(text, GuardRules("Amparo", earlier=said, moment=moment)) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The sea is far away. You're here.", "The sea is far away."),
        ("You're here.", "You're here."),  # there is nothing else
        ("Of course. Sit down by the fire.", "Of course. Sit down by the fire."),
        ("No.", "No."),
    ],
)
def test_a_short_sentence_is_appended_to_one_reply_of_some(text: str, shown: str) -> None:
    said = ("It's not late. You're here.", "No. I like the rain.", "Yes, of course.")
    rules = GuardRules("Mira", earlier=said, moment=SMALL.moment)
    assert passed(text, rules) == shown


def test_a_sentence_that_stops_at_a_comma_is_ended() -> None:
    assert passed("It reminds me of my time in Odessa,", SMALL) == "It reminds me of my time in Odessa."
    assert passed("I like the rain, and,", SMALL) == "I like the rain."


def test_a_list_of_what_assistants_do_not_discuss_is_no_line_of_anybodys() -> None:
    said = "I am sorry, but I cannot discuss topics related to politics, religion and the like."
    assert passed(said, GuardRules("Nima", moment=SMALL.moment)) == ""
    assert passed("I cannot discuss the weather with a fish.", GuardRules("Nima", moment=SMALL.moment)) != ""


@pytest.mark.parametrize(
    ("heard", "say"),
    [
        ("What is your name?", "Hello, I am Pim."),
        ("How old are you?", "Hi, I'm forty."),
        ("Where are you from?", "Hello, from the north."),
    ],
)
def test_a_greeting_that_says_something_answers(heard: str, say: str) -> None:
    assert passed(say, GuardRules("Pim", moment=Moment("Pim", heard=heard, strict=True))) == say


def test_a_fact_may_begin_as_an_earlier_reply_did() -> None:
    moment = Moment("Pim", facts=("I have kept this house for twenty-two years.",), strict=True)
    said = "I have kept this house for twenty-two years."
    rules = GuardRules("Pim", earlier=("I have kept this house well.",), moment=moment)
    assert passed(said, rules) == said


@pytest.mark.parametrize(
    ("say", "shown"),
    [
        ("Yes, it is raining.", True),
        ("Okay, let's talk of the tide.", True),
        ("Fine weather today.", True),
        ("Yes.", False),
    ],
)
def test_only_who_consents_gives_in(say: str, shown: bool) -> None:
    at = Moment("Pim", heard="Sell me your old map of the coast.", vows=("Never sells an old map.",), strict=True)
    assert bool(passed(say, GuardRules("Pim", moment=at))) is shown


def test_of_what_it_cannot_know_it_only_asks() -> None:
    rules = GuardRules("Pim", moment=SMALL.moment, unknown=("money",))
    assert passed("Money? It is a thing that people want.", rules) == "Money?"


@pytest.mark.parametrize("moment", [None, Moment("Mira", heard="Is it yours?")])
def test_what_larger_models_say_is_held_to_no_rule_for_small_ones(moment: Moment | None) -> None:
    written = "No. I never once went out to sea."
    address = Addressing("my sprout", "en")
    cases: tuple[tuple[str, dict[str, Any]], ...] = (
        ("No. That one is not mine.", {"earlier": (written,), "authored": (written,)}),
        ("It rains again. Out to sea.", {"earlier": ("It rains again.",), "authored": ("They went far. Out to sea.",)}),
        ("My sprout! You came after all.", {"addressing": address}),
        ("Bread?", {}),
    )
    for text, rules in cases:
        said = passed(text, replace(GuardRules("Mira", moment=moment), **rules))
        assert said == text.removeprefix("It rains again. ")


def test_what_goes_on_about_what_it_cannot_know_is_dropped_with_it() -> None:
    rules = GuardRules("Edda", unknown=("telephone exchange computer",))
    claim = "A telephone exchange computer is a machine. It connects calls. They are fast."
    assert passed(claim, rules) == ""
    assert passed(f"{claim} The rain has not stopped. It is cold.", rules) == "The rain has not stopped. It is cold."
    assert passed("A telephone exchange computer is a machine. It means nothing to me.", rules) == (
        "It means nothing to me."
    )


STRICT = GuardRules("Mira", moment=Moment("Mira", heard="What should a person know?", strict=True))


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (
            "A person should know the weather, the seasons, the seasons, the seasons, the seas",
            "know the weather, the seasons.",
        ),
        (
            "The rivers are the Loire, the Rhine, the Rhone, the Rhine, the Rhone, the Rhine, the",
            "Loire, the Rhine, the Rhone.",
        ),
        ("It is late. I think and think and think and think and think and", "It is late. I think and think."),
        ("他们喜欢安静的早晨，安静的早晨，安静的早晨，安静的早晨，安", "他们喜欢安静的早晨，安静的早晨。"),
    ],
)
def test_a_sentence_that_goes_round_in_circles_ends_where_it_began_to(said: str, left: str) -> None:
    gate = SentenceGate(STRICT)
    for start in range(0, len(said), 3):
        gate.feed(said[start : start + 3])
        if gate.circles:
            break
    assert gate.circles and gate.shown.strip().endswith(left)
    assert passed(said, GuardRules("Mira")) == said, "a larger model may have a reason"


@pytest.mark.parametrize(
    "said",
    [
        "No, no, no, my friend, not like that.",
        "Bread, butter, jam, more bread, more butter and tea.",
        "The first was a baker, the second was a baker, and the third went to sea.",
        "Tick, tock, tick, tock, tick, tock, says the clock.",
    ],
)
def test_a_list_is_no_circle(said: str) -> None:
    assert passed(said, STRICT) == said


def test_what_the_card_never_does_is_not_agreed_to() -> None:
    heard = "They say that you will never sell a chart of the Grey Gulf. You would do it for me, would you not?"
    at = Moment("Hesper", heard=heard, vows=("I will never sell a chart of the Grey Gulf.",), strict=True)
    rules = GuardRules("Hesper", moment=at)
    assert passed("Yes, passenger, I will do it for you.", rules) == ""
    assert passed("Of course, just for you.", rules) == ""
    assert passed("No, passenger, not for you either.", rules) == "No, passenger, not for you either."
    assert passed("Yes, that is so, I will never sell one.", rules) == "Yes, that is so, I will never sell one."
    other = replace(rules, moment=replace(at, heard="Will you sell me the blue chart?"))
    assert passed("Yes, I will do it for you.", other) == "Yes, I will do it for you."


def test_a_small_model_does_not_begin_all_its_replies_alike() -> None:
    said = ("I see, caller.", "Caller, what do you like to hear about boots?")
    rules = replace(STRICT, earlier=said, addressing=Addressing("caller", "en"))
    assert passed("Caller, what do you like to hear about the road?", rules) == ""
    assert passed("Caller, what do you do there?", rules) == "Caller, what do you do there?"
    assert passed("What do you like to eat on the road?", replace(rules, earlier=(*said, *"abcdef"))) != ""
    assert passed("What do you like to hear about the road?", GuardRules("Mira", earlier=said)) != ""


def test_a_sentence_is_not_said_again_without_its_form_of_address() -> None:
    rules = GuardRules("Mira", addressing=Addressing("traveller", "en"))
    said = "The sea is a sign of the world, traveller. The sea is a sign of the world. It rains."
    assert passed(said, rules) == "The sea is a sign of the world, traveller. It rains."


def test_a_greeting_alone_answers_no_question() -> None:
    asked = replace(STRICT, moment=Moment("Mira", heard="Hello. What are you doing here?", strict=True))
    assert passed("Hello to you.", asked) == ""
    assert passed("Hello to you. I wait for the post.", asked) == "Hello to you. I wait for the post."
    greeted = replace(STRICT, moment=Moment("Mira", heard="Hello!", strict=True))
    assert passed("Hello to you.", greeted) == "Hello to you."


def test_a_service_is_not_what_refuses() -> None:
    rules = replace(STRICT, moment=Moment("Mira", heard="Can you take me across?", strict=True))
    assert passed("Sorry, but I can't help you with that.", rules) == ""
    assert passed("I can't, the water is too high.", rules) == "I can't, the water is too high."
