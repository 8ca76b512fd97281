"""A reply read while it is written: what is said, and that the end holds what was shown."""

from __future__ import annotations

import itertools
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openroom.ports.reply.structured import Parsed, ReplyReader, parse_reply

SCHEMA = {"type": "object", "properties": {"say": {"type": "string"}, "do": {"type": "array"}}, "required": ["say"]}
CUTS = st.lists(st.integers(0, 10**6), max_size=20)
SCRAPS = [
    '{"say": "', "{'say': '", '", "', '": "', '"}', "'}", '{"', "{say:", '"do": [', "]", "}", "{", ",", ":", '"', "'",
    "’", "\\", "\\u00e9", "\\ud83d", "\\ude00", "\\u", "<think>", "</think>", "<th", "```", "```json\n", "`", "/*",
    "*/", "//", "\n", " ", "It's late. ", "true", "nul", "-1", "1e5", "say", "x" * 50, "word " * 20, "\ufeff", "\ud83d",
    "[THINK]", "[/THINK]", "<|channel|>", "final", "<|message|>", "assistantfinal", "<answer>", "◁/think▷", '{"do": ',
    '\\"',
]  # fmt: skip
OTHER = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def feed(text: str, size: int) -> tuple[list[str], ReplyReader]:
    stream = ReplyReader()
    pieces = [stream.feed(text[i : i + size]) for i in range(0, len(text), size)]
    return [*pieces, stream.close()[0]], stream


def cut(text: str, at: list[int]) -> tuple[str, Parsed]:
    """What is said of a text that comes in pieces, and what it holds."""
    reader = ReplyReader(SCHEMA)
    places = [0, *sorted(place % (len(text) + 1) for place in at), len(text)]
    said = "".join([reader.feed(text[here:there]) for here, there in itertools.pairwise(places)])
    rest, parsed = reader.close()
    assert said + rest == reader.text and reader.raw == text
    return said + rest, parsed


def cleaned(text: str) -> str:
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def test_text_comes_as_soon_as_it_is_written() -> None:
    stream = ReplyReader()
    assert stream.feed('{"emotion": "calm", "say": "Good') == "Good"
    assert stream.feed(" evening") == " evening"
    assert not stream.complete
    assert stream.feed('", "do": ["x"]}') == ""
    assert stream.complete and stream.text == "Good evening"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"say": "a\\n\\"b\\" \\\\ \\u00e9 \\ud83d\\ude00!"}', 'a\n"b" \\ é \U0001f600!'),
        ('{"x": {"say": "inner"}, "say": "outer"}', "outer"),
        ('{"x": ["say", "]}", {"a": "\\""}], "say": "outer"}', "outer"),
        ('```json\n{"say": "fenced"}\n```', "fenced"),
        ('Sure, here it is:\n{"say": "after"}', "after"),
        ('<think>{"say": "thought"}</think>\n{"say": "aloud"}', "aloud"),
        ('{"s\\u0061y": "escaped key"}', "escaped key"),
        ('{"say": null, "do": []}', ""),
        ('{"do": []}', ""),
        ("{'say': 'It's late'}", "It's late"),
        ("Hello there, no JSON at all.", "Hello there, no JSON at all."),
        ("{smiles} Hello", "{smiles} Hello"),
        ('{"say": "half', "half"),
        ('{"say": "half \\ud83d', "half "),
        ('{"say": "lone \\ud83d x"}', "lone \ufffd x"),
        ("```\nplain in a fence\n```", "plain in a fence"),
        ("", ""),
        ("<think>never ends", ""),
        ('Hm. <think>{"say": "thought"}</think>{"say": "aloud"}', "aloud"),
        ("Hm. <think>no, no</think>Yes.", "Hm. Yes."),
        ('{"note": 1} {"say": "the second"}', "the second"),
        ('{say: "bare keys", do: []}', "bare keys"),
        ("{note: she smiles} Hello", "{note: she smiles} Hello"),
        ("“{“say”: “curled”}”", "curled"),
        ('{"say": null, "say": "too late"}', ""),
        ('{"say": "one" "do": []}', "one"),
        ('{"say": "a\nb"}', "a\nb"),
        ('{"say": "\\u12 \\q"}', "\ufffd12 q"),
        ('{"do": [{"say": "inner"}, // {"say": "remark"}\n], /* "say": "x" */ "say": "outer"}', "outer"),
        ("Type `help`", "Type `help`"),
        ("Good evening. {", "Good evening. "),
        ("```one line```", "one line"),
    ],
)
def test_what_is_said(text: str, said: str, size: int) -> None:
    pieces, stream = feed(text, size)
    assert "".join(pieces).rstrip("\n") == said == stream.text.rstrip("\n")


