"""The store port: what a room, the server and the tuning loop need written down, and the records they get back.

One object (`Store`) offers all the parts; each part is a Protocol of its own, so that a caller names only what it uses.
Times are milliseconds since 1970-01-01 UTC. Where a method returns, what it wrote is durable.
`openroom.store.sql.SqlStore` keeps all of it in a database, `openroom.store.inmemory.MemoryStore` in the process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from openroom.core.event import Event
from openroom.core.redact import Strike
from openroom.core.state import State
from openroom.ports.kept_prompt import KeptPrompt
from openroom.ports.ledger import Call, Ledger
from openroom.ports.memory_rows import MemoryRows


@dataclass(frozen=True, slots=True)
class RoomRecord:
    """A room as the lobby knows it. ``owner`` is a participant id, empty for a scene's standing room; a room that is
    not ``open`` is private. ``epoch`` changes when history is lost, so that clients resume only what still exists."""

    id: str
    scene: str
    title: str
    owner: str
    open: bool
    created: int
    touched: int
    epoch: str


@dataclass(frozen=True, slots=True)
class Token:
    """A token or invite that was handed out: its id, never its signature. ``uses`` bounds how often it may be redeemed
    (0: any number), ``used`` counts that. ``room`` and ``person`` are empty when it is bound to none. ``revoked`` is
    when it was taken back; ``withdrawn`` when its room was taken from those who had redeemed it, too. ``giver`` is who
    handed it out, empty for the machine itself."""

    id: str
    role: str
    created: int
    room: str = ""
    person: str = ""
    note: str = ""
    expires: int | None = None
    revoked: int | None = None
    uses: int = 0
    used: int = 0
    withdrawn: int | None = None
    giver: str = ""

    def is_good(self, now: int) -> bool:
        """Whether it may be used at ``now``."""
        fresh = self.expires is None or now < self.expires
        return fresh and self.revoked is None and (self.uses == 0 or self.used < self.uses)


@dataclass(frozen=True, slots=True)
class Version:
    """An immutable harness of a character: ``body`` is its canonical JSON, ``digest`` the sha256 of that (hex)."""

    character: str
    digest: str
    body: bytes
    created: int
    parent: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Activation:
    """At ``at`` the version ``digest`` became the active one; ``None``: back to the author's files."""

    character: str
    digest: str | None
    at: int
    by: str = ""
    note: str = ""


class EventLog(Protocol):
    """The numbered events of each room, and snapshots that make reading them quick."""

    async def append(self, room: str, events: Sequence[Event]) -> None:
        """Write events durably, all or none. Concurrent callers share transactions.

        Raises `StoreCorrupt` when their seqs do not follow the last one stored, `StoreError` when writing failed
        (nothing was written then).
        """
        ...

    async def events(
        self, room: str, after: int = 0, until: int | None = None, limit: int | None = None
    ) -> list[Event]:
        """Events with ``after < seq <= until``, oldest first, at most ``limit``. Raises `StoreCorrupt`."""
        ...

    async def last(self, room: str, count: int, kinds: Sequence[str] = ()) -> list[Event]:
        """The newest ``count`` events (of these kinds, if any are named), oldest first."""
        ...

    async def find(self, room: str, wanted: Sequence[str], before: int, after: int = 0, limit: int = 50) -> list[Event]:
        """The newest events with ``after < seq < before`` whose words hold all of ``wanted`` (`needles` of
        `openroom.language.finding`), newest first: what was said and told, whoever perceived it, and whether or not
        it is part of the story. Erased words are not there to be found."""
        ...

    async def rooms_of(self, person: str) -> list[str]:
        """Ids of the rooms that a participant has come into, in no order."""
        ...

    async def head(self, room: str) -> int:
        """The seq of the newest event, 0 when there is none."""
        ...

    async def erase(self, room: str, seq: int) -> None:
        """Take the words of an event out of its stored body (`openroom.core.event.erase`) and delete every memory that
        cites it, out of the search index too. An event that does not exist, or is erased, is left as it is."""
        ...

    async def touching(self, room: str, prop: str, after: int, until: int | None = None) -> list[Event]:
        """The events in ``after < seq <= until`` that may change how a thing stands, oldest first: those that mention
        it, and those that move the head."""
        ...

    async def strike(self, room: str, strike: Strike, until: int) -> list[Event]:
        """Take what an event wrote on a thing out of the events up to ``until`` and out of the snapshots there
        (`openroom.core.redact`); memories that cite an event whose telling changed are deleted. The changed events."""
        ...

    async def save_snapshot(self, room: str, state: State) -> None:
        """Keep the state after event ``state.seq``."""
        ...

    async def latest(self, room: str, until: int | None = None) -> State | None:
        """The newest snapshot (not after event ``until``). Raises `StoreCorrupt`."""
        ...


