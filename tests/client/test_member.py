from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

import openroom.client
from openroom.client import Backoff, Member, RefusedError, connect
from openroom.core.action import Say
from tests.server.live import Live, live
from tests.waiting import PATIENCE, patience, until

QUICK = Backoff(first=0.02, longest=0.1)


def member(server: Live, name: str = "Ann", room: str = "hall", **more: Any) -> Member:
    return connect(server.url, room, name=name, backoff=QUICK, **more)


async def _read(me: Member, count: int) -> list[dict[str, Any]]:
    found = []
    async with patience():
        async for event in me.events():
            found.append(event)
            if len(found) == count:
                return found
    raise AssertionError(f"expected {count} events, came {found}")


async def test_saying_using_and_the_state_kept_up(server: Live) -> None:
    async with member(server) as ann, member(server, "Bob") as bob:
        seqs = await ann.use("lamp", "light")
        (said,) = await ann.act(Say(text="Let there be light"))
        await until(lambda: bob.seq == said)
        assert bob.state == ann.state == dict(server.site.lobby.running["hall"].state.shared)
        assert bob.state["props"]["lamp"]["state"] == {"lit": True, "glow": "warm"}
        events = await _read(bob, 2)
        assert [event["seq"] for event in events] == [*seqs, said]
        assert events[1]["text"] == "Let there be light"
        assert (ann.view.name, ann.view.role, ann.you) == ("Ann", "player", events[1]["actor"])
        assert "lamp" in bob.view.manifest["props"]


async def test_a_refusal_is_raised_with_its_reason(server: Live) -> None:
    async with member(server) as ann:
        await ann.use("lamp", "light")
        with pytest.raises(RefusedError, match="already lit") as caught:
            await ann.use("lamp", "light")
        assert caught.value.reason == "precondition"
        assert "lamp.put_out" in {option["id"] for option in await ann.options()}


async def test_what_was_done_is_in_the_state(server: Live) -> None:
    async with member(server) as ann:
        for number in range(20):
            verb, lit = (("light", True), ("put_out", False))[number % 2]
            seqs = await ann.use("lamp", verb)
            assert (ann.state["props"]["lamp"]["state"]["lit"], ann.seq) == (lit, max(seqs))


async def test_what_cannot_be_asked_for_is_refused_and_nothing_hangs(server: Live) -> None:
    deep: Any = "x"
    for _ in range(20):
        deep = [deep]
    async with member(server) as ann, patience():
        for id in ("my act 1", "x" * 81, "ü"):
            with pytest.raises(RefusedError, match="id of 1 to 80") as caught:
                await ann.act({"do": "say", "text": "x"}, id=id)
            assert caught.value.reason == "malformed"
        with pytest.raises(RefusedError) as caught:
            await ann.act({"do": "use", "prop": "lamp", "verb": "light", "args": {"deep": deep}})
        assert caught.value.reason == "malformed"
        with pytest.raises(RefusedError) as caught:
            await ann.say("x" * 20_000)
        assert caught.value.reason == "too_large"
        assert await ann.say("still here")


async def test_an_error_about_a_message_is_not_why_the_connection_ended(server: Live) -> None:
    async with member(server) as ann:
        await ann._send({"type": "nonsense"})
        async for message in ann.messages():
            if message["type"] == "error":
                break
        with pytest.raises(RefusedError) as caught:
            await ann.say("x" * 60_000)
        assert caught.value.reason == "too_large"
        assert "16384 bytes" in caught.value.message


async def test_the_same_id_is_done_once(server: Live) -> None:
    async with member(server) as ann:
        first = await ann.act({"do": "say", "text": "once"}, id="one")
        assert await ann.act({"do": "say", "text": "once"}, id="one") == first
        assert server.site.lobby.running["hall"].seq == first[0]


async def test_one_of_two_drops_and_resumes_with_exactly_the_gap(server: Live) -> None:
    async with member(server) as ann, member(server, "Bob") as bob:
        await ann.say("before")
        await until(lambda: bob.seq == ann.seq)
        you, seen, before = bob.you, await _read(bob, 1), bob.seq
        await bob.drop()
        await until(lambda: server.site.connections("hall") == 1)
        for number in range(10):
            await ann.say(f"missed {number}")
        gap = await _read(bob, 10)
        assert seen[0]["text"] == "before"
        assert [event["seq"] for event in gap] == list(range(before + 1, before + 11))
        assert [event["text"] for event in gap] == [f"missed {number}" for number in range(10)]
        assert (bob.you, bob.reconnects) == (you, 1)
        assert bob.state == ann.state


async def test_an_act_under_way_survives_a_dropped_connection(server: Live) -> None:
    async with member(server) as ann, member(server, "Bob") as bob:
        for number in range(5):
            act = asyncio.create_task(bob.say(f"through the storm {number}"))
            await asyncio.sleep(0)
            await bob.drop()
            assert len(await act) == 1
        heard = await _read(ann, 6)  # Bob came in, then five lines
        assert [event.get("text") for event in heard[1:]] == [f"through the storm {number}" for number in range(5)]


async def test_options_asked_while_cut_off_come_after_all(server: Live) -> None:
    async with member(server) as ann:
        await ann.drop()
        async with patience():
            assert await ann.options()


async def test_a_restarted_server_is_found_again(tmp_path: Path) -> None:
    async with live(tmp_path) as first:
        port = first.port
        ann = member(first)
        await ann.__aenter__()
        await ann.say("before the restart")
        seq, you = ann.seq, ann.you
        leaving = asyncio.create_task(_messages(ann))
    async with live(tmp_path, uvicorn_config={}, bind=port) as second:
        async with patience():
            (after,) = await ann.say("after the restart")
        assert (after, ann.you) == (seq + 1, you)
        assert second.site.lobby.running["hall"].state.people[you]["here"]
        await ann.__aexit__(None, None, None)
        texts = [m["event"].get("text") for m in await leaving if m["type"] == "event"]
        assert texts[-2:] == ["before the restart", "after the restart"]


