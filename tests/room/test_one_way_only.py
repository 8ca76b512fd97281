"""A room whose story took many ways is, on each, as one that took no other: in state, prompts, lore and memories."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroom.cast.director import DirectorSettings
from openroom.core.action import Choose, Delete, Edit, Load, Retry, Rewind, Save, Say, Use
from openroom.core.branches import Tree, alternatives
from openroom.core.event import Event, Said, Used
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.models.scripted import ScriptedModel
from openroom.ports.memory_rows import Remembered
from openroom.ports.model import ModelRequest
from openroom.room.room import Room
from openroom.store.inmemory import MemoryStore
from tests.room.conftest import HOUSE, HandClock
from tests.room.people import ANN, enter

VERA = "character:vera"
LINES = (
    "Vera, I live in Lisbon.",
    "Vera, my cat is called Otto.",
    "Vera, I live in Porto.",
    "Vera, what a night.",
    "Vera, I am a baker by trade.",
    "Vera, my name is Anna by rights.",
)

BOOK = [
    {"id": "stays", "keys": ["cat"], "text": "Cats are counted here.", "sticky": 2},
    {"id": "rests", "keys": ["Vera"], "text": "Vera is heard.", "cooldown": 2},
    {"id": "waits", "keys": ["live"], "text": "Towns are far.", "delay": 2},
]
"""Entries that stay, rest and wait for so many of her replies."""


class Ticking(HandClock):
    """Time that goes on by a millisecond whenever it is looked at."""

    def __call__(self) -> int:
        self.now += 1
        return self.now


class Replies:
    """What Vera says: what is told to her, else something new each time."""

    def __init__(self, told: list[str] | None = None) -> None:
        self.told, self.count = told, 0

    def __call__(self, request: ModelRequest) -> dict[str, Any]:
        self.count += 1
        words = ("amber", "brick", "cedar", "delta", "ember", "fjord", "grain", "heath", "inlet", "jetty", "knoll")
        begun = "That makes" if self.told is None else "Then comes"  # nothing that was told there comes again
        text = self.told.pop(0) if self.told else f"{begun} {words[self.count % 11]} number {self.count}."
        return {"say": text, "emotion": "calm", "do": []}


def lobby_of(store: MemoryStore, replies: Replies) -> Lobby:
    quiet = DirectorSettings(greet=False, react_ms=0)
    model = ScriptedModel([("", replies)])
    parts = LobbySettings(watch=False, director=quiet)
    return Lobby(
        characters=HOUSE / "characters", scenes=HOUSE / "scenes", store=store, model=model, settings=parts,
        clock=Ticking(),
    )  # fmt: skip


async def act(room: Room, step: int, at: int) -> None:
    """One of the things that people do, on whatever is there to do it to."""
    lines = [event for event in await room.recent(300) if isinstance(event, Said)]
    hers, mine = [one for one in lines if one.actor == VERA], [one for one in lines if one.actor == ANN.id]
    others = sorted(alternatives(room.state))
    saves = sorted(room.state.shared.get("saves", {}))
    if step < 5 or not lines:
        await room.submit(ANN, Say(text=LINES[at % len(LINES)]))
    elif step == 5:
        await room.submit(ANN, Use(prop="lamp", verb="light" if at % 2 else "snuff"))
    elif step in (6, 7) and hers:
        await room.submit(ANN, Retry(seq=hers[at % len(hers)].seq))
    elif step in (8, 9) and others:
        await room.submit(ANN, Choose(seq=others[at % len(others)]))
    elif step == 10 and mine:
        await room.submit(ANN, Edit(seq=mine[at % len(mine)].seq, text=LINES[(at + 1) % len(LINES)]))
    elif step == 11 and hers:
        await room.submit(ANN, Edit(seq=hers[at % len(hers)].seq, text=f"In other words, {room.seq} of them."))
    elif step == 12:
        await room.submit(ANN, Delete(seq=lines[at % len(lines)].seq))
    elif step == 13:
        heads = Tree.of(room.state).leaves(room.state.head)
        await room.submit(ANN, Rewind(to=heads[at % len(heads)]))
    elif step == 14:
        await room.submit(ANN, Load(id=saves[at % len(saves)]) if saves and at % 2 else Save(name=f"Then {at}"))


async def begin(lobby: Lobby) -> Room:
    """The room with a book of its own, whose entries go by time."""
    room = await lobby.open("parlour")
    if room.world.lore is None:
        await room.define("lore", "room", {"format": 1, "entries": BOOK})
    await enter(room, ANN)
    await lobby.directors["parlour"].settled()
    return room


async def asked(lobby: Lobby, room: Room) -> dict[str, Any]:
    """What Vera is asked when one more line is said: with truths that come out, lore and what she remembers."""
    results: list[Any] = []
    lobby.results = lambda _turn, result: results.append(result)
    await room.submit(ANN, Say(text="Vera, where do I live, and what is my cat called?"))
    await lobby.directors[room.id].settled()
    (result,) = results
    model = lobby.model
    assert isinstance(model, ScriptedModel)
    (request, *_) = [one for one in reversed(model.requests) if one.purpose == "turn"]
    return {
        "prompt": [_plain(message.content) for message in request.messages],
        "lore": sorted((one.entry, one.is_in, one.why, one.key) for one in result.lore),
    }


async def look(lobby: Lobby, room: Room) -> dict[str, Any]:
    """What of a room people, characters and prompts can know."""
    parts = lobby.directors[room.id].parts
    parts._parts.clear()
    await parts.rebuild()
    memories = [_without_deeds(one) for one in await lobby.memory.about(VERA, ANN.id)]
    text_of = {one.id: one.text for one in memories}
    found = {
        "props": {id: prop["state"] for id, prop in room.state.props.items()},
        "emotion": room.state.people[VERA].get("emotion"),
        "talk": [message.content.replace(", guest", "") for message in parts[VERA].talk.messages()],
        "memories": sorted(
            (one.kind, one.text, one.context, one.slot, one.strength, one.importance, one.valid_to is None
,             text_of.get(one.superseded_by or "", ""))
            for one in memories
        ),
    }  # fmt: skip
    return {**found, **await asked(lobby, room)}


def _without_deeds(memory: Remembered) -> Remembered:
    """What was said: whether a deed stands with the line after it goes by when there was time to remember. How Vera
    calls whom she speaks to is added now and then."""
    return replace(memory, text=_plain(memory.text), context=_plain(memory.context))


def _plain(text: str) -> str:
    return re.sub(r"Ann (?:lights|snuffs) the lamp; |, guest", "", text)


async def lived(steps: list[tuple[int, int]], restart: bool) -> tuple[dict[str, Any], list[Event]]:
    """What people did, and at last the story that is told."""
    store = MemoryStore()
    async with lobby_of(store, replies := Replies()) as lobby:
        room = await begin(lobby)
        for step, at in steps:
            await act(room, step, at)
            await lobby.directors["parlour"].settled()
        story = await room.recent(1000)
        if not restart:
            return await look(lobby, room), story
    async with lobby_of(store, replies) as lobby:
        return await look(lobby, await begin(lobby)), story


async def lived_once(story: list[Event], restart: bool) -> dict[str, Any]:
    """The same story in a room that knows no other."""
    store = MemoryStore()
    replies = Replies([event.text for event in story if isinstance(event, Said) and event.actor == VERA])
    async with lobby_of(store, replies) as lobby:
        room, director = await begin(lobby), lobby.directors["parlour"]
        for event in story:
            if isinstance(event, Said) and event.actor == ANN.id:
                answered = any(one.actor == VERA for one in _until_ann(story, event))
                responders = director._responders
                if not answered:
                    director._responders = lambda _event: []
                await room.submit(ANN, Say(text=event.text))
                await director.settled()
                director._responders = responders
                director._remember_soon()  # where an answer was taken back, what it answered had been remembered
                await director.settled()
            elif isinstance(event, Used) and event.actor == ANN.id:
                await room.submit(ANN, Use(prop=event.prop, verb=event.verb))
                await director.settled()
        if not restart:
            return await look(lobby, room)
    async with lobby_of(store, replies) as lobby:
        return await look(lobby, await begin(lobby))


def _until_ann(story: list[Event], event: Event) -> list[Event]:
    after = [one for one in story if one.seq > event.seq and isinstance(one, Said)]
    return after[: next((at for at, one in enumerate(after) if one.actor == ANN.id), len(after))]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 40)), max_size=14), st.booleans())
def test_each_way_is_as_if_there_were_no_other(steps: list[tuple[int, int]], restart: bool) -> None:
    now, story = asyncio.run(lived(steps, restart))
    told = [event for event in story if isinstance(event, Said)]
    if any(
        one.actor == ANN.id == other.actor
        for one, other in pairwise([*told, Said(seq=1, at=0, actor=ANN.id, text="x")])
    ):
        return  # a line that waits: there it would have been answered, or be one memory with the next
    once = asyncio.run(lived_once(story, restart))
    assert now == once
