"""The room: one door, one writer, numbered events, and cursors that miss nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from openroom.core.action import Configure, Enter, Erase, Feel, Leave, Rate, Remove, Reset, Rewind, Say, Unban, Use
from openroom.core.actor import SYSTEM, Actor
from openroom.core.apply import replay
from openroom.core.event import Said, dump
from openroom.core.prop import Refusal
from openroom.errors import RefusedError, RoomClosed, StoreError
from openroom.models.scripted import ScriptedModel
from openroom.room.room import Room
from openroom.room.writer import Receipt
from openroom.store.inmemory import MemoryStore
from openroom.store.open import open_store
from tests.waiting import rung, until

ANN = Actor("player:ann", "player", "Ann")
BEN = Actor("player:ben", "player", "Ben")
BOSS = Actor("player:boss", "operator", "Boss")


def decoded(frames):
    import orjson

    return [orjson.loads(frame.data) for frame in frames]


async def enter(room: Room, *actors: Actor) -> None:
    for actor in actors:
        assert isinstance(await room.submit(actor, Enter(name=actor.name)), Receipt)


async def test_two_grabs_of_one_thing_have_one_winner(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BEN)
        light = Use(prop="lamp", verb="light")
        answers = await asyncio.gather(*(room.submit(who, light) for who in (ANN, BEN)))
        assert [isinstance(answer, Receipt) for answer in answers].count(True) == 1
        (refusal,) = [answer for answer in answers if isinstance(answer, Refusal)]
        assert refusal.reason == "precondition"
        assert room.state.props["lamp"]["state"]["lit"] is True


async def test_events_are_numbered_without_gaps_and_replay_to_the_same_state(open_lobby):
    store = MemoryStore()
    async with open_lobby(store=store) as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        for n in range(5):
            await room.submit(ANN, Say(text=f"line {n}"))
            await room.submit(ANN, Use(prop="lamp", verb="put_out" if n % 2 else "light"))
        events = await store.events("parlour")
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        assert replay(events) == room.state


async def test_a_retry_with_the_same_cause_is_harmless_even_after_a_restart(open_lobby):
    store = MemoryStore()
    async with open_lobby(store=store) as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        first, second = await asyncio.gather(*(room.submit(ANN, Say(text="Once."), cause="c1") for _ in range(2)))
        assert first == second
        await lobby.directors["parlour"].settled()
        seq = room.seq
    async with open_lobby(store=store) as lobby:
        room = await lobby.open("parlour")
        assert await room.submit(ANN, Say(text="Once."), cause="c1") == first
        assert room.seq == seq


async def test_a_restart_brings_room_talk_and_state_back(open_lobby):
    store = MemoryStore()
    async with open_lobby(store=store) as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        await room.submit(ANN, Use(prop="lamp", verb="light"))
        await room.submit(ANN, Say(text="Nice lamp."))
        await lobby.directors["parlour"].settled()
        before = room.state
    async with open_lobby(store=store) as lobby:
        room = await lobby.open("parlour")
        assert room.state == before
        log = await room.log(ANN.id)
        assert [event["kind"] for event in log] == ["entered", "used", "said", "said"]


async def test_a_failed_commit_leaves_nothing_behind(open_lobby, monkeypatch):
    store = MemoryStore()
    async with open_lobby(store=store) as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        before = room.state

        async def full(room_id, events):
            raise StoreError("the disk is full")

        with monkeypatch.context() as patched:
            patched.setattr(store, "append", full)
            with pytest.raises(StoreError):
                await room.submit(ANN, Say(text="Lost?"))
        assert room.state == before
        assert isinstance(await room.submit(ANN, Say(text="Kept.")), Receipt)
        assert room.seq == before.seq + 1


async def test_resume_gives_exactly_the_gap(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BEN)
        first = room.subscribe(ANN, lambda: None)
        assert first.behind
        await first.catch_up()
        (snapshot,) = decoded(first.poll())
        assert snapshot["type"] == "snapshot"
        first.close()
        for n in range(5):
            await room.submit(BEN, Say(text=f"{n}"))
        again = room.subscribe(ANN, lambda: None, epoch=room.epoch, after=snapshot["seq"])
        assert not again.behind
        messages = [m for m in decoded(again.poll()) if m["type"] == "event"]
        assert [m["event"]["seq"] for m in messages] == list(range(snapshot["seq"] + 1, room.seq + 1))
        stranger = room.subscribe(ANN, lambda: None, epoch="another", after=snapshot["seq"])
        assert stranger.behind


async def test_a_cursor_that_the_ring_has_lost_reads_the_log(open_lobby, monkeypatch):
    monkeypatch.setattr("openroom.room.feed.RING", 8)
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        room._feed._ring = type(room._feed._ring)(room._feed._ring, maxlen=8)
        await enter(room, ANN, BEN)
        seen = room.seq
        slow = room.subscribe(ANN, lambda: None, epoch=room.epoch, after=seen)
        for n in range(30):
            await room.submit(BEN, Say(text=f"{n}"))
        assert slow.behind
        got = []
        while slow.pending:
            if slow.behind:
                await slow.catch_up()
            got += decoded(slow.poll())
        assert [m["event"]["seq"] for m in got if m["type"] == "event"] == list(range(seen + 1, room.seq + 1))


async def test_a_whisper_is_a_bare_seq_to_everybody_else(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BEN)
        ear = room.subscribe(BEN, lambda: None, epoch=room.epoch, after=room.seq)
        await room.submit(ANN, Say(text="psst, the swordfish", to=["character:vera"]))
        (message,) = decoded(ear.poll())
        assert message == {"type": "event", "event": {"seq": room.seq}}
        assert "swordfish" not in str(await room.snapshot(BEN.id))
        assert "swordfish" in str(await room.snapshot(ANN.id))


async def test_who_comes_late_did_not_hear_what_was_said_before(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        await room.submit(ANN, Say(text="before you came"))
        await enter(room, BEN)
        await room.submit(ANN, Say(text="now you hear"))
        snapshot = str(await room.snapshot(BEN.id))
        assert "before you came" not in snapshot
        assert "now you hear" in snapshot


async def test_a_lost_connection_leaves_after_the_grace_and_not_before(open_lobby):
    async with open_lobby(grace_ms=60) as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        first = room.subscribe(ANN, lambda: None)
        first.close()
        second = room.subscribe(ANN, lambda: None)
        await rung(0.12)
        assert room.state.is_here(ANN.id)
        second.close()
        await until(lambda: not room.state.is_here(ANN.id))
        (left,) = [event for event in await room.recent(10) if event.kind == "left"]
        assert left.how == "lost"


async def test_a_timer_runs_out_by_itself(open_lobby, clock):
    async with open_lobby(clock=clock) as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        await room.submit(ANN, Use(prop="lamp", verb="fuse"))
        assert room.state.hidden["timers"]
        clock.now += 29_000
        room._alarm.arm(room.state)
        await rung(0.02)
        assert room.state.props["lamp"]["state"]["lit"] is False
        clock.now += 1_500
        room._alarm.arm(room.state)
        await until(lambda: room.state.props["lamp"]["state"]["lit"])
        assert not room.state.hidden["timers"]


async def test_a_rewind_takes_state_and_story_back_and_the_log_goes_on(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BOSS)
        await room.submit(ANN, Say(text="kept"))
        mark = room.seq
        await room.submit(ANN, Use(prop="lamp", verb="light"))
        await room.submit(ANN, Say(text="undone"))
        refused = await room.submit(ANN, Rewind(to=mark))
        assert isinstance(refused, Refusal)
        assert refused.reason == "not_allowed"
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
        before = [await room._event(seq) for seq in theirs]
        pages = [room.state.props["diary"]["state"]["entries"][key] for key in ("e1", "e2", "e4")]
        await room.submit(BOSS, Rewind(to=theirs[-1]))
        assert isinstance(await room.submit(ANN, Erase(seq=mine)), Receipt)

        async def erased() -> bool:
            return (await room._event(mine)).erased

        await until(erased)
        assert list(room.state.props["diary"]["state"]["entries"].values()) == pages
        assert [await room._event(seq) for seq in theirs] == before
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
            return (await room._event(seq)).erased

        await until(erased)
        store.failing = True
        await room.close()
        assert room.closed
        store.failing = False


async def test_the_owner_shows_somebody_the_door_and_the_ban_holds(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.create("parlour", ANN)
        await enter(room, ANN, BEN)
        assert isinstance(await room.submit(BEN, Remove(who=ANN.id)), Refusal)
        await room.submit(ANN, Remove(who=BEN.id, ban=True, reason="rude"))
        assert not room.state.is_here(BEN.id)
        again = await room.submit(BEN, Enter(name="Ben"))
        assert isinstance(again, Refusal)
        assert again.reason == "banned"
        await room.submit(ANN, Unban(who=BEN.id))
        await enter(room, BEN)


async def test_spectators_watch_and_a_stranger_can_do_nothing(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await room.submit(BEN, Enter(name="Ben", watch=True))
        for actor, reason in ((BEN, "watching"), (ANN, "not_here")):
            answer = await room.submit(actor, Say(text="hello"))
            assert isinstance(answer, Refusal)
            assert answer.reason == reason


async def test_a_rating_is_kept_and_seen_by_nobody_else(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BEN)
        await room.submit(ANN, Say(text="Vera, hello"))
        await lobby.directors["parlour"].settled()
        (reply,) = [e for e in await room.recent(10) if isinstance(e, Said) and e.actor == "character:vera"]
        (rated,) = (await room.submit(ANN, Rate(seq=reply.seq, value=-1, reason="too curt"))).seqs
        assert isinstance(await room.submit(ANN, Rate(seq=rated, value=1)), Refusal)
        assert "too curt" not in str(await room.snapshot(BEN.id))
        assert "too curt" in str(await room.snapshot(ANN.id))


async def test_names_tell_people_apart_and_an_id_is_not_a_name(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        await room.submit(Actor("player:other", "player"), Enter(name="ann"))
        names = [room.state.name(who) for who in room.state.here("player")]
        assert names == ["Ann", "ann 2"]


async def test_a_private_room_lets_its_owner_close_the_door(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.create("parlour", ANN)
        await enter(room, ANN)
        await room.submit(ANN, Configure(open=False))
        answer = await room.submit(BEN, Enter(name="Ben"))
        assert isinstance(answer, Refusal)
        assert answer.reason == "closed_door"


async def test_a_closed_room_takes_nothing_more(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await room.close()
        with pytest.raises(RoomClosed):
            await room.submit(SYSTEM, Leave())


async def test_a_session_raises_what_was_refused_and_streams_what_is_perceived(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        async with room.join("Ann", person="ann") as ann:
            with pytest.raises(RefusedError) as caught:
                await ann.use("lamp", "put_out")
            assert caught.value.reason == "precondition"
            await ann.say("hello")
            await ann.act(Feel(emotion="happy"))
            seen = []
            async for event in ann.events():
                seen.append(event["kind"])
                if event["kind"] == "felt":
                    break
        assert not room.state.is_here(ann.id)
        assert seen == ["entered", "said", "felt"], "what happened before the first look is not missed"


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


async def test_signals_of_an_absence_are_not_made_up_for(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, BEN)
        last = room.seq
        await room.submit(BEN, Leave())
        room.emit({"signal": "turn", "turn": "t", "phase": "speaking", "text": "said while he was away"})
        await enter(room, BEN)
        subscription = room.subscribe(BEN, lambda: None, epoch=room.epoch, after=last)
        assert "away" not in str(decoded(subscription.take().frames))
        room.emit({"signal": "turn", "turn": "t", "phase": "speaking", "text": "said to his face"})
        assert "to his face" in str(decoded(subscription.take().frames))


async def test_what_is_being_said_is_not_shown_to_who_is_not_in_the_room(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN)
        room.cast.turns = lambda: [{"turn": "t", "text": "half a sentence"}]
        assert (await room.snapshot(ANN.id))["turns"]
        assert (await room.snapshot(BEN.id))["turns"] == []


async def test_a_signal_is_one_that_clients_know(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        with pytest.raises(ValueError, match="expected one of the signals closing, model, turn, typing, came 'gong'"):
            room.emit({"signal": "gong", "text": "Bong."})


async def test_a_snapshot_holds_those_present_and_those_named_in_it(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, BOSS)
        for number in range(30):
            async with room.join("Ann", person=f"v{number}") as ann:
                if number % 3 == 0:
                    await ann.say(f"I am number {number}.")
        await enter(room, BEN)
        assert len(room.state.people) == 2 + 2 + 10, "the cast, who is here, and who spoke"
        assert set((await room.snapshot(BEN.id))["state"]["people"]) == {
            *room.state.here(),
        }, "who has just come has heard nobody"
        told = (await room.snapshot(BOSS.id))["state"]["people"]
        assert {person["name"] for person in told.values()} >= {"Ann", "Ann 2", "Ann 10"}
        assert replay(await room.store.events(room.id)) == room.state


async def test_a_room_of_before_forgets_its_visitors_when_the_next_one_comes(open_lobby):
    store = MemoryStore()
    async with open_lobby(store=store) as lobby:
        room = await lobby.open("parlour")

        async def everybody() -> set[str]:
            return set(room.state.people)

        room._writer._desk = replace(room._writer._desk, named=everybody)  # as it was before
        for number in range(30):
            async with room.join("Ann", person=f"v{number}"):
                pass
        assert len(room.state.people) == 32
        before = room.state
    async with open_lobby(store=store) as lobby:
        room = await lobby.open("parlour")
        assert room.state == before, "an old log folds to what it was"
        await enter(room, BEN)
        assert len(room.state.people) == 3
