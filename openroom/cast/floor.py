"""Who has the floor, as a model says: in one token, out of those who may answer (`run.responders`: ``smart``).

It is asked on a slot of its own, whose talk holds only what all who are here perceived: what it chooses is seen by all.
A call reads few new tokens: lines are shortened, and of many that are new the newest stand in it. Where the model is
not sure enough, tells no probabilities or is at work, nothing is chosen, and the natural order stands.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence

from openroom.core.actor import character_id, is_character
from openroom.core.event import Entered, Erased, Event, Happened, Moved, Rolled, Said, Used
from openroom.core.persona import name_at
from openroom.core.state import State, World
from openroom.core.view import perceives, visits_of
from openroom.errors import ModelError
from openroom.language.text import called, ends, framed, one_line, spoken
from openroom.language.tokens import estimate_tokens
from openroom.ports.model import Level, Message, Model, ModelRequest, Sampling, complete

NEVER = 1.01
SURE: Mapping[Level, float] = {"small": NEVER, "fair": 0.6, "able": 0.6}
"""So likely one must be, of those who may answer, to be chosen, by how well the model talks. The small model that was
measured chose no better than the natural order, so no such one is asked; no better one has been measured
(docs/benchmarks.md#who-answers)."""
NEW_TOKENS = 60
"""So many tokens that it has not read yet a call may have, its question included."""
_QUESTION = "(Who answers? The number alone.)"
_RULE = (
    "You say which of them answers the last line: the one it is spoken to, not one it only speaks of; else the one who "
    "was being talked with, or whose trade or life it asks about."
)
_AROUND = 16
"""What the question and the marks of a chat around it take of them."""
_MOST_TALK = 900
"""Tokens: a talk that is longer begins anew."""
_MOST_LINE = 30
_MOST_FRESH = 8
_MOST_CAST = 9
_LEAST = 0.01
"""Nobody counts as less likely than so."""
_SECONDS = 6.0
"""A model that takes longer does not choose."""

_LOG = logging.getLogger("openroom.turn")


class Floor:
    """What a model is shown to choose who answers, in one room."""

    def __init__(self, room: str) -> None:
        self._room = room
        self._shown: list[str] = []
        self._fresh: list[str] = []
        self._mute: str = ""
        """The model that told no probabilities."""
        self._world: World | None = None
        self._leaning: Mapping[str, float] = {}
        self.ready = False
        """Whether a model on this machine has read what does not change."""

    def lean(self, odds: Mapping[str, float]) -> None:
        """Note to whom a model leans where nothing has been said: that counts against them, for a small one takes the
        last of a list, whatever was asked."""
        self._leaning, self.ready = odds, True

    def hear(self, events: Iterable[Event], state: State) -> None:
        """Take in what all who are here perceived. Who comes in heard nothing of it, and what is undone or erased is
        told to nobody: then it begins anew."""
        visits, here = visits_of(state), state.here()
        for event in events:
            if isinstance(event, Entered | Moved | Erased):
                self._shown, self._fresh = [], []
            elif (line := _line(event, state)) and all(perceives(who, event, visits) for who in here):
                self._fresh = [*self._fresh, _shortened(line)][-_MOST_FRESH:]

    def request(self, world: World, among: Sequence[str] = (), person: str = "") -> ModelRequest | None:
        """What to ask, to choose from ``among``; nobody: what can be read in advance, and tells by its odds to whom the
        model leans anyway (`lean`). ``None``: there are too many."""
        if world is not self._world:  # other numbers are other people
            self._world, self._leaning, self.ready = world, {}, False
        numbers = {character_id(one): str(at) for at, one in enumerate(world.characters, 1)}
        if len(numbers) > _MOST_CAST:
            return None
        if among:
            self._show()
        talk = "\n".join(["(The talk.)", *self._shown, _QUESTION])
        return ModelRequest(
            messages=(Message("system", _told(world, numbers)), Message("user", talk)),
            max_tokens=1,
            choices=tuple(numbers[who] for who in among) or tuple(numbers.values()),
            sampling=Sampling(temperature=0.0),
            purpose="pick" if among else "warm",
            room=self._room,
            slot=f"{self._room}:",
            person=person,
            stable=1,
        )

    def _show(self) -> None:
        """The newest of the new lines, as many as one call may read, stand behind those that were read."""
        left, newest = NEW_TOKENS - _AROUND, list[str]()
        for line in reversed(self._fresh):
            left -= estimate_tokens(line) + 1
            if left < 0 and newest:
                break
            newest.insert(0, line)
        if sum(map(estimate_tokens, self._shown)) > _MOST_TALK:
            self._shown = []
        self._shown, self._fresh = [*self._shown, *newest], []

    def may_ask(self, model: Model) -> bool:
        """Whether that model could say who answers, and soon."""
        info = model.info
        can = info.kind != "understudy" and info.name != self._mute and SURE[info.level] < NEVER
        return can and (info.kind != "local" or self.ready)

    async def choose(self, model: Model, world: World, among: Sequence[str], person: str = "") -> str:
        """Who of ``among`` answers, if the model is sure enough; else nobody (empty)."""
        request = self.request(world, among, person)
        if request is None:
            return ""
        try:
            async with asyncio.timeout(_SECONDS):
                _, usage = await complete(model, request)
        except (ModelError, TimeoutError) as error:
            _LOG.info("nobody chosen", extra={"room": self._room, "error": str(error) or "too slow"})
            return ""
        if not usage.odds:
            self._mute = model.info.name
            return ""
        odds = weighed(usage.odds, self._leaning)
        best = max(odds, key=lambda one: odds[one])
        _LOG.info("chosen", extra={"room": self._room, "odds": odds})
        return among[request.choices.index(best)] if odds[best] >= SURE[model.info.level] else ""


def weighed(odds: Mapping[str, float], leaning: Mapping[str, float]) -> dict[str, float]:
    """The odds against those of where nothing has been said, as shares of 1."""
    against = {one: share / max(leaning.get(one, 0.0), _LEAST) for one, share in odds.items()} if leaning else odds
    total = sum(against.values())
    return {one: share / total for one, share in against.items()} if total else dict(odds)


def _told(world: World, numbers: dict[str, str]) -> str:
    """The same from call to call while the definitions are."""
    cast = (
        f"{numbers[character_id(id)]} {called(one.name)}: {framed(one.line)}" for id, one in world.characters.items()
    )
    return "\n".join(["Visitors talk with these characters:", *cast, _RULE])


def _line(event: Event, state: State) -> str:
    if event.erased:
        return ""
    if isinstance(event, Said):
        return f"{called(name_at(state, event))}: {spoken(event.text)}"
    if isinstance(event, Used | Happened) and event.telling:
        return f"({framed(event.telling)})"
    return f"({called(name_at(state, event))} rolls {event.dice}.)" if isinstance(event, Rolled) else ""


def _shortened(line: str) -> str:
    """A line of at most so many tokens: its beginning and its end, where one is spoken to and asked."""
    longest = len(line)
    while estimate_tokens(line) > _MOST_LINE and longest > 8:
        longest = longest * 4 // 5
        line = one_line(ends(line, longest).replace("\n", " … "))
    return line


def contested(event: Event, state: State, world: World, present: Sequence[str]) -> list[str]:
    """Between whom there is something to choose: those who may answer a person's line that was said aloud, where they
    are several and the room lets a model say."""
    if state.shared["run"]["responders"] != "smart" or not isinstance(event, Said) or event.to is not None:
        return []
    if is_character(event.actor):
        return []
    free = world.turned_to([who for who in present if not state.is_muted(who)])
    return free if len(free) > 1 else []
