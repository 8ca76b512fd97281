"""A game's code outlives the idling of a room, and whatever it does closes none."""

from __future__ import annotations

import asyncio
import gc
import weakref
from typing import Any

import pytest

from openroom.core.action import Configure, Enter, Leave, Say
from openroom.core.actor import Actor
from openroom.errors import RoomClosed, StoreError, TooManyRooms
from openroom.room.writer import Receipt
from tests.waiting import patience, until

ANN = Actor("player:ann", "player", "Ann")
GAME = Actor("game:quest", "game", "The game")
SOON = 30


async def test_who_kept_a_room_hears_and_acts_however_often_it_idled(open_lobby):
    async with open_lobby(idle_ms=SOON) as lobby:
        room, heard = await lobby.open("parlour"), []
        room.listen(lambda events: heard.extend(getattr(event, "text", "") for event in events))
        for turn in range(3):
            await until(lambda: room.closed)
            async with (await lobby.open("parlour")).join("Ann") as ann:
                await ann.say(f"line {turn}")
        await until(lambda: room.closed)
        for turn in range(3):
            answers = await asyncio.gather(*(room.submit(GAME, Say(text=f"{turn}.{n}")) for n in range(3)))
            assert all(isinstance(answer, Receipt) for answer in answers)
            assert room.seq == answers[-1].seqs[-1]
            await until(lambda: room.closed)
        lines = [text for text in heard if text and text != "Hm."]
        assert lines == [f"line {n}" for n in range(3)] + [f"{t}.{n}" for t in range(3) for n in range(3)]


async def test_a_room_that_idled_can_be_joined_and_looked_at_as_if_it_had_not(open_lobby):
    async with open_lobby(idle_ms=SOON) as lobby:
        room = await lobby.open("parlour")
        await room.submit(GAME, Say(text="Hello?"))
        seq = room.seq
        await until(lambda: room.closed)
        assert (room.seq, room.state.props["lamp"]["state"]["lit"]) == (seq, False)
        async with room.join("Ann") as ann:
            await ann.use("lamp", "light")
            assert room.state.props["lamp"]["state"]["lit"] is True
            async for event in ann.events():
                if event["kind"] == "used":
                    break


async def test_nobody_holds_a_room_that_nobody_kept(open_lobby):
    async with open_lobby(idle_ms=SOON) as lobby:
        room = weakref.ref(await lobby.open("parlour"))
        await until(lambda: not lobby.running)
        await until(lambda: (gc.collect(), room() is None)[1])


async def test_a_listener_can_end_itself(open_lobby):
    async with open_lobby(idle_ms=SOON) as lobby:
        room, heard = await lobby.open("parlour"), []
        end = room.listen(heard.append)
        await room.submit(GAME, Say(text="one"))
        end()
        end()
        await room.submit(GAME, Say(text="two"))
        assert len(heard) == 1


@pytest.mark.parametrize("fault", [KeyError("text"), ZeroDivisionError(), RoomClosed("no"), StoreError("no")])
async def test_a_listener_that_fails_closes_nothing(open_lobby, caplog, fault: Exception):
    def fails(_events: Any) -> None:
        raise fault

    async with open_lobby() as lobby:
        room, heard = await lobby.open("parlour"), []
        room.listen(fails)
        room.listen(heard.append)
        async with room.join("Ann") as ann:
            assert (await ann.say("Hello")).seqs
            assert not room.closed
        assert len(heard) >= 3
        assert "a listener failed" in caplog.text
        assert type(fault).__name__ in caplog.text


async def test_a_hook_sees_every_room_at_each_opening_before_anything_happens_in_it(open_lobby):
    async with open_lobby(idle_ms=SOON) as lobby:
        seen: list[tuple[str, str]] = []

        def attach(room: Any) -> None:
            room.listen(lambda events: seen.extend((room.id, event.kind) for event in events))

        end = lobby.on_room(attach)
        mine = await lobby.create("parlour", ANN)
        for room_id in ("parlour", mine.id, "parlour", mine.id):
            await until(lambda: not lobby.running)
            seen.clear()
            room = await lobby.open(room_id)
            await room.submit(ANN, Enter(name="Ann"))
            assert seen == [(room_id, "entered")], "heard once, and from the first event on"
            await room.submit(ANN, Leave())
        end()
        await until(lambda: not lobby.running)
        seen.clear()
        await (await lobby.open("parlour")).submit(GAME, Say(text="Hello?"))
        assert seen == []


async def test_a_hook_may_wait_and_act_and_open_its_own_room(open_lobby):
    async with open_lobby() as lobby:

        async def prepare(room: Any) -> None:
            await asyncio.sleep(0)
            await room.submit(GAME, Configure(responders="manual"))
            assert await lobby.open(room.id) is room

        lobby.on_room(prepare)
        async with patience():
            rooms = await asyncio.gather(*(lobby.open("parlour") for _ in range(3)))
        assert {room.state.shared["run"]["responders"] for room in rooms} == {"manual"}


async def test_a_hook_that_comes_late_is_given_the_rooms_that_are_open(open_lobby):
    async with open_lobby() as lobby:
        room, given = await lobby.open("parlour"), []
        lobby.on_room(given.append)
        await until(lambda: given == [room])


async def test_a_hook_that_fails_closes_nothing(open_lobby, caplog):
    async with open_lobby() as lobby:

        async def fails(_room: Any) -> None:
            raise LookupError("no such quest")

        lobby.on_room(fails)
        room = await lobby.open("parlour")
        assert isinstance(await room.submit(GAME, Say(text="Hello?")), Receipt)
        assert "no such quest" in caplog.text


async def test_a_room_that_is_gone_for_good_says_so(open_lobby):
    async with open_lobby(idle_ms=SOON) as lobby:
        deleted, kept = await lobby.create("parlour", ANN), await lobby.open("parlour")
        await until(lambda: not lobby.running)
        await lobby.delete(deleted.id)
        with pytest.raises(RoomClosed):
            await deleted.submit(GAME, Say(text="Hello?"))
    with pytest.raises(RoomClosed):
        await kept.submit(GAME, Say(text="Hello?"))


async def test_a_room_opens_again_only_where_there_is_a_place(open_lobby):
    async with open_lobby(idle_ms=SOON, max_rooms=1) as lobby:
        room = await lobby.open("parlour")
        await until(lambda: not lobby.running)
        other = await lobby.create("parlour", ANN)
        async with other.join("Ann"):
            with pytest.raises(TooManyRooms):
                await room.submit(GAME, Say(text="Hello?"))
        await until(lambda: not lobby.running)
        assert isinstance(await room.submit(GAME, Say(text="Hello?")), Receipt)


async def test_a_room_whose_writer_failed_opens_again_for_who_kept_it(open_lobby, monkeypatch, caplog):
    async with open_lobby() as lobby:
        room, heard = await lobby.open("parlour"), []
        room.listen(heard.append)
        with monkeypatch.context() as patched:
            patched.setattr(room._writer, "_next_batch", lambda: 1 / 0)
            with pytest.raises(RoomClosed):
                await room.submit(GAME, Say(text="lost"))
        await until(lambda: room.closed)
        assert isinstance(await room.submit(GAME, Say(text="kept")), Receipt)
        assert await lobby.open("parlour") is room
        assert [event.text for events in heard for event in events] == ["kept"]


async def test_a_lobby_starts_again(open_lobby):
    async with open_lobby() as lobby:
        await (await lobby.open("parlour")).submit(GAME, Say(text="one"))
        await lobby.close()
        await lobby.start()
        room = await lobby.open("parlour")
        assert isinstance(await room.submit(GAME, Say(text="two")), Receipt)
