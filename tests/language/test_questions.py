"""Plain answers to what nobody wrote an answer for take up what was asked, in five languages."""

from __future__ import annotations

import re
import time

import pytest

from openroom.language.by_name import named, says_first
from openroom.language.data.questions.questions import ANSWERS
from openroom.language.reactions import plain_answers
from openroom.language.sentences import sentences

ASKED = {
    "en": {
        "Good evening, who are you?": "{name}",
        "What time is it?": "time",
        "Tell me a joke.": "joke",
        "How long have you lived here?": "long",
        "And why is that?": "reason",
        "Where do you come from?": "Where",
        "Which fish is it?": "Which",
        "My name is Lena.": "{speaker}",
    },
    "de": {
        "Hallo, ist da jemand?": "hier",
        "Guten Tag, wer bist du?": "{name}",
        "Was trinkst du da?": "Geschmack",
        "Schmeckt das denn?": "Geschmack",
        "Mach bitte den Fensterladen zu.": "kann ich gerade nicht",
        "Hast du ein Handy?": "Ob ich so etwas habe",
        "Seit wann gibt es diese Teestube?": "wann",
        "Und was hast du davor gemacht?": "früher war",
        "Ich heiße Lena und komme aus Bremen.": "{speaker}",
        "Woher kommst du?": "Woher",
        "Vermisst du es?": "Manchmal",
        "Ist die Lichterkette an?": "Sieh besser selbst nach",
        "Erzähl mir einen Witz.": "Witz",
    },
    "es": {
        "¿Por qué vas descalza?": "razón",
        "¿Desde cuándo?": "tiempo",
        "¿De qué color es tu barca?": "color",
        "¿Qué hora es?": "hora",
        "¿Qué hacías antes de jubilarte?": "antes",
        "¿Durante cuántos años?": "Cuánto",
        "¿Qué opinas de los videojuegos?": "opinión",
        "Hola, ¿quién eres?": "{name}",
    },
    "zh": {
        "你是乌鸦吗？": "像吗",
        "那你最怕什么？": "怕",
        "为什么怕它？": "为什么",
        "晚上好，我叫阿明。": "{speaker}",
        "它叫什么名字？": "名字",
        "灯亮着吗？": "看一眼",
        "你在画什么？": "什么",
        "你喜欢下雨天吗？": "喜不喜欢",
    },
    "ja": {
        "はじめまして、ケンです。": "{speaker}",
        "お仕事は何ですか。": "仕事",
        "どのくらいやっているんですか。": "どのくらい",
        "好きな映画は何ですか。": "好きな",
        "痛かったですか。": "そういう日",
        "その親指のやけどはどうしたんですか。": "わけ",
    },
}


@pytest.mark.parametrize(
    ("language", "heard", "word"), [(code, *pair) for code, pairs in ASKED.items() for pair in pairs.items()]
)
def test_a_question_is_answered_by_its_kind(language: str, heard: str, word: str) -> None:
    assert any(word in line for line in plain_answers(heard, language)), plain_answers(heard, language)


@pytest.mark.parametrize(
    ("language", "heard"),
    [
        ("en", "The clocks have stopped."),
        ("de", "Die Uhren stehen still."),
        ("de", "Ich weiß, wo die Uhren stehen und wer sie aufzieht."),
        ("es", "Los relojes se han parado."),
        ("zh", "钟停了。"),
        ("ja", "時計が止まりました。"),
        ("fr", "Qui êtes-vous ?"),
    ],
)
def test_what_asks_for_nothing_has_no_such_answer(language: str, heard: str) -> None:
    assert plain_answers(heard, language) == ()


@pytest.mark.parametrize("language", ANSWERS)
def test_each_kind_has_two_answers_that_fill_no_unknown_slot(language: str) -> None:
    for one in ANSWERS[language]:
        assert len(one.lines) == len(set(one.lines)) == 2
        assert set(re.findall(r"\{(\w+)\}", " ".join(one.lines))) <= {"speaker", "name"}


@pytest.mark.parametrize("language", ANSWERS)
@pytest.mark.parametrize("piece", ["a", "was ", "讲", "我是", "why, ", "bitte ", "好きな", "?", " ", "\n"])
def test_a_long_line_is_read_at_once(language: str, piece: str) -> None:
    start = time.perf_counter()
    plain_answers(piece * 2000, language)
    assert time.perf_counter() - start < 1.0


def test_a_name_stands_for_i_where_nothing_bends() -> None:
    assert named("我怕雨伞。我的巢在那里。", "Pim") == "Pim怕雨伞。Pim的巢在那里。"
    assert named("我们走吧，自我介绍一下。", "Pim") == "我们走吧，自我介绍一下。"
    assert named("私は傘が怖いです。私たちは鳥です。", "Pim") == "Pimは傘が怖いです。私たちは鳥です。"
    assert named("Ich habe Angst.", "Pim") == "Ich habe Angst."


@pytest.mark.parametrize(
    ("said", "by_name"),
    [
        ("No, I don't like the sea. I like the city.", "No, Pim does not like the sea. Pim likes the city."),
        ("I'm a jackdaw. I’ve never been a crow.", "Pim is a jackdaw. Pim has never been a crow."),
        ("I never carry coins, I find them.", "Pim never carries coins, Pim finds them."),
        ("I found it. I can watch my things.", "Pim found it. Pim can watch Pim's things."),
        ("Am I a bird? Do I fly? Give me bread.", "Is Pim a bird? Does Pim fly? Give me bread."),
        ("I watch, I went, I carried, I need, I go.", "Pim watches, Pim went, Pim carried, Pim needs, Pim goes."),
        ("I hardly know you.", "Pim hardly knows you."),
        ("It is mine, I keep it.", "It is Pim's, Pim keeps it."),
        ("It is I. My nest is warm.", "It is Pim. Pim's nest is warm."),
        *(
            (same, same)
            for same in (
                "Me gusta el mar.",
                "Don't I know you?",
                "You and I go there.",
                "I'd never seen it.",
                "I with my dog.",
                "I now live here.",
                "I sometimes go there.",
                "I myself saw it.",
                "The gold mine is deep.",
                "Die Mine ist tief.",
                "Give it to me.",
            )
        ),
        ("The big D. Warm, loud.", "The big D. Warm, loud."),
    ],
)
def test_i_becomes_the_name_in_english_and_its_verb_with_it(said: str, by_name: str) -> None:
    found = " ".join(named(one, "Pim") for one in sentences(said))
    assert found == by_name


def test_who_says_i() -> None:
    assert says_first("Das weiß ich nicht.", "de")
    assert not says_first("Das weiß niemand.", "de")
    assert not says_first("我怕。", "zh")