class Rooms(Protocol):
    """Which rooms there are."""

    async def create_room(self, record: RoomRecord) -> None:
        """Raises `StoreError` when a room has that id already."""
        ...

    async def room(self, room: str) -> RoomRecord | None:
        """The room of that id."""
        ...

    async def rooms(self) -> list[RoomRecord]:
        """All rooms, the last touched first."""
        ...

    async def update_room(self, record: RoomRecord) -> None:
        """Replace the record of that id. Raises `RoomNotFound`."""
        ...

    async def delete_room(self, room: str) -> None:
        """Delete a room with its events, its snapshots and the memories that cite them. The ledger keeps its calls."""
        ...


class Calls(Ledger, Protocol):
    """The ledger of model calls, and a look into it."""

    async def calls(self, since_ms: int, limit: int = 1000) -> list[Call]:
        """The newest calls with ``at_ms >= since_ms``, newest first, free ones too: for operators."""
        ...


class KeyValues(Protocol):
    """Small settings by key, such as what an operator set in the browser."""

    async def get(self, key: str) -> str | None:
        """The value, or ``None``."""
        ...

    async def put(self, key: str, value: str | None) -> None:
        """Set a value; ``None`` removes it."""
        ...


class Tokens(Protocol):
    """Tokens and invites that were handed out, so that they can be counted and taken back."""

    async def add_token(self, token: Token) -> None:
        """Raises `StoreError` when there is a token of that id."""
        ...

    async def token(self, id: str) -> Token | None:
        """The token of that id."""
        ...

    async def tokens(self) -> list[Token]:
        """All tokens, newest first."""
        ...

    async def use_token(self, id: str, now: int) -> Token | None:
        """Count one use, in one step: the token after it, or ``None`` when it is not good any more (or unknown)."""
        ...

    async def add_guest(self, token: str, person: str, now: int) -> None:
        """Note that a person came by a token; once more, and it is the newest they came by."""
        ...

    async def guests(self) -> list[tuple[str, str]]:
        """(token, person) of all who came by one, oldest first."""
        ...

    async def revoke_token(self, id: str, now: int, *, withdraw: bool = False) -> bool:
        """Take it back, with ``withdraw`` also the room from those who redeemed it; whether there was something to
        take back."""
        ...


class Versions(Protocol):
    """Immutable versions of characters, and which one is active."""

    async def add_version(self, version: Version) -> None:
        """Keep a version. One that is there already (same character and digest) stays as it is."""
        ...

    async def version(self, character: str, digest: str) -> Version | None:
        """One version."""
        ...

    async def versions(self, character: str) -> list[Version]:
        """All versions of a character, oldest first."""
        ...

    async def activate(self, activation: Activation) -> None:
        """Make a version the active one (rolling back is activating an old one). Raises `StoreError` when it is
        unknown."""
        ...

    async def active(self, character: str) -> str | None:
        """The digest of the active version; ``None``: the author's files."""
        ...

    async def activations(self, character: str) -> list[Activation]:
        """The history of activations, oldest first."""
        ...


class Prompts(Protocol):
    """The prompts of rooms' replies, the last `openroom.ports.kept_prompt.MOST_KEPT` of each room.

    What is erased (`EventLog.erase`), what that strikes, and what is remembered no more goes from all of them, those of
    other rooms too; what tells how the room stood goes from those of the room that are as new, and from those that held
    what is forgotten. They go with their room.
    """

    async def keep_prompt(self, room: str, prompt: KeptPrompt, since: int) -> None:
        """Keep the prompt of a turn (one of that name is replaced), without what was erased after event ``since``,
        which is older than it, and without what was forgotten meanwhile."""
        ...

    async def prompt(self, room: str, turn: str) -> KeptPrompt | None:
        """The prompt of a turn. Raises `StoreCorrupt`."""
        ...


class Store(EventLog, Rooms, Calls, KeyValues, Tokens, Versions, Prompts, Protocol):
    """All that is written down. Get one from `openroom.store.open.open_store`; close it when done."""

    @property
    def memories(self) -> MemoryRows:
        """Where `openroom.memory` keeps what characters remember."""
        ...

    async def close(self) -> None:
        """Finish what is being written and let go of files and locks."""
        ...
