"""Thoughts in a reply, in all the marks that models put them in: they are never said."""

from __future__ import annotations

import json

import pytest

from openroom.ports.reply.structured import ReplyReader, parse_reply
from openroom.ports.reply.thoughts import Thoughts

SCHEMA = {
    "type": "object",
    "properties": {"say": {"type": "string"}, "emotion": {"type": "string", "enum": ["calm"]}},
    "required": ["say"],
}
WORDS = "The kettle sings at ten. It always has."
OBJECT = json.dumps({"say": WORDS, "emotion": "calm"})
LONG = "Okay, somebody has come in and asks for tea. I should stay Mira, dry and unhurried. Short, then, I think. "
AROUND = [
    ("<think>", "</think>"),
    ("<THINK>", "</THINK>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"),
    ("<|think|>", "<|/think|>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
    ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final <|constrain|>json<|message|>"),
    ("<|channel>thought\n", "<channel|>"),
]
ENDS = [
    "</think>",
    "</thinking>",
    "</reasoning>",
    "[/THINK]",
    "◁/think▷",
    "<|END_THINKING|>",
    "assistantfinal",
    "<channel|>",
]


def said(text: str, size: int = 5) -> tuple[str, str]:
    """What is shown while a reply is written, and what is kept of it."""
    reader = ReplyReader(SCHEMA)
    shown = "".join([reader.feed(text[at : at + size]) for at in range(0, len(text), size)])
    rest, parsed = reader.close()
    return shown + rest, str(parsed.value.get("say", ""))


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize(("begin", "end"), AROUND)
def test_thoughts_between_marks_are_not_said(begin: str, end: str, size: int) -> None:
    for thought in ("hm", LONG, f"{LONG} I might answer {OBJECT.replace('kettle', 'samovar')}, or not."):
        assert said(f"{begin}{thought}{end}\n\n{OBJECT}", size) == (WORDS, WORDS)
        assert said(f"{begin}{thought}{end}\n\n{WORDS}", size)[0].strip() == WORDS


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize("end", ENDS)
def test_thoughts_that_only_end_are_not_said(end: str, size: int) -> None:
    quoted = 'The form is {"say": "what I say", "emotion": "calm"}, as agreed. '
    for thought in ("hm ", LONG, LONG + quoted, LONG + quoted + LONG, LONG + '{"note": 1} '):
        assert said(f"{thought}{end}\n\n{OBJECT}", size) == (WORDS, WORDS)
        assert said(f"{thought}{end}\n\n{WORDS}", size)[0].strip() == WORDS


def test_what_stands_around_an_answer_is_not_said() -> None:
    assert said(f"<answer>{WORDS}</answer>")[0].strip() == WORDS
    assert said(f"<reasoning>{LONG}</reasoning><answer>{OBJECT}</answer>")[0] == WORDS
    assert said(f"{WORDS}<|im_end|>")[0].strip() == WORDS
    assert said(f"{WORDS}</s>")[0].strip() == WORDS


@pytest.mark.parametrize(
    "text",
    [
        "I love you <3 all.",
        "[she thinks] Well, well.",
        "Aha. A banana, a",
        "Less < more.",
        "The assistant is in. Ask [him.",
    ],
)
def test_what_looks_like_a_mark_is_said(text: str) -> None:
    assert said(text, 1)[0] == text


def test_long_words_without_an_object_come_at_the_end() -> None:
    assert said(LONG) == (LONG, "")
    assert said(LONG + '{"emotion": "calm"}')[0] == LONG, "the object only has the face"
    assert said(LONG + OBJECT) == (WORDS, WORDS), "what stood before an object was not meant for anybody"


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(OBJECT),
        json.dumps(OBJECT, ensure_ascii=False) + "\n",
        f"```json\n{json.dumps(OBJECT)}\n```",
        json.dumps({"response": json.loads(OBJECT)}),
        json.dumps({"name": "reply", "arguments": OBJECT}),
        json.dumps({"choices": [{"message": json.loads(OBJECT)}]}),
        json.dumps([json.loads(OBJECT)]),
        json.dumps({"say": OBJECT, "emotion": "calm"}),
        json.dumps({"say": f"```json\n{OBJECT}\n```"}),
        json.dumps({"say": WORDS.replace(". ", ".|").split("|"), "emotion": "calm"}),
    ],
)
def test_a_reply_in_a_reply_is_read_as_meant(text: str) -> None:
    for size in (1, 6, 10_000):
        assert said(text, size) == (WORDS, WORDS)
    assert parse_reply(text, SCHEMA).value["emotion"] == "calm" or "emotion" not in text


@pytest.mark.parametrize(("begin", "end"), [pair for pair in AROUND if pair[0][0] in "<◁"])
def test_thoughts_within_the_words_of_an_object_are_not_said(begin: str, end: str) -> None:
    for words in (WORDS, OBJECT):
        text = json.dumps({"say": f"{begin}{LONG}{end} {words}", "emotion": "calm"})
        for size in (1, 6, 10_000):
            assert [one.strip() for one in said(text, size)] == [WORDS, WORDS]


def test_words_that_only_begin_like_code_are_said() -> None:
    assert said(json.dumps({"say": "{smiles} Good evening."}))[0] == "{smiles} Good evening."
    assert said('{"say": "<3 to you. <b>Well.</b>"}')[0] == "<3 to you. <b>Well.</b>"
    assert said('{"say": "`help` is the word."}')[0] == "`help` is the word."
    assert said('"Quite so," she said.')[0] == '"Quite so," she said.'


def test_sentences_one_by_one_are_joined_as_their_script_is() -> None:
    assert said('{"say": ["こんばんは。", "どうぞ。"]}')[1] == "こんばんは。どうぞ。"
    assert said('{"say": ["One.", {"two": 2}]}')[1] == ""


def test_whether_the_words_are_whole() -> None:
    for text, whole in [
        (OBJECT, True),
        (OBJECT[:30], False),
        (f'{{"say": "{WORDS}", "emo', True),
        (json.dumps(OBJECT), True),
        (json.dumps(OBJECT)[:40], False),
        (WORDS, False),
    ]:
        reader = ReplyReader(SCHEMA)
        reader.feed(text)
        reader.close()
        assert reader.whole is whole, text


def test_a_reply_is_held_back_while_it_is_nothing_but_thoughts() -> None:
    for begin, end in AROUND:
        thoughts = Thoughts()
        text = f"{begin}{LONG}"
        assert "".join([thoughts.feed(char) for char in text]) == "" and thoughts.opened
        assert thoughts.feed(f"{end}Yes.") == f"{text}{end}Yes." and not thoughts.opened
        assert thoughts.feed(" No.") == " No."
    thoughts = Thoughts()
    assert [thoughts.feed(char) for char in "<3 "] == ["", "", "<3 "] and thoughts.close() == ""
