"""Evenings that are long, are wound back, or lose their store: what stays in prompts and memory, and for whom."""

from __future__ import annotations

import asyncio
import itertools

from openroom.core.action import Configure, Enter, Erase, Leave, Reset, Rewind, Say, Use
from openroom.core.actor import Actor
from openroom.errors import StoreError
from openroom.models.scripted import Hang, ScriptedModel
from openroom.store.inmemory import MemoryStore
from tests.cast.talking import BOSS, common, fresh, reply, said, signals, spoke
from tests.waiting import until


async def test_the_prompt_of_a_long_evening_stays_bounded_and_its_start_stays_the_same(open_lobby):
    numbers = itertools.count()
    model = ScriptedModel([lambda _request: reply(f"That would be answer {next(numbers)}, as you wish.")])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            for n in range(200):
                await ann.say(f"Vera, this is question number {n}, about tea, trains, rain and the hours of the night.")
                await lobby.directors["parlour"].settled()
    sizes = [len(prompt) for prompt in model.prompts]
    assert max(sizes[180:]) <= 1.2 * max(sizes[15:25])
    heads = {request.messages[0].content for request in model.requests}
    assert len(heads) == 1
    pairs = list(zip(model.prompts, model.prompts[1:], strict=False))
    shared = sum(common(*pair) for pair in pairs) / sum(len(new) for _, new in pairs)
    assert shared >= 0.8, "a prefix cache holds nearly all of it, even with a system prompt as short as Vera's"


async def test_who_only_listens_has_a_bounded_prompt_too(open_lobby):
    model = ScriptedModel([fresh])
    async with open_lobby(model) as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann") as ann:
            for n in range(120):
                await ann.say(f"To nobody, thought number {n}: the night is long and the tea is getting cold.", to=None)
                lobby.directors["parlour"]._queue.clear()
            await lobby.directors["parlour"].settled()
            await ann.say("Otto, at last?")
            await lobby.directors["parlour"].settled()
            await ann.say("Otto, and again?")
            await lobby.directors["parlour"].settled()
    assert len(model.prompts[-1]) < 8000
    assert "and again?" in model.prompts[-1]


async def test_what_was_said_last_is_remembered_though_no_turn_ended_and_though_the_room_crashed(open_lobby):
    store = MemoryStore()
    async with open_lobby(ScriptedModel([fresh]), store=store) as lobby:
        room = await lobby.open("parlour")
        await room.submit(BOSS, Enter(name="Boss"))
        await room.submit(BOSS, Configure(responders="nobody"))
        await room.submit(BOSS, Say(text="I live in Lyon."))
        lobby.directors["parlour"].parts._unremembered.clear()  # as if the process had died here
    async with open_lobby(ScriptedModel([fresh]), store=store) as lobby:
        room = await lobby.open("parlour")
        await lobby.directors["parlour"].settled()
        assert "Lyon" in str(await lobby.memory.about("character:vera", BOSS.id))
        await room.submit(BOSS, Say(text="I keep a tortoise named Moss."))
    async with open_lobby(ScriptedModel([fresh]), store=store) as lobby:
        remembered = await lobby.memory.about("character:vera", BOSS.id)
        assert "Moss" in str(remembered)
        assert str(remembered).count("lives in Lyon") == 1, "what is remembered already is not remembered twice"


async def test_a_room_where_nobody_answers_does_not_hoard(open_lobby):
    async with open_lobby(ScriptedModel([fresh])) as lobby:
        room = await lobby.open("parlour")
        await room.submit(BOSS, Enter(name="Boss"))
        await room.submit(BOSS, Configure(responders="nobody"))
        for n in range(100):
            await room.submit(BOSS, Say(text=f"Thought {n} about the rain."))
        await lobby.directors["parlour"].settled()
        await room.submit(BOSS, Say(text="One thought more."))
        await lobby.directors["parlour"].settled()
        assert lobby.directors["parlour"].parts.unremembered < 50


class Flaky(MemoryStore):
    """A store that another program holds while ``locked``: nothing is written then, and what ``unread`` names is not
    read either."""

    locked = False
    unread: frozenset[str] = frozenset()

    async def append(self, room, events):
        if self.locked:
            raise StoreError("Could not write: database is locked.")
        await super().append(room, events)

    async def events(self, room, after=0, until=None, limit=None):
        if "events" in self.unread:
            raise StoreError("Could not read: disk I/O error.")
        return await super().events(room, after, until, limit)

    async def active(self, character):
        if "active" in self.unread:
            raise StoreError("Could not read: disk I/O error.")
        return await super().active(character)


