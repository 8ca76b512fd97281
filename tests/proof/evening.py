"""Evenings to prove something on: rooms in which people do all that may tell somebody what is not theirs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from openroom.cast.director import DirectorSettings
from openroom.core.action import (
    Action,
    Choose,
    Delete,
    Edit,
    Enter,
    Erase,
    Leave,
    Load,
    Note,
    Nudge,
    Retry,
    Rewind,
    Roll,
    Save,
    Say,
    Use,
)
from openroom.core.actor import Actor
from openroom.core.branches import Tree, alternatives
from openroom.core.event import Event, Said
from openroom.core.persona import Persona
from openroom.errors import RoomClosed
from openroom.library.library import Library
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.room.room import Room
from openroom.room.writer import Receipt
from openroom.store.inmemory import MemoryStore
from tests.proof.checker import Checker, Logs, Watched, WatchedModel, idle, marker
from tests.room.conftest import HOUSE, HandClock

VERA, OTTO = "character:vera", "character:otto"
ANN, BEN, CAT = (Actor(f"player:{name.lower()}", "player", name) for name in ("Ann", "Ben", "Cat"))
BOSS = Actor("player:boss", "operator", "Boss")
PEOPLE = (ANN, BEN, CAT)
PIRATE = Persona(id="pirate", name="Redbeard", about="A pirate, who has been to Tortuga.")
FOR_CHARACTERS = "The cellar floods in March."
"""Lore that only the characters may know: no person ever hears a reply to a prompt that holds it."""
NEVER = ("trombone", "forty crowns", "Trieste", FOR_CHARACTERS)
"""What no prompt of a reply that a person hears may hold."""
SAYS = (
    "{who}, my sister lives in {mark}.",
    "{who}, I live in {mark}.",
    "{who}, what of the garden and {mark}?",
    "{who}, is there a cellar? {mark}",
    "{who}, what did I tell you? {mark}",
    "{who}, light the lamp, please. {mark}",
    "{mark}, if you ask me.",
)
_LORE: dict[str, list[dict[str, Any]]] = {
    "characters/vera": [{"id": "garden", "keys": ["garden"], "text": "The garden has a well.", "sticky": 3}],
    "scenes/parlour": [{"id": "cellar", "keys": ["cellar"], "text": FOR_CHARACTERS, "to": ["vera", "otto"]}],
}


class Ticking(HandClock):
    """Time that goes on by a second whenever it is looked at."""

    def __call__(self) -> int:
        self.now += 1000
        return self.now


def house(folder: Path) -> Library:
    """The small house of `tests.room`, with lore."""
    target = folder / "house"
    shutil.copytree(HOUSE, target)
    for where, entries in _LORE.items():
        text = yaml.safe_dump({"format": 1, "entries": entries})
        (target / where / "lore.yaml").write_text(text, encoding="utf-8")
    library = Library([target / "characters"], [target / "scenes"])
    assert library.problems == []
    return library


@dataclass(slots=True)
class Evening:
    """What is done in a lobby: ``parlour`` is open to all, ``own`` is Ann's alone and whom she lets in."""

    lobby: Lobby
    watched: Watched
    checker: Checker
    parlour: Room
    own: Room
    count: int = 0
    waits: bool = True
    """Whether one waits for what comes of an act before the next."""
    seen: dict[str, int] = field(default_factory=dict)

    @classmethod
    async def begin(cls, lobby: Lobby, watched: Watched, own: str = "") -> Evening:
        """In a lobby that runs; ``own`` is the id of Ann's room, where there is one already."""
        watched.lobby = lobby
        parlour = await lobby.open("parlour")
        room = await (lobby.open(own) if own else lobby.create("parlour", ANN, open=False))
        return cls(lobby, watched, Checker(Logs({}, {}), frozenset({room.id})), parlour, room)

    def mark(self) -> str:
        """A word that was never said."""
        self.count += 1
        return marker(self.count)

    async def do(self, actor: Actor, action: Action, room: Room | None = None) -> int:
        """An act, and the seq of what was done; 0 where it was refused."""
        answer = await (room or self.parlour).submit(actor, action)
        if self.waits:
            await idle(self.lobby)
        await self.learn()
        return max(answer.seqs, default=0) if isinstance(answer, Receipt) else 0

    async def say(self, actor: Actor, text: str, to: Sequence[str] = (), room: Room | None = None) -> int:
        """A line; ``{mark}`` in it is a word that was never said."""
        text = text.replace("{mark}", self.mark())
        return await self.do(actor, Say(text=text, to=list(to) or None), room)

    async def enter(self, *actors: Actor, room: Room | None = None) -> None:
        for actor in actors:
            await self.do(actor, Enter(name=actor.name), room)

    async def erase(self, actor: Actor, seq: int) -> None:
        """Have words forgotten."""
        if await self.do(actor, Erase(seq=seq)):
            await self.parlour.settled()
            self.watched.gone.add((self.parlour.id, seq))

    async def learn(self) -> None:
        """Take note of the markers in what has happened."""
        for room in (self.parlour, self.own):
            news = await self.lobby.store.events(room.id, after=self.seen.get(room.id, 0))
            self.checker.learn(room.id, news)
            self.seen[room.id] = max((one.seq for one in news), default=self.seen.get(room.id, 0))

    async def story(self) -> list[Event]:
        return await self.parlour.recent(300)

    async def checked(self) -> Checker:
        """The checker with all that happened."""
        await idle(self.lobby)
        await self.learn()
        self.checker.logs = await Logs.of(self.lobby, (self.parlour.id, self.own.id))
        return self.checker


