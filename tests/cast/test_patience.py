"""Who thinks for long may be helped out: the author's lines answer, when whoever called for the turn asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from types import SimpleNamespace

import orjson
import pytest

from openroom.cast.director import DirectorSettings
from openroom.cast.patience import Patience
from openroom.core.action import Leave
from openroom.core.event import Used
from openroom.models.scripted import Hang, ScriptedModel
from openroom.models.understudy.understudy import Understudy
from openroom.ports.model import Delta, ModelInfo, ModelRequest, Usage
from tests.cast.talking import BOSS, reply, said, signals
from tests.waiting import until

SOON = DirectorSettings(greet=False, react_ms=0, typing_ms=50, patience_ms=1)
NEVER = replace(SOON, patience_ms=0)


class Slow:
    """A model that says its line once it is let, and tells meanwhile how much of the prompt it has read."""

    def __init__(self, kind: str = "local") -> None:
        self.info = ModelInfo("slow", kind)  # type: ignore[arg-type]
        self.go, self.asked = asyncio.Event(), list[ModelRequest]()
        self.given_up = 0

    async def stream(self, request: ModelRequest) -> AsyncIterator[Delta | Usage]:
        if request.purpose == "warm":
            yield Usage()
            return
        self.asked.append(request)
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        yield Delta('{"say": "There you are at last. ')
        yield Delta('Sit down."}')
        yield Usage()


def choice(room) -> str | None:
    return room.turns[0].get("choice") if room.turns else None


async def test_after_a_while_who_asked_may_have_the_authors_lines_instead(open_lobby):
    model, results = Slow(), []
    async with open_lobby(model, autoplay=SOON) as lobby:
        lobby.results = lambda _turn, result: results.append(result)
        room = await lobby.open("parlour")
        async with room.join("Ann", person="1") as ann, room.join("Ben", person="2") as ben:
            ear = room.subscribe(ann.actor, lambda: None, epoch=room.epoch, after=room.seq)
            await ann.say("Vera, good evening.")
            await until(lambda: choice(room) == ann.id and model.asked)
            turn = room.turns[0]["turn"]
            assert not room.recite(ben.actor, turn), "Ben did not ask"
            assert not room.recite(ann.actor, "t0-vera"), "another turn"
            assert room.recite(ann.actor, turn)
            assert not room.recite(ann.actor, turn), "once is enough"
            await lobby.directors["parlour"].settled()
            lines = await said(room)
            told = signals(ear)
    assert [who for who, _ in lines] == [ann.id, "character:vera"]
    assert model.given_up == 1
    assert [m["phase"] for m in told][:2] == ["thinking", "thinking"]
    assert [m["phase"] for m in told][-1] == "done"
    assert told[1]["choice"] == ann.id
    (result,) = results
    assert result.recited
    assert result.is_written, "it says nothing about the version that was to play"


async def test_who_waits_gets_the_models_words_and_then_there_is_no_choice(open_lobby):
    model = Slow()
    async with open_lobby(model, autoplay=SOON) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            await ann.say("Vera?")
            await until(lambda: choice(room))
            turn = room.turns[0]["turn"]
            model.go.set()
            await lobby.directors["parlour"].settled()
            assert not room.recite(ann.actor, turn)
            assert ("character:vera", "There you are at last. Sit down.") in await said(room)


async def test_once_a_sentence_is_shown_nothing_takes_its_place(open_lobby):
    model = ScriptedModel([("", Hang('{"say": "One thing first. Then anoth'))])
    async with open_lobby(model, autoplay=SOON) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            await ann.say("Vera?")
            await until(lambda: room.turns and room.turns[0].get("text"))
            assert "choice" not in room.turns[0]
            assert not room.recite(ann.actor, room.turns[0]["turn"])
            assert room.stop(ann.actor)


async def test_what_was_asked_for_is_done_by_the_author_s_lines_too(open_lobby):
    async with open_lobby(Slow(), autoplay=SOON) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            await ann.say("Vera, light the lamp, please.")
            await until(lambda: choice(room))
            assert room.recite(ann.actor, room.turns[0]["turn"])
            await lobby.directors["parlour"].settled()
            assert [event.prop for event in await room.recent(20) if isinstance(event, Used)] == ["lamp"]


async def test_who_runs_the_room_may_choose_too(open_lobby):
    async with open_lobby(Slow(), autoplay=SOON) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann", person="1") as ann, room.join("Ben", person="2") as ben:
            await ann.say("Vera?")
            await until(lambda: choice(room) == ann.id)
            turn = room.turns[0]["turn"]
            assert not room.recite(BOSS, turn), "not here as a player"
            assert not room.recite(ben.actor, turn)
            assert room.recite(replace(ben.actor, owner=True), turn)
            await lobby.directors["parlour"].settled()


async def test_anybody_may_choose_where_who_asked_has_left(open_lobby):
    async with open_lobby(Slow(), autoplay=SOON) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann", person="1") as ann, room.join("Ben", person="2") as ben:
            await ann.say("Vera?")
            await until(lambda: choice(room) == ann.id)
            turn = room.turns[0]["turn"]
            await room.submit(ann.actor, Leave())
            assert room.recite(ben.actor, turn)
            await lobby.directors["parlour"].settled()
            assert [who for who, _ in await said(room)] == [ann.id, "character:vera"]


async def test_of_a_whisper_only_the_whisperer_is_asked(open_lobby):
    async with open_lobby(Slow(), autoplay=SOON) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann", person="1") as ann, room.join("Ben", person="2") as ben:
            ears = [room.subscribe(one.actor, lambda: None, epoch=room.epoch, after=room.seq) for one in (ann, ben)]
            heard: list[list[dict]] = [[], []]
            await ann.say("A word, Vera.", to=["character:vera"])

            def asked() -> bool:
                for ear, mine in zip(ears, heard, strict=True):
                    mine += [m for m in (orjson.loads(f.data) for f in ear.poll()) if m.get("signal") == "turn"]
                return any("choice" in m for m in heard[0])

            await until(asked)
            turn = heard[0][-1]["turn"]
            assert heard[1] == []
            assert not room.recite(ben.actor, turn)
            assert room.recite(ann.actor, turn)
            await lobby.directors["parlour"].settled()


async def test_stop_after_the_choice_leaves_no_line(open_lobby):
    async with open_lobby(Slow(), autoplay=SOON) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            await ann.say("Vera?")
            await until(lambda: choice(room))
            assert room.recite(ann.actor, room.turns[0]["turn"])
            assert room.stop(ann.actor)
            await lobby.directors["parlour"].settled()
            assert [who for who, _ in await said(room)] == [ann.id]


@pytest.mark.parametrize("settings", [SOON, NEVER])
async def test_the_understudy_is_not_waited_for(open_lobby, settings):
    async with open_lobby(Understudy() if settings is SOON else Slow(), autoplay=settings) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            ear = room.subscribe(ann.actor, lambda: None, epoch=room.epoch, after=room.seq)
            await ann.say("Vera?")
            await until(lambda: room.turns or lobby.directors["parlour"].idle)
            room.stop(ann.actor)
            await lobby.directors["parlour"].settled()
            assert not any("choice" in m for m in signals(ear))


async def test_how_much_of_the_prompt_has_been_read_is_told_in_steps(open_lobby):
    model = Slow()
    async with open_lobby(model, autoplay=NEVER) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            ear = room.subscribe(ann.actor, lambda: None, epoch=room.epoch, after=room.seq)
            await ann.say("Vera?")
            await until(lambda: model.asked)
            reading = model.asked[0].reading
            assert reading is not None
            for done in (0, 10, 11, 12, 40, 100, 101):
                reading(done, 100)
            assert room.turns[0]["read"] == 100
            model.go.set()
            await lobby.directors["parlour"].settled()
            assert [m["read"] for m in signals(ear) if "read" in m] == [10, 40, 100]
            reading(50, 100)  # too late: nobody is told
            assert signals(ear) == []


class Timers:
    """Stands in for the loop: what was to be called later, and after how many seconds."""

    def __init__(self) -> None:
        self.due: list[tuple[float, Callable[[], None]]] = []

    def call_later(self, seconds: float, then: Callable[[], None]) -> SimpleNamespace:
        self.due.append((seconds, then))
        return SimpleNamespace(cancel=self.due.clear)


@pytest.mark.parametrize(("read", "looks"), [(None, [4, 8]), (10, [4]), (80, [4, 8])])
def test_where_little_of_the_prompt_has_been_read_the_choice_comes_sooner(monkeypatch, read, looks):
    timers, asked = Timers(), []
    monkeypatch.setattr("asyncio.get_running_loop", lambda: timers)
    occasion = SimpleNamespace(person="player:1", by="player:1")
    room = SimpleNamespace(state=SimpleNamespace(is_here=lambda who: who == "player:1"))
    turn = SimpleNamespace(read=read, waited_for=True, offer_choice=asked.append, trigger=occasion, room=room)
    with Patience(turn, 12_000):
        for seconds in looks:
            assert asked == []
            ((after, then),) = timers.due
            assert after == pytest.approx(seconds)
            timers.due.clear()
            then()
        assert asked == ["player:1"]
        assert timers.due == []


def test_it_is_looked_again_at_a_turn_that_has_not_asked_its_model_yet_and_never_after_its_end(monkeypatch):
    timers = Timers()
    monkeypatch.setattr("asyncio.get_running_loop", lambda: timers)
    with Patience(SimpleNamespace(read=None, waited_for=False, phase="thinking"), 12_000):
        for _ in range(3):
            ((_, then),) = timers.due
            timers.due.clear()
            then()
        assert len(timers.due) == 1
    assert timers.due == []


async def test_a_prompt_says_how_much_of_it_stays_as_it_is(open_lobby):
    model = ScriptedModel([("", reply("Line."))])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            await ann.say("Vera, good evening.")
            await lobby.directors["parlour"].settled()
            await ann.say("Vera, and the lamp?")
            await lobby.directors["parlour"].settled()
    first, *_, last = model.requests
    assert 0 < first.stable < len(first.messages)
    assert first.messages[: first.stable] == last.messages[: last.stable]
    assert not any("Ann" in message.content for message in first.messages[: first.stable])
    assert first.opening
    assert first.messages[first.stable].content.startswith(f"{first.opening}\n")
    assert first.opening == last.opening


async def test_each_slow_line_has_its_choice(open_lobby):
    model = Slow()
    async with open_lobby(model, autoplay=SOON) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            for number, line in enumerate(("Vera?", "Vera, are you there?", "Vera, good evening.")):
                await ann.say(line)
                await until(lambda: choice(room) == ann.id)
                if number % 2:
                    model.go.set()
                else:
                    assert room.recite(ann.actor, room.turns[0]["turn"])
                await lobby.directors["parlour"].settled()
                model.go.clear()
            assert len([who for who, _ in await said(room) if who == "character:vera"]) == 3


async def test_the_choice_comes_too_where_what_is_asked_takes_long_to_put_together(open_lobby, monkeypatch):
    """On a busy machine, that is; there the model was not even asked."""
    model, recalls = Slow(), []

    async def note_memories(turn, memory):
        recalls.append(turn.id)
        await asyncio.Event().wait()

    monkeypatch.setattr("openroom.cast.turn.compose.note_memories", note_memories)
    async with open_lobby(model, autoplay=SOON) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            await ann.say("Vera, light the lamp, please.")
            await until(lambda: choice(room) == ann.id)
            assert room.recite(ann.actor, recalls[0])
            await lobby.directors["parlour"].settled()
            assert [event.prop for event in await room.recent(20) if isinstance(event, Used)] == ["lamp"]
    assert model.asked == []
