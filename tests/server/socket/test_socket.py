from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openroom.server.socket.socket import RoomSocket
from tests.server.live import Live, live
from tests.server.raw import joined, raw
from tests.waiting import PATIENCE, until


@pytest.fixture(params=["fast", "plain"])
def path(request: pytest.FixtureRequest, server: Live) -> str:
    """Both sending paths."""
    server.site.fast = request.param == "fast"
    return str(request.param)


async def test_joining_gives_hello_then_the_room_as_one_perceives_it(server: Live, path: str) -> None:
    async with raw(server) as ann:
        await ann.send(type="join", name="Ann")
        hello, snapshot = await ann.next(), await ann.next()
        (connection,) = server.site.guests("hall")
        assert connection.is_fast == (path == "fast")
    assert (hello["type"], hello["protocol"], hello["room"]) == ("hello", "openroom.v1", "hall")
    assert (hello["role"], hello["name"], hello["owner"]) == ("player", "Ann", False)
    assert server.site.access.person(hello["token"]).id == hello["you"]
    assert snapshot["type"] == "snapshot"
    assert snapshot["state"]["people"][hello["you"]]["here"] is True
    assert (snapshot["seq"], snapshot["epoch"]) == (hello["seq"], hello["epoch"])
    assert [event["kind"] for event in snapshot["log"]] == ["entered"]
    assert {option["id"] for option in snapshot["options"]} == {"lamp.light"}


async def test_an_act_is_done_once_and_everybody_sees_it(server: Live, path: str) -> None:
    async with joined(server, "Ann") as ann, joined(server, "Bob") as bob:
        await ann.get("event")
        done = await ann.act("c-1", do="use", prop="lamp", verb="light")
        seen = await bob.get("event")
        assert done == {"type": "done", "id": "c-1", "seqs": [seen["event"]["seq"]]}
        assert seen["event"]["patch"]["props"]["lamp"]["state"] == {"lit": True}
        assert await ann.act("c-1", do="use", prop="lamp", verb="light") == done
        refused = await ann.act("c-2", do="use", prop="lamp", verb="light")
        assert refused == {
            "type": "refused",
            "id": "c-2",
            "reason": "precondition",
            "message": "The lamp is already lit.",
        }


async def test_the_events_of_an_act_come_before_its_done(server: Live, path: str) -> None:
    """Also where a snapshot stands between them, and where many act at once."""
    async with joined(server, "Ann") as ann, joined(server, "Bob") as bob:
        for number in range(20):
            await ann.send(type="act", id=f"a-{number}", action={"do": "say", "text": str(number)})
            await bob.send(type="act", id=f"b-{number}", action={"do": "say", "text": str(number)})
            if number % 5 == 0:
                await ann.send(type="resync")
        await ann.get("done", id="a-19")
        await bob.get("done", id="b-19")
        for me in (ann, bob):
            seq = 0
            for message in me.log:
                if message["type"] in ("event", "snapshot"):
                    seq = message.get("seq") or message["event"]["seq"]
                if message["type"] == "done":
                    assert seq >= max(message["seqs"])


async def test_acts_sent_together_are_done_in_their_order(server: Live, path: str) -> None:
    async with joined(server) as ann:
        for number in range(20):
            await ann.send(type="act", id=f"c-{number}", action={"do": "say", "text": f"line {number}"})
        texts = [(await ann.get("event"))["event"]["text"] for _ in range(20)]
    assert texts == [f"line {number}" for number in range(20)]


async def test_a_whisper_is_on_no_other_socket(server: Live, path: str) -> None:
    async with joined(server, "Ann") as ann, joined(server, "Bob") as bob, joined(server, "Cleo") as cleo:
        people = server.site.lobby.running["hall"].state.people
        to = next(who for who, person in people.items() if person["name"] == "Bob")
        done = await ann.act("w", do="say", text="the key is under the mat", to=[to])
        heard = await bob.get("event")
        while heard["event"]["seq"] != done["seqs"][0]:
            heard = await bob.get("event")
        await ann.act("s", do="say", text="aloud")
        passed = await cleo.get("event")
        while passed["event"]["seq"] != done["seqs"][0]:
            passed = await cleo.get("event")
        assert heard["event"]["text"] == "the key is under the mat"
        assert passed["event"] == {"seq": done["seqs"][0]}
        async with joined(server, "Dan") as dan:
            assert "mat" not in json.dumps(dan.log) + json.dumps(cleo.log)


