"""No author's line twice to the same visitor; who was not there to hear it may hear it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from openroom.cast.director import DirectorSettings
from openroom.cast.turn.context import Occasion, TurnContext
from openroom.cast.turn.generate import guard_rules
from openroom.core.action import Leave
from openroom.core.actor import Actor
from openroom.core.event import Said
from openroom.core.view import visits_of
from openroom.lobby.lobby import Lobby, LobbySettings
from openroom.models.scripted import ScriptedModel
from openroom.models.understudy.understudy import Understudy
from openroom.ports.model import ModelInfo

LINE = "Oskar, where is your button?"
AUTHORS = "Lost at cards, in Odessa. The man had four aces and no manners."
MODELS = "Somewhere on the line, my friend."
SETTINGS = LobbySettings(watch=False, director=DirectorSettings(react_ms=0, warm=False))


@asynccontextmanager
async def tea_room(model: Any = None) -> AsyncIterator[tuple[Any, Any]]:
    """Oskar alone in the tea room."""
    tiny = ScriptedModel(
        [("", f'{{"say": "{MODELS}", "emotion": "calm"}}')], info=ModelInfo("t", "local", level="small")
    )
    async with Lobby(model=model or tiny, settings=SETTINGS) as lobby:
        room = await lobby.open("tea_room")
        for who in room.state.here("character"):
            if who != "character:oskar":
                await room.submit(Actor(who, "character", room.state.name(who)), Leave())
        yield room, lobby.directors["tea_room"]


async def ask(room: Any, director: Any, me: Any, line: str = LINE, to: list[str] | None = None) -> str:
    """What Oskar answers."""
    await director.settled()
    await me.say(line, to=to)
    await director.settled()
    said: list[str] = [e.text for e in await room.recent(20) if isinstance(e, Said) and e.actor == "character:oskar"]
    return said[-1]


async def test_the_next_visitor_hears_the_line_and_nobody_hears_it_twice() -> None:
    async with tea_room() as (room, director):
        async with room.join("Tom") as tom:
            assert await ask(room, director, tom) == AUTHORS
            assert await ask(room, director, tom) == MODELS
        async with room.join("Ann") as ann:
            assert await ask(room, director, ann) == AUTHORS
            assert await ask(room, director, ann) != AUTHORS


async def test_while_one_is_present_who_has_heard_it_it_is_used_up() -> None:
    async with tea_room() as (room, director), room.join("Tom") as tom:
        assert await ask(room, director, tom) == AUTHORS
        async with room.join("Ann") as ann:
            assert await ask(room, director, ann) == MODELS


async def test_who_did_not_hear_a_whisper_may_hear_its_line() -> None:
    async with tea_room() as (room, director), room.join("Tom") as tom, room.join("Ann") as ann:
        oskar = ["character:oskar"]
        assert await ask(room, director, tom, to=oskar) == AUTHORS
        assert await ask(room, director, ann, to=oskar) == AUTHORS
        assert await ask(room, director, tom) == MODELS


async def test_who_comes_again_may_hear_it_again() -> None:
    async with tea_room(Understudy()) as (room, director):
        async with room.join("Tom", person="tom") as tom:
            assert await ask(room, director, tom) == AUTHORS
            assert await ask(room, director, tom) != AUTHORS
        async with room.join("Tom", person="tom") as tom:
            assert await ask(room, director, tom) == AUTHORS


async def test_what_was_heard_is_the_same_after_the_talk_was_made_anew_from_the_log() -> None:
    async with tea_room() as (room, director), room.join("Tom") as tom:
        await ask(room, director, tom)
        async with room.join("Ann") as ann:
            await ask(room, director, ann, "Oskar, are you religious?")
            visits = visits_of(room.state)
            people = room.state.here("player")

            def heard() -> list[list[str]]:
                return [director.parts["character:oskar"].talk.said_to([who], visits) for who in people]

            before = heard()
            await director.parts.rebuild()
            assert heard() == before
            assert AUTHORS in before[0]
            assert AUTHORS not in before[1]
            assert len(before[1]) == 2


async def test_a_model_does_not_copy_what_it_said_to_another() -> None:
    """Its own lines stand in its prompt, whoever heard them."""
    async with tea_room() as (room, director):
        async with room.join("Tom") as tom:
            await ask(room, director, tom, "Oskar, which of these cups has the thinnest handle?")
        async with room.join("Ann"):
            await director.settled()
            part, model = director.parts["character:oskar"], director._model()
            harness = await director._harness_of(room.world.character("character:oskar"))
            turn = TurnContext("t1", room, part, Occasion("said", 1, "player:ann"), model, harness)
            assert MODELS in guard_rules(turn).earlier
            assert MODELS not in guard_rules(turn, recites=True).earlier