def test_long_plain_text_streams() -> None:
    text = "It was a quiet evening, and the samovar had just begun to sing in the corner of the room. " * 3
    pieces, stream = feed(text, 10)
    assert "".join(pieces) == text and stream.plain
    assert sum(bool(piece) for piece in pieces) > 15


def test_an_object_after_long_plain_text_is_not_shown() -> None:
    pieces, _ = feed("word " * 40 + '{"say": "late"}', 3)
    assert "".join(pieces).rstrip() == ("word " * 40).rstrip()


def test_many_preludes_do_not_exhaust_the_stack() -> None:
    pieces, _ = feed("<think></think>" * 5000 + '{"say": "ok"}', 100_000)
    assert "".join(pieces) == "ok"


@given(
    st.text(), st.dictionaries(st.text(max_size=5).filter(lambda k: k != "say"), OTHER, max_size=3),
    st.booleans(), st.booleans(), st.integers(1, 9),
)  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_it_says_what_json_says(say: str, others: dict[str, object], first: bool, ascii_only: bool, size: int) -> None:
    value = {"say": say, **others} if first else {**others, "say": say}
    pieces, stream = feed(json.dumps(value, ensure_ascii=ascii_only), size)
    assert "".join(pieces) == cleaned(say)
    assert stream.complete


@given(st.dictionaries(st.text(max_size=5), OTHER, max_size=3), OTHER, st.booleans(), CUTS)
@settings(max_examples=300, deadline=None)
def test_the_object_says_what_was_shown(others: dict[str, object], say: object, ascii: bool, at: list[int]) -> None:
    text = json.dumps({**others, "say": say}, ensure_ascii=ascii)
    said, parsed = cut(text, at)
    assert said == parsed.value.get("say", "")
    assert not isinstance(say, str) or said == cleaned(say)


@given(st.lists(st.sampled_from(SCRAPS) | st.text(max_size=3), max_size=12).map("".join), CUTS)
@settings(max_examples=300, deadline=None)
def test_neither_words_nor_object_depend_on_where_a_reply_is_cut(text: str, at: list[int]) -> None:
    said, parsed = cut(text, at)
    assert (said, parsed) == cut(text, [])
    assert parsed.value.get("say", said) == said
    assert parsed == parse_reply(text, SCHEMA)


@given(st.text(), st.integers(1, 9), st.data())
@settings(max_examples=200, deadline=None)
def test_a_cut_reply_gives_a_beginning(say: str, size: int, data: st.DataObject) -> None:
    text = json.dumps({"say": say})
    pieces, _ = feed(text[: data.draw(st.integers(10, len(text)))], size)
    assert cleaned(say).startswith("".join(pieces))


@given(st.text() | st.text(alphabet="{}[]\"':,\\u0dsay<think>/` \n"), st.integers(1, 5))
@settings(max_examples=400, deadline=None)
def test_no_text_makes_it_raise(text: str, size: int) -> None:
    pieces, stream = feed(text, size)
    assert "".join(pieces) == stream.text
    stream.text.encode()