async def test_resuming_brings_exactly_the_gap(server: Live, path: str) -> None:
    async with joined(server, "Ann") as ann:
        async with raw(server) as bob:
            await bob.send(type="join", name="Bob")
            hello, snapshot = await bob.next(), await bob.next()
        for number in range(5):
            await ann.act(f"c-{number}", do="say", text=str(number))
        async with raw(server) as bob:
            await bob.send(
                type="join", name="Bob", token=hello["token"], epoch=hello["epoch"], last_seq=snapshot["seq"]
            )
            again = await bob.next()
            gap = [await bob.next() for _ in range(5)]
    assert again["you"] == hello["you"]
    assert [message["event"]["seq"] for message in gap] == list(range(snapshot["seq"] + 1, snapshot["seq"] + 6))
    assert [message["event"]["text"] for message in gap] == ["0", "1", "2", "3", "4"]


async def test_another_epoch_gets_a_snapshot(server: Live, path: str) -> None:
    async with raw(server) as ann:
        await ann.send(type="join", name="Ann", epoch="of-old", last_seq=1)
        assert [(await ann.next())["type"], (await ann.next())["type"]] == ["hello", "snapshot"]


async def test_the_small_messages(server: Live, path: str) -> None:
    async with joined(server, "Ann") as ann, joined(server, "Bob") as bob:
        await bob.send(type="ping", t=12.5)
        assert await bob.get("pong") == {"type": "pong", "t": 12.5}
        await bob.send(type="options")
        everything = await bob.get("options")
        assert everything["options"][0]["id"] == "lamp.light"
        await bob.send(type="options", prop="lamp")
        assert await bob.get("options") == {**everything, "prop": "lamp"}
        await bob.send(type="options", prop="samovar")
        assert await bob.get("options") == {"type": "options", "prop": "samovar", "options": []}
        await bob.send(type="stop")
        await ann.send(type="typing", on=True)
        assert (await bob.get("signal", signal="typing"))["on"] is True
        await bob.send(type="resync")
        assert (await bob.get("snapshot"))["seq"] == server.site.lobby.running["hall"].seq


async def test_what_is_malformed_is_answered_and_the_room_goes_on(server: Live, path: str) -> None:
    async with joined(server) as ann:
        for text in ("", "{", "[1]", '{"type":"nope"}', '{"type":"act","id":"x","action":{"do":"fly"}}', '"\\ud800"'):
            await ann.socket.send(text)
            answer = await ann.next()
            assert answer["type"] in ("error", "refused")
            assert answer["reason"] == "malformed"
            assert answer["message"]
        await ann.socket.send(b"\xff\xfe")
        assert (await ann.next())["type"] == "error"
        await ann.socket.send('{"type":"join","name":"Ann"}')
        assert (await ann.next())["type"] == "error"
        assert (await ann.act("c", do="say", text="still here"))["type"] == "done"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_FIELDS = st.sampled_from(["type", "id", "action", "do", "text", "to", "prop", "verb", "args", "on", "name", "seq"])
_WORDS = st.sampled_from(["act", "say", "use", "typing", "join", "lamp", "light", "rewind", "define", "c-1"])
_MESSAGES = st.dictionaries(_FIELDS, _WORDS | _JSON | st.dictionaries(_FIELDS, _WORDS | _JSON, max_size=4), max_size=5)


def _leaves(message: Any) -> bool:
    """Whether it asks to leave the room, which ends the connection that the others are sent over."""
    action = message.get("action") if isinstance(message, dict) else None
    return isinstance(action, dict) and action.get("do") == "leave"


async def test_no_message_breaks_the_room(tmp_path: Path) -> None:
    """Fuzzed at the boundary, many messages over one socket; afterwards the room still answers."""
    messages: list[Any] = []

    @given(_MESSAGES | _JSON)
    def collect(message: Any) -> None:
        if not _leaves(message):
            messages.append(message)

    collect()
    async with live(tmp_path, rate_per_second=1e6, rate_burst=10_000) as server, joined(server) as ann:
        for message in messages:
            await ann.socket.send(json.dumps(message))
        await ann.send(type="ping", t=77)
        await ann.get("pong", t=77)
        assert (await ann.act("last", do="say", text="well"))["type"] == "done"


