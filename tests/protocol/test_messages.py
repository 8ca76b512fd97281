from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.core.action import Say
from openroom.protocol import messages as m


def test_an_act_is_read_with_its_action() -> None:
    message = m.parse('{"type":"act","id":"c-1","action":{"do":"say","text":"Hello"}}')
    assert message == m.Act(type="act", id="c-1", action=Say(text="Hello"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "expected JSON"),
        ("{", "expected JSON"),
        ("[1]", "expected a JSON object"),
        ('"join"', "expected a JSON object"),
        ('{"type":"fly"}', "Input tag 'fly'"),
        ("{}", "type"),
        ('{"type":"typing"}', "typing.on: Field required"),
        ('{"type":"typing","on":true,"who":"player:1"}', "typing.who: Extra inputs are not permitted"),
        ('{"type":"ping","t":NaN}', "expected JSON"),
        ('{"type":"ping","t":1e999}', "expected JSON"),
        ('{"type":"join","name":"\\ud800"}', "expected JSON"),
        ('{"type":"join","name":"a\\nb"}', "join.name: expected text without control characters"),
        ('{"type":"join","last_seq":-1}', "join.last_seq"),
        ('{"type":"act","id":"a b","action":{"do":"leave"}}', "act.id"),
        ('{"type":"act","id":"c","action":{"do":"say","text":""}}', "act.action.say.text"),
        ('{"type":"act","id":"c","action":{"do":"say","text":"x","actor":"character:mira"}}', "actor: Extra"),
    ],
)
def test_what_does_not_fit_is_named(text: str, told: str) -> None:
    with pytest.raises(m.MalformedMessage) as caught:
        m.parse(text)
    assert caught.value.reason == "malformed"
    assert told in caught.value.message


def _act(action: str) -> str:
    return '{"type":"act","id":"c-7","action":' + action + "}"


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ('{"do":"branch","name":"a\\u0000b"}', "act.action.branch.name: expected text without control characters"),
        ('{"do":"branch","name":"\\u202eab"}', "act.action.branch.name: expected a name without characters"),
    ],
)
def test_a_fault_is_told_in_words_not_in_code(action: str, told: str) -> None:
    with pytest.raises(m.MalformedMessage) as caught:
        m.parse(_act(action))
    assert caught.value.message.startswith(told)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (_act('{"do":"fly"}'), "malformed"),
        (_act('{"do":"use","args":' + "[" * 20 + "]" * 20 + "}"), "malformed"),
        (_act('{"do":"say","text":"\\ud800"}'), "malformed"),
        (_act('{"do":"feel","emotion":NaN}'), "malformed"),
        (_act('{"do":"say","text":"' + "x" * 17_000 + '"}'), "too_large"),
        (_act('{"do":"say","text":"' + "\\u00e9" * 8_000 + "x" * 400 + '"}'), "too_large"),
    ],
)
def test_a_broken_act_still_has_its_id(text: str, reason: str) -> None:
    with pytest.raises(m.MalformedMessage) as caught:
        m.parse(text)
    assert (caught.value.id, caught.value.reason) == ("c-7", reason)


def test_an_id_is_one_of_the_documented_form() -> None:
    with pytest.raises(m.MalformedMessage) as caught:
        m.parse('{"type":"act","id":"my act 1","action":{"do":"leave"}}')
    assert caught.value.id is None
    assert caught.value.message.startswith("act.id: ")


@pytest.mark.parametrize("text", ["\N{GRINNING FACE}" * 4000, "é" * 4000, "春" * 4000])
def test_how_json_writes_a_line_does_not_make_it_too_long(text: str) -> None:
    message = {"type": "act", "id": "c", "action": {"do": "say", "text": text}}
    for ascii_only in (True, False):
        assert m.parse(json.dumps(message, ensure_ascii=ascii_only)).action.text == text


def test_size_and_depth_are_bounded() -> None:
    with pytest.raises(m.MalformedMessage, match="at most 16384 bytes, came 16385") as caught:
        m.parse("x" * 16_385)
    assert caught.value.reason == "too_large"
    for deep in ('{"a":' * 17 + "1" + "}" * 17, "[" * 5000, '["' + "[" * 20 + '",' + "[" * 17):
        with pytest.raises(m.MalformedMessage, match="16 deep"):
            m.parse(deep)
    brackets = json.dumps({"type": "act", "id": "c", "action": {"do": "say", "text": '[{"\\' * 40}})
    assert isinstance(m.parse(brackets), m.Act), "brackets inside of words are words"


def test_what_came_is_quoted_shortly() -> None:
    with pytest.raises(m.MalformedMessage) as caught:
        m.parse(json.dumps({"type": "typing", "on": "secret words " * 50}))
    assert len(caught.value.message) < 200


@given(st.text() | st.binary())
def test_no_input_gets_through_or_breaks_it(data: str | bytes) -> None:
    try:
        message = m.parse(data)
    except m.MalformedMessage as error:
        assert error.message
    else:
        assert message.type


def test_server_messages_write_nothing_absent() -> None:
    assert m.encode(m.Done(id="c-1", seqs=[43])) == b'{"type":"done","id":"c-1","seqs":[43]}'
    hello = m.Hello(room="r", epoch="e", seq=1, you="player:1", role="player", name="Ann", owner=False)
    assert b"token" not in m.encode(hello)
