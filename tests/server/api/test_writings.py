from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.server.live import Live
from tests.waiting import rung, until

PATH = "/api/rooms/tea_room"


async def test_who_wrote_what_is_told_to_the_writer_and_to_who_runs_the_room(server: Live) -> None:
    async with (
        server.client("player", "player:ann") as ann,
        server.client("player", "player:bob") as bob,
        server.client("operator") as boss,
    ):
        await _act(ann, {"do": "enter", "name": "Ann"})
        await _act(bob, {"do": "enter", "name": "Bob"})
        first = await _use(ann, "write", text="A page of Ann's.", mood="calm")
        second = await _use(bob, "write", text="A page of Bob's.")
        await _use(ann, "edit", entry="e1", text="Ann has thought better of it.")
        mine = await _writings(ann)
        assert [one["words"] for one in mine] == [["Ann has thought better of it."], ["A page of Ann's."]]
        assert [one["about"] for one in mine] == [{"entry": "e1"}, {"mood": "calm"}]
        assert [(one["seq"], one["by"]) for one in await _writings(bob)] == [(second, "player:bob")]
        assert len(await _writings(boss)) == 3, "though nobody was there to see it"
        await _act(boss, {"do": "erase", "seq": first})

        async def one_is_left() -> bool:
            return len(await _writings(ann)) == 1

        await until(one_is_left)
        assert [one["words"] for one in await _writings(ann)] == [["Ann has thought better of it."]]


@pytest.mark.parametrize("path", ["events?after=0", "export", "writings?prop=diary"])
async def test_right_after_the_answer_erased_words_are_on_no_way(server: Live, path: str) -> None:
    lobby = server.site.lobby
    async with server.client("player", "player:ann") as ann:
        await _act(ann, {"do": "enter", "name": "Ann"})
        page = await _use(ann, "write", text="A page of the otter's.")
        erase, go = lobby.store.erase, asyncio.Event()

        async def held(room: str, seq: int) -> None:
            await go.wait()
            await erase(room, seq)

        lobby.store.erase = held  # type: ignore[method-assign]
        await _act(ann, {"do": "erase", "seq": page})
        asked = asyncio.create_task(ann.get(f"{PATH}/{path}"))
        await rung(0.05)
        go.set()
        answer = await asked
        assert answer.status_code == 200
        assert "otter" not in answer.text


async def _act(http: httpx.AsyncClient, action: dict[str, Any]) -> list[int]:
    answer = await http.post(f"{PATH}/actions", json={"action": action})
    assert answer.status_code == 200
    seqs: list[int] = answer.json()["seqs"]
    return seqs


async def _use(http: httpx.AsyncClient, verb: str, **args: str) -> int:
    (seq,) = await _act(http, {"do": "use", "prop": "diary", "verb": verb, "args": args})
    return seq


async def _writings(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await http.get(f"{PATH}/writings", params={"prop": "diary"})).json()["writings"]
    return found
