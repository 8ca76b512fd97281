"""What somebody told of themselves, said to them again."""

from __future__ import annotations

import pytest

from openroom.language.told import told_again


@pytest.mark.parametrize(
    ("question", "lines", "code", "answer"),
    [
        (
            "What did I say I do for a living?",
            ["I am a carpenter, and my back hurts.", "It is late.", "Is it far?"],
            "en",
            "You said you are a carpenter, and your back hurts.",
        ),
        ("Where did I say I come from?", ["I'm from a small island."], "en", "You said you're from a small island."),
        ("Do you remember my sister?", ["My sister sings in a choir."], "en", "You said your sister sings in a choir."),
        ("What did I say about the harbour?", ["I saw your harbour."], "en", "You said: “I saw your harbour.”"),
        (
            "What did I say I work as?",
            ["I work at the docks.", "I am a bit tired."],
            "en",
            "You said you work at the docks.",
        ),
        ("What did I say I mend?", ["I mend clocks, you know."], "en", "You said you mend clocks."),
        ("What did I tell you about my dog?", ["I have a dog.", "I lost a glove."], "en", "You said you have a dog."),
        (
            "Was habe ich dir über meine Arbeit erzählt?",
            ["Ich bin Tischler."],
            "de",
            "Du hast gesagt: „Ich bin Tischler.“",
        ),
        ("¿Qué te dije de mi trabajo?", ["Soy carpintera."], "es", "Dijiste: «Soy carpintera.»"),
        ("我说过我的工作是什么？", ["我是一名老师。"], "zh", "你说过：“我是一名老师。”"),
        ("私の仕事を覚えていますか。", ["私は看護師です。"], "ja", "「私は看護師です」と言っていましたね。"),
    ],
)
def test_from_their_own_lines(question: str, lines: list[str], code: str, answer: str) -> None:
    assert told_again(question, lines, (), "Ben", code) == answer


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("What did I say I do for a living?", ["I like the rain."]),
        ("Do you know where my coat is?", ["I am a carpenter."]),
        ("What did I say about the boat?", ["Is the boat yours?"]),
        ("Do you remember my sister?", []),
    ],
)
def test_what_was_not_told(question: str, lines: list[str]) -> None:
    assert told_again(question, lines, (), "Ben", "en") == ""


@pytest.mark.parametrize(
    ("question", "fact", "code", "answer"),
    [
        ("What did I say I work as?", "Ben is a carpenter.", "en", "You said you are a carpenter."),
        ("Do you remember where I live?", "Ben lives in Oslo.", "en", "You said you live in Oslo."),
        (
            "Was habe ich über meine Arbeit gesagt?",
            "Ben works as Koch.",
            "de",
            "Du hast gesagt, du arbeitest als Koch.",
        ),
        ("¿Te acuerdas dónde vivo?", "Ben lives in Cádiz.", "es", "Dijiste que vives en Cádiz."),
        ("你记得我住在哪里吗？", "Ben lives in 北京.", "zh", "你说过你住在北京。"),
        ("私がどこに住んでいると言いましたか。", "Ben lives in 京都.", "ja", "京都に住んでいると言っていましたね。"),
        ("What did I say I work as?", "Ben likes smoky tea.", "en", ""),
        ("What did I say I work as?", "Ann is a nurse.", "en", ""),
    ],
)
def test_from_what_is_known(question: str, fact: str, code: str, answer: str) -> None:
    assert told_again(question, [], [fact], "Ben", code) == answer