def lobby_of(library: Library, store: MemoryStore, model: WatchedModel) -> Lobby:
    quiet = DirectorSettings(greet=False, react_ms=0)
    return Lobby(
        library=library, store=store, model=model, clock=Ticking(),
        settings=LobbySettings(watch=False, director=quiet, idle_ms=10**12),
    )  # fmt: skip


Step = Callable[[Evening, Actor, int], Any]


async def _aloud(evening: Evening, actor: Actor, at: int) -> None:
    line = SAYS[at % len(SAYS)].replace("{who}", ("Vera", "Otto")[at % 2])
    await evening.say(actor, line)


async def _whispered(evening: Evening, actor: Actor, at: int) -> None:
    to = ((VERA,), (OTTO,), (VERA, BEN.id), (CAT.id,))[at % 4]
    await evening.say(actor, SAYS[at % len(SAYS)].replace("{who}", "Vera"), to)


async def _quickly(evening: Evening, actor: Actor, at: int) -> None:
    """Aloud and whispered at once, while others are answered still, and somebody comes in."""
    evening.waits = False
    await _aloud(evening, actor, at)
    await _whispered(evening, PEOPLE[at % 3], at)
    await evening.do(PEOPLE[(at + 1) % 3], Enter(name="Late"))
    evening.waits = True
    await _aloud(evening, actor, at + 1)


async def _comes_or_goes(evening: Evening, actor: Actor, at: int) -> None:
    here = evening.parlour.state.is_here(actor.id)
    await evening.do(actor, Leave() if here else Enter(name=actor.name))


async def _character_goes(evening: Evening, actor: Actor, at: int) -> None:
    """A character is away for a while."""
    who = Actor((VERA, OTTO)[at % 2], "character", ("Vera", "Otto")[at % 2])
    here = evening.parlour.state.is_here(who.id)
    await evening.do(who, Leave() if here else Enter(name=who.name))


async def _as_another(evening: Evening, actor: Actor, at: int) -> None:
    """Somebody shows a persona, or speaks as one, or in a character's place."""
    actor = replace(actor, personas=(PIRATE,))
    text = SAYS[at % len(SAYS)].replace("{who}", "Vera").replace("{mark}", evening.mark())
    acts: list[Action] = [
        Enter(name=PIRATE.name, persona="pirate"),
        Say(text=text, persona="pirate"),
        Say(text=text, persona="pirate", to=[VERA]),
        Enter(name=actor.name, persona="self"),
    ]
    if isinstance(acts[at % 4], Enter) and evening.parlour.state.is_here(actor.id):
        await evening.do(actor, Leave())
    await evening.do(actor, acts[at % 4])
    if at % 5 == 0:
        await evening.do(BOSS, Say(text=f"So I think of {evening.mark()}.", play=(VERA, OTTO)[at % 2]))


