"""Who knows what: whether any prompt rests on what its character did not perceive, or may not use before who hears it.

Two ways that know nothing of each other: by what each part says it rests on, held against the log; and by words that
stand in one event alone, looked for in what a model was really sent.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from openroom.core.apply import apply
from openroom.core.branches import Spans, Tree, within
from openroom.core.event import Event, Moved, Noted, Said, dump
from openroom.core.state import State
from openroom.core.view import Visits, perceives, visits_of
from openroom.lobby.lobby import Lobby
from openroom.models.scripted import ScriptedModel
from openroom.models.understudy.understudy import Understudy
from openroom.ports.model import Delta, ModelInfo, ModelRequest, Usage
from openroom.ports.prompt import joined

MARKER = re.compile(r"mk[a-p]{4}x", re.IGNORECASE)
"""A word that stands in one event alone."""
_NOT_SAID = ("said", "lines", "answers", "greetings", "fallbacks", "made", "felt", "doing", "alike")
"""What the cue tells the understudy not to say, and what its author wrote."""

_NOUNS = ("amber", "brick", "cedar", "silk", "iron", "wool", "grain", "paper", "copper", "salt", "glass")


def marker(number: int) -> str:
    """The marker of that number."""
    letters = "".join("abcdefghijklmnop"[number >> shift & 15] for shift in (12, 8, 4, 0))
    return f"mk{letters}x"


@dataclass(frozen=True, slots=True)
class Asked:
    """A call, and how things stood when it was made."""

    request: ModelRequest
    turn: str
    """The turn's id; empty where no reply is asked for."""
    hearers: tuple[str, ...]
    seqs: Mapping[str, int]
    paths: Mapping[str, Spans]
    """By room: the story as it was."""
    shared: frozenset[str]
    """Markers in what anybody in the room saw then, and in the room's note."""
    gone: frozenset[tuple[str, int]]
    """What had been erased."""
    tried: frozenset[str]
    """Markers of what the model wrote in this very turn, and nobody has heard."""

    @property
    def who(self) -> str:
        """Whose prompt it is; empty where a model is asked who is to speak."""
        return f"character:{self.request.character}" if self.request.character else ""

    @property
    def knowers(self) -> tuple[str, ...]:
        """Who must have perceived what stands in it: the character; all who are here, where it is nobody's."""
        return (self.who,) if self.who else self.hearers


@dataclass(frozen=True, slots=True)
class Leak:
    """What stands in a prompt and must not."""

    why: str
    who: str
    what: str


