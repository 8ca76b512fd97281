"""What people chose among a character's replies in their rooms: another try at a line, of which they kept one.

The last choice that stayed counts, however often they went back and forth: the reply that the story holds now, once
somebody has gone on from it. The others are what was left. Nothing of it is kept: it is read from the logs each time
that somebody makes training data, so erased words and consent that was taken back leave it at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openroom.cast.turn.contract import written
from openroom.cast.turn.talk import used_id
from openroom.core.actor import character_id
from openroom.core.event import Event, Felt, Moved, Said, Used, called_for
from openroom.core.state import State
from openroom.core.steering import PASSING
from openroom.errors import DefinitionError
from openroom.evals.training import Preference
from openroom.library.library import Library
from openroom.lobby.consent import all_consent, needs_asking
from openroom.lobby.in_force import version_in_force
from openroom.ports.model import ModelInfo
from openroom.ports.store import RoomRecord, Store
from openroom.room.forks import go_of
from openroom.room.kept import stored
from openroom.room.story import read_story
from openroom.tuning.tasting.answers import prompt_at
from openroom.tuning.tasting.moments import LOOKED_AT, Moment, is_private, moment_at, wrote_before

_ROOMS = 200
_MOVES = 2000
_ENOUGH = 300
_GO = 40
"""A go has at most so many events."""

Go = tuple[Event, ...]
"""What a character did in one turn: its face, words and deeds."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A reply that was kept, and those that were left, all to the line of ``moment``; ``emotion`` is how the character
    felt before."""

    moment: Moment
    emotion: str
    chosen: Go
    left: tuple[Go, ...]


async def find_choices(store: Store, character: str) -> list[Choice]:
    """The choices among a character's replies in all open rooms by whose people's consent they may be used, the rooms
    touched last first: of all who stand in what it had in mind, and of whoever asked for another try or chose."""
    found: list[Choice] = []
    for room in [one for one in await store.rooms() if one.open][:_ROOMS]:
        if not await store.last(room.id, 1, ("moved",)):
            continue  # the story went one way only: there was nothing to choose, and nothing to read
        state, _ = await stored(store, room.id)
        who = character_id(character)
        if not state.shared["run"].get("open") or who not in state.people or not state.hidden.get("ways"):
            continue
        log = await _Log.read(store, room, state)
        for group in state.hidden["ways"].values():
            choice = await log.choice(who, group)
            if choice is not None and await all_consent(store, choice.moment.people | log.choosers(group)):
                found.append(choice)
    return found[:_ENOUGH]


async def chosen_in_rooms(library: Library, store: Store, info: ModelInfo, character: str) -> list[Preference]:
    """The same for training, each pair once: the prompt is what a model like ``info`` would be asked there now by the
    version in force, and a reply stands in the form in which the character's own stand in prompts. Raises
    `StoreError`."""
    if character not in library.characters:
        return []
    harness = await version_in_force(store, character) or library.characters[character].harness()
    found: list[Preference] = []
    for choice in await find_choices(store, character):
        chosen, *left = (_reply(choice, go, terse=info.kind == "local") for go in (choice.chosen, *choice.left))
        others = [one for one in dict.fromkeys(left) if one != chosen]
        if not others:
            continue
        try:
            messages = await prompt_at(library, store, info, choice.moment, character, harness)
        except DefinitionError:  # the room's definitions can't be read any more
            continue
        case = f"room {choice.moment.room.id} {choice.chosen[0].seq}"
        found += [Preference(case, messages, chosen, other) for other in others if messages]
    return found


def _reply(choice: Choice, go: Go, *, terse: bool) -> str:
    say = "\n".join(event.text for event in go if isinstance(event, Said))
    emotion = _emotion(go) or choice.emotion
    return written(say, emotion, None if terse else [used_id(event) for event in go if isinstance(event, Used)])


def _emotion(events: Iterable[Event]) -> str:
    return next((event.emotion for event in reversed([*events]) if isinstance(event, Felt)), "")


@dataclass(frozen=True, slots=True)
class _Log:
    """A room's log, as far as it is looked through: ``story`` is the newest part of how it went in the end."""

    store: Store
    room: RoomRecord
    state: State
    story: Sequence[Event]
    moves: dict[int, Moved]
    wrote: frozenset[str] | None

    @classmethod
    async def read(cls, store: Store, room: RoomRecord, state: State) -> _Log:
        story = await read_story(store, room.id, state.head, LOOKED_AT)
        moved = await store.last(room.id, _MOVES, ("moved",))
        moves = {one.seq: one for one in moved if isinstance(one, Moved)}
        return cls(store, room, state, story, moves, await wrote_before(store, room.id, story))

    def choosers(self, group: Sequence[int]) -> set[str]:
        """Who asked for another try at one of these lines, or chose among them."""
        return {move.actor for move in self.moves.values() if move.of in group}

    async def choice(self, who: str, group: Sequence[int]) -> Choice | None:
        """What was chosen among these lines; nothing where it can't be told, or not all may be used."""
        places = {event.seq: at for at, event in enumerate(self.story)}
        kept = [seq for seq in group if seq in places]
        goes = [go for seq in group if (go := await self._go(who, seq))]
        chosen = next((go for go in goes if kept and kept[0] in {event.seq for event in go}), None)
        left = tuple(go for go in goes if go is not chosen)
        if chosen is None or not left or len({called_for(go[0].cause)[0] for go in goes}) != 1:
            return None
        at, first = places.get(called_for(chosen[0].cause)[0]), places[chosen[0].seq]
        if at is None or not self._stays(first) or not _follows(self.story[at + 1 : first]):
            return None
        asked = needs_asking(self.story[at].actor)
        moment = moment_at(self.room, who, self.story, at, self.state, self.wrote) if asked else None
        if moment is None:
            return None
        return Choice(moment, _emotion(event for event in moment.window if event.actor == who), chosen, left)

    async def _go(self, who: str, seq: int) -> Go:
        """The go that a line is part of; nothing where it broke off, is somebody else's words, was asked for with a
        wish (then it answers another prompt), or is private or erased in any part."""
        near = await self.store.events(self.room.id, after=max(0, seq - _GO), until=min(seq + _GO, self.state.seq))
        line = next((event for event in near if event.seq == seq), None)
        if not isinstance(line, Said) or line.actor != who or line.cut or line.edited or not called_for(line.cause)[0]:
            return ()
        go = tuple(event for event in near if event.actor == who and go_of(event) == go_of(line))
        again = called_for(line.cause)[1]
        asked = self.moves.get(again)
        wished = again > 0 and (asked is None or bool(asked.wish))
        return () if wished or any(is_private(event) or event.erased for event in go) else go

    def _stays(self, first: int) -> bool:
        """Whether somebody has gone on from there."""
        return any(isinstance(event, Said | Used) and needs_asking(event.actor) for event in self.story[first + 1 :])


def _follows(between: Sequence[Event]) -> bool:
    """Whether nothing was told between a line and its answer that the prompt would not hold."""
    return all(event.kind in PASSING and event.kind != "happened" for event in between)
