"""Lobby: many rooms, opened on demand and closed when idle.

lobby = Lobby(characters=["characters"], scenes=["scenes"], store="sqlite:///room.db", model=model)
async with lobby:
    room = await lobby.open("tea_room")
    async with room.join("Ann") as ann:
        await ann.say("Hello")
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self
from weakref import WeakValueDictionary

from pydantic import ValidationError

from openroom.cast.director import Director, DirectorSettings
from openroom.cast.turn.turn import Turn, TurnResult
from openroom.core.actor import Actor
from openroom.core.character import Character
from openroom.core.event import Event, Said
from openroom.core.harness import Harness
from openroom.core.setup import opening
from openroom.errors import RoomNotFound, StoreError, TooManyRooms
from openroom.library.changes import Changes
from openroom.library.library import Library
from openroom.lobby.forking import Forking
from openroom.lobby.hooks import Asleep, Hooks, RoomHook, call
from openroom.lobby.room_card import RoomCard, card, fresh_card
from openroom.lobby.upkeep import bring_up_to_date, tell_lost
from openroom.memory.embed import installed_embedder
from openroom.memory.open import open_memory
from openroom.models.understudy.understudy import Understudy
from openroom.patterns.javascript import JavaScriptPatterns
from openroom.ports.kept_prompt import KeptPrompt
from openroom.ports.memory import Memory
from openroom.ports.model import Model
from openroom.ports.store import RoomRecord, Store
from openroom.room.clock import Clock, system_clock
from openroom.room.portable import is_room_id
from openroom.room.room import Room, RoomSettings
from openroom.room.supervisor import Supervisor
from openroom.settings import shipped
from openroom.store.open import open_store

_log = logging.getLogger("openroom.lobby")

Trial = Callable[[str, str], str | None]
"""Of a character and the name of a turn: the digest of the version to play, or none for the active one."""


@dataclass(frozen=True, slots=True)
class LobbySettings:
    """``idle_ms``: a room that nobody listens to is closed after so long. ``watch``: reload YAML that was saved.
    ``data``: the folder to own while running (``None``: the caller sees to that). ``max_rooms``: so many are open at
    the same time (0: any number)."""

    idle_ms: int = 120_000
    max_rooms: int = 0
    watch: bool = True
    data: Path | None = None
    room: RoomSettings = field(default_factory=RoomSettings)
    director: DirectorSettings = field(default_factory=DirectorSettings)

    def bounded(self, rooms: int, players: int) -> LobbySettings:
        """With at most so many rooms, and players in one, where nothing is said of them."""
        room = replace(self.room, max_players=self.room.max_players or players)
        return replace(self, max_rooms=self.max_rooms or rooms, room=room)


class Lobby:
    """Opens, lists, makes and closes rooms. Use it as an async context manager, or `start` and `close` it."""

    def __init__(
        self,
        *,
        characters: Sequence[Path | str] | Path | str | None = None,
        scenes: Sequence[Path | str] | Path | str | None = None,
        store: str | Store = "memory:",
        model: Model | None = None,
        memory: Memory | None = None,
        library: Library | None = None,
        settings: LobbySettings | None = None,
        clock: Clock = system_clock,
    ) -> None:
        self.settings = settings or LobbySettings()
        self.clock = clock
        self.library = library or Library(_folders(characters, "characters"), _folders(scenes, "scenes"))
        self.model: Model = model or Understudy()
        self.model_status: Mapping[str, Any] = {}
        self.directors: dict[str, Director] = {}
        self._given_store, self._given_memory = store, memory
        self._store: Store | None = None
        self._memory: Memory | None = None
        self._rooms: dict[str, Room] = {}
        self._opening: MutableMapping[str, asyncio.Lock] = WeakValueDictionary()
        """A lock for each room that is being opened or closed; kept no longer than somebody holds it."""
        self._starting: set[str] = set()
        self._asleep = Asleep()
        self._hooks = Hooks()
        self._forking = Forking(self)
        self._patterns = JavaScriptPatterns()
        self._tasks = Supervisor("lobby")
        self._harnesses: dict[str, Harness] = {}
        self._problems: set[str] = set()
        self.trial: Trial = lambda _character, _turn: None
        """Which version is tried in a turn (named by room and seq), if not the active one: a canary in its share."""
        self.results: Callable[[Turn, TurnResult], None] = lambda _turn, _result: None
        """Told of each turn of every room as it ends."""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def start(self) -> None:
        """Open the store and begin to watch files and idle rooms; again, too, after `close`. Raises `StoreLocked` and
        `StoreError`."""
        given = self._given_store
        self._tasks, self._opening = Supervisor("lobby"), WeakValueDictionary()
        self._store = await open_store(given, self.settings.data) if isinstance(given, str) else given
        self._memory = self._given_memory or open_memory(self._store.memories)
        if self.settings.data is not None:
            await asyncio.to_thread(self.library.keep, self.settings.data / "last_good")
        self._tell_problems()
        self._tasks.keep("idle", self._close_idle)
        if self.settings.watch:
            self._tasks.keep("library", lambda: self.library.watch(self._on_library))

    async def close(self) -> None:
        """Close every room, then the store (one that was passed in stays open)."""
        await self._tasks.close()
        for room in list(self._rooms.values()):
            await self._close_room(room)
        for room in self._asleep.take_all():
            room.waker = None
        await self._patterns.close()
        if self._store is not None and isinstance(self._given_store, str):
            await self._store.close()

    @property
    def store(self) -> Store:
        """The store, once started."""
        if self._store is None:
            raise RuntimeError("start the lobby first: async with lobby")
        return self._store

    @property
    def memory(self) -> Memory:
        """What characters remember, once started."""
        if self._memory is None:
            raise RuntimeError("start the lobby first: async with lobby")
        return self._memory

    @property
    def running(self) -> Mapping[str, Room]:
        """Rooms that are open now, by id."""
        return self._rooms

    def on_room(self, hook: RoomHook) -> Callable[[], None]:
        """Have ``hook`` called with every room each time it opens, before anybody can act in it, and with those open
        now. It may be a coroutine function, which is waited for. What it has listen to the room does so until the room
        closes. What it raises is logged. The function that comes back ends it.
        """
        for room in self._rooms.values():
            self._tasks.spawn("hook", call(hook, room))
        return self._hooks.add(hook)

    # rooms ---------------------------------------------------------------------------------------------------------

    async def rooms(self, actor: Actor | None = None) -> list[RoomCard]:
        """Cards of all open rooms and of ``actor``'s private ones (an operator sees all): standing rooms first.

        A room whose scene is gone from the library can't be entered: only operators and its owner see it, with a line
        that says so.
        """
        records = {record.id: record for record in await self.store.rooms()}
        scenes = self.library.scenes.values()
        cards = [fresh_card(scene, self._names(scene.id)) for scene in scenes if scene.id not in records]
        cards += [await self._card(record, actor) for record in records.values() if self._is_listed(record, actor)]
        return sorted(cards, key=lambda one: (one.id != one.scene, -one.players, -one.last_at, one.title))

    async def card(self, room: str, actor: Actor | None = None) -> RoomCard | None:
        """The card of one room, if it is among ``actor``'s `rooms`."""
        if not is_room_id(room):
            return None
        record = await self.store.room(room)
        if record is not None:
            return await self._card(record, actor) if self._is_listed(record, actor) else None
        scene = self.library.scenes.get(room)
        return fresh_card(scene, self._names(room)) if scene is not None else None

    async def _card(self, record: RoomRecord, actor: Actor | None) -> RoomCard:
        scene, running = self.library.scenes.get(record.scene), self._rooms.get(record.id)
        return await card(record, scene, self._names(record.scene), running, self.store, actor)

    def _is_listed(self, record: RoomRecord, actor: Actor | None) -> bool:
        """Whether the lobby shows a room to ``actor`` (none: to anybody)."""
        theirs = actor is not None and (actor.role == "operator" or actor.id == record.owner)
        enterable = record.scene in self.library.scenes or record.id in self._rooms
        return theirs or (record.open and enterable)

    def _names(self, scene_id: str) -> list[str]:
        scene = self.library.scenes.get(scene_id)
        members = scene.characters if scene else ()
        return [self.library.characters[m.id].name for m in members if m.id in self.library.characters]

    async def has(self, room: str) -> bool:
        """Whether `open` would find a room of that id, open to everybody or not."""
        if not is_room_id(room):
            return False
        return room in self._rooms or room in self.library.scenes or await self.store.room(room) is not None

    async def open(self, room: str) -> Room:
        """The running room of that id, opened if need be; a scene's id opens its standing room.

        Raises `RoomNotFound`, `TooManyRooms`, `DefinitionError` and `StoreCorrupt`.
        """
        if not is_room_id(room):
            raise RoomNotFound("There is no room of that id: one has 1 to 80 letters, digits, - and _.")
        if opening := self._hooks.opening(room):
            return opening
        lock = self._opening.setdefault(room, asyncio.Lock())
        async with lock:
            if room in self._rooms and not self._rooms[room].closed:
                return self._rooms[room]
            record = await self.store.room(room)
            if record is None and room not in self.library.scenes:
                raise RoomNotFound(f"There is no room {room!r}.")
            with self._one_more(room):
                record = record or await self._make(room, room, "", title="", open=True)
                if not await self.store.head(record.id):
                    await self._begin(record)  # the server was killed between making the room and its first event
                return await self._start_room(record)

    async def create(
        self,
        scene: str,
        owner: Actor,
        *,
        title: str = "",
        open: bool = True,
        harness: Mapping[str, str] | None = None,
    ) -> Room:
        """A new room of its own from a scene; ``owner`` may run it. ``harness`` names stored versions (digests, by
        character) that play in this room whatever is active.

        Raises `RoomNotFound`, `TooManyRooms` (then nothing was made) and `DefinitionError`.
        """
        id = f"{scene}-{secrets.token_hex(4)}"
        with self._one_more(id):
            record = await self._make(id, scene, owner.id, title=title, open=open)
            if harness:
                await self.store.put(_pinned_key(id), json.dumps(dict(harness)))
            async with self._opening.setdefault(id, asyncio.Lock()):
                return await self._start_room(record)

    async def fork(self, room: Room, actor: Actor, seq: int, *, title: str = "") -> Room:
        """A private room of ``actor``'s own that begins as ``room`` was after event ``seq``, with the way that its
        story took up to there (`openroom.core.forked`): all of it for who runs ``room``, else what they perceived.

        Raises `RefusedError` where they perceived no such event, `TooManyRooms` and `StoreError`.
        """
        id = f"{room.record.scene}-{secrets.token_hex(4)}"
        with self._one_more(id):
            runs = replace(actor, owner=True) if room.owner and actor.id == room.owner else actor
            log, numbers = await self._forking.log_of(room, runs, seq)
            if (director := self.directors.get(room.id)) is not None:
                await director.finish()
            now = self.clock()
            title = title or room.record.title
            record = RoomRecord(id, room.record.scene, title, actor.id, False, now, now, secrets.token_hex(6))
            await self._forking.keep(room, record, log, numbers)
            await self.store.put(_pinned_key(id), await self.store.get(_pinned_key(room.id)))
            async with self._opening.setdefault(id, asyncio.Lock()):
                return await self._start_room(record)

    @contextmanager
    def _one_more(self, room: str) -> Iterator[None]:
        """A place among the open rooms, kept while this one starts. Rooms that people made leave the standing rooms
        their places, up to half of all."""
        scenes, most = self.library.scenes, self.settings.max_rooms
        there = self._rooms.keys() | self._starting
        theirs = sum(one not in scenes for one in there)
        for_them = max(most - len(scenes), (most + 1) // 2)
        if most and (len(there) >= most or (room not in scenes and theirs >= for_them)):
            raise TooManyRooms(f"{most} rooms are open, as many as may be at a time; try again in a few minutes.")
        self._starting.add(room)
        try:
            yield
        finally:
            self._starting.discard(room)

    async def delete(self, room: str) -> None:
        """Close a room and delete it with all its events. Raises `RoomNotFound`."""
        if await self.store.room(room) is None:
            raise RoomNotFound(f"There is no room {room!r}.")
        if room in self._rooms:
            await self._close_room(self._rooms[room], "deleted")
        if kept := self._asleep.take(room):
            kept.waker = None
        await self.store.put(_pinned_key(room), None)
        await self._forking.forget(room)
        await self.store.delete_room(room)

    async def close_unplayed(self, scene: str) -> None:
        """Close the open rooms of a scene in which no people are: it goes away."""
        for room in [one for one in self._rooms.values() if one.record.scene == scene]:
            if not room.state.here("player"):
                await self._close_room(room)

    async def _make(self, id: str, scene: str, owner: str, *, title: str, open: bool) -> RoomRecord:
        self.library.world(scene)  # raises where there is no such scene: then nothing is made
        now = self.clock()
        record = RoomRecord(id, scene, title, owner, open, now, now, secrets.token_hex(6))
        await self.store.create_room(record)
        await self._begin(record)
        return record

    async def _begin(self, record: RoomRecord) -> None:
        """Store a room's first event, which pins its definitions."""
        world, definitions = self.library.world(record.scene), self.library.definitions(record.scene)
        await self.store.append(record.id, [opening(world, definitions, self.clock(), open=record.open)])

    async def _start_room(self, record: RoomRecord) -> Room:
        room = self._asleep.take(record.id) or self._rooms.get(record.id)  # there still: its writer has failed
        try:
            if room is not None:
                await room.reload(record)
            else:
                room = await Room.restored(
                    record, self.store, self.library.world_from, clock=self.clock, settings=self.settings.room
                )
            await self._attend(room)
        except BaseException:
            if room is not None:
                await room.close("failed")
                self.directors.pop(room.id, None)
                self._asleep.add(room)
            raise
        self._rooms[room.id], room.waker = room, self.open
        return room

    async def _attend(self, room: Room) -> None:
        """Give a room its director and what authors have changed, then show it to the hooks."""
        await bring_up_to_date(room, self.library)
        pinned = json.loads(await self.store.get(_pinned_key(room.id)) or "{}")

        def harness_of(character: Character) -> Awaitable[Harness]:
            wanted = pinned.get(character.id) or self.trial(character.id, f"{room.id}/{room.seq}")
            return self.harness_of(character, wanted)

        with room.heard_by.opening():
            director = Director(
                room,
                lambda: self.model,
                self.memory,
                harness_of,
                self.settings.director,
                chip=self.chip,
                results=self._ended,
                understudy=Understudy(),
                patterns=self._patterns,
                embedder=installed_embedder(),
            )
        await director.start()
        self.directors[room.id] = director
        self._forking.attend(room)
        await self._hooks.attend(room)

    def _ended(self, turn: Turn, result: TurnResult) -> None:
        """A turn of a room has ended. ``results`` may be set later than rooms are opened."""
        self.results(turn, result)

    async def _close_room(self, room: Room, reason: str = "closing") -> None:
        """Close a room that is open. One that is only ``idle`` opens again for whoever kept it."""
        async with self._opening.setdefault(room.id, asyncio.Lock()):
            if self._rooms.get(room.id) is not room or (reason == "idle" and not self._is_idle(room)):
                return
            await room.close(reason)
            director = self.directors.pop(room.id, None)
            self._rooms.pop(room.id, None)
            if reason == "idle":
                self._asleep.add(room)
            try:
                if director is not None:
                    await director.finish()
                record = await self.store.room(room.id)
                if record is not None:
                    await self.store.update_room(replace(record, touched=self.clock()))
            except StoreError as error:  # what was not remembered is when the room opens again
                _log.error("a room was closed while its store failed", extra={"room": room.id, "error": str(error)})

    def _is_idle(self, room: Room) -> bool:
        return room.idle_since is not None and self.clock() - room.idle_since >= self.settings.idle_ms

    async def _close_idle(self) -> None:
        while True:
            await asyncio.sleep(min(5.0, self.settings.idle_ms / 2000))
            await self._sweep()

    async def _sweep(self) -> None:
        for room in list(self._rooms.values()):
            if self._is_idle(room):
                await self._close_room(room, "idle")

    async def prompt_of(self, room: Room, event: Event) -> KeptPrompt | None:
        """The prompt that made a character's line of ``room``; ``None`` where it is not kept (any more). Raises
        `StoreError`."""
        if (director := self.directors.get(room.id)) is not None:
            await director.prompts.settled()
        turn = (event.cause or "").rpartition(".")[0]
        found = await self.store.prompt(room.id, turn) if isinstance(event, Said) else None
        return found if found is not None and event.seq in found.seqs else None

    # the model -----------------------------------------------------------------------------------------------------

    def chip(self) -> dict[str, Any]:
        """Who speaks now, in the words of the ``model`` message."""
        info = self.model.info
        return {"name": info.name, "kind": info.kind, "detail": info.detail, **self.model_status}

    async def set_model(self, model: Model) -> None:
        """Let another model speak from the next turn on. Closing the old one is the caller's affair."""
        self.model = model
        self.tell_model()

    def tell_model(self, status: Mapping[str, Any] | None = None) -> None:
        """Tell every room who speaks now; ``status`` adds how far the weights are."""
        if status is not None:
            self.model_status = status
        for room in self._rooms.values():
            room.emit({"signal": "model", "model": self.chip()})

    async def harness_of(self, character: Character, wanted: str | None = None) -> Harness:
        """The harness in force: the ``wanted`` version (a digest), else the active one, or the author's when there is
        none (or it can't be read)."""
        try:
            digest = wanted or await self.store.active(character.id)
            if digest is None:
                return character.harness()
            if digest not in self._harnesses:
                version = await self.store.version(character.id, digest)
                self._harnesses[digest] = Harness.model_validate_json(version.body if version else b"")
        except (StoreError, ValidationError) as error:
            _log.error("a version can't be read", extra={"character": character.id, "error": str(error)})
            return character.harness()
        return self._harnesses[digest]

    # definitions ---------------------------------------------------------------------------------------------------

    def _tell_problems(self) -> None:
        """Log what is wrong with the files, each fault once for as long as it stays."""
        found = {str(problem): problem.warning for problem in self.library.problems}
        for problem in sorted(found.keys() - self._problems):
            _log.warning("%s" if found[problem] else "%s (what was good before stays in force)", problem)
        self._problems = set(found)

    async def refresh(self) -> None:
        """Read now what has changed in the files, as the watch does every second, and tell the open rooms."""
        if changed := await asyncio.to_thread(self.library.reload):
            await self._on_library(changed)

    async def _on_library(self, changed: Changes) -> None:
        self._tell_problems()
        for room in list(self._rooms.values()):
            await bring_up_to_date(room, self.library)
            tell_lost(room, self.library, changed.characters)


def _pinned_key(room: str) -> str:
    """Where the store keeps which versions play in a room of their own."""
    return f"versions of {room}"


def _folders(
    given: Sequence[Path | str] | Path | str | None, name: Literal["characters", "scenes"]
) -> list[Path | str]:
    if given is None:
        return [shipped(name)]
    return [given] if isinstance(given, Path | str) else list(given)