@dataclass(slots=True)
class Watched:
    """Keeps what models are asked in a lobby's rooms: the lobby's own, and the understudy of the house."""

    lobby: Lobby | None = None
    asked: list[Asked] = field(default_factory=list)
    gone: set[tuple[str, int]] = field(default_factory=set)
    tried: dict[str, str] = field(default_factory=dict)
    """By marker: in which turn a model wrote it."""

    def note(self, request: ModelRequest) -> None:
        """Something is asked."""
        assert self.lobby is not None
        room = self.lobby.running[request.room]
        playing = self.lobby.directors[room.id]._playing
        turn = playing.turn if playing is not None and request.purpose != "warm" else None
        here = [who for who in room.state.here() if who != f"character:{request.character}"]
        rooms = self.lobby.running.values()
        self.asked.append(
            Asked(
                request,
                turn.id if turn else "",
                tuple(turn.hearers) if turn else tuple(here),
                {one.id: one.seq for one in rooms},
                {one.id: Tree.of(one.state).path(one.state.head) for one in rooms},
                frozenset(_markers(json.dumps(room.state.shared) + room.state.note)),
                frozenset(self.gone),
                frozenset(word for word, one in self.tried.items() if turn is not None and one == turn.id),
            )
        )

    def watch(self, patch: object) -> None:
        """Keep what the house's understudy is asked, too; ``patch`` is pytest's monkeypatch."""
        plain = Understudy.stream
        watched = self

        async def stream(self: Understudy, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
            watched.note(request)
            async for piece in plain(self, request):
                yield piece

        patch.setattr(Understudy, "stream", stream)  # type: ignore[attr-defined]


class WatchedModel(ScriptedModel):
    """Says something new each time, with a marker in it, and keeps what it was asked."""

    def __init__(self, watched: Watched, kind: str = "scripted", level: str = "able") -> None:
        super().__init__([("", self._says)], piece=400, info=ModelInfo("m", kind, level=level))  # type: ignore[arg-type]
        self._watched, self._count = watched, 40_000 + len(watched.asked)

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        self._watched.note(request)
        async for piece in super().stream(request):
            yield piece

    def _says(self, request: ModelRequest) -> dict[str, object]:
        self._count += 1
        if request.purpose != "warm":
            self._watched.tried[marker(self._count)] = self._watched.asked[-1].turn
        one, two = _NOUNS[self._count % 11], _NOUNS[self._count // 11 % 11]
        return {"say": f"{marker(self._count)} has {one} and {two}.".capitalize(), "emotion": "calm", "do": []}


@dataclass(slots=True)
class Logs:
    """What happened in each room, and who was there."""

    events: dict[str, dict[int, Event]]
    visits: dict[str, Visits]

    @classmethod
    async def of(cls, lobby: Lobby, rooms: Iterable[str]) -> Logs:
        """The whole logs."""
        events = {room: {one.seq: one for one in await lobby.store.events(room)} for room in rooms}
        return cls(events, {room: _visits(found.values()) for room, found in events.items()})

    def perceived(self, who: str, room: str, seq: int) -> bool:
        """Whether somebody perceived an event."""
        event = self.events.get(room, {}).get(seq)
        return event is not None and perceives(who, event, self.visits[room])

    def kept_from(self, hearers: Iterable[str], room: str, seq: int) -> list[str]:
        """Those of ``hearers`` whom an event was kept from: a whisper that was not between them."""
        event = self.events.get(room, {}).get(seq)
        if not isinstance(event, Said | Moved) or event.to is None:
            return []
        return [who for who in hearers if who != event.actor and who not in event.to]

    def hearers(self, asked: Asked) -> list[str]:
        """Who perceived what came of a call; who would have, where nothing did."""
        room, who = asked.request.room, asked.who
        found: set[str] = set()
        for event in self.events[room].values():
            if asked.turn and isinstance(event, Said) and (event.cause or "").rpartition(".")[0] == asked.turn:
                found |= {one for one in self.visits[room] if perceives(one, event, self.visits[room])}
        return sorted((found or set(asked.hearers)) - {who})


def _visits(events: Iterable[Event]) -> Visits:
    """When everybody was there, also those whom the state has forgotten since."""
    state, found = State(), dict[str, dict[str, int]]()
    for event in events:
        state = apply(state, event)
        for who, visits in visits_of(state).items():
            found[who] = {**found.get(who, {}), **visits}
    return found


@dataclass(slots=True)
class Checker:
    """Holds prompts against the logs. ``said`` tells in which events each marker stood, those that were erased since
    too."""

    logs: Logs
    private: frozenset[str] = frozenset()
    """Rooms that are not open to all."""
    said: dict[str, set[tuple[str, int]]] = field(default_factory=lambda: defaultdict(set))

    def learn(self, room: str, events: Iterable[Event]) -> None:
        """Take note of the markers in events."""
        for event in events:
            body = {name: value for name, value in dump(event).items() if name not in ("patch", "hidden")}
            for word in _markers(json.dumps(body)):
                self.said[word].add((room, event.seq))

    def leaks(self, asked: Sequence[Asked]) -> list[Leak]:
        """All that is wrong with what was asked."""
        return [leak for one in asked for leak in (*self._form(one), *self._by_parts(one), *self._by_words(one))]

    def told(self, asked: Sequence[Asked]) -> str:
        """The same in lines, each once, with the turns that they were found in."""
        found: dict[Leak, str] = {}
        for one in asked:
            for leak in self.leaks([one]):
                found.setdefault(leak, one.turn or one.request.purpose)
        return "\n".join(f"{leak.who} {leak.why}: {leak.what} [{turn}]" for leak, turn in found.items())

    def _form(self, asked: Asked) -> Iterable[Leak]:
        """A prompt is its parts, and each of them is named. (Who asks whom to answer, of what all have perceived, has
        lines alone.)"""
        for message in asked.request.messages:
            if asked.who and joined(message.parts) != message.content:
                yield Leak("a message that is not its parts", asked.who, message.content[-300:])
            for part in message.parts:
                if part.kind == "other":
                    yield Leak("a part that nobody named", asked.who, part.text)

    def _by_parts(self, asked: Asked) -> Iterable[Leak]:
        room, hearers = asked.request.room, self.logs.hearers(asked)
        for part in (part for message in asked.request.messages for part in message.parts):
            for where, seq in (*((room, seq) for seq in part.rests_on), *part.elsewhere):
                if why := self._against(asked, hearers, where, seq, moved=part.kind == "wish"):
                    yield Leak(f"a part rests on what {why}", asked.who, f"{part.kind} on {where}#{seq}: {part.text}")

    def _by_words(self, asked: Asked) -> Iterable[Leak]:
        hearers = self.logs.hearers(asked)
        for word in _markers(_sent(asked.request)):
            if word in asked.shared or word in asked.tried:
                continue
            whys = [
                self._against(asked, hearers, room, seq, moved=True) for room, seq in sorted(self.said.get(word, ()))
            ]
            if not whys:
                yield Leak("words of no event", asked.who, word)
            elif all(whys):
                yield Leak(f"words that {whys[0]}", asked.who, word)

    def _against(self, asked: Asked, hearers: Sequence[str], room: str, seq: int, *, moved: bool) -> str:
        """Why an event may not stand in a prompt; empty where it may. A move is part of no story: with ``moved`` its
        wish may stand all the same."""
        event = self.logs.events.get(room, {}).get(seq)
        if event is None:
            return "never happened"
        if isinstance(event, Noted):
            return "was noted, and is no more"  # what is noted now is told apart
        if seq > asked.seqs.get(room, seq):
            return "came later"
        if not all(self.logs.perceived(who, room, seq) for who in asked.knowers):
            return "it did not perceive"
        if (room, seq) in asked.gone:
            return "was erased"
        path = asked.paths.get(room)
        if path is not None and not within(path, seq) and not (moved and isinstance(event, Moved)):
            return "is no part of the story"
        if kept := self.logs.kept_from(hearers, room, seq):
            return f"was kept from {kept}"
        if room in self.private and room != asked.request.room:
            strangers = [who for who in hearers if not self.logs.perceived(who, room, seq)]
            return f"was said in a room of others than {strangers}" if strangers else ""
        return ""


def _markers(text: str) -> set[str]:
    return {found.lower() for found in MARKER.findall(text)}


def _sent(request: ModelRequest) -> str:
    """All that a model gets to read, and what the understudy plays from."""
    told = [message.content for message in request.messages]
    if request.cue is not None:
        cue = {name: value for name, value in asdict(request.cue).items() if name not in _NOT_SAID}
        told.append(json.dumps(cue, default=str))
    return "\n".join(told)


async def idle(lobby: Lobby) -> None:
    """Wait until nobody is about to speak in any room."""
    await asyncio.gather(*(director.settled() for director in lobby.directors.values()))
