"""Bringing a talk from elsewhere into a room in which nothing has been said yet: as its past."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from openroom.core.action import PastLine, Recount, Rewind
from openroom.core.actor import SYSTEM, character_id
from openroom.core.event import Happened, Said, Used
from openroom.core.past import guest_id, is_guest
from openroom.core.state import World
from openroom.errors import DefinitionError, OpenroomError, RefusedError
from openroom.language.text import normal
from openroom.room.answers import accepted
from openroom.room.past_file import Chat, Message
from openroom.room.room import Room
from openroom.room.told import Told

BATCH = 250
"""Lines that come in together; between two such batches the room does what else waits."""
MOST_SPEAKERS = 50


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of it: how many lines came in, who spoke them (by name, the id), and how much was left out."""

    lines: int
    speakers: Mapping[str, str]
    lost: Mapping[str, int]
    seq: int


async def bring_past(room: Room, chat: Chat, by: str) -> Brought:
    """Make a chat the past of a room, all of it or (if that fails on the way) nothing that is part of its story.

    ``by`` is the participant who brings it; they perceive it, and so does who is in the room. Raises `RefusedError`
    (``not_empty``), `DefinitionError` for more than `MOST_SPEAKERS`, and what `Room.submit` raises.
    """
    told = await Told.of(room.store, room.id, room.state, None)
    async for page in told.pages():
        if any(isinstance(event, Said | Used) or (isinstance(event, Happened) and event.imported) for event in page):
            raise RefusedError("not_empty", "Something was said or done here already: a past comes into a new room.")
    taken = sum(map(is_guest, room.state.people))
    cast = _Cast(room.world, by, taken)
    lines = await asyncio.to_thread(cast.lines, chat, room.clock())
    before, since = room.state.head, 0
    try:
        for at in range(0, len(lines), BATCH):
            part, done = lines[at : at + BATCH], at + BATCH >= len(lines)
            guests, brought = {} if at else cast.guests, len(lines) if done else 0
            recount = Recount(by=by, lines=part, guests=guests, since=since or None, brought=brought)
            seqs = await _submit(room, recount)
            since = since or seqs[0]
    except OpenroomError:
        if since:
            with suppress(OpenroomError):
                await room.submit(SYSTEM, Rewind(to=before))
        raise
    return Brought(len(lines), cast.speakers, chat.lost, room.seq)


async def _submit(room: Room, action: Recount) -> tuple[int, ...]:
    return accepted(await room.submit(SYSTEM, action)).seqs


class _Cast:
    """Who spoke in a chat, as participants of a room: its characters by their names, and guests."""

    def __init__(self, world: World, by: str, taken: int) -> None:
        self._ours = {normal(character.name): character_id(id) for id, character in world.characters.items()}
        self._by, self._taken = by, taken
        self._known: dict[tuple[str, bool], str] = {}
        self.guests: dict[str, str] = {}
        self.speakers: dict[str, str] = {}

    def lines(self, chat: Chat, now: int) -> list[PastLine]:
        """The chat's messages as lines of a past. A time that is not known is that of the one before."""
        found = []
        for message in chat.messages:
            now = now if message.at is None else message.at
            who = SYSTEM.id if message.narrator else self._who(message.name, user=message.user)
            found.append(PastLine(who=who, text=message.text, at=now, to=self._to(message)))
        return found

    def _who(self, name: str, *, user: bool) -> str:
        key = (normal(name) or name, user)  # of a name that is all signs nothing would be left
        if not user and key[0] in self._ours:
            who = self._ours[key[0]]
        elif key in self._known:
            who = self._known[key]
        else:
            if len(self._known) >= MOST_SPEAKERS:
                raise DefinitionError(f"at most {MOST_SPEAKERS} who speak", came="more")
            who = self._known[key] = guest_id(self._taken + len(self._known) + 1, user=user)
            self.guests[who] = name
        self.speakers[name] = who
        return who

    def _to(self, message: Message) -> list[str] | None:
        """Who heard it, and whoever brings it along."""
        if not message.to:
            return None
        heard = [self._who(name, user=normal(name) not in self._ours) for name in message.to]
        return [*dict.fromkeys(heard), self._by]