async def test_a_store_that_fails_in_a_turn_fails_that_turn_only(open_lobby):
    store = Flaky()

    def locking(request):
        store.locked = not model.prompts[1:]
        return fresh(request)

    model = ScriptedModel([("", locking)])
    async with open_lobby(model, store=store) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await room.submit(BOSS, Enter(name="Boss"))
        subscription = room.subscribe(BOSS, lambda: None, epoch=room.epoch, after=room.seq)
        await room.submit(BOSS, Say(text="Vera, good evening."))
        await director.settled()
        (failed,) = [one for one in signals(subscription) if one["phase"] == "failed"]
        assert (failed["reason"], failed["retry"]) == ("store", True)
        assert "locked" not in failed["message"], "the store's own words are for the log"
        store.locked = False
        await room.submit(BOSS, Say(text="Vera, are you there?"))
        await director.settled()
        assert await spoke(room, "character:vera")


async def test_a_store_that_cannot_be_read_puts_a_turn_off_and_the_next_has_no_undone_words(open_lobby):
    store = Flaky()
    model = ScriptedModel([("", fresh)])
    async with open_lobby(model, store=store) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await room.submit(BOSS, Enter(name="Boss"))
        mark = room.seq
        await room.submit(BOSS, Say(text="Vera, the password is swordfish."))
        await director.settled()
        await room.submit(BOSS, Rewind(to=mark))
        store.unread = frozenset({"events"})
        subscription = room.subscribe(BOSS, lambda: None, epoch=room.epoch, after=room.seq)
        await room.submit(BOSS, Say(text="Vera, hello?"))
        await director.settled()
        assert [one["reason"] for one in signals(subscription) if one["phase"] == "failed"] == ["store"]
        store.unread = frozenset()
        await room.submit(BOSS, Say(text="Vera, and now?"))
        await director.settled()
        assert await spoke(room, "character:vera")
        assert "swordfish" not in model.prompts[-1]
        assert "hello?" in model.prompts[-1]


async def test_after_a_rewind_far_back_the_talk_of_then_is_there(open_lobby):
    model = ScriptedModel([("", fresh)])
    async with open_lobby(model) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await room.submit(BOSS, Enter(name="Boss"))
        await room.submit(BOSS, Configure(responders="nobody"))
        await room.submit(BOSS, Say(text="Vera, the boat is called Heron."))
        mark = room.seq
        for n in range(700):
            await room.submit(BOSS, Say(text=f"Something else, {n}."))
        await room.submit(BOSS, Rewind(to=mark))
        assert [event["text"] for event in await room.log(BOSS.id) if event["kind"] == "said"] == [
            "Vera, the boat is called Heron."
        ]
        await room.submit(BOSS, Configure(responders="natural"))
        await room.submit(BOSS, Say(text="Vera, what is it called?"))
        await director.settled()
        assert "Heron" in model.prompts[-1]
        assert "Something else" not in model.prompts[-1]
        await room.submit(BOSS, Reset())
        await room.submit(BOSS, Say(text="Vera, who am I?"))
        await director.settled()
        assert "Heron" not in model.prompts[-1]
        assert "who am I?" in model.prompts[-1]


async def test_a_branch_that_is_the_story_again_is_remembered_again_and_the_other_is_not(open_lobby):
    async with open_lobby(ScriptedModel([("", fresh)])) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await room.submit(BOSS, Enter(name="Boss"))
        mark = room.seq

        async def tell(text: str) -> int:
            await room.submit(BOSS, Say(text=text))
            await director.settled()
            return room.seq

        async def known() -> list[str]:
            await director.settled()
            facts = await lobby.memory.about("character:vera", BOSS.id)
            return [word for word in ("Lyon", "Oslo") if word in str(facts)]

        lyon = await tell("Vera, I live in Lyon.")
        await room.submit(BOSS, Rewind(to=mark))
        oslo = await tell("Vera, I live in Oslo.")
        assert await known() == ["Oslo"]
        await room.submit(BOSS, Rewind(to=lyon))
        assert await known() == ["Lyon"]
        await room.submit(BOSS, Rewind(to=oslo))
        assert await known() == ["Oslo"]
        await room.submit(BOSS, Reset())
        assert await known() == []