@pytest.mark.parametrize(
    ("first", "code", "reason"),
    [
        ("{", 4400, "bad_join"),
        ('{"type":"ping"}', 4400, "bad_join"),
        ('{"type":"join","name":"' + "x" * 41 + '"}', 4400, "bad_join"),
        ('{"type":"join","name":"Ann","token":"forged"}', 4401, "not_known"),
        ('{"type":"join","name":"' + "x" * 20_000 + '"}', 4413, "bad_join"),
    ],
)
async def test_a_bad_join_is_told_and_closed(server: Live, path: str, first: str, code: int, reason: str) -> None:
    async with raw(server) as ann:
        await ann.socket.send(first)
        assert await ann.closed() == code
    assert ann.log[0]["type"] == "error"
    assert ann.log[0]["reason"] == reason


async def test_no_such_room(server: Live, path: str) -> None:
    async with raw(server, "cellar") as ann:
        await ann.send(type="join", name="Ann")
        assert await ann.closed() == 4404
    assert ann.log == [{"type": "error", "reason": "no_such_room", "message": "There is no room 'cellar'."}]


@pytest.mark.parametrize("offered", [["chat"], ["openroom.v2", "chat"]])
async def test_another_subprotocol_is_refused_in_a_way_that_browsers_tell(server: Live, offered: list[str]) -> None:
    async with raw(server, subprotocols=offered) as ann:
        assert await ann.closed() == 4400
        assert ann.socket.subprotocol == offered[0], "a browser hides the code of one that took none it had offered"


