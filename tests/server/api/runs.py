"""An operator who asks about runs, and decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from openroom.core.actor import Actor
from tests.server.live import Live

BOSS = "player:boss"


OTHER = "player:other"


ROUND = "mira-1/0/improve"


def as_boss(server: Live, id: str = BOSS) -> httpx.AsyncClient:
    return server.client("operator", id)


async def body_of(client: httpx.AsyncClient, path: str, status: int = 200, **sent: Any) -> Any:
    answer = await (client.post(path, json=sent["json"]) if "json" in sent else client.get(path))
    assert answer.status_code == status, answer.text
    return answer.json()


async def decide(client: httpx.AsyncClient, answer: str, status: int = 200, **more: Any) -> Any:
    seen = await body_of(client, f"/api/tuning/rounds/{ROUND}")
    wish = {"answer": answer, "patch_digest": seen["patch_digest"], "evidence_digest": seen["evidence_digest"]}
    return await body_of(client, f"/api/tuning/rounds/{ROUND}/decision", status, json=wish | more)


async def evening(
    server: Live, turns: int, say: str = "How are you?", until_: Callable[[], bool] = lambda: False
) -> None:
    """Visitors ask, each in a room of their own; the first one stays all the time and is never disconnected."""
    lobby = server.site.lobby
    first = await lobby.open("tea_room")
    async with first.join("Ann", person="ann"):
        for number in range(turns):
            actor = Actor(f"player:bob{number}", "player", "Bob")
            room = await lobby.create("tea_room", actor)
            async with room.join("Bob", person=f"bob{number}") as bob:
                await bob.say(say)
                await lobby.directors[room.id].settled()
            await lobby.delete(room.id)
            if until_():
                break
        assert first.state.is_here("player:ann")
