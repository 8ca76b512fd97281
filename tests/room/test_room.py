"""The room: one door, one writer, numbered events, and cursors that miss nothing."""

from __future__ import annotations

import asyncio

import pytest

from openroom.core.action import Choose, Edit, Feel, Leave, Say, Use
from openroom.core.actor import SYSTEM
from openroom.core.apply import replay
from openroom.core.prop import Refusal
from openroom.errors import RefusedError, RoomClosed, StoreError
from openroom.room.writer import Receipt
from openroom.store.inmemory import MemoryStore
from tests.room.people import ANN, BEN, decoded, enter
from tests.waiting import rung, until


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


async def test_who_was_away_while_the_story_went_another_way_gets_a_snapshot(open_lobby):
    async with open_lobby() as lobby:
        room = await lobby.open("parlour")
        await enter(room, ANN, BEN)
        line = (await room.submit(BEN, Say(text="One"))).seqs[0]
        await room.submit(BEN, Edit(seq=line, text="Two"))
        there = room.seq
        await room.submit(BEN, Choose(seq=line))
        away = room.subscribe(ANN, lambda: None, epoch=room.epoch, after=there)
        await away.catch_up()
        first, *rest = decoded(away.poll())
        assert first["type"] == "snapshot" and not [one for one in rest if one["type"] == "event"]
        assert next(one["text"] for one in first["log"] if one["kind"] == "said") == "One"
        assert first["moved"]["why"] == "choose"
        again = room.subscribe(ANN, lambda: None, epoch=room.epoch, after=room.seq)
        assert not again.behind


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
