"""Room cards: what the lobby shows of a room before one enters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from openroom.core.actor import Actor
from openroom.core.event import Erased, Said
from openroom.core.persona import name_at
from openroom.core.scene import Scene
from openroom.core.state import State
from openroom.core.view import perceives, visits_of
from openroom.ports.store import RoomRecord, Store
from openroom.room.room import Room

_LOOKED_AT = 30
"""The last line said aloud is looked for among so many of the newest lines and erasures."""


@dataclass(frozen=True, slots=True)
class RoomCard:
    """A room at a glance. ``last_line`` is the last line said aloud (whispers never show); ``last_at`` in ms, 0 when
    none.
    """

    id: str
    title: str
    scene: str
    line: str
    open: bool
    owner: str = ""
    players: int = 0
    watching: int = 0
    here: tuple[str, ...] = ()
    characters: tuple[str, ...] = ()
    last_line: str = ""
    last_speaker: str = ""
    last_at: int = 0
    time: str = ""
    weather: str = ""
    backdrop: str = ""
    """Whose pictures stand behind the stage: the scene's own id, or another's; empty where nobody can come in."""


def fresh_card(scene: Scene, names: Sequence[str]) -> RoomCard:
    """The card of a scene whose standing room nobody has entered yet."""
    return RoomCard(
        id=scene.id,
        title=scene.title,
        scene=scene.id,
        line=scene.line,
        open=True,
        characters=tuple(names),
        time=scene.time,
        weather=scene.weather,
        backdrop=scene.backdrop or scene.id,
    )


async def card(
    record: RoomRecord, scene: Scene | None, names: Sequence[str], room: Room | None, store: Store, actor: Actor | None
) -> RoomCard:
    """The card of a stored room, from the running room where there is one.

    Its last line is the last one said aloud that can be heard from outside (the room is open), or that
    ``actor`` was there to hear; operators get it in any case.
    """
    last = await store.last(record.id, _LOOKED_AT, ("said", "erased"))
    gone = {event.target for event in last if isinstance(event, Erased)}  # the store may be at it still
    lines = [event for event in last if isinstance(event, Said) and event.seq not in gone]
    aloud = [event for event in lines if event.to is None and not event.erased and not event.imported]
    state = room.state if room is not None else await store.latest(record.id)
    spoken = next((event for event in reversed(aloud) if _heard(event, actor, state, record.open)), None)
    stood = str(state.shared["scene"]["title"]) if state is not None else record.scene
    base = RoomCard(
        id=record.id,
        title=record.title or (scene.title if scene else stood),
        scene=record.scene,
        line=scene.line if scene else f"Its scene, {record.scene}, is not in the library: nobody can come in.",
        open=record.open,
        owner=record.owner,
        characters=tuple(names),
        last_line=spoken.text if spoken else "",
        last_speaker=name_at(state, spoken) if spoken and state else "",
        last_at=aloud[-1].at if aloud else 0,
        time=scene.time if scene else "",
        weather=scene.weather if scene else "",
        backdrop=(scene.backdrop or scene.id) if scene else "",
    )
    if room is None:
        return base
    return _living(base if scene is not None else _as_it_goes_on(base, room), room)


def _as_it_goes_on(base: RoomCard, room: Room) -> RoomCard:
    """Of an open room whose scene is not in the library (any more): as its log has the scene."""
    scene = room.world.scene
    return replace(base, line=scene.line, backdrop=scene.backdrop or scene.id)


def _living(base: RoomCard, room: Room) -> RoomCard:
    state = room.state
    players = state.here("player")
    return replace(
        base,
        players=len(players),
        watching=len(state.here("spectator")),
        here=tuple(state.name(who) for who in players),
        characters=tuple(state.name(who) for who in state.here("character")),
        time=state.shared["scene"]["time"],
        weather=state.shared["scene"]["weather"],
    )


def _heard(event: Said, actor: Actor | None, state: State | None, is_open: bool) -> bool:
    """Whether ``actor`` may be shown it. What is newer than ``state`` (after a crash) is not, till the room opens."""
    if state is None or event.seq > state.seq:
        return False
    if is_open and state.shared["run"].get("open"):
        return True
    return actor is not None and (actor.role == "operator" or perceives(actor.id, event, visits_of(state)))
