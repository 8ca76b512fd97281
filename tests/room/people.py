"""Three people, how they come in, and what reaches them."""

from __future__ import annotations

from openroom.core.action import Enter
from openroom.core.actor import Actor
from openroom.room.room import Room
from openroom.room.writer import Receipt

ANN = Actor("player:ann", "player", "Ann")


BEN = Actor("player:ben", "player", "Ben")


BOSS = Actor("player:boss", "operator", "Boss")


def decoded(frames):
    import orjson

    return [orjson.loads(frame.data) for frame in frames]


async def enter(room: Room, *actors: Actor) -> None:
    for actor in actors:
        assert isinstance(await room.submit(actor, Enter(name=actor.name)), Receipt)