async def _apart(evening: Evening, actor: Actor, at: int) -> None:
    """Something is said in a room of one's own."""
    await evening.enter(ANN, room=evening.own)
    await evening.say(ANN, SAYS[at % len(SAYS)].replace("{who}", ("Vera", "Otto")[at % 2]), room=evening.own)
    await evening.do(ANN, Leave(), evening.own)


async def _other_way(evening: Evening, actor: Actor, at: int) -> None:
    """The story takes another way."""
    lines = [one for one in await evening.story() if isinstance(one, Said) and not one.erased]
    if not lines:
        return
    theirs = [one for one in lines if one.actor in (VERA, OTTO)] or lines
    mine = [one for one in lines if one.actor == actor.id] or lines
    state, saves = evening.parlour.state, sorted(evening.parlour.state.shared.get("saves", {}))
    others, heads = sorted(alternatives(state)) or [1], Tree.of(state).leaves(state.head)
    said = theirs[-1 - at % min(3, len(theirs))].seq
    acts: list[Action] = [
        Retry(seq=said, wish=f"shorter, and of {evening.mark()}"),
        Retry(seq=said),
        Edit(seq=mine[-1].seq, text=f"Vera, rather {evening.mark()}, as I live."),
        Edit(seq=said, text=f"In other words, {evening.mark()}."),
        Delete(seq=lines[-1 - at % min(4, len(lines))].seq),
        Choose(seq=others[at % len(others)]),
        Rewind(to=heads[at % len(heads)]),
        Load(id=saves[at % len(saves)]) if saves else Save(name="Then"),
        Save(name=f"Then {at}"),
    ]
    await evening.do(BOSS, acts[at % len(acts)])


async def _note(evening: Evening, actor: Actor, at: int) -> None:
    await evening.do(BOSS, Note(text=f"Speak of {evening.mark()}." if at % 3 else ""))


async def _erased(evening: Evening, actor: Actor, at: int) -> None:
    mine = [one for one in await evening.story() if isinstance(one, Said) and one.actor == actor.id and not one.erased]
    if mine:
        await evening.erase(actor, mine[-1 - at % min(3, len(mine))].seq)


async def _deed(evening: Evening, actor: Actor, at: int) -> None:
    acts: list[Action] = [
        Use(prop="lamp", verb="light"),
        Use(prop="diary", verb="write", args={"text": f"Of {evening.mark()}."}),
        Roll(dice="1d6"),
        Nudge(character=(VERA, OTTO)[at % 2]),
    ]
    await evening.do(actor, acts[at % len(acts)])


async def _anew(evening: Evening, actor: Actor, at: int) -> None:
    """The talks are made anew from the log, as after a restart."""
    await idle(evening.lobby)
    with suppress(RoomClosed):
        await evening.lobby.directors[evening.parlour.id].parts.rebuild()


STEPS: tuple[Step, ...] = (
    _aloud, _aloud, _aloud, _whispered, _whispered, _quickly, _comes_or_goes, _comes_or_goes, _character_goes,
    _as_another, _apart, _other_way, _other_way, _other_way, _note, _erased, _deed, _anew,
)  # fmt: skip


async def lived(library: Library, watched: Watched, steps: Sequence[tuple[int, int, int]], **model: str) -> Checker:
    """An evening of such steps: which, whose, and how."""
    async with lobby_of(library, MemoryStore(), WatchedModel(watched, **model)) as lobby:
        evening = await Evening.begin(lobby, watched)
        await evening.enter(BOSS, ANN)
        for step, whose, at in steps:
            await STEPS[step % len(STEPS)](evening, PEOPLE[whose % 3], at)
        return await evening.checked()
