"""Replies for a scripted model, and what was said in a room."""

from __future__ import annotations

import orjson

from openroom.core.actor import Actor
from openroom.core.event import Said

BOSS = Actor("player:boss", "operator", "Boss")


def reply(say: str, *, emotion: str = "calm", do: list[str] | None = None) -> dict:
    return {"say": say, "emotion": emotion, "do": do or []}


def fresh(request) -> dict:
    return reply(f"Line {len(request.messages)} of {request.character}, as you wish.")


def common(one: str, other: str) -> int:
    """How many characters both begin with."""
    return next(
        (n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other))
    )


async def said(room) -> list[tuple[str, str]]:
    return [(event.actor, event.text) for event in await room.recent(200) if isinstance(event, Said)]


async def spoke(room, who: str, text: str = "") -> bool:
    return any(one == who and text in line for one, line in await said(room))


def signals(subscription) -> list[dict]:
    return [m for m in (orjson.loads(f.data) for f in subscription.poll()) if m.get("signal") == "turn"]