async def _messages(me: Member) -> list[dict[str, Any]]:
    return [message async for message in me.messages()]


async def test_whispers_arrive_as_a_bare_seq_elsewhere(server: Live) -> None:
    async with member(server) as ann, member(server, "Bob") as bob, member(server, "Cleo") as cleo:
        (seq,) = await ann.say("for Bob only", to=[bob.you])
        assert (await _read(bob, 2))[-1]["text"] == "for Bob only"
        assert await _read(cleo, 1) == [{"seq": seq}]


async def test_being_turned_away_is_raised(server: Live) -> None:
    with pytest.raises(RefusedError) as caught:
        async with member(server, room="cellar"):
            pass
    assert caught.value.reason == "no_such_room"
    with pytest.raises(RefusedError) as caught:
        async with member(server, token="forged"):
            pass
    assert caught.value.reason == "not_known"


async def test_a_kicked_member_is_told_and_does_not_come_back(server: Live) -> None:
    token = server.token("operator", "player:boss")
    async with member(server, "Boss", token=token) as boss, member(server) as ann:
        reading = asyncio.create_task(_messages(ann))
        await boss.act({"do": "remove", "who": ann.you})
        with pytest.raises(RefusedError) as caught:
            await asyncio.wait_for(reading, PATIENCE)
        assert caught.value.reason == "kicked"
        with pytest.raises(RefusedError):
            await ann.say("but")
        assert server.site.connections("hall") == 1


async def test_dice_notes_and_who_may_speak(server: Live) -> None:
    token = server.token("operator", "player:boss")
    mira, room = "character:mira", "tea_room"
    async with member(server, "Boss", room, token=token) as boss, member(server, room=room) as ann, patience():
        (seq,) = await ann.roll("2d6+1")
        async for rolled in boss.events():
            if rolled["seq"] == seq:
                break
        assert (rolled["seq"], rolled["kind"], rolled["dice"]) == (seq, "rolled", "2d6+1")
        assert rolled["total"] == sum(rolled["eyes"]) + 1
        await boss.note("It is late.")
        await boss.mute(mira)
        assert boss.view.note == "It is late."
        await until(lambda: ann.seq == boss.seq)
        assert (ann.view.note, ann.state["run"]["muted"]) == ("", {mira: True})
        for asked, reason in (
            (ann.nudge(mira), "muted"),
            (ann.note("Mine."), "not_allowed"),
            (ann.mute(mira, False), "not_allowed"),
            (ann.roll("six"), "bad_args"),
        ):
            with pytest.raises(RefusedError) as caught:
                await asked
            assert caught.value.reason == reason
        await boss.mute(mira, False)
        await boss.note("")
        assert (boss.view.note, "muted" in boss.state["run"]) == ("", False)
        await ann.nudge(mira)


async def test_leaving_ends_quietly(server: Live) -> None:
    async with member(server) as ann:
        reading = asyncio.create_task(_messages(ann))
        await ann.leave()
        assert (await asyncio.wait_for(reading, PATIENCE))[-1] == {"type": "bye", "reason": "left"}


async def test_no_server_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        async with connect("http://127.0.0.1:9", "hall", backoff=QUICK):
            pass


async def test_giving_up_after_so_many_tries(tmp_path: Path) -> None:
    async with live(tmp_path) as server:
        ann = connect(server.url, "hall", name="Ann", backoff=Backoff(first=0.01, longest=0.01, tries=2))
        await ann.__aenter__()
    with pytest.raises(RefusedError) as caught:
        async with patience():
            await ann.say("anybody?")
    assert caught.value.reason == "unreachable"
    await ann.__aexit__(None, None, None)


async def test_typing_is_seen_by_others(server: Live) -> None:
    async with member(server) as ann, member(server, "Bob") as bob:
        await ann.typing()
        async with patience():
            async for message in bob.messages():
                if message["type"] == "signal":
                    assert (message["who"], message["on"]) == (ann.you, True)
                    break
        await ann.stop()


def test_addresses() -> None:
    assert connect("https://rooms.example/play/", "tea room")._url == "wss://rooms.example/play/ws/rooms/tea%20room"
    with pytest.raises(ValueError, match="expected a URL"):
        connect("rooms.example", "tea_room")
    assert openroom.client.connect is connect


async def test_the_story_takes_another_way_and_comes_back(server: Live) -> None:
    async with member(server) as ann:
        (line,) = await ann.act(Say(text="First."))
        there = await ann.save("There")
        assert ann.state["saves"][there]["name"] == "There"
        _, other = await ann.edit(line, "First, in other words.")
        await ann.branch("Other words")
        (named,) = ann.state["branches"].values()
        assert named["name"] == "Other words"
        await ann.choose(line)
        await until(lambda: [e.get("text") for e in ann.view.log if e["kind"] == "said"] == ["First."])
        assert ann.view.ways == {str(line): [line, other]}
        await ann.branch(of=int(next(iter(ann.state["branches"]))), listed=False)
        await ann.load(there)
        await ann.delete(line)
        await ann.rewind(line)
        assert (ann.view.head, ann.state["saves"].keys()) == (line, {there})
        await ann.unsave(there)
        assert not ann.state.get("saves")
        with pytest.raises(RefusedError) as caught:
            await ann.retry(line, "shorter")
        assert caught.value.reason == "unknown_target"