async def test_who_never_joins_is_closed(server: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    route = next(r for r in server.app.routes if getattr(r, "path", "") == "/ws/rooms/{room}")
    monkeypatch.setattr(route, "app", RoomSocket(join_seconds=0.05))
    async with raw(server) as ann:
        assert await ann.closed() == 4408


async def test_a_flood_is_slowed_then_closed(tmp_path: Path) -> None:
    async with live(tmp_path, rate_per_second=0.001, rate_burst=5) as server, joined(server) as ann:
        for number in range(30):
            await ann.send(type="act", id=f"c-{number}", action={"do": "say", "text": "spam"})
        assert await ann.closed() == 4429
    refused = [message for message in ann.log if message["type"] == "refused"]
    assert {message["reason"] for message in refused} == {"rate_limited"}
    assert sum(message["type"] == "done" for message in ann.log) <= 5


async def test_too_large_an_act_is_refused_and_far_too_large_a_message_closes(server: Live, path: str) -> None:
    async with joined(server) as ann:
        assert (await ann.act("c-1", do="say", text="x" * 20_000))["reason"] == "too_large"
        assert (await ann.act("c-2", do="say", text="still here"))["type"] == "done"
        await ann.send(type="act", id="c-3", action={"do": "say", "text": "x" * 60_000})
        assert await ann.closed() == 4413


async def test_an_act_that_cannot_be_read_is_refused_by_its_id(server: Live, path: str) -> None:
    deep: Any = "x"
    for _ in range(20):
        deep = [deep]
    async with joined(server) as ann:
        assert (await ann.act("c-1", do="use", prop="lamp", verb="light", args={"deep": deep}))["reason"] == "malformed"
        assert (await ann.act("c-2", do="say", text="\ud800"))["reason"] == "malformed"
        await ann.send(type="act", id="my act 1", action={"do": "leave"})
        assert (await ann.get("error"))["reason"] == "malformed"


async def test_an_address_holds_only_so_many_connections(tmp_path: Path) -> None:
    async with live(tmp_path, connections_per_address=2) as server:
        async with joined(server, "Ann"), joined(server, "Bob"), raw(server) as third:
            assert await third.closed() == 4429
        await until(lambda: server.site.connections() == 0)
        async with joined(server, "Cleo"):
            assert server.site.connections("hall") == 1


async def test_kicked_banned_and_leaving_end_the_connection(server: Live, path: str) -> None:
    async with joined(server, "Boss", token=server.token("operator", "player:boss")) as boss:
        async with joined(server, "Ann", token=server.token(id="player:ann")) as ann:
            assert (await boss.act("k", do="remove", who="player:ann", reason="noise"))["type"] == "done"
            assert await ann.closed() == 4403
            assert ann.log[-1] == {"type": "bye", "reason": "kicked"}
            assert ann.log[-2]["event"]["how"] == "removed"
        async with joined(server, "Ann", token=server.token(id="player:ann")) as ann:
            await boss.act("b", do="remove", who="player:ann", ban=True)
            assert await ann.closed() == 4403
            assert ann.log[-1]["reason"] == "banned"
        async with raw(server) as ann:
            await ann.send(type="join", name="Ann", token=server.token(id="player:ann"))
            assert await ann.closed() == 4403
            assert ann.log[-1]["reason"] == "banned"
        async with server.client("player", "player:ann") as http:
            assert (await http.get("/api/rooms/hall")).status_code == 404
            assert (await http.get("/api/rooms/hall/events")).status_code == 404
        async with joined(server, "Bob") as bob:
            await bob.send(type="act", id="l", action={"do": "leave"})
            assert await bob.closed() == 1000
            assert {"type": "bye", "reason": "left"} in bob.log


async def test_only_who_may_run_the_room_kicks(server: Live) -> None:
    async with joined(server, "Ann", token=server.token(id="player:ann")) as ann, joined(server, "Bob") as bob:
        answer = await bob.act("k", do="remove", who="player:ann")
        assert (answer["type"], answer["reason"]) == ("refused", "not_allowed")
        assert (await ann.act("c", do="say", text="still here"))["type"] == "done"


async def test_nobody_acts_as_somebody_else(server: Live) -> None:
    async with joined(server, "Ann") as ann:
        await ann.send(type="act", id="x", action={"do": "say", "text": "I am Mira"}, actor="character:mira")
        assert (await ann.next())["reason"] == "malformed"
        done = await ann.act("y", do="say", text="hello")
        said = (await server.site.lobby.store.events("hall", after=done["seqs"][0] - 1))[0]
        assert said.actor.startswith("player:")


async def test_a_spectator_watches_and_may_take_part_later(server: Live) -> None:
    token = server.token(id="player:eve")
    async with joined(server, "Eve", watch=True, token=token) as eve:
        assert (await eve.act("s", do="say", text="psst"))["reason"] == "watching"
    async with joined(server, "Eve", token=token) as eve:
        assert (await eve.act("t", do="say", text="hello"))["type"] == "done"


async def test_a_lost_connection_leaves_after_its_grace(tmp_path: Path) -> None:
    async with live(tmp_path, grace_seconds=0.2) as server, joined(server, "Ann") as ann:
        async with joined(server, "Bob") as bob:
            bob.socket.transport.abort()
        left = await ann.get("event")
        while left["event"]["kind"] != "left":
            left = await ann.get("event")
        assert left["event"]["how"] == "lost"


async def test_a_private_room_is_shut_to_strangers_even_as_spectators(server: Live) -> None:
    owner = server.token(id="player:own")
    async with server.client("player", "player:own") as http:
        made = (await http.post("/api/rooms", json={"scene": "hall", "title": "Ours", "open": False})).json()
        invite = (await http.post(f"/api/rooms/{made['id']}/invites", json={})).json()
    async with joined(server, "Owner", made["id"], token=owner) as me:
        assert me.log[0]["owner"] is True
        for watch in (False, True):
            async with raw(server, made["id"]) as eve:
                await eve.send(type="join", name="Eve", watch=watch)
                assert await eve.closed() == 4403
                assert eve.log[-1]["reason"] == "closed_door"
        async with server.client("player", "player:friend") as http:
            assert (await http.get(f"/api/rooms/{made['id']}")).status_code == 404
        async with raw(server, made["id"]) as friend:
            await friend.send(type="join", name="Friend", token=invite["token"])
            assert await friend.closed() == 4401, "an invite is redeemed: it is nobody's name"
        person = await server.site.access.redeem(invite["token"], None)
        async with joined(server, "Friend", made["id"], token=server.site.access.session(person)) as friend:
            assert (await friend.act("c", do="say", text="hi"))["type"] == "done"


async def test_no_door_leads_into_a_full_room(tmp_path: Path) -> None:
    """Neither an invite nor the act `enter` of somebody who watches passes the server's bound on players."""
    async with live(tmp_path, max_players_per_room="1") as server, joined(server, "Ann"):
        async with server.client("operator") as http:
            invite = (await http.post("/api/rooms/hall/invites", json={})).json()
        async with raw(server) as friend:
            person = await server.site.access.redeem(invite["token"], None)
            await friend.send(type="join", name="Friend", token=server.site.access.session(person))
            assert await friend.closed() == 4403
            assert friend.log[-1]["reason"] == "full"
        async with joined(server, "Eve", watch=True) as eve:
            assert (await eve.act("c-1", do="enter", name="Eve", watch=False))["reason"] == "full"


async def test_a_deleted_room_says_goodbye(server: Live, path: str) -> None:
    async with joined(server) as ann:
        await server.site.lobby.delete("hall")
        assert await ann.closed() in (1012, 4404)
        assert ann.log[-1] == {"type": "bye", "reason": "closing"}


@asynccontextmanager
async def _never_reads(server: Live) -> AsyncIterator[None]:
    """Somebody in the hall who reads nothing. The server has little patience with them, much with the others."""
    patience = type(server.site.patience)
    server.site.patience = patience(soft=65_536, most=1_048_576, seconds=0.4)
    async with joined(server, "Slow") as slow:
        slow.socket.transport.pause_reading()
        server.site.patience = patience(seconds=PATIENCE)
        yield


async def test_a_slow_client_is_not_waited_for(tmp_path: Path) -> None:
    """One connection stops reading: the others get everything, and it is closed, with the code to come back by."""
    async with (
        live(tmp_path, rate_per_second=1e6, rate_burst=100_000) as server,
        _never_reads(server),
        joined(server, "Ann") as ann,
    ):
        for number in range(3000):
            await ann.send(type="act", id=f"c-{number}", action={"do": "say", "text": "x" * 3000})
            if number % 50 == 49:
                await ann.get("done", id=f"c-{number}")
        await until(lambda: server.site.counts["closed_4499"] == 1)
        assert (await ann.act("end", do="say", text="fine"))["type"] == "done"


async def test_plain_path_closes_a_client_that_never_reads(tmp_path: Path) -> None:
    async with live(tmp_path, rate_per_second=1e6, rate_burst=100_000) as server:
        server.site.fast = False
        async with _never_reads(server), joined(server, "Ann") as ann:
            for number in range(3000):
                await ann.send(type="act", id=f"c-{number}", action={"do": "say", "text": "x" * 3000})
                if number % 50 == 49:
                    await ann.get("done", id=f"c-{number}")
            await until(lambda: server.site.counts["closed_4499"] == 1)


async def test_the_fast_path_is_not_taken_under_compression(tmp_path: Path) -> None:
    config = {"ws_per_message_deflate": True}
    async with live(tmp_path, uvicorn_config=config) as server, raw(server, compression="deflate") as ann:
        await ann.send(type="join", name="Ann")
        await ann.get("snapshot")
        (connection,) = server.site.guests("hall")
        assert not connection.is_fast
        assert (await ann.act("c", do="say", text="squeezed"))["type"] == "done"


async def test_other_websocket_implementations_work_on_the_plain_path(tmp_path: Path) -> None:
    async with live(tmp_path, uvicorn_config={"ws": "wsproto"}) as server, joined(server) as ann:
        (connection,) = server.site.guests("hall")
        assert not connection.is_fast
        assert (await ann.act("c", do="say", text="hello"))["type"] == "done"


async def test_only_so_many_rooms_are_open_at_a_time(tmp_path: Path) -> None:
    async with live(tmp_path, max_rooms=1) as server, joined(server):
        async with raw(server, "tea_room") as ann:
            await ann.send(type="join", name="Ann")
            assert await ann.closed() == 4403
            assert ann.log[-1]["reason"] == "busy"
        async with server.client("player") as http:
            assert (await http.get("/api/rooms/tea_room")).status_code == 409
            assert (await http.post("/api/rooms", json={"scene": "hall"})).json()["reason"] == "busy"
