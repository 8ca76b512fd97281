"""POST /api/speech: what is spoken, to whom, by whose voice, how often, and what becomes of the service's failures."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from openroom.core.action import Say
from openroom.core.actor import Actor
from openroom.models.endpoint.speech import MOST_BYTES
from tests.server.live import Live, live
from tests.speaking import KEY, SpeechEndpoint, speech_endpoint
from tests.waiting import until

MIRA = Actor("character:mira", "character", "Mira")
LINE = "*wipes a cup* The rain will stop by ten. Sit where it is dry."
RAIN = "The rain will stop by ten."
DRY = "Sit where it is dry."


@pytest.fixture
def service() -> Iterator[SpeechEndpoint]:
    with speech_endpoint() as service:
        yield service


@pytest.fixture
async def speaking(tmp_path: Path, service: SpeechEndpoint) -> AsyncIterator[Live]:
    """A server with that service; its model is the understudy."""
    async with live(
        tmp_path,
        speech_url=f"{service.url}/audio/speech",
        speech_key=KEY,
        speech_voices="alloy,Kate",
        speech_characters_per_day=100,
        budget_share=0.8,
    ) as running:
        yield running


async def _enter(http: httpx.AsyncClient, name: str) -> None:
    await _act(http, {"do": "enter", "name": name})


async def _act(http: httpx.AsyncClient, action: dict[str, Any]) -> int:
    answer = await http.post("/api/rooms/tea_room/actions", json={"action": action})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["seqs"][-1])


async def _said(server: Live, text: str = LINE, to: list[str] | None = None) -> int:
    room = await server.site.open("tea_room")
    receipt = await room.submit(MIRA, Say(text=text, to=to))
    return int(receipt.seqs[-1])  # type: ignore[union-attr]


async def _ask(http: httpx.AsyncClient, seq: int, text: str = RAIN, room: str = "tea_room") -> httpx.Response:
    return await http.post("/api/speech", json={"room": room, "seq": seq, "text": text})


async def test_what_a_character_said_is_spoken_in_a_voice_that_is_allowed(
    speaking: Live, service: SpeechEndpoint
) -> None:
    async with speaking.client("player", "player:ann") as ann:
        assert (await ann.get("/api/model")).json()["speech"] is True
        await _enter(ann, "Ann")
        answer = await _ask(ann, await _said(speaking))
    assert (answer.status_code, answer.content) == (200, b"a sound")
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"
    assert service.asked == [
        {
            "path": "/v1/audio/speech",
            "model": "tts-1",
            "voice": "Kate",  # Mira's card would rather have Serena, whom the operator did not name
            "input": RAIN,
            "response_format": "mp3",
            "speed": 0.88,
        }
    ]
    assert service.keys == {f"Bearer {KEY}"}


async def test_only_who_heard_it_hears_it_spoken_and_nothing_else(speaking: Live, service: SpeechEndpoint) -> None:
    async with (
        speaking.client("player", "player:ann") as ann,
        speaking.client("player", "player:bob") as bob,
        speaking.client("operator", "player:boss") as boss,
        speaking.client() as nobody,
    ):
        before = await _said(speaking)
        await _enter(ann, "Ann")
        await _enter(bob, "Bob")
        line, whisper = await _said(speaking), await _said(speaking, to=["player:ann"])
        own = await _act(ann, {"do": "say", "text": RAIN})
        entered = await _act(ann, {"do": "use", "prop": "diary", "verb": "write", "args": {"text": RAIN}})
        assert (await _ask(nobody, line)).status_code == 403
        for http, seq, text in (
            (bob, whisper, RAIN),  # told to Ann alone
            (boss, line, RAIN),  # never there
            (ann, before, RAIN),  # not there yet
            (ann, own, RAIN),  # a player's line
            (ann, entered, RAIN),  # no line at all
            (ann, 10**9, RAIN),
            (ann, line, "Buy a clock from me."),
            (ann, line, f"{DRY} {RAIN}"),
        ):
            answer = await _ask(http, seq, text)
            assert (answer.status_code, answer.json()["reason"]) == (404, "not_found"), (seq, text)
        assert (await _ask(ann, line, room="hall")).status_code == 404, "another room's line has no such event there"
        assert (await _ask(ann, line, room="attic")).json()["reason"] == "no_such_room"
        assert (await _ask(ann, line, text="x" * 401)).status_code == 422
        assert service.asked == []
        assert (await _ask(ann, whisper)).status_code == 200
        assert (await _ask(bob, whisper)).status_code == 404, "kept for Ann is not kept for Bob"
        await _act(boss, {"do": "erase", "seq": line})
        assert (await _ask(ann, line)).status_code == 404


async def test_several_listeners_pay_once(speaking: Live, service: SpeechEndpoint) -> None:
    service.go.clear()
    async with speaking.client("player", "player:ann") as ann, speaking.client("player", "player:bob") as bob:
        await _enter(ann, "Ann")
        await _enter(bob, "Bob")
        seq = await _said(speaking)
        both = [asyncio.create_task(_ask(http, seq)) for http in (ann, bob)]
        await until(lambda: service.asked)
        service.go.set()
        assert [answer.content for answer in await asyncio.gather(*both)] == [b"a sound"] * 2
        assert (await _ask(ann, seq, f" {RAIN} *")).content == b"a sound", "marks and blanks make it no other"
        assert len(service.asked) == 1
        await _ask(ann, seq, DRY)
        assert len(service.asked) == 2


async def test_the_key_is_in_no_answer_and_no_log(
    speaking: Live, service: SpeechEndpoint, caplog: pytest.LogCaptureFixture
) -> None:
    service.status = 401
    with caplog.at_level(logging.DEBUG):
        async with speaking.client("operator", "player:ann") as ann:
            await _enter(ann, "Ann")
            answer = await _ask(ann, await _said(speaking))
            shown = (await ann.get("/api/settings")).text + (await ann.get("/api/model")).text
    assert (answer.status_code, answer.json()["reason"]) == (502, "wrong_key")
    assert KEY in next(iter(service.keys)), "it was sent"
    assert KEY not in answer.text + shown + caplog.text


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": 500}, "unreachable"),
        ({"status": 429}, "rate_limited"),
        ({"status": 404}, "malformed"),
        ({"status": 302}, "malformed"),
        ({"kind": "text/html"}, "malformed"),
        ({"sound": b""}, "malformed"),
        ({"sound": b"x" * (MOST_BYTES + 1)}, "malformed"),
    ],
)
async def test_a_failure_is_said_and_then_nobody_is_asked_for_a_while(
    speaking: Live, service: SpeechEndpoint, change: dict[str, Any], reason: str
) -> None:
    for name, value in change.items():
        setattr(service, name, value)
    async with speaking.client("player", "player:ann") as ann:
        await _enter(ann, "Ann")
        seq = await _said(speaking)
        for text in (RAIN, DRY):
            answer = await _ask(ann, seq, text)
            assert (answer.status_code, answer.json()["reason"]) == (502, reason)
            assert "127.0.0.1" in answer.json()["message"]
    assert len(service.asked) == 1


async def test_the_day_has_so_many_characters(speaking: Live, service: SpeechEndpoint) -> None:
    async with speaking.client("player", "player:ann") as ann:
        await _enter(ann, "Ann")
        assert (await _ask(ann, await _said(speaking, "a" * 90), "a" * 90)).status_code == 200
        refused = await _ask(ann, await _said(speaking), RAIN)
    assert (refused.status_code, refused.json()["reason"]) == (502, "budget")
    assert "100 characters" in refused.json()["message"]
    assert len(service.asked) == 1


async def test_without_a_service_nothing_is_spoken(server: Live) -> None:
    async with server.client("player", "player:ann") as ann:
        assert (await ann.get("/api/model")).json()["speech"] is False
        await _enter(ann, "Ann")
        answer = await _ask(ann, await _said(server))
    assert (answer.status_code, answer.json()["reason"]) == (409, "no_speech")
