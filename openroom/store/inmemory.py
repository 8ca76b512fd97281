"""A store without I/O, for evaluations, benchmarks and tests: the same port, kept in dictionaries, but for memories and
prompts, which are in a database in memory, made when it is first used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from itertools import islice

from sqlalchemy import Connection

from openroom.core.event import Branched, Erased, Event, Saved, erase, who_came, words_in
from openroom.core.naming import nameless
from openroom.core.redact import Strike, Tracing, telling, touches
from openroom.core.state import State
from openroom.errors import RoomNotFound, StoreCorrupt, StoreError
from openroom.language.finding import holds, indexed
from openroom.ports.kept_prompt import KeptPrompt
from openroom.ports.ledger import FREE_KINDS, Call, Spent
from openroom.ports.store import Activation, RoomRecord, Token, Version
from openroom.store.database import Database
from openroom.store.memories import SqlMemories
from openroom.store.prompts import SqlPrompts, delete_prompts, erase_in_prompts


class _Prompts(SqlPrompts):
    """Prompts beside a log that is in no database."""

    def __init__(self, database: Database, events: Mapping[str, list[Event]]) -> None:
        self._database, self._events = database, events

    def _erased_since(self, _connection: Connection, room: str, since: int) -> Set[int]:
        newer = self._events.get(room, [])[since:]
        return {event.target for event in newer if isinstance(event, Erased)}


class MemoryStore:
    """`openroom.ports.store.Store` in the process."""

    def __init__(self) -> None:
        self._events: dict[str, list[Event]] = {}
        self._snapshots: dict[str, dict[int, State]] = {}
        self._rooms: dict[str, RoomRecord] = {}
        self._calls: list[Call] = []
        self._values: dict[str, str] = {}
        self._tokens: dict[str, Token] = {}
        self._guests: dict[tuple[str, str], None] = {}
        self._versions: dict[tuple[str, str], Version] = {}
        self._activations: list[Activation] = []
        self._database = Database("sqlite:///:memory:")
        self._memories = SqlMemories(self._database)
        self._prompts = _Prompts(self._database, self._events)

    @property
    def memories(self) -> SqlMemories:
        """Memory rows in a database of their own, in memory."""
        return self._memories

    async def close(self) -> None:
        """Let go of the memory rows; the rest goes with the object."""
        await self._database.close()

    # events

    async def append(self, room: str, events: Sequence[Event]) -> None:
        log = self._events.setdefault(room, [])
        for expected, event in enumerate(events, len(log) + 1):
            if event.seq != expected:
                raise StoreCorrupt(f"Room {room}: expected event {expected} next, came {event.seq}.")
        log.extend(events)

    async def events(
        self, room: str, after: int = 0, until: int | None = None, limit: int | None = None
    ) -> list[Event]:
        found = self._events.get(room, [])[max(after, 0) : until]
        return found if limit is None else found[:limit]

    async def last(self, room: str, count: int, kinds: Sequence[str] = ()) -> list[Event]:
        found = [event for event in self._events.get(room, []) if not kinds or event.kind in kinds]
        return found[-count:] if count else []

    async def find(self, room: str, wanted: Sequence[str], before: int, after: int = 0, limit: int = 50) -> list[Event]:
        newest = reversed(self._events.get(room, [])[max(after, 0) : max(before - 1, 0)])
        return list(islice((event for event in newest if holds(indexed(words_in(event)), wanted)), limit))

    async def rooms_of(self, person: str) -> list[str]:
        been = {room for room, log in self._events.items() for event in log if who_came(event) == person}
        return [room for room in been if room in self._rooms]

    async def head(self, room: str) -> int:
        return len(self._events.get(room, []))

    async def erase(self, room: str, seq: int) -> None:
        log = self._events.get(room, [])
        if 1 <= seq <= len(log):
            event, log[seq - 1] = log[seq - 1], erase(log[seq - 1])
            if isinstance(event, Saved | Branched):
                kept = self._snapshots.get(room, {})
                kept.update({at: nameless(state, event) for at, state in kept.items() if at >= seq})
            if self._database.started:
                await self._memories.uncite(room, seq - 1, seq)
                await self._database.write(lambda connection: erase_in_prompts(connection, room, {seq}))

    async def touching(self, room: str, prop: str, after: int, until: int | None = None) -> list[Event]:
        return [event for event in self._events.get(room, [])[max(after, 0) : until] if touches(event, prop)]

    async def strike(self, room: str, strike: Strike, until: int) -> list[Event]:
        log, changed = self._events.get(room, []), []
        before = await self.latest(room, strike.seq - 1) or State()
        tracing = Tracing(strike, before)
        for index, event in enumerate(log[before.seq : until], before.seq):
            if (struck := tracing.take(event)) is not event:
                log[index] = struck
                changed.append(struck)
                if telling(struck) != telling(event) and self._database.started:
                    await self._memories.uncite(room, index, index + 1)
        if self._database.started:
            seqs = {event.seq for event in changed}
            await self._database.write(lambda connection: erase_in_prompts(connection, room, seqs))
        kept = self._snapshots.get(room, {})
        kept.update({seq: tracing.struck(state) for seq, state in kept.items() if strike.seq <= seq <= until})
        return changed

    async def save_snapshot(self, room: str, state: State) -> None:
        self._snapshots.setdefault(room, {})[state.seq] = state

    async def latest(self, room: str, until: int | None = None) -> State | None:
        kept = self._snapshots.get(room, {})
        fits = [seq for seq in kept if until is None or seq <= until]
        return kept[max(fits)] if fits else None

    # rooms

    async def create_room(self, record: RoomRecord) -> None:
        if record.id in self._rooms:
            raise StoreError(f"Expected the id of a new room, came {record.id!r}, which exists.")
        self._rooms[record.id] = record

    async def room(self, room: str) -> RoomRecord | None:
        return self._rooms.get(room)

    async def rooms(self) -> list[RoomRecord]:
        return sorted(self._rooms.values(), key=lambda record: (-record.touched, record.id))

    async def update_room(self, record: RoomRecord) -> None:
        if record.id not in self._rooms:
            raise RoomNotFound(f"Expected the id of a room, came {record.id!r}.")
        self._rooms[record.id] = record

    async def delete_room(self, room: str) -> None:
        self._events.pop(room, None)
        self._snapshots.pop(room, None)
        self._rooms.pop(room, None)
        if self._database.started:
            await self._database.write(lambda connection: delete_prompts(connection, room))
            await self._memories.uncite(room, 0)

    # prompts

    async def keep_prompt(self, room: str, prompt: KeptPrompt, since: int) -> None:
        await self._prompts.keep_prompt(room, prompt, since)

    async def prompt(self, room: str, turn: str) -> KeptPrompt | None:
        return await self._prompts.prompt(room, turn) if self._database.started else None

    # ledger

    async def record(self, call: Call) -> None:
        self._calls.append(call)

    async def spent(self, room: str | None, since_ms: int) -> Spent:
        total = Spent()
        for call in self._calls:
            if room in (None, call.room) and call.at_ms >= since_ms and call.kind not in FREE_KINDS:
                total = total.plus(call)
        return total

    async def calls(self, since_ms: int, limit: int = 1000) -> list[Call]:
        found = sorted(
            (call for call in self._calls if call.at_ms >= since_ms), key=lambda call: (-call.at_ms, call.id)
        )
        return found[:limit]

    # key values

    async def get(self, key: str) -> str | None:
        return self._values.get(key)

    async def put(self, key: str, value: str | None) -> None:
        if value is None:
            self._values.pop(key, None)
        else:
            self._values[key] = value

    # tokens

    async def add_token(self, token: Token) -> None:
        if token.id in self._tokens:
            raise StoreError(f"Expected the id of a new token, came {token.id!r}, which exists.")
        self._tokens[token.id] = token

    async def token(self, id: str) -> Token | None:
        return self._tokens.get(id)

    async def tokens(self) -> list[Token]:
        return sorted(self._tokens.values(), key=lambda token: (-token.created, token.id))

    async def use_token(self, id: str, now: int) -> Token | None:
        token = self._tokens.get(id)
        if token is None or not token.is_good(now):
            return None
        self._tokens[id] = token = replace(token, used=token.used + 1)
        return token

    async def add_guest(self, token: str, person: str, now: int) -> None:  # noqa: ARG002
        self._guests.pop((token, person), None)
        self._guests[token, person] = None

    async def guests(self) -> list[tuple[str, str]]:
        return list(self._guests)

    async def revoke_token(self, id: str, now: int, *, withdraw: bool = False) -> bool:
        token = self._tokens.get(id)
        if token is None:
            return False
        withdrawn = token.withdrawn or (now if withdraw else None)
        after = self._tokens[id] = replace(token, revoked=token.revoked or now, withdrawn=withdrawn)
        return after != token

    # versions

    async def add_version(self, version: Version) -> None:
        self._versions.setdefault((version.character, version.digest), version)

    async def version(self, character: str, digest: str) -> Version | None:
        return self._versions.get((character, digest))

    async def versions(self, character: str) -> list[Version]:
        mine = [version for version in self._versions.values() if version.character == character]
        return sorted(mine, key=lambda version: (version.created, version.digest))

    async def activate(self, activation: Activation) -> None:
        if activation.digest is not None and (activation.character, activation.digest) not in self._versions:
            raise StoreError(f"Expected a version of {activation.character!r}, came {activation.digest!r}.")
        self._activations.append(activation)

    async def active(self, character: str) -> str | None:
        history = await self.activations(character)
        return history[-1].digest if history else None

    async def activations(self, character: str) -> list[Activation]:
        return [activation for activation in self._activations if activation.character == character]
