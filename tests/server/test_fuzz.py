"""Whatever comes in by HTTP, as a token or as a file is answered with words, and the room goes on."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroom.errors import DefinitionError
from openroom.room.portable import final_state, read_file
from openroom.server.access import Access, Person
from openroom.store.inmemory import MemoryStore
from tests.server.live import live
from tests.server.raw import joined

_WORDS = st.sampled_from(
    ["action", "id", "do", "say", "text", "hall", "lamp", "role", "operator", "uses", "name", "to"]
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS | st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)
_BODIES = st.binary(max_size=200) | _VALUES.map(lambda value: json.dumps(value).encode())
_PARTS = st.sampled_from(["hall", "x", "mira", "1", "..%2f..", "%00", "a" * 300, "ü"])
_QUERIES = st.dictionaries(st.sampled_from(["after", "limit", "full", "guests"]), st.text(max_size=12), max_size=3)
_NOT = {
    ("delete", "/api/rooms/{room}"),
    ("delete", "/api/session"),
    ("post", "/api/tuning/characters/{character}/runs"),
}
"""The first would take the room away in which the test stands, the second whoever asks, and the third begins work of
minutes."""
FUZZ = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.mark.parametrize("role", ["player", "operator"])
async def test_no_request_breaks_the_server(tmp_path: Path, role: Any) -> None:
    """Each path there is answers, with a reason where it refuses, and the room takes actions all the while."""
    async with live(tmp_path, rate_per_second=10_000, rate_burst=10_000) as server:
        paths = server.app.openapi()["paths"]
        places = [(method, path) for path, methods in paths.items() for method in methods if (method, path) not in _NOT]
        assert len(places) > 35
        wishes = _drawn(st.tuples(st.sampled_from(places), _PARTS, _BODIES, _QUERIES), 110)
        async with joined(server, "Ann") as ann, server.client(role, "player:fuzz") as http:
            answers = [await _answer(http, *wish) for wish in wishes]
            assert (await ann.act("a-1", do="say", text="Still here."))["type"] == "done"
        assert 429 not in answers, "this is no test of the rate limit"
        by_role = set() if role == "operator" else {403}  # an operator is refused nothing for who they are
        refused = {404, 422} | by_role
        assert refused <= set(answers)


async def _answer(
    http: httpx.AsyncClient, place: tuple[str, str], part: str, body: bytes, query: dict[str, str]
) -> int:
    path = re.sub(r"\{\w+\}", lambda _: part, place[1])
    answer = await http.request(
        place[0], path, content=body, params=query, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code < 500 or answer.status_code in (502, 503), answer.text  # a model or the store: told
    if answer.status_code >= 400:
        assert answer.json()["reason"]
        assert answer.json()["message"]
    return answer.status_code


def _drawn(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """Examples drawn once, for a test that has to await."""
    found: list[Any] = []

    @settings(max_examples=count, deadline=None, database=None)
    @given(strategy)
    def draw(value: Any) -> None:
        found.append(value)

    draw()
    return found


@FUZZ
@given(st.text(max_size=200) | st.binary(max_size=60).map(lambda raw: raw.decode("latin-1")))
def test_no_text_is_a_session_or_a_grant(text: str) -> None:
    access = Access(MemoryStore(), b"0123456789abcdef", lambda: 1)
    assert access.person(text) is None
    assert access.record(text) is None


@FUZZ
@given(st.integers(0, 400), st.integers(0, 255))
def test_a_session_with_a_changed_byte_is_nobodys(place: int, byte: int) -> None:
    access = Access(MemoryStore(), b"0123456789abcdef", lambda: 1)
    text = access.session(Person("player:1", "operator", "Ann", rooms=("hall",)))
    at = place % len(text)
    forged = text[:at] + chr(byte) + text[at + 1 :]
    found = access.person(forged)
    assert found is None or forged == text or found == access.person(text)


_EVENTS = st.fixed_dictionaries(
    {"seq": st.integers(-1, 4), "kind": st.sampled_from(["opened", "said", "used", "moved", "x"])},
    optional={
        "at": _VALUES,
        "actor": _VALUES,
        "text": _VALUES,
        "patch": _VALUES,
        "hidden": _VALUES,
        "scene": _VALUES,
        "props": _VALUES,
        "characters": _VALUES,
    },
)
_FILES = st.fixed_dictionaries(
    {},
    optional={
        "format": st.just(1) | _VALUES,
        "full": st.just(True) | _VALUES,
        "room": st.just("hall") | _VALUES,
        "scene": st.just("hall") | _VALUES,
        "seq": st.integers(0, 3) | _VALUES,
        "events": st.lists(_EVENTS, max_size=3) | _VALUES,
    },
)


@FUZZ
@given(st.binary(max_size=80) | _FILES.map(lambda body: json.dumps(body).encode()))
def test_no_file_breaks_an_import(data: bytes) -> None:
    try:
        final_state(read_file(data).events)
    except DefinitionError as error:
        assert str(error)
