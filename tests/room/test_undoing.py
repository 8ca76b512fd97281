"""What is wound back, begun again or erased is gone wherever it was kept."""

from __future__ import annotations

import asyncio

import pytest

from openroom.core.action import Enter, Erase, Reset, Rewind, Say, Use
from openroom.core.actor import Actor
from openroom.core.apply import replay
from openroom.core.event import Said, dump
from openroom.core.prop import Refusal
from openroom.errors import StoreError
from openroom.memory.local import LocalMemory
from openroom.models.scripted import ScriptedModel
from openroom.room.writer import Receipt
from openroom.store.inmemory import MemoryStore
from openroom.store.open import open_store
from tests.room.people import ANN, BEN, BOSS, decoded, enter
from tests.waiting import until


async def test_a_rewind_takes_state_and_story_back_and_the_log_goes_on(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BOSS)
        await room.submit(ANN, Say(text="kept"))
        mark = room.seq
        await room.submit(ANN, Use(prop="lamp", verb="light"))
        await room.submit(ANN, Say(text="undone"))
        await room.submit(BOSS, Say(text="undone, too"))
        refused = await room.submit(ANN, Rewind(to=mark))
        assert isinstance(refused, Refusal)
        assert refused.reason == "not_allowed", "the words of others are not for everybody to undo"
        await room.submit(BOSS, Rewind(to=mark))
        assert room.state.props["lamp"]["state"]["lit"] is False
        await room.submit(ANN, Say(text="after"))
        assert [e.text for e in await room.recent(100) if isinstance(e, Said)] == ["kept", "after"]
        events = await room.store.events("parlour")
        assert replay(events) == room.state
        assert events[-1].parent == mark


async def test_a_reset_begins_again_and_people_stay(open_lobby):
    async with open_lobby() as lobby:
        owner = Actor("player:ann", "player", "Ann")
        room = await lobby.create("parlour", owner, title="Ann's", open=False)
        await enter(room, ANN)
        shut = await room.submit(BEN, Enter(name="Ben"))
        assert isinstance(shut, Refusal)
        assert shut.reason == "closed_door"
        await room.submit(ANN, Use(prop="lamp", verb="light"))
        assert isinstance(await room.submit(ANN, Reset()), Receipt)
        assert room.state.props["lamp"]["state"]["lit"] is False
        assert room.state.is_here(ANN.id)
        assert "open" not in room.state.shared["run"], "the door stays as it was"


async def test_erased_words_leave_log_ring_and_snapshot(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BEN)
        (seq,) = (await room.submit(ANN, Say(text="my secret plan"))).seqs
        refused = await room.submit(BEN, Erase(seq=seq))
        assert isinstance(refused, Refusal)
        await room.submit(ANN, Erase(seq=seq))

        async def erased() -> bool:
            (event,) = await room.store.events("parlour", after=seq - 1, until=seq)
            return event.erased and event.text == ""

        await until(erased)
        assert "secret plan" not in str(await room.snapshot(BEN.id))
        assert replay(await room.store.events("parlour")) == room.state


@pytest.mark.parametrize("kept", ["in memory", "on disk"])
async def test_an_erased_page_leaves_diary_log_ring_snapshots_and_prompts(open_lobby, tmp_path, kept):
    store = MemoryStore() if kept == "in memory" else await open_store(f"sqlite+aiosqlite:///{tmp_path / 'room.db'}")
    model = ScriptedModel([("", {"say": "Hm.", "emotion": "calm", "do": []})])
    async with open_lobby(model, store=store) as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BEN, BOSS)
        page = Use(prop="diary", verb="write", args={"text": "Otto is a thief and a liar."})
        answer = await room.submit(ANN, page)
        assert isinstance(answer, Receipt), answer
        (seq,) = answer.seqs
        await store.save_snapshot(room.id, room.state)
        await room.submit(BOSS, Rewind(to=seq))
        await room.submit(BEN, Say(text="Vera, hello."))
        await lobby.directors["parlour"].settled()
        assert "a thief" in model.prompts[-1], "she reads what lies open"
        assert isinstance(await room.submit(BEN, Erase(seq=seq)), Refusal)
        assert isinstance(await room.submit(BOSS, Erase(seq=seq)), Receipt)
        await room.submit(BEN, Say(text="Vera, and now?"))
        await lobby.directors["parlour"].settled()
        assert "a thief" not in model.prompts[-1]
        subscription = room.subscribe(BEN, lambda: None, epoch=room.epoch, after=seq - 1)
        assert "thief" not in str(decoded(subscription.take().frames))
        assert "thief" not in str(await room.snapshot(BEN.id))
        log = await store.events(room.id)
        assert "thief" not in str([dump(event) for event in log])
        assert replay(log) == room.state
        assert "thief" not in str(await store.latest(room.id, until=seq))
        assert replay(log[seq:], await store.latest(room.id, until=seq)) == room.state
    if kept == "on disk":
        await store.close()
        assert not [file for file in tmp_path.iterdir() if b"a thief" in file.read_bytes()]


