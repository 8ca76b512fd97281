"""Where a story would go another way: what an act that takes it there needs to know of the log.

A *go* is what one character did in one turn (its face, words and deeds), or one act of anybody: events with one cause.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from openroom.core.action import Action, Choose, Delete, Edit, Load, Nudge, Retry, Rewind
from openroom.core.actor import Actor, is_character
from openroom.core.branches import Spans, Tree, within, without
from openroom.core.context import Fork
from openroom.core.event import Entered, Event, Said, Used, called_for, words_by
from openroom.core.state import State
from openroom.core.steering import PASSING
from openroom.ports.store import Store
from openroom.room.story import read_story

Steers = Rewind | Load | Retry | Choose | Edit | Delete
"""The acts that take the story another way."""

_GO = 40
"""A go has at most so many events."""
_NEAR = 120
"""So far back it is looked for whoever acted last."""
_MOST_LEFT = 400
"""Who does not run the room leaves at most so many events behind."""


def go_of(event: Event) -> str:
    """What tells the events of one go from others."""
    cause = event.cause or f"#{event.seq}"
    return cause.rpartition(".")[0] or cause if is_character(words_by(event)) else cause


class Forks:
    """The forks of one room. ``event`` reads one event of its log."""

    def __init__(self, room: str, store: Store, event: Callable[[int], Awaitable[Event | None]]) -> None:
        self._room, self._store, self._event = room, store, event

    async def of(self, state: State, action: Action, actor: Actor) -> Fork | None:
        """Where ``action`` would take the story; ``None`` where it names nothing that could be. Raises `StoreError`."""
        if isinstance(action, Nudge):
            return await self._last_line(state, action.character)
        found = await self._found(state, action)
        if found is None or actor.may_run_room or state.shared["run"].get("steer") == "everybody":
            return found
        return await self._with_leaving(state, found, actor)

    async def _found(self, state: State, action: Action) -> Fork | None:
        tree = Tree.of(state)
        if isinstance(action, Rewind | Load):
            to = (
                action.to
                if isinstance(action, Rewind)
                else state.shared.get("saves", {}).get(action.id, {}).get("head")
            )
            return Fork(tree.standing(to)) if to is not None and 0 < to <= state.seq else None
        if not isinstance(action, Retry | Choose | Edit | Delete) or action.seq > state.seq:
            return None
        target = await self._event(action.seq)
        if target is None:
            return None
        if isinstance(action, Choose):
            return Fork(tree.newest_through(action.seq, state.head), target)
        if not within(tree.path(state.head), action.seq):
            return None
        if isinstance(action, Edit):
            return Fork(tree.parent(action.seq), target, rest=await self._rest(state, target))
        first = await self._first(target) if is_character(target.actor) else target.seq
        return Fork(tree.parent(first), target)

    async def _first(self, target: Event) -> int:
        """The first event of the go that a line is part of."""
        first = target.seq
        for event in reversed(await read_story(self._store, self._room, target.seq, _GO)):
            if event.actor != target.actor or go_of(event) != go_of(target):
                break
            first = event.seq
        return first

    async def _rest(self, state: State, target: Event) -> tuple[Event, ...]:
        """What the same go did after a line of a character."""
        if not is_character(target.actor):
            return ()
        path = Tree.of(state).path(state.head)
        after = await self._store.events(self._room, after=target.seq, until=target.seq + _GO)
        found: list[Event] = []
        for event in after:
            if not within(path, event.seq) or event.actor != target.actor or go_of(event) != go_of(target):
                break
            found.append(event)
        return tuple(found)

    async def _with_leaving(self, state: State, fork: Fork, actor: Actor) -> Fork:
        """The fork with what would be left behind, and whose act came last before it."""
        tree = Tree.of(state)
        now, then = tree.path(state.head), tree.path(fork.point)
        leaving, entering = await self._told(without(now, then)), await self._told(without(then, now))
        if leaving is None or entering is None:
            return Fork(fork.point, fork.target, fork.rest, None)
        words = next((event for event in leaving if event.kind not in PASSING), None)
        caller = (
            actor.id if words is None or not is_character(words_by(words)) else await self._caller(words, fork.point)
        )
        return Fork(fork.point, fork.target, fork.rest, tuple(leaving), tuple(entering), caller)

    async def _told(self, spans: Spans) -> list[Event] | None:
        """The events of some spans; ``None`` where they are too many to look at."""
        if sum(last - first + 1 for first, last in spans) > _MOST_LEFT:
            return None
        found: list[Event] = []
        for first, last in spans:
            found += await self._store.events(self._room, after=first - 1, until=last)
        return found

    async def _caller(self, reply: Event, head: int) -> str:
        """Who called for what a character said: by the name of its turn, else who acted last before."""
        named, _ = called_for(reply.cause)
        event = await self._event(named) if named else None
        return words_by(event) if event is not None and _is_persons(event) else await self._last_person(head)

    async def _last_person(self, head: int) -> str:
        """Whose act was the last of a person's in the story that ends in ``head``."""
        story = await read_story(self._store, self._room, head, _NEAR)
        return next((words_by(event) for event in reversed(story) if _is_persons(event)), "")

    async def _last_line(self, state: State, character: str) -> Fork | None:
        """The line that stands last in the story, where that character said it."""
        story: Sequence[Event] = await read_story(self._store, self._room, state.head, _GO)
        last = next((event for event in reversed(story) if isinstance(event, Said)), None)
        return Fork(state.head, last) if last is not None and last.actor == character and not last.erased else None


def _is_persons(event: Event) -> bool:
    return isinstance(event, Said | Used | Entered) and not is_character(words_by(event)) and event.actor != "system"
