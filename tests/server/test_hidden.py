"""What is hidden of a prop, and what it told to somebody else, leaves the server on no way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server.live import Live, live, small_settings
from tests.server.raw import joined
from tests.waiting import until

BOX = """\
format: 1
kind: box
name: Box
line: A wooden box.
state:
  rattles: {type: boolean}
  inside: {type: choice, of: [rubies, opals], hidden: true}
  papers: {type: notes, hidden: true}
verbs:
  swap:
    label: Put {what} in
    params: {what: {type: choice, of: [rubies, opals]}}
    set: {inside: "{what}", rattles: true}
    tells: "{actor} puts {what} in."
    tells_to: actor
  slip:
    label: Slip a note in
    params: {text: {type: text}}
    set: {papers: {append: "{text}"}}
    tells: "{actor} slips a note in: {text}"
    tells_to: [actor, "player:cleo"]
  read:
    label: Read what is in
    tells: "It says: {papers}"
    tells_to: actor
looks:
  - {when: {rattles: true}, text: "closed, and it rattles", picture: closed}
"""
VAULT = """\
format: 1
id: vault
title: The vault
line: A box.
description: A vault with a box. Nobody lives here.
props: [{id: box, kind: box, state: {inside: rubies}}]
"""
SECRETS = ("opals", "Meet me at nine", "papers")


@pytest.fixture
async def vault(tmp_path: Path) -> Any:
    """A server with a vault; Ann and Cleo are in it, Ben too, and the host who runs the room."""
    small_settings(tmp_path)
    for name, text in (("vault/scene.yaml", VAULT), ("_props/box.yaml", BOX)):
        (tmp_path / "scenes" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "scenes" / name).write_text(text, encoding="utf-8")
    async with live(tmp_path) as server:
        yield server


async def act(http: httpx.AsyncClient, **action: Any) -> int:
    answer = await http.post("/api/rooms/vault/actions", json={"action": action})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["seq"])


async def everything(http: httpx.AsyncClient) -> str:
    """All that one person gets of the room over REST but for what anybody could do with the box."""
    snapshot = (await http.get("/api/rooms/vault")).json()
    del snapshot["manifest"], snapshot["options"]
    paths = ("events?after=0", "export", "writings?prop=box", "card")
    return "\n".join([str(snapshot), *[(await http.get(f"/api/rooms/vault/{path}")).text for path in paths]])


async def test_it_is_for_those_who_were_told_on_every_way(vault: Live) -> None:
    who = {name: vault.client("player", f"player:{name}") for name in ("ann", "ben", "cleo")}
    async with who["ann"] as ann, who["ben"] as ben, who["cleo"] as cleo, vault.client("operator") as host:
        for name, http in (("Ann", ann), ("Ben", ben), ("Cleo", cleo), ("Host", host)):
            await act(http, do="enter", name=name)
        async with joined(vault, "Dan", room="vault") as dan:
            await act(ann, do="use", prop="box", verb="swap", args={"what": "opals"})
            last = await act(ann, do="use", prop="box", verb="slip", args={"text": "Meet me at nine"})
            while (await dan.get("event"))["event"]["seq"] < last:
                pass
            heard = str([one for one in dan.log if one["type"] == "event"])
        for http in (ben, host):
            sent = await everything(http)
            assert [word for word in SECRETS if word in sent] == []
            assert "closed, and it rattles" in sent, "what one can see"
        assert [word for word in SECRETS if word in heard] == []
        assert "'rattles': True" in heard
        assert "Meet me at nine" in await everything(cleo)
        assert "opals" not in await everything(cleo)
        mine = await everything(ann)
        assert "Meet me at nine" in mine and "opals" in mine and "papers" not in mine
        full = (await host.get("/api/rooms/vault/export", params={"full": True})).json()
        assert "Meet me at nine" in str(full)


async def test_a_room_that_moves_takes_what_is_hidden_along(vault: Live, tmp_path: Path) -> None:
    async with vault.client("player", "player:ann") as ann, vault.client("operator") as host:
        await act(ann, do="enter", name="Ann")
        await act(ann, do="use", prop="box", verb="swap", args={"what": "opals"})
        full = await host.get("/api/rooms/vault/export", params={"full": True})
        there = (await host.post("/api/rooms/import", content=full.content)).json()["id"]
        room = await vault.site.lobby.open(there)
        assert room.state.of_prop("box") == {"rattles": True, "inside": "opals", "papers": []}
        assert "opals" not in (await host.get(f"/api/rooms/{there}")).json()["state"]["props"]["box"]["state"].values()


async def test_words_that_are_hidden_are_erased_as_others_are(vault: Live) -> None:
    async with vault.client("player", "player:ann") as ann, vault.client("operator") as host:
        await act(ann, do="enter", name="Ann")
        seq = await act(ann, do="use", prop="box", verb="slip", args={"text": "Meet me at nine"})
        await act(ann, do="erase", seq=seq)

        async def gone() -> bool:
            full = await host.get("/api/rooms/vault/export", params={"full": True})
            return "Meet me at nine" not in full.text

        await until(gone)
        room = await vault.site.lobby.open("vault")
        assert room.state.of_prop("box")["papers"] == []


@pytest.mark.parametrize("owners", [True, False])
async def test_who_runs_the_room_takes_out_what_was_read_to_somebody(vault: Live, owners: bool) -> None:
    ann, ben = (vault.client("player", f"player:{name}") for name in ("ann", "ben"))
    async with ann, ben, vault.client("operator") as host:
        made = await (ann if owners else host).post("/api/rooms", json={"scene": "vault", "title": "V", "open": True})
        path = f"/api/rooms/{made.json()['id']}"

        async def does(http: httpx.AsyncClient, **action: Any) -> int:
            answer = await http.post(f"{path}/actions", json={"action": action})
            assert answer.status_code == 200, answer.text
            return int(answer.json()["seq"])

        async def story() -> str:
            return (await host.get(f"{path}/export", params={"full": True})).text

        for http, name in ((ann, "Ann"), (ben, "Ben"), (host, "Host")):
            await does(http, do="enter", name=name)
        seq = await does(ann, do="use", prop="box", verb="slip", args={"text": "Meet me at nine"})
        read = await does(ben, do="use", prop="box", verb="read", args={})
        await does(ann, do="erase", seq=seq)
        assert ("Meet me at nine" in await story()) is not owners, "a writer's own erasure leaves what others were told"
        if not owners:
            refused = await ann.post(f"{path}/actions", json={"action": {"do": "erase", "seq": read}})
            assert refused.status_code == 409
            await does(host, do="erase", seq=read)
        assert "Meet me at nine" not in await story()
