"""REST: the prompt that made a reply, for who looks after a room; each as much of it as is theirs to read."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from fastapi import Path as InPath

from openroom.core.actor import is_character
from openroom.core.event import Event, Said
from openroom.core.persona import wearer
from openroom.core.view import Visits, perceives, visits_of
from openroom.errors import AccessError
from openroom.language.tokens import estimate_tokens
from openroom.ports.kept_prompt import FORGOTTEN, Choice, KeptCall, KeptPart, KeptPrompt
from openroom.ports.memory import Memory
from openroom.ports.prompt import AUTHORS
from openroom.room.room import Room
from openroom.server.access import Person
from openroom.server.api.shared import AskedSite, Known, room_for
from openroom.server.site import Site

router = APIRouter(prefix="/api/rooms", tags=["rooms"])

_log = logging.getLogger("openroom.prompts")
_NEAR = 40
"""Events no further apart than this are read in one go."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who looks at a prompt of a room, and what they may read of it; ``remembered`` are the events (room, seq) of which
    the character still remembers something."""

    person: Person
    room: str
    runs: bool
    events: Mapping[int, Event]
    visits: Visits
    remembered: Set[tuple[str, int]]

    @property
    def all(self) -> bool:
        return self.person.role == "operator"

    def hidden(self, part: KeptPart) -> str:
        """Why they may not read a part; empty where they may."""
        if part.gone:
            return part.gone
        if part.kind == "memory" and not self._is_remembered(part):
            return FORGOTTEN
        return "" if self.all or self._is_theirs(part) else "not_yours"

    def _is_theirs(self, part: KeptPart) -> bool:
        if part.kind in AUTHORS:
            return False
        if part.kind == "note":
            return self.runs
        if part.kind == "memory":
            return any(wearer(who) == self.person.id for who in part.known_to)
        return not part.elsewhere and all(self._perceived(seq) for seq in part.rests_on)

    def _perceived(self, seq: int) -> bool:
        event = self.events.get(seq)
        return event is not None and perceives(self.person.id, event, self.visits)

    def _is_remembered(self, part: KeptPart) -> bool:
        return _cited(self.room, part) <= self.remembered


@router.get("/{room}/prompts/{seq}")
async def prompt_of(
    site: AskedSite, person: Known, room: str, seq: Annotated[int, InPath(ge=1, le=2**53 - 1)]
) -> dict[str, Any]:
    """What made a character's line: the messages that were sent, part by part, what they cost, and whose line it is
    where no model wrote it. Operators read all of it, and each look is an entry of the audit log; the room's owner and
    creators see how it is made up, and read what rests on what they perceived."""
    found = await room_for(site, room, person)
    runs = site.actor(found, person).may_run_room
    if not runs and not person.is_at_least("creator"):
        raise AccessError("Only the room's owner, creators and operators may see a prompt.")
    await found.settled()
    event = await found.event(seq)
    visits = visits_of(found.state)
    seen = isinstance(event, Said) and (person.role == "operator" or perceives(person.id, event, visits))
    if event is None or not seen or not is_character(event.actor):
        raise HTTPException(404, f"There is no line {seq} of a character that you perceived in this room.")
    kept = await site.lobby.prompt_of(found, event)
    head = {"seq": seq, "character": event.actor, "kept": kept is not None, "all": person.role == "operator"}
    if kept is None:
        return head
    if person.role == "operator":
        await _note(site, found, kept, seq, person)
    remembered = await _remembered(site, found, kept)
    reader = _Reader(person, found.id, runs, await _events(site, found, kept), visits, remembered)
    return {**head, **_body(kept, reader)}


async def _note(site: Site, room: Room, kept: KeptPrompt, seq: int, person: Person) -> None:
    """Write down that somebody reads what was not said to them. Raises what the log raises: then nobody reads it."""
    if site.governor is not None:
        body = {"room": room.id, "seq": seq, "turn": kept.turn, "do": "prompt"}
        await site.governor.note("prompt_seen", body, person.id)
    else:  # rooms in another application have no audit log
        _log.info("prompt seen", extra={"room": room.id, "turn_id": kept.turn, "by": person.id})


async def _events(site: Site, room: Room, kept: KeptPrompt) -> dict[int, Event]:
    """The events that a prompt rests on."""
    wanted = {seq for part in kept.parts() for seq in part.rests_on}
    found: dict[int, Event] = {}
    for first, last in _rows(sorted(wanted)):
        events = await site.lobby.store.events(room.id, after=first - 1, until=last)
        found |= {event.seq: event for event in events if event.seq in wanted}
    return found


def _rows(seqs: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of the events that lie near each other: what is remembered of long ago lies far from the talk."""
    rows: list[tuple[int, int]] = []
    for seq in seqs:
        near = rows and seq - rows[-1][1] <= _NEAR
        rows = [*rows[:-1], (rows[-1][0], seq)] if near else [*rows, (seq, seq)]
    return rows


async def _remembered(site: Site, room: Room, kept: KeptPrompt) -> Set[tuple[str, int]]:
    """Of the events that what the character was reminded of came from, those of which it still remembers something."""
    memory: Memory = site.lobby.memory
    cited = {event for part in kept.parts() if part.kind == "memory" for event in _cited(room.id, part)}
    return await memory.still(kept.character, cited)


def _cited(room: str, part: KeptPart) -> Set[tuple[str, int]]:
    return {*part.elsewhere, *((room, seq) for seq in part.rests_on)}


def _body(kept: KeptPrompt, reader: _Reader) -> dict[str, Any]:
    body: dict[str, Any] = {
        "turn": kept.turn,
        "at": kept.at,
        "why": kept.why,
        "by": kept.by,
        "hearers": list(kept.hearers),
        "version": kept.version,
        "calls": [_call(call, reader) for call in kept.calls],
    }
    if reader.all:
        body["lore"] = [asdict(use) for use in kept.lore]
    if kept.greeting is not None:
        body["greeting"] = _choice(kept.greeting, reader)
    return body


def _call(call: KeptCall, reader: _Reader) -> dict[str, Any]:
    body: dict[str, Any] = {
        "purpose": call.purpose,
        "model": call.model,
        "model_kind": call.model_kind,
        "played": call.played,
        "sampling": call.sampling,
        "messages": [{"role": one.role, "parts": [_part(part, reader) for part in one.parts]} for one in call.messages],
    }
    if call.counted is not None:
        body |= {**call.counted, "estimated": call.estimated}
        if reader.all and call.usd is not None:
            body["usd"] = call.usd
    if call.dropped:
        body["dropped"] = list(call.dropped)
    if call.choice is not None:
        body["choice"] = _choice(call.choice, reader)
    return body


def _part(part: KeptPart, reader: _Reader) -> dict[str, Any]:
    body: dict[str, Any] = {"kind": part.kind, "tokens": estimate_tokens(part.text)}
    if why := reader.hidden(part):
        return {**body, "hidden": why}
    body["text"] = part.text
    told = {"name": part.name, "why": part.why, "rests_on": list(part.rests_on), "elsewhere": list(part.elsewhere)}
    return {**body, **{name: value for name, value in told.items() if value}}


def _choice(choice: Choice, reader: _Reader) -> dict[str, Any]:
    if not reader.all:
        return {"kind": choice.kind}
    return {name: value for name, value in asdict(choice).items() if value}
