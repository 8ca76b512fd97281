"""What one server shares among its requests and sockets: lobby, access, limits, and who is connected where."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from starlette.requests import Request
from starlette.types import Scope

from openroom.core.action import Enter, Leave, Remove
from openroom.core.actor import SYSTEM, Actor, Invite
from openroom.core.admission import is_open_to
from openroom.core.event import Event, Left
from openroom.core.look import Look
from openroom.core.persona import SELF
from openroom.core.prop import Refusal
from openroom.core.state import State
from openroom.errors import NotStarted, RefusedError
from openroom.lobby.lobby import Lobby
from openroom.lobby.wardrobe import Wardrobes
from openroom.models.endpoint.speech import SpeechService
from openroom.protocol.closing import CLOSE_REFUSED, CLOSE_RESTART
from openroom.room.room import Room
from openroom.room.writer import Answer
from openroom.server.access import Access, Person
from openroom.server.identity import Identify
from openroom.server.installer import Installer
from openroom.server.limits import Addresses, OneAtATime, Parties, address_of
from openroom.server.socket.outbox import End, Patience
from openroom.server.speaker import Speaker
from openroom.settings import Settings
from openroom.tuning.live.governor import Governor
from openroom.tuning.live.tasting import Tables


@dataclass(frozen=True, slots=True)
class Entering:
    """How a person wishes to come in, as in `openroom.core.action.Enter`; an empty name: under the one before."""

    name: str
    watch: bool = False
    language: str | None = None
    look: Look | None = None
    persona: str | None = None


class Guest(Protocol):
    """A connection, as the site sees it."""

    person: Person
    is_fast: bool

    def end(self, end: End) -> None:
        """End it."""


class Site:
    """One server. ``prefix`` is the path under which browsers find it; ``patience`` how long a slow client is borne
    with; ``fast`` whether the fast path may be taken where it is possible."""

    def __init__(
        self, settings: Settings, lobby: Lobby, access: Access, prefix: str = "", identify: Identify | None = None
    ) -> None:
        self.settings, self.lobby, self.access, self.prefix = settings, lobby, access, prefix
        self.identify = identify
        self.addresses = Addresses(settings.connections_per_address)
        self.wardrobes = Wardrobes(lobby.store)
        self.costly = OneAtATime()
        self.parties = Parties()
        self._making = asyncio.Lock()
        self.furnishing = asyncio.Lock()
        """Held while a scene is made for a character."""
        self.drawing = asyncio.Semaphore(2)
        """Held while a card comes in: its pictures take time and memory."""
        self._made: defaultdict[str, set[str]] = defaultdict(set)
        """By address the rooms that were started from there since the server began."""
        self.speech = _speech(settings)
        """The operator's speech service, where one is named."""
        self.speaker: Speaker | None = None
        """Who chooses the model; none where another application embeds the rooms."""
        self.installer: Installer | None = None
        """Who fetches local models; none where another application embeds the rooms."""
        self.governor: Governor | None = None
        """Tuning and its governance; none where another application embeds the rooms."""
        self.tables: Tables | None = None
        """Blind tastings; none where another application embeds the rooms."""
        self.patience = Patience()
        self.fast = True
        self.counts: Counter[str] = Counter()
        """For /metrics: connections taken, messages, refusals and so on since the start."""
        self._guests: defaultdict[str, set[Guest]] = defaultdict(set)
        self._end_hook = lobby.on_room(self._attend)

    def close(self) -> None:
        """The server stops; its lobby may go on."""
        self._end_hook()

    def address(self, request: Request) -> str:
        """Where the site is reached from outside, without a slash at its end."""
        if self.settings.public_url:
            return self.settings.public_url.removesuffix(self.settings.public_path) + self.prefix
        return f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '').rstrip('/')}"

    async def open(self, room: str) -> Room:
        """The running room of that id. Raises what `Lobby.open` raises."""
        found = self.lobby.running.get(room)
        return found if found is not None and not found.closed else await self.lobby.open(room)

    async def start_room(self, person: Person, address: str, scene: str, title: str, open: bool) -> Room:
        """A room of one's own, of so many that a person and an address may have; the count and the making are one step.
        Raises `RefusedError` and what `Lobby.create` raises."""
        async with self._making:
            if person.role != "operator":
                await self._may_start(person, address)
            room = await self.lobby.create(scene, person.actor(), title=title, open=open)
            self._made[address].add(room.id)
            return room

    async def fork_room(self, person: Person, address: str, room: Room, seq: int, title: str) -> Room:
        """A room of one's own forked from another, counted as `start_room` does. Raises `RefusedError` and what
        `Lobby.fork` raises."""
        async with self._making:
            if person.role != "operator":
                await self._may_start(person, address)
            made = await self.lobby.fork(room, self.actor(room, person), seq, title=title)
            self._made[address].add(made.id)
            return made

    async def _may_start(self, person: Person, address: str) -> None:
        records = await self.lobby.store.rooms()
        own = sum(record.owner == person.id for record in records)
        if own >= self.settings.max_rooms_per_person:
            raise RefusedError("too_many_rooms", f"You have {own} rooms already; delete one first.")
        self._made[address] &= {record.id for record in records}
        if len(self._made[address]) >= self.settings.max_rooms_per_address:
            raise RefusedError("too_many_rooms", "So many rooms were started from your address that no more may be.")

    def saw(self, person: Person, scope: Scope, *, speaks_for: str = "") -> None:
        """Somebody asks, for another person where an operator does: whose share of the budget that goes to."""
        self.parties.saw(speaks_for or person.id, address_of(scope), exempt=person.role == "operator")

    # coming in ------------------------------------------------------------------------------------------------------

    def actor(self, room: Room, person: Person) -> Actor:
        """The person as somebody who acts in ``room``, under the name they have there."""
        return self.actor_in(room.id, room.owner, room.state, person)

    def actor_in(self, room: str, owner: str, state: State, person: Person) -> Actor:
        """The same, of a room that need not be open."""
        known = state.people.get(person.id)
        owns = bool(owner) and owner == person.id
        actor = person.actor(owner=owns, name=known["name"] if known else person.name)
        invite: Invite = "valid" if room in person.rooms else "withdrawn" if room in person.lost else ""
        return replace(actor, invite=invite)

    def owns(self, room: Room, person: Person) -> bool:
        """Whether the person started this room."""
        return bool(room.owner) and room.owner == person.id

    def may_see(self, room: Room, person: Person) -> bool:
        """Whether the room is open to this person (`openroom.core.admission`)."""
        return is_open_to(room.state, self.actor(room, person), private=not room.record.open)

    async def enter(self, room: Room, person: Person, wish: Entering, *, cause: str | None = None) -> Answer:
        """Bring a person into a room (again): the receipt, or why not. A spectator who wants to play, or the reverse,
        leaves and comes back, as does who is there and has chosen another look or persona. The same ``cause`` again
        changes nothing, as in `Room.submit`."""
        actor = await self.cast(self.actor(room, person), wish.persona)
        if cause is not None and (first := room.answered(actor, cause)):
            return first
        wanted = "spectator" if wish.watch or person.role == "spectator" else "player"
        known = room.state.people.get(person.id, {})
        chosen = actor.persona(wish.persona)
        look = (chosen.look if chosen else None) or wish.look
        changed = look is not None and look.chosen() != known.get("look")
        changed |= wish.persona is not None and (chosen.id if chosen else SELF) != known.get("persona", SELF)
        if wish.persona not in (None, SELF) and chosen is None:
            return Refusal("unknown_persona", f"You have no persona {wish.persona!r}.")
        if known.get("here") and (known.get("kind") != wanted or changed):
            if denied := room.turned_away(actor, wanted):
                return denied
            await room.submit(actor, Leave())
        called = wish.name or known.get("name") or person.name or "Guest"
        watch = wanted == "spectator"
        entering = Enter(name=called, watch=watch, language=wish.language, look=wish.look, persona=wish.persona)
        return await room.submit(actor, entering, cause=cause)

    async def cast(self, actor: Actor, persona: str | None) -> Actor:
        """The actor with their personas, where an act of theirs names one. Raises `StoreError`."""
        if persona in (None, SELF):
            return actor
        return replace(actor, personas=(await self.wardrobes.of(actor.id)).personas)

    def touch(self, room: Room, person: Person) -> None:
        """Somebody without a connection acted: the grace after which they count as gone begins anew."""
        if room.state.is_here(person.id):
            room.subscribe(self.actor(room, person), _nothing).close()

    # who is connected -----------------------------------------------------------------------------------------------

    def welcome(self, room: Room, guest: Guest) -> None:
        """Count a connection in; it is ended when its person leaves or is removed."""
        self._guests[room.id].add(guest)

    def goodbye(self, room: Room, guest: Guest) -> None:
        """Count a connection out."""
        self._guests[room.id].discard(guest)
        if not self._guests[room.id]:
            del self._guests[room.id]

    def guests(self, room: str) -> list[Guest]:
        """The connections in a room."""
        return list(self._guests.get(room, ()))

    async def take_back(self, id: str, *, guests: bool = False) -> bool:
        """Revoke a record of `Access`, and the roles given on its strength: who is connected under one of them comes in
        anew without it. With ``guests``, those who came into its room by it alone are shown the door and lose the room.
        Whether there was one."""
        gone = {id, *self.access.handed_out.given_by(id)}
        record = await self.access.revoke(id, withdraw=guests)
        if record is None:
            return False
        for guest in [guest for room in self._guests.values() for guest in room if guest.person.grant in gone]:
            guest.end(End(CLOSE_RESTART, "closing"))
        room = self.lobby.running.get(record.room) if guests else None
        if room is not None:
            for who in sorted(self.access.handed_out.came_by(id)):
                lost = room.id in self.access.handed_out.lost(who)
                if lost and room.state.is_here(who) and room.owner != who:
                    await room.submit(SYSTEM, Remove(who=who, reason="The invite was taken back."))
        return True

    def connections(self, room: str = "") -> int:
        """How many connections there are, in one room or in all."""
        if room:
            return len(self._guests.get(room, ()))
        return sum(len(guests) for guests in self._guests.values())

    def _attend(self, room: Room) -> None:
        def listen(events: Sequence[Event]) -> None:
            for event in events:
                if isinstance(event, Left):
                    self._left(room.id, event)

        room.listen(listen)

    def _left(self, room: str, event: Left) -> None:
        code, bye = {"removed": (CLOSE_REFUSED, "kicked"), "banned": (CLOSE_REFUSED, "banned")}.get(
            event.how, (1000, "left")
        )
        for guest in tuple(self._guests.get(room, ())):
            if guest.person.id == event.who:
                guest.end(End(code, bye, event.reason or ""))


def site_in(app: Any) -> Site:
    """The site of a running application. Raises `NotStarted`."""
    site: Site | None = getattr(app.state, "site", None)
    if site is None:
        raise NotStarted(
            "The rooms have not started: they do so in the lifespan of the application they are mounted in "
            "(in a test: with TestClient(app) as http; for a sub-application: async with "
            "sub.router.lifespan_context(sub) in the lifespan of the outer one)."
        )
    return site


def _nothing() -> None:
    """Wakes nobody."""


def _speech(settings: Settings) -> SpeechService | None:
    if not settings.speech_url:
        return None
    return SpeechService(
        settings.speech_url,
        settings.speech_key.get_secret_value() if settings.speech_key else "",
        settings.speech_model,
        settings.speech_voices,
        per_day=settings.speech_characters_per_day,
        share=settings.budget_share,
    )