@pytest.mark.parametrize("kept", ["in memory", "on disk"])
async def test_one_s_own_erase_leaves_what_others_wrote_as_it_is(open_lobby, tmp_path, kept):
    store = MemoryStore() if kept == "in memory" else await open_store(f"sqlite+aiosqlite:///{tmp_path / 'room.db'}")
    async with open_lobby(store=store) as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BEN, BOSS)

        async def write(actor, text):
            (seq,) = (await room.submit(actor, Use(prop="diary", verb="write", args={"text": text}))).seqs
            return seq

        theirs = [await write(BEN, "Dear diary, it rains."), await write(BOSS, "Dear diary")]
        mine = await write(ANN, "Dear diary")
        theirs.append(await write(BEN, "Dear diary"))
        await store.save_snapshot(room.id, room.state)
        before = [await room.event(seq) for seq in theirs]
        pages = [room.state.props["diary"]["state"]["entries"][key] for key in ("e1", "e2", "e4")]
        await room.submit(BOSS, Rewind(to=theirs[-1]))
        assert isinstance(await room.submit(ANN, Erase(seq=mine)), Receipt)

        async def erased() -> bool:
            return (await room.event(mine)).erased

        await until(erased)
        assert list(room.state.props["diary"]["state"]["entries"].values()) == pages
        assert [await room.event(seq) for seq in theirs] == before
        log = await store.events(room.id)
        assert replay(log) == room.state
        shot = await store.latest(room.id, until=theirs[-1])
        assert replay(log[shot.seq :], shot) == room.state
        await room.submit(BOSS, Rewind(to=theirs[-1]))
        entries = room.state.props["diary"]["state"]["entries"]
        assert {key: page["text"] for key, page in entries.items()} == {
            "e1": "Dear diary, it rains.",
            "e2": "Dear diary",
            "e3": "…",
            "e4": "Dear diary",
        }
    if kept == "on disk":
        await store.close()


async def test_a_rewind_right_after_does_not_bring_erased_words_back(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BOSS)
        pages = [
            Use(prop="diary", verb="write", args={"text": f"Otto is a {word}."}) for word in ("thief", "liar", "fool")
        ]
        seqs = [(await room.submit(ANN, page)).seqs[0] for page in pages]
        strike = room.store.strike

        async def slowly(*given):
            for _ in range(100):  # while the others go on
                await asyncio.sleep(0)
            return await strike(*given)

        room.store.strike = slowly
        erased = [room.submit(BOSS, Erase(seq=seq)) for seq in seqs[:2]]
        await asyncio.gather(*erased, room.submit(BOSS, Rewind(to=seqs[-1])))
        assert [word for word in ("thief", "liar", "fool") if word in str(room.state.shared)] == ["fool"]
        assert replay(await room.store.events("parlour")) == room.state


class Failing(MemoryStore):
    """A store that fails while it is told to."""

    failing = False

    async def append(self, room, events):
        self._may()
        await super().append(room, events)

    async def erase(self, room, seq):
        self._may()
        await super().erase(room, seq)

    async def save_snapshot(self, room, state):
        self._may()
        await super().save_snapshot(room, state)

    def _may(self):
        if self.failing:
            raise StoreError("Could not write: database is locked.")


async def test_what_nobody_asks_for_again_is_done_when_the_store_is_back(open_lobby, clock, monkeypatch):
    for module in ("erasing", "room"):
        monkeypatch.setattr(f"openroom.room.{module}.AGAIN_SECONDS", 0)
    store = Failing()
    async with open_lobby(store=store, clock=clock, grace_ms=0) as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BEN)
        (seq,) = (await room.submit(ANN, Say(text="my secret plan"))).seqs
        await room.submit(ANN, Use(prop="lamp", verb="light"))
        await room.submit(ANN, Erase(seq=seq))
        store.failing = True
        room.subscribe(BEN, lambda: None).close()
        for _ in range(20):
            await asyncio.sleep(0)
        assert room.state.is_here(BEN.id)
        assert "secret plan" not in str(await room.snapshot(ANN.id))
        store.failing = False
        await until(lambda: not room.state.is_here(BEN.id))

        async def erased() -> bool:
            return (await room.event(seq)).erased

        await until(erased)
        store.failing = True
        await room.close()
        assert room.closed
        store.failing = False


async def test_what_was_undone_or_erased_is_not_remembered(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        director = lobby.directors["parlour"]
        await enter(room, ANN, BOSS)
        await room.submit(ANN, Say(text="Vera, my name is Ann and I live in Lyon."))
        await director.settled()
        mark = room.seq
        await room.submit(ANN, Say(text="Vera, I keep a tortoise named Moss."))
        await director.settled()
        (seq,) = (await room.submit(ANN, Say(text="I am a locksmith."))).seqs
        await room.submit(ANN, Erase(seq=seq))
        await director.settled()
        before = str(await lobby.memory.about("character:vera", ANN.id))
        assert "Lyon" in before
        assert "tortoise" in before
        assert "locksmith" not in before
        await room.submit(BOSS, Rewind(to=mark))

        async def remembered() -> str:
            return str(await lobby.memory.about("character:vera", ANN.id))

        async def forgotten() -> bool:
            return "tortoise" not in await remembered()

        await until(forgotten)
        assert "Lyon" in await remembered()


class _Slow(LocalMemory):
    """A memory that takes its time to write down what it has heard, until it may."""

    def __init__(self, *given):
        super().__init__(*given)
        self.begun, self.may = asyncio.Event(), asyncio.Event()

    async def witness(self, owner, lines, own_name="", persona=()):
        self.begun.set()
        await self.may.wait()
        return await super().witness(owner, lines, own_name, persona)


async def test_what_is_erased_while_it_is_being_remembered_is_forgotten_again(open_lobby, clock):
    store = MemoryStore()
    memory = _Slow(store.memories, clock)
    async with open_lobby(store=store, memory=memory) as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        (seq,) = (await room.submit(ANN, Say(text="I am a locksmith, and I live in Lyon."))).seqs
        await memory.begun.wait()
        before = memory.forgotten
        await room.submit(ANN, Erase(seq=seq))

        async def erased() -> bool:
            return (await store.events(room.id, after=seq - 1, until=seq))[0].erased is True

        await until(erased)
        memory.may.set()
        await lobby.directors[room.id].settled()
        assert await memory.about("character:vera", ANN.id) == []
        assert memory.forgotten > before, "what was recalled of it elsewhere goes, too"
