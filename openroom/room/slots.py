"""Save points by name, as an embedding game keeps its rooms in its own saves: one moment for each name and actor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from openroom.core.action import Action, Load, Save, Unsave
from openroom.core.actor import Actor
from openroom.core.event import save_id
from openroom.core.prop import Refusal
from openroom.errors import DefinitionError, RefusedError
from openroom.room.answers import Receipt, accepted

if TYPE_CHECKING:
    from openroom.room.room import Room


async def save_as(room: Room, name: str, actor: Actor) -> str:
    """Name the moment; what ``actor`` saved under that name before goes. The save point's id."""
    try:
        wanted = Save(name=name)
    except ValidationError as error:
        raise DefinitionError("a name of 1 to 40 characters", came=repr(name)[:60]) from error
    before = [id for id, one in _saves(room).items() if one["name"] == wanted.name and one["by"] == actor.id]
    answer = await room.submit(actor, wanted)
    if isinstance(answer, Refusal) and answer.reason == "too_many" and before:  # it takes the place of one
        await done(room, Unsave(id=before.pop()), actor)
        answer = await room.submit(actor, wanted)
    receipt = accepted(answer)
    for id in before:  # only now: where it may not be, what there was stays
        await done(room, Unsave(id=id), actor)
    return save_id(receipt.seqs[0])


async def load_from(room: Room, name: str, actor: Actor) -> Receipt:
    """Go on from the newest moment of that name, or of that id."""
    saves = _saves(room)
    named = [id for id, one in saves.items() if name in (id, one["name"])]
    if not named:
        raise RefusedError("unknown_target", f"There is no save point {name!r}.")
    return await done(room, Load(id=max(named, key=lambda id: (saves[id]["at"], int(id[1:])))), actor)


async def done(room: Room, action: Action, actor: Actor) -> Receipt:
    """What was done. Raises `RefusedError`."""
    return accepted(await room.submit(actor, action))


def _saves(room: Room) -> Mapping[str, Mapping[str, Any]]:
    saves: Mapping[str, Mapping[str, Any]] = room.state.shared.get("saves", {})
    return saves
