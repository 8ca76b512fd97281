"""The prompts of rooms' last replies, kept exactly as they were sent, for who looks after a room.

They are held in memory alone: the last `MOST` replies of a room, of the `MOST_ROOMS` rooms that spoke last, until the
server ends. Parts are shared with the talk they came from, so a reply costs little more than its list of them. What is
erased in a room goes from here too; what a memory said is told only while it is remembered (`openroom.server`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from openroom.cast.turn.lore import LoreUse
from openroom.cast.turn.sent import Choice, Sent
from openroom.cast.turn.turn import Turn, TurnResult
from openroom.core.event import Event, Said
from openroom.ports.model import Message
from openroom.ports.prompt import PromptPart

MOST, MOST_ROOMS = 60, 200
_SEEN = ("look", "told")
"""Parts that tell how the room stood: what somebody wrote on a thing may stand in them."""


@dataclass(frozen=True, slots=True)
class KeptPrompt:
    """What came of a turn, and what was asked for it. ``seqs`` are the events of the reply; ``hearers`` who was to hear
    it (ids); ``at`` is ms; ``greeting`` the author's greeting, where it was said as it stands and nothing was asked."""

    turn: str
    character: str
    at: int
    seqs: tuple[int, ...]
    why: str
    by: str
    hearers: tuple[str, ...]
    version: str
    calls: tuple[Sent, ...]
    lore: tuple[LoreUse, ...] = ()
    greeting: Choice | None = None

    def parts(self) -> Iterator[PromptPart]:
        """All parts of all calls."""
        return (part for call in self.calls for message in call.request.messages for part in message.parts)


@dataclass(slots=True)
class RoomPrompts:
    """Those of one room, the newest last."""

    _kept: OrderedDict[str, KeptPrompt] = field(default_factory=OrderedDict)

    def keep(self, turn: Turn, result: TurnResult) -> None:
        """A turn has ended: what was asked in it is kept, where something came of it."""
        if not result.seqs:
            return
        said = result.reply.say if result.reply else ""
        greeting = Choice("greeting", said) if said and not turn.sent else None
        self._kept[turn.id] = KeptPrompt(
            turn.id, turn.part.who, turn.room.clock(), result.seqs, turn.trigger.why, turn.trigger.by,
            tuple(turn.hearers), turn.version, tuple(turn.sent), turn.lore, greeting,
        )  # fmt: skip
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def of(self, event: Event) -> KeptPrompt | None:
        """The prompt that made a line of a character's; ``None`` where it is not kept (any more)."""
        found = self._kept.get((event.cause or "").rpartition(".")[0]) if isinstance(event, Said) else None
        return found if found is not None and event.seq in found.seqs else None

    def erase(self, seq: int) -> None:
        """Words were forgotten: they go from all prompts that they stand in, as does what tells how the room stood."""
        for turn, kept in self._kept.items():
            calls = tuple(_erased(call, seq) for call in kept.calls)
            gone = seq in kept.seqs and kept.greeting is not None
            self._kept[turn] = replace(kept, calls=calls, greeting=Choice("greeting") if gone else kept.greeting)


def _erased(call: Sent, seq: int) -> Sent:
    messages = tuple(Message.of(one.role, (_without(part, seq) for part in one.parts)) for one in call.request.messages)
    about = call.choice is not None and any(seq in part.rests_on for part in _parts(call))
    choice = Choice(call.choice.kind) if call.choice is not None and about else call.choice
    return replace(call, request=replace(call.request, messages=messages, cue=None), choice=choice)


def _parts(call: Sent) -> Iterator[PromptPart]:
    return (part for message in call.request.messages for part in message.parts)


def _without(part: PromptPart, seq: int) -> PromptPart:
    bare = part.bare and _without(part.bare, seq)
    gone = seq in part.rests_on or part.kind in _SEEN or part.kind == "repair"
    return replace(part, text="", name="", why="erased", bare=bare) if gone else replace(part, bare=bare)


@dataclass(slots=True)
class Prompts:
    """Those of all rooms of a lobby."""

    _rooms: OrderedDict[str, RoomPrompts] = field(default_factory=OrderedDict)

    def of(self, room: str) -> RoomPrompts:
        """Those of one room, which spoke last."""
        found = self._rooms.setdefault(room, RoomPrompts())
        self._rooms.move_to_end(room)
        while len(self._rooms) > MOST_ROOMS:
            self._rooms.popitem(last=False)
        return found

    def drop(self, room: str) -> None:
        """The room is deleted."""
        self._rooms.pop(room, None)