async def test_what_was_being_said_when_the_room_was_rewound_is_not_said(open_lobby):
    model = ScriptedModel([("", Hang('{"say": "The answer to what is undone is long, and'))])
    async with open_lobby(model) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await room.submit(BOSS, Enter(name="Boss"))
        mark = room.seq
        await room.submit(BOSS, Say(text="Vera, tell me all."))
        await until(lambda: director.busy and model.prompts)
        await room.submit(BOSS, Rewind(to=mark))
        await director.settled()
        assert await said(room) == []


async def test_a_line_that_comes_with_an_erasure_or_a_rewind_is_answered(open_lobby):
    async with open_lobby(ScriptedModel([("", fresh)])) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await room.submit(BOSS, Enter(name="Boss"))
        await room.submit(BOSS, Use(prop="lamp", verb="light"))
        (seq,) = (await room.submit(BOSS, Say(text="Never mind."))).seqs
        await director.settled()
        before = await said(room)
        await asyncio.gather(room.submit(BOSS, Erase(seq=seq)), room.submit(BOSS, Say(text="Vera, hello.")))
        await director.settled()
        answered = await said(room)
        assert len(answered) == len(before) + 2, "her answer too"
        await asyncio.gather(room.submit(BOSS, Rewind(to=seq)), room.submit(BOSS, Say(text="Vera, once more.")))
        await director.settled()
        assert [who for who, _ in await said(room)][-2:] == [BOSS.id, "character:vera"]


async def test_what_was_said_in_a_private_room_is_not_recalled_before_strangers(open_lobby):
    model = ScriptedModel([("", fresh)])
    async with open_lobby(model) as lobby:
        den = await lobby.create("parlour", BOSS, open=False)
        await den.submit(BOSS, Enter(name="Boss"))
        await den.submit(BOSS, Say(text="Vera, I live in Lyon."))
        await lobby.directors[den.id].settled()
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await room.submit(BOSS, Enter(name="Boss"))

        async def asked() -> str:
            await room.submit(BOSS, Say(text="Vera, where do I live?"))
            await director.settled()
            return model.prompts[-1]

        assert "Lyon" in await asked()
        async with room.join("Ben") as ben:
            assert "Lyon" not in await asked(), "also what was recalled before he came"
            await ben.say("Vera, where does Boss live?")
            await director.settled()
            assert "Lyon" not in model.prompts[-1]
        assert "Lyon" in await asked()


async def test_who_left_is_shown_nothing_that_was_said_afterwards(open_lobby):
    ann = Actor("player:ann", "player", "Ann")
    async with open_lobby(ScriptedModel([("", fresh)])) as lobby:
        room, director = await lobby.open("parlour"), lobby.directors["parlour"]
        await asyncio.gather(
            room.submit(ann, Enter(name="Ann")),
            room.submit(BOSS, Enter(name="Boss")),
            room.submit(ann, Say(text="Vera, I lost my umbrella.")),
            room.submit(ann, Leave()),
            room.submit(BOSS, Say(text="Vera, that woman is a fool.")),
        )
        await director.settled()
        seen = [one for one in await lobby.memory.about("character:vera", ann.id) if one.was_perceived_by(ann.id)]
        assert "umbrella" in str(seen)
        assert "fool" not in str([one.text for one in seen])


async def test_what_was_corrected_stands_in_no_talk_any_more_and_the_correction_does(open_lobby):
    model = ScriptedModel([("", fresh)])
    async with open_lobby(model) as lobby:
        ann = Actor("player:ann", "player", "Ann")
        here, there = await lobby.open("parlour"), await lobby.create("parlour", ann)

        async def asked(room, line: str) -> str:
            await room.submit(ann, Say(text=f"Vera, {line}"))
            await lobby.directors[room.id].settled()
            return model.prompts[-1]

        for room in (here, there):
            await room.submit(ann, Enter(name="Ann"))
        await asked(here, "I live in Lisbon.")
        assert "Ann lives in Lisbon" in await asked(there, "do you know where I live?")
        about = await lobby.memory.about("character:vera", "player:ann")
        (fact,) = [one for one in about if one.text == "Ann lives in Lisbon."]
        await lobby.memory.correct(fact.id, "Ann lives in Porto.")
        for room in (there, here):
            prompt = await asked(room, "and where do I live now?")
            assert "Ann lives in Porto" in prompt and "Ann lives in Lisbon" not in prompt
