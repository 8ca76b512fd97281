"""Parsing of replies that should be one JSON object."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openroom.ports.reply.structured import parse_reply

SCHEMA = {
    "type": "object",
    "properties": {
        "say": {"type": "string"},
        "emotion": {"type": "string", "enum": ["calm", "happy"]},
        "do": {"type": "array", "items": {"type": "string"}},
        "score": {"type": "integer"},
    },
    "required": ["say"],
}
KEYS = st.text(max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def test_a_clean_object_is_clean() -> None:
    parsed = parse_reply(' {"say": "Hello", "do": ["lamp.on"]}\n', SCHEMA)
    assert (parsed.how, parsed.value) == ("clean", {"say": "Hello", "do": ["lamp.on"]})


@pytest.mark.parametrize(
    "text",
    [
        '```json\n{"say": "Hello", "do": ["lamp.on"]}\n```',
        'Sure! Here it is:\n{"say": "Hello", "do": ["lamp.on"]}\nAnything else?',
        '{"say": "Hello", "do": ["lamp.on",],}',
        "{'say': 'Hello', 'do': ['lamp.on']}",
        '{say: "Hello", do: ["lamp.on"]}',
        '{"say": "Hello", "do": "lamp.on"}',
        '{"say": "Hello", "emotion": None, "do": ["lamp.on"]}',
        '{"say": "Hello" "do": ["lamp.on"]}',
        '{"say": "Hello", /* then */ "do": ["lamp.on"]} // done',
        '<think>{"say": "not this"}</think>{"say": "Hello", "do": ["lamp.on"]}',
        'I set {mode} first. {"say": "Hello", "do": ["lamp.on"]}',
        '{"note": 1} {"say": "Hello", "do": ["lamp.on"]}',
        '{"say": "Hello", "do": ["lamp.on"}',
    ],
)
def test_what_is_amiss_is_repaired(text: str) -> None:
    parsed = parse_reply(text, SCHEMA)
    assert (parsed.how, parsed.value) == ("repaired", {"say": "Hello", "do": ["lamp.on"]})


def test_an_apostrophe_does_not_end_a_single_quoted_text() -> None:
    assert parse_reply("{'say': 'It's late, isn't it?'}", SCHEMA).value == {"say": "It's late, isn't it?"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"say": "Good eve', {"say": "Good eve"}),
        ('{"say": "Hello", "emotion": "hap', {"say": "Hello"}),
        ('{"say": "Hello", "do": ["lamp.on", "lam', {"say": "Hello", "do": ["lamp.on"]}),
        ('{"say": "Hello", "score": 1', {"say": "Hello"}),
        ('{"say": "Hello", "sco', {"say": "Hello"}),
        ('{"say": "Hello",', {"say": "Hello"}),
        ('```json\n{"say": "Caf\\u00', {"say": "Caf"}),
        ('{"say": "Hello", "do"', {"say": "Hello"}),
    ],
)
def test_half_an_object_gives_what_was_complete(text: str, value: dict[str, object]) -> None:
    parsed = parse_reply(text, SCHEMA)
    assert (parsed.how, parsed.value) == ("cut", value)


@pytest.mark.parametrize("text", ["", "Hello there.", "[1, 2]", '"Hello"', "{smiles} Hello", "{", "}{", "null"])
def test_no_object_is_none_and_names_what_is_missing(text: str) -> None:
    parsed = parse_reply(text, SCHEMA)
    assert (parsed.how, parsed.value, parsed.missing) == ("none", {}, ("say",))


def test_values_of_a_wrong_type_are_bent_or_dropped() -> None:
    parsed = parse_reply('{"say": 5, "score": "7", "do": {"id": "x"}, "emotion": ["calm"]}', SCHEMA)
    assert parsed.how == "repaired"
    assert parsed.value == {"say": "5", "score": 7, "do": [{"id": "x"}]}


def test_what_is_required_and_absent_is_named() -> None:
    assert parse_reply('{"emotion": "calm"}', SCHEMA).missing == ("say",)


def test_the_first_of_two_equal_keys_counts() -> None:
    assert parse_reply('{"say": "shown", "say": "later"}').value == {"say": "shown"}


def test_no_half_character_comes_out() -> None:
    assert parse_reply('{"say": "a\\ud83d b"}').value == {"say": "a\ufffd b"}
    assert parse_reply("{'say': 'a\\ud83d\\ude00'}").value == {"say": "a\U0001f600"}


@pytest.mark.parametrize("text", ['{"a":' * 5000, "[" * 100_000, '{"say": ' + "9" * 6000 + "}", '{"say": NaN}'])
def test_hostile_depth_and_numbers_are_survived(text: str) -> None:
    assert parse_reply(text).how in ("none", "cut", "repaired", "clean")


@given(st.text() | st.text(alphabet="{}[]\"':,\\u0 truefalsnd/*`\n1-.e"))
@settings(max_examples=400, deadline=None)
def test_no_text_makes_it_raise(text: str) -> None:
    parsed = parse_reply(text, SCHEMA)
    json.dumps(parsed.value).encode()
    assert parsed.how != "none" or parsed.value == {}


@given(st.dictionaries(KEYS, JSON.filter(lambda v: v is not None), max_size=4), st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_object_written_by_json_is_read_as_json_reads_it(value: dict[str, object], ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    expected = json.loads(re.sub("[\ud800-\udfff]", "\ufffd", json.dumps(value, ensure_ascii=False)))
    assert parse_reply(text).value == expected


@given(st.text(), st.lists(st.text(), max_size=4), st.data())
@settings(max_examples=200, deadline=None)
def test_a_cut_object_gives_only_beginnings_of_what_was_meant(say: str, do: list[str], data: st.DataObject) -> None:
    text = json.dumps({"say": say, "do": do})
    parsed = parse_reply(text[: data.draw(st.integers(0, len(text) - 1))], SCHEMA)
    assert parsed.how in ("cut", "none")
    clean = re.sub("[\ud800-\udfff]", "\ufffd", say)
    assert clean.startswith(str(parsed.value.get("say", "")).rstrip("\ufffd"))
    assert [re.sub("[\ud800-\udfff]", "\ufffd", d) for d in do][: len(parsed.value.get("do", []))] == parsed.value.get(
        "do", []
    )
